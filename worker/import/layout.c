#include "import/layout.h"

#include <sodium.h>

#include "import/columns.h"
#include "import/layout_words.h"
#include "import/partner_value.h"
#include "import/siret.h"

static struct str cell(const struct layout_row *row, size_t i)
{
    struct str text = i < row->count ? str_trim(row->fields[i]) : (struct str){ 0 };

    return text.len ? text : STR("");
}

bool layout_look(struct layout_view *v, struct arena *a, struct table *t, struct import_problem *p)
{
    v->arena = a;
    v->count = 0;
    while (v->count < LAYOUT_SAMPLE) {
        enum csv_step step = table_next(t, p);
        if (step == CSV_PROBLEM) {
            return false;
        }
        if (step == CSV_END) {
            break;
        }
        struct layout_row *row = &v->rows[v->count++];
        row->line              = table_line(t);
        row->count             = table_count(t);
        row->fields            = ARENA_ARRAY(a, struct str, row->count ? row->count : 1);
        for (size_t i = 0; i < row->count; i++) {
            row->fields[i] = arena_str(a, table_field(t, i));
        }
    }
    if (!v->count) {
        import_problem_set(p, PROBLEM_EMPTY, 1, STR(""), STR(""));
    }
    return v->count > 0;
}

static const struct layout_row *row_at(const struct layout_view *v, uint64_t line,
                                       size_t *ret_index)
{
    for (size_t i = 0; i < v->count; i++) {
        if (line && v->rows[i].line == line) {
            *ret_index = i;
            return &v->rows[i];
        }
    }
    return NULL;
}

const struct layout_row *layout_header(const struct layout_view *v, const struct layout *l)
{
    size_t index;

    return row_at(v, l->header, &index);
}

// The line of groups above a header of two lines.
static const struct layout_row *groups_of(const struct layout_view *v, const struct layout *l)
{
    size_t index = 0;

    return l->lines == 2 && row_at(v, l->header, &index) && index > 0 ? &v->rows[index - 1] : NULL;
}

// The group a column stands under: a merged cell has its text in its first column only.
static struct str group_of(const struct layout_row *groups, size_t i)
{
    for (size_t k = i + 1; groups && k-- > 0;) {
        struct str text = cell(groups, k);
        if (text.len) {
            return text;
        }
    }
    return STR("");
}

// A header cell merged over both lines has its text in the upper one.
static struct str name_of(const struct layout_row *groups, const struct layout_row *row, size_t i)
{
    struct str text = cell(row, i);

    return text.len || !groups ? text : cell(groups, i);
}

// "Nom" beside "Prénom" is a person's name, not an employer's.
static bool is_of_person(const struct layout_row *groups, const struct layout_row *row, size_t i,
                         const char *own)
{
    char   beside[KEY_MAX];
    size_t rank;

    for (size_t k = i ? i - 1 : 0; strcmp(own, "nom") == 0 && k <= i + 1; k++) {
        column_key(name_of(groups, row, k), beside);
        if (layout_word_of(beside, &rank) == PARTNER_GIVEN_NAME) {
            return true;
        }
    }
    return false;
}

// What a column means by its name, under its group first.
static int named(const struct layout_row *groups, const struct layout_row *row, size_t i,
                 size_t *ret_rank)
{
    char       own[KEY_MAX], whole[2 * KEY_MAX];
    struct str group = group_of(groups, i);

    column_key(name_of(groups, row, i), own);
    if (group.len && cell(row, i).len) {
        char above[KEY_MAX];
        column_key(group, above);
        snprintf(whole, sizeof whole, "%s%s", above, own);
        int meaning = layout_word_of(whole, ret_rank);
        if (meaning != LAYOUT_NONE) {
            return meaning;
        }
    }
    if (is_of_person(groups, row, i, own)) {
        *ret_rank = SIZE_MAX;
        return PARTNER_CONTACT;
    }
    return layout_word_of(own, ret_rank);
}

// Gives each column its meaning by name. When several have the same, the commonest name wins.
static size_t name_columns(const struct layout_row *groups, const struct layout_row *row,
                           struct layout *l)
{
    size_t rank_of[PARTNER_FIELDS], found = 0;
    int    column_of[PARTNER_FIELDS];

    for (int f = 0; f < PARTNER_FIELDS; f++) {
        column_of[f] = LAYOUT_NONE;
    }
    for (size_t i = 0; i < l->count; i++) {
        size_t rank = 0;
        int    f    = named(groups, row, i, &rank);
        if (f == LAYOUT_NONE) {
            continue;
        }
        if (column_of[f] != LAYOUT_NONE) {
            if (rank == rank_of[f] && l->twice == LAYOUT_NONE) {
                l->twice = (int)i;
            }
            if (rank >= rank_of[f]) {
                continue;
            }
            l->meaning[column_of[f]] = LAYOUT_NONE;
            l->source[column_of[f]]  = LAYOUT_NOBODY;
        } else {
            found++;
        }
        column_of[f]  = (int)i;
        rank_of[f]    = rank;
        l->meaning[i] = (int8_t)f;
        l->source[i]  = LAYOUT_NAME;
    }
    return found;
}

