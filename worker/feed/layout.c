#include "feed/layout.h"

#include "base/buf.h"
#include "feed/text.h"
#include "mapping/toml.h"

static const char *const names[FEED_FIELDS] = {
    [FEED_REFERENCE] = "reference", [FEED_TITLE] = "titre",         [FEED_DESCRIPTION] = "description", [FEED_ROME] = "rome",
    [FEED_APPELLATION] = "appellation",
    [FEED_CONTRACT] = "contrat",    [FEED_POSTS] = "postes",        [FEED_SALARY] = "salaire",          [FEED_HOURS] = "heures",
    [FEED_START] = "debut",         [FEED_END] = "fin",             [FEED_SIRET] = "siret", [FEED_SIREN] = "siren",         [FEED_COMPANY] = "entreprise",      [FEED_POSTCODE] = "code_postal",
    [FEED_CITY] = "ville",          [FEED_COMMUNE] = "commune", [FEED_DEPARTMENT] = "departement",     [FEED_LATITUDE] = "latitude",       [FEED_LONGITUDE] = "longitude",
    [FEED_URL] = "adresse_web",     [FEED_SALARY_MIN] = "salaire_min", [FEED_SALARY_MAX] = "salaire_max", [FEED_SALARY_PERIOD] = "salaire_periode",
    [FEED_WORK_TIME] = "temps",     [FEED_DURATION] = "duree",         [FEED_EXPERIENCE] = "experience",  [FEED_EXPERIENCE_MONTHS] = "experience_mois",
    [FEED_SKILLS] = "competences",  [FEED_TRAINING] = "formation",     [FEED_LANGUAGES] = "langues",      [FEED_LICENCES] = "permis",
    [FEED_QUALITIES] = "qualites",  [FEED_CONDITIONS] = "conditions",  [FEED_BENEFITS] = "avantages",     [FEED_SCHEDULE] = "horaires",
    [FEED_SALARY_MONTHS] = "salaire_mois", [FEED_QUALIFICATION] = "qualification", [FEED_TRAVEL] = "deplacements",
    [FEED_ACCESSIBLE] = "accessible", [FEED_ADAPTED] = "adaptee",
    [FEED_APPLY_BY] = "candidature", [FEED_APPLY_NAME] = "contact", [FEED_APPLY_PHONE] = "telephone", [FEED_APPLY_EMAIL] = "courriel",
    [FEED_APPLY_URL] = "adresse_postuler", [FEED_APPLY_NOTE] = "consigne",
    [FEED_STATE] = "etat",
};

static const char *const contracts[] = { "cdi", "cdd", "interim", "seasonal", "apprenticeship", "professionalisation", "subsidised", "internship" };

struct str feed_field_name(enum feed_field field)
{
    return str_of(names[field]);
}

static bool fail(struct feed_fault *fault, struct toml_place place, struct str sentence)
{
    *fault = (struct feed_fault){ place.line, sentence };
    return false;
}

static struct str shown(struct arena *a, struct str text)
{
    return feed_cut(a, text, 60);
}

static bool is_text(struct arena *a, const struct toml_key *k, struct feed_fault *fault)
{
    bool is_short = k->string.len <= FEED_EXPRESSION;
    return (k->type == TOML_STRING && is_short) ||
           fail(fault, k->place, arena_printf(a, k->type == TOML_STRING ? "« %.*s » est trop long" : "« %.*s » doit être un texte", STR_ARG(shown(a, k->name))));
}

static bool is_path(struct arena *a, const struct toml_key *k, struct feed_fault *fault)
{
    return path_is_closed(k->string) || fail(fault, k->value, arena_printf(a, "« %.*s » a un crochet ou une apostrophe qui n’est pas refermé", STR_ARG(shown(a, k->name))));
}

// Which nodes are offers: one list behind the other, but not without end, and each of an element a part of it.
static bool is_list(struct arena *a, const struct toml_key *k, bool may_be_up, struct feed_fault *fault)
{
    enum { LISTS = 32 };
    struct str rest  = k->string;
    size_t     count = 0;
    if (!is_path(a, k, fault)) {
        return false;
    }
    for (struct str one; path_cut(&rest, "|", &one);) {
        count++;
    }
    if (count > LISTS) {
        return fail(fault, k->value, arena_printf(a, "« %.*s » nomme trop de listes", STR_ARG(shown(a, k->name))));
    }
    return may_be_up || !path_is_up(k->string) || fail(fault, k->value, arena_printf(a, "« %.*s » nomme des parties de l’élément", STR_ARG(shown(a, k->name))));
}

