#include "feed/contract.h"

#include "feed/text.h"
#include "feed/value.h"

// Looked for in this order: what is more particular comes first. A word is looked for whole.
static const struct {
    const char *words, *contract;
} known[] = {
    // Type and nature of a contract as France Travail writes them.
    { "cdd e2", "apprenticeship" },        { "cdi e2", "apprenticeship" },     { "cdd fs", "professionalisation" },
    { "cdi fs", "professionalisation" },   { "cdd ft", "subsidised" },         { "cdi ft", "subsidised" },  { "cdd fu", "subsidised" },
    { "cdi fu", "subsidised" },            { "cdd i1", "subsidised" },
    { "apprentissage", "apprenticeship" }, { "apprenti", "apprenticeship" },   { "apprenticeship", "apprenticeship" },
    { "professionnalisation", "professionalisation" },                         { "pro", "professionalisation" },
    { "professionalisation", "professionalisation" },                          { "job d ete", "seasonal" },    { "cddu", "cdd" },
    { "alternance", "apprenticeship" },    { "alternating", "apprenticeship" },    { "alternant", "apprenticeship" },  { "work study", "apprenticeship" },
    { "stage", "internship" },             { "stagiaire", "internship" },      { "internship", "internship" }, { "intern", "internship" },
    { "interim", "interim" },              { "interimaire", "interim" },       { "mission", "interim" }, { "travail temporaire", "interim" },
    { "ctt", "interim" },                  { "mis", "interim" },               { "saisonnier", "seasonal" }, { "saison", "seasonal" },
    { "sai", "seasonal" },                 { "seasonal", "seasonal" },         { "cui", "subsidised" }, { "cae", "subsidised" },
    { "ddi", "subsidised" },               { "din", "interim" },              { "vacation", "cdd" }, { "vacataire", "cdd" },
    { "cie", "subsidised" },               { "pec", "subsidised" },            { "contrat aide", "subsidised" }, { "cddi", "subsidised" },
    { "insertion", "subsidised" },         { "cdd", "cdd" },                   { "duree determinee", "cdd" }, { "temporary", "cdd" },
    { "fixed term", "cdd" },               { "temporaire", "cdd" },            { "cdi", "cdi" }, { "duree indeterminee", "cdi" },
    { "fixedterm", "cdd" },                { "contractuel", "cdd" },           { "temp", "interim" }, { "apprentice", "apprenticeship" },
    { "permanent", "cdi" },                { "regular", "cdi" },               { "tti", "interim" },  { "ddt", "cdd" },
    { "direct hire", "cdi" },              { "directhire", "cdi" },            { "perm", "cdi" },     { "cdic", "cdi" },
};

bool feed_is_self_employed(struct arena *a, struct str theirs)
{
    static const char *const words[] = { "lib", "fra", "cce", "rep", "franchise", "liberal", "liberale", "independant", "independante", "freelance", "auto entrepreneur", "autoentrepreneur",
                                         "micro entrepreneur", "reprise d entreprise", "profession commerciale", "agent commercial", "benevole", "benevolat", "volunteer", "contractor" };
    struct str folded = feed_fold(a, theirs);
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (feed_has_words(folded, str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

struct str feed_word_for(struct arena *a, const struct feed_layout *l, enum feed_field field, struct str theirs)
{
    struct str folded = feed_fold(a, theirs), other = { 0 };
    for (size_t i = 0; i < l->word_count; i++) {
        if (l->words[i].field == field && str_eq(l->words[i].theirs, folded)) {
            return l->words[i].ours;
        }
        other = l->words[i].field == field && str_eq(l->words[i].theirs, STR("*")) ? l->words[i].ours : other;
    }
    return other;
}

// « C.D.D. 3 mois » is « CDD 3 mois »: letters one by one, each with its point.
static struct str without_points(struct arena *a, struct str text)
{
    char  *out = arena_alloc(a, text.len + 1);
    size_t n   = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool is_initial = i > 0 && text.at[i] == '.' && text.at[i - 1] >= 'A' && text.at[i - 1] <= 'Z' && (i == 1 || strchr(" .(", text.at[i - 2]));
        if (!is_initial) {
            out[n++] = text.at[i];
        }
    }
    return (struct str){ out, n };
}

struct str feed_contract(struct arena *a, const struct feed_layout *layout, struct str theirs)
{
    struct str ours = layout ? feed_word_for(a, layout, FEED_CONTRACT, theirs) : (struct str){ 0 };
    struct str rest = theirs, folded = feed_fold(a, without_points(a, theirs));
    for (struct str one; layout && str_is_absent(ours) && str_cut(&rest, '\n', &one);) { // of several
        ours = feed_word_for(a, layout, FEED_CONTRACT, one);
    }
    for (size_t i = 0; str_is_absent(ours) && i < LENGTH(known); i++) {
        if (feed_has_words(folded, str_of(known[i].words))) {
            return str_of(known[i].contract);
        }
    }
    return ours;
}
