// Any bytes as an instance: refused with a sentence, or solved and proved.
#include "fuzz.h"

#include "check/assignment.h"
#include "check/assignment_json.h"
#include "check/visits.h"
#include "plan/assign_case.h"
#include "plan/assign_text.h"
#include "plan/gap.h"

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void plain(struct str text, struct buf *out, struct buf *why, struct check_report *report)
{
    struct assign_text    t;
    struct assign_problem p;

    if (!assign_text_read(text, &t, &p, why)) {
        must(why->len > 0);
        return;
    }
    must(assign_problem_fault(&p) == NULL);
    struct assign *s = assign_new(&p);
    assign_text_write(s, assign_solve(s), &t, out);
    check_assignment_text(text, buf_str(out), report);
    assign_free(s);
}

static void visits(struct str text, struct buf *out, struct buf *why, struct check_report *report)
{
    struct gap_problem p;

    if (!gap_text_read(text, &p, why)) {
        must(why->len > 0);
        return;
    }
    struct gap_result r = gap_solve(&p, &(struct gap_options){ .seed = 1, .work = 2000 });
    gap_text_write(&p, &r, out);
    check_visits_text(text, buf_str(out), report);
    gap_result_done(&r);
    gap_problem_done(&p);
}

static void named(struct str text, struct buf *out, struct buf *why, struct check_report *report)
{
    struct arena      *a = arena_new();
    struct assign_case c;

    if (case_read(a, text, &c, why)) {
        struct assign *s = case_solve(&c);
        case_write(&c, s, out);
        check_assignment_json(text, buf_str(out), report);
        assign_free(s);
    } else {
        must(why->len > 0);
    }
    arena_free(a);
}

// The first byte says which format.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const kinds[])(struct str, struct buf *, struct buf *,
                                 struct check_report *) = { plain, visits, named };
    struct buf          out = buf_init(MIB(16)), why = buf_init(KIB(4));
    struct check_report report = check_report_init();

    if (size > 1 && size < 1 << 16) {
        struct str text = { (const char *)data + 1, size - 1 };
        kinds[data[0] % LENGTH(kinds)](text, &out, &why, &report);
        must(report.faults == 0);
        // The checkers survive a result that is anything.
        struct check_report any = check_report_init();
        check_assignment_text(text, text, &any);
        check_visits_text(text, text, &any);
        check_assignment_json(text, text, &any);
        check_report_done(&any);
    }
    check_report_done(&report);
    buf_done(&out);
    buf_done(&why);
    return 0;
}