static const struct {
    enum feed_days days;
    const char    *text;
} day_formats[] = { { FEED_DAYS_DAY_FIRST, "jj/mm/aaaa" }, { FEED_DAYS_MONTH_FIRST, "mm/jj/aaaa" } };

static bool read_days(struct arena *a, const struct toml_key *k, struct feed_layout *l, struct feed_fault *fault)
{
    for (size_t i = 0; i < LENGTH(day_formats); i++) {
        if (str_eq_case(k->string, str_of(day_formats[i].text))) {
            l->days = day_formats[i].days;
            return true;
        }
    }
    return fail(fault, k->value, arena_printf(a, "« format_date » est jj/mm/aaaa ou mm/jj/aaaa, non « %.*s »", STR_ARG(shown(a, k->string))));
}

// What parts the pieces of a cell: ',' | '/' | ' et ', or one of them without quotes.
static bool read_separators(struct arena *a, const struct toml_key *k, struct feed_layout *l, struct feed_fault *fault)
{
    struct str rest = str_trim(k->string), one;
    if (str_eq(rest, STR("|"))) {
        l->separators[l->separator_count++] = rest, rest = (struct str){ 0 };
    }
    while (path_cut(&rest, "|", &one)) {
        one = str_trim(one);
        if (!path_quoted(one, &one) && !path_is_closed(one)) {
            one = (struct str){ 0 };
        }
        if (one.len == 0 || l->separator_count == FEED_SEPARATORS) {
            return fail(fault, k->value, arena_printf(a, "« separateur » nomme de un à huit signes, comme « ',' | ' et ' », non « %.*s »", STR_ARG(shown(a, k->string))));
        }
        l->separators[l->separator_count++] = one;
    }
    l->separator = k->string;
    return true;
}

static bool read_mode(struct arena *a, const struct toml_key *k, struct feed_layout *l, struct feed_fault *fault)
{
    l->is_partial = str_eq_case(k->string, STR("differentiel"));
    return l->is_partial || str_eq_case(k->string, STR("complet")) ||
           fail(fault, k->value, arena_printf(a, "« mode » est complet ou differentiel, non « %.*s »", STR_ARG(shown(a, k->string))));
}

static bool read_head(struct arena *a, const struct toml_table *t, struct feed_layout *l, struct feed_fault *fault)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct toml_key *k = &t->keys[i];
        if (str_eq(k->name, STR("entete"))) {
            if (k->type != TOML_INTEGER || k->integer < 0 || k->integer > 1000) {
                return fail(fault, k->value, STR("« entete » est le numéro de la ligne qui nomme les colonnes, 0 s’il n’y en a pas"));
            }
            l->header = (int)k->integer;
            continue;
        }
        if (!is_text(a, k, fault)) {
            return false;
        }
        if (str_eq(k->name, STR("nom"))) {
            l->name = k->string;
        } else if (str_eq(k->name, STR("element"))) {
            if (!is_list(a, k, true, fault)) {
                return false;
            }
            l->element = k->string;
        } else if (str_eq(k->name, STR("chaque"))) {
            if (!is_list(a, k, false, fault)) {
                return false;
            }
            l->each = k->string;
        } else if (str_eq(k->name, STR("separateur"))) {
            if (!read_separators(a, k, l, fault)) {
                return false;
            }
        } else if (str_eq(k->name, STR("suite"))) {
            if (!is_path(a, k, fault)) {
                return false;
            }
            l->next = str_eq_case(str_trim(k->string), STR(FEED_NEXT_LINK)) ? STR(FEED_NEXT_LINK) : k->string;
        } else if (str_eq(k->name, STR("mode"))) {
            if (!read_mode(a, k, l, fault)) {
                return false;
            }
        } else if (str_eq(k->name, STR("format_date"))) {
            if (!read_days(a, k, l, fault)) {
                return false;
            }
        } else if (str_eq(k->name, STR("format"))) {
            l->format = feed_format_named(k->string);
            if (l->format == FEED_UNKNOWN) {
                return fail(fault, k->value, arena_printf(a, "Le format est xml, json ou csv, non « %.*s »", STR_ARG(shown(a, k->string))));
            }
        } else {
            return fail(fault, k->place, arena_printf(a, "La clé « %.*s » n’est pas connue", STR_ARG(shown(a, k->name))));
        }
    }
    return true;
}

