// maillage-plan check: proves a result from its instance.
#include "check/assignment.h"
#include "check/tours.h"
#include "command/command.h"

int cmd_check(const struct options *o)
{
    struct buf          instance, result;
    struct check_report report = check_report_init();

    if (!command_read(o->paths[0], &instance) || !command_read(o->paths[1], &result)) {
        return EXIT_REFUSED;
    }
    (check_is_tours(buf_str(&result)) ? check_tours : check_assignment_text)(
        buf_str(&instance), buf_str(&result), &report);
    buf_done(&instance);
    buf_done(&result);
    printf("%.*s", STR_ARG(buf_str(&report.lines)));
    int64_t faults = report.faults;
    printf("%s\n", faults ? "NON" : "OUI");
    check_report_done(&report);
    return faults ? EXIT_NO : EXIT_DONE;
}
