// A route says everything about one address: method, path, handler, who may, at what cost.
//
// routes[] in server/routes.c is the only list; it is sorted by path, then by method. A path is
// made of literal parts and {names}. A name that is `id` or ends with `_id` matches a positive
// number only; any other name matches one non-empty part. Constant, therefore thread-safe.
#pragma once

#include "base/err.h"

struct req;

enum method { GET = 1, POST, PUT, PATCH, DELETE };

// Who may ask. Bits are those of auth.identify; PUBLIC needs no session and carries no identity.
enum role {
    ADVISER       = 1,
    MANAGER       = 2,
    CONTRIBUTOR   = 4,
    OBSERVER      = 8,
    ADMINISTRATOR = 16,
    ANYONE        = 31, // signed in, whatever the role
    PUBLIC        = 256,
};

// What a key of the API must have been given (data.api_scope); a route without one is closed to
// keys.
enum scope {
    SCOPE_ANY            = 1, // any key
    SCOPE_OFFERS_READ    = 2,
    SCOPE_OFFERS_WRITE   = 4,
    SCOPE_NEEDS_READ     = 8,
    SCOPE_NEEDS_WRITE    = 16,
    SCOPE_VISITS_READ    = 32,
    SCOPE_VISITS_WRITE   = 64,
    SCOPE_EMPLOYERS_READ = 128,
    SCOPE_REFERRALS_READ = 256,
    SCOPE_REFERRALS_WRITE = 512,
};

// Which queue the request waits in and what it may cost.
enum lane {
    LIGHT,  // statement 2 s, waits 1 s at most
    HEAVY,  // at most half of the workers, statement 15 s, waits 5 s at most
    INLINE, // answered on the network thread: must not block, has neither db nor kv
};

struct route {
    enum method method;
    const char *path;
    enum err (*handle)(struct req *r);
    int       role; // bits of enum role; 0 is refused by a test
    enum lane lane;
    int       seconds; // of a statement, where the lane's are not enough; 0: those of the lane
    size_t    body;    // bytes of body accepted, 0: none
    bool      upload;  // the body goes into an unnamed file, whatever its type
    bool      stale;   // POST that must not be replayed by Idempotency-Key
    int       scope;   // one of enum scope, 0: not for keys
    bool      metered; // PUBLIC: so many requests a minute from an address (http/quota.h)
    bool      page;    // people read it: what is refused here is told as a page
    bool      secret;  // its address holds a token: logs name the route instead
    bool      person;  // its documents hold sealed persons, which the answer opens (base/person.h)
};

extern const struct route routes[];
extern const size_t       routes_count;

enum { PATH_PARTS = 4 };

// What the {names} of a path matched.
struct path_match {
    struct str name[PATH_PARTS];
    struct str text[PATH_PARTS];
    int64_t    id[PATH_PARTS]; // of names that are ids
    size_t     count;
};

// True when the path of a request (decoded, without query) matches a route's path.
bool path_matches(const char *pattern, struct str path, struct path_match *ret_match);

// The route for a request among `count` routes; NULL when there is none. *ret_methods gets a bit
// (1 << method) for every method known at that path, so that 405 can be told from 404.
const struct route *route_find(const struct route *list, size_t count, enum method method,
                               struct str path, struct path_match *ret_match,
                               unsigned *ret_methods);

struct str method_name(enum method method);
// False for a method we do not know.
bool method_of(struct str name, enum method *ret_method);
