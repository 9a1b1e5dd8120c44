// maillage-worker: does jobs, opens offers at their minute, tells servers what changed.
//
// Threads: one relay (rows to streams), some runners (streams to work), one that tells changes, one
// timer. Each has its own connections. Any number of processes may run; each may die at any time.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/url.h"
#include "base/vault.h"
#include "live.h"
#include "out/mail.h"
#include "out/mime.h"
#include "out/post.h"
#include "queries.h"
#include "queue.h"
#include "relay.h"
#include "run.h"
#include "timer.h"

enum {
    THREADS_MAX = 16,
    OUT         = 4, // threads that call others
    SLOW        = 2, // threads that do slow jobs: a preview does not wait for an import
    STOP_MS     = 9000, // what is not finished by then is left to another worker
};

struct options {
    int64_t    threads;
    bool       check;
    struct str routing_url, drop_dir, smtp_url, smtp_from, smtp_credentials, smtp_authority;
    bool       smtp_plain;
    int64_t    smtp_seconds;
};

static const struct setting options_settings[] = {
    { "threads", SETTING_INT, offsetof(struct options, threads), "2", 1, THREADS_MAX,
      "threads that do quick jobs" },
    { "check", SETTING_BOOL, offsetof(struct options, check), NULL, 0, 0,
      "only say whether PostgreSQL and Redis answer" },
    { "routing-url", SETTING_TEXT, offsetof(struct options, routing_url), NULL, 0, 0,
      "a routing service that speaks as OSRM does (http://host:port); ways are estimated without" },
    { "drop-dir", SETTING_TEXT, offsetof(struct options, drop_dir), NULL, 0, 0,
      "directory into which partner files are dropped; none are written without" },
    { "smtp-url", SETTING_TEXT, offsetof(struct options, smtp_url), NULL, 0, 0,
      "mail server, smtp://host:587 or smtps://host; no mail is sent without" },
    { "smtp-from", SETTING_TEXT, offsetof(struct options, smtp_from), NULL, 0, 0, "sender: Name <address>" },
    { "smtp-credentials", SETTING_TEXT, offsetof(struct options, smtp_credentials), NULL, 0, 0,
      "file of one line, user:password (mode 0600)" },
    { "smtp-authority", SETTING_TEXT, offsetof(struct options, smtp_authority), NULL, 0, 0,
      "certificates (PEM) to trust, of a mail server whose authority this machine does not know" },
    { "smtp-plain", SETTING_BOOL, offsetof(struct options, smtp_plain), NULL, 0, 0,
      "without TLS, for a mail server on this machine" },
    { "smtp-seconds", SETTING_INT, offsetof(struct options, smtp_seconds), "30", 1, 300,
      "how long a mail server may take over a letter" },
    { 0 },
};

void worker_sleep(const struct worker *w, int64_t ms)
{
    int64_t end = clock_ms() + ms;
    for (int64_t left = ms; left > 0 && !atomic_load(&w->is_stopping); left = end - clock_ms()) {
        clock_sleep_ms(left < 50 ? left : 50);
    }
}

// Exit status of --check.
static int check(struct worker *w)
{
    struct db    *db    = db_open(w->db, "maillage-worker check");
    struct queue *queue = queue_open(w, LANE_QUICK, "check");
    struct result res   = ping(db);
    enum err      redis = queue_ping(queue);
    if (res.err) {
        fprintf(stderr, "PostgreSQL: %.*s\n", STR_ARG(db_error(db)->message));
    }
    if (redis) {
        fprintf(stderr, "Redis does not answer\n");
    }
    enum err e = res.err ? res.err : redis;
    result_done(&res);
    queue_close(queue);
    db_close(db);
    return e ? 1 : 0;
}

static void start(pthread_t *thread, void *(*run)(void *), void *argument)
{
    if (pthread_create(thread, NULL, run, argument)) {
        DIE("cannot start a thread");
    }
}

// False when the thread was not done by then; it ends with the process.
static bool join(pthread_t thread, int64_t deadline)
{
    while (pthread_tryjoin_np(thread, NULL)) {
        if (clock_ms() >= deadline) {
            pthread_detach(thread);
            return false;
        }
        clock_sleep_ms(10);
    }
    return true;
}

static bool join_all(pthread_t relay, pthread_t live, const struct timer timers[static TIMER_COUNT], const struct runner *runners,
                     size_t count)
{
    int64_t deadline = clock_ms() + STOP_MS;
    bool    is_done  = join(relay, deadline);
    is_done          = join(live, deadline) && is_done;
    for (size_t i = 0; i < TIMER_COUNT; i++) {
        is_done = join(timers[i].thread, deadline) && is_done;
    }
    for (size_t i = 0; i < count; i++) {
        is_done = join(runners[i].thread, deadline) && is_done;
    }
    return is_done;
}