static void clear(struct layout *l, uint64_t header, int lines, size_t count)
{
    memset(l, 0, sizeof *l);
    l->header = header;
    l->lines  = lines;
    l->count  = count;
    l->twice  = LAYOUT_NONE;
    memset(l->meaning, LAYOUT_NONE, sizeof l->meaning);
}

static bool has(const struct layout *l, int field)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->meaning[i] == field) {
            return true;
        }
    }
    return false;
}

bool layout_is_usable(const struct layout *l)
{
    return has(l, PARTNER_SIRET) || has(l, PARTNER_NAME) || has(l, PARTNER_BRAND) ||
           (has(l, PARTNER_SIREN) && has(l, PARTNER_NIC));
}

static bool holds_siret(struct str text)
{
    char siret[SIRET_LEN + 1];

    return siret_is_read(siret_read(text, siret));
}

static bool holds_email(struct str text)
{
    char email[EMAIL_ROOM];

    partner_email(text, email);
    return email[0] != '\0';
}

// A bare number of nine digits may be a SIREN.
static bool holds_phone(struct str text)
{
    char phone[PHONE_ROOM];

    partner_phone(text, phone);
    return phone[0] && text.len && (text.at[0] == '0' || text.at[0] == '+' || text.at[0] == '(');
}

static bool holds_postcode(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
    }
    return text.len == 5;
}

static bool holds_naf(struct str text)
{
    char naf[6];

    return partner_naf(text, naf).len > 0;
}

// What a column without a telling name may be told by, surest first.
static const struct sign {
    enum partner_field field;
    bool (*holds)(struct str text);
    unsigned share; // at least so many of a hundred values
} signs[] = {
    { PARTNER_SIRET, holds_siret, 50 },       { PARTNER_EMAIL, holds_email, 60 },
    { PARTNER_NAF, holds_naf, 80 },           { PARTNER_PHONE, holds_phone, 80 },
    { PARTNER_POSTCODE, holds_postcode, 95 },
};

static void read_columns(const struct layout_view *v, size_t from, struct layout *l)
{
    for (size_t s = 0; s < LENGTH(signs); s++) {
        size_t best = 0, best_column = 0;
        if (has(l, (int)signs[s].field)) {
            continue;
        }
        for (size_t i = 0; i < l->count; i++) {
            size_t values = 0, right = 0;
            for (size_t r = from; l->meaning[i] == LAYOUT_NONE && r < v->count; r++) {
                struct str text = cell(&v->rows[r], i);
                values += text.len > 0;
                right += text.len && signs[s].holds(text);
            }
            if (right > best && right * 100 >= values * signs[s].share) {
                best        = right;
                best_column = i;
            }
        }
        if (best) {
            l->meaning[best_column] = (int8_t)signs[s].field;
            l->source[best_column]  = LAYOUT_CONTENT;
        }
    }
}

static size_t trimmed(const struct layout_row *row)
{
    size_t count = row->count;

    while (count > 1 && !cell(row, count - 1).len) {
        count--;
    }
    return count;
}

// The columns of a table under a header: as many as it names, or more when a sheet has more.
static size_t width_of(const struct layout_row *groups, const struct layout_row *row)
{
    size_t count = trimmed(row);

    if (groups && trimmed(groups) > count) {
        count = trimmed(groups) < row->count ? trimmed(groups) : row->count;
    }
    return count < CSV_COLUMN_MAX ? count : CSV_COLUMN_MAX;
}

void layout_guess_at(const struct layout_view *v, uint64_t header, int lines, struct layout *ret)
{
    size_t                   index = 0;
    const struct layout_row *row   = row_at(v, header, &index);

    if (!row) {
        size_t count = 0;
        for (size_t r = 0; r < v->count; r++) {
            size_t n = trimmed(&v->rows[r]);
            count    = n > count ? n : count;
        }
        clear(ret, 0, 1, count < CSV_COLUMN_MAX ? count : CSV_COLUMN_MAX);
        read_columns(v, 0, ret);
        return;
    }
    const struct layout_row *groups = lines == 2 && index > 0 ? &v->rows[index - 1] : NULL;
    clear(ret, header, groups ? 2 : 1, width_of(groups, row));
    name_columns(groups, row, ret);
    read_columns(v, index + 1, ret);
}

