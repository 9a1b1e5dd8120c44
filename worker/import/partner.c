#include "import/partner.h"

#include "base/log.h"
#include "base/vault.h"
#include "import/input.h"
#include "import/linkage.h"
#include "import/partner_person.h"
#include "import/partner_private.h"
#include "import/partner_row.h"
#include "import/partner_value.h"

#include <sodium.h>

#include "queries.h"

enum import_result partner_receive(struct db *db, int64_t organisation, const char *path,
                                   int64_t *ret_file, struct import_problem *p)
{
    unsigned char digest[INPUT_DIGEST_LEN];
    size_t        len;
    const char   *slash = strrchr(path, '/');
    struct str    name  = str_of(slash ? slash + 1 : path);
    char         *bytes = input_bytes(path, PARTNER_BYTES_MAX, &len, p);

    if (!bytes) {
        return IMPORT_WRONG;
    }
    crypto_hash_sha256(digest, (unsigned char *)bytes, len);
    struct str                         hash   = { (char *)digest, sizeof digest };
    CLEANUP(result_done) struct result number = partner_file_number(db);
    if (number.err) {
        free(bytes);
        return IMPORT_FAILED;
    }
    struct arena *a      = arena_new();
    int64_t       id     = result_int(&number, 0, 0);
    struct str    sealed = vault_seal(a, VAULT_FILE, id, (struct str){ bytes, len });
    CLEANUP(result_done)
    struct result row =
        partner_receive_file(db, id, organisation, name, hash, (int64_t)len, sealed);
    arena_free(a);
    free(bytes);
    if (row.err) {
        return IMPORT_FAILED;
    }
    if (result_count(&row)) {
        *ret_file = result_int(&row, 0, 0);
        return IMPORT_DONE;
    }
    CLEANUP(result_done) struct result same = partner_same(db, organisation, hash);
    if (same.err) {
        return IMPORT_FAILED;
    }
    if (!result_count(&same)) {
        import_problem_set(p, PROBLEM_NO_ORGANISATION, 0, STR(""), STR(""));
        return IMPORT_WRONG;
    }
    *ret_file = result_int(&same, 0, 0);
    return IMPORT_DONE;
}

// Every row repeats the names of the columns: a wide header over short rows would make gigabytes of
// a small file.
static bool is_swollen(uint64_t staged, const struct table *t)
{
    return staged > 20 * table_read(t) + MIB(8);
}

static bool goes_on(struct partner_watch watch, const char *step, uint64_t done, uint64_t total)
{
    return !watch.tell || watch.tell(watch.context, step, done, total);
}

// Reads the whole table into the staging table.
static enum import_result stage(struct db *db, struct table *t, struct partner_run *run,
                                struct partner_watch watch, struct import_problem *p)
{
    enum import_result    outcome = IMPORT_DONE;
    enum csv_step         step;
    struct import_problem note;
    uint64_t              staged = 0;

    if (failed(partner_unstage(db)) || failed(partner_stage(db)) ||
        db_copy_open(db, &query_partner_load)) {
        return IMPORT_FAILED;
    }
    struct buf lines = buf_init(16 * (size_t)CSV_LINE_MAX);
    while ((step = table_next(t, p)) == CSV_RECORD) {
        if (!partner_row(run, t, &lines, &note)) {
            *p      = note;
            outcome = IMPORT_WRONG;
            break;
        }
        if (lines.len >= KIB(128)) {
            if (db_copy_write(db, buf_str(&lines))) {
                outcome = IMPORT_FAILED;
                break;
            }
            staged += lines.len;
            buf_clear(&lines);
            if (!goes_on(watch, "reading", table_read(t), table_size(t))) {
                outcome = IMPORT_STOPPED;
                break;
            }
        }
        if (is_swollen(staged, t)) {
            import_problem_set(p, PROBLEM_SWOLLEN, table_line(t), STR(""), STR(""));
            outcome = IMPORT_WRONG;
            break;
        }
    }
    if (outcome == IMPORT_DONE && step == CSV_PROBLEM) {
        outcome = IMPORT_WRONG;
    }
    if (outcome == IMPORT_DONE && run->read == 0) {
        import_problem_set(p, PROBLEM_NO_ROWS, 1, STR(""), STR(""));
        outcome = IMPORT_WRONG;
    }
    if (outcome == IMPORT_DONE && lines.len && db_copy_write(db, buf_str(&lines))) {
        outcome = IMPORT_FAILED;
    }
    enum err e = db_copy_close(db, outcome != IMPORT_DONE, NULL);
    if (outcome == IMPORT_DONE && e) {
        outcome = IMPORT_FAILED;
    }
    buf_done(&lines);
    return outcome;
}

