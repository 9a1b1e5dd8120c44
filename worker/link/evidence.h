// Evidence: what the comparison of two records shows, piece by piece, as levels.
//
// The levels and their French verdicts are one table, link/levels.def. Level 0 is always "not given
// on both sides" and counts for nothing. Pure but for the stock it reads; any thread.
#pragma once

#include "link/stock.h"

enum piece {
    PIECE_NAME,
    PIECE_ROLE,
    PIECE_FORM,
    PIECE_IDENT,
    PIECE_NAF,
    PIECE_PLACE,
    PIECE_PHONE,
    PIECE_EMAIL,
    PIECE_FAMILY,
    PIECE_GIVEN,
    PIECE_CIVILITY,
    PIECE_JOB,
    PIECE_PLACES, // where the shared values were seen
    PIECE_NAMES,  // with which names, when the names differ
    PIECE_DOORS,  // at how many addresses of the commune, when one is not given
    PIECE_VALUE,  // one for each column of a general kind
    PIECES
};

// The levels of all pieces, in one row: LEVEL_NAME_EQUAL, LEVEL_NAME_TYPO...
enum {
    LEVEL_NONE, // not given on both sides
#define LEVEL(piece, level, ...) LEVEL_##piece##_##level,
#include "link/levels.def"
#undef LEVEL
    LEVELS
};

// The pieces a schema gives, in order.
struct evidence {
    size_t count;
    struct {
        enum piece piece;
        uint32_t   value; // PIECE_VALUE: index among the general columns
        struct str label;
    } piece[LINK_EVIDENCE_MAX];
};

// How common a name of a person is that agrees alone.
enum crowd {
    CROWD_GIVEN,  // surnames the given name was seen with; bears when the surnames differ
    CROWD_FAMILY, // given names the surname was seen with; bears when the given names differ
    CROWDS
};

// The levels of one pair, in the order of the evidence, and the crowds as natural logarithms: those
// that are known, and those that bear on this pair.
struct vector {
    uint8_t level[LINK_EVIDENCE_MAX];
    uint8_t known, bears; // sets of crowds
    float   crowd[CROWDS];
    float   rare; // general columns: sum of the logarithms of how many records bear the values
};

// What a schema's columns show together.
void evidence_of(const struct link_schema *schema, struct evidence *ret);

// The piece a level belongs to, its French verdict, and how likely it is in a class of the unit
// before anything is learned (per cent).
enum piece level_piece(unsigned level);
struct str level_verdict(unsigned level);
double     level_prior(unsigned level, enum link_unit unit, unsigned class_);

struct spread; // link/spread.h
struct alias;  // link/alias.h

// What is known of the values as a whole; either may be NULL.
struct knowledge {
    const struct spread *spread;
    const struct alias  *alias;
};

// Compares two features.
void evidence_compare(const struct stock *s, const struct evidence *e, struct knowledge known,
                      const struct feature *a, const struct feature *b, struct vector *ret);
