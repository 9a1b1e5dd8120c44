// Files of partners: looked at, imported, taken back.
#pragma once

#include "jobs.h"

// import.partner: reads a file that was received, or refuses it with reasons.
job_run import_partner_run;
// import.preview: says what importing it would do.
job_run import_preview_run;
// import.revert: takes an import back.
job_run import_revert_run;
// Previews that nobody followed up are given up, their bytes with them.
job_run import_purge_run;
