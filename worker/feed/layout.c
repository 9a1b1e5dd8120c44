#include "feed/layout.h"

#include "base/buf.h"
#include "feed/text.h"
#include "mapping/toml.h"

static const char *const names[FEED_FIELDS] = {
    [FEED_REFERENCE] = "reference", [FEED_TITLE] = "titre",         [FEED_DESCRIPTION] = "description", [FEED_ROME] = "rome",
    [FEED_CONTRACT] = "contrat",    [FEED_POSTS] = "postes",        [FEED_SALARY] = "salaire",          [FEED_HOURS] = "heures",
    [FEED_START] = "debut",         [FEED_SIRET] = "siret",         [FEED_COMPANY] = "entreprise",      [FEED_POSTCODE] = "code_postal",
    [FEED_CITY] = "ville",          [FEED_COMMUNE] = "commune",     [FEED_LATITUDE] = "latitude",       [FEED_LONGITUDE] = "longitude",
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

static bool read_head(struct arena *a, const struct toml_table *t, struct feed_layout *l, struct feed_fault *fault)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct toml_key *k = &t->keys[i];
        if (k->type != TOML_STRING) {
            return fail(fault, k->place, arena_printf(a, "« %.*s » doit être un texte", STR_ARG(feed_cut(a, k->name, 60))));
        }
        if (str_eq(k->name, STR("nom"))) {
            l->name = k->string;
        } else if (str_eq(k->name, STR("element"))) {
            l->element = k->string;
        } else if (str_eq(k->name, STR("format"))) {
            l->format = feed_format_named(k->string);
            if (l->format == FEED_UNKNOWN) {
                return fail(fault, k->value, arena_printf(a, "Le format est xml, json ou csv, non « %.*s »", STR_ARG(feed_cut(a, k->string, 60))));
            }
        } else {
            return fail(fault, k->place, arena_printf(a, "La clé « %.*s » n’est pas connue", STR_ARG(feed_cut(a, k->name, 60))));
        }
    }
    return true;
}

static bool read_fields(struct arena *a, const struct toml_table *t, struct feed_layout *l, struct feed_fault *fault)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct toml_key *k     = &t->keys[i];
        size_t                 field = 0;
        while (field < FEED_FIELDS && !str_eq(k->name, str_of(names[field]))) {
            field++;
        }
        if (field == FEED_FIELDS) {
            return fail(fault, k->place, arena_printf(a, "Le champ « %.*s » n’est pas connu", STR_ARG(feed_cut(a, k->name, 60))));
        }
        if (k->type != TOML_STRING) {
            return fail(fault, k->place, arena_printf(a, "« %.*s » doit être un texte", STR_ARG(feed_cut(a, k->name, 60))));
        }
        l->fields[field] = k->string;
    }
    return true;
}

static bool read_contracts(struct arena *a, const struct toml_table *t, struct feed_layout *l, struct feed_fault *fault)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct toml_key *k  = &t->keys[i];
        size_t                 at = 0;
        while (at < LENGTH(contracts) && !(k->type == TOML_STRING && str_eq(k->string, str_of(contracts[at])))) {
            at++;
        }
        if (at == LENGTH(contracts)) {
            return fail(fault, k->value, arena_printf(a, "« %.*s » ne mène à aucun contrat connu", STR_ARG(feed_cut(a, k->name, 60))));
        }
        if (l->contract_count == FEED_CONTRACTS) {
            return fail(fault, k->place, arena_printf(a, "Trop de contrats, à « %.*s »", STR_ARG(feed_cut(a, k->name, 60))));
        }
        l->contracts[l->contract_count].theirs = feed_fold(a, k->name);
        l->contracts[l->contract_count++].ours = k->string;
    }
    return true;
}

