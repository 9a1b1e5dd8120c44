#include "link/read.h"

#include "link/address.h"
#include "link/email.h"
#include "link/ident.h"
#include "link/naf.h"
#include "link/org_name.h"
#include "link/person_name.h"
#include "link/phone.h"
#include "link/place.h"
#include "link/value.h"

enum { VALUE_MAX = 4096 };

static void print_add(struct feature *f, uint64_t tag, uint64_t what)
{
    if (what) {
        f->print = hash_pair(f->print ^ tag * 0x9E3779B97F4A7C15ULL, what);
    }
}

static void print_words(struct feature *f, uint64_t tag, const struct words *w)
{
    print_add(f, tag, w->count ? hash_str((struct str){ w->text, w->size }) : 0);
}

// Puts words into the pool; returns where.
static uint32_t pool_words(struct stock *s, const struct words *w, size_t most, uint8_t *ret_count)
{
    uint32_t at = (uint32_t)s->pool_count;

    if (s->pool_count + WORDS_MAX > s->pool_room) {
        s->pool_room = s->pool_room * 2 + 4096; // room for all words of a field, however small it was
        s->pool      = memory_resize(s->pool, s->pool_room * sizeof *s->pool);
    }
    *ret_count = (uint8_t)(w->count < most ? w->count : most);
    for (size_t i = 0; i < *ret_count; i++) {
        s->pool[s->pool_count++] = intern_add(s->words, words_at(w, i));
    }
    return at;
}

// The words in one, without blanks.
static uint32_t joined(struct stock *s, const struct words *w)
{
    char   text[WORDS_TEXT_MAX];
    size_t n = 0;

    for (size_t i = 0; i < w->size; i++) {
        if (w->text[i] != ' ') {
            text[n++] = w->text[i];
        }
    }
    return intern_add(s->texts, (struct str){ text, n });
}

static bool has_word(const struct words *w, struct str word)
{
    for (size_t i = 0; i < w->count; i++) {
        if (str_eq(words_at(w, i), word)) {
            return true;
        }
    }
    return false;
}

static void add_variant(struct stock *s, const struct words *w, bool is_cut, struct feature *f)
{
    char initials[WORDS_MAX];

    if (!w->count || f->name_count == NAMES_MAX) {
        return;
    }
    if (s->variant_count == s->variant_room) {
        s->variant_room = s->variant_room ? s->variant_room * 2 : 256;
        s->variants     = memory_resize(s->variants, s->variant_room * sizeof *s->variants);
    }
    struct variant *v = &s->variants[s->variant_count++];
    *v                = (struct variant){ .is_cut = is_cut };
    v->at             = pool_words(s, w, VARIANT_WORDS_MAX, &v->count);
    v->whole          = joined(s, w);
    v->first          = intern_add(
                 s->texts, (struct str){ initials, org_name_initials(w, initials, sizeof initials) });
    f->name_count++;
    print_words(f, 1, w);
    print_add(f, 2, is_cut);
}

static void read_name(struct stock *s, struct str text, struct feature *f)
{
    struct org_name name;

    org_name_read(text, &name);
    add_variant(s, &name.name, name.is_cut, f);
    add_variant(s, &name.other, name.is_cut, f);
    f->role   = f->role ? f->role : (uint8_t)name.role;
    f->number = f->number ? f->number : name.number;
    if (!f->form) {
        f->form   = (uint8_t)name.form;
        f->detail = (uint8_t)name.detail;
    }
}

static void read_form(struct str text, struct feature *f)
{
    struct legal_form_read form = legal_form_read(text);

    if (form.form) { // the column is surer than the name
        f->form   = (uint8_t)form.form;
        f->detail = (uint8_t)form.detail;
    }
}

static void read_ident(struct str text, struct feature *f)
{
    struct ident ident;

    ident_read(text, &ident);
    bool is_better = ident.siren && (!f->siren || (f->flags & BAD_IDENT) || (!f->nic && ident.nic));
    if (is_better && !(ident.is_bad && f->siren)) {
        f->siren = ident.siren;
        f->nic   = ident.nic;
        f->flags = (uint8_t)((f->flags & ~BAD_IDENT) | (ident.is_bad ? BAD_IDENT : 0));
    }
}

