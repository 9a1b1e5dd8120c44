#include "feed/plain.h"

#include <zlib.h>

#include "base/buf.h"
#include "import/charset.h"
#include "import/zip.h"

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
        if (state == Z_STREAM_END && z.avail_in > 18 && z.next_in[0] == 0x1F && z.next_in[1] == 0x8B) { // gzip files may follow each other
            state = inflateReset(&z);
        }
    }
    inflateEnd(&z);
    free(piece);
    return state == Z_STREAM_END && !buf_is_full(out);
}

static bool gzip_undone(struct str bytes, struct buf *out, struct arena *a, struct feed_fault *ret_fault)
{
    (void)a;
    if (!inflate_all(bytes, out)) {
        *ret_fault = (struct feed_fault){ 0, buf_is_full(out) ? STR("Le fichier décompressé dépasse 64 Mo") : STR("Le fichier compressé est abîmé ou coupé") };
        return false;
    }
    return true;
}

static bool is_feed(struct str name)
{
    static const char *const ends[] = { ".xml", ".rss", ".atom", ".json", ".jsonl", ".ndjson", ".csv", ".tsv" };
    for (size_t i = 0; i < LENGTH(ends); i++) {
        struct str end = str_of(ends[i]);
        if (name.len > end.len && str_eq_case(str_sub(name, name.len - end.len, end.len), end)) {
            return true;
        }
    }
    return false;
}

// The one file of the archive that is named like a feed, else the one file, besides what those of a Mac hold beside each file;
// absent when there is none or several.
static struct str only_file(const struct zip *zip)
{
    struct str found[2] = { { 0 } }; // any, feeds
    size_t     count[2] = { 0 };
    for (size_t i = 0; i < zip_count(zip); i++) {
        struct str name = zip_name(zip, i);
        if (str_ends(name, STR("/")) || str_starts(name, STR("__MACOSX/"))) {
            continue;
        }
        for (size_t k = 0; k < 1u + is_feed(name); k++) {
            found[k] = name;
            count[k]++;
        }
    }
    return count[1] == 1 ? found[1] : count[0] == 1 ? found[0] : (struct str){ 0 };
}

static bool entry_undone(const struct zip *zip, struct str name, struct buf *out, struct import_problem *p)
{
    struct zip_entry *e     = zip_entry_open(zip, name, p);
    char             *piece = memory_zero(PIECE);
    ssize_t           n     = -1;
    while (e && (n = zip_read(e, piece, PIECE, p)) > 0) {
        buf_add(out, (struct str){ piece, (size_t)n });
    }
    zip_entry_free(e);
    free(piece);
    return n == 0;
}

static bool zip_undone(struct str bytes, struct buf *out, struct arena *a, struct feed_fault *ret_fault)
{
    struct import_problem p      = { 0 };
    struct zip           *zip    = zip_open(bytes, FEED_BYTES, &p);
    bool                  is_ok  = zip != NULL;
    char                  why[1024];
    if (zip && !zip_has(zip, STR("[Content_Types].xml")) && !zip_has(zip, STR("content.xml"))) { // no workbook
        struct str name = only_file(zip);
        is_ok           = name.len && entry_undone(zip, name, out, &p);
        *ret_fault      = (struct feed_fault){ 0, STR("L’archive ne contient pas un fichier et un seul") };
    }
    if (!is_ok && p.code) {
        *ret_fault = (struct feed_fault){ 0, arena_str(a, str_of(import_problem_text(&p, why, sizeof why))) };
    }
    zip_free(zip);
    return is_ok;
}

static bool utf16_undone(struct str bytes, struct buf *out, struct arena *a, struct feed_fault *ret_fault)
{
    size_t len  = 0;
    char  *text = charset_from_utf16(bytes, &len);
    (void)a;
    if (!text) {
        *ret_fault = (struct feed_fault){ 0, STR("Le texte UTF-16 est abîmé ou coupé") };
        return false;
    }
    buf_add(out, (struct str){ text, len });
    free(text);
    return !buf_is_full(out);
}

static bool is_gzip(struct str bytes)
{
    return str_starts(bytes, STR("\x1F\x8B"));
}

static bool is_zip(struct str bytes)
{
    return str_starts(bytes, STR("PK\x03\x04"));
}

// XML in UTF-16 says so itself, and is read as it is.
static bool is_utf16(struct str bytes)
{
    return charset_is_utf16(bytes) && feed_format_of(bytes) != FEED_XML;
}

bool feed_plain(struct arena *a, struct str *bytes, struct feed_fault *ret_fault)
{
    static const struct {
        bool (*is_it)(struct str bytes);
        bool (*undo)(struct str bytes, struct buf *out, struct arena *a, struct feed_fault *ret_fault);
    } ways[] = { { is_gzip, gzip_undone }, { is_zip, zip_undone }, { is_utf16, utf16_undone } };
    bool is_ok = true;
    for (size_t i = 0; is_ok && i < LENGTH(ways) && bytes->len <= FEED_BYTES; i++) {
        if (ways[i].is_it(*bytes)) {
            struct buf out = buf_init(FEED_BYTES);
            is_ok          = ways[i].undo(*bytes, &out, a, ret_fault);
            *bytes         = is_ok && out.len ? arena_str(a, buf_str(&out)) : *bytes;
            buf_done(&out);
        }
    }
    return is_ok;
}
