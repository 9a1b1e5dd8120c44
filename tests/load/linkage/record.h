// The lines of the files: how each of six sources writes an establishment or a person.
//
// A table is filled by record_sites or record_people and written by table_write in an order that
// the seed draws. One thread.
#pragma once

#include "site.h"

#include "base/buf.h"

struct line {
    uint64_t    at; // in the text of the table; from the source on, without the record_id
    uint32_t    length;
    uint32_t    entity, second; // establishment and legal unit; or person and establishment
    const char *kind;
};

struct table {
    char        *text;
    uint64_t     length, room;
    struct line *lines;
    uint64_t     count, line_room;
};

void table_free(struct table *t);
// Begins a line; its fields are added one by one, quoted where CSV wants it.
void table_begin(struct table *t);
void table_field(struct table *t, const char *text);
void table_end(struct table *t, uint32_t entity, uint32_t second, const char *kind);

enum source {
    SOURCE_CCI,
    SOURCE_CRM,
    SOURCE_INSERTION,
    SOURCE_SALON,
    SOURCE_EMPLOI,
    SOURCE_WEB,
    SOURCE_COUNT
};
extern const char *const source_names[SOURCE_COUNT];

// Lines for every site of the family.
void record_sites(struct table *t, struct rng *r, const struct family *f);
// Lines for the people met at the sites of the family; *persons counts them.
void record_people(struct table *t, struct rng *r, const struct family *f, uint32_t *persons);

// What a source writes for a site, shared by both kinds of files.
struct phrase write_name(struct rng *r, const struct site *s, enum source source);
struct phrase write_siret(struct rng *r, const struct site *s, enum source source, bool whole);
struct phrase write_phone(struct rng *r, const char *digits);
void write_place(struct rng *r, const struct site *s, enum source source, struct phrase *ret_code,
                 struct phrase *ret_town);
// As many numbers of its words in capitals or without accents as the source is used to.
void write_case(struct rng *r, enum source source, struct phrase *p);
