#include "base/json_in.h"
#include "fuzz.h"
#include "http/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const patterns[] = { "/api/a/{id}", "/api/{name}/b/{other_id}", "/{x}.csv" };
    struct arena            *a          = arena_new();
    struct str               path       = { (const char *)data, size };
    struct path_match        match;
    if (percent_decode(path, false, a, &path)) {
        for (size_t i = 0; i < LENGTH(patterns); i++) {
            if (path_matches(patterns[i], path, &match) && match.count == 0) {
                DIE("a match without a name");
            }
        }
    }
    arena_free(a);
    return 0;
}
