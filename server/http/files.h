// The files of the web app, found by name in a table made at start.
//
// Only what was there at start is served, so no address can lead outside the directory. A name
// with .br or .gz beside it is served compressed to who accepts it. Names under /assets/ carry a
// hash of their content and may be kept for ever. Any other address that looks like a page gets the
// document named like its first part (/terrain/visites: terrain.html), else index.html. files_reload reads the directory again. Thread-safe.
#pragma once

#include <microhttpd.h>

#include "base/err.h"

struct files; // opaque

// What is in the directory; an absent or missing directory is an empty table. The name is copied.
struct files *files_open(struct str directory) MUST_USE;
void          files_close(struct files *files);

// Reads the directory again if it changed; call every few seconds.
void files_reload(struct files *files);

struct file_request {
    struct str path; // decoded
    struct str if_none_match;
    bool       wants_br, wants_gzip;
};

// Queues the file on the connection; false when there is no such file. Gives the status sent.
bool files_send(struct files *files, const struct file_request *request,
                struct MHD_Connection *connection, int *ret_status);

// Content type of a name by its ending.
const char *file_type(struct str name);
