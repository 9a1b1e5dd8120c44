#include "import/market.h"

#include "import/copyline.h"
#include "import/partner_value.h"
#include "import/reference_private.h"
#include "queries.h"

static struct str cell(const struct csv *csv, int index)
{
    return index == COLUMN_NONE ? (struct str){ 0 } : str_trim(csv_field(csv, (size_t)index));
}

static bool wrong(const struct csv *csv, int index, struct import_problem *p)
{
    import_problem_set(p, PROBLEM_CODE_BAD, csv_line(csv), csv_header(csv, (size_t)index),
                       cell(csv, index));
    return false;
}

// Some files pad the code of a bassin with zeros and others do not: 0203 is 203.
static bool put_bassin(const struct csv *csv, int index, struct buf *lines,
                       struct import_problem *p)
{
    struct str code = cell(csv, index);
    while (code.len > 1 && code.at[0] == '0') {
        code = str_sub(code, 1, code.len);
    }
    if (code.len == 0 || code.len > 40) {
        return wrong(csv, index, p);
    }
    copy_text(lines, code);
    return true;
}

static bool put_rome(const struct csv *csv, int index, struct buf *lines, struct import_problem *p)
{
    struct str code = cell(csv, index);
    bool       ok   = code.len == 5 && code.at[0] >= 'A' && code.at[0] <= 'N';
    for (size_t i = 1; ok && i < 5; i++) {
        ok = code.at[i] >= '0' && code.at[i] <= '9';
    }
    copy_text(lines, code);
    return ok || wrong(csv, index, p);
}

// A whole number, or unknown when the cell is empty or a star.
static bool put_number(const struct csv *csv, int index, int64_t most, bool may_miss,
                       struct buf *lines, struct import_problem *p)
{
    struct str text = cell(csv, index);
    int64_t    value;
    if (may_miss && (text.len == 0 || str_eq(text, STR("*")))) {
        copy_null(lines);
        return true;
    }
    if (!str_int(text, &value) || value < 0 || value > most) {
        return wrong(csv, index, p);
    }
    copy_int(lines, value);
    return true;
}

enum { PEOPLE_MOST = 10000000, YEAR_MOST = 2100 };

static const struct column_name bassin_columns[] = {
    { "codecommune|codeinsee", "code_commune", true },
    { "codebassin|codebassinemploi", "code_bassin", true },
    { "libellebassin|nombassin", "libelle_bassin", false },
};

static bool put_bassin_row(const struct csv *csv, const int *found, struct buf *lines,
                           struct import_problem *p)
{
    struct str commune = cell(csv, found[0]);
    if (commune.len != 5) {
        return wrong(csv, found[0], p);
    }
    copy_text(lines, commune);
    if (!put_bassin(csv, found[1], lines, p)) {
        return false;
    }
    copy_text(lines, cell(csv, found[2]));
    copy_end(lines);
    return true;
}

static const struct column_name bmo_columns[] = {
    { "annee", "annee", true },
    { "codemetierbmo", "Code métier BMO", true },
    { "nommetierbmo", "Nom métier BMO", true },
    { "be26|be25|be24|be23|be22|be21|be20|be19|codebassin", "BE23", true },
    { "nombe26|nombe25|nombe24|nombe23|nombe22|nombe21|nombe20|nombe19|nombassin", "NOMBE23",
      false },
    { "met", "met", true },
    { "xmet", "xmet", true },
    { "smet", "smet", true },
};

static bool put_bmo_row(const struct csv *csv, const int *found, struct buf *lines,
                        struct import_problem *p)
{
    struct str family = cell(csv, found[1]);
    if (!put_number(csv, found[0], YEAR_MOST, false, lines, p)) {
        return false;
    }
    if (family.len < 3 || family.len > 10) {
        return wrong(csv, found[1], p);
    }
    copy_text(lines, family);
    copy_text(lines, cell(csv, found[2]).len ? cell(csv, found[2]) : family);
    if (!put_bassin(csv, found[3], lines, p)) {
        return false;
    }
    copy_text(lines, cell(csv, found[4]));
    for (int i = 5; i < 8; i++) {
        if (!put_number(csv, found[i], PEOPLE_MOST, true, lines, p)) {
            return false;
        }
    }
    copy_end(lines);
    return true;
}

static const struct column_name tension_columns[] = {
    { "annee", "annee", true },
    { "rome|coderome|romecode", "ROME", true },
    { "cbassin|codebassin", "cbassin", true },
    { "indtensiond", "ind_tension_d", true },
};

static bool put_tension_row(const struct csv *csv, const int *found, struct buf *lines,
                            struct import_problem *p)
{
    struct str level = cell(csv, found[3]);
    if (level.len == 0 || str_eq(level, STR("*")) || str_eq(level, STR("NA"))) {
        return true; // unknown there
    }
    bool ok = put_number(csv, found[0], YEAR_MOST, false, lines, p) &&
              put_rome(csv, found[1], lines, p) && put_bassin(csv, found[2], lines, p) &&
              put_number(csv, found[3], 5, false, lines, p);
    copy_end(lines);
    return ok;
}

static const struct column_name hiring_columns[] = {
    { "romecode|coderome|rome", "rome_code", true },
    { "nafcode|codenaf|nafcodesanspoint|naf", "naf_code", true },
    { "embauches|nombreembauches", "embauches", true },
};

static bool put_hiring_row(const struct csv *csv, const int *found, struct buf *lines,
                           struct import_problem *p)
{
    char       room[6];
    struct str naf = partner_naf(cell(csv, found[1]), room);
    if (!put_rome(csv, found[0], lines, p)) {
        return false;
    }
    if (!naf.at) {
        return wrong(csv, found[1], p);
    }
    copy_text(lines, naf);
    bool ok = put_number(csv, found[2], PEOPLE_MOST, false, lines, p);
    copy_end(lines);
    return ok;
}

static const struct column_name family_columns[] = {
    { "fapcode|codefap|fap", "fap_code", true },
    { "romecode|coderome|rome", "rome_code", true },
};

static bool put_family_row(const struct csv *csv, const int *found, struct buf *lines,
                           struct import_problem *p)
{
    struct str family = cell(csv, found[0]);
    if (family.len < 3 || family.len > 10) {
        return wrong(csv, found[0], p);
    }
    copy_text(lines, family);
    bool ok = put_rome(csv, found[1], lines, p);
    copy_end(lines);
    return ok;
}

#define MARKET(noun, rows)                                                                       \
    enum import_result rows##_import(struct db *db, const char *path,                            \
                                     struct reference_report *ret, struct import_problem *p)     \
    {                                                                                            \
        static const struct reference kind = { noun##_stage, &query_##noun##_load, noun##_merge, \
                                               market_refresh };                                 \
        return reference_csv(db, path, &kind, noun##_columns, LENGTH(noun##_columns),            \
                             put_##noun##_row, ret, p);                                          \
    }
MARKET(bassin, bassins)
MARKET(bmo, bmo)
MARKET(tension, tension)
MARKET(hiring, hirings)
MARKET(family, families)
