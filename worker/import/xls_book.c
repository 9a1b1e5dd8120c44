#include "import/xls_private.h"

#include <stdlib.h>
#include <string.h>

#include "import/charset.h"

enum { BIFF5 = 0x0500, BIFF8 = 0x0600, REPLACEMENT = 0xFFFD };

bool xls_next(struct xls_record *r)
{
    const char *head = r->stream.at + r->at;

    if (r->stream.len - r->at < 4 || r->stream.len - r->at - 4 < bytes_u16(head + 2)) {
        r->rest = (struct str){ head, 0 };
        return false;
    }
    r->kind = bytes_u16(head);
    r->rest = (struct str){ head + 4, bytes_u16(head + 2) };
    r->at += 4 + r->rest.len;
    return true;
}

// Goes on in the next record, when that is what it is for.
static bool goes_on(struct xls_record *r)
{
    if (r->stream.len - r->at < 4 || bytes_u16(r->stream.at + r->at) != XLS_CONTINUE) {
        return false;
    }
    unsigned kind = r->kind;
    bool     ok   = xls_next(r);
    r->kind       = kind;
    return ok;
}

static const char *take(struct xls_record *r, size_t bytes)
{
    const char *at = r->rest.at;

    if (r->rest.len < bytes) {
        return NULL;
    }
    r->rest = str_sub(r->rest, bytes, r->rest.len - bytes);
    return at;
}

static bool skip(struct xls_record *r, uint64_t bytes)
{
    while (bytes) {
        if (!r->rest.len && !goes_on(r)) {
            return false;
        }
        size_t n = bytes < r->rest.len ? (size_t)bytes : r->rest.len;
        (void)take(r, n);
        bytes -= n;
    }
    return true;
}

static void put(struct buf *into, uint32_t code)
{
    char room[4];

    buf_add(into, (struct str){ room, charset_put(room, code) });
}

// Characters of one or two bytes each; where a record ends amid a text, the next one says anew
// which.
static bool add_characters(struct buf *into, struct xls_record *r, size_t count, bool is_wide)
{
    uint32_t high = 0; // the first half of a pair

    while (count) {
        if (!r->rest.len) {
            const char *flags = goes_on(r) ? take(r, 1) : NULL;
            if (!flags) {
                return false;
            }
            is_wide = *flags & 1;
        }
        const char *at = take(r, is_wide ? 2 : 1);
        if (!at) {
            return false;
        }
        uint32_t code   = is_wide ? bytes_u16(at) : (unsigned char)*at;
        bool     is_low = code >= 0xDC00 && code <= 0xDFFF;
        if (high) {
            put(into, is_low ? 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) : REPLACEMENT);
        }
        if (is_low && !high) {
            put(into, REPLACEMENT);
        }
        bool is_high = code >= 0xD800 && code <= 0xDBFF;
        high         = is_high ? code : 0;
        if (!is_high && !is_low) {
            put(into, code);
        }
        count--;
    }
    if (high) {
        put(into, REPLACEMENT);
    }
    return true;
}

// Reads a text as xls_add_text says, into any buffer.
static bool read_text(const struct xls_book *b, struct xls_record *r, size_t bytes,
                      struct buf *into)
{
    const char *at = r->rest.len || goes_on(r) ? take(r, bytes) : NULL;

    if (!at) {
        return false;
    }
    size_t count = bytes == 1 ? (unsigned char)*at : bytes_u16(at);
    if (b->is_old) {
        at = take(r, count);
        if (at) {
            charset_from_1252((struct str){ at, count }, into);
        }
        return at != NULL;
    }
    const char *flags = take(r, 1);
    if (!flags) {
        return false;
    }
    // Behind the characters: where their looks change, and how they are read aloud.
    uint64_t    behind = 0;
    const char *runs   = *flags & 8 ? take(r, 2) : NULL;
    if (*flags & 8 && !runs) {
        return false;
    }
    behind += runs ? 4 * (uint64_t)bytes_u16(runs) : 0;
    const char *aloud = *flags & 4 ? take(r, 4) : NULL;
    if (*flags & 4 && !aloud) {
        return false;
    }
    behind += aloud ? bytes_u32(aloud) : 0;
    return add_characters(into, r, count, *flags & 1) && skip(r, behind);
}

bool xls_add_text(struct xls_book *b, struct xls_record *r, size_t bytes)
{
    if (!read_text(b, r, bytes, &b->text) || buf_is_full(&b->text)) {
        return false;
    }
    if (b->count == b->cap) {
        b->cap  = b->cap ? b->cap * 2 : 1024;
        b->ends = memory_resize(b->ends, b->cap * sizeof *b->ends);
    }
    b->ends[b->count++] = (uint32_t)b->text.len;
    return true;
}

