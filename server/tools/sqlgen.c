// sqlgen OUT.h OUT.c FILE.sql...: named SQL queries become typed C functions.
//
// A file is a sequence of queries, each introduced by one line
//     -- name(param type, param type?) -> json | json? | json* | row | row? | row* | void | copy
// optionally followed by `replan` (planned anew for the values of each run: optional filters)
// and the comment lines behind it, which are kept as the contract of the C function. :param becomes
// ($1::type); `::casts`, texts in quotes, $$ bodies and comments are left alone. Files before
// the first such line may carry any comment. Plain C and malloc: it lives for a moment.
#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_ = 64, PARAMS_MAX = 32, LINE_MAX_ = 4096 };

struct param {
    char name[NAME_MAX_];
    char type[NAME_MAX_];
    bool nullable;
};

struct query {
    char         name[NAME_MAX_];
    struct param params[PARAMS_MAX];
    int          count;
    const char  *shape;
    bool         replan;
    char        *comment;
    char        *sql;
    int          line;
};

// How an SQL type travels: C type, C type when it may be null, function that makes the parameter.
static const struct kind {
    const char *sql, *c, *c_null, *make;
} kinds[] = {
    { "bigint", "int64_t", "const int64_t *", "param_int8" },
    { "int8", "int64_t", "const int64_t *", "param_int8" },
    { "int", "int32_t", "const int32_t *", "param_int4" },
    { "integer", "int32_t", "const int32_t *", "param_int4" },
    { "int4", "int32_t", "const int32_t *", "param_int4" },
    { "smallint", "int32_t", NULL, "param_int2" },
    { "boolean", "bool", "const bool *", "param_bool" },
    { "bool", "bool", "const bool *", "param_bool" },
    { "double precision", "double", "const double *", "param_float8" },
    { "float8", "double", "const double *", "param_float8" },
    { "text", "struct str", "struct str", "param_bytes" },
    { "bytea", "struct str", "struct str", "param_bytes" },
    { "json", "struct str", "struct str", "param_bytes" },
    { NULL, "struct str", "struct str", "param_text" }, // anything else goes as its text
};

static const struct {
    const char *text, *shape;
} shapes[] = {
    { "json", "SHAPE_ONE" },  { "json?", "SHAPE_OPTIONAL" }, { "json*", "SHAPE_MANY" },
    { "row", "SHAPE_ONE" },   { "row?", "SHAPE_OPTIONAL" },  { "row*", "SHAPE_MANY" },
    { "void", "SHAPE_VOID" }, { "copy", "SHAPE_COPY" },
};

static const char *file_name;
static int         line_number;

