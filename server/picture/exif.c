#include "picture/exif.h"

enum { HEADER = 8, ENTRY = 12, SHORT = 3, ORIENTATION = 0x0112 };

struct tiff {
    struct str bytes;
    bool       is_little; // the byte order that its first two letters tell
};

// Whole numbers of two and four bytes; 0 behind the end.
static uint32_t number(const struct tiff *t, size_t at, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size && at + size <= t->bytes.len; i++) {
        size_t from = at + (t->is_little ? size - 1 - i : i);
        value       = value << 8 | (unsigned char)t->bytes.at[from];
    }
    return value;
}

int exif_orientation(struct str segment)
{
    static const char exif[] = { 'E', 'x', 'i', 'f', 0, 0 };
    if (segment.len < sizeof exif + HEADER || memcmp(segment.at, exif, sizeof exif) != 0) {
        return 1;
    }
    struct tiff t = { .bytes = str_sub(segment, sizeof exif, segment.len - sizeof exif) };
    t.is_little   = t.bytes.at[0] == 'I' && t.bytes.at[1] == 'I';
    if (!t.is_little && (t.bytes.at[0] != 'M' || t.bytes.at[1] != 'M')) {
        return 1;
    }
    size_t at = number(&t, 4, 4), count = number(&t, at, 2);
    if (number(&t, 2, 2) != 42) {
        return 1;
    }
    for (at += 2; count > 0 && at + ENTRY <= t.bytes.len; count--, at += ENTRY) {
        if (number(&t, at, 2) == ORIENTATION && number(&t, at + 2, 2) == SHORT) {
            uint32_t value = number(&t, at + 8, 2);
            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    }
    return 1;
}
