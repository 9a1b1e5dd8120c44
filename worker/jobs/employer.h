// The letter by which an employer gets its link (schema/api/61_offer_link.sql). The database keeps the address sealed and the token as a
// hash: both are in the clear here only, while the letter leaves.
#pragma once

#include "jobs.h"
#include "out/post.h"

struct employer_letter {
    struct str subject, text; // {lien} in the text is where the address of the page comes
    struct str message;       // number of the delivery, the same in all tries: Message-ID
    struct str address;       // "offer hexadecimal": sealed
    int64_t    link;
};

// *ret as of any other try. Nothing of what the mail server says is kept but its number: it repeats addresses.
void employer_send(struct job *job, const struct employer_letter *letter, struct out_answer *ret);
