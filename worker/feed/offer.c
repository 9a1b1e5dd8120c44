#include "feed/offer.h"

#include "base/buf.h"
#include "base/secret.h"
#include "feed/text.h"
#include "import/siret.h"

enum { TITLE_MOST = 160, DESCRIPTION_MOST = 6000, REFERENCE_MOST = 120, SALARY_MOST = 120, NAME_MOST = 160, URL_MOST = 500 };

static void blame(struct arena *a, struct feed_offer *o, enum feed_field field, const char *code, const char *sentence, struct str value)
{
    if (o->fault_count == FEED_FAULTS) {
        return;
    }
    struct str shown                = feed_cut(a, feed_line(a, value), 60);
    o->faults[o->fault_count].field = field;
    o->faults[o->fault_count].code  = str_of(code);
    o->faults[o->fault_count++].sentence =
        shown.len ? arena_printf(a, "%s («\u202f%.*s\u202f»)", sentence, STR_ARG(shown)) : str_of(sentence);
}

// --- values -----------------------------------------------------------------------------------------
// Each takes what the feed says and gives what the database takes, or an absent text.

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// The first run of digits, with what follows a point or a comma when `with_fraction`.
static struct str number_in(struct arena *a, struct str text, bool with_fraction)
{
    size_t start = 0, end;
    while (start < text.len && !is_digit(text.at[start])) {
        start++;
    }
    for (end = start; end < text.len && is_digit(text.at[end]);) {
        end++;
    }
    if (with_fraction && end + 1 < text.len && strchr(".,", text.at[end]) && is_digit(text.at[end + 1])) {
        for (end++; end < text.len && is_digit(text.at[end]);) {
            end++;
        }
    }
    char *copy = arena_alloc(a, end - start + 1);
    for (size_t i = start; i < end; i++) {
        copy[i - start] = text.at[i] == ',' ? '.' : text.at[i];
    }
    return end > start ? (struct str){ copy, end - start } : (struct str){ 0 };
}

static struct str posts_of(struct arena *a, struct str text)
{
    int64_t    n;
    struct str number = number_in(a, text, false);
    return str_int(number, &n) && n >= 1 && n <= 500 ? number : (struct str){ 0 };
}

static struct str hours_of(struct arena *a, struct str text)
{
    double     n;
    struct str number = number_in(a, text, true);
    return str_double(number, &n) && n >= 1 && n <= 48 ? arena_printf(a, "%.1f", n) : (struct str){ 0 };
}

static bool is_day(int64_t y, int64_t m, int64_t d)
{
    static const int lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool             is_leap   = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return y >= 2000 && y < 2100 && m >= 1 && m <= 12 && d >= 1 && d <= lengths[m - 1] - (m == 2 && !is_leap);
}

// 2026-09-01T..., 01/09/2026, 1-9-2026, 20260901.
static struct str day_of(struct arena *a, struct str text)
{
    int64_t part[3] = { 0 };
    size_t  count = 0, at = 0, first = 0;
    while (at < text.len && count < 3) {
        size_t start = at;
        while (at < text.len && is_digit(text.at[at]) && at - start < 8) {
            part[count] = part[count] * 10 + (text.at[at] - '0');
            at++;
        }
        if (at == start) {
            return (struct str){ 0 };
        }
        first = count ? first : at - start;
        count++;
        at++; // the separator
    }
    if (first == 8) {
        part[2] = part[0] % 100, part[1] = part[0] / 100 % 100, part[0] /= 10000;
    } else if (first <= 2) {
        int64_t day = part[0];
        part[0] = part[2], part[2] = day;
    } else if (count < 3) {
        return (struct str){ 0 };
    }
    return is_day(part[0], part[1], part[2])
               ? arena_printf(a, "%04d-%02d-%02d", (int)part[0], (int)part[1], (int)part[2])
               : (struct str){ 0 };
}

