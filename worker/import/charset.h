// Texts of before UTF-8, of one byte a character, and UTF-16, as UTF-8.
//
// Pure functions, any thread.
#pragma once

#include "base/buf.h"

// What programs have saved text as: Windows, Unix, Excel's "CSV (MS-DOS)" and "CSV (Macintosh)".
enum charset { CHARSET_1252, CHARSET_LATIN_9, CHARSET_DOS, CHARSET_MAC, CHARSET__COUNT };

const char  *charset_name(enum charset set);
enum charset charset_of(struct str name); // CHARSET__COUNT when there is none of that name

// The code point of a byte; 0 where nothing is assigned.
unsigned charset_code(enum charset set, unsigned char byte);

// The one in which most bytes beyond ASCII are letters of French where such letters may stand;
// Windows-1252 unless another does better.
enum charset charset_guess(struct str bytes);

// The byte from 0x80 on that a code point is in Windows-1252; 0 when it has none there.
unsigned charset_to_1252(unsigned code);

// Writes a code point as UTF-8, up to four bytes; returns how many.
size_t charset_put(char *into, uint32_t code);

// Adds a text in Windows-1252; bytes that stand for nothing become U+FFFD.
void charset_from_1252(struct str bytes, struct buf *ret);

// True when bytes begin as UTF-16 does: with its mark, or with a plain letter beside a zero.
bool charset_is_utf16(struct str bytes);
// The same as UTF-8, without its mark, in memory that the caller frees; NULL when a half of a pair
// stands alone or the last unit is cut.
char *charset_from_utf16(struct str bytes, size_t *ret_len);
