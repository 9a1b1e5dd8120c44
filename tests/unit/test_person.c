#include "base/person.h"

#include "tap.h"

static struct arena *arena;

static struct str phone(const char *text)
{
    struct str normal = { 0 };
    return person_phone(str_of(text), arena, &normal) ? normal : STR("-");
}

static struct str email(const char *text)
{
    struct str normal = { 0 };
    return person_email(str_of(text), arena, &normal) ? normal : STR("-");
}

static void test_phones(void)
{
    CHECK_STR(phone("04 70 00 00 01"), "0470000001");
    CHECK_STR(phone("04.70.00.00.01"), "0470000001");
    CHECK_STR(phone("+33 4 70 00 00 01"), "0470000001");
    CHECK_STR(phone("+33 (0)4 70 00 00 01"), "0470000001");
    CHECK_STR(phone("+33 (0) 04 70 00 00 01"), "0470000001");
    CHECK_STR(phone("+33 04 70 00 00 0"), "-"); // a digit is missing
    CHECK_STR(phone("0033 4 70 00 00 01"), "0470000001");
    CHECK_STR(phone(" 04\u202f70\u202f00\u00a000 01"), "0470000001");
    CHECK_STR(phone("+41 22 123 45 67"), "+41221234567");
    CHECK_STR(phone("0041 22 123 45 67"), "+41221234567");
    CHECK_STR(phone("12345"), "-");
    CHECK_STR(phone("04 70 00 00 01 poste 12"), "-");
    CHECK_STR(phone("1234567890123456"), "-");
    CHECK_STR(phone("12345678901234567890"), "-");
    CHECK_STR(phone("+"), "-");
    CHECK_STR(phone(""), "-");
}

static void test_emails(void)
{
    CHECK_STR(email(" Anne.Dupont@Octo.FR "), "anne.dupont@octo.fr");
    CHECK_STR(email("a@b"), "a@b");
    CHECK_STR(email("@b.fr"), "-");
    CHECK_STR(email("a@"), "-");
    CHECK_STR(email("a b@c.fr"), "-");
    CHECK_STR(email("a@b@c.fr"), "-");
    CHECK_STR(email("a@b.fr, c@d.fr"), "-");
    CHECK_STR(email(""), "-");
}

static void test_names(void)
{
    CHECK_STR(person_name(STR("Élodie DUPONT-Roy"), arena), "dupont elodie roy");
    CHECK_STR(person_name(STR("dupont roy  elodie"), arena), "dupont elodie roy");
    CHECK_STR(person_name(STR("E\u0301lodie Dupont\u2019Roy"), arena), "dupont elodie roy");
    CHECK_STR(person_name(STR("Œuvrard Łukasz Straße"), arena), "lukasz oeuvrard strasse");
    CHECK_STR(person_name(STR("Дмитрий"), arena), "Дмитрий");
    CHECK_STR(person_name(STR(" -' "), arena), "");
    CHECK_STR(person_name(STR("\xC3"), arena), "\xC3"); // cut in the middle
}

static struct person anne(void)
{
    struct person p = { .family_name = STR("Dupont \"A\""), .position = STR("Gérante") };
    CHECK(person_add_phone(&p, STR("04 70 00 00 01"), arena));
    CHECK(person_add_phone(&p, STR("+33470000001"), arena)); // the same
    CHECK(person_add_email(&p, STR("Anne@Octo.fr"), arena));
    CHECK(!person_add_email(&p, STR("octo"), arena));
    CHECK(p.phone_count == 1 && p.email_count == 1);
    return p;
}

static void test_sealing(void)
{
    struct person p      = anne();
    struct person q      = { 0 };
    struct str    sealed = person_seal(arena, 17, &p);
    CHECK(person_open(arena, 17, sealed, &q));
    CHECK_STR(q.family_name, "Dupont \"A\"");
    CHECK(q.given_name.at == NULL);
    CHECK_STR(q.phones[0], "0470000001");
    CHECK(!person_open(arena, 18, sealed, &q)); // a person moved to another row
    CHECK(!person_read(STR("{}"), arena, &q));
    CHECK(!person_read(STR("[1"), arena, &q));
    CHECK(person_read(STR("{\"family_name\":\"X\",\"phones\":[1,\"2\"],\"emails\":3}"), arena, &q));
    CHECK(q.phone_count == 1 && q.email_count == 0);
}