struct str xls_text(const struct xls_book *b, size_t index)
{
    if (index >= b->count) {
        return STR("");
    }
    size_t from = index ? b->ends[index - 1] : 0;
    return str_sub(buf_str(&b->text), from, b->ends[index] - from);
}

struct number_style xls_style(const struct xls_book *b, size_t style)
{
    return style < b->style_count ? b->formats[b->styles[style]] : (struct number_style){ 0 };
}

static bool read_shared(struct xls_book *b, struct xls_record *r)
{
    const char *head = take(r, 8);

    if (!head) {
        return false;
    }
    for (uint32_t left = bytes_u32(head + 4); left; left--) {
        if (!xls_add_text(b, r, 2)) {
            return false;
        }
    }
    return true;
}

static bool read_sheet(struct xls_book *b, struct xls_record *r)
{
    const char *head = take(r, 6);
    struct buf  name = buf_init(KIB(4));
    bool        ok   = head && read_text(b, r, 1, &name);

    // Kind 0: a sheet of cells.
    if (ok && head[5] == 0 && b->sheet_count < XLS_SHEETS) {
        char *copy = memory_new(name.len + 1);
        if (name.len) {
            memcpy(copy, name.at, name.len);
        }
        copy[name.len] = '\0';
        b->sheets[b->sheet_count++] =
            (struct xls_sheet){ .name = copy, .from = bytes_u32(head), .is_hidden = head[4] & 3 };
    }
    buf_done(&name);
    return ok;
}

static bool read_format(struct xls_book *b, struct xls_record *r)
{
    const char *id   = take(r, 2);
    struct buf  code = buf_init(KIB(4));
    bool        ok   = id && read_text(b, r, b->is_old ? 1 : 2, &code);

    if (ok) {
        b->formats[bytes_u16(id)] = number_style_of(buf_str(&code));
    }
    buf_done(&code);
    return ok;
}

static bool read_style(struct xls_book *b, struct xls_record *r)
{
    const char *head = take(r, 4);

    if (!head || b->style_count == XLS_FORMATS) {
        return false;
    }
    b->styles[b->style_count++] = (uint16_t)bytes_u16(head + 2);
    return true;
}

static bool read_epoch(struct xls_book *b, struct xls_record *r)
{
    b->is_1904 = r->rest.len && r->rest.at[0] & 1;
    return true;
}

static const struct {
    unsigned kind;
    bool (*read)(struct xls_book *b, struct xls_record *r);
} readers[] = {
    { XLS_1904, read_epoch },    { XLS_SHEET, read_sheet },   { XLS_STYLE, read_style },
    { XLS_SHARED, read_shared }, { XLS_FORMAT, read_format },
};

static bool refuse(enum import_code code, const char *what, struct import_problem *p)
{
    import_problem_set(p, code, 0, STR(""), str_of(what));
    return false;
}

bool xls_book_read(struct xls_book *b, struct str stream, struct import_problem *p)
{
    struct xls_record r = { .stream = stream };

    *b         = (struct xls_book){ .text = buf_init(XLS_STRINGS) };
    b->formats = memory_zero(XLS_FORMATS * sizeof *b->formats);
    b->styles  = memory_zero(XLS_FORMATS * sizeof *b->styles);
    for (unsigned id = 0; id < 64; id++) {
        b->formats[id] = number_style_built_in(id);
    }
    if (!xls_next(&r) || r.kind != XLS_BOF || r.rest.len < 4 ||
        (bytes_u16(r.rest.at) != BIFF8 && bytes_u16(r.rest.at) != BIFF5)) {
        return refuse(PROBLEM_NOT_CSV, "classeur Excel d’avant 1993", p);
    }
    b->is_old = bytes_u16(r.rest.at) == BIFF5;
    while (xls_next(&r) && r.kind != XLS_EOF) {
        if (r.kind == XLS_PASSWORD) {
            return refuse(PROBLEM_PASSWORD, "", p);
        }
        for (size_t i = 0; i < LENGTH(readers); i++) {
            if (readers[i].kind == r.kind && !readers[i].read(b, &r)) {
                return refuse(PROBLEM_WORKBOOK, "", p);
            }
        }
    }
    return r.kind == XLS_EOF || refuse(PROBLEM_WORKBOOK, "", p);
}

void xls_book_done(struct xls_book *b)
{
    for (size_t i = 0; i < b->sheet_count; i++) {
        free(b->sheets[i].name);
    }
    free(b->formats);
    free(b->styles);
    free(b->ends);
    buf_done(&b->text);
}