// Says what becomes of each row that was staged: what its SIRET and its commune tell.
bool partner_match(struct db *db)
{
    return !failed(partner_analyze(db)) && !failed(partner_place(db)) &&
           !failed(partner_decide(db)) && !failed(partner_decided(db));
}

// Ties the rows without SIRET at once, where the preview compared them and that still holds; else a
// job does it (records_wait).
static enum err place(struct db *db, int64_t file)
{
    bool                  is_adopted;
    struct linkage_report report;
    enum err              e = linkage_adopt(db, file, &is_adopted, &report);

    if (!e && is_adopted) {
        log_line(LOG_INFO, "linkage_adopted", LOG_NUMBER("file", file),
                 LOG_NUMBER("linked", report.linked), LOG_NUMBER("review", report.review),
                 LOG_NUMBER("created", report.created), LOG_NUMBER("unplaced", report.unplaced));
    }
    return e;
}

// The statements that write in the list, in their order.
static enum import_result write_all(struct db *db, int64_t file, struct partner_watch watch,
                                    int64_t *ret_opposed)
{
    enum { STEPS = 6 };
    static const char *const steps[STEPS] = { "creating", "keeping", "linking",
                                              "contacts", "values",  "keeping" };

    for (uint64_t i = 0; i < STEPS; i++) {
        struct result res;
        if (!goes_on(watch, steps[i], i, STEPS)) {
            return IMPORT_STOPPED;
        }
        switch (i) {
        case 0:
            if (failed(partner_create(db))) {
                return IMPORT_FAILED;
            }
            res = partner_number(db);
            break;
        case 1:
            res = partner_keep(db, file);
            break;
        case 2:
            if (failed(partner_link(db))) {
                return IMPORT_FAILED;
            }
            res = partner_linked(db);
            break;
        case 3:
            if (partner_persons_keep(db, file, ret_opposed) || place(db, file)) {
                return IMPORT_FAILED;
            }
            continue;
        case 4:
            res = partner_value(db);
            break;
        default:
            res = partner_complain(db, file, str_of(import_code_sentence(PROBLEM_NO_COMMUNE)),
                                   str_of(import_code_sentence(PROBLEM_AMBIGUOUS)),
                                   str_of(import_code_sentence(PROBLEM_UNKNOWN_UNIT)));
        }
        if (failed(res)) {
            return IMPORT_FAILED;
        }
    }
    return IMPORT_DONE;
}

bool partner_count_all(struct db *db, struct partner_report *ret)
{
    CLEANUP(result_done) struct result counts = partner_count(db);
    if (counts.err) {
        return false;
    }
    ret->read     = (uint64_t)result_int(&counts, 0, 0);
    ret->linked   = (uint64_t)result_int(&counts, 0, 1);
    ret->created  = (uint64_t)result_int(&counts, 0, 2);
    ret->review   = (uint64_t)result_int(&counts, 0, 3);
    ret->unusable = (uint64_t)result_int(&counts, 0, 4);
    CLEANUP(result_done) struct result repeats = partner_repeats(db);
    if (repeats.err) {
        return false;
    }
    ret->repeats = (uint64_t)result_int(&repeats, 0, 0);
    if (ret->repeats) {
        ret->repeat   = (uint64_t)result_int(&repeats, 0, 1);
        ret->repeated = (uint64_t)result_int(&repeats, 0, 2);
    }
    return true;
}

void partner_add_counts(const struct partner_report *report, struct buf *ret)
{
    buf_printf(ret,
               "{\"read\":%llu,\"linked\":%llu,\"created\":%llu,\"review\":%llu,\"unusable\":%llu,"
               "\"restored\":%llu",
               (unsigned long long)report->read, (unsigned long long)report->linked,
               (unsigned long long)report->created, (unsigned long long)report->review,
               (unsigned long long)report->unusable, (unsigned long long)report->restored);
}

