// linkage_data: invents partners' files with the truth, for the tests and measures of the linkage.
//
//   linkage_data --type etablissement|contact (--entities N | --records N) [--seed S] --out DIR
//                [--communes FILE]
//
// Writes etablissements.csv and etablissements_truth.csv, or contacts.csv and contacts_truth.csv.
// The same arguments and the same file of communes give the same bytes.
#include "record.h"
#include "words.h"

#include <errno.h>

static struct {
    bool        people;
    uint64_t    entities, records, seed;
    const char *out, *communes;
} options = { .seed     = 1,
              .communes = MAILLAGE_SOURCE
              "/web/node_modules/@etalab/decoupage-administratif/data/communes.json" };

static _Noreturn void refuse(const char *why)
{
    fprintf(stderr, "linkage_data: %s\n", why);
    exit(2);
}

static uint64_t number(const char *text)
{
    int64_t value;
    if (!str_int(str_of(text), &value) || value < 0 || value > 20000000) {
        refuse("a number from 0 to 20000000 is expected");
    }
    return (uint64_t)value;
}

static void read_options(int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        const char *value = argv[i + 1];
        if (!value) {
            refuse("an option lacks its value");
        } else if (strcmp(argv[i], "--type") == 0) {
            options.people = strcmp(value, "contact") == 0;
            if (!options.people && strcmp(value, "etablissement") != 0) {
                refuse("--type is etablissement or contact");
            }
        } else if (strcmp(argv[i], "--entities") == 0) {
            options.entities = number(value);
        } else if (strcmp(argv[i], "--records") == 0) {
            options.records = number(value);
        } else if (strcmp(argv[i], "--seed") == 0) {
            options.seed = number(value);
        } else if (strcmp(argv[i], "--out") == 0) {
            options.out = value;
        } else if (strcmp(argv[i], "--communes") == 0) {
            options.communes = value;
        } else {
            refuse("unknown option");
        }
    }
    if (!options.out || !options.entities == !options.records) {
        refuse("--out DIR and one of --entities N, --records N are needed");
    }
}

static FILE *create(const char *name, const char *header)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.csv", options.out, name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        fprintf(stderr, "linkage_data: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    fputs(header, file);
    return file;
}

static void finish(FILE *file)
{
    bool bad = ferror(file) != 0;
    if (fclose(file) != 0 || bad) {
        refuse("the file could not be written");
    }
}

// The lines in an order that the seed draws (Fisher & Yates), numbered as they come.
static void write_tables(const struct table *t, FILE *records, FILE *truth)
{
    struct rng r     = { options.seed ^ 0x6f72647265u };
    uint32_t  *order = memory_new((t->count + 1) * sizeof *order);
    for (uint32_t i = 0; i < t->count; i++) {
        uint32_t k = rng_below(&r, i + 1);
        order[i]   = order[k];
        order[k]   = i;
    }
    char mark  = options.people ? 'C' : 'R';
    char group = options.people ? 'P' : 'E', second = options.people ? 'E' : 'L';
    for (uint32_t i = 0; i < t->count; i++) {
        const struct line *line = &t->lines[order[i]];
        fprintf(records, "%c%07u", mark, i);
        fwrite(t->text + line->at, 1, line->length, records);
        fputc('\n', records);
        fprintf(truth, "%c%07u,%c%07u,%c%07u,%s\n", mark, i, group, line->entity, second,
                line->second, line->kind);
    }
    free(order);
}

int main(int argc, char **argv)
{
    static struct family family;
    struct world         world;
    struct table         table   = { 0 };
    uint32_t             persons = 0;

    read_options(argc, argv);
    words_open();
    places_open(options.communes);
    uint64_t expected = options.entities ? options.entities : options.records / 2;
    world_open(&world, options.seed, (uint32_t)expected);
    while (options.entities ? world.entities < options.entities : table.count < options.records) {
        world_next(&world, &family);
        struct rng r = { (options.seed << 32) ^ world.families ^ 0x7265636f7264u };
        if (options.people) {
            record_people(&table, &r, &family, &persons);
        } else {
            record_sites(&table, &r, &family);
        }
    }
    if (options.records && table.count > options.records) {
        table.count = options.records;
    }
    FILE *records =
        create(options.people ? "contacts" : "etablissements",
               options.people
                   ? "record_id,source,civilite,prenom,nom,fonction,courriel,telephone,employeur,"
                     "employeur_siret,employeur_code_postal,employeur_commune\n"
                   : "record_id,source,nom,forme_juridique,siret,naf,adresse,code_postal,commune,"
                     "telephone,courriel\n");
    FILE *truth = create(options.people ? "contacts_truth" : "etablissements_truth",
                         options.people ? "record_id,person_id,employer_entity_id,kind\n"
                                        : "record_id,entity_id,legal_unit_id,kind\n");
    write_tables(&table, records, truth);
    finish(records);
    finish(truth);
    table_free(&table);
    places_close();
    words_close();
    return 0;
}
