#include "http/metrics.h"

#include <stdatomic.h>
#include <unistd.h>

// Upper bounds of the histogram, in microseconds; the last is infinite.
static const int64_t bounds[] = { 500,   1000,   2500,   5000,    10000,   25000,
                                  50000, 100000, 250000, 1000000, 5000000, INT64_MAX };

// The statuses we count by themselves.
static const int statuses[] = { 200, 201, 202, 204, 304, 400, 401, 403, 404, 405,
                                409, 412, 413, 415, 422, 428, 429, 500, 503, 0 };

static struct {
    _Atomic uint64_t by_status[LENGTH(statuses)];
    _Atomic uint64_t by_time[LENGTH(bounds)];
    _Atomic uint64_t total_us;
} counted[METRICS_ROUTES + 1];

void metrics_request(size_t route, int status, int64_t took_us)
{
    size_t r = route < METRICS_ROUTES ? route : METRICS_OTHER;
    size_t s = 0;
    size_t b = 0;
    while (statuses[s] && statuses[s] != status) {
        s++;
    }
    while (took_us > bounds[b]) {
        b++;
    }
    atomic_fetch_add_explicit(&counted[r].by_status[s], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&counted[r].by_time[b], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&counted[r].total_us, (uint64_t)took_us, memory_order_relaxed);
}

static void write_label(struct buf *out, const struct route *list, size_t i)
{
    if (i == METRICS_OTHER) {
        buf_add(out, STR("method=\"-\",route=\"other\""));
        return;
    }
    buf_add(out, STR("method=\""));
    buf_add(out, method_name(list[i].method));
    buf_printf(out, "\",route=\"%s\"", list[i].path);
}

static void write_statuses(struct buf *out, const struct route *list, size_t i)
{
    for (size_t s = 0; s < LENGTH(statuses); s++) {
        uint64_t n = atomic_load_explicit(&counted[i].by_status[s], memory_order_relaxed);
        if (n > 0) {
            buf_add(out, STR("maillage_requests_total{"));
            write_label(out, list, i);
            buf_printf(out, ",status=\"%d\"} %llu\n", statuses[s], (unsigned long long)n);
        }
    }
}

static void write_times(struct buf *out, const struct route *list, size_t i)
{
    uint64_t total = 0;
    uint64_t sum   = atomic_load_explicit(&counted[i].total_us, memory_order_relaxed);
    if (sum == 0) {
        return;
    }
    for (size_t b = 0; b < LENGTH(bounds); b++) {
        total += atomic_load_explicit(&counted[i].by_time[b], memory_order_relaxed);
        buf_add(out, STR("maillage_request_seconds_bucket{"));
        write_label(out, list, i);
        if (bounds[b] == INT64_MAX) {
            buf_printf(out, ",le=\"+Inf\"} %llu\n", (unsigned long long)total);
        } else {
            buf_printf(out, ",le=\"%g\"} %llu\n", (double)bounds[b] / 1e6,
                       (unsigned long long)total);
        }
    }
    buf_add(out, STR("maillage_request_seconds_sum{"));
    write_label(out, list, i);
    buf_printf(out, "} %.6f\nmaillage_request_seconds_count{", (double)sum / 1e6);
    write_label(out, list, i);
    buf_printf(out, "} %llu\n", (unsigned long long)total);
}

void metrics_write(struct buf *out, const struct route *list, size_t count)
{
    buf_add(out, STR("# TYPE maillage_requests_total counter\n"));
    for (size_t i = 0; i <= METRICS_ROUTES; i++) {
        if (i < count || i == METRICS_OTHER) {
            write_statuses(out, list, i);
        }
    }
    buf_add(out, STR("# TYPE maillage_request_seconds histogram\n"));
    for (size_t i = 0; i <= METRICS_ROUTES; i++) {
        if (i < count || i == METRICS_OTHER) {
            write_times(out, list, i);
        }
    }
}

void metrics_add(struct buf *out, const char *name, const char *type, int64_t value)
{
    // The type line names the metric without its labels.
    int bare = (int)strcspn(name, "{");
    buf_printf(out, "# TYPE %.*s %s\n%s %lld\n", bare, name, type, name, (long long)value);
}

int64_t metrics_memory(void)
{
    long  pages = 0;
    FILE *file  = fopen("/proc/self/statm", "re");
    if (file) {
        if (fscanf(file, "%*d %ld", &pages) != 1) {
            pages = 0;
        }
        fclose(file);
    }
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}
