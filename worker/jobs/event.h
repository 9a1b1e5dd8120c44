// event.seal: new events join the chain of hashes that shows later tampering.
#pragma once

#include "jobs.h"

job_run event_seal_run;
