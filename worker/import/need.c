#include "import/need.h"

#include "import/columns.h"
#include "import/siret.h"
#include "import/table.h"

enum { HEADER_ROWS = 20 };

enum column { SIRET, FAP, ROME, LABEL, POSTS, HARD, SEASONAL, YEAR, COLUMNS };

static const struct column_name known[COLUMNS] = {
    [SIRET] = { "siret|siretetablissement|numerosiret|nosiret|nsiret", "SIRET", true },
    [FAP] = { "codemetierbmo|codefap|fap|codemetier|metierbmo|fap2009", "Code métier BMO", false },
    [ROME]  = { "coderome|rome|romecode", "ROME", false },
    [LABEL] = { "nommetierbmo|libellemetierbmo|libellemetier|nommetier|metier|libelle",
                "Nom métier BMO", false },
    [POSTS] = { "met|projets|projetsderecrutement|nombredeprojets|nbprojets|postes|nombredepostes|nbpostes",
                "met", true },
    [HARD]     = { "xmet|projetsdifficiles|difficiles|dontdifficiles|difficile", "xmet", false },
    [SEASONAL] = { "smet|projetssaisonniers|saisonniers|dontsaisonniers|saisonnier", "smet",
                   false },
    [YEAR]     = { "annee|millesime", "annee", false },
};

struct reader {
    struct table *table;
    int           at[COLUMNS];
    struct buf   *out;
};

// Whether a header is one of the names, separated by |.
static bool is_named(struct str key, const char *names)
{
    struct str rest = str_of(names);
    for (struct str name; str_cut(&rest, '|', &name);) {
        if (str_eq(name, key)) {
            return true;
        }
    }
    return false;
}

// Takes the record read last for the header; how many columns it knows.
static int look(struct reader *r)
{
    int found = 0;

    for (int c = 0; c < COLUMNS; c++) {
        r->at[c] = COLUMN_NONE;
    }
    for (size_t i = 0; i < table_count(r->table) && i < CSV_COLUMN_MAX; i++) {
        char key[KEY_MAX];
        column_key(table_field(r->table, i), key);
        for (int c = 0; c < COLUMNS; c++) {
            if (r->at[c] == COLUMN_NONE && is_named(str_of(key), known[c].names)) {
                r->at[c] = (int)i;
                found++;
                break;
            }
        }
    }
    return found;
}

static bool missing(struct import_problem *p, uint64_t line, const char *label)
{
    import_problem_set(p, PROBLEM_MISSING, line, str_of(label), STR(""));
    return false;
}

// Finds the header among the first lines: the one with a SIRET and a number.
static bool find_header(struct reader *r, struct import_problem *p)
{
    enum csv_step step      = CSV_END;
    uint64_t      line      = 0;
    bool          has_siret = false, has_posts = false;

    for (int i = 0; i < HEADER_ROWS && (step = table_next(r->table, p)) == CSV_RECORD; i++) {
        if (look(r) && r->at[SIRET] != COLUMN_NONE) {
            has_siret = true;
            line      = table_line(r->table);
            has_posts = r->at[POSTS] != COLUMN_NONE;
            if (has_posts && (r->at[FAP] != COLUMN_NONE || r->at[ROME] != COLUMN_NONE)) {
                return true;
            }
        }
    }
    if (step == CSV_PROBLEM) {
        return false;
    }
    return missing(p, line,
                   !has_siret   ? known[SIRET].label
                   : !has_posts ? known[POSTS].label
                                : "Code métier BMO ou ROME");
}

static struct str cell(const struct reader *r, enum column c)
{
    return r->at[c] == COLUMN_NONE ? (struct str){ 0 }
                                   : str_trim(table_field(r->table, (size_t)r->at[c]));
}

static void open_row(struct reader *r)
{
    if (r->out->len > 1) {
        buf_add_char(r->out, ',');
    }
    buf_printf(r->out, "\n{\"line\":%llu", (unsigned long long)table_line(r->table));
}

static void fault(struct reader *r, enum import_code code, enum column c, struct str value)
{
    struct import_problem p;
    char                  text[1024];

    import_problem_set(&p, code, table_line(r->table), str_of(known[c].label), value);
    open_row(r);
    buf_add(r->out, STR(",\"field\":"));
    buf_add_json(r->out, str_of(p.column));
    buf_printf(r->out, ",\"code\":\"%s\",\"message\":", import_code_name(code));
    buf_add_json(r->out, str_of(import_problem_message(&p, text, sizeof text)));
    buf_add_char(r->out, '}');
}

// A number as spreadsheets write it ("1 200", "4,0"): -1 when unknown ("*" or nothing), -2 when it
// is none.
static int64_t number(struct str text)
{
    char   digits[24];
    size_t n = 0;

    if (text.len == 0 || str_eq(text, STR("*"))) {
        return -1;
    }
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c == ',' || c == '.') && i + 1 < text.len) {
            for (i++; i < text.len; i++) {
                if (text.at[i] != '0') {
                    return -2;
                }
            }
            break;
        }
        // Blanks, no-break ones (U+00A0, U+202F) included.
        if (c == ' ' || c == 0xC2 || c == 0xA0 || c == 0xE2 || c == 0x80 || c == 0xAF) {
            continue;
        }
        if (c < '0' || c > '9' || n == 9) {
            return -2;
        }
        digits[n++] = (char)c;
    }
    int64_t value;
    return n && str_int((struct str){ digits, n }, &value) ? value : -2;
}

