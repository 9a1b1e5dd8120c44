// maillage-link: groups the records of CSV files.
#include "import/input.h"
#include "link/link.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    const struct link_schema *schema = link_schema_find(str_of(argv[1]));
    struct import_problem     p      = { 0 };
    char                      text[1024];

    if (!schema || argc < 3) {
        return 2;
    }
    struct link  *l   = link_new(schema);
    struct input *in  = input_open(argv[2], -1, 0, &p);
    struct csv   *csv = in ? csv_open(input_source(in), (struct csv_options){ false }, &p) : NULL;
    if (!csv) {
        fprintf(stderr, "%s\n", import_problem_text(&p, text, sizeof text));
        return 1;
    }
    csv_next(csv, &p);
    csv_set_header(csv);
    size_t column[LINK_FIELDS_MAX], id = 0;
    for (size_t c = 0; c < csv_header_count(csv); c++) {
        id = str_eq(csv_header(csv, c), schema->id) ? c : id;
        for (size_t f = 0; f < schema->count; f++) {
            if (str_eq(csv_header(csv, c), schema->fields[f].column)) {
                column[f] = c;
            }
        }
    }
    while (csv_next(csv, &p) == CSV_RECORD) {
        struct str fields[LINK_FIELDS_MAX];
        for (size_t f = 0; f < schema->count; f++) {
            fields[f] = csv_field(csv, column[f]);
        }
        if (link_add(l, csv_field(csv, id), fields)) {
            return 1;
        }
    }
    if (link_group(l, (struct link_progress){ 0 })) {
        return 1;
    }
    printf("record_id,entity_id,score\n");
    for (uint32_t r = 0; r < link_count(l); r++) {
        printf("%.*s,%.*s,%.3f\n", STR_ARG(link_id(l, r)),
               STR_ARG(link_entity(l, link_group_of(l, r))), link_score(l, r));
    }
    struct link_figures f = link_figures(l);
    fprintf(stderr, "%zu %zu %llu %zu %zu\n", f.records, f.distinct, (unsigned long long)f.pairs,
            f.groups, f.rounds);
    csv_free(csv);
    input_close(in);
    link_free(l);
    return 0;
}
