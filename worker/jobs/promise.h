// promise.lapse: a promise whose date and grace have passed no longer keeps others away.
// transfer.expire: one that nobody answered. proposal.next: an employer given back, proposed to the
// next partner; proposal.expire: nobody answered, the one after is asked.
#pragma once

#include "jobs.h"

job_run      promise_lapse_run;
job_run_many promise_lapse_run_many;
job_run      transfer_expire_run;
job_run      proposal_next_run;
job_run      proposal_expire_run;
