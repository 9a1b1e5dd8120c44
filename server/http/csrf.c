#include "http/csrf.h"

#include "base/buf.h"
#include "base/secret.h"

struct str csrf_of(struct arena *a, struct str session_token)
{
    uint8_t    seal[SECRET_HASH];
    struct buf text = buf_init(64);
    secret_seal(SECRET_CSRF, session_token, seal, sizeof seal);
    buf_add_base64(&text, (struct str){ (const char *)seal, sizeof seal });
    struct str kept = arena_str(a, buf_str(&text));
    buf_done(&text);
    return kept;
}

bool csrf_is_right(struct arena *a, struct str session_token, struct str given)
{
    return session_token.len > 0 && secret_equal(csrf_of(a, session_token), given);
}
