// What partners know of employers' hirings, and their potential, follow needs, offers, hirings and reports.
#pragma once

#include "jobs.h"

// Takes what changed since the last time, and what grew old, a bounded number at a time.
enum err known_follow_run(struct job *job);
