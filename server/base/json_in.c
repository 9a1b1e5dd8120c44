#include "base/json_in.h"

#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_rules.h"

enum { DEPTH_MAX = 8, TEXT_MAX = 200, LIST_MAX = 100, JSON_TEXT_MAX = 4 << 20 };

void json_in_init(void)
{
    json_object_seed(0);
}

void field_error_add(struct field_errors *errors, struct arena *a, struct str field,
                     struct str code, struct str message)
{
    struct field_error *error = ARENA_NEW(a, struct field_error);
    *error = (struct field_error){ arena_str(a, field), arena_str(a, code), arena_str(a, message),
                                   NULL };
    if (errors->last) {
        errors->last->next = error;
    } else {
        errors->first = error;
    }
    errors->last = error;
}

void rule_broken(struct reading *in, struct str path, enum rule rule)
{
    static const struct {
        struct str code, message;
    } rules[] = {
        [RULE_REQUIRED] = { STR_INIT("required"), STR_INIT("Ce champ est obligatoire.") },
        [RULE_UNKNOWN]  = { STR_INIT("unknown"), STR_INIT("Ce champ n’existe pas.") },
        [RULE_TYPE] = { STR_INIT("type"), STR_INIT("Cette valeur n’est pas du type attendu.") },
        [RULE_TOO_SHORT] = { STR_INIT("too_short"), STR_INIT("C’est trop court.") },
        [RULE_TOO_LONG]  = { STR_INIT("too_long"), STR_INIT("C’est trop long.") },
        [RULE_RANGE]     = { STR_INIT("range"), STR_INIT("Cette valeur est hors des limites.") },
        [RULE_FORMAT] = { STR_INIT("format"), STR_INIT("Cette valeur n’a pas la forme attendue.") },
        [RULE_CHOICE] = { STR_INIT("choice"), STR_INIT("Ce choix n’est pas proposé.") },
    };
    field_error_add(in->errors, in->arena, path, rules[rule].code, rules[rule].message);
}

// --- storing ------------------------------------------------------------------------------------

// The member at the field's offset, or the pointer of a nullable one.
#define STORE(field, form, type, value)                           \
    do {                                                          \
        if (!(form)) {                                            \
            break;                                                \
        }                                                         \
        void *member_ = (char *)(form) + (field)->offset;         \
        if ((field)->nullable) {                                  \
            type *copy_             = ARENA_NEW(in->arena, type); \
            *copy_                  = (value);                    \
            *(const type **)member_ = copy_;                      \
        } else {                                                  \
            *(type *)member_ = (value);                           \
        }                                                         \
    } while (0)

void store_text(const struct field *f, void *form, struct str text)
{
    if (form) {
        *(struct str *)(void *)((char *)form + f->offset) = text;
    }
}

void store_int(struct reading *in, const struct field *f, void *form, struct str path, int64_t n)
{
    bool is_limited = f->min || f->max;
    if ((f->type == FIELD_ID && n < 1) || (is_limited && (n < f->min || n > f->max))) {
        rule_broken(in, path, RULE_RANGE);
        return;
    }
    STORE(f, form, int64_t, n);
}

void store_number(struct reading *in, const struct field *f, void *form, struct str path, double n)
{
    bool is_limited = f->min || f->max;
    if (is_limited && (n < (double)f->min || n > (double)f->max)) {
        rule_broken(in, path, RULE_RANGE);
        return;
    }
    STORE(f, form, double, n);
}

void store_bool(struct reading *in, const struct field *f, void *form, bool value)
{
    STORE(f, form, bool, value);
}

// --- checks of texts ----------------------------------------------------------------------------

static bool is_email(struct str s)
{
    size_t at = str_index(s, '@');
    if (at == 0 || at + 1 >= s.len || str_index(str_sub(s, at + 1, s.len), '@') < s.len - at - 1) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.at[i] <= ' ' || s.at[i] == 0x7F) {
            return false;
        }
    }
    return str_index(str_sub(s, at, s.len), '.') < s.len - at;
}

static bool is_choice(const struct field *f, struct str s)
{
    for (const char *const *choice = f->choices; choice && *choice; choice++) {
        if (str_eq(str_of(*choice), s)) {
            return true;
        }
    }
    return false;
}

