#include "import/partner_row.h"

#include "import/columns.h"
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

void partner_phone(struct str text, char ret[PHONE_ROOM])
{
    char   digits[PHONE_ROOM];
    size_t n = 0;
    bool   is_plus = false;

    ret[0] = '\0';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '+' && n == 0) {
            is_plus = true;
        } else if (c == '(' && i + 2 < text.len && text.at[i + 1] == '0' && text.at[i + 2] == ')') {
            i += 2; // +33 (0)1
        } else if (c >= '0' && c <= '9') {
            if (n == 15) {
                return;
            }
            digits[n++] = c;
        } else if ((c == '/' || c == ';' || c == ',') && n >= 9) {
            break; // a second number follows
        }
    }
    if (!is_plus && n > 4 && digits[0] == '0' && digits[1] == '0') {
        is_plus = true;
        n -= 2;
        memmove(digits, digits + 2, n);
    }
    if (is_plus && n >= 11 && digits[0] == '3' && digits[1] == '3') {
        size_t skip = digits[2] == '0' ? 3 : 2;
        n -= skip;
        memmove(digits, digits + skip, n);
        is_plus = false;
    }
    if (!is_plus && n == 9 && digits[0] != '0') {
        memmove(digits + 1, digits, n); // the zero a spreadsheet lost
        digits[0] = '0';
        n++;
    }
    if (is_plus ? n < 6 : (n != 10 || digits[0] != '0')) {
        return;
    }
    ret[0] = '+';
    memcpy(ret + is_plus, digits, n);
    ret[n + is_plus] = '\0';
}

void partner_email(struct str text, char ret[EMAIL_ROOM])
{
    size_t at = str_index(text, '@');

    ret[0] = '\0';
    text = str_trim(text);
    at = str_index(text, '@');
    if (text.len >= EMAIL_ROOM || at == 0 || at > 64 || at + 3 >= text.len ||
        str_index(str_sub(text, at + 1, text.len), '@') != text.len - at - 1 ||
        str_index(str_sub(text, at + 1, text.len), '.') == text.len - at - 1) {
        return;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if ((unsigned char)c <= ' ' || c == ',' || c == ';' || (unsigned char)c >= 0x7F) {
            ret[0] = '\0';
            return;
        }
        ret[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    ret[text.len] = '\0';
}

struct str partner_name(struct str text)
{
    text = str_trim(text);
    while (text.len && strchr("*\" ", text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len && strchr("* ", text.at[text.len - 1])) {
        text.len--;
    }
    if (text.len && text.at[text.len - 1] == '"' &&
        str_index((struct str){ text.at, text.len - 1 }, '"') == text.len - 1) {
        text.len--; // the partner of the quote taken off in front
    }
    return text;
}

static struct str value(const struct partner_run *run, const struct table *t,
                        enum partner_field field)
{
    int        column = run->found[field];
    struct str text = column < 0 ? (struct str){ 0 } : str_trim(table_field(t, (size_t)column));

    return text.len ? text : (struct str){ 0 };
}

// Everything as received: {"SIRET":"…","Enseigne":"…"}; what stands beyond the header, by number.
static void put_received(const struct table *t, struct buf *line, struct buf *json)
{
    size_t headers = table_header_count(t), count = table_count(t);

    buf_clear(json);
    buf_add_char(json, '{');
    for (size_t i = 0; i < headers || i < count; i++) {
        if (i >= headers && !table_field(t, i).len) {
            continue;
        }
        if (json->len > 1) {
            buf_add_char(json, ',');
        }
        if (i < headers) {
            buf_add_json(json, table_header(t, i));
        } else {
            buf_printf(json, "\"colonne %zu\"", i + 1);
        }
        buf_add_char(json, ':');
        buf_add_json(json, table_field(t, i));
    }
    buf_add_char(json, '}');
    copy_begin(line);
    copy_piece(line, buf_str(json));
}

// "ST ETIENNE CEDEX 2" and "Saint-Étienne" meet at "saint etienne".
static void city_key(struct str city, char *ret, size_t size)
{
    char   key[256];
    size_t n = 0;

    words_key(city, key, sizeof key);
    ret[0] = '\0';
    struct str words = str_of(key);
    for (struct str word; str_cut(&words, ' ', &word);) {
        if (str_eq(word, STR("cedex"))) {
            break;
        }
        word = str_eq(word, STR("st")) ? STR("saint") : word;
        word = str_eq(word, STR("ste")) ? STR("sainte") : word;
        if (n + word.len + 2 >= size) {
            break;
        }
        if (n) {
            ret[n++] = ' ';
        }
        memcpy(ret + n, word.at, word.len);
        n += word.len;
        ret[n] = '\0';
    }
}

// "0110" lost its zero: five digits or nothing.
static struct str five_digits(struct str text, char room[5])
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= '0' && text.at[i] <= '9' && n < 5) {
            room[n++] = text.at[i];
        } else if (text.at[i] != ' ') {
            return (struct str){ 0 };
        }
    }
    if (n == 4) {
        memmove(room + 1, room, 4);
        room[0] = '0';
        n = 5;
    }
    return n == 5 ? (struct str){ room, 5 } : (struct str){ 0 };
}

