#include "feed/suggest.h"

#include "base/buf.h"
#include "feed/day.h"
#include "feed/known.h"
#include "feed/parted.h"
#include "feed/place.h"
#include "feed/text.h"

enum { GROUPS = 256, VALUES = 64 };

// --- which element is an offer ----------------------------------------------------------------------

struct group {
    struct str path;
    uint64_t   weight;
    uint32_t   count, parts; // elements; children of the first one
};

struct groups {
    struct arena *arena;
    struct group  list[GROUPS];
    size_t        count;
};

static uint64_t text_below(const struct feed_node *node)
{
    uint64_t size = node->text.len;
    for (const struct feed_node *n = node->first; n; n = n->next) {
        size += text_below(n);
    }
    return size;
}

static struct group *group_of(struct groups *g, struct str path)
{
    for (size_t i = 0; i < g->count; i++) {
        if (str_eq(g->list[i].path, path)) {
            return &g->list[i];
        }
    }
    if (g->count == GROUPS) {
        return NULL;
    }
    g->list[g->count] = (struct group){ .path = path };
    return &g->list[g->count++];
}

// Children that are alike under names that all differ, as in {"31": {...}, "32": {...}}: a list all the same.
static bool is_keyed(const struct feed_node *node)
{
    const struct feed_node *n = node->first, *next = n ? n->next : NULL;
    size_t                  alike = 0, parts = 0;
    const struct feed_node *third = next ? next->next : NULL;
    if (!next || str_eq(n->name, next->name) || !n->first || !next->first || (third && (str_eq(next->name, third->name) || !third->first))) {
        return false;
    }
    for (const struct feed_node *c = n->first; c; c = c->next) {
        const struct feed_node *same = next->first;
        while (same && !str_eq(same->name, c->name)) {
            same = same->next;
        }
        alike += same != NULL;
        parts++;
    }
    return alike >= 3 && 2 * alike > parts;
}

static void collect(struct groups *g, const struct feed_node *node, struct str path, int depth)
{
    enum { DEEPEST = 8 };
    bool is_list = is_keyed(node);
    for (const struct feed_node *n = node->first; n && depth < DEEPEST; n = n->next) {
        if (!n->first) {
            continue; // an offer has parts
        }
        struct str    name  = is_list ? STR("*") : n->name;
        struct str    below = path.len ? arena_printf(g->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(name)) : name;
        struct group *group = group_of(g, below);
        if (group) {
            uint32_t parts = 0;
            for (const struct feed_node *c = n->first; c; c = c->next) {
                parts++;
            }
            group->weight += text_below(n);
            group->parts = parts > group->parts ? parts : group->parts;
            group->count++;
            collect(g, n, below, depth + 1);
        }
    }
}

static bool holds(struct str text, const char *const *words)
{
    for (; *words; words++) {
        if (str_find(text, str_of(*words)) < text.len) {
            return true;
        }
    }
    return false;
}

// The last step of a path, folded.
static struct str last_step(struct arena *a, struct str path)
{
    struct str step = path;
    for (struct str part; str_cut(&path, '/', &part);) {
        step = part;
    }
    return feed_fold(a, step);
}

// What stands once in each of a list is a part of its elements, unless it carries nearly all that they say, as in an envelope.
static bool is_part_of_another(const struct groups *all, const struct group *g)
{
    enum { NEARLY_ALL = 90 };
    for (size_t i = 0; i < all->count; i++) {
        const struct group *around   = &all->list[i];
        bool                is_within = g->path.len > around->path.len && str_starts(g->path, around->path) && g->path.at[around->path.len] == '/';
        if (is_within && around->count > 1 && around->parts >= 3 && g->count <= around->count && 100 * g->weight < NEARLY_ALL * around->weight) {
            return true;
        }
    }
    return false;
}

static double group_score(struct arena *a, const struct groups *all, const struct group *g)
{
    static const char *const offers[] = { "job", "offre", "offer", "annonce", "vacanc", "vacature", "position", "poste", "posting", "item", "entry", "ligne", "recrutement", "emploi", NULL };
    double                   score    = (double)g->weight;
    if (g->parts < 3) {
        return 0;
    }
    score *= g->count > 1 && !is_part_of_another(all, g) ? 1 : 0.05;
    return holds(last_step(a, g->path), offers) ? score * 4 : score;
}

size_t feed_elements(struct arena *a, const struct feed_node *root, struct feed_element ret[FEED_ELEMENTS])
{
    struct groups *g = ARENA_NEW(a, struct groups);
    double         scores[FEED_ELEMENTS];
    size_t         n = 0;
    g->arena         = a;
    collect(g, root, STR(""), 0);
    for (size_t i = 0; i < g->count; i++) {
        double score = group_score(a, g, &g->list[i]);
        size_t at    = n;
        if (score <= 0) {
            continue;
        }
        while (at > 0 && scores[at - 1] < score) {
            at--;
        }
        n += n < FEED_ELEMENTS;
        for (size_t k = n; k-- > at + 1;) {
            scores[k] = scores[k - 1];
            ret[k]    = ret[k - 1];
        }
        if (at < FEED_ELEMENTS) {
            scores[at] = score;
            ret[at]    = (struct feed_element){ g->list[i].path, g->list[i].count };
        }
    }
    return n;
}

// --- what its parts look like -----------------------------------------------------------------------

struct look {
    struct str path, name, parent; // folded
    bool       is_spaced;          // its first word is that of others beside it: lieu_cp, lieu_ville
    bool       is_pay;             // it stands, however deep, in what is paid
    uint32_t   count, last;        // elements that have it; the last one seen
    uint32_t   different, seen;    // of the values kept, how many differ
    uint64_t   length;
    struct str values[VALUES];
};

enum { NAMED = 32 };

struct looks {
    struct arena *arena;
    struct look   list[FEED_PATHS];
    size_t        count, named_count, visited;
    struct str    named[NAMED]; // paths to parts that say by a part of their own what they are
    struct str    around;       // folded name of what the parts stand in
    bool          is_beside;    // that is no offer: it says what its parts are
};

// Words apart: jobTitle, job_title and job-title are "job title".
static struct str words_of(struct arena *a, struct str name)
{
    char  *out = arena_alloc(a, 2 * name.len + 1);
    size_t n   = 0;
    for (size_t i = 0; i < name.len; i++) {
        bool is_upper = name.at[i] >= 'A' && name.at[i] <= 'Z';
        bool was_lower = i > 0 && name.at[i - 1] >= 'a' && name.at[i - 1] <= 'z';
        if (is_upper && was_lower) {
            out[n++] = ' ';
        }
        out[n++] = name.at[i];
    }
    return feed_fold(a, (struct str){ out, n });
}

// "fr", "de", "pt-BR": a part whose name says in which language it is.
static bool is_language(struct str name)
{
    bool is_one = name.len == 2 || (name.len == 5 && (name.at[2] == '-' || name.at[2] == '_'));
    for (size_t i = 0; i < name.len && is_one; i++) {
        is_one = i == 2 || (name.at[i] >= 'a' && name.at[i] <= 'z') || (i > 2 && name.at[i] >= 'A' && name.at[i] <= 'Z');
    }
    return is_one;
}

static bool is_name_of_any(struct str name);

static struct look *look_of(struct looks *l, struct str path)
{
    for (size_t i = 0; i < l->count; i++) {
        if (str_eq(l->list[i].path, path)) {
            return &l->list[i];
        }
    }
    if (l->count == FEED_PATHS) {
        return NULL;
    }
    struct look *look = &l->list[l->count++];
    struct str   rest = path, step = path, before = { 0 };
    size_t       last = path.len;
    while (last && path.at[last - 1] != '/') {
        last--;
    }
    bool is_french = last && str_starts(str_sub(path, last, path.len), STR("fr")) && is_language(str_sub(path, last, path.len)); // of several
    rest           = is_french ? str_sub(path, 0, last - 1) : rest;
    for (struct str part; path_cut(&rest, "/", &part);) {
        before = str_is_absent(rest) ? before : str_sub(part, 0, str_index(part, '['));
        step   = str_sub(part, 0, str_index(part, '['));
    }
    static const char *const paid[] = { "salar", "salaire", "remuneration", "compensation", "wage", NULL };
    *look        = (struct look){ .path = path, .name = words_of(l->arena, step), .parent = words_of(l->arena, before), .last = UINT32_MAX };
    look->is_pay = holds(feed_fold(l->arena, str_sub(path, 0, path.len > step.len ? path.len - step.len : 0)), paid);
    // <opening><openingid> is the id of the opening, whatever an opening is; but <postcode> and <postes> are what they say in any <post> and <poste>.
    struct str around = look->parent.len ? look->parent : l->around;
    if (around.len && look->name.len > around.len + 1 && !is_name_of_any(look->name) && str_starts(look->name, around) && look->name.at[around.len] != ' ') {
        look->name   = str_sub(look->name, around.len, look->name.len);
        look->parent = l->is_beside ? around : look->parent;
    }
    return look;
}

// Another text that a part has in one of the elements.
static void note(struct look *look, struct str text, uint32_t element)
{
    bool is_new = true;
    look->length += look->last == element ? 0 : text.len;
    look->count += look->last != element;
    look->last = element;
    for (uint32_t i = 0; i < look->seen && is_new; i++) {
        is_new = !str_eq(look->values[i], text);
    }
    look->different += is_new;
    if (look->seen < VALUES) {
        look->values[look->seen++] = text;
    }
}

