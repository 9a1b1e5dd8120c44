#include "import/zip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "import/bytes.h"

enum {
    END_LEN     = 22,
    END_SEARCH  = END_LEN + 65535, // the comment behind it
    CENTRAL_LEN = 46,
    LOCAL_LEN   = 30,
    ENTRIES_MAX = 4096,
    RATIO_FROM  = 16 * 1024 * 1024, // bytes out before the ratio counts
};

struct place {
    struct str name;
    uint64_t   offset, stored, size;
    uint32_t   crc;
    unsigned   method, flags;
};

struct zip {
    struct str    bytes;
    uint64_t      most;
    struct place *places;
    size_t        count;
};

struct zip_entry {
    const struct place *place;
    uint64_t            most, given;
    z_stream            z;
    bool                is_deflated, at_end;
    uLong               crc;
};

static bool fail(struct import_problem *p, enum import_code code, struct str value)
{
    import_problem_set(p, code, 0, STR(""), value);
    return false;
}

// The end record, looked for from behind; NULL when the archive has none (it was cut).
static const char *find_end(struct str bytes)
{
    size_t most = bytes.len < END_SEARCH ? bytes.len : END_SEARCH;

    for (size_t n = END_LEN; n <= most; n++) {
        const char *at = bytes.at + bytes.len - n;
        if (memcmp(at, "PK\x05\x06", 4) == 0 && bytes_u16(at + 20) + (size_t)END_LEN <= n) {
            return at;
        }
    }
    return NULL;
}

// Sizes over 4 GB, or written as if they might be, stand in an extra field.
static void read_zip64(struct place *e, const char *extra, size_t len)
{
    while (len >= 4) {
        size_t id = bytes_u16(extra), n = bytes_u16(extra + 2);
        if (n + 4 > len) {
            return;
        }
        if (id == 1) {
            const char *at = extra + 4, *end = at + n;
            if (e->size == UINT32_MAX && end - at >= 8) {
                e->size = bytes_u64(at);
                at += 8;
            }
            if (e->stored == UINT32_MAX && end - at >= 8) {
                e->stored = bytes_u64(at);
                at += 8;
            }
            if (e->offset == UINT32_MAX && end - at >= 8) {
                e->offset = bytes_u64(at);
            }
            return;
        }
        extra += n + 4;
        len -= n + 4;
    }
}

static bool read_places(struct zip *zip, const char *end, struct import_problem *p)
{
    size_t   count = bytes_u16(end + 10);
    uint64_t at = bytes_u32(end + 16), stop = (uint64_t)(end - zip->bytes.at);

    if (bytes_u16(end + 4) || bytes_u16(end + 6) || count > ENTRIES_MAX) {
        return fail(p, PROBLEM_WORKBOOK, STR("archive trop grande ou en plusieurs volumes"));
    }
    zip->places = memory_zero((count ? count : 1) * sizeof *zip->places);
    for (size_t i = 0; i < count; i++) {
        if (at + CENTRAL_LEN > stop || memcmp(zip->bytes.at + at, "PK\x01\x02", 4) != 0) {
            return fail(p, PROBLEM_WORKBOOK, STR("table des matières de l’archive"));
        }
        const char *c = zip->bytes.at + at;
        size_t name = bytes_u16(c + 28), extra = bytes_u16(c + 30), comment = bytes_u16(c + 32);
        struct place *e = &zip->places[zip->count];
        if (at + CENTRAL_LEN + name + extra + comment > stop) {
            return fail(p, PROBLEM_WORKBOOK, STR("table des matières de l’archive"));
        }
        *e = (struct place){
            .name   = { c + CENTRAL_LEN, name },
            .flags  = bytes_u16(c + 8),
            .method = bytes_u16(c + 10),
            .crc    = bytes_u32(c + 16),
            .stored = bytes_u32(c + 20),
            .size   = bytes_u32(c + 24),
            .offset = bytes_u32(c + 42),
        };
        read_zip64(e, c + CENTRAL_LEN + name, extra);
        zip->count++;
        at += CENTRAL_LEN + name + extra + comment;
    }
    return true;
}

struct zip *zip_open(struct str bytes, uint64_t most, struct import_problem *p)
{
    const char *end = find_end(bytes);

    if (!end) {
        fail(p, PROBLEM_TRUNCATED, STR("classeur"));
        return NULL;
    }
    struct zip *zip = memory_zero(sizeof *zip);
    zip->bytes      = bytes;
    zip->most       = most;
    if (!read_places(zip, end, p)) {
        zip_free(zip);
        return NULL;
    }
    return zip;
}

