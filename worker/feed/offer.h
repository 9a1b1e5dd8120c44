// One element of a feed as an offer: each value brought to the form in which the database takes it, each fault kept.
//
// Pure, any thread; everything lives in the arena.
#pragma once

#include "feed/layout.h"

enum { FEED_FAULTS = 16 };

struct feed_offer {
    uint32_t   line;
    struct str values[FEED_FIELDS]; // absent: not given, or of no use
    size_t     fault_count;
    struct {
        enum feed_field field;
        struct str      code, sentence; // required, format, range, unknown
    } faults[FEED_FAULTS];
    bool is_usable; // it has what an offer cannot do without: reference, title
};

// Values come out as: reference at most 120 characters; title 3 to 160, one line, no HTML; description plain text, at most 6,000;
// rome A1234; contract one of data.contract; posts 1 to 500; hours 1 to 48 with a point; start YYYY-MM-DD; siret 14 digits with a
// right key; postcode and commune 5 characters; latitude and longitude in France's range of the world; url http(s); state open or closed.
void feed_offer_read(struct arena *a, const struct feed_layout *layout, const struct feed_item *item, struct feed_offer *ret);

// The same values always give the same 16 bytes, in hexadecimal: what tells that an offer has changed.
struct str feed_offer_print(struct arena *a, const struct feed_offer *offer);

// As one line of JSON: {"line":..,"usable":..,"offer":{..},"faults":[{"field","code","message"}..]}.
struct buf;
void feed_offer_write(const struct feed_offer *offer, struct buf *out);

// Its values alone, as a JSON object by the names of feed_field_name.
void feed_offer_values(const struct feed_offer *offer, struct buf *out);
