#include "import/input.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { STORED = 64 * 1024 };

struct input {
    int      fd;
    bool     is_ours;
    bool     is_gzip;
    bool     is_begun;
    bool     at_end;    // of the stored bytes
    bool     in_member; // inside a gzip member: the end of the file there is a truncation
    uint64_t size;
    uint64_t stored;
    uint64_t given;
    uint64_t most;
    z_stream z;
    size_t   from; // stored bytes not used yet: bytes[from .. to[
    size_t   to;

    crypto_hash_sha256_state digest;

    unsigned char bytes[STORED];
};

static ssize_t wrong(struct import_problem *p, enum import_code code, const char *why)
{
    import_problem_set(p, code, 0, (struct str){ .at = "", .len = 0 },
                       (struct str){ .at = why, .len = strlen(why) });
    return -1;
}

// The reasons a person can do something about, in French.
static const char *reason(int error)
{
    switch (error) {
    case ENOENT:
        return "il n’existe pas";
    case EACCES:
    case EPERM:
        return "l’accès en est refusé";
    default:
        return strerror(error);
    }
}

static bool refill(struct input *in, struct import_problem *p)
{
    ssize_t n;

    do {
        n = read(in->fd, in->bytes, STORED);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        wrong(p, PROBLEM_UNREADABLE, reason(errno));
        return false;
    }
    in->from = 0;
    in->to = (size_t)n;
    in->at_end = n == 0;
    in->stored += (uint64_t)n;
    crypto_hash_sha256_update(&in->digest, in->bytes, (unsigned long long)n);
    return true;
}

static ssize_t give(struct input *in, size_t n, struct import_problem *p)
{
    in->given += n;
    if (in->most && in->given > in->most) {
        return wrong(p, PROBLEM_TOO_LARGE, "");
    }
    return (ssize_t)n;
}

static ssize_t inflate_some(struct input *in, char *into, size_t most, struct import_problem *p)
{
    for (;;) {
        if (in->from == in->to && !in->at_end && !refill(in, p)) {
            return -1;
        }
        if (in->from == in->to) {
            return in->in_member ? wrong(p, PROBLEM_TRUNCATED, "archive gzip") : 0;
        }
        if (!in->in_member) {
            // Zero bytes may pad the end of an archive; anything else begins another member.
            if (in->bytes[in->from] == 0) {
                in->from++;
                continue;
            }
            inflateReset(&in->z);
            in->in_member = true;
        }
        in->z.next_in = in->bytes + in->from;
        in->z.avail_in = (uInt)(in->to - in->from);
        in->z.next_out = (Bytef *)into;
        in->z.avail_out = (uInt)most;
        int    r = inflate(&in->z, Z_NO_FLUSH);
        size_t n = most - in->z.avail_out;
        in->from = in->to - in->z.avail_in;
        if (r == Z_STREAM_END) {
            in->in_member = false;
        } else if (r != Z_OK && r != Z_BUF_ERROR) {
            return wrong(p, PROBLEM_UNREADABLE, "archive gzip abîmée");
        }
        if (n) {
            return give(in, n, p);
        }
    }
}

static ssize_t input_some(void *context, char *into, size_t most, struct import_problem *p)
{
    struct input *in = context;

    if (in->from == in->to && !in->at_end && !refill(in, p)) {
        return -1;
    }
    if (!in->is_begun) {
        in->is_begun = true;
        in->is_gzip = in->to >= 2 && in->bytes[0] == 0x1F && in->bytes[1] == 0x8B;
        if (in->is_gzip && inflateInit2(&in->z, 15 + 16) != Z_OK) {
            DIE("inflateInit2");
        }
    }
    if (in->is_gzip) {
        return inflate_some(in, into, most, p);
    }
    size_t n = in->to - in->from < most ? in->to - in->from : most;
    memcpy(into, in->bytes + in->from, n);
    in->from += n;
    return give(in, n, p);
}

struct input *input_open(const char *path, int fd, uint64_t most, struct import_problem *p)
{
    struct stat   about;
    struct input *in;

    if (path) {
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            wrong(p, PROBLEM_UNREADABLE, reason(errno));
            return NULL;
        }
    }
    if (fstat(fd, &about) != 0 || S_ISDIR(about.st_mode)) {
        wrong(p, PROBLEM_UNREADABLE, "ce n’est pas un fichier");
        if (path) {
            close(fd);
        }
        return NULL;
    }
    in = memory_zero(sizeof *in);
    in->fd = fd;
    in->is_ours = path != NULL;
    in->most = most;
    in->size = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
    crypto_hash_sha256_init(&in->digest);
    return in;
}

void input_close(struct input *in)
{
    if (in) {
        if (in->is_gzip) {
            inflateEnd(&in->z);
        }
        if (in->is_ours) {
            close(in->fd);
        }
        free(in);
    }
}

struct csv_source input_source(struct input *in)
{
    return (struct csv_source){ .read = input_some, .context = in };
}

uint64_t input_read(const struct input *in)
{
    return in->stored;
}

uint64_t input_size(const struct input *in)
{
    return in->size;
}

bool input_digest(struct input *in, unsigned char ret[INPUT_DIGEST_LEN])
{
    struct import_problem ignored;

    while (!in->at_end) {
        if (!refill(in, &ignored)) {
            return false;
        }
    }
    in->from = in->to;
    crypto_hash_sha256_final(&in->digest, ret);
    return true;
}

bool input_digest_of(const char *path, unsigned char ret[INPUT_DIGEST_LEN],
                     struct import_problem *p)
{
    struct input *in = input_open(path, -1, 0, p);
    bool          ok = in && input_digest(in, ret);

    if (in && !ok) {
        wrong(p, PROBLEM_UNREADABLE, "");
    }
    input_close(in);
    return ok;
}

static char *all_of(const char *path, uint64_t most, bool as_stored, size_t *ret_len,
                    struct import_problem *p)
{
    struct input *in = input_open(path, -1, most, p);
    size_t        cap = 1 << 20, len = 0;
    char         *all;

    if (!in) {
        return NULL;
    }
    in->is_begun = as_stored;
    all = memory_new(cap);
    for (;;) {
        ssize_t n = input_some(in, all + len, cap - len - 1, p);
        if (n < 0) {
            free(all);
            input_close(in);
            return NULL;
        }
        if (n == 0) {
            break;
        }
        len += (size_t)n;
        if (cap - len < 2) {
            cap *= 2;
            all = memory_resize(all, cap);
        }
    }
    all[len] = '\0';
    *ret_len = len;
    input_close(in);
    return all;
}

char *input_all(const char *path, uint64_t most, size_t *ret_len, struct import_problem *p)
{
    return all_of(path, most, false, ret_len, p);
}

char *input_bytes(const char *path, uint64_t most, size_t *ret_len, struct import_problem *p)
{
    return all_of(path, most, true, ret_len, p);
}
