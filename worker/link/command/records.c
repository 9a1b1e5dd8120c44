#include "command/records.h"

#include "import/input.h"

enum { COLUMNS_MAX = LINK_FIELDS_MAX + 1 };

struct table {
    const char   *path;
    struct input *input;
    struct csv   *csv;
    size_t        column[COLUMNS_MAX];
};

static bool refuse(const struct table *t, const struct import_problem *p)
{
    char text[1024];

    fprintf(stderr, "maillage-link : %s : %s\n", t->path,
            import_problem_text(p, text, sizeof text));
    return false;
}

static bool refuse_line(const struct table *t, struct str column, struct str why, struct str value)
{
    fprintf(stderr, "maillage-link : %s : ligne %llu, colonne %.*s : %.*s (« %.*s »)\n", t->path,
            (unsigned long long)csv_line(t->csv), STR_ARG(column), STR_ARG(why),
            STR_ARG(str_sub(value, 0, 200)));
    return false;
}

static void table_close(struct table *t)
{
    csv_free(t->csv);
    input_close(t->input);
}

// Finds where a column is; false, said, when it is missing or there twice.
static bool find_column(const struct table *t, struct str name, bool needed, size_t *ret_index)
{
    size_t found = 0;

    *ret_index = SIZE_MAX;
    for (size_t i = 0; i < csv_header_count(t->csv); i++) {
        if (str_eq(csv_header(t->csv, i), name)) {
            *ret_index = i;
            found++;
        }
    }
    if (found > 1 || (!found && needed)) {
        fprintf(stderr, "maillage-link : %s : ligne %llu : la colonne « %.*s » %s\n", t->path,
                (unsigned long long)csv_line(t->csv), STR_ARG(name),
                found ? "est là deux fois" : "manque dans l’en-tête");
        return false;
    }
    return true;
}

static bool table_open(struct table *t, const char *path)
{
    struct import_problem p = { .code = PROBLEM_NONE };

    *t       = (struct table){ .path = path };
    t->input = input_open(path, -1, 0, &p);
    t->csv = t->input ? csv_open(input_source(t->input), (struct csv_options){ false }, &p) : NULL;
    if (!t->csv || csv_next(t->csv, &p) != CSV_RECORD) {
        if (!p.code) {
            import_problem_set(&p, PROBLEM_EMPTY, 0, STR(""), STR(""));
        }
        return refuse(t, &p);
    }
    csv_set_header(t->csv);
    return true;
}

static bool add_record(struct link *l, const struct link_schema *schema, const struct table *t)
{
    struct str fields[LINK_FIELDS_MAX];
    struct str id = str_trim(csv_field(t->csv, t->column[schema->count]));

    for (size_t i = 0; i < schema->count; i++) {
        bool given = t->column[i] != SIZE_MAX;
        fields[i]  = given ? csv_field(t->csv, t->column[i]) : STR("");
    }
    enum link_status status = link_add(l, id, fields);
    return status ? refuse_line(t, schema->id, link_status_sentence(status), id) : true;
}

// Which of the columns a file lacks does not matter, as long as it has one to compare.
static bool find_columns(struct table *t, const struct link_schema *schema)
{
    bool has_any = false;

    for (size_t i = 0; i < schema->count; i++) {
        if (!find_column(t, schema->fields[i].column, false, &t->column[i])) {
            return false;
        }
        has_any = has_any || t->column[i] != SIZE_MAX;
    }
    if (!has_any) {
        fprintf(stderr, "maillage-link : %s : l’en-tête n’a aucune des colonnes à comparer\n",
                t->path);
        return false;
    }
    return find_column(t, schema->id, true, &t->column[schema->count]);
}

bool records_add(struct link *l, const struct link_schema *schema, const char *path)
{
    struct table          t;
    struct import_problem p;
    bool                  good = table_open(&t, path) && find_columns(&t, schema);

    while (good) {
        enum csv_step step = csv_next(t.csv, &p);
        if (step == CSV_END) {
            break;
        }
        good = step == CSV_PROBLEM ? refuse(&t, &p) : add_record(l, schema, &t);
    }
    table_close(&t);
    return good;
}

static bool find_record(const struct link *l, const struct table *t, size_t column,
                        uint32_t *ret_record)
{
    struct str id = str_trim(csv_field(t->csv, t->column[column]));

    if (link_find(l, id, ret_record)) {
        return refuse_line(t, csv_header(t->csv, t->column[column]),
                           link_status_sentence(LINK_ID_UNKNOWN), id);
    }
    return true;
}

static bool add_decision(struct link *l, const struct table *t)
{
    uint32_t   a, b;
    struct str word = str_trim(csv_field(t->csv, t->column[2]));
    bool       same = str_eq_case(word, STR("same"));

    if (!find_record(l, t, 0, &a) || !find_record(l, t, 1, &b)) {
        return false;
    }
    if (!same && !str_eq_case(word, STR("different"))) {
        return refuse_line(t, STR("decision"), STR("une décision est « same » ou « different »"),
                           word);
    }
    enum link_status status = same ? link_same(l, a, b) : link_different(l, a, b);
    return status ? refuse_line(t, STR("decision"), link_status_sentence(status), word) : true;
}

static bool add_previous(struct link *l, const struct table *t)
{
    uint32_t   record;
    struct str entity = str_trim(csv_field(t->csv, t->column[1]));

    if (link_find(l, str_trim(csv_field(t->csv, t->column[0])), &record)) {
        return true; // a record of then that is no more
    }
    enum link_status status = link_previous(l, record, entity);
    return status ? refuse_line(t, STR("entity_id"), link_status_sentence(status), entity) : true;
}

// Reads a file of a few needed columns, row by row.
static bool read_rows(struct link *l, const char *path, const struct str *columns, size_t count,
                      bool (*row)(struct link *, const struct table *))
{
    struct table          t;
    struct import_problem p;
    bool                  good = table_open(&t, path);

    for (size_t i = 0; i < count && good; i++) {
        good = find_column(&t, columns[i], true, &t.column[i]);
    }
    while (good) {
        enum csv_step step = csv_next(t.csv, &p);
        if (step == CSV_END) {
            break;
        }
        good = step == CSV_PROBLEM ? refuse(&t, &p) : row(l, &t);
    }
    table_close(&t);
    return good;
}

bool decisions_add(struct link *l, const char *path)
{
    static const struct str columns[] = { STR_INIT("a"), STR_INIT("b"), STR_INIT("decision") };
    return read_rows(l, path, columns, LENGTH(columns), add_decision);
}

bool previous_add(struct link *l, const char *path)
{
    static const struct str columns[] = { STR_INIT("record_id"), STR_INIT("entity_id") };
    return read_rows(l, path, columns, LENGTH(columns), add_previous);
}
