#include "api/feed_preview.h"

#include "feed/plain.h"
#include "feed/suggest.h"

enum { OFFERS_SHOWN = 20, READ_MOST = 2000 };

// What is being shown.
struct preview {
    struct arena           *arena;
    struct feed_node       *root;
    struct feed_layout      layout;
    struct feed_suggestion *seen;
    bool                    is_suggested;
    struct buf              text;
};

static void put(struct preview *p, const char *name, struct str value)
{
    buf_printf(&p->text, ",\"%s\":", name);
    buf_add_json(&p->text, value);
}

static void put_fault(struct buf *text, const struct feed_fault *fault)
{
    buf_printf(text, "{\"line\":%u,\"sentence\":", fault->line);
    buf_add_json(text, fault->sentence);
    buf_add_char(text, '}');
}

// Their words for ours, of contracts or of all other fields.
static void put_words(struct preview *p, bool is_of_contracts)
{
    const struct feed_layout *l = &p->layout;
    for (size_t i = 0, n = 0; i < l->word_count; i++) {
        if ((l->words[i].field == FEED_CONTRACT) != is_of_contracts) {
            continue;
        }
        buf_add(&p->text, n++ ? STR(",{") : STR("{"));
        if (!is_of_contracts) {
            buf_printf(&p->text, "\"field\":\"%.*s\",",
                       STR_ARG(feed_field_name(l->words[i].field)));
        }
        buf_add(&p->text, STR("\"theirs\":"));
        buf_add_json(&p->text, l->words[i].theirs);
        buf_add(&p->text, STR(",\"ours\":"));
        buf_add_json(&p->text, l->words[i].ours);
        buf_add_char(&p->text, '}');
    }
}

static void put_layout(struct preview *p)
{
    const struct feed_layout *l = &p->layout;
    put(p, "layout", feed_layout_write(p->arena, l));
    put(p, "element", l->element);
    put(p, "format", feed_format_name(l->format));
    buf_add(&p->text, STR(",\"fields\":{"));
    for (size_t i = 0, n = 0; i < FEED_FIELDS; i++) {
        if (l->fields[i].len) {
            buf_printf(&p->text, "%s\"%.*s\":", n++ ? "," : "",
                       STR_ARG(feed_field_name((enum feed_field)i)));
            buf_add_json(&p->text, l->fields[i]);
        }
    }
    buf_add(&p->text, STR("},\"contracts\":["));
    put_words(p, true);
    buf_add(&p->text, STR("],\"words\":["));
    put_words(p, false);
    buf_add(&p->text, STR("],\"header\":"));
    buf_printf(&p->text, l->header == FEED_HEADER_FOUND ? "null" : "%d", l->header);
    put(p, "each", l->each);
    struct feed_other others[FEED_OTHERS];
    size_t            count = feed_layout_others(l, others);
    buf_add(&p->text, STR(",\"others\":{"));
    for (size_t i = 0; i < count; i++) {
        buf_printf(&p->text, "%s\"%s\":", i ? "," : "", others[i].key);
        buf_add_json(&p->text, others[i].value);
    }
    buf_add_char(&p->text, '}');
}

// The first offers, and of the first READ_MOST how often each field is at fault.
static void put_offers(struct preview *p)
{
    uint32_t          faults[FEED_FIELDS] = { 0 }, given[FEED_FIELDS] = { 0 }, usable = 0;
    struct feed_item *items;
    size_t            count = feed_items(p->arena, &p->layout, p->root, &items);
    size_t            most  = count < READ_MOST ? count : READ_MOST;
    struct arena     *once  = arena_new();
    buf_add(&p->text, STR(",\"offers\":["));
    for (size_t i = 0; i < most; i++) {
        struct feed_offer o;
        arena_reset(once);
        feed_offer_read(once, &p->layout, &items[i], &o);
        usable += o.is_usable;
        for (size_t k = 0; k < o.fault_count; k++) {
            faults[o.faults[k].field]++;
        }
        for (size_t k = 0; k < FEED_FIELDS; k++) {
            given[k] += o.values[k].len > 0;
        }
        if (i < OFFERS_SHOWN) {
            buf_add(&p->text, i ? STR(",") : STR(""));
            feed_offer_write(&o, &p->text);
        }
    }
    arena_free(once);
    buf_printf(&p->text, "],\"elements\":%zu,\"read\":%zu,\"usable\":%u,\"counts\":[", count, most,
               usable);
    for (size_t i = 0; i < FEED_FIELDS; i++) {
        buf_printf(&p->text, "%s{\"field\":\"%.*s\",\"given\":%u,\"faulty\":%u}", i ? "," : "",
                   STR_ARG(feed_field_name((enum feed_field)i)), given[i], faults[i]);
    }
    buf_add_char(&p->text, ']');
}

