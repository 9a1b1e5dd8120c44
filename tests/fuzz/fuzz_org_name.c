// Any bytes as the name of an organisation, and as a legal form.
#include "linking.h"

#include "link/org_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str      text  = { (const char *)data, size };
    char           *other = fuzz_other_case(data, size);
    struct org_name name, again;
    char            initials[8];

    org_name_read(text, &name);
    fuzz_words(&name.name);
    fuzz_words(&name.other);
    MUST(name.form < FORM_COUNT && name.detail <= DETAIL_OTHER && name.role < ROLE_COUNT);
    MUST(org_name_initials(&name.name, initials, sizeof initials) <= sizeof initials);
    MUST(org_name_initials(&name.name, initials, 0) == 0);
    MUST(org_role_of_mailbox(text) < ROLE_COUNT);

    org_name_read((struct str){ other, size }, &again);
    MUST(fuzz_same_words(&name.name, &again.name) && fuzz_same_words(&name.other, &again.other));
    MUST(name.form == again.form && name.role == again.role && name.number == again.number);

    struct legal_form_read form = legal_form_read(text);
    MUST(form.form < FORM_COUNT && form.detail <= DETAIL_OTHER);
    struct words words;
    words_read(text, &words);
    for (size_t i = 0; i <= words.count; i++) {
        size_t count = 99;
        form         = legal_form_at(&words, i, &count);
        MUST(i + count <= words.count && (count == 0) == (form.form == FORM_NONE));
    }
    free(other);
    return 0;
}
