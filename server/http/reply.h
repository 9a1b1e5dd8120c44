// How a handler answers.
//
// Conventions with SQL, so that nothing is parsed again:
//   - a `json` query returns column 1: the document; column 2, when there is one: its version
//     (text, without a dot), which begins the ETag and comes back as r->if_match. The rest of the
//     ETag, or all of it, is a hash: it is the same only if the document is, to the last byte.
//   - a `json*` query returns column 1: one JSON text per row; column 2, when there is one: the
//     position of that row for keyset paging (text). Ask SQL for one row more than the page holds:
//         return reply_page(r, places_list(r->db, position, 50 + 1), 50);
//     The answer is {"items":[...],"next":"opaque"|null}; `next` is sealed and comes back through
//     query_cursor(). reply_many is the same with every row and next null.
// On a route with .person the sealed persons in documents and rows are opened on their way out.
// Each call takes the result over, whatever happens, and returns its error if it has one. Answers
// hold the memory until sent; large JSON is gzipped when the client accepts it.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/db.h"
#include "base/err.h"

struct req;
struct stream;

enum { REPLY_HEADERS = 8 };

// What will be sent; written by the reply_ calls, read by http/send.c.
struct reply {
    int            status; // 0: nothing answered yet
    const char    *type;
    struct buf     body;
    int            file; // -1: none
    int64_t        file_size;
    struct str     etag; // with its quotes
    struct stream *stream;
    int            public_seconds; // shared caches may keep it that long; 0: nobody keeps it
    size_t         count;
    struct {
        const char *name;
        const char *value;
    } headers[REPLY_HEADERS];
};

// The single document of a json or json? query (no row: ERR_NOT_FOUND).
enum err reply_one(struct req *r, int status, struct result res) MUST_USE;
// Every row of a json* query.
enum err reply_many(struct req *r, struct result res) MUST_USE;
// At most `most` rows, and the cursor of the next page if there were more.
enum err reply_page(struct req *r, struct result res, int most) MUST_USE;
// 204 after a void query; or the error.
enum err reply_none(struct req *r, struct result res) MUST_USE;

// JSON text made elsewhere; text is copied.
enum err reply_json(struct req *r, int status, struct str json) MUST_USE;
// Any text or bytes; taken over from the buf. type must be a literal.
enum err reply_buf(struct req *r, int status, const char *type, struct buf *body) MUST_USE;
// A whole file; the descriptor is taken over.
enum err reply_file(struct req *r, int status, const char *type, int file, int64_t size) MUST_USE;
// The rows of a row* query as CSV for spreadsheets: `;`, UTF-8 with BOM, CRLF, column names as
// header; cells that would start a formula are neutralised. On a route with .person the column
// `person` (p17.BASE64) becomes five. Offered as a download of that name.
enum err reply_csv(struct req *r, const char *name, struct result res) MUST_USE;

// Opens an event stream for the audience, who missed the last missed_ms milliseconds (http/hub.h);
// ERR_TOO_MANY_STREAMS beyond the limits.
struct audience;
enum err reply_stream(struct req *r, const struct audience *audience, int64_t missed_ms) MUST_USE;
// Ends the streams that a session has open here.
void streams_end(struct req *r, struct str token_hash);

// An ETag made of these bytes, for a reply_buf that follows.
void reply_tag(struct req *r, struct str bytes);
// One more header (value copied); beyond REPLY_HEADERS it aborts.
void reply_header(struct req *r, const char *name, struct str value);
// Lets shared caches keep a public answer for some seconds.
void reply_public(struct req *r, int seconds);
