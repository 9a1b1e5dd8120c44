#include "link/address.h"

#include "link/distance.h"

enum { NUMBER_MAX = 9999 };

// Kinds of ways: number, then every spelling. 0 ends the list of those that are zones.
static const struct {
    uint8_t    kind;
    bool       is_zone;
    struct str words;
} kinds[] = {
    { 1, false, STR_INIT("rue") },
    { 1, false, STR_INIT("r") },
    { 2, false, STR_INIT("avenue") },
    { 2, false, STR_INIT("av") },
    { 2, false, STR_INIT("ave") },
    { 3, false, STR_INIT("boulevard") },
    { 3, false, STR_INIT("bd") },
    { 3, false, STR_INIT("bld") },
    { 3, false, STR_INIT("boul") },
    { 3, false, STR_INIT("blvd") },
    { 3, false, STR_INIT("bvd") },
    { 4, false, STR_INIT("place") },
    { 4, false, STR_INIT("pl") },
    { 5, false, STR_INIT("route") },
    { 5, false, STR_INIT("rte") },
    { 6, false, STR_INIT("chemin") },
    { 6, false, STR_INIT("che") },
    { 6, false, STR_INIT("ch") },
    { 6, false, STR_INIT("chem") },
    { 7, false, STR_INIT("impasse") },
    { 7, false, STR_INIT("imp") },
    { 8, false, STR_INIT("allee") },
    { 8, false, STR_INIT("allees") },
    { 8, false, STR_INIT("all") },
    { 9, false, STR_INIT("quai") },
    { 9, false, STR_INIT("q") },
    { 10, false, STR_INIT("cours") },
    { 10, false, STR_INIT("crs") },
    { 11, false, STR_INIT("square") },
    { 11, false, STR_INIT("sq") },
    { 12, false, STR_INIT("passage") },
    { 12, false, STR_INIT("pas") },
    { 13, false, STR_INIT("lieu dit") },
    { 13, false, STR_INIT("lieudit") },
    { 13, false, STR_INIT("ld") },
    { 14, false, STR_INIT("faubourg") },
    { 14, false, STR_INIT("fbg") },
    { 14, false, STR_INIT("fg") },
    { 15, false, STR_INIT("esplanade") },
    { 15, false, STR_INIT("espl") },
    { 16, false, STR_INIT("promenade") },
    { 17, false, STR_INIT("sentier") },
    { 18, false, STR_INIT("montee") },
    { 19, false, STR_INIT("voie") },
    { 20, false, STR_INIT("rond point") },
    { 20, false, STR_INIT("rpt") },
    { 21, false, STR_INIT("hameau") },
    { 22, false, STR_INIT("cite") },
    { 23, false, STR_INIT("villa") },
    { 24, false, STR_INIT("venelle") },
    { 25, false, STR_INIT("traverse") },
    { 40, true, STR_INIT("zone industrielle") },
    { 40, true, STR_INIT("zi") },
    { 41, true, STR_INIT("zone artisanale") },
    { 41, true, STR_INIT("za") },
    { 42, true, STR_INIT("zone d activites") },
    { 42, true, STR_INIT("zone d activite") },
    { 42, true, STR_INIT("zone activites") },
    { 42, true, STR_INIT("zac") },
    { 42, true, STR_INIT("zae") },
    { 43, true, STR_INIT("parc d activites") },
    { 43, true, STR_INIT("parc d activite") },
    { 43, true, STR_INIT("parc activites") },
    { 43, true, STR_INIT("pa") },
    { 44, true, STR_INIT("zone commerciale") },
    { 44, true, STR_INIT("zc") },
    { 45, true, STR_INIT("centre commercial") },
    { 45, true, STR_INIT("c cial") },
    { 45, true, STR_INIT("ccial") },
    { 46, true, STR_INIT("zone") },
    { 47, true, STR_INIT("parc") },
};

// Complements: the word and how many words behind it belong to it.
static const struct {
    const char *word;
    size_t      behind;
} complements[] = {
    { "bp", 1 },    { "cs", 1 },       { "tsa", 1 },  { "bat", 1 },   { "batiment", 1 },
    { "esc", 1 },   { "escalier", 1 }, { "apt", 1 },  { "appt", 1 },  { "appartement", 1 },
    { "etage", 0 }, { "porte", 1 },    { "hall", 1 }, { "cedex", 1 }, { "lot", 1 },
    { "bal", 1 },   { "bureau", 1 },
};

