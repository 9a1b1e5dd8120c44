// Mapping files: how the columns of any CSV file are to be compared.
//
//     # Clients vus au salon
//     nom = "clients"
//     unite = "personne"          # etablissement, personne ou objet (par défaut)
//     identifiant = "numero"      # la colonne qui identifie chaque ligne
//
//     [[colonne]]
//     nom = "prenom"              # tel que dans l’en-tête du fichier
//     nature = "prenom"           # voir link/kinds.def
//     libelle = "Prénom"          # montré dans les explications ; par défaut le nom
//
// The file is the part of TOML that mapping/toml.h reads. A key that is not known is an error, so
// that a slip of the pen does not pass unseen. There is no weight and no threshold to give: they
// are estimated from the records.
//
// Pure, any thread. A mapping owns its schema and all its texts.
#pragma once

#include "link/schema.h"
#include "mapping/toml.h"

struct mapping; // opaque

enum { MAPPING_SENTENCE_MAX = 512 };

struct mapping_problem {
    struct toml_place place;                              // from 1
    char              sentence[MAPPING_SENTENCE_MAX + 1]; // French, without place nor full stop
};

// Reads a mapping file. NULL when it is not sound: ret_problem then says where and why.
struct mapping *mapping_read(struct str text, struct mapping_problem *ret_problem) MUST_USE;

// Frees it and its schema; NULL is accepted.
void mapping_free(struct mapping *m);

// Its schema, sound in the sense of link_schema_problem; lives as long as the mapping.
const struct link_schema *mapping_schema(const struct mapping *m);
