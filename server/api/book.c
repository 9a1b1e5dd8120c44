#include "api/book.h"

#include <zlib.h>

enum {
    PIECE       = 64 * 1024,
    COLUMNS_MAX = 1024,
    WIDTH_LEAST = 8,
    WIDTH_MOST  = 48,
    TEXT_MOST   = 32767, // characters of a cell
    TITLE_MOST  = 31,
    PARTS       = 6,
};

#define MAIN    "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define XML     "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

// A part of the archive: where it is and what it holds.
struct part {
    const char *name;
    uint32_t    at, crc, packed, size;
};

struct book {
    struct buf title; // escaped
    size_t     ours;
    size_t     rows, columns, head; // head: row of the header, or 0
    unsigned   widths[COLUMNS_MAX];
    struct buf text; // of the sheet, not packed yet
    bool       is_begun, is_wrong;

    // The archive: the sheet comes first, streamed; the small parts follow when it has ended.
    struct buf  zip;
    struct part parts[PARTS];
    size_t      count;
    z_stream    z;
};

static void add16(struct buf *b, unsigned n)
{
    buf_add_char(b, (char)(n & 255));
    buf_add_char(b, (char)(n >> 8 & 255));
}

static void add32(struct buf *b, uint32_t n)
{
    add16(b, n & 0xFFFF);
    add16(b, n >> 16);
}

// What stands before a part and, with its offset, in the table of contents. Sizes are zero before a
// part and follow it (a "data descriptor"), since they are known behind it.
static void add_head(struct buf *b, const struct part *p, bool is_central)
{
    enum {
        VERSION      = 20,
        SIZES_FOLLOW = 8,
        UTF8         = 0x800,
        DEFLATED     = 8,
        DATE         = (2020 - 1980) << 9 | 1 << 5 | 1
    };

    add32(b, is_central ? 0x02014b50 : 0x04034b50);
    if (is_central) {
        add16(b, VERSION);
    }
    add16(b, VERSION);
    add16(b, SIZES_FOLLOW | UTF8);
    add16(b, DEFLATED);
    add16(b, 0);
    add16(b, DATE); // the same table gives the same bytes
    add32(b, is_central ? p->crc : 0);
    add32(b, is_central ? p->packed : 0);
    add32(b, is_central ? p->size : 0);
    add16(b, (unsigned)strlen(p->name));
    add16(b, 0);
    if (is_central) {
        add16(b, 0);
        add16(b, 0);
        add16(b, 0);
        add32(b, 0);
        add32(b, p->at);
    }
    buf_add(b, str_of(p->name));
}

static void part_begin(struct book *b, const char *name)
{
    struct part *p = &b->parts[b->count];

    *p = (struct part){ .name = name,
                        .at   = (uint32_t)b->zip.len,
                        .crc  = (uint32_t)crc32(0, NULL, 0) };
    add_head(&b->zip, p, false);
    deflateReset(&b->z);
}

static void part_add(struct book *b, struct str text, bool is_last)
{
    struct part *p = &b->parts[b->count];
    char         out[PIECE];

    b->z.next_in  = (Bytef *)(uintptr_t)text.at;
    b->z.avail_in = (uInt)text.len;
    p->crc        = (uint32_t)crc32(p->crc, (const Bytef *)text.at, (uInt)text.len);
    p->size += (uint32_t)text.len;
    do {
        b->z.next_out  = (Bytef *)out;
        b->z.avail_out = sizeof out;
        deflate(&b->z, is_last ? Z_FINISH : Z_NO_FLUSH);
        size_t n = sizeof out - b->z.avail_out;
        p->packed += (uint32_t)n;
        buf_add(&b->zip, (struct str){ out, n });
    } while (b->z.avail_out == 0);
    if (is_last) {
        add32(&b->zip, 0x08074b50);
        add32(&b->zip, p->crc);
        add32(&b->zip, p->packed);
        add32(&b->zip, p->size);
        b->count++;
    }
}

