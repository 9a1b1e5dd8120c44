// Any bytes as a mapping file: a sound schema, or a place and a sentence.
#include "fuzz.h"

#include "mapping/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mapping_problem p = { 0 };
    struct mapping        *m = mapping_read((struct str){ (const char *)data, size }, &p);

    if (m) {
        if (!str_is_absent(link_schema_problem(mapping_schema(m)))) {
            abort();
        }
    } else if (!p.place.line || !p.place.column || !p.sentence[0] ||
               !str_is_utf8(str_of(p.sentence))) {
        abort();
    }
    mapping_free(m);
    return 0;
}
