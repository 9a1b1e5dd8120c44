#include "api/confirmation.h"

#include <jansson.h>
#include <stddef.h>

#include "api/html.h"
#include "api/public_frame.h"
#include "base/secret.h"
#include "queries.h"

enum {
    OFFER,
    PURPOSE,
    FAULT,
    ANSWER,
    POSTS_SAID,
    TITLE,
    EMPLOYER,
    ROME,
    CONTRACT,
    COMMUNE,
    POSTS,
    FILLED,
    START,
    HOURS,
    SALARY,
    ABOUT,
    WAYS,
    BY,
    NETWORK,
    PHONE,
    MEMBER,
    EXPIRES,
    STATE,
    UNTIL,
    RESERVATION_DAYS,
    OPEN_DAYS,
    MAY_PROLONG,
    IS_OVER,
};

struct answer_form {
    struct str     answer, name, comment, withdrawal;
    const int64_t *posts;
    bool           prolong;
};

// A page in the making: what the link leads to, and what was typed when something of it is wrong.
struct page {
    struct buf                *b;
    const struct result       *one;
    const struct result       *reasons; // code, words
    const struct answer_form  *typed;
    const struct field_errors *wrong;
    struct str                 why; // why the whole was refused, absent otherwise
};

#define CELL(column) result_text(p->one, 0, column)

static bool link_hash(struct req *r, uint8_t hash[static SECRET_HASH])
{
    struct str token = path_text(r, "link");
    secret_hash(token, hash);
    return token.len == SECRET_TOKEN;
}

static enum err unknown(struct req *r)
{
    return public_words(r, 404, STR("Votre offre · Maillage"), "Ce lien n’est pas complet.",
                        "<p>Ouvrez-le tel qu’il vous a été remis, ou demandez-en un autre à votre interlocuteur.</p>\n");
}

static void days(struct buf *b, struct str count)
{
    html_text(b, count);
    buf_add(b, str_eq(count, STR("1")) ? STR(" jour") : STR(" jours"));
}

static void who(struct page *p)
{
    html_add(p->b, "<p class=\"by\">");
    public_network(p->b, CELL(NETWORK));
    html_text(p->b, CELL(MEMBER));
    html_add(p->b, ", ");
    html_text(p->b, CELL(BY));
    html_add(p->b, "</p>\n");
    public_phone(p->b, CELL(PHONE));
}

// --- what was answered, or why nothing can be any more --------------------------------------------

static void sentence(struct page *p, const char *title, const char *words)
{
    html_add(p->b, "<h1>");
    buf_add(p->b, str_of(title));
    html_add(p->b, "</h1>\n<p class=\"note\">");
    html_text(p->b, CELL(TITLE));
    html_add(p->b, "</p>\n<p role=\"status\">");
    buf_add(p->b, str_of(words));
}

static void confirmed(struct page *p)
{
    html_add(p->b, "Elle est proposée dès maintenant aux candidats suivis par nos réseaux, pendant ");
    days(p->b, CELL(RESERVATION_DAYS));
    html_add(p->b, ", puis ouverte à tous si elle n’est pas pourvue.");
}

static void corrected(struct page *p)
{
    html_add(p->b, "Votre interlocuteur corrige l’offre et revient vers vous. Rien n’est publié d’ici là.");
}

static void refused(struct page *p)
{
    html_add(p->b, "L’offre est retirée\u202f: rien n’est publié. Votre interlocuteur en est averti.");
}

static void until(struct page *p)
{
    buf_add(p->b, str_eq(CELL(STATE), STR("open")) ? STR("publiée jusqu’au ") : STR("proposée à nos candidats, puis ouverte à tous le "));
    html_text(p->b, CELL(UNTIL));
    html_add(p->b, ".");
}

static void standing(struct page *p)
{
    html_add(p->b, "Elle est ");
    until(p);
    html_add(p->b, " Si elle est pourvue, dites-le à votre interlocuteur.");
}

