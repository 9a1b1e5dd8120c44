#include "mapping/mapping.h"

#include "base/buf.h"

struct mapping {
    struct arena      *arena;
    struct link_schema schema;
    struct link_field  fields[LINK_FIELDS_MAX];
};

// What a key of a table may be: all are texts.
struct expected {
    struct str name;
    bool       needed;
};

enum { ROOT_NAME, ROOT_UNIT, ROOT_ID, ROOT_KEYS };
static const struct expected root_keys[ROOT_KEYS] = {
    [ROOT_NAME] = { STR_INIT("nom"), false },
    [ROOT_UNIT] = { STR_INIT("unite"), false },
    [ROOT_ID]   = { STR_INIT("identifiant"), true },
};

enum { COLUMN_NAME, COLUMN_KIND, COLUMN_LABEL, COLUMN_KEYS };
static const struct expected column_keys[COLUMN_KEYS] = {
    [COLUMN_NAME]  = { STR_INIT("nom"), true },
    [COLUMN_KIND]  = { STR_INIT("nature"), true },
    [COLUMN_LABEL] = { STR_INIT("libelle"), false },
};

static bool refuse(struct mapping_problem *p, struct toml_place place, const char *format, ...)
    PRINTF(3, 4);

static bool refuse(struct mapping_problem *p, struct toml_place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(p->sentence, sizeof p->sentence, format, args);
    va_end(args);
    p->place = place;
    // A sentence that was too long ends at a character.
    struct str kept = str_of(p->sentence);
    while (!str_is_utf8(kept)) {
        kept.len--;
    }
    p->sentence[kept.len] = '\0';
    return false;
}

// "« nom », « nature » ou « libelle »", with what `name` answers for 0 to count - 1.
static struct str either(struct arena *a, size_t count, struct str (*name)(size_t))
{
    struct buf b = buf_init(MAPPING_SENTENCE_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_add(&b, !i ? STR("") : i + 1 < count ? STR(", ") : STR(" ou "));
        buf_printf(&b, "« %.*s »", STR_ARG(name(i)));
    }
    struct str all = arena_str(a, buf_str(&b));
    buf_done(&b);
    return all;
}

static struct str root_key(size_t i)
{
    return root_keys[i].name;
}

static struct str column_key(size_t i)
{
    return column_keys[i].name;
}

static struct str kind_code(size_t i)
{
    return link_kind_code((enum link_kind)i);
}

static struct str unit_code(size_t i)
{
    return link_unit_code((enum link_unit)i);
}

// Sorts the keys of a table into ret[], absent where not given.
static bool take_keys(struct mapping *m, const struct toml_table *table,
                      const struct expected *keys, size_t count, struct str (*name)(size_t),
                      const struct toml_key *ret[], struct mapping_problem *p)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct toml_key *key   = &table->keys[i];
        size_t                 which = 0;
        while (which < count && !str_eq(keys[which].name, key->name)) {
            which++;
        }
        if (which == count) {
            return refuse(p, key->place, "la clé « %.*s » n’est pas connue ici ; il y a %.*s",
                          STR_ARG(key->name), STR_ARG(either(m->arena, count, name)));
        }
        if (key->type != TOML_STRING) {
            return refuse(p, key->value, "la valeur de « %.*s » s’écrit entre guillemets droits",
                          STR_ARG(key->name));
        }
        if (str_is_empty(str_trim(key->string))) {
            return refuse(p, key->value, "la valeur de « %.*s » est vide", STR_ARG(key->name));
        }
        ret[which] = key;
    }
    for (size_t i = 0; i < count; i++) {
        if (keys[i].needed && !ret[i]) {
            return refuse(p, table->place, "il manque la clé « %.*s »", STR_ARG(keys[i].name));
        }
    }
    return true;
}

