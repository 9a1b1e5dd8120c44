#include "base/log.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

static enum log_level least = LOG_INFO; // written before threads start, read afterwards

static _Thread_local struct str context_request, context_trace;

static const struct str level_names[] = { STR_INIT("debug"), STR_INIT("info"), STR_INIT("warning"),
                                          STR_INIT("error") };

void log_set_level(enum log_level level)
{
    least = level;
}

bool log_level_of(struct str name, enum log_level *ret_level)
{
    for (size_t i = 0; i < LENGTH(level_names); i++) {
        if (str_eq(name, level_names[i])) {
            *ret_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_context(struct str request_id, struct str trace_id)
{
    context_request = request_id;
    context_trace   = trace_id;
}

static void add_text(struct buf *line, const char *name, struct str text)
{
    buf_printf(line, ",\"%s\":", name);
    buf_add_json(line, str_sub(text, 0, 2000));
}

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count)
{
    if (level < least) {
        return;
    }
    char       stamp[32];
    struct buf line = buf_init(KIB(32));
    clock_format(clock_wall_us(), stamp);
    buf_reserve(&line, 400);
    buf_printf(&line, "{\"at\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"", stamp,
               level_names[level].at, event);
    if (context_request.at) {
        add_text(&line, "request", context_request);
    }
    if (context_trace.at) {
        add_text(&line, "trace", context_trace);
    }
    for (size_t i = 0; i < count; i++) {
        if (fields[i].is_number) {
            buf_printf(&line, ",\"%s\":%lld", fields[i].name, (long long)fields[i].number);
        } else if (fields[i].text.at) {
            add_text(&line, fields[i].name, fields[i].text);
        }
    }
    buf_add(&line, STR("}\n"));
    // A log that cannot be written must not stop the service.
    if (write(STDERR_FILENO, line.at, line.len) < 0) {
        (void)0;
    }
    buf_done(&line);
}
