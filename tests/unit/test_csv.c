// The CSV reader, whatever the size of the pieces it is given.
#include "base/buf.h"
#include "import/csv.h"

#include "reading.h"

// Reads everything: fields joined by '/', records by '\n'; a problem as "!code line column".
static void read_all(struct str text, size_t piece, bool utf8_only, char *ret, size_t size)
{
    struct memory         m = { .text = text, .piece = piece };
    struct import_problem p = { 0 };
    struct csv           *csv =
        csv_open((struct csv_source){ memory_read, &m }, (struct csv_options){ .utf8_only = utf8_only }, &p);
    enum csv_step step = CSV_PROBLEM;
    size_t        n = 0;

    ret[0] = '\0';
    while (csv && (step = csv_next(csv, &p)) == CSV_RECORD) {
        if (!csv_header_count(csv)) {
            csv_set_header(csv);
        }
        for (size_t i = 0; i < csv_count(csv); i++) {
            struct str field = csv_field(csv, i);
            n += (size_t)snprintf(ret + n, size - n, "%s%.*s", i ? "/" : "",
                                  field.len > 100 ? 100 : (int)field.len, field.at);
        }
        n += (size_t)snprintf(ret + n, size - n, "\n");
    }
    if (step == CSV_PROBLEM) {
        snprintf(ret + n, size - n, "!%s %d %s", import_code_name(p.code), (int)p.line, p.column);
    }
    csv_free(csv);
}

static void expect_text(struct str text, const char *wanted, const char *name)
{
    static const size_t pieces[] = { 1, 3, 7, 1 << 20 };

    for (size_t i = 0; i < LENGTH(pieces); i++) {
        char got[4096];
        read_all(text, pieces[i], false, got, sizeof got);
        if (strcmp(got, wanted) != 0) {
            check(false, "%s, %zu bytes at a time: %s", name, pieces[i], got);
            return;
        }
    }
    check(true, "%s", name);
}

#define expect(text, wanted, name) expect_text(STR(text), wanted, name)

static void forgiven(struct str text, const char *wanted, const char *name)
{
    struct memory         m   = { .text = text, .piece = 5 };
    struct import_problem p   = { 0 };
    struct csv           *csv = csv_open((struct csv_source){ memory_read, &m },
                                         (struct csv_options){ .forgiving = true }, &p);
    struct buf            got = buf_init(4096);

    while (csv && csv_next(csv, &p) == CSV_RECORD) {
        if (!csv_header_count(csv)) {
            csv_set_header(csv);
        }
        for (size_t i = 0; i < csv_count(csv); i++) {
            buf_printf(&got, "%s%.*s", i ? "/" : "", STR_ARG(csv_field(csv, i)));
        }
        if (csv_fault(csv, &p)) {
            buf_printf(&got, " %s %d", import_code_name(p.code), (int)p.line);
        }
        buf_add_char(&got, '\n');
    }
    check(str_eq(buf_str(&got), str_of(wanted)), "%s, forgiven: %.*s", name, STR_ARG(buf_str(&got)));
    buf_done(&got);
    csv_free(csv);
}

#define expect_forgiven(text, wanted, name) forgiven(STR(text), wanted, name)

static char *repeat(const char *before, char c, size_t count, const char *after, size_t *ret_len)
{
    size_t a = strlen(before), b = strlen(after);
    char  *text = memory_new(a + count + b + 1);

    memcpy(text, before, a);
    memset(text + a, c, count);
    memcpy(text + a + count, after, b + 1);
    *ret_len = a + count + b;
    return text;
}

static void test_sizes(void)
{
    size_t len;
    char  *text = repeat("a;b\n1;2\n3;", 'x', 10 * 1024 * 1024, "\n5;6\n", &len);
    expect_text((struct str){ text, len }, "a/b\n1/2\n!line_too_long 3 b", "a line of 10 MB");
    free(text);

    text = repeat("a;b\n1;", 'x', CSV_FIELD_MAX + 1, "\n", &len);
    expect_text((struct str){ text, len }, "a/b\n!field_too_long 2 b", "a field over 256 KB");
    free(text);

    char wanted[512];
    text = repeat("a;b\n1;", 'x', CSV_FIELD_MAX, "\n3;4\n", &len);
    memset(wanted, 0, sizeof wanted);
    snprintf(wanted, sizeof wanted, "a/b\n1/%.100s\n3/4\n", text + 6);
    expect_text((struct str){ text, len }, wanted, "a field of 256 KB");
    free(text);

    text = repeat("a", ';', CSV_COLUMN_MAX, "\n", &len);
    expect_text((struct str){ text, len }, "!too_many_columns 1 513", "513 columns");
    free(text);

    text = repeat("a;b\n1;\"", '\n', 2 * 1024 * 1024, "", &len);
    expect_text((struct str){ text, len }, "a/b\n!quote_open 2 b",
                "a quote that swallows the file");
    free(text);
}

