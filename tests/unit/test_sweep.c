#include <sys/socket.h>
#include <unistd.h>

#include "http/sweep.h"
#include "tap.h"

static void test_overdue_connection_is_cut(void)
{
    int           pair[2];
    char          byte;
    struct sweep *s = sweep_new();
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    struct link *slow  = link_open(s, pair[0]);
    struct link *other = link_open(s, -1);
    CHECK(sweep_count(s) == 2 && sweep_run(s) == 0);
    link_enter(slow, PHASE_HEADERS, -60000); // as if it had begun a minute ago
    CHECK(sweep_run(s) == 1 && sweep_run(s) == 0);
    CHECK(read(pair[1], &byte, 1) == 0); // the other end sees the end
    link_enter(other, PHASE_WORK, -1000000);
    CHECK(sweep_run(s) == 0); // ours to answer: no deadline
    link_close(slow);
    link_close(other);
    link_close(NULL);
    CHECK(sweep_count(s) == 0);
    sweep_free(s);
    close(pair[0]);
    close(pair[1]);
}

int main(void)
{
    RUN(test_overdue_connection_is_cut);
    return tap_done();
}