static void prolonged(struct page *p)
{
    html_add(p->b, "Elle reste ouverte à tous jusqu’au ");
    html_text(p->b, CELL(UNTIL));
    html_add(p->b, ".");
}

static void filled(struct page *p)
{
    if (result_bool(p->one, 0, IS_OVER)) {
        html_add(p->b, "Votre offre est close, et retirée partout où elle était publiée. Votre interlocuteur en est averti.");
        return;
    }
    int64_t said = result_int(p->one, 0, POSTS_SAID), left = result_int(p->one, 0, POSTS) - result_int(p->one, 0, FILLED);
    buf_printf(p->b, "%lld poste%s pourvu%s. L’offre continue pour %s, jusqu’au ", (long long)said, said > 1 ? "s" : "", said > 1 ? "s" : "",
               left > 1 ? "les autres" : "le dernier");
    html_text(p->b, CELL(UNTIL));
    html_add(p->b, ".");
}

static void over(struct page *p)
{
    html_add(p->b, "L’offre est retirée partout où elle était publiée. Votre interlocuteur en est averti.");
}

static const struct {
    const char *answer, *title;
    void (*tell)(struct page *p);
    bool goes_on; // the offer does after this answer: what is told holds until it is closed
} told[] = {
    { "confirmed", "Merci, votre offre est confirmée.", confirmed, true },
    { "corrected", "Merci, votre demande est transmise.", corrected, true },
    { "refused", "Merci, c’est noté.", refused, false },
    { "standing", "Merci, votre offre reste à pourvoir.", standing, true },
    { "prolonged", "Merci, votre offre est prolongée.", prolonged, true },
    { "filled", "Merci, c’est noté.", filled, false },
    { "over", "Merci, c’est noté.", over, false },
};

static const struct {
    const char *fault, *title, *advice;
} faults[] = {
    { "link_stale", "Ce lien ne vaut plus\u202f: l’offre a changé depuis, ou un autre lien vous a été remis.", "Demandez-en un autre à votre interlocuteur.</p>\n" },
    { "link_expired", "Ce lien a expiré.", "Demandez-en un autre à votre interlocuteur.</p>\n" },
    { "offer_past", "Cette offre n’est plus valable\u202f: sa date de fin est passée.",
      "Si vous cherchez encore quelqu’un, dites-le à votre interlocuteur\u202f: il changera cette date et vous remettra un autre lien.</p>\n" },
};

static void over_page(struct page *p)
{
    for (size_t i = 0; i < LENGTH(told); i++) {
        if (str_eq(CELL(ANSWER), str_of(told[i].answer))) {
            sentence(p, told[i].title, "");
            if (told[i].goes_on && result_bool(p->one, 0, IS_OVER)) {
                html_add(p->b, "Cette offre est close depuis.");
            } else {
                told[i].tell(p);
            }
            html_add(p->b, "</p>\n");
        }
    }
    bool is_closed = str_eq(CELL(FAULT), STR("link_stale")) && result_bool(p->one, 0, IS_OVER);
    if (is_closed) {
        sentence(p, "Cette offre est close.", "Elle a été pourvue ou retirée, ou elle a expiré. Votre interlocuteur peut en préparer une autre.</p>\n");
    }
    for (size_t i = 0; i < LENGTH(faults) && !is_closed; i++) {
        if (str_eq(CELL(FAULT), str_of(faults[i].fault))) {
            sentence(p, faults[i].title, faults[i].advice);
        }
    }
    who(p);
}

// --- the question -------------------------------------------------------------------------------

// What is wrong with a field; absent when nothing is.
static struct str fault_of(const struct page *p, const char *field)
{
    for (const struct field_error *f = p->wrong->first; f; f = f->next) {
        if (str_eq(f->field, str_of(field))) {
            return f->message;
        }
    }
    return (struct str){ 0 };
}

