// Facts: figures of maps and committees follow what happens.
#pragma once

#include "jobs.h"

// Takes employers and communes of which something changed, and counts them anew.
enum err fact_follow_run(struct job *job);
