// Criteria: what each kind of value is read from, and the fragment it becomes.
#include <math.h>

#include "segment/code.h"
#include "segment/rule_private.h"

enum { TEXT_MOST = 60, MONTHS_MOST = 120, INLINE_SPANS = 4 };

static bool wrong(struct compiler *c, struct str path, const char *message)
{
    return rule_wrong(c, path, "value", message);
}

// The elements of a list: at least one, at most RULE_VALUES.
static bool list_of(struct compiler *c, const json_t *value, struct str path, size_t *ret_count)
{
    *ret_count = json_array_size(value);
    if (!json_is_array(value) || *ret_count == 0) {
        return wrong(c, path, "Choisissez au moins une valeur.");
    }
    return *ret_count <= RULE_VALUES || wrong(c, path, "Trop de valeurs\u202f: 500 au plus.");
}

static struct str text_of(const json_t *value)
{
    return json_is_string(value)
               ? (struct str){ json_string_value(value), json_string_length(value) }
               : (struct str){ 0 };
}

// Text for a parameter: kept in the arena, since the JSON goes.
static struct param text_param(struct compiler *c, struct str text)
{
    return param_text(arena_str(c->arena, text));
}

// --- codes that begin with
// ------------------------------------------------------------------------

// Few spans are compared as such, for the index; many as one multirange, searched in halves.
static void put_spans(struct compiler *c, const char *column, const struct span *spans,
                      size_t count)
{
    if (count <= INLINE_SPANS) {
        for (size_t i = 0; i < count; i++) {
            struct param p[] = { param_int4(spans[i].low), param_int4(spans[i].high) };
            buf_printf(&c->sql, "%s%s", i ? " or " : "", column);
            rule_fragment(c, " between ?::integer and ?::integer", p, 2);
        }
        return;
    }
    struct buf all = buf_init(KIB(32));
    for (size_t i = 0; i < count; i++) {
        buf_printf(&all, "%c[%d,%d]", i ? ',' : '{', spans[i].low, spans[i].high);
    }
    buf_add_char(&all, '}');
    struct param p = text_param(c, buf_str(&all));
    buf_done(&all);
    buf_printf(&c->sql, "%s", column);
    rule_fragment(c, "::integer <@ ?::int4multirange", &p, 1);
}

static bool spans(struct compiler *c, const struct rule_field *f, const json_t *value,
                  struct str path, bool (*read)(struct str, struct span *), const char *message)
{
    size_t count;
    if (!list_of(c, value, path, &count)) {
        return false;
    }
    struct span *all = ARENA_ARRAY(c->arena, struct span, count);
    for (size_t i = 0; i < count; i++) {
        if (!read(text_of(json_array_get(value, i)), &all[i])) {
            return wrong(c, path, message);
        }
    }
    put_spans(c, f->sql, all, spans_merge(all, count));
    return true;
}

// --- lists that are looked up
// -----------------------------------------------------------------------

// How one element of a list becomes an element of a PostgreSQL array; false when it is wrong.
typedef bool element_fn(struct str text, const json_t *value, struct buf *array);

static bool is_one_of(struct str text, const char *const *choices)
{
    while (*choices && !str_eq(text, str_of(*choices))) {
        choices++;
    }
    return *choices != NULL;
}

static bool commune_element(struct str text, const json_t *value, struct buf *array)
{
    int32_t number;
    (void)value;
    if (!code_commune(text, &number)) {
        return false;
    }
    buf_add_int(array, number);
    return true;
}

static bool network_element(struct str text, const json_t *value, struct buf *array)
{
    static const char *const networks[] = {
        "ft", "ml", "ce", "plie", "contributor", "state", NULL
    };
    (void)value;
    buf_add(array, text);
    return is_one_of(text, networks);
}

// The beginning of a ROME code, as a pattern.
static bool occupation_element(struct str text, const json_t *value, struct buf *array)
{
    (void)value;
    bool is_fine = text.len >= 1 && text.len <= 5 && text.at[0] >= 'A' && text.at[0] <= 'N';
    for (size_t i = 1; is_fine && i < text.len; i++) {
        is_fine = text.at[i] >= '0' && text.at[i] <= '9';
    }
    buf_add(array, text);
    buf_add_char(array, '%');
    return is_fine;
}

static bool id_element(struct str text, const json_t *value, struct buf *array)
{
    (void)text;
    bool is_fine = json_is_integer(value) && json_integer_value(value) >= 1 &&
                   json_integer_value(value) <= INT64_MAX;
    buf_add_int(array, is_fine ? (int64_t)json_integer_value(value) : 0);
    return is_fine;
}

static bool organisation_element(struct str text, const json_t *value, struct buf *array)
{
    return id_element(text, value, array) && json_integer_value(value) <= INT32_MAX;
}

// Any text of an array: quoted, so that nothing in it can end it.
static bool text_element(struct str text, const json_t *value, struct buf *array)
{
    (void)value;
    bool is_fine = text.len >= 1 && str_is_utf8(text) && str_utf8_count(text) <= TEXT_MOST;
    buf_add_char(array, '"');
    for (size_t i = 0; is_fine && i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\') {
            buf_add_char(array, '\\');
        }
        buf_add_char(array, text.at[i]);
    }
    buf_add_char(array, '"');
    return is_fine;
}

