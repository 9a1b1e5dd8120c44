// Signatures of Standard Webhooks (standardwebhooks.com, version 1.0): HMAC-SHA256 over "id.timestamp.body", in base64.
#pragma once

#include "base/arena.h"

// The value of one signature, "v1,BASE64". secret is the base64 that follows whsec_; absent when it is none.
struct str sign_v1(struct arena *a, struct str secret, struct str id, int64_t timestamp, struct str body);