void zip_free(struct zip *zip)
{
    if (zip) {
        free(zip->places);
        free(zip);
    }
}

size_t zip_count(const struct zip *zip)
{
    return zip->count;
}

struct str zip_name(const struct zip *zip, size_t index)
{
    return index < zip->count ? zip->places[index].name : STR("");
}

static const struct place *find(const struct zip *zip, struct str name)
{
    for (size_t i = 0; i < zip->count; i++) {
        if (str_eq_case(zip->places[i].name, name)) {
            return &zip->places[i];
        }
    }
    return NULL;
}

bool zip_has(const struct zip *zip, struct str name)
{
    return find(zip, name) != NULL;
}

struct zip_entry *zip_entry_open(const struct zip *zip, struct str name, struct import_problem *p)
{
    const struct place *e = find(zip, name);

    if (!e) {
        fail(p, PROBLEM_WORKBOOK, name);
        return NULL;
    }
    if (e->flags & 1) {
        fail(p, PROBLEM_PASSWORD, STR(""));
        return NULL;
    }
    uint64_t total = zip->bytes.len;
    if ((e->method != 0 && e->method != 8) || e->offset > total || total - e->offset < LOCAL_LEN ||
        memcmp(zip->bytes.at + e->offset, "PK\x03\x04", 4) != 0) {
        fail(p, PROBLEM_WORKBOOK, name);
        return NULL;
    }
    const char *local = zip->bytes.at + e->offset;
    uint64_t    from  = e->offset + LOCAL_LEN + bytes_u16(local + 26) + bytes_u16(local + 28);
    if (from > total || e->stored > total - from) {
        fail(p, PROBLEM_TRUNCATED, name);
        return NULL;
    }
    if (e->size > zip->most) {
        fail(p, PROBLEM_BOMB, name);
        return NULL;
    }
    struct zip_entry *entry = memory_zero(sizeof *entry);
    entry->place            = e;
    entry->most             = zip->most;
    entry->is_deflated      = e->method == 8;
    entry->z.next_in        = (Bytef *)(uintptr_t)(zip->bytes.at + from);
    entry->z.avail_in       = (uInt)e->stored; // a file is far smaller than 4 GB
    entry->crc              = crc32(0, Z_NULL, 0);
    if (entry->is_deflated && inflateInit2(&entry->z, -15) != Z_OK) {
        DIE("inflateInit2");
    }
    return entry;
}

void zip_entry_free(struct zip_entry *e)
{
    if (e) {
        if (e->is_deflated) {
            inflateEnd(&e->z);
        }
        free(e);
    }
}

static ssize_t wrong(const struct zip_entry *e, enum import_code code, struct import_problem *p)
{
    fail(p, code, e->place->name);
    return -1;
}

ssize_t zip_read(struct zip_entry *e, char *into, size_t most, struct import_problem *p)
{
    size_t n = 0;

    if (e->at_end) {
        return 0;
    }
    if (e->is_deflated) {
        e->z.next_out  = (Bytef *)into;
        e->z.avail_out = (uInt)most;
        int r;
        do {
            r = inflate(&e->z, Z_NO_FLUSH);
            n = most - e->z.avail_out;
        } while (r == Z_OK && n == 0);
        e->at_end = r == Z_STREAM_END;
        if (r != Z_OK && r != Z_STREAM_END) {
            // Nothing left to read and nothing given: the entry is cut.
            return wrong(e, r == Z_BUF_ERROR ? PROBLEM_TRUNCATED : PROBLEM_WORKBOOK, p);
        }
    } else {
        n = e->z.avail_in < most ? e->z.avail_in : most;
        memcpy(into, e->z.next_in, n);
        e->z.next_in += n;
        e->z.avail_in -= (uInt)n;
        e->at_end = e->z.avail_in == 0;
    }
    e->given += n;
    e->crc = crc32(e->crc, (const Bytef *)into, (uInt)n);
    if (e->given > e->most || (e->given > RATIO_FROM && e->given / ZIP_RATIO > e->place->stored)) {
        return wrong(e, PROBLEM_BOMB, p);
    }
    if (e->at_end && (uint32_t)e->crc != e->place->crc) {
        return wrong(e, PROBLEM_WORKBOOK, p);
    }
    return (ssize_t)n;
}

uint64_t zip_given(const struct zip_entry *e)
{
    return e->given;
}

uint64_t zip_size(const struct zip_entry *e)
{
    return e->place->size;
}
