// JSON by jansson: objects and arrays become nodes, numbers and truths their text, null nothing.
#include <jansson.h>

#include "feed/text.h"
#include "feed/tree_private.h"

static void grow(struct grower *g, struct str name, const json_t *value, uint32_t line);

// A key as a step of a path: without what paths are written with.
static struct str step_of(struct grower *g, const char *key)
{
    char *copy = arena_alloc(g->arena, strlen(key) + 1);
    for (size_t i = 0; key[i]; i++) {
        copy[i] = strchr("/+|'[]", key[i]) || (unsigned char)key[i] < ' ' ? ' ' : key[i];
    }
    struct str step = str_trim(str_of(copy));
    bool       none = step.len == 0 || str_eq(step, STR(".")) || str_eq(step, STR(".."));
    return none ? STR("sans nom") : step;
}

static void grow_object(struct grower *g, struct str name, const json_t *value, uint32_t line)
{
    const char *key;
    json_t     *member;
    if (!grower_open(g, name, line)) {
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        grow(g, step_of(g, key), member, line);
    }
    if (!g->is_wrong) {
        grower_close(g);
    }
}

// An array within an array: a node whose members are 1, 2, 3.
static void grow_row(struct grower *g, struct str name, const json_t *value, uint32_t line)
{
    size_t  index;
    json_t *member;
    char    number[24];
    if (!grower_open(g, name, line)) {
        return;
    }
    json_array_foreach((json_t *)(uintptr_t)value, index, member)
    {
        snprintf(number, sizeof number, "%zu", index + 1);
        grow(g, str_of(number), member, line);
    }
    if (!g->is_wrong) {
        grower_close(g);
    }
}

static void grow(struct grower *g, struct str name, const json_t *value, uint32_t line)
{
    size_t  index;
    json_t *member;
    char    number[64];
    if (g->is_wrong) {
        return;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        grow_object(g, name, value, line);
        break;
    case JSON_ARRAY:
        json_array_foreach((json_t *)(uintptr_t)value, index, member)
        {
            if (json_is_array(member)) {
                grow_row(g, name, member, line);
            } else {
                grow(g, name, member, line);
            }
        }
        break;
    case JSON_STRING:
        grower_leaf(g, name, (struct str){ json_string_value(value), json_string_length(value) }, line);
        break;
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        grower_leaf(g, name, str_of(number), line);
        break;
    case JSON_REAL:
        snprintf(number, sizeof number, "%.15g", json_real_value(value));
        grower_leaf(g, name, str_of(number), line);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        grower_leaf(g, name, json_is_true(value) ? STR("true") : STR("false"), line);
        break;
    case JSON_NULL:
        break;
    }
}

static void grow_root(struct grower *g, const json_t *root, bool is_alone, size_t line)
{
    const char *key;
    json_t     *member;
    if (json_is_object(root) && is_alone) {
        json_object_foreach((json_t *)(uintptr_t)root, key, member)
        {
            grow(g, step_of(g, key), member, 0);
        }
    } else {
        grow(g, STR("ligne"), root, is_alone ? 0 : (uint32_t)line);
    }
}

// A document that cannot be read. Of one document a line only that line is lost, and stays empty: another begins behind it.
static struct str skip(struct grower *g, struct str bytes, size_t line, const json_error_t *why, bool is_line)
{
    struct str rest = str_trim(str_sub(bytes, str_index(bytes, '\n'), bytes.len));
    bool       cuts = json_error_code(why) == json_error_premature_end_of_input;
    if (is_line && rest.len && rest.at[0] == '{') {
        grower_leaf(g, STR("ligne"), STR(""), (uint32_t)line);
        return rest;
    }
    grower_fail(g, (uint32_t)(why->line > 0 ? line + (size_t)why->line - 1 : 0), cuts ? STR("Le fichier est coupé") : STR("Le JSON est mal formé"));
    return (struct str){ 0 };
}

static int64_t hex_at(struct str text, size_t at)
{
    int64_t n = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < text.len ? text.at[i] : '?', low = c | 32;
        if (!(c >= '0' && c <= '9') && !(low >= 'a' && low <= 'f')) {
            return -1;
        }
        n = 16 * n + (c <= '9' ? c - '0' : low - 'a' + 10);
    }
    return n;
}

// The escape that begins at `at`, put right: half a pair of surrogates (a text that was cut within an emoji) and zero stand for an unknown
// character, a backslash before anything else for itself. Returns how many bytes it takes.
static size_t put_escape(struct buf *out, struct str text, size_t at)
{
    char    c     = at + 1 < text.len ? text.at[at + 1] : 0;
    int64_t unit  = c == 'u' ? hex_at(text, at + 2) : -1;
    bool    pairs = unit >= 0xD800 && unit < 0xDC00 && str_starts(str_sub(text, at + 6, 2), STR("\\u"));
    int64_t low   = pairs ? hex_at(text, at + 8) : -1;
    if (low >= 0xDC00 && low < 0xE000) {
        buf_add(out, str_sub(text, at, 12));
        return 12;
    }
    if (unit == 0 || (unit >= 0xD800 && unit < 0xE000)) {
        buf_add(out, STR("\uFFFD"));
        return 6;
    }
    if (unit > 0 || (c && strchr("\"\\/bfnrt", c))) {
        buf_add(out, str_sub(text, at, unit > 0 ? 6 : 2));
        return unit > 0 ? 6 : 2;
    }
    buf_add(out, c == '\'' ? STR("'") : STR("\\\\"));
    return c == '\'' ? 2 : 1;
}

