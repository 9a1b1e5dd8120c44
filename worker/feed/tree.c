#include "feed/tree.h"

#include "feed/pages.h"
#include "feed/tree_private.h"

enum { TEXT_MOST = 256 * 1024, TEXT_ALL = 2 * FEED_BYTES }; // of one node; of all: what is within HTML counts once for each element around it

void grower_begin(struct grower *g, struct arena *a, struct feed_fault *fault)
{
    *g = (struct grower){ .arena = a, .root = ARENA_NEW(a, struct feed_node), .fault = fault };
    for (size_t i = 0; i <= FEED_DEPTH; i++) {
        g->text[i] = buf_init(TEXT_MOST);
    }
    g->open[0] = g->root;
}

struct feed_node *grower_end(struct grower *g)
{
    for (size_t i = 0; i <= FEED_DEPTH; i++) {
        buf_done(&g->text[i]);
    }
    return g->is_wrong ? NULL : g->root;
}

void grower_fail(struct grower *g, uint32_t line, struct str sentence)
{
    if (!g->is_wrong) {
        g->is_wrong = true;
        *g->fault   = (struct feed_fault){ line, arena_str(g->arena, sentence) };
    }
}

bool grower_open(struct grower *g, struct str name, uint32_t line)
{
    if (g->depth == FEED_DEPTH || g->count == FEED_NODES) {
        grower_fail(g, line, g->depth == FEED_DEPTH ? STR("Les éléments sont emboîtés trop profondément") : STR("Le fichier a trop d’éléments"));
    }
    if (g->is_wrong) {
        return false;
    }
    struct feed_node *parent = g->open[g->depth];
    struct feed_node *node   = ARENA_NEW(g->arena, struct feed_node);
    node->name               = arena_str(g->arena, str_sub(name, 0, FEED_NAME));
    node->line               = line;
    node->parent             = parent;
    if (parent->last) {
        parent->last->next = node;
    } else {
        parent->first = node;
    }
    parent->last       = node;
    g->open[++g->depth] = node;
    g->count++;
    buf_clear(&g->text[g->depth]);
    return true;
}

void grower_reset(struct grower *g)
{
    g->root->first = g->root->last = NULL;
    g->depth = g->count = g->bytes = 0;
    g->is_wrong         = false;
    *g->fault           = (struct feed_fault){ 0 };
}

void grower_text(struct grower *g, struct str text)
{
    buf_add(&g->text[g->depth], text); // beyond the limit it is cut: an offer of 256 KB is none
}

void grower_close(struct grower *g)
{
    struct str text = str_trim(buf_str(&g->text[g->depth]));
    g->bytes += text.len;
    if (g->bytes > TEXT_ALL) {
        grower_fail(g, g->open[g->depth]->line, STR("Le texte est repris par trop d’éléments emboîtés"));
        text = STR("");
    }
    g->open[g->depth]->text = text.len ? arena_str(g->arena, text) : STR("");
    g->depth--;
}

void grower_leaf(struct grower *g, struct str name, struct str text, uint32_t line)
{
    if (grower_open(g, name, line)) {
        grower_text(g, text);
        grower_close(g);
    }
}

static const struct {
    enum feed_format format;
    const char      *name;
    bool (*read)(struct grower *g, struct str bytes);
} formats[] = {
    { FEED_XML, "xml", feed_read_xml },
    { FEED_JSON, "json", feed_read_json },
    { FEED_CSV, "csv", feed_read_csv },
    { FEED_XML, "rss", feed_read_xml }, // and by the names that people give them
    { FEED_XML, "atom", feed_read_xml },
    { FEED_JSON, "jsonl", feed_read_json },
    { FEED_JSON, "ndjson", feed_read_json },
    { FEED_CSV, "tsv", feed_read_csv },
    { FEED_CSV, "xlsx", feed_read_csv },
};