// Looked at beside each other, of any length of list: what says of a part what it is, or is another one of it, stands near.
enum { BESIDE = 200 };

static const struct feed_node *part_named(const struct feed_node *node, const char *const *names)
{
    for (; *names; names++) {
        size_t count = 0;
        for (const struct feed_node *n = node->first; n && count < BESIDE; n = n->next, count++) {
            if (str_eq_case(n->name, str_of(*names)) && n->text.len) {
                return n;
            }
        }
    }
    return NULL;
}

static struct str language_of(const struct feed_node *node)
{
    static const char *const names[] = { "@lang", NULL }, *const parts[] = { "lang", "locale", "langue", "language", NULL };
    bool                     is_asked = str_find(node->name, STR("lang")) < node->name.len; // those that a post asks for are no translations
    const struct feed_node  *lang     = part_named(node, names);
    lang                              = lang || is_asked ? lang : part_named(node, parts);
    return lang ? lang->text : STR("");
}

static bool is_beside_french(const struct feed_node *node)
{
    size_t count = 0;
    bool   has   = false;
    for (const struct feed_node *n = is_language(node->name) && node->parent ? node->parent->first : NULL; n && count < BESIDE; n = n->next, count++) {
        if (!is_language(n->name)) { // <id> and <cp> beside <fr> are two letters too
            return false;
        }
        has = has || str_starts(n->name, STR("fr"));
    }
    return has && !str_starts(node->name, STR("fr"));
}

// The same text in several languages: where French is one of them, *ret_which asks for it, and true is for all others.
static bool is_translation(struct arena *a, const struct feed_node *node, struct str *ret_which)
{
    static const char *const names[] = { "@lang", "lang", "locale", "langue", "language", NULL };
    struct str               own     = language_of(node);
    bool                     is_french = str_starts(own, STR("fr")), has_french = false, has_other = false;
    size_t                   count = 0;
    for (const struct feed_node *n = own.len && node->parent ? node->parent->first : NULL; n && count < BESIDE; n = n->next, count++) {
        bool is_same = n != node && str_eq(n->name, node->name), is_fr = str_starts(language_of(n), STR("fr"));
        has_french   = has_french || (is_same && is_fr);
        has_other    = has_other || (is_same && !is_fr);
    }
    *ret_which = is_french && has_other ? arena_printf(a, "[%.*s='%.*s']", STR_ARG(part_named(node, names)->name), STR_ARG(own)) : STR("");
    return (!is_french && has_french) || is_beside_french(node);
}

static bool has_other(const struct feed_node *node)
{
    size_t count = 0;
    for (const struct feed_node *n = node->parent ? node->parent->first : NULL; n && count < BESIDE; n = n->next, count++) {
        if (n != node && str_eq(n->name, node->name)) {
            return true;
        }
    }
    return false;
}

// One of several that each say by a part of their own what they are: {"name": "Contrat", "value": "CDI"}, <id scheme="SIRET">. Each
// name is a part of the offer by itself.
static bool see_named(struct looks *l, const struct feed_node *node, struct str path, uint32_t element)
{
    enum { NAME_MOST = 60 };
    static const char *const keys[]   = { "fieldLabel", "name", "nom", "label", "libelle", "key", "cle", "@name", "@nom", "@key", "@k", "@scheme", "@schemeID", "@listID", "@rel", "@type", "@label", "meta_key", "@domain", NULL };
    static const char *const values[] = { "valueLabel", "value", "valeur", "val", "@value", "@valeur", "@label", "@term", "@href", "meta_value", NULL };
    const struct feed_node  *key = part_named(node, keys), *value = key ? part_named(node, values) : NULL;
    bool is_known = false;
    for (size_t i = 0; i < l->named_count; i++) {
        is_known = is_known || str_eq(l->named[i], path);
    }
    bool is_own = key && !value && str_starts(key->name, STR("@")) && node->text.len;
    if ((!value && !is_own) || (!is_known && !has_other(node)) || key->text.len > NAME_MOST || str_index(key->text, ']') < key->text.len || str_index(key->text, '\n') < key->text.len) {
        return false;
    }
    if (!is_known && l->named_count < NAMED) {
        l->named[l->named_count++] = path;
    }
    struct str   which = arena_printf(l->arena, "%.*s[%.*s='%.*s']", STR_ARG(path), STR_ARG(key->name), STR_ARG(key->text));
    struct look *look  = look_of(l, is_own ? which : arena_printf(l->arena, "%.*s/%.*s", STR_ARG(which), STR_ARG(value->name)));
    if (look) {
        look->name   = words_of(l->arena, key->text);
        look->parent = STR("");
        note(look, is_own ? node->text : value->text, element);
    }
    return true;
}

static void see(struct looks *l, const struct feed_node *node, struct str path, uint32_t element, int depth);

// One part, and those below it.
static void see_part(struct looks *l, const struct feed_node *n, struct str path, uint32_t element, int depth)
{
    struct str below = path.len ? arena_printf(l->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(n->name)) : n->name, which = STR("");
    if (is_translation(l->arena, n, &which) || (n->first && see_named(l, n, below, element))) {
        return;
    }
    below = which.len ? arena_printf(l->arena, "%.*s%.*s", STR_ARG(below), STR_ARG(which)) : below;
    see(l, n, below, element, depth + 1);
    bool         is_own_word = str_eq(n->name, STR("@type")) || str_eq(n->name, STR("@context")); // what JSON-LD says of itself
    struct look *look        = n->text.len && !is_own_word ? look_of(l, below) : NULL;
    if (look) {
        note(look, n->text, element);
    }
}

static void see(struct looks *l, const struct feed_node *node, struct str path, uint32_t element, int depth)
{
    enum { DEEPEST = 7, VISITED = 200000 };
    for (const struct feed_node *n = node->first; n && depth < DEEPEST && l->visited++ < VISITED; n = n->next) {
        see_part(l, n, path, element, depth);
    }
}

// --- which part is what -----------------------------------------------------------------------------