static void test_reading(void)
{
    expect("a,b,c\n1,2,3\n", "a/b/c\n1/2/3\n", "commas");
    expect("a;b;c\n1,5;2;3\n", "a/b/c\n1,5/2/3\n", "semicolons, with commas in numbers");
    expect("a\tb\n1;2\t3\n", "a/b\n1;2/3\n", "tabs");
    expect("a|b\n1|2\n", "a/b\n1/2\n", "bars");
    expect("sep=;\r\na;b,c\r\n1;2\r\n", "a/b,c\n1/2\n", "the line Excel adds");
    expect("siret\n1\n2\n", "siret\n1\n2\n", "one column");
    expect("nom;adresse\nA;1, rue X, Paris\nB;2, rue Y, Lyon\n",
           "nom/adresse\nA/1, rue X, Paris\nB/2, rue Y, Lyon\n", "commas in addresses");
    expect("\"a;x\";\"b\"\n\"1\";2\n", "a;x/b\n1/2\n", "separators in quotes");
    expect("a;b\n\"x\"\"y\"\"\";\"\"\n", "a/b\nx\"y\"/\n", "doubled quotes, empty quotes");
    expect("a;b\n\"1\n2\r\n3\";4\n5;6\n", "a/b\n1\n2\r\n3/4\n5/6\n", "line ends in quotes");
    expect("a;b\nx\"y;z\"\n", "a/b\nx\"y/z\"\n", "a quote inside a plain field is a letter");
    expect("a;b\r\n1;2\r\n", "a/b\n1/2\n", "CRLF");
    expect("a;b\r1;2\r", "a/b\n1/2\n", "CR");
    expect("a;b\n1;2", "a/b\n1/2\n", "no line end at the end");
    expect("a;b\n\n1;2\n;\n\n3;4\n", "a/b\n1/2\n3/4\n", "blank lines, lines of separators");
    expect("a;b;;\n1;2;;\n3;4\n", "a/b//\n1/2\n3/4\n", "empty columns dragged at the right");
    expect("\xEF\xBB\xBFsiret;nom\n1;\xC3\xA9t\xC3\xA9\n", "siret/nom\n1/\xC3\xA9t\xC3\xA9\n",
           "UTF-8 with mark");
    expect("a;b\n1;\xE9t\xE9 \x80 \x9C\n", "a/b\n1/\xC3\xA9t\xC3\xA9 \xE2\x82\xAC \xC5\x93\n",
           "Windows-1252");
    expect("a;b\n1;\xE9", "a/b\n1/\xC3\xA9\n", "Windows-1252 to the last byte");
    expect("a;b\n1;2\n\x1A", "a/b\n1/2\n", "the end-of-file mark of DOS");

    expect("", "!empty_file 1 ", "an empty file");
    expect("\xEF\xBB\xBF", "!empty_file 1 ", "a mark and nothing else");
    expect("\xFF\xFEs\0i\0r\0", "!utf16 1 1", "UTF-16");
    expect("\xFE\xFF\0s\0i", "!utf16 1 1", "UTF-16, big end first");
    expect("PK\x03\x04 whatever", "!not_csv 1 1", "a workbook");
    expect("%PDF-1.4", "!not_csv 1 1", "a PDF");
    expect("<!DOCTYPE html>", "!not_csv 1 1", "a page");
    expect("a;b\n1;x\0y\n", "a/b\n!binary 2 b", "a NUL byte");
    expect("a;b\n1;2\n3;\x02\n", "a/b\n1/2\n!binary 3 b", "a control character");
    expect("a;b\n1;\x81\n", "a/b\n!binary 2 b", "a byte Windows-1252 has not");
    expect("a;b\n1;\xC3\xA9\n2;\xE9\n", "a/b\n1/\xC3\xA9\n!mixed_encoding 3 b", "two encodings");
    expect("a;b\n1;\xC3\xA9\n2;\xC3", "a/b\n1/\xC3\xA9\n!truncated 3 b", "cut in a character");
    expect("a;b;c\n1;2\n", "a/b/c\n!column_count 2 c", "a column too few");
    expect("a;b;c\n1;2;3\n4;5", "a/b/c\n1/2/3\n!truncated 3 c", "a file cut in a line");
    expect("a;b\n1;2\n1;2;3\n", "a/b\n1/2\n!column_count 3 3", "a column too many");
    expect("a;b\n\"1\n\n2\";3\n4\n", "a/b\n1\n\n2/3\n!column_count 5 b",
           "lines are counted inside quotes");
    expect("a;b\n1;\"2\n3;4\n", "a/b\n!quote_open 2 b", "a quote never closed");
    expect("a;b\n1;\"2\"3\n", "a/b\n!quote_stray 2 b", "text behind a quote");
    expect("a;b\n\"1\" ;2\n", "a/b\n1/2\n", "a blank behind a quote");

    // What a forgiving reader gets over: fields, then the fault of the record.
    expect_forgiven("a;b\n1;\"2\n3;4\n", "a/b\n1/\"2 quote_read 2\n3/4\n", "a quote never closed");
    expect_forgiven("a;b\n1;\"2\"3\n4;5\n", "a/b\n1/\"2\"3 quote_read 2\n4/5\n", "text behind a quote");
    expect_forgiven("a;b;c\n1;\"2;3\n4;\"5\";6\n", "a/b/c\n1/\"2/3 quote_read 2\n4/5/6\n",
                    "a quote closed by the next one");
    expect_forgiven("a;b;c\n1;\"2;x\n4;5;6\n7;8;9\"\n",
                    "a/b/c\n1/\"2/x quote_read 2\n4/5/6\n7/8/9\"\n", "a quote closed lines below");
    expect_forgiven("a;b\n\"1\n2\";3\n", "a/b\n1\n2/3\n", "line ends in quotes are no fault");
    expect_forgiven("a;b\n1;2;3\n4\n5;6\n", "a/b\n1/2/3 column_count 2\n4 column_count 3\n5/6\n",
                    "columns too many, too few");
    expect_forgiven("a;b;c\n1;2;3\n4;5", "a/b/c\n1/2/3\n4/5 truncated 3\n", "cut in a line");
    expect_forgiven("a;b\n1;\xC3\xA9\n2;\xE9\n3;\xC3\xA9\n", "a/b\n1/\xC3\xA9\n2/\xC3\xA9\n3/\xC3\xA9\n",
                    "two encodings");

    expect_forgiven("a;b\n1;x\0y\n2;\x02z\n", "a/b\n1/xy\n2/ z\n", "NUL and control characters");
    expect_forgiven("a;b\n\xE9;\x81\n", "a/b\n\xC3\xA9/\xEF\xBF\xBD\n", "a byte Windows-1252 has not");

    // Encodings of before UTF-8, told apart by the letters that they make.
    expect("a;b\n1;Soci\x82t\x82 Cr\x8Ame, \x90tude\n",
           "a/b\n1/Société Crème, Étude\n", "MS-DOS");
    expect("a;b\n1;Soci\x8Et\x8E Cr\x8Fme, CR\xE9ME, l\xD5\x8Et\x8E \x88 Ch\x89teau\n",
           "a/b\n1/Société Crème, CRÈME, l’été à Château\n", "Macintosh");
    expect("a;b\n1;Caf\xE9 du C\xBDur, 12 \xA4\n", "a/b\n1/Café du Cœur, 12 €\n", "ISO 8859-15");
    expect("a;b\n1;C\x9Cur d\x92\xE9t\xE9, CR\xC8ME, \xC9TUDE, D\xC9P\xD4T \x80\n",
           "a/b\n1/Cœur d’été, CRÈME, ÉTUDE, DÉPÔT €\n", "Windows-1252 and no other");

    char got[256];
    read_all(STR("a;b\n1;\xE9\n"), 64, true, got, sizeof got);
    check(strcmp(got, "a/b\n!not_utf8 2 b") == 0, "Windows-1252 where UTF-8 is the rule: %s", got);

    struct memory         m = { .text = STR("a;nom\n1;x\n2;\xE9\n3;\xE8"), .piece = 5 };
    struct import_problem p = { 0 };
    struct csv           *csv =
        csv_open((struct csv_source){ memory_read, &m }, (struct csv_options){ 0 }, &p);
    check(csv_next(csv, &p) == CSV_RECORD, "the header");
    csv_set_header(csv);
    while (csv_next(csv, &p) == CSV_RECORD) {
    }
    check(csv_converted(csv, &p) && p.line == 3 && strcmp(p.column, "nom") == 0,
          "the conversion says where it began");
    check(csv_unterminated(csv, &p) && p.line == 4, "a last line without end is told");
    check(csv_next(csv, &p) == CSV_END, "the end stays the end");
    csv_free(csv);
    csv_free(NULL);
}

