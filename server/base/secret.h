// Passwords, tokens, keys: everything that must not be guessed.
//
// Keys derive from the program's secret file, one per purpose. Passwords are argon2id; hashing
// costs 64 MiB and about 0.1 s, so one at a time in the whole process passes the gate. secret_init
// comes before any thread; afterwards everything is thread-safe.
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum { SECRET_HASH = 32, SECRET_KEY = 32, SECRET_TOKEN = 43, SECRET_SIGNER = 44, SECRET_STOP = 16 }; // SECRET_STOP: bytes of the seal in letters

// What a key is for; each purpose has its own.
enum secret_purpose {
    SECRET_CSRF = 1,
    SECRET_DEVICE,
    SECRET_CURSOR,
    SECRET_LIMITS,
    SECRET_API_KEY = 7,
    SECRET_LETTER,
    SECRET_EMPLOYER,
    SECRET_PURPOSES // one more than the last
};

// Starts the library and reads the key file (mode 0600, at least 32 bytes). With an absent path a
// random secret is used that dies with the process. On failure *reterr_why says what is wrong.
enum err secret_init(struct str file, struct arena *a, struct str *reterr_why) MUST_USE;

// A new random token of SECRET_TOKEN base64url characters, in text with a final NUL.
void secret_token(char text[static SECRET_TOKEN + 1]);

// 32 new random bytes as base64 writes them, with a final NUL: what messages are signed with.
void secret_signer(char text[static SECRET_SIGNER + 1]);

// A token that is always the same for the same data: who keeps the secret file can make it again.
void secret_token_of(enum secret_purpose purpose, struct str data, char text[static SECRET_TOKEN + 1]);

// BLAKE2b-256 without key: what is stored of a token, fingerprint of a body.
void secret_hash(struct str data, uint8_t ret_hash[static SECRET_HASH]);
// The same over two or more pieces.
void secret_hash_parts(const struct str *parts, size_t count, uint8_t ret_hash[static SECRET_HASH]);

// Keyed BLAKE2b of data with the key of a purpose, size 16 to 32 bytes.
void secret_seal(enum secret_purpose purpose, struct str data, uint8_t *ret_seal, size_t size);

// Comparison in constant time.
bool secret_equal(struct str a, struct str b);

// 64 random bits, for request ids.
uint64_t secret_random(void);

// Decodes unpadded base64url; false when malformed or too long.
bool secret_from_base64(struct str text, uint8_t *ret_bytes, size_t room, size_t *ret_size);

// argon2id of a password as printable text in the arena.
enum err password_hash(struct str password, struct arena *a, struct str *ret_hash) MUST_USE;

enum password_verdict { PASSWORD_WRONG, PASSWORD_RIGHT, PASSWORD_RIGHT_BUT_OLD };
// Verifies; an absent hash (unknown account) costs the same time and is always wrong.
// PASSWORD_RIGHT_BUT_OLD asks for a new hash. Waits at most wait_ms at the gate: ERR_BUSY beyond.
enum err password_verify(struct str hash, struct str password, int wait_ms,
                         enum password_verdict *ret_verdict) MUST_USE;
