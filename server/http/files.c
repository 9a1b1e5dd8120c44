#include "http/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/secret.h"
#include "http/headers.h"

enum { DEPTH_MAX = 8, FILES_MAX = 4000, FILE_MAX = 64 << 20 };

enum coding { PLAIN, GZIP, BROTLI, CODINGS };

static const struct str  endings[CODINGS]      = { STR_INIT(""), STR_INIT(".gz"), STR_INIT(".br") };
static const char *const coding_names[CODINGS] = { NULL, "gzip", "br" };

struct file {
    struct str           name; // "/assets/x.js"
    struct MHD_Response *responses[CODINGS];
    struct MHD_Response *unchanged; // 304
    struct str           etag;
};

struct table {
    struct arena *arena;
    struct file  *files; // sorted by name
    size_t        count, room;
    uint64_t      stamp; // changes when the directory does
};

struct files {
    char           *directory;
    pthread_mutex_t lock; // of the table; responses are counted by libmicrohttpd
    struct table   *table;
};

// --- reading the directory ----------------------------------------------------------------------

const char *file_type(struct str name)
{
    static const struct {
        struct str  ending;
        const char *type;
    } types[] = {
        { STR_INIT(".html"), "text/html; charset=utf-8" },
        { STR_INIT(".js"), "text/javascript; charset=utf-8" },
        { STR_INIT(".mjs"), "text/javascript; charset=utf-8" },
        { STR_INIT(".css"), "text/css; charset=utf-8" },
        { STR_INIT(".json"), "application/json; charset=utf-8" },
        { STR_INIT(".geojson"), "application/geo+json" },
        { STR_INIT(".webmanifest"), "application/manifest+json" },
        { STR_INIT(".svg"), "image/svg+xml" },
        { STR_INIT(".png"), "image/png" },
        { STR_INIT(".jpg"), "image/jpeg" },
        { STR_INIT(".webp"), "image/webp" },
        { STR_INIT(".ico"), "image/x-icon" },
        { STR_INIT(".woff2"), "font/woff2" },
        { STR_INIT(".txt"), "text/plain; charset=utf-8" },
        { STR_INIT(".pbf"), "application/x-protobuf" },
        { STR_INIT(".wasm"), "application/wasm" },
    };
    for (size_t i = 0; i < LENGTH(types); i++) {
        if (str_ends(name, types[i].ending)) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

static struct str hash_of(struct arena *a, int file)
{
    uint8_t    hash[SECRET_HASH];
    char       piece[16384];
    ssize_t    n;
    struct buf text     = buf_init(64);
    struct str parts[2] = { { (const char *)hash, sizeof hash }, { piece, 0 } };
    memset(hash, 0, sizeof hash);
    for (off_t at = 0; (n = pread(file, piece, sizeof piece, at)) > 0; at += n) {
        parts[1].len = (size_t)n;
        secret_hash_parts(parts, 2, hash);
    }
    buf_add_char(&text, '"');
    buf_add_base64(&text, (struct str){ (const char *)hash, 12 });
    buf_add_char(&text, '"');
    struct str kept = arena_str(a, buf_str(&text));
    buf_done(&text);
    return kept;
}

static void add_headers(struct file *f, struct MHD_Response *response, enum coding coding)
{
    bool is_hashed = str_starts(f->name, STR("/assets/"));
    headers_add_security(response, HEADERS_PAGE, false);
    MHD_add_response_header(response, "ETag", f->etag.at);
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    MHD_add_response_header(response, "Cache-Control",
                            is_hashed ? "public, max-age=31536000, immutable" : "no-cache");
    if (coding != PLAIN) {
        MHD_add_response_header(response, "Content-Encoding", coding_names[coding]);
    }
}

// The response for one coding of a file; NULL when it does not exist.
static struct MHD_Response *open_file(struct table *t, struct file *f, int directory,
                                      enum coding coding)
{
    struct stat info;
    struct str  path =
        arena_printf(t->arena, "%.*s%s", (int)f->name.len - 1, f->name.at + 1, endings[coding].at);
    int file = openat(directory, path.at, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        return NULL;
    }
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > FILE_MAX) {
        close(file);
        return NULL;
    }
    if (coding == PLAIN) {
        f->etag = hash_of(t->arena, file);
    }
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)info.st_size, file);
    if (!response) {
        close(file);
        return NULL;
    }
    add_headers(f, response, coding);
    MHD_add_response_header(response, "Content-Type", file_type(f->name));
    return response;
}

static void add_file(struct table *t, int directory, struct str name)
{
    if (t->count == t->room) {
        t->room  = t->room ? t->room * 2 : 64;
        t->files = memory_resize(t->files, t->room * sizeof *t->files);
    }
    struct file *f = &t->files[t->count];
    *f             = (struct file){ .name = name };
    for (enum coding c = PLAIN; c < CODINGS; c++) {
        f->responses[c] = open_file(t, f, directory, c);
        if (!f->responses[PLAIN]) {
            return;
        }
    }
    f->unchanged =
        MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    add_headers(f, f->unchanged, PLAIN);
    t->count++;
}

static bool is_compressed(struct str name)
{
    return str_ends(name, endings[GZIP]) || str_ends(name, endings[BROTLI]);
}

