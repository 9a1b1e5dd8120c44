#include "base/secret.h"

#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

_Static_assert(SECRET_HASH == crypto_generichash_BYTES, "hash size");
_Static_assert(SECRET_KEY == crypto_kdf_KEYBYTES, "key size");

// Written by secret_init before any thread, read-only afterwards.
static uint8_t keys[SECRET_PURPOSES][SECRET_KEY];
static char    decoy[crypto_pwhash_STRBYTES]; // hash of nothing anybody knows

// One password at a time: 64 MiB each.
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static enum err read_secret(const char *path, struct arena *a, uint8_t master[static SECRET_KEY],
                            struct str *reterr_why)
{
    uint8_t     bytes[4096];
    struct stat info;
    int         file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t     size = -1;
    if (file >= 0 && fstat(file, &info) == 0) {
        size = read(file, bytes, sizeof bytes);
    }
    if (file >= 0) {
        close(file);
    }
    if (size < SECRET_KEY) {
        *reterr_why = arena_printf(a, "%s: cannot be read, or holds less than 32 bytes", path);
        return ERR_INVALID;
    }
    if (info.st_mode & (S_IRWXG | S_IRWXO)) {
        *reterr_why = arena_printf(a, "%s: others may read it; chmod 600", path);
        return ERR_INVALID;
    }
    crypto_generichash(master, SECRET_KEY, bytes, (size_t)size, NULL, 0);
    sodium_memzero(bytes, sizeof bytes);
    return OK;
}

enum err secret_init(struct str file, struct arena *a, struct str *reterr_why)
{
    uint8_t master[SECRET_KEY];
    if (sodium_init() < 0) {
        *reterr_why = STR("libsodium does not start");
        return ERR_INTERNAL;
    }
    if (file.len) {
        enum err e = read_secret(arena_text(a, file), a, master, reterr_why);
        if (e) {
            return e;
        }
    } else {
        randombytes_buf(master, sizeof master);
    }
    for (uint64_t i = 0; i < SECRET_PURPOSES; i++) {
        crypto_kdf_derive_from_key(keys[i], SECRET_KEY, i, "maillage", master);
    }
    sodium_memzero(master, sizeof master);
    return OK;
}

void secret_token(char text[static SECRET_TOKEN + 1])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, SECRET_TOKEN + 1, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void secret_signer(char text[static SECRET_SIGNER + 1])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, SECRET_SIGNER + 1, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
}

void secret_hash(struct str data, uint8_t ret_hash[static SECRET_HASH])
{
    secret_hash_parts(&data, 1, ret_hash);
}

void secret_hash_parts(const struct str *parts, size_t count, uint8_t ret_hash[static SECRET_HASH])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SECRET_HASH);
    for (size_t i = 0; i < count; i++) {
        crypto_generichash_update(&state, (const uint8_t *)parts[i].at, parts[i].len);
    }
    crypto_generichash_final(&state, ret_hash, SECRET_HASH);
}

void secret_seal(enum secret_purpose purpose, struct str data, uint8_t *ret_seal, size_t size)
{
    crypto_generichash(ret_seal, size, (const uint8_t *)data.at, data.len, keys[purpose],
                       SECRET_KEY);
}

void secret_token_of(enum secret_purpose purpose, struct str data, char text[static SECRET_TOKEN + 1])
{
    uint8_t bytes[32];
    secret_seal(purpose, data, bytes, sizeof bytes);
    sodium_bin2base64(text, SECRET_TOKEN + 1, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool secret_equal(struct str a, struct str b)
{
    return a.len == b.len && a.len > 0 && sodium_memcmp(a.at, b.at, a.len) == 0;
}

uint64_t secret_random(void)
{
    uint64_t value;
    randombytes_buf(&value, sizeof value);
    return value;
}

bool secret_from_base64(struct str text, uint8_t *ret_bytes, size_t room, size_t *ret_size)
{
    return sodium_base642bin(ret_bytes, room, text.at ? text.at : "", text.len, NULL, ret_size,
                             NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

static bool enter_gate(int wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += wait_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return pthread_mutex_timedlock(&gate, &until) == 0;
}

static enum err hash_now(struct str password, char text[static crypto_pwhash_STRBYTES])
{
    int failed =
        crypto_pwhash_str(text, password.at ? password.at : "", password.len,
                          crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
    return failed ? ERR_UNAVAILABLE : OK;
}

enum err password_hash(struct str password, struct arena *a, struct str *ret_hash)
{
    char text[crypto_pwhash_STRBYTES];
    if (!enter_gate(10000)) {
        return ERR_BUSY;
    }
    enum err e = hash_now(password, text);
    pthread_mutex_unlock(&gate);
    if (!e) {
        *ret_hash = arena_str(a, str_of(text));
    }
    return e;
}

// A hash to compare with when there is no account; made once, of a password nobody knows.
static enum err make_decoy(void)
{
    char token[SECRET_TOKEN + 1];
    if (decoy[0]) {
        return OK;
    }
    secret_token(token);
    return hash_now(str_of(token), decoy);
}

enum err password_verify(struct str hash, struct str password, int wait_ms,
                         enum password_verdict *ret_verdict)
{
    char     text[crypto_pwhash_STRBYTES] = { 0 };
    bool     is_known                     = hash.len > 0 && hash.len < sizeof text;
    enum err e;
    if (!enter_gate(wait_ms)) {
        return ERR_BUSY;
    }
    e = make_decoy();
    memcpy(text, is_known ? hash.at : decoy, is_known ? hash.len : sizeof decoy);
    bool is_right =
        !e && crypto_pwhash_str_verify(text, password.at ? password.at : "", password.len) == 0;
    bool is_old = crypto_pwhash_str_needs_rehash(text, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                                 crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0;
    pthread_mutex_unlock(&gate);
    *ret_verdict = !is_known || !is_right ? PASSWORD_WRONG
                   : is_old               ? PASSWORD_RIGHT_BUT_OLD
                                          : PASSWORD_RIGHT;
    return e;
}
