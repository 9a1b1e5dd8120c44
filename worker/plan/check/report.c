#include "check/report.h"

struct check_report check_report_init(void)
{
    return (struct check_report){ .lines = buf_init(MIB(4)) };
}

void check_report_done(struct check_report *r)
{
    buf_done(&r->lines);
}

PRINTF(3, 0)
static void add(struct check_report *r, const char *kind, const char *format, va_list args)
{
    char text[1024];

    vsnprintf(text, sizeof text, format, args);
    buf_printf(&r->lines, "%s : %s\n", kind, text);
}

void check_proved(struct check_report *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(r, "ok", format, args);
    va_end(args);
}

void check_fault(struct check_report *r, const char *format, ...)
{
    va_list args;

    if (r->faults++ < CHECK_FAULTS_MAX) {
        va_start(args, format);
        add(r, "faute", format, args);
        va_end(args);
    }
}
