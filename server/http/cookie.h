// Cookies and other small header values. Pure.
#pragma once

#include "base/str.h"

// The value of one cookie in a Cookie header; absent when it is not there. Quotes are removed.
struct str cookie_find(struct str header, struct str name);

// True when a list like "gzip, br;q=0.5" names the token and does not refuse it with q=0.
bool header_accepts(struct str header, struct str token);

// True when If-None-Match (or If-Match) names the tag, with quotes; W/ prefixes are ignored.
bool header_names_tag(struct str header, struct str tag);

// The 32 hexadecimal digits of the trace in a W3C traceparent; absent when malformed.
struct str header_trace(struct str header);

// True when a Content-Type is this media type, whatever its parameters.
bool header_is_type(struct str header, struct str type);
