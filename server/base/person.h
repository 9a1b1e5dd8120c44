// A person met at an employer's: names, position, ways to reach them; sealed as one document.
//
// In the database a person is the JSON document of person_write, sealed for the row of its contact
// (base/vault.h), beside the hashes of person_keys. SQL shapes the documents that are answered and
// leaves the sealed person in them as a member
//
//     "sealed":"p17.BASE64"     contact 17, everything
//     "sealed":"n17.BASE64"     contact 17, names and position only (an opposed person)
//
// (as row_to_json writes it, without blanks), which person_splice replaces by the members of the
// person. The text of a value cannot be taken for that member: its quotes are escaped in JSON.
//
// Normal forms, for hashes and comparison:
//   phone   digits; France as 0 and nine digits (+33, 0033 and (0) are read so), others with +
//   e-mail  lower case, without blanks around
//   name    words in lower case without accents, sorted: « Élodie DUPONT-Roy » is « dupont elodie
//           roy », in whatever order they were typed
// Pure given the arena, but for the keys of the vault; thread-safe.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/vault.h"

enum {
    PERSON_WAYS     = 5, // phones, and e-mails, at most
    PERSON_NAME     = 80,
    PERSON_POSITION = 120,
    PERSON_EMAIL    = 254,
    PERSON_JSON     = 8192, // of a document, at most
};

struct person {
    struct str family_name, given_name, position; // absent when not known
    struct str phones[PERSON_WAYS], emails[PERSON_WAYS];
    size_t     phone_count, email_count;
};

// The normal form of a phone number as people write it; false when it is none.
bool person_phone(struct str text, struct arena *a, struct str *ret_normal) MUST_USE;
// The normal form of an e-mail address; false when it is none.
bool person_email(struct str text, struct arena *a, struct str *ret_normal) MUST_USE;
// The normal form of a name, empty when it has no word.
struct str person_name(struct str name, struct arena *a);

// Adds a phone or an e-mail as typed; true also when the person has it already, false when it is
// none or there is no room.
bool person_add_phone(struct person *p, struct str text, struct arena *a) MUST_USE;
bool person_add_email(struct person *p, struct str text, struct arena *a) MUST_USE;

// The document: {"family_name":..,"given_name":..,"position":..,"phones":[..],"emails":[..]}.
void person_write(const struct person *p, struct buf *out);
// Reads it; false when it is not such a document. Views live in the arena.
bool person_read(struct str json, struct arena *a, struct person *ret) MUST_USE;

// Seals a person for the row of a contact, and opens it again (false: see vault_open).
struct str person_seal(struct arena *a, int64_t contact, const struct person *p);
bool person_open(struct arena *a, int64_t contact, struct str sealed, struct person *ret) MUST_USE;

// The hashes a person is found by, as JSON: [{"kind":"phone","hash":"<32 hexadecimal digits>"},..].
struct str person_keys(struct arena *a, const struct person *p);
// The hashes to search for a text: of an e-mail, a phone number, or a name, as a PostgreSQL array
// of bytea. *ret_kind says which (VAULT_NAME also searches family names alone). Absent when the
// text is empty.
struct str person_search(struct arena *a, struct str text, enum vault_kind *ret_kind);
// One hash in hexadecimal.
struct str person_hash(struct arena *a, enum vault_kind kind, struct str normal);

// Opens p17.BASE64, what stands in a sealed member; false when it does not open.
bool person_unseal(struct arena *a, struct str value, struct person *ret) MUST_USE;

// A person as cells of a table: family name, given name, position, phones, e-mails; several of a
// kind are separated by a comma and a blank.
enum { PERSON_CELLS = 5 };
struct str person_cell(const struct person *p, size_t cell, struct arena *a);

// A document with every sealed member replaced. A person that does not open becomes
// "family_name":null,...,"unreadable":true. The document itself when nothing is sealed in it.
struct str person_splice(struct arena *a, struct str document);
// The same for a reader who is not to know persons: each becomes "withheld":true.
struct str person_withhold(struct arena *a, struct str document);
