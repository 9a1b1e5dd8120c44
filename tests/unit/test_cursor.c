#include "base/secret.h"
#include "http/cursor.h"
#include "tap.h"

static struct arena *arena;

static void test_there_and_back(void)
{
    struct buf text = buf_init(1000);
    struct str position;
    cursor_write(&text, STR("Élan|42"));
    CHECK(cursor_read(buf_str(&text), arena, &position) == OK);
    CHECK_STR(position, "Élan|42");
    for (size_t i = 0; i < text.len; i++) { // one changed character breaks the seal
        char kept  = text.at[i];
        text.at[i] = kept == 'A' ? 'B' : 'A';
        CHECK(cursor_read(buf_str(&text), arena, &position) == ERR_CURSOR_INVALID || kept == 'A');
        text.at[i] = kept;
    }
    buf_done(&text);
}

static void test_rubbish(void)
{
    struct str position;
    CHECK(cursor_read(STR(""), arena, &position) == ERR_CURSOR_INVALID);
    CHECK(cursor_read(STR("AAAA"), arena, &position) == ERR_CURSOR_INVALID);
    CHECK(cursor_read(STR("not base64!"), arena, &position) == ERR_CURSOR_INVALID);
}

int main(void)
{
    struct str why;
    arena = arena_new();
    if (secret_init((struct str){ 0 }, arena, &why)) {
        return 1;
    }
    RUN(test_there_and_back);
    RUN(test_rubbish);
    arena_free(arena);
    return tap_done();
}
