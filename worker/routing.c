#include "routing.h"

#include "base/buf.h"
#include "out/call.h"
#include "week/week_matrix.h"

enum {
    BLOCK      = 50, // places on each side of a question: services usually allow a hundred in all
    MOST       = 2000,
    TIMEOUT_MS = 5000,
    URL_BYTES  = KIB(16),
};

static size_t receive(char *data, size_t size, size_t count, void *context)
{
    struct buf *body = context;
    buf_add(body, (struct str){ data, size * count });
    return buf_is_full(body) ? 0 : size * count; // 0: too long, given up
}

static int is_cancelled(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const _Atomic bool *is_stopping = context;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(is_stopping);
}

static void add_places(struct buf *url, const struct week_place *places, int32_t from,
                       int32_t count)
{
    for (int32_t i = from; i < from + count; i++) {
        buf_printf(url, "%.5f,%.5f;", places[i].lon, places[i].lat);
    }
}

static void add_numbers(struct buf *url, const char *name, int32_t from, int32_t count)
{
    buf_printf(url, "&%s=", name);
    for (int32_t i = 0; i < count; i++) {
        buf_printf(url, i ? ";%d" : "%d", from + i);
    }
}

// One block of the table: from `rows` places to `columns` others.
static bool ask(CURL *curl, struct str base, const struct week_place *places, int32_t row,
                int32_t rows, int32_t column, int32_t columns, struct week_matrix *block)
{
    struct buf url = buf_init(URL_BYTES), body = buf_init(WEEK_MATRIX_BYTES);
    char       why[CURL_ERROR_SIZE];
    long       status = 0;
    buf_printf(&url, "%.*s/table/v1/driving/", STR_ARG(base));
    add_places(&url, places, row, rows);
    add_places(&url, places, column, columns);
    if (url.at && !buf_is_full(&url)) {
        url.at[--url.len] = 0; // the last semicolon
    }
    buf_add(&url, STR("?annotations=duration,distance"));
    add_numbers(&url, "sources", 0, rows);
    add_numbers(&url, "destinations", rows, columns);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    out_set_up(curl, url.at, "http,https", TIMEOUT_MS, NULL, why);
    bool is_done = !buf_is_full(&url) && curl_easy_perform(curl) == CURLE_OK &&
                   curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
                   status == 200 && week_matrix_read(buf_str(&body), rows, columns, block);
    buf_done(&url);
    buf_done(&body);
    return is_done;
}

static CURL *prepare(const _Atomic bool *is_stopping)
{
    CURL *curl = curl_easy_init();
    if (curl) {
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_cancelled);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)(uintptr_t)is_stopping);
    }
    return curl;
}

static void keep(struct routing_table *table, const struct week_matrix *block, int32_t count,
                 int32_t row, int32_t rows, int32_t column, int32_t columns)
{
    for (int32_t i = 0; i < rows; i++) {
        for (int32_t j = 0; j < columns; j++) {
            size_t cell          = (size_t)(row + i) * (size_t)count + (size_t)(column + j);
            table->seconds[cell] = block->seconds[i * columns + j];
            table->metres[cell]  = block->metres[i * columns + j];
        }
    }
}

bool routing_ask(struct str url, const struct week_place *places, int32_t count, struct arena *a,
                 const _Atomic bool *is_stopping, struct routing_table *ret_table)
{
    size_t             cells = (size_t)count * (size_t)count;
    CURL              *curl  = count <= MOST ? prepare(is_stopping) : NULL;
    struct week_matrix block = {
        .seconds = ARENA_ARRAY(a, int32_t, BLOCK * BLOCK),
        .metres  = ARENA_ARRAY(a, int32_t, BLOCK * BLOCK),
    };
    bool is_done       = curl != NULL;
    ret_table->seconds = is_done ? ARENA_ARRAY(a, int32_t, cells + 1) : NULL;
    ret_table->metres  = is_done ? ARENA_ARRAY(a, int32_t, cells + 1) : NULL;
    for (int32_t i = 0; is_done && i < count; i += BLOCK) {
        int32_t rows = count - i < BLOCK ? count - i : BLOCK;
        for (int32_t j = 0; is_done && j < count; j += BLOCK) {
            int32_t columns = count - j < BLOCK ? count - j : BLOCK;
            is_done         = ask(curl, url, places, i, rows, j, columns, &block);
            if (is_done) {
                keep(ret_table, &block, count, i, rows, j, columns);
            }
        }
    }
    if (curl) {
        curl_easy_cleanup(curl);
    }
    return is_done;
}
