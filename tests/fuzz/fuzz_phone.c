// Any bytes as a field of telephone numbers.
#include "linking.h"

#include "link/phone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct phones phones;

    phones_read((struct str){ (const char *)data, size }, &phones);
    MUST(phones.count <= PHONES_MAX);
    for (size_t i = 0; i < phones.count; i++) {
        MUST(phones.number[i] > 0);
        MUST(!(phone_is_mobile(phones.number[i]) && phone_is_service(phones.number[i])));
        for (size_t k = 0; k < i; k++) {
            MUST(phones.number[k] != phones.number[i]);
        }
        // A number read is read again as itself.
        char          text[32];
        struct phones again;
        bool          french = phones.number[i] >= 100000000 && phones.number[i] <= 999999999;
        snprintf(text, sizeof text, french ? "0%09llu" : "+%llu",
                 (unsigned long long)phones.number[i]);
        if (french) {
            phones_read(str_of(text), &again);
            MUST(again.count == 1 && again.number[0] == phones.number[i]);
        }
    }
    return 0;
}
