#include "import/partner_row.h"

#include "base/vault.h"
#include "import/columns.h"
#include "import/partner_shape.h"
#include "import/partner_value.h"
#include "import/siret.h"

bool partner_begin(struct partner_run *run, struct table *t, const struct layout_view *v,
                   const struct layout *l, struct import_problem *p)
{
    memset(run, 0, sizeof *run);
    for (int f = 0; f < PARTNER_FIELDS; f++) {
        run->found[f] = COLUMN_NONE;
    }
    for (size_t i = 0; i < l->count; i++) {
        if (l->meaning[i] != LAYOUT_NONE) {
            run->found[(int)l->meaning[i]] = (int)i;
        }
    }
    if (!table_rewind(t, p)) {
        return false;
    }
    for (size_t i = 0; l->header && i < v->count && v->rows[i].line <= l->header; i++) {
        if (table_next(t, p) != CSV_RECORD) {
            return false;
        }
    }
    table_set_header(t, layout_names(v, l), l->count);
    table_fill_down(t);
    return true;
}

bool partner_is_plain(const struct layout_view *v, const struct layout *l, struct import_problem *p)
{
    if (!layout_is_usable(l)) {
        import_problem_set(p, PROBLEM_NO_HEADER, v->rows[0].line, STR("1"), STR(""));
        return false;
    }
    if (l->twice != LAYOUT_NONE) {
        const struct layout_row *row = layout_header(v, l);
        import_problem_set(p, PROBLEM_TWICE, row->line, str_trim(row->fields[l->twice]), STR(""));
        return false;
    }
    return true;
}

// What stays readable of a row as received, by the names of its columns.
static void put_plain(const struct partner_run *run, const struct table *t, struct buf *line,
                      struct buf *json)
{
    buf_clear(json);
    buf_add_char(json, '{');
    for (size_t i = 0; i < table_header_count(t); i++) {
        struct str cell = table_field(t, i);
        if (!run->plain[i] || !cell.len) {
            continue;
        }
        buf_add(json, json->len > 1 ? STR(",") : STR(""));
        buf_add_json(json, table_header(t, i));
        buf_add_char(json, ':');
        buf_add_json(json, cell);
    }
    buf_add_char(json, '}');
    copy_begin(line);
    copy_piece(line, buf_str(json));
}

// The whole row as received: its cells, sealed.
static void put_sealed(const struct partner_run *run, const struct table *t, struct buf *line,
                       struct buf *json)
{
    buf_clear(json);
    buf_add_char(json, '[');
    for (size_t i = 0; i < table_count(t); i++) {
        buf_add(json, i ? STR(",") : STR(""));
        buf_add_json(json, table_field(t, i));
    }
    buf_add_char(json, ']');
    struct str sealed = vault_seal(run->arena, VAULT_LINE,
                                   vault_line(run->file, (int64_t)table_line(t)), buf_str(json));
    copy_begin(line);
    buf_add(line, STR("\\\\x"));
    buf_add_hex(line, sealed);
    arena_reset(run->arena);
}

static void put_received(const struct partner_run *run, const struct table *t, struct buf *line)
{
    struct buf json = buf_init(8 * (size_t)CSV_LINE_MAX);

    if (run->file) {
        put_plain(run, t, line, &json);
        put_sealed(run, t, line, &json);
    } else {
        copy_null(line);
        copy_null(line);
    }
    buf_done(&json);
}

// What is to be said of a row: the first thing has columns of its own, the others are an array.
struct remarks {
    struct import_problem first;
    struct buf            others; // JSON
};

static void remark(struct remarks *r, enum import_code code, const struct table *t, int column,
                   struct str value)
{
    struct import_problem p;
    char                  message[1024];

    if (code == PROBLEM_NONE) {
        return;
    }
    import_problem_set(&p, code, table_line(t),
                       column < 0 ? STR("") : table_header(t, (size_t)column), value);
    if (r->first.code == PROBLEM_NONE) {
        r->first = p;
        return;
    }
    buf_add_char(&r->others, r->others.len ? ',' : '[');
    buf_add(&r->others, STR("{\"code\":"));
    buf_add_json(&r->others, str_of(import_code_name(code)));
    buf_add(&r->others, STR(",\"field\":"));
    buf_add_json(&r->others, p.column[0] ? str_of(p.column) : (struct str){ 0 });
    buf_add(&r->others, STR(",\"message\":"));
    buf_add_json(&r->others, str_of(import_problem_message(&p, message, sizeof message)));
    buf_add_char(&r->others, '}');
}

