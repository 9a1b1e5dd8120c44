// Files that partners give: kept as received, read by the worker.
#pragma once

#include "http/req.h"

enum { FILE_MOST = 20 << 20 }; // bytes

// POST /api/imports?name=fichier.csv: the bytes as body; 202, the worker reads it. The same file
// again answers 200 with the first one.
enum err file_post(struct req *r);
// GET /api/imports: of my organisation, newest first.
enum err file_list(struct req *r);
// GET /api/imports/{id}
enum err file_get(struct req *r);
// GET /api/imports/{id}/errors: line by line.
enum err file_errors(struct req *r);