static struct str rome_of(struct arena *a, struct str text)
{
    for (size_t i = 0; i + 5 <= text.len; i++) {
        char letter = (char)(text.at[i] & ~32);
        bool is_code = letter >= 'A' && letter <= 'N' && (i == 0 || !is_digit(text.at[i - 1]));
        for (size_t k = 1; k < 5 && is_code; k++) {
            is_code = is_digit(text.at[i + k]);
        }
        if (is_code && (i + 5 == text.len || !is_digit(text.at[i + 5]))) {
            return arena_printf(a, "%c%.*s", letter, 4, text.at + i + 1);
        }
    }
    return (struct str){ 0 };
}

static struct str siret_of(struct arena *a, struct str text)
{
    char             siret[SIRET_LEN + 1];
    enum import_code code = siret_read(text, siret);
    return siret_is_read(code) ? arena_str(a, str_of(siret)) : (struct str){ 0 };
}

// Spreadsheets lose the zero of 03000; departments of Corsica are 2A and 2B in codes of communes, 20 in postcodes.
static struct str postcode_of(struct arena *a, struct str text)
{
    struct str digits = number_in(a, text, false);
    if (digits.len == 4) {
        return arena_printf(a, "0%.*s", STR_ARG(digits));
    }
    return digits.len == 5 ? digits : (struct str){ 0 };
}

static struct str commune_of(struct arena *a, struct str text)
{
    if (text.len == 5 && text.at[0] == '2' && strchr("ABab", text.at[1]) && is_digit(text.at[2]) && is_digit(text.at[3]) && is_digit(text.at[4])) {
        return arena_printf(a, "2%c%.*s", text.at[1] & ~32, 3, text.at + 2);
    }
    return postcode_of(a, text);
}

static struct str degrees(struct arena *a, struct str text, double most)
{
    double value;
    char  *copy = arena_alloc(a, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        copy[i] = text.at[i] == ',' ? '.' : text.at[i];
    }
    bool is_one = str_double((struct str){ copy, text.len }, &value) && value >= -most && value <= most && (value > 0 || value < 0);
    return is_one ? arena_printf(a, "%.6f", value) : (struct str){ 0 };
}

static struct str latitude_of(struct arena *a, struct str text)
{
    return degrees(a, text, 90);
}

static struct str longitude_of(struct arena *a, struct str text)
{
    return degrees(a, text, 180);
}

static struct str url_of(struct arena *a, struct str text)
{
    (void)a;
    bool is_one = str_starts(text, STR("http://")) || str_starts(text, STR("https://"));
    return is_one && text.len <= URL_MOST && str_index(text, ' ') == text.len ? text : (struct str){ 0 };
}

static struct str title_of(struct arena *a, struct str text)
{
    struct str title = feed_cut(a, feed_line(a, feed_text(a, text)), TITLE_MOST);
    return str_utf8_count(title) >= 3 ? title : (struct str){ 0 };
}

static struct str description_of(struct arena *a, struct str text)
{
    return feed_cut(a, feed_text(a, text), DESCRIPTION_MOST);
}

static struct str name_of(struct arena *a, struct str text)
{
    return feed_cut(a, feed_line(a, feed_text(a, text)), NAME_MOST);
}

static struct str salary_of(struct arena *a, struct str text)
{
    return feed_cut(a, feed_line(a, feed_text(a, text)), SALARY_MOST);
}

static struct str reference_of(struct arena *a, struct str text)
{
    struct str line = feed_line(a, text);
    return str_utf8_count(line) <= REFERENCE_MOST ? line : (struct str){ 0 };
}

// --- contracts --------------------------------------------------------------------------------------

