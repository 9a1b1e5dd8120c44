#include "base/vault.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    NONCE     = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG       = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD      = 2 + NONCE,
    FILE_MOST = 16 * 1024,
    LABEL     = 8, // of the associated data
    BOUND     = LABEL + 2 + 1 + 8,
};
_Static_assert(HEAD + TAG == VAULT_EXTRA, "what sealing adds");
_Static_assert(VAULT_KEY == crypto_kdf_KEYBYTES, "key size");
_Static_assert(VAULT_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");

// What is derived from a key of the file.
enum { SUBKEY_SEAL = 1, SUBKEY_INDEX = 2 };

// Written by vault_init before any thread, read-only afterwards: derived keys only.
static struct vault_keys vault;

// --- the key file -------------------------------------------------------------------------------

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_key(struct str text, uint8_t ret[static VAULT_KEY])
{
    if (text.len != (size_t)2 * VAULT_KEY) {
        return false;
    }
    for (size_t i = 0; i < VAULT_KEY; i++) {
        int high = hex_digit(text.at[2 * i]);
        int low  = hex_digit(text.at[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        ret[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

// Puts a key in its place by version; false when the version is there already or there is no room.
static bool add_key(struct vault_keys *keys, uint16_t version, const uint8_t key[static VAULT_KEY])
{
    size_t at = keys->count;
    if (at == VAULT_VERSIONS) {
        return false;
    }
    while (at > 0 && keys->keys[at - 1].version >= version) {
        if (keys->keys[at - 1].version == version) {
            return false;
        }
        at--;
    }
    memmove(&keys->keys[at + 1], &keys->keys[at], (keys->count - at) * sizeof keys->keys[0]);
    keys->keys[at].version = version;
    memcpy(keys->keys[at].key, key, VAULT_KEY);
    keys->count++;
    return true;
}

// One line: its name, blanks, its key.
static bool read_line(struct str line, struct vault_keys *keys)
{
    uint8_t    key[VAULT_KEY];
    size_t     blank   = str_index(line, ' ');
    struct str name    = str_sub(line, 0, blank);
    int64_t    version = 0;
    bool       is_key  = read_key(str_trim(str_sub(line, blank, line.len)), key);
    if (is_key && str_eq(name, STR("index"))) {
        is_key = !keys->has_index;
        if (is_key) {
            memcpy(keys->index, key, VAULT_KEY);
            keys->has_index = true;
        }
    } else if (is_key) {
        is_key = name.at[0] != '+' && str_int(name, &version) && version >= 1 &&
                 version <= UINT16_MAX && add_key(keys, (uint16_t)version, key);
    }
    sodium_memzero(key, sizeof key);
    return is_key;
}

bool vault_parse(struct str text, struct vault_keys *ret, size_t *reterr_line)
{
    size_t number = 0;
    *ret          = (struct vault_keys){ 0 };
    for (struct str line; str_cut(&text, '\n', &line);) {
        number++;
        line = str_trim(line);
        if (line.len && line.at[0] != '#' && !read_line(line, ret)) {
            *reterr_line = number;
            return false;
        }
    }
    *reterr_line = 0;
    return ret->has_index && ret->count > 0;
}

void vault_wipe(struct vault_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

static enum err read_file(const char *path, struct arena *a, struct vault_keys *ret,
                          struct str *reterr_why)
{
    char        bytes[FILE_MOST]; // not in the arena: wiped
    struct stat info;
    size_t      line = 0;
    int         file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t     size = -1;
    if (file >= 0 && fstat(file, &info) == 0) {
        size = read(file, bytes, sizeof bytes);
    }
    if (file >= 0) {
        close(file);
    }
    if (size <= 0 || size == FILE_MOST) {
        *reterr_why = arena_printf(a, "%s: cannot be read, or is no key file", path);
        return ERR_INVALID;
    }
    bool is_read = vault_parse((struct str){ bytes, (size_t)size }, ret, &line);
    sodium_memzero(bytes, sizeof bytes);
    if (info.st_mode & (S_IRWXG | S_IRWXO)) {
        *reterr_why = arena_printf(a, "%s: others may read it; chmod 600", path);
        return ERR_INVALID;
    }
    if (!is_read) {
        *reterr_why = line ? arena_printf(a, "%s: line %zu is no key", path, line)
                           : arena_printf(a, "%s: the index key or every other is missing", path);
        return ERR_INVALID;
    }
    return OK;
}

static void derive(uint8_t key[static VAULT_KEY], uint64_t what)
{
    uint8_t derived[VAULT_KEY];
    crypto_kdf_derive_from_key(derived, sizeof derived, what, "personal", key);
    memcpy(key, derived, sizeof derived);
    sodium_memzero(derived, sizeof derived);
}

enum err vault_init(struct str file, struct arena *a, struct str *reterr_why)
{
    struct vault_keys keys = { .has_index = true, .count = 1 };
    enum err          e    = OK;
    if (sodium_init() < 0) {
        *reterr_why = STR("libsodium does not start");
        return ERR_INTERNAL;
    }
    if (file.len) {
        e = read_file(arena_text(a, file), a, &keys, reterr_why);
    } else {
        keys.keys[0].version = 1;
        randombytes_buf(keys.index, VAULT_KEY);
        randombytes_buf(keys.keys[0].key, VAULT_KEY);
    }
    if (!e) {
        derive(keys.index, SUBKEY_INDEX);
        for (size_t i = 0; i < keys.count; i++) {
            derive(keys.keys[i].key, SUBKEY_SEAL);
        }
        vault = keys;
    }
    vault_wipe(&keys);
    return e;
}

// --- sealing ------------------------------------------------------------------------------------

int vault_version(void)
{
    return vault.count ? vault.keys[vault.count - 1].version : 0;
}

int vault_version_of(struct str sealed)
{
    if (sealed.len < VAULT_EXTRA) {
        return 0;
    }
    return (uint8_t)sealed.at[0] << 8 | (uint8_t)sealed.at[1];
}

static const uint8_t *key_of(int version)
{
    for (size_t i = 0; i < vault.count; i++) {
        if (vault.keys[i].version == version) {
            return vault.keys[i].key;
        }
    }
    return NULL;
}

// What a value is bound to: not secret, not stored, needed to open it.
static void bind(uint8_t ret[static BOUND], int version, enum vault_column column, int64_t row)
{
    uint64_t number = (uint64_t)row;
    memcpy(ret, "maillage", LABEL);
    ret[LABEL]     = (uint8_t)(version >> 8);
    ret[LABEL + 1] = (uint8_t)version;
    ret[LABEL + 2] = (uint8_t)column;
    for (size_t i = 0; i < 8; i++) {
        ret[LABEL + 3 + i] = (uint8_t)(number >> (56 - 8 * i));
    }
}

struct str vault_seal(struct arena *a, enum vault_column column, int64_t row, struct str text)
{
    uint8_t            bound[BOUND];
    unsigned long long len     = 0;
    int                version = vault_version();
    const uint8_t     *key     = key_of(version);
    uint8_t           *sealed  = arena_alloc(a, text.len + VAULT_EXTRA);
    if (!key) {
        DIE("vault_seal: vault_init was not called");
    }
    sealed[0] = (uint8_t)(version >> 8);
    sealed[1] = (uint8_t)version;
    randombytes_buf(sealed + 2, NONCE);
    bind(bound, version, column, row);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + HEAD, &len, (const uint8_t *)text.at,
                                               text.len, bound, sizeof bound, NULL, sealed + 2,
                                               key);
    return (struct str){ (const char *)sealed, HEAD + (size_t)len };
}

bool vault_open(struct arena *a, enum vault_column column, int64_t row, struct str sealed,
                struct str *ret_text)
{
    uint8_t            bound[BOUND];
    unsigned long long len     = 0;
    int                version = vault_version_of(sealed);
    const uint8_t     *key     = key_of(version);
    const uint8_t     *bytes   = (const uint8_t *)sealed.at;
    if (!key) {
        return false;
    }
    uint8_t *text = arena_alloc(a, sealed.len - VAULT_EXTRA + 1);
    bind(bound, version, column, row);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(text, &len, NULL, bytes + HEAD,
                                                   sealed.len - HEAD, bound, sizeof bound,
                                                   bytes + 2, key)) {
        return false;
    }
    *ret_text = (struct str){ (const char *)text, (size_t)len };
    return true;
}

bool vault_from_hex(struct arena *a, struct str hex, struct str *ret_bytes)
{
    size_t   len   = 0;
    uint8_t *bytes = arena_alloc(a, hex.len / 2 + 1);
    if (hex.len % 2 ||
        sodium_hex2bin(bytes, hex.len / 2 + 1, hex.at ? hex.at : "", hex.len, NULL, &len, NULL)) {
        return false;
    }
    *ret_bytes = (struct str){ (const char *)bytes, len };
    return len == hex.len / 2;
}

void vault_index(enum vault_kind kind, struct str normal, uint8_t ret_hash[static VAULT_HASH])
{
    crypto_generichash_state state;
    uint8_t                  first = (uint8_t)kind;
    crypto_generichash_init(&state, vault.index, VAULT_KEY, VAULT_HASH);
    crypto_generichash_update(&state, &first, 1);
    crypto_generichash_update(&state, (const uint8_t *)normal.at, normal.len);
    crypto_generichash_final(&state, ret_hash, VAULT_HASH);
}
