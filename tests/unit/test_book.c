// Workbooks as they are given back, read again by the reader of those that are received.
#include "api/book.h"
#include "import/table.h"

#include "reading.h"

// The text of a workbook, "row|cell|cell" a line; the title of its sheet must be the one wanted.
static void expect(struct buf *bytes, const char *title, const char *wanted)
{
    struct import_problem p   = { 0 };
    struct buf            got = buf_init(MIB(8));
    struct table *t = table_open(buf_str(bytes), &(struct table_options){ .sheet = -1 }, &p);

    while (t && table_next(t, &p) == CSV_RECORD) {
        buf_printf(&got, "%d", (int)table_line(t));
        for (size_t i = 0; i < table_count(t); i++) {
            buf_add_char(&got, '|');
            buf_add(&got, table_field(t, i));
        }
        buf_add_char(&got, '\n');
    }
    check(str_eq(buf_str(&got), str_of(wanted)), "%.*s (%s)", STR_ARG(buf_str(&got)),
          import_code_name(p.code));
    if (t) {
        CHECK_STR(table_sheet_name(t, 0), title);
    }
    table_free(t);
    buf_done(&got);
}

#define ROW(b, n, look, ...)                                \
    do {                                                    \
        const struct str cells_[] = { __VA_ARGS__ };        \
        book_row((b), (n), cells_, LENGTH(cells_), (look)); \
    } while (0)

static void test_cells(void)
{
    struct buf   bytes = buf_init(MIB(8));
    struct book *b     = book_new(STR("Suivi"), 3);

    ROW(b, 2, BOOK_PLAIN, STR("Employeurs suivis"));
    ROW(b, 4, BOOK_HEAD, STR("SIRET"), STR("Nom"), STR(""), STR("SIRET trouvé"));
    // Zeros stay, formulas are none, what XML minds is written, line ends too; what it forbids
    // goes.
    ROW(b, 5, BOOK_PLAIN, STR("01545141200025"), STR("=1+1"), STR("A & <B> \"C\""),
        STR("deux\nlignes"));
    ROW(b, 6, BOOK_PLAIN, STR("_x0041_"),
        STR("a\x01"
            "b"),
        STR(""), STR(" bords "));
    CHECK(book_end(b, &bytes));
    expect(&bytes, "Suivi",
           "2|Employeurs suivis\n4|SIRET|Nom||SIRET trouvé\n"
           "5|01545141200025|=1+1|A & <B> \"C\"|deux\nlignes\n6|_x0041_|ab|| bords \n");
    buf_done(&bytes);
}

static void test_titles(void)
{
    static const struct {
        const char *given, *kept;
    } titles[] = {
        { "", "Feuille 1" },
        { "Été : 2026/27 [x]", "Été   2026 27  x" },
        { "Un nom de feuille qui dépasse trente et un caractères",
          "Un nom de feuille qui dépasse t" },
    };

    for (size_t i = 0; i < LENGTH(titles); i++) {
        struct buf   bytes = buf_init(MIB(1));
        struct book *b     = book_new(str_of(titles[i].given), 1);
        ROW(b, 1, BOOK_HEAD, STR("SIRET"));
        CHECK(book_end(b, &bytes));
        expect(&bytes, titles[i].kept, "1|SIRET\n");
        buf_done(&bytes);
    }
}

// A cell holds 32,767 characters; a workbook no more than its room.
static void test_limits(void)
{
    struct buf   bytes = buf_init(MIB(8)), small = buf_init(512), text = buf_init(MIB(1));
    struct book *b = book_new(STR("Long"), 1);

    for (size_t i = 0; i < 40000; i++) {
        buf_add(&text, STR("é"));
    }
    ROW(b, 1, BOOK_PLAIN, buf_str(&text));
    CHECK(book_end(b, &bytes));
    struct import_problem p = { 0 };
    struct table *t = table_open(buf_str(&bytes), &(struct table_options){ .sheet = 0 }, &p);
    CHECK(t && table_next(t, &p) == CSV_RECORD && table_field(t, 0).len == 2 * (size_t)32767);
    table_free(t);
    b = book_new(STR("Petit"), 1);
    ROW(b, 1, BOOK_PLAIN, STR("x"));
    CHECK(!book_end(b, &small));
    buf_done(&bytes);
    buf_done(&small);
    buf_done(&text);
}

// The same table gives the same bytes; many rows and columns come back as many.
static void test_many(void)
{
    struct buf one = buf_init(MIB(8)), two = buf_init(MIB(8));

    for (int k = 0; k < 2; k++) {
        struct book *b = book_new(STR("Grand"), 400);
        for (size_t row = 1; row <= 300; row++) {
            struct str cells[400];
            for (size_t i = 0; i < LENGTH(cells); i++) {
                cells[i] = (row * i) % 7 ? STR("valeur") : STR("");
            }
            cells[399] = STR("fin");
            book_row(b, row, cells, LENGTH(cells), row == 1 ? BOOK_HEAD : BOOK_PLAIN);
        }
        CHECK(book_end(b, k ? &two : &one));
    }
    CHECK(str_eq(buf_str(&one), buf_str(&two)));
    struct import_problem p = { 0 };
    struct table         *t = table_open(buf_str(&one), &(struct table_options){ .sheet = -1 }, &p);
    size_t                rows = 0;
    while (t && table_next(t, &p) == CSV_RECORD) {
        rows++;
        CHECK(table_count(t) == 400);
        CHECK_STR(table_field(t, 399), "fin");
    }
    CHECK(rows == 300);
    table_free(t);
    buf_done(&one);
    buf_done(&two);
}

int main(void)
{
    RUN(test_cells);
    RUN(test_titles);
    RUN(test_limits);
    RUN(test_many);
    return tap_done();
}
