// A solved case told in JSON and French: each line with its reason, each rule with its price.
#include "plan/assign_case.h"
#include "plan/assign_why.h"

#define NB "\u202f" // before ; : ! ?

struct telling {
    const struct assign_case    *c;
    const struct assign         *s;
    const struct assign_problem *p;
    struct buf                  *out;
    struct buf                  *text; // the sentence being made
};

static int32_t adviser_at(const struct telling *t, int32_t node)
{
    return node - t->c->advisers[0].node;
}

static const struct case_organisation *organisation_of(const struct telling *t, int32_t adviser)
{
    return &t->c->organisations[t->c->advisers[adviser].organisation];
}

// Price of the arc of a node alone.
static int64_t mu(const struct telling *t, int32_t node)
{
    return assign_price(t->s, node) - assign_price(t->s, t->p->parent[node]);
}

static const char *state_of(const struct telling *t, int32_t adviser)
{
    if (mu(t, t->c->advisers[adviser].node) > 0) {
        return ", complet";
    }
    return mu(t, organisation_of(t, adviser)->node) > 0 ? ", part maximale atteinte" : "";
}

// How long nobody has been there, in months; false: nothing to say.
static bool silence(struct buf *b, int64_t months)
{
    if (months == SILENCE_NEVER) {
        buf_add(b, STR("jamais contacté"));
    } else if (months > 0) {
        buf_printf(b, "sans contact depuis %lld mois%s", (long long)months,
                   months == SILENCE_MOST ? " ou plus" : "");
    }
    return months > 0;
}

// "2 contacts fructueux", "potentiel 8", "public adapté": before the number, behind it for one and
// for several; what has no number has only the first.
static void features(struct buf *b, const struct case_pair *p)
{
    static const struct {
        enum assign_component what;
        const char           *before, *one, *many;
    } words[] = {
        { WORTH_PROMISE, "visite promise", NULL, NULL },
        { WORTH_LEAD, "chef de file", NULL, NULL },
        { WORTH_FRUITFUL, "", " contact fructueux", " contacts fructueux" },
        { WORTH_KNOWN, "contact connu", NULL, NULL },
        { WORTH_PUBLIC, "public adapté", NULL, NULL },
        { WORTH_NEEDS, "", " besoin", " besoins" },
        { WORTH_POTENTIAL, "potentiel ", "", "" },
        { WORTH_TENSION, "tension ", "", "" },
        { WORTH_TRAVEL, "", " km", " km" },
        { WORTH_STABLE, "même conseiller", NULL, NULL },
        { WORTH_GIVEN, "", " point", " points" },
    };
    bool any = silence(b, p->features.value[WORTH_SILENCE]);

    for (size_t k = 0; k < LENGTH(words); k++) {
        int64_t n = p->features.value[words[k].what];
        if (n) {
            buf_add(b, any ? STR(", ") : STR(""));
            buf_add(b, str_of(words[k].before));
            any = true;
        }
        if (n && words[k].one) {
            buf_add_int(b, n);
            buf_add(b, str_of(n > 1 ? words[k].many : words[k].one));
        }
    }
    if (!any) {
        buf_add(b, STR("aucun atout particulier"));
    }
}

static const char *plural(int64_t n)
{
    return n > 1 || n < -1 ? "s" : "";
}

// The best option of another organisation than that of `adviser`; -1 when there is none.
static int32_t next_option(const struct telling *t, int32_t i, int32_t adviser)
{
    int32_t best = -1;

    for (int32_t e = t->p->first[i]; e < t->p->first[i + 1]; e++) {
        int32_t a = adviser_at(t, t->p->node[e]);
        if (organisation_of(t, a) != organisation_of(t, adviser) &&
            (best < 0 || assign_option_profit(t->s, e) > assign_option_profit(t->s, best))) {
            best = e;
        }
    }
    return best;
}

const struct case_pair *case_pair_of(const struct case_establishment *e, int32_t adviser)
{
    for (int32_t k = 0; k < e->count; k++) {
        if (e->pairs[k].adviser == adviser) {
            return &e->pairs[k];
        }
    }
    return NULL;
}

static const struct case_pair *pair_of(const struct telling *t, int32_t i, int32_t adviser)
{
    return case_pair_of(&t->c->establishments[i], adviser);
}

