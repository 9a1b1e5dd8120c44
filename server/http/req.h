// A request as a handler sees it: what was asked, the means to answer, and the answer.
//
// A handler runs on one worker thread, which alone touches the request meanwhile. Everything it
// reads or allocates from r->arena lives until the answer was sent. It returns OK after exactly one
// reply_ call (http/reply.h), or an error, which becomes application/problem+json.
#pragma once

#include "base/arena.h"
#include "base/db.h"
#include "base/err.h"
#include "base/json_in.h"
#include "base/kv.h"
#include "http/reply.h"
#include "http/route.h"

struct req {
    struct arena       *arena;
    struct db          *db; // identified as the session that asks (unless the route is PUBLIC)
    struct kv          *kv;
    const struct route *route;
    enum method         method;
    struct str          path;      // decoded
    struct str          query;     // behind the question mark, as sent
    struct str          site;      // address of this site: its first public URL, else as it was asked
    struct str          address;   // of the client, X-Forwarded-For believed only from our proxies
    struct str          agent;     // User-Agent, at most 300 bytes
    struct str          id;        // of the request, also in X-Request-Id and in every log line
    struct str          trace;     // W3C trace id, absent when none came
    struct str          body;      // JSON text
    int                 body_file; // of an upload: read from offset 0; -1 otherwise
    int64_t             body_size;
    struct str          token;      // session cookie, absent when not signed in
    struct str          token_hash; // its 32 bytes of BLAKE2b, or the hash of the key that asks
    bool                by_key;     // a key of the API asks, not a session
    struct str          device;     // device cookie
    struct str          if_match;   // version between the quotes of If-Match, absent when none

    // private to http/
    struct path_match   match;
    struct field_errors fields;
    struct str          why;   // detail of the problem document
    struct str          extra; // JSON members to merge into the problem document
    struct reply        reply;
};

// The number matched by the first {id} of the path, or by the named one.
int64_t path_id(const struct req *r);
int64_t path_id_named(const struct req *r, const char *name);
// The text matched by {name}; absent when there is none.
struct str path_text(const struct req *r, const char *name);

// Reads the JSON body, or the query string, by a field table; wrong fields are kept for the answer.
enum err body_read(struct req *r, const struct field *fields, void *form) MUST_USE;
enum err query_read(struct req *r, const struct field *fields, void *form) MUST_USE;
// The bytes of an upload, all at once.
enum err upload_read(struct req *r, struct str *ret_bytes) MUST_USE;
// The same as body_read of what the form of a page sends (application/x-www-form-urlencoded); its route is an upload.
enum err form_read(struct req *r, const struct field *fields, void *form) MUST_USE;

// One value of the query string: absent, or `otherwise` when it is missing or no number.
struct str query_text(struct req *r, const char *name);
int64_t    query_int(struct req *r, const char *name, int64_t otherwise);

// The position a list continues from: what reply_page gave as `next`, sent back as ?after=. Absent
// on the first page; ERR_CURSOR_INVALID when it was not made by us.
enum err query_cursor(struct req *r, struct str *ret_position) MUST_USE;

// If-Match is required on an edit: its version, or ERR_PRECONDITION_REQUIRED.
enum err req_version(struct req *r, struct str *ret_version) MUST_USE;

// One more wrong field; answer ERR_INVALID afterwards.
void req_field_error(struct req *r, const char *field, const char *code, const char *message);
// Members to merge into the problem document (a JSON object), or its `detail` sentence.
void req_extra(struct req *r, struct str json);
void req_why(struct req *r, struct str sentence);
