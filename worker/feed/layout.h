// The file that says where a partner's feed holds what an offer is made of.
//
//     # Offres de HelloWork
//     nom = "HelloWork"
//     format = "xml"                  # xml, json ou csv ; par défaut deviné
//     element = "root/job"            # l’élément répété : une offre chacun
//
//     [champs]
//     reference = "job_id"            # ce qui tient l’offre d’un envoi à l’autre
//     titre = "title"
//     description = "description + profile"     # plusieurs, à la suite
//     ville = "geoloc/city | city"              # le premier qui n’est pas vide
//     adresse_web = "'https://rh.example/' ++ slug"     # d’un seul tenant
//     contrat = "'CDI'"                         # toujours le même
//
//     [contrats]                      # leurs mots pour les nôtres
//     "Contrat à durée indéterminée" = "cdi"
//
// `chaque` names parts of an element of which each is an offer: its places, its posts; `separateur` what parts several of them in one
// cell. `entete` is the line of a table that names its
// columns, `format_date` ("mm/jj/aaaa") what comes first in days that are written in figures; `mode` is "differentiel" when the feed only
// tells what changed; `suite` where a page says the address of the next one. A table named like a field, [temps], says their words in ours, or in words that are understood; "*" is any other.
//
// The file is the part of TOML that mapping/toml.h reads. A key that is not known is an error. Paths are those of feed/path.h.
// Pure, any thread; everything lives in the arena.
#pragma once

#include "feed/day.h"
#include "feed/path.h"

// What an offer is made of, in the order of feed_field_names.
enum feed_field {
    FEED_REFERENCE,
    FEED_TITLE,
    FEED_DESCRIPTION,
    FEED_ROME,
    FEED_APPELLATION, // what the occupation is called, or the number of that
    FEED_CONTRACT,
    FEED_POSTS,
    FEED_SALARY,
    FEED_HOURS,
    FEED_START,
    FEED_END, // until when the offer holds
    FEED_SIRET,
    FEED_SIREN,
    FEED_COMPANY,
    FEED_POSTCODE,
    FEED_CITY,
    FEED_COMMUNE,
    FEED_DEPARTMENT, // where all that is said of the place is this
    FEED_LATITUDE,
    FEED_LONGITUDE,
    FEED_URL,
    FEED_SALARY_MIN,
    FEED_SALARY_MAX,
    FEED_SALARY_PERIOD,
    FEED_WORK_TIME,
    FEED_DURATION,
    FEED_EXPERIENCE,
    FEED_EXPERIENCE_MONTHS,
    FEED_SKILLS,
    FEED_TRAINING,
    FEED_LANGUAGES,
    FEED_LICENCES,
    FEED_QUALITIES,
    FEED_CONDITIONS,
    FEED_BENEFITS,
    FEED_SCHEDULE,
    FEED_SALARY_MONTHS,
    FEED_QUALIFICATION,
    FEED_TRAVEL,
    FEED_ACCESSIBLE,
    FEED_ADAPTED,
    FEED_APPLY_BY,
    FEED_APPLY_NAME,
    FEED_APPLY_PHONE,
    FEED_APPLY_EMAIL,
    FEED_APPLY_URL,
    FEED_APPLY_NOTE,
    FEED_STATE,
    FEED_FIELDS,
};

// Its key in the file: reference, titre, description...
struct str feed_field_name(enum feed_field field);

enum { FEED_WORDS = 256, FEED_EXPRESSION = 1000, FEED_SEPARATORS = 8 };

struct feed_layout {
    struct str       name;
    enum feed_format format; // FEED_UNKNOWN: looked at
    struct str       element, each;
    struct str       separator; // as it is written; what it names:
    size_t           separator_count;
    struct str       separators[FEED_SEPARATORS];
    int              header; // of a table; FEED_HEADER_FOUND unless it is said
    enum feed_days   days;
    struct str       next;       // where the page behind this one is: an expression from the top of the file, or FEED_NEXT_LINK
    bool             is_partial; // it only tells what changed: what it does not name is still there
    struct str       fields[FEED_FIELDS]; // expressions; absent ones are not in the feed
    size_t           word_count;
    struct {
        enum feed_field field;
        struct str      theirs, ours; // theirs folded; "*" when it is any other
    } words[FEED_WORDS];
};

// False with *ret_fault filled when the file is not sound: reference, titre and element are required.
bool feed_layout_read(struct arena *a, struct str text, struct feed_layout *ret, struct feed_fault *ret_fault) MUST_USE;

// `suite` when the header Link says it.
#define FEED_NEXT_LINK "Link:"

// The keys at its head that stand beside element, chaque, entete and format: what a form that does not show them has to keep.
enum { FEED_OTHERS = 8 };
struct feed_other {
    const char *key;
    struct str  value;
};
size_t feed_layout_others(const struct feed_layout *layout, struct feed_other ret[FEED_OTHERS]);

// Writes it back as such a file.
struct str feed_layout_write(struct arena *a, const struct feed_layout *layout);

// Behind what is asked for and must be there, in a list.
#define FEED_REQUIRED " (exigé)"

// Whether a mark says that something must be there: exigé, E, true...
bool feed_is_required(struct arena *a, struct str mark);

// Reads the bytes of a feed by its layout. NULL with *ret_fault filled when they cannot be read.
struct feed_node *feed_layout_open(struct arena *a, const struct feed_layout *layout, struct str bytes, struct feed_fault *ret_fault);

// What makes one offer: an element, or one of the parts of which each is an offer, to which paths that begin with `path` then lead.
struct feed_above; // opaque
enum { FEED_PIECES = 64 }; // of a cell that make offers; feed_offer_read tells when there are more

struct feed_item {
    const struct feed_node *element, *each; // each is NULL when the element has no such part
    uint32_t                piece, pieces;  // of a cell that the layout splits: which of how many, FEED_PIECES + 1: more than FEED_PIECES
    struct str              path;           // that leads to it: the one list of `chaque`, or one of its lists
    uint32_t                list;           // which of them, from 0
    struct str              lists;          // all of them, where there are several: what the others lead to is not this offer's
    uint32_t                rank, of; // of that part in its element, from 0; how many offers the element makes
    struct feed_above      *above; // what paths that lead up have found already, for all items of a tree; NULL: each looks for itself
};

// All there are in a tree; returns how many, FEED_NODES at most: beyond that paths lead to the same ones again. *ret_items lives in the
// arena, and is used by one thread at a time.
size_t feed_items(struct arena *a, const struct feed_layout *layout, const struct feed_node *root, struct feed_item **ret_items);

// Whether a path leads to the part of which this item is one, and not to the element around it.
bool feed_is_below(const struct feed_item *item, struct str path);

// The piece of a text that is parted like the cell of which this item is a piece: the same of as many. The whole where nothing is
// parted, absent where it has another number of pieces.
struct str feed_piece(struct arena *a, const struct feed_layout *layout, const struct feed_item *item, struct str text);

// The value of an expression for one offer; absent when all it names is empty. `glue` stands between what + joins, and between
// the values of a part that repeats; absent: the first of them is the one, and blanks stand between what + joins. ++ joins without
// anything. Of a part that has parts itself, "competences[libelle, exigence, code]" says which of them is what is asked for, which
// says that it must be there, and which is its code: "Pétrissage (exigé) [1234]". Several before the first comma are joined.
struct str feed_value(struct arena *a, const struct feed_item *item, struct str expression, struct str glue);

// The first path of an expression that leads nowhere in any of these offers; absent when there is none, or another way to say it.
struct str feed_unmet(const struct feed_item *items, size_t count, struct str expression);
