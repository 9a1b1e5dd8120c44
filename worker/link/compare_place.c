#include "link/compare_private.h"

#include "link/distance.h"

static const float commune_alike = 0.78F, way_alike = 0.75F, numbered_alike = 0.6F;

enum nearness { UNKNOWN, SAME, COUNTY, APART };

static bool texts_alike(const struct stock *s, uint32_t a, uint32_t b, float least)
{
    if (a == b) {
        return true;
    }
    struct str x = intern_str(s->texts, a), y = intern_str(s->texts, b);
    if (x.len < 4 || y.len < 4) {
        return false;
    }
    size_t   longer = x.len > y.len ? x.len : y.len;
    unsigned most   = (unsigned)((1 - least) * (float)longer);
    return may_be_within(s->texts, a, b, most) && distance(x, y) <= most;
}

// Whether one commune's words are all among the other's: "Saint-Denis" and "Saint-Denis-en-Val".
static bool commune_within(const struct stock *s, const struct feature *a, const struct feature *b)
{
    if (a->commune_count > b->commune_count) {
        const struct feature *swap = a;
        a                          = b;
        b                          = swap;
    }
    for (size_t i = 0; i < a->commune_count; i++) {
        bool found = false;
        for (size_t k = 0; k < b->commune_count && !found; k++) {
            found = s->pool[a->commune_words + i] == s->pool[b->commune_words + k];
        }
        if (!found) {
            return false;
        }
    }
    return a->commune_count > 0;
}

static enum nearness communes(const struct stock *s, const struct feature *a,
                              const struct feature *b)
{
    bool counties = a->county && b->county;

    if (counties && a->county != b->county) {
        return APART;
    }
    if (a->commune && b->commune) {
        if (a->commune == b->commune) {
            return a->district && b->district && a->district != b->district ? COUNTY : SAME;
        }
        bool same_code = a->postcode && a->postcode == b->postcode;
        if (texts_alike(s, a->commune, b->commune, commune_alike) ||
            (same_code && (commune_within(s, a, b) ||
                           texts_alike(s, a->commune, b->commune, commune_alike - 0.2F)))) {
            return SAME;
        }
        return counties ? COUNTY : APART;
    }
    if (a->postcode && b->postcode) {
        return a->postcode == b->postcode ? SAME : COUNTY;
    }
    return UNKNOWN;
}

// With the same number, less will do: it is already unlikely that two streets share it.
static bool ways_alike(const struct stock *s, const struct feature *a, const struct feature *b)
{
    bool     number  = a->house && a->house == b->house;
    unsigned matched = 0;

    if (texts_alike(s, a->way, b->way, number ? numbered_alike : way_alike)) {
        return true;
    }
    for (size_t i = 0; i < a->way_count; i++) {
        for (size_t k = 0; k < b->way_count; k++) {
            uint32_t x = s->pool[a->way_words + i], y = s->pool[b->way_words + k];
            if (x == y || word_likeness(s, x, y) > 0) {
                matched++;
                break;
            }
        }
    }
    unsigned least = a->way_count < b->way_count ? a->way_count : b->way_count;
    unsigned all   = a->way_count < b->way_count ? b->way_count : a->way_count;
    return matched &&
           (number || a->flags & b->flags & HAS_ZONE ? matched >= least : matched >= all);
}

static unsigned doors(const struct stock *s, const struct feature *a, const struct feature *b)
{
    bool same_number = a->house == b->house;
    bool same_suffix = a->suffix == b->suffix || !a->suffix || !b->suffix;

    if (!ways_alike(s, a, b)) {
        return LEVEL_PLACE_ELSEWHERE;
    }
    if (!same_number && a->house && b->house) {
        // 12 and 112 may be one number mistyped, but neighbours are neighbours.
        return LEVEL_PLACE_NUMBER;
    }
    if (!same_number) {
        return LEVEL_PLACE_WAY;
    }
    if (!a->house) {
        return a->way == b->way ? LEVEL_PLACE_DOOR : LEVEL_PLACE_TYPO;
    }
    if (!same_suffix) {
        return LEVEL_PLACE_NUMBER;
    }
    return a->way == b->way ? LEVEL_PLACE_DOOR : LEVEL_PLACE_TYPO;
}

unsigned compare_place(const struct stock *s, const struct feature *a, const struct feature *b)
{
    enum nearness near = communes(s, a, b);
    bool          ways = a->way && b->way;
    unsigned      door = ways ? doors(s, a, b) : LEVEL_NONE;

    switch (near) {
    case SAME:
        return ways ? door : LEVEL_PLACE_COMMUNE;
    case UNKNOWN:
        return door == LEVEL_PLACE_DOOR || door == LEVEL_PLACE_TYPO ? LEVEL_PLACE_WAY
               : ways                                               ? LEVEL_PLACE_NEAR
                                                                    : LEVEL_NONE;
    case COUNTY:
        // One address in two communes of one postcode: the name of the commune is wrong.
        return a->postcode == b->postcode && a->house && door == LEVEL_PLACE_DOOR
                   ? LEVEL_PLACE_TYPO
                   : LEVEL_PLACE_NEAR;
    default:
        return LEVEL_PLACE_FAR;
    }
}
