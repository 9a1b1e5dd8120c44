// The words the invented files are made of: common French names, trades, streets, signs.
//
// Everything here is common knowledge or invented for this program. Lists are split once by
// words_open and live until words_close; they are read-only in between.
#pragma once

#include "base/base.h"

struct words {
    const char **at;
    uint32_t     count;
    char        *text; // what the entries point into
};

enum list {
    LIST_SURNAMES,
    LIST_MEN,
    LIST_WOMEN,
    LIST_COIN_HEADS,
    LIST_COIN_MIDDLES,
    LIST_COIN_TAILS,
    LIST_FIRM_HEADS,
    LIST_FIRM_TAILS,
    LIST_TRADES, // "trade;naf"
    LIST_FIRM_WORDS,
    LIST_PLACES, // "du Lavoir": what a firm or a zone is named after
    LIST_SIGNS,
    LIST_STREETS,
    LIST_STREET_KINDS, // "avenue;av;av.;ave": whole, then short forms
    LIST_ZONES,
    LIST_COMPLEMENTS,
    LIST_ASSOCIATIONS,
    LIST_SCHOOLS,
    LIST_LIBRARIES,
    LIST_FRANCHISE_HEADS,
    LIST_FRANCHISE_TAILS,
    LIST_CHAIN_HEADS,
    LIST_CHAIN_TAILS,
    LIST_ODD_HEADS, // names that no rule makes: residences, committees, farms
    LIST_JOBS,
    LIST_FREE_MAIL,
    LIST_BOXES, // before the @ of a shared mailbox
    LIST_FORMS, // "SARL;S.A.R.L.;Société à responsabilité limitée"
    LIST_TOWNS, // used when the file of the communes is not there: "commune;postcode;population"
    LIST_TOWN_HEADS, // and these two together: "Villeneuve", "sur-Loire;37"
    LIST_TOWN_TAILS,
    LIST_COUNT,
};

void words_open(void);
void words_close(void);

// A list; valid between words_open and words_close.
const struct words *words_of(enum list list);

// Copies part `index` of an entry whose parts are separated by ';' into `into`; the last part when
// there are fewer.
void words_part(const char *entry, uint32_t index, char *into, size_t room);
// How many parts an entry has.
uint32_t words_parts(const char *entry);
