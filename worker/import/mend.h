// Characters that were encoded twice on their way: "SociÃ©tÃ©" is "Société".
//
// UTF-8 taken for Windows-1252 and written as UTF-8 again. Only sequences that stand for characters
// of French text are put back (U+00A0 to U+00FF, Œ, œ, Ÿ, typographic marks, €, ™); no French text
// has them by itself. Pure functions, any thread.
#pragma once

#include "base/str.h"

// Puts back what stands in text, in place, up to twice over; the text as it then is.
struct str mend_text(char *at, size_t len);

// True when text holds U+FFFD, which stands for characters that are lost.
bool mend_is_lost(struct str text);
