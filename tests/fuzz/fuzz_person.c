#include "base/person.h"
#include "fuzz.h"

// Every way in for bytes: normal forms, a document, an answer with sealed members.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool     is_ready;
    struct arena   *a    = arena_new();
    struct str      text = { (const char *)data, size }, why, normal, again;
    struct person   p    = { 0 };
    enum vault_kind kind;
    if (!is_ready && vault_init((struct str){ 0 }, a, &why)) {
        DIE("no vault");
    }
    is_ready = true;
    if (person_phone(text, a, &normal) && (!person_phone(normal, a, &again) || !str_eq(normal, again))) {
        DIE("the normal form of a phone is not stable");
    }
    if (person_email(text, a, &normal) && (!person_email(normal, a, &again) || !str_eq(normal, again))) {
        DIE("the normal form of an e-mail is not stable");
    }
    person_name(text, a);
    person_search(a, text, &kind);
    person_splice(a, text);
    if (person_read(text, a, &p) && !str_is_utf8(p.family_name)) {
        DIE("a name that is no text");
    }
    arena_free(a);
    return 0;
}
