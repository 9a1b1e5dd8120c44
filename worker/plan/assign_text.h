// The plain text format of an assignment: `N A O`, organisations, advisers, then one establishment
// a line; and the text of its result.
//
//   N A O                                   how many companies, advisers, organisations
//   o lower upper                           O lines, o from 0: what the organisation must, may get
//   a o capacity                            A lines, a from 0: the adviser's organisation and
//   visits k a profit a profit ...                 N lines, k pairs: who may go, and what it is
//   worth
//
// Numbers are whole, separated by blanks. The result is described in docs/planning.md.
#pragma once

#include "base/buf.h"
#include "plan/assign.h"

// Node of organisation o, of adviser a, of the pool, in the problem made of such a file.
struct assign_text {
    int32_t companies, advisers, organisations;
};
static inline int32_t assign_text_organisation(const struct assign_text *t, int32_t o)
{
    (void)t;
    return 1 + o;
}
static inline int32_t assign_text_adviser(const struct assign_text *t, int32_t a)
{
    return 1 + t->organisations + a;
}
static inline int32_t assign_text_pool(const struct assign_text *t)
{
    return 1 + t->organisations + t->advisers;
}

// Reads the format; false with a French sentence that names line and field in *ret_why.
bool assign_text_read(struct str text, struct assign_text *ret_text,
                      struct assign_problem *ret_problem, struct buf *ret_why) MUST_USE;
// Writes the result of the last assign_solve.
void assign_text_write(const struct assign *s, enum assign_status status,
                       const struct assign_text *t, struct buf *into);
