// maillage-server: reads its settings, starts, waits for a signal, drains, stops.
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "base/json_in.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/url.h"
#include "base/vault.h"
#include "http/server.h"

enum { GRACE_MS = 10000 };

static int refuse_to_start(struct arena *a, struct str why)
{
    fprintf(stderr, "maillage-server: %.*s\n", STR_ARG(why));
    arena_free(a); // which may hold the reason
    return 2;
}

// Signals are waited for, never handled: block them before any thread starts.
static void block_signals(sigset_t *ret_signals)
{
    sigemptyset(ret_signals);
    sigaddset(ret_signals, SIGTERM);
    sigaddset(ret_signals, SIGINT);
    sigaddset(ret_signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, ret_signals, NULL);
}

// Uploads go into DIR/upload when there is a data directory: /tmp may be small memory.
static struct str upload_directory(struct arena *a, struct str data)
{
    if (data.len == 0) {
        const char *directory = getenv("TMPDIR");
        return str_of(directory ? directory : "/tmp");
    }
    struct str path = arena_printf(a, "%.*s/upload", STR_ARG(data));
    mkdir(path.at, 0700);
    return access(path.at, W_OK) == 0 ? path : STR("/tmp");
}

int main(int argc, char **argv)
{
    struct config  config = { 0 };
    struct str     why    = { 0 };
    struct arena  *a      = arena_new();
    enum log_level level  = LOG_INFO;
    sigset_t       signals;
    if (config_read(config_settings, &config, a, &argc, argv, &why)) {
        return refuse_to_start(a, why);
    }
    if (config.help) {
        puts("maillage-server [--config FILE] [--name value]...\n");
        config_usage(config_settings, stdout);
        return 0;
    }
    if (argc > 1) {
        return refuse_to_start(a, arena_printf(a, "what is \"%s\"?", argv[1]));
    }
    if (!log_level_of(config.log_level, &level)) {
        return refuse_to_start(a, STR("log-level is debug, info, warning or error"));
    }
    log_set_level(level);
    if (secret_init(config.secret_file, a, &why)) {
        return refuse_to_start(a, why);
    }
    if (config.keys_file.len == 0) {
        return refuse_to_start(a, STR("keys-file is needed: the keys of personal data"));
    }
    if (vault_init(config.keys_file, a, &why)) {
        return refuse_to_start(a, why);
    }
    json_in_init();
    url_init(config.private_hosts);
    block_signals(&signals);

    struct http_options options = {
        .listen        = config.listen,
        .web           = config.web,
        .db            = config.db,
        .redis         = config.redis,
        .origins       = config.public_url,
        .proxies       = config.trusted_proxy,
        .metrics_token = config.metrics_token,
        .temporary     = upload_directory(a, config.data),
        .workers       = (int)config.workers,
        .per_ip        = (int)config.per_ip,
        .routes        = routes,
        .route_count   = routes_count,
    };
    struct http *http = NULL;
    if (http_start(&options, &http, &why)) {
        return refuse_to_start(a, why);
    }
    log_line(LOG_INFO, "started", LOG_TEXT("listen", config.listen),
             LOG_NUMBER("port", http_port(http)), LOG_NUMBER("pid", getpid()));

    int signal = 0;
    do { // a terminal that goes away is no reason to stop
        sigwait(&signals, &signal);
    } while (signal == SIGHUP);

    log_line(LOG_INFO, "stopping", LOG_NUMBER("signal", signal));
    http_stop(http, GRACE_MS);
    log_line(LOG_INFO, "stopped", LOG_NUMBER("pid", getpid()));
    arena_free(a);
    return 0;
}