// Looked for in this order: what is more particular comes first. A word is looked for whole.
static const struct {
    const char *words, *contract;
} known[] = {
    { "apprentissage", "apprenticeship" }, { "apprenti", "apprenticeship" },   { "apprenticeship", "apprenticeship" },
    { "professionnalisation", "professionalisation" },                         { "pro", "professionalisation" },
    { "alternance", "apprenticeship" },    { "alternant", "apprenticeship" },  { "work study", "apprenticeship" },
    { "stage", "internship" },             { "stagiaire", "internship" },      { "internship", "internship" }, { "intern", "internship" },
    { "interim", "interim" },              { "interimaire", "interim" },       { "mission", "interim" }, { "travail temporaire", "interim" },
    { "ctt", "interim" },                  { "mis", "interim" },               { "saisonnier", "seasonal" }, { "saison", "seasonal" },
    { "sai", "seasonal" },                 { "seasonal", "seasonal" },         { "cui", "subsidised" }, { "cae", "subsidised" },
    { "cie", "subsidised" },               { "pec", "subsidised" },            { "contrat aide", "subsidised" }, { "cddi", "subsidised" },
    { "insertion", "subsidised" },         { "cdd", "cdd" },                   { "duree determinee", "cdd" }, { "temporary", "cdd" },
    { "fixed term", "cdd" },               { "temporaire", "cdd" },            { "cdi", "cdi" }, { "duree indeterminee", "cdi" },
    { "permanent", "cdi" },                { "full time", "cdi" },             { "fulltime", "cdi" }, { "regular", "cdi" },
};

static bool has_words(struct str text, struct str words)
{
    for (size_t i = 0; i + words.len <= text.len; i++) {
        bool starts = i == 0 || text.at[i - 1] == ' ';
        bool ends   = i + words.len == text.len || text.at[i + words.len] == ' ';
        if (starts && ends && memcmp(text.at + i, words.at, words.len) == 0) {
            return true;
        }
    }
    return false;
}

struct str feed_contract(struct arena *a, const struct feed_layout *layout, struct str theirs)
{
    struct str folded = feed_fold(a, theirs);
    for (size_t i = 0; layout && i < layout->contract_count; i++) {
        if (str_eq(layout->contracts[i].theirs, folded)) {
            return layout->contracts[i].ours;
        }
    }
    for (size_t i = 0; i < LENGTH(known); i++) {
        if (has_words(folded, str_of(known[i].words))) {
            return str_of(known[i].contract);
        }
    }
    return (struct str){ 0 };
}

// --- an offer ---------------------------------------------------------------------------------------

static const struct {
    struct str (*read)(struct arena *a, struct str text);
    const char *glue, *wrong;
} ways[FEED_FIELDS] = {
    [FEED_REFERENCE]   = { reference_of, " ", "La référence est trop longue" },
    [FEED_TITLE]       = { title_of, " ", "L’intitulé est trop court" },
    [FEED_DESCRIPTION] = { description_of, "\n\n", "La description ne se lit pas" },
    [FEED_ROME]        = { rome_of, " ", "Ce n’est pas un code ROME" },
    [FEED_POSTS]       = { posts_of, " ", "Ce n’est pas un nombre de postes de 1 à 500" },
    [FEED_SALARY]      = { salary_of, " ", "Le salaire ne se lit pas" },
    [FEED_HOURS]       = { hours_of, " ", "Ce ne sont pas des heures par semaine" },
    [FEED_START]       = { day_of, " ", "Ce n’est pas une date" },
    [FEED_SIRET]       = { siret_of, " ", "Ce n’est pas un SIRET" },
    [FEED_COMPANY]     = { name_of, " ", "Le nom ne se lit pas" },
    [FEED_POSTCODE]    = { postcode_of, " ", "Ce n’est pas un code postal" },
    [FEED_CITY]        = { name_of, " ", "La ville ne se lit pas" },
    [FEED_COMMUNE]     = { commune_of, " ", "Ce n’est pas un code de commune" },
    [FEED_LATITUDE]    = { latitude_of, " ", "Ce n’est pas une latitude" },
    [FEED_LONGITUDE]   = { longitude_of, " ", "Ce n’est pas une longitude" },
    [FEED_URL]         = { url_of, " ", "Ce n’est pas une adresse du web" },
};

