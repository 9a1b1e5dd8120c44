#include "base/siren.h"

static bool luhn(const char *digits, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned d = (unsigned)(digits[count - 1 - i] - '0');
        if (i % 2) {
            d *= 2;
            d -= d > 9 ? 9 : 0;
        }
        sum += d;
    }
    return sum % 10 == 0;
}

static bool all_zero(const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (digits[i] != '0') {
            return false;
        }
    }
    return true;
}

bool siren_is_valid(const char digits[SIREN_LEN])
{
    return !all_zero(digits, SIREN_LEN) && luhn(digits, SIREN_LEN);
}

bool siret_is_valid(const char digits[SIRET_LEN])
{
    if (memcmp(digits, "356000000", SIREN_LEN) == 0) {
        unsigned sum = 0;
        for (size_t i = 0; i < SIRET_LEN; i++) {
            sum += (unsigned)(digits[i] - '0');
        }
        return sum % 5 == 0 || memcmp(digits + SIREN_LEN, "00048", 5) == 0;
    }
    return siren_is_valid(digits) && luhn(digits, SIRET_LEN);
}