// How sure the name alone makes: an exact name 1, one that holds the word 0.6.
static const struct {
    enum feed_field field;
    const char     *exact[44], *part[10], *never[28];
} hints[] = {
    { FEED_REFERENCE, { "reference", "ref", "id", "job id", "identifiant", "guid", "uid", "uuid", "reference apec", "job reference", "numero", "partner job id", "requisition id", "req id", "id offre", "offre id", "reference offre", "ref offre", "numero offre", "external id", "offer id", "num offre", "code offre", "num", "no", "n", "par ref offre", "identifier", "id value", "cle", "key", "code", "ref annonce", "job no", "offer no", "annonce id", "job key", "document id", "position id", "n offre", "n annonce", "code annonce", "vacancy id", "vacancy ref" },
      { "reference", "identifiant", "job id", "num offre", "ref offre", "posting id" }, { "company", "entreprise", "client", "rome", "logo", "contact", "image", "organi", "place", "lieu", "metier", "categor", "contract", "contrat" } },
    { FEED_TITLE, { "title", "titre", "intitule", "headline", "job title", "position title", "name", "poste", "libelle", "intitule poste", "titre annonce", "position", "offer title", "intitule offre", "libelle poste", "job name", "intitule du poste", "titre offre", "nom du poste", "jobtitle", "metier", "metier recherche", "emploi", "fonction", "libelle metier ogr", "poste recherche", "job position title", "appellation", "intitule annonce", "label", "position name", "vacancy name", "role", "job role" },
      { "title", "titre", "intitule" }, { "company", "entreprise", "filename", "category", "categorie", "contact", "organi", "author", "employeur", "employer", "societe", "ident", "status", "propert", "metadata", "department", "office", "language", "langue", "rome", "naf", "secteur", "sector", "recruiter", "recruteur", "manager", "consultant" } },
    { FEED_DESCRIPTION, { "description", "descriptif", "texte", "texte offre", "job description", "body", "content", "contenu", "mission", "missions", "detail", "details", "texte annonce", "annonce", "description poste", "descriptif poste", "offer description", "description du poste", "job body", "text", "summary", "description1", "desc", "encoded", "job position purpose", "purpose", "descriptif du poste", "missions principales", "job summary", "full description", "job text", "about", "about the job", "corps", "observations", "remarques" },
      { "description", "mission", "texte", "descriptif" }, { "company", "entreprise", "organisation", "societe", "profil", "meta", "short" } },
    { FEED_ROME, { "rome", "code rome", "rome code", "rome id", "job rome", "metier rome" }, { "rome" }, { "libelle", "label" } },
    { FEED_APPELLATION, { "code ogr", "ogr", "ogr appellation", "code appellation", "code ogr appellation", "appellation code", "appellationlibelle", "appellation libelle", "appellation rome", "rome appellation", "libelle appellation", "offer rome appellation" }, { "ogr" }, { "" } },
    { FEED_CONTRACT, { "contract", "contrat", "contract type", "type contrat", "type de contrat", "job type", "employment type", "contrat type", "nature contrat", "jobtype", "type contract", "contracttype", "tco cle", "jobtypes", "contract name", "libelle contrat", "type de poste", "commitment", "type of employment", "position offering type code", "position offering type codes", "contrats", "contract label", "contract type name", "job listing type", "type", "kind", "nature", "category" },
      { "contract", "contrat", "employment type" }, { "duree", "duration", "country", "date", "start", "hours", "client" } },
    { FEED_POSTS, { "nombre postes", "postes", "nb postes", "openings", "positions", "number of positions", "vacancies", "number to fill", "nombre de postes", "nbposte", "nb poste", "job openings", "total job openings", "nb", "nb de postes", "nombre", "quantite", "nb positions", "positions number", "count recruited", "headcount", "nombre de recrutements" }, { "nombre poste", "nb poste", "openings", "vacancies" }, { "title" } },
    { FEED_SALARY, { "salary", "salaire", "salaire affiche", "remuneration", "wage", "base salary", "salary range", "salaire libelle", "compensation", "remuneration proposee", "job salary", "traitement" }, { "salaire", "salary", "remuneration" }, { "currency", "devise", "max", "min", "unit", "period", "type", "frequence", "interval" } },
    { FEED_HOURS, { "hours", "heures", "weekly hours", "heures semaine", "duree hebdo", "duree hebdomadaire", "heures hebdo", "working hours", "heures par semaine", "nb heures", "hebdo", "working hours quantity", "temps travail", "temps de travail", "hours per week", "work hours", "scheduled weekly hours" }, { "heure", "hours", "hebdo", "temps de travail", "temps travail" }, { "open", "ouverture" } },
    { FEED_START, { "start date", "date debut", "debut", "date prise poste", "date de debut", "start", "job start date", "date prise de poste", "date debut contrat", "starts on", "contract start", "date embauche", "date d embauche", "starts", "beginning date", "date prise de fonction", "available from", "date d entree", "start at", "start on", "prise", "mission du", "du", "from", "hire date", "target hire date" }, { "start", "debut", "prise de poste", "prise poste", "embauche" }, { "publi", "parution", "diffusion", "end", "validi" } },
    { FEED_END, { "valid through", "expiration date", "expirationdate", "job expires", "expires", "expire", "expiry date", "expiry", "date fin publication", "date de fin de publication", "date fin de publication", "fin publication", "date expiration", "date d expiration", "expires on", "expire le", "expires at", "date fin validite", "date de fin de validite", "fin validite", "valid until", "valable jusqu au", "date fin diffusion", "date de fin de diffusion", "fin diffusion", "date limite", "date limite candidature", "date limite de candidature", "date cloture", "date de cloture", "closing date", "application deadline", "deadline", "publication end", "publication end date", "expiration", "cloture", "date arret", "date d arret", "end publication date", "posting end date" },
      { "expiration", "expires", "fin publication", "fin validite", "fin diffusion", "valid through", "cloture", "deadline", "avant le", "limite" }, { "contrat", "contract", "debut", "start", "creation" } },
    { FEED_SIRET, { "siret", "company siret", "siret entreprise", "workplace siret", "numero siret", "code siret" }, { "siret" }, { "" } },
    { FEED_SIREN, { "siren", "company siren", "siren entreprise", "numero siren", "code siren", "vat", "vat number", "tva", "numero tva", "tva intracommunautaire" }, { "siren" }, { "" } },
    { FEED_COMPANY, { "company", "company name", "entreprise", "societe", "employer", "employeur", "raison sociale", "raison", "nom entreprise", "recruteur", "enseigne", "client", "organisation name", "organization", "hiring organization", "nom societe", "etablissement", "advertiser", "party name", "organisation", "hiring org name", "ent nom", "author", "hiring org", "nom de l entreprise", "nom employeur", "exposant", "adherent", "posting requester", "requester", "public name", "entity" },
      { "company", "entreprise", "societe", "employeur", "raison sociale", "organisation name" }, { "description", "logo", "url", "slug", "siret", "id", "key", "mail" } },
    { FEED_POSTCODE, { "postal code", "code postal", "zip", "zipcode", "zip code", "postcode", "cp", "postalcode", "codepostal", "code postal lieu", "code postal ville", "cp ville", "geolocation postcode", "post code" }, { "postal", "zip", "postcode" }, { "" } },
    { FEED_CITY, { "city", "ville", "commune", "localite", "town", "location", "lieu", "locality", "nom commune", "ville travail", "job location", "libelle commune", "address locality", "lieu travail", "localisation", "libelle lieu", "lieu poste", "municipality", "lieu de travail", "place", "job location city", "ville du poste", "commune du poste", "city name", "geolocation city", "primary location", "cities", "villes", "communes", "lieux", "locations", "localites" }, { "city", "ville", "commune", "localit", "lieu" }, { "code", "insee", "url", "id", "additional", "secondary", "autre" } },
    { FEED_COMMUNE, { "insee", "code insee", "code commune", "insee code", "commune insee", "code commune insee", "cog", "cog lieu" }, { "insee", "code commune" }, { "" } },
    { FEED_DEPARTMENT, { "departement", "code departement", "dep cle", "dept", "departement lieu", "county", "location department", "departement travail" }, { "departement" }, { "entreprise", "company" } },
    { FEED_LATITUDE, { "latitude", "lat", "geo lat", "location lat", "geolocation lat" }, { "latitude" }, { "" } },
    { FEED_LONGITUDE, { "longitude", "lng", "lon", "long", "geo lng", "location lng", "geolocation long" }, { "longitude" }, { "" } },
    { FEED_URL, { "url", "link", "lien", "apply url", "job url", "redirection", "application url", "url offre", "url postulation", "offer url", "lien candidature", "offre url", "apply link", "internet web address", "par url offre", "lien annonce", "canonical", "public", "alternate", "absolute", "hosted url" }, { "url", "link", "lien" }, { "logo", "image", "company", "publisher", "video", "picture" } },
    { FEED_SALARY_MIN, { "salary min", "salaire min", "salaire mini", "min salary", "min value", "salaire minimum", "sal montant min", "min", "minimum", "salary from", "montant min", "salary minimum", "minimum amount", "low", "amount", "from" }, { "salaire min", "salary min", "taux horaire" }, { "max" } },
    { FEED_SALARY_MAX, { "salary max", "salaire max", "salaire maxi", "max salary", "max value", "salaire maximum", "sal montant max", "max", "maximum", "salary to", "montant max", "salary maximum", "maximum amount", "high", "to" }, { "salaire max", "salary max" }, { "min" } },
    { FEED_SALARY_PERIOD, { "unit text", "period", "periodicite salaire", "salaire periode", "sal type", "salary unit", "salary period", "periodicite", "salary type", "frequence", "salaire type", "interval", "unite", "unit", "remuneration rate type code", "job salary unit", "per", "frequency", "periode", "compensation frequency", "pay frequency" }, { "periodicite", "salary period" }, { "contract", "contrat" } },
    { FEED_WORK_TIME, { "temps de travail", "work schedule", "schedule", "type temps", "temps", "working time", "job time", "temps travail", "rythme", "work time", "duree travail", "position schedule type code", "quotite", "taux d activite", "time type" }, { "temps de travail", "temps travail", "schedule", "working time" }, { "debut", "date" } },
    { FEED_DURATION, { "duree du contrat", "duree contrat", "contract duration", "tco duree", "duration", "duree", "contrat duree", "duree mission", "contract length" }, { "duree contrat", "duree du contrat", "contract duration" }, { "hebdo", "travail", "experience" } },
    { FEED_EXPERIENCE, { "experience", "exp cle", "experience required", "experience requirements", "niveau d experience", "niveau experience", "experience requise", "experience souhaitee", "experience level" }, { "experience" }, { "duree", "mois", "months", "annee" } },
    { FEED_EXPERIENCE_MONTHS, { "months of experience", "exp duree", "experience duree", "annees d experience", "annees experience", "experience mois", "experience annees", "experience years", "years of experience" }, { "annees d experience", "experience mois", "experience annees" }, { "" } },
    { FEED_SKILLS, { "skills", "competences", "competence", "savoir faire", "skill", "competences requises" }, { "competence", "skill" }, { "" } },
    { FEED_TRAINING, { "education", "formation", "diplome", "niveau d etudes", "niveau etudes", "education requirements", "niveau formation", "etudes", "formations", "education level", "degree", "niveau requis", "etude" }, { "formation", "diplome", "etudes" }, { "date", "experience" } },
    { FEED_LANGUAGES, { "langues", "languages", "langue", "langues requises" }, { "langue" }, { "code" } },
    { FEED_LICENCES, { "permis", "driving licence", "permis requis", "permis de conduire", "driving license", "licence" }, { "permis" }, { "" } },
    { FEED_APPLY_EMAIL, { "email", "mail", "courriel", "contact mail", "contact email", "apply email", "application email", "e mail", "adresse mail", "email candidature", "application" }, { "mail", "courriel" }, { "" } },
    { FEED_QUALITIES, { "qualites", "qualites professionnelles", "savoir etre", "soft skills" }, { "savoir etre" }, { "" } },
    { FEED_BENEFITS, { "avantages", "benefits", "job benefits", "avantages sociaux", "advantages" }, { "avantage" }, { "" } },
    { FEED_CONDITIONS, { "conditions exercice", "conditions de travail", "working conditions" }, { "condition" }, { "salar", "general" } },
    { FEED_SCHEDULE, { "horaires", "work hours", "horaires de travail" }, { "horaire" }, { "taux", "salaire" } },
    { FEED_APPLY_NAME, { "contact name", "nom contact", "contact nom", "nom du contact", "personne a contacter", "personne a joindre", "contact person" }, { "" }, { "" } },
    { FEED_APPLY_PHONE, { "contact telephone", "telephone", "telephone contact", "contact phone", "phone", "tel" }, { "telephone" }, { "fax" } },
    { FEED_TRAVEL, { "deplacement", "deplacements", "deplacements professionnels", "zone deplacement", "travel", "travel required" }, { "" }, { "" } },
    { FEED_STATE, { "off etat", "etat", "etat offre", "statut", "statut offre", "status", "offer status", "job status", "current status", "position opening status code", "published", "is published", "publie", "est publiee", "is active", "active", "actif", "online", "en ligne", "state", "requisition status", "ad status" }, { "etat offre" }, { "address", "adresse", "location", "place", "lieu", "city" } },
};

