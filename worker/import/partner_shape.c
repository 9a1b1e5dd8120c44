#include "import/partner_shape.h"

#include <string.h>

#include "import/columns.h"
#include "import/partner_value.h"
#include "import/siret.h"

enum { EXTRA_MAX = 8 }; // separators too many that are still put right

static void count_kinds(struct str text, size_t *ret_digits, size_t *ret_letters)
{
    *ret_digits = *ret_letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        *ret_digits += c >= '0' && c <= '9';
        *ret_letters +=
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
    }
}

// Whether a cell may be what its column holds. Columns of words take anything.
static bool fits(int field, struct str text)
{
    size_t digits, letters;
    char   room[6];

    text = partner_clean(text);
    count_kinds(text, &digits, &letters);
    if (!text.len) {
        return true;
    }
    switch (field) {
    case PARTNER_SIRET:
    case PARTNER_SIREN:
        return digits >= 6 && letters <= 6;
    case PARTNER_NIC:
        return digits >= 1 && digits <= 5 && letters == 0;
    case PARTNER_POSTCODE:
        return digits >= 4;
    case PARTNER_COMMUNE:
        return partner_five(text, room).len > 0;
    case PARTNER_PHONE:
    case PARTNER_CONTACT_PHONE:
        return digits >= 4 && letters <= 6;
    case PARTNER_EMAIL:
    case PARTNER_CONTACT_EMAIL:
        return str_index(text, '@') < text.len;
    case PARTNER_NAF:
        return partner_naf(text, room).len > 0;
    default:
        return true;
    }
}

static bool is_typed(int field)
{
    switch (field) {
    case PARTNER_SIRET:
    case PARTNER_SIREN:
    case PARTNER_NIC:
    case PARTNER_POSTCODE:
    case PARTNER_COMMUNE:
    case PARTNER_PHONE:
    case PARTNER_CONTACT_PHONE:
    case PARTNER_EMAIL:
    case PARTNER_CONTACT_EMAIL:
    case PARTNER_NAF:
        return true;
    default:
        return false;
    }
}

static int field_of(const int found[PARTNER_FIELDS], size_t column)
{
    for (int f = 0; f < PARTNER_FIELDS; f++) {
        if (found[f] == (int)column) {
            return f;
        }
    }
    return LAYOUT_NONE;
}

// Whether all cells fit when `extra` separators stand within the cell of column `at`.
static bool fits_joined(const int found[PARTNER_FIELDS], const struct table *t, size_t at,
                        size_t extra)
{
    if (is_typed(field_of(found, at))) {
        return false;
    }
    for (int f = 0; f < PARTNER_FIELDS; f++) {
        size_t column = (size_t)found[f];
        if (found[f] < 0 || column == at) {
            continue;
        }
        if (!fits(f, table_field(t, column > at ? column + extra : column))) {
            return false;
        }
    }
    return true;
}

static void put(struct partner_cells *ret, int field, struct str text)
{
    ret->at[field] = partner_clean(text);
}

// The cell of a column with the separators that cut it.
static struct str joined(struct partner_cells *ret, const struct table *t, size_t at, size_t extra)
{
    char   separator = table_separator(t);
    size_t n         = 0;

    for (size_t i = at; i <= at + extra; i++) {
        struct str part = partner_cut(table_field(t, i), JOINED_ROOM - n - 1);
        if (part.len) {
            memcpy(ret->joined + n, part.at, part.len);
        }
        n += part.len;
        if (i < at + extra && n + 1 < JOINED_ROOM) {
            ret->joined[n++] = separator;
        }
    }
    return (struct str){ ret->joined, n };
}

