// The database layer against a real PostgreSQL, named by MAILLAGE_TEST_DB; skipped without.
#include "base/clock.h"
#include "base/db.h"
#include "queries.h"
#include "tap.h"

static struct db *db;

static void test_types(void)
{
    int64_t n = -5000000000;
    CLEANUP(result_done)
    struct result r = t_types(db, 7, &n, true, 1.5, (struct str){ 0 }, STR("2026-03-01"),
                              STR("{\"x\":\"é\"}"), (struct str){ "\0\xff", 2 }, STR("{1,2,3}"));
    CHECK(r.err == OK && result_int(&r, 0, 0) == 7 && result_int(&r, 0, 1) == n);
    CHECK(result_bool(&r, 0, 2) && result_double(&r, 0, 3) > 1.4 && result_is_null(&r, 0, 4));
    CHECK_STR(result_text(&r, 0, 5), "2026-03-01");
    CHECK_STR(result_text(&r, 0, 6), "é");
    CHECK_STR(result_text(&r, 0, 7), "00ff");
    CHECK(result_int(&r, 0, 8) == 3);
    struct result bad =
        t_types(db, 7, NULL, true, 1.5, STR("x"), STR("2026-02-30"), STR("{}"), STR(""), STR("{}"));
    CHECK(bad.err == ERR_INVALID && str_eq(db_error(db)->sqlstate, STR("22008")));
    bad = t_types(db, 7, NULL, true, 1.5, STR("\xE9"), STR("2026-02-01"), STR("{}"), STR(""),
                  STR("{}"));
    CHECK(bad.err == ERR_INVALID);
    bad = t_types(db, 7, NULL, true, 1.5, STR(""), (struct str){ "2026\0", 5 }, STR("{}"), STR(""),
                  STR("{}"));
    CHECK(bad.err == ERR_INVALID);
}

static void test_shapes(void)
{
    struct result r = t_numbers(db, 1000);
    CHECK(r.err == OK && result_count(&r) == 1000 && result_int(&r, 999, 0) == 1000);
    result_done(&r);
    CHECK((r = t_none(db)).err == ERR_NOT_FOUND && !r.rows);
    r = t_none_optional(db);
    CHECK(r.err == OK && result_count(&r) == 0);
    result_done(&r);
}

static void test_refusals(void)
{
    struct result r = t_refuse(db, STR("promise_taken"), STR("{\"holder\":1}"));
    CHECK(r.err == ERR_PROMISE_TAKEN);
    CHECK_STR(db_error(db)->detail, "{\"holder\":1}");
    r = t_insert(db, 1000);
    CHECK(r.err == ERR_INVALID);
    CHECK_STR(db_error(db)->constraint, "t_made_small");
}

static struct str who(struct result *r)
{
    *r = t_who(db);
    return result_text(r, 0, 0);
}

static void test_identity(void)
{
    struct result r;
    db_identify(db, &query_t_identify, (struct str){ "\x01\x02", 2 }, 5);
    CHECK_STR(who(&r), "01025");
    result_done(&r);
    CHECK(db_begin(db) == OK);
    CHECK_STR(who(&r), "01025");
    result_done(&r);
    CHECK_STR(who(&r), "01025");
    result_done(&r);
    CHECK(db_commit(db) == OK);
    db_anonymous(db);
    CHECK_STR(who(&r), ""); // nothing leaks to the next one
    result_done(&r);
}

static int64_t count(void)
{
    CLEANUP(result_done) struct result r = t_count(db);
    return result_int(&r, 0, 0);
}

static void test_transactions(void)
{
    int64_t before = count();
    CHECK(db_begin(db) == OK);
    struct result r = t_insert(db, 1);
    CHECK(r.err == OK);
    result_done(&r);
    db_rollback(db);
    CHECK(count() == before);
    CHECK(db_begin(db) == OK);
    r = t_insert(db, 2);
    CHECK(r.err == OK);
    result_done(&r);
    CHECK(db_commit(db) == OK && count() == before + 1);
    CHECK(db_begin(db) == OK);
    CHECK(t_insert(db, 1000).err == ERR_INVALID);
    CHECK(db_commit(db) != OK); // a failed transaction is never told committed
    CHECK(count() == before + 1 && !db_is_in_transaction(db));
    db_rollback(db);
    CHECK(db_begin(db) == OK && db_commit(db) == OK);
}

