// Any bytes as an e-mail address.
#include "linking.h"

#include "link/email.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char        *other = fuzz_other_case(data, size);
    struct email email, again;

    email_read((struct str){ (const char *)data, size }, &email);
    MUST(strlen(email.local) <= EMAIL_LOCAL_MAX && strlen(email.domain) <= EMAIL_DOMAIN_MAX);
    MUST(!email.local[0] == !email.domain[0]);
    MUST(email.local[0] || (!email.is_free && !email.is_generic));
    for (const char *c = email.domain; *c; c++) {
        MUST(*c != '@' && *c != ' ' && !(*c >= 'A' && *c <= 'Z'));
    }
    email_read((struct str){ other, size }, &again);
    MUST(strcmp(email.local, again.local) == 0 && strcmp(email.domain, again.domain) == 0);
    free(other);
    return 0;
}