// Another organisation that comes next, and by how much.
static void tell_next(struct telling *t, int32_t i, int32_t option)
{
    int32_t next = next_option(t, i, adviser_at(t, t->p->node[option]));

    if (next < 0) {
        buf_add(t->text, STR(NB "; aucune autre structure possible"));
        return;
    }
    int32_t   other = adviser_at(t, t->p->node[next]);
    long long less =
        (long long)(assign_option_profit(t->s, option) - assign_option_profit(t->s, next));
    buf_printf(t->text, NB "; ensuite %.*s, ", STR_ARG(organisation_of(t, other)->name));
    if (less == 0) {
        buf_add(t->text, STR("à égalité"));
    } else {
        buf_printf(t->text, "%lld point%s de %s", less > 0 ? less : -less, plural(less),
                   less > 0 ? "moins" : "plus");
    }
    buf_printf(t->text, "%s", state_of(t, other));
}

// Who would be worth more, and what keeps the visit from them.
static void tell_better(struct telling *t, enum assign_reason why, int32_t option, int32_t better)
{
    static const char *const states[] = { [WHY_FULL]    = "complet",
                                          [WHY_SHARE]   = "part maximale atteinte",
                                          [WHY_MINIMUM] = "mais un minimum est à tenir ici" };
    int32_t                  other    = adviser_at(t, t->p->node[better]);
    long long                more =
        (long long)(assign_option_profit(t->s, better) - assign_option_profit(t->s, option));

    buf_printf(t->text, NB "; %lld point%s de plus avec %.*s (%.*s), %s", more, plural(more),
               STR_ARG(organisation_of(t, other)->name), STR_ARG(t->c->advisers[other].name),
               states[why]);
}

static void why_visited(struct telling *t, int32_t i, enum assign_reason why, int32_t option,
                        int32_t better)
{
    int32_t adviser = adviser_at(t, t->p->node[option]);

    buf_printf(t->text, "%.*s (%.*s)" NB ": ", STR_ARG(organisation_of(t, adviser)->name),
               STR_ARG(t->c->advisers[adviser].name));
    features(t->text, pair_of(t, i, adviser));
    if (why == WHY_LOCK) {
        buf_add(t->text, STR(NB "; choix fixé à la main"));
    } else if (better >= 0) {
        tell_better(t, why, option, better);
    } else {
        tell_next(t, i, option);
    }
}

static void why_left_out(struct telling *t, int32_t i, enum assign_reason why, int32_t better)
{
    if (why == WHY_NO_CANDIDATE) {
        buf_add(t->text, STR("aucun conseiller possible"));
    } else if (why == WHY_WORTHLESS) {
        int64_t most = INT64_MIN;
        for (int32_t e = t->p->first[i]; e < t->p->first[i + 1]; e++) {
            int64_t worth = assign_option_profit(t->s, e);
            most          = worth > most ? worth : most;
        }
        buf_printf(t->text, "la visite ne vaut pas son trajet (%lld point%s au mieux)",
                   (long long)most, plural(most));
    } else {
        int32_t   adviser = adviser_at(t, t->p->node[better]);
        long long worth   = (long long)assign_option_profit(t->s, better);
        long long price   = (long long)assign_price(t->s, t->p->node[better]);
        buf_printf(
            t->text,
            "au mieux %.*s (%.*s), %lld point%s" NB "; cette place en vaut %lld pour d’autres%s",
            STR_ARG(organisation_of(t, adviser)->name), STR_ARG(t->c->advisers[adviser].name),
            worth, plural(worth), price, state_of(t, adviser));
    }
}

// What the points of a visit are made of.
static void tell_points(struct telling *t, const struct case_pair *p)
{
    bool    any = false;
    int64_t component[WORTH_COUNT];

    assign_worth_of(&p->features, &t->c->weights, component);
    buf_add(t->out, STR(",\"points\":{"));
    for (int c = 0; c < WORTH_COUNT; c++) {
        if (component[c]) {
            buf_printf(t->out, "%s\"%s\":%lld", any ? "," : "",
                       assign_component_name((enum assign_component)c).at, (long long)component[c]);
            any = true;
        }
    }
    buf_add_char(t->out, '}');
}

static struct case_told tell_line(struct telling *t, int32_t i)
{
    const struct case_establishment *e      = &t->c->establishments[i];
    int32_t                          option = assign_option(t->s, i), better = -1;
    enum assign_reason               why = assign_why(t->s, i, &better);

