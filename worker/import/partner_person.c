#include "import/partner_person.h"

#include "base/person.h"
#include "import/copyline.h"

#include "queries.h"

// A bytea in the text of COPY.
static void copy_bytes(struct buf *line, struct str hex)
{
    copy_begin(line);
    buf_add(line, STR("\\\\x"));
    buf_add(line, hex);
}

// The hash of a way to reach a person, as an array of bytea in the text of COPY.
static void copy_hash(struct buf *line, struct arena *a, enum vault_kind kind,
                      const struct str *ways, size_t count)
{
    copy_begin(line);
    buf_add_char(line, '{');
    if (count) {
        buf_add(line, STR("\"\\\\\\\\x"));
        buf_add(line, person_hash(a, kind, ways[0]));
        buf_add_char(line, '"');
    }
    buf_add_char(line, '}');
}

// One person of a row, as a line for the staging table.
static void put_person(struct buf *line, struct arena *a, const struct result *rows, int i)
{
    struct person p       = { .family_name = result_text(rows, i, 3),
                              .given_name  = result_text(rows, i, 4),
                              .position    = result_text(rows, i, 5) };
    int64_t       contact = result_int(rows, i, 6);
    struct str    phone = result_text(rows, i, 7), email = result_text(rows, i, 8);
    // A person without a usable number is a person all the same.
    (void)(!phone.len || person_add_phone(&p, phone, a));
    (void)(!email.len || person_add_email(&p, email, a));
    struct str full   = arena_printf(a, "%.*s %.*s", STR_ARG(p.given_name), STR_ARG(p.family_name));
    struct str sealed = person_seal(a, contact, &p);

    copy_int(line, result_int(rows, i, 0));
    copy_int(line, result_int(rows, i, 1));
    if (result_is_null(rows, i, 2)) {
        copy_null(line);
    } else {
        copy_int(line, result_int(rows, i, 2));
    }
    copy_int(line, contact);
    copy_bytes(line, STR(""));
    buf_add_hex(line, sealed);
    copy_bytes(line, person_hash(a, VAULT_NAME, person_name(full, a)));
    copy_bytes(line, person_hash(a, VAULT_FAMILY, person_name(p.family_name, a)));
    copy_hash(line, a, VAULT_PHONE, p.phones, p.phone_count);
    copy_hash(line, a, VAULT_EMAIL, p.emails, p.email_count);
    copy_end(line);
}

static enum err load(struct db *db, const struct result *rows)
{
    struct arena *a     = arena_new();
    struct buf    lines = buf_init(MIB(1));
    enum err      e     = db_copy_open(db, &query_partner_person_load);

    for (int i = 0; !e && i < result_count(rows); i++) {
        put_person(&lines, a, rows, i);
        if (lines.len >= KIB(128) || i + 1 == result_count(rows)) {
            e = db_copy_write(db, buf_str(&lines));
            buf_clear(&lines);
            arena_reset(a);
        }
    }
    enum err closed = db_copy_close(db, e != OK, NULL);
    buf_done(&lines);
    arena_free(a);
    return e ? e : closed;
}

enum err partner_persons_keep(struct db *db, int64_t file, int64_t *ret_opposed)
{
    CLEANUP(result_done) struct result rows = partner_persons(db, file);
    *ret_opposed                            = 0;
    if (rows.err || result_count(&rows) == 0) {
        return rows.err;
    }
    enum err e = result_end(partner_person_stage(db));
    if (e || (e = load(db, &rows))) {
        return e;
    }
    CLEANUP(result_done) struct result kept = partner_contact(db, file);
    if (kept.err) {
        return kept.err;
    }
    *ret_opposed = result_int(&kept, 0, 1);
    e            = result_end(partner_contact_key(db));
    return e ? e : result_end(partner_wait(db));
}
