// The members of segments: whole when a rule changed or time alone may have changed what it keeps,
// else only where the list changed.
#pragma once

#include "jobs.h"

// segment.refresh: computes the members of one segment anew.
job_run segment_refresh_run;
// Looks at the employers touched since last time, for every segment; and once a day at those whose
// rule speaks of time.
job_run segment_follow_run;
