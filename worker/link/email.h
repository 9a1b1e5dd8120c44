// E-mail addresses: mailbox and domain, generic boxes and free providers told apart.
//
// Pure, any thread.
#pragma once

#include "base/str.h"

enum { EMAIL_LOCAL_MAX = 64, EMAIL_DOMAIN_MAX = 128 };

struct email {
    char local[EMAIL_LOCAL_MAX + 1];   // lower case, without +tag; "" when there is no address
    char domain[EMAIL_DOMAIN_MAX + 1]; // lower case
    bool is_free;                      // the domain is a provider's (gmail.com, orange.fr)
    bool is_generic;                   // the mailbox is nobody's (contact, accueil, mairie)
};

// Reads the first address of a field ("mailto:", "Nom <a@b.fr>", several with blanks or signs
// between); without a valid one, everything is empty.
void email_read(struct str text, struct email *ret);
