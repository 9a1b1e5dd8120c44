#include "feed/parted.h"

#include "feed/joined.h"
#include "feed/place.h"
#include "feed/text.h"

enum { PIECES = 64, NAME_MOST = 60 };

// Of these the first two also stand between a town and what it lies in.
static const char *const marks[] = { ",", "/", ";", "|", " et ", " ou ", " & " };
enum { IS_WEAK = 2, ET = 4 };
_Static_assert(LENGTH(marks) <= FEED_MARKS, "a layout takes them all");

// Takes the next piece that is not empty; *ret_mark is the one behind it, LENGTH(marks) at the end.
static bool cut(const bool has[static LENGTH(marks)], struct str *rest, struct str *ret_piece, size_t *ret_mark)
{
    *ret_piece = (struct str){ 0 };
    while (rest->len && !ret_piece->len) {
        size_t end = rest->len, width = 0;
        *ret_mark = LENGTH(marks);
        for (size_t i = 0; i < LENGTH(marks); i++) {
            size_t at = has[i] ? str_find(*rest, str_of(marks[i])) : rest->len;
            if (at < end) {
                end = at, width = strlen(marks[i]), *ret_mark = i;
            }
        }
        *ret_piece = str_trim(str_sub(*rest, 0, end));
        *rest      = str_sub(*rest, end + width, rest->len);
    }
    return ret_piece->len > 0;
}

// A name that a town may have, with its postcode or its département beside it. « La Palisse » and « l’Étrat » too, but not « à distance ».
static bool is_town(struct arena *a, struct str piece)
{
    static const char *const articles[] = { "la ", "le ", "les ", "l'", "l’" };
    struct str               name = feed_city(a, piece);
    bool                     is_it = name.len > 1 && name.len <= NAME_MOST && !feed_is_around(a, piece);
    bool                     begins = is_it && ((name.at[0] >= 'A' && name.at[0] <= 'Z') || (unsigned char)name.at[0] >= 0xC3);
    for (size_t i = 0; i < LENGTH(articles) && is_it && !begins; i++) {
        begins = str_starts(name, str_of(articles[i]));
    }
    for (size_t i = 0; i < name.len && is_it; i++) {
        is_it = name.at[i] != '(' && name.at[i] != ')' && (name.at[i] < '0' || name.at[i] > '9');
    }
    return is_it && begins;
}

// Names of one cell, folded; 0 when there is something else between the marks.
static size_t towns_of(struct arena *a, const bool has[static LENGTH(marks)], struct str cell, struct str towns[static PIECES])
{
    size_t count = 0, mark;
    int    depth = 0;
    for (size_t i = 0; i < cell.len; i++) { // what parts them does not look at brackets
        depth += cell.at[i] == '(' ? 1 : cell.at[i] == ')' ? -1 : 0;
        if (depth && strchr(",/;|&", cell.at[i])) {
            return 0;
        }
        if (has[1] && cell.at[i] == '/' && i > 1 && (cell.at[i - 1] | 32) == 's' && cell.at[i - 2] == ' ') {
            return 0; // Fontenay s/Bois
        }
    }
    for (struct str piece; cut(has, &cell, &piece, &mark) && count < PIECES;) {
        if (!is_town(a, piece) || (mark == ET && feed_begins_joined(feed_fold(a, arena_printf(a, "%.*s et %.*s", STR_ARG(piece), STR_ARG(cell)))))) {
            return 0;
        }
        towns[count++] = feed_fold(a, feed_city(a, piece));
    }
    return count;
}

struct cell {
    struct str *towns;
    size_t      count;
    bool        is_weak; // only what also stands beside a town parts them
};

// Whether a name stands alone in another cell, or there where this one has it not: what a town lies in is never the first.
static bool is_elsewhere(const struct cell *cells, size_t count, size_t but, size_t at)
{
    struct str town = cells[but].towns[at];
    for (size_t i = 0; i < count; i++) {
        bool is_it = i != but && cells[i].count && (cells[i].count == 1 || at) && str_eq(cells[i].towns[0], town);
        for (size_t k = 1; k < cells[i].count && i != but && !at && !is_it; k++) {
            is_it = str_eq(cells[i].towns[k], town);
        }
        if (is_it) {
            return true;
        }
    }
    return false;
}

size_t feed_parted(struct arena *a, const struct str *texts, size_t count, const char *ret_marks[FEED_MARKS])
{
    bool         has[LENGTH(marks)], sound[LENGTH(marks)], shown = false;
    struct str   towns[PIECES];
    struct cell *cells = ARENA_ARRAY(a, struct cell, count ? count : 1);
    size_t       found = 0, pairs = 0, known = 0;
    for (size_t i = 0; i < LENGTH(marks); i++) {
        has[i] = sound[i] = true;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_unsound = towns_of(a, has, texts[i], towns) == 0;
        for (size_t k = 0; k < LENGTH(marks); k++) {
            sound[k] = sound[k] && !(is_unsound && str_find(texts[i], str_of(marks[k])) < texts[i].len);
        }
    }
    for (size_t i = 0; i < count; i++) {
        size_t n     = towns_of(a, sound, texts[i], towns);
        cells[i]     = (struct cell){ n ? ARENA_ARRAY(a, struct str, n) : NULL, n, n > 1 };
        for (size_t k = 0; k < n; k++) {
            cells[i].towns[k] = towns[k];
        }
        for (size_t k = IS_WEAK; k < LENGTH(marks); k++) {
            cells[i].is_weak = cells[i].is_weak && !(sound[k] && str_find(texts[i], str_of(marks[k])) < texts[i].len);
        }
        shown = shown || n > 2 || (n == 2 && !cells[i].is_weak);
        pairs += cells[i].is_weak;
    }
    for (size_t i = 0; i < count && !shown; i++) {
        known += cells[i].is_weak && is_elsewhere(cells, count, i, 0) && is_elsewhere(cells, count, i, 1);
    }
    for (size_t k = 0; k < LENGTH(marks) && (shown || (pairs && 2 * known >= pairs)); k++) {
        for (size_t i = 0; i < count; i++) {
            if (sound[k] && cells[i].count > 1 && str_find(texts[i], str_of(marks[k])) < texts[i].len) {
                ret_marks[found++] = marks[k];
                break;
            }
        }
    }
    return found;
}
