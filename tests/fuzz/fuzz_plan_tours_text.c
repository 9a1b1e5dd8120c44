// Any bytes as an instance of tours in a text format: refused with its line, or solved.
#include "fuzz.h"
#include "plan/tour_instance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str          text    = { (const char *)data, size };
    struct tour_options options = { .seed = 1, .work = 2e5 };

    for (int i = 0; i < 2; i++) {
        struct arena        *a   = arena_new();
        struct buf           why = buf_init(KIB(4)), out = buf_init(MIB(16));
        struct tour_instance n;
        struct tour_plan     plan;
        struct tour_reading  how = { .vehicles = i ? 3 : 0 };
        (void)tour_format_guess(text);
        if (!tour_read_text(text, i ? TOUR_TOPTW : TOUR_SOLOMON, how, a, &n, &why)) {
            if (!why.len) {
                abort();
            }
        } else if (n.problem.job_count <= 40 && n.problem.vehicle_count <= 20 &&
                   !tour_solve(&n.problem, &options, a, &plan)) {
            tour_write_json(&n, &plan, &out);
            tour_write_routes(&n, &plan, &out);
        }
        buf_done(&why);
        buf_done(&out);
        arena_free(a);
    }
    return 0;
}
