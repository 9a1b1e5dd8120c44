// Keys by which candidates are found: what must not matter does not, what tells apart does.
#include "link/candidate.h"

#include "tap.h"

static size_t keys_of(const char *name, const char *address, const char *phone, const char *place,
                      uint64_t ret[CANDIDATE_KEYS_MAX])
{
    const struct link_schema *schema                  = link_schema_find(STR("etablissement"));
    struct candidate_keyer   *keyer                   = candidate_keyer_new(schema);
    struct str                fields[LINK_FIELDS_MAX] = { { 0 } };

    for (size_t i = 0; i < schema->count; i++) {
        enum link_kind kind = schema->fields[i].kind;
        fields[i]           = kind == LINK_ORGANISATION ? str_of(name)
                              : kind == LINK_ADDRESS    ? str_of(address)
                              : kind == LINK_PHONE      ? str_of(phone)
                                                        : STR("");
    }
    size_t n = candidate_keys(keyer, fields, str_of(place), ret);
    candidate_keyer_free(keyer);
    return n;
}

// How many keys two records share.
static size_t shared(const char *const a[4], const char *const b[4])
{
    uint64_t x[CANDIDATE_KEYS_MAX], y[CANDIDATE_KEYS_MAX];
    size_t   n = keys_of(a[0], a[1], a[2], a[3], x), m = keys_of(b[0], b[1], b[2], b[3], y);
    size_t   count = 0;

    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < m; k++) {
            count += x[i] == y[k];
        }
    }
    return count;
}

static const char *const baker[]  = { "Boulangerie Dupré SARL", "12 rue de Lyon", "04 70 11 22 33",
                                      "03190" };
static const char *const again[]  = { "SARL BOULANGERIE DUPRE", "12, R. DE LYON", "+33470112233",
                                      "03190" };
static const char *const typo[]   = { "Boulangerie Duprée", "", "", "03190" };
static const char *const phone[]  = { "Fournil de Lyon", "", "0470112233", "63113" };
static const char *const nobody[] = { "Garage Martin", "3 place Jaude", "0473000000", "63113" };

static void what_does_not_matter(void)
{
    uint64_t keys[CANDIDATE_KEYS_MAX];
    size_t   n = keys_of(baker[0], baker[1], baker[2], baker[3], keys);

    for (size_t i = 1; i < n; i++) {
        CHECK(keys[i - 1] < keys[i]);
    }
    CHECK(n >= 8);
    CHECK(shared(baker, again) == n);
    CHECK(keys_of("", "", "", "03190", keys) == 0);
}

static void what_tells_apart(void)
{
    CHECK(shared(baker, typo) >= 1);
    CHECK(shared(baker, phone) == 1);
    CHECK(shared(baker, nobody) == 0);
}

static void what_a_key_is_worth(void)
{
    CHECK(candidate_weight(1) > candidate_weight(2));
    CHECK(candidate_weight(CANDIDATE_MOST) > 0);
    CHECK(!(candidate_weight(CANDIDATE_MOST + 1) > 0));
    CHECK(!(candidate_weight(0) > 0));
}

int main(void)
{
    RUN(what_does_not_matter);
    RUN(what_tells_apart);
    RUN(what_a_key_is_worth);
    return tap_done();
}
