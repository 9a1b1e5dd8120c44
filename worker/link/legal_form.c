#include "link/legal_form.h"

#include "link/distance.h"

// Forms as their words; longer ones first among those that begin alike. A form of one word is short
// enough to be found as it is; longer words may have one typing error.
static const struct {
    const char            *words;
    enum legal_form        form;
    enum legal_form_detail detail;
    bool                   column_only; // too common a word to be a form inside a name
} forms[] = {
    { "societe par actions simplifiee unipersonnelle", FORM_COMPANY, DETAIL_SAS, false },
    { "societe par actions simplifiee a associe unique", FORM_COMPANY, DETAIL_SAS, false },
    { "societe par actions simplifiee", FORM_COMPANY, DETAIL_SAS, false },
    { "sas unipersonnelle", FORM_COMPANY, DETAIL_SAS, false },
    { "sasu", FORM_COMPANY, DETAIL_SAS, false },
    { "sas", FORM_COMPANY, DETAIL_SAS, false },
    { "selasu", FORM_COMPANY, DETAIL_SAS, false },
    { "selas", FORM_COMPANY, DETAIL_SAS, false },
    { "societe a responsabilite limitee a associe unique", FORM_COMPANY, DETAIL_SARL, false },
    { "societe a responsabilite limitee unipersonnelle", FORM_COMPANY, DETAIL_SARL, false },
    { "societe a responsabilite limitee", FORM_COMPANY, DETAIL_SARL, false },
    { "entreprise unipersonnelle a responsabilite limitee", FORM_COMPANY, DETAIL_SARL, false },
    { "sarlu", FORM_COMPANY, DETAIL_SARL, false },
    { "sarl", FORM_COMPANY, DETAIL_SARL, false },
    { "eurl", FORM_COMPANY, DETAIL_SARL, false },
    { "selarlu", FORM_COMPANY, DETAIL_SARL, false },
    { "selarl", FORM_COMPANY, DETAIL_SARL, false },
    { "selurl", FORM_COMPANY, DETAIL_SARL, false },
    { "sa a conseil d administration", FORM_COMPANY, DETAIL_SA, false },
    { "sa a directoire", FORM_COMPANY, DETAIL_SA, false },
    { "societe anonyme a conseil d administration", FORM_COMPANY, DETAIL_SA, false },
    { "societe anonyme a directoire", FORM_COMPANY, DETAIL_SA, false },
    { "societe anonyme", FORM_COMPANY, DETAIL_SA, false },
    { "ste anonyme", FORM_COMPANY, DETAIL_SA, false },
    { "sa", FORM_COMPANY, DETAIL_SA, false },
    { "societe en nom collectif", FORM_COMPANY, DETAIL_OTHER, false },
    { "snc", FORM_COMPANY, DETAIL_OTHER, false },
    { "societe en commandite simple", FORM_COMPANY, DETAIL_OTHER, false },
    { "societe en commandite par actions", FORM_COMPANY, DETAIL_OTHER, false },
    { "groupement d interet economique", FORM_COMPANY, DETAIL_OTHER, false },
    { "gie", FORM_COMPANY, DETAIL_OTHER, false },
    { "earl", FORM_COMPANY, DETAIL_OTHER, false },
    { "gaec", FORM_COMPANY, DETAIL_OTHER, false },
    { "scea", FORM_COMPANY, DETAIL_OTHER, false },
    { "societe civile immobiliere", FORM_CIVIL, DETAIL_OTHER, false },
    { "societe civile professionnelle", FORM_CIVIL, DETAIL_OTHER, false },
    { "societe civile de moyens", FORM_CIVIL, DETAIL_OTHER, false },
    { "societe civile de construction vente", FORM_CIVIL, DETAIL_OTHER, false },
    { "societe civile", FORM_CIVIL, DETAIL_OTHER, true },
    { "sci", FORM_CIVIL, DETAIL_OTHER, false },
    { "scm", FORM_CIVIL, DETAIL_OTHER, false },
    { "scp", FORM_CIVIL, DETAIL_OTHER, false },
    { "sccv", FORM_CIVIL, DETAIL_OTHER, false },
    { "societe cooperative ouvriere de production", FORM_COOPERATIVE, DETAIL_OTHER, false },
    { "societe cooperative et participative", FORM_COOPERATIVE, DETAIL_OTHER, false },
    { "societe cooperative d interet collectif", FORM_COOPERATIVE, DETAIL_OTHER, false },
    { "societe cooperative", FORM_COOPERATIVE, DETAIL_OTHER, true },
    { "scop", FORM_COOPERATIVE, DETAIL_OTHER, false },
    { "scic", FORM_COOPERATIVE, DETAIL_OTHER, false },
    { "cooperative", FORM_COOPERATIVE, DETAIL_OTHER, true },
    { "association loi de 1901", FORM_ASSOCIATION, DETAIL_OTHER, false },
    { "association loi 1901", FORM_ASSOCIATION, DETAIL_OTHER, false },
    { "association declaree", FORM_ASSOCIATION, DETAIL_OTHER, false },
    { "association reconnue d utilite publique", FORM_ASSOCIATION, DETAIL_OTHER, false },
    { "loi 1901", FORM_ASSOCIATION, DETAIL_OTHER, false },
    { "association", FORM_ASSOCIATION, DETAIL_OTHER, true },
    { "asso", FORM_ASSOCIATION, DETAIL_OTHER, true },
    { "fondation", FORM_ASSOCIATION, DETAIL_OTHER, true },
    { "syndicat", FORM_ASSOCIATION, DETAIL_OTHER, true },
    { "mutuelle", FORM_ASSOCIATION, DETAIL_OTHER, true },
    { "entrepreneur individuel a responsabilite limitee", FORM_SOLE, DETAIL_OTHER, false },
    { "entrepreneur individuel", FORM_SOLE, DETAIL_OTHER, false },
    { "entreprise individuelle", FORM_SOLE, DETAIL_OTHER, false },
    { "auto entrepreneur", FORM_SOLE, DETAIL_OTHER, false },
    { "autoentrepreneur", FORM_SOLE, DETAIL_OTHER, false },
    { "micro entrepreneur", FORM_SOLE, DETAIL_OTHER, false },
    { "micro entreprise", FORM_SOLE, DETAIL_OTHER, false },
    { "artisan commercant", FORM_SOLE, DETAIL_OTHER, true },
    { "artisan", FORM_SOLE, DETAIL_OTHER, true },
    { "profession liberale", FORM_SOLE, DETAIL_OTHER, true },
    { "eirl", FORM_SOLE, DETAIL_OTHER, false },
    { "ei", FORM_SOLE, DETAIL_OTHER, false },
    { "commune et commune nouvelle", FORM_PUBLIC, DETAIL_OTHER, false },
    { "commune", FORM_PUBLIC, DETAIL_OTHER, true },
    { "collectivite", FORM_PUBLIC, DETAIL_OTHER, true },
    { "departement", FORM_PUBLIC, DETAIL_OTHER, true },
    { "region", FORM_PUBLIC, DETAIL_OTHER, true },
    { "centre communal d action sociale", FORM_PUBLIC, DETAIL_OTHER, true },
    { "etablissement public", FORM_PUBLIC, DETAIL_OTHER, true },
    { "syndicat mixte", FORM_PUBLIC, DETAIL_OTHER, true },
    { "syndicat intercommunal", FORM_PUBLIC, DETAIL_OTHER, true },
    { "epic", FORM_PUBLIC, DETAIL_OTHER, true },
    { "communaute de communes", FORM_PUBLIC, DETAIL_OTHER, true },
    { "communaute d agglomeration", FORM_PUBLIC, DETAIL_OTHER, true },
};

