// The security headers every answer carries. Constant; thread-safe.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>

enum headers_kind {
    HEADERS_API,  // data: nothing may be loaded from it
    HEADERS_PAGE, // the web app: only itself
};

// Of a page whose address holds a token (`secret`), what it loads is told the site alone: another log would have the address.
void headers_add_security(struct MHD_Response *response, enum headers_kind kind, bool secret);
