#include "out/sign.h"

#include <sodium.h>

enum { SECRET_MOST = 64 };

struct str sign_v1(struct arena *a, struct str secret, struct str id, int64_t timestamp, struct str body)
{
    uint8_t                     key[SECRET_MOST], seal[crypto_auth_hmacsha256_BYTES];
    size_t                      size = 0;
    char                        text[sodium_base64_ENCODED_LEN(sizeof seal, sodium_base64_VARIANT_ORIGINAL)];
    crypto_auth_hmacsha256_state state;
    if (!secret.at || sodium_base642bin(key, sizeof key, secret.at, secret.len, NULL, &size, NULL, sodium_base64_VARIANT_ORIGINAL)) {
        return (struct str){ 0 };
    }
    struct str head = arena_printf(a, "%.*s.%lld.", STR_ARG(id), (long long)timestamp);
    crypto_auth_hmacsha256_init(&state, key, size);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)head.at, head.len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)body.at, body.len);
    crypto_auth_hmacsha256_final(&state, seal);
    sodium_memzero(key, sizeof key);
    sodium_bin2base64(text, sizeof text, seal, sizeof seal, sodium_base64_VARIANT_ORIGINAL);
    return arena_printf(a, "v1,%s", text);
}