static enum feed_field field_named(struct str name)
{
    enum feed_field field = 0;
    while (field < FEED_FIELDS && !str_eq(name, str_of(names[field]))) {
        field++;
    }
    return field;
}

static bool read_fields(struct arena *a, const struct toml_table *t, struct feed_layout *l, struct feed_fault *fault)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct toml_key *k     = &t->keys[i];
        enum feed_field        field = field_named(k->name);
        if (field == FEED_FIELDS) {
            return fail(fault, k->place, arena_printf(a, "Le champ « %.*s » n’est pas connu", STR_ARG(shown(a, k->name))));
        }
        if (!is_text(a, k, fault) || !is_path(a, k, fault)) {
            return false;
        }
        l->fields[field] = k->string;
    }
    return true;
}

static bool is_contract(struct str text)
{
    for (size_t i = 0; i < LENGTH(contracts); i++) {
        if (str_eq(text, str_of(contracts[i]))) {
            return true;
        }
    }
    return text.len == 0;
}

// Their words for ours: what stands for nothing leaves the field empty.
static bool read_words(struct arena *a, const struct toml_table *t, enum feed_field field, struct feed_layout *l, struct feed_fault *fault)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct toml_key *k      = &t->keys[i];
        struct str             theirs = str_eq(k->name, STR("*")) ? k->name : feed_fold(a, k->name);
        if (!is_text(a, k, fault)) {
            return false;
        }
        if (field == FEED_CONTRACT && !is_contract(k->string)) {
            return fail(fault, k->value, arena_printf(a, "« %.*s » ne mène à aucun contrat connu", STR_ARG(shown(a, k->name))));
        }
        if (l->word_count == FEED_WORDS || theirs.len == 0) {
            return fail(fault, k->place, arena_printf(a, theirs.len ? "Trop de mots, à « %.*s »" : "« %.*s » n’a ni lettre ni chiffre", STR_ARG(shown(a, k->name))));
        }
        l->words[l->word_count].field    = field;
        l->words[l->word_count].theirs   = theirs;
        l->words[l->word_count++].ours = k->string;
    }
    return true;
}

bool feed_layout_read(struct arena *a, struct str text, struct feed_layout *ret, struct feed_fault *ret_fault)
{
    struct toml         toml;
    struct toml_problem why;
    *ret = (struct feed_layout){ .header = FEED_HEADER_FOUND };
    if (!toml_read(a, text, &toml, &why)) {
        *ret_fault = (struct feed_fault){ why.place.line, why.sentence };
        return false;
    }
    for (size_t i = 0; i < toml.count; i++) {
        const struct toml_table *t     = &toml.tables[i];
        bool                     is_ok = true;
        if (t->name.len == 0) {
            is_ok = read_head(a, t, ret, ret_fault);
        } else if (str_eq(t->name, STR("champs")) && !t->is_array) {
            is_ok = read_fields(a, t, ret, ret_fault);
        } else if (str_eq(t->name, STR("contrats")) && !t->is_array) {
            is_ok = read_words(a, t, FEED_CONTRACT, ret, ret_fault);
        } else if (field_named(t->name) < FEED_FIELDS && !t->is_array) {
            is_ok = read_words(a, t, field_named(t->name), ret, ret_fault);
        } else {
            is_ok = fail(ret_fault, t->place, arena_printf(a, "La table « %.*s » n’est pas connue", STR_ARG(shown(a, t->name))));
        }
        if (!is_ok) {
            return false;
        }
    }
    struct toml_place whole = { 0 };
    if (ret->separator_count && !ret->each.len) {
        return fail(ret_fault, whole, STR("« separateur » partage ce que nomme « chaque », qui manque"));
    }
    if (ret->element.len == 0) {
        return fail(ret_fault, whole, STR("Il manque « element », l’élément répété"));
    }
    if (ret->fields[FEED_REFERENCE].len == 0 || ret->fields[FEED_TITLE].len == 0) {
        return fail(ret_fault, whole, ret->fields[FEED_TITLE].len ? STR("Il manque le champ « reference »") : STR("Il manque le champ « titre »"));
    }
    return true;
}