// A line of groups has a word over several columns, and stands right above.
static bool may_be_groups(const struct layout_row *above, const struct layout_row *row)
{
    size_t words = 0, gaps = 0;

    for (size_t i = 0; i < trimmed(row); i++) {
        words += cell(above, i).len > 0;
        gaps += !cell(above, i).len;
    }
    return words >= 2 && gaps >= 1;
}

void layout_guess(const struct layout_view *v, struct layout *ret)
{
    size_t   best = 0, widest = 0;
    uint64_t line = 0, wide = v->rows[0].line;
    int      lines = 1;

    for (size_t r = 0; r < v->count && r < LAYOUT_TOP; r++) {
        const struct layout_row *row = &v->rows[r];
        struct layout            one;
        clear(&one, row->line, 1, width_of(NULL, row));
        size_t alone = name_columns(NULL, row, &one);
        // One known word among many others is chance, unless it tells the establishment.
        if (alone > best && (alone > 1 || layout_is_usable(&one))) {
            best  = alone;
            line  = row->line;
            lines = 1;
        }
        if (r > 0 && alone > 0 && may_be_groups(row - 1, row)) {
            clear(&one, row->line, 2, width_of(row - 1, row));
            size_t both = name_columns(row - 1, row, &one);
            if (both > best || (both == best && line == row->line)) {
                best  = both;
                line  = row->line;
                lines = 2;
            }
        }
        if (trimmed(row) > widest) {
            widest = trimmed(row);
            wide   = row->line;
        }
    }
    if (line) {
        layout_guess_at(v, line, lines, ret);
        return;
    }
    // No name is known: a table without header begins with a SIRET; else the names are unusual.
    layout_guess_at(v, 0, 1, ret);
    bool is_bare = false;
    for (size_t i = 0; i < ret->count; i++) {
        is_bare |= ret->meaning[i] == PARTNER_SIRET && holds_siret(cell(&v->rows[0], i));
    }
    if (!is_bare) {
        layout_guess_at(v, wide, 1, ret);
    }
}

void layout_apply(struct layout *l, struct str columns, enum layout_source source)
{
    struct layout guess = *l;
    size_t        i     = 0;

    memset(l->meaning, LAYOUT_NONE, sizeof l->meaning);
    memset(l->source, LAYOUT_NOBODY, sizeof l->source);
    for (struct str name; i < l->count && str_cut(&columns, '|', &name); i++) {
        for (int f = 0; f < PARTNER_FIELDS; f++) {
            if (str_eq(name, str_of(layout_words[f].wire)) && !has(l, f)) {
                l->meaning[i] = (int8_t)f;
            }
        }
        // A person who changes one column has not chosen what was guessed right of the others.
        bool is_guess = source == LAYOUT_PERSON && l->meaning[i] != LAYOUT_NONE &&
                        l->meaning[i] == guess.meaning[i];
        l->source[i] = is_guess ? guess.source[i] : (uint8_t)source;
    }
}

void layout_columns(const struct layout *l, struct buf *ret)
{
    for (size_t i = 0; i < l->count; i++) {
        if (i) {
            buf_add_char(ret, '|');
        }
        if (l->meaning[i] != LAYOUT_NONE) {
            buf_add(ret, str_of(layout_words[(int)l->meaning[i]].wire));
        }
    }
}

struct str *layout_names(const struct layout_view *v, const struct layout *l)
{
    size_t                   count = l->count;
    const struct layout_row *row = layout_header(v, l), *groups = groups_of(v, l);
    struct str              *names = ARENA_ARRAY(v->arena, struct str, count ? count : 1);

    for (size_t i = 0; i < count; i++) {
        names[i] = row ? name_of(groups, row, i) : STR("");
        // "Contact" above "Nom": said whole, or there would be two columns called "Nom".
        for (size_t k = 0; groups && k < i && names[i].len; k++) {
            if (str_eq(names[k], names[i]) && cell(row, i).len) {
                names[i] = arena_printf(v->arena, "%.*s %.*s", STR_ARG(group_of(groups, i)),
                                        STR_ARG(cell(row, i)));
                break;
            }
        }
        if (!names[i].len) {
            names[i] = arena_printf(v->arena, "colonne %zu", i + 1);
        }
        struct str plain = names[i];
        for (size_t k = 0, n = 2; k < i; k++) {
            if (str_eq(names[k], names[i])) {
                names[i] = arena_printf(v->arena, "%.*s (%zu)", STR_ARG(plain), n++);
                k        = (size_t)-1; // the new name may be taken too
            }
        }
    }
    return names;
}

void layout_fingerprint(const struct layout_row *row, unsigned char ret[LAYOUT_PRINT])
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < trimmed(row); i++) {
        char key[KEY_MAX];
        column_key(cell(row, i), key);
        crypto_hash_sha256_update(&state, (const unsigned char *)key, strlen(key) + 1);
    }
    crypto_hash_sha256_final(&state, ret);
}