// How many of the projects are so, or yes and no: 1, 0, -1 unknown, -2 neither.
static int some(struct str text)
{
    char key[KEY_MAX];

    column_key(text, key);
    if (strcmp(key, "oui") == 0 || strcmp(key, "vrai") == 0) {
        return 1;
    }
    if (strcmp(key, "non") == 0 || strcmp(key, "faux") == 0) {
        return 0;
    }
    int64_t n = number(text);
    return n < 0 ? (int)n : n > 0;
}

static bool is_rome(struct str code)
{
    bool ok = code.len == 5 && code.at[0] >= 'A' && code.at[0] <= 'N';
    for (size_t i = 1; ok && i < 5; i++) {
        ok = code.at[i] >= '0' && code.at[i] <= '9';
    }
    return ok;
}

static bool is_fap(struct str code)
{
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) {
            return false;
        }
    }
    return code.len >= 3 && code.len <= 10;
}

static void put_text(struct reader *r, const char *name, struct str value)
{
    if (value.len) {
        buf_printf(r->out, ",\"%s\":", name);
        buf_add_json(r->out, value);
    }
}

static void put_flag(struct reader *r, const char *name, int value)
{
    if (value >= 0) {
        buf_printf(r->out, ",\"%s\":%s", name, value ? "true" : "false");
    }
}

static void read_row(struct reader *r)
{
    char             siret[SIRET_LEN + 1];
    struct str       rome = cell(r, ROME), fap = cell(r, FAP), year_text = cell(r, YEAR);
    enum import_code code  = siret_read(cell(r, SIRET), siret);
    int64_t          posts = number(cell(r, POSTS)), year = number(year_text);
    int              hard = some(cell(r, HARD)), seasonal = some(cell(r, SEASONAL));

    if (!siret_is_read(code)) {
        fault(r, code, SIRET, cell(r, SIRET));
    } else if (rome.len == 0 && fap.len == 0) {
        fault(r, PROBLEM_CODE_BAD, r->at[FAP] != COLUMN_NONE ? FAP : ROME, STR(""));
    } else if (rome.len && !is_rome(rome)) {
        fault(r, PROBLEM_CODE_BAD, ROME, rome);
    } else if (fap.len && !is_fap(fap)) {
        fault(r, PROBLEM_CODE_BAD, FAP, fap);
    } else if (posts < -1 || posts > NEED_POSTS_MAX) {
        fault(r, posts < -1 ? PROBLEM_NUMBER_BAD : PROBLEM_VALUE_BAD, POSTS, cell(r, POSTS));
    } else if (hard < -1) {
        fault(r, PROBLEM_NUMBER_BAD, HARD, cell(r, HARD));
    } else if (seasonal < -1) {
        fault(r, PROBLEM_NUMBER_BAD, SEASONAL, cell(r, SEASONAL));
    } else if (year < -1 || (year >= 0 && (year < 2000 || year > 2100))) {
        fault(r, PROBLEM_VALUE_BAD, YEAR, year_text);
    } else {
        open_row(r);
        put_text(r, "siret", str_of(siret));
        put_text(r, "rome", rome);
        put_text(r, "fap", fap);
        put_text(r, "label", str_sub(cell(r, LABEL), 0, 200));
        if (posts >= 0) {
            buf_printf(r->out, ",\"posts\":%lld", (long long)posts);
        }
        put_flag(r, "hard", hard);
        put_flag(r, "seasonal", seasonal);
        if (year >= 0) {
            buf_printf(r->out, ",\"year\":%lld", (long long)year);
        }
        buf_add_char(r->out, '}');
    }
}

bool need_file_read(struct str bytes, struct buf *ret, struct import_problem *p)
{
    static const struct table_options options = { .sheet = -1 };
    struct reader                     r  = { .table = table_open(bytes, &options, p), .out = ret };
    bool                              ok = r.table && find_header(&r, p);
    enum csv_step                     step = CSV_END;
    int                               rows = 0;

    buf_add_char(ret, '[');
    while (ok && (step = table_next(r.table, p)) == CSV_RECORD) {
        if (++rows > NEED_ROWS_MAX) {
            import_problem_set(p, PROBLEM_TOO_LARGE, table_line(r.table), STR(""), STR(""));
            ok = false;
        } else {
            read_row(&r);
        }
    }
    buf_add(ret, STR("\n]"));
    if (ok && step == CSV_PROBLEM) {
        ok = false;
    } else if (ok && rows == 0) {
        import_problem_set(p, PROBLEM_NO_ROWS, 0, STR(""), STR(""));
        ok = false;
    }
    table_free(r.table);
    return ok;
}
