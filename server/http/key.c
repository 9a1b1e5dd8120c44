#include "http/key.h"

#include "base/buf.h"
#include "base/secret.h"

enum { CHECK = 6, HEAD = 4, BODY = SECRET_TOKEN };

_Static_assert(KEY_TEXT == HEAD + BODY + CHECK, "the parts of a key");

bool key_is(struct str bearer)
{
    return str_starts(bearer, STR("mlg_"));
}

// The first characters of the seal of what stands before them.
static struct str check_of(struct arena *a, struct str text)
{
    uint8_t    seal[16];
    struct buf out = buf_init(64);
    secret_seal(SECRET_API_KEY, arena_printf(a, "check|%.*s", STR_ARG(text)), seal, sizeof seal);
    buf_add_base64(&out, (struct str){ (const char *)seal, sizeof seal });
    struct str check = arena_str(a, str_sub(buf_str(&out), 0, CHECK));
    buf_done(&out);
    return check;
}

struct str key_make(struct arena *a)
{
    char token[SECRET_TOKEN + 1];
    secret_token(token);
    struct str text  = arena_printf(a, "mlg_%s", token);
    struct str check = check_of(a, text);
    return arena_printf(a, "%.*s%.*s", STR_ARG(text), STR_ARG(check));
}

struct str key_hash(struct arena *a, struct str key)
{
    if (key.len != KEY_TEXT || !key_is(key)) {
        return (struct str){ 0 };
    }
    struct str text = str_sub(key, 0, HEAD + BODY);
    if (!secret_equal(check_of(a, text), str_sub(key, HEAD + BODY, CHECK))) {
        return (struct str){ 0 };
    }
    uint8_t *hash = arena_alloc(a, SECRET_HASH);
    secret_seal(SECRET_API_KEY, arena_printf(a, "hash|%.*s", STR_ARG(key)), hash, SECRET_HASH);
    return (struct str){ (const char *)hash, SECRET_HASH };
}

struct str key_prefix(struct str key)
{
    return str_sub(key, HEAD, KEY_PREFIX);
}
