// Where an offer is, as feeds write it: postcodes, codes of communes, coordinates, and the town in an address. Each gives what the
// database takes, or an absent text. Pure, any thread.
#pragma once

#include "base/arena.h"

// Five digits; spreadsheets lose the zero of 03000.
struct str feed_postcode(struct arena *a, struct str text);

// The code of a commune (Insee): a postcode's digits, or 2A and 2B in Corsica.
struct str feed_commune(struct arena *a, struct str text);

// Of a text that holds one number, or both of a place.
struct str feed_latitude(struct arena *a, struct str text);
struct str feed_longitude(struct arena *a, struct str text);

// "03 - MOULINS", "Moulins (03)", "Moulins, Allier, France", "12 rue du Port, 03100 Montluçon": the name of the town.
struct str feed_city(struct arena *a, struct str text);

// Whether a name is what stands beside a town without being one: its département, its region, its country.
bool feed_is_around(struct arena *a, struct str piece);

// How many towns a text names, and the first of them.
size_t feed_towns(struct arena *a, struct str text, struct str *ret_first);
