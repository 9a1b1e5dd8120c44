// Names of organisations as partners write them.
//
// "SARL Ets Dupont & Fils (Chez Dupont)" is a name (dupont fils), a second name (chez dupont), a
// legal form (SARL). Legal forms are found anywhere, abbreviated or spelled out, and taken out of
// the words; "établissements", "société", articles and "et" likewise. Words that tell two
// neighbours apart stay and are also noted as role (holding, SCI, town hall, CCAS, library...) or
// as number
// ("Lycée 2"). A name of exactly 32 or 38 characters may have been cut: its last word counts as a
// beginning only. Pure, any thread.
#pragma once

#include "link/fold.h"
#include "link/legal_form.h"

// What a name says of the part an organisation plays beside others of the same name or address.
enum org_role {
    ROLE_NONE,
    ROLE_COMMUNE, // the commune itself: any of its services may be called so
    ROLE_TOWN_HALL,
    ROLE_SOCIAL, // CCAS, CIAS
    ROLE_LIBRARY,
    ROLE_HOLDING,
    ROLE_PROPERTY, // SCI and other owners of walls
    ROLE_COUNT
};

struct org_name {
    struct words    name;  // words that count, in the order written
    struct words    other; // the second name of "X (Y)" or "X - enseigne Y"; count 0 when none
    enum legal_form form;  // FORM_NONE when the name says nothing
    enum legal_form_detail detail;
    enum org_role          role; // of the name, or of the second name when the first has none
    uint16_t number;    // what numbers the name, arabic or roman: "Lycée 2", "Vichy II"; 0 = none
    bool     is_cut;    // the last word may be the beginning of a longer one
    bool     is_person; // EI, M., Mme: the name of a person
};

// Reads a name; ret is complete whatever the text (an empty name has no word).
void org_name_read(struct str text, struct org_name *ret);

// The initials of the words that count, as an acronym would have them, into room bytes; returns how
// many were written.
size_t org_name_initials(const struct words *w, char *ret, size_t room);

// The role that the local part of an e-mail address tells, such as "mediatheque"; ROLE_NONE if
// none.
enum org_role org_role_of_mailbox(struct str local);
