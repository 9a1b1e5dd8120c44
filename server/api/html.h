// HTML and XML, written so that what people typed is never markup.
//
// html_add takes literals only; everything that comes from elsewhere goes through html_text, which
// is safe between tags and inside a quoted attribute, or html_query inside an address.
#pragma once

#include "base/buf.h"

// Markup of ours: a literal.
#define html_add(b, literal) buf_add((b), STR(literal))

// Text with & < > " and ' as entities; control characters that XML forbids are left out.
void html_text(struct buf *b, struct str text);
// The same, each line break a <br>.
void html_lines(struct buf *b, struct str text);
// A value in the query of an address: everything but letters, digits, - . _ ~ as %XX.
void html_query(struct buf *b, struct str value);
