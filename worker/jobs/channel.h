// channel.send: one delivery tried once; what is next is decided by SQL (schema/api/73_channel.sql).
#pragma once

#include "jobs.h"

job_run channel_send_run;
// channel.follow: has the files written whose hour has come.
job_run channel_follow_run;
