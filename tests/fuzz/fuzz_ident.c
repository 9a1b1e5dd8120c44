// Any bytes as a SIRET, SIREN or VAT number: what is trusted has right check digits.
#include "linking.h"

#include "base/siren.h"
#include "link/ident.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ident ident;
    char         digits[24];

    ident_read((struct str){ (const char *)data, size }, &ident);
    MUST(ident.siren <= 999999999 && ident.nic <= 99999);
    snprintf(digits, sizeof digits, "%09u%05u", ident.siren, ident.nic);
    if (ident.siren && !ident.is_bad) {
        MUST(siren_is_valid(digits));
        MUST(!ident.nic || siret_is_valid(digits));
        struct ident again; // read again as itself
        digits[ident.nic ? 14 : 9] = '\0';
        ident_read(str_of(digits), &again);
        MUST(again.siren == ident.siren && again.nic == ident.nic && !again.is_bad);
    }
    MUST(ident.siren || (!ident.nic && !ident.is_bad));
    return 0;
}
