// Personal data at rest: values sealed for the database, and keyed hashes to find them again.
//
// PostgreSQL holds ciphertext and hashes and never sees a key. A value is sealed with
// XChaCha20-Poly1305 (libsodium's crypto_aead_xchacha20poly1305_ietf) under a random nonce; its
// associated data names the key, the table and column, and the number of the row, so that a value
// moved to another row or column no longer opens. What is stored:
//
//     version of the key (2 bytes, big-endian)  nonce (24)  ciphertext and tag (length + 16)
//
// Equality is searched by BLAKE2b-128 under a key of its own, with the kind of value in front, so
// that the same text as phone and as name gives different hashes.
//
// The key file is text, mode 0600, outside the database; one key a line, # begins a comment:
//
//     index 64 hexadecimal digits      the key of the hashes; it never changes
//     1 64 hexadecimal digits          the first key; the highest number seals, all of them open
//     2 64 hexadecimal digits
//
// The keys in use are derived from these (crypto_kdf). vault_init comes before any thread;
// afterwards everything is thread-safe.
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum {
    VAULT_KEY      = 32,
    VAULT_VERSIONS = 16,          // keys in a file
    VAULT_EXTRA    = 2 + 24 + 16, // bytes that sealing adds
    VAULT_HASH     = 16,
};

// Where a sealed value stands. The numbers are part of what is sealed: never reuse one.
enum vault_column {
    VAULT_PERSON = 1, // data.contact.person; row: the contact
    VAULT_ANSWER = 2, // data.idempotency.body; row: made of the key of the request
    VAULT_FILE   = 3, // data.source_file.content; row: the file
    VAULT_PICTURE = 4, // data.picture.content; row: the picture
    VAULT_SIGNER = 18, // data.channel_secret.sealed; row: the secret
    VAULT_EMPLOYER = 30, // data.offer_mail.sealed; row: the offer
    VAULT_LINE = 29, // data.source_record.sealed, data.source_file.seen; row: vault_line
};

// What a hash is of. The numbers are part of what is hashed.
enum vault_kind {
    VAULT_PHONE  = 1,
    VAULT_EMAIL  = 2,
    VAULT_NAME   = 3, // all words of a name
    VAULT_FAMILY = 4, // the family name alone
};

struct vault_keys {
    bool    has_index;
    uint8_t index[VAULT_KEY];
    size_t  count; // sorted by version
    struct {
        uint16_t version;
        uint8_t  key[VAULT_KEY];
    } keys[VAULT_VERSIONS];
};

// Reads the text of a key file; pure. False when a line is no key, a number comes twice, the index
// key or every other is missing: *reterr_line is that line, or 0 for what is missing. Whatever it
// returns, wipe *ret when done with it (vault_wipe).
bool vault_parse(struct str text, struct vault_keys *ret, size_t *reterr_line) MUST_USE;
void vault_wipe(struct vault_keys *keys);

// Starts with the keys of a file. With an absent path the keys are random and die with the process:
// for tests. On failure *reterr_why says what is wrong.
enum err vault_init(struct str file, struct arena *a, struct str *reterr_why) MUST_USE;

// The row of a line of a file; line 0 is what was seen of the whole file.
static inline int64_t vault_line(int64_t file, int64_t line)
{
    return file * ((int64_t)1 << 24) + line;
}

// Version of the key that seals.
int vault_version(void);
// Version of the key a value was sealed with; 0 when it is too short to say.
int vault_version_of(struct str sealed);

// Seals a text for its place; the result lives in the arena.
struct str vault_seal(struct arena *a, enum vault_column column, int64_t row, struct str text);
// Opens it again. False when the key is not in the file, or the value was changed, cut, or belongs
// to another place.
bool vault_open(struct arena *a, enum vault_column column, int64_t row, struct str sealed,
                struct str *ret_text) MUST_USE;

// Decodes hexadecimal, as SQL's encode(x, 'hex') gives it; false when it is none.
bool vault_from_hex(struct arena *a, struct str hex, struct str *ret_bytes) MUST_USE;

// The hash of a value that is in its normal form already (see base/person.h).
void vault_index(enum vault_kind kind, struct str normal, uint8_t ret_hash[static VAULT_HASH]);