static void read_phones(struct str text, struct feature *f)
{
    struct phones phones;

    phones_read(text, &phones);
    for (size_t i = 0; i < phones.count && f->phone_count < PHONES_KEPT; i++) {
        f->phone[f->phone_count++] = (uint32_t)(phones.number[i] & UINT32_MAX);
    }
}

static void read_email(struct stock *s, struct str text, struct feature *f)
{
    struct email email;
    char         whole[EMAIL_LOCAL_MAX + EMAIL_DOMAIN_MAX + 2];

    email_read(text, &email);
    if (!email.local[0] || f->mailbox) {
        return;
    }
    size_t local = strlen(email.local), domain = strlen(email.domain);
    memcpy(whole, email.local, local);
    whole[local] = '@';
    memcpy(whole + local + 1, email.domain, domain);
    f->mailbox = intern_add(s->texts, (struct str){ whole, local + 1 + domain });
    f->local   = intern_add(s->texts, (struct str){ whole, local });
    f->domain  = intern_add(s->texts, (struct str){ whole + local + 1, domain });
    f->flags   = (uint8_t)(f->flags | (email.is_free ? FREE_MAIL : 0) |
                         (email.is_generic ? GENERIC_BOX : 0));
}

static void read_value(struct stock *s, enum link_kind kind, struct str text, struct feature *f)
{
    struct words w;
    uint8_t      count = 0;

    if (s->value_count == s->value_room) {
        s->value_room = s->value_room ? s->value_room * 2 : 256;
        s->values     = memory_resize(s->values, s->value_room * sizeof *s->values);
    }
    struct value *v = &s->values[s->value_count++];
    *v              = (struct value){ .text = 0 };
    words_read(text, &w);
    v->text  = joined(s, &w);
    v->words = pool_words(s, &w, WORDS_MAX, &count);
    v->count = count;
    if (kind == LINK_DATE && v->text) {
        v->number = value_date(text);
    } else if (kind == LINK_NUMBER && v->text && !value_number(text, &v->number)) {
        v->text = 0;
    }
    print_words(f, 40 + s->value_count - f->values, &w);
}

// What several columns say together.
struct columns {
    struct str civility, given, family, address, postcode, commune;
};

static void read_person(struct stock *s, const struct columns *c, struct feature *f)
{
    struct person_name name;

    person_name_read(c->civility, c->given, c->family, &name);
    f->civility     = (uint8_t)name.civility;
    f->given        = pool_words(s, &name.given, 4, &f->given_count);
    f->family       = pool_words(s, &name.family, 4, &f->family_count);
    f->given_whole  = joined(s, &name.given);
    f->family_whole = joined(s, &name.family);
    print_words(f, 3, &name.given);
    print_words(f, 4, &name.family);
    print_add(f, 5, f->civility);
}

static void read_place(struct stock *s, const struct columns *c, struct feature *f)
{
    struct place   place;
    struct address address;

    place_read(c->postcode, c->commune, &place);
    address_read(c->address, &address);
    f->postcode      = place.postcode;
    f->county        = place.county;
    f->district      = place.district;
    f->commune_words = pool_words(s, &place.commune, 8, &f->commune_count);
    f->commune       = joined(s, &place.commune);
    f->way_words     = pool_words(s, &address.way, 8, &f->way_count);
    f->way           = joined(s, &address.way);
    f->way_kind      = address.kind;
    f->house         = address.number;
    f->suffix        = (uint8_t)address.suffix;
    f->flags =
        (uint8_t)(f->flags | (address.is_zone ? HAS_ZONE : 0) | (place.is_cedex ? HAS_CEDEX : 0));
    if (f->way && (f->house || address.is_zone)) {
        uint64_t where = f->commune ? intern_hash(s->texts, f->commune) : f->postcode;
        f->door        = hash_pair(hash_pair(where, intern_hash(s->texts, f->way)),
                                   f->house * 256ULL + f->suffix);
    }
    // The words of the record's own commune tell little in its name; but where the name is that of
    // an employer, "Mairie de Vichy" is all there is.
    bool forgets = s->schema->unit != LINK_PERSON;
    for (size_t v = f->names; v < f->names + f->name_count; v++) {
        struct variant *name = &s->variants[v];
        for (size_t i = 0; i < name->count; i++) {
            struct str word  = intern_str(s->words, s->pool[name->at + i]);
            bool       local = forgets && has_word(&place.commune, word);
            name->local      = (uint16_t)(name->local | (unsigned)local << i);
        }
        if (name->local == (1U << name->count) - 1) {
            name->local = 0;
        }
        for (size_t i = 0; i < name->count; i++) {
            if (!(name->local >> i & 1)) {
                name->key += hash_pair(7, intern_hash(s->words, s->pool[name->at + i]));
            }
        }
    }
    print_words(f, 6, &place.commune);
    print_words(f, 7, &address.way);
    print_add(f, 8, f->postcode);
    print_add(f, 9, f->house * 65536ULL + f->suffix * 256ULL + f->way_kind);
    print_add(f, 10, f->district * 256ULL + f->county);
}

