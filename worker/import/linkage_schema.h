// What the linkages of establishments have in common: the columns they compare and how they explain
// a pair. Only for files of this folder.
#pragma once

#include "link/link.h"

enum { LINKAGE_FIELDS = 11 };

// Establishments and rows of partners' files: LINKAGE_FIELDS columns.
extern const struct link_schema linkage_schema;

// An explanation as the interface shows it, as JSON text that the caller frees.
char *linkage_evidence(const struct link_explanation *x);
