// Suggested weeks: reads what stands and what is wished, plans, keeps the suggestion. Nothing is
// written in anybody's agenda.
#pragma once

#include "jobs.h"

// tour.plan for one member, tour.team for several: the suggestion that the job names, if somebody
// still waits for it.
job_run tour_plan_run;
// Suggestions of weeks long gone are forgotten.
job_run tour_purge_run;
