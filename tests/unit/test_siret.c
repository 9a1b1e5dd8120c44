// SIRET and SIREN as people write them.
#include "import/siret.h"

#include "reading.h"

static const struct {
    const char      *text;
    enum import_code code;
    const char      *digits;
} cases[] = {
    // The check digits, La Poste's exception, and what only looks right.
    { "35600000000048", PROBLEM_NONE, "35600000000048" },
    { "35600000004430", PROBLEM_NONE, "35600000004430" },
    { "35600000007103", PROBLEM_NONE, "35600000007103" },
    { "35600000022507", PROBLEM_NONE, "35600000022507" },
    { "35600000023426", PROBLEM_SIRET_KEY, "" },
    { "41816609600069", PROBLEM_NONE, "41816609600069" },
    { "41816609600068", PROBLEM_SIRET_KEY, "" },
    { "00000000000000", PROBLEM_SIRET_ZERO, "" },
    { "0", PROBLEM_SIRET_ZERO, "" },
    // A valid Luhn on all 14 digits does not excuse a wrong SIREN.
    { "41816609700000", PROBLEM_SIRET_KEY, "" },
    // Presentation.
    { "418 166 096 00069", PROBLEM_NONE, "41816609600069" },
    { " 418.166.096.00069 ", PROBLEM_NONE, "41816609600069" },
    { "418\xC2\xA0"
      "166\xE2\x80\xAF"
      "096\xE2\x80\x89"
      "00069",
      PROBLEM_NONE, "41816609600069" },
    { "'41816609600069", PROBLEM_NONE, "41816609600069" },
    { "=\"41816609600069\"", PROBLEM_NONE, "41816609600069" },
    { "41816609600069.0", PROBLEM_NONE, "41816609600069" },
    { "41816609600069,0", PROBLEM_NONE, "41816609600069" },
    // Zeros that a spreadsheet lost: put back when the key is right then.
    { "1545141200025", PROBLEM_SIRET_RESTORED, "01545141200025" },
    { "578113300045", PROBLEM_SIRET_RESTORED, "00578113300045" },
    { "2103032100001", PROBLEM_SIRET_LENGTH, "" },
    { "41816609600", PROBLEM_SIRET_LENGTH, "" },
    { "418166096000690", PROBLEM_SIRET_LENGTH, "" },
    { "41816609600069418166096000694181660960006941", PROBLEM_SIRET_LENGTH, "" },
    // Digits that are lost for good.
    { "4,10353E+13", PROBLEM_SIRET_SCIENCE, "" },
    { "4.10353e13", PROBLEM_SIRET_SCIENCE, "" },
    { "4E13", PROBLEM_SIRET_SCIENCE, "" },
    { "44,1816609600069E+12", PROBLEM_SIRET_SCIENCE, "" },
    // Digits that are all there.
    { "4,1816609600069E+13", PROBLEM_SIRET_EXPANDED, "41816609600069" },
    { "4.1816609600069e+13", PROBLEM_SIRET_EXPANDED, "41816609600069" },
    { "1,545141200025E+12", PROBLEM_SIRET_EXPANDED, "01545141200025" },
    { "4,1816609600068E+13", PROBLEM_SIRET_SCIENCE, "" },
    // Thousands and decimals, letters for digits, words around.
    { "41 816 609 600 069,00", PROBLEM_NONE, "41816609600069" },
    { "41,816,609,600,069", PROBLEM_NONE, "41816609600069" },
    { "41'816'609'600'069", PROBLEM_NONE, "41816609600069" },
    { "418166O96OOO69", PROBLEM_SIRET_LETTERS, "41816609600069" },
    { "4l8I66096OOO69", PROBLEM_SIRET_LETTERS, "41816609600069" },
    { "4l8I66096OOO68", PROBLEM_SIRET_CHARS, "" },
    { "SIRET : 418 166 096 00069 (siège)", PROBLEM_SIRET_AMID, "41816609600069" },
    { "FR40418166096", PROBLEM_SIRET_IS_SIREN, "418166096" },
    { "4181660960006A", PROBLEM_SIRET_CHARS, "" },
    { "en cours", PROBLEM_SIRET_CHARS, "" },
    { "E", PROBLEM_SIRET_CHARS, "" },
    // A SIREN in the column of the SIRET.
    { "418166096", PROBLEM_SIRET_IS_SIREN, "418166096" },
    { "418166097", PROBLEM_SIRET_LENGTH, "" },
    { "", PROBLEM_SIRET_EMPTY, "" },
    { " \xC2\xA0", PROBLEM_SIRET_EMPTY, "" },
    { "=", PROBLEM_SIRET_EMPTY, "" },
    { ".", PROBLEM_SIRET_EMPTY, "" },
};

static void test_numbers(void)
{
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char             digits[SIRET_LEN + 1];
        enum import_code code = siret_read(str_of(cases[i].text), digits);
        check(code == cases[i].code && strcmp(digits, cases[i].digits) == 0,
              "\"%s\" is %s \"%s\" (%s \"%s\")", cases[i].text, import_code_name(cases[i].code),
              cases[i].digits, import_code_name(code), digits);
    }

    char siren[SIREN_LEN + 1];
    check(siren_read(STR("5880034"), siren) == PROBLEM_NONE && strcmp(siren, "005880034") == 0,
          "a SIREN gets its zeros back");
    check(siren_read(STR("418 166 096"), siren) == PROBLEM_NONE, "a SIREN with blanks");
    check(siren_read(STR("418166097"), siren) == PROBLEM_SIREN_BAD && !siren[0], "a wrong key");
    check(siren_read(STR("000000000"), siren) == PROBLEM_SIREN_BAD, "zeros are no SIREN");
    check(siren_read(STR(""), siren) == PROBLEM_SIRET_EMPTY, "nothing is no SIREN");

    char siret[SIRET_LEN + 1];
    check(siret_of_parts(STR("418 166 096"), STR("69"), siret) == PROBLEM_NONE &&
              strcmp(siret, "41816609600069") == 0,
          "SIREN and NIC are a SIRET");
    check(siret_of_parts(STR("418166096"), STR("70"), siret) == PROBLEM_SIRET_KEY && !siret[0],
          "a NIC with a wrong key");
    check(siret_of_parts(STR("418166096"), STR("123456"), siret) != PROBLEM_NONE, "no NIC");

    struct import_problem p;
    char                  text[1024];
    import_problem_set(&p, PROBLEM_SIRET_KEY, 12, STR("SIRET"), STR("41816609600068"));
    check(strcmp(import_problem_text(&p, text, sizeof text),
                 "ligne 12, colonne SIRET\xC2\xA0: la clé de contrôle du SIRET est fausse "
                 "(«\xC2\xA0"
                 "41816609600068\xC2\xA0»)") == 0,
          "a problem reads in French: %s", text);
}

int main(void)
{
    RUN(test_numbers);
    return tap_done();
}
