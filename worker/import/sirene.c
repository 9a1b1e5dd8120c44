#include "import/sirene.h"

#include "import/input.h"

#include "queries.h"

enum { FLUSH = 128 * 1024, LINE_ROOM = 4 * 1024 * 1024 };

struct load {
    struct db             *db;
    struct input          *input;
    struct csv            *csv;
    struct sirene_run      run;
    struct import_progress progress;
    bool                   is_extract;
};

static void tell(struct load *load, bool is_merging)
{
    if (load->progress.tell) {
        load->progress.tell(load->progress.context, input_read(load->input),
                            input_size(load->input), load->run.read, is_merging);
    }
}

static enum import_result done_or_failed(struct result res)
{
    return result_end(res) ? IMPORT_FAILED : IMPORT_DONE;
}

// Reads the whole file into the staging table.
static enum import_result stream(struct load *load, struct import_problem *p)
{
    static struct result (*const stages[])(struct db *) = {
        [SIRENE_ESTABLISHMENTS] = sirene_stage,
        [SIRENE_UNITS] = unit_stage,
        [SIRENE_SUCCESSIONS] = succession_stage,
    };
    enum import_result outcome = IMPORT_DONE;
    enum csv_step      step;
    int64_t            copied = 0;

    if (done_or_failed(stages[load->run.layout.kind](load->db)) != IMPORT_DONE ||
        db_copy_open(load->db, &query_sirene_load)) {
        return IMPORT_FAILED;
    }
    struct buf lines = buf_init(LINE_ROOM);
    while ((step = csv_next(load->csv, p)) == CSV_RECORD) {
        if (!sirene_row(&load->run, load->csv, &lines, p)) {
            outcome = IMPORT_WRONG;
            break;
        }
        if (lines.len >= FLUSH) {
            if (db_copy_write(load->db, buf_str(&lines))) {
                outcome = IMPORT_FAILED;
                break;
            }
            buf_clear(&lines);
            tell(load, false);
        }
    }
    if (outcome == IMPORT_DONE && step == CSV_PROBLEM) {
        outcome = IMPORT_WRONG;
    }
    if (outcome == IMPORT_DONE && load->run.read == 0) {
        import_problem_set(p, PROBLEM_NO_ROWS, 1, STR(""), STR(""));
        outcome = IMPORT_WRONG;
    }
    if (outcome == IMPORT_DONE && lines.len && db_copy_write(load->db, buf_str(&lines))) {
        outcome = IMPORT_FAILED;
    }
    enum err e = db_copy_close(load->db, outcome != IMPORT_DONE, &copied);
    if (outcome == IMPORT_DONE && e) {
        outcome = IMPORT_FAILED;
    }
    buf_done(&lines);
    return outcome;
}

// Refuses a key that comes twice; asked only when the file is not in order.
static enum import_result check_twice(struct load *load, struct import_problem *p)
{
    bool is_units = load->run.layout.kind == SIRENE_UNITS;

    if (load->run.is_sorted || load->run.layout.kind == SIRENE_SUCCESSIONS) {
        return IMPORT_DONE;
    }
    CLEANUP(result_done)
    struct result twice = is_units ? unit_twice(load->db) : sirene_twice(load->db);
    if (twice.err) {
        return IMPORT_FAILED;
    }
    if (result_count(&twice)) {
        import_problem_set(p, PROBLEM_SIRET_TWICE, (uint64_t)result_int(&twice, 0, 0),
                           is_units ? STR("siren") : STR("siret"), result_text(&twice, 0, 1));
        return IMPORT_WRONG;
    }
    return IMPORT_DONE;
}

static enum import_result merge_units(struct load *load, int64_t file, struct sirene_report *ret)
{
    CLEANUP(result_done) struct result merged = unit_merge(load->db, file);
    if (merged.err) {
        return IMPORT_FAILED;
    }
    CLEANUP(result_done) struct result named = unit_name_establishments(load->db);
    if (named.err) {
        return IMPORT_FAILED;
    }
    ret->fresh = (uint64_t)result_int(&merged, 0, 0);
    ret->changed = (uint64_t)result_int(&merged, 0, 1);
    ret->named = (uint64_t)result_int(&named, 0, 0);
    return done_or_failed(unit_golden(load->db));
}

// What partners know of what closed follows its successor, or ends.
static enum import_result follow(struct load *load, struct sirene_report *ret)
{
    CLEANUP(result_done) struct result done = register_follow(load->db);
    if (done.err) {
        return IMPORT_FAILED;
    }
    ret->followed = (uint64_t)result_int(&done, 0, 0);
    ret->undone = (uint64_t)result_int(&done, 0, 1);
    ret->released = (uint64_t)result_int(&done, 0, 2);
    return IMPORT_DONE;
}

static enum import_result merge_establishments(struct load *load, int64_t file,
                                               struct sirene_report *ret)
{
    const struct sirene_layout *has = &load->run.layout;

    if ((has->has_name && done_or_failed(sirene_companies(load->db, file))) ||
        done_or_failed(sirene_today(load->db)) || done_or_failed(sirene_closing(load->db)) ||
        done_or_failed(
            sirene_keep_partners(load->db, has->has_size, has->has_brand, has->has_usual))) {
        return IMPORT_FAILED;
    }
    CLEANUP(result_done)
    struct result merged = sirene_merge(load->db, file, has->has_head, has->has_opened,
                                        has->has_size, has->has_brand, has->has_usual);
    if (merged.err) {
        return IMPORT_FAILED;
    }
    ret->fresh = (uint64_t)result_int(&merged, 0, 0);
    ret->changed = (uint64_t)result_int(&merged, 0, 1);
    return done_or_failed(sirene_golden(load->db)) ? IMPORT_FAILED : follow(load, ret);
}

