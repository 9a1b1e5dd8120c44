// Any bytes: folding gives folded text, twice gives the same, and case does not matter.
#include "linking.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str   text = { (const char *)data, size };
    size_t       room = 3 * size + 3;
    char        *once = memory_new(room), *twice = memory_new(room);
    char        *other = fuzz_other_case(data, size);
    struct words words, again;

    size_t length = fold(text, once, room);
    MUST(length <= room);
    fuzz_folded((struct str){ once, length });
    MUST(fold((struct str){ once, length }, twice, room) == length);
    MUST(memcmp(once, twice, length) == 0);
    MUST(fold((struct str){ other, size }, twice, room) == length);
    MUST(memcmp(once, twice, length) == 0);
    // Little room: a beginning of the same.
    size_t part = fold(text, twice, size / 2);
    MUST(part <= size / 2 && part <= length && memcmp(once, twice, part) == 0);

    words_read(text, &words);
    fuzz_words(&words);
    words_read((struct str){ other, size }, &again);
    MUST(fuzz_same_words(&words, &again));
    free(once);
    free(twice);
    free(other);
    return 0;
}
