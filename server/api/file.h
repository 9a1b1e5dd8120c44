// Files that partners give: kept as received, looked at and imported by the worker.
#pragma once

#include "http/req.h"

enum { FILE_MOST = 20 << 20 }; // bytes

// The whole body of an upload, in the arena. ERR_IMPORT_EMPTY when there is none.
enum err file_bytes(struct req *r, struct str *ret_bytes) MUST_USE;

// POST /api/imports?name=fichier.csv: the bytes as body; 202, the worker reads it. The same file
// again answers 200 with the first one. With preview=true it is only looked at: nothing is imported
// before /start.
enum err file_post(struct req *r);
// GET /api/imports: of my organisation, newest first.
enum err file_list(struct req *r);
// GET /api/imports/{id}
enum err file_get(struct req *r);
// GET /api/imports/{id}/errors: line by line.
enum err file_errors(struct req *r);
// GET /api/imports/{id}/preview: what was seen in the file, what importing it would do.
enum err file_preview_get(struct req *r);
// GET /api/imports/{id}/lines?outcome=review&faulty=true: the same, line by line.
enum err file_lines_get(struct req *r);
// PUT /api/imports/{id}/layout: how the table is to be read; it is looked at again.
enum err file_layout_put(struct req *r);
// POST /api/imports/{id}/sheet: another sheet of a workbook that was imported; 202 with a new file,
// of the same bytes, that is looked at.
enum err file_sheet_post(struct req *r);
// POST /api/imports/{id}/start, /cancel, /revert: 200 with the file as it then is.
enum err file_start_post(struct req *r);
enum err file_cancel_post(struct req *r);
enum err file_revert_post(struct req *r);
