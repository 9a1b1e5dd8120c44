#include "plan/assign_model.h"

static const struct {
    struct str name;
    int64_t    points, most;
} components[WORTH_COUNT] = {
    [WORTH_POTENTIAL] = { STR_INIT("potential"), 10, FEATURE_MAX },
    [WORTH_NEEDS]     = { STR_INIT("needs"), 15, FEATURE_MAX },
    [WORTH_SILENCE]   = { STR_INIT("silence"), 2, SILENCE_MOST },
    [WORTH_FRUITFUL]  = { STR_INIT("fruitful"), 12, 5 },
    [WORTH_KNOWN]     = { STR_INIT("known"), 8, 1 },
    [WORTH_PUBLIC]    = { STR_INIT("public"), 10, 1 },
    [WORTH_PROMISE]   = { STR_INIT("promise"), 40, 1 },
    [WORTH_TRAVEL]    = { STR_INIT("km"), -1, FEATURE_MAX },
    [WORTH_STABLE]    = { STR_INIT("stability"), 10, 1 },
    [WORTH_TENSION]   = { STR_INIT("tension"), 2, FEATURE_MAX },
    [WORTH_LEAD]      = { STR_INIT("lead"), 15, 1 },
    [WORTH_GIVEN]     = { STR_INIT("profit"), 1, INT64_MAX },
};

struct assign_weights assign_weights_default(void)
{
    struct assign_weights w;

    for (int c = 0; c < WORTH_COUNT; c++) {
        w.points[c] = components[c].points;
    }
    return w;
}

struct str assign_component_name(enum assign_component c)
{
    return components[c].name;
}

int64_t assign_worth_of(const struct assign_features *f, const struct assign_weights *w,
                        int64_t ret_components[WORTH_COUNT])
{
    int64_t sum = 0;

    for (int c = 0; c < WORTH_COUNT; c++) {
        int64_t units     = f->value[c] < components[c].most ? f->value[c] : components[c].most;
        ret_components[c] = units * w->points[c];
        sum += ret_components[c];
    }
    return sum;
}
