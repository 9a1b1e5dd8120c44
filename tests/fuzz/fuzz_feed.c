// Any bytes: a feed is read or refused in words, a layout is proposed, offers come out within their limits; and so is any layout.
#include "base/buf.h"
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

static void check_offer(struct arena *a, const struct feed_layout *layout, const struct feed_node *element)
{
    struct feed_offer o;
    struct buf        out = buf_init(MIB(4));
    feed_offer_read(a, layout, &(struct feed_item){ .element = element }, &o);
    must(str_utf8_count(o.values[FEED_TITLE]) <= 160 && str_utf8_count(o.values[FEED_DESCRIPTION]) <= 6000);
    must(o.values[FEED_ROME].len == 0 || o.values[FEED_ROME].len == 5);
    must(o.values[FEED_SIRET].len == 0 || o.values[FEED_SIRET].len == 14);
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
        check_offer(a, &s->layout, elements[i]);
    }
    if (s->layout.fields[FEED_REFERENCE].len && s->layout.fields[FEED_TITLE].len) {
        struct str text = feed_layout_write(a, &s->layout);
        must(!str_is_utf8(text) || feed_layout_read(a, text, &again, &fault) || fault.sentence.len > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena      *a     = arena_new();
    struct str         bytes = { size ? (const char *)data : "", size };
    struct feed_layout layout;
    struct feed_fault  fault = { 0 };
    for (enum feed_format format = FEED_XML; format <= FEED_CSV; format++) {
        read_as(a, format, bytes);
    }
    struct str plain = bytes;
    must(feed_plain(a, &plain, &fault) || fault.sentence.len > 0);
    if (plain.at != bytes.at) {
        read_as(a, feed_format_of(plain), plain);
    }
    fault = (struct feed_fault){ 0 };
    must(feed_layout_read(a, bytes, &layout, &fault) || fault.sentence.len > 0);
    if (str_is_utf8(bytes)) {
        must(str_is_utf8(feed_text(a, bytes)));
        must(str_utf8_count(feed_cut(a, bytes, 20)) <= 20);
    }
    feed_fold(a, bytes);
    arena_free(a);
    return 0;
}
