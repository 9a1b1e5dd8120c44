// Without Redis: the table in the process counts, and a known device is never locked out.
#include "api/attempt.h"
#include "base/secret.h"
#include "tap.h"

static struct req r;

static void test_device_cookie(void)
{
    struct str cookie = attempt_device(r.arena, STR("Anne@X.fr"));
    CHECK(attempt_is_device(r.arena, cookie, STR("anne@x.fr")));
    CHECK(!attempt_is_device(r.arena, cookie, STR("bob@x.fr")));
    CHECK(!attempt_is_device(r.arena, STR("AAAA"), STR("anne@x.fr")));
    CHECK(!attempt_is_device(r.arena, (struct str){ 0 }, STR("anne@x.fr")));
}

static void test_strangers_do_not_lock_out(void)
{
    r.address = STR("10.0.0.1");
    for (int i = 0; i < 100; i++) { // a stranger tries from many addresses
        r.address            = arena_printf(r.arena, "10.0.1.%d", i);
        struct attempt wrong = attempt_of(&r, STR("anne@x.fr"));
        attempt_failed(&r, &wrong);
    }
    struct attempt unknown = attempt_of(&r, STR("anne@x.fr"));
    r.reply.count          = 0;
    CHECK(attempt_allow(&r, &unknown) == ERR_TOO_MANY_ATTEMPTS);
    CHECK(r.reply.count == 1 && strcmp(r.reply.headers[0].name, "Retry-After") == 0);
    CHECK(strlen(r.reply.headers[0].value) <= 2); // at most a minute
    r.device             = attempt_device(r.arena, STR("anne@x.fr"));
    struct attempt known = attempt_of(&r, STR("anne@x.fr"));
    CHECK(known.is_known_device && attempt_allow(&r, &known) == OK);
    for (int i = 0; i < 6; i++) { // but a device has its own count
        attempt_failed(&r, &known);
    }
    r.reply.count = 0;
    CHECK(attempt_allow(&r, &known) == ERR_TOO_MANY_ATTEMPTS);
    r.device = (struct str){ 0 };
}

static void test_one_subscriber_of_ipv6(void)
{
    for (int i = 0; i < 55; i++) { // another address and another account each time
        r.address            = arena_printf(r.arena, "2001:db8:1:2::%x", i);
        struct attempt wrong = attempt_of(&r, arena_printf(r.arena, "somebody%d@x.fr", i));
        attempt_failed(&r, &wrong);
    }
    r.address           = STR("2001:db8:1:2:ffff::1");
    struct attempt same = attempt_of(&r, STR("claire@x.fr"));
    r.reply.count       = 0;
    CHECK(attempt_allow(&r, &same) == ERR_TOO_MANY_ATTEMPTS);
    r.address              = STR("2001:db8:1:3::1");
    struct attempt another = attempt_of(&r, STR("claire@x.fr"));
    CHECK(attempt_allow(&r, &another) == OK);
}

static void test_wait_and_forgive(void)
{
    r.address         = STR("192.0.2.7");
    struct attempt me = attempt_of(&r, STR("bob@x.fr"));
    for (int i = 0; i < 5; i++) {
        CHECK(attempt_allow(&r, &me) == OK);
        attempt_failed(&r, &me);
    }
    CHECK(attempt_allow(&r, &me) == OK);
    attempt_failed(&r, &me);
    r.reply.count = 0;
    CHECK(attempt_allow(&r, &me) == ERR_TOO_MANY_ATTEMPTS);
    attempt_succeeded(&r, &me);
    CHECK(attempt_allow(&r, &me) == OK);
}

int main(void)
{
    struct str why;
    r.arena = arena_new();
    r.kv    = kv_open(STR("/nowhere/redis.sock"), 100);
    if (secret_init((struct str){ 0 }, r.arena, &why)) {
        return 1;
    }
    RUN(test_device_cookie);
    RUN(test_strangers_do_not_lock_out);
    RUN(test_one_subscriber_of_ipv6);
    RUN(test_wait_and_forgive);
    kv_close(r.kv);
    arena_free(r.arena);
    return tap_done();
}
