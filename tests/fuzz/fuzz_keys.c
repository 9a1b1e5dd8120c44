#include "base/vault.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vault_keys keys;
    size_t            line = 0;
    if (vault_parse((struct str){ (const char *)data, size }, &keys, &line)) {
        for (size_t i = 1; i < keys.count; i++) {
            if (keys.keys[i].version <= keys.keys[i - 1].version) {
                DIE("the keys are not in order");
            }
        }
    } else if (line > size + 1) {
        DIE("a line that is not there");
    }
    vault_wipe(&keys);
    return 0;
}
