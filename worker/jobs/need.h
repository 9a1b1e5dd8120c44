// import.needs: answers to a survey, as a partner gave them. need.expire: what its day has passed
// without news.
#pragma once

#include "jobs.h"

job_run import_needs_run, need_expire_run;
