// Any two strings: the fast distance is the one of the textbook, and the similarities behave.
#include "linking.h"

#include "link/distance.h"

enum { TEXTBOOK_MAX = 255 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

// Optimal string alignment by its recurrence, row by row.
static unsigned textbook(struct str a, struct str b)
{
    static unsigned rows[3][TEXTBOOK_MAX + 1];
    a = str_sub(a, 0, TEXTBOOK_MAX);
    b = str_sub(b, 0, TEXTBOOK_MAX);
    for (unsigned j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (unsigned i = 1; i <= a.len; i++) {
        unsigned *row = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            row[j] = least(least(up[j], row[j - 1]) + 1, up[j - 1] + (a.at[i - 1] != b.at[j - 1]));
            if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1]) {
                row[j] = least(row[j], up2[j - 2] + 1);
            }
        }
    }
    return rows[a.len % 3][b.len];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str a, b;

    fuzz_two(data, size, &a, &b);
    unsigned d = distance(a, b);
    MUST(d == textbook(a, b) && d == distance(b, a));
    MUST(distance(a, a) == 0);

    float s = similarity(a, b), j = jaro_winkler(a, b);
    MUST(s >= 0 && s <= 1 && s == similarity(b, a));
    MUST(j >= 0 && j <= 1.0001f && jaro_winkler(a, a) >= (a.len ? 0.9999f : 0));
    return 0;
}
