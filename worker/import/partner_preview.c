#include "base/log.h"
#include "import/keying.h"
#include "import/linkage.h"
#include "import/partner_private.h"

#include "queries.h"

// Why rows would need somebody, commonest first.
static bool add_reasons(struct db *db, struct buf *ret)
{
    CLEANUP(result_done) struct result rows = partner_reasons(db);
    if (rows.err) {
        return false;
    }
    buf_add_char(ret, '[');
    for (int i = 0; i < result_count(&rows); i++) {
        buf_add(ret, i ? STR(",{\"outcome\":") : STR("{\"outcome\":"));
        buf_add_json(ret, result_text(&rows, i, 0));
        buf_add(ret, STR(",\"code\":"));
        buf_add_json(ret, result_text(&rows, i, 1));
        buf_add(ret, STR(",\"field\":"));
        buf_add_json(ret, result_text(&rows, i, 2));
        buf_add(ret, STR(",\"message\":"));
        buf_add_json(ret, str_of(import_code_sentence(import_code_of(result_text(&rows, i, 1)))));
        buf_printf(ret, ",\"count\":%lld,\"line\":%lld}", (long long)result_int(&rows, i, 3),
                   (long long)result_int(&rows, i, 4));
    }
    buf_add_char(ret, ']');
    return true;
}

// What comparing the rows without a SIRET told, or why nothing is told: "pending", it is under way;
// "keys", most of the list has no keys yet.
static void add_linkage(const struct linkage_report *linkage, const char *why, struct buf *ret)
{
    if (why) {
        buf_printf(ret, "{\"waiting\":\"%s\"}", why);
        return;
    }
    buf_printf(ret, "{\"linked\":%lld,\"review\":%lld,\"created\":%lld,\"unplaced\":%lld}",
               (long long)linkage->linked, (long long)linkage->review, (long long)linkage->created,
               (long long)linkage->unplaced);
}

static bool add_impact(struct db *db, struct partner_report *report,
                       const struct linkage_report *linkage, const char *why, struct buf *ret)
{
    CLEANUP(result_done) struct result extent = partner_extent(db);

    if (extent.err || !partner_count_all(db, report)) {
        return false;
    }
    partner_add_counts(report, ret);
    buf_printf(ret, ",\"establishments\":%lld,\"new\":%lld,\"linkage\":",
               (long long)result_int(&extent, 0, 0), (long long)result_int(&extent, 0, 1));
    add_linkage(linkage, why, ret);
    buf_add_char(ret, '}');
    return true;
}

// A file that is looked at, from the first to the second look.
struct look {
    struct db            *db;
    int64_t               file;
    bool                  is_keyed;
    struct partner_report report;
    char                  moment[64]; // of the preview that was kept; "" = none
    struct str            snapshot;   // what was seen of the list, in the arena
    struct arena         *arena;
};

static bool keep_preview(struct look *look, const struct reading *r, struct str seen,
                         const struct buf *doc, struct str sealed)
{
    char    separator[2] = { table_separator(r->table), '\0' };
    int32_t sheet        = table_sheet(r->table);

    CLEANUP(result_done)
    struct result kept =
        partner_previewed(look->db, look->file, seen, buf_str(doc), table_encoding(r->table),
                          separator[0] ? str_of(separator) : (struct str){ 0 },
                          sheet < 0 ? NULL : &sheet, sealed);
    if (kept.err || !result_count(&kept)) {
        return !kept.err;
    }
    struct str moment = result_text(&kept, 0, 0);
    snprintf(look->moment, sizeof look->moment, "%.*s", STR_ARG(moment));
    return !failed(partner_forget_lines(look->db, look->file)) &&
           !failed(partner_lines(look->db, look->file,
                                 str_of(import_code_sentence(PROBLEM_NO_COMMUNE)),
                                 str_of(import_code_sentence(PROBLEM_AMBIGUOUS)),
                                 str_of(import_code_sentence(PROBLEM_UNKNOWN_UNIT))));
}

// What importing would do by the SIRET, and the state "ready".
static enum import_result foresee(struct look *look, const struct reading *r, struct str seen)
{
    struct buf doc = buf_init(MIB(1)), rest = buf_init(MIB(16));
    bool       ok  = partner_match(look->db);