// Whole parts between commas that are places in a building rather than ways.
static const char *const inner_places[] = { "residence", "res",     "espace",
                                            "immeuble",  "imm",     "centre commercial",
                                            "tour",      "galerie", "pole" };

static const struct {
    const char *short_word, *word;
} spellings[] = {
    { "st", "saint" },        { "ste", "saint" },     { "sainte", "saint" },
    { "gal", "general" },     { "gen", "general" },   { "gl", "general" },
    { "mal", "marechal" },    { "dr", "docteur" },    { "pdt", "president" },
    { "cdt", "commandant" },  { "col", "colonel" },   { "cap", "capitaine" },
    { "prof", "professeur" }, { "pr", "professeur" }, { "fg", "faubourg" },
    { "fbg", "faubourg" },    { "nd", "notre dame" }, { "lt", "lieutenant" },
    { "mgr", "monseigneur" }, { "gd", "grand" },      { "gde", "grande" },
    { "grd", "grand" },       { "pt", "petit" },      { "pte", "petite" },
};

static const char *const empty_words[] = { "de", "du", "des", "d",  "la",  "le", "les",
                                           "l",  "et", "a",   "au", "aux", "en" };

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word_is(word, list[i])) {
            return true;
        }
    }
    return false;
}

static bool is_number(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] < '0' || word.at[i] > '9') {
            return false;
        }
    }
    return word.len > 0;
}

static char suffix_of(struct str word)
{
    if (word_is(word, "bis")) {
        return 'b';
    }
    if (word_is(word, "ter")) {
        return 't';
    }
    if (word_is(word, "quater")) {
        return 'q';
    }
    return word.len == 1 && word.at[0] >= 'a' && word.at[0] <= 'h' && word.at[0] != 'd' ? word.at[0]
                                                                                        : '\0';
}

// Equal, or one typing error in a word long enough to be known all the same.
static bool alike(struct str word, struct str known)
{
    if (known.len < 5 || word.len + 1 < known.len || word.len > known.len + 1) {
        return str_eq(word, known);
    }
    return str_eq(word, known) || distance(word, known) == 1;
}

// How many words from index on the phrase takes; 0 when it is not there.
static size_t phrase_at(const struct words *w, size_t index, struct str phrase, bool exactly)
{
    size_t n = 0;

    if (exactly && (index >= w->count || phrase.at[0] != w->text[w->at[index]])) {
        return 0;
    }
    for (struct str part; str_cut(&phrase, ' ', &part); n++) {
        struct str word = words_at(w, index + n);
        if (exactly ? !str_eq(word, part) : !alike(word, part)) {
            return 0;
        }
    }
    return n;
}

// The kind of way that begins at index; the longest wins, typing errors come last.
static size_t kind_at(const struct words *w, size_t index, size_t *ret_row)
{
    size_t best = 0;

    for (unsigned pass = 0; pass < 2 && !best; pass++) {
        if (pass && words_at(w, index).len < 4) {
            break;
        }
        for (size_t i = 0; i < LENGTH(kinds); i++) {
            size_t n = phrase_at(w, index, kinds[i].words, !pass);
            if (n > best) {
                best     = n;
                *ret_row = i;
            }
        }
    }
    return best;
}

static size_t complement_at(const struct words *w, size_t index)
{
    for (size_t i = 0; i < LENGTH(complements); i++) {
        if (word_is(words_at(w, index), complements[i].word)) {
            size_t     n       = 1 + complements[i].behind;
            struct str next    = words_at(w, index + 1);
            bool       is_mark = next.len <= 2 || is_number(next);
            return complements[i].behind && !is_mark ? 0 : n;
        }
    }
    return 0;
}

// The number and what may follow it: "12", "12b", "12 bis", "12-14".
static size_t number_at(const struct words *w, size_t index, struct address *ret)
{
    struct str word   = words_at(w, index);
    size_t     digits = 0;
    unsigned   n      = 0;

    while (digits < word.len && word.at[digits] >= '0' && word.at[digits] <= '9' &&
           n <= NUMBER_MAX) {
        n = n * 10 + (unsigned)(word.at[digits++] - '0');
    }
    struct str tail = str_sub(word, digits, word.len);
    if (!digits || n > NUMBER_MAX || (tail.len && !suffix_of(tail))) {
        return 0;
    }
    ret->number = (uint16_t)n;
    ret->suffix = suffix_of(tail);
    size_t used = 1;
    if (!tail.len && suffix_of(words_at(w, index + used))) {
        ret->suffix = suffix_of(words_at(w, index + used++));
    }
    while (is_number(words_at(w, index + used)) && words_at(w, index + used).len <= 4) {
        size_t row;
        if (index + used + 1 >= w->count || !kind_at(w, index + used + 1, &row)) {
            break; // "8 mai" after "rue du" is never here; "12 14 rue" is
        }
        used++;
    }
    return used;
}

