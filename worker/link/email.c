#include "link/email.h"

static const char *const providers[] = {
    "gmail.com",   "googlemail.com", "orange.fr",   "wanadoo.fr",       "free.fr",
    "sfr.fr",      "hotmail.fr",     "hotmail.com", "outlook.fr",       "outlook.com",
    "laposte.net", "yahoo.fr",       "yahoo.com",   "live.fr",          "live.com",
    "msn.com",     "bbox.fr",        "neuf.fr",     "numericable.fr",   "aol.com",
    "aol.fr",      "icloud.com",     "me.com",      "mac.com",          "protonmail.com",
    "proton.me",   "gmx.fr",         "gmx.com",     "club-internet.fr", "aliceadsl.fr",
    "cegetel.net", "noos.fr",        "tele2.fr",    "voila.fr",         "caramail.com",
    "ymail.com",   "9online.fr",     "bouygtel.fr", "libertysurf.fr",   "nordnet.fr",
    "mailo.com",   "zaclys.net",
};

static const char *const generic[] = {
    "contact",         "contacts",      "accueil",      "info",         "infos",
    "information",     "mairie",        "direction",    "rh",           "drh",
    "secretariat",     "compta",        "comptabilite", "commercial",   "administration",
    "admin",           "recrutement",   "emploi",       "jobs",         "job",
    "office",          "hello",         "bonjour",      "service",      "services",
    "client",          "clients",       "sav",          "vente",        "ventes",
    "devis",           "facturation",   "gestion",      "bureau",       "siege",
    "agence",          "magasin",       "boutique",     "reception",    "reservation",
    "standard",        "communication", "webmaster",    "noreply",      "no-reply",
    "ne-pas-repondre", "ccas",          "mediatheque",  "bibliotheque", "president",
    "presidence",      "tresorier",     "association",  "formation",    "candidature",
    "candidatures",
};

static bool listed(const char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_local(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == '+' || c == '\'' || (unsigned char)c >= 0x80;
}

static bool is_domain(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || (unsigned char)c >= 0x80;
}

static void lower(struct str from, char *to)
{
    for (size_t i = 0; i < from.len; i++) {
        char c = from.at[i];
        to[i]  = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    to[from.len] = '\0';
}

// True when a blank or quotation mark beyond ASCII stands at index: U+00A0, U+2000 to U+203F,
// U+FEFF.
static bool is_sign(struct str text, size_t index)
{
    struct str rest = str_sub(text, index, 3);
    return str_starts(rest, STR("\xC2\xA0")) || str_starts(rest, STR("\xE2\x80")) ||
           str_starts(rest, STR("\xEF\xBB\xBF"));
}

// The address around the @ at index; false when it is none.
static bool read_at(struct str text, size_t index, struct email *ret)
{
    size_t from = index, to = index + 1;

    while (from && is_local(text.at[from - 1]) && !(from > 1 && is_sign(text, from - 2)) &&
           !(from > 2 && is_sign(text, from - 3))) {
        from--;
    }
    while (to < text.len && is_domain(text.at[to]) && !is_sign(text, to)) {
        to++;
    }
    while (to > index + 1 && (text.at[to - 1] == '.' || text.at[to - 1] == '-')) {
        to--;
    }
    struct str local  = str_sub(text, from, index - from);
    struct str domain = str_sub(text, index + 1, to - index - 1);
    local             = str_sub(local, 0, str_index(local, '+'));
    if (!local.len || local.len > EMAIL_LOCAL_MAX || domain.len > EMAIL_DOMAIN_MAX ||
        str_index(domain, '.') == 0 || str_index(domain, '.') == domain.len) {
        return false;
    }
    lower(local, ret->local);
    lower(domain, ret->domain);
    ret->is_free    = listed(providers, LENGTH(providers), ret->domain);
    ret->is_generic = listed(generic, LENGTH(generic), ret->local);
    return true;
}

void email_read(struct str text, struct email *ret)
{
    ret->local[0] = ret->domain[0] = '\0';
    ret->is_free = ret->is_generic = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '@' && read_at(text, i, ret)) {
            return;
        }
    }
}