    if (ok) {
        reading_describe(r, &doc, &rest);
        buf_add(&doc, STR(",\"impact\":"));
        ok = add_impact(look->db, &look->report, NULL, look->is_keyed ? "pending" : "keys", &doc);
        partner_add_notes(&look->report, r->table, &doc);
        buf_add(&doc, STR(",\"reasons\":"));
        ok = ok && add_reasons(look->db, &doc);
        buf_add_char(&doc, '}');
    }
    ok = ok && keep_preview(look, r, seen, &doc, reading_seal(r, look->file, &rest));
    buf_done(&rest);
    buf_done(&doc);
    return ok ? IMPORT_DONE : IMPORT_FAILED;
}

static enum import_result look_in_transaction(struct look *look, struct partner_watch watch,
                                              struct import_problem *p)
{
    struct reading r;
    struct db     *db = look->db;

    CLEANUP(result_done) struct result now = partner_unhurried(db);
    if (now.err) {
        return IMPORT_FAILED;
    }
    look->snapshot                         = arena_str(look->arena, result_text(&now, 0, 0));
    CLEANUP(result_done) struct result row = partner_look(db, look->file);
    if (row.err) {
        return IMPORT_FAILED;
    }
    if (!result_count(&row) || !str_eq(result_text(&row, 0, 1), STR("preview"))) {
        return IMPORT_DONE; // given up meanwhile
    }
    if (result_is_null(&row, 0, 2)) {
        import_problem_set(p, PROBLEM_UNREADABLE, 0, STR(""), STR(""));
        return IMPORT_WRONG;
    }
    enum import_result outcome = IMPORT_WRONG;
    int                opened  = reading_open(&r, db, &row, p);
    if (opened < 0) {
        outcome = IMPORT_FAILED;
    } else if (opened > 0) {
        outcome = partner_take_in(db, &r, 0, watch, &look->report, p);
        if (outcome == IMPORT_DONE) {
            struct str seen = result_text(&row, 0, 9);
            outcome         = foresee(look, &r, seen.at ? seen : STR(""));
        }
    }
    reading_close(&r);
    return outcome;
}

// Whether the preview is still what a person looks at: an import that began needs the machine more.
static bool stands(void *context)
{
    const struct look *look = context;

    CLEANUP(result_done)
    struct result answer = partner_stands(look->db, look->file, str_of(look->moment));
    return !answer.err && result_bool(&answer, 0, 0);
}

// The second look: compares the rows without a SIRET, and adds what it tells.
static bool compare_in_transaction(struct look *look)
{
    struct linkage_report linkage;
    struct buf            impact = buf_init(KIB(4)), reasons = buf_init(KIB(64));

    bool ok = !failed(partner_unhurried(look->db)) &&
              !linkage_foresee(look->db, look->file, stands, look, &linkage) &&
              add_impact(look->db, &look->report, &linkage, NULL, &impact) &&
              add_reasons(look->db, &reasons);
    if (ok) {
        CLEANUP(result_done)
        struct result kept = partner_compared(look->db, look->file, str_of(look->moment),
                                              buf_str(&impact), buf_str(&reasons), look->snapshot);
        ok                 = !kept.err;
        if (ok && result_count(&kept)) {
            // The lines were written a moment ago: they are not in the statistics yet.
            ok = !failed(linkage_nested(look->db, STR("off"))) &&
                 !failed(linkage_keep(look->db, look->file)) &&
                 !failed(partner_compared_lines(look->db, look->file,
                                                str_of(import_code_sentence(PROBLEM_RESEMBLES))));
        }
    }
    buf_done(&reasons);
    buf_done(&impact);
    return ok;
}

enum import_result partner_preview(struct db *db, int64_t file, struct partner_watch watch,
                                   struct import_problem *p)
{
    struct look look = { .db = db, .file = file };
    int64_t     left = 0;

    // A backlog as after the import of a register is left to the periodic job.
    if (keying_run(db, 0, false, &left) || db_begin(db)) {
        return IMPORT_FAILED;
    }
    look.arena    = arena_new();
    look.is_keyed = left <= KEYING_BATCH;
    enum import_result outcome =
        partner_conclude(db, file, look_in_transaction(&look, watch, p), p);
    // What cannot be compared leaves a preview without those figures, not a file without a preview.
    if (outcome == IMPORT_DONE && look.is_keyed && look.moment[0] &&
        !keying_run(db, left, false, NULL) && !db_begin(db)) {
        bool ok = compare_in_transaction(&look);
        if (!ok) {
            db_error_log(db);
        }
        if (partner_conclude(db, file, ok ? IMPORT_DONE : IMPORT_FAILED, p) != IMPORT_DONE) {
            log_line(LOG_WARNING, "import_not_compared", LOG_NUMBER("file", file));
        }
    }
    (void)failed(partner_unstage(db));
    arena_free(look.arena);
    return outcome;
}
