// The inside of linkage: what choosing candidates, comparing them and settling share; and the pairs of the list.
#pragma once

#include "base/buf.h"
#include "base/db.h"
#include "link/link.h"

enum { LINKAGE_COLUMNS = 11 };

// The columns that are compared, in the order in which the queries give them behind the id.
extern const struct link_schema linkage_schema;
void linkage_fields(const struct result *rows, int row, struct str ret[LINKAGE_COLUMNS]);

// An explanation as the interface shows it, as JSON text that the caller frees.
char *linkage_evidence(const struct link_explanation *x);

// What is compared, each a result with an id in front of the columns: the establishments, the rows
// tied to some of them (then the establishment), the rows that wait, and what people said of such
// rows (row, establishment, whether it is the same).
struct linkage_input {
    const struct result *stock, *linked, *rows, *said;
};

// Compares and writes one COPY line for each verdict (see linkage_verdict_stage). Pure but for the
// log.
enum err linkage_compare(const struct linkage_input *in, struct buf *ret_lines) MUST_USE;
