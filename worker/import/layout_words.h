// How people name the columns that we understand: the words of layout.c.
//
// Pure data, any thread.
#pragma once

#include "import/layout.h"

// names: as column_key writes them, the commonest first, separated by |.
struct layout_word {
    const char *wire, *label, *names;
};
extern const struct layout_word layout_words[PARTNER_FIELDS];

// The meaning that people give to this name, or LAYOUT_NONE; the place of the name among its
// synonyms in *ret_rank.
int layout_word_of(const char *key, size_t *ret_rank);