// Names that say something of a salary only where a salary is spoken of.
static const char *const money[] = { "salar", "salaire", "compensation", "remuneration", "wage", "pay", "value", "remu", NULL };

static bool is_of_salary(const struct look *look)
{
    static const char *const bare[] = { "min", "max", "minimum", "maximum", "period", "unit text", "min value", "max value", "unit", "unite", "interval", "low", "high", "amount", "per", NULL };
    return !feed_is_one_of(look->name, bare) || look->is_pay || holds(look->parent, money);
}

// « from » is a day, or an amount where a salary is spoken of.
static bool is_of_other_kind(const struct look *look, enum feed_field field)
{
    static const char *const both[]   = { "from", "to", "du", NULL };
    bool                     is_money = look->is_pay || holds(look->parent, money), is_amount = field == FEED_SALARY_MIN || field == FEED_SALARY_MAX;
    return feed_is_one_of(look->name, both) && is_money != is_amount;
}

// A mark that says of the offer itself that it is out: of a contract or a country in a list of codes it says nothing.
static bool is_of_offer(const struct look *look)
{
    static const char *const marks[] = { "active", "actif", "is active", "online", "en ligne", "published", "publie", NULL };
    return !look->parent.len || str_eq(look->parent, STR("attributes")) || !feed_is_one_of(look->name, marks);
}

// One of several words of a folded name, whole.
static bool is_among(struct str name, const char *const *words)
{
    for (struct str word; str_cut(&name, ' ', &word);) {
        if (feed_is_one_of(word, words)) {
            return true;
        }
    }
    return false;
}

// « Gross monthly min », « brut annuel maxi »: an end of a range, of something that is paid.
static bool is_end_of_pay(struct str name, enum feed_field field)
{
    static const char *const low[] = { "min", "mini", "minimum", "from", NULL }, *const high[] = { "max", "maxi", "maximum", "to", NULL };
    static const char *const paid[] = { "salaire", "salary", "pay", "gross", "brut", "net", "wage", "remuneration", "compensation", "monthly", "mensuel", "hourly", "horaire", "yearly", "annual", "annuel", NULL };
    const char *const *const ends   = field == FEED_SALARY_MIN ? low : field == FEED_SALARY_MAX ? high : NULL;
    return ends && is_among(name, ends) && is_among(name, paid);
}

static bool has_word(struct str text, struct str word)
{
    size_t at = str_find(text, word);
    return word.len > 0 && at < text.len;
}

// Names that say nothing without what they stand in: company/name, contractType/label, location/city...
static const char *const plain[] = { "name", "nom", "public name", "brand", "label", "libelle", "value", "valeur", "text", "texte", "display", "affichage", "title", "id value", "href", "type", "code", NULL };

