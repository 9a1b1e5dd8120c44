// The security headers every answer carries. Constant; thread-safe.
#pragma once

#include <microhttpd.h>

enum headers_kind {
    HEADERS_API,  // data: nothing may be loaded from it
    HEADERS_PAGE, // the web app: only itself
};

void headers_add_security(struct MHD_Response *response, enum headers_kind kind);
