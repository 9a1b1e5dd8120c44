// JSON by jansson: objects and arrays become nodes, numbers and truths their text, null nothing.
#include <jansson.h>

#include "feed/tree_private.h"

static void grow(struct grower *g, struct str name, const json_t *value);

static void grow_object(struct grower *g, struct str name, const json_t *value)
{
    const char *key;
    json_t     *member;
    if (!grower_open(g, name, 0)) {
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        grow(g, str_of(key), member);
    }
    if (!g->is_wrong) {
        grower_close(g);
    }
}

static void grow(struct grower *g, struct str name, const json_t *value)
{
    size_t  index;
    json_t *member;
    char    number[64];
    if (g->is_wrong) {
        return;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        grow_object(g, name, value);
        break;
    case JSON_ARRAY:
        json_array_foreach((json_t *)(uintptr_t)value, index, member)
        {
            grow(g, name, member);
        }
        break;
    case JSON_STRING:
        grower_leaf(g, name, (struct str){ json_string_value(value), json_string_length(value) }, 0);
        break;
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        grower_leaf(g, name, str_of(number), 0);
        break;
    case JSON_REAL:
        snprintf(number, sizeof number, "%.10g", json_real_value(value));
        grower_leaf(g, name, str_of(number), 0);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        grower_leaf(g, name, json_is_true(value) ? STR("true") : STR("false"), 0);
        break;
    case JSON_NULL:
        break;
    }
}

bool feed_read_json(struct grower *g, struct str bytes)
{
    json_error_t why;
    const char  *key;
    json_t      *member;
    if (str_starts(bytes, STR("\xEF\xBB\xBF"))) {
        bytes = str_sub(bytes, 3, bytes.len);
    }
    json_t *root = json_loadb(bytes.at, bytes.len, 0, &why);
    if (!root) {
        grower_fail(g, why.line > 0 ? (uint32_t)why.line : 0, STR("Le JSON est mal formé"));
        return false;
    }
    if (json_is_object(root)) {
        json_object_foreach(root, key, member)
        {
            grow(g, str_of(key), member);
        }
    } else {
        grow(g, STR("ligne"), root);
    }
    json_decref(root);
    return !g->is_wrong;
}
