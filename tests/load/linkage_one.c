// linkage_one: how long one new record takes against a grouped stock.
//
//   linkage_one TYPE STOCK.csv NEW.csv
//
// Groups the records of STOCK, then joins those of NEW one by one. Prints one JSON object: records,
// joined to a group that was there, microseconds of processor time per record at p50, p99 and most.
#include "import/input.h"
#include "link/link.h"

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static _Noreturn void refuse(const struct import_problem *p, const char *why)
{
    char text[1024];
    fprintf(stderr, "linkage_one: %s\n", p ? import_problem_text(p, text, sizeof text) : why);
    exit(1);
}

// Calls f for each record of a file, its fields in the order of the schema.
static void each(const struct link_schema *schema, const char                            *path,
                 void (*f)(void *context, struct str id, const struct str *fields), void *context)
{
    struct import_problem p;
    size_t                at[LINK_FIELDS_MAX], id = CSV_COLUMN_MAX;
    struct input         *input = input_open(path, -1, 0, &p);
    struct csv           *csv =
        input ? csv_open(input_source(input), (struct csv_options){ false }, &p) : NULL;

    if (!csv || csv_next(csv, &p) != CSV_RECORD) {
        refuse(&p, NULL);
    }
    csv_set_header(csv);
    for (size_t k = 0; k < schema->count; k++) {
        at[k] = CSV_COLUMN_MAX;
    }
    for (size_t c = 0; c < csv_header_count(csv); c++) {
        id = str_eq(csv_header(csv, c), schema->id) ? c : id;
        for (size_t k = 0; k < schema->count; k++) {
            at[k] = str_eq(csv_header(csv, c), schema->fields[k].column) ? c : at[k];
        }
    }
    enum csv_step step;
    while ((step = csv_next(csv, &p)) == CSV_RECORD) {
        struct str fields[LINK_FIELDS_MAX];
        for (size_t k = 0; k < schema->count; k++) {
            fields[k] = csv_field(csv, at[k]);
        }
        f(context, csv_field(csv, id), fields);
    }
    if (step == CSV_PROBLEM) {
        refuse(&p, NULL);
    }
    csv_free(csv);
    input_close(input);
}

static void add(void *context, struct str id, const struct str *fields)
{
    if (link_add(context, id, fields) != LINK_OK) {
        refuse(NULL, "a record of the stock was refused");
    }
}

struct timing {
    struct link *l;
    uint32_t    *took; // microseconds
    size_t       count, room, joined;
};

static void join(void *context, struct str id, const struct str *fields)
{
    struct timing *t      = context;
    size_t         groups = link_group_count(t->l);
    uint32_t       record;
    uint64_t       before = now();
    if (link_join(t->l, id, fields, &record) != LINK_OK) {
        refuse(NULL, "a new record was refused");
    }
    if (t->count == t->room) {
        t->room = 2 * t->room + 1024;
        t->took = memory_resize(t->took, t->room * sizeof *t->took);
    }
    t->took[t->count++] = (uint32_t)((now() - before) / 1000);
    t->joined += link_group_count(t->l) == groups;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    const struct link_schema *schema = argc == 4 ? link_schema_find(str_of(argv[1])) : NULL;
    if (!schema) {
        refuse(NULL, "etablissement|contact STOCK.csv NEW.csv are expected");
    }
    struct timing t = { .l = link_new(schema) };
    each(schema, argv[2], add, t.l);
    if (link_group(t.l, (struct link_progress){ NULL, NULL }) != LINK_OK) {
        refuse(NULL, "the stock was not grouped");
    }
    each(schema, argv[3], join, &t);
    if (!t.count) {
        refuse(NULL, "there is no new record");
    }
    qsort(t.took, t.count, sizeof *t.took, by_size);
    printf("{\"records\":%zu,\"joined\":%zu,\"p50\":%u,\"p99\":%u,\"most\":%u}\n", t.count,
           t.joined, t.took[t.count / 2], t.took[t.count * 99 / 100], t.took[t.count - 1]);
    free(t.took);
    link_free(t.l);
    return 0;
}
