#include "import/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FIRST = 256 * 1024, FREE = 16 * 1024 * 1024 }; // FREE: bytes out before the ratio counts

bool unpack_is_gzip(struct str bytes)
{
    return bytes.len > 18 && memcmp(bytes.at, "\x1F\x8B\x08", 3) == 0;
}

static char *refuse(char *text, enum import_code code, const char *what, struct import_problem *p)
{
    free(text);
    import_problem_set(p, code, 0, STR(""), str_of(what));
    return NULL;
}

char *unpack_gzip(struct str bytes, size_t *ret_len, struct import_problem *p)
{
    size_t   room = FIRST, len = 0;
    char    *text = memory_new(room);
    z_stream z    = { .next_in = (Bytef *)(uintptr_t)bytes.at, .avail_in = (uInt)bytes.len };
    int      r    = Z_OK;

    if (inflateInit2(&z, 15 + 16) != Z_OK) {
        DIE("inflateInit2");
    }
    while (r == Z_OK) {
        if (len == room) {
            room *= 2;
            text = memory_resize(text, room);
        }
        z.next_out  = (Bytef *)text + len;
        z.avail_out = (uInt)(room - len);
        r           = inflate(&z, Z_NO_FLUSH);
        len         = room - z.avail_out;
        if (len > UNPACK_MOST || (len > FREE && len / ZIP_RATIO > bytes.len)) {
            inflateEnd(&z);
            return refuse(text, PROBLEM_SWELLING, "", p);
        }
        // Several members one after the other are one text.
        if (r == Z_STREAM_END && z.avail_in > 18 && z.next_in[0] == 0x1F && z.next_in[1] == 0x8B) {
            r = inflateReset(&z);
        }
    }
    inflateEnd(&z);
    if (r != Z_STREAM_END) {
        return refuse(text, r == Z_BUF_ERROR ? PROBLEM_TRUNCATED : PROBLEM_UNREADABLE,
                      "archive gzip", p);
    }
    *ret_len = len;
    return text;
}

const char *const unpack_tables[]  = { ".csv", ".tsv", ".txt",  ".xlsx", ".xlsm",
                                       ".ods", ".htm", ".html", ".xls",  NULL };
const char *const unpack_geojson[] = { ".geojson", ".json", NULL };

// The name of the one entry that ends so; absent when there is none or several.
static struct str only_one(const struct zip *zip, const char *const endings[])
{
    struct str found = { 0 };

    for (size_t i = 0; i < zip_count(zip); i++) {
        struct str name   = zip_name(zip, i);
        bool       is_one = false;
        for (size_t k = 0; endings[k]; k++) {
            struct str ending = str_of(endings[k]);
            is_one |= name.len > ending.len &&
                      str_eq_case(str_sub(name, name.len - ending.len, ending.len), ending);
        }
        // What the archives of a Mac hold beside each file.
        if (!is_one || str_starts(name, STR("__MACOSX/"))) {
            continue;
        }
        if (found.len) {
            return (struct str){ 0 };
        }
        found = name;
    }
    return found;
}

char *unpack_zip(const struct zip *zip, const char *const endings[], size_t *ret_len,
                 struct import_problem *p)
{
    struct str        name = only_one(zip, endings);
    struct zip_entry *e    = name.len ? zip_entry_open(zip, name, p) : NULL;
    size_t            room = FIRST, len = 0;
    char             *text = e ? memory_new(room) : NULL;

    while (e) {
        if (len == room) {
            room *= 2;
            text = memory_resize(text, room);
        }
        ssize_t n = zip_read(e, text + len, room - len, p);
        if (n < 0) {
            free(text);
            text    = NULL;
            p->code = p->code == PROBLEM_BOMB ? PROBLEM_SWELLING : p->code;
        }
        if (n <= 0) {
            break;
        }
        len += (size_t)n;
    }
    zip_entry_free(e);
    *ret_len = len;
    return text;
}
