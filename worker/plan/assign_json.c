// Reading of the JSON format of an assignment.
#include <jansson.h>

#include "plan/assign_case.h"

struct reading {
    struct arena       *arena;
    struct assign_case *c;
    struct buf         *why;
    char                path[96]; // of the object being read
};

static bool refuse(struct reading *g, const char *field, const char *why)
{
    buf_printf(g->why, "%s%s%s : %s", g->path, g->path[0] && field[0] ? "." : "", field, why);
    return false;
}

// Every member has to be one of the names (ended by NULL): a slip of the pen would change the plan.
static bool only(struct reading *g, const json_t *o, const char *const *names)
{
    const char *key;
    json_t     *value;

    json_object_foreach((json_t *)(uintptr_t)o, key, value)
    {
        size_t n = 0;
        while (names[n] && strcmp(names[n], key) != 0) {
            n++;
        }
        if (!names[n]) {
            return refuse(g, key, "champ inconnu");
        }
    }
    return true;
}

static bool get_int(struct reading *g, const json_t *o, const char *field, int64_t initial,
                    int64_t least, int64_t most, int64_t *ret)
{
    const json_t *v = json_object_get(o, field);

    *ret = initial;
    if (!v || json_is_null(v)) {
        return true;
    }
    if (!json_is_integer(v)) {
        return refuse(g, field, "un nombre entier est attendu");
    }
    *ret = json_integer_value(v);
    return (*ret >= least && *ret <= most) || refuse(g, field, "nombre hors des limites");
}

// true and false, or 0 and 1.
static bool get_flag(struct reading *g, const json_t *o, const char *field, bool *ret)
{
    const json_t *v = json_object_get(o, field);

    *ret = json_is_true(v);
    return !v || json_is_null(v) || json_is_boolean(v) || refuse(g, field, "true ou false attendu");
}

static struct str get_name(struct reading *g, const json_t *o, const char *kind, size_t index)
{
    const json_t *v = json_object_get(o, "name");

    if (json_is_string(v) && json_string_length(v) > 0 && json_string_length(v) <= 200) {
        return arena_str(g->arena, str_of(json_string_value(v)));
    }
    return arena_printf(g->arena, "%s %zu", kind, index);
}

static bool get_list(struct reading *g, const json_t *o, const char *field, size_t most,
                     json_t **ret, size_t *ret_count)
{
    *ret       = json_object_get(o, field);
    *ret_count = json_array_size(*ret);
    if (*ret && !json_is_array(*ret)) {
        return refuse(g, field, "une liste est attendue");
    }
    return *ret_count <= most || refuse(g, field, "liste trop longue");
}

// A member by its number, or by its name among `count` names `step` bytes apart.
static bool member(struct reading *g, const char *field, const json_t *v, const void *names,
                   size_t step, int32_t count, int32_t *ret)
{
    *ret = -1;
    if (!v || json_is_null(v)) {
        return true;
    }
    if (json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) < count) {
        *ret = (int32_t)json_integer_value(v);
        return true;
    }
    for (int32_t k = 0; json_is_string(v) && k < count; k++) {
        const struct str *name = (const struct str *)((const char *)names + (size_t)k * step);
        if (str_eq(*name, str_of(json_string_value(v)))) {
            *ret = k;
            return true;
        }
    }
    return refuse(g, field, "nom ou numéro inconnu");
}

static bool an_adviser(struct reading *g, const char *field, const json_t *v, int32_t *ret)
{
    return member(g, field, v, g->c->advisers, sizeof *g->c->advisers, g->c->adviser_count, ret);
}

static bool read_organisation(struct reading *g, const json_t *o, size_t k)
{
    struct case_organisation *r = &g->c->organisations[k];

    static const char *const known[] = { "name", "lower", "upper", NULL };

    r->name = get_name(g, o, "structure", k);
    return only(g, o, known) && get_int(g, o, "lower", 0, 0, ASSIGN_COUNT_MAX, &r->lower) &&
           get_int(g, o, "upper", ASSIGN_COUNT_MAX, 0, ASSIGN_COUNT_MAX, &r->upper) &&
           (r->lower <= r->upper || refuse(g, "upper", "il est inférieur à lower"));
}

static bool read_adviser(struct reading *g, const json_t *o, size_t k)
{
    static const char *const known[] = { "name", "organisation", "capacity", "lower", NULL };
    struct case_adviser     *r       = &g->c->advisers[k];

    r->name = get_name(g, o, "conseiller", k);
    if (!member(g, "organisation", json_object_get(o, "organisation"), g->c->organisations,
                sizeof *g->c->organisations, g->c->organisation_count, &r->organisation)) {
        return false;
    }
    if (r->organisation < 0) {
        return refuse(g, "organisation", "ce champ manque");
    }
    return only(g, o, known) && get_int(g, o, "lower", 0, 0, ASSIGN_COUNT_MAX, &r->lower) &&
           get_int(g, o, "capacity", 0, 0, ASSIGN_COUNT_MAX, &r->capacity) &&
           (r->lower <= r->capacity || refuse(g, "capacity", "elle est inférieure à lower"));
}