// A NUL cannot be stored and line controls have no business in a form.
static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F) {
            return true;
        }
    }
    return false;
}

bool read_text(struct reading *in, const struct field *f, void *form, struct str path,
               struct str text)
{
    bool is_kept = f->type == FIELD_SECRET;
    text         = is_kept ? text : str_trim(text);
    if (text.len == 0) {
        return false;
    }
    size_t  count = str_utf8_count(text);
    int64_t max   = f->max ? f->max : TEXT_MAX;
    if (!str_is_utf8(text) || (!is_kept && has_control(text))) {
        rule_broken(in, path, RULE_FORMAT);
    } else if ((int64_t)count > max) {
        rule_broken(in, path, RULE_TOO_LONG);
    } else if ((int64_t)count < f->min) {
        rule_broken(in, path, RULE_TOO_SHORT);
    } else if ((f->type == FIELD_DATE && !clock_is_date(text)) ||
               (f->type == FIELD_TIME && !clock_is_time(text)) ||
               (f->type == FIELD_EMAIL && !is_email(text))) {
        rule_broken(in, path, RULE_FORMAT);
    } else if (f->choices && !is_choice(f, text)) {
        rule_broken(in, path, RULE_CHOICE);
    } else {
        store_text(f, form, arena_str(in->arena, text));
    }
    return true;
}

void array_add_text(struct buf *array, struct str text)
{
    buf_add(array, array->len > 1 ? STR(",\"") : STR("\""));
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\') {
            buf_add_char(array, '\\');
        }
        buf_add_char(array, text.at[i]);
    }
    buf_add_char(array, '"');
}

bool check_count(struct reading *in, const struct field *f, struct str path, size_t count)
{
    int64_t max = f->max ? f->max : LIST_MAX;
    if ((int64_t)count > max || (int64_t)count < f->min) {
        rule_broken(in, path, (int64_t)count > max ? RULE_TOO_LONG : RULE_TOO_SHORT);
        return false;
    }
    return true;
}

bool check_element(const struct field *f, struct str text)
{
    return !f->choices || is_choice(f, text);
}

// --- JSON ---------------------------------------------------------------------------------------

static void read_object(struct reading *in, const struct field *fields, void *form,
                        struct str prefix, json_t *object, int depth);

static struct str json_str(json_t *value)
{
    return (struct str){ json_string_value(value), json_string_length(value) };
}

static void store_json(struct reading *in, const struct field *f, void *form, json_t *value)
{
    size_t size = json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
    char  *text = arena_alloc(in->arena, size + 1);
    json_dumpb(value, text, size, JSON_COMPACT | JSON_ENCODE_ANY);
    store_text(f, form, (struct str){ text, size });
}

// {1,2,3} or {"a","b"}, as PostgreSQL reads arrays.
static void read_array(struct reading *in, const struct field *f, void *form, struct str path,
                       json_t *value)
{
    bool       is_ids = f->type == FIELD_IDS;
    struct buf array  = buf_init(JSON_TEXT_MAX);
    size_t     i;
    json_t    *element;
    if (!check_count(in, f, path, json_array_size(value))) {
        return;
    }
    buf_add_char(&array, '{');
    json_array_foreach(value, i, element)
    {
        struct str where = arena_printf(in->arena, "%.*s[%zu]", STR_ARG(path), i);
        if (!(is_ids ? json_is_integer(element) : json_is_string(element))) {
            rule_broken(in, where, RULE_TYPE);
        } else if (is_ids && json_integer_value(element) < 1) {
            rule_broken(in, where, RULE_RANGE);
        } else if (is_ids) {
            buf_printf(&array, "%s%lld", i ? "," : "", (long long)json_integer_value(element));
        } else if (!check_element(f, json_str(element))) {
            rule_broken(in, where, RULE_CHOICE);
        } else {
            array_add_text(&array, json_str(element));
        }
    }
    buf_add_char(&array, '}');
    store_text(f, form, arena_str(in->arena, buf_str(&array)));
    buf_done(&array);
}

