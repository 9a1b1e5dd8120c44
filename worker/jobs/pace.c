#include "jobs/pace.h"

void pace_step(struct pace *pace, int64_t taken, int64_t ms)
{
    if (ms > 2 * pace->quick_ms) {
        pace->many = pace->many / 2 > pace->least ? pace->many / 2 : pace->least;
    } else if (taken >= pace->many && ms < pace->quick_ms) {
        pace->many = pace->many * 2 < pace->most ? pace->many * 2 : pace->most;
    }
}