static bool read_quota(struct reading *g, const json_t *o, size_t k)
{
    static const char *const known[] = { "name", "least", NULL };

    g->c->quotas[k].name = get_name(g, o, "quota", k);
    return only(g, o, known) &&
           get_int(g, o, "least", 0, 0, ASSIGN_COUNT_MAX, &g->c->quotas[k].least);
}

// Features of the establishment are those of each of its pairs; a pair may add its own.
static bool read_features(struct reading *g, const json_t *o, struct assign_features *f)
{
    static const enum assign_component numbers[] = { WORTH_POTENTIAL, WORTH_NEEDS, WORTH_FRUITFUL,
                                                     WORTH_TRAVEL, WORTH_TENSION };
    static const enum assign_component flags[]   = { WORTH_KNOWN, WORTH_PUBLIC, WORTH_PROMISE,
                                                     WORTH_LEAD };

    for (size_t k = 0; k < LENGTH(numbers); k++) {
        const char *name = assign_component_name(numbers[k]).at;
        if (!get_int(g, o, name, f->value[numbers[k]], 0, FEATURE_MAX, &f->value[numbers[k]])) {
            return false;
        }
    }
    for (size_t k = 0; k < LENGTH(flags); k++) {
        const char *name = assign_component_name(flags[k]).at;
        bool        set  = false;
        if (!get_flag(g, o, name, &set)) {
            return false;
        }
        f->value[flags[k]] = set || f->value[flags[k]];
    }
    return get_int(g, o, "profit", f->value[WORTH_GIVEN], -ASSIGN_PROFIT_MAX / 2,
                   ASSIGN_PROFIT_MAX / 2, &f->value[WORTH_GIVEN]);
}

#define FEATURES                                                                             \
    "potential", "needs", "fruitful", "km", "tension", "known", "public", "promise", "lead", \
        "profit"

static bool read_pairs(struct reading *g, const json_t *o, const struct assign_features *common,
                       struct case_establishment *e)
{
    static const char *const known[] = { "adviser", "excluded", FEATURES, NULL };
    json_t                  *list, *o_pair;
    size_t                   count, k;
    int64_t                  component[WORTH_COUNT];

    if (!get_list(g, o, "pairs", ASSIGN_OPTIONS_MAX, &list, &count)) {
        return false;
    }
    e->pairs = ARENA_ARRAY(g->arena, struct case_pair, count ? count : 1);
    json_array_foreach(list, k, o_pair)
    {
        struct case_pair *p = &e->pairs[e->count++];
        p->features         = *common;
        if (!only(g, o_pair, known) ||
            !an_adviser(g, "pairs.adviser", json_object_get(o_pair, "adviser"), &p->adviser) ||
            !get_flag(g, o_pair, "excluded", &p->excluded) ||
            !read_features(g, o_pair, &p->features)) {
            return false;
        }
        if (p->adviser < 0) {
            return refuse(g, "pairs.adviser", "ce champ manque");
        }
        for (int32_t q = 0; q + 1 < e->count; q++) {
            if (e->pairs[q].adviser == p->adviser) {
                return refuse(g, "pairs.adviser", "ce conseiller est donné deux fois");
            }
        }
        p->features.value[WORTH_STABLE] = p->adviser == e->previous;
        p->profit                       = assign_worth_of(&p->features, &g->c->weights, component);
        if (p->profit > ASSIGN_PROFIT_MAX || p->profit < -ASSIGN_PROFIT_MAX) {
            return refuse(g, "pairs", "la valeur dépasse ce qui se compte");
        }
    }
    return true;
}

static bool read_groups(struct reading *g, const json_t *o, struct case_establishment *e)
{
    json_t *list, *one;
    size_t  count, k;

    if (!get_list(g, o, "quotas", CASE_QUOTAS_MAX, &list, &count)) {
        return false;
    }
    json_array_foreach(list, k, one)
    {
        int32_t q = -1;
        if (!member(g, "quotas", one, g->c->quotas, sizeof *g->c->quotas, g->c->quota_count, &q)) {
            return false;
        }
        if (q >= 0) {
            case_put(&e->quotas, q);
        }
    }
    return true;
}

