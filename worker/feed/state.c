#include "feed/state.h"

#include "feed/text.h"
#include "feed/value.h"

// What a state says of an offer, word by word: "" is a word that turns the next one round. Gender and number are those of any: is_form.
static const struct feed_meaning states[] = {
    { "a pourvoir", "open" }, { "en ligne", "open" }, { "en cours", "open" }, { "on line", "open" }, { "hors ligne", "closed" }, { "on hold", "closed" },
    { "en pause", "closed" }, { "en attente", "closed" }, { "a valider", "closed" }, { "non", "" }, { "pas", "" }, { "not", "" }, { "no longer", "" }, { "plus", "" },
    { "ferme", "closed" }, { "fer", "closed" }, { "closed", "closed" }, { "close", "closed" }, { "clos", "closed" }, { "cloture", "closed" }, { "expire", "closed" }, { "expired", "closed" },
    { "retire", "closed" }, { "withdrawn", "closed" }, { "pourvu", "closed" }, { "filled", "closed" }, { "unfilled", "open" }, { "annule", "closed" }, { "cancelled", "closed" }, { "canceled", "closed" },
    { "inactif", "closed" }, { "inactive", "closed" }, { "archive", "closed" }, { "archived", "closed" }, { "suspendu", "closed" }, { "suspended", "closed" }, { "paused", "closed" }, { "pause", "closed" },
    { "desactive", "closed" }, { "disabled", "closed" }, { "deactivated", "closed" }, { "supprime", "closed" }, { "supprimer", "closed" }, { "suppression", "closed" }, { "deleted", "closed" },
    { "delete", "closed" }, { "remove", "closed" }, { "removed", "closed" }, { "trash", "closed" }, { "trashed", "closed" }, { "corbeille", "closed" }, { "ended", "closed" }, { "finished", "closed" },
    { "stopped", "closed" }, { "arrete", "closed" }, { "termine", "closed" }, { "fini", "closed" }, { "draft", "closed" }, { "brouillon", "closed" }, { "unpublished", "closed" }, { "depublie", "closed" },
    { "offline", "closed" }, { "pending", "closed" }, { "scheduled", "closed" }, { "future", "closed" }, { "private", "closed" }, { "hidden", "closed" }, { "masque", "closed" }, { "refuse", "closed" },
    { "rejected", "closed" }, { "abandonne", "closed" }, { "perime", "closed" }, { "obsolete", "closed" }, { "bloque", "closed" },
    { "ouvert", "open" }, { "ouv", "open" }, { "open", "open" }, { "opened", "open" }, { "reopened", "open" }, { "publie", "open" }, { "published", "open" }, { "publish", "open" }, { "posted", "open" },
    { "public", "open" }, { "listed", "open" }, { "live", "open" }, { "online", "open" }, { "actif", "open" }, { "active", "open" }, { "activated", "open" }, { "enabled", "open" }, { "valide", "open" },
    { "validated", "open" }, { "approved", "open" }, { "diffuse", "open" }, { "disponible", "open" }, { "available", "open" }, { "visible", "open" }, { "vacant", "open" }, { "current", "open" },
    { "actuelle", "open" }, { "nouveau", "open" }, { "nouvelle", "open" }, { "new", "open" }, { "recruiting", "open" }, { "sourcing", "open" }, { "prolonge", "open" }, { "renouvele", "open" },
    { "renewed", "open" }, { "cree", "open" }, { "create", "open" }, { "created", "open" }, { "creation", "open" }, { "ajout", "open" }, { "ajoute", "open" }, { "add", "open" }, { "added", "open" },
    { "insert", "open" }, { "inserted", "open" }, { "upsert", "open" }, { "update", "open" }, { "updated", "open" }, { "modifie", "open" }, { "modification", "open" }, { "maj", "open" },
};
// What counts when it is all that is said.
static const struct feed_meaning state_codes[] = { { "false", "closed" }, { "non", "closed" }, { "no", "closed" }, { "n", "closed" }, { "0", "closed" },
                                              { "true", "open" }, { "oui", "open" }, { "yes", "open" }, { "o", "open" }, { "y", "open" }, { "1", "open" } };

// How much of a folded text a word, or one of its forms, takes at its beginning: clos, close, closes; 0 when it is another.
static size_t is_form(struct str folded, struct str words)
{
    static const char *const endings[] = { "", "e", "s", "es" };
    if (!str_starts(folded, words)) {
        return 0;
    }
    struct str rest = str_sub(folded, words.len, folded.len), ending = str_sub(rest, 0, str_index(rest, ' '));
    for (size_t i = 0; i < LENGTH(endings); i++) {
        if (str_eq(ending, str_of(endings[i]))) {
            return words.len + ending.len;
        }
    }
    return 0;
}

// Whether a word that closes tells when it will: « Clôture le 30/09/2026 », « Expires in 5 days », « Expire bientôt ».
static bool is_to_come(struct str folded, size_t size)
{
    static const char *const words[] = { "cloture", "expire", "expires", "closes" };
    static const char *const next[]  = { "le", "les", "dans", "de", "des", "du", "in", "on", "at", "bientot", "prochainement", "prochaine", "imminente", "soon", "demain", "tomorrow", "today", "ce", "aujourd" };
    struct str               word = str_sub(folded, 0, size), rest = str_sub(folded, size + 1, folded.len), behind = str_sub(rest, 0, str_index(rest, ' '));
    bool                     is_one = false, is_time = behind.len && feed_is_digit(behind.at[0]);
    for (size_t i = 0; i < LENGTH(words); i++) {
        is_one = is_one || str_eq(word, str_of(words[i]));
    }
    for (size_t i = 0; i < LENGTH(next); i++) {
        is_time = is_time || str_eq(behind, str_of(next[i]));
    }
    return is_one && is_time;
}

struct str feed_state_of(struct arena *a, struct str text)
{
    struct str folded = feed_fold(a, text), state = { 0 };
    for (size_t i = 0; i < LENGTH(state_codes); i++) {
        if (str_eq(folded, str_of(state_codes[i].words))) {
            return str_of(state_codes[i].meant);
        }
    }
    bool is_turned = false;
    while (folded.len) {
        size_t     size = 0;
        struct str meant = { 0 };
        for (size_t i = 0; i < LENGTH(states) && !size; i++) {
            size  = is_form(folded, str_of(states[i].words));
            meant = size ? str_of(states[i].meant) : meant;
        }
        if (size && meant.len) {
            bool is_closed = str_eq(meant, STR("closed"));
            meant          = is_to_come(folded, size) ? STR("?") : !is_turned ? meant : is_closed ? STR("open") : STR("closed");
            state          = !state.len || str_eq(state, meant) ? meant : STR("?");
        }
        is_turned = size ? !meant.len : is_turned; // « pas encore pourvue »
        size      = size ? size : str_index(folded, ' ');
        folded    = str_sub(folded, size + 1, folded.len);
    }
    return str_eq(state, STR("?")) ? (struct str){ 0 } : state;
}