static void test_along(void)
{
    db_along(db, &query_t_one);
    {
        CLEANUP(result_done) struct result rows  = t_numbers(db, 3);
        CLEANUP(result_done) struct result along = db_along_take(db, &query_t_one);
        CHECK(!rows.err && result_count(&rows) == 3);
        CHECK(!along.err && result_int(&along, 0, 0) == 1);
    }
    { // taken already: asked anew
        CLEANUP(result_done) struct result again = db_along_take(db, &query_t_one);
        CHECK(!again.err && result_int(&again, 0, 0) == 1);
    }
    db_along(db, &query_t_one);
    { // what fails takes it back
        CLEANUP(result_done) struct result refused = t_refuse(db, STR("invalid"), STR("{}"));
        CLEANUP(result_done) struct result along   = db_along_take(db, &query_t_one);
        CHECK(refused.err && !along.err && result_int(&along, 0, 0) == 1);
    }
    db_along(db, &query_t_none);
    { // its shape is held to like any other's
        CLEANUP(result_done) struct result rows  = t_numbers(db, 1);
        CLEANUP(result_done) struct result along = db_along_take(db, &query_t_none);
        CHECK(!rows.err && along.err == ERR_NOT_FOUND && !along.rows);
    }
    db_along(db, &query_t_one); // forgotten by the next who asks
    db_anonymous(db);
    CLEANUP(result_done) struct result other = db_along_take(db, &query_t_one);
    CHECK(!other.err && result_int(&other, 0, 0) == 1);
}

static void test_copy(void)
{
    int64_t before = count(), rows = 0;
    CHECK(db_begin(db) == OK && db_copy_open(db, &query_t_load) == OK);
    CHECK(db_copy_write(db, STR("11\n12\n")) == OK && db_copy_write(db, STR("13\n")) == OK);
    CHECK(db_copy_close(db, false, &rows) == OK && rows == 3);
    CHECK(db_commit(db) == OK && count() == before + 3);
    CHECK(db_copy_open(db, &query_t_load) == OK);
    CHECK(db_copy_write(db, STR("21\nbad\n")) == OK);
    CHECK(db_copy_close(db, false, NULL) == ERR_INVALID);
    CHECK(db_copy_open(db, &query_t_load) == OK && db_copy_close(db, true, NULL) == OK);
    CHECK(count() == before + 3);
}

static void test_timeout(void)
{
    db_timeout(db, 100);
    int64_t started = clock_ms();
    CHECK(t_sleep(db, 2).err == ERR_BUSY);
    CHECK(clock_ms() - started < 1000);
    db_timeout(db, 2000);
    struct result r = t_sleep(db, 0.2);
    CHECK(r.err == OK);
    result_done(&r);
}

static void test_notifications(void)
{
    struct str channel, payload;
    CHECK(db_listen(db, "test_db") == OK);
    CHECK(db_notice(db, 20, &channel, &payload) == ERR_NOT_FOUND);
    CHECK(count() >= 0); // ordinary queries still run on the same connection
}

static void test_lost_connection(void)
{
    CHECK(t_kill(db).err == ERR_UNAVAILABLE);
    struct result r = t_numbers(db, 3); // connected and prepared again
    CHECK(r.err == OK && result_count(&r) == 3);
    result_done(&r);
    struct db *nowhere = db_open(STR("host=/nowhere"), "test");
    CHECK(t_numbers(nowhere, 3).err == ERR_UNAVAILABLE);
    CHECK(db_begin(nowhere) == ERR_UNAVAILABLE);
    db_close(nowhere);
    db_close(NULL);
}

int main(void)
{
    const char *conninfo = getenv("MAILLAGE_TEST_DB");
    if (!conninfo) {
        puts("1..0 # skipped: MAILLAGE_TEST_DB names no database");
        return 77;
    }
    db                 = db_open(str_of(conninfo), "test_db");
    struct result made = t_make(db);
    if (!made.err) {
        result_done(&made);
        made = t_function(db);
    }
    if (made.err) {
        printf("# %.*s\n", STR_ARG(db_error(db)->message));
        return 1;
    }
    result_done(&made);
    RUN(test_types);
    RUN(test_shapes);
    RUN(test_refusals);
    RUN(test_identity);
    RUN(test_transactions);
    RUN(test_along);
    RUN(test_copy);
    RUN(test_timeout);
    RUN(test_notifications);
    RUN(test_lost_connection);
    db_close(db);
    return tap_done();
}
