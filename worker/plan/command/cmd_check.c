// maillage-plan check: proves a result from its instance.
#include "check/assignment.h"
#include "check/assignment_json.h"
#include "check/tours.h"
#include "check/visits.h"
#include "command/command.h"

// The first word of a result says what it is the result of.
static const struct {
    const char *begins;
    void (*check)(struct str instance, struct str result, struct check_report *report);
} kinds[] = {
    { "assignment ", check_assignment_text },
    { "visits ", check_visits_text },
    { "{\"format\":\"maillage-assignment\"", check_assignment_json },
};

static void check(struct str instance, struct str result, struct str previous,
                  struct check_report *report)
{
    for (size_t k = 0; k < LENGTH(kinds); k++) {
        if (str_starts(str_trim(result), str_of(kinds[k].begins))) {
            kinds[k].check(instance, result, report);
            return;
        }
    }
    if (check_is_tours(result)) {
        check_tours(instance, result, previous, report);
    } else {
        check_fault(report, "résultat : format inconnu");
    }
}

int cmd_check(const struct options *o)
{
    struct buf          instance, result, previous = buf_init(0);
    struct check_report report = check_report_init();

    if (!command_read(o->paths[0], &instance) || !command_read(o->paths[1], &result) ||
        (o->path_count > 2 && !command_read(o->paths[2], &previous))) {
        return EXIT_REFUSED;
    }
    check(buf_str(&instance), buf_str(&result), buf_str(&previous), &report);
    buf_done(&previous);
    buf_done(&instance);
    buf_done(&result);
    printf("%.*s", STR_ARG(buf_str(&report.lines)));
    int64_t faults = report.faults;
    printf("%s\n", faults ? "NON" : "OUI");
    check_report_done(&report);
    return faults ? EXIT_NO : EXIT_DONE;
}
