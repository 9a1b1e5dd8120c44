// The summary by mail: written by the database when its hour has come (schema/api/73_digest.sql),
// given to a mail server here.
#pragma once

#include "jobs.h"
#include "out/post.h"

// digest.follow: writes the letters that are due, and tells the database whether a mail server is
// known.
job_run digest_follow_run;

struct digest {
    struct str to, subject, text;
    struct str message; // number of the delivery, the same in all tries: Message-ID
    struct str reader;  // member.organisation, whose letters the link in it ends
};

// *ret as of any other try; a worker that knows no mail server has tried nothing and says so.
void digest_send(struct job *job, const struct digest *letter, struct out_answer *ret);