static void add_word(struct str word, struct address *ret)
{
    if (is_one_of(word, empty_words, LENGTH(empty_words))) {
        return;
    }
    for (size_t i = 0; i < LENGTH(spellings); i++) {
        if (word_is(word, spellings[i].short_word)) {
            struct str rest = str_of(spellings[i].word);
            for (struct str part; str_cut(&rest, ' ', &part);) {
                words_add(&ret->way, part);
            }
            return;
        }
    }
    words_add(&ret->way, word);
}

static bool is_inner(const struct words *w)
{
    for (size_t i = 0; i < LENGTH(inner_places); i++) {
        if (phrase_at(w, 0, str_of(inner_places[i]), true)) {
            return true;
        }
    }
    return false;
}

// A number that begins a way: followed by a kind of way, or nothing numbered came before.
static bool begins_way(const struct words *w, size_t index)
{
    struct address probe = { .number = 0 };
    size_t         row, n = number_at(w, index, &probe);

    return n && index + n < w->count && kind_at(w, index + n, &row);
}

// Where a numbered way begins ("Espace Entreprises 24 rue..."); w->count when there is none.
static size_t way_begin(const struct words *w)
{
    for (size_t k = 0, n; k < w->count; k += n ? n : 1) {
        n = complement_at(w, k);
        if (!n && begins_way(w, k)) {
            return k;
        }
    }
    return w->count;
}

// Reads the words of one part from index on; a way with number found later replaces what preceded.
static void read_way(const struct words *w, struct address *ret)
{
    size_t i = 0, row = 0;

    i = way_begin(w);
    i = i == w->count ? 0 : i;
    for (bool has_kind = false; i < w->count;) {
        size_t n = complement_at(w, i);
        if (!n && !ret->number && !has_kind) {
            n = number_at(w, i, ret);
        }
        if (!n && !has_kind && (n = kind_at(w, i, &row)) > 0) {
            has_kind     = true;
            ret->kind    = kinds[row].kind;
            ret->is_zone = kinds[row].is_zone;
        }
        if (!n) {
            add_word(words_at(w, i), ret);
            n = 1;
        }
        i += n;
    }
}

// How much a part looks like a way: the part of an address with the most is the one read.
static unsigned worth(const struct words *w)
{
    struct address probe = { .number = 0 };

    if (!w->count) {
        return 0;
    }
    if (way_begin(w) < w->count) {
        return 9;
    }
    if (is_inner(w)) {
        return 2;
    }
    read_way(w, &probe);
    return 1 + (probe.number ? 4U : 0U) + (probe.kind ? 3U : 0U) + (probe.way.count ? 1U : 0U);
}

// The words of a part; a number stuck to the next word is set apart ("60chemin").
static void part_read(struct str text, struct words *ret)
{
    struct words w;

    words_read(text, &w);
    ret->count = ret->size = 0;
    ret->text[0]           = '\0';
    for (size_t i = 0; i < w.count; i++) {
        struct str word   = words_at(&w, i);
        size_t     digits = 0;
        while (digits < word.len && word.at[digits] >= '0' && word.at[digits] <= '9') {
            digits++;
        }
        if (digits && word.len >= digits + 4) {
            words_add(ret, str_sub(word, 0, digits));
            word = str_sub(word, digits, word.len);
        }
        words_add(ret, word);
    }
}

// A part that is a number and no more belongs to the next: "3, rue Haute".
static bool is_number_only(const struct words *w)
{
    struct address probe = { .number = 0 };

    return w->count && w->count <= 2 && number_at(w, 0, &probe) == w->count;
}

void address_read(struct str text, struct address *ret)
{
    struct words best = { .count = 0 }, w, number = { .count = 0 };
    unsigned     best_worth = 0;

    memset(ret, 0, sizeof *ret);
    for (struct str rest = text, part; rest.at && str_cut(&rest, ',', &part);) {
        part_read(part, &w);
        if (number.count) {
            for (size_t i = 0; i < w.count; i++) {
                words_add(&number, words_at(&w, i));
            }
            w            = number;
            number.count = number.size = 0;
        } else if (is_number_only(&w) && rest.at) {
            number = w;
            continue;
        }
        unsigned here = worth(&w);
        if (here > best_worth) {
            best_worth = here;
            best       = w;
        }
    }
    read_way(&best, ret);
}