// What an element says of its field when that is wrong, and the sentence under it.
static void marked(struct page *p, const char *field)
{
    if (fault_of(p, field).len) {
        buf_printf(p->b, " aria-invalid=\"true\" aria-describedby=\"%s-error\"", field);
    }
}

static void fault_line(struct page *p, const char *field)
{
    if (fault_of(p, field).len) {
        buf_printf(p->b, "<span class=\"error\" id=\"%s-error\">", field);
        html_text(p->b, fault_of(p, field));
        html_add(p->b, "</span>");
    }
    html_add(p->b, "\n");
}

static void name_field(struct page *p)
{
    html_add(p->b, "<label>Votre nom et votre fonction<input name=\"name\" required minlength=\"2\" maxlength=\"160\" autocomplete=\"name\" value=\"");
    html_text(p->b, p->typed->name);
    html_add(p->b, "\"");
    marked(p, "name");
    html_add(p->b, "></label>");
    fault_line(p, "name");
}

static void comment_field(struct page *p, const char *label)
{
    html_add(p->b, "<label>");
    buf_add(p->b, str_of(label));
    html_add(p->b, "<span class=\"by\">Lu par ");
    html_text(p->b, CELL(BY));
    html_add(p->b, " seulement.</span><textarea name=\"comment\" rows=\"3\" maxlength=\"500\"");
    marked(p, "comment");
    html_add(p->b, ">");
    html_text(p->b, p->typed->comment);
    html_add(p->b, "</textarea></label>");
    fault_line(p, "comment");
}

// Why it is given up: one is chosen, none is chosen beforehand. Nothing makes it required for the other answers of the form.
static void reason_choices(struct page *p)
{
    html_add(p->b, "<fieldset class=\"reasons\"");
    marked(p, "withdrawal");
    html_add(p->b, "><legend>Pourquoi\u202f?</legend>\n");
    for (int i = 0; i < result_count(p->reasons); i++) {
        struct str code = result_text(p->reasons, i, 0);
        html_add(p->b, "<label class=\"check\"><input type=\"radio\" name=\"withdrawal\" value=\"");
        html_text(p->b, code);
        buf_add(p->b, str_eq(code, p->typed->withdrawal) ? STR("\" checked>") : STR("\">"));
        html_text(p->b, result_text(p->reasons, i, 1));
        html_add(p->b, "</label>\n");
    }
    html_add(p->b, "</fieldset>\n");
    fault_line(p, "withdrawal");
}

// What Enter in a field presses, as it is the first: nothing is answered by it, as an answer cannot be taken back.
static void no_answer(struct page *p)
{
    html_add(p->b, "<button class=\"none\" type=\"submit\" name=\"answer\" value=\"\" tabindex=\"-1\" aria-hidden=\"true\">Choisir une réponse</button>\n");
}

static void button(struct page *p, const char *answer, const char *label, bool is_first)
{
    buf_printf(p->b, "<button type=\"submit\" name=\"answer\" value=\"%s\"%s>%s</button>\n", answer, is_first ? "" : " class=\"second\"", label);
}

static void confirm_form(struct page *p)
{
    html_add(p->b, "<h2>Votre réponse</h2>\n<p>Une fois confirmée, l’offre est proposée pendant ");
    days(p->b, CELL(RESERVATION_DAYS));
    html_add(p->b, " aux candidats suivis par nos réseaux, puis ouverte à tous. Votre nom n’est pas publié.</p>\n");
    name_field(p);
    button(p, "confirmed", "Je confirme cette offre", true);
    html_add(p->b, "<h2>Quelque chose ne va pas\u202f?</h2>\n");
    comment_field(p, "Ce qu’il faut corriger, ou ce que vous voulez nous dire");
    button(p, "corrected", "Demander une correction", false);
    html_add(p->b, "<h2>Vous n’en voulez plus\u202f?</h2>\n");
    reason_choices(p);
    button(p, "refused", "Renoncer à cette offre", false);
}

