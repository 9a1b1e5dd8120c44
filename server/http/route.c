#include "http/route.h"

static const struct str names[] = { [GET]    = STR_INIT("GET"),
                                    [POST]   = STR_INIT("POST"),
                                    [PUT]    = STR_INIT("PUT"),
                                    [PATCH]  = STR_INIT("PATCH"),
                                    [DELETE] = STR_INIT("DELETE") };

struct str method_name(enum method method)
{
    return names[method];
}

bool method_of(struct str name, enum method *ret_method)
{
    for (size_t i = GET; i < LENGTH(names); i++) {
        if (str_eq(names[i], name)) {
            *ret_method = (enum method)i;
            return true;
        }
    }
    return false;
}

// One {name} of a pattern against one part of a path.
static bool match_part(struct str name, struct str part, struct path_match *match)
{
    int64_t id    = 0;
    bool    is_id = str_eq(name, STR("id")) || str_ends(name, STR("_id"));
    if (part.len == 0 || match->count == PATH_PARTS) {
        return false;
    }
    // A number has one spelling: no sign, no leading zero.
    if (is_id && (part.at[0] < '1' || part.at[0] > '9' || !str_int(part, &id))) {
        return false;
    }
    match->name[match->count] = name;
    match->text[match->count] = part;
    match->id[match->count++] = id;
    return true;
}

bool path_matches(const char *pattern, struct str path, struct path_match *ret_match)
{
    ret_match->count = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (path.len == 0 || path.at[0] != *pattern) {
                return false;
            }
            pattern++;
            path = str_sub(path, 1, path.len);
            continue;
        }
        const char *end  = strchr(pattern, '}');
        struct str  name = { pattern + 1, (size_t)(end - pattern - 1) };
        struct str  part = str_sub(path, 0, str_index(path, '/'));
        if (!match_part(name, part, ret_match)) {
            return false;
        }
        pattern = end + 1;
        path    = str_sub(path, part.len, path.len);
    }
    return path.len == 0;
}

const struct route *route_find(const struct route *list, size_t count, enum method method,
                               struct str path, struct path_match *ret_match, unsigned *ret_methods)
{
    const struct route *found = NULL;
    *ret_methods              = 0;
    for (size_t i = 0; i < count; i++) {
        struct path_match match;
        if (path_matches(list[i].path, path, &match)) {
            *ret_methods |= 1u << list[i].method;
            if (list[i].method == method && !found) {
                found      = &list[i];
                *ret_match = match;
            }
        }
    }
    return found;
}
