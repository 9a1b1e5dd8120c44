// offer.open: an offer whose reservation has ended becomes visible to everybody.
#pragma once

#include "jobs.h"

job_run      offer_open_run;
job_run_many offer_open_run_many;
// offer.expire: open offers whose time is over.
job_run offer_expire_run;
