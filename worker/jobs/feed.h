// Feeds of offers: read when they are due, given or asked for (schema/api/71_offer_feed.sql).
#pragma once

#include "jobs.h"

// feed.read: fetches a feed if it has an address, reads it by its layout, and has what it says done. Repeated after a death it
// does nothing twice: all of it is one transaction.
job_run feed_read_run;
// feed.follow: asks for a reading of each feed whose hour has come.
job_run feed_follow_run;
