#include "import/ole.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "import/bytes.h"

enum {
    HEADER     = 512,
    IN_HEADER  = 109, // sectors of the allocation table that the header names
    ENTRY      = 128,
    MINI_SHIFT = 6,
    NAME_MOST  = 31,
    ROOT       = 5, // kinds of entries
    STREAM     = 2,
};

// What stands for no sector: anything from here on ends a chain.
#define LAST_SECTOR UINT32_C(0xFFFFFFF9)
#define NO_ENTRY    UINT32_C(0xFFFFFFFF)

struct ole {
    struct str bytes;
    unsigned   shift;   // of a sector
    uint32_t   sectors; // how many the bytes hold
    uint32_t  *table;   // the sector behind each sector
    uint32_t   table_count;
    uint32_t  *mini; // the same of small sectors, which lie in the stream of the root
    uint32_t   mini_count;
    char      *entries; // the directory
    size_t     entry_count;
    char      *small; // the stream of the root
    size_t     small_len;
    uint32_t   small_before; // streams shorter than this lie in small sectors
};

bool ole_is(struct str bytes)
{
    return bytes.len >= 8 && memcmp(bytes.at, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
}

// A sector; what the file does not hold of its last one is missing.
static struct str sector(const struct ole *o, uint32_t n)
{
    uint64_t from = ((uint64_t)n + 1) << o->shift;
    size_t   left = from < o->bytes.len ? o->bytes.len - (size_t)from : 0;
    size_t   size = (size_t)1 << o->shift;

    return (struct str){ o->bytes.at + (left ? from : 0), left < size ? left : size };
}

// The chain that begins at a sector, one after the other, up to `most` bytes. NULL when it leaves
// the file or goes round.
static char *chain(const struct ole *o, uint32_t first, size_t most, size_t *ret_len)
{
    size_t size = (size_t)1 << o->shift, room = (size_t)o->sectors << o->shift, len = 0;
    char  *into = memory_new((most < room ? most : room) + size);

    for (uint32_t n = first, steps = 0; n < LAST_SECTOR && len < most; n = o->table[n]) {
        struct str piece = sector(o, n);
        if (n >= o->table_count || !piece.len || steps++ >= o->sectors) {
            free(into);
            return NULL;
        }
        memcpy(into + len, piece.at, piece.len);
        len += piece.len;
    }
    *ret_len = len < most ? len : most;
    return into;
}

static uint32_t *numbers(char *bytes, size_t len, uint32_t *ret_count)
{
    *ret_count     = (uint32_t)(len / 4);
    uint32_t *list = memory_new((*ret_count + (size_t)1) * sizeof *list);

    for (uint32_t i = 0; i < *ret_count; i++) {
        list[i] = bytes_u32(bytes + (size_t)i * 4);
    }
    free(bytes);
    return list;
}

// The table of sectors: the header names its first sectors, a chain of its own the others.
static bool read_table(struct ole *o)
{
    size_t      per   = ((size_t)1 << o->shift) / 4;
    uint32_t    count = bytes_u32(o->bytes.at + 44), next = bytes_u32(o->bytes.at + 68);
    const char *names = o->bytes.at + 76;
    size_t      left = IN_HEADER, len = 0;

    if (count > o->sectors) {
        return false;
    }
    char *all = memory_new(((size_t)count << o->shift) + 1);
    for (uint32_t i = 0, steps = 0; i < count; i++, names += 4, left--) {
        if (left == 0) {
            struct str more = next < LAST_SECTOR ? sector(o, next) : (struct str){ 0 };
            if (more.len < per * 4 || steps++ >= o->sectors) {
                break;
            }
            names = more.at;
            left  = per - 1;
            next  = bytes_u32(more.at + left * 4);
        }
        struct str piece = sector(o, bytes_u32(names));
        memcpy(all + len, piece.at, piece.len);
        len += piece.len;
    }
    o->table = numbers(all, len, &o->table_count);
    return true;
}

static const char *entry(const struct ole *o, uint32_t n)
{
    return n < o->entry_count ? o->entries + (size_t)n * ENTRY : NULL;
}

static uint32_t first_of(const char *entry)
{
    return bytes_u32(entry + 116);
}

static bool read_directory(struct ole *o)
{
    size_t len = 0;

    o->entries       = chain(o, bytes_u32(o->bytes.at + 48), o->bytes.len, &len);
    o->entry_count   = o->entries ? len / ENTRY : 0;
    const char *root = entry(o, 0);
    if (!root || root[66] != ROOT) {
        return false;
    }
    // Only a file with small streams has a place for them.
    char *mini = chain(o, bytes_u32(o->bytes.at + 60), o->bytes.len, &len);
    if (mini) {
        o->mini  = numbers(mini, len, &o->mini_count);
        o->small = chain(o, first_of(root), bytes_u32(root + 120), &o->small_len);
    }
    return true;
}

struct ole *ole_open(struct str bytes, struct import_problem *p)
{
    struct ole *o = memory_zero(sizeof *o);

    o->bytes = bytes;
    o->shift = bytes.len >= HEADER ? bytes_u16(bytes.at + 30) : 0;
    if ((o->shift == 9 || o->shift == 12) && bytes_u16(bytes.at + 32) == MINI_SHIFT) {
        o->sectors      = (uint32_t)(bytes.len >> o->shift);
        o->small_before = bytes_u32(bytes.at + 56);
        if (read_table(o) && read_directory(o)) {
            return o;
        }
    }
    import_problem_set(p, PROBLEM_WORKBOOK, 0, STR(""), STR(""));
    ole_free(o);
    return NULL;
}

void ole_free(struct ole *o)
{
    if (o) {
        free(o->table);
        free(o->mini);
        free(o->entries);
        free(o->small);
        free(o);
    }
}

static bool is_named(const char *entry, struct str name)
{
    if (name.len > NAME_MOST || bytes_u16(entry + 64) != 2 * (name.len + 1)) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        if (bytes_u16(entry + 2 * i) != (unsigned char)name.at[i]) {
            return false;
        }
    }
    return true;
}