// A received value is repeated only where it speaks of no person: digits, but no telephone number.
static struct str shown(struct str text)
{
    char   phone[PHONE_ROOM];
    size_t letters = 0;

    for (size_t i = 0; i < text.len; i++) {
        letters += (text.at[i] >= 'a' && text.at[i] <= 'z') ||
                   (text.at[i] >= 'A' && text.at[i] <= 'Z') || (unsigned char)text.at[i] >= 0x80;
    }
    partner_phone(text, phone);
    bool is_phone = phone[0] && text.at && (text.at[0] == '0' || text.at[0] == '+');
    return letters > 6 || is_phone || str_index(text, '@') < text.len ? (struct str){ 0 } : text;
}

// What a row says of its establishment's numbers.
static void read_numbers(const struct partner_run *run, const struct partner_cells *c,
                         const struct table *t, struct remarks *remarks, char siret[SIRET_LEN + 1],
                         char siren[SIREN_LEN + 1])
{
    struct str       text = c->at[PARTNER_SIRET], nic = c->at[PARTNER_NIC];
    enum import_code code   = siret_read(text, siret);
    int              column = run->found[PARTNER_SIRET];

    siren[0] = '\0';
    if (code == PROBLEM_SIRET_IS_SIREN) {
        memcpy(siren, siret, SIREN_LEN + 1);
        siret[0] = '\0';
    } else if (siren_read(c->at[PARTNER_SIREN], siren) != PROBLEM_NONE) {
        siren[0] = '\0';
    }
    if (!siret[0] && siren[0] && nic.len) {
        enum import_code whole = siret_of_parts(str_of(siren), nic, siret);
        if (whole == PROBLEM_NONE || code == PROBLEM_SIRET_EMPTY) {
            code   = whole;
            column = run->found[PARTNER_NIC];
            text   = nic;
        }
    }
    bool has_name = c->at[PARTNER_NAME].len || c->at[PARTNER_BRAND].len;
    if (!siret[0] && !has_name && code == PROBLEM_SIRET_EMPTY) {
        code = PROBLEM_NOTHING_USABLE;
    }
    remark(remarks, code, t, column, shown(text));
}

// Ways to reach somebody: what cannot be used is said, without repeating it.
static void read_phone(const struct partner_run *run, const struct partner_cells *c,
                       const struct table *t, enum partner_field field, struct remarks *remarks,
                       char ret[PHONE_ROOM])
{
    struct str text = c->at[field];

    partner_phone(text, ret);
    // 3949 and the like are numbers of four digits, known to everybody.
    if (!ret[0] && text.len && !(text.len <= 5 && text.at[0] == '3')) {
        remark(remarks, PROBLEM_PHONE_BAD, t, run->found[field], (struct str){ 0 });
    }
}

static void read_email(const struct partner_run *run, const struct partner_cells *c,
                       const struct table *t, enum partner_field field, struct remarks *remarks,
                       char ret[EMAIL_ROOM])
{
    partner_email(c->at[field], ret);
    if (!ret[0] && c->at[field].len) {
        remark(remarks, PROBLEM_EMAIL_BAD, t, run->found[field], (struct str){ 0 });
    }
}

struct ways {
    char phone[PHONE_ROOM], email[EMAIL_ROOM], own_phone[PHONE_ROOM], own_email[EMAIL_ROOM];
};

// The employer's telephone and mail, and the person's own. What is given of a person where no
// person is named is the employer's; an address that bears the person's name is the person's.
static void read_ways(const struct partner_run *run, const struct partner_cells *c,
                      const struct table *t, struct remarks *remarks, struct ways *ret)
{
    struct str family = partner_name(c->at[PARTNER_CONTACT]);

    read_phone(run, c, t, PARTNER_PHONE, remarks, ret->phone);
    read_email(run, c, t, PARTNER_EMAIL, remarks, ret->email);
    read_phone(run, c, t, PARTNER_CONTACT_PHONE, remarks, ret->own_phone);
    read_email(run, c, t, PARTNER_CONTACT_EMAIL, remarks, ret->own_email);
    if (!family.len) {
        if (!ret->phone[0]) {
            memcpy(ret->phone, ret->own_phone, PHONE_ROOM);
        }
        if (!ret->email[0]) {
            memcpy(ret->email, ret->own_email, EMAIL_ROOM);
        }
        ret->own_phone[0] = ret->own_email[0] = '\0';
    } else if (ret->email[0] && !ret->own_email[0] && partner_is_personal(ret->email, family)) {
        memcpy(ret->own_email, ret->email, EMAIL_ROOM);
        ret->email[0] = '\0';
    }
}