static _Noreturn void fail(int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: ", file_name, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static void *grow(void *old, size_t size)
{
    void *p = realloc(old, size);
    if (!p) {
        fail(line_number, "out of memory");
    }
    return p;
}

static char *append(char *text, const char *more)
{
    size_t a = text ? strlen(text) : 0;
    size_t b = strlen(more);
    text     = grow(text, a + b + 1);
    memcpy(text + a, more, b + 1);
    return text;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *skip_space(const char *p)
{
    while (isspace((unsigned char)*p)) {
        p++;
    }
    return p;
}

// Reads an identifier; returns what follows it.
static const char *read_name(const char *p, char *ret_name)
{
    size_t n = 0;
    while (is_word(p[n])) {
        n++;
    }
    if (n == 0 || n >= NAME_MAX_ || isdigit((unsigned char)*p)) {
        fail(line_number, "a name is expected at: %s", p);
    }
    memcpy(ret_name, p, n);
    ret_name[n] = 0;
    return p + n;
}

// Reads a type up to the comma or parenthesis that ends it; types may hold (10,2) and [].
static const char *read_type(const char *p, struct param *param)
{
    size_t n     = 0;
    int    depth = 0;
    while (p[n] && (depth > 0 || (p[n] != ',' && p[n] != ')'))) {
        depth += (p[n] == '(') - (p[n] == ')');
        n++;
    }
    const char *end = p + n;
    while (n > 0 && isspace((unsigned char)p[n - 1])) {
        n--;
    }
    if (n > 0 && p[n - 1] == '?') {
        param->nullable = true;
        n--;
    }
    if (n == 0 || n >= NAME_MAX_) {
        fail(line_number, "parameter %s needs a type", param->name);
    }
    memcpy(param->type, p, n);
    param->type[n] = 0;
    return end;
}

// True when a line introduces a query; then *q is filled.
static bool read_head(const char *line, struct query *q)
{
    if (strncmp(line, "-- ", 3) != 0) {
        return false;
    }
    const char *arrow = strstr(line, "->");
    size_t      n     = 0;
    while (is_word(line[3 + n])) {
        n++;
    }
    if (!arrow || n == 0 || line[3 + n] != '(') {
        return false;
    }
    *q            = (struct query){ .line = line_number };
    const char *p = skip_space(read_name(line + 3, q->name) + 1);
    while (*p && *p != ')') {
        if (q->count == PARAMS_MAX) {
            fail(line_number, "%s has more than %d parameters", q->name, PARAMS_MAX);
        }
        struct param *param = &q->params[q->count++];
        p                   = skip_space(read_type(skip_space(read_name(p, param->name)), param));
        if (*p == ',') {
            p = skip_space(p + 1);
        }
    }
    p = skip_space(p + (*p == ')'));
    if (p != arrow) {
        fail(line_number, "`) -> shape` is expected");
    }
    char   shape[NAME_MAX_] = { 0 };
    size_t length           = 0;
    for (p = skip_space(p + 2); *p && !isspace((unsigned char)*p) && length + 1 < NAME_MAX_; p++) {
        shape[length++] = *p;
    }
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (strcmp(shape, shapes[i].text) == 0) {
            q->shape = shapes[i].shape;
        }
    }
    p         = skip_space(p);
    q->replan = strncmp(p, "replan", 6) == 0;
    if (!q->shape || *skip_space(q->replan ? p + 6 : p)) {
        fail(line_number, "unknown shape of %s: %s", q->name, shape);
    }
    return true;
}

// Length of what must be copied untouched at p: texts, quoted names, $$ bodies, comments, casts.
static size_t opaque_length(const char *p)
{
    if (p[0] == '\'' || p[0] == '"') {
        bool   escapes = p[0] == '\'' && p[-1] == 'E';
        size_t n       = 1;
        while (p[n] && p[n] != p[0]) {
            n += (escapes && p[n] == '\\' && p[n + 1]) ? 2 : 1;
        }
        return n + (p[n] != 0);
    }
    if (p[0] == '-' && p[1] == '-') {
        return strcspn(p, "\n");
    }
    if (p[0] == '/' && p[1] == '*') {
        const char *end = strstr(p + 2, "*/");
        return end ? (size_t)(end - p) + 2 : strlen(p);
    }
    if (p[0] == '$' && (p[1] == '$' || isalpha((unsigned char)p[1]))) {
        size_t      n = 1 + strcspn(p + 1, "$") + 1;
        char        tag[NAME_MAX_];
        const char *end = NULL;
        if (n < sizeof tag) {
            memcpy(tag, p, n);
            tag[n] = 0;
            end    = strstr(p + n, tag);
        }
        return end ? (size_t)(end - p) + n : 1;
    }
    if (p[0] == ':' && (p[1] == ':' || p[1] == '=')) {
        return 2;
    }
    return 0;
}

static int find_param(const struct query *q, const char *name)
{
    for (int i = 0; i < q->count; i++) {
        if (strcmp(q->params[i].name, name) == 0) {
            return i;
        }
    }
    fail(q->line, "%s uses :%s, which is no parameter of it", q->name, name);
}

// Replaces :param by ($n::type) and drops comments and the final semicolon.
static char *translate(const struct query *q)
{
    bool  used[PARAMS_MAX] = { 0 };
    bool  ended            = false;
    char *out              = append(NULL, "");
    char  one[2]           = { 0 };
    // One space in front, so that looking one character back is always allowed.
    char *text = append(append(NULL, " "), q->sql);
    for (const char *p = text + 1; *p;) {
        size_t n = opaque_length(p);
        if (n > 0) {
            if (!(p[0] == '-' && p[1] == '-') && p[0] != '/') {
                char *piece = grow(NULL, n + 1);
                memcpy(piece, p, n);
                piece[n] = 0;
                out      = append(out, piece);
                free(piece);
            }
            p += n;
            continue;
        }
        if (*p == ':' && is_word(p[1]) && !isdigit((unsigned char)p[1])) {
            char name[NAME_MAX_];
            char place[NAME_MAX_ * 2];
            p         = read_name(p + 1, name);
            int index = find_param(q, name);
            snprintf(place, sizeof place, "($%d::%s)", index + 1, q->params[index].type);
            used[index] = true;
            out         = append(out, place);
            continue;
        }
        if (*p == ';') {
            ended = true;
        } else if (ended && !isspace((unsigned char)*p)) {
            fail(q->line, "%s holds more than one statement", q->name);
        } else {
            one[0] = *p;
            out    = append(out, one);
        }
        p++;
    }
    free(text);
    for (int i = 0; i < q->count; i++) {
        if (!used[i]) {
            fail(q->line, "parameter %s of %s is never used", q->params[i].name, q->name);
        }
    }
    for (size_t n = strlen(out); n > 0 && isspace((unsigned char)out[n - 1]); n--) {
        out[n - 1] = 0;
    }
    if (!*skip_space(out)) {
        fail(q->line, "%s has no statement", q->name);
    }
    return out;
}

static const struct kind *kind_of(const struct query *q, const struct param *param)
{
    const struct kind *k = kinds;
    while (k->sql && strcmp(k->sql, param->type) != 0) {
        k++;
    }
    if (param->nullable && !k->c_null) {
        fail(q->line, "a nullable %s is not supported; use int", param->type);
    }
    return k;
}

static void write_signature(FILE *out, const struct query *q)
{
    fprintf(out, "struct result %s(struct db *db", q->name);
    for (int i = 0; i < q->count; i++) {
        const struct kind *k    = kind_of(q, &q->params[i]);
        const char        *type = q->params[i].nullable ? k->c_null : k->c;
        fprintf(out, ", %s%s%s", type, type[strlen(type) - 1] == '*' ? "" : " ", q->params[i].name);
    }
    fputc(')', out);
}

static void write_literal(FILE *out, const char *text)
{
    fputs("        \"", out);
    for (const char *p = text; *p; p++) {
        if (*p == '\n') {
            fputs(p[1] ? "\\n\"\n        \"" : "", out);
        } else if (*p == '"' || *p == '\\') {
            fprintf(out, "\\%c", *p);
        } else {
            fputc(*p, out);
        }
    }
    fputc('"', out);
}

static void write_query(FILE *header, FILE *source, const struct query *q)
{
    char *sql = translate(q);
    fprintf(header, "\n// %s:%d\n%s", file_name, q->line, q->comment ? q->comment : "");
    fprintf(header, "extern const struct query query_%s;\n", q->name);
    fprintf(source, "\nconst struct query query_%s = {\n    .name  = \"%s\",\n    .sql   =\n",
            q->name, q->name);
    write_literal(source, skip_space(sql));
    fprintf(source, ",\n    .count = %d,\n    .shape = %s,\n%s};\n", q->count, q->shape,
            q->replan ? "    .replan = true,\n" : "");
    free(sql);
    if (strcmp(q->shape, "SHAPE_COPY") == 0) {
        return; // opened with db_copy_open(db, &query_name)
    }
    write_signature(header, q);
    fputs(";\n", header);
    fputc('\n', source);
    write_signature(source, q);
    fputs("\n{\n", source);
    if (q->count > 0) {
        fputs("    const struct param params[] = {\n", source);
        for (int i = 0; i < q->count; i++) {
            fprintf(source, "        %s%s(%s),\n", kind_of(q, &q->params[i])->make,
                    q->params[i].nullable ? "_null" : "", q->params[i].name);
        }
        fputs("    };\n", source);
    }
    fprintf(source, "    return db_run(db, &query_%s, %s);\n}\n", q->name,
            q->count > 0 ? "params" : "NULL");
}

static void finish(FILE *header, FILE *source, struct query *q)
{
    if (q->shape) {
        write_query(header, source, q);
    }
    free(q->comment);
    free(q->sql);
    *q = (struct query){ 0 };
}

static void compile(FILE *header, FILE *source, const char *path)
{
    FILE *in = fopen(path, "r");
    if (!in) {
        perror(path);
        exit(1);
    }
    const char *slash = strrchr(path, '/');
    file_name         = slash ? slash + 1 : path;
    line_number       = 0;
    struct query q    = { 0 };
    struct query next;
    char         line[LINE_MAX_];
    while (fgets(line, sizeof line, in)) {
        line_number++;
        if (read_head(line, &next)) {
            finish(header, source, &q);
            q     = next;
            q.sql = append(NULL, "");
        } else if (!q.shape) {
            if (*skip_space(line) && strncmp(line, "--", 2) != 0) {
                fail(line_number, "a statement without a `-- name(...) -> shape` line");
            }
        } else if (strncmp(line, "--", 2) == 0 && !*skip_space(q.sql)) {
            q.comment = append(append(q.comment, "//"), line + 2);
        } else {
            q.sql = append(q.sql, line);
        }
    }
    finish(header, source, &q);
    fclose(in);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: sqlgen OUT.h OUT.c FILE.sql...\n", stderr);
        return 2;
    }
    FILE *header = fopen(argv[1], "w");
    FILE *source = fopen(argv[2], "w");
    if (!header || !source) {
        perror("sqlgen");
        return 1;
    }
    const char *base = strrchr(argv[1], '/');
    fputs("// Made by sqlgen; do not edit.\n#pragma once\n\n#include \"base/db.h\"\n", header);
    fprintf(source, "// Made by sqlgen; do not edit.\n#include \"%s\"\n",
            base ? base + 1 : argv[1]);
    for (int i = 3; i < argc; i++) {
        compile(header, source, argv[i]);
    }
    bool ok = fclose(header) == 0;
    return fclose(source) == 0 && ok ? 0 : 1;
}
