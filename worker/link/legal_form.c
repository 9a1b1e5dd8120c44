#include "link/legal_form.h"

#include "link/distance.h"

// Forms as their words; longer ones first among those that begin alike. A form of one word is short
// enough to be found as it is; longer words may have one typing error.
static const struct {
    struct str             words;
    enum legal_form        form;
    enum legal_form_detail detail;
    bool                   column_only; // too common a word to be a form inside a name
} forms[] = {
    { STR_INIT("societe par actions simplifiee unipersonnelle"), FORM_COMPANY, DETAIL_SAS, false },
    { STR_INIT("societe par actions simplifiee a associe unique"), FORM_COMPANY, DETAIL_SAS,
      false },
    { STR_INIT("societe par actions simplifiee"), FORM_COMPANY, DETAIL_SAS, false },
    { STR_INIT("sas unipersonnelle"), FORM_COMPANY, DETAIL_SAS, false },
    { STR_INIT("sasu"), FORM_COMPANY, DETAIL_SAS, false },
    { STR_INIT("sas"), FORM_COMPANY, DETAIL_SAS, false },
    { STR_INIT("selasu"), FORM_COMPANY, DETAIL_SAS, false },
    { STR_INIT("selas"), FORM_COMPANY, DETAIL_SAS, false },
    { STR_INIT("societe a responsabilite limitee a associe unique"), FORM_COMPANY, DETAIL_SARL,
      false },
    { STR_INIT("societe a responsabilite limitee unipersonnelle"), FORM_COMPANY, DETAIL_SARL,
      false },
    { STR_INIT("societe a responsabilite limitee"), FORM_COMPANY, DETAIL_SARL, false },
    { STR_INIT("entreprise unipersonnelle a responsabilite limitee"), FORM_COMPANY, DETAIL_SARL,
      false },
    { STR_INIT("sarlu"), FORM_COMPANY, DETAIL_SARL, false },
    { STR_INIT("sarl"), FORM_COMPANY, DETAIL_SARL, false },
    { STR_INIT("eurl"), FORM_COMPANY, DETAIL_SARL, false },
    { STR_INIT("selarlu"), FORM_COMPANY, DETAIL_SARL, false },
    { STR_INIT("selarl"), FORM_COMPANY, DETAIL_SARL, false },
    { STR_INIT("selurl"), FORM_COMPANY, DETAIL_SARL, false },
    { STR_INIT("sa a conseil d administration"), FORM_COMPANY, DETAIL_SA, false },
    { STR_INIT("sa a directoire"), FORM_COMPANY, DETAIL_SA, false },
    { STR_INIT("societe anonyme a conseil d administration"), FORM_COMPANY, DETAIL_SA, false },
    { STR_INIT("societe anonyme a directoire"), FORM_COMPANY, DETAIL_SA, false },
    { STR_INIT("societe anonyme"), FORM_COMPANY, DETAIL_SA, false },
    { STR_INIT("ste anonyme"), FORM_COMPANY, DETAIL_SA, false },
    { STR_INIT("sa"), FORM_COMPANY, DETAIL_SA, false },
    { STR_INIT("societe en nom collectif"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("snc"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("societe en commandite simple"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("societe en commandite par actions"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("groupement d interet economique"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("gie"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("earl"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("gaec"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("scea"), FORM_COMPANY, DETAIL_OTHER, false },
    { STR_INIT("societe civile immobiliere"), FORM_CIVIL, DETAIL_OTHER, false },
    { STR_INIT("societe civile professionnelle"), FORM_CIVIL, DETAIL_OTHER, false },
    { STR_INIT("societe civile de moyens"), FORM_CIVIL, DETAIL_OTHER, false },
    { STR_INIT("societe civile de construction vente"), FORM_CIVIL, DETAIL_OTHER, false },
    { STR_INIT("societe civile"), FORM_CIVIL, DETAIL_OTHER, true },
    { STR_INIT("sci"), FORM_CIVIL, DETAIL_OTHER, false },
    { STR_INIT("scm"), FORM_CIVIL, DETAIL_OTHER, false },
    { STR_INIT("scp"), FORM_CIVIL, DETAIL_OTHER, false },
    { STR_INIT("sccv"), FORM_CIVIL, DETAIL_OTHER, false },
    { STR_INIT("societe cooperative ouvriere de production"), FORM_COOPERATIVE, DETAIL_OTHER,
      false },
    { STR_INIT("societe cooperative et participative"), FORM_COOPERATIVE, DETAIL_OTHER, false },
    { STR_INIT("societe cooperative d interet collectif"), FORM_COOPERATIVE, DETAIL_OTHER, false },
    { STR_INIT("societe cooperative"), FORM_COOPERATIVE, DETAIL_OTHER, true },
    { STR_INIT("scop"), FORM_COOPERATIVE, DETAIL_OTHER, false },
    { STR_INIT("scic"), FORM_COOPERATIVE, DETAIL_OTHER, false },
    { STR_INIT("cooperative"), FORM_COOPERATIVE, DETAIL_OTHER, true },
    { STR_INIT("association loi de 1901"), FORM_ASSOCIATION, DETAIL_OTHER, false },
    { STR_INIT("association loi 1901"), FORM_ASSOCIATION, DETAIL_OTHER, false },
    { STR_INIT("association declaree"), FORM_ASSOCIATION, DETAIL_OTHER, false },
    { STR_INIT("association reconnue d utilite publique"), FORM_ASSOCIATION, DETAIL_OTHER, false },
    { STR_INIT("loi 1901"), FORM_ASSOCIATION, DETAIL_OTHER, false },
    { STR_INIT("association"), FORM_ASSOCIATION, DETAIL_OTHER, true },
    { STR_INIT("asso"), FORM_ASSOCIATION, DETAIL_OTHER, true },
    { STR_INIT("fondation"), FORM_ASSOCIATION, DETAIL_OTHER, true },
    { STR_INIT("syndicat"), FORM_ASSOCIATION, DETAIL_OTHER, true },
    { STR_INIT("mutuelle"), FORM_ASSOCIATION, DETAIL_OTHER, true },
    { STR_INIT("entrepreneur individuel a responsabilite limitee"), FORM_SOLE, DETAIL_OTHER,
      false },
    { STR_INIT("entrepreneur individuel"), FORM_SOLE, DETAIL_OTHER, false },
    { STR_INIT("entreprise individuelle"), FORM_SOLE, DETAIL_OTHER, false },
    { STR_INIT("auto entrepreneur"), FORM_SOLE, DETAIL_OTHER, false },
    { STR_INIT("autoentrepreneur"), FORM_SOLE, DETAIL_OTHER, false },
    { STR_INIT("micro entrepreneur"), FORM_SOLE, DETAIL_OTHER, false },
    { STR_INIT("micro entreprise"), FORM_SOLE, DETAIL_OTHER, false },
    { STR_INIT("artisan commercant"), FORM_SOLE, DETAIL_OTHER, true },
    { STR_INIT("artisan"), FORM_SOLE, DETAIL_OTHER, true },
    { STR_INIT("profession liberale"), FORM_SOLE, DETAIL_OTHER, true },
    { STR_INIT("eirl"), FORM_SOLE, DETAIL_OTHER, false },
    { STR_INIT("ei"), FORM_SOLE, DETAIL_OTHER, false },
    { STR_INIT("commune et commune nouvelle"), FORM_PUBLIC, DETAIL_OTHER, false },
    { STR_INIT("commune"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("collectivite"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("departement"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("region"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("centre communal d action sociale"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("etablissement public"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("syndicat mixte"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("syndicat intercommunal"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("epic"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("communaute de communes"), FORM_PUBLIC, DETAIL_OTHER, true },
    { STR_INIT("communaute d agglomeration"), FORM_PUBLIC, DETAIL_OTHER, true },
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
static size_t form_length(struct str rest, const struct words *w, size_t index)
{
    size_t n = 0;

    if (rest.at[0] != w->text[w->at[index]]) {
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
