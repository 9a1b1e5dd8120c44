#include "link/org_name.h"

#include "link/distance.h"

enum { CUT_AT = 38, CUT_AT_TOO = 32 };

// Words that say nothing of who this is.
static const char *const empty_words[] = {
    "le",
    "la",
    "les",
    "l",
    "de",
    "du",
    "des",
    "d",
    "et",
    "a",
    "au",
    "aux",
    "en",
    "sur",
    "sous",
    "ets",
    "etab",
    "ste",
    "soc",
    "etbs",
    "etabl",
    "etablissement",
    "etablissements",
    "societe",
    "enseigne",
    "dit",
    "dite",
    "qu",
    "n",
    "s",
    "par",
    "pour",
};

// What remains of a form spelled out when other words were put between its own.
static const struct {
    const char     *word;
    enum legal_form form;
} remains[] = {
    { "simplifiee", FORM_COMPANY }, { "responsabilite", FORM_COMPANY }, { "limitee", FORM_COMPANY },
    { "anonyme", FORM_COMPANY },    { "unipersonnelle", FORM_COMPANY }, { "actions", FORM_COMPANY },
    { "immobiliere", FORM_CIVIL },  { "civile", FORM_CIVIL },
};

static const char *const titles[] = {
    "m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"
};

// Words that are better known by one, in any order, typing errors apart.
static const struct {
    struct str    words;
    const char   *one;
    enum org_role role;
} short_forms[] = {
    { STR_INIT("centre communal action sociale"), "ccas", ROLE_SOCIAL },
    { STR_INIT("centre intercommunal action sociale"), "cias", ROLE_SOCIAL },
    { STR_INIT("maison jeunes culture"), "mjc", ROLE_NONE },
    { STR_INIT("bureau poste"), "poste", ROLE_NONE },
    { STR_INIT("hotel ville"), "mairie", ROLE_TOWN_HALL },
    { STR_INIT("mairie"), "mairie", ROLE_TOWN_HALL },
    { STR_INIT("commune"), "mairie", ROLE_COMMUNE }, // the role keeps them apart
    { STR_INIT("mediatheque"), "mediatheque", ROLE_LIBRARY },
    { STR_INIT("bibliotheque"), "bibliotheque", ROLE_LIBRARY },
};

static const struct {
    const char   *word;
    enum org_role role;
} roles[] = {
    { "ccas", ROLE_SOCIAL },           { "cias", ROLE_SOCIAL },
    { "mediatheque", ROLE_LIBRARY },   { "bibliotheque", ROLE_LIBRARY },
    { "holding", ROLE_HOLDING },       { "participations", ROLE_HOLDING },
    { "participation", ROLE_HOLDING }, { "financiere", ROLE_HOLDING },
    { "patrimoine", ROLE_PROPERTY },   { "fonciere", ROLE_PROPERTY },
};

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word_is(word, list[i])) {
            return true;
        }
    }
    return false;
}

// "4", "IV" and "ii" as a number below a thousand; 0 when it is none.
static uint16_t number_of(struct str word)
{
    static const char *const roman[] = { "ii", "iii", "iv", "vi", "vii", "viii", "ix" };
    static const uint16_t    value[] = { 2, 3, 4, 6, 7, 8, 9 };
    uint16_t                 n       = 0;

    for (size_t i = 0; i < LENGTH(roman); i++) {
        if (word_is(word, roman[i])) {
            return value[i];
        }
    }
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] < '0' || word.at[i] > '9' || word.len > 3) {
            return 0;
        }
        n = (uint16_t)(n * 10 + (word.at[i] - '0'));
    }
    return n;
}