static void stand_form(struct page *p)
{
    int64_t left         = result_int(p->one, 0, POSTS) - result_int(p->one, 0, FILLED);
    bool    may_prolong  = result_bool(p->one, 0, MAY_PROLONG);
    html_add(p->b, "<h2>Votre réponse</h2>\n");
    name_field(p);
    html_add(p->b, "<h2>Toujours à pourvoir</h2>\n");
    if (may_prolong) {
        html_add(p->b, "<p>L’offre reste ouverte ");
        days(p->b, CELL(OPEN_DAYS));
        html_add(p->b, " de plus, à compter d’aujourd’hui.</p>\n");
        button(p, "prolonged", "Prolonger l’offre", true);
    } else {
        html_add(p->b, "<p>Rien ne change, et votre interlocuteur le sait.</p>\n");
        button(p, "standing", "Elle est toujours à pourvoir", true);
    }
    html_add(p->b, "<h2>Pourvue</h2>\n");
    if (left > 1) {
        buf_printf(p->b, "<label>Postes pourvus, sur les %lld restants<input type=\"number\" name=\"posts\" min=\"1\" max=\"%lld\" inputmode=\"numeric\" value=\"",
                   (long long)left, (long long)left);
        if (p->typed->posts || !fault_of(p, "posts").len) {
            buf_printf(p->b, "%lld", (long long)(p->typed->posts ? *p->typed->posts : left));
        }
        html_add(p->b, "\"");
        marked(p, "posts");
        html_add(p->b, "></label>");
        fault_line(p, "posts");
        if (may_prolong) {
            html_add(p->b, "<label class=\"check\"><input type=\"checkbox\" name=\"prolong\" value=\"true\"");
            buf_add(p->b, p->typed->prolong ? STR(" checked") : STR(""));
            html_add(p->b, ">S’il en reste, prolonger l’offre pour eux</label>\n");
        }
    } else {
        html_add(p->b, "<input type=\"hidden\" name=\"posts\" value=\"1\">\n");
    }
    button(p, "filled", left > 1 ? "Déclarer ces postes pourvus" : "Le poste est pourvu", false);
    html_add(p->b, "<h2>Plus d’actualité</h2>\n");
    reason_choices(p);
    comment_field(p, "Précision (facultatif)");
    button(p, "over", "Retirer l’offre", false);
}

