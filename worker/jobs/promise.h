// promise.lapse: a promise whose date and grace have passed no longer keeps others away.
#pragma once

#include "jobs.h"

job_run      promise_lapse_run;
job_run_many promise_lapse_run_many;
