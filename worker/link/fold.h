// Folding: text without case, accents, ligatures or punctuation, cut into words.
//
// Every normaliser begins here, so that two spellings that a reader takes for the same are the same
// bytes. Input is UTF-8; bytes that are not count as blanks. Output is a-z, 0-9 and single blanks.
// Pure, any thread.
#pragma once

#include "base/str.h"

enum { WORDS_MAX = 24, WORDS_TEXT_MAX = 240 };

// Folded text in its words: word i is text[at[i]] on len[i] bytes; words are separated by one
// blank.
struct words {
    char    text[WORDS_TEXT_MAX + 1]; // ends with NUL
    uint8_t size;                     // bytes of text
    uint8_t count;
    uint8_t at[WORDS_MAX];
    uint8_t len[WORDS_MAX];
};

// Folds text into room bytes at ret (no NUL) and returns how many were written; what does not fit
// is left out. Apostrophes, dashes, dots and every other sign become one blank; '&' and '+' become
// the word "et"; "œ" is "oe".
size_t fold(struct str text, char *ret, size_t room);

// Folds and cuts into words; words beyond the limits are left out. Letters that dots separate are
// one word: "C.C.A.S." is "ccas".
void words_read(struct str text, struct words *ret);

// A word; empty beyond the last.
struct str words_at(const struct words *w, size_t index);

// True when the word is this one.
bool word_is(struct str word, const char *known);

// Adds a word of folded characters at the end; false when there is no room.
bool words_add(struct words *w, struct str word);