// Insee legal categories by the beginning of their code, the longer first.
static const struct {
    const char            *begin;
    enum legal_form        form;
    enum legal_form_detail detail;
} categories[] = {
    { "1", FORM_SOLE, DETAIL_OTHER },         { "54", FORM_COMPANY, DETAIL_SARL },
    { "55", FORM_COMPANY, DETAIL_SA },        { "56", FORM_COMPANY, DETAIL_SA },
    { "57", FORM_COMPANY, DETAIL_SAS },       { "5", FORM_COMPANY, DETAIL_OTHER },
    { "65", FORM_CIVIL, DETAIL_OTHER },       { "63", FORM_COOPERATIVE, DETAIL_OTHER },
    { "6", FORM_COMPANY, DETAIL_OTHER },      { "7", FORM_PUBLIC, DETAIL_OTHER },
    { "4", FORM_PUBLIC, DETAIL_OTHER },       { "92", FORM_ASSOCIATION, DETAIL_OTHER },
    { "91", FORM_ASSOCIATION, DETAIL_OTHER }, { "9", FORM_ASSOCIATION, DETAIL_OTHER },
    { "8", FORM_ASSOCIATION, DETAIL_OTHER },
};

static bool alike(struct str wanted, struct str word)
{
    if (str_eq(wanted, word)) {
        return true;
    }
    return wanted.len >= 6 && word.len + 1 >= wanted.len && word.len <= wanted.len + 1 &&
           distance(wanted, word) <= 1;
}

// How many words of w from index on the form takes; 0 when it is not there.
static size_t form_length(const char *form, const struct words *w, size_t index)
{
    struct str rest = str_of(form);
    size_t     n    = 0;

    if (form[0] != w->text[w->at[index]]) {
        return 0;
    }
    for (struct str part; str_cut(&rest, ' ', &part); n++) {
        if (index + n >= w->count || !alike(part, words_at(w, index + n))) {
            return 0;
        }
    }
    return n;
}

static struct legal_form_read find(const struct words *w, size_t index, bool in_column,
                                   size_t *ret_count)
{
    struct legal_form_read found = { FORM_NONE, DETAIL_NONE };

    *ret_count = 0;
    if (index >= w->count) {
        return found;
    }
    for (size_t i = 0; i < LENGTH(forms); i++) {
        if (forms[i].column_only && !in_column) {
            continue;
        }
        size_t n = form_length(forms[i].words, w, index);
        if (n > *ret_count) {
            *ret_count = n;
            found      = (struct legal_form_read){ forms[i].form, forms[i].detail };
        }
    }
    return found;
}

struct legal_form_read legal_form_at(const struct words *w, size_t index, size_t *ret_count)
{
    return find(w, index, false, ret_count);
}

static bool is_category(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] < '0' || word.at[i] > '9') {
            return false;
        }
    }
    return word.len == 4;
}

struct legal_form_read legal_form_read(struct str text)
{
    struct words w;

    words_read(text, &w);
    for (size_t i = 0; i < w.count; i++) {
        size_t                 n;
        struct legal_form_read form = find(&w, i, true, &n);
        if (n) {
            return form;
        }
        struct str word = words_at(&w, i);
        for (size_t k = 0; is_category(word) && k < LENGTH(categories); k++) {
            if (str_starts(word, str_of(categories[k].begin))) {
                return (struct legal_form_read){ categories[k].form, categories[k].detail };
            }
        }
    }
    return (struct legal_form_read){ FORM_NONE, DETAIL_NONE };
}
