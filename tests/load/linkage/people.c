#include "record.h"

#include "words.h"

// A person as met at one site, or at two of them.
struct person {
    uint32_t           id;
    const char        *kind;
    bool               woman;
    struct phrase      first, last, second_last; // the second of a double surname
    struct phrase      job, mail;
    char               mobile[10];
    bool               by_mobile, by_box; // the number and the address given most often
    const struct site *sites[2];
    uint32_t           site_count;
};

static const char *draw(struct rng *r, enum list list)
{
    const struct words *words = words_of(list);
    return words->at[rng_below(r, words->count)];
}

static void own_mail(struct rng *r, struct person *p)
{
    const struct site *s     = p->sites[0];
    struct phrase      whole = p->first;
    phrase_printf(&whole, " %s", p->last.at);
    bool at_work = !phrase_empty(&s->domain) && s->kind != KIND_EI && rng_chance(r, 0.6);
    p->mail      = phrase_slug(whole.at, at_work || rng_chance(r, 0.6) ? '.' : '\0', 40);
    if (!at_work && rng_chance(r, 0.3)) {
        phrase_printf(&p->mail, "%u", 1 + rng_below(r, 99));
    }
    phrase_printf(&p->mail, "@%s", at_work ? s->domain.at : draw(r, LIST_FREE_MAIL));
}

static void fill(struct rng *r, struct person *p, const struct site *s, uint32_t *persons)
{
    *p = (struct person){ .id = (*persons)++, .kind = "plain", .sites = { s }, .site_count = 1 };
    person_draw(r, &p->woman, &p->first, &p->last);
    if (s->kind == KIND_EI && rng_chance(r, 0.8)) {
        p->woman = s->woman;
        p->first = s->first;
        p->last  = s->last;
    }
    p->job = phrase_of(draw(r, LIST_JOBS));
    phone_mobile(r, p->mobile);
    p->by_mobile = rng_chance(r, 0.55);
    p->by_box    = rng_chance(r, 0.22);
    if (rng_chance(r, 0.07)) {
        bool          woman;
        struct phrase first;
        person_draw(r, &woman, &first, &p->second_last);
        p->kind = "compound";
    }
    own_mail(r, p);
}

static struct phrase surname_of(struct rng *r, const struct person *p)
{
    struct phrase last = p->last;
    if (!phrase_empty(&p->second_last)) {
        switch (rng_below(r, 5)) {
        case 0:
            break;
        case 1:
            last = p->second_last;
            break;
        case 2:
            phrase_printf(&last, " %s", p->second_last.at);
            break;
        default:
            phrase_printf(&last, "-%s", p->second_last.at);
        }
    }
    return last;
}

static void write_names(struct table *t, struct rng *r, const struct person *p)
{
    struct phrase first = p->first, last = surname_of(r, p);
    table_field(t, !rng_chance(r, 0.6) ? "" : p->woman ? "Mme" : "M.");
    if (rng_chance(r, 0.055)) {
        phrase_cut(&first, 1);
        phrase_add(&first, ".");
    } else if (rng_chance(r, 0.035)) {
        phrase_slip(&first, r);
    }
    if (rng_chance(r, 0.03)) {
        phrase_slip(&last, r);
    }
    if (rng_chance(r, 0.4)) {
        phrase_upper(&last);
    }
    if (rng_chance(r, 0.15)) {
        phrase_plain(&first);
        phrase_plain(&last);
    }
    if (rng_chance(r, 0.1)) {
        phrase_unhyphen(&first);
    }
    bool swapped = rng_chance(r, 0.03);
    table_field(t, swapped ? last.at : first.at);
    table_field(t, swapped ? first.at : last.at);
}