// The list as one array parameter, without the elements equal to `besides`; *ret_count of those
// put.
static bool array_of(struct compiler *c, const json_t *value, struct str path, element_fn *element,
                     const char *besides, const char *message, struct param *ret, size_t *ret_count)
{
    struct buf array = buf_init(KIB(256));
    size_t     count;
    bool       is_fine = list_of(c, value, path, &count);
    *ret_count         = 0;
    for (size_t i = 0; is_fine && i < count; i++) {
        const json_t *one  = json_array_get(value, i);
        struct str    text = text_of(one);
        if (besides && str_eq(text, str_of(besides))) {
            continue;
        }
        buf_add_char(&array, (*ret_count)++ ? ',' : '{');
        if (!element(text, one, &array)) {
            is_fine = wrong(c, path, message);
        }
    }
    if (*ret_count == 0) {
        buf_add_char(&array, '{');
    }
    buf_add_char(&array, '}');
    *ret = text_param(c, buf_str(&array));
    buf_done(&array);
    return is_fine;
}

static bool lookup(struct compiler *c, const char *fragment, const json_t *value, struct str path,
                   element_fn *element, const char *message)
{
    struct param array;
    size_t       count;
    if (!array_of(c, value, path, element, NULL, message, &array, &count)) {
        return false;
    }
    rule_fragment(c, fragment, &array, 1);
    return true;
}

static bool size_element(struct str text, const json_t *value, struct buf *array)
{
    static const char *const bands[] = { "00", "01", "02", "03", "11", "12", "21", "22",
                                         "31", "32", "41", "42", "51", "52", "53", NULL };
    (void)value;
    buf_add(array, text);
    return is_one_of(text, bands);
}

static bool sizes(struct compiler *c, const json_t *value, struct str path)
{
    struct param array;
    size_t       known;
    if (!array_of(c, value, path, size_element, "unknown", "Cette tranche d’effectif n’existe pas.",
                  &array, &known)) {
        return false;
    }
    if (known) {
        rule_fragment(c, "f.size = any (?::smallint[])", &array, 1);
    }
    if (known < json_array_size(value)) {
        rule_fragment(c, known ? " or f.size is null" : "f.size is null", NULL, 0);
    }
    return true;
}

// `ours` stands for the organisation that asks, or the segment's own when it is refreshed.
static bool organisations(struct compiler *c, const struct rule_field *f, const json_t *value,
                          struct str path)
{
    struct param array;
    size_t       named;
    if (!array_of(c, value, path, organisation_element, "ours", "Cette structure n’existe pas.",
                  &array, &named)) {
        return false;
    }
    if (named) {
        buf_printf(&c->sql, "%s", f->sql);
        rule_fragment(c, " = any (?::integer[])", &array, 1);
    }
    if (named < json_array_size(value)) {
        buf_printf(&c->sql, "%s%s = auth.organisation()", named ? " or " : "", f->sql);
    }
    return true;
}

// As api.establishment_line says it. What is common is said by what it is not.
static const struct {
    const char *name, *sql;
} states[] = {
    { "free",
      "(not f.opposed and f.holder is null and (f.rest_until >= (select data.today())) is not true)" },
    { "promised", "(not f.opposed and f.holder is not null)" },
    { "resting", "(not f.opposed and f.holder is null and f.rest_until >= (select data.today()))" },
    { "opposed", "f.opposed" },
    { "ours", "f.holder = auth.organisation()" },
};