// What other languages write for a number or a truth that is none; how many bytes it takes, 0 when it is something else.
static size_t nothing_at(struct str text, size_t at)
{
    static const char *const words[] = { "NaN", "-Infinity", "Infinity", "undefined", "None" };
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (str_starts(str_sub(text, at, 12), str_of(words[i]))) {
            return strlen(words[i]);
        }
    }
    return 0;
}

// A copy without what programs leave in JSON that put it together by hand: line ends and tabs within texts, escapes that are none, a comma
// behind the last member, numbers that are none.
static struct str mended(struct arena *a, struct str text)
{
    struct buf out       = buf_init(2 * FEED_BYTES);
    bool       is_within = false;
    for (size_t at = 0; at < text.len;) {
        char       c       = text.at[at];
        struct str rest    = c == ',' && !is_within ? str_trim(str_sub(text, at + 1, 64)) : (struct str){ 0 };
        size_t     nothing = is_within ? 0 : nothing_at(text, at);
        if (is_within && c == '\\') {
            at += put_escape(&out, text, at);
            continue;
        }
        if (is_within && (unsigned char)c < ' ') {
            buf_add(&out, c == '\n' ? STR("\\n") : STR(" "));
        } else if (nothing) {
            buf_add(&out, STR("null"));
        } else if (!(rest.len && (rest.at[0] == '}' || rest.at[0] == ']'))) {
            buf_add_char(&out, c);
        }
        is_within = c == '"' ? !is_within : is_within;
        at += nothing ? nothing : 1;
    }
    struct str whole = buf_is_full(&out) ? text : arena_str(a, buf_str(&out));
    buf_done(&out);
    return whole;
}

// The first document, put right when it must be. Of several each is a line, and costs only itself.
static json_t *load_first(struct grower *g, struct str *bytes, json_error_t *why)
{
    json_t *root = json_loadb(bytes->at, bytes->len, JSON_DISABLE_EOF_CHECK, why);
    if (root) {
        return root;
    }
    json_error_t again;
    struct str   text = mended(g->arena, *bytes);
    root              = json_loadb(text.at, text.len, JSON_DISABLE_EOF_CHECK, &again);
    if (root) {
        *bytes = text, *why = again;
    }
    return root;
}

// Where the document that begins here must end. Where the first is one line, so is each: what is wrong in one is looked for no further.
static size_t reach(struct str bytes, bool is_line)
{
    return is_line ? str_index(bytes, '\n') : bytes.len;
}

// The next document; of one a line a line that is put right, when it must be and is whole then. *ret_end: where it ends.
static json_t *load_next(struct grower *g, struct str bytes, bool is_line, json_error_t *why, size_t *ret_end)
{
    size_t  most = reach(bytes, is_line);
    json_t *root = json_loadb(bytes.at, most, JSON_DISABLE_EOF_CHECK, why);
    *ret_end     = root && (size_t)why->position < bytes.len ? (size_t)why->position : bytes.len;
    if (root || !is_line) {
        return root;
    }
    json_error_t again;
    struct str   line = mended(g->arena, str_sub(bytes, 0, most));
    root              = json_loadb(line.at, line.len, 0, &again);
    *ret_end          = root ? most : *ret_end;
    return root;
}

// One value after another (NDJSON, JSON Lines), or a single one.
bool feed_read_json(struct grower *g, struct str bytes)
{
    json_error_t why  = { 0 };
    size_t       line = 1;
    bool         is_line = false;
    if (str_starts(bytes, STR("\xEF\xBB\xBF"))) {
        bytes = str_sub(bytes, 3, bytes.len);
    }
    bytes = str_trim(feed_utf8(g->arena, bytes));
    for (bool is_first = true; bytes.len && !g->is_wrong; is_first = false) {
        size_t     end  = 0;
        json_t    *root = is_first ? load_first(g, &bytes, &why) : load_next(g, bytes, is_line, &why, &end);
        end             = !is_first ? end : (size_t)why.position < bytes.len ? (size_t)why.position : bytes.len;
        struct str rest = root ? str_trim(str_sub(bytes, end, bytes.len)) : skip(g, bytes, line, &why, is_line);
        is_line         = is_first ? str_index(str_sub(bytes, 0, end), '\n') >= end : is_line;
        if (root && rest.len && rest.at[0] != '{' && rest.at[0] != '[') {
            grower_fail(g, (uint32_t)line, STR("Le JSON est mal formé"));
        } else if (root) {
            grow_root(g, root, is_first && rest.len == 0, line);
        }
        json_decref(root);
        for (size_t i = 0; i < bytes.len - rest.len; i++) {
            line += bytes.at[i] == '\n';
        }
        bytes = rest;
    }
    return !g->is_wrong;
}
