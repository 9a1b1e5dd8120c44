// Any bytes as a postcode and a commune, and as a NAF code.
#include "linking.h"

#include "link/naf.h"
#include "link/place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str   postcode, commune;
    struct place place;

    fuzz_two(data, size, &postcode, &commune);
    place_read(postcode, commune, &place);
    fuzz_words(&place.commune);
    MUST(place.postcode == 0 || (place.postcode >= 1000 && place.postcode <= 98999));
    MUST(place.county <= 989 && place.district <= 20);

    uint32_t naf = naf_read((struct str){ (const char *)data, size });
    MUST(naf == 0 || (naf / 32 <= 9999 && naf % 32 >= 1 && naf % 32 <= 26));
    return 0;
}
