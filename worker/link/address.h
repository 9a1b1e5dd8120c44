// Postal addresses: number, suffix, kind of way, name of way.
//
// "12 bis, av. du Gal de Gaulle, BP 123, Bât. B" is number 12, suffix b, words "general gaulle".
// Abbreviations are spelled out, post boxes, buildings, CEDEX and complements are taken out. A
// place without number ("ZA des Forges") is told by its words alone. Pure, any thread.
#pragma once

#include "link/fold.h"

struct address {
    struct words way;     // words of the way's name, without its kind nor articles
    uint8_t      kind;    // kind of way (rue, avenue, zone...), 0 = none; equal when equal
    uint16_t     number;  // 0 = none
    char         suffix;  // 'b' for bis or B, 't', 'q', 'a'...; 0 = none
    bool         is_zone; // ZA, ZI, parc d'activités, centre commercial: no number expected
};

// Reads one address field; an empty one has no word and no number.
void address_read(struct str text, struct address *ret);