static void read_job(struct stock *s, struct str text, struct feature *f)
{
    struct words w;

    words_read(text, &w);
    f->job       = joined(s, &w);
    f->job_words = pool_words(s, &w, 8, &f->job_count);
    print_words(f, 11, &w);
}

static void read_field(struct stock *s, enum link_kind kind, struct str text, struct columns *c,
                       struct feature *f)
{
    switch (kind) {
    case LINK_ORGANISATION:
        read_name(s, text, f);
        break;
    case LINK_LEGAL_FORM:
        read_form(text, f);
        break;
    case LINK_SIRET:
        read_ident(text, f);
        break;
    case LINK_NAF:
        f->naf = f->naf ? f->naf : naf_read(text);
        break;
    case LINK_PHONE:
        read_phones(text, f);
        break;
    case LINK_EMAIL:
        read_email(s, text, f);
        break;
    case LINK_JOB:
        read_job(s, text, f);
        break;
    case LINK_ADDRESS:
        c->address = str_is_empty(c->address) ? text : c->address;
        break;
    case LINK_POSTCODE:
        c->postcode = text;
        break;
    case LINK_COMMUNE:
        c->commune = text;
        break;
    case LINK_CIVILITY:
        c->civility = text;
        break;
    case LINK_GIVEN_NAME:
        c->given = text;
        break;
    case LINK_FAMILY_NAME:
        c->family = text;
        break;
    case LINK_IGNORE:
    case LINK_KINDS:
        break;
    default:
        read_value(s, kind, text, f);
    }
}

static void print_rest(const struct stock *s, struct feature *f)
{
    print_add(f, 20, f->siren);
    print_add(f, 21, f->nic);
    print_add(f, 22, f->naf);
    print_add(f, 23, f->mailbox ? intern_hash(s->texts, f->mailbox) : 0);
    print_add(f, 24, f->form * 256ULL + f->detail);
    print_add(f, 25, f->flags);
    print_add(f, 27, f->role * 65536ULL + f->number);
    for (size_t i = 0; i < f->phone_count; i++) {
        print_add(f, 26, f->phone[i]);
    }
}

void read_record(struct stock *s, const struct str *fields, struct feature *f)
{
    const struct link_schema *schema = s->schema;
    struct columns            c      = { .civility = STR("") };

    f->print  = 0x6C696E6BULL;
    f->names  = (uint32_t)s->variant_count;
    f->values = (uint32_t)s->value_count;
    for (size_t i = 0; i < schema->count; i++) {
        read_field(s, schema->fields[i].kind, str_sub(fields[i], 0, VALUE_MAX), &c, f);
    }
    read_person(s, &c, f);
    read_place(s, &c, f);
    enum org_role role = org_role_of_mailbox(intern_str(s->texts, f->local));
    if (role && (f->role == ROLE_COMMUNE || f->form == FORM_PUBLIC || f->role == ROLE_NONE)) {
        f->role = (uint8_t)role;
    }
    if (f->form == FORM_CIVIL && f->role == ROLE_NONE) {
        f->role = ROLE_PROPERTY;
    }
    print_rest(s, f);
}
