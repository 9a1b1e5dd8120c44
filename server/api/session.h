// Sessions: who is signed in, and for which organisation they act.
//
// The token lives in the __Host-session cookie, the database keeps only its hash. The reply adds to
// the document of SQL the "csrf" token that every write must send back in X-CSRF-Token.
#pragma once

#include "http/req.h"

// POST /api/session {email, password, organisation?}: signs in; 201, sets both cookies.
enum err session_post(struct req *r);

// GET /api/session: the document of the session, 401 when there is none.
enum err session_get(struct req *r);

// PUT /api/session {organisation}: acts for another organisation of the member.
enum err session_put(struct req *r);

// DELETE /api/session: signs out and ends the event streams of the session.
enum err session_delete(struct req *r);