enum feed_format feed_format_of(struct str bytes)
{
    struct str start = str_sub(bytes, 0, 64);
    char       narrow[32];
    if (feed_is_pages(bytes)) {
        return feed_page_cut(&bytes, &start) && !feed_is_pages(start) ? feed_format_of(start) : FEED_UNKNOWN;
    }
    if (str_starts(start, STR("\xFE\xFF")) || str_starts(start, STR("\xFF\xFE"))) { // UTF-16: what tells them apart is plain
        size_t low = str_starts(start, STR("\xFE\xFF")) ? 1 : 0, n = 0;
        for (size_t i = 2; i + 1 < start.len; i += 2) {
            narrow[n++] = start.at[i + 1 - low] ? '?' : start.at[i + low];
        }
        start = (struct str){ narrow, n };
    }
    if (str_starts(start, STR("\xEF\xBB\xBF"))) {
        start = str_sub(start, 3, start.len);
    }
    start = str_trim(start);
    if (str_starts(start, STR("<"))) {
        return FEED_XML;
    }
    return str_starts(start, STR("{")) || str_starts(start, STR("[")) ? FEED_JSON : FEED_CSV;
}

enum feed_format feed_format_named(struct str name)
{
    for (size_t i = 0; i < LENGTH(formats); i++) {
        if (str_eq_case(name, str_of(formats[i].name))) {
            return formats[i].format;
        }
    }
    return FEED_UNKNOWN;
}

struct str feed_format_name(enum feed_format format)
{
    for (size_t i = 0; i < LENGTH(formats); i++) {
        if (formats[i].format == format) {
            return str_of(formats[i].name);
        }
    }
    return (struct str){ 0 };
}

// What stands at the top of one page, behind what stands at the top of those before. Each still has its own page above it: what a path
// finds that leads up is of that page.
static void append(struct feed_node *root, const struct feed_node *page)
{
    if (!page->first) {
        return;
    }
    if (root->last) {
        root->last->next = page->first;
    } else {
        root->first = page->first;
    }
    root->last = page->last;
}

// All pages as one tree, within the limits of one.
static struct feed_node *read_pages(struct arena *a, enum feed_format format, struct str bytes, int header, struct feed_fault *ret_fault)
{
    struct feed_node *root = NULL;
    size_t            count = 0, size = 0, pages = 0;
    for (struct str page; feed_page_cut(&bytes, &page);) {
        struct grower g;
        grower_begin(&g, a, ret_fault);
        g.header = header;
        for (size_t i = 0; i < LENGTH(formats); i++) {
            if (formats[i].format == format) {
                formats[i].read(&g, page);
                break;
            }
        }
        count += g.count, size += g.bytes;
        if (count > FEED_NODES || size > TEXT_ALL) {
            grower_fail(&g, 0, STR("Le fichier a trop d’éléments"));
        }
        struct feed_node *top = grower_end(&g);
        pages++;
        if (!top) {
            ret_fault->sentence = arena_printf(a, "Page %zu\u202f: %.*s", pages, STR_ARG(ret_fault->sentence));
            return NULL;
        }
        if (root) {
            append(root, top);
        }
        root = root ? root : top;
    }
    if (!root || bytes.len) {
        *ret_fault = (struct feed_fault){ 0, STR("Le fichier est coupé") };
        return NULL;
    }
    return root;
}

struct feed_node *feed_read(struct arena *a, enum feed_format format, struct str bytes, int header, struct feed_fault *ret_fault)
{
    struct grower g;
    if (feed_is_pages(bytes) && bytes.len <= (size_t)FEED_BYTES + FEED_PAGES * 24) {
        return read_pages(a, format, bytes, header, ret_fault);
    }
    grower_begin(&g, a, ret_fault);
    g.header = header;
    if (bytes.len > FEED_BYTES) {
        grower_fail(&g, 0, STR("Le fichier dépasse 64 Mo"));
    }
    if (str_trim(bytes).len == 0) {
        grower_fail(&g, 0, STR("Le fichier est vide"));
    }
    for (size_t i = 0; i < LENGTH(formats) && !g.is_wrong; i++) {
        if (formats[i].format == format) {
            formats[i].read(&g, bytes);
            return grower_end(&g);
        }
    }
    grower_fail(&g, 0, STR("Ce format n’est pas connu"));
    return grower_end(&g);
}