static enum import_code read_long(const int found[PARTNER_FIELDS], const struct table *t,
                                  size_t extra, struct partner_cells *ret)
{
    size_t columns = table_header_count(t), first = columns, last = 0;

    for (size_t at = 0; extra <= EXTRA_MAX && at < columns; at++) {
        if (fits_joined(found, t, at, extra)) {
            first = first < at ? first : at;
            last  = at;
        }
    }
    if (first == columns) {
        return PROBLEM_ROW_COUNT;
    }
    for (int f = 0; f < PARTNER_FIELDS; f++) {
        size_t column = (size_t)found[f];
        if (found[f] < 0 || (column >= first && column <= last && first != last)) {
            continue;
        }
        put(ret, f,
            column < first    ? table_field(t, column)
            : column == first ? joined(ret, t, first, extra)
                              : table_field(t, column + extra));
    }
    return first == last ? PROBLEM_ROW_ALIGNED : PROBLEM_ROW_COUNT;
}

// Whether a separator too many took the place of an empty last cell: the cells do not fit as they
// stand, and fit in one other way, by a value that was pushed to the right.
static bool is_pushed(const int found[PARTNER_FIELDS], const struct table *t)
{
    size_t columns = table_header_count(t), ways = 0, way = 0;

    for (size_t at = 0; at < columns; at++) {
        if (fits_joined(found, t, at, 1)) {
            ways++;
            way = at;
        }
    }
    for (int f = 0; ways == 1 && f < PARTNER_FIELDS; f++) {
        if (is_typed(f) && found[f] > (int)way &&
            partner_clean(table_field(t, (size_t)found[f] + 1)).len) {
            return true;
        }
    }
    return false;
}

static bool read_in_place(const int found[PARTNER_FIELDS], const struct table *t,
                          struct partner_cells *ret)
{
    bool is_right = true;

    for (int f = 0; f < PARTNER_FIELDS; f++) {
        struct str text = found[f] < 0 ? (struct str){ 0 } : table_field(t, (size_t)found[f]);
        is_right        = is_right && fits(f, text);
        put(ret, f, text);
    }
    return is_right;
}

static bool has_siret(const int found[PARTNER_FIELDS], const struct table *t)
{
    char siret[SIRET_LEN + 1];

    return found[PARTNER_SIRET] >= 0 &&
           siret_is_read(siret_read(table_field(t, (size_t)found[PARTNER_SIRET]), siret));
}

// "TOTAL : 25", "Sous-total", "Nombre d'entreprises : 12"; not "TOTAL ENERGIES".
static bool is_total(const struct table *t)
{
    static const char *const words[] = {
        "total",          "totaux",             "sous total",     "total general",
        "totaux generaux", "nombre total",      "total lignes",   "total entreprises",
        "total societes", "total etablissements", "total structures", "total employeurs",
    };
    struct str               text    = { 0 };
    char                     key[KEY_MAX];

    // Beside the word there are figures at most.
    for (size_t i = 0; i < table_count(t); i++) {
        struct str cell = partner_clean(table_field(t, i));
        size_t     digits, letters;
        count_kinds(cell, &digits, &letters);
        if (text.len && letters) {
            return false;
        }
        text = text.len ? text : cell;
    }
    // Only what stands before a colon or a number counts.
    size_t end = 0;
    while (end < text.len && text.at[end] != ':' && (text.at[end] < '0' || text.at[end] > '9')) {
        end++;
    }
    words_key(str_sub(text, 0, end), key, sizeof key);
    bool is_word = false;
    for (size_t i = 0; i < LENGTH(words); i++) {
        is_word |= strcmp(key, words[i]) == 0;
    }
    if (end < text.len) {
        is_word |= strncmp(key, "total d", 7) == 0 || strncmp(key, "nombre d", 8) == 0 ||
                   strncmp(key, "nombre total d", 14) == 0 || strncmp(key, "nb d", 4) == 0;
    }
    return is_word;
}