// The stream of a name among the children of the root, a tree of pairs.
static const char *find(const struct ole *o, struct str name)
{
    uint32_t   *waiting = memory_new((o->entry_count + 2) * sizeof *waiting);
    bool       *is_seen = memory_zero(o->entry_count * sizeof *is_seen);
    size_t      n       = 0;
    const char *found   = NULL;

    waiting[n++] = bytes_u32(entry(o, 0) + 76);
    while (n && !found) {
        uint32_t    number = waiting[--n];
        const char *e      = entry(o, number);
        if (!e || is_seen[number]) {
            continue;
        }
        is_seen[number] = true;
        if (e[66] == STREAM && is_named(e, name)) {
            found = e;
        }
        for (size_t side = 68; side <= 72; side += 4) {
            uint32_t other = bytes_u32(e + side);
            if (other < o->entry_count && !is_seen[other] && n < o->entry_count) {
                waiting[n++] = other;
            }
        }
    }
    free(is_seen);
    free(waiting);
    return found;
}

bool ole_has(const struct ole *o, struct str name)
{
    return find(o, name) != NULL;
}

// A short stream, from small sectors.
static char *small_chain(const struct ole *o, uint32_t first, size_t most, size_t *ret_len)
{
    size_t size = (size_t)1 << MINI_SHIFT, len = 0;
    char  *into = memory_new(most + size);

    for (uint32_t n = first, steps = 0; n < LAST_SECTOR && len < most; n = o->mini[n]) {
        size_t from = (size_t)n << MINI_SHIFT;
        if (n >= o->mini_count || from >= o->small_len || steps++ >= o->mini_count) {
            free(into);
            return NULL;
        }
        size_t piece = o->small_len - from < size ? o->small_len - from : size;
        memcpy(into + len, o->small + from, piece);
        len += piece;
    }
    *ret_len = len < most ? len : most;
    return into;
}

char *ole_stream(const struct ole *o, struct str name, size_t *ret_len, struct import_problem *p)
{
    const char *e        = find(o, name);
    size_t      most     = e ? bytes_u32(e + 120) : 0;
    bool        is_small = most < o->small_before;
    char       *bytes    = NULL;

    if (e && is_small && o->small) {
        most  = most < o->small_len ? most : o->small_len;
        bytes = small_chain(o, first_of(e), most, ret_len);
    } else if (e && !is_small) {
        bytes = chain(o, first_of(e), most, ret_len);
    }
    if (!bytes) {
        import_problem_set(p, PROBLEM_WORKBOOK, 0, STR(""), STR(""));
    }
    return bytes;
}
