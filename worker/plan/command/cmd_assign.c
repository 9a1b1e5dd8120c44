// maillage-plan assign: reads an instance, writes the assignment and its proof.
#include "command/command.h"
#include "plan/assign_text.h"

static void effort(const struct assign *s, double before)
{
    struct assign_effort e = assign_effort(s);

    fprintf(stderr, "solve %.3f s, excess %lld, paths %lld, visits %lld\n", command_cpu() - before,
            (long long)e.excess, (long long)e.paths, (long long)e.visits);
}

int cmd_assign(const struct options *o)
{
    struct buf            text, why = buf_init(KIB(4)), out = buf_init(COMMAND_FILE_MAX);
    struct assign_text    t;
    struct assign_problem p;

    if (!command_read(o->paths[0], &text)) {
        return EXIT_REFUSED;
    }
    if (!assign_text_read(buf_str(&text), &t, &p, &why)) {
        return command_refuse("%s : %.*s", o->paths[0], STR_ARG(buf_str(&why)));
    }
    buf_done(&text);
    double before = command_cpu();
    fprintf(stderr, "read %.3f\n", before);
    struct assign     *s      = assign_new(&p);
    enum assign_status status = assign_solve(s);
    effort(s, before);
    assign_text_write(s, status, &t, &out);
    assign_free(s);
    fwrite(out.at, 1, out.len, stdout);
    buf_done(&out);
    return status == ASSIGN_OPTIMAL ? EXIT_DONE : EXIT_NO;
}