static void add_note(struct buf *ret, struct str text)
{
    buf_add(ret, ret->at[ret->len - 1] == '[' ? STR("") : STR(","));
    buf_add_json(ret, text);
}

// Sheets that were left aside, rows and columns that the sheet hides: told, since nobody sees them on a screen.
static void add_sheets(const struct table *t, struct buf *ret)
{
    char   text[512];
    size_t visible = 0;

    for (size_t i = 0; i < table_sheets(t); i++) {
        visible += !table_sheet_is_hidden(t, i);
    }
    if (visible > 1) {
        struct str name = partner_cut(table_sheet_name(t, (size_t)table_sheet(t)), 200);
        snprintf(text, sizeof text, "Le classeur a %zu feuilles visibles : seule « %.*s » est lue",
                 visible, STR_ARG(name));
        add_note(ret, str_of(text));
    }
    if (table_hidden(t)) {
        const char *s = table_hidden(t) > 1 ? "s" : "";
        snprintf(text, sizeof text,
                 "La feuille masque %llu ligne%s (filtre, lignes repliées), lue%s comme les autres",
                 (unsigned long long)table_hidden(t), s, s);
        add_note(ret, str_of(text));
    }
    if (table_hidden_columns(t)) {
        const char *s = table_hidden_columns(t) > 1 ? "s" : "";
        snprintf(text, sizeof text, "La feuille masque %zu colonne%s, lue%s comme les autres",
                 table_hidden_columns(t), s, s);
        add_note(ret, str_of(text));
    }
}

void partner_add_notes(const struct partner_report *report, const struct table *t, struct buf *ret)
{
    static bool (*const told[])(const struct table *t, struct import_problem *p) = {
        table_unquoted, table_cleared, table_mended, table_lost, table_filled,
    };
    char                  text[1024];
    struct import_problem p;

    buf_add(ret, STR(",\"notes\":["));
    if (report->has_conversion) {
        add_note(ret, str_of(import_problem_text(&report->conversion, text, sizeof text)));
    }
    for (size_t i = 0; i < LENGTH(told); i++) {
        if (told[i](t, &p)) {
            add_note(ret, str_of(import_problem_text(&p, text, sizeof text)));
        }
    }
    if (report->is_unterminated) {
        add_note(ret, str_of(import_problem_text(&report->unterminated, text, sizeof text)));
    }
    if (report->repeats) {
        snprintf(text, sizeof text,
                 "%llu ligne%s le SIRET d’une ligne plus haut (ligne %llu : même SIRET que la "
                 "ligne %llu)",
                 (unsigned long long)report->repeats, report->repeats > 1 ? "s ont" : " a",
                 (unsigned long long)report->repeat, (unsigned long long)report->repeated);
        add_note(ret, str_of(text));
    }
    add_sheets(t, ret);
    buf_add_char(ret, ']');
}

static enum import_result merge(struct db *db, int64_t file, const struct reading *r,
                                struct partner_watch watch, struct partner_report *ret)
{
    char separator[2] = { table_separator(r->table), '\0' };

    if (!goes_on(watch, "matching", 0, 0)) {
        return IMPORT_STOPPED;
    }
    if (!partner_match(db)) {
        return IMPORT_FAILED;
    }
    int64_t            opposed = 0;
    enum import_result outcome = write_all(db, file, watch, &opposed);
    if (outcome != IMPORT_DONE) {
        return outcome;
    }
    if (!partner_count_all(db, ret)) {
        return IMPORT_FAILED;
    }
    struct buf summary = buf_init(1024), open = buf_init(MIB(1)), seen = buf_init(MIB(16)),
               names = buf_init(MIB(1)), columns = buf_init(KIB(16));
    partner_add_counts(ret, &summary);
    buf_printf(&summary, ",\"opposed\":%lld}", (long long)opposed);
    reading_describe(r, &open, &seen);
    reading_names(r, &names);
    partner_add_notes(ret, r->table, &open);
    buf_add_char(&open, '}');
    layout_columns(&r->layout, &columns);
    bool is_failed =
        failed(partner_done(db, file, table_encoding(r->table),
                            separator[0] ? str_of(separator) : (struct str){ 0 }, buf_str(&summary),
                            buf_str(&open), reading_seal(r, file, &seen), buf_str(&names))) ||
        failed(partner_forget_lines(db, file)) ||
        ((r->by_person || r->is_known) && r->layout.header &&
         failed(partner_remember(db, file, (struct str){ (const char *)r->print, LAYOUT_PRINT },
                                 buf_str(&columns), r->layout.lines)));
    buf_done(&columns);
    buf_done(&names);
    buf_done(&seen);
    buf_done(&open);
    buf_done(&summary);
    return is_failed ? IMPORT_FAILED : IMPORT_DONE;
}