// --- writing ----------------------------------------------------------------------------------------

static void put_key(struct buf *out, struct str name, bool is_quoted, struct str value)
{
    struct str parts[] = { name, value };
    for (size_t p = 0; p < 2; p++) {
        bool has_quotes = p || is_quoted;
        buf_add(out, has_quotes ? STR("\"") : STR(""));
        for (size_t i = 0; i < parts[p].len; i++) {
            char c = parts[p].at[i];
            buf_add(out, c == '"' || c == '\\' ? STR("\\") : STR(""));
            buf_add_char(out, (unsigned char)c < ' ' ? ' ' : c);
        }
        buf_add(out, has_quotes ? STR("\"") : STR(""));
        buf_add(out, p ? STR("\n") : STR(" = "));
    }
}

size_t feed_layout_others(const struct feed_layout *l, struct feed_other ret[FEED_OTHERS])
{
    const char *days = NULL;
    for (size_t i = 0; i < LENGTH(day_formats); i++) {
        days = day_formats[i].days == l->days ? day_formats[i].text : days;
    }
    const struct feed_other all[] = {
        { "nom", l->name },
        { "separateur", l->separator },
        { "format_date", str_of(days) },
        { "suite", l->next },
        { "mode", l->is_partial ? STR("differentiel") : STR("") },
    };
    size_t count = 0;
    for (size_t i = 0; i < LENGTH(all); i++) {
        if (all[i].value.len) {
            ret[count++] = all[i];
        }
    }
    return count;
}

struct str feed_layout_write(struct arena *a, const struct feed_layout *l)
{
    struct buf        out = buf_init(KIB(64));
    struct feed_other others[FEED_OTHERS];
    size_t            count = feed_layout_others(l, others);
    for (size_t i = 0; i < count; i++) {
        put_key(&out, str_of(others[i].key), false, others[i].value);
    }
    if (l->format != FEED_UNKNOWN) {
        put_key(&out, STR("format"), false, feed_format_name(l->format));
    }
    put_key(&out, STR("element"), false, l->element);
    if (l->each.len) {
        put_key(&out, STR("chaque"), false, l->each);
    }
    if (l->header != FEED_HEADER_FOUND) {
        buf_printf(&out, "entete = %d\n", l->header);
    }
    buf_add(&out, STR("\n[champs]\n"));
    for (size_t i = 0; i < FEED_FIELDS; i++) {
        if (l->fields[i].len) {
            put_key(&out, str_of(names[i]), false, l->fields[i]);
        }
    }
    for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
        bool is_begun = false;
        for (size_t i = 0; i < l->word_count; i++) {
            if (l->words[i].field == field) {
                if (!is_begun) {
                    buf_printf(&out, "\n[%s]\n", field == FEED_CONTRACT ? "contrats" : names[field]);
                }
                put_key(&out, l->words[i].theirs, true, l->words[i].ours);
                is_begun = true;
            }
        }
    }
    struct str text = arena_str(a, buf_str(&out));
    buf_done(&out);
    return text;
}

// --- values -----------------------------------------------------------------------------------------

