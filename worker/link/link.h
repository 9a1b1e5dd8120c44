// Record linkage: which of these records speak of the same establishment, or of the same person?
//
// A `link` holds records under one schema (link/schema.h). link_add gives it records, link_group
// sorts them into groups; each decision can be explained field by field. A new record is then
// matched against the stock, or joined to it, without doing everything again.
//
// Method. Fields are normalised (one header each: org_name.h, address.h, phone.h...) and gathered
// into pieces of evidence that do not repeat one another: name, place, identifier, phone... Cheap
// keys propose candidate pairs; a pair is a vector of agreement levels; a latent class model
// (Fellegi and Sunter 1969; Winkler 1988 for its estimation by EM) with more than two classes —
// same entity, other site of the company, other company at the address, same name elsewhere,
// nothing in common — gives its probability, the frequency of each value being taken into account
// (Winkler 1989). Groups are made by average linkage under constraints. No truth, no threshold set
// by hand.
//
// No I/O, no clock, no randomness, no global state: the same records in any order give the same
// groups. A link belongs to one thread. Out of memory aborts.
#pragma once

#include "link/schema.h"

enum link_limit {
    LINK_RECORDS_MAX = 16 * 1024 * 1024,
    LINK_ID_MAX      = 128,  // bytes of a record's or entity's id
    LINK_VALUE_MAX   = 4096, // bytes of a field that are read; the rest is ignored
    LINK_MATCH_MAX   = 16,   // matches that link_match gives at most
};

struct link; // opaque

// A new, empty link. The schema must be sound (link_schema_problem) and live as long as the link.
struct link *link_new(const struct link_schema *schema) MUST_USE;
// Frees it and all that it answered; accepts NULL.
void link_free(struct link *l);

enum link_status {
    LINK_OK = 0,
    LINK_ID_EMPTY,    // a record needs an id
    LINK_ID_LONG,     // the id has more than LINK_ID_MAX bytes
    LINK_ID_TWICE,    // another record bears this id
    LINK_ID_UNKNOWN,  // no record bears this id
    LINK_FULL,        // LINK_RECORDS_MAX reached
    LINK_CONTRADICTS, // these two are said to be the same and to be different
    LINK_GROUPED,     // too late: link_group was called
    LINK_NOT_GROUPED, // too early: link_group was not called
};

// What went wrong, as a French sentence without full stop.
struct str link_status_sentence(enum link_status s);

// Adds a record before link_group: its id and its fields in the order of the schema (all
// schema->count of them; absent or empty = not given; UTF-8, anything else is read as best it can).
// Everything is copied. Records that are alike to the last letter but for their id count as one in
// the estimates.
enum link_status link_add(struct link *l, struct str id, const struct str *fields) MUST_USE;

// Number of records, and the record of an id: its number counts from 0 in the order of addition.
size_t           link_count(const struct link *l);
enum link_status link_find(const struct link *l, struct str id, uint32_t *ret_record) MUST_USE;
struct str       link_id(const struct link *l, uint32_t record);

// A reviewer's decision, given before link_group: it binds. "Different" also keeps apart two groups
// that a third record would have joined; "same" also joins what the evidence would not.
// LINK_CONTRADICTS, and nothing is kept, when the decisions taken together cannot all hold.
enum link_status link_same(struct link *l, uint32_t a, uint32_t b) MUST_USE;
enum link_status link_different(struct link *l, uint32_t a, uint32_t b) MUST_USE;

// The entity this record belonged to in an earlier grouping, given before link_group. A new group
// takes over the id that most of its records bore (then the smallest in byte order); ids that find
// no group redirect (link_redirect). Groups without a past are named after their smallest record
// id.
enum link_status link_previous(struct link *l, uint32_t record, struct str entity) MUST_USE;

enum link_phase {
    LINK_READING,
    LINK_BLOCKING,
    LINK_COMPARING,
    LINK_ESTIMATING,
    LINK_GROUPING,
    LINK_PHASES
};

