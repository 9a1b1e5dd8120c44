#include "place.h"

#include "base/arena.h"
#include "words.h"

#include <jansson.h>
#include <math.h>

static struct {
    struct place *at;
    double       *until; // weights added up
    uint64_t     *taken; // what each has had already, a bit each
    uint32_t      count;
    struct arena *arena;
} all;

static void add(const char *name, const char *postcodes, double people)
{
    struct place *p      = &all.at[all.count];
    p->name              = arena_text(all.arena, str_of(name));
    p->postcodes         = arena_text(all.arena, str_of(postcodes));
    p->postcode_count    = (uint32_t)(strlen(postcodes) / 5);
    all.until[all.count] = (all.count ? all.until[all.count - 1] : 0) + pow(people + 50, 0.75);
    all.count += p->postcode_count > 0;
}

static void room_for(size_t count)
{
    all.at    = memory_zero(count * sizeof *all.at);
    all.until = memory_zero(count * sizeof *all.until);
    all.taken = memory_zero(count * sizeof *all.taken);
}

static bool read_communes(const char *file)
{
    json_t *list = json_load_file(file, 0, NULL);
    size_t  i;
    json_t *commune;
    if (!list) {
        return false;
    }
    room_for(json_array_size(list) + 1);
    json_array_foreach(list, i, commune)
    {
        const char *kind           = json_string_value(json_object_get(commune, "type"));
        const char *name           = json_string_value(json_object_get(commune, "nom"));
        json_t     *codes          = json_object_get(commune, "codesPostaux");
        char        joined[6 * 40] = "";
        if (!kind || !name || strcmp(kind, "commune-actuelle") != 0) {
            continue;
        }
        for (size_t k = 0; k < json_array_size(codes) && k < 40; k++) {
            const char *code = json_string_value(json_array_get(codes, k));
            if (code && strlen(code) == 5) {
                memcpy(joined + strlen(joined), code, 6);
            }
        }
        add(name, joined, json_number_value(json_object_get(commune, "population")));
    }
    json_decref(list);
    return all.count > 0;
}

static void use_own_list(void)
{
    const struct words *towns = words_of(LIST_TOWNS);
    const struct words *heads = words_of(LIST_TOWN_HEADS);
    const struct words *tails = words_of(LIST_TOWN_TAILS);
    struct rng          r     = { 1 };

    room_for(towns->count + (size_t)heads->count * tails->count + 1);
    for (uint32_t i = 0; i < heads->count * tails->count; i++) {
        char          tail[32], department[4], code[6];
        struct phrase name = phrase_of(heads->at[i / tails->count]);
        words_part(tails->at[i % tails->count], 0, tail, sizeof tail);
        words_part(tails->at[i % tails->count], 1, department, sizeof department);
        phrase_printf(&name, "-%s", tail);
        snprintf(code, sizeof code, "%.2s%02u0", department, 1 + rng_below(&r, 98));
        double size = rng_unit(&r);
        add(name.at, code, 150 + 16000 * size * size * size);
    }
    for (uint32_t i = 0; i < towns->count; i++) {
        char name[64], codes[64], people[16], joined[64];
        words_part(towns->at[i], 0, name, sizeof name);
        words_part(towns->at[i], 1, codes, sizeof codes);
        words_part(towns->at[i], 2, people, sizeof people);
        char *to = joined;
        for (const char *c = codes; *c; c++) {
            if (*c != ',') {
                *to++ = *c;
            }
        }
        *to = '\0';
        add(name, joined, strtod(people, NULL));
    }
}

void places_open(const char *file)
{
    all.arena = arena_new();
    if (!read_communes(file)) {
        free(all.at);
        free(all.until);
        free(all.taken);
        all.count = 0;
        use_own_list();
    }
}

void places_close(void)
{
    free(all.at);
    free(all.until);
    free(all.taken);
    arena_free(all.arena);
    memset(&all, 0, sizeof all);
}

const struct place *place_draw(struct rng *r)
{
    double   at  = rng_unit(r) * all.until[all.count - 1];
    uint32_t low = 0, high = all.count - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (all.until[middle] > at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return &all.at[low];
}

bool place_take(const struct place *place, uint32_t what)
{
    uint64_t *taken = &all.taken[place - all.at];
    uint64_t  bit   = (uint64_t)1 << (what % 64);
    bool      first = !(*taken & bit);
    *taken |= bit;
    return first;
}

void place_postcode(const struct place *place, struct rng *r, char into[6])
{
    memcpy(into, place->postcodes + (size_t)5 * rng_below(r, place->postcode_count), 5);
    into[5] = '\0';
}

// The first digit of the landlines of each department, by its number; overseas like the north-west.
static const char regions[] = "9434444435345424552543255"  // 00 to 24
                              "3422245554222435244225542"  // 25 to 49
                              "2332332333323455433433244"  // 50 to 74
                              "1211535544255333111119229"; // 75 to 99

char place_phone_region(const char *postcode)
{
    uint32_t department = (uint32_t)(postcode[0] - '0') * 10 + (uint32_t)(postcode[1] - '0');
    return regions[department % 100];
}