static enum import_result merge_successions(struct load *load, int64_t file,
                                            struct sirene_report *ret)
{
    CLEANUP(result_done)
    struct result merged = succession_merge(load->db, file);
    if (merged.err) {
        return IMPORT_FAILED;
    }
    ret->fresh = (uint64_t)result_int(&merged, 0, 0);
    ret->changed = (uint64_t)result_int(&merged, 0, 1);
    if (!load->is_extract) {
        CLEANUP(result_done) struct result gone = succession_gone(load->db);
        if (gone.err) {
            return IMPORT_FAILED;
        }
        ret->gone = (uint64_t)result_int(&gone, 0, 0);
    }
    return done_or_failed(succession_no_closing(load->db)) ? IMPORT_FAILED : follow(load, ret);
}

static enum import_result merge_all(struct load *load, int64_t file, struct sirene_report *ret)
{
    static enum import_result (*const merges[])(struct load *, int64_t, struct sirene_report *) = {
        [SIRENE_ESTABLISHMENTS] = merge_establishments,
        [SIRENE_UNITS] = merge_units,
        [SIRENE_SUCCESSIONS] = merge_successions,
    };
    return merges[load->run.layout.kind](load, file, ret);
}

static enum import_result merge(struct load *load, const char *path, struct sirene_report *ret,
                                struct import_problem *p)
{
    static const char *const kinds[] = {
        [SIRENE_ESTABLISHMENTS] = "sirene",
        [SIRENE_UNITS] = "companies",
        [SIRENE_SUCCESSIONS] = "successions",
    };
    unsigned char digest[INPUT_DIGEST_LEN];
    char          separator[2] = { csv_separator(load->csv), '\0' };
    const char   *slash = strrchr(path, '/');
    int64_t       file;

    if (!input_digest(load->input, digest)) {
        import_problem_set(p, PROBLEM_UNREADABLE, 0, STR(""), STR(""));
        return IMPORT_WRONG;
    }
    tell(load, true);
    {
        CLEANUP(result_done)
        struct result row = register_file(
            load->db, str_of(kinds[load->run.layout.kind]), str_of(slash ? slash + 1 : path),
            (struct str){ (char *)digest, sizeof digest }, (int64_t)input_read(load->input),
            STR("UTF-8"), str_of(separator));
        if (row.err) {
            return IMPORT_FAILED;
        }
        file = result_int(&row, 0, 0);
    }
    if (done_or_failed(sirene_analyze(load->db))) {
        return IMPORT_FAILED;
    }
    enum import_result outcome = check_twice(load, p);
    if (outcome == IMPORT_DONE) {
        outcome = merge_all(load, file, ret);
    }
    if (outcome != IMPORT_DONE) {
        return outcome;
    }
    ret->kind = load->run.layout.kind;
    ret->read = load->run.read;
    ret->closed = load->run.closed;
    ret->partial = load->run.partial;
    // Of the successions only those of the list are kept.
    ret->unchanged = ret->kind == SIRENE_SUCCESSIONS ? 0 : ret->read - ret->fresh - ret->changed;
    ret->notes = load->run.notes;

    struct buf summary = buf_init(1024);
    buf_printf(&summary,
               "{\"read\":%llu,\"new\":%llu,\"changed\":%llu,\"unchanged\":%llu,\"closed\":%llu}",
               (unsigned long long)ret->read, (unsigned long long)ret->fresh,
               (unsigned long long)ret->changed, (unsigned long long)ret->unchanged,
               (unsigned long long)ret->closed);
    outcome = done_or_failed(register_done(load->db, file, buf_str(&summary)));
    buf_done(&summary);
    return outcome;
}

static enum import_result import_in_transaction(struct load *load, const char *path,
                                                struct sirene_report *ret, struct import_problem *p)
{
    enum import_result outcome;

    if (done_or_failed(import_no_limit(load->db)) || done_or_failed(import_lock(load->db))) {
        return IMPORT_FAILED;
    }
    outcome = stream(load, p);
    if (outcome == IMPORT_DONE) {
        outcome = merge(load, path, ret, p);
    }
    return outcome;
}

enum import_result sirene_import(struct db *db, const char *path, bool is_extract,
                                 struct import_progress progress, struct sirene_report *ret,
                                 struct import_problem *p)
{
    struct load        load = { .db = db, .progress = progress, .is_extract = is_extract };
    enum import_result outcome = IMPORT_WRONG;

    *ret = (struct sirene_report){ 0 };
    load.input = input_open(path, -1, 0, p);
    if (load.input) {
        load.csv = csv_open(input_source(load.input), (struct csv_options){ .utf8_only = true }, p);
    }
    // The header is judged before anything is asked from the database.
    if (load.csv) {
        enum csv_step step = csv_next(load.csv, p);
        if (step == CSV_END) {
            import_problem_set(p, PROBLEM_EMPTY, 1, STR(""), STR(""));
        } else if (step == CSV_RECORD) {
            csv_set_header(load.csv);
            if (sirene_begin(&load.run, load.csv, p)) {
                outcome = db_begin(db) ? IMPORT_FAILED : IMPORT_DONE;
            }
        }
    }
    if (outcome == IMPORT_DONE) {
        outcome = import_in_transaction(&load, path, ret, p);
        if (outcome == IMPORT_DONE && db_commit(db)) {
            outcome = IMPORT_FAILED;
        }
        db_rollback(db);
    }
    csv_free(load.csv);
    input_close(load.input);
    return outcome;
}
