// Sending a letter through the mail server that the administrator named: one recipient, bounded in
// time.
//
// SMTP by libcurl: STARTTLS that must succeed, or TLS from the start (smtps), unless the settings
// allow plain text, for a server on this machine. Certificates are checked.
#pragma once

#include "base/err.h"
#include "out/post.h"

struct out_mail_server {
    struct str url;            // smtp://host[:port] or smtps://host[:port]; absent: no mail is sent
    struct str from;           // "Name <address>"
    struct str user, password; // absent: the server asks for none
    struct str authority;      // file of certificates to trust instead of the system's, or absent
    bool       is_plain;       // without TLS
    int64_t    seconds;        // how long it may take over a letter
};

// Reads the credentials: a file of one line, user:password, that nobody else reads (mode 0600).
// With an absent path there are none. On failure *reterr_why is a sentence.
enum err out_mail_credentials(struct str file, struct arena *a, struct out_mail_server *server,
                              struct str *reterr_why) MUST_USE;

// Gives the letter (out/mime.h) to the server. *ret as of a POST: status is the last word of the
// server, 250 when it took the letter; 0: no answer, or one that says nothing of it.
void out_mail(struct arena *a, const struct out_mail_server *server, struct str to,
              struct str letter, struct out_answer *ret);
