// Drops the partner file of a channel: the whole of it, under another name first, so that nobody ever reads half of one.
//
// The lines come from the database (schema/api/73_partner_file.sql), a thousand at a time. The file is written beside its
// place under a name that begins with a point, forced to the disk, and takes its place by rename(2). What it carries is noted
// afterwards: a worker that dies in between has the file written again, the same.
#pragma once

#include "jobs.h"
#include "out/post.h"

// *ret says what became of it, as of any other try: status 201 and what is in it, or why there is none. An error is that of
// the database.
enum err partner_file_drop(struct job *job, int64_t channel, struct str name, struct out_answer *ret) MUST_USE;
