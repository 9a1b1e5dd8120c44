// Any archive: entries give no more than the limit, the same each time; what was stored or deflated
// comes out as it went in. The input is the archive itself, a stream of deflate in an archive that
// is right otherwise, and the content of an entry.
#include "fuzz.h"

#include <zlib.h>

#include "base/buf.h"
#include "import/zip.h"

enum { MOST = 1 << 20, METHOD_STORED = 0, METHOD_DEFLATED = 8 };

static void put(struct buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        buf_add_char(b, (char)(i < 8 ? v >> (8 * i) & 0xFF : 0));
    }
}

// An archive of one entry "a".
static void put_archive(struct buf *b, int method, struct str data, uint64_t size, uint32_t crc)
{
    buf_clear(b);
    for (int central = 0; central < 2; central++) {
        buf_add(b, central ? STR("PK\x01\x02\x14\x00") : STR("PK\x03\x04"));
        put(b, 20, 2);
        put(b, 0, 2);
        put(b, (uint64_t)method, 2);
        put(b, 0, 4);
        put(b, crc, 4);
        put(b, data.len, 4);
        put(b, size, 4);
        put(b, 1, 2);
        put(b, 0, 2);
        put(b, 0, central ? 14 : 0);
        buf_add_char(b, 'a');
        if (!central) {
            buf_add(b, data);
        }
    }
    size_t at = 31 + data.len;
    size_t n  = b->len - at;
    buf_add(b, STR("PK\x05\x06"));
    put(b, 0, 4);
    put(b, 1, 2);
    put(b, 1, 2);
    put(b, n, 4);
    put(b, at, 4);
    put(b, 0, 2);
}

// Reads an entry in pieces of one size; false when it is wrong. The content is in ret.
static bool read_entry(const struct zip *z, struct str name, size_t piece, struct buf *ret)
{
    struct import_problem p = { 0 };
    struct zip_entry     *e = zip_entry_open(z, name, &p);
    char                  into[4096];
    ssize_t               n = -1;

    buf_clear(ret);
    while (e && (n = zip_read(e, into, piece, &p)) > 0) {
        buf_add(ret, (struct str){ into, (size_t)n });
        if (ret->len > MOST || zip_given(e) != ret->len) {
            abort();
        }
    }
    if (n < 0 && !p.code) {
        abort();
    }
    zip_entry_free(e);
    return n == 0;
}

// The entry comes the same in pieces of any size; `expected`, when given, is what it must be.
static void read_all(struct str bytes, const struct str *expected)
{
    static const struct str names[] = { STR_INIT("a"), STR_INIT("xl/workbook.xml"), STR_INIT("") };
    struct import_problem   p       = { 0 };
    struct zip             *z       = zip_open(bytes, MOST, &p);
    struct buf              one = buf_init(2 * MOST), other = buf_init(2 * MOST);

    if (!z && (!p.code || expected)) {
        abort();
    }
    for (size_t i = 0; z && i < LENGTH(names); i++) {
        bool is_right = read_entry(z, names[i], 4096, &one);
        if (read_entry(z, names[i], 7, &other) != is_right ||
            (is_right && (!zip_has(z, names[i]) || !str_eq(buf_str(&one), buf_str(&other))))) {
            abort();
        }
        if (expected && i == 0 && (!is_right || !str_eq(buf_str(&one), *expected))) {
            abort();
        }
    }
    zip_free(z);
    buf_done(&one);
    buf_done(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { size ? (const char *)data : "", size };
    uint32_t   crc   = (uint32_t)crc32(0, (const Bytef *)bytes.at, (uInt)size);
    struct buf b     = buf_init(4 * MOST);

    if (size > MOST / 2) {
        return 0;
    }
    read_all(bytes, NULL);
    put_archive(&b, METHOD_DEFLATED, bytes, 4 * size, crc);
    read_all(buf_str(&b), NULL);
    put_archive(&b, METHOD_STORED, bytes, size, crc);
    read_all(buf_str(&b), &bytes);
    if (size && size < KIB(64)) { // more of one letter would be a bomb by the ratio
        uLongf len    = compressBound(size);
        Bytef *packed = memory_new(len);
        // Two bytes of zlib in front, its checksum behind: between them is the stream of an
        // archive.
        if (compress2(packed, &len, data, size, 6) != Z_OK) {
            abort();
        }
        put_archive(&b, METHOD_DEFLATED, (struct str){ (char *)packed + 2, len - 6 }, size, crc);
        read_all(buf_str(&b), &bytes);
        free(packed);
    }
    buf_done(&b);
    return 0;
}
