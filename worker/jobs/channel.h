// channel.send: one delivery tried once; what is next is decided by SQL (schema/api/73_channel.sql).
#pragma once

#include "jobs.h"

job_run channel_send_run;