// What a title says of the contract when nothing else does: only words that mean nothing else there.
static struct str contract_in_title(struct arena *a, struct str title)
{
    static const char *const plain[] = { "apprentissage", "apprenti", "alternance", "alternant", "professionnalisation", "stage", "stagiaire", "interim", "interimaire", "saisonnier", "cdi", "cdd" };
    struct str               folded  = feed_fold(a, title);
    for (size_t i = 0; i < LENGTH(plain); i++) {
        if (has_words(folded, str_of(plain[i]))) {
            return feed_contract(a, NULL, str_of(plain[i]));
        }
    }
    return (struct str){ 0 };
}

static void read_field(struct arena *a, const struct feed_layout *l, const struct feed_node *element, enum feed_field field, struct feed_offer *o)
{
    struct str theirs = l->fields[field].len ? feed_value(a, element, l->fields[field], str_of(field == FEED_CONTRACT ? " " : ways[field].glue)) : (struct str){ 0 };
    bool       is_required = field == FEED_REFERENCE || field == FEED_TITLE || field == FEED_CONTRACT;
    if (str_is_absent(theirs) && field == FEED_CONTRACT) {
        o->values[field] = contract_in_title(a, o->values[FEED_TITLE]);
    }
    if (str_is_absent(theirs)) {
        if (is_required && o->values[field].len == 0) {
            blame(a, o, field, "required", field == FEED_REFERENCE ? "La référence manque" : field == FEED_TITLE ? "L’intitulé manque" : "Le contrat manque", STR(""));
        }
        return;
    }
    struct str ours = field == FEED_CONTRACT ? feed_contract(a, l, theirs) : ways[field].read(a, theirs);
    if (ours.len == 0) {
        blame(a, o, field, field == FEED_CONTRACT ? "unknown" : "format", field == FEED_CONTRACT ? "Ce contrat n’est pas connu" : ways[field].wrong, theirs);
        return;
    }
    o->values[field] = ours;
}

void feed_offer_read(struct arena *a, const struct feed_layout *layout, const struct feed_node *element, struct feed_offer *ret)
{
    *ret = (struct feed_offer){ .line = element->line };
    for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
        read_field(a, layout, element, field, ret);
    }
    ret->is_usable = ret->values[FEED_REFERENCE].len && ret->values[FEED_TITLE].len;
}

struct str feed_offer_print(struct arena *a, const struct feed_offer *o)
{
    struct str parts[2 * FEED_FIELDS];
    uint8_t    hash[SECRET_HASH];
    struct buf text = buf_init(64);
    for (size_t i = 0; i < FEED_FIELDS; i++) {
        parts[2 * i]     = o->values[i].at ? o->values[i] : STR("");
        parts[2 * i + 1] = STR("\x1f");
    }
    secret_hash_parts(parts, LENGTH(parts), hash);
    buf_add_hex(&text, (struct str){ (const char *)hash, 16 });
    struct str print = arena_str(a, buf_str(&text));
    buf_done(&text);
    return print;
}

void feed_offer_write(const struct feed_offer *o, struct buf *out)
{
    bool is_first = true;
    buf_printf(out, "{\"line\":%u,\"usable\":%s,\"offer\":{", o->line, o->is_usable ? "true" : "false");
    for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
        if (o->values[field].len) {
            buf_add(out, is_first ? STR("\"") : STR(",\""));
            buf_add(out, feed_field_name(field));
            buf_add(out, STR("\":"));
            buf_add_json(out, o->values[field]);
            is_first = false;
        }
    }
    buf_add(out, STR("},\"faults\":["));
    for (size_t i = 0; i < o->fault_count; i++) {
        buf_add(out, i ? STR(",{\"field\":") : STR("{\"field\":"));
        buf_add_json(out, feed_field_name(o->faults[i].field));
        buf_add(out, STR(",\"code\":"));
        buf_add_json(out, o->faults[i].code);
        buf_add(out, STR(",\"message\":"));
        buf_add_json(out, o->faults[i].sentence);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("]}"));
}
