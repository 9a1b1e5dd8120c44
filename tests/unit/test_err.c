#include "base/err.h"
#include "tap.h"

static void test_every_error(void)
{
    for (int i = OK + 1; i < ERR_COUNT; i++) {
        enum err   e        = (enum err)i;
        struct str code     = err_code(e);
        struct str sentence = err_sentence(e);
        CHECK(code.len > 0 && sentence.len > 0 && err_find(code) == e); // codes are unique
        CHECK(err_status(e) >= 400 && err_status(e) < 600);
        CHECK(str_is_utf8(sentence));
        for (size_t k = 0; k < code.len; k++) {
            CHECK((code.at[k] >= 'a' && code.at[k] <= 'z') || code.at[k] == '_');
        }
        // French typography: a narrow no-break space before these, a curly apostrophe.
        for (size_t k = 0; k < sentence.len; k++) {
            CHECK(sentence.at[k] != '\'');
            if (strchr(";:!?", sentence.at[k])) {
                CHECK(k >= 3 && memcmp(sentence.at + k - 3, "\xE2\x80\xAF", 3) == 0);
            }
        }
    }
    CHECK(err_find(STR("no_such_code")) == OK);
}

static enum err of(const char *state, const char *message, const char *constraint,
                   struct str *field)
{
    return err_of_sql(str_of(state), str_of(message), str_of(constraint), field);
}

static void test_sql_states(void)
{
    struct str field;
    CHECK(of("ML000", "promise_taken", NULL, &field) == ERR_PROMISE_TAKEN);
    CHECK(of("ML000", "never_heard", NULL, &field) == ERR_INTERNAL);
    CHECK(of("23505", "dup", "promise_one_active", &field) == ERR_PROMISE_TAKEN);
    CHECK_STR(field, "establishment");
    CHECK(of("23505", "dup", "nobody_knows", &field) == ERR_INVALID && str_is_absent(field));
    CHECK(of("22P02", "", NULL, &field) == ERR_INVALID);
    CHECK(of("40001", "", NULL, &field) == ERR_BUSY);
    CHECK(of("57014", "", NULL, &field) == ERR_BUSY);
    CHECK(of("57P01", "", NULL, &field) == ERR_UNAVAILABLE);
    CHECK(of("42501", "", NULL, &field) == ERR_FORBIDDEN);
    CHECK(of("42703", "", NULL, &field) == ERR_INTERNAL);
    CHECK(of("", "", NULL, &field) == ERR_INTERNAL);
}

int main(void)
{
    RUN(test_every_error);
    RUN(test_sql_states);
    return tap_done();
}