// Joins letters written apart when they make a legal form: "S A R L" is "sarl".
static void join_letters(const struct words *from, struct words *to)
{
    to->size = to->count = 0;
    to->text[0]          = '\0';
    for (size_t i = 0; i < from->count;) {
        char   letters[8];
        size_t n = 0;
        while (n < 7 && i + n < from->count && from->len[i + n] == 1) {
            letters[n] = words_at(from, i + n).at[0];
            n++;
        }
        for (; n >= 2; n--) {
            struct words probe = { .count = 0 };
            size_t       taken;
            words_add(&probe, (struct str){ letters, n });
            if (legal_form_at(&probe, 0, &taken).form && taken) {
                break;
            }
        }
        if (n >= 2) {
            words_add(to, (struct str){ letters, n });
            i += n;
        } else {
            words_add(to, words_at(from, i++));
        }
    }
}

// How many words from index on make the short form; 0 when they do not.
// Equal, or one typing error that does not shorten the word ("marie" is no "mairie").
static bool alike(struct str word, struct str known)
{
    return str_eq(word, known) || (known.len >= 6 && word.len >= known.len &&
                                   word.len <= known.len + 1 && distance(word, known) == 1);
}

// Finds all words of a phrase in w, in any order; their places become bits of *ret_places.
static bool holds(const struct words *w, struct str phrase, unsigned *ret_places)
{
    *ret_places = 0;
    for (struct str part; str_cut(&phrase, ' ', &part);) {
        size_t i = 0;
        while (i < w->count && (*ret_places >> i & 1 || !alike(words_at(w, i), part))) {
            i++;
        }
        if (i == w->count) {
            return false;
        }
        *ret_places |= 1U << i;
    }
    return true;
}

static void note_role(enum org_role role, struct org_name *ret)
{
    bool is_weak = ret->role == ROLE_NONE || ret->role == ROLE_COMMUNE ||
                   (ret->role == ROLE_TOWN_HALL && role != ROLE_COMMUNE);
    if (role != ROLE_NONE && is_weak) {
        ret->role = role;
    }
}

// Puts one word where a phrase began, and leaves out the rest of the phrase.
static void replace(struct words *w, unsigned places, const char *one)
{
    struct words from = *w;
    bool         done = false;

    w->size = w->count = 0;
    w->text[0]         = '\0';
    for (size_t i = 0; i < from.count; i++) {
        if (!(places >> i & 1)) {
            words_add(w, words_at(&from, i));
        } else if (!done) {
            words_add(w, str_of(one));
            done = true;
        }
    }
}

static void shorten(struct words *w, struct org_name *ret)
{
    unsigned places;

    for (size_t k = 0; k < LENGTH(short_forms); k++) {
        if (holds(w, short_forms[k].words, &places)) {
            replace(w, places, short_forms[k].one);
            note_role(short_forms[k].role, ret);
        }
    }
}

static void note_form(struct legal_form_read form, struct org_name *ret)
{
    if (ret->form == FORM_NONE) {
        ret->form   = form.form;
        ret->detail = form.detail;
    }
    if (form.form == FORM_CIVIL) {
        note_role(ROLE_PROPERTY, ret);
    }
}

// What the words say besides a name, before they are shortened; the rest goes into `kept`.
static void sort_words(const struct words *all, struct words *kept, struct org_name *ret)
{
    kept->size = kept->count = 0;
    kept->text[0]            = '\0';
    for (size_t i = 0; i < all->count;) {
        size_t                 n;
        struct str             word = words_at(all, i);
        struct legal_form_read form = legal_form_at(all, i, &n);
        if (n) {
            note_form(form, ret);
            i += n;
            continue;
        }
        i++;
        for (size_t k = 0; k < LENGTH(remains); k++) {
            if (word_is(word, remains[k].word)) {
                note_form((struct legal_form_read){ remains[k].form, DETAIL_OTHER }, ret);
                n = 1;
            }
        }
        if (i == 1 && all->count > 1 && is_one_of(word, titles, LENGTH(titles))) {
            ret->is_person = true;
            n              = 1;
        }
        if (!n && !is_one_of(word, empty_words, LENGTH(empty_words))) {
            bool is_saint = word_is(word, "st") || word_is(word, "sainte");
            words_add(kept, is_saint ? STR("saint") : word);
        }
    }
}

