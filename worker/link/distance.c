#include "link/distance.h"

enum { LENGTH_MAX = 255, WORD_BITS = 64 };

// Bit-parallel optimal string alignment: p is the pattern, at most 64 bytes (Hyyrö 2003, figure 4).
static unsigned distance_bits(struct str p, struct str t)
{
    uint64_t positions[256];
    uint64_t vp = ~0ULL, vn = 0, d0 = 0, before = 0;
    uint64_t last  = 1ULL << (p.len - 1);
    unsigned score = (unsigned)p.len;

    // Only the entries that are read are set.
    for (size_t i = 0; i < t.len; i++) {
        positions[(unsigned char)t.at[i]] = 0;
    }
    for (size_t i = 0; i < p.len; i++) {
        positions[(unsigned char)p.at[i]] = 0;
    }
    for (size_t i = 0; i < p.len; i++) {
        positions[(unsigned char)p.at[i]] |= 1ULL << i;
    }
    for (size_t i = 0; i < t.len; i++) {
        uint64_t here = positions[(unsigned char)t.at[i]];
        uint64_t swap = (((~d0) & here) << 1) & before;
        d0            = swap | ((((here & vp) + vp) ^ vp) | here | vn);
        uint64_t hp   = vn | ~(d0 | vp);
        uint64_t hn   = d0 & vp;
        score += (hp & last) != 0;
        score -= (hn & last) != 0;
        hp     = hp << 1 | 1;
        hn     = hn << 1;
        vp     = hn | ~(d0 | hp);
        vn     = hp & d0;
        before = here;
    }
    return score;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

// The same by three rows of the matrix, for long strings.
static unsigned distance_rows(struct str a, struct str b)
{
    unsigned  store[3][LENGTH_MAX + 1];
    unsigned *two = store[0], *one = store[1], *row = store[2];

    for (unsigned k = 0; k <= b.len; k++) {
        one[k] = k;
    }
    for (unsigned i = 1; i <= a.len; i++) {
        row[0] = i;
        for (unsigned k = 1; k <= b.len; k++) {
            unsigned cost = a.at[i - 1] != b.at[k - 1];
            row[k]        = least(least(one[k] + 1, row[k - 1] + 1), one[k - 1] + cost);
            if (i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1]) {
                row[k] = least(row[k], two[k - 2] + 1);
            }
        }
        unsigned *free_row = two;
        two                = one;
        one                = row;
        row                = free_row;
    }
    return one[b.len];
}

unsigned distance(struct str a, struct str b)
{
    a = str_sub(a, 0, LENGTH_MAX);
    b = str_sub(b, 0, LENGTH_MAX);
    if (a.len > b.len) {
        struct str swap = a;
        a               = b;
        b               = swap;
    }
    if (!a.len) {
        return (unsigned)b.len;
    }
    return a.len <= WORD_BITS ? distance_bits(a, b) : distance_rows(a, b);
}

float similarity(struct str a, struct str b)
{
    size_t longer = a.len > b.len ? a.len : b.len;

    longer = longer > LENGTH_MAX ? LENGTH_MAX : longer;
    return longer ? 1.0F - (float)distance(a, b) / (float)longer : 1.0F;
}

float jaro_winkler(struct str a, struct str b)
{
    uint64_t seen_a = 0, seen_b = 0;
    unsigned common = 0, moved = 0, prefix = 0;

    a = str_sub(a, 0, WORD_BITS);
    b = str_sub(b, 0, WORD_BITS);
    if (!a.len || !b.len) {
        return a.len == b.len ? 1.0F : 0.0F;
    }
    size_t longer = a.len > b.len ? a.len : b.len;
    size_t reach  = longer / 2 > 0 ? longer / 2 - 1 : 0;
    for (size_t i = 0; i < a.len; i++) {
        size_t from = i > reach ? i - reach : 0;
        size_t to   = i + reach + 1 < b.len ? i + reach + 1 : b.len;
        for (size_t k = from; k < to; k++) {
            if (a.at[i] == b.at[k] && !(seen_b >> k & 1)) {
                seen_a |= 1ULL << i;
                seen_b |= 1ULL << k;
                common++;
                break;
            }
        }
    }
    if (!common) {
        return 0;
    }
    for (size_t i = 0, k = 0; i < a.len; i++) {
        if (seen_a >> i & 1) {
            while (!(seen_b >> k & 1)) {
                k++;
            }
            moved += a.at[i] != b.at[k++];
        }
    }
    float c    = (float)common;
    float jaro = (c / (float)a.len + c / (float)b.len + (c - (float)(moved / 2)) / c) / 3;
    while (prefix < 4 && prefix < a.len && prefix < b.len && a.at[prefix] == b.at[prefix]) {
        prefix++;
    }
    return jaro + 0.1F * (float)prefix * (1 - jaro);
}