// "Source : CCI", "Page 1/3", "Édité le 12/11/2026", alone in their row.
static bool is_footer(const struct table *t)
{
    static const struct {
        const char *words;
        bool        is_dated; // a figure follows, else a colon
    } notes[] = {
        { "source", false },    { "sources", false },   { "page", true },
        { "edite le", true },   { "imprime le", true }, { "extrait le", true },
        { "exporte le", true }, { "genere le", true },  { "mis a jour le", true },
        { "mise a jour le", true },
    };
    struct str text = { 0 };
    size_t     end  = 0;
    char       key[KEY_MAX];

    for (size_t i = 0; i < table_count(t); i++) {
        struct str cell = partner_clean(table_field(t, i));
        if (text.len && cell.len) {
            return false;
        }
        text = text.len ? text : cell;
    }
    while (end < text.len && text.at[end] != ':' && (text.at[end] < '0' || text.at[end] > '9')) {
        end++;
    }
    words_key(str_sub(text, 0, end), key, sizeof key);
    for (size_t i = 0; end < text.len && i < LENGTH(notes); i++) {
        if (strcmp(key, notes[i].words) == 0 && notes[i].is_dated == (text.at[end] != ':')) {
            return true;
        }
    }
    return false;
}

// The names of the columns again.
static bool is_header(const struct table *t)
{
    size_t filled = 0, same = 0;

    for (size_t i = 0; i < table_count(t); i++) {
        char       cell[KEY_MAX], name[KEY_MAX];
        struct str text = table_field(t, i);
        if (str_is_empty(str_trim(text))) {
            continue;
        }
        column_key(text, cell);
        column_key(table_header(t, i), name);
        filled++;
        same += cell[0] && strcmp(cell, name) == 0;
    }
    return filled > 0 && 3 * same >= 2 * filled && (same > 1 || table_header_count(t) == 1);
}

// Words where the SIRET should be, and a SIRET elsewhere.
static bool is_shifted(const int found[PARTNER_FIELDS], const struct table *t)
{
    char   siret[SIRET_LEN + 1];
    size_t digits, letters;

    if (found[PARTNER_SIRET] < 0 || has_siret(found, t)) {
        return false;
    }
    count_kinds(table_field(t, (size_t)found[PARTNER_SIRET]), &digits, &letters);
    if (letters == 0 || digits >= 6) {
        return false;
    }
    for (size_t i = 0; i < table_count(t); i++) {
        struct str cell = str_trim(table_field(t, i));
        if ((int)i != found[PARTNER_OWN_KEY] && cell.len >= SIRET_LEN - 1 && cell.len <= 20 &&
            siret_is_read(siret_read(cell, siret))) {
            return true;
        }
    }
    return false;
}

enum import_code partner_cells(const int found[PARTNER_FIELDS], const struct table *t,
                               struct partner_cells *ret)
{
    struct import_problem fault;
    size_t                columns = table_header_count(t), count = table_count(t);
    enum import_code      wrong = table_fault(t, &fault);

    memset(ret->at, 0, sizeof ret->at);
    if (!has_siret(found, t) && is_total(t)) {
        return PROBLEM_ROW_TOTAL;
    }
    if (!has_siret(found, t) && is_footer(t)) {
        return PROBLEM_ROW_FOOTER;
    }
    if (!has_siret(found, t) && is_header(t)) {
        return PROBLEM_ROW_HEADER;
    }
    if (wrong != PROBLEM_COLUMN_COUNT && wrong != PROBLEM_TRUNCATED) {
        if (is_shifted(found, t)) {
            return PROBLEM_ROW_SHIFTED;
        }
        bool has_room = columns && (table_is_pushed(t) || !table_field(t, columns - 1).len);
        if (read_in_place(found, t, ret) || table_is_workbook(t) || !has_room ||
            !is_pushed(found, t)) {
            return PROBLEM_NONE;
        }
        memset(ret->at, 0, sizeof ret->at);
        return read_long(found, t, 1, ret);
    }
    if (count > columns) {
        return read_long(found, t, count - columns, ret);
    }
    // Spreadsheets leave out empty cells at the end: what is there, and fits, is right.
    if (read_in_place(found, t, ret)) {
        return PROBLEM_NONE;
    }
    memset(ret->at, 0, sizeof ret->at);
    return PROBLEM_ROW_COUNT;
}
