// Workbooks of Excel before 2007: documents that another program wrote, and records made here.
#include "import/bytes.h"
#include "import/table.h"
#include "import/xls.h"

#include "reading.h"

enum {
    BOF    = 0x0809,
    END    = 0x000A,
    SHEET  = 0x0085,
    SHARED = 0x00FC,
    MORE   = 0x003C,
    FORMAT = 0x041E,
    STYLE  = 0x00E0,
};

static void put(struct buf *b, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        buf_add_char(b, (char)(number >> 8 * i));
    }
}

static void record(struct buf *b, unsigned kind, struct str body)
{
    put(b, kind, 2);
    put(b, body.len, 2);
    buf_add(b, body);
}

#define RECORD(b, kind, ...)                                                      \
    do {                                                                          \
        const unsigned char bytes_[] = { __VA_ARGS__ };                           \
        record((b), (kind), (struct str){ (const char *)bytes_, sizeof bytes_ }); \
    } while (0)

// A workbook of one sheet, "F", made of what is said of the whole and of its cells.
static struct buf workbook(struct str whole, struct str cells, unsigned char hidden)
{
    struct buf b    = buf_init(MIB(1));
    size_t     from = 8 + whole.len + 4 + 9 + 4;

    RECORD(&b, BOF, 0x00, 0x06, 0x05, 0x00);
    buf_add(&b, whole);
    RECORD(&b, SHEET, (unsigned char)from, (unsigned char)(from >> 8), 0, 0, hidden, 0, 1, 0, 'F');
    record(&b, END, STR(""));
    RECORD(&b, BOF, 0x00, 0x06, 0x10, 0x00);
    buf_add(&b, cells);
    record(&b, END, STR(""));
    return b;
}

// What a workbook gives: its text, or "!" and the problem.
static void expect(struct buf *whole, struct buf *cells, const char *wanted, const char *name)
{
    struct import_problem p    = { 0 };
    struct buf            b    = workbook(buf_str(whole), buf_str(cells), 0);
    struct grid          *g    = xls_read(buf_str(&b), -1, &p);
    struct str            text = g ? buf_str(&g->text) : str_of(import_code_name(p.code));

    check(str_eq(text, str_of(wanted)), "%s: %.*s", name, STR_ARG(text));
    grid_free(g);
    buf_done(&b);
    buf_clear(whole);
    buf_clear(cells);
}

static void test_numbers(void)
{
    struct buf w = buf_init(MIB(1)), c = buf_init(MIB(1));

    // Styles: 0 as it comes, 1 a date, 2 five digits, 3 as it comes, by its French name.
    RECORD(&w, FORMAT, 164, 0, 5, 0, 0, '0', '0', '0', '0', '0');
    RECORD(&w, FORMAT, 165, 0, 8, 0, 0, 'S', 't', 'a', 'n', 'd', 'a', 'r', 'd');
    RECORD(&w, STYLE, 0, 0, 0, 0);
    RECORD(&w, STYLE, 0, 0, 14, 0);
    RECORD(&w, STYLE, 0, 0, 164, 0);
    RECORD(&w, STYLE, 0, 0, 165, 0);
    // 3000 whole, 12.5 as a hundredth of 1250, then a whole number and a date in one record.
    RECORD(&c, 0x027E, 0, 0, 0, 0, 2, 0, 0xE2, 0x2E, 0, 0);
    RECORD(&c, 0x027E, 0, 0, 1, 0, 0, 0, 0x8B, 0x13, 0, 0);
    RECORD(&c, 0x00BD, 0, 0, 2, 0, 0, 0, 0x1A, 0, 0, 0, 1, 0, 0x22, 0xBF, 2, 0, 3, 0);
    // -1 whole, and a SIRET in eight bytes.
    RECORD(&c, 0x027E, 1, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF);
    RECORD(&c, 0x0203, 1, 0, 1, 0, 0, 0, 0, 0, 0x99, 0x14, 0x18, 0x04, 0xC3, 0x42);
    // VRAI, #N/A; the row is hidden.
    RECORD(&c, 0x0208, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0);
    RECORD(&c, 0x0205, 2, 0, 0, 0, 0, 0, 1, 0);
    RECORD(&c, 0x0205, 2, 0, 1, 0, 0, 0, 0x2A, 1);
    RECORD(&c, 0x027E, 3, 0, 0, 0, 3, 0, 0xE2, 0x2E, 0, 0);
    expect(
        &w, &c,
        "\"03000\"\t\"12.5\"\t\"6\"\t\"2023-03-15\"\n\"-1\"\t\"41816609600000\"\n\"VRAI\"\t\"#N/A\"\n\"3000\"\n",
        "numbers");
    buf_done(&w);
    buf_done(&c);
}

