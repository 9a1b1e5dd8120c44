// What the two halves of the workbook reader share: parts read whole when it is opened
// (xlsx_parts.c), and the sheet that streams (xlsx.c).
#pragma once

#include <expat.h>

#include "base/buf.h"
#include "import/number.h"
#include "import/xlsx.h"
#include "import/zip.h"

enum {
    XLSX_CHUNK   = 64 * 1024,
    XLSX_STRINGS = 128 * 1024 * 1024, // bytes of shared strings
    XLSX_STYLES  = 65536,
};

struct sheet {
    char *name, *id, *path; // ours
    bool  is_hidden;
};

// Texts one after the other: text i is from ends[i - 1] to ends[i].
struct strings {
    struct buf text;
    uint32_t  *ends;
    size_t     count, cap;
};

struct book {
    struct sheet        *sheets;
    size_t               count;
    bool                 is_1904;
    struct strings       strings;
    struct number_style *styles;
    size_t               style_count;
};

// Reads everything but the sheets. False with p filled.
bool book_read(struct book *book, const struct zip *zip, struct import_problem *p) MUST_USE;
void book_done(struct book *book);

struct str strings_at(const struct strings *s, size_t index);

// A parser that refuses document types. Handlers get `context`.
XML_Parser xml_new(void *context, XML_StartElementHandler start, XML_EndElementHandler end,
                   XML_CharacterDataHandler text);
// The part of a name behind its prefix, and the value of an attribute by that part, or NULL.
const char *xml_local(const char *name);
const char *xml_attribute(const char **attributes, const char *local);

// Adds text with _x000D_ and the like put back, when it is whole.
void xml_unescape(struct buf *into, struct str text);
