// task.raise: reminders of what is due, each once.
#pragma once

#include "jobs.h"

job_run task_raise_run;
