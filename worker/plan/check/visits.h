// Proof of a plan for visits of unequal length: capacities, cost, and the lower bound from its
// prices.
#pragma once

#include "check/report.h"

// Reads an instance (`m n`, costs, weights, capacities) and its result (docs/planning.md), checks
// both.
void check_visits_text(struct str instance, struct str result, struct check_report *report);
