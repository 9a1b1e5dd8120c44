// maillage-plan assign: reads an instance, writes the assignment and its proof.
#include "command/command.h"
#include "plan/assign_case.h"
#include "plan/assign_text.h"
#include "plan/gap.h"

// What a format does: reads its text, writes the result; the exit status.
struct format {
    const char *name;
    int (*run)(const struct options *o, struct str text, struct buf *out);
};

static int refused(const struct options *o, struct buf *why)
{
    int status = command_refuse("%s : %.*s", o->paths[0], STR_ARG(buf_str(why)));

    buf_done(why);
    return status;
}

static int run_plain(const struct options *o, struct str text, struct buf *out)
{
    struct buf            why = buf_init(KIB(4));
    struct assign_text    t;
    struct assign_problem p;

    if (!assign_text_read(text, &t, &p, &why)) {
        return refused(o, &why);
    }
    struct assign     *s      = assign_new(&p);
    enum assign_status status = assign_solve(s);
    assign_text_write(s, status, &t, out);
    assign_free(s);
    return status == ASSIGN_OPTIMAL ? EXIT_DONE : EXIT_NO;
}

static int run_case(const struct options *o, struct str text, struct buf *out)
{
    struct buf         why = buf_init(KIB(4));
    struct assign_case c;

    if (!case_read(o->arena, text, &c, &why)) {
        return refused(o, &why);
    }
    struct assign *s = case_solve(&c);
    case_write(&c, s, out);
    assign_free(s);
    return c.status == ASSIGN_OPTIMAL ? EXIT_DONE : EXIT_NO;
}

static bool in_time(void *context)
{
    return command_cpu() < *(const double *)context;
}

static int run_visits(const struct options *o, struct str text, struct buf *out)
{
    // What one core of 2020 tries in a second: work, not the clock, decides the plan.
    enum { MOVES_PER_SECOND = 44000000 };
    struct buf         why     = buf_init(KIB(4));
    double             limit   = o->time_limit > 0 ? o->time_limit : 10;
    double             stop_at = limit * 0.98;
    struct gap_problem p;

    if (!gap_text_read(text, &p, &why)) {
        return refused(o, &why);
    }
    struct gap_options g = { .seed    = o->seed,
                             .work    = (int64_t)(limit * MOVES_PER_SECOND),
                             .go_on   = in_time,
                             .context = &stop_at };
    struct gap_result  r = gap_solve(&p, &g);
    gap_text_write(&p, &r, out);
    bool found = r.found;
    gap_result_done(&r);
    gap_problem_done(&p);
    return found ? EXIT_DONE : EXIT_NO;
}

static const struct format formats[] = { { "plain", run_plain },
                                         { "visits", run_visits },
                                         { "case", run_case } };

// A case is JSON; the plain format begins with a line of three numbers, that of visits with two.
static const struct format *recognise(struct str text)
{
    if (str_starts(str_trim(text), STR("{"))) {
        return &formats[2];
    }
    struct str line  = str_trim(str_sub(text, 0, str_index(text, '\n')));
    int        words = 0;

    for (size_t k = 0; k < line.len; k++) {
        bool begins = line.at[k] != ' ' && (k == 0 || line.at[k - 1] == ' ');
        words += begins;
    }
    return words == 2 ? &formats[1] : &formats[0];
}

static const struct format *format_of(const struct options *o, struct str text)
{
    if (str_is_empty(o->format)) {
        return recognise(text);
    }
    for (size_t k = 0; k < LENGTH(formats); k++) {
        if (str_eq(o->format, str_of(formats[k].name))) {
            return &formats[k];
        }
    }
    return NULL;
}

int cmd_assign(const struct options *o)
{
    struct buf text, out = buf_init(COMMAND_FILE_MAX);

    if (!command_read(o->paths[0], &text)) {
        buf_done(&text);
        return EXIT_REFUSED;
    }
    const struct format *f = format_of(o, buf_str(&text));
    int                  status =
        f ? f->run(o, buf_str(&text), &out) : command_refuse("--format : plain, visits ou case");
    if (out.len) {
        fwrite(out.at, 1, out.len, stdout);
    }
    buf_done(&text);
    buf_done(&out);
    return status;
}
