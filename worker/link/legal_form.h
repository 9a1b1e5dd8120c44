// Legal forms and their families: SAS and SASU are near, SAS and SCI are not.
//
// Pure, any thread.
#pragma once

#include "link/fold.h"

// Families of forms that partners mix up among themselves, never with another.
enum legal_form {
    FORM_NONE,
    FORM_COMPANY, // SAS, SASU, SA, SARL, EURL, SNC...: what a trading company is called
    FORM_CIVIL,   // SCI, SCM, SCP, société civile
    FORM_COOPERATIVE,
    FORM_ASSOCIATION,
    FORM_SOLE, // EI, EIRL, auto-entrepreneur
    FORM_PUBLIC,
    FORM_COUNT
};

// How finely two forms of one family still differ.
enum legal_form_detail {
    DETAIL_NONE,
    DETAIL_SA,
    DETAIL_SAS,  // and SASU
    DETAIL_SARL, // and EURL
    DETAIL_OTHER
};

struct legal_form_read {
    enum legal_form        form;
    enum legal_form_detail detail;
};

// Reads a column "forme juridique": abbreviation, words, or an Insee category code of 4 digits.
struct legal_form_read legal_form_read(struct str text);

// The legal form whose words begin at word `index` of w, the longest one; *ret_count is how many
// words it takes, 0 (and FORM_NONE) when there is none.
struct legal_form_read legal_form_at(const struct words *w, size_t index, size_t *ret_count);
