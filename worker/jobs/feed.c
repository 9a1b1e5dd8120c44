#include "jobs/feed.h"

#include <sodium.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/url.h"
#include "base/vault.h"
#include "feed/offer.h"
#include "feed/pages.h"
#include "feed/plain.h"
#include "feed/text.h"
#include "import/copyline.h"
#include "import/linkage.h"
#include "out/get.h"
#include "queries.h"

enum {
    FAULTS_MOST = 5000, // kept of a reading
    PIECE       = KIB(128),
};

struct reading {
    struct job *job;
    int64_t     run, feed, file;
    struct str  address, etag, modified, layout, content;
    struct str  digest; // of what was read last
    int         status;
};

static enum err end(const struct reading *r, const char *state, struct str error)
{
    log_line(LOG_INFO, "feed_read", LOG_NUMBER("run", r->run), LOG_TEXT("end", str_of(state)), LOG_TEXT("error", error));
    return result_end(feed_end(r->job->db, r->run, str_of(state), r->status, error.len ? error : (struct str){ 0 }));
}

static enum err fail(const struct reading *r, const struct feed_fault *fault)
{
    struct str sentence = fault->line ? arena_printf(r->job->arena, "Ligne %u\u202f: %.*s.", fault->line, STR_ARG(fault->sentence))
                                      : arena_printf(r->job->arena, "%.*s.", STR_ARG(fault->sentence));
    return end(r, "failed", sentence);
}

// --- the bytes --------------------------------------------------------------------------------------

// The layout that the feed has, when it is sound.
static bool is_paged(const struct reading *r, struct feed_layout *ret)
{
    struct feed_fault fault;
    return r->layout.len && feed_layout_read(r->job->arena, r->layout, ret, &fault) && ret->next.len;
}

// What fetching the pages of a feed has come to.
struct paging {
    const struct feed_layout *layout;
    struct str                pages[FEED_PAGES], asked[FEED_PAGES], answered[FEED_PAGES];
    size_t                    count, size, nodes;
};

// The next page, as it was before it was packed; *ret_next is the address that it or its header says to be the next one's, held against
// the one that answered. Its own address stays out of what is told: it may hold a key.
static bool fetch_page(struct reading *r, struct paging *p, const struct out_question *asked, struct str *ret_next, struct feed_fault *ret_fault)
{
    struct arena   *a = r->job->arena;
    struct out_file got;
    out_get(a, asked, &got);
    r->status       = got.status;
    size_t     n    = p->count++;
    struct str page = got.bytes.len ? got.bytes : STR("");
    if (got.is_too_long) {
        *ret_fault = (struct feed_fault){ 0, arena_printf(a, "Avec sa page %zu, ce flux dépasse en tout 64 Mo", n + 1) };
        return false;
    }
    if (got.status != 200) {
        struct str host = feed_cut(a, url_host(asked->url), 120), why = str_ends(got.error, STR(".")) ? str_sub(got.error, 0, got.error.len - 1) : got.error;
        *ret_fault      = (struct feed_fault){ 0, got.status ? arena_printf(a, "Le serveur a répondu %d à la page %zu (%.*s)", got.status, n + 1, STR_ARG(host))
                                                             : arena_printf(a, "Page %zu (%.*s)\u202f: %.*s", n + 1, STR_ARG(host), STR_ARG(why)) };
        return false;
    }
    if (!feed_plain(a, &page, ret_fault)) {
        ret_fault->sentence = arena_printf(a, "Page %zu\u202f: %.*s", n + 1, STR_ARG(ret_fault->sentence));
        return false;
    }
    struct str link = feed_page_next(a, p->layout, page, &p->nodes);
    link            = str_eq(p->layout->next, STR(FEED_NEXT_LINK)) ? got.next : link;
    p->pages[n] = page, p->asked[n] = asked->url, p->answered[n] = got.url;
    p->size += page.len;
    *ret_next = link.len ? out_beside(a, got.url, link) : (struct str){ 0 };
    if (link.len && !ret_next->len) {
        struct str host = url_host(link);
        *ret_fault = (struct feed_fault){ 0, arena_printf(a, "La page qui suit la page %zu n’est pas sur le même serveur\u202f: %.*s", n + 1, STR_ARG(feed_cut(a, host.len ? host : STR("adresse illisible"), 120))) };
        return false;
    }
    return true;
}

// All pages as one file, within the time and the size of one. False, told, when one of them cannot be had: what is not whole is not read.
static bool fetch_pages(struct reading *r, const struct feed_layout *layout, struct str *ret_bytes, struct feed_fault *ret_fault)
{
    struct arena  *a       = r->job->arena;
    struct paging *p       = ARENA_NEW(a, struct paging);
    struct str     address = r->address;
    int64_t        start   = clock_ms();
    p->layout              = layout;
    while (address.len) {
        int64_t left = OUT_GET_MS - (clock_ms() - start);
        if (p->count == FEED_PAGES || left < 1 || p->size >= FEED_BYTES || p->nodes > FEED_NODES) {
            *ret_fault = (struct feed_fault){ 0, arena_printf(a, "Ce flux a plus de %d pages, ou dépasse en tout 64 Mo, une minute ou deux millions d’éléments", FEED_PAGES) };
            return false;
        }
        struct out_question asked = { .url = address, .most = FEED_BYTES - p->size, .ms = (int)left };
        if (!fetch_page(r, p, &asked, &address, ret_fault)) {
            return false;
        }
        for (size_t i = 0; i < p->count; i++) { // the last page may name itself
            address = str_eq(address, p->asked[i]) || str_eq(address, p->answered[i]) ? (struct str){ 0 } : address;
        }
    }
    *ret_bytes = feed_pages_join(a, p->pages, p->count);
    return true;
}