static void put_parts(struct preview *p)
{
    struct feed_element found[FEED_ELEMENTS];
    size_t              n = feed_elements(p->arena, p->root, found);
    buf_add(&p->text, STR(",\"paths\":["));
    for (size_t i = 0; i < p->seen->path_count; i++) {
        const struct feed_path *path = &p->seen->paths[i];
        buf_add(&p->text, i ? STR(",{\"path\":") : STR("{\"path\":"));
        buf_add_json(&p->text, path->path);
        buf_printf(&p->text, ",\"count\":%u,\"samples\":[", path->count);
        for (size_t k = 0; k < LENGTH(path->samples) && path->samples[k].len; k++) {
            buf_add(&p->text, k ? STR(",") : STR(""));
            buf_add_json(&p->text, path->samples[k]);
        }
        buf_add(&p->text, STR("]}"));
    }
    buf_add(&p->text, STR("],\"repeated\":["));
    for (size_t i = 0; i < n; i++) {
        buf_add(&p->text, i ? STR(",{\"path\":") : STR("{\"path\":"));
        buf_add_json(&p->text, found[i].path);
        buf_printf(&p->text, ",\"count\":%u}", found[i].count);
    }
    buf_add_char(&p->text, ']');
}

// The layout asked for, or the one proposed; false with *ret_fault when there is none.
static bool choose_layout(struct preview *p, struct str asked, enum feed_format format,
                          struct feed_fault *ret_fault)
{
    p->is_suggested = !asked.len;
    if (asked.len) {
        return feed_layout_read(p->arena, asked, &p->layout, ret_fault);
    }
    if (!feed_suggest(p->arena, format, p->root, p->seen)) {
        *ret_fault = (struct feed_fault){
            0, STR("Rien n’y est répété\u202f: ce n’est pas une liste d’offres")
        };
        return false;
    }
    p->layout = p->seen->layout;
    return true;
}

enum err feed_preview_reply(struct req *r, struct str bytes, struct str asked)
{
    struct feed_fault fault  = { 0 };
    int               header = FEED_HEADER_FOUND;
    struct preview    p      = { .arena = r->arena,
                                 .seen  = ARENA_NEW(r->arena, struct feed_suggestion),
                                 .text  = buf_init(MIB(8)) };
    bool              is_ok  = feed_plain(r->arena, &bytes, &fault);
    enum feed_format  format = is_ok ? feed_format_of(bytes) : FEED_UNKNOWN;
    if (is_ok && asked.len && feed_layout_read(r->arena, asked, &p.layout, &fault)) {
        format = p.layout.format ? p.layout.format : format;
        header = p.layout.header;
    }
    fault  = is_ok ? (struct feed_fault){ 0 } : fault;
    p.root = is_ok ? feed_read(r->arena, format, bytes, header, &fault) : NULL;
    is_ok  = p.root && choose_layout(&p, asked, format, &fault);
    buf_add(&p.text, STR("{\"fault\":"));
    if (is_ok) {
        buf_add(&p.text, STR("null"));
    } else {
        put_fault(&p.text, &fault);
    }
    buf_printf(&p.text, ",\"suggested\":%s", p.is_suggested ? "true" : "false");
    if (is_ok) {
        bool any = p.is_suggested || feed_look(r->arena, p.root, p.layout.element, p.seen);
        p.seen->path_count = any ? p.seen->path_count : 0;
        put_layout(&p);
        put_offers(&p);
    } else {
        buf_add(
            &p.text,
            STR(",\"layout\":\"\",\"element\":\"\",\"format\":null,\"fields\":{},\"contracts\":[],\"words\":[],\"header\":null,\"each\":\"\",\"offers\":[],\"elements\":0,\"read\":0,\"usable\":0,\"counts\":[]"));
    }
    if (p.root) {
        put_parts(&p);
    } else {
        buf_add(&p.text, STR(",\"paths\":[],\"repeated\":[]"));
    }
    buf_add_char(&p.text, '}');
    struct str text = arena_str(r->arena, buf_str(&p.text));
    bool       full = buf_is_full(&p.text);
    buf_done(&p.text);
    return full ? ERR_TOO_LARGE : reply_json(r, 200, text);
}
