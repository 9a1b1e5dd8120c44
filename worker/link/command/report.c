#include "command/report.h"

#include <unistd.h>

static FILE *open_output(const char *path)
{
    FILE *out = path ? fopen(path, "w") : stdout;

    if (!out) {
        fprintf(stderr, "maillage-link : %s : ce fichier ne peut pas être écrit\n", path);
    }
    return out;
}

// False, said, when not everything could be written.
static bool close_output(FILE *out, const char *path)
{
    bool good = fflush(out) == 0 && !ferror(out);

    if (path) {
        good = fclose(out) == 0 && good;
    }
    if (!good) {
        fprintf(stderr, "maillage-link : %s : l’écriture a échoué\n",
                path ? path : "sortie standard");
    }
    return good;
}

static void put_field(FILE *out, struct str s)
{
    bool quote = false;

    for (size_t i = 0; i < s.len && !quote; i++) {
        char c = s.at[i];
        quote  = c == ',' || c == ';' || c == '"' || c == '\n' || c == '\r';
    }
    if (!quote) {
        fwrite(s.at, 1, s.len, out);
        return;
    }
    fputc('"', out);
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"') {
            fputc('"', out);
        }
        fputc(s.at[i], out);
    }
    fputc('"', out);
}

static int by_entity(const void *a, const void *b, void *context)
{
    const struct link *l = context;
    uint32_t           x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint32_t           gx = link_group_of(l, x), gy = link_group_of(l, y);

    if (gx != gy) {
        return gx < gy ? -1 : 1;
    }
    return str_compare(link_id(l, x), link_id(l, y));
}

bool report_groups(const struct link *l, const char *path)
{
    FILE     *out   = open_output(path);
    uint32_t *order = memory_new((link_count(l) + 1) * sizeof *order);

    for (uint32_t r = 0; r < link_count(l); r++) {
        order[r] = r;
    }
    qsort_r(order, link_count(l), sizeof *order, by_entity, (void *)(uintptr_t)l);
    if (out) {
        fputs("record_id,entity_id,score\n", out);
    }
    for (size_t i = 0; i < link_count(l) && out; i++) {
        put_field(out, link_id(l, order[i]));
        fputc(',', out);
        put_field(out, link_entity(l, link_group_of(l, order[i])));
        fprintf(out, ",%.4f\n", link_score(l, order[i]));
    }
    free(order);
    return out && close_output(out, path);
}

bool report_reviews(const struct link *l, const char *path)
{
    FILE *out = open_output(path);

    if (!out) {
        return false;
    }
    fputs("a,b,probabilite,motif,explication\n", out);
    for (size_t i = 0; i < link_review_count(l); i++) {
        struct link_review r = link_review_at(l, i);
        put_field(out, link_id(l, r.a));
        fputc(',', out);
        put_field(out, link_id(l, r.b));
        fprintf(out, ",%.4f,%.*s,", r.probability, STR_ARG(link_reason_code(r.reason)));
        put_field(out, link_reason_sentence(r.reason));
        fputc('\n', out);
    }
    return close_output(out, path);
}

bool report_redirects(const struct link *l, const char *path)
{
    FILE *out = open_output(path);

    if (!out) {
        return false;
    }
    fputs("ancien,nouveau\n", out);
    for (size_t i = 0; i < link_redirect_count(l); i++) {
        struct link_redirect r = link_redirect_at(l, i);
        put_field(out, r.from);
        fputc(',', out);
        put_field(out, r.to);
        fputc('\n', out);
    }
    return close_output(out, path);
}

// printf counts bytes; accents take two.
static void put_padded(struct str s, size_t width)
{
    printf("%.*s", STR_ARG(s));
    for (size_t n = str_utf8_count(s); n < width; n++) {
        putchar(' ');
    }
}

// A number of bits with its sign and a French comma.
static void put_bits(double bits)
{
    char text[32];
    int  len = snprintf(text, sizeof text, "%+7.1f", bits);

    for (int i = 0; i < len; i++) {
        putchar(text[i] == '.' ? ',' : text[i]);
    }
}

bool report_explanation(struct link *l, const char *a, const char *b)
{
    struct link_explanation e;
    uint32_t                x, y;

    if (link_find(l, str_of(a), &x) || link_find(l, str_of(b), &y)) {
        uint32_t any;
        fprintf(stderr, "maillage-link : aucune fiche ne porte l’identifiant « %s »\n",
                link_find(l, str_of(a), &any) ? a : b);
        return false;
    }
    if (x == y) {
        fputs("maillage-link : il faut deux fiches différentes\n", stderr);
        return false;
    }
    if (link_explain(l, x, y, &e)) {
        return false;
    }
    printf("%s et %s : %.*s.\n\n", a, b, STR_ARG(e.decision));
    for (size_t i = 0; i < e.count; i++) {
        printf("  ");
        put_padded(e.evidence[i].label, 28);
        put_bits(e.evidence[i].weight);
        printf("  %.*s\n", STR_ARG(e.evidence[i].verdict));
    }
    printf("  ");
    put_padded(STR("A priori et raretés"), 28);
    put_bits(e.prior);
    printf("\n  ");
    put_padded(STR("Total (bits)"), 28);
    put_bits(e.weight);
    char percent[32];
    snprintf(percent, sizeof percent, "%.2f", e.probability * 100);
    for (char *c = percent; *c; c++) {
        *c = *c == '.' ? ',' : *c;
    }
    printf("\n\nProbabilité que ce soit la même entité : %s %%\n", percent);
    return true;
}

static void step(void *context, enum link_phase phase, uint64_t done, uint64_t total)
{
    (void)context;
    fprintf(stderr, "\r\033[K%.*s : %llu %%", STR_ARG(link_phase_label(phase)),
            (unsigned long long)(total ? done * 100 / total : 0));
    fflush(stderr);
}

static bool shows(bool quiet)
{
    return !quiet && isatty(STDERR_FILENO);
}

struct link_progress report_progress(bool quiet)
{
    return (struct link_progress){ .step = shows(quiet) ? step : NULL };
}

void report_progress_end(bool quiet)
{
    if (shows(quiet)) {
        fputs("\r\033[K", stderr);
    }
}