static void test_texts(void)
{
    struct buf w = buf_init(MIB(1)), c = buf_init(MIB(1));

    // "Café" parts amid a record, and goes on in two bytes a character; "😀"; a text with looks.
    RECORD(&w, SHARED, 3, 0, 0, 0, 3, 0, 0, 0, 5, 0, 0, 'C', 'a');
    RECORD(&w, MORE, 1, 'f', 0, 0xE9, 0, '!', 0, 2, 0, 1, 0x3D, 0xD8, 0x00, 0xDE, 1, 0, 8, 1, 0,
           'x', 0, 0, 0, 0);
    RECORD(&c, 0x00FD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    RECORD(&c, 0x00FD, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
    RECORD(&c, 0x00FD, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0);
    // A text of its own, after a gap; a formula whose text comes behind.
    RECORD(&c, 0x0204, 2, 0, 1, 0, 0, 0, 3, 0, 0, 'a', '"', 'b');
    RECORD(&c, 0x0006, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0);
    RECORD(&c, 0x0207, 2, 0, 0, 'O', 'K');
    // A formula that gave nothing, one that gave FAUX, one 1.
    RECORD(&c, 0x0006, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0);
    RECORD(&c, 0x0006, 3, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0);
    RECORD(&c, 0x0006, 3, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0);
    expect(&w, &c, "\"Café!\"\t\"😀\"\t\"x\"\n\n\t\"a\"\"b\"\n\"OK\"\t\t\"FAUX\"\t\"1\"\n", "texts");
    buf_done(&w);
    buf_done(&c);
}

static void test_order(void)
{
    struct buf w = buf_init(MIB(1)), c = buf_init(MIB(1));

    // Backwards, one cell twice, and a chart between that has a cell of its own.
    RECORD(&c, 0x0205, 1, 0, 1, 0, 0, 0, 1, 0);
    RECORD(&c, BOF, 0x00, 0x06, 0x20, 0x00);
    RECORD(&c, 0x0205, 0, 0, 0, 0, 0, 0, 1, 0);
    record(&c, END, STR(""));
    RECORD(&c, 0x0205, 1, 0, 0, 0, 0, 0, 1, 0);
    RECORD(&c, 0x0205, 0, 0, 1, 0, 0, 0, 1, 0);
    RECORD(&c, 0x0205, 0, 0, 1, 0, 0, 0, 0, 0);
    expect(&w, &c, "\t\"FAUX\"\n\"VRAI\"\t\"VRAI\"\n", "order");
    buf_done(&w);
    buf_done(&c);
}

static void test_merges(void)
{
    struct import_problem p = { 0 };
    struct buf            w = buf_init(MIB(1)), c = buf_init(MIB(1));

    // Rows 2 and 3 of the first column are one cell; the second column is hidden.
    RECORD(&c, 0x007D, 1, 0, 1, 0, 0, 10, 0, 0, 1, 0, 0, 0);
    RECORD(&c, 0x0205, 1, 0, 0, 0, 0, 0, 1, 0);
    RECORD(&c, 0x00E5, 2, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 5, 0);
    struct buf   b = workbook(buf_str(&w), buf_str(&c), 0);
    struct grid *g = xls_read(buf_str(&b), 0, &p);
    CHECK(g && g->merges.count == 1 && g->merges.at[0].first == 2 && g->merges.at[0].last == 3);
    CHECK(g && !g->is_hidden_column[0] && g->is_hidden_column[1] && !g->is_hidden_column[2]);
    grid_free(g);
    buf_done(&b);
    buf_done(&w);
    buf_done(&c);
}

static void test_refused(void)
{
    struct import_problem p = { 0 };
    struct buf            w = buf_init(MIB(1)), c = buf_init(MIB(1));

    expect(&w, &c, "empty_file", "nothing in it");
    RECORD(&w, 0x002F, 1, 0, 1, 0, 1, 0);
    expect(&w, &c, "workbook_password", "a password");
    RECORD(&c, 0x00FD, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0);
    expect(&w, &c, "workbook_damaged", "a text that is not there");
    RECORD(&c, 0x0205, 0, 0, 0, 1, 0, 0, 1, 0);
    expect(&w, &c, "workbook_damaged", "column 257");
    RECORD(&w, SHARED, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 'C');
    expect(&w, &c, "workbook_damaged", "a text that is cut");
    RECORD(&c, 0x0203, 0, 0, 0, 0);
    expect(&w, &c, "workbook_damaged", "a number that is cut");

    RECORD(&c, 0x0205, 0, 0, 0, 0, 0, 0, 1, 0);
    struct buf b = workbook(buf_str(&w), buf_str(&c), 1);
    CHECK(!xls_read(buf_str(&b), 1, &p) && p.code == PROBLEM_NO_SHEET);
    // Its only sheet is hidden: read nevertheless; bare records are a workbook too.
    struct grid *g = xls_read(buf_str(&b), -1, &p);
    CHECK(g && g->is_hidden[0] && strcmp(g->names[0], "F") == 0);
    grid_free(g);
    CHECK(xls_is(buf_str(&b)));
    g = xls_open(buf_str(&b), 0, &p);
    CHECK(g && g->sheet == 0);
    grid_free(g);
    for (size_t len = 0; len < b.len; len++) {
        CHECK(!xls_read(str_sub(buf_str(&b), 0, len), 0, &p) && p.code);
    }
    buf_done(&b);
    buf_done(&w);
    buf_done(&c);
}

static char *bytes_of(const char *name, size_t *ret_len)
{
    char  path[512];
    char *bytes = memory_new(MIB(1));

    snprintf(path, sizeof path, CORPUS "/%s", name);
    FILE *f  = fopen(path, "rb");
    *ret_len = f ? fread(bytes, 1, MIB(1), f) : 0;
    if (f) {
        fclose(f);
    }
    return bytes;
}

static void expect_file(const char *name, const char *wanted)
{
    struct import_problem p     = { 0 };
    struct buf            got   = buf_init(MIB(1));
    size_t                len   = 0;
    char                 *bytes = bytes_of(name, &len);
    struct table         *t =
        table_open((struct str){ bytes, len }, &(struct table_options){ .sheet = -1 }, &p);

    while (t && table_next(t, &p) == CSV_RECORD) {
        buf_printf(&got, "%d", (int)table_line(t));
        for (size_t i = 0; i < table_count(t); i++) {
            buf_add_char(&got, '|');
            buf_add(&got, table_field(t, i));
        }
        buf_add_char(&got, '\n');
    }
    check(str_eq(buf_str(&got), str_of(wanted)) && t && table_sheet(t) == 1 && table_is_workbook(t),
          "%s: %.*s %s", name, STR_ARG(buf_str(&got)), import_code_name(p.code));
    table_free(t);
    // Cut anywhere, it is refused or read as far as it goes.
    for (size_t cut = 0; cut < len; cut += 97) {
        table_free(
            table_open((struct str){ bytes, cut }, &(struct table_options){ .sheet = 1 }, &p));
    }
    buf_done(&got);
    free(bytes);
}

static void test_files(void)
{
    static const char wanted[] =
        "1|SIRET|Raison sociale|Code postal|Ville|Visité le|Actif\n"
        "3|41816609600069|OCTO Technology – café “Œuvre”|03000|Moulins|2023-03-15|VRAI\n"
        "4|01545141200025|FERME DU PRÉ|1000.5|Yzeure 😀|2023-03-15 14:30|FAUX|#N/A\n";

    expect_file("excel97.xls", wanted);
    expect_file("excel97-labels.xls", wanted);
    expect_file("excel95.xls", "1|SIRET|Raison sociale|Code postal|Ville|Actif\n"
                               "3|41816609600069|OCTO Technology|03000|Moulins|VRAI\n");
}

int main(void)
{
    RUN(test_numbers);
    RUN(test_texts);
    RUN(test_order);
    RUN(test_merges);
    RUN(test_refused);
    RUN(test_files);
    return tap_done();
}
