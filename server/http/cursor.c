#include "http/cursor.h"

#include "base/secret.h"

enum { SEAL = 16, KEPT = 8, TEXT_MAX = 2048 };

void cursor_write(struct buf *out, struct str position)
{
    uint8_t    seal[SEAL];
    struct buf bytes = buf_init(TEXT_MAX);
    secret_seal(SECRET_CURSOR, position, seal, SEAL);
    buf_add(&bytes, (struct str){ (const char *)seal, KEPT });
    buf_add(&bytes, position);
    buf_add_base64(out, buf_str(&bytes));
    buf_done(&bytes);
}

enum err cursor_read(struct str text, struct arena *a, struct str *ret_position)
{
    uint8_t seal[SEAL];
    size_t  size = 0;
    if (text.len > TEXT_MAX) {
        return ERR_CURSOR_INVALID;
    }
    uint8_t *bytes = arena_alloc(a, text.len + 1);
    if (!secret_from_base64(text, bytes, text.len, &size) || size < KEPT) {
        return ERR_CURSOR_INVALID;
    }
    struct str position = { (const char *)bytes + KEPT, size - KEPT };
    secret_seal(SECRET_CURSOR, position, seal, SEAL);
    if (!secret_equal((struct str){ (const char *)seal, KEPT },
                      (struct str){ (const char *)bytes, KEPT })) {
        return ERR_CURSOR_INVALID;
    }
    *ret_position = position;
    return OK;
}