bool feed_layout_read(struct arena *a, struct str text, struct feed_layout *ret, struct feed_fault *ret_fault)
{
    struct toml         toml;
    struct toml_problem why;
    *ret = (struct feed_layout){ 0 };
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
            is_ok = read_contracts(a, t, ret, ret_fault);
        } else {
            is_ok = fail(ret_fault, t->place, arena_printf(a, "La table « %.*s » n’est pas connue", STR_ARG(feed_cut(a, t->name, 60))));
        }
        if (!is_ok) {
            return false;
        }
    }
    struct toml_place whole = { 0 };
    if (ret->element.len == 0) {
        return fail(ret_fault, whole, STR("Il manque « element », l’élément répété"));
    }
    if (ret->fields[FEED_REFERENCE].len == 0 || ret->fields[FEED_TITLE].len == 0) {
        return fail(ret_fault, whole, ret->fields[FEED_TITLE].len ? STR("Il manque le champ « reference »") : STR("Il manque le champ « titre »"));
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

struct str feed_layout_write(struct arena *a, const struct feed_layout *l)
{
    struct buf out = buf_init(KIB(64));
    if (l->name.len) {
        put_key(&out, STR("nom"), false, l->name);
    }
    if (l->format != FEED_UNKNOWN) {
        put_key(&out, STR("format"), false, feed_format_name(l->format));
    }
    put_key(&out, STR("element"), false, l->element);
    buf_add(&out, STR("\n[champs]\n"));
    for (size_t i = 0; i < FEED_FIELDS; i++) {
        if (l->fields[i].len) {
            put_key(&out, str_of(names[i]), false, l->fields[i]);
        }
    }
    if (l->contract_count) {
        buf_add(&out, STR("\n[contrats]\n"));
    }
    for (size_t i = 0; i < l->contract_count; i++) {
        put_key(&out, l->contracts[i].theirs, true, l->contracts[i].ours);
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
        if (feed_find(node, path, &found, 1) && found->text.len) {
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

// Every text a path leads to, once each, in the order of the file.
static void put_path(struct arena *a, struct buf *out, const struct feed_node *element, struct str path, struct str glue)
{
    enum { MOST = 64 };
    const struct feed_node *nodes[MOST];
    struct str              texts[MOST];
    if (str_eq(path, STR("@@"))) { // the name of the element itself
        buf_add(out, !out->len ? STR("") : glue.len ? glue : STR(" "));
        buf_add(out, element->name);
        return;
    }
    struct str parts = { 0 };
    size_t     count = feed_find(element, path, nodes, MOST), bracket = str_index(path, '[');
    if (count == 0 && bracket < path.len && str_ends(path, STR("]"))) { // no name has it
        parts = str_sub(path, bracket + 1, path.len - bracket - 2);
        count = feed_find(element, str_sub(path, 0, bracket), nodes, MOST);
    }
    count = count < MOST ? count : MOST;
    for (size_t i = 0; i < count; i++) {
        bool is_twice = false;
        texts[i]      = parts.len ? item_of(a, nodes[i], parts) : nodes[i]->text;
        for (size_t k = 0; k < i; k++) {
            is_twice = is_twice || str_eq(texts[k], texts[i]);
        }
        if (texts[i].len && !is_twice) {
            buf_add(out, !out->len ? STR("") : glue.len ? glue : STR(" "));
            buf_add(out, texts[i]);
            if (!glue.len) {
                return;
            }
        }
    }
}

// What is always the same stands only beside what the element has: of a sum whose parts are all empty nothing remains.
static bool is_empty_sum(struct arena *a, const struct feed_node *element, struct str sum)
{
    bool has_part = false, has_text = false;
    for (struct str term; str_cut(&sum, '+', &term);) {
        term = str_trim(term);
        if (!(term.len >= 2 && str_starts(term, STR("'")) && str_ends(term, STR("'")))) {
            struct buf text = buf_init(KIB(512));
            put_path(a, &text, element, term, (struct str){ 0 });
            has_part = true;
            has_text = has_text || text.len > 0;
            buf_done(&text);
        }
    }
    return has_part && !has_text;
}

static void put_sum(struct arena *a, struct buf *out, const struct feed_node *element, struct str sum, struct str glue)
{
    if (is_empty_sum(a, element, sum)) {
        return;
    }
    for (struct str term; str_cut(&sum, '+', &term);) {
        term = str_trim(term);
        if (term.len >= 2 && str_starts(term, STR("'")) && str_ends(term, STR("'"))) {
            buf_add(out, !out->len ? STR("") : glue.len ? glue : STR(" "));
            buf_add(out, str_sub(term, 1, term.len - 2));
        } else {
            put_path(a, out, element, term, glue);
        }
    }
}

struct str feed_value(struct arena *a, const struct feed_node *element, struct str expression, struct str glue)
{
    struct buf out = buf_init(KIB(512));
    for (struct str sum; out.len == 0 && str_cut(&expression, '|', &sum);) {
        put_sum(a, &out, element, sum, glue);
    }
    struct str value = str_trim(buf_str(&out));
    value            = value.len ? arena_str(a, value) : (struct str){ 0 };
    buf_done(&out);
    return value;
}
