#include "record.h"

#include "words.h"

// Habits of the establishments' files: how often each field is filled.
static const struct {
    double weight, form, siret, siren, naf, address, postcode, phone, mail, twice;
} habits[SOURCE_COUNT] = {
    [SOURCE_CCI]       = { 1.69, 0.9, 0.97, 0.022, 0.975, 0.985, 0.99, 0.6, 0.1, 0.02 },
    [SOURCE_CRM]       = { 1.6, 0.1, 0.35, 0.1, 0.15, 0.9, 0.97, 0.71, 0.58, 0.1 },
    [SOURCE_INSERTION] = { 1.28, 0.09, 0.316, 0, 0, 0.95, 0.985, 0.44, 0.63, 0.04 },
    [SOURCE_SALON]     = { 1.06, 0.1, 0.042, 0.03, 0, 0.46, 0.7, 0.66, 0.72, 0.08 },
    [SOURCE_EMPLOI]    = { 1.05, 0.9, 0.13, 0.45, 0.6, 0.32, 0.98, 0.26, 0.27, 0.03 },
    [SOURCE_WEB]       = { 1.08, 0.1, 0.075, 0.07, 0, 0.92, 0.94, 0.86, 0.49, 0.03 },
};

void table_free(struct table *t)
{
    free(t->text);
    free(t->lines);
    *t = (struct table){ 0 };
}

static void add(struct table *t, const char *text, size_t length)
{
    if (t->length + length > t->room) {
        t->room = (t->length + length) * 2;
        t->text = memory_resize(t->text, t->room);
    }
    memcpy(t->text + t->length, text, length);
    t->length += length;
}

void table_begin(struct table *t)
{
    if (t->count == t->line_room) {
        t->line_room = t->line_room ? t->line_room * 2 : 1024;
        t->lines     = memory_resize(t->lines, t->line_room * sizeof *t->lines);
    }
    t->lines[t->count].at = t->length;
}

void table_field(struct table *t, const char *text)
{
    add(t, ",", 1);
    if (!strpbrk(text, ",\"\n")) {
        add(t, text, strlen(text));
        return;
    }
    add(t, "\"", 1);
    for (; *text; text++) {
        add(t, text, 1);
        if (*text == '"') {
            add(t, text, 1);
        }
    }
    add(t, "\"", 1);
}

void table_end(struct table *t, uint32_t entity, uint32_t second, const char *kind)
{
    struct line *line = &t->lines[t->count++];
    line->length      = (uint32_t)(t->length - line->at);
    line->entity      = entity;
    line->second      = second;
    line->kind        = kind;
}

static void write_form(struct table *t, struct rng *r, const struct site *s, enum source source)
{
    char form[64] = "";
    if (s->form && rng_chance(r, habits[source].form)) {
        words_part(s->form, 0, form, sizeof form);
    }
    table_field(t, form);
}

static void write_identifier(struct table *t, struct rng *r, const struct site *s,
                             enum source source)
{
    double        at = rng_unit(r);
    struct phrase p  = phrase_of("");
    if (at < habits[source].siret) {
        p = write_siret(r, s, source, true);
    } else if (at < habits[source].siret + habits[source].siren) {
        p = write_siret(r, s, source, false);
    }
    table_field(t, p.at);
}

static void write_naf(struct table *t, struct rng *r, const struct site *s, enum source source)
{
    struct phrase p = phrase_of("");
    if (rng_chance(r, habits[source].naf)) {
        switch (rng_below(r, 4)) {
        case 0:
            phrase_printf(&p, "%.2s.%s", s->naf, s->naf + 2);
            break;
        case 1:
            phrase_printf(&p, "%.2s.%.2s.%s", s->naf, s->naf + 2, s->naf + 4);
            break;
        default:
            phrase_add(&p, s->naf);
        }
    }
    table_field(t, p.at);
}

