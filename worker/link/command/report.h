// Writing what a linkage found, as CSV or for a reader.
//
// One thread. A path of NULL is standard output; failures are said in French on standard error.
#pragma once

#include "link/link.h"

// record_id,entity_id,score: by entity, then record.
bool report_groups(const struct link *l, const char *path);

// a,b,probabilite,motif,explication: what a person should look at.
bool report_reviews(const struct link *l, const char *path);

// ancien,nouveau: entity ids that are no more.
bool report_redirects(const struct link *l, const char *path);

// Why two records are together or not, for a reader.
bool report_explanation(struct link *l, const char *a, const char *b);

// Shows progress on a terminal; erases itself at the end.
struct link_progress report_progress(bool quiet);
void                 report_progress_end(bool quiet);