static bool is_exactly(struct str name, size_t hint)
{
    for (size_t i = 0; i < LENGTH(hints[hint].exact) && hints[hint].exact[i]; i++) {
        if (str_eq(name, str_of(hints[hint].exact[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_name_of_any(struct str name)
{
    bool is_one = false;
    for (size_t h = 0; h < LENGTH(hints) && !is_one; h++) {
        is_one = is_exactly(name, h);
    }
    return is_one;
}

// The label of a contract or of an occupation is no title.
static bool is_of_another(const struct look *look, size_t hint)
{
    bool may = look->parent.len && feed_is_one_of(look->name, plain) && !is_exactly(look->parent, hint);
    return may && is_name_of_any(look->parent);
}

static double name_score_of(const struct look *look, size_t hint)
{
    static const char *const kinds[] = { "kind", "type", NULL };
    struct str               both    = look->name;
    if (!is_of_salary(look) || !is_of_offer(look) || is_of_other_kind(look, hints[hint].field)) {
        return 0;
    }
    if (feed_is_one_of(both, kinds) && (look->is_pay || holds(look->parent, money))) {
        return hints[hint].field == FEED_SALARY_PERIOD ? 0.8 : 0;
    }
    if (hints[hint].field == FEED_COMPANY && !look->parent.len && str_eq(both, STR("nom"))) {
        return 0.4; // a column of a table of posts: whose they are
    }
    for (size_t i = 0; i < LENGTH(hints[hint].never) && hints[hint].never[i]; i++) {
        if (has_word(both, str_of(hints[hint].never[i])) || has_word(look->parent, str_of(hints[hint].never[i]))) {
            bool is_company = hints[hint].field == FEED_COMPANY && has_word(look->parent, str_of(hints[hint].never[i]));
            if (!is_company) {
                return 0;
            }
        }
    }
    for (size_t i = 0; i < LENGTH(hints[hint].exact) && hints[hint].exact[i]; i++) {
        if (str_eq(both, str_of(hints[hint].exact[i]))) {
            return is_of_another(look, hint) ? 0.3 : 1 - 0.01 * (double)i;
        }
    }
    for (size_t i = 0; i < LENGTH(hints[hint].part) && hints[hint].part[i]; i++) {
        if (has_word(both, str_of(hints[hint].part[i]))) {
            return 0.6;
        }
    }
    if (is_end_of_pay(both, hints[hint].field)) {
        return 0.6;
    }
    if (look->parent.len && feed_is_one_of(both, plain) && is_exactly(look->parent, hint)) {
        return str_eq(both, STR("code")) ? 0.7 : 0.8; // words rather than codes
    }
    return 0;
}

// A first word that several names share is what they stand in: lieu_ville is ville in lieu.
static double name_score(const struct look *look, size_t hint)
{
    double      score  = name_score_of(look, hint), apart;
    size_t      blank  = str_index(look->name, ' ');
    struct look within = *look;
    if (!look->is_spaced) {
        return score;
    }
    within.parent = str_sub(look->name, 0, blank);
    within.name   = str_sub(look->name, blank + 1, look->name.len);
    apart         = 0.9 * name_score_of(&within, hint);
    return apart > score ? apart : score;
}

// Finds them, once all are seen.
static void mark_spaces(struct looks *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct look *look = &l->list[i];
        struct str   word = str_sub(look->name, 0, str_index(look->name, ' '));
        size_t       same = 0;
        for (size_t k = 0; k < l->count && word.len < look->name.len; k++) {
            const struct look *other = &l->list[k];
            same += k != i && str_eq(other->parent, look->parent) && other->name.len > word.len && str_starts(other->name, word) && other->name.at[word.len] == ' ';
        }
        look->is_spaced = same >= 2;
    }
}

static double mean_length(const struct look *look)
{
    return look->count ? (double)look->length / look->count : 0;
}

static bool is_figures(struct str text)
{
    bool is_one = text.len > 0;
    for (size_t i = 0; i < text.len && is_one; i++) {
        is_one = strchr("0123456789., ", text.at[i]) != NULL;
    }
    return is_one;
}

// The share of the values seen that may be this field.
static double value_score(struct arena *a, const struct look *look, enum feed_field field, const struct feed_layout *probe)
{
    double fit = 0, mean = mean_length(look);
    if (field == FEED_REFERENCE) {
        return mean <= 64 && look->seen ? (double)(look->different < look->seen ? look->different : look->seen) / look->seen : 0;
    }
    if (field == FEED_DESCRIPTION) {
        return mean > 400 ? 1 : mean > 120 ? 0.7 : mean > 60 ? 0.3 : mean > 15 ? 0.15 : mean > 6 ? 0.08 : 0.05; // short: by an exact name only
    }
    if (field == FEED_TITLE) {
        return mean >= 4 && mean <= 140 ? 0.4 + 0.6 * (double)look->different / (look->seen ? look->seen : 1) : 0;
    }
    bool is_number = look->seen > 0;
    for (uint32_t i = 0; i < look->seen && is_number; i++) {
        is_number = is_figures(look->values[i]);
    }
    if (is_number && (field == FEED_CITY || field == FEED_SCHEDULE)) {
        return 0; // a postcode, hours a week
    }
    if (field == FEED_COMPANY || field == FEED_CITY || field == FEED_SALARY) {
        return mean >= 2 && mean <= 90 ? 0.9 : 0;
    }
    for (uint32_t i = 0; i < look->seen; i++) {
        struct feed_node   leaf    = { .name = STR("v"), .text = look->values[i] };
        struct feed_node   element = { .first = &leaf, .last = &leaf };
        struct feed_layout l       = *probe;
        struct feed_offer  o;
        l.fields[field] = STR("v");
        feed_offer_read(a, &l, &(struct feed_item){ .element = &element }, &o);
        // A day's pay is read, though it ends in words.
        bool is_told = o.fault_count > 0 && o.faults[o.fault_count - 1].field == FEED_SALARY_PERIOD;
        fit += o.values[field].len > 0 || (field == FEED_SALARY_PERIOD && !is_told);
    }
    fit = look->seen ? fit / look->seen : 0;
    bool is_code = mean <= (field == FEED_CONTRACT ? 30 : field == FEED_STATE ? 3 : 0);
    return is_code && fit < 0.1 ? 0.1 : fit; // codes, whose meaning a person says
}

struct choice {
    double score;
    size_t hint, look;
};

static bool is_date(struct arena *a, const struct look *k)
{
    struct str first = k->seen ? k->values[0] : STR("");
    bool       only  = first.len >= 8 && first.len <= 30 && feed_day(a, first, FEED_DAYS_FOUND).len;
    for (size_t i = 0; i < first.len && only; i++) {
        only = strchr("0123456789-/:.TZ+ ", first.at[i]) != NULL;
    }
    return only && (str_index(first, '-') < first.len || str_index(first, '/') < first.len) && str_index(first, ' ') + 9 > 10;
}

static bool is_word(const struct look *k)
{
    struct str first = k->seen ? k->values[0] : STR("");
    bool       is_it = first.len > 0 && !str_starts(first, STR("http"));
    for (size_t i = 0; i < first.len && is_it; i++) {
        is_it = strchr("0123456789@_", first.at[i]) == NULL;
    }
    return is_it;
}

static bool differs(const struct look *k, uint32_t elements)
{
    return k->count == elements && k->seen > 0 && k->different >= (k->seen < elements ? k->seen : elements);
}

// When no name tells: what is different in each offer and short is its reference (its address, if there is nothing better);
// the first short text that hardly repeats its title; the longest text its description.
static void fall_back(const struct looks *l, uint32_t elements, bool taken[static FEED_PATHS], struct feed_suggestion *ret)
{
    struct str *fields = ret->layout.fields;
    size_t      reference = l->count, title = l->count, word = l->count, text = l->count;
    int         best = -1;
    for (size_t i = 0; i < l->count; i++) {
        const struct look *k    = &l->list[i];
        double             mean = mean_length(k);
        if (is_date(l->arena, k)) {
            continue; // of two offers of a day one would be lost
        }
        bool   is_url = k->seen && str_starts(k->values[0], STR("http")), has_blank = k->seen && str_index(k->values[0], ' ') < k->values[0].len;
        int    rank   = (is_url ? 0 : 4) + (str_index(k->path, '@') < k->path.len ? 2 : 0) + (str_index(k->path, '/') == k->path.len ? 1 : 0);
        if ((!taken[i] || is_url) && differs(k, elements) && mean <= (is_url ? 120 : 40) && !has_blank && rank > best) {
            reference = i, best = rank;
        }
        if (!taken[i] && title == l->count && mean >= 8 && mean <= 100 && has_blank && 2 * k->different > k->seen && 2 * k->count > elements) {
            title = i;
        }
        if (!taken[i] && is_word(k) && 2 * k->count > elements && mean >= 4 && (word == l->count || k->different > l->list[word].different)) {
            word = i;
        }
        if (!taken[i] && mean >= 60 && (text == l->count || mean > mean_length(&l->list[text]))) {
            text = i;
        }
    }
    title = title < l->count ? title : word;
    if (!fields[FEED_TITLE].len && title < l->count) {
        fields[FEED_TITLE] = l->list[title].path, ret->sure[FEED_TITLE] = 0.2, taken[title] = true;
    }
    if (!fields[FEED_DESCRIPTION].len && text < l->count && !taken[text]) {
        fields[FEED_DESCRIPTION] = l->list[text].path, ret->sure[FEED_DESCRIPTION] = 0.2, taken[text] = true;
    }
    if (!fields[FEED_REFERENCE].len && str_ends(ret->layout.element, STR("*"))) {
        fields[FEED_REFERENCE] = STR("@@"), ret->sure[FEED_REFERENCE] = 0.9;
    }
    if (!fields[FEED_REFERENCE].len && reference < l->count && !str_eq(l->list[reference].path, fields[FEED_TITLE])) {
        fields[FEED_REFERENCE] = l->list[reference].path, ret->sure[FEED_REFERENCE] = 0.2, taken[reference] = true;
    }
}

// What no name tells and each value does: numbers of establishments, and words that are contracts throughout, as under « Cadre ».
static void tell_by_value(struct arena *a, const struct looks *l, uint32_t elements, bool taken[static FEED_PATHS], struct feed_suggestion *ret)
{
    enum { LONGEST = 40 };
    static const enum feed_field fields[] = { FEED_SIRET, FEED_ROME, FEED_CONTRACT };
    static const char *const     occupations[] = { "categor", "metier", "occupation", "emploi", NULL };
    struct feed_layout           probe         = { 0 };
    for (size_t f = 0; f < LENGTH(fields); f++) {
        for (size_t i = 0; i < l->count && !ret->layout.fields[fields[f]].len; i++) {
            const struct look *k      = &l->list[i];
            bool               is_may = !taken[i] && k->seen && mean_length(k) <= LONGEST && 2 * k->count > elements
                          && (fields[f] != FEED_ROME || holds(k->parent, occupations)); // C0311 may be a client's
            if (is_may && value_score(a, k, fields[f], &probe) >= 1) {
                ret->layout.fields[fields[f]] = k->path, ret->sure[fields[f]] = 0.3, taken[i] = true;
            }
        }
    }
}

static struct str look_path(const struct looks *l, struct str path)
{
    for (size_t i = 0; i < l->count; i++) {
        if (str_eq(l->list[i].path, path)) {
            return l->list[i].path;
        }
    }
    return (struct str){ 0 };
}

// Sections side by side, sections/mission/text and sections/profile/text: all of them are the description.
static struct str of_all_sections(struct arena *a, const struct looks *l, struct str path)
{
    struct str steps[8], rest = path, step;
    size_t     n = 0;
    while (n < LENGTH(steps) && path_cut(&rest, "/", &step)) {
        steps[n++] = step;
    }
    if (n < 3 || !str_is_absent(rest)) {
        return path;
    }
    struct str before = str_sub(path, 0, (size_t)(steps[n - 2].at - path.at)), last = steps[n - 1];
    for (size_t i = 0; i < l->count; i++) {
        struct str other = l->list[i].path, middle = str_sub(other, before.len, other.len);
        bool       is_it = str_starts(other, before) && str_index(middle, '/') + 1 + last.len == middle.len && str_ends(middle, last);
        if (is_it && !str_eq(other, path) && mean_length(&l->list[i]) > 10) {
            return arena_printf(a, "%.*s*/%.*s", STR_ARG(before), STR_ARG(last));
        }
    }
    return path;
}

static const struct look *look_named(const struct looks *l, const char *const *names)
{
    for (; *names; names++) {
        for (size_t i = 0; i < l->count; i++) {
            if (str_eq(l->list[i].name, str_of(*names))) {
                return &l->list[i];
            }
        }
    }
    return NULL;
}

static void add_word(struct arena *a, struct feed_layout *layout, enum feed_field field, struct str theirs, const char *ours)
{
    struct str folded = feed_fold(a, theirs);
    for (size_t i = 0; i < layout->word_count; i++) {
        if (layout->words[i].field == field && str_eq(layout->words[i].theirs, folded)) {
            return;
        }
    }
    if (folded.len && layout->word_count < FEED_WORDS) {
        layout->words[layout->word_count].field    = field;
        layout->words[layout->word_count].theirs   = folded;
        layout->words[layout->word_count++].ours = str_of(ours);
    }
}

// What a text says of a state, without any table; absent when that is nothing.
static struct str state_said(struct arena *a, struct str text)
{
    struct feed_node   leaf = { .name = STR("v"), .text = text }, element = { .first = &leaf, .last = &leaf };
    struct feed_layout bare = { .fields = { [FEED_STATE] = STR("v") } };
    struct feed_offer  o;
    feed_offer_read(a, &bare, &(struct feed_item){ .element = &element }, &o);
    return o.values[FEED_STATE];
}

// A mark that says of an offer that it is filled, beside its state or alone: what is true there is over.
static void complete_state(struct arena *a, const struct looks *l, struct feed_layout *layout)
{
    static const char *const names[] = { "filled", "is filled", "pourvu", "pourvue", "est pourvue", NULL }, *const yes[] = { "1", "true", "oui", "yes" }, *const no[] = { "0", "false", "non", "no" };
    struct str               state   = layout->fields[FEED_STATE];
    const struct look       *mark    = look_named(l, names), *of_state = NULL;
    for (size_t i = 0; i < l->count && state.len; i++) {
        of_state = str_eq(l->list[i].path, state) ? &l->list[i] : of_state;
    }
    for (uint32_t i = 0; mark && i < mark->seen; i++) {
        for (size_t k = 0; k < LENGTH(yes); k++) {
            bool is_yes = str_eq_case(mark->values[i], str_of(yes[k])), is_no = str_eq_case(mark->values[i], str_of(no[k]));
            for (uint32_t n = 0; is_yes && of_state && of_state != mark && n < of_state->seen; n++) {
                add_word(a, layout, FEED_STATE, arena_printf(a, "%.*s %s", STR_ARG(of_state->values[n]), yes[k]), "closed");
            }
            for (uint32_t n = 0; is_no && of_state && of_state != mark && n < of_state->seen; n++) { // « 0 0 » is what 0 means alone
                struct str both = arena_printf(a, "%.*s %s", STR_ARG(of_state->values[n]), no[k]), alone = state_said(a, of_state->values[n]);
                if (alone.len && !str_eq(state_said(a, both), alone)) {
                    add_word(a, layout, FEED_STATE, both, str_eq(alone, STR("open")) ? "open" : "closed");
                }
            }
            if ((is_yes || is_no) && (!of_state || of_state == mark)) {
                add_word(a, layout, FEED_STATE, mark->values[i], is_yes ? "closed" : "open");
            }
        }
    }
    if (mark && layout->word_count && mark != of_state) {
        layout->fields[FEED_STATE] = state.len ? arena_printf(a, "%.*s + %.*s", STR_ARG(state), STR_ARG(mark->path)) : mark->path;
    }
}

// « fullTime: true », « temps partiel : oui »: what is true there, and what is not.
static void complete_work_time(struct arena *a, const struct looks *l, const bool taken[static FEED_PATHS], struct feed_layout *layout)
{
    static const char *const full[] = { "full time", "fulltime", "is full time", "temps plein", "temps complet", NULL }, *const part[] = { "part time", "parttime", "is part time", "temps partiel", NULL };
    static const char *const yes[] = { "1", "true", "oui", "yes", NULL }, *const no[] = { "0", "false", "non", "no", NULL };
    for (size_t i = 0; i < l->count && !layout->fields[FEED_WORK_TIME].len; i++) {
        const struct look *k       = &l->list[i];
        bool               is_full = feed_is_one_of(k->name, full), is_mark = k->seen && !taken[i] && (is_full || feed_is_one_of(k->name, part));
        for (uint32_t n = 0; n < k->seen && is_mark; n++) {
            is_mark = feed_is_one_of(k->values[n], yes) || feed_is_one_of(k->values[n], no);
        }
        for (uint32_t n = 0; n < k->seen && is_mark; n++) {
            add_word(a, layout, FEED_WORK_TIME, k->values[n], feed_is_one_of(k->values[n], yes) == is_full ? "full" : "part");
        }
        layout->fields[FEED_WORK_TIME] = is_mark ? k->path : layout->fields[FEED_WORK_TIME];
    }
}

// A number beside its unit: 8, semaines.
static void complete_duration(struct arena *a, const struct looks *l, struct feed_layout *layout)
{
    static const char *const lasts[] = { "duree", "duration", "length", NULL };
    struct str              *field   = &layout->fields[FEED_DURATION];
    size_t                   before  = field->len;
    while (before && field->at[before - 1] != '/') {
        before--;
    }
    for (size_t i = 0; i < l->count && field->len; i++) {
        struct str path = l->list[i].path, name = l->list[i].name;
        bool       is_unit = has_word(name, STR("unit")) && holds(name, lasts) && !str_eq(path, *field);
        if (is_unit && str_starts(path, str_sub(*field, 0, before)) && str_index(str_sub(path, before, path.len), '/') == path.len - before) {
            *field = arena_printf(a, "%.*s + %.*s", STR_ARG(*field), STR_ARG(path));
            return;
        }
    }
}

// Days of which the second figure is beyond twelve, and never the first, say the month first.
static enum feed_days days_of(const struct look *look)
{
    bool is_month_first = false;
    for (uint32_t i = 0; i < look->seen; i++) {
        struct str rest = look->values[i], first, second;
        int64_t    a, b;
        if (str_cut(&rest, '/', &first) && str_cut(&rest, '/', &second) && str_int(first, &a) && str_int(second, &b) && first.len <= 2) {
            if (a > 12) {
                return FEED_DAYS_FOUND;
            }
            is_month_first = is_month_first || b > 12;
        }
    }
    return is_month_first ? FEED_DAYS_MONTH_FIRST : FEED_DAYS_FOUND;
}

// Where one applies, when that is another address than the one of the offer.
static struct str apply_of(const struct looks *l, const bool taken[static FEED_PATHS], struct str url)
{
    static const char *const names[] = { "apply url", "application url", "url postulation", "url candidature", "lien candidature", "apply link", "apply", NULL };
    static const char *const links[] = { "url", "link", "lien", "href", NULL }, *const around[] = { "apply", "application", "how to apply", "candidature", "postuler", NULL };
    for (size_t i = 0; i < l->count && url.len; i++) {
        const struct look *k     = &l->list[i];
        bool               is_it = feed_is_one_of(k->name, names) || (feed_is_one_of(k->name, links) && feed_is_one_of(k->parent, around));
        if (is_it && !taken[i] && !str_eq(k->path, url) && k->seen && str_starts(k->values[0], STR("http"))) {
            return k->path;
        }
    }
    return (struct str){ 0 };
}

// What one choice says of another part.
static void complete(struct arena *a, const struct looks *l, const bool taken[static FEED_PATHS], struct feed_suggestion *ret)
{
    static const char *const places[] = { "point", "gps", "coordinates", "coordonnees", "geo", "geo point", "lat lng", "latlng", "coordonnees gps", "geoloc", "geolocalisation", NULL };
    struct str              *fields   = ret->layout.fields, low = fields[FEED_SALARY_MIN];
    fields[FEED_DESCRIPTION]          = of_all_sections(a, l, fields[FEED_DESCRIPTION]);
    // JSON-LD: one amount, or two.
    if (str_ends(low, STR("minValue"))) {
        struct str one          = look_path(l, arena_printf(a, "%.*svalue", STR_ARG(str_sub(low, 0, low.len - 8))));
        fields[FEED_SALARY_MIN] = one.len ? arena_printf(a, "%.*s | %.*s", STR_ARG(low), STR_ARG(one)) : low;
    }
    complete_state(a, l, &ret->layout);
    complete_work_time(a, l, taken, &ret->layout);
    complete_duration(a, l, &ret->layout);
    for (size_t i = 0; i < l->count; i++) {
        bool is_start = str_eq(l->list[i].path, fields[FEED_START]), is_email = str_eq(l->list[i].path, fields[FEED_APPLY_EMAIL]);
        ret->layout.days = is_start ? days_of(&l->list[i]) : ret->layout.days;
        for (uint32_t k = 0; is_email && k < l->list[i].seen; k++) { // WordPress: an address of either kind
            fields[FEED_APPLY_URL] = str_starts(l->list[i].values[k], STR("http")) ? fields[FEED_APPLY_EMAIL] : fields[FEED_APPLY_URL];
        }
    }
    fields[FEED_APPLY_URL] = fields[FEED_APPLY_URL].len ? fields[FEED_APPLY_URL] : apply_of(l, taken, fields[FEED_URL]);
    // One part with both.
    for (size_t i = 0; i < l->count && !fields[FEED_LATITUDE].len; i++) {
        for (size_t k = 0; places[k] && !taken[i]; k++) {
            struct feed_node   leaf = { .name = STR("v"), .text = l->list[i].seen ? l->list[i].values[0] : STR("") }, element = { .first = &leaf, .last = &leaf };
            struct feed_layout both = { .fields = { [FEED_LATITUDE] = STR("v"), [FEED_LONGITUDE] = STR("v") } };
            struct feed_offer  o;
            feed_offer_read(a, &both, &(struct feed_item){ .element = &element }, &o);
            if (str_eq(l->list[i].name, str_of(places[k])) && o.values[FEED_LATITUDE].len && o.values[FEED_LONGITUDE].len) {
                fields[FEED_LATITUDE] = fields[FEED_LONGITUDE] = l->list[i].path;
                break;
            }
        }
    }
}

static size_t steps_of(struct str path)
{
    size_t n = 0;
    for (struct str step; path_cut(&path, "/", &step);) {
        n++;
    }
    return n;
}

// A column, or a member of a row, that only its place names: what it is it must say itself.
static bool is_nameless(const struct look *look)
{
    int64_t n;
    return str_starts(look->name, STR("colonne ")) || str_int(look->name, &n);
}

static bool is_told_by_value(enum feed_field field)
{
    static const enum feed_field fields[] = { FEED_SIRET, FEED_ROME, FEED_POSTCODE, FEED_START, FEED_URL, FEED_APPLY_EMAIL, FEED_CONTRACT };
    for (size_t i = 0; i < LENGTH(fields); i++) {
        if (fields[i] == field) {
            return true;
        }
    }
    return false;
}

static bool is_of_company(const struct look *look)
{
    static const char *const words[] = { "company", "entreprise", "societe", "employ", "recrut", "contact", "url", NULL };
    return holds(look->name, words) || holds(look->parent, words);
}

static void choose(struct arena *a, const struct looks *l, uint32_t elements, struct feed_suggestion *ret)
{
    bool               taken[FEED_PATHS] = { 0 };
    struct feed_layout probe             = { 0 };
    size_t             most              = LENGTH(hints) * l->count, count = 0;
    struct choice     *choices           = ARENA_ARRAY(a, struct choice, most ? most : 1);
    for (size_t h = 0; h < LENGTH(hints); h++) {
        for (size_t i = 0; i < l->count; i++) {
            // A number alone is a day only under a name that says so: postcodes have five figures too.
            bool   is_number = hints[h].field == FEED_START && l->list[i].seen && str_int(l->list[i].values[0], &(int64_t){ 0 });
            bool   by_value  = is_nameless(&l->list[i]) && is_told_by_value(hints[h].field) && !is_number;
            double name      = by_value ? 0.5 : name_score(&l->list[i], h);
            if (name <= 0) {
                continue;
            }
            double share = (double)l->list[i].count / elements;
            double value = value_score(a, &l->list[i], hints[h].field, &probe);
            double score = name * (0.15 + 0.85 * value) * (0.4 + 0.6 * share) * (1 - 0.02 * (double)steps_of(l->list[i].path));
            if (value > (by_value ? 0.8 : 0.05) && score > 0.15) {
                choices[count++] = (struct choice){ score, h, i };
            }
        }
    }
    // The best first, each part and each field once.
    for (;;) {
        const struct choice *best = NULL;
        for (size_t i = 0; i < count; i++) {
            const struct choice *c = &choices[i];
            if (!taken[c->look] && ret->sure[hints[c->hint].field] <= 0 && (!best || c->score > best->score)) {
                best = c;
            }
        }
        if (!best) {
            break;
        }
        taken[best->look]                             = true;
        ret->sure[hints[best->hint].field]            = best->score;
        ret->layout.fields[hints[best->hint].field] = l->list[best->look].path;
    }
    tell_by_value(a, l, elements, taken, ret);
    fall_back(l, elements, taken, ret);
    // Years are said so.
    for (size_t i = 0; i < l->count; i++) {
        bool is_it = str_eq(ret->layout.fields[FEED_EXPERIENCE_MONTHS], l->list[i].path);
        if (is_it && (has_word(l->list[i].name, STR("annee")) || has_word(l->list[i].name, STR("year")))) {
            ret->layout.fields[FEED_EXPERIENCE_MONTHS] = arena_printf(a, "%.*s + 'ans'", STR_ARG(l->list[i].path));
        }
    }
    // France Travail says in two columns what a contract is.
    for (size_t i = 0; i < l->count; i++) {
        bool is_nature = !taken[i] && str_eq(l->list[i].name, STR("ntc cle")) && str_ends(ret->layout.fields[FEED_CONTRACT], STR("TCO_cle"));
        if (is_nature) {
            taken[i]                          = true;
            ret->layout.fields[FEED_CONTRACT] = arena_printf(a, "%.*s + %.*s", STR_ARG(ret->layout.fields[FEED_CONTRACT]), STR_ARG(l->list[i].path));
        }
    }
    // The profile asked for is part of the description.
    static const char *const more[] = { "profil", "profile", "description2", "description3", "job profile", "requirements", "profil recherche", "description profil", "texte profil",
                                        "qualifications", "mission", "missions", "profile description", "additional", "responsibilities", NULL };
    for (size_t i = 0; i < l->count && ret->layout.fields[FEED_DESCRIPTION].len; i++) {
        const struct look *k       = &l->list[i];
        bool               is_more = feed_is_one_of(k->name, more) || (has_word(k->name, STR("profil")) && !is_of_company(k));
        if (!taken[i] && is_more && mean_length(k) > 10) {
            taken[i]                             = true;
            ret->layout.fields[FEED_DESCRIPTION] = arena_printf(a, "%.*s + %.*s", STR_ARG(ret->layout.fields[FEED_DESCRIPTION]), STR_ARG(k->path));
        }
    }
    complete(a, l, taken, ret);
}

static struct looks *look_at(struct arena *a, const struct feed_node *root, struct str element, struct feed_suggestion *ret)
{
    const struct feed_node **elements = ARENA_ARRAY(a, const struct feed_node *, FEED_LOOKED);
    struct looks            *l        = ARENA_NEW(a, struct looks);
    size_t                   count    = feed_find(root, element, elements, FEED_LOOKED);
    ret->elements                     = (uint32_t)count;
    count                             = count < FEED_LOOKED ? count : FEED_LOOKED;
    l->arena                          = a;
    l->around                         = count ? words_of(a, elements[0]->name) : (struct str){ 0 };
    for (size_t i = 0; i < count; i++) {
        see(l, elements[i], STR(""), (uint32_t)i, 0);
    }
    mark_spaces(l);
    ret->path_count = 0;
    for (size_t i = 0; i < l->count; i++) {
        struct feed_path *p = &ret->paths[ret->path_count++];
        *p                  = (struct feed_path){ .path = l->list[i].path, .count = l->list[i].count };
        for (size_t k = 0; k < LENGTH(p->samples) && k < l->list[i].seen; k++) {
            p->samples[k] = feed_cut(a, feed_line(a, l->list[i].values[k]), 80);
        }
    }
    return l;
}

bool feed_look(struct arena *a, const struct feed_node *root, struct str element, struct feed_suggestion *ret)
{
    look_at(a, root, element, ret);
    return ret->elements > 0;
}

// JSON-LD speaks of sites and organisations beside the offers.
static struct str only_postings(struct arena *a, const struct feed_node *root, struct str element)
{
    struct str only  = arena_printf(a, "%.*s[@type='JobPosting']", STR_ARG(element));
    size_t     count = feed_find(root, only, NULL, 0);
    return count && count < feed_find(root, element, NULL, 0) ? only : element;
}

// The best part for a field by its name, of those that a node has beside its offers, `without` or, in a keyed list, all that have parts;
// absent when none is.
static struct str named_beside(struct arena *a, const struct feed_node *node, struct str without, bool is_keyed_list, enum feed_field field)
{
    size_t             count = 0;
    struct looks      *l     = ARENA_NEW(a, struct looks);
    struct feed_layout probe = { 0 };
    struct str         best  = { 0 };
    double             most  = 0.6;
    l->arena                 = a;
    l->around                = words_of(a, node->name);
    l->is_beside             = true;
    for (const struct feed_node *n = node->first; n && count < BESIDE; n = n->next) {
        if (!str_eq(n->name, without) && !(is_keyed_list && n->first)) {
            see_part(l, n, STR(""), 0, 0);
            count++;
        }
    }
    for (size_t h = 0; h < LENGTH(hints); h++) {
        for (size_t i = 0; i < l->count && hints[h].field == field; i++) {
            double score = name_score(&l->list[i], h);
            if (score >= most && value_score(a, &l->list[i], field, &probe) > 0.5) {
                best = l->list[i].path, most = score;
            }
        }
    }
    return best;
}

// A stand, a site, an agency that several offers stand under says where they are, when they do not.
static void place_above(struct arena *a, const struct feed_node *inner, struct feed_suggestion *ret)
{
    static const enum feed_field above[] = { FEED_CITY, FEED_POSTCODE, FEED_COMMUNE };
    struct str                  *fields  = ret->layout.fields, prefix = STR("../");
    for (const struct feed_node *node = inner->parent; node && !fields[FEED_CITY].len && !fields[FEED_COMMUNE].len; inner = node, node = node->parent) {
        for (size_t i = 0; i < LENGTH(above) && has_other(node); i++) {
            struct str path = named_beside(a, node, inner->name, false, above[i]);
            if (path.len && !fields[above[i]].len) {
                fields[above[i]]    = arena_printf(a, "%.*s%.*s", STR_ARG(prefix), STR_ARG(path));
                ret->sure[above[i]] = 0.5;
            }
        }
        prefix = arena_printf(a, "%.*s../", STR_ARG(prefix));
    }
}

// The employer of all offers stands above them, when they do not name it themselves.
static void look_above(struct arena *a, const struct feed_node *root, struct feed_suggestion *ret)
{
    const struct feed_node *inner = NULL;
    struct str             *fields = ret->layout.fields, prefix = STR("../");
    bool                    is_keyed_list = str_ends(ret->layout.element, STR("*"));
    feed_find_some(root, ret->layout.element, &inner, 1);
    if (!inner) {
        return;
    }
    place_above(a, inner, ret);
    for (const struct feed_node *node = inner->parent; node && !fields[FEED_COMPANY].len && !fields[FEED_SIRET].len; inner = node, node = node->parent) {
        static const enum feed_field above[] = { FEED_COMPANY, FEED_SIRET };
        for (size_t i = 0; i < LENGTH(above); i++) {
            struct str path = named_beside(a, node, inner->name, is_keyed_list, above[i]);
            if (path.len) {
                fields[above[i]]    = arena_printf(a, "%.*s%.*s", STR_ARG(prefix), STR_ARG(path));
                ret->sure[above[i]] = 0.5;
            }
        }
        is_keyed_list = false;
        prefix        = arena_printf(a, "%.*s../", STR_ARG(prefix));
    }
}

// --- one offer for each place -----------------------------------------------------------------------

// The shortest beginning of a path that leads to as many parts of the elements as all of it.
static struct str list_in(const struct feed_node *const *elements, size_t count, struct str path)
{
    size_t     most = 0;
    struct str rest = path, step, list = path;
    for (size_t i = 0; i < count; i++) {
        most += feed_find_some(elements[i], path, NULL, FEED_NODES);
    }
    while (path_cut(&rest, "/", &step) && !str_is_absent(rest)) {
        struct str upto = str_sub(path, 0, (size_t)(step.at - path.at) + step.len);
        size_t     n    = 0;
        for (size_t i = 0; i < count; i++) {
            n += feed_find_some(elements[i], upto, NULL, FEED_NODES);
        }
        if (n == most) {
            return upto;
        }
    }
    return list;
}

// What the places of one element are. A region and a département beside a town are no list of places.
enum places { PLACES_ONE, PLACES_NONE, PLACES_DIFFER, PLACES_REPEAT, PLACES_UNKNOWN };

static enum places places_of(struct arena *a, const struct feed_layout *layout, const struct feed_node *element, struct str each, enum feed_field field)
{
    enum { MOST = 64 };
    const struct feed_node *parts[MOST];
    struct str              names[MOST];
    size_t                  count  = feed_find_some(element, each, parts, MOST);
    struct feed_layout      only   = { 0 };
    bool                    is_all = count > 1, differ = false, repeat = false;
    only.fields[field] = layout->fields[field];
    for (size_t i = 0; i < count && is_all; i++) {
        struct feed_offer o;
        feed_offer_read(a, &only, &(struct feed_item){ .element = element, .each = parts[i], .pieces = 1, .path = each }, &o);
        is_all   = o.values[field].len > 0 && !feed_is_around(a, o.values[field]);
        names[i] = is_all ? feed_fold(a, o.values[field]) : (struct str){ 0 };
        for (size_t k = 0; k < i && is_all; k++) {
            bool is_same = str_eq(names[k], names[i]);
            differ       = differ || !is_same;
            repeat       = repeat || is_same;
        }
    }
    return count == 0 ? PLACES_NONE : count == 1 ? PLACES_ONE : !is_all || !differ ? PLACES_UNKNOWN : repeat ? PLACES_REPEAT : PLACES_DIFFER;
}

// Several places of one element are an offer each: people look for work in one of them, and a territory takes what lies in it. Held by
// the name of the place where that tells them apart, so that their order in the file may change.
static void one_of_each_place(struct arena *a, const struct feed_node *root, struct feed_suggestion *ret)
{
    static const enum feed_field said[] = { FEED_CITY, FEED_COMMUNE, FEED_POSTCODE };
    struct feed_layout          *layout = &ret->layout;
    const struct feed_node     **elements = ARENA_ARRAY(a, const struct feed_node *, FEED_LOOKED);
    size_t                       count    = feed_find_some(root, layout->element, elements, FEED_LOOKED), n[PLACES_UNKNOWN + 1] = { 0 };
    enum feed_field              field    = FEED_FIELDS;
    for (size_t i = 0; i < LENGTH(said) && field == FEED_FIELDS; i++) {
        field = layout->fields[said[i]].len ? said[i] : FEED_FIELDS;
    }
    struct str path = field < FEED_FIELDS ? layout->fields[field] : STR(""), *reference = &layout->fields[FEED_REFERENCE];
    if (!path.len || strpbrk(arena_text(a, path), "[|+") || path_is_up(path)) {
        return;
    }
    struct str each = list_in(elements, count, path);
    for (size_t i = 0; i < count; i++) {
        n[places_of(a, layout, elements[i], each, field)]++;
    }
    if (n[PLACES_UNKNOWN] || !(n[PLACES_DIFFER] + n[PLACES_REPEAT])) {
        return;
    }
    layout->each = each;
    if (!n[PLACES_NONE] && !n[PLACES_REPEAT] && reference->len && str_index(*reference, '|') == reference->len) {
        *reference = arena_printf(a, "%.*s ++ '-' ++ %.*s", STR_ARG(*reference), STR_ARG(path));
    }
    // Lists side by side: which postcode is whose the layout cannot say.
    for (size_t i = 0; i < LENGTH(said); i++) {
        struct str *other = &layout->fields[said[i]];
        if (said[i] != field && other->len && !(str_starts(*other, each) && other->len > each.len && other->at[each.len] == '/')) {
            *other = (struct str){ 0 }, ret->sure[said[i]] = 0;
        }
    }
}

// A main place, and a list of others beside it: an offer of each, the main one first, under the reference that the element has alone.
static void others_beside(struct arena *a, const struct looks *l, const struct feed_node *root, struct feed_suggestion *ret)
{
    static const char *const more[]   = { "additional", "secondary", "other", "others", "autre", "autres", "supplementaire", "supplementaires", "secondaires", NULL };
    static const char *const places[] = { "location", "locations", "lieu", "lieux", "place", "places", "city", "cities", "town", "towns", "ville", "villes", "commune", "communes", NULL };
    struct str               main     = ret->layout.fields[FEED_CITY];
    if (!main.len || strpbrk(arena_text(a, main), "[|+") || path_is_up(main)) {
        return;
    }
    for (size_t i = 0; i < l->count && !ret->layout.each.len; i++) {
        struct str         named  = arena_printf(a, "%.*s %.*s", STR_ARG(l->list[i].parent), STR_ARG(l->list[i].name));
        struct feed_layout layout = ret->layout;
        struct feed_item  *items  = NULL;
        if (!is_among(named, more) || !is_among(named, places) || str_eq(l->list[i].path, main) || strpbrk(arena_text(a, l->list[i].path), "[|+")) {
            continue;
        }
        layout.each = layout.fields[FEED_CITY] = arena_printf(a, "%.*s | %.*s", STR_ARG(main), STR_ARG(l->list[i].path));
        size_t count = feed_items(a, &layout, root, &items), others = 0;
        bool   is_all = true;
        for (size_t k = 0; k < count && k < FEED_LOOKED && is_all; k++) {
            struct feed_offer o;
            if (items[k].list) {
                feed_offer_read(a, &layout, &items[k], &o);
                is_all = o.values[FEED_CITY].len > 0 && !feed_is_around(a, o.values[FEED_CITY]);
                others++;
            }
        }
        if (is_all && others) {
            ret->layout.each = layout.each, ret->layout.fields[FEED_CITY] = layout.each;
        }
    }
}

// Several towns in one cell: what parts them, and an offer of each, held by its name where the element has no other list.
static void part_cells(struct arena *a, const struct feed_node *root, struct feed_suggestion *ret)
{
    enum { MOST = 2 * FEED_LOOKED };
    struct feed_layout      *layout   = &ret->layout;
    const struct feed_node **elements = ARENA_ARRAY(a, const struct feed_node *, FEED_LOOKED), *parts[2];
    struct str              *cells = ARENA_ARRAY(a, struct str, MOST), path = layout->fields[FEED_CITY], *reference = &layout->fields[FEED_REFERENCE], written = { 0 };
    size_t                   count = feed_find_some(root, layout->element, elements, FEED_LOOKED), n = 0;
    const char              *marks[FEED_MARKS];
    bool                     is_alone = !layout->each.len, is_everywhere = true;
    if (!path.len || strpbrk(arena_text(a, path), is_alone ? "[|+" : "[+") || path_is_up(path) || (!is_alone && !str_eq(path, layout->each))) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        for (struct str rest = path, one; n < MOST && path_cut(&rest, "|", &one);) {
            size_t found = feed_find_some(elements[i], str_trim(one), parts, LENGTH(parts));
            if (is_alone && (found > 1 || (found && parts[0]->first))) {
                return;
            }
            is_everywhere = is_everywhere && found && str_trim(parts[0]->text).len;
            if (found && !parts[0]->first) {
                cells[n++] = str_trim(feed_line(a, feed_text(a, parts[0]->text)));
            }
        }
    }
    size_t marked = feed_parted(a, cells, n, marks);
    for (size_t i = 0; i < marked; i++) {
        written                                       = arena_printf(a, "%.*s%s'%s'", STR_ARG(written), i ? " | " : "", marks[i]);
        layout->separators[layout->separator_count++] = str_of(marks[i]);
    }
    if (marked) {
        layout->each = path, layout->separator = written;
        if (is_alone && is_everywhere && reference->len && str_index(*reference, '|') == reference->len) {
            *reference = arena_printf(a, "%.*s ++ '-' ++ %.*s", STR_ARG(*reference), STR_ARG(path));
        }
    }
}

// A table written by hand numbers nothing: an offer is then held by who seeks whom, and where.
static void refer_by_words(struct arena *a, struct feed_suggestion *ret)
{
    struct str           *fields  = ret->layout.fields, joined = { 0 };
    const enum feed_field parts[] = { fields[FEED_COMPANY].len ? FEED_COMPANY : FEED_SIRET, FEED_TITLE, fields[FEED_CITY].len ? FEED_CITY : FEED_POSTCODE };
    for (size_t i = 0; i < LENGTH(parts); i++) {
        struct str part = fields[parts[i]];
        if (part.len) {
            joined = joined.len ? arena_printf(a, "%.*s + %.*s", STR_ARG(joined), STR_ARG(part)) : part;
        }
    }
    if (!fields[FEED_REFERENCE].len && fields[FEED_TITLE].len && joined.len > fields[FEED_TITLE].len) {
        fields[FEED_REFERENCE]    = joined;
        ret->sure[FEED_REFERENCE] = 0.1;
    }
}

bool feed_suggest(struct arena *a, enum feed_format format, const struct feed_node *root, struct feed_suggestion *ret)
{
    struct feed_element found[FEED_ELEMENTS];
    *ret = (struct feed_suggestion){ .layout = { .format = format, .header = FEED_HEADER_FOUND } };
    if (feed_known(a, root, &ret->layout)) {
        for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
            ret->sure[field] = ret->layout.fields[field].len ? 1 : 0;
        }
        return feed_look(a, root, ret->layout.element, ret);
    }
    if (feed_elements(a, root, found) == 0) {
        return false;
    }
    ret->layout.element = only_postings(a, root, found[0].path);
    struct looks *l     = look_at(a, root, ret->layout.element, ret);
    choose(a, l, ret->elements < FEED_LOOKED ? ret->elements : FEED_LOOKED, ret);
    look_above(a, root, ret);
    one_of_each_place(a, root, ret);
    if (!ret->layout.each.len) {
        others_beside(a, l, root, ret);
        part_cells(a, root, ret);
    }
    refer_by_words(a, ret);
    return true;
}
