// One line of JSON per event on standard error; never a secret, never a body.
//
// log_context puts a request id and a trace id on every line the calling thread writes until it is
// cleared. Lines are written whole with one write(2). Thread-safe.
#pragma once

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
    const char *name;
    struct str  text;   // used when not a number
    int64_t     number; // used when is_number
    bool        is_number;
};

#define LOG_TEXT(n, s)   ((struct log_field){ .name = (n), .text = (s) })
#define LOG_NUMBER(n, v) ((struct log_field){ .name = (n), .number = (v), .is_number = true })

// log_line(LOG_INFO, "listening", LOG_TEXT("address", a), LOG_NUMBER("port", p))
#define log_line(level, event, ...)                                        \
    log_write((level), (event), (const struct log_field[]){ __VA_ARGS__ }, \
              sizeof((const struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field))

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count);

// Lines under this level are dropped (default LOG_INFO). Call before starting threads.
void log_set_level(enum log_level level);
// "debug", "info", "warning", "error"; false when it is none of them.
bool log_level_of(struct str name, enum log_level *ret_level);

// Both strs must outlive the context; absent clears.
void log_context(struct str request_id, struct str trace_id);
