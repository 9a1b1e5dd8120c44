#include "api/indicator.h"

#include <stddef.h>

#include "api/sheet.h"
#include "queries.h"

struct indicator_filter {
    struct str     level, within, from, to, network, naf, size, codes, indicator;
    const int64_t *organisation, *segment;
};

enum { EMPLOYERS_MOST = 500, CODE_MOST = 40, AREAS_MOST = 4 };

// The figures as a query gives them, for each of the ways to answer.
#define FIGURES(query, r, f)                                                               \
    query((r)->db, (f).level, (f).within, (f).from, (f).to, (f).network, (f).organisation, \
          (f).segment, (f).naf, (f).size, (f).codes)

static bool is_month(struct str s)
{
    bool ok = s.len == 7 && s.at[4] == '-';
    for (size_t i = 0; ok && i < s.len; i++) {
        ok = i == 4 || (s.at[i] >= '0' && s.at[i] <= '9');
    }
    int month = ok ? (s.at[5] - '0') * 10 + s.at[6] - '0' : 0;
    return ok && s.at[0] == '2' && s.at[1] == '0' && month >= 1 && month <= 12;
}

bool month_check(struct req *r, const char *name, struct str month)
{
    if (!month.len || is_month(month)) {
        return true;
    }
    req_field_error(r, name, "month", "Un mois s’écrit 2026-01.");
    return false;
}

static bool is_area(struct str area)
{
    static const char *const levels[] = { "commune:", "epci:", "bassin:", "departement:",
                                          "region:" };
    bool                     ok       = false;
    for (size_t i = 0; !ok && i < LENGTH(levels); i++) {
        struct str level = str_of(levels[i]);
        ok = str_starts(area, level) && area.len > level.len && area.len <= level.len + CODE_MOST;
    }
    return ok;
}

bool within_check(struct req *r, struct str within)
{
    struct str rest = within, area;
    bool       ok   = true;
    for (size_t n = 0; ok && within.len && str_cut(&rest, ',', &area); n++) {
        ok = n < AREAS_MOST && is_area(area);
    }
    if (!ok) {
        req_field_error(r, "within", "area", "Un périmètre s’écrit departement:03.");
    }
    return ok;
}

static enum err filter_read(struct req *r, struct indicator_filter *ret_f)
{
    static const char *const  networks[] = { "ft", "ml", "ce", "plie", NULL };
    static const char *const  levels[]   = { "commune",      "epci",   "bassin", "departement",
                                             "region",       "all",    "month",  "network",
                                             "organisation", "sector", "size",   NULL };
    static const struct field fields[]   = {
          { .name    = "level",
            .type    = FIELD_CHOICE,
            .offset  = offsetof(struct indicator_filter, level),
            .choices = levels },
          { .name   = "within",
            .type   = FIELD_TEXT,
            .offset = offsetof(struct indicator_filter, within),
            .max    = WITHIN_MAX },
          { .name   = "from",
            .type   = FIELD_TEXT,
            .offset = offsetof(struct indicator_filter, from),
            .max    = 7 },
          { .name   = "to",
            .type   = FIELD_TEXT,
            .offset = offsetof(struct indicator_filter, to),
            .max    = 7 },
          { .name    = "network",
            .type    = FIELD_CHOICE,
            .offset  = offsetof(struct indicator_filter, network),
            .choices = networks },
          { .name     = "organisation",
            .type     = FIELD_ID,
            .offset   = offsetof(struct indicator_filter, organisation),
            .nullable = true },
          { .name     = "segment",
            .type     = FIELD_ID,
            .offset   = offsetof(struct indicator_filter, segment),
            .nullable = true },
          { .name   = "naf",
            .type   = FIELD_TEXT,
            .offset = offsetof(struct indicator_filter, naf),
            .max    = 100 },
          { .name   = "size",
            .type   = FIELD_TEXT,
            .offset = offsetof(struct indicator_filter, size),
            .max    = 100 },
          { .name   = "codes",
            .type   = FIELD_TEXT,
            .offset = offsetof(struct indicator_filter, codes),
            .max    = 600 },
          { .name   = "indicator",
            .type   = FIELD_TEXT,
            .offset = offsetof(struct indicator_filter, indicator),
            .max    = 30 },
          { 0 },
    };
    *ret_f     = (struct indicator_filter){ .level = STR("commune"), .within = STR("") };
    enum err e = query_read(r, fields, ret_f);
    if (e) {
        return e;
    }
    // Each is looked at, so that all that is wrong is told at once.
    bool has_from = month_check(r, "from", ret_f->from);
    bool has_to   = month_check(r, "to", ret_f->to);
    bool has_area = within_check(r, ret_f->within);
    return has_from && has_to && has_area ? OK : ERR_INVALID;
}

