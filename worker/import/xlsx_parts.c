#include <stdlib.h>
#include <string.h>

#include "import/xlsx_private.h"

static char *copy(const char *text)
{
    size_t len = strlen(text);
    char  *at  = memory_new(len + 1);

    memcpy(at, text, len + 1);
    return at;
}

const char *xml_local(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *local)
{
    for (size_t i = 0; attributes[i]; i += 2) {
        if (strcmp(xml_local(attributes[i]), local) == 0) {
            return attributes[i + 1];
        }
    }
    return NULL;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

// _xHHHH_ at the beginning of text: its code, or -1.
static int escaped(struct str text)
{
    int code = 0;

    if (text.len < 7 || text.at[0] != '_' || text.at[1] != 'x' || text.at[6] != '_') {
        return -1;
    }
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(text.at[i]);
        if (digit < 0) {
            return -1;
        }
        code = code * 16 + digit;
    }
    return code;
}

void xml_unescape(struct buf *into, struct str text)
{
    size_t from = 0;

    for (size_t i = 0; i + 7 <= text.len; i++) {
        int code = text.at[i] == '_' ? escaped(str_sub(text, i, 7)) : -1;
        // What has a meaning in text: tab, line ends, and the underscore that hides an escape.
        if (code == 0x09 || code == 0x0A || code == 0x0D || code == 0x5F) {
            buf_add(into, str_sub(text, from, i - from));
            if (code != 0x0D) {
                buf_add_char(into, (char)code);
            }
            i += 6;
            from = i + 1;
        }
    }
    buf_add(into, str_sub(text, from, text.len - from));
}

// No honest workbook declares a document type: entities are what bombs are made of.
static void refuse_doctype(void *context, const XML_Char *name, const XML_Char *system,
                           const XML_Char *public, int has_internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_internal;
    XML_StopParser(*(XML_Parser *)context, XML_FALSE);
}

XML_Parser xml_new(void *context, XML_StartElementHandler start, XML_EndElementHandler end,
                   XML_CharacterDataHandler text)
{
    XML_Parser parser = XML_ParserCreate(NULL);

    if (!parser) {
        DIE("out of memory");
    }
    // The context begins with its parser, so that every handler can stop it.
    *(XML_Parser *)context = parser;
    XML_SetUserData(parser, context);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, text);
    XML_SetStartDoctypeDeclHandler(parser, refuse_doctype);
    return parser;
}

// The context of the parts; `more` is the part's own.
struct part {
    XML_Parser   parser;
    struct book *book;
    char        *found; // path of the workbook
    char        *strings, *styles;
    const char  *base; // directory of the workbook, with its slash
    struct buf   text;
    size_t       depth_phonetic;
    bool         is_text, in_cell_styles;
    struct {
        unsigned            id;
        struct number_style style;
    } formats[1024];
    size_t format_count;
    bool   is_full;
};

static bool read_part(struct part *part, const struct zip *zip, const char *name,
                      XML_StartElementHandler start, XML_EndElementHandler end,
                      XML_CharacterDataHandler text, struct import_problem *p)
{
    struct zip_entry *entry  = zip_entry_open(zip, str_of(name), p);
    bool              ok     = entry != NULL;
    XML_Parser        parser = entry ? xml_new(part, start, end, text) : NULL;

    while (ok) {
        void   *into = XML_GetBuffer(parser, XLSX_CHUNK);
        ssize_t n    = into ? zip_read(entry, into, XLSX_CHUNK, p) : 0;
        if (!into) {
            DIE("out of memory");
        }
        if (n < 0) {
            ok = false;
        } else if (XML_ParseBuffer(parser, (int)n, n == 0) != XML_STATUS_OK) {
            import_problem_set(p, part->is_full ? PROBLEM_BOMB : PROBLEM_WORKBOOK, 0, STR(""),
                               str_of(name));
            ok = false;
        }
        if (n == 0) {
            break;
        }
    }
    if (parser) {
        XML_ParserFree(parser);
    }
    zip_entry_free(entry);
    return ok;
}

// A target of a relation: absolute, or beside the part it belongs to.
static char *joined(const char *base, const char *target)
{
    if (target[0] == '/') {
        return copy(target + 1);
    }
    size_t a = strlen(base), b = strlen(target);
    char  *at = memory_new(a + b + 1);
    memcpy(at, base, a);
    memcpy(at + a, target, b + 1);
    return at;
}

