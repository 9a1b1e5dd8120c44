// Attempts to sign in: how many failed lately, and how long to wait before the next one.
//
// Failures are counted for an account at one address, for an address, and for an account; beyond a
// free number of them the wait doubles each time. A device that signed in before holds a cookie
// and is counted by itself, so that strangers who try a member's address never lock the member
// out. The counts live in Redis; when it is away a small table in the process takes over.
#pragma once

#include "http/req.h"

enum { ATTEMPT_COUNTS = 3, ATTEMPT_KEY = 48 };

// Whom an attempt is counted for.
struct attempt {
    struct str email;
    bool       is_known_device;
    char       keys[ATTEMPT_COUNTS][ATTEMPT_KEY]; // of pair or device, address, account
};

struct attempt attempt_of(struct req *r, struct str email);

// ERR_TOO_MANY_ATTEMPTS, with Retry-After, when it is too early for another one.
enum err attempt_allow(struct req *r, const struct attempt *attempt) MUST_USE;

void attempt_failed(struct req *r, const struct attempt *attempt);
void attempt_succeeded(struct req *r, const struct attempt *attempt);

// A new device cookie for the account.
struct str attempt_device(struct arena *a, struct str email);
// True when the cookie was given to a device of this account.
bool attempt_is_device(struct arena *a, struct str cookie, struct str email);