// What a file of the answer is called: what it holds, where, when, and how it ends.
static const char *file_name(struct req *r, const char *kind, const char *ending,
                             const struct indicator_filter *f)
{
    CLEANUP(result_done)
    struct result name = figures_file(r->db, str_of(kind), f->within, f->from, f->to);
    const char   *stem = name.err ? kind : arena_text(r->arena, result_text(&name, 0, 0));
    return arena_printf(r->arena, "%s.%s", stem, ending).at;
}

enum err indicator_list(struct req *r)
{
    return reply_many(r, indicators_list(r->db));
}

enum err indicator_figures(struct req *r)
{
    struct indicator_filter f;
    enum err                e = filter_read(r, &f);
    return e ? e : reply_one(r, 200, FIGURES(figures_document, r, f));
}

enum err indicator_geojson(struct req *r)
{
    struct indicator_filter f;
    enum err                e = filter_read(r, &f);
    if (e) {
        return e;
    }
    reply_header(r, "Content-Disposition",
                 arena_printf(r->arena, "attachment; filename=\"%s\"",
                              file_name(r, "indicateurs", "geojson", &f)));
    return reply_one(r, 200, FIGURES(figures_map, r, f));
}

enum err indicator_csv(struct req *r)
{
    struct indicator_filter f;
    enum err                e = filter_read(r, &f);
    if (e) {
        return e;
    }
    const char *name = file_name(r, "indicateurs", "csv", &f);
    return reply_lines(r, name, FIGURES(figures_lines, r, f));
}

enum err indicator_xlsx(struct req *r)
{
    struct indicator_filter f;
    enum err                e = filter_read(r, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result cells = FIGURES(figures_cells, r, f);
    CLEANUP(result_done)
    struct result question = figures_question(r->db, f.within, f.from, f.to, f.network,
                                              f.organisation, f.segment, f.naf, f.size);
    if (cells.err || question.err) {
        return cells.err ? cells.err : question.err;
    }
    const char *name = file_name(r, "indicateurs", "xlsx", &f);
    return reply_workbook(r, name, &cells, &question);
}

enum err indicator_employers(struct req *r)
{
    struct indicator_filter f;
    enum err                e = filter_read(r, &f);
    if (e) {
        return e;
    }
    return reply_one(r, 200,
                     figure_employers(r->db, f.indicator, f.within, f.from, f.to, f.network,
                                      f.organisation, f.segment, f.naf, f.size, EMPLOYERS_MOST));
}

enum err indicator_employers_csv(struct req *r)
{
    struct indicator_filter f;
    enum err                e = filter_read(r, &f);
    if (e) {
        return e;
    }
    const char *name = file_name(r, "employeurs", "csv", &f);
    return reply_csv(r, name,
                     figure_employers_lines(r->db, f.indicator, f.within, f.from, f.to, f.network,
                                            f.organisation, f.segment, f.naf, f.size));
}

enum err diagnosis_get(struct req *r)
{
    struct indicator_filter f;
    enum err                e = filter_read(r, &f);
    return e ? e : reply_one(r, 200, diagnosis_document(r->db, f.within));
}
