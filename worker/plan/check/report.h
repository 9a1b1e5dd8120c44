// What a check found: each fact proved, each fault, in French, ready to print.
//
// A checker adds lines as it goes and never stops at the first fault; after CHECK_FAULTS_MAX faults
// the others are only counted. One thread.
#pragma once

#include "base/buf.h"

enum { CHECK_FAULTS_MAX = 50 };

struct check_report {
    struct buf lines; // "ok : ..." and "faute : ..." lines
    int64_t    faults;
};

// An empty report; free it with check_report_done.
struct check_report check_report_init(void);
void                check_report_done(struct check_report *r);

// Adds a fact that was proved, or a fault.
void check_proved(struct check_report *r, const char *format, ...) PRINTF(2, 3);
void check_fault(struct check_report *r, const char *format, ...) PRINTF(2, 3);
