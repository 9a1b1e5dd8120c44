#include "base/vault.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "tap.h"

static struct arena *arena;

#define INDEX "index 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define ONE   "1 1111111111111111111111111111111111111111111111111111111111111111\n"
#define TWO   "2 2222222222222222222222222222222222222222222222222222222222222222\n"

// Starts the vault with the text of a key file.
static enum err start(const char *text, mode_t mode)
{
    char       path[] = "/tmp/test_vault_XXXXXX";
    struct str why    = { 0 };
    int        file   = mkstemp(path);
    CHECK(write(file, text, strlen(text)) == (ssize_t)strlen(text));
    CHECK(fchmod(file, mode) == 0);
    enum err e = vault_init(str_of(path), arena, &why);
    CHECK((e == OK) == (why.len == 0));
    close(file);
    unlink(path);
    return e;
}

static bool parses(const char *text, size_t *ret_line)
{
    struct vault_keys keys;
    bool              is_read = vault_parse(str_of(text), &keys, ret_line);
    vault_wipe(&keys);
    return is_read;
}

static void test_key_files(void)
{
    struct vault_keys keys;
    size_t            line;
    CHECK(vault_parse(STR("# two\n\n" TWO INDEX "  " ONE), &keys, &line));
    CHECK(keys.count == 2 && keys.keys[0].version == 1 && keys.keys[1].version == 2);
    CHECK(keys.index[31] == 0x1f && keys.keys[1].key[0] == 0x22);
    CHECK(!parses(ONE TWO, &line) && line == 0);         // no index
    CHECK(!parses(INDEX, &line) && line == 0);           // nothing else
    CHECK(!parses(INDEX ONE ONE, &line) && line == 3);   // twice
    CHECK(!parses(INDEX ONE INDEX, &line) && line == 3); // twice
    CHECK(parses(INDEX "0" ONE, &line));                // 01 is 1
    CHECK(!parses(INDEX "+" ONE, &line) && line == 2);
    CHECK(!parses(INDEX "6553" TWO "65536 2222", &line) && line == 3);
    CHECK(!parses(INDEX "1 111", &line) && line == 2);
    CHECK(!parses(INDEX "1 g111111111111111111111111111111111111111111111111111111111111111", &line));
    CHECK(!parses("", &line) && line == 0);
    struct buf many = buf_init(KIB(8));
    buf_add(&many, STR(INDEX));
    for (int i = 1; i <= VAULT_VERSIONS + 1; i++) {
        buf_printf(&many, "%d %064d\n", i, i);
    }
    CHECK(!parses(many.at, &line) && line == VAULT_VERSIONS + 2);
    buf_done(&many);
}

static void test_files(void)
{
    struct str why;
    CHECK(start(INDEX ONE, 0600) == OK);
    CHECK(start(INDEX ONE, 0640) == ERR_INVALID); // others may read it
    CHECK(start("", 0600) == ERR_INVALID);
    CHECK(start(ONE, 0600) == ERR_INVALID);
    CHECK(vault_init(STR("/nowhere"), arena, &why) == ERR_INVALID);
}

static void test_round_trip(void)
{
    struct str text;
    CHECK(start(INDEX ONE, 0600) == OK);
    struct str sealed = vault_seal(arena, VAULT_PERSON, 17, STR("Anne"));
    struct str again  = vault_seal(arena, VAULT_PERSON, 17, STR("Anne"));
    CHECK(sealed.len == 4 + VAULT_EXTRA && str_find(sealed, STR("Anne")) == sealed.len);
    CHECK(!str_eq(sealed, again)); // another nonce each time
    CHECK(vault_open(arena, VAULT_PERSON, 17, sealed, &text));
    CHECK_STR(text, "Anne");
    struct str empty = vault_seal(arena, VAULT_PERSON, 17, STR(""));
    CHECK(vault_open(arena, VAULT_PERSON, 17, empty, &text) && text.len == 0);
}

static void test_swapped_and_tampered(void)
{
    struct str text;
    struct str sealed = vault_seal(arena, VAULT_PERSON, 17, STR("Anne"));
    CHECK(!vault_open(arena, VAULT_PERSON, 18, sealed, &text)); // another row
    CHECK(!vault_open(arena, VAULT_ANSWER, 17, sealed, &text)); // another column
    for (size_t i = 0; i < sealed.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            char *copy = (char *)arena_alloc(arena, sealed.len);
            memcpy(copy, sealed.at, sealed.len);
            copy[i] = (char)(copy[i] ^ (1 << bit));
            CHECK(!vault_open(arena, VAULT_PERSON, 17, (struct str){ copy, sealed.len }, &text));
        }
    }
    for (size_t len = 0; len < sealed.len; len++) {
        CHECK(!vault_open(arena, VAULT_PERSON, 17, str_sub(sealed, 0, len), &text));
    }
    CHECK(!vault_open(arena, VAULT_PERSON, 17, (struct str){ 0 }, &text));
}

static void test_rotation(void)
{
    struct str text;
    uint8_t    before[VAULT_HASH], after[VAULT_HASH];
    CHECK(start(INDEX ONE, 0600) == OK);
    struct str old = vault_seal(arena, VAULT_PERSON, 17, STR("Anne"));
    vault_index(VAULT_PHONE, STR("0470000001"), before);
    CHECK(start(INDEX ONE TWO, 0600) == OK);
    CHECK(vault_version() == 2 && vault_version_of(old) == 1);
    CHECK(vault_open(arena, VAULT_PERSON, 17, old, &text)); // old values still open
    struct str new = vault_seal(arena, VAULT_PERSON, 17, STR("Anne"));
    CHECK(vault_version_of(new) == 2);
    vault_index(VAULT_PHONE, STR("0470000001"), after);
    CHECK(memcmp(before, after, sizeof before) == 0); // and are still found
    CHECK(start(INDEX TWO, 0600) == OK);
    CHECK(!vault_open(arena, VAULT_PERSON, 17, old, &text)); // the old key was taken away
    CHECK(vault_open(arena, VAULT_PERSON, 17, new, &text));
}

static void test_hashes(void)
{
    uint8_t phone[VAULT_HASH], email[VAULT_HASH], other[VAULT_HASH];
    CHECK(start(INDEX ONE, 0600) == OK);
    vault_index(VAULT_PHONE, STR("0470000001"), phone);
    vault_index(VAULT_EMAIL, STR("0470000001"), email);
    CHECK(memcmp(phone, email, sizeof phone) != 0); // one kind is not another
    struct str why;
    CHECK(vault_init((struct str){ 0 }, arena, &why) == OK);
    vault_index(VAULT_PHONE, STR("0470000001"), other);
    CHECK(memcmp(phone, other, sizeof phone) != 0); // nor without the key
}

int main(void)
{
    arena = arena_new();
    RUN(test_key_files);
    RUN(test_files);
    RUN(test_round_trip);
    RUN(test_swapped_and_tampered);
    RUN(test_rotation);
    RUN(test_hashes);
    arena_free(arena);
    return tap_done();
}
