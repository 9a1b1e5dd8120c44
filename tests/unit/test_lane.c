// Lanes under stress; run with ThreadSanitizer too.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "http/lane.h"
#include "tap.h"

struct job {
    struct ticket ticket;
    int64_t       work_ms;
};

static _Atomic int ran, refused, heavy_now, heavy_most, opened, closed;

static void *open_state(void *context)
{
    (void)context;
    opened++;
    return &opened;
}

static void close_state(void *context, void *state)
{
    (void)context, (void)state;
    closed++;
}

static void run(void *context, void *state, struct ticket *t)
{
    struct job *job = (struct job *)(void *)t;
    (void)context, (void)state;
    if (t->lane == HEAVY) {
        int now  = ++heavy_now;
        int most = heavy_most;
        while (now > most && !atomic_compare_exchange_weak(&heavy_most, &most, now)) {
        }
    }
    if (job->work_ms) {
        clock_sleep_ms(job->work_ms);
    }
    if (t->lane == HEAVY) {
        heavy_now--;
    }
    ran++;
    free(job);
}

static void refuse(void *context, struct ticket *t)
{
    (void)context;
    refused++;
    free(t);
}

static struct lanes *start(size_t room, int64_t wait_ms)
{
    struct lane_options options = {
        .workers = 4,
        .lanes   = { { room, wait_ms }, { room, wait_ms } },
        .open    = open_state,
        .close   = close_state,
        .run     = run,
        .refuse  = refuse,
    };
    ran = refused = heavy_most = opened = closed = 0;
    return lanes_start(&options);
}

static bool push(struct lanes *l, enum lane lane, int64_t work_ms)
{
    struct job *job = memory_zero(sizeof *job);
    job->work_ms    = work_ms;
    bool is_in      = lanes_push(l, &job->ticket, lane);
    if (!is_in) {
        free(job);
    }
    return is_in;
}

static void test_heavy_takes_half(void)
{
    struct lanes *l       = start(100, 10000);
    int64_t       started = clock_ms();
    for (int i = 0; i < 8; i++) {
        CHECK(push(l, HEAVY, 100));
    }
    for (int i = 0; i < 50; i++) {
        CHECK(push(l, LIGHT, 0));
    }
    while (ran < 50) {
        clock_sleep_ms(1);
    }
    CHECK(clock_ms() - started < 90); // the quick ones did not wait for the slow ones
    lanes_stop(l, 5000);
    CHECK(ran == 58 && refused == 0 && heavy_most == 2);
    CHECK(opened == 4 && closed == 4);
}

static void test_full_lane_refuses(void)
{
    struct lanes *l     = start(4, 10000);
    int           taken = 0;
    for (int i = 0; i < 20; i++) {
        taken += push(l, HEAVY, 50);
    }
    CHECK(taken >= 4 && taken <= 6);
    CHECK(lanes_depth(l, HEAVY).refused == (uint64_t)(20 - taken));
    lanes_stop(l, 5000);
    CHECK(ran == taken);
}

static void test_overdue_is_refused(void)
{
    struct lanes *l = start(100, 50);
    for (int i = 0; i < 6; i++) {
        push(l, HEAVY, 120);
    }
    clock_sleep_ms(80);
    lanes_expire(l);
    CHECK(refused == 4);
    lanes_stop(l, 5000);
    CHECK(ran == 2);
}

static void test_stop_refuses_what_is_left(void)
{
    struct lanes *l = start(100, 10000);
    for (int i = 0; i < 10; i++) {
        push(l, HEAVY, 300);
    }
    clock_sleep_ms(20);
    lanes_stop(l, 0);
    CHECK(ran == 2 && refused == 8);
}

static void *push_many(void *lanes)
{
    for (int i = 0; i < 2000; i++) {
        while (!push(lanes, i % 7 ? LIGHT : HEAVY, 0)) {
            sched_yield();
        }
    }
    return NULL;
}

static void test_many_threads(void)
{
    struct lanes *l = start(64, 10000);
    pthread_t     threads[4];
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, push_many, l);
    }
    for (int i = 0; i < 20; i++) {
        lanes_expire(l);
        clock_sleep_ms(1);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    lanes_stop(l, 5000);
    CHECK(ran == 8000 && refused == 0);
    lanes_stop(NULL, 0);
}

int main(void)
{
    RUN(test_heavy_takes_half);
    RUN(test_full_lane_refuses);
    RUN(test_overdue_is_refused);
    RUN(test_stop_refuses_what_is_left);
    RUN(test_many_threads);
    return tap_done();
}
