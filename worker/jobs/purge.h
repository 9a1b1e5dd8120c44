// What has served its time: ended sessions, answers kept for repeated requests, old jobs.
#pragma once

#include "jobs.h"

job_run session_purge_run;
job_run idempotency_purge_run;
job_run job_purge_run;