static void part_whole(struct book *b, const char *name, struct str text)
{
    part_begin(b, name);
    part_add(b, text, true);
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// "_x0041_" would be read as "A": its first underscore is written as what stands for one.
static bool is_escape(struct str text, size_t i)
{
    return i + 7 <= text.len && text.at[i + 1] == 'x' && text.at[i + 6] == '_' &&
           is_hex(text.at[i + 2]) && is_hex(text.at[i + 3]) && is_hex(text.at[i + 4]) &&
           is_hex(text.at[i + 5]);
}

// Adds text as the content of an element, without what XML forbids.
static void add_text(struct buf *b, struct str text)
{
    size_t from = 0;

    for (size_t i = 0; i <= text.len; i++) {
        const char *with =
            i == text.len        ? ""
            : text.at[i] == '&'  ? "&amp;"
            : text.at[i] == '<'  ? "&lt;"
            : text.at[i] == '>'  ? "&gt;"
            : text.at[i] == '"'  ? "&quot;"
            : text.at[i] == '\r' ? "&#13;"
            : text.at[i] == '_'  ? (is_escape(text, i) ? "_x005F_" : NULL)
            : text.at[i] >= 0 && text.at[i] < 0x20 && text.at[i] != '\t' && text.at[i] != '\n'
                ? ""
                : NULL;
        if (with) {
            buf_add(b, str_sub(text, from, i - from));
            buf_add(b, str_of(with));
            from = i + 1;
        }
    }
}

struct book *book_new(struct str title, size_t ours)
{
    struct book *b     = memory_zero(sizeof *b);
    struct buf   clean = buf_init(256);
    size_t       count = 0;

    b->zip   = buf_init(BOOK_MOST);
    b->text  = buf_init(64 << 20);
    b->title = buf_init(1024);
    b->ours  = ours;
    for (size_t i = 0; i < title.len; i++) {
        count += ((unsigned char)title.at[i] & 0xC0) != 0x80;
        if (count > TITLE_MOST) {
            break;
        }
        buf_add_char(&clean, strchr("[]:*?/\\'", title.at[i]) ? ' ' : title.at[i]);
    }
    struct str text = str_trim(buf_str(&clean));
    add_text(&b->title, text.len ? text : STR("Feuille 1"));
    buf_done(&clean);
    if (deflateInit2(&b->z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        DIE("deflateInit2");
    }
    part_begin(b, "xl/worksheets/sheet1.xml");
    return b;
}

// What stands before the rows: known once the first of them are there.
static void begin_sheet(struct book *b)
{
    struct buf head = buf_init(1 << 20);

    b->is_begun = true;
    buf_add(&head,
            STR(XML "<worksheet xmlns=\"" MAIN "\"><sheetViews><sheetView workbookViewId=\"0\">"));
    if (b->head) {
        buf_printf(
            &head,
            "<pane ySplit=\"%zu\" topLeftCell=\"A%zu\" activePane=\"bottomLeft\" state=\"frozen\"/>",
            b->head, b->head + 1);
    }
    buf_add(&head, STR("</sheetView></sheetViews>"));
    if (b->columns) {
        buf_add(&head, STR("<cols>"));
        for (size_t i = 0; i < b->columns && i < COLUMNS_MAX; i++) {
            unsigned w = b->widths[i];
            w          = w < WIDTH_LEAST ? WIDTH_LEAST : w > WIDTH_MOST ? WIDTH_MOST : w;
            buf_printf(&head,
                       "<col min=\"%zu\" max=\"%zu\" width=\"%u\" style=\"1\" customWidth=\"1\"/>",
                       i + 1, i + 1, w + 2);
        }
        buf_add(&head, STR("</cols>"));
    }
    buf_add(&head, STR("<sheetData>"));
    part_add(b, buf_str(&head), false);
    buf_done(&head);
}

static void flush(struct book *b)
{
    if (!b->is_begun) {
        begin_sheet(b);
    }
    b->is_wrong |= buf_is_full(&b->text);
    part_add(b, buf_str(&b->text), false);
    buf_clear(&b->text);
}

static struct str letters(size_t column, char room[8])
{
    size_t at = 8;

    for (size_t n = column + 1; n && at; n = (n - 1) / 26) {
        room[--at] = (char)('A' + (n - 1) % 26);
    }
    return (struct str){ room + at, 8 - at };
}

// At most so many characters of what a spreadsheet counts (those beyond U+FFFF count twice).
static struct str cut(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; text.len > TEXT_MOST && i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        count += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
        if (count > TEXT_MOST) {
            text.len = i;
        }
    }
    return text;
}

void book_row(struct book *b, size_t row, const struct str *cells, size_t count,
              enum book_look look)
{
    char room[8];

    if (row <= b->rows) {
        DIE("book_row: the rows are not in their order");
    }
    b->rows    = row;
    b->head    = look == BOOK_HEAD ? row : b->head;
    count      = count < COLUMNS_MAX ? count : COLUMNS_MAX;
    b->columns = b->columns > count ? b->columns : count;
    buf_printf(&b->text, "<row r=\"%zu\">", row);
    for (size_t i = 0; i < count; i++) {
        struct str text = cut(cells[i]);
        if (!text.len) {
            continue;
        }
        // A title above the header would make its column as wide as itself.
        if (!b->is_begun && (look == BOOK_HEAD || b->head) && text.len > b->widths[i]) {
            b->widths[i] = text.len > WIDTH_MOST ? WIDTH_MOST : (unsigned)str_utf8_count(text);
        }
        struct str name  = letters(i, room);
        int        style = look == BOOK_PLAIN ? 1 : i < b->ours ? 2 : 3;
        buf_printf(&b->text,
                   "<c r=\"%.*s%zu\" s=\"%d\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
                   STR_ARG(name), row, style);
        add_text(&b->text, text);
        buf_add(&b->text, STR("</t></is></c>"));
    }
    buf_add(&b->text, STR("</row>"));
    if (b->text.len >= PIECE) {
        flush(b);
    }
}

static void end_sheet(struct book *b)
{
    char room[8];

    flush(b);
    buf_add(&b->text, STR("</sheetData>"));
    if (b->head && b->columns) {
        buf_printf(&b->text, "<autoFilter ref=\"A%zu:%.*s%zu\"/>", b->head,
                   STR_ARG(letters(b->columns - 1, room)), b->rows);
    }
    buf_add(&b->text, STR("</worksheet>"));
    part_add(b, buf_str(&b->text), true);
}

static void add_parts(struct book *b)
{
    static const char types[] = XML
        "<Types xmlns=\"" PACKAGE "content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Override PartName=\"/xl/workbook.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
        "<Override PartName=\"/xl/worksheets/sheet1.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        "<Override PartName=\"/xl/styles.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>";
    static const char root[] =
        XML "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" "
            "Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    static const char rels[] = XML
        "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
        "/worksheet\" "
        "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" OFFICE "/styles\" "
        "Target=\"styles.xml\"/></Relationships>";
    // Styles: 1 text, 2 header, 3 header of what we added.
    static const char styles[] = XML
        "<styleSheet xmlns=\"" MAIN
        "\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
        "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
        "<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>"
        "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFE3EDF7\"/></patternFill></fill></fills>"
        "<borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"4\"><xf/>"
        "<xf numFmtId=\"49\" applyNumberFormat=\"1\"/><xf numFmtId=\"49\" fontId=\"1\" applyNumberFormat=\"1\" applyFont=\"1\"/>"
        "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"2\" applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\"/></cellXfs></styleSheet>";
    struct buf book = buf_init(4096);

    buf_add(&book,
            STR(XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets><sheet name=\""));
    buf_add(&book, buf_str(&b->title));
    buf_add(&book, STR("\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"));
    part_whole(b, "[Content_Types].xml", str_of(types));
    part_whole(b, "_rels/.rels", str_of(root));
    part_whole(b, "xl/workbook.xml", buf_str(&book));
    part_whole(b, "xl/_rels/workbook.xml.rels", str_of(rels));
    part_whole(b, "xl/styles.xml", str_of(styles));
    buf_done(&book);
}

bool book_end(struct book *b, struct buf *ret)
{
    end_sheet(b);
    add_parts(b);
    uint32_t from = (uint32_t)b->zip.len;
    for (size_t i = 0; i < b->count; i++) {
        add_head(&b->zip, &b->parts[i], true);
    }
    uint32_t size = (uint32_t)b->zip.len - from;
    add32(&b->zip, 0x06054b50);
    add32(&b->zip, 0);
    add16(&b->zip, (unsigned)b->count);
    add16(&b->zip, (unsigned)b->count);
    add32(&b->zip, size);
    add32(&b->zip, from);
    add16(&b->zip, 0);
    buf_add(ret, buf_str(&b->zip));
    bool is_whole = !b->is_wrong && !buf_is_full(&b->zip) && !buf_is_full(ret);
    deflateEnd(&b->z);
    buf_done(&b->zip);
    buf_done(&b->text);
    buf_done(&b->title);
    free(b);
    return is_whole;
}
