#include "link/person_name.h"

static const struct {
    const char   *word;
    enum civility civility;
} civilities[] = {
    { "m", CIVILITY_MISTER },           { "mr", CIVILITY_MISTER },
    { "monsieur", CIVILITY_MISTER },    { "mme", CIVILITY_MADAM },
    { "madame", CIVILITY_MADAM },       { "mlle", CIVILITY_MADAM },
    { "mademoiselle", CIVILITY_MADAM }, { "mrs", CIVILITY_MADAM },
    { "h", CIVILITY_MISTER },           { "f", CIVILITY_MADAM },
    { "homme", CIVILITY_MISTER },       { "femme", CIVILITY_MADAM },
};

static const char *const academic[] = { "dr", "docteur", "me", "maitre", "pr", "professeur" };

// Particles that are joined to what follows.
static const char *const particles[] = { "le",    "la",  "les",    "de",  "du",  "des", "d",
                                         "l",     "da",  "di",     "del", "dos", "el",  "ben",
                                         "van",   "von", "der",    "den", "mac", "mc",  "o",
                                         "saint", "st",  "sainte", "ste" };

enum civility civility_read(struct str text)
{
    struct words w;

    words_read(text, &w);
    for (size_t i = 0; w.count && i < LENGTH(civilities); i++) {
        if (word_is(words_at(&w, 0), civilities[i].word)) {
            return civilities[i].civility;
        }
    }
    return CIVILITY_NONE;
}

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word_is(word, list[i])) {
            return true;
        }
    }
    return false;
}

// Words of a name, particles joined to what follows ("le gall" is "legall").
static void join_particles(const struct words *from, size_t first, struct words *to)
{
    char   joined[WORDS_TEXT_MAX];
    size_t n = 0;

    for (size_t i = first; i < from->count; i++) {
        struct str word = words_at(from, i);
        if (n + word.len > sizeof joined) {
            return;
        }
        memcpy(joined + n, word.at, word.len);
        n += word.len;
        if (i + 1 < from->count && is_one_of(word, particles, LENGTH(particles))) {
            continue;
        }
        words_add(to, (struct str){ joined, n });
        n = 0;
    }
}

// A title or a civility in front of a name of several words; "m" alone may be an initial, so that a
// letter counts only with its full stop: "M. Jean".
static size_t title_words(struct str text, const struct words *w, enum civility *civility)
{
    struct str first = words_at(w, 0);

    if (w->count < 2) {
        return 0;
    }
    if (is_one_of(first, academic, LENGTH(academic))) {
        return 1;
    }
    if (first.len == 1 && (text.len < 2 || text.at[1] != '.')) {
        return 0;
    }
    for (size_t i = 0; i < LENGTH(civilities); i++) {
        if (civilities[i].word[0] != 'h' && civilities[i].word[0] != 'f' &&
            word_is(first, civilities[i].word)) {
            *civility = *civility ? *civility : civilities[i].civility;
            return 1;
        }
    }
    return 0;
}

static void read_part(struct str text, struct words *to, enum civility *civility)
{
    struct words w;

    to->count = to->size = 0;
    to->text[0]          = '\0';
    text                 = str_trim(text);
    words_read(text, &w);
    join_particles(&w, title_words(text, &w, civility), to);
}

void person_name_read(struct str civility, struct str given, struct str family,
                      struct person_name *ret)
{
    ret->civility = civility_read(civility);
    read_part(given, &ret->given, &ret->civility);
    read_part(family, &ret->family, &ret->civility);
}
