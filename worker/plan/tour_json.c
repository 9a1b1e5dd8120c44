// Reading of JSON values with the JSON pointer of every fault.
#include "plan/tour_json.h"

#include <math.h>

size_t json_enter(struct tour_json *r, const char *key)
{
    size_t mark = r->depth;
    int    more = snprintf(r->path + r->depth, sizeof r->path - r->depth, "/%s", key);
    r->depth += more > 0 ? (size_t)more : 0;
    r->depth = r->depth < sizeof r->path ? r->depth : sizeof r->path - 1;
    return mark;
}

size_t json_enter_index(struct tour_json *r, size_t index)
{
    char key[24];
    snprintf(key, sizeof key, "%zu", index);
    return json_enter(r, key);
}

void json_leave(struct tour_json *r, size_t mark)
{
    r->depth      = mark;
    r->path[mark] = 0;
}

void json_fail(struct tour_json *r, const char *format, ...)
{
    if (r->failed) {
        return;
    }
    char    sentence[512];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    r->failed = true;
    buf_printf(r->why, "%s : %s", r->depth ? r->path : "/", sentence);
}

void json_know(struct tour_json *r, const json_t *object, const char *const *names)
{
    enum { TOLD = 20 };
    const char *key;
    json_t     *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t n = 0;
        while (names[n] && strcmp(names[n], key) != 0) {
            n++;
        }
        if (!names[n] && r->unknown_count++ < TOLD) {
            size_t mark = json_enter(r, key);
            buf_printf(&r->unknown, "%s%s", r->unknown.len ? "\n" : "", r->path);
            json_leave(r, mark);
        }
    }
}

int64_t json_value_int(struct tour_json *r, const json_t *value, int64_t least, int64_t most)
{
    int64_t n = least;
    if (json_is_integer(value)) {
        n = json_integer_value(value);
    } else if (json_is_real(value) && fabs(json_real_value(value)) < 0x1p53 &&
               json_real_value(value) == floor(json_real_value(value))) {
        n = (int64_t)json_real_value(value);
    } else {
        json_fail(r, "un nombre entier est attendu");
        return least;
    }
    if (n < least || n > most) {
        json_fail(r, "le nombre doit être entre %lld et %lld", (long long)least, (long long)most);
        return least;
    }
    return n;
}

static const json_t *member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}

int64_t json_int(struct tour_json *r, const json_t *object, const char *key, int64_t otherwise,
                 int64_t least, int64_t most)
{
    const json_t *value = member(object, key);
    if (!value) {
        return otherwise;
    }
    size_t  mark = json_enter(r, key);
    int64_t n    = json_value_int(r, value, least, most);
    json_leave(r, mark);
    return n;
}

double json_number(struct tour_json *r, const json_t *object, const char *key, double otherwise,
                   double least, double most)
{
    const json_t *value = member(object, key);
    if (!value) {
        return otherwise;
    }
    size_t mark = json_enter(r, key);
    double n    = json_number_value(value);
    if (!json_is_number(value)) {
        json_fail(r, "un nombre est attendu");
    } else if (!(n >= least && n <= most)) {
        json_fail(r, "le nombre doit être entre %g et %g", least, most);
    }
    json_leave(r, mark);
    return n;
}

struct str json_text(struct tour_json *r, const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    if (!value) {
        return (struct str){ 0 };
    }
    if (!json_is_string(value)) {
        size_t mark = json_enter(r, key);
        json_fail(r, "un texte est attendu");
        json_leave(r, mark);
        return (struct str){ 0 };
    }
    return arena_str(r->arena, (struct str){ json_string_value(value), json_string_length(value) });
}

bool json_flag(struct tour_json *r, const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    if (value && !json_is_boolean(value)) {
        size_t mark = json_enter(r, key);
        json_fail(r, "true ou false est attendu");
        json_leave(r, mark);
    }
    return json_is_true(value);
}

const json_t *json_list(struct tour_json *r, const json_t *object, const char *key, size_t most)
{
    const json_t *value = member(object, key);
    if (!value) {
        return NULL;
    }
    size_t mark = json_enter(r, key);
    if (!json_is_array(value)) {
        json_fail(r, "un tableau est attendu");
        value = NULL;
    } else if (json_array_size(value) > most) {
        json_fail(r, "trop d’éléments : %zu, %zu au plus", json_array_size(value), most);
        value = NULL;
    }
    json_leave(r, mark);
    return value;
}

const json_t *json_map(struct tour_json *r, const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    if (value && !json_is_object(value)) {
        size_t mark = json_enter(r, key);
        json_fail(r, "un objet est attendu");
        json_leave(r, mark);
        return NULL;
    }
    return value;
}

const int64_t *json_ints(struct tour_json *r, const json_t *object, const char *key, int64_t least,
                         int64_t most, size_t max_count, size_t *ret_count)
{
    const json_t *list  = json_list(r, object, key, max_count);
    size_t        count = list ? json_array_size(list) : 0, mark = json_enter(r, key);
    int64_t      *own = ARENA_ARRAY(r->arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t inner = json_enter_index(r, i);
        own[i]       = json_value_int(r, json_array_get(list, i), least, most);
        json_leave(r, inner);
    }
    json_leave(r, mark);
    *ret_count = count;
    return own;
}
