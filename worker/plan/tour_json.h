// Reading of JSON values with a name for every fault: the JSON pointer of the value.
//
// A reader remembers its first fault; after it every call answers a harmless value, so callers read
// on and ask once. One thread.
#pragma once

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"

struct tour_json {
    struct arena *arena;
    struct buf   *why; // "/jobs/3/id : sentence"
    char          path[256];
    size_t        depth; // length of path
    bool          failed;
    struct buf    unknown; // members that nobody knows: their pointers, one a line
    int           unknown_count;
};

// Goes into a member or an element and back: `size_t mark = json_enter(r, "jobs");` ...
// `json_leave(r, mark);`.
size_t json_enter(struct tour_json *r, const char *key);
size_t json_enter_index(struct tour_json *r, size_t index);
void   json_leave(struct tour_json *r, size_t mark);

// Remembers the first fault at the current place.
void json_fail(struct tour_json *r, const char *format, ...) PRINTF(2, 3);

// Remembers the members of an object that are none of `names` (ended by NULL): no fault, but to be
// told. The first few are told by name.
void json_know(struct tour_json *r, const json_t *object, const char *const *names);

// Members of an object. An absent one (or null) gives `otherwise`, NULL, absent or an empty array.
int64_t    json_int(struct tour_json *r, const json_t *object, const char *key, int64_t otherwise,
                    int64_t least, int64_t most);
double     json_number(struct tour_json *r, const json_t *object, const char *key, double otherwise,
                       double least, double most);
struct str json_text(struct tour_json *r, const json_t *object, const char *key);
bool       json_flag(struct tour_json *r, const json_t *object, const char *key);
const json_t *json_list(struct tour_json *r, const json_t *object, const char *key, size_t most);
const json_t *json_map(struct tour_json *r, const json_t *object, const char *key);
// An array of whole numbers between least and most, in the arena.
const int64_t *json_ints(struct tour_json *r, const json_t *object, const char *key, int64_t least,
                         int64_t most, size_t max_count, size_t *ret_count);
// One value, at the current place: a whole number.
int64_t json_value_int(struct tour_json *r, const json_t *value, int64_t least, int64_t most);