bool feed_is_required(struct arena *a, struct str mark)
{
    static const char *const words[] = { "e", "exige", "exigee", "exiges", "exigees", "obligatoire", "imperatif", "required", "mandatory", "true", "oui", "o", "1" };
    struct str               folded  = feed_fold(a, mark);
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (str_eq(folded, str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

// The first text that one of these paths, parted by blanks, leads to below a node; all of them when `joined`.
static struct str text_at(struct arena *a, const struct feed_node *node, struct str paths, bool joined)
{
    struct str text = { 0 };
    for (struct str path; str_cut(&paths, ' ', &path);) {
        const struct feed_node *found = NULL;
        if (!path_is_up(path) && feed_find_some(node, path, &found, 1) && found->text.len) {
            text = text.len && joined ? arena_printf(a, "%.*s %.*s", STR_ARG(text), STR_ARG(found->text)) : text.len ? text : found->text;
        }
    }
    return text;
}

// What is asked for, as its parts say it: "libelle, exigence, code".
static struct str item_of(struct arena *a, const struct feed_node *node, struct str parts)
{
    struct str label, mark, code;
    bool       has_label = str_cut(&parts, ',', &label), has_mark = str_cut(&parts, ',', &mark), has_code = str_cut(&parts, ',', &code);
    label                = has_label ? text_at(a, node, str_trim(label), true) : (struct str){ 0 };
    mark                 = has_mark ? text_at(a, node, str_trim(mark), false) : (struct str){ 0 };
    code                 = has_code ? text_at(a, node, str_trim(code), false) : (struct str){ 0 };
    if (label.len && feed_is_required(a, mark)) {
        label = arena_printf(a, "%.*s" FEED_REQUIRED, STR_ARG(label));
    }
    return label.len && code.len ? arena_printf(a, "%.*s [%.*s]", STR_ARG(label), STR_ARG(code)) : label;
}

static bool is_under(struct str path, struct str list)
{
    struct str rest = str_starts(path, list) ? str_sub(path, list.len, path.len) : (struct str){ 0 };
    return !str_is_absent(rest) && (rest.len == 0 || rest.at[0] == '/' || rest.at[0] == '[');
}

bool feed_is_below(const struct feed_item *item, struct str path)
{
    return item->each && is_under(path, item->path);
}

// Whether a path leads to what another offer of the same element is one of.
static bool is_of_another(const struct feed_item *item, struct str path)
{
    bool is_it = false;
    for (struct str rest = item->lists, one; item->each && !is_it && path_cut(&rest, "|", &one);) {
        is_it = is_under(path, str_trim(one));
    }
    return is_it;
}

// Where a path begins for an offer, and how it goes on from there; NULL when it leads to the part of another one.
static const struct feed_node *start_of(const struct feed_item *item, struct str *path)
{
    if (!feed_is_below(item, *path)) {
        return is_of_another(item, *path) ? NULL : item->element;
    }
    struct str rest = str_sub(*path, item->path.len, path->len);
    *path           = rest.len == 0 ? STR(".") : rest.at[0] == '/' ? str_sub(rest, 1, rest.len) : rest;
    return item->each;
}

enum { NODES = 64, CHAINS = 256 };

// What a path that leads up has found from where it turns: all offers of a list turn at the same node.
struct seen_above {
    struct seen_above      *next;
    struct str              path;
    const struct feed_node *from, *nodes[NODES];
    size_t                  count;
};

struct feed_above {
    struct arena      *arena;
    struct seen_above *chains[CHAINS];
};

static struct seen_above *seen_of(struct feed_above *above, struct str path)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < path.len; i++) {
        hash = (hash ^ (unsigned char)path.at[i]) * 16777619u;
    }
    struct seen_above **at = &above->chains[hash % CHAINS];
    while (*at && !str_eq((*at)->path, path)) {
        at = &(*at)->next;
    }
    if (!*at) {
        *at         = ARENA_NEW(above->arena, struct seen_above);
        (*at)->path = arena_str(above->arena, path);
    }
    return *at;
}

static size_t find_from(const struct feed_item *item, const struct feed_node *node, struct str path, const struct feed_node *nodes[static NODES])
{
    struct str              rest = path;
    const struct feed_node *from = item->above && path_is_up(path) ? path_turn(node, &rest) : NULL;
    if (!from) {
        return feed_find_some(node, path, nodes, NODES);
    }
    struct seen_above *seen = seen_of(item->above, path);
    if (seen->from != from) {
        seen->from  = from;
        seen->count = feed_find_some(node, path, seen->nodes, NODES);
    }
    for (size_t i = 0; i < seen->count; i++) {
        nodes[i] = seen->nodes[i];
    }
    return seen->count;
}

// The nodes that a path leads to, and the parts that are asked for of each; "@@" at its end asks for their names.
static size_t nodes_of(const struct feed_item *item, struct str path, const struct feed_node *nodes[static NODES], struct str *ret_parts)
{
    const struct feed_node *from   = start_of(item, &path);
    struct str              base   = path;
    bool                    is_own = str_starts(path, STR("[")); // of the part itself of which each is an offer
    *ret_parts                     = (struct str){ 0 };
    if (str_eq(path, STR("@@")) || str_ends(path, STR("/@@"))) {
        *ret_parts = STR("@@");
        base       = path.len > 3 ? str_sub(path, 0, path.len - 3) : STR(".");
    }
    if (!from) {
        return 0;
    }
    size_t count = is_own ? 0 : find_from(item, from, base, nodes);
    if (count == 0 && path_parts(path, &base, ret_parts)) { // no name has it
        count = find_from(item, from, base.len ? base : STR("."), nodes);
    }
    return count;
}

// What stands behind these words on their line, or the piece of that number of those that they part.
static struct str within(struct arena *a, struct str text, struct str words, size_t piece)
{
    text = feed_text(a, text);
    for (size_t n = 1; n < piece && text.len; n++) {
        size_t at = str_find(text, words);
        text      = at < text.len ? str_sub(text, at + words.len, text.len) : (struct str){ 0 };
    }
    if (piece) {
        return str_trim(str_sub(text, 0, str_find(text, words)));
    }
    size_t at = str_find(text, words);
    text      = at < text.len ? str_sub(text, at + words.len, text.len) : (struct str){ 0 };
    return str_trim(str_sub(text, 0, str_index(text, '\n')));
}

static struct str text_of(struct arena *a, const struct feed_node *node, struct str parts)
{
    return str_eq(parts, STR("@@")) ? node->name : parts.len ? item_of(a, node, parts) : node->text;
}

// Every text a path leads to, once each, in the order of the file; the first one without glue.
static struct str path_value(struct arena *a, const struct feed_item *item, struct str path, struct str glue)
{
    const struct feed_node *nodes[NODES];
    struct str              texts[NODES], parts, words;
    size_t                  piece    = 0;
    bool                    is_words = path_words(path, &path, &words, &piece);
    size_t                  count    = nodes_of(item, path, nodes, &parts);
    struct buf              out      = buf_init(KIB(512));
    for (size_t i = 0; i < count && (glue.len || !out.len); i++) {
        bool is_twice = false;
        texts[i]      = text_of(a, nodes[i], parts);
        texts[i]      = is_words ? within(a, texts[i], words, piece) : texts[i];
        for (size_t k = 0; k < i; k++) {
            is_twice = is_twice || str_eq(texts[k], texts[i]);
        }
        if (texts[i].len && !is_twice) {
            buf_add(&out, out.len ? glue : STR(""));
            buf_add(&out, texts[i]);
        }
    }
    struct str value = out.len ? arena_str(a, buf_str(&out)) : STR("");
    buf_done(&out);
    return value;
}

// What ++ joins, or one term. *ret_is_said: it names a part of the offer. What is always the same stands only beside what the offer
// has: where all parts are empty nothing remains.
static struct str term_value(struct arena *a, const struct feed_item *item, struct str term, struct str glue, bool *ret_is_said)
{
    struct buf out       = buf_init(KIB(512));
    bool       is_joined = str_find(term, STR("++")) < term.len, has_text = false;
    size_t     count     = 0;
    *ret_is_said         = false;
    for (struct str part; path_cut(&term, "++", &part); count++) {
        struct str text = str_trim(part);
        if (text.len && !path_quoted(text, &text)) {
            *ret_is_said = true;
            text         = path_value(a, item, text, is_joined ? (struct str){ 0 } : glue);
            has_text     = has_text || text.len;
        }
        buf_add(&out, text);
    }
    struct str value = out.len && (has_text || !*ret_is_said) ? arena_str(a, buf_str(&out)) : STR("");
    buf_done(&out);
    return value;
}

static struct str sum_value(struct arena *a, const struct feed_item *item, struct str sum, struct str glue)
{
    enum { TERMS = 64 };
    struct str texts[TERMS];
    size_t     count = 0;
    bool       has_part = false, has_text = false, is_said;
    for (struct str term; count < TERMS && path_cut(&sum, "+", &term); count++) {
        texts[count] = term_value(a, item, str_trim(term), glue, &is_said);
        has_part     = has_part || is_said;
        has_text     = has_text || (is_said && texts[count].len);
    }
    struct buf out = buf_init(KIB(512));
    for (size_t i = 0; i < count && (has_text || !has_part); i++) {
        buf_add(&out, !out.len || !texts[i].len ? STR("") : glue.len ? glue : STR(" "));
        buf_add(&out, texts[i]);
    }
    struct str value = str_trim(buf_str(&out));
    value            = value.len ? arena_str(a, value) : (struct str){ 0 };
    buf_done(&out);
    return value;
}

struct str feed_value(struct arena *a, const struct feed_item *item, struct str expression, struct str glue)
{
    struct str value = { 0 };
    for (struct str sum; str_is_absent(value) && path_cut(&expression, "|", &sum);) {
        value = sum_value(a, item, sum, glue);
    }
    return value;
}

// --- offers -----------------------------------------------------------------------------------------

struct feed_node *feed_layout_open(struct arena *a, const struct feed_layout *l, struct str bytes, struct feed_fault *ret_fault)
{
    return feed_read(a, l->format ? l->format : feed_format_of(bytes), bytes, l->header, ret_fault);
}

// Takes the next piece of a cell that is not empty.
static bool piece_cut(const struct feed_layout *l, struct str *rest, struct str *ret_piece)
{
    *ret_piece = (struct str){ 0 };
    while (rest->len && !ret_piece->len) {
        size_t end = rest->len, width = 0;
        for (size_t i = 0; i < l->separator_count; i++) {
            size_t at = str_find(str_sub(*rest, 0, end + l->separators[i].len), l->separators[i]);
            if (at < end) {
                end = at, width = l->separators[i].len;
            }
        }
        *ret_piece = str_trim(str_sub(*rest, 0, end));
        *rest      = str_sub(*rest, end + width, rest->len);
    }
    return ret_piece->len > 0;
}

// FEED_PIECES and one more at most.
static size_t pieces_in(const struct feed_layout *l, struct str text)
{
    size_t count = 0;
    for (struct str piece; l->separator_count && count <= FEED_PIECES && piece_cut(l, &text, &piece);) {
        count++;
    }
    return count;
}

struct str feed_piece(struct arena *a, const struct feed_layout *l, const struct feed_item *item, struct str text)
{
    struct str piece = { 0 };
    if (!l->separator_count || !item->each) {
        return text;
    }
    text = feed_text(a, text);
    bool is_alike = pieces_in(l, text) == item->pieces;
    for (uint32_t i = 0; is_alike && i <= item->piece; i++) {
        (void)piece_cut(l, &text, &piece);
    }
    return piece;
}

// The parts of one element of which each is an offer: of one list, or of several, such as a main place and others beside it.
struct parts {
    const struct feed_node **nodes;
    uint32_t                *lists; // which list each is of
    size_t                   count;
};

// What another list has said already, among its first ones, is the same place.
static bool is_said(const struct parts *p, const struct feed_node *node, uint32_t list)
{
    enum { FIRST = 64 };
    bool is_it = false;
    for (size_t i = 0; i < p->count && i < FIRST && !is_it; i++) {
        is_it = p->lists[i] < list && !node->first && !p->nodes[i]->first && str_eq(str_trim(p->nodes[i]->text), str_trim(node->text));
    }
    return is_it;
}

static struct parts parts_of(struct arena *a, const struct feed_layout *l, const struct feed_node *element, size_t most)
{
    struct parts p     = { 0 };
    size_t       count = l->each.len ? feed_find_some(element, l->each, NULL, most) : 0;
    uint32_t     list  = 0;
    p.nodes            = count ? ARENA_ARRAY(a, const struct feed_node *, count) : NULL;
    p.lists            = count ? ARENA_ARRAY(a, uint32_t, count) : NULL;
    for (struct str rest = l->each, one; p.count < count && path_cut(&rest, "|", &one); list++) {
        const struct feed_node **nodes = p.nodes + p.count;
        size_t                   found = feed_find_some(element, str_trim(one), nodes, count - p.count);
        for (size_t i = 0; i < found; i++) {
            const struct feed_node *node = nodes[i];
            bool                    is_new = !list || (!is_said(&p, node, list) && (node->first || str_trim(node->text).len));
            p.nodes[p.count]               = node;
            p.lists[p.count]               = list;
            p.count += is_new;
        }
    }
    return p;
}

// How many offers a part makes: one, or one of each piece of its cell.
static size_t offers_in(const struct feed_layout *l, const struct feed_node *part)
{
    size_t pieces = part->first ? 0 : pieces_in(l, part->text);
    return pieces ? pieces : 1;
}

static struct str list_of(struct str each, uint32_t list)
{
    struct str one = { 0 };
    for (uint32_t i = 0; i <= list && path_cut(&each, "|", &one); i++) {
    }
    return str_trim(one);
}

size_t feed_items(struct arena *a, const struct feed_layout *l, const struct feed_node *root, struct feed_item **ret_items)
{
    struct str lists = l->each, first;
    lists = path_cut(&lists, "|", &first) && !str_is_absent(lists) ? l->each : (struct str){ 0 };
    size_t                   elements = feed_find_some(root, l->element, NULL, FEED_NODES), most = 0, count = 0;
    const struct feed_node **nodes    = ARENA_ARRAY(a, const struct feed_node *, elements ? elements : 1);
    struct parts            *parts    = ARENA_ARRAY(a, struct parts, elements ? elements : 1);
    struct feed_above       *above    = ARENA_NEW(a, struct feed_above);
    above->arena                      = a;
    feed_find_some(root, l->element, nodes, elements);
    for (size_t i = 0; i < elements && most < FEED_NODES; i++) {
        parts[i] = parts_of(a, l, nodes[i], FEED_NODES - most);
        most += parts[i].count ? 0 : 1;
        for (size_t k = 0; k < parts[i].count; k++) {
            most += offers_in(l, parts[i].nodes[k]);
        }
    }
    most                    = most < FEED_NODES ? most : FEED_NODES;
    struct feed_item *items = ARENA_ARRAY(a, struct feed_item, most ? most : 1);
    for (size_t i = 0; i < elements && count < most; i++) {
        uint32_t rank = 0;
        if (!parts[i].count) {
            items[count++] = (struct feed_item){ .element = nodes[i], .path = l->each, .above = above };
        }
        for (size_t k = 0; k < parts[i].count; k++) {
            const struct feed_node *part = parts[i].nodes[k];
            uint32_t                pieces = (uint32_t)offers_in(l, part);
            struct str              rest = part->text, text;
            for (uint32_t piece = 0; piece < pieces && piece < FEED_PIECES && count < most; piece++) {
                struct feed_node *own = NULL;
                if (pieces > 1 && piece_cut(l, &rest, &text)) {
                    own  = ARENA_NEW(a, struct feed_node);
                    *own = (struct feed_node){ .name = part->name, .text = text, .line = part->line, .prefix = part->prefix, .parent = part->parent };
                }
                items[count++] = (struct feed_item){ nodes[i], own ? own : part, piece, pieces, list_of(l->each, parts[i].lists[k]), parts[i].lists[k], lists, rank++, 0, above };
            }
        }
        for (uint32_t k = 0; k < rank; k++) {
            items[count - 1 - k].of = rank;
        }
    }
    *ret_items = items;
    return count;
}

// Whether a path leads somewhere in one of these offers.
static bool is_met(const struct feed_item *items, size_t count, struct str path)
{
    const struct feed_node *nodes[NODES];
    struct str              parts;
    size_t                  piece;
    (void)path_words(path, &path, &parts, &piece);
    for (size_t i = 0; i < count; i++) {
        if (nodes_of(&items[i], path, nodes, &parts)) {
            return true;
        }
    }
    return false;
}

// The first path of one of several ways to say it that leads nowhere.
static struct str unmet_in(const struct feed_item *items, size_t count, struct str sum)
{
    for (struct str term; path_cut(&sum, "+", &term);) {
        for (struct str part; path_cut(&term, "++", &part);) {
            struct str text = str_trim(part);
            if (text.len && !path_quoted(text, &text) && !is_met(items, count, text)) {
                return text;
            }
        }
    }
    return (struct str){ 0 };
}

struct str feed_unmet(const struct feed_item *items, size_t count, struct str expression)
{
    struct str first = { 0 };
    for (struct str sum; path_cut(&expression, "|", &sum);) {
        struct str unmet = unmet_in(items, count, sum);
        if (str_is_absent(unmet)) {
            return unmet;
        }
        first = str_is_absent(first) ? unmet : first;
    }
    return first;
}
