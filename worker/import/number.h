// Numbers of spreadsheets as people see them.
//
// Whole numbers in full (a SIRET that a spreadsheet shows as 4,1E+13 has all its digits here), with
// the leading zeros of formats such as 00000; dates as AAAA-MM-JJ, with their hour when they have
// one; others with fifteen digits. Pure functions, any thread.
#pragma once

#include "base/buf.h"

// How the numbers of a cell style are shown.
struct number_style {
    bool    is_date;
    uint8_t zeros; // at least so many digits
};

// What a format code (0.00, dd/mm/yyyy) does to a number.
struct number_style number_style_of(struct str code);
// The same of the formats that every workbook has without saying them, by their number.
struct number_style number_style_built_in(unsigned id);

// A date as XML writes it, 2026-11-12T14:30:00, likewise: midnight is no hour, and the day before
// 1900 no date. Another text is given back as it is.
struct str number_date(struct str text, char room[20]);

// Adds the number. is_1904: dates are counted from 1904, as on the first Macintosh.
void number_put(struct buf *ret, double value, struct number_style style, bool is_1904);
