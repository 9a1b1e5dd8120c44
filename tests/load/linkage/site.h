// The establishments: companies, public bodies, associations and their sites, in small families.
//
// world_next makes one family at a time: what belongs together (the sites of a company, a holding
// and its firm, firms at one address) comes in one piece. Same seed, same world. One thread.
#pragma once

#include "phrase.h"
#include "place.h"

enum kind {
    KIND_PLAIN,
    KIND_EI,
    KIND_ASSO,
    KIND_PUBLIC,
    KIND_MULTI,
    KIND_MOVED,
    KIND_CHAIN,
    KIND_LAPOSTE,
    KIND_FRANCHISE,
    KIND_SISTER,
    KIND_HOMONYM,
    KIND_DOMICILED,
    KIND_COUNT,
};
extern const char *const kind_names[KIND_COUNT];

// Which of the names of a public body or a post office is meant.
enum role { ROLE_NONE, ROLE_HALL, ROLE_CCAS, ROLE_LIBRARY, ROLE_SCHOOL };

enum { PHONE_MAX = 3 };

struct site {
    enum kind           kind;
    enum role           role;
    uint32_t            entity, legal_unit;
    char                siren[10], siret[15], head_siret[15];
    char                naf[6];
    const char         *form; // entry of LIST_FORMS, or a legal category of one part
    struct phrase       name; // of the company; of a sole trader, what he trades as or nothing
    struct phrase       sign; // over the door, empty when it is the name
    struct phrase       first, last; // of a sole trader
    bool                woman;
    uint32_t            number;
    struct phrase       number_suffix; // "bis"
    const char         *street_kind;   // entry of LIST_STREET_KINDS or LIST_ZONES
    struct phrase       street;
    struct phrase       complement;
    const struct place *place;
    char                postcode[6];
    char                phones[PHONE_MAX][10]; // nine digits after the 0, or "3631"
    uint32_t            phone_count;
    struct phrase       domain; // its own, empty when it writes from a free mailbox
    struct phrase       mail;   // the address given most often
};

enum { FAMILY_MAX = 256 };

struct family {
    uint32_t    count;
    struct site sites[FAMILY_MAX];
};

struct world {
    uint64_t seed;
    uint32_t families, entities, legal_units;
    uint32_t expected;   // entities that will be asked for: how many signs and chains there are
    uint32_t post_legal; // La Poste is one company
    uint32_t post_nic;
};

void world_open(struct world *w, uint64_t seed, uint32_t expected);
// The next family; there is always one.
void world_next(struct world *w, struct family *ret_family);

// Draws the parts of a person's name.
void person_draw(struct rng *r, bool *ret_woman, struct phrase *ret_first, struct phrase *ret_last);
// The SIRET of a company that is not of this world; its check digits are right.
void site_foreign_siret(struct rng *r, char into[15]);
// A mobile number: nine digits.
void phone_mobile(struct rng *r, char into[10]);