// Told from time to time how far link_group is; may be all zeros.
struct link_progress {
    void (*step)(void *context, enum link_phase phase, uint64_t done, uint64_t total);
    void *context;
};
// The French name of a phase.
struct str link_phase_label(enum link_phase phase);

// Groups all records; once. Afterwards link_add answers LINK_GROUPED; link_join adds.
enum link_status link_group(struct link *l, struct link_progress progress) MUST_USE;

// The groups: numbers from 0, in the order of their entity ids (those that link_join opens follow).
// Ids and entity ids are views that live until the next link_add or link_join.
size_t     link_group_count(const struct link *l);
uint32_t   link_group_of(const struct link *l, uint32_t record);
struct str link_entity(const struct link *l, uint32_t group);
// How well a record sits in its group: the probability, 0..1, that it belongs there; 1 when alone.
double link_score(const struct link *l, uint32_t record);

// Pairs that a person should look at, best first: not merged though likely (LINK_REVIEW_LIKELY),
// merged though doubtful (LINK_REVIEW_DOUBTFUL), merged or likely although two valid SIRET differ
// (LINK_REVIEW_SIRET), likely but declared different (never listed). One pair per pair of groups.
enum link_reason { LINK_REVIEW_LIKELY, LINK_REVIEW_DOUBTFUL, LINK_REVIEW_SIRET, LINK_REASONS };

struct link_review {
    uint32_t         a, b; // records; a's id is the smaller in byte order
    double           probability;
    enum link_reason reason;
};

size_t             link_review_count(const struct link *l);
struct link_review link_review_at(const struct link *l, size_t index);
// Stable code ("proche", "douteux", "siret") and French sentence of a reason.
struct str link_reason_code(enum link_reason reason);
struct str link_reason_sentence(enum link_reason reason);

// Entity ids given by link_previous that no group bears any more, and the id that now holds their
// records (most of them), in byte order of `from`.
struct link_redirect {
    struct str from, to;
};

size_t               link_redirect_count(const struct link *l);
struct link_redirect link_redirect_at(const struct link *l, size_t index);

// Why two records are together or not. One line per piece of evidence.
struct link_evidence {
    struct str label;   // "Adresse"
    struct str verdict; // "même rue, numéro absent d’un côté"
    double     weight;  // bits: log2 of how much likelier with the same entity than without
};

struct link_explanation {
    double               prior;       // bits, before looking at the fields
    double               weight;      // bits, all together
    double               probability; // 0..1
    bool                 same_group;
    struct str           decision; // French: merged, to review, apart, and what decided
    size_t               count;
    struct link_evidence evidence[LINK_EVIDENCE_MAX];
};

// Explains a pair after link_group. The strings of ret live as long as l.
enum link_status link_explain(struct link *l, uint32_t a, uint32_t b,
                              struct link_explanation *ret) MUST_USE;

// What a new record resembles, after link_group, best first: at most one match per group, at most
// LINK_MATCH_MAX, those that are merged or to review. Returns how many. Nothing is changed.
struct link_match {
    uint32_t record; // the record of the group that resembles most
    uint32_t group;
    double   probability; // for the group as a whole
    bool     merge;       // link_join would put it there
};

size_t link_match(struct link *l, const struct str *fields, struct link_match ret[LINK_MATCH_MAX]);

// Adds a record after link_group to the group that link_match would merge it with, or to a new
// group of its own (its entity id is then the record's id). Other groups stay as they are.
enum link_status link_join(struct link *l, struct str id, const struct str *fields,
                           uint32_t *ret_record) MUST_USE;

// Counts for logs and benchmarks.
struct link_figures {
    size_t   records, distinct; // distinct: after setting identical records aside
    uint64_t pairs;             // candidate pairs compared
    size_t   groups, rounds;    // rounds of EM
};

struct link_figures link_figures(const struct link *l);
