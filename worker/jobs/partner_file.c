#include "jobs/partner_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "queries.h"

enum { PAGE = 1000, IDS_MOST = MIB(16) };

struct drop {
    struct job *job;
    int64_t     channel, bytes;
    struct str  name, last, beside; // the file, and what it is called until it is whole
    struct buf  open, over;         // numbers of publications, as arrays
    int64_t     open_count, over_count;
    int         fd;
};

static bool write_all(struct drop *d, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        ssize_t n = write(d->fd, text.at + at, text.len - at);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        at += n > 0 ? (size_t)n : 0;
    }
    d->bytes += (int64_t)text.len;
    return true;
}

// One page of lines. *after moves on; *ret_more: there may be others.
static enum err page(struct drop *d, int64_t *after, bool *ret_more, bool *ret_is_written)
{
    CLEANUP(result_done) struct result lines = file_lines(d->job->db, d->channel, d->job->worker->site, *after, PAGE);
    if (lines.err) {
        return lines.err;
    }
    struct buf text = buf_init(MIB(64));
    for (int i = 0; i < result_count(&lines); i++) {
        bool        is_open = result_bool(&lines, i, 2);
        struct buf *ids     = is_open ? &d->open : &d->over;
        int64_t    *count   = is_open ? &d->open_count : &d->over_count;
        *after              = result_int(&lines, i, 0);
        buf_printf(ids, "%s%lld", (*count)++ ? "," : "", (long long)*after);
        buf_add(&text, result_text(&lines, i, 1));
        buf_add_char(&text, '\n');
    }
    *ret_more       = result_count(&lines) == PAGE;
    *ret_is_written = !buf_is_full(&text) && write_all(d, buf_str(&text));
    buf_done(&text);
    return OK;
}

static enum err pages(struct drop *d, bool *ret_is_written)
{
    int64_t  after = 0;
    bool     more  = true;
    CLEANUP(result_done) struct result header = file_header(d->job->db);
    if (header.err) {
        return header.err;
    }
    *ret_is_written = write_all(d, result_text(&header, 0, 0)) && write_all(d, STR("\n"));
    for (enum err e; more && *ret_is_written;) {
        if ((e = page(d, &after, &more, ret_is_written))) {
            return e;
        }
    }
    return OK;
}

// Forces the file to the disk and gives it its name, which the directory then keeps too.
static bool put(struct drop *d, const char *directory)
{
    bool is_kept = fsync(d->fd) == 0;
    is_kept      = close(d->fd) == 0 && is_kept;
    d->fd        = -1;
    if (!is_kept || rename(d->beside.at, d->last.at)) {
        return false;
    }
    int parent = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent >= 0) {
        is_kept = fsync(parent) == 0;
        close(parent);
    }
    return parent >= 0 && is_kept;
}

static enum err settle(struct drop *d, struct out_answer *ret)
{
    struct arena *a = d->job->arena;
    ret->status     = 201;
    ret->text       = arena_printf(a, "%.*s.csv\u202f: %lld offres ouvertes, %lld fermées, %lld octets", STR_ARG(d->name), (long long)d->open_count,
                                   (long long)d->over_count, (long long)d->bytes);
    return result_end(file_settle(d->job->db, d->channel, arena_printf(a, "{%.*s}", STR_ARG(buf_str(&d->open))),
                                  arena_printf(a, "{%.*s}", STR_ARG(buf_str(&d->over)))));
}

enum err partner_file_drop(struct job *job, int64_t channel, struct str name, struct out_answer *ret)
{
    struct arena *a         = job->arena;
    struct str    directory = job->worker->drop;
    int64_t       start     = clock_ms();
    *ret                    = (struct out_answer){ 0 };
    if (!directory.len) {
        ret->error = STR("Aucun répertoire de dépôt n’est configuré (drop-dir).");
        return OK;
    }
    struct drop d = { .job = job, .channel = channel, .name = name, .open = buf_init(IDS_MOST), .over = buf_init(IDS_MOST) };
    d.last        = arena_printf(a, "%.*s/%.*s.csv", STR_ARG(directory), STR_ARG(name));
    d.beside      = arena_printf(a, "%.*s/.%.*s.csv.%lld.part", STR_ARG(directory), STR_ARG(name), (long long)job->id);
    d.fd          = open(d.beside.at, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
    bool     is_written = false;
    enum err e          = d.fd < 0 ? OK : pages(&d, &is_written);
    if (!e && is_written && put(&d, arena_text(a, directory))) {
        e = settle(&d, ret);
    } else if (!e) {
        ret->error = errno == ENOENT ? arena_printf(a, "Le répertoire de dépôt %.*s n’existe pas\u202f; le fichier y sera écrit dès qu’il sera là.", STR_ARG(directory))
                                     : arena_printf(a, "Le fichier ne s’écrit pas\u202f: %s", strerror(errno));
    }
    if (d.fd >= 0) {
        close(d.fd);
    }
    if (ret->status == 0 && d.beside.len) {
        unlink(d.beside.at);
    }
    ret->ms = (int)(clock_ms() - start);
    buf_done(&d.open);
    buf_done(&d.over);
    return e;
}