static void put_remarks(struct buf *line, struct remarks *remarks)
{
    char message[1024];

    if (remarks->first.code) {
        copy_text(line, str_of(import_code_name(remarks->first.code)));
        copy_text(line, str_of(remarks->first.column));
        copy_text(line, str_of(import_problem_message(&remarks->first, message, sizeof message)));
    } else {
        copy_null(line);
        copy_null(line);
        copy_null(line);
    }
    if (remarks->others.len) {
        buf_add_char(&remarks->others, ']');
        copy_text(line, buf_str(&remarks->others));
    } else {
        copy_null(line);
    }
}

bool partner_row(struct partner_run *run, const struct table *t, struct buf *line,
                 struct import_problem *note)
{
    char                  siret[SIRET_LEN + 1] = "", siren[SIREN_LEN + 1] = "", city_key[CITY_ROOM];
    char                  postcode[5], commune[5], naf[6];
    struct ways           ways    = { 0 };
    struct remarks        remarks = { .others = buf_init(KIB(64)) };
    struct import_problem fault;
    struct partner_cells  c;
    enum import_code      shape = partner_cells(run->found, t, &c);
    enum import_code      wrong = table_fault(t, &fault);
    bool is_nobody = shape == PROBLEM_ROW_TOTAL || shape == PROBLEM_ROW_FOOTER ||
                     shape == PROBLEM_ROW_HEADER || shape == PROBLEM_ROW_SHIFTED;

    c.at[PARTNER_NAME]  = partner_name(c.at[PARTNER_NAME]);
    c.at[PARTNER_BRAND] = partner_name(c.at[PARTNER_BRAND]);
    partner_split_place(&c.at[PARTNER_ADDRESS], &c.at[PARTNER_POSTCODE], &c.at[PARTNER_CITY]);
    run->read++;
    // What says why nothing of the row could be read goes before what is missing from it.
    bool is_empty = shape == PROBLEM_ROW_COUNT && !c.at[PARTNER_SIRET].len &&
                    !c.at[PARTNER_NAME].len && !c.at[PARTNER_BRAND].len;
    if (is_nobody || is_empty) {
        remark(&remarks, shape, t, LAYOUT_NONE, (struct str){ 0 });
    } else {
        read_numbers(run, &c, t, &remarks, siret, siren);
        remark(&remarks, shape, t, LAYOUT_NONE, (struct str){ 0 });
        read_ways(run, &c, t, &remarks, &ways);
    }
    if (wrong == PROBLEM_QUOTE_READ) {
        remark(&remarks, wrong, t, LAYOUT_NONE, (struct str){ 0 });
    }
    run->restored += siret[0] && remarks.first.code && siret_is_read(remarks.first.code);
    *note = remarks.first;

    copy_int(line, (int64_t)table_line(t));
    put_received(run, t, line);
    copy_text(line, str_of(siret));
    copy_text(line, str_of(siren));
    copy_text(line, partner_cut(c.at[PARTNER_OWN_KEY], 200));
    copy_text(line, partner_cut(c.at[PARTNER_NAME], 300));
    copy_text(line, partner_cut(c.at[PARTNER_BRAND], 300));
    copy_text(line, partner_cut(c.at[PARTNER_ADDRESS], 300));
    copy_text(line, partner_five(c.at[PARTNER_POSTCODE], postcode));
    copy_text(line, partner_cut(c.at[PARTNER_CITY], 200));
    partner_city_key(c.at[PARTNER_CITY], city_key);
    copy_text(line, str_of(city_key));
    copy_text(line, partner_five(c.at[PARTNER_COMMUNE], commune));
    copy_text(line, str_of(ways.phone));
    copy_text(line, str_of(ways.email));
    copy_text(line, partner_naf(c.at[PARTNER_NAF], naf));
    copy_text(line, partner_cut(partner_name(c.at[PARTNER_CONTACT]), 80));
    copy_text(line, partner_cut(c.at[PARTNER_GIVEN_NAME], 80));
    copy_text(line, partner_cut(c.at[PARTNER_POSITION], 120));
    copy_text(line, str_of(ways.own_phone));
    copy_text(line, str_of(ways.own_email));
    put_remarks(line, &remarks);
    copy_end(line);
    buf_done(&remarks.others);
    // A last line that was cut off is the end of the file, unless it is a total.
    if (wrong == PROBLEM_TRUNCATED && !is_nobody) {
        *note = fault;
        return false;
    }
    return true;
}
