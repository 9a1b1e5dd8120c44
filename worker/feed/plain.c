#include "feed/plain.h"

#include <zlib.h>

#include "base/buf.h"

enum { PIECE = 256 * 1024, GZIP_ONLY = 16 + MAX_WBITS };

static bool inflate_all(struct str bytes, struct buf *out)
{
    z_stream z     = { 0 };
    char    *piece = memory_zero(PIECE);
    int      state = inflateInit2(&z, GZIP_ONLY);
    z.next_in      = (Bytef *)(uintptr_t)bytes.at;
    z.avail_in     = (uInt)bytes.len;
    while (state == Z_OK && !buf_is_full(out)) {
        z.next_out  = (Bytef *)piece;
        z.avail_out = PIECE;
        state       = inflate(&z, Z_NO_FLUSH);
        buf_add(out, (struct str){ piece, PIECE - z.avail_out });
        if (state == Z_STREAM_END && z.avail_in > 18) { // gzip files may follow each other
            state = inflateReset(&z);
        }
    }
    inflateEnd(&z);
    free(piece);
    return state == Z_STREAM_END && !buf_is_full(out);
}

bool feed_plain(struct arena *a, struct str *bytes, struct feed_fault *ret_fault)
{
    if (!str_starts(*bytes, STR("\x1F\x8B")) || bytes->len > FEED_BYTES) {
        return true;
    }
    struct buf out   = buf_init(FEED_BYTES);
    bool       is_ok = inflate_all(*bytes, &out);
    if (is_ok) {
        *bytes = arena_str(a, buf_str(&out));
    } else {
        *ret_fault = (struct feed_fault){ 0, buf_is_full(&out) ? STR("Le fichier décompressé dépasse 64 Mo") : STR("Le fichier compressé est abîmé ou coupé") };
    }
    buf_done(&out);
    return is_ok;
}
