#include "link/place.h"

// The three communes that are cut into districts: county, first postcode, districts, Insee base.
static const struct {
    const char *name;
    uint32_t    postcode, districts, insee;
} cities[] = {
    { "paris", 75000, 20, 75100 },
    { "marseille", 13000, 16, 13200 },
    { "lyon", 69000, 9, 69380 },
};

static uint32_t postcode_read(struct str text)
{
    uint32_t n      = 0;
    size_t   digits = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9') {
            n = n * 10 + (uint32_t)(c - '0');
            digits++;
        } else if (((c | 0x20) == 'a' || (c | 0x20) == 'b') && digits <= 2 && n == 2) {
            return 20000; // 2A, 2B: a county, no more
        } else if ((c == '.' || c == ',') && digits >= 4) {
            break; // "1480.0"
        }
        if (digits == 5) {
            break;
        }
    }
    return digits >= 4 && n >= 1000 && n < 99000 ? n : 0;
}

static uint16_t county_of(uint32_t postcode)
{
    uint32_t two = postcode / 1000;
    return (uint16_t)(two == 97 || two == 98 ? postcode / 100 : two);
}

static bool is_number(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] < '0' || word.at[i] > '9') {
            return false;
        }
    }
    return word.len > 0;
}

static uint8_t ordinal(struct str word)
{
    unsigned n = 0;
    size_t   i = 0;

    for (; i < word.len && word.at[i] >= '0' && word.at[i] <= '9' && n < 100; i++) {
        n = n * 10 + (unsigned)(word.at[i] - '0');
    }
    struct str tail = str_sub(word, i, word.len);
    bool ends = !tail.len || word_is(tail, "e") || word_is(tail, "er") || word_is(tail, "eme") ||
                word_is(tail, "ieme");
    return i && ends && n <= 20 ? (uint8_t)n : 0;
}

static void commune_read(struct str text, struct place *ret)
{
    struct words w;

    words_read(text, &w);
    for (size_t i = 0; i < w.count; i++) {
        struct str word = words_at(&w, i);
        if (word_is(word, "cedex") || word_is(word, "cedx")) {
            ret->is_cedex = true;
            break;
        }
        if (word_is(word, "arrondissement") || (is_number(word) && word.len == 5)) {
            continue; // "75001 Paris"
        }
        if (i > 0 && ordinal(word)) {
            ret->district = ordinal(word);
            continue;
        }
        word = word_is(word, "st") ? STR("saint") : word;
        word = word_is(word, "ste") ? STR("sainte") : word;
        words_add(&ret->commune, word);
    }
}

void place_read(struct str postcode, struct str commune, struct place *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->postcode = postcode_read(postcode);
    commune_read(commune, ret);
    uint8_t named = ret->district;
    ret->district = 0;
    for (size_t i = 0; i < LENGTH(cities); i++) {
        uint32_t p = ret->postcode;
        if (p > cities[i].insee && p <= cities[i].insee + cities[i].districts && !ret->is_cedex) {
            ret->postcode = p = cities[i].postcode + (p - cities[i].insee);
        }
        bool is_city =
            str_eq(words_at(&ret->commune, 0), str_of(cities[i].name)) && ret->commune.count == 1;
        if (p > cities[i].postcode && p <= cities[i].postcode + cities[i].districts) {
            ret->district = (uint8_t)(p - cities[i].postcode);
        } else if (is_city && named && named <= cities[i].districts) {
            ret->district = named;
        }
        if (p == 75116) {
            ret->district = 16;
        }
    }
    if (ret->postcode == 20000) {
        ret->county   = 20;
        ret->postcode = 0;
    } else {
        ret->county = county_of(ret->postcode);
    }
}