static void one_record(struct table *t, struct rng *r, const struct person *p, const struct site *s,
                       enum source source, const struct phrase *employer)
{
    struct phrase code, town, mail = phrase_of(""), phone = phrase_of("");
    table_begin(t);
    table_field(t, source_names[source]);
    write_names(t, r, p);
    table_field(t, !rng_chance(r, 0.6) ? "" : rng_chance(r, 0.1) ? draw(r, LIST_JOBS) : p->job.at);
    if (rng_chance(r, 0.6)) {
        mail = (rng_chance(r, 0.86) ? p->by_box : !p->by_box) ? s->mail : p->mail;
    }
    table_field(t, mail.at);
    if (rng_chance(r, 0.7)) {
        bool     mobile = rng_chance(r, 0.86) ? p->by_mobile : !p->by_mobile;
        uint32_t which  = rng_chance(r, 0.8) ? 0 : rng_below(r, s->phone_count);
        phone           = write_phone(r, mobile ? p->mobile : s->phones[which]);
    }
    table_field(t, phone.at);
    table_field(t, rng_chance(r, 0.55) ? employer->at : write_name(r, s, source).at);
    table_field(t, rng_chance(r, 0.22) ? write_siret(r, s, source, rng_chance(r, 0.8)).at : "");
    write_place(r, s, source, &code, &town);
    table_field(t, rng_chance(r, 0.93) ? code.at : "");
    table_field(t, town.at);
    table_end(t, p->id, s->entity, p->kind);
}

static void all_records(struct table *t, struct rng *r, const struct person *p)
{
    static const double spread[]              = { 0.416, 0.328, 0.176, 0.08 };
    static const double weights[SOURCE_COUNT] = { 1.46, 1.35, 1.02, 0.73, 0.82, 0.74 };
    uint32_t            count                 = 1 + rng_weighted(r, spread, LENGTH(spread));
    struct phrase       employers[2];
    for (uint32_t i = 0; i < p->site_count; i++) {
        employers[i] = write_name(r, p->sites[i], SOURCE_CRM);
    }
    count = count < p->site_count ? p->site_count : count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t    at     = i % p->site_count;
        enum source source = (enum source)rng_weighted(r, weights, SOURCE_COUNT);
        one_record(t, r, p, p->sites[at], source, &employers[at]);
    }
}

void record_people(struct table *t, struct rng *r, const struct family *f, uint32_t *persons)
{
    static struct site  elsewhere; // where somebody of an earlier family also works
    static const double spread[] = { 0.44, 0.29, 0.18, 0.09 };
    for (uint32_t i = 0; i < f->count; i++) {
        const struct site *s = &f->sites[i];
        struct person      p;
        for (uint32_t n = rng_weighted(r, spread, LENGTH(spread)); n; n--) {
            fill(r, &p, s, persons);
            if (elsewhere.place && rng_chance(r, 0.018)) {
                p.kind                  = "two_employers";
                p.sites[p.site_count++] = &elsewhere;
                p.second_last           = phrase_of("");
            }
            bool family   = p.site_count == 1 && rng_chance(r, 0.045);
            bool namesake = p.site_count == 1 && !family && rng_chance(r, 0.008);
            p.kind        = family ? "family" : namesake ? "same_name_same_firm" : p.kind;
            all_records(t, r, &p);
            if (family || namesake) {
                struct person other;
                fill(r, &other, s, persons);
                other.kind = p.kind;
                while (!namesake && strcmp(other.first.at, p.first.at) == 0) {
                    struct phrase last;
                    person_draw(r, &other.woman, &other.first, &last);
                }
                other.last        = p.last;
                other.second_last = namesake ? p.second_last : phrase_of("");
                if (namesake) {
                    other.first = p.first;
                    other.woman = p.woman;
                } else if (rng_chance(r, 0.25)) { // mother and daughter, same telephone
                    memcpy(other.mobile, p.mobile, sizeof p.mobile);
                }
                own_mail(r, &other);
                all_records(t, r, &other);
            }
        }
    }
    elsewhere = f->sites[f->count - 1];
}
