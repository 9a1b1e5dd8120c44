#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "tap.h"

static struct arena *arena;

static void test_passwords(void)
{
    struct str            hash;
    enum password_verdict verdict;
    CHECK(password_hash(STR("correct horse"), arena, &hash) == OK);
    CHECK(str_starts(hash, STR("$argon2id$")));
    CHECK(password_verify(hash, STR("correct horse"), 9000, &verdict) == OK);
    CHECK(verdict == PASSWORD_RIGHT);
    CHECK(password_verify(hash, STR("wrong horse"), 9000, &verdict) == OK);
    CHECK(verdict == PASSWORD_WRONG);
    CHECK(password_verify((struct str){ 0 }, STR("x"), 9000, &verdict) == OK);
    CHECK(verdict == PASSWORD_WRONG);
    // Made with less memory than we ask for today.
    struct str old = STR("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQxMjM0NTY3OA$"
                         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    CHECK(password_verify(old, STR("x"), 9000, &verdict) == OK && verdict == PASSWORD_WRONG);
}

static void test_tokens_and_seals(void)
{
    char    one[SECRET_TOKEN + 1], two[SECRET_TOKEN + 1];
    uint8_t a[SECRET_HASH], b[SECRET_HASH];
    secret_token(one);
    secret_token(two);
    CHECK(strlen(one) == SECRET_TOKEN && strcmp(one, two) != 0);
    secret_seal(SECRET_CSRF, STR("x"), a, sizeof a);
    secret_seal(SECRET_DEVICE, STR("x"), b, sizeof b);
    CHECK(memcmp(a, b, sizeof a) != 0); // one key per purpose
    secret_token_of(SECRET_EMPLOYER, STR("7"), one);
    secret_token_of(SECRET_EMPLOYER, STR("7"), two);
    CHECK(strlen(one) == SECRET_TOKEN && strcmp(one, two) == 0); // the same for the same
    secret_token_of(SECRET_EMPLOYER, STR("8"), two);
    CHECK(strcmp(one, two) != 0);
    char signer[SECRET_SIGNER + 1];
    secret_signer(signer);
    CHECK(strlen(signer) == SECRET_SIGNER && signer[SECRET_SIGNER - 1] == '=' && !strpbrk(signer, "-_"));
    secret_hash(STR("ab"), a);
    secret_hash_parts((struct str[]){ STR("a"), STR("b") }, 2, b);
    CHECK(memcmp(a, b, sizeof a) == 0);
    CHECK(!secret_equal((struct str){ 0 }, (struct str){ 0 }));
}

static void test_secret_file(void)
{
    char       path[] = "/tmp/test_secret_XXXXXX";
    struct str why;
    int        file = mkstemp(path);
    CHECK(secret_init(str_of(path), arena, &why) == ERR_INVALID); // too short
    CHECK(write(file, "0123456789012345678901234567890123456789", 40) == 40);
    CHECK(secret_init(str_of(path), arena, &why) == OK);
    CHECK(chmod(path, 0644) == 0);
    CHECK(secret_init(str_of(path), arena, &why) == ERR_INVALID); // others may read it
    CHECK(secret_init(STR("/nowhere"), arena, &why) == ERR_INVALID);
    close(file);
    unlink(path);
}

int main(void)
{
    struct str why;
    arena = arena_new();
    if (secret_init((struct str){ 0 }, arena, &why)) {
        return 1;
    }
    RUN(test_passwords);
    RUN(test_tokens_and_seals);
    RUN(test_secret_file);
    arena_free(arena);
    return tap_done();
}
