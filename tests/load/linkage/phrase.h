// A short piece of UTF-8 text of bounded length, and what people do to it when they type.
//
// A phrase is a value; additions beyond its room are cut at a character. Pure functions but for the
// generator of numbers they are given.
#pragma once

#include "rng.h"

enum { PHRASE_ROOM = 120 };

struct phrase {
    uint32_t len;
    char     at[PHRASE_ROOM]; // ends with NUL
};

struct phrase phrase_of(const char *text);
void          phrase_add(struct phrase *p, const char *text);
void          phrase_printf(struct phrase *p, const char *format, ...) PRINTF(2, 3);
bool          phrase_empty(const struct phrase *p);

// Letters: capitals, without accents (œ gives oe), both; hyphens as blanks.
void phrase_upper(struct phrase *p);
void phrase_plain(struct phrase *p);
void phrase_unhyphen(struct phrase *p);
// At most `count` characters remain, blanks at the end included.
void phrase_cut(struct phrase *p, uint32_t count);
// Every occurrence of `from` (bytes) becomes `to`.
void phrase_replace(struct phrase *p, const char *from, const char *to);

// One slip of the fingers: a neighbouring key, two letters swapped, one lost or doubled.
void phrase_slip(struct phrase *p, struct rng *r);
// Two neighbouring words change places; one word (not the first of two) is lost.
void phrase_swap_words(struct phrase *p, struct rng *r);
void phrase_lose_word(struct phrase *p, struct rng *r);
// The first letters of its words but articles, in capitals.
struct phrase phrase_acronym(const struct phrase *p);
// Lower-case ASCII words joined by `joint`, of at most `most` characters: for addresses of mail.
struct phrase phrase_slug(const char *text, char joint, uint32_t most);
