#include "feed/pages.h"

#include "base/buf.h"

#define MAGIC "maillage-pages\n"

struct str feed_pages_join(struct arena *a, const struct str *pages, size_t count)
{
    struct buf out = buf_init((size_t)FEED_BYTES + FEED_PAGES * 24);
    if (count == 1) {
        return pages[0];
    }
    buf_add(&out, STR(MAGIC));
    for (size_t i = 0; i < count; i++) {
        buf_printf(&out, "%zu\n", pages[i].len);
        buf_add(&out, pages[i]);
    }
    struct str whole = arena_str(a, buf_str(&out));
    buf_done(&out);
    return whole;
}

bool feed_is_pages(struct str bytes)
{
    return str_starts(bytes, STR(MAGIC));
}

bool feed_page_cut(struct str *rest, struct str *ret_page)
{
    struct str all = feed_is_pages(*rest) ? str_sub(*rest, sizeof MAGIC - 1, rest->len) : *rest;
    size_t     end = str_index(all, '\n');
    int64_t    size;
    bool       is_one = end < all.len && str_int(str_sub(all, 0, end), &size) && size >= 0 && (uint64_t)size <= all.len - end - 1;
    *ret_page         = is_one ? str_sub(all, end + 1, (size_t)size) : (struct str){ 0 };
    *rest             = is_one ? str_sub(all, end + 1 + (size_t)size, all.len) : all;
    return is_one;
}

static size_t nodes_in(const struct feed_node *root)
{
    size_t count = 0;
    for (const struct feed_node *node = root; node; count++) {
        const struct feed_node *from = node;
        while (!node->first && from && from != root && !from->next) {
            from = from->parent;
        }
        node = node->first ? node->first : from && from != root ? from->next : NULL;
    }
    return count;
}

struct str feed_page_next(struct arena *a, const struct feed_layout *layout, struct str page, size_t *nodes)
{
    struct feed_fault fault;
    struct str        next = { 0 };
    struct arena     *once = arena_new();
    struct feed_node *root = layout->next.len ? feed_layout_open(once, layout, page, &fault) : NULL;
    if (root) {
        next = arena_str(a, feed_value(once, &(struct feed_item){ .element = root }, layout->next, (struct str){ 0 }));
        *nodes += nodes_in(root);
    }
    arena_free(once);
    return next;
}