static void test_keys(void)
{
    enum vault_kind kind;
    struct person   p = { .family_name = STR("DUPONT"), .given_name = STR("Élodie") };
    CHECK(person_add_phone(&p, STR("0470000001"), arena));
    struct str keys  = person_keys(arena, &p);
    struct str found = person_search(arena, STR("elodie dupont"), &kind);
    CHECK(kind == VAULT_NAME);
    CHECK(str_find(keys, str_sub(found, 5, 32)) < keys.len); // {"\\x and 32 digits
    found = person_search(arena, STR("Dupont"), &kind);
    CHECK(str_find(keys, str_sub(found, 43, 32)) < keys.len); // by the family name alone
    found = person_search(arena, STR("+33 4 70 00 00 01"), &kind);
    CHECK(kind == VAULT_PHONE && str_find(keys, str_sub(found, 5, 32)) < keys.len);
    CHECK(person_search(arena, STR("a@b.fr"), &kind).len == 39 && kind == VAULT_EMAIL);
    CHECK(person_search(arena, STR("  "), &kind).at == NULL);
}

// The document SQL would make, with a contact in it.
static struct str document(char what, int64_t contact, struct str sealed)
{
    struct buf out = buf_init(KIB(16));
    // Standard base64 with padding, as PostgreSQL writes it, from the url-safe one without.
    struct buf url = buf_init(KIB(16));
    buf_add_base64(&url, sealed);
    buf_printf(&out, "{\"id\":1,\"note\":\"\\\"sealed\\\":\\\"p1.x\\\"\",\"sealed\":\"%c%lld.", what,
               (long long)contact);
    for (size_t i = 0; i < url.len; i++) {
        buf_add_char(&out, url.at[i] == '-' ? '+' : url.at[i] == '_' ? '/' : url.at[i]);
    }
    for (size_t i = url.len; i % 4; i++) {
        buf_add_char(&out, '=');
    }
    buf_add(&out, STR("\",\"z\":2}"));
    struct str text = arena_str(arena, buf_str(&out));
    buf_done(&out);
    buf_done(&url);
    return text;
}

static void test_splicing(void)
{
    struct person p      = anne();
    struct str    sealed = person_seal(arena, 17, &p);
    CHECK_STR(person_splice(arena, document('p', 17, sealed)),
              "{\"id\":1,\"note\":\"\\\"sealed\\\":\\\"p1.x\\\"\",\"family_name\":\"Dupont \\\"A\\\"\","
              "\"given_name\":null,\"position\":\"Gérante\",\"phones\":[\"0470000001\"],"
              "\"emails\":[\"anne@octo.fr\"],\"z\":2}");
    CHECK_STR(person_splice(arena, document('n', 17, sealed)),
              "{\"id\":1,\"note\":\"\\\"sealed\\\":\\\"p1.x\\\"\",\"family_name\":\"Dupont \\\"A\\\"\","
              "\"given_name\":null,\"position\":\"Gérante\",\"phones\":[],\"emails\":[],\"z\":2}");
    struct str moved = person_splice(arena, document('p', 18, sealed));
    CHECK(str_find(moved, STR("\"family_name\":null")) < moved.len);
    CHECK(str_find(moved, STR("\"unreadable\":true,\"z\":2}")) < moved.len);
    CHECK_STR(person_splice(arena, STR("{\"a\":1}")), "{\"a\":1}");
    struct str cut = person_splice(arena, STR("{\"sealed\":\""));
    CHECK(str_find(cut, STR("unreadable")) < cut.len);
}

int main(void)
{
    struct str why;
    arena = arena_new();
    if (vault_init((struct str){ 0 }, arena, &why)) {
        return 1;
    }
    RUN(test_phones);
    RUN(test_emails);
    RUN(test_names);
    RUN(test_sealing);
    RUN(test_keys);
    RUN(test_splicing);
    arena_free(arena);
    return tap_done();
}
