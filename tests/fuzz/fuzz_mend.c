// Any text: putting characters back never lengthens it, leaves UTF-8 that was valid valid, and is
// done after three times at most. Values of rows stay within their rooms.
#include "fuzz.h"

#include "import/charset.h"
#include "import/mend.h"
#include "import/partner_value.h"

static void values(struct str text)
{
    char       phone[PHONE_ROOM], email[EMAIL_ROOM], city[CITY_ROOM], room[6];
    struct str address = text, postcode = { 0 }, place = { 0 };

    partner_phone(text, phone);
    partner_email(text, email);
    partner_city_key(text, city);
    partner_split_place(&address, &postcode, &place);
    struct str five = partner_five(text, room);
    if (strlen(phone) >= PHONE_ROOM || strlen(email) >= EMAIL_ROOM || strlen(city) >= CITY_ROOM ||
        !str_is_utf8(str_of(email)) || (five.len && five.len != 5) || !str_is_utf8(address) ||
        !str_is_utf8(place) || !str_is_utf8(partner_cut(text, 7))) {
        abort();
    }
    partner_naf(text, room);
    (void)partner_name(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char      *text  = memory_new(size + 1);
    struct str whole = { (const char *)data, size };
    bool       valid = str_is_utf8(whole);
    size_t     len   = 0;

    if (size) {
        memcpy(text, data, size);
    }
    if (valid) {
        values(whole);
    }
    struct str once = mend_text(text, size);
    if (once.len > size || (valid && !str_is_utf8(once))) {
        abort();
    }
    free(text);
    char *wide = size >= 4 && charset_is_utf16(whole) ? charset_from_utf16(whole, &len) : NULL;
    if (wide && len > 3 * size) {
        abort();
    }
    free(wide);
    return 0;
}