// Keeps what was fetched; *ret_bytes stays absent when it is what was read last, and the reading has then ended.
static enum err keep(struct reading *r, struct str bytes, struct str etag, struct str modified, struct str *ret_bytes)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char          hex[2 * sizeof digest + 1];
    crypto_hash_sha256(digest, (const unsigned char *)bytes.at, bytes.len);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    if (str_eq(r->digest, str_of(hex))) {
        return end(r, "unchanged", STR(""));
    }
    *ret_bytes = bytes.len ? bytes : STR("");
    return result_end(feed_keep(r->job->db, r->run, r->status, (struct str){ (char *)digest, sizeof digest }, (int64_t)bytes.len, vault_seal(r->job->arena, VAULT_FILE, r->file, bytes), etag,
                                modified));
}

// Asks for the feed; *ret_bytes stays absent when it is as before or could not be had, and the reading has then ended. Of pages each is
// asked for whole: the first says nothing of the others.
static enum err fetch(struct reading *r, struct str *ret_bytes)
{
    struct arena      *a = r->job->arena;
    struct feed_layout layout;
    struct feed_fault  fault = { 0 };
    struct out_file    got;
    struct str         bytes = { 0 };
    if (is_paged(r, &layout)) {
        return fetch_pages(r, &layout, &bytes, &fault) ? keep(r, bytes, (struct str){ 0 }, (struct str){ 0 }, ret_bytes) : fail(r, &fault);
    }
    out_get(a, &(struct out_question){ .url = r->address, .etag = r->etag, .modified = r->modified, .most = FEED_BYTES }, &got);
    r->status = got.status;
    if (got.status == 304) {
        return end(r, "unchanged", STR(""));
    }
    if (got.status != 200) {
        return end(r, "failed", got.status ? arena_printf(a, "Le serveur a répondu %d.", got.status) : got.error);
    }
    return keep(r, got.bytes, got.etag, got.modified, ret_bytes);
}

static enum err bytes_of(struct reading *r, struct str *ret_bytes)
{
    struct str sealed;
    if (r->address.len && !r->content.len) {
        return fetch(r, ret_bytes);
    }
    if (!r->content.len) {
        return end(r, "failed", STR("Aucun fichier n’a été déposé."));
    }
    if (!vault_from_hex(r->job->arena, r->content, &sealed) || !vault_open(r->job->arena, VAULT_FILE, r->file, sealed, ret_bytes)) {
        *ret_bytes = (struct str){ 0 };
        return end(r, "failed", STR("Le fichier ne se déchiffre pas."));
    }
    // Described since as one of pages: what is kept is the first of them.
    struct feed_layout layout;
    if (r->address.len && !feed_is_pages(*ret_bytes) && is_paged(r, &layout)) {
        *ret_bytes = (struct str){ 0 };
        return fetch(r, ret_bytes);
    }
    return OK;
}

// --- what they say ----------------------------------------------------------------------------------

struct found {
    struct buf lines, faults;
    bool       is_partial; // the feed only tells what changed
    int        elements, nameless, fault_count;
};

static void note_faults(struct found *f, const struct reading *r, const struct feed_offer *o)
{
    for (size_t i = 0; i < o->fault_count && f->fault_count < FAULTS_MOST; i++) {
        copy_int(&f->faults, r->run);
        copy_int(&f->faults, ++f->fault_count);
        copy_int(&f->faults, o->line);
        copy_text(&f->faults, o->values[FEED_REFERENCE]);
        copy_text(&f->faults, feed_field_name(o->faults[i].field));
        copy_text(&f->faults, o->faults[i].code);
        copy_text(&f->faults, o->faults[i].sentence);
        copy_end(&f->faults);
    }
}

static void note_line(struct found *f, struct arena *a, const struct reading *r, const struct feed_offer *o)
{
    struct buf given = buf_init(KIB(256));
    feed_offer_values(o, &given);
    copy_int(&f->lines, r->run);
    copy_int(&f->lines, f->elements);
    copy_int(&f->lines, o->line);
    copy_text(&f->lines, feed_offer_print(a, o));
    copy_text(&f->lines, buf_str(&given));
    copy_end(&f->lines);
    buf_done(&given);
}