static void read_part(struct str text, struct words *into, struct org_name *ret)
{
    struct words raw, all, kept;

    words_read(text, &raw);
    join_letters(&raw, &all);
    sort_words(&all, &kept, ret);
    shorten(&kept, ret);
    *into = kept;
    if (!into->count && all.count) { // nothing but empty words: better than nothing
        for (size_t i = 0, n; i < all.count; i += n ? n : 1) {
            if (!legal_form_at(&all, i, &n).form) {
                words_add(into, words_at(&all, i));
            }
        }
    }
    for (size_t i = 0; i < into->count; i++) {
        struct str word = words_at(into, i);
        for (size_t k = 0; k < LENGTH(roles); k++) {
            if (word_is(word, roles[k].word)) {
                note_role(roles[k].role, ret);
            }
        }
        if (into->count > 1 && i > 0 && number_of(word)) {
            ret->number = number_of(word);
        }
    }
}

// Without blanks at both ends, no-break ones included.
static struct str trimmed(struct str text)
{
    static const struct str blanks[] = { STR_INIT("\xC2\xA0"), STR_INIT("\xE2\x80\xAF") };

    for (size_t before = text.len + 1; before != text.len;) {
        before = text.len;
        text   = str_trim(text);
        for (size_t i = 0; i < LENGTH(blanks); i++) {
            size_t size = blanks[i].len;
            text        = str_starts(text, blanks[i]) ? str_sub(text, size, text.len) : text;
            text        = str_ends(text, blanks[i]) ? str_sub(text, 0, text.len - size) : text;
        }
    }
    return text;
}

// Accents written apart (U+0300 to U+036F) belong to the character before.
static bool begins_character(struct str text, size_t i)
{
    unsigned char c     = (unsigned char)text.at[i];
    bool          apart = (c == 0xCC || c == 0xCD) && i + 1 < text.len &&
                 (c == 0xCC || (unsigned char)text.at[i + 1] <= 0xAF);
    return (c & 0xC0) != 0x80 && !apart;
}

void org_name_read(struct str text, struct org_name *ret)
{
    size_t characters = 0;

    memset(ret, 0, sizeof *ret);
    text = trimmed(text);
    for (size_t i = 0; i < text.len; i++) {
        characters += begins_character(text, i);
    }
    ret->is_cut = characters == CUT_AT || characters == CUT_AT_TOO;
    size_t open = str_index(text, '(');
    if (open == text.len || open == 0) {
        read_part(text, &ret->name, ret);
    } else {
        struct str inner = str_sub(text, open + 1, text.len);
        size_t     close = str_index(inner, ')');
        struct str after = str_sub(inner, close + (close < inner.len), inner.len);
        char       joined[1024];
        size_t     head = open > 480 ? 480 : open, tail = after.len > 480 ? 480 : after.len;
        memcpy(joined, text.at, head);
        joined[head] = ' ';
        memcpy(joined + head + 1, after.at, tail);
        read_part((struct str){ joined, head + 1 + tail }, &ret->name, ret);
        read_part(str_sub(inner, 0, close), &ret->other, ret);
    }
    if (!ret->name.count && ret->other.count) {
        ret->name        = ret->other;
        ret->other.count = ret->other.size = 0;
        ret->other.text[0] = '\0';
    }
    ret->is_person = ret->is_person || ret->form == FORM_SOLE;
}

size_t org_name_initials(const struct words *w, char *ret, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < w->count && n < room; i++) {
        ret[n++] = w->text[w->at[i]];
    }
    return n;
}

enum org_role org_role_of_mailbox(struct str local)
{
    for (size_t i = 0; i < LENGTH(roles); i++) {
        if (word_is(local, roles[i].word)) {
            return roles[i].role;
        }
    }
    return ROLE_NONE;
}