static void write_address(struct table *t, struct rng *r, const struct site *s, enum source source)
{
    struct phrase p = phrase_of("");
    char          kind[32];
    bool          complement = !phrase_empty(&s->complement) && rng_chance(r, 0.55);
    if (!rng_chance(r, habits[source].address)) {
        table_field(t, "");
        return;
    }
    bool brief = rng_chance(r, 0.3);
    words_part(s->street_kind, brief ? 1 + rng_below(r, words_parts(s->street_kind)) : 0, kind,
               sizeof kind);
    if (complement && rng_chance(r, 0.5)) {
        phrase_printf(&p, rng_chance(r, 0.5) ? "%s " : "%s, ", s->complement.at);
        complement = false;
    }
    if (s->number) {
        phrase_printf(&p, "%u%s%s", s->number, phrase_empty(&s->number_suffix) ? "" : " ",
                      s->number_suffix.at);
        phrase_add(&p, rng_chance(r, 0.08) ? ", " : " ");
    }
    struct phrase street = s->street;
    if (rng_chance(r, 0.05)) {
        phrase_slip(&street, r);
    }
    if (rng_chance(r, 0.15)) {
        phrase_replace(&street, "Saint-", rng_chance(r, 0.5) ? "St " : "St-");
        phrase_replace(&street, "Général", "Gal");
        phrase_replace(&street, "Maréchal", "Mal");
        phrase_replace(&street, "Docteur", "Dr");
        phrase_replace(&street, "Président", "Pdt");
    }
    phrase_printf(&p, "%s %s", kind, street.at);
    if (complement) {
        phrase_printf(&p, ", %s", s->complement.at);
    }
    if (source == SOURCE_CCI || source == SOURCE_EMPLOI) {
        phrase_upper(&p);
        phrase_plain(&p);
    } else if (rng_chance(r, 0.2)) {
        phrase_plain(&p);
    }
    table_field(t, p.at);
}

static void write_phones(struct table *t, struct rng *r, const struct site *s, enum source source)
{
    struct phrase p = phrase_of("");
    if (rng_chance(r, habits[source].phone)) {
        uint32_t i = rng_chance(r, 0.65) ? 0 : rng_below(r, s->phone_count);
        p          = write_phone(r, s->phones[i]);
        if (s->phone_count > 1 && rng_chance(r, 0.03)) {
            phrase_printf(&p, " / %s", write_phone(r, s->phones[(i + 1) % s->phone_count]).at);
        }
    }
    table_field(t, p.at);
}

static void write_mail(struct table *t, struct rng *r, const struct site *s, enum source source)
{
    struct phrase p = phrase_of("");
    if (rng_chance(r, habits[source].mail)) {
        p = s->mail;
        if (!phrase_empty(&s->domain) && rng_chance(r, 0.15)) {
            const struct words *boxes = words_of(LIST_BOXES);
            p                         = phrase_of(boxes->at[rng_below(r, boxes->count)]);
            phrase_printf(&p, "@%s", s->domain.at);
        }
        if (rng_chance(r, 0.012)) {
            phrase_slip(&p, r);
        }
        if (rng_chance(r, 0.03)) {
            phrase_upper(&p);
        }
    }
    table_field(t, p.at);
}

static void one_record(struct table *t, struct rng *r, const struct site *s, enum source source)
{
    struct phrase code, town;
    table_begin(t);
    table_field(t, source_names[source]);
    table_field(t, write_name(r, s, source).at);
    write_form(t, r, s, source);
    write_identifier(t, r, s, source);
    write_naf(t, r, s, source);
    write_address(t, r, s, source);
    write_place(r, s, source, &code, &town);
    table_field(t, rng_chance(r, habits[source].postcode) ? code.at : "");
    table_field(t, town.at);
    write_phones(t, r, s, source);
    write_mail(t, r, s, source);
    table_end(t, s->entity, s->legal_unit, kind_names[s->kind]);
}

void record_sites(struct table *t, struct rng *r, const struct family *f)
{
    static const double spread[] = { 0.40, 0.28, 0.17, 0.10, 0.04, 0.01 };
    for (uint32_t i = 0; i < f->count; i++) {
        double   weights[SOURCE_COUNT];
        uint32_t count = 1 + rng_weighted(r, spread, LENGTH(spread));
        for (uint32_t k = 0; k < SOURCE_COUNT; k++) {
            weights[k] = habits[k].weight;
        }
        while (count--) {
            uint32_t source = rng_weighted(r, weights, SOURCE_COUNT);
            weights[source] = 0;
            one_record(t, r, &f->sites[i], (enum source)source);
            if (rng_chance(r, habits[source].twice)) {
                one_record(t, r, &f->sites[i], (enum source)source);
            }
        }
    }
}