static bool read_root(struct mapping *m, const struct toml_table *table, struct mapping_problem *p)
{
    const struct toml_key *keys[ROOT_KEYS] = { NULL };
    if (!take_keys(m, table, root_keys, ROOT_KEYS, root_key, keys, p)) {
        return false;
    }
    m->schema.name = keys[ROOT_NAME] ? str_trim(keys[ROOT_NAME]->string) : STR("fichier");
    m->schema.id   = str_trim(keys[ROOT_ID]->string);
    m->schema.unit = LINK_THING;
    if (keys[ROOT_UNIT] && !link_unit_find(keys[ROOT_UNIT]->string, &m->schema.unit)) {
        return refuse(p, keys[ROOT_UNIT]->value, "l’unité « %.*s » n’existe pas ; il y a %.*s",
                      STR_ARG(keys[ROOT_UNIT]->string),
                      STR_ARG(either(m->arena, LINK_UNITS, unit_code)));
    }
    return true;
}

static bool read_column(struct mapping *m, const struct toml_table *table,
                        struct mapping_problem *p)
{
    const struct toml_key *keys[COLUMN_KEYS] = { NULL };
    struct link_field      field;

    if (m->schema.count == LINK_FIELDS_MAX) {
        return refuse(p, table->place, "il y a plus de %d colonnes", LINK_FIELDS_MAX);
    }
    if (!take_keys(m, table, column_keys, COLUMN_KEYS, column_key, keys, p)) {
        return false;
    }
    field.column = str_trim(keys[COLUMN_NAME]->string);
    field.label  = keys[COLUMN_LABEL] ? str_trim(keys[COLUMN_LABEL]->string) : field.column;
    if (!link_kind_find(keys[COLUMN_KIND]->string, &field.kind)) {
        return refuse(p, keys[COLUMN_KIND]->value, "la nature « %.*s » n’existe pas ; il y a %.*s",
                      STR_ARG(str_sub(keys[COLUMN_KIND]->string, 0, 40)),
                      STR_ARG(either(m->arena, LINK_KINDS, kind_code)));
    }
    if (str_eq(field.column, m->schema.id)) {
        return refuse(p, keys[COLUMN_NAME]->value,
                      "la colonne qui identifie les lignes ne peut pas être comparée");
    }
    for (size_t i = 0; i < m->schema.count; i++) {
        if (str_eq(m->fields[i].column, field.column)) {
            return refuse(p, keys[COLUMN_NAME]->value, "la colonne « %.*s » est déjà décrite",
                          STR_ARG(field.column));
        }
    }
    m->fields[m->schema.count++] = field;
    return true;
}

static bool read_tables(struct mapping *m, const struct toml *toml, struct mapping_problem *p)
{
    if (!read_root(m, &toml->tables[0], p)) {
        return false;
    }
    for (size_t i = 1; i < toml->count; i++) {
        const struct toml_table *table = &toml->tables[i];
        if (!str_eq(table->name, STR("colonne")) || !table->is_array) {
            return refuse(p, table->place,
                          "la table « %.*s » n’est pas connue ; il y a "
                          "« [[colonne]] », une par colonne à comparer",
                          STR_ARG(table->name));
        }
        if (!read_column(m, table, p)) {
            return false;
        }
    }
    m->schema.fields   = m->fields;
    struct str problem = link_schema_problem(&m->schema);
    if (!str_is_absent(problem)) {
        return refuse(p, toml->tables[toml->count - 1].place, "%.*s", STR_ARG(problem));
    }
    return true;
}

struct mapping *mapping_read(struct str text, struct mapping_problem *ret_problem)
{
    struct mapping     *m = memory_zero(sizeof *m);
    struct toml         toml;
    struct toml_problem problem;

    m->arena = arena_new();
    if (!toml_read(m->arena, text, &toml, &problem)) {
        refuse(ret_problem, problem.place, "%.*s", STR_ARG(problem.sentence));
    } else if (read_tables(m, &toml, ret_problem)) {
        return m;
    }
    mapping_free(m);
    return NULL;
}

void mapping_free(struct mapping *m)
{
    if (m) {
        arena_free(m->arena);
        free(m);
    }
}

const struct link_schema *mapping_schema(const struct mapping *m)
{
    return &m->schema;
}
