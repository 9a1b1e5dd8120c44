// Proof of a plan of tours: every constraint, every sum, and why each visit left out is left out.
//
// Has its own readers of both instances and results, its own distances and its own clockwork; it
// shares no code with the engine. Every step of the result is followed in time: arrivals, waiting,
// setup, service, breaks, loads; then each visit left out is tried at every place of every tour.
// One thread.
#pragma once

#include "check/report.h"

// Whether the text of a result is one of tours: JSON, or lines "Route #".
bool check_is_tours(struct str result);

// Checks a result (JSON) against its instance (JSON of the VROOM API, Solomon's or orienteering
// text), and says so in the report. `previous` is the result the plan was to stay close to; absent
// when there was none, or when the instance holds it.
void check_tours(struct str instance, struct str result, struct str previous,
                 struct check_report *report);
