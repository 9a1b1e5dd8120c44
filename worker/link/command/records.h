// Reading the files of a linkage: records, decisions, groups of an earlier run.
//
// One thread. What is wrong is said in French on standard error, with file, line and column.
#pragma once

#include "link/link.h"

// Adds the records of a CSV file; false when it cannot be read whole.
bool records_add(struct link *l, const struct link_schema *schema, const char *path);

// Reads decisions: columns a, b and decision ("same" or "different").
bool decisions_add(struct link *l, const char *path);

// Reads earlier groups: columns record_id and entity_id; records that are no more are passed over.
bool previous_add(struct link *l, const char *path);
