// A letter given to the mail server that the worker knows.
#pragma once

#include "jobs.h"
#include "out/mime.h"
#include "out/post.h"

// Fills in who writes and when. *ret as of any other try; a worker that knows no mail server has tried nothing and says so.
void letter_send(struct job *job, struct mime_mail *mail, struct out_answer *ret);