// From the file to the staging table.
enum import_result partner_take_in(struct db *db, struct reading *r, int64_t file,
                                   struct partner_watch watch, struct partner_report *ret,
                                   struct import_problem *p)
{
    struct partner_run run;

    if (!partner_begin(&run, r->table, &r->view, &r->layout, p)) {
        return IMPORT_WRONG;
    }
    if (file && !reading_keep(r, db, file, &run)) {
        return IMPORT_FAILED;
    }
    enum import_result outcome = stage(db, r->table, &run, watch, p);
    arena_free(run.arena);
    if (outcome == IMPORT_DONE) {
        ret->restored        = run.restored;
        ret->has_conversion  = table_converted(r->table, &ret->conversion);
        ret->is_unterminated = table_unterminated(r->table, &ret->unterminated);
    }
    return outcome;
}

static enum import_result run_in_transaction(struct db *db, int64_t file,
                                             struct partner_watch watch, struct partner_report *ret,
                                             struct import_problem *p)
{
    struct reading r;

    if (failed(partner_lock(db))) {
        return IMPORT_FAILED;
    }
    CLEANUP(result_done) struct result row = partner_file(db, file);
    if (row.err) {
        return IMPORT_FAILED;
    }
    if (!result_count(&row) || result_is_null(&row, 0, 2)) {
        import_problem_set(p, PROBLEM_UNREADABLE, 0, STR(""), STR(""));
        return IMPORT_WRONG;
    }
    // What has ended stays as it ended, whoever asks again.
    if (!str_eq(result_text(&row, 0, 1), STR("received")) &&
        !str_eq(result_text(&row, 0, 1), STR("running"))) {
        ret->is_repeat = true;
        return IMPORT_DONE;
    }
    enum import_result outcome = IMPORT_WRONG;
    int                opened  = reading_open(&r, db, &row, p);
    if (opened < 0) {
        outcome = IMPORT_FAILED;
    } else if (opened > 0 && (((r.by_person || r.is_known) && layout_is_usable(&r.layout)) ||
                              partner_is_plain(&r.view, &r.layout, p))) {
        outcome = partner_take_in(db, &r, file, watch, ret, p);
        if (outcome == IMPORT_DONE) {
            outcome = merge(db, file, &r, watch, ret);
        }
    }
    reading_close(&r);
    return outcome;
}

// Ends the transaction as the outcome says, and says so in the file.
enum import_result partner_conclude(struct db *db, int64_t file, enum import_result outcome,
                                    struct import_problem *p)
{
    if (outcome == IMPORT_DONE && db_commit(db)) {
        outcome = IMPORT_FAILED;
    }
    db_rollback(db);
    if (outcome == IMPORT_WRONG) {
        char       message[1024];
        int32_t    line   = p->line > INT32_MAX ? INT32_MAX : (int32_t)p->line;
        struct str column = p->column[0] ? str_of(p->column) : (struct str){ 0 };
        if (failed(partner_refuse(db, file, line ? &line : NULL, column,
                                  str_of(import_code_name(p->code)),
                                  str_of(import_problem_message(p, message, sizeof message))))) {
            return IMPORT_FAILED;
        }
    }
    return outcome;
}

enum import_result partner_run(struct db *db, int64_t file, struct partner_watch watch,
                               struct partner_report *ret, struct import_problem *p)
{
    *ret = (struct partner_report){ .file = file };
    if (db_begin(db)) {
        return IMPORT_FAILED;
    }
    return partner_conclude(db, file, run_in_transaction(db, file, watch, ret, p), p);
}

struct result partner_stopped_file(struct db *db, int64_t file)
{
    return partner_stopped(db, file);
}
