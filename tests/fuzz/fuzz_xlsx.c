// Any archive: a workbook gives its rows in order, as valid text, twice the same; or says what is
// wrong. Mutating a compressed archive finds its checksums first, so the input may also be the bare
// XML of a sheet, put into an archive that is right.
#include "fuzz.h"

#include <zlib.h>

#include "base/buf.h"
#include "import/xlsx.h"

static void put16(struct buf *b, unsigned v)
{
    buf_add_char(b, (char)(v & 0xFF));
    buf_add_char(b, (char)(v >> 8 & 0xFF));
}

static void put32(struct buf *b, unsigned long v)
{
    put16(b, (unsigned)(v & 0xFFFF));
    put16(b, (unsigned)(v >> 16 & 0xFFFF));
}

// One stored entry, and its line of the central directory.
static void put_entry(struct buf *b, struct buf *central, struct str name, struct str data)
{
    unsigned long crc     = crc32(0, (const Bytef *)(data.at ? data.at : ""), (uInt)data.len);
    size_t        at      = b->len;
    struct buf   *both[2] = { b, central };

    buf_add(b, STR("PK\x03\x04"));
    buf_add(central, STR("PK\x01\x02"));
    put16(central, 20);
    for (int i = 0; i < 2; i++) {
        put16(both[i], 20);
        put32(both[i], 0);
        put32(both[i], 0);
        put32(both[i], crc);
        put32(both[i], data.len);
        put32(both[i], data.len);
        put16(both[i], (unsigned)name.len);
        put16(both[i], 0);
    }
    put16(central, 0);
    put32(central, 0);
    put32(central, 0);
    put32(central, at);
    buf_add(central, name);
    buf_add(b, name);
    buf_add(b, data);
}

static void put_book(struct buf *b, struct str sheet)
{
    struct buf central = buf_init(KIB(64));

    put_entry(
        b, &central, STR("xl/workbook.xml"),
        STR("<workbook xmlns:r=\"r\"><sheets><sheet name=\"A\" r:id=\"a\"/></sheets></workbook>"));
    put_entry(
        b, &central, STR("xl/_rels/workbook.xml.rels"),
        STR("<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"s\"/>"
            "<Relationship Id=\"b\" Type=\"x/styles\" Target=\"t\"/>"
            "<Relationship Id=\"c\" Type=\"x/sharedStrings\" Target=\"u\"/></Relationships>"));
    put_entry(
        b, &central, STR("xl/t"),
        STR("<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"00000\"/></numFmts>"
            "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs>"
            "</styleSheet>"));
    put_entry(b, &central, STR("xl/u"),
              STR("<sst><si><t>un</t></si><si><r><t>de</t></r><r><t>ux</t></r></si></sst>"));
    put_entry(b, &central, STR("xl/s"), sheet);
    size_t at = b->len;
    buf_add(b, buf_str(&central));
    buf_add(b, STR("PK\x05\x06"));
    put32(b, 0);
    put16(b, 5);
    put16(b, 5);
    put32(b, central.len);
    put32(b, at);
    put16(b, 0);
    buf_done(&central);
}

// Reads all rows; their number, and a checksum of what they hold.
static size_t read_rows(struct xlsx *x, unsigned long *ret_sum)
{
    struct import_problem p     = { 0 };
    size_t                count = 0;
    uint64_t              last  = 0;

    *ret_sum = 0;
    while (xlsx_next(x, &p) == CSV_RECORD) {
        if (xlsx_line(x) <= last || xlsx_count(x) > CSV_COLUMN_MAX) {
            abort();
        }
        last = xlsx_line(x);
        for (size_t i = 0; i < xlsx_count(x); i++) {
            struct str text = xlsx_field(x, i);
            if (text.len > CSV_FIELD_MAX || !str_is_utf8(text)) {
                abort();
            }
            *ret_sum = crc32(*ret_sum, (const Bytef *)text.at, (uInt)text.len);
        }
        count++;
    }
    return count;
}

static void read_twice(struct str bytes)
{
    struct import_problem p = { 0 };
    struct xlsx          *x = xlsx_is(bytes) ? xlsx_open(bytes, -1, &p) : NULL;
    unsigned long         first, second;

    if (x) {
        size_t count = read_rows(x, &first);
        if (xlsx_rewind(x, &p) && (read_rows(x, &second) != count || first != second)) {
            abort();
        }
    }
    xlsx_free(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { (const char *)data, size };
    struct buf book  = buf_init(MIB(32));

    read_twice(bytes);
    put_book(&book, bytes);
    read_twice(buf_str(&book));
    buf_done(&book);
    return 0;
}
