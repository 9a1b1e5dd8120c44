#include "http/headers.h"

#include "base/base.h"

static const struct {
    const char *name, *value;
} common[] = {
    { "X-Content-Type-Options", "nosniff" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "X-Frame-Options", "DENY" },
};

static const char api_policy[] = "default-src 'none'; frame-ancestors 'none'";

// MapLibre draws into images of its own.
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

static const char permissions[] =
    "accelerometer=(), camera=(), geolocation=(self), gyroscope=(), microphone=(), payment=(), "
    "usb=()";

void headers_add_security(struct MHD_Response *response, enum headers_kind kind, bool secret)
{
    for (size_t i = 0; i < LENGTH(common); i++) {
        MHD_add_response_header(response, common[i].name, common[i].value);
    }
    // Not no-referrer: a form would then come from the origin `null`, as from elsewhere.
    MHD_add_response_header(response, "Referrer-Policy", secret ? "strict-origin" : "same-origin");
    MHD_add_response_header(response, "Content-Security-Policy",
                            kind == HEADERS_PAGE ? page_policy : api_policy);
    if (kind == HEADERS_PAGE) {
        MHD_add_response_header(response, "Permissions-Policy", permissions);
    }
}
