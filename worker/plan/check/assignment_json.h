// Proof of an assignment told in JSON: the case is read again, worths and prices are summed again.
//
// Proved: capacities, shares, quotas, locks, exclusions, oppositions, rest periods and promises are
// kept; the profit; the bound from the prices of advisers, organisations and quotas; for everybody
// left out, the reason given; the changes from the plan before. Shares no code with the engines.
#pragma once

#include "check/report.h"

void check_assignment_json(struct str instance, struct str result, struct check_report *report);