static void question(struct page *p, const struct result *facts)
{
    bool is_draft = str_eq(CELL(PURPOSE), STR("confirm"));
    html_add(p->b, "<p class=\"note\">");
    if (is_draft) {
        html_add(p->b, "Voici l’offre préparée avec vous. Est-elle exacte\u202f?");
    } else {
        html_add(p->b, "Votre offre est ");
        until(p);
        html_add(p->b, " Où en êtes-vous\u202f?");
    }
    html_add(p->b, "</p>\n<h1>");
    html_text(p->b, CELL(TITLE));
    html_add(p->b, "</h1>\n");
    html_add(p->b, "<dl>\n");
    public_fact(p->b, STR("Employeur"), CELL(EMPLOYER), "");
    public_fact(p->b, STR("Métier"), CELL(ROME), "");
    public_fact(p->b, STR("Contrat"), CELL(CONTRACT), "");
    public_fact(p->b, STR("Lieu"), CELL(COMMUNE), "");
    public_fact(p->b, STR("Postes"), CELL(POSTS), "");
    if (result_int(p->one, 0, FILLED) > 0) {
        public_fact(p->b, STR("Déjà pourvus"), CELL(FILLED), "");
    }
    public_fact(p->b, STR("Début"), CELL(START), "");
    public_fact(p->b, STR("Durée du travail"), CELL(HOURS), "\u202fh par semaine");
    public_fact(p->b, STR("Salaire"), CELL(SALARY), "");
    for (int i = 0; i < result_count(facts); i++) {
        public_fact(p->b, result_text(facts, i, 0), result_text(facts, i, 1), "");
    }
    html_add(p->b, "</dl>\n");
    if (CELL(ABOUT).len) {
        html_add(p->b, "<p class=\"about\">");
        html_lines(p->b, CELL(ABOUT));
        html_add(p->b, "</p>\n");
    }
    html_add(p->b, "<section class=\"apply\">\n");
    if (CELL(WAYS).len) {
        html_add(p->b, "<h2>Les candidats vous joindront ainsi</h2>\n<p>");
        html_lines(p->b, CELL(WAYS));
        html_add(p->b, "</p>\n<p class=\"by\">C’est publié avec l’offre, dès qu’elle est ouverte à tous.</p>\n");
    } else {
        html_add(p->b, "<h2>Les candidats passent par nous</h2>\n<p>");
        html_text(p->b, CELL(BY));
        html_add(p->b, " reçoit les candidatures et vous les présente. Vos coordonnées ne sont pas publiées.</p>\n");
    }
    html_add(p->b, "</section>\n<form class=\"answer\" id=\"reponse\" method=\"post\" action=\"#reponse\">\n");
    if (p->why.len) { // the page comes back at the form, which is where it is told
        html_add(p->b, "<p class=\"error\" role=\"alert\">");
        html_text(p->b, p->why);
        html_add(p->b, "</p>\n");
    }
    no_answer(p);
    (is_draft ? confirm_form : stand_form)(p);
    html_add(p->b, "</form>\n");
    who(p);
    html_add(p->b, "<p class=\"note\">Ce lien vaut jusqu’au ");
    html_text(p->b, CELL(EXPIRES));
    html_add(p->b, ", pour une seule réponse.</p>\n");
}

// --- the two requests ---------------------------------------------------------------------------

// The page as the link stands now, with what was typed when it was refused.
static enum err link_page(struct req *r, struct str hash, int status, const struct answer_form *typed, struct str why)
{
    CLEANUP(result_done) struct result one   = confirmation_read(r->db, hash);
    CLEANUP(result_done) struct result facts = confirmation_facts(r->db, hash);
    CLEANUP(result_done) struct result reasons = confirmation_reasons(r->db);
    if (one.err || facts.err || reasons.err) {
        return one.err ? one.err : facts.err ? facts.err : reasons.err;
    }
    if (result_count(&one) == 0) {
        return unknown(r);
    }
    struct buf  b    = buf_init(MIB(1));
    struct page page = { &b, &one, &reasons, typed, &r->fields, why };
    struct page *p   = &page;
    const struct public_head head = {
        .title     = arena_printf(r->arena, "%.*s · Maillage", STR_ARG(CELL(TITLE))),
        .is_hidden = true,
    };
    enum err e = public_begin(r, &b, &head);
    if (e) {
        buf_done(&b);
        return e;
    }
    if (result_is_null(&one, 0, FAULT)) {
        question(p, &facts);
    } else {
        over_page(p);
    }
    reply_header(r, "X-Robots-Tag", STR("noindex"));
    return public_end(r, status, 0, &b);
}

enum err confirmation_page(struct req *r)
{
    uint8_t            hash[SECRET_HASH];
    struct answer_form f = { 0 };
    return link_hash(r, hash) ? link_page(r, (struct str){ (const char *)hash, sizeof hash }, 200, &f, (struct str){ 0 }) : unknown(r);
}

