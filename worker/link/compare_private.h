// The comparisons behind link/evidence.h, one for each piece.
#pragma once

#include "link/evidence.h"

// False when two texts of a table cannot be within `most` edits of one another.
static inline bool may_be_within(const struct intern *t, uint32_t a, uint32_t b, unsigned most)
{
    uint32_t differ = intern_letters(t, a) ^ intern_letters(t, b);
    return (unsigned)__builtin_popcount(differ) <= 2 * most;
}

// How alike two words are, 0 when they are not: typing errors only.
float word_likeness(const struct stock *s, uint32_t a, uint32_t b);

unsigned compare_name(const struct stock *s, const struct feature *a, const struct feature *b,
                      const struct variant **ret_a, const struct variant **ret_b);
unsigned compare_role(const struct feature *a, const struct feature *b);
unsigned compare_form(const struct feature *a, const struct feature *b);
unsigned compare_ident(const struct feature *a, const struct feature *b);
unsigned compare_naf(const struct feature *a, const struct feature *b);
unsigned compare_place(const struct stock *s, const struct feature *a, const struct feature *b);
unsigned compare_phone(const struct feature *a, const struct feature *b, uint32_t *ret_phone);
unsigned compare_email(const struct stock *s, const struct feature *a, const struct feature *b);
unsigned compare_civility(const struct feature *a, const struct feature *b);
unsigned compare_job(const struct stock *s, const struct feature *a, const struct feature *b);
void     compare_person(const struct stock *s, const struct feature *a, const struct feature *b,
                        unsigned *ret_family, unsigned *ret_given);
unsigned compare_value(const struct stock *s, enum link_kind kind, const struct value *a,
                       const struct value *b);