static void work(struct worker *w, size_t quick)
{
    static struct runner runners[THREADS_MAX + SLOW + OUT];
    static struct timer  timers[TIMER_COUNT];
    pthread_t            relay, live;
    size_t               count = quick + SLOW + OUT;
    sigset_t             signals;
    int                  got = 0;
    // Blocked before the first thread starts, so that only sigwait sees them.
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    for (size_t i = 0; i < count; i++) {
        runners[i] = (struct runner){
            .worker = w,
            .lane   = i < quick ? LANE_QUICK : i < quick + SLOW ? LANE_SLOW : LANE_OUT,
            .number = (int)i + 1,
        };
        start(&runners[i].thread, run_thread, &runners[i]);
    }
    start(&relay, relay_thread, w);
    start(&live, live_thread, w);
    for (size_t i = 0; i < TIMER_COUNT; i++) {
        timers[i] = (struct timer){ .worker = w, .which = (enum timer_kind)i };
        start(&timers[i].thread, timer_thread, &timers[i]);
    }
    log_line(LOG_INFO, "working", LOG_TEXT("worker", str_of(w->name)),
             LOG_NUMBER("threads", (int64_t)quick));
    while (sigwait(&signals, &got) == EINTR) {
    }
    log_line(LOG_INFO, "stopping", LOG_NUMBER("signal", got));
    atomic_store(&w->is_stopping, true);
    if (!join_all(relay, live, timers, runners, count)) {
        // Its transaction ends with us; the row of the job is sent again.
        log_line(LOG_WARNING, "stopped_early", LOG_TEXT("worker", str_of(w->name)));
        _exit(0);
    }
    log_line(LOG_INFO, "stopped", LOG_TEXT("worker", str_of(w->name)));
}

static struct out_mail_server mail_server;

// The mail server; the links in letters are sealed with the secret of the server.
static enum err mail_read(const struct options *o, struct str secret_file, struct arena *a, struct str *reterr_why)
{
    mail_server = (struct out_mail_server){ .url = o->smtp_url, .from = o->smtp_from, .is_plain = o->smtp_plain,
                                            .seconds = o->smtp_seconds, .authority = o->smtp_authority };
    if (!o->smtp_url.len) {
        return OK;
    }
    struct str address = mime_address(o->smtp_from);
    bool       is_smtp = str_starts(o->smtp_url, STR("smtp://")) || str_starts(o->smtp_url, STR("smtps://"));
    if (!is_smtp || str_index(address, '@') >= address.len || !secret_file.len) {
        *reterr_why = STR("smtp-url (smtp:// or smtps://) needs smtp-from (Name <address>) and secret-file");
        return ERR_INVALID;
    }
    enum err e = secret_init(secret_file, a, reterr_why);
    return e ? e : out_mail_credentials(o->smtp_credentials, a, &mail_server, reterr_why);
}

static int usage(FILE *out, int status)
{
    fputs("maillage-worker [--config FILE] [--name value]...\n", out);
    config_usage(options_settings, out);
    config_usage(config_settings, out);
    return status;
}

int main(int argc, char **argv)
{
    static struct worker worker; // threads may outlive main
    struct arena        *arena   = arena_new();
    struct options       options = { 0 };
    struct config        config  = { 0 };
    struct str           why     = { 0 };
    enum log_level       level;
    enum err             e = config_read_some(options_settings, &options, arena, &argc, argv, &why);
    if (!e) {
        e = config_read(config_settings, &config, arena, &argc, argv, &why);
    }
    if (e || argc > 1 || !log_level_of(config.log_level, &level)) {
        fprintf(stderr, "maillage-worker: %.*s\n", STR_ARG(why.len ? why : STR("unknown word")));
        arena_free(arena);
        return 2;
    }
    if (config.help) {
        arena_free(arena);
        return usage(stdout, 0);
    }
    log_set_level(level);
    signal(SIGPIPE, SIG_IGN);
    // When we are killed while PostgreSQL waits for a lock on our behalf, it should notice. For
    // every connection whose conninfo has no options of its own.
    setenv("PGOPTIONS", "-c client_connection_check_interval=1s", 0);
    worker.db     = config.db;
    worker.redis  = config.redis;
    worker.routing = options.routing_url;
    worker.drop    = options.drop_dir;
    worker.mail    = &mail_server;
    struct str addresses = config.public_url; // the first one is the public one
    if (!str_cut(&addresses, ',', &worker.site)) {
        worker.site = (struct str){ 0 };
    }
    worker.site = str_trim(worker.site);
    char host[48] = "worker";
    gethostname(host, sizeof host - 1);
    snprintf(worker.name, sizeof worker.name, "%s-%d", host, (int)getpid());
    int status = 0;
    if (options.check) {
        status = check(&worker);
    } else if (config.keys_file.len == 0 || vault_init(config.keys_file, arena, &why)) {
        fprintf(stderr, "maillage-worker: %.*s\n",
                STR_ARG(why.len ? why : STR("keys-file is needed: the keys of personal data")));
        status = 2;
    } else if (mail_read(&options, config.secret_file, arena, &why)) {
        fprintf(stderr, "maillage-worker: %.*s\n", STR_ARG(why));
        status = 2;
    } else {
        url_init(config.private_hosts);
        out_init();
        work(&worker, (size_t)options.threads);
        out_done();
    }
    arena_free(arena);
    return status;
}
