// Values of partners' files as people write them, in order: one cell at a time.
//
// Pure functions, any thread. What cannot be used gives "" or an absent text, never half a value.
#pragma once

#include "base/str.h"

enum { PHONE_ROOM = 20, EMAIL_ROOM = 200, CITY_ROOM = 256 };

// True when a cell says that there is nothing to say: "#N/A", "néant", "-", blanks of any kind.
bool partner_is_nothing(struct str text);
// Without blanks of any kind around it (no-break ones too); absent when it says nothing.
struct str partner_clean(struct str text);

// A telephone number: ten digits, or + and the digits of another country. The first one when there
// are several; also from a number that lost its zero or is in scientific notation with all digits.
void partner_phone(struct str text, char ret[PHONE_ROOM]);
// An address of mail, in small letters; the first one when there are several.
void partner_email(struct str text, char ret[EMAIL_ROOM]);
// True when such an address bears the family name: it is the person's, not the employer's.
bool partner_is_personal(const char *email, struct str family_name);

// "6202a" is 62.02A; absent when it is no code.
struct str partner_naf(struct str text, char room[6]);
// Without the stars, quotes and blanks around it: "***GSK***" is GSK.
struct str partner_name(struct str text);
// A postcode or a code of a commune: "0110" lost its zero, 2A004 is one. Absent when it is none.
struct str partner_five(struct str text, char room[5]);
// "ST ETIENNE CEDEX 2" and "Saint-Étienne" meet at "saint etienne".
void partner_city_key(struct str city, char ret[CITY_ROOM]);

// Puts postcode and city in their places when they stand together in one cell: "03000 MOULINS",
// "Moulins (03000)", "12 rue Haute 03000 Moulins". Views of what was given.
void partner_split_place(struct str *address, struct str *postcode, struct str *city);

// At most so many bytes, cut on a character.
struct str partner_cut(struct str text, size_t most);
