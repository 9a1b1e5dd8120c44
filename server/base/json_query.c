#include "base/json_in.h"
#include "base/json_rules.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool percent_decode(struct str s, bool plus_is_space, struct arena *a, struct str *ret_text)
{
    char  *text = arena_alloc(a, s.len + 1);
    size_t n    = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '%') {
            int high = i + 2 < s.len ? hex_digit(s.at[i + 1]) : -1;
            int low  = i + 2 < s.len ? hex_digit(s.at[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        text[n++] = c;
    }
    *ret_text = (struct str){ text, n };
    return str_is_utf8(*ret_text);
}

struct str query_value(struct str query, struct str name, struct arena *a)
{
    struct str pair, key, text;
    while (str_cut(&query, '&', &pair)) {
        str_cut(&pair, '=', &key);
        if (percent_decode(key, true, a, &text) && str_eq(text, name)) {
            bool ok = percent_decode(pair, true, a, &text);
            return ok ? text : (struct str){ 0 };
        }
    }
    return (struct str){ 0 };
}

// "1,2" -> {1,2} ; "a,b" -> {"a","b"}
static void read_values(struct reading *in, const struct field *f, void *form, struct str path,
                        struct str text)
{
    struct buf array = buf_init(KIB(64));
    struct str rest  = text;
    struct str part;
    size_t     count = 0;
    int64_t    id;
    buf_add_char(&array, '{');
    while (str_cut(&rest, ',', &part)) {
        part = str_trim(part);
        if (f->type == FIELD_IDS && (!str_int(part, &id) || id < 1)) {
            rule_broken(in, path, RULE_TYPE);
        } else if (f->type == FIELD_TEXTS && !check_element(f, part)) {
            rule_broken(in, path, RULE_CHOICE);
        } else if (f->type == FIELD_IDS) {
            buf_printf(&array, "%s%lld", count ? "," : "", (long long)id);
        } else {
            array_add_text(&array, part);
        }
        count++;
    }
    buf_add_char(&array, '}');
    if (check_count(in, f, path, count)) {
        store_text(f, form, arena_str(in->arena, buf_str(&array)));
    }
    buf_done(&array);
}

// Returns false when the text counts as not given.
static bool read_value(struct reading *in, const struct field *f, void *form, struct str path,
                       struct str text)
{
    int64_t n;
    double  d;
    if (str_trim(text).len == 0) {
        return false;
    }
    switch (f->type) {
    case FIELD_ID:
    case FIELD_INT:
        if (str_int(str_trim(text), &n)) {
            store_int(in, f, form, path, n);
        } else {
            rule_broken(in, path, RULE_TYPE);
        }
        return true;
    case FIELD_NUMBER:
        if (str_double(str_trim(text), &d)) {
            store_number(in, f, form, path, d);
        } else {
            rule_broken(in, path, RULE_TYPE);
        }
        return true;
    case FIELD_BOOL:
        if (str_eq(text, STR("true")) || str_eq(text, STR("1"))) {
            store_bool(in, f, form, true);
        } else if (str_eq(text, STR("false")) || str_eq(text, STR("0"))) {
            store_bool(in, f, form, false);
        } else {
            rule_broken(in, path, RULE_TYPE);
        }
        return true;
    case FIELD_IDS:
    case FIELD_TEXTS:
        read_values(in, f, form, path, text);
        return true;
    case FIELD_OBJECT:
    case FIELD_LIST:
    case FIELD_JSON:
        rule_broken(in, path, RULE_TYPE); // no place for these in an address
        return true;
    default:
        return read_text(in, f, form, path, text);
    }
}

enum err query_read_fields(struct str query, const struct field *fields, void *into,
                           struct arena *a, struct field_errors *reterr_fields)
{
    struct reading in = { a, reterr_fields };
    for (const struct field *f = fields; f->name; f++) {
        struct str name = str_of(f->name);
        struct str text = query_value(query, name, a);
        if (!str_is_absent(text) && f->given && into) {
            *((bool *)into + f->given) = true;
        }
        if (!read_value(&in, f, into, name, text) && f->required) {
            rule_broken(&in, name, RULE_REQUIRED);
        }
    }
    return reterr_fields->first ? ERR_INVALID : OK;
}
