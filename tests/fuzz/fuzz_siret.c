// Any bytes: what is read as a SIRET or SIREN is a valid one.
#include "reading.h"

#include "import/siret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str       text = { (const char *)data, size };
    char             siret[SIRET_LEN + 1], siren[SIREN_LEN + 1];
    enum import_code code = siret_read(text, siret);

    bool is_siret = siret_is_read(code);
    if (is_siret && (strlen(siret) != SIRET_LEN || !siret_is_valid(siret))) {
        abort();
    }
    if (code == PROBLEM_SIRET_IS_SIREN && (strlen(siret) != SIREN_LEN || !siren_is_valid(siret))) {
        abort();
    }
    if (!is_siret && code != PROBLEM_SIRET_IS_SIREN && siret[0]) {
        abort();
    }
    if (siren_read(text, siren) == PROBLEM_NONE && !siren_is_valid(siren)) {
        abort();
    }
    return 0;
}
