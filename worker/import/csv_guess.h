// What a text is by its beginning: its separator, or that it is no table at all.
//
// Pure functions, any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// The separator (; tab | ,) that most lines have equally often, quotes apart; ',' when none does.
char csv_guess_separator(const char *text, size_t len);

// True when nine lines of ten have that separator equally often.
bool csv_is_steady(const char *text, size_t len);

// What a file that is plainly something else is, in French, by its first bytes; NULL when it may
// be CSV.
const char *csv_guess_kind(const char *text, size_t len);
