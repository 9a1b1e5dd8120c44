// Any bytes as the names of a person.
#include "linking.h"

#include "link/person_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str         given, family;
    struct person_name name;

    fuzz_two(data, size, &given, &family);
    person_name_read(given, given, family, &name);
    fuzz_words(&name.given);
    fuzz_words(&name.family);
    MUST(name.civility <= CIVILITY_MADAM && civility_read(family) <= CIVILITY_MADAM);
    return 0;
}