// What the rules found wrong, beside its field of the form when it is one; returns the sentence about the whole.
static struct str blame(struct req *r)
{
    static const struct {
        const char *field, *code, *words;
    } wrong[] = {
        { "withdrawal", "required", "Choisissez une raison." },
        { "name", "invalid", "Indiquez votre nom et votre fonction, en deux caractères au moins." },
        { "comment", "invalid", "Écrivez 500\u202fcaractères au plus." },
        { "posts", "invalid", "Indiquez combien de postes sont pourvus." },
    };
    struct str said = db_error(r->db)->field, detail = db_error(r->db)->detail;
    if (!said.len) { // refused by a rule, which names it in its detail
        json_t *named = json_loadb(detail.at ? detail.at : "", detail.len, 0, NULL);
        said          = arena_str(r->arena, str_of(json_string_value(json_object_get(named, "field"))));
        json_decref(named);
    }
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        if (str_eq(said, str_of(wrong[i].field))) {
            req_field_error(r, wrong[i].field, wrong[i].code, wrong[i].words);
            return err_sentence(ERR_INVALID);
        }
    }
    // An answer to the other kind of link: no button of this page gives it.
    return str_eq(said, STR("answer")) ? STR("Ce lien ne permet pas cette réponse\u202f: choisissez-en une ci-dessous.") : err_sentence(ERR_INVALID);
}

enum err confirmation_answer(struct req *r)
{
    static const char *const  answers[] = { "confirmed", "corrected", "refused", "standing", "prolonged", "filled", "over", NULL };
    static const struct field fields[]  = {
        { .name = "answer", .type = FIELD_CHOICE, .offset = offsetof(struct answer_form, answer), .choices = answers },
        { .name = "name", .type = FIELD_TEXT, .offset = offsetof(struct answer_form, name), .min = 2, .max = 160, .required = true },
        { .name = "comment", .type = FIELD_TEXT, .offset = offsetof(struct answer_form, comment), .max = 500 },
        { .name = "posts", .type = FIELD_INT, .offset = offsetof(struct answer_form, posts), .nullable = true, .min = 1, .max = 500 },
        { .name = "prolong", .type = FIELD_BOOL, .offset = offsetof(struct answer_form, prolong) },
        { .name = "withdrawal", .type = FIELD_TEXT, .offset = offsetof(struct answer_form, withdrawal), .max = 40 },
        { 0 },
    };
    struct answer_form f = { 0 };
    uint8_t            bytes[SECRET_HASH];
    struct str         hash = { (const char *)bytes, sizeof bytes };
    if (!link_hash(r, bytes)) {
        return unknown(r);
    }
    enum err e = form_read(r, fields, &f);
    if ((!e || e == ERR_INVALID) && !f.answer.len) {
        return link_page(r, hash, 422, &f, STR("Choisissez une réponse."));
    }
    if (!e && str_eq(f.answer, STR("filled")) && !f.posts) {
        req_field_error(r, "posts", "required", "Indiquez combien de postes sont pourvus.");
        e = ERR_INVALID;
    }
    if (e == ERR_INVALID) {
        return link_page(r, hash, 422, &f, err_sentence(e));
    }
    e = e ? e : result_end(confirmation_settle(r->db, hash, f.answer, f.name, f.comment, f.posts, f.prolong, f.withdrawal));
    switch (e) {
    case OK:
        return link_page(r, hash, 200, &f, (struct str){ 0 });
    case ERR_NOT_FOUND:
        return unknown(r);
    case ERR_REASON_REQUIRED:
        req_field_error(r, "comment", "required", "Dites ce qui ne va pas.");
        return link_page(r, hash, 422, &f, err_sentence(ERR_INVALID));
    case ERR_INVALID:
        return link_page(r, hash, 422, &f, blame(r));
    case ERR_OFFER_POSTS: // told above too: the field is not shown once a single post is left
        req_field_error(r, "posts", "offer_posts", "C’est plus qu’il n’en reste.");
        return link_page(r, hash, err_status(e), &f, err_sentence(e));
    case ERR_OFFER_PAST:
    case ERR_OFFER_PROLONGED:
    case ERR_OFFER_TRANSITION:
    case ERR_LINK_ANSWERED:
    case ERR_LINK_EXPIRED:
    case ERR_LINK_STALE:
        return link_page(r, hash, err_status(e), &f, err_sentence(e));
    default:
        return e;
    }
}