static void replace(char **at, char *with)
{
    free(*at);
    *at = with;
}

static void XMLCALL root_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct part *part  = context;
    const char  *type  = xml_attribute(attributes, "Type"),
               *target = xml_attribute(attributes, "Target");

    if (strcmp(xml_local(name), "Relationship") == 0 && type && target &&
        str_ends(str_of(type), STR("/officeDocument"))) {
        replace(&part->found, joined("", target));
    }
}

static void XMLCALL relation_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct part *part = context;
    const char  *type = xml_attribute(attributes, "Type"), *id = xml_attribute(attributes, "Id"),
               *target = xml_attribute(attributes, "Target");

    if (strcmp(xml_local(name), "Relationship") != 0 || !type || !id || !target) {
        return;
    }
    if (str_ends(str_of(type), STR("/sharedStrings"))) {
        replace(&part->strings, joined(part->base, target));
    } else if (str_ends(str_of(type), STR("/styles"))) {
        replace(&part->styles, joined(part->base, target));
    }
    for (size_t i = 0; i < part->book->count; i++) {
        struct sheet *sheet = &part->book->sheets[i];
        if (strcmp(sheet->id, id) == 0 && str_ends(str_of(type), STR("/worksheet"))) {
            replace(&sheet->path, joined(part->base, target));
        }
    }
}

static void XMLCALL book_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct part *part  = context;
    const char  *local = xml_local(name);

    if (strcmp(local, "workbookPr") == 0) {
        const char *epoch   = xml_attribute(attributes, "date1904");
        part->book->is_1904 = epoch && (strcmp(epoch, "1") == 0 || strcmp(epoch, "true") == 0);
    } else if (strcmp(local, "sheet") == 0 && part->book->count < XLSX_SHEETS) {
        const char *title = xml_attribute(attributes, "name"),
                   *id    = xml_attribute(attributes, "id");
        const char *state = xml_attribute(attributes, "state");
        if (title && id) {
            part->book->sheets[part->book->count++] = (struct sheet){
                .name      = copy(title),
                .id        = copy(id),
                .is_hidden = state && strcmp(state, "visible") != 0,
            };
        }
    }
}

static void XMLCALL style_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct part *part    = context;
    const char  *local   = xml_local(name);
    const char  *id_text = xml_attribute(attributes, "numFmtId");
    unsigned     id      = id_text ? (unsigned)strtoul(id_text, NULL, 10) : 0;

    if (strcmp(local, "cellXfs") == 0) {
        part->in_cell_styles = true;
    } else if (strcmp(local, "numFmt") == 0 && part->format_count < LENGTH(part->formats)) {
        const char *code                          = xml_attribute(attributes, "formatCode");
        part->formats[part->format_count].id      = id;
        part->formats[part->format_count++].style = number_style_of(str_of(code ? code : ""));
    } else if (strcmp(local, "xf") == 0 && part->in_cell_styles &&
               part->book->style_count < XLSX_STYLES) {
        struct number_style style = number_style_built_in(id);
        for (size_t i = 0; i < part->format_count; i++) {
            if (part->formats[i].id == id) {
                style = part->formats[i].style;
            }
        }
        part->book->styles[part->book->style_count++] = style;
    }
}

static void XMLCALL style_end(void *context, const XML_Char *name)
{
    struct part *part = context;

    part->in_cell_styles &= strcmp(xml_local(name), "cellXfs") != 0;
}

static void XMLCALL string_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct part *part  = context;
    const char  *local = xml_local(name);

    (void)attributes;
    if (strcmp(local, "si") == 0) {
        buf_clear(&part->text);
    }
    part->depth_phonetic += strcmp(local, "rPh") == 0;
    part->is_text = strcmp(local, "t") == 0 && !part->depth_phonetic;
}

static void XMLCALL string_text(void *context, const XML_Char *text, int len)
{
    struct part *part = context;

    if (part->is_text) {
        buf_add(&part->text, (struct str){ text, (size_t)len });
    }
}

