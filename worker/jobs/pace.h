// How many rows a periodic job takes in one transaction: few at first, for people wait behind it;
// more where that is quick, fewer again where it was slow.
#pragma once

#include <stdint.h>

struct pace {
    int64_t many;     // to take at the next step
    int64_t least;    // never fewer
    int64_t most;     // never more
    int64_t quick_ms; // a step that is quicker may be twice as large
};

// After a step that took `taken` rows in `ms`: one that was not full says nothing of the time that
// more would take.
void pace_step(struct pace *pace, int64_t taken, int64_t ms);
