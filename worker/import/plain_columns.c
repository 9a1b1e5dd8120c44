#include "import/plain_columns.h"

#include <string.h>

#include "import/columns.h"
#include "import/partner_value.h"

enum {
    VALUES      = 60, // different ones that a code may have
    LENGTH_MOST = 60, // bytes of one
};

// What columns of establishments mean.
static bool is_plain(int meaning)
{
    switch (meaning) {
    case PARTNER_SIRET:
    case PARTNER_SIREN:
    case PARTNER_NIC:
    case PARTNER_NAME:
    case PARTNER_BRAND:
    case PARTNER_ADDRESS:
    case PARTNER_POSTCODE:
    case PARTNER_CITY:
    case PARTNER_COMMUNE:
    case PARTNER_NAF:
    case PARTNER_OWN_KEY:
        return true;
    default:
        return false;
    }
}

// The name of a column that may speak of somebody, as api.own_columns leaves them aside too.
static bool speaks_of_persons(struct str name)
{
    static const char *const words[] = {
        "nom",          "name",          "contact",  "interlocut",  "responsable", "dirigeant",
        "tel",          "portable",      "mail",     "courriel",    "adresse",     "rue",
        "voie",         "civil",         "fonction", "employeur",   "raison",      "naissance",
        "commentaire",  "remarque",      "note",     "observation", "referent",    "conseiller",
        "prenom",       "gerant",        "salarie",  "suivi",       "charge",      "agent",
        "gestionnaire", "correspondant", "auteur",   "qui",         "personne",
    };
    char key[KEY_MAX];

    column_key(name, key);
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (strstr(key, words[i])) {
            return true;
        }
    }
    return false;
}

// A telephone number or an address of mail.
static bool reaches_somebody(struct str text)
{
    char phone[PHONE_ROOM];

    partner_phone(text, phone);
    return phone[0] || str_index(text, '@') < text.len;
}

static bool is_capital(struct str word)
{
    unsigned char a = word.len ? (unsigned char)word.at[0] : 0;
    unsigned char b = word.len > 1 ? (unsigned char)word.at[1] : 0;

    return (a >= 'A' && a <= 'Z') || (a == 0xC3 && b >= 0x80 && b <= 0x9E); // À to Þ
}

// Two words that begin with capitals may be a name.
static bool may_be_name(struct str text)
{
    size_t words = 0, capitals = 0;

    for (struct str word; str_cut(&text, ' ', &word);) {
        words += word.len > 0;
        capitals += is_capital(word);
    }
    return words >= 2 && words <= 4 && capitals == words;
}

// Few short values that repeat, none of which reaches anybody.
static bool holds_codes(const struct layout_view *v, const struct layout *l, size_t column)
{
    struct str seen[VALUES];
    size_t     count = 0, filled = 0;

    for (size_t r = 0; r < v->count; r++) {
        const struct layout_row *row = &v->rows[r];
        struct str text = column < row->count ? str_trim(row->fields[column]) : (struct str){ 0 };
        if (row->line <= l->header || !text.len) {
            continue;
        }
        bool is_new = true;
        for (size_t i = 0; i < count; i++) {
            is_new = is_new && !str_eq(seen[i], text);
        }
        if (text.len > LENGTH_MOST || reaches_somebody(text) || may_be_name(text) ||
            (is_new && count == VALUES)) {
            return false;
        }
        if (is_new) {
            seen[count++] = text;
        }
        filled++;
    }
    return count && 2 * count <= filled;
}

static bool is_among(struct str name, struct str names)
{
    for (struct str line; str_cut(&names, '\n', &line);) {
        if (line.len && str_eq(line, name)) {
            return true;
        }
    }
    return false;
}

void plain_columns(const struct layout_view *v, const struct layout *l, const struct str *names,
                   struct str own, bool ret[CSV_COLUMN_MAX])
{
    for (size_t i = 0; i < l->count; i++) {
        ret[i] =
            is_plain(l->meaning[i]) || is_among(names[i], own) ||
            (l->meaning[i] == LAYOUT_NONE && !speaks_of_persons(names[i]) && holds_codes(v, l, i));
    }
}
