// offer.open: an offer whose reservation has ended becomes visible to everybody.
#pragma once

#include "jobs.h"

job_run      offer_open_run;
job_run_many offer_open_run_many;
// offer.expire: open offers whose time is over.
job_run offer_expire_run;
// offer.twin: looks whether the same offer came by another way too.
job_run offer_twin_run;
