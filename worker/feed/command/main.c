// maillage-feed suggest FILE: proposes a layout. maillage-feed read LAYOUT FILE: each offer as a line of JSON.
//
// Exit status: 0 done, 1 the file cannot be read, 2 wrong words. What is wrong goes to standard error, in French.
#include <stdio.h>

#include "base/buf.h"
#include "feed/plain.h"
#include "feed/suggest.h"
#include "import/input.h"

static int refuse(const char *path, const struct feed_fault *fault)
{
    if (fault->line) {
        fprintf(stderr, "%s, ligne %u : %.*s\n", path, fault->line, STR_ARG(fault->sentence));
    } else {
        fprintf(stderr, "%s : %.*s\n", path, STR_ARG(fault->sentence));
    }
    return 1;
}

// The bytes of a file, as they are or as they were before they were packed; absent, told, when it cannot be read.
static struct str read_file(struct arena *a, const char *path)
{
    struct import_problem p    = { 0 };
    size_t                size = 0;
    char                  why[1024];
    char                 *bytes = input_all(path, FEED_BYTES, &size, &p);
    if (!bytes) {
        fprintf(stderr, "%s : %s\n", path, import_problem_message(&p, why, sizeof why));
        return (struct str){ 0 };
    }
    struct str        text  = arena_str(a, (struct str){ bytes, size });
    struct feed_fault fault = { 0 };
    free(bytes);
    if (!feed_plain(a, &text, &fault)) {
        refuse(path, &fault);
        return (struct str){ 0 };
    }
    return text;
}

static int suggest(struct arena *a, const char *path)
{
    struct feed_fault       fault = { 0 };
    struct feed_suggestion *s     = ARENA_NEW(a, struct feed_suggestion);
    struct str              bytes = read_file(a, path);
    if (str_is_absent(bytes)) {
        return 1;
    }
    enum feed_format  format = feed_format_of(bytes);
    struct feed_node *root   = feed_read(a, format, bytes, FEED_HEADER_FOUND, &fault);
    if (!root) {
        return refuse(path, &fault);
    }
    if (!feed_suggest(a, format, root, s)) {
        fault.sentence = STR("Rien n’y est répété\u202f: ce n’est pas une liste d’offres");
        return refuse(path, &fault);
    }
    printf("# %u offres\n", s->elements);
    struct str text = feed_layout_write(a, &s->layout);
    fwrite(text.at, 1, text.len, stdout);
    return 0;
}

// What there is instead of the element that is not there.
static int refuse_element(struct arena *a, const char *layout_path, struct str element, const struct feed_node *root)
{
    struct feed_element found[FEED_ELEMENTS];
    size_t              count = feed_elements(a, root, found);
    fprintf(stderr, "%s : aucun élément «\u202f%.*s\u202f» dans ce fichier", layout_path, STR_ARG(element));
    for (size_t i = 0; i < count && i < 3; i++) {
        fprintf(stderr, "%s%.*s (%u)", i ? ", " : "\u202f; il y a ", STR_ARG(found[i].path), found[i].count);
    }
    fputs("\n", stderr);
    return 1;
}

// Fields whose paths lead nowhere: a word of the layout that is written otherwise in the file, or a part that no offer has today.
static void warn_of_paths(const char *layout_path, const struct feed_layout *layout, const struct feed_item *items, size_t count)
{
    for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
        struct str unmet = layout->fields[field].len ? feed_unmet(items, count, layout->fields[field]) : (struct str){ 0 };
        if (unmet.len) {
            fprintf(stderr, "%s : %.*s, «\u202f%.*s\u202f» ne mène nulle part dans ce fichier\n", layout_path, STR_ARG(feed_field_name(field)), STR_ARG(unmet));
        }
    }
}

static int read_offers(struct arena *a, const char *layout_path, const char *path)
{
    enum { MOST = 1000000 };
    struct feed_fault  fault  = { 0 };
    struct feed_layout layout = { 0 };
    struct str         text   = read_file(a, layout_path);
    struct str         bytes  = str_is_absent(text) ? text : read_file(a, path);
    if (str_is_absent(bytes)) {
        return 1;
    }
    if (!feed_layout_read(a, text, &layout, &fault)) {
        return refuse(layout_path, &fault);
    }
    struct feed_node *root = feed_layout_open(a, &layout, bytes, &fault);
    if (!root) {
        return refuse(path, &fault);
    }
    struct feed_item *items;
    size_t            count = feed_items(a, &layout, root, &items);
    if (count == 0) {
        return refuse_element(a, layout_path, layout.element, root);
    }
    warn_of_paths(layout_path, &layout, items, count);
    struct buf    out  = buf_init(MOST);
    struct arena *once = arena_new();
    for (size_t i = 0; i < count; i++) {
        struct feed_offer o;
        arena_reset(once);
        feed_offer_read(once, &layout, &items[i], &o);
        buf_clear(&out);
        feed_offer_write(&o, &out);
        buf_add_char(&out, '\n');
        fwrite(out.at, 1, out.len, stdout);
    }
    arena_free(once);
    buf_done(&out);
    return 0;
}

int main(int argc, char **argv)
{
    struct arena *a      = arena_new();
    int           status = 2;
    if (argc == 3 && strcmp(argv[1], "suggest") == 0) {
        status = suggest(a, argv[2]);
    } else if (argc == 4 && strcmp(argv[1], "read") == 0) {
        status = read_offers(a, argv[2], argv[3]);
    } else {
        fputs("maillage-feed suggest FICHIER\nmaillage-feed read DISPOSITION FICHIER\n", stderr);
    }
    arena_free(a);
    return status;
}
