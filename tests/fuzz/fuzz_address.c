// Any bytes as an address.
#include "linking.h"

#include "link/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str     text  = { (const char *)data, size };
    char          *other = fuzz_other_case(data, size);
    struct address address, again;

    address_read(text, &address);
    fuzz_words(&address.way);
    MUST(address.suffix == 0 || (address.suffix >= 'a' && address.suffix <= 'z'));
    address_read((struct str){ other, size }, &again);
    MUST(fuzz_same_words(&address.way, &again.way));
    MUST(address.number == again.number && address.suffix == again.suffix &&
         address.kind == again.kind && address.is_zone == again.is_zone);
    free(other);
    return 0;
}
