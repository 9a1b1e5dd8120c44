// maillage-link: groups the records of CSV files that speak of the same establishment or person.
#include <unistd.h>

#include "command/options.h"
#include "command/records.h"
#include "command/report.h"
#include "import/input.h"
#include "mapping/mapping.h"

enum { MAPPING_MOST = 1 << 20 };

// The schema of a mapping file; NULL, said, when it is not sound.
static struct mapping *read_mapping(const char *path)
{
    struct import_problem  p;
    struct mapping_problem wrong;
    char                   text[1024];
    size_t                 len;
    char                  *all = input_all(path, MAPPING_MOST, &len, &p);

    if (!all) {
        fprintf(stderr, "maillage-link : %s : %s\n", path,
                import_problem_text(&p, text, sizeof text));
        return NULL;
    }
    struct mapping *m = mapping_read((struct str){ all, len }, &wrong);
    free(all);
    if (!m) {
        fprintf(stderr, "maillage-link : %s : ligne %u, colonne %u : %s\n", path,
                (unsigned)wrong.place.line, (unsigned)wrong.place.column, wrong.sentence);
    }
    return m;
}

static bool read_files(struct link *l, const struct link_schema *schema, const struct options *o)
{
    for (size_t i = 0; i < o->file_count; i++) {
        if (!records_add(l, schema, o->files[i])) {
            return false;
        }
    }
    return (!o->previous || previous_add(l, o->previous)) &&
           (!o->decisions || decisions_add(l, o->decisions));
}

static bool write_files(struct link *l, const struct options *o)
{
    if (o->explain[0]) {
        return report_explanation(l, o->explain[0], o->explain[1]);
    }
    return report_groups(l, o->output) && (!o->review || report_reviews(l, o->review)) &&
           (!o->redirects || report_redirects(l, o->redirects));
}

static bool run(const struct link_schema *schema, const struct options *o)
{
    struct link *l    = link_new(schema);
    bool         good = read_files(l, schema, o);

    if (good) {
        good = link_group(l, report_progress(o->quiet)) == LINK_OK;
        report_progress_end(o->quiet);
    }
    good = good && write_files(l, o);
    link_free(l);
    return good;
}

int main(int argc, char **argv)
{
    struct options o;

    if (!options_read(argc, argv, &o)) {
        return 2;
    }
    if (o.help) {
        options_usage(stdout);
        return 0;
    }
    const struct link_schema *schema = link_schema_find(str_of(o.type));
    if (!schema && access(o.type, F_OK) != 0) {
        fprintf(
            stderr,
            "maillage-link\u202f: --type %s\u202f: un type est «\u202fetablissement\u202f», «\u202fcontact\u202f» "
            "ou le chemin d’un fichier de correspondance\n",
            o.type);
        return 2;
    }
    struct mapping *m = schema ? NULL : read_mapping(o.type);
    if (!schema && !m) {
        return 2;
    }
    bool good = run(schema ? schema : mapping_schema(m), &o);
    mapping_free(m);
    return good ? 0 : 1;
}
