// Any packed bytes: what comes out is within the limits, or a problem says why nothing does. The
// input is a gzip file, then an archive, then the text of a gzip file that is right.
#include "fuzz.h"

#include <zlib.h>

#include "import/unpack.h"

static void end(char *text, size_t len, size_t size, const struct import_problem *p)
{
    if (text ? len > UNPACK_MOST || (len > (32 << 20) && len / ZIP_RATIO > size)
             : p->code == PROBLEM_NONE) {
        abort();
    }
    free(text);
}

static void pack(struct str text, char *into, size_t room, size_t *ret_len)
{
    z_stream z = { .next_in   = (Bytef *)(uintptr_t)text.at,
                   .avail_in  = (uInt)text.len,
                   .next_out  = (Bytef *)into,
                   .avail_out = (uInt)room };

    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&z, Z_FINISH) != Z_STREAM_END) {
        abort();
    }
    deflateEnd(&z);
    *ret_len = room - z.avail_out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str            bytes = { (const char *)data, size };
    struct import_problem p     = { 0 };
    size_t                len   = 0, packed;

    (void)unpack_is_gzip(bytes);
    end(unpack_gzip(bytes, &len, &p), len, size, &p);

    p               = (struct import_problem){ 0 };
    struct zip *zip = zip_open(bytes, UNPACK_MOST, &p);
    if (zip) {
        len = 0;
        free(unpack_zip(zip, unpack_tables, &len, &p)); // NULL without a problem: no table in it
        zip_free(zip);
    }

    char *room = memory_new(size + 1024), *text;
    pack(bytes, room, size + 1024, &packed);
    text = unpack_gzip((struct str){ room, packed }, &len, &p);
    if (!text || len != size || (size && memcmp(text, data, size) != 0)) {
        abort();
    }
    free(text);
    free(room);
    return 0;
}
