// maillage-plan tours: reads an instance, writes the tours.
#include "command/command.h"
#include "plan/tour_instance.h"

#include <pthread.h>
#include <time.h>

// What reading costs in units of work per byte, so that the search gets the rest of the time.
static const double work_per_byte = 70;

// CPU seconds of the calling thread. What was done before the search counts for the first one only.
struct deadline {
    double    first, others;
    pthread_t first_thread;
};

static double thread_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool is_over(void *context)
{
    const struct deadline *d = context;
    return thread_cpu() > (pthread_equal(pthread_self(), d->first_thread) ? d->first : d->others);
}

// Seconds that telling the plan takes: a line for each visit, and for those left out a look at each
// tour.
static double time_to_tell(const struct tour_problem *p)
{
    static const double line = 4e-6, look = 40e-9;
    double              looks = 0;
    for (int32_t k = 0; k < p->job_count; k++) {
        looks += p->jobs[k].vehicle_count ? p->jobs[k].vehicle_count : p->vehicle_count;
    }
    return line * p->job_count + look * looks;
}

struct crew {
    void (*task)(void *tasks, int index);
    void           *tasks;
    int             count, next;
    pthread_mutex_t lock;
};

static void *work(void *context)
{
    struct crew *c = context;
    for (;;) {
        pthread_mutex_lock(&c->lock);
        int index = c->next < c->count ? c->next++ : -1;
        pthread_mutex_unlock(&c->lock);
        if (index < 0) {
            return NULL;
        }
        c->task(c->tasks, index);
    }
}

static void run_threads(void (*task)(void *tasks, int index), void *tasks, int count, int threads)
{
    enum { THREADS_MAX = 64 };
    struct crew c = { .task = task, .tasks = tasks, .count = count };
    pthread_t   thread[THREADS_MAX];
    int         started = 0;

    pthread_mutex_init(&c.lock, NULL);
    while (started < threads - 1 && started < THREADS_MAX &&
           !pthread_create(&thread[started], NULL, work, &c)) {
        started++;
    }
    work(&c);
    for (int i = 0; i < started; i++) {
        pthread_join(thread[i], NULL);
    }
    pthread_mutex_destroy(&c.lock);
}

static bool format_of(const struct options *o, struct str text, enum tour_format *ret_format)
{
    static const struct {
        const char      *name;
        enum tour_format format;
    } formats[] = { { "vroom", TOUR_VROOM }, { "solomon", TOUR_SOLOMON }, { "toptw", TOUR_TOPTW } };
    *ret_format = tour_format_guess(text);
    for (size_t i = 0; i < LENGTH(formats); i++) {
        if (str_eq(o->format, str_of(formats[i].name))) {
            *ret_format = formats[i].format;
            return true;
        }
    }
    return str_is_empty(o->format);
}

// What clients of VROOM read when their input is refused, on the output as the plan would be.
static void tell_refusal(struct str why)
{
    struct buf out = buf_init(KIB(8));

    buf_add(&out, STR("{\"code\":2,\"error\":"));
    buf_add_json(&out, why);
    buf_add(&out, STR("}\n"));
    fwrite(out.at, 1, out.len, stdout);
    buf_done(&out);
}

// Members that nobody knows change nothing: said, since one of them may be a slip of the pen.
static void tell_unknown(struct str pointers)
{
    while (pointers.len) {
        struct str one = str_sub(pointers, 0, str_index(pointers, '\n'));
        fprintf(stderr, "maillage-plan : %.*s : champ inconnu, sans effet\n", STR_ARG(one));
        pointers = str_sub(pointers, one.len + 1, pointers.len);
    }
}

static bool read_instance(const struct options *o, struct tour_instance *instance,
                          double *work_left)
{
    struct buf       text, previous = buf_init(0), why = buf_init(KIB(4));
    enum tour_format format;
    bool             ok = false;

    if (!command_read(o->paths[0], &text)) {
        return false;
    }
    *work_left -= work_per_byte * (double)text.len;
    if (!format_of(o, buf_str(&text), &format)) {
        command_refuse("--format est vroom, solomon ou toptw");
    } else if (o->path_count > 1 && !command_read(o->paths[1], &previous)) {
        // said already
    } else if (format == TOUR_VROOM) {
        struct str old = o->path_count > 1 ? buf_str(&previous) : (struct str){ 0 };
        ok             = tour_read_vroom(buf_str(&text), old, o->arena, instance, &why);
    } else {
        struct tour_reading how = { .vehicles = o->vehicles, .nearest = o->nearest };
        ok = tour_read_text(buf_str(&text), format, how, o->arena, instance, &why);
    }
    if (ok) {
        tell_unknown(instance->unknown);
    }
    if (why.len) {
        command_refuse("%s : %.*s", o->paths[0], STR_ARG(buf_str(&why)));
        if (format == TOUR_VROOM) {
            tell_refusal(buf_str(&why));
        }
    }
    buf_done(&text);
    buf_done(&previous);
    buf_done(&why);
    return ok;
}

// Without a limit: what a small instance needs, half a minute at most.
static double default_limit(const struct tour_instance *instance)
{
    double seconds = 0.05 * instance->problem.job_count;
    return seconds < 0.2 ? 0.2 : seconds > 30 ? 30 : seconds;
}

int cmd_tours(const struct options *o)
{
    struct tour_instance instance;
    struct tour_plan     plan;
    double               work_left = 0;

    if (!read_instance(o, &instance, &work_left)) {
        return EXIT_REFUSED;
    }
    double limit = o->time_limit > 0 ? o->time_limit : default_limit(&instance);
    // The clock only stops a machine slower than expected: same work, same plan.
    double              tell    = time_to_tell(&instance.problem);
    double              end     = limit + 0.02 - (tell < limit / 2 ? tell : limit / 2);
    struct deadline     d       = { end, end - command_cpu(), pthread_self() };
    struct tour_options options = { .seed    = o->seed,
                                    .work    = limit * tour_work_rate() + work_left,
                                    .stop    = is_over,
                                    .context = &d,
                                    .run     = o->threads > 1 ? run_threads : NULL,
                                    .threads = o->threads };
    const char         *refusal = tour_solve(&instance.problem, &options, o->arena, &plan);
    if (refusal) {
        if (instance.format == TOUR_VROOM) {
            tell_refusal(str_of(refusal));
        }
        return command_refuse("%s : %s", o->paths[0], refusal);
    }
    struct buf out = buf_init(COMMAND_FILE_MAX);
    (o->routes ? tour_write_routes : tour_write_json)(&instance, &plan, &out);
    fwrite(out.at, 1, out.len, stdout);
    buf_done(&out);
    if (plan.stopped) {
        fputs("maillage-plan : recherche arrêtée par l’horloge ; un autre essai peut différer\n",
              stderr);
    }
    return EXIT_DONE;
}
