// Telephones, e-mail addresses, SIRET, NAF.
#include "tap.h"

#include "link/email.h"
#include "link/ident.h"
#include "link/naf.h"
#include "link/phone.h"

static struct phones phones;

static uint64_t phone(const char *text)
{
    phones_read(str_of(text), &phones);
    return phones.count ? phones.number[0] : 0;
}

static void test_phone_formats(void)
{
    static const char *const same[] = {
        "04 70 99 88 77",      "0470998877",           "04.70.99.88.77",   "04-70-99-88-77",
        "+33 4 70 99 88 77",   "+33 (0)4 70 99 88 77", "0033470998877",    "470998877",
        "Tél. 04 70 99 88 77", "Tél : 04 70 99 88 77", "(04) 70 99 88 77", "33470998877",
    };
    for (size_t i = 0; i < LENGTH(same); i++) {
        if (phone(same[i]) != 470998877) {
            printf("# %s\n", same[i]);
        }
        CHECK(phone(same[i]) == 470998877 && phones.count == 1);
    }
}

static void test_phones_in_one_field(void)
{
    CHECK(phone("02-45-49-87-86 / +33 (0)6 36 44 34 07") == 245498786);
    CHECK(phones.count == 2 && phones.number[1] == 636443407);
    (void)phone("0245498786 0636443407");
    CHECK(phones.count == 2 && phones.number[1] == 636443407);
    (void)phone("02 45 49 87 86 / 02 45 49 87 86");
    CHECK(phones.count == 1);
}

static void test_phone_kinds(void)
{
    CHECK(phone("3631") == 3631 && phone_is_service(3631));
    CHECK(phone_is_service(969156666) && phone_is_service(810000000) &&
          !phone_is_service(470998877));
    CHECK(phone_is_mobile(636443407) && phone_is_mobile(736443407) && !phone_is_mobile(470998877));
    CHECK(phone("00 00 00 00 00") == 0 && phone("0000000000") == 0);
    CHECK(phone("") == 0 && phone("néant") == 0 && phone("12") == 0);
    CHECK(phone("+41 22 345 67 89") > 999999999);
}

static struct email email;

static void test_emails(void)
{
    email_read(STR("Contact@Coiffure-Fleury.COM"), &email);
    CHECK_STR(str_of(email.local), "contact");
    CHECK_STR(str_of(email.domain), "coiffure-fleury.com");
    CHECK(email.is_generic && !email.is_free);
    email_read(STR("Jean Dupont <jean.dupont+salon@gmail.com>"), &email);
    CHECK_STR(str_of(email.local), "jean.dupont");
    CHECK(!email.is_generic && email.is_free);
    email_read(STR("mailto:a@b.fr; c@d.fr"), &email);
    CHECK_STR(str_of(email.local), "a");
    email_read(STR("pas d'adresse @ voir"), &email);
    CHECK(!email.local[0]);
    email_read(STR("a@b"), &email);
    CHECK(!email.local[0]);
}

static struct ident ident;

static uint32_t siren(const char *text)
{
    ident_read(str_of(text), &ident);
    return ident.siren;
}

static void test_siret_as_written(void)
{
    static const char *const same[] = { "73282932000074",    "732 829 320 00074",
                                        "732.829.320.00074", "=\"73282932000074\"",
                                        "73282932000074.0",  "'732829320 00074" };
    for (size_t i = 0; i < LENGTH(same); i++) {
        CHECK(siren(same[i]) == 732829320 && ident.nic == 74 && !ident.is_bad);
    }
}

static void test_siren_in_its_column(void)
{
    CHECK(siren("732 829 320") == 732829320 && ident.nic == 0);
    CHECK(siren("FR 44 732829320") == 732829320 && ident.nic == 0); // VAT number
    CHECK(siren("5520100002") == 0);                                // ten digits: nothing
}

static void test_damage(void)
{
    CHECK(siren("7,3282932E+13") == 0 && siren("7.32829E+13") == 0); // digits are lost
    CHECK(siren("00000000000000") == 0 && siren("000000000") == 0);  // Luhn would have them
    CHECK(siren("5520065400012") == 0 ||
          ident.siren < 100000000); // 13 digits: a lost zero or nothing
    CHECK(siren("73282932000047") == 732829320 && ident.is_bad);  // two digits swapped
    CHECK(siren("35600000001140") == 356000000 && !ident.is_bad); // La Poste
    CHECK(siren("") == 0 && siren("néant") == 0);
}

static void test_near(void)
{
    CHECK(ident_is_near(733199244, 733129244, 9));
    CHECK(ident_is_near(912515860, 912518560, 9));
    CHECK(!ident_is_near(912515860, 912515860, 9));
    CHECK(!ident_is_near(912515860, 812515861, 9));
}

static void test_naf(void)
{
    CHECK(naf_read(STR("43.21A")) == naf_read(STR("4321a")));
    CHECK(naf_read(STR("43.21.A")) == 4321 * 32 + 1);
    CHECK(naf_read(STR("113Z")) == naf_read(STR("01.13Z"))); // the zero a spreadsheet took
    CHECK(naf_read(STR("43.21A Travaux")) == naf_read(STR("4321A")));
    CHECK(naf_read(STR("")) == 0 && naf_read(STR("4321")) == 0 && naf_read(STR("néant")) == 0);
}

int main(void)
{
    RUN(test_phone_formats);
    RUN(test_phones_in_one_field);
    RUN(test_phone_kinds);
    RUN(test_emails);
    RUN(test_siret_as_written);
    RUN(test_siren_in_its_column);
    RUN(test_damage);
    RUN(test_near);
    RUN(test_naf);
    return tap_done();
}
