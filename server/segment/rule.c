// The tree of a rule: groups, limits, and the texts that come of it.
#include "segment/rule.h"

#include <stdarg.h>
#include <stdio.h>

#include "segment/rule_private.h"

static const struct rule_field fields[] = {
#define FIELD(name, values, ops, sql, timed, label, help) \
    { #name, values, ops, sql, timed, label, help },
#include "segment/fields.def"
#undef FIELD
};

static const struct {
    const char *name, *label;
} ops[OP_COUNT] = {
    [OP_IS]         = { "is", "est" },
    [OP_IS_NOT]     = { "is_not", "n’est pas" },
    [OP_INSIDE]     = { "inside", "à l’intérieur" },
    [OP_OUTSIDE]    = { "outside", "à l’extérieur" },
    [OP_NEVER]      = { "never", "jamais" },
    [OP_WITHIN]     = { "within", "depuis moins de" },
    [OP_NOT_WITHIN] = { "not_within", "pas depuis" },
    [OP_BEFORE]     = { "before", "il y a plus de" },
    [OP_AT_LEAST]   = { "at_least", "au moins" },
    [OP_AT_MOST]    = { "at_most", "au plus" },
    [OP_ANY]        = { "any", "existe" },
    [OP_NONE]       = { "none", "n’existe pas" },
    [OP_CONTAINS]   = { "contains", "contient" },
    [OP_LACKS]      = { "lacks", "ne contient pas" },
};

static const char *const value_names[] = {
    [NAF] = "naf",           [SIZES] = "sizes",
    [COMMUNES] = "communes", [DEPARTMENTS] = "departments",
    [AREA] = "area",         [CIRCLE] = "circle",
    [LEGAL] = "legal",       [STATES] = "states",
    [MONTHS] = "months",     [ORGANISATIONS] = "organisations",
    [NETWORKS] = "networks", [OCCUPATIONS] = "occupations",
    [COUNT] = "count",       [PERCENT] = "percent",
    [LEVEL] = "level",       [IDS] = "tags",
    [CODES] = "codes",       [TEXT] = "text",
};

bool rule_wrong(struct compiler *c, struct str path, const char *code, const char *message)
{
    field_error_add(c->errors, c->arena, path, str_of(code), str_of(message));
    return false;
}

void rule_param(struct compiler *c, struct param p)
{
    struct rule *r = c->rule;
    if (r->count < RULE_PARAMS) {
        r->params[r->count] = p;
    }
    r->count++; // one too many is told once, at the end
    buf_printf(&c->sql, "$%d", c->first + r->count - 1);
}

void rule_fragment(struct compiler *c, const char *fragment, const struct param *params, int count)
{
    int used = 0;
    for (const char *at = fragment; *at; at++) {
        if (*at == '?' && used < count) {
            rule_param(c, params[used++]);
        } else {
            buf_add_char(&c->sql, *at);
        }
    }
}

static struct str below(struct compiler *c, struct str path, const char *name, size_t index)
{
    return arena_printf(c->arena, "%.*s%s%s[%zu]", STR_ARG(path), path.len ? "." : "", name, index);
}

static struct str member(struct compiler *c, struct str path, const char *name)
{
    return arena_printf(c->arena, "%.*s%s%s", STR_ARG(path), path.len ? "." : "", name);
}

static const struct rule_field *field_of(const json_t *name)
{
    for (size_t i = 0; json_is_string(name) && i < LENGTH(fields); i++) {
        if (strcmp(fields[i].name, json_string_value(name)) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

static enum op op_of(const json_t *name)
{
    enum op o = OP_IS;
    while (o < OP_COUNT &&
           !(json_is_string(name) && strcmp(ops[o].name, json_string_value(name)) == 0)) {
        o++;
    }
    return o;
}

static bool criterion(struct compiler *c, const json_t *node, struct str path)
{
    const json_t            *value = json_object_get(node, "value");
    const struct rule_field *f     = field_of(json_object_get(node, "field"));
    enum op                  op    = op_of(json_object_get(node, "op"));

    if (++c->terms > RULE_TERMS) {
        return c->terms > RULE_TERMS + 1 // told once
                   ? false
                   : rule_wrong(c, path, "rule_too_many",
                                "Ce segment a trop de critères\u202f: 40 au plus.");
    }
    if (!f) {
        return rule_wrong(c, member(c, path, "field"), "field", "Ce critère n’existe pas.");
    }
    if (op == OP_COUNT || !(f->ops & BIT(op))) {
        return rule_wrong(c, member(c, path, "op"), "op", "Ce critère ne se compare pas ainsi.");
    }
    if (json_object_size(node) != (size_t)(value ? 3 : 2)) {
        return rule_wrong(c, path, "node", "Ce critère contient un élément inconnu.");
    }
    c->rule->is_timed = c->rule->is_timed || (f->is_timed && op != OP_NEVER);
    return rule_term(c, f, op, value, member(c, path, "value"));
}

static bool node(struct compiler *c, const json_t *n, struct str path, int depth);

static const struct {
    const char *name, *join;
} groups[] = { { "all", " and " }, { "any", " or " }, { "none", " or " } };

// Which group a node is; LENGTH(groups) when it is none.
static size_t group_of(const json_t *n)
{
    size_t g = 0;
    while (g < LENGTH(groups) && !json_object_get(n, groups[g].name)) {
        g++;
    }
    return g;
}

// The children in parentheses; `parts` keeps the text of each, for the root.
static bool children(struct compiler *c, const json_t *list, size_t g, struct str path, int depth,
                     bool parts)
{
    bool   is_fine = true;
    size_t count   = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        if (i) {
            buf_add(&c->sql, str_of(groups[g].join));
        }
        size_t from = c->sql.len;
        buf_add_char(&c->sql, '(');
        is_fine = node(c, json_array_get(list, i), below(c, path, groups[g].name, i), depth + 1) &&
                  is_fine;
        buf_add_char(&c->sql, ')');
        if (parts) {
            c->rule->parts[i] =
                arena_str(c->arena, str_sub(buf_str(&c->sql), from, c->sql.len - from));
        }
    }
    return is_fine;
}

static bool group(struct compiler *c, const json_t *n, size_t g, struct str path, int depth)
{
    const json_t *list    = json_object_get(n, groups[g].name);
    bool          is_root = depth == 0;
    struct str    at      = member(c, path, groups[g].name);

    if (!json_is_array(list) ||
        json_object_size(n) != (size_t)(is_root && json_object_get(n, "closed") ? 2 : 1)) {
        return rule_wrong(c, path.len ? path : STR("rule"), "node",
                          "Ce groupe de critères est mal formé.");
    }
    size_t count = json_array_size(list);
    if (depth > RULE_DEPTH) {
        return rule_wrong(
            c, at, "rule_too_deep",
            "Les groupes sont imbriqués trop profondément\u202f: cinq niveaux au plus.");
    }
    if (count > (is_root ? RULE_PARTS : RULE_TERMS)) {
        return rule_wrong(c, at, "rule_too_many", "Ce groupe a trop de critères.");
    }
    if (count == 0) {
        if (!is_root) {
            return rule_wrong(c, at, "node",
                              "Ce groupe est vide\u202f: ajoutez-y un critère ou retirez-le.");
        }
        buf_add(&c->sql, STR("true"));
        return true;
    }
    bool is_none = g == 2;
    bool parts   = is_root && g == 0;
    if (is_root) {
        c->rule->is_all     = parts;
        c->rule->part_count = parts ? (int)count : 0;
    }
    buf_add(&c->sql, is_none ? STR("((") : STR("("));
    bool is_fine = children(c, list, g, path, depth, parts);
    buf_add(&c->sql, is_none ? STR(") is not true)") : STR(")"));
    return is_fine;
}

static bool node(struct compiler *c, const json_t *n, struct str path, int depth)
{
    size_t g = group_of(n);
    if (g < LENGTH(groups)) {
        return group(c, n, g, path, depth);
    }
    if (depth == 0 || !json_is_object(n)) {
        return rule_wrong(c, path.len ? path : STR("rule"), "node",
                          "Un segment est un groupe de critères.");
    }
    return criterion(c, n, path);
}

static bool compile(struct compiler *c, const json_t *root)
{
    const json_t *closed  = json_object_get(root, "closed");
    bool          is_fine = true;
    if (closed && !json_is_boolean(closed)) {
        is_fine = rule_wrong(c, STR("closed"), "value", "Répondez par oui ou par non.");
    }
    c->rule->status = json_is_true(closed) ? STR("true") : STR("f.active");
    buf_printf(&c->sql, "%.*s and ", STR_ARG(c->rule->status));
    is_fine = node(c, root, STR(""), 0) && is_fine;
    if (is_fine && (c->rule->count > RULE_PARAMS || buf_is_full(&c->sql))) {
        is_fine = rule_wrong(c, STR("rule"), "rule_too_many", "Ce segment a trop de critères.");
    }
    c->rule->condition = arena_str(c->arena, buf_str(&c->sql));
    return is_fine;
}

bool rule_compile(struct str json, int first, struct arena *a, struct rule *ret,
                  struct field_errors *reterr)
{
    struct compiler c = {
        .arena = a, .rule = ret, .first = first, .errors = reterr, .sql = buf_init(KIB(64))
    };
    json_error_t why;

    *ret = (struct rule){ 0 };
    if (json.len > RULE_BYTES) {
        buf_done(&c.sql);
        return rule_wrong(&c, STR("rule"), "rule_too_large", "Ce segment est trop long.");
    }
    json_t *root    = json_loadb(json.at ? json.at : "", json.len, JSON_REJECT_DUPLICATES, &why);
    bool    is_fine = root ? compile(&c, root)
                           : rule_wrong(&c, STR("rule"), "rule_json", "Ce segment est mal formé.");
    json_decref(root);
    buf_done(&c.sql);
    return is_fine;
}

struct str rule_without(const struct rule *r, int part, struct arena *a)
{
    struct buf text = buf_init(KIB(64));
    buf_add(&text, r->status);
    for (int i = 0; i < r->part_count; i++) {
        if (i != part) {
            buf_printf(&text, " and %.*s", STR_ARG(r->parts[i]));
        }
    }
    struct str made = arena_str(a, buf_str(&text));
    buf_done(&text);
    return made;
}

struct str rule_fields(struct arena *a)
{
    struct buf json = buf_init(KIB(16));
    for (size_t i = 0; i < LENGTH(fields); i++) {
        const struct rule_field *f = &fields[i];
        buf_printf(&json,
                   "%s{\"name\":\"%s\",\"values\":\"%s\",\"timed\":%s,\"label\":", i ? "," : "[",
                   f->name, value_names[f->values], f->is_timed ? "true" : "false");
        buf_add_json(&json, str_of(f->label));
        buf_add(&json, STR(",\"help\":"));
        buf_add_json(&json, str_of(f->help));
        buf_add(&json, STR(",\"ops\":["));
        bool is_first = true;
        for (enum op o = OP_IS; o < OP_COUNT; o++) {
            if (f->ops & BIT(o)) {
                buf_printf(&json, "%s{\"name\":\"%s\",\"label\":", is_first ? "" : ",",
                           ops[o].name);
                buf_add_json(&json, str_of(ops[o].label));
                buf_add_char(&json, '}');
                is_first = false;
            }
        }
        buf_add(&json, STR("]}"));
    }
    buf_add_char(&json, ']');
    struct str made = arena_str(a, buf_str(&json));
    buf_done(&json);
    return made;
}

// --- ready to run
// ---------------------------------------------------------------------------------

// One count per child of the root and that of the whole, as the elements of a JSON array.
static void put_parts(struct buf *sql, const struct rule *r, struct arena *a)
{
    for (int i = 0; i < r->part_count; i++) {
        buf_printf(sql, "count(*) filter (where %.*s), ", STR_ARG(rule_without(r, i, a)));
    }
    buf_printf(sql, "count(*) filter (where %.*s)", STR_ARG(r->condition));
}

struct query rule_query(const struct query *q, const struct rule *r, struct arena *a)
{
    struct buf sql  = buf_init(MIB(2));
    struct str text = str_of(q->sql);
    while (text.len) {
        struct str mark = STR("{rule}"), parts = STR("{parts}");
        size_t     at = str_index(text, '{');
        buf_add(&sql, str_sub(text, 0, at));
        text = str_sub(text, at, text.len);
        if (str_starts(text, mark)) {
            buf_printf(&sql, "(%.*s)", STR_ARG(r->condition));
            text = str_sub(text, mark.len, text.len);
        } else if (str_starts(text, parts)) {
            put_parts(&sql, r, a);
            text = str_sub(text, parts.len, text.len);
        } else if (text.len) {
            buf_add_char(&sql, '{');
            text = str_sub(text, 1, text.len);
        }
    }
    struct query made = *q;
    made.sql          = arena_text(a, buf_str(&sql));
    made.count        = q->count + r->count;
    made.once         = true;
    buf_done(&sql);
    return made;
}

struct param *rule_params(const struct param *own, int count, const struct rule *r, struct arena *a)
{
    struct param *all = ARENA_ARRAY(a, struct param, (size_t)(count + r->count + 1));
    if (count) {
        memcpy(all, own, (size_t)count * sizeof *own);
    }
    memcpy(all + count, r->params, (size_t)r->count * sizeof *all);
    return all;
}
