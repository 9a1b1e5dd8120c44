// Any bytes: a feed is read or refused in words, a layout is proposed, offers come out within their limits; and so is any layout, and
// a feed by a layout that stands before it, behind a line of "---". The file that a layout writes is read as the same layout.
#include "base/buf.h"
#include "feed/pages.h"
#include "feed/plain.h"
#include "feed/suggest.h"
#include "feed/text.h"
#include "fuzz.h"

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static bool is_of(struct str value, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(value, str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

static void check_offer(struct arena *a, const struct feed_layout *layout, const struct feed_item *item)
{
    struct feed_offer o;
    struct buf        out = buf_init(MIB(4));
    feed_offer_read(a, layout, item, &o);
    must(str_utf8_count(o.values[FEED_TITLE]) <= 160 && str_utf8_count(o.values[FEED_DESCRIPTION]) <= 6000);
    must(o.values[FEED_ROME].len == 0 || o.values[FEED_ROME].len == 5);
    must(o.values[FEED_SIRET].len == 0 || o.values[FEED_SIRET].len == 14);
    static const char *const periods[] = { "hour", "month", "year", "mission" }, *const states[] = { "open", "closed" };
    must(o.values[FEED_START].len == 0 || o.values[FEED_START].len == 10);
    must(o.values[FEED_STATE].len == 0 || is_of(o.values[FEED_STATE], states, LENGTH(states)));
    must(o.values[FEED_SALARY_PERIOD].len == 0 || is_of(o.values[FEED_SALARY_PERIOD], periods, LENGTH(periods)));
    must(o.values[FEED_SALARY_PERIOD].len || !(o.values[FEED_SALARY_MIN].len || o.values[FEED_SALARY_MAX].len));
    for (size_t i = 0; i < FEED_FIELDS; i++) {
        must(o.values[i].len == 0 || str_is_utf8(o.values[i]));
    }
    feed_offer_write(&o, &out);
    must(!buf_is_full(&out));
    buf_done(&out);
}

static void read_as(struct arena *a, enum feed_format format, struct str bytes)
{
    const struct feed_node *elements[4];
    struct feed_fault       fault = { 0 };
    struct feed_suggestion *s     = ARENA_NEW(a, struct feed_suggestion);
    struct feed_layout      again;
    struct feed_node       *root = feed_read(a, format, bytes, FEED_HEADER_FOUND, &fault);
    must(root || fault.sentence.len > 0);
    if (!root || !feed_suggest(a, format, root, s)) {
        return;
    }
    size_t count = feed_find(root, s->layout.element, elements, LENGTH(elements));
    must(count > 0);
    for (size_t i = 0; i < count && i < LENGTH(elements); i++) {
        check_offer(a, &s->layout, &(struct feed_item){ .element = elements[i] });
    }
    if (s->layout.fields[FEED_REFERENCE].len && s->layout.fields[FEED_TITLE].len) {
        struct str text = feed_layout_write(a, &s->layout);
        must(!str_is_utf8(text) || feed_layout_read(a, text, &again, &fault) || fault.sentence.len > 0);
    }
}

// A feed by its layout: what comes out keeps its limits, whatever the paths ask for.
static void read_by(struct arena *a, const struct feed_layout *layout, struct str bytes)
{
    enum { OFFERS = 20 };
    struct feed_item  *items;
    struct feed_fault  fault = { 0 };
    struct feed_node  *root  = feed_layout_open(a, layout, bytes, &fault);
    must(root || fault.sentence.len > 0);
    size_t     nodes = 0;
    struct str next  = feed_page_next(a, layout, bytes, &nodes);
    must(layout->next.len || !next.len);
    size_t count = root ? feed_items(a, layout, root, &items) : 0;
    for (size_t i = 0; i < count && i < OFFERS; i++) {
        check_offer(a, layout, &items[i]);
    }
    for (enum feed_field field = 0; count && field < FEED_FIELDS; field++) {
        struct str unmet = layout->fields[field].len ? feed_unmet(items, count < OFFERS ? count : OFFERS, layout->fields[field]) : (struct str){ 0 };
        must(unmet.len <= layout->fields[field].len);
    }
}

static void check_layout(struct arena *a, struct str bytes)
{
    struct feed_layout layout, again;
    struct feed_fault  fault = { 0 };
    size_t             cut   = str_find(bytes, STR("\n---\n"));
    if (!feed_layout_read(a, str_sub(bytes, 0, cut), &layout, &fault)) {
        must(fault.sentence.len > 0);
        return;
    }
    struct str written = feed_layout_write(a, &layout);
    must(feed_layout_read(a, written, &again, &fault) && str_eq(feed_layout_write(a, &again), written));
    read_by(a, &layout, cut < bytes.len ? str_sub(bytes, cut + 5, bytes.len) : STR("<a><b c='1'><d>x</d><d e='y'>z</d></b><b c='2'/></a>"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena     *a     = arena_new();
    struct str        bytes = { size ? (const char *)data : "", size };
    struct feed_fault fault = { 0 };
    for (enum feed_format format = FEED_XML; format <= FEED_CSV; format++) {
        read_as(a, format, bytes);
    }
    struct str plain = bytes;
    must(feed_plain(a, &plain, &fault) || fault.sentence.len > 0);
    if (plain.at != bytes.at) {
        read_as(a, feed_format_of(plain), plain);
    }
    check_layout(a, bytes);
    const struct str twice[] = { bytes, bytes };
    struct str       pages = feed_pages_join(a, twice, 2), page;
    must(feed_page_cut(&pages, &page) && str_eq(page, bytes) && feed_page_cut(&pages, &page) && str_eq(page, bytes) && !feed_page_cut(&pages, &page));
    if (str_is_utf8(bytes)) {
        must(str_is_utf8(feed_text(a, bytes)));
        must(str_utf8_count(feed_cut(a, bytes, 20)) <= 20);
    }
    feed_fold(a, bytes);
    arena_free(a);
    return 0;
}