    if (option >= 0 && e->lock >= 0) {
        why    = WHY_LOCK; // the only place it has
        better = -1;
    }
    struct case_told told = { -1, -1, 0, assign_reason_name(why) };
    buf_clear(t->text);
    if (option >= 0) {
        told.adviser = adviser_at(t, t->p->node[option]);
        told.profit  = assign_option_profit(t->s, option);
        why_visited(t, i, why, option, better);
    } else if (e->out != OUT_NOT) {
        bool rest   = e->out == OUT_REST;
        told.reason = rest ? STR("rest") : STR("opposition");
        buf_add(t->text, rest ? STR("délai de repos en cours") : STR("opposition de l’employeur"));
    } else {
        why_left_out(t, i, why, better);
    }
    told.better = better < 0 ? -1 : adviser_at(t, t->p->node[better]);
    return told;
}

struct case_told case_tell(const struct assign_case *c, const struct assign *s, int32_t i,
                           struct buf *ret_why)
{
    struct telling t = { c, s, assign_problem_of(s), NULL, ret_why };

    return tell_line(&t, i);
}

static void tell_establishment(struct telling *t, int32_t i)
{
    struct case_told told = tell_line(t, i);

    buf_add(t->out, i ? STR(",\n  {\"name\":") : STR("\n  {\"name\":"));
    buf_add_json(t->out, t->c->establishments[i].name);
    if (told.adviser >= 0) {
        buf_printf(t->out, ",\"adviser\":%d,\"profit\":%lld", told.adviser, (long long)told.profit);
        tell_points(t, pair_of(t, i, told.adviser));
    } else {
        buf_add(t->out, STR(",\"adviser\":null"));
    }
    buf_printf(t->out, ",\"reason\":\"%.*s\"", STR_ARG(told.reason));
    if (told.better >= 0) {
        buf_printf(t->out, ",\"better\":%d", told.better);
    }
    buf_add(t->out, STR(",\"why\":"));
    buf_add_json(t->out, buf_str(t->text));
    buf_add_char(t->out, '}');
}

// Load and price of a node. A price is what one unit more of the bound would bring.
static void tell_node(struct telling *t, struct str name, int32_t node, bool first)
{
    buf_add(t->out, first ? STR("\n  {\"name\":") : STR(",\n  {\"name\":"));
    buf_add_json(t->out, name);
    buf_printf(t->out, ",\"visits\":%lld,\"price\":%lld}", (long long)assign_flow(t->s, node),
               (long long)mu(t, node));
}

static void tell_changes(struct telling *t)
{
    bool any = false;

    buf_add(t->out, STR("],\n \"changes\":["));
    for (int32_t i = 0; i < t->c->count; i++) {
        int32_t option = assign_option(t->s, i);
        int32_t now    = option < 0 ? -1 : adviser_at(t, t->p->node[option]);
        int32_t before = t->c->establishments[i].previous;
        if (now != before) {
            buf_printf(t->out, "%s\n  {\"establishment\":%d,\"from\":", any ? "," : "", i);
            any = true;
            if (before < 0) {
                buf_add(t->out, STR("null"));
            } else {
                buf_add_int(t->out, before);
            }
            buf_add(t->out, STR(",\"to\":"));
            if (now < 0) {
                buf_add(t->out, STR("null}"));
            } else {
                buf_printf(t->out, "%d}", now);
            }
        }
    }
}

static void tell_plan(struct telling *t)
{
    const struct assign_case *c = t->c;

    buf_printf(t->out, "\"%s\",\n \"profit\":%lld,\n \"bound\":%lld,\n \"organisations\":[",
               c->unmet                ? "unmet"
               : c->profit == c->bound ? "optimal"
                                       : "within",
               (long long)c->profit, (long long)c->bound);
    for (int32_t o = 0; o < c->organisation_count; o++) {
        tell_node(t, c->organisations[o].name, c->organisations[o].node, o == 0);
    }
    buf_add(t->out, STR("],\n \"advisers\":["));
    for (int32_t a = 0; a < c->adviser_count; a++) {
        tell_node(t, c->advisers[a].name, c->advisers[a].node, a == 0);
    }
    buf_add(t->out, STR("],\n \"quotas\":["));
    for (int32_t q = 0; q < c->quota_count; q++) {
        buf_add(t->out, q ? STR(",\n  {\"name\":") : STR("\n  {\"name\":"));
        buf_add_json(t->out, c->quotas[q].name);
        buf_printf(t->out, ",\"least\":%lld,\"visits\":%lld,\"price\":%lld}",
                   (long long)c->quotas[q].least, (long long)c->quotas[q].visits,
                   (long long)c->quotas[q].price);
    }
    buf_add(t->out, STR("],\n \"establishments\":["));
    for (int32_t i = 0; i < c->count; i++) {
        tell_establishment(t, i);
    }
    tell_changes(t);
    buf_add(t->out, STR("]\n}\n"));
}