static void XMLCALL string_end(void *context, const XML_Char *name)
{
    struct part    *part  = context;
    struct strings *s     = &part->book->strings;
    const char     *local = xml_local(name);

    part->is_text = false;
    part->depth_phonetic -= strcmp(local, "rPh") == 0 && part->depth_phonetic > 0;
    if (strcmp(local, "si") != 0) {
        return;
    }
    if (s->count == s->cap) {
        s->cap  = s->cap ? 2 * s->cap : 1024;
        s->ends = memory_resize(s->ends, s->cap * sizeof *s->ends);
    }
    xml_unescape(&s->text, buf_str(&part->text));
    s->ends[s->count++] = (uint32_t)s->text.len;
    if (buf_is_full(&s->text) || buf_is_full(&part->text)) {
        part->is_full = true;
        XML_StopParser(part->parser, XML_FALSE);
    }
}

struct str strings_at(const struct strings *s, size_t index)
{
    size_t from = index ? s->ends[index - 1] : 0;

    return (struct str){ s->text.at ? s->text.at + from : "", s->ends[index] - from };
}

// What an archive without a workbook is, as far as its names tell.
static struct str kind_of(const struct zip *zip)
{
    if (zip_has(zip, STR("xl/workbook.bin"))) {
        return STR("classeur binaire .xlsb");
    }
    if (zip_has(zip, STR("content.xml"))) {
        return STR("document OpenDocument");
    }
    return zip_has(zip, STR("word/document.xml")) ? STR("document Word") : STR("archive ZIP");
}

static bool read_all(struct part *part, const struct zip *zip, struct import_problem *p)
{
    struct book *book = part->book;

    if (zip_has(zip, STR("_rels/.rels")) &&
        !read_part(part, zip, "_rels/.rels", root_start, NULL, NULL, p)) {
        return false;
    }
    if (!part->found) {
        part->found = copy("xl/workbook.xml");
    }
    if (!zip_has(zip, str_of(part->found)) || str_ends(str_of(part->found), STR(".bin")) ||
        zip_has(zip, STR("word/document.xml"))) {
        import_problem_set(p, PROBLEM_NOT_WORKBOOK, 0, STR(""), kind_of(zip));
        return false;
    }
    book->sheets = memory_zero(XLSX_SHEETS * sizeof *book->sheets);
    book->styles = memory_zero(XLSX_STYLES * sizeof *book->styles);
    if (!read_part(part, zip, part->found, book_start, NULL, NULL, p)) {
        return false;
    }
    const char *slash = strrchr(part->found, '/');
    size_t      len   = slash ? (size_t)(slash - part->found) + 1 : 0;
    struct buf  base = buf_init(KIB(128)), path = buf_init(KIB(128));
    buf_add(&base, (struct str){ part->found, len });
    buf_printf(&path, "%.*s_rels/%s.rels", (int)len, part->found, part->found + len);
    part->base = base.at ? base.at : "";
    bool ok    = read_part(part, zip, path.at, relation_start, NULL, NULL, p) &&
              (!part->styles || !zip_has(zip, str_of(part->styles)) ||
               read_part(part, zip, part->styles, style_start, style_end, NULL, p)) &&
              (!part->strings || !zip_has(zip, str_of(part->strings)) ||
               read_part(part, zip, part->strings, string_start, string_end, string_text, p));
    part->base = NULL;
    buf_done(&base);
    buf_done(&path);
    return ok;
}

bool book_read(struct book *book, const struct zip *zip, struct import_problem *p)
{
    struct part *part = memory_zero(sizeof *part);

    memset(book, 0, sizeof *book);
    book->strings.text = buf_init(XLSX_STRINGS);
    part->text         = buf_init(MIB(1));
    part->book         = book;
    bool ok            = read_all(part, zip, p);
    buf_done(&part->text);
    free(part->found);
    free(part->strings);
    free(part->styles);
    free(part);
    return ok;
}

void book_done(struct book *book)
{
    for (size_t i = 0; i < book->count; i++) {
        free(book->sheets[i].name);
        free(book->sheets[i].id);
        free(book->sheets[i].path);
    }
    free(book->sheets);
    free(book->styles);
    free(book->strings.ends);
    buf_done(&book->strings.text);
    memset(book, 0, sizeof *book);
}
