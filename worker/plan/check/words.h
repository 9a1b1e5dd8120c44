// Words of a text, line by line, and the whole numbers among them, for checkers.
//
// Shares nothing with the readers of the engines, so that a fault of theirs cannot hide here. One
// thread; the text must outlive the reader.
#pragma once

#include "base/str.h"

struct check_words {
    struct str text;
    size_t     at;
    int64_t    line; // of the word read last, from 1
    bool       bad;  // a number was asked for and none stood there
};

// A reader over the text, at its first word.
struct check_words check_words_of(struct str text);

// The next word; absent at the end.
struct str check_word(struct check_words *w);
// The next word as a number of at most 18 digits, zeros before them not counted; 0 with w->bad when
// it is none.
int64_t check_number(struct check_words *w);
// Whether the next word is this one; moves behind it when it is.
bool check_is(struct check_words *w, const char *word);
