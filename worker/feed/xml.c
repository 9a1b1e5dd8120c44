// XML by expat: no DTD, therefore no entity but the five that are always there.
#include <expat.h>

#include "feed/tree_private.h"

struct reader {
    struct grower *grower;
    XML_Parser     parser;
};

static uint32_t line_of(const struct reader *r)
{
    return (uint32_t)XML_GetCurrentLineNumber(r->parser);
}

static void fail(struct reader *r, struct str sentence)
{
    grower_fail(r->grower, line_of(r), sentence);
    XML_StopParser(r->parser, XML_FALSE);
}

// Behind the prefix.
static struct str local(const char *name)
{
    struct str all   = str_of(name);
    size_t     colon = str_index(all, ':');
    return colon + 1 < all.len ? str_sub(all, colon + 1, all.len) : all;
}

static void on_start(void *context, const char *name, const char **attributes)
{
    struct reader *r = context;
    if (!grower_open(r->grower, local(name), line_of(r))) {
        XML_StopParser(r->parser, XML_FALSE);
        return;
    }
    for (size_t i = 0; attributes[i]; i += 2) {
        if (!str_starts(str_of(attributes[i]), STR("xmlns"))) {
            struct str at = local(attributes[i]);
            grower_leaf(r->grower, arena_printf(r->grower->arena, "@%.*s", STR_ARG(at)), str_of(attributes[i + 1]), line_of(r));
        }
    }
    if (r->grower->is_wrong) {
        XML_StopParser(r->parser, XML_FALSE);
    }
}

static void on_end(void *context, const char *name)
{
    struct reader *r = context;
    (void)name;
    if (!r->grower->is_wrong) {
        grower_close(r->grower);
    }
}

static void on_text(void *context, const char *text, int length)
{
    struct reader *r = context;
    if (!r->grower->is_wrong) {
        grower_text(r->grower, (struct str){ text, (size_t)length });
    }
}

static void on_doctype(void *context, const char *name, const char *system, const char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    fail(context, STR("Le fichier porte une DTD (<!DOCTYPE>)\u202f: elle n’est pas acceptée"));
}

// Windows-1252, 0x80 to 0x9F, and where ISO 8859-15 differs from ISO 8859-1.
static const int high_1252[32] = { 0x20AC, -1,     0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                   0x2039, 0x0152, -1,     0x017D, -1,     -1,     0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                   0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, -1,     0x017E, 0x0178 };
static const struct {
    int byte, character;
} latin_9[] = { { 0xA4, 0x20AC }, { 0xA6, 0x0160 }, { 0xA8, 0x0161 }, { 0xB4, 0x017D },
                { 0xB8, 0x017E }, { 0xBC, 0x0152 }, { 0xBD, 0x0153 }, { 0xBE, 0x0178 } };

static int on_encoding(void *context, const char *name, XML_Encoding *encoding)
{
    struct str asked   = str_of(name);
    bool       is_1252 = str_eq_case(asked, STR("windows-1252")) || str_eq_case(asked, STR("cp1252"));
    (void)context;
    if (!is_1252 && !str_eq_case(asked, STR("iso-8859-15")) && !str_eq_case(asked, STR("latin-9"))) {
        return XML_STATUS_ERROR;
    }
    for (int i = 0; i < 256; i++) {
        encoding->map[i] = is_1252 && i >= 0x80 && i <= 0x9F ? high_1252[i - 0x80] : i;
    }
    for (size_t i = 0; !is_1252 && i < LENGTH(latin_9); i++) {
        encoding->map[latin_9[i].byte] = latin_9[i].character;
    }
    encoding->data    = NULL;
    encoding->convert = NULL;
    encoding->release = NULL;
    return XML_STATUS_OK;
}

static void tell(struct reader *r, enum XML_Error error)
{
    switch (error) {
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
        fail(r, STR("L’encodage annoncé n’est pas connu"));
        break;
    case XML_ERROR_INVALID_TOKEN:
        fail(r, STR("Un caractère n’a pas sa place ici, ou l’encodage n’est pas celui qui est annoncé"));
        break;
    case XML_ERROR_TAG_MISMATCH:
        fail(r, STR("Une balise fermante n’est pas celle qui est attendue"));
        break;
    case XML_ERROR_NO_ELEMENTS:
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
        fail(r, STR("Le fichier est coupé"));
        break;
    case XML_ERROR_UNDEFINED_ENTITY:
        fail(r, STR("Une entité n’est pas définie"));
        break;
    default:
        fail(r, arena_printf(r->grower->arena, "Le XML est mal formé (%s)", XML_ErrorString(error)));
    }
}

bool feed_read_xml(struct grower *g, struct str bytes)
{
    enum { PIECE = 1024 * 1024 };
    struct reader r = { .grower = g, .parser = XML_ParserCreate(NULL) };
    if (!r.parser) {
        DIE("out of memory");
    }
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    XML_SetUnknownEncodingHandler(r.parser, on_encoding, NULL);
    bool is_read = false;
    for (size_t at = 0; !g->is_wrong && !is_read;) {
        size_t size = bytes.len - at < PIECE ? bytes.len - at : PIECE;
        is_read     = at + size == bytes.len;
        if (XML_Parse(r.parser, bytes.at + at, (int)size, is_read) != XML_STATUS_OK && !g->is_wrong) {
            tell(&r, XML_GetErrorCode(r.parser));
        }
        at += size;
    }
    XML_ParserFree(r.parser);
    return !g->is_wrong;
}
