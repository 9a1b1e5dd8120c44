// Any spreadsheet of LibreOffice or web page: it is refused, or a text that the CSV reader reads
// with the rows and cells that it says. The first byte chooses the kind and the sheet.
#include "grids.h"

#include <zlib.h>

#include "import/ods.h"
#include "import/table.h"
#include "import/webpage.h"

static void put(struct buf *b, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        buf_add_char(b, (char)(value >> 8 * i & 0xFF));
    }
}

// The head of a stored entry, in its place or in the table of contents.
static void put_head(struct buf *b, const char *name, struct str data, size_t at, bool is_central)
{
    buf_add(b, is_central ? STR("PK\x01\x02\x14\x00") : STR("PK\x03\x04"));
    put(b, 20, 2);
    put(b, 0, 8); // flags, method, time
    put(b, crc32(0, (const Bytef *)data.at, (uInt)data.len), 4);
    put(b, data.len, 4);
    put(b, data.len, 4);
    put(b, strlen(name), 2);
    put(b, 0, is_central ? 8 : 2);
    put(b, 0, is_central ? 4 : 0);
    put(b, at, is_central ? 4 : 0);
    buf_add(b, str_of(name));
}

// The bytes as the content of a spreadsheet.
static void open_archive(struct str bytes, int sheet)
{
    const struct {
        const char *name;
        struct str  data;
    } entries[] = { { "mimetype", STR("application/vnd.oasis.opendocument.spreadsheet") },
                    { "content.xml", bytes } };
    struct buf            b = buf_init(1 << 24);
    struct import_problem p = { 0 };
    size_t                at[LENGTH(entries)], from;

    for (size_t i = 0; i < LENGTH(entries); i++) {
        at[i] = b.len;
        put_head(&b, entries[i].name, entries[i].data, 0, false);
        buf_add(&b, entries[i].data);
    }
    from = b.len;
    for (size_t i = 0; i < LENGTH(entries); i++) {
        put_head(&b, entries[i].name, entries[i].data, at[i], true);
    }
    size_t end = b.len;
    buf_add(&b, STR("PK\x05\x06"));
    put(&b, 0, 4);
    put(&b, LENGTH(entries), 2);
    put(&b, LENGTH(entries), 2);
    put(&b, end - from, 4);
    put(&b, from, 4);
    put(&b, 0, 2);
    struct zip *zip = zip_open(buf_str(&b), 1 << 24, &p);
    if (!zip || !ods_is(zip)) {
        abort();
    }
    fuzz_end_grid(ods_open(zip, sheet, &p), &p);
    zip_free(zip);
    buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct import_problem p     = { 0 };
    struct str            bytes = { size ? (const char *)data + 1 : "", size ? size - 1 : 0 };
    int                   sheet = size ? (data[0] >> 1) % 4 - 1 : -1;

    if (size && data[0] & 8) {
        open_archive(bytes, sheet);
    } else if (size && data[0] & 1) {
        (void)ods_is_flat(bytes);
        fuzz_end_grid(ods_read(bytes, sheet, &p), &p);
    } else {
        (void)webpage_is(bytes);
        fuzz_end_grid(webpage_open(bytes, sheet, &p), &p);
    }
    return 0;
}