struct str partner_naf(struct str text, char room[6])
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        }
        if (c == '.' || c == ' ') {
            continue;
        }
        bool is_letter = c >= 'A' && c <= 'Z';
        if (n == 6 || (n < 5 && (c < '0' || c > '9')) || (n == 5 && !is_letter)) {
            return (struct str){ 0 };
        }
        room[n++] = c;
        if (n == 2) {
            room[n++] = '.';
        }
    }
    return n == 6 ? (struct str){ room, 6 } : (struct str){ 0 };
}

// At most so many bytes, cut on a character.
static struct str cut(struct str text, size_t most)
{
    if (text.len > most) {
        while (most && ((unsigned char)text.at[most] & 0xC0) == 0x80) {
            most--;
        }
        text.len = most;
    }
    return text;
}

void partner_row(struct partner_run *run, const struct table *t, struct buf *line,
                 struct import_problem *note)
{
    char       siret[SIRET_LEN + 1], siren[SIREN_LEN + 1], phone[PHONE_ROOM], email[EMAIL_ROOM];
    char       city[256], postcode[5], commune[5], naf[6], message[1024];
    struct str text = value(run, t, PARTNER_SIRET);
    struct str name = partner_name(value(run, t, PARTNER_NAME));
    struct str brand = partner_name(value(run, t, PARTNER_BRAND));
    struct buf json = buf_init(8 * (size_t)CSV_LINE_MAX);

    enum import_code code = siret_read(text, siret);
    struct str       header = run->found[PARTNER_SIRET] < 0
                                  ? STR("")
                                  : table_header(t, (size_t)run->found[PARTNER_SIRET]);
    run->read++;
    run->restored += code == PROBLEM_SIRET_RESTORED;
    siren[0] = '\0';
    if (code == PROBLEM_SIRET_IS_SIREN) {
        memcpy(siren, siret, SIREN_LEN + 1);
        siret[0] = '\0';
    } else if (siren_read(value(run, t, PARTNER_SIREN), siren) != PROBLEM_NONE) {
        siren[0] = '\0';
    }
    if (!siret[0] && !name.len && !brand.len) {
        code = code == PROBLEM_SIRET_EMPTY ? PROBLEM_NOTHING_USABLE : code;
    }
    if (run->found[PARTNER_SIRET] < 0 && code == PROBLEM_SIRET_EMPTY) {
        header = STR("");
    }
    import_problem_set(note, code, table_line(t), header, text);

    partner_phone(value(run, t, PARTNER_PHONE), phone);
    partner_email(value(run, t, PARTNER_EMAIL), email);
    city_key(value(run, t, PARTNER_CITY), city, sizeof city);

    copy_int(line, (int64_t)table_line(t));
    put_received(t, line, &json);
    copy_text(line, str_of(siret));
    copy_text(line, str_of(siren));
    copy_text(line, cut(value(run, t, PARTNER_OWN_KEY), 200));
    copy_text(line, cut(name, 300));
    copy_text(line, cut(brand, 300));
    copy_text(line, cut(value(run, t, PARTNER_ADDRESS), 300));
    copy_text(line, five_digits(value(run, t, PARTNER_POSTCODE), postcode));
    copy_text(line, cut(value(run, t, PARTNER_CITY), 200));
    copy_text(line, str_of(city));
    copy_text(line, five_digits(value(run, t, PARTNER_COMMUNE), commune));
    copy_text(line, str_of(phone));
    copy_text(line, str_of(email));
    copy_text(line, partner_naf(value(run, t, PARTNER_NAF), naf));
    copy_text(line, cut(partner_name(value(run, t, PARTNER_CONTACT)), 80));
    copy_text(line, cut(value(run, t, PARTNER_GIVEN_NAME), 80));
    copy_text(line, cut(value(run, t, PARTNER_POSITION), 120));
    copy_text(line, cut(value(run, t, PARTNER_NOTES), 4000));
    if (code) {
        copy_text(line, str_of(import_code_name(code)));
        copy_text(line, header);
        copy_text(line, str_of(import_problem_message(note, message, sizeof message)));
    } else {
        copy_null(line);
        copy_null(line);
        copy_null(line);
    }
    copy_end(line);
    buf_done(&json);
}
