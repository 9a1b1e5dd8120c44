// What site.c makes and family.c puts together.
#pragma once

#include "site.h"

#include "words.h"

const char   *site_draw(struct rng *r, enum list list);
struct phrase site_surname(struct rng *r);
struct phrase site_coined(struct rng *r);
void          site_make_siret(const char *siren, uint32_t nic, char into[15]);
void          site_make_post_siret(struct world *w, char into[15]);
void          site_put_address(struct rng *r, struct site *s);
void          site_put_place(struct rng *r, struct site *s);
void          site_put_mail(struct rng *r, struct site *s, const char *slug_of);
void          site_put_phones(struct rng *r, struct site *s);
void          site_put_company(struct world *w, struct site *s, uint32_t nic);
void          site_put_firm(struct world *w, struct rng *r, struct site *s);
struct site  *site_grow(struct world *w, struct family *f, enum kind kind);
// Another site of the company of `of`: same names, other NIC and address, often the same phone.
struct site *site_branch(struct world *w, struct rng *r, struct family *f, uint32_t of,
                         enum kind kind, uint32_t nic);
