#include "api/picture_child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "picture/picture.h"

enum { PATIENCE_MS = 5000, HEAD_MOST = 32 };

struct child {
    pid_t pid;
    int   in, out; // its standard input and output, our ends
};

static void close_one(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

// The program beside this one.
static bool find(char path[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
    while (n > 0 && path[n - 1] != '/') {
        n--;
    }
    return n > 0 && snprintf(path + n, (size_t)(PATH_MAX - n), "maillage-picture") < PATH_MAX - n;
}

static bool start(struct child *c)
{
    static char *const         nothing[] = { NULL };
    char                       path[PATH_MAX];
    int                        in[2] = { -1, -1 }, out[2] = { -1, -1 };
    posix_spawn_file_actions_t acts;
    char                      *words[] = { path, NULL };

    if (!find(path) || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
        posix_spawn_file_actions_init(&acts)) {
        close_one(&in[0]), close_one(&in[1]), close_one(&out[0]), close_one(&out[1]);
        return false;
    }
    bool ok = !posix_spawn_file_actions_adddup2(&acts, in[0], STDIN_FILENO) &&
              !posix_spawn_file_actions_adddup2(&acts, out[1], STDOUT_FILENO) &&
              !posix_spawn_file_actions_addopen(&acts, STDERR_FILENO, "/dev/null", O_WRONLY, 0) &&
              !posix_spawn_file_actions_addclosefrom_np(&acts, 3) &&
              !posix_spawn(&c->pid, path, &acts, NULL, words, nothing);
    posix_spawn_file_actions_destroy(&acts);
    close_one(&in[0]), close_one(&out[1]);
    if (!ok) {
        close_one(&in[1]), close_one(&out[0]);
        return false;
    }
    c->in  = in[1];
    c->out = out[0];
    fcntl(c->in, F_SETFL, O_NONBLOCK);
    fcntl(c->out, F_SETFL, O_NONBLOCK);
    return true;
}

// Gives the bytes and takes what comes back, until the child has closed its output. False when it
// took too long.
static bool talk(struct child *c, struct str bytes, struct buf *back)
{
    static const size_t piece = 64 << 10;
    char                part[64 << 10];
    int64_t             end = clock_ms() + PATIENCE_MS;

    for (;;) {
        struct pollfd fds[2] = { { .fd = c->out, .events = POLLIN },
                                 { .fd = c->in, .events = POLLOUT } };
        int64_t       left   = end - clock_ms();
        if (left <= 0 || (poll(fds, 2, (int)left) < 0 && errno != EINTR)) {
            return false;
        }
        if (fds[1].revents) {
            ssize_t n = write(c->in, bytes.at, bytes.len < piece ? bytes.len : piece);
            if (n > 0) {
                bytes = (struct str){ bytes.at + n, bytes.len - (size_t)n };
            }
            if (bytes.len == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
                close_one(&c->in); // it heard enough, or does not listen any more
            }
        }
        if (fds[0].revents) {
            ssize_t n = read(c->out, part, sizeof part);
            if (n > 0) {
                buf_add(back, (struct str){ part, (size_t)n });
            } else if (n == 0) {
                return true;
            } else if (errno != EAGAIN && errno != EINTR) {
                return false;
            }
        }
    }
}

// "WIDTH HEIGHT\n", then the picture.
static bool split(struct arena *a, struct str all, struct picture *ret)
{
    struct str head, width;
    int64_t    w, h;

    if (!str_cut(&all, '\n', &head) || head.len > HEAD_MOST || !str_cut(&head, ' ', &width) ||
        !str_int(width, &w) || !str_int(head, &h) || w < 1 || h < 1 || w > PICTURE_SIDE ||
        h > PICTURE_SIDE || all.len < 4 || all.len > PICTURE_OUT_MOST) {
        return false;
    }
    *ret = (struct picture){ arena_str(a, all), (int)w, (int)h };
    return true;
}

enum err picture_run(struct arena *a, struct str bytes, struct picture *ret)
{
    struct child c = { .in = -1, .out = -1 };
    int          status;

    if (bytes.len > PICTURE_IN_MOST) {
        return ERR_PICTURE_TOO_LARGE;
    }
    if (!start(&c)) {
        log_line(LOG_ERROR, "picture_child_missing", LOG_NUMBER("errno", errno));
        return ERR_UNAVAILABLE;
    }
    struct buf back = buf_init(PICTURE_OUT_MOST + HEAD_MOST);
    bool       over = talk(&c, bytes, &back);
    close_one(&c.in);
    close_one(&c.out);
    if (!over) {
        kill(c.pid, SIGKILL);
    }
    while (waitpid(c.pid, &status, 0) < 0 && errno == EINTR) {
    }
    enum err e = ERR_PICTURE_UNREADABLE;
    if (over && WIFEXITED(status) && WEXITSTATUS(status) == 4) {
        e = ERR_PICTURE_TOO_LARGE;
    } else if (over && WIFEXITED(status) && WEXITSTATUS(status) == 0 && !buf_is_full(&back) &&
               split(a, buf_str(&back), ret)) {
        e = OK;
    } else if (!over || !WIFEXITED(status) || WEXITSTATUS(status) != 3) {
        log_line(LOG_WARNING, "picture_child_failed", LOG_NUMBER("status", status));
    }
    buf_done(&back);
    return e;
}