// What a forgiving reader tells once of the whole, and where it stops.
static void test_strange_bytes(void)
{
    struct buf            text = buf_init(KIB(64));
    struct import_problem p    = { 0 };

    buf_add(&text, STR("a;nom\n1;x\n2;y\0\n3;\x01\n"));
    struct memory m   = { .text = buf_str(&text), .piece = 4096 };
    struct csv   *csv = csv_open((struct csv_source){ memory_read, &m },
                                 (struct csv_options){ .forgiving = true }, &p);
    check(csv_next(csv, &p) == CSV_RECORD, "the header");
    csv_set_header(csv);
    while (csv_next(csv, &p) == CSV_RECORD) {
    }
    check(csv_cleared(csv, &p) && p.line == 3 && strcmp(p.column, "nom") == 0,
          "bytes that are no text are told once, where they begin");
    csv_free(csv);

    for (int i = 0; i < 40; i++) {
        buf_add(&text, STR("4;\0\n"));
    }
    m   = (struct memory){ .text = buf_str(&text), .piece = 4096 };
    csv = csv_open((struct csv_source){ memory_read, &m }, (struct csv_options){ .forgiving = true },
                   &p);
    while (csv_next(csv, &p) == CSV_RECORD) {
    }
    check(csv_next(csv, &p) == CSV_PROBLEM && p.code == PROBLEM_BINARY, "too many of them are no text");
    csv_free(csv);
    buf_done(&text);
}

int main(void)
{
    RUN(test_reading);
    RUN(test_strange_bytes);
    RUN(test_sizes);
    return tap_done();
}