// Visits every regular file below; with a NULL table only the stamp is computed.
static void scan(struct table *t, int root, const char *path, struct str prefix, int depth,
                 struct arena *a, uint64_t *stamp, size_t *seen)
{
    int  descriptor = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *directory  = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (!directory) {
        if (descriptor >= 0) {
            close(descriptor);
        }
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) && *seen < FILES_MAX;) {
        struct stat info;
        struct str  name = str_of(entry->d_name);
        if (name.at[0] == '.' ||
            fstatat(dirfd(directory), name.at, &info, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        struct str whole = arena_printf(a, "%.*s/%s", STR_ARG(prefix), name.at);
        if (S_ISDIR(info.st_mode) && depth < DEPTH_MAX) {
            scan(t, root, whole.at + 1, whole, depth + 1, a, stamp, seen);
        } else if (S_ISREG(info.st_mode)) {
            *stamp += (uint64_t)info.st_mtim.tv_sec * 31 + (uint64_t)info.st_mtim.tv_nsec +
                      (uint64_t)info.st_size * 17 + (uint64_t)info.st_ino;
            (*seen)++;
            if (t && !is_compressed(name)) {
                add_file(t, root, whole);
            }
        }
    }
    closedir(directory);
}

static int by_name(const void *a, const void *b)
{
    return str_compare(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static struct table *table_new(const char *path)
{
    struct table *t    = memory_zero(sizeof *t);
    size_t        seen = 0;
    t->arena           = arena_new();
    int root           = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root >= 0) {
        scan(t, root, ".", STR(""), 0, t->arena, &t->stamp, &seen);
        close(root);
    }
    if (t->count) {
        qsort(t->files, t->count, sizeof *t->files, by_name);
    }
    return t;
}

static void table_free(struct table *t)
{
    for (size_t i = 0; t && i < t->count; i++) {
        for (enum coding c = PLAIN; c < CODINGS; c++) {
            if (t->files[i].responses[c]) {
                MHD_destroy_response(t->files[i].responses[c]);
            }
        }
        MHD_destroy_response(t->files[i].unchanged);
    }
    if (t) {
        free(t->files);
        arena_free(t->arena);
        free(t);
    }
}

// --- serving -------------------------------------------------------------------------------------

struct files *files_open(struct str directory)
{
    struct files *files = memory_zero(sizeof *files);
    pthread_mutex_init(&files->lock, NULL);
    files->directory = memory_zero(directory.len + 1);
    if (directory.len) {
        memcpy(files->directory, directory.at, directory.len);
    }
    files->table = table_new(files->directory);
    return files;
}

void files_close(struct files *files)
{
    if (files) {
        table_free(files->table);
        pthread_mutex_destroy(&files->lock);
        free(files->directory);
        free(files);
    }
}

void files_reload(struct files *files)
{
    uint64_t stamp = 0;
    size_t   seen  = 0;
    int      root  = open(files->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        return;
    }
    struct arena *a = arena_new();
    scan(NULL, root, ".", STR(""), 0, a, &stamp, &seen);
    arena_free(a);
    close(root);
    if (stamp == files->table->stamp) {
        return;
    }
    struct table *fresh = table_new(files->directory);
    pthread_mutex_lock(&files->lock);
    struct table *old = files->table;
    files->table      = fresh;
    pthread_mutex_unlock(&files->lock);
    table_free(old);
    log_line(LOG_INFO, "web_reloaded", LOG_NUMBER("files", (int64_t)fresh->count));
}

static struct file *find(struct table *t, struct str name)
{
    struct file key = { .name = name };
    return t->count ? bsearch(&key, t->files, t->count, sizeof key, by_name) : NULL;
}

// A page of the app has no ending in its last part; /assets/lost.js is simply missing.
static bool is_page(struct str path)
{
    size_t last = 0;
    for (size_t i = 0; i < path.len; i++) {
        last = path.at[i] == '/' ? i + 1 : last;
    }
    struct str name = str_sub(path, last, path.len);
    return str_index(name, '.') == name.len && !str_starts(path, STR("/api/")) &&
           !str_starts(path, STR("/assets/"));
}

// The document of a page: /terrain and what is below it has its own, /terrain.html; others share one.
static struct file *find_page(struct table *t, struct str path)
{
    struct str  rest  = str_sub(path, 1, path.len);
    size_t      first = str_index(rest, '/');
    struct buf  whole = buf_init(first + 8);
    buf_printf(&whole, "/%.*s.html", (int)first, rest.at);
    struct file *f = find(t, buf_str(&whole));
    buf_done(&whole);
    return f ? f : find(t, STR("/index.html"));
}

static struct MHD_Response *choose(struct file *f, const struct file_request *request,
                                   int *ret_status)
{
    struct str rest = request->if_none_match;
    struct str tag;
    *ret_status = 200;
    while (str_cut(&rest, ',', &tag)) {
        tag = str_trim(tag);
        if (str_eq(tag, f->etag) ||
            (str_starts(tag, STR("W/")) && str_eq(str_sub(tag, 2, tag.len), f->etag))) {
            *ret_status = 304;
            return f->unchanged;
        }
    }
    if (request->wants_br && f->responses[BROTLI]) {
        return f->responses[BROTLI];
    }
    if (request->wants_gzip && f->responses[GZIP]) {
        return f->responses[GZIP];
    }
    return f->responses[PLAIN];
}

bool files_send(struct files *files, const struct file_request *request,
                struct MHD_Connection *connection, int *ret_status)
{
    bool is_sent = false;
    pthread_mutex_lock(&files->lock); // a reload must not free the response before it is queued
    struct file *f = find(files->table, request->path);
    if (!f && is_page(request->path)) {
        f = find_page(files->table, request->path);
    }
    if (f) {
        struct MHD_Response *response = choose(f, request, ret_status);
        is_sent = MHD_queue_response(connection, (unsigned)*ret_status, response) == MHD_YES;
    }
    pthread_mutex_unlock(&files->lock);
    return is_sent;
}