void case_tell_rule(const struct assign_case *c, struct case_rule r, struct buf *into)
{
    switch (r.kind) {
    case RULE_ORGANISATION_LEAST:
        buf_printf(into, "minimum de %.*s" NB ": %lld", STR_ARG(c->organisations[r.index].name),
                   (long long)c->organisations[r.index].lower);
        break;
    case RULE_ORGANISATION_MOST:
        buf_printf(into, "maximum de %.*s" NB ": %lld", STR_ARG(c->organisations[r.index].name),
                   (long long)c->organisations[r.index].upper);
        break;
    case RULE_ADVISER_LEAST:
        buf_printf(into, "minimum de %.*s" NB ": %lld", STR_ARG(c->advisers[r.index].name),
                   (long long)c->advisers[r.index].lower);
        break;
    case RULE_ADVISER_MOST:
        buf_printf(into, "capacité de %.*s" NB ": %lld", STR_ARG(c->advisers[r.index].name),
                   (long long)c->advisers[r.index].capacity);
        break;
    case RULE_QUOTA:
        buf_printf(into, "quota %.*s" NB ": %lld au moins", STR_ARG(c->quotas[r.index].name),
                   (long long)c->quotas[r.index].least);
        break;
    case RULE_LOCK:
        buf_printf(into, "choix fixé de %.*s", STR_ARG(c->establishments[r.index].name));
        break;
    }
}

static void tell_prices(struct telling *t, const char *list, const int32_t *node, size_t step,
                        int32_t count, int least)
{
    buf_printf(t->out, ",\n \"%s\":[", list);
    for (int32_t k = 0; k < count; k++) {
        int32_t v = *(const int32_t *)(const void *)((const char *)node + (size_t)k * step);
        int     m = v < 0 ? 0 : (int)assign_cut(t->s, v) - (int)assign_cut(t->s, t->p->parent[v]);
        buf_printf(t->out, "%s{\"price\":%d}", k ? "," : "", m < least ? least : m);
    }
    buf_add_char(t->out, ']');
}

// The proof: prices 1 in the cut, 0 elsewhere. Pools have none of their own.
static void tell_cut(struct telling *t)
{
    const struct assign_case *c = t->c;

    buf_add_char(t->out, ']');
    tell_prices(t, "organisations", &c->organisations->node, sizeof *c->organisations,
                c->organisation_count, -1);
    tell_prices(t, "advisers", &c->advisers->node, sizeof *c->advisers, c->adviser_count, -1);
    tell_prices(t, "quotas", &c->quotas->node, sizeof *c->quotas, c->quota_count, 0);
    buf_add(t->out, STR("\n}\n"));
}

static void tell_conflict(struct telling *t)
{
    buf_printf(t->out, "\"impossible\",\n \"shortage\":%lld,\n \"conflict\":[",
               (long long)assign_shortage(t->s));
    for (int32_t k = 0; k < t->c->conflict_count; k++) {
        buf_clear(t->text);
        case_tell_rule(t->c, t->c->conflict[k], t->text);
        buf_add(t->out, k ? STR(",\n  ") : STR("\n  "));
        buf_add_json(t->out, buf_str(t->text));
    }
    tell_cut(t);
}

void case_write(const struct assign_case *c, const struct assign *s, struct buf *into)
{
    struct buf     text = buf_init(KIB(64));
    struct telling t    = { c, s, assign_problem_of(s), into, &text };

    buf_add(into, STR("{\"format\":\"maillage-assignment\",\n \"status\":"));
    if (c->status == ASSIGN_OPTIMAL) {
        tell_plan(&t);
    } else {
        tell_conflict(&t);
    }
    buf_done(&text);
}
