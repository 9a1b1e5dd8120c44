// import.partner: reads a partner's file that was received, or refuses it with reasons.
#pragma once

#include "jobs.h"

job_run import_partner_run;