static bool state_list(struct compiler *c, const json_t *value, struct str path)
{
    size_t   count;
    unsigned seen = 0;
    if (!list_of(c, value, path, &count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct str text = text_of(json_array_get(value, i));
        size_t     s    = 0;
        while (s < LENGTH(states) && !str_eq(text, str_of(states[s].name))) {
            s++;
        }
        if (s == LENGTH(states)) {
            return wrong(c, path, "Cet état n’existe pas.");
        }
        seen |= 1u << s;
    }
    const char *join = "";
    for (size_t s = 0; s < LENGTH(states); s++) {
        if (seen & 1u << s) {
            buf_printf(&c->sql, "%s%s", join, states[s].sql);
            join = " or ";
        }
    }
    return true;
}

static bool codes(struct compiler *c, const struct rule_field *f, const json_t *value,
                  struct str path)
{
    struct str   column = str_trim(text_of(json_object_get(value, "column")));
    struct param p[2];
    size_t       count;
    if (json_object_size(value) != 2 || column.len == 0 || !str_is_utf8(column) ||
        str_utf8_count(column) > 80) {
        return wrong(c, path, "Choisissez une colonne de vos fichiers et des codes.");
    }
    p[0] = text_param(c, column);
    if (!array_of(c, json_object_get(value, "values"), path, text_element, NULL,
                  "Ce code est trop long.", &p[1], &count)) {
        return false;
    }
    rule_fragment(c, f->sql, p, 2);
    return true;
}

static bool text(struct compiler *c, const struct rule_field *f, const json_t *value,
                 struct str path)
{
    struct str words = str_trim(text_of(value));
    if (words.len < 2 || !str_is_utf8(words) || str_utf8_count(words) > TEXT_MOST) {
        return wrong(c, path, "Tapez entre 2 et 60 caractères.");
    }
    struct param p = text_param(c, words);
    rule_fragment(c, f->sql, &p, 1);
    return true;
}

// --- numbers
// ------------------------------------------------------------------------------------------

static bool whole(const json_t *value, int64_t low, int64_t high)
{
    return json_is_integer(value) && json_integer_value(value) >= low &&
           json_integer_value(value) <= high;
}

static bool since(struct compiler *c, const struct rule_field *f, enum op op, const json_t *value,
                  struct str path)
{
    if (op == OP_NEVER) {
        buf_printf(&c->sql, "%s is null", f->sql);
        return !value || wrong(c, path, "Ce critère ne prend pas de valeur.");
    }
    if (!whole(value, 1, MONTHS_MOST)) {
        return wrong(c, path, "Indiquez un nombre de mois entre 1 et 120.");
    }
    struct param p = param_int4((int32_t)json_integer_value(value));
    buf_printf(&c->sql, "(%s", f->sql);
    rule_fragment(c,
                  op == OP_BEFORE
                      ? " < (select data.now() - make_interval(months => ?::integer)))"
                      : " >= (select data.now() - make_interval(months => ?::integer)))",
                  &p, 1);
    if (op == OP_NOT_WITHIN) {
        buf_add(&c->sql, STR(" is not true"));
    }
    return true;
}

static bool at(struct compiler *c, const struct rule_field *f, enum op op, const json_t *value,
               struct str path)
{
    int32_t number;
    if (f->values == LEVEL) {
        double level = json_number_value(value);
        if (!json_is_number(value) || !(level >= 1 && level <= 5)) {
            return wrong(c, path, "Indiquez une tension entre 1 et 5.");
        }
        number = (int32_t)lround(level * 10); // kept in tenths
    } else if (!whole(value, 0, f->values == COUNT ? 100000 : 100)) {
        return wrong(c, path,
                     f->values == COUNT ? "Indiquez un nombre entre 0 et 100\u202f000."
                                        : "Indiquez un nombre entre 0 et 100.");
    } else {
        number = (int32_t)json_integer_value(value);
    }
    struct param p = param_int4(number);
    buf_printf(&c->sql, "%s", f->sql);
    rule_fragment(c, op == OP_AT_LEAST ? " >= ?::integer" : " <= ?::integer", &p, 1);
    return true;
}

// --- the whole
// -----------------------------------------------------------------------------------------

static bool positive(struct compiler *c, const struct rule_field *f, enum op op,
                     const json_t *value, struct str path)
{
    switch (f->values) {
    case NAF:
        return spans(c, f, value, path, code_naf, "Ce code d’activité n’existe pas.");
    case LEGAL:
        return spans(c, f, value, path, code_legal, "Cette forme juridique n’existe pas.");
    case DEPARTMENTS:
        return spans(c, f, value, path, code_department, "Ce département n’existe pas.");
    case COMMUNES:
        return lookup(c, "f.commune = any (?::integer[])", value, path, commune_element,
                      "Ce code de commune n’existe pas.");
    case SIZES:
        return sizes(c, value, path);
    case AREA:
        return rule_area(c, value, path);
    case CIRCLE:
        return rule_circle(c, value, path);
    case STATES:
        return state_list(c, value, path);
    case MONTHS:
        return since(c, f, op, value, path);
    case ORGANISATIONS:
        return organisations(c, f, value, path);
    case NETWORKS:
        return lookup(c, f->sql, value, path, network_element, "Ce réseau n’existe pas.");
    case OCCUPATIONS:
        return lookup(c, f->sql, value, path, occupation_element, "Ce métier n’existe pas.");
    case IDS:
        return lookup(c, f->sql, value, path, id_element, "Cette étiquette n’existe pas.");
    case CODES:
        return codes(c, f, value, path);
    case TEXT:
        return text(c, f, value, path);
    case COUNT:
    case PERCENT:
    case LEVEL:
        return at(c, f, op, value, path);
    }
    return false;
}

bool rule_term(struct compiler *c, const struct rule_field *f, enum op op, const json_t *value,
               struct str path)
{
    bool is_not = op == OP_IS_NOT || op == OP_OUTSIDE || op == OP_NONE || op == OP_LACKS;
    if (f->values == OCCUPATIONS && (op == OP_ANY || op == OP_NONE)) {
        if (value) {
            return wrong(c, path, "Ce critère ne prend pas de valeur.");
        }
        rule_fragment(c, "(f.id in (select n.establishment_id from api.segment_need n))", NULL, 0);
        buf_add(&c->sql, is_not ? STR(" is not true") : STR(""));
        return true;
    }
    buf_add(&c->sql, is_not ? STR("(") : STR(""));
    bool is_fine = positive(c, f, op, value, path);
    buf_add(&c->sql, is_not ? STR(") is not true") : STR(""));
    return is_fine;
}
