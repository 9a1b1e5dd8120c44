// Reading a record: the fields of one row, through the normalisers, into a feature of the stock.
//
// Owned by the thread of the stock.
#pragma once

#include "link/stock.h"

// Fills f, all zeros before, from the fields of a record; words and texts go to the stock.
void read_record(struct stock *s, const struct str *fields, struct feature *f);
