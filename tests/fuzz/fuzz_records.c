// Any bytes as a file of records: read as maillage-link reads it, grouped, asked everything.
//
// The first byte chooses what the records are about and which pairs somebody decided on.
#include "fuzz.h"

#include "command/records.h"
#include "link/link.h"

#include <sys/mman.h>
#include <unistd.h>

#define MUST(condition)     \
    do {                    \
        if (!(condition)) { \
            abort();        \
        }                   \
    } while (0)

enum { EVERY_KIND = 2 };

// A list with one column of each kind: k0, k1...
static struct link_field  every_field[LINK_FIELDS_MAX];
static struct link_schema every = { STR_INIT("fuzz"), STR_INIT("id"), LINK_THING, every_field, 0 };

static const struct link_schema *schema_of(unsigned choice)
{
    static char names[LINK_KINDS][8];
    if (choice % 3 < EVERY_KIND) {
        return link_schema_find(choice % 3 ? STR("contact") : STR("etablissement"));
    }
    for (every.count = 0; every.count < LINK_KINDS; every.count++) {
        size_t i = every.count;
        snprintf(names[i], sizeof names[i], "k%zu", i);
        every_field[i] = (struct link_field){ str_of(names[i]), STR("Valeur"), (enum link_kind)i };
    }
    MUST(str_is_absent(link_schema_problem(&every)));
    return &every;
}

static void decide(struct link *l, unsigned choice)
{
    size_t count = link_count(l);
    for (uint32_t i = 0; count > 1 && i < choice / 3 % 8; i++) {
        uint32_t a = (i * 5 + choice) % (uint32_t)count, b = (i * 3 + 1) % (uint32_t)count;
        if (a != b) {
            (void)!(i % 2 ? link_same(l, a, b) : link_different(l, a, b));
            (void)!link_previous(l, a, link_id(l, b));
        }
    }
}

static void check_groups(struct link *l)
{
    size_t count = link_count(l), groups = link_group_count(l);
    MUST(groups <= count);
    for (uint32_t i = 0; i < count; i++) {
        MUST(link_group_of(l, i) < groups);
        MUST(link_score(l, i) >= 0 && link_score(l, i) <= 1);
    }
    for (uint32_t g = 1; g < groups; g++) {
        MUST(str_compare(link_entity(l, g - 1), link_entity(l, g)) < 0);
    }
    for (size_t i = 0; i < link_review_count(l); i++) {
        struct link_review v = link_review_at(l, i);
        MUST(v.a < count && v.b < count && v.a != v.b && v.reason < LINK_REASONS);
        MUST(v.probability >= 0 && v.probability <= 1);
        MUST(str_compare(link_id(l, v.a), link_id(l, v.b)) < 0);
    }
    for (size_t i = 0; i < link_redirect_count(l); i++) {
        struct link_redirect r = link_redirect_at(l, i);
        MUST(!str_is_empty(r.from) && !str_is_empty(r.to) && !str_eq(r.from, r.to));
    }
    for (uint32_t i = 1; i < count && i < 12; i++) {
        struct link_explanation e;
        MUST(link_explain(l, i - 1, i, &e) == LINK_OK && e.count <= LINK_EVIDENCE_MAX);
        MUST(e.probability >= 0 && e.probability <= 1);
        MUST(e.same_group == (link_group_of(l, i - 1) == link_group_of(l, i)));
    }
}

// A second reading joins the records one by one under other ids: groups that were there stay.
static void join(struct link *l, const struct link_schema *schema, const struct link *other)
{
    struct link_match matches[LINK_MATCH_MAX];
    struct str        fields[LINK_FIELDS_MAX];
    size_t            groups = link_group_count(l);
    for (size_t i = 0; i < schema->count; i++) {
        fields[i] =
            link_count(other) ? link_id(other, (uint32_t)(i % link_count(other))) : STR("x");
    }
    size_t n = link_match(l, fields, matches);
    MUST(n <= LINK_MATCH_MAX);
    for (uint32_t i = 0; i < 3; i++) {
        char     id[24];
        uint32_t record;
        snprintf(id, sizeof id, "\x01joined %u", i);
        MUST(link_join(l, str_of(id), fields, &record) == LINK_OK);
        MUST(record == link_count(l) - 1 && link_group_of(l, record) < link_group_count(l));
    }
    MUST(link_group_count(l) <= groups + 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char                      path[32];
    unsigned                  choice = size ? data[0] : 0;
    const struct link_schema *schema = schema_of(choice);
    int                       fd     = memfd_create("records", MFD_CLOEXEC);

    MUST(fd >= 0);
    if (size > 1 && size < KIB(64)) {
        MUST(write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct link *l = link_new(schema);
    (void)records_add(l, schema, path); // what was read before a problem counts
    decide(l, choice);
    MUST(link_group(l, (struct link_progress){ NULL, NULL }) == LINK_OK);
    check_groups(l);
    join(l, schema, l);
    link_free(l);
    close(fd);
    return 0;
}
