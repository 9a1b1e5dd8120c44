// Names of persons: surname and given names, compound, swapped, abbreviated.
//
// "M. DUPONT-MARTIN, Jean-Pierre" has parts; "Le Gall", "Legall" and "LE-GALL" are one part, since
// particles are joined to what follows. Pure, any thread.
#pragma once

#include "link/fold.h"

enum civility { CIVILITY_NONE, CIVILITY_MISTER, CIVILITY_MADAM };

struct person_name {
    struct words  given;  // given names, compound ones in their parts
    struct words  family; // surnames, compound ones in their parts
    enum civility civility;
};

// Reads a name given in columns; a civility or a title at the beginning of a column is taken out.
void person_name_read(struct str civility, struct str given, struct str family,
                      struct person_name *ret);

// Reads a civility: "M.", "Mme", "Monsieur"...; CIVILITY_NONE when it is none.
enum civility civility_read(struct str text);
