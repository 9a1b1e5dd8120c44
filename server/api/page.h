// Lists that run by falling id: where the next page begins.
#pragma once

#include "http/req.h"

// The id that rows of this page lie below: INT64_MAX on the first page, else from ?after=.
enum err page_before(struct req *r, int64_t *ret_before) MUST_USE;