// Reads each element; the lines go to the database piece by piece, faults wait for their end.
static enum err send_lines(struct found *f, const struct reading *r, const struct feed_layout *layout, const struct feed_node *root)
{
    struct arena     *once = arena_new();
    struct feed_item *items;
    size_t            count = feed_items(r->job->arena, layout, root, &items);
    enum err          e     = db_copy_open(r->job->db, &query_feed_lines);
    for (size_t i = 0; !e && i < count; i++) {
        struct feed_offer o;
        arena_reset(once);
        feed_offer_read(once, layout, &items[i], &o);
        bool is_over = str_eq(o.values[FEED_STATE], STR("closed")); // of such a one only the reference counts
        f->elements++;
        if (!is_over) {
            note_faults(f, r, &o);
        }
        if (o.values[FEED_REFERENCE].len == 0) {
            f->nameless += !is_over;
            continue;
        }
        note_line(f, once, r, &o);
        if (f->lines.len >= PIECE) {
            e = db_copy_write(r->job->db, buf_str(&f->lines));
            buf_clear(&f->lines);
        }
    }
    arena_free(once);
    e               = !e && f->lines.len ? db_copy_write(r->job->db, buf_str(&f->lines)) : e;
    enum err closed = db_copy_close(r->job->db, e != OK, NULL);
    if ((e = e ? e : closed) || !f->faults.len || (e = db_copy_open(r->job->db, &query_feed_faults))) {
        return e;
    }
    e      = db_copy_write(r->job->db, buf_str(&f->faults));
    closed = db_copy_close(r->job->db, e != OK, NULL);
    return e ? e : closed;
}

// Ties employers, then does what the reading asks for.
static enum err settle(const struct reading *r, const struct found *f)
{
    struct db *db  = r->job->db;
    bool       any = false;
    enum err   e   = result_end(feed_meet(db, r->run));
    e              = e ? e : linkage_employers(db, r->feed, r->file, &any);
    e              = e || !any ? e : result_end(feed_tie(db));
    e              = e || !any ? e : result_end(feed_resemble(db));
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = feed_apply(db, r->run, f->elements, f->nameless, f->is_partial);
    if (!done.err) {
        log_line(LOG_INFO, "feed_read", LOG_NUMBER("run", r->run), LOG_TEXT("end", result_text(&done, 0, 0)), LOG_NUMBER("elements", f->elements),
                 LOG_NUMBER("made", result_int(&done, 0, 1)), LOG_NUMBER("changed", result_int(&done, 0, 2)),
                 LOG_NUMBER("withdrawn", result_int(&done, 0, 3)), LOG_NUMBER("missing", result_int(&done, 0, 4)));
    }
    return done.err;
}

static enum err read_all(struct reading *r, struct str bytes)
{
    struct feed_fault  fault  = { 0 };
    struct feed_layout layout = { 0 };
    struct found       f      = { .lines = buf_init(MIB(4)), .faults = buf_init(MIB(16)) };
    struct arena      *a      = r->job->arena;
    if (!r->layout.len) {
        return end(r, "done", STR("Le fichier est là\u202f: décrivez-le pour que ses offres soient lues."));
    }
    if (!feed_layout_read(a, r->layout, &layout, &fault) || !feed_plain(a, &bytes, &fault)) {
        return fail(r, &fault);
    }
    struct feed_node *root = feed_layout_open(a, &layout, bytes, &fault);
    if (!root) {
        return fail(r, &fault);
    }
    f.is_partial = layout.is_partial;
    if (!layout.is_partial && feed_find(root, layout.element, NULL, 0) == 0) {
        fault = (struct feed_fault){ 0, arena_printf(a, "Aucun élément «\u202f%.*s\u202f» dans ce fichier", STR_ARG(layout.element)) };
        return fail(r, &fault);
    }
    enum err e = db_begin(r->job->db);
    e          = e ? e : send_lines(&f, r, &layout, root);
    e          = e ? e : settle(r, &f);
    e          = e ? e : db_commit(r->job->db);
    db_rollback(r->job->db);
    buf_done(&f.lines);
    buf_done(&f.faults);
    return e;
}

enum err feed_read_run(struct job *job)
{
    CLEANUP(result_done) struct result taken = feed_take(job->db, job->id);
    if (taken.err || result_count(&taken) == 0) {
        return taken.err;
    }
    struct reading r = {
        .job      = job,
        .run      = result_int(&taken, 0, 0),
        .feed     = result_int(&taken, 0, 1),
        .file     = result_int(&taken, 0, 2),
        .address  = result_text(&taken, 0, 3),
        .etag     = result_text(&taken, 0, 4),
        .modified = result_text(&taken, 0, 5),
        .layout   = result_text(&taken, 0, 6),
        .content  = result_text(&taken, 0, 7),
        .digest   = result_text(&taken, 0, 8),
    };
    struct str bytes = { 0 };
    enum err   e     = bytes_of(&r, &bytes);
    return e || str_is_absent(bytes) ? e : read_all(&r, bytes);
}

enum err feed_follow_run(struct job *job)
{
    CLEANUP(result_done) struct result asked = feed_follow(job->db);
    if (!asked.err && result_int(&asked, 0, 0)) {
        log_line(LOG_INFO, "feeds_due", LOG_NUMBER("count", result_int(&asked, 0, 0)));
    }
    return asked.err;
}
