#include "base/secret.h"
#include "fuzz.h"
#include "http/cookie.h"
#include "http/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a      = arena_new();
    struct str    header = { size ? (const char *)data : "", size };
    struct str    value;
    struct str    why;
    static bool   is_ready;
    if (!is_ready) {
        is_ready = secret_init((struct str){ 0 }, a, &why) == OK;
    }
    value = cookie_find(header, STR("__Host-session"));
    if (value.len > header.len) {
        DIE("a cookie longer than its header");
    }
    header_accepts(header, STR("gzip"));
    header_names_tag(header, STR("\"abc\""));
    header_trace(header);
    header_is_type(header, STR("application/json"));
    if (cursor_read(header, a, &value) == OK) {
        DIE("a seal was guessed");
    }
    arena_free(a);
    return 0;
}
