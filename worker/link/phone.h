// Telephone numbers in every format, several in a field.
//
// Pure, any thread.
#pragma once

#include "base/str.h"

enum { PHONES_MAX = 4 };

// Numbers in one shape: French ones as their 9 digits after the 0 (123456789), short numbers (3631)
// as they are, foreign ones with their country code (over 9 digits).
struct phones {
    uint64_t number[PHONES_MAX];
    uint8_t  count;
};

// Reads all numbers of a field: +33, 0033, (0), blanks, dots, dashes, labels ("Tél."), a lost
// leading zero, "01… / 06…", several numbers. Numbers made of one digit (0000000000) are none.
void phones_read(struct str text, struct phones *ret);

// A mobile number (06, 07) belongs to a person rather than to a house.
bool phone_is_mobile(uint64_t number);
// A number shared by design: 08…, 09 69…, four digits; says nothing of the site.
bool phone_is_service(uint64_t number);
