// The stock: records as the comparisons need them, in numbers, nothing to be parsed twice.
//
// A feature is what one record says; records that say the same share one feature. Words are numbers
// of the table `words`, other texts of the table `texts` (link/intern.h). Owned by one thread.
#pragma once

#include "link/intern.h"
#include "link/schema.h"

enum { PHONES_KEPT = 3, NAMES_MAX = 6, VARIANT_WORDS_MAX = 12 };

// One name of an organisation.
struct variant {
    uint32_t at;                   // its words: pool[at .. at + count)
    uint32_t whole;                // text of its words without blanks
    uint32_t first;                // text of their initials
    uint64_t key;                  // hash of the set of words that count
    uint16_t local;                // bit i: word i is of the record's own commune
    uint16_t places, names, there; // spread of the name, and its addresses in the commune
    uint8_t  count;
    bool     is_cut;
};

enum feature_flag {
    HAS_ZONE    = 1, // the way is a zone
    HAS_CEDEX   = 2, // the postcode is that of a CEDEX
    BAD_IDENT   = 4, // the identifier has a wrong key
    FREE_MAIL   = 8, // the domain is a provider's
    GENERIC_BOX = 16 // the mailbox is nobody's
};

struct feature {
    uint64_t print; // hash of everything said: the canonical order
    uint64_t door;  // hash of commune, way and number; 0 = unknown
    uint32_t names; // first variant
    uint32_t postcode, commune, commune_words;
    uint32_t way, way_words; // text of the joined way; its words in the pool
    uint32_t siren, nic;
    uint32_t phone[PHONES_KEPT]; // numbers in `phones`
    uint32_t mailbox, local, domain;
    uint32_t naf, job, job_words;
    uint32_t given, given_whole, family, family_whole; // words in the pool; texts
    uint32_t values;                                   // first general value
    uint16_t county, house, number;
    uint16_t door_places, door_names, siren_there; // spread of the address and of the SIREN
    uint8_t  name_count, commune_count, way_count, way_kind, phone_count, job_count, given_count,
        family_count;
    uint8_t district, suffix, flags, role, form, detail, civility;
};

// A value of a general kind.
struct value {
    uint32_t text;   // folded text; 0 = not given
    uint32_t words;  // its words in the pool
    uint32_t count;  // of words
    double   number; // dates as AAAAMMJJ
};

struct stock {
    const struct link_schema *schema;
    struct intern            *words, *texts;
    struct feature           *features;
    struct variant           *variants;
    struct value             *values;
    uint32_t                 *pool;
    uint64_t                 *phones; // number of each phone text
    size_t                    count, room, variant_count, variant_room, value_count, value_room;
    size_t                    pool_count, pool_room, pool_before;
    uint32_t                 *general; // fields of general kinds
    size_t                    general_count;
    // After stock_weigh:
    float *word_weight; // of each word, squared logarithm of its rarity
    size_t weighed;     // words that have a weight; later ones are as rare as can be
    float  weight_rare;
};

// An empty stock, and its end (accepts NULL).
struct stock *stock_new(const struct link_schema *schema) MUST_USE;
void          stock_free(struct stock *s);

// Reads a record's fields and adds its feature; returns its number. Two calls with what folds to
// the same give features of one print.
uint32_t stock_add(struct stock *s, const struct str *fields);
// Takes back the feature added last.
void stock_drop(struct stock *s);

// Puts the features in the order of their prints, one of each; map, of stock->count numbers, tells
// the new number of each feature.
void stock_sort(struct stock *s, uint32_t *map);

// Weighs the words by how rare they are among the features.
void stock_weigh(struct stock *s);

// The weight of a word.
float stock_weight(const struct stock *s, uint32_t word);