static bool read_establishment(struct reading *g, const json_t *o, size_t k)
{
    static const char *const   known[]    = { "name",     "quotas", "opposition", "rest",   "lock",
                                              "previous", "days",   "pairs",      FEATURES, NULL };
    struct case_establishment *e          = &g->c->establishments[k];
    struct assign_features     f          = { 0 };
    bool                       opposition = false, rest = false;
    int64_t                    days = 0;

    e->name = get_name(g, o, "établissement", k);
    if (!only(g, o, known) || !get_flag(g, o, "opposition", &opposition) ||
        !get_flag(g, o, "rest", &rest) ||
        !an_adviser(g, "lock", json_object_get(o, "lock"), &e->lock) ||
        !an_adviser(g, "previous", json_object_get(o, "previous"), &e->previous) ||
        !get_int(g, o, "days", 720, 0, FEATURE_MAX, &days) || !read_features(g, o, &f) ||
        !read_groups(g, o, e)) {
        return false;
    }
    e->out                 = opposition ? OUT_OPPOSITION : rest ? OUT_REST : OUT_NOT;
    f.value[WORTH_SILENCE] = json_is_null(json_object_get(o, "days"))  ? SILENCE_NEVER
                             : !json_object_get(o, "days")             ? 0
                             : days / 30 < SILENCE_MOST                ? days / 30
                                                                       : SILENCE_MOST;
    if (!read_pairs(g, o, &f, e)) {
        return false;
    }
    bool may = e->lock < 0;
    for (int32_t q = 0; q < e->count; q++) {
        may = may || (e->pairs[q].adviser == e->lock && !e->pairs[q].excluded);
    }
    return (may && (e->lock < 0 || e->out == OUT_NOT)) ||
           refuse(g, "lock", "ce conseiller ne peut pas visiter cet établissement");
}

static bool read_each(struct reading *g, const json_t *root, const char *field, size_t most,
                      bool (*read)(struct reading *, const json_t *, size_t), void **ret_array,
                      size_t size, int32_t *ret_count)
{
    json_t *list, *one;
    size_t  count, k;

    g->path[0] = 0;
    if (!get_list(g, root, field, most, &list, &count)) {
        return false;
    }
    *ret_array = arena_array(g->arena, size, count ? count : 1);
    *ret_count = (int32_t)count;
    json_array_foreach(list, k, one)
    {
        snprintf(g->path, sizeof g->path, "%s[%zu]", field, k);
        if (!json_is_object(one)) {
            return refuse(g, "", "un objet est attendu");
        }
        if (!read(g, one, k)) {
            return false;
        }
    }
    return true;
}

static bool read_weights(struct reading *g, const json_t *root)
{
    const json_t *o = json_object_get(root, "weights");

    snprintf(g->path, sizeof g->path, "weights");
    g->c->weights                      = assign_weights_default();
    const char *known[WORTH_GIVEN + 1] = { NULL };
    for (int c = 0; c < WORTH_GIVEN; c++) {
        known[c] = assign_component_name((enum assign_component)c).at;
    }
    if (o && !json_is_object(o)) {
        return refuse(g, "", "un objet est attendu");
    }
    if (!only(g, o, known)) {
        return false;
    }
    for (int c = 0; o && c < WORTH_GIVEN; c++) {
        if (!get_int(g, o, assign_component_name((enum assign_component)c).at,
                     g->c->weights.points[c], -CASE_WEIGHT_MAX, CASE_WEIGHT_MAX,
                     &g->c->weights.points[c])) {
            return false;
        }
    }
    return true;
}

static bool read_root(struct reading *g, const json_t *root)
{
    static const char *const known[] = { "organisations",  "advisers", "quotas",
                                         "establishments", "weights",  NULL };
    struct assign_case      *c       = g->c;

    if (!json_is_object(root)) {
        return refuse(g, "", "le fichier n’est pas un objet JSON");
    }
    return only(g, root, known) && read_weights(g, root) &&
           read_each(g, root, "organisations", 5000, read_organisation, (void **)&c->organisations,
                     sizeof *c->organisations, &c->organisation_count) &&
           read_each(g, root, "advisers", 40000, read_adviser, (void **)&c->advisers,
                     sizeof *c->advisers, &c->adviser_count) &&
           read_each(g, root, "quotas", CASE_QUOTAS_MAX, read_quota, (void **)&c->quotas,
                     sizeof *c->quotas, &c->quota_count) &&
           read_each(g, root, "establishments", 200000, read_establishment,
                     (void **)&c->establishments, sizeof *c->establishments, &c->count);
}

bool case_read(struct arena *a, struct str json, struct assign_case *ret_case, struct buf *ret_why)
{
    struct reading g = { a, ret_case, ret_why, "" };
    json_error_t   error;
    json_t *root = json_loadb(json.at ? json.at : "", json.len, JSON_REJECT_DUPLICATES, &error);

    *ret_case = (struct assign_case){ .arena = a };
    if (!root) {
        buf_printf(ret_why, "ligne %d, colonne %d : JSON incorrect", error.line, error.column);
        return false;
    }
    bool ok = read_root(&g, root);
    json_decref(root);
    return ok;
}
