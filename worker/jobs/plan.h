// Jobs of joint plans.
#pragma once

#include "jobs.h"

// plan.scenario: computes who goes where for a scenario, tells how far it is, and stops when it was
// cancelled. What it found of the territory, it found in one reading; a scenario that ended is never
// computed again.
job_run plan_scenario_run;
