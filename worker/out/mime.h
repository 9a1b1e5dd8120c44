// A letter as mail servers take it: one part of plain text, in French, that a program wrote.
//
// RFC 5322 and 2045: lines end with CRLF and have 76 characters at most but for an address that is
// longer, text is UTF-8 in quoted-printable, words of headers that are not plain ASCII are RFC 2047
// encoded words in base64. RFC 8058: whoever reads it stops it in one click. Values may hold
// anything: control characters become blanks, so that no value begins another header. Pure, any
// thread.
#pragma once

#include "base/buf.h"

struct mime_mail {
    struct str from; // "Name <address>", or an address alone
    struct str to;   // an address
    struct str subject, text;
    struct str id;   // what is unique of its Message-ID; the host of `from` follows
    struct str stop; // address that ends these letters; absent: no such header
    int64_t    at;   // seconds since 1970
};

void mime_write(const struct mime_mail *mail, struct buf *out);

// The address alone of "Name <address>"; the whole when there are no brackets.
struct str mime_address(struct str from);
