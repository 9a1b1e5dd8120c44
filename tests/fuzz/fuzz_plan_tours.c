// Any bytes as an instance of tours in JSON: refused with a reason, or solved and proved.
#include "check/tours.h"
#include "fuzz.h"
#include "plan/tour_instance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena        *a    = arena_new();
    struct str           text = { (const char *)data, size };
    struct buf           why = buf_init(KIB(4)), out = buf_init(MIB(16));
    struct tour_instance n;
    struct tour_plan     plan;
    struct check_report  report  = check_report_init();
    struct tour_options  options = { .seed = 1, .work = 2e5 };

    if (!tour_read_vroom(text, (struct str){ 0 }, a, &n, &why)) {
        if (!why.len) {
            abort();
        }
    } else if (n.problem.job_count <= 40 && n.problem.vehicle_count <= 20 &&
               !tour_solve(&n.problem, &options, a, &plan)) {
        tour_write_json(&n, &plan, &out);
        check_tours(text, buf_str(&out), (struct str){ 0 }, &report);
        if (report.faults) {
            abort();
        }
    }
    check_report_done(&report);
    buf_done(&why);
    buf_done(&out);
    arena_free(a);
    return 0;
}
