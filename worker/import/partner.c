#include "import/partner.h"

#include "import/input.h"
#include "import/partner_person.h"
#include "import/partner_row.h"

#include <sodium.h>

#include "queries.h"

// The content of a file as PostgreSQL gives it: hexadecimal, decoded as it is read.
struct hex {
    struct str text;
    size_t     at;
};

static unsigned nibble(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10) & 15U;
}

static ssize_t hex_read(void *context, char *into, size_t most, struct import_problem *p)
{
    struct hex *hex = context;
    size_t      n = (hex->text.len - hex->at) / 2;

    (void)p;
    n = n < most ? n : most;
    for (size_t i = 0; i < n; i++) {
        const char *two = hex->text.at + hex->at + 2 * i;
        into[i] = (char)(nibble(two[0]) << 4 | nibble(two[1]));
    }
    hex->at += 2 * n;
    return (ssize_t)n;
}

static bool failed(struct result res)
{
    enum err e = res.err;
    result_done(&res);
    return e != OK;
}

enum import_result partner_receive(struct db *db, int64_t organisation, const char *path,
                                   int64_t *ret_file, struct import_problem *p)
{
    unsigned char digest[INPUT_DIGEST_LEN];
    size_t        len;
    const char   *slash = strrchr(path, '/');
    struct str    name = str_of(slash ? slash + 1 : path);
    char         *bytes = input_bytes(path, PARTNER_BYTES_MAX, &len, p);

    if (!bytes) {
        return IMPORT_WRONG;
    }
    crypto_hash_sha256(digest, (unsigned char *)bytes, len);
    struct str hash = { (char *)digest, sizeof digest };
    CLEANUP(result_done)
    struct result row = partner_receive_file(db, organisation, name, hash, (int64_t)len,
                                             (struct str){ bytes, len });
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
static bool is_swollen(uint64_t staged, const struct csv *csv)
{
    return staged > 20 * csv_bytes(csv) + MIB(8);
}

// Reads the whole file into the staging table.
static enum import_result stage(struct db *db, struct csv *csv, struct partner_run *run,
                                struct import_problem *p)
{
    enum import_result    outcome = IMPORT_DONE;
    enum csv_step         step;
    struct import_problem note;
    uint64_t              staged = 0;

    if (failed(partner_stage(db)) || db_copy_open(db, &query_partner_load)) {
        return IMPORT_FAILED;
    }
    struct buf lines = buf_init(16 * (size_t)CSV_LINE_MAX);
    while ((step = csv_next(csv, p)) == CSV_RECORD) {
        partner_row(run, csv, &lines, &note);
        if (lines.len >= KIB(128)) {
            if (db_copy_write(db, buf_str(&lines))) {
                outcome = IMPORT_FAILED;
                break;
            }
            staged += lines.len;
            buf_clear(&lines);
        }
        if (is_swollen(staged, csv)) {
            import_problem_set(p, PROBLEM_SWOLLEN, csv_line(csv), STR(""), STR(""));
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

static enum import_result merge(struct db *db, int64_t file, const struct csv *csv,
                                struct partner_report *ret)
{
    char    separator[2] = { csv_separator(csv), '\0' };
    int64_t opposed = 0;

    if (failed(partner_analyze(db)) || failed(partner_place(db)) || failed(partner_know(db)) ||
        failed(partner_create(db)) || failed(partner_keep(db, file)) ||
        failed(partner_link(db, file)) || failed(partner_value(db, file)) ||
        partner_persons_keep(db, file, &opposed) ||
        failed(partner_complain(db, file, str_of(import_code_sentence(PROBLEM_NO_COMMUNE)),
                                str_of(import_code_sentence(PROBLEM_AMBIGUOUS)),
                                str_of(import_code_sentence(PROBLEM_UNKNOWN_UNIT))))) {
        return IMPORT_FAILED;
    }
    CLEANUP(result_done) struct result counts = partner_count(db);
    if (counts.err) {
        return IMPORT_FAILED;
    }
    ret->read = (uint64_t)result_int(&counts, 0, 0);
    ret->linked = (uint64_t)result_int(&counts, 0, 1);
    ret->created = (uint64_t)result_int(&counts, 0, 2);
    ret->review = (uint64_t)result_int(&counts, 0, 3);
    ret->unusable = (uint64_t)result_int(&counts, 0, 4);

    struct buf summary = buf_init(1024);
    buf_printf(&summary,
               "{\"read\":%llu,\"linked\":%llu,\"created\":%llu,\"review\":%llu,\"unusable\":%llu,"
               "\"restored\":%llu,\"opposed\":%lld}",
               (unsigned long long)ret->read, (unsigned long long)ret->linked,
               (unsigned long long)ret->created, (unsigned long long)ret->review,
               (unsigned long long)ret->unusable, (unsigned long long)ret->restored, (long long)opposed);
    bool is_failed =
        failed(partner_done(db, file, ret->has_conversion ? STR("Windows-1252") : STR("UTF-8"),
                            str_of(separator), buf_str(&summary)));
    buf_done(&summary);
    return is_failed ? IMPORT_FAILED : IMPORT_DONE;
}

static enum import_result run_in_transaction(struct db *db, int64_t file,
                                             struct partner_report *ret, struct import_problem *p)
{
    struct partner_run run = { 0 };

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
    if (str_eq(result_text(&row, 0, 1), STR("done")) ||
        str_eq(result_text(&row, 0, 1), STR("refused"))) {
        ret->is_repeat = true;
        return IMPORT_DONE;
    }
    struct hex  hex = { .text = result_text(&row, 0, 2) };
    struct csv *csv = csv_open((struct csv_source){ .read = hex_read, .context = &hex },
                               (struct csv_options){ 0 }, p);
    if (!csv) {
        return IMPORT_WRONG;
    }
    enum import_result outcome = IMPORT_WRONG;
    if (partner_begin(&run, csv, p)) {
        outcome = stage(db, csv, &run, p);
    }
    if (outcome == IMPORT_DONE) {
        ret->restored = run.restored;
        ret->has_conversion = csv_converted(csv, &ret->conversion);
        ret->is_unterminated = csv_unterminated(csv, &ret->unterminated);
        outcome = merge(db, file, csv, ret);
    }
    csv_free(csv);
    return outcome;
}

enum import_result partner_run(struct db *db, int64_t file, struct partner_report *ret,
                               struct import_problem *p)
{
    enum import_result outcome;

    *ret = (struct partner_report){ .file = file };
    if (db_begin(db)) {
        return IMPORT_FAILED;
    }
    outcome = run_in_transaction(db, file, ret, p);
    if (outcome == IMPORT_DONE && db_commit(db)) {
        outcome = IMPORT_FAILED;
    }
    db_rollback(db);
    if (outcome == IMPORT_WRONG) {
        char       message[1024];
        int32_t    line = p->line > INT32_MAX ? INT32_MAX : (int32_t)p->line;
        struct str column = p->column[0] ? str_of(p->column) : (struct str){ 0 };
        if (failed(partner_refuse(db, file, line ? &line : NULL, column,
                                  str_of(import_code_name(p->code)),
                                  str_of(import_problem_message(p, message, sizeof message))))) {
            return IMPORT_FAILED;
        }
    }
    return outcome;
}
