// contact.purge: erases persons whose retention is over.
#pragma once

#include "jobs.h"

job_run contact_purge_run;