static void read_list(struct reading *in, const struct field *f, void *form, struct str path,
                      json_t *value, int depth)
{
    size_t  i;
    json_t *element;
    if (!check_count(in, f, path, json_array_size(value))) {
        return;
    }
    json_array_foreach(value, i, element)
    {
        struct str where = arena_printf(in->arena, "%.*s[%zu]", STR_ARG(path), i);
        if (!json_is_object(element)) {
            rule_broken(in, where, RULE_TYPE);
        } else {
            read_object(in, f->fields, NULL, where, element, depth + 1);
        }
    }
    store_json(in, f, form, value);
}

// True when the value has the JSON type the field wants.
static bool has_type(const struct field *f, const json_t *value)
{
    switch (f->type) {
    case FIELD_ID:
    case FIELD_INT:
        return json_is_integer(value);
    case FIELD_NUMBER:
        return json_is_number(value);
    case FIELD_BOOL:
        return json_is_boolean(value);
    case FIELD_IDS:
    case FIELD_TEXTS:
    case FIELD_LIST:
        return json_is_array(value);
    case FIELD_OBJECT:
        return json_is_object(value);
    case FIELD_JSON:
        return true;
    default:
        return json_is_string(value);
    }
}

// Returns false when the value counts as not given.
static bool read_value(struct reading *in, const struct field *f, void *form, struct str path,
                       json_t *value, int depth)
{
    if (json_is_null(value)) {
        return false;
    }
    if (!has_type(f, value) || depth > DEPTH_MAX) {
        rule_broken(in, path, RULE_TYPE);
        return true;
    }
    switch (f->type) {
    case FIELD_ID:
    case FIELD_INT:
        store_int(in, f, form, path, json_integer_value(value));
        return true;
    case FIELD_NUMBER:
        store_number(in, f, form, path, json_number_value(value));
        return true;
    case FIELD_BOOL:
        store_bool(in, f, form, json_is_true(value));
        return true;
    case FIELD_IDS:
    case FIELD_TEXTS:
        read_array(in, f, form, path, value);
        return true;
    case FIELD_LIST:
        read_list(in, f, form, path, value, depth);
        return true;
    case FIELD_OBJECT:
        read_object(in, f->fields, NULL, path, value, depth + 1);
        store_json(in, f, form, value);
        return true;
    case FIELD_JSON:
        store_json(in, f, form, value);
        return true;
    default:
        return read_text(in, f, form, path, json_str(value));
    }
}

static struct str join(struct reading *in, struct str prefix, struct str name)
{
    return prefix.len ? arena_printf(in->arena, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(name)) : name;
}

// A NULL form checks without storing.
static void read_object(struct reading *in, const struct field *fields, void *form,
                        struct str prefix, json_t *object, int depth)
{
    const char *key;
    json_t     *value;
    for (const struct field *f = fields; f->name; f++) {
        struct str path = join(in, prefix, str_of(f->name));
        value           = json_object_get(object, f->name);
        if (value && f->given && form) {
            *((bool *)form + f->given) = true;
        }
        bool was_given = value && read_value(in, f, form, path, value, depth);
        if (!was_given && f->required) {
            rule_broken(in, path, RULE_REQUIRED);
        }
    }
    json_object_foreach(object, key, value)
    {
        const struct field *f = fields;
        while (f->name && strcmp(f->name, key) != 0) {
            f++;
        }
        if (!f->name) {
            rule_broken(in, join(in, prefix, str_of(key)), RULE_UNKNOWN);
        }
    }
}

enum err json_read(struct str json, const struct field *fields, void *into, struct arena *a,
                   struct field_errors *reterr_fields, struct str *reterr_why)
{
    json_error_t   where;
    struct reading in = { a, reterr_fields };
    json_t *root = json_loadb(json.at ? json.at : "", json.len, JSON_REJECT_DUPLICATES, &where);
    if (!root) {
        *reterr_why =
            arena_printf(a, "JSON incorrect, ligne %d, colonne %d.", where.line, where.column);
        return ERR_MALFORMED;
    }
    enum err e = OK;
    if (!json_is_object(root)) {
        *reterr_why = STR("Un objet JSON est attendu.");
        e           = ERR_MALFORMED;
    } else {
        read_object(&in, fields, into, STR(""), root, 0);
        e = reterr_fields->first ? ERR_INVALID : OK;
    }
    json_decref(root);
    return e;
}
