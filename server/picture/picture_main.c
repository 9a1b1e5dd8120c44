// maillage-picture: one picture on standard input, the same made anew on standard output, behind
// "WIDTH HEIGHT\n".
//
// The server starts one for each picture. Before it looks at a byte it gives up what it does not
// need: no file, no process, no memory beyond its own, ten seconds of processor, nothing to gain
// from any program. Ends with 0; 3 unreadable; 4 too large.
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "picture/picture.h"

// The sanitizer of addresses reserves far more than any limit; gcc and clang each tell it their
// way.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESSES_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ADDRESSES_SANITIZED
#endif

static bool limit(int what, rlim_t most)
{
    struct rlimit l = { most, most };
    return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

static bool lock_up(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           limit(RLIMIT_CPU, 10) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 3) &&
           limit(RLIMIT_NPROC, 0) && limit(RLIMIT_CORE, 0)
#ifndef ADDRESSES_SANITIZED
           && limit(RLIMIT_AS, (rlim_t)512 << 20)
#endif
        ;
}

static bool write_all(struct str bytes)
{
    while (bytes.len) {
        ssize_t n = write(STDOUT_FILENO, bytes.at, bytes.len);
        if (n <= 0) {
            return false;
        }
        bytes = str_sub(bytes, (size_t)n, bytes.len);
    }
    return true;
}

int main(void)
{
    struct buf in = buf_init(PICTURE_IN_MOST + 1), out = buf_init(PICTURE_OUT_MOST),
               head   = buf_init(64);
    int         width = 0, height = 0;
    static char part[64 << 10];

    if (!lock_up()) {
        return 1;
    }
    for (ssize_t n; (n = read(STDIN_FILENO, part, sizeof part)) > 0;) {
        buf_add(&in, (struct str){ part, (size_t)n });
    }
    if (buf_is_full(&in)) {
        return 4;
    }
    enum picture_result e = picture_renew(buf_str(&in), &out, &width, &height);
    if (e != PICTURE_DONE) {
        return e == PICTURE_TOO_LARGE ? 4 : 3;
    }
    buf_printf(&head, "%d %d\n", width, height);
    return write_all(buf_str(&head)) && write_all(buf_str(&out)) ? 0 : 1;
}
