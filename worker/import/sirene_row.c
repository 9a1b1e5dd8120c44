#include "import/sirene_row.h"

#include "base/clock.h"
#include "import/columns.h"
#include "import/lambert.h"
#include "import/siret.h"

// A row as read, before it is put in order. Views into the record.
struct row {
    struct str siret, siren, diffusion, opened, closed, since, treated, status, legal_form;
    struct str number, number_last, repeat, repeat_last, street_type, street, complement, special;
    struct str address, postcode, city, city_abroad, commune;
    struct str brand[3], brands, usual, name, trade_name, denomination_usual;
    struct str family, family_used, given, given_used, acronym;
    struct str naf, nomenclature, size, size_year, head;
    struct str x, y, lon, lat;
    struct str successor, linked, continued; // of a succession, whose predecessor is siret
};

// How a field is read.
enum parser {
    AS_SIRET, // 14 digits
    AS_SIREN,
    AS_TEXT,   // blanks trimmed, [ND] (kept back by the register) is absent
    AS_DATE,   // YYYY-MM-DD, what follows a T is left out
    AS_NUMBER, // decimal; [ND] is absent
    AS_COMMUNE,
    AS_SIZE, // NN, 99 and unknown bands are absent
    AS_YEAR,
    AS_STATUS,    // A; F or C
    AS_DIFFUSION, // O; P or N
    AS_FLAG,      // true or false
};

struct column {
    struct column_name name; // of the official file, then of the others
    enum parser        parser;
    size_t             target;
};

#define AT(member) offsetof(struct row, member)

// StockEtablissement and "Annuaire des entreprises".
static const struct column establishment_columns[] = {
    { { "siret", "siret", true }, AS_SIRET, AT(siret) },
    { { "siren", "siren", false }, AS_SIREN, AT(siren) },
    { { "statutdiffusionetablissement", "statutDiffusionEtablissement", true },
      AS_DIFFUSION,
      AT(diffusion) },
    { { "etatadministratifetablissement|etatadministratif", "etatAdministratifEtablissement",
        true },
      AS_STATUS,
      AT(status) },
    { { "datecreationetablissement|datecreation", "dateCreationEtablissement", false },
      AS_DATE,
      AT(opened) },
    { { "datefermeture", "date_fermeture", false }, AS_DATE, AT(closed) },
    { { "datedebut", "dateDebut", false }, AS_DATE, AT(since) },
    { { "datederniertraitementetablissement", "dateDernierTraitementEtablissement", false },
      AS_DATE,
      AT(treated) },
    { { "trancheeffectifsetablissement|trancheeffectifsalarie", "trancheEffectifsEtablissement",
        true },
      AS_SIZE,
      AT(size) },
    { { "anneeeffectifsetablissement|anneetrancheeffectifsalarie", "anneeEffectifsEtablissement",
        false },
      AS_YEAR,
      AT(size_year) },
    { { "etablissementsiege|estsiege", "etablissementSiege", false }, AS_TEXT, AT(head) },
    { { "complementadresseetablissement", "complementAdresseEtablissement", false },
      AS_TEXT,
      AT(complement) },
    { { "numerovoieetablissement", "numeroVoieEtablissement", false }, AS_TEXT, AT(number) },
    { { "indicerepetitionetablissement", "indiceRepetitionEtablissement", false },
      AS_TEXT,
      AT(repeat) },
    { { "derniernumerovoieetablissement", "dernierNumeroVoieEtablissement", false },
      AS_TEXT,
      AT(number_last) },
    { { "indicerepetitionderniernumerovoieetablissement",
        "indiceRepetitionDernierNumeroVoieEtablissement", false },
      AS_TEXT,
      AT(repeat_last) },
    { { "typevoieetablissement", "typeVoieEtablissement", false }, AS_TEXT, AT(street_type) },
    { { "libellevoieetablissement|adresse", "libelleVoieEtablissement", true },
      AS_TEXT,
      AT(street) },
    { { "distributionspecialeetablissement", "distributionSpecialeEtablissement", false },
      AS_TEXT,
      AT(special) },
    { { "codepostaletablissement|codepostal", "codePostalEtablissement", true },
      AS_TEXT,
      AT(postcode) },
    { { "libellecommuneetablissement|libellecommune", "libelleCommuneEtablissement", true },
      AS_TEXT,
      AT(city) },
    { { "libellecommuneetrangeretablissement", "libelleCommuneEtrangerEtablissement", false },
      AS_TEXT,
      AT(city_abroad) },
    { { "codecommuneetablissement|commune", "codeCommuneEtablissement", true },
      AS_COMMUNE,
      AT(commune) },
    { { "coordonneelambertabscisseetablissement", "coordonneeLambertAbscisseEtablissement", false },
      AS_NUMBER,
      AT(x) },
    { { "coordonneelambertordonneeetablissement", "coordonneeLambertOrdonneeEtablissement", false },
      AS_NUMBER,
      AT(y) },
    { { "longitude", "longitude", false }, AS_NUMBER, AT(lon) },
    { { "latitude", "latitude", false }, AS_NUMBER, AT(lat) },
    { { "enseigne1etablissement", "enseigne1Etablissement", false }, AS_TEXT, AT(brand[0]) },
    { { "enseigne2etablissement", "enseigne2Etablissement", false }, AS_TEXT, AT(brand[1]) },
    { { "enseigne3etablissement", "enseigne3Etablissement", false }, AS_TEXT, AT(brand[2]) },
    { { "listeenseignes", "liste_enseignes", false }, AS_TEXT, AT(brands) },
    { { "denominationusuelleetablissement", "denominationUsuelleEtablissement", false },
      AS_TEXT,
      AT(usual) },
    { { "nomcommercial", "nom_commercial", false }, AS_TEXT, AT(trade_name) },
    { { "nomraisonsociale", "nom_raison_sociale", false }, AS_TEXT, AT(name) },
    { { "naturejuridique", "nature_juridique", false }, AS_TEXT, AT(legal_form) },
    { { "activiteprincipaleetablissement|activiteprincipale", "activitePrincipaleEtablissement",
        true },
      AS_TEXT,
      AT(naf) },
    { { "nomenclatureactiviteprincipaleetablissement",
        "nomenclatureActivitePrincipaleEtablissement", false },
      AS_TEXT,
      AT(nomenclature) },
};

// StockUniteLegale.
static const struct column unit_columns[] = {
    { { "siren", "siren", true }, AS_SIREN, AT(siren) },
    { { "statutdiffusionunitelegale", "statutDiffusionUniteLegale", true },
      AS_DIFFUSION,
      AT(diffusion) },
    { { "etatadministratifunitelegale", "etatAdministratifUniteLegale", true },
      AS_STATUS,
      AT(status) },
    { { "denominationunitelegale", "denominationUniteLegale", true }, AS_TEXT, AT(name) },
    { { "denominationusuelle1unitelegale", "denominationUsuelle1UniteLegale", false },
      AS_TEXT,
      AT(denomination_usual) },
    { { "sigleunitelegale", "sigleUniteLegale", false }, AS_TEXT, AT(acronym) },
    { { "nomunitelegale", "nomUniteLegale", true }, AS_TEXT, AT(family) },
    { { "nomusageunitelegale", "nomUsageUniteLegale", false }, AS_TEXT, AT(family_used) },
    { { "prenom1unitelegale", "prenom1UniteLegale", false }, AS_TEXT, AT(given) },
    { { "prenomusuelunitelegale", "prenomUsuelUniteLegale", false }, AS_TEXT, AT(given_used) },
    { { "categoriejuridiqueunitelegale", "categorieJuridiqueUniteLegale", true },
      AS_TEXT,
      AT(legal_form) },
    { { "trancheeffectifsunitelegale", "trancheEffectifsUniteLegale", false }, AS_SIZE, AT(size) },
    { { "datederniertraitementunitelegale", "dateDernierTraitementUniteLegale", false },
      AS_DATE,
      AT(treated) },
};

// StockEtablissementLiensSuccession.
static const struct column succession_columns[] = {
    { { "siretetablissementpredecesseur", "siretEtablissementPredecesseur", true },
      AS_SIRET,
      AT(siret) },
    { { "siretetablissementsuccesseur", "siretEtablissementSuccesseur", true },
      AS_SIRET,
      AT(successor) },
    { { "dateliensuccession", "dateLienSuccession", true }, AS_DATE, AT(linked) },
    { { "transfertsiege", "transfertSiege", true }, AS_FLAG, AT(head) },
    { { "continuiteeconomique", "continuiteEconomique", true }, AS_FLAG, AT(continued) },
    { { "datederniertraitementliensuccession", "dateDernierTraitementLienSuccession", false },
      AS_DATE,
      AT(treated) },
};

static const struct table {
    const struct column *columns;
    size_t               count;
} tables[] = {
    [SIRENE_ESTABLISHMENTS] = { establishment_columns, LENGTH(establishment_columns) },
    [SIRENE_UNITS] = { unit_columns, LENGTH(unit_columns) },
    [SIRENE_SUCCESSIONS] = { succession_columns, LENGTH(succession_columns) },
};

_Static_assert(LENGTH(establishment_columns) <= SIRENE_COLUMNS_MAX, "found[] is too short");

// Index of the column that fills a member; the members asked for are always in the table.
static int found_at(const struct sirene_layout *layout, size_t target)
{
    const struct table *table = &tables[layout->kind];

    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].target == target) {
            return layout->found[i];
        }
    }
    return COLUMN_NONE;
}

static size_t find_all(struct sirene_layout *layout, enum sirene_kind kind, const struct csv *csv,
                       struct column_name *names)
{
    const struct table *table = &tables[kind];

    layout->kind = kind;
    for (size_t i = 0; i < table->count; i++) {
        names[i] = table->columns[i].name;
    }
    return columns_find(csv, names, table->count, layout->found);
}

bool sirene_begin(struct sirene_run *run, const struct csv *csv, struct import_problem *p)
{
    struct column_name    names[SIRENE_COLUMNS_MAX];
    struct sirene_layout *layout = &run->layout;
    size_t                units;

    memset(run, 0, sizeof *run);
    run->is_sorted = true;
    units = find_all(layout, SIRENE_SUCCESSIONS, csv, names) > 1
                ? LENGTH(succession_columns)
                : find_all(layout, SIRENE_UNITS, csv, names);
    if (units < 4 && find_all(layout, SIRENE_ESTABLISHMENTS, csv, names) < 3) {
        import_problem_set(p, PROBLEM_NO_REGISTER, csv_line(csv), csv_header(csv, 0), STR(""));
        return false;
    }
    if (!columns_check(csv, names, tables[layout->kind].count, layout->found, p)) {
        return false;
    }
    layout->has_name = found_at(layout, AT(name)) >= 0;
    layout->has_location = (found_at(layout, AT(lon)) >= 0 && found_at(layout, AT(lat)) >= 0) ||
                           (found_at(layout, AT(x)) >= 0 && found_at(layout, AT(y)) >= 0);
    layout->has_head = found_at(layout, AT(head)) >= 0;
    layout->has_opened = found_at(layout, AT(opened)) >= 0;
    layout->has_size = found_at(layout, AT(size)) >= 0;
    layout->has_brand = found_at(layout, AT(brand[0])) >= 0 || found_at(layout, AT(brands)) >= 0;
    layout->has_usual = found_at(layout, AT(usual)) >= 0 || found_at(layout, AT(trade_name)) >= 0;
    return true;
}

static void note(struct sirene_run *run, const struct csv *csv, int column, enum import_code code,
                 struct str value)
{
    if (run->notes.count[code]++ == 0) {
        import_problem_set(&run->notes.first[code], code, csv_line(csv),
                           csv_header(csv, (size_t)column), value);
    }
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') {
            return false;
        }
    }
    return s.len > 0;
}

static bool is_commune(struct str s)
{
    return s.len == 5 && is_digits(str_sub(s, 0, 1)) &&
           (is_digits(str_sub(s, 1, 1)) || s.at[1] == 'A' || s.at[1] == 'B') &&
           is_digits(str_sub(s, 2, 3));
}

static bool is_size_band(struct str s)
{
    static const char *const bands[] = { "00", "01", "02", "03", "11", "12", "21", "22",
                                         "31", "32", "41", "42", "51", "52", "53" };
    for (size_t i = 0; i < LENGTH(bands); i++) {
        if (s.len == 2 && memcmp(s.at, bands[i], 2) == 0) {
            return true;
        }
    }
    return false;
}

// Reads one field into *into. PROBLEM_NONE or what is wrong with it; oddities are noted.
static enum import_code parse(struct sirene_run *run, const struct csv *csv, int column,
                              enum parser parser, struct str text, struct str *into)
{
    const struct str absent = { 0 };

    text = str_trim(text);
    if (!text.len || str_eq(text, STR("[ND]"))) {
        *into = absent;
        return parser == AS_SIRET || parser == AS_SIREN ? PROBLEM_SIRET_EMPTY : PROBLEM_NONE;
    }
    *into = text;
    switch (parser) {
    case AS_SIRET:
        if (text.len != SIRET_LEN || !is_digits(text)) {
            char             digits[SIRET_LEN + 1];
            enum import_code code = siret_read(text, digits);
            // What a person's file may be forgiven, the register does not write.
            return code == PROBLEM_NONE                                          ? PROBLEM_SIRET_LENGTH
                   : siret_is_read(code) && code != PROBLEM_SIRET_RESTORED ? PROBLEM_SIRET_CHARS
                                                                                 : code;
        }
        if (!siret_is_valid(text.at)) {
            if (str_eq(text, STR("00000000000000"))) {
                return PROBLEM_SIRET_ZERO;
            }
            // The register is the authority, even where its key is odd.
            note(run, csv, column, PROBLEM_SIRET_KEY, text);
        }
        return PROBLEM_NONE;
    case AS_SIREN:
        return text.len == SIREN_LEN && is_digits(text) ? PROBLEM_NONE : PROBLEM_SIREN_BAD;
    case AS_DATE:
        if (text.len > 10 && (text.at[10] == 'T' || text.at[10] == ' ')) {
            text.len = 10;
        }
        *into = text;
        return clock_is_date(text) ? PROBLEM_NONE : PROBLEM_DATE_BAD;
    case AS_NUMBER: {
        double value;
        return str_double(text, &value) ? PROBLEM_NONE : PROBLEM_NUMBER_BAD;
    }
    case AS_COMMUNE:
        return is_commune(text) ? PROBLEM_NONE : PROBLEM_CODE_BAD;
    case AS_SIZE:
        if (!is_size_band(text)) {
            *into = absent;
            if (!str_eq(text, STR("NN")) && !str_eq(text, STR("99"))) {
                note(run, csv, column, PROBLEM_VALUE_BAD, text);
            }
        }
        return PROBLEM_NONE;
    case AS_YEAR:
        return text.len == 4 && is_digits(text) ? PROBLEM_NONE : PROBLEM_NUMBER_BAD;
    case AS_STATUS:
        *into = str_eq(text, STR("C")) ? STR("F") : text;
        return str_eq(*into, STR("A")) || str_eq(*into, STR("F")) ? PROBLEM_NONE
                                                                  : PROBLEM_VALUE_BAD;
    case AS_DIFFUSION:
        *into = str_eq(text, STR("N")) ? STR("P") : text;
        return str_eq(*into, STR("O")) || str_eq(*into, STR("P")) ? PROBLEM_NONE
                                                                  : PROBLEM_VALUE_BAD;
    case AS_FLAG:
        return str_eq_case(text, STR("true")) || str_eq_case(text, STR("false"))
                   ? PROBLEM_NONE
                   : PROBLEM_VALUE_BAD;
    case AS_TEXT:
        break;
    }
    return PROBLEM_NONE;
}

static bool read_row(struct sirene_run *run, const struct csv *csv, struct row *row,
                     struct import_problem *p)
{
    const struct table *table = &tables[run->layout.kind];

    for (size_t i = 0; i < table->count; i++) {
        int column = run->layout.found[i];
        if (column == COLUMN_NONE) {
            continue;
        }
        struct str       text = csv_field(csv, (size_t)column);
        struct str      *into = (struct str *)((char *)row + table->columns[i].target);
        enum import_code code = parse(run, csv, column, table->columns[i].parser, text, into);
        if (code && (code != PROBLEM_SIRET_EMPTY || table->columns[i].name.required)) {
            import_problem_set(p, code, csv_line(csv), csv_header(csv, (size_t)column), text);
            return false;
        }
    }
    return true;
}

// Adds a word to the field begun, with a blank (or the mark given) before it.
static void add_word(struct buf *b, struct str word, const char *mark, bool *is_first)
{
    if (word.len) {
        if (!*is_first) {
            buf_add(b, str_of(mark));
        }
        copy_piece(b, word);
        *is_first = false;
    }
}

static void put_address(struct buf *b, const struct row *row)
{
    bool is_first = true;

    if (!row->complement.len && !row->street.len && !row->special.len && !row->number.len) {
        copy_null(b);
        return;
    }
    copy_begin(b);
    add_word(b, row->complement, "", &is_first);
    bool is_street = true;
    if (!is_first && (row->number.len || row->street.len)) {
        buf_add(b, STR(", "));
    }
    add_word(b, row->number, "", &is_street);
    add_word(b, row->repeat, " ", &is_street);
    add_word(b, row->number_last, "-", &is_street);
    add_word(b, row->repeat_last, " ", &is_street);
    add_word(b, row->street_type, " ", &is_street);
    add_word(b, row->street, " ", &is_street);
    is_first = is_first && is_street;
    add_word(b, row->special, ", ", &is_first);
}

static void put_words(struct buf *b, const struct str *words, size_t count)
{
    bool is_first = true;

    for (size_t i = 0; i < count; i++) {
        if (words[i].len) {
            if (is_first) {
                copy_begin(b);
            }
            add_word(b, words[i], " ", &is_first);
        }
    }
    if (is_first) {
        copy_null(b);
    }
}

// NAF rév. 2 has the shape 00.00A; files of other editors drop the point.
static bool is_naf(struct str text, char ret[6])
{
    if (text.len == 5) {
        memcpy(ret, text.at, 2);
        ret[2] = '.';
        memcpy(ret + 3, text.at + 2, 3);
    } else if (text.len == 6) {
        memcpy(ret, text.at, 6);
    } else {
        return false;
    }
    return is_digits((struct str){ ret, 2 }) && ret[2] == '.' &&
           is_digits((struct str){ ret + 3, 2 }) && ret[5] >= 'A' && ret[5] <= 'Z';
}

static void put_naf(struct sirene_run *run, struct buf *b, const struct row *row)
{
    char code[6];
    bool has_nomenclature = found_at(&run->layout, AT(nomenclature)) >= 0;
    bool is_second = !has_nomenclature || str_eq(row->nomenclature, STR("NAFRev2"));

    if (str_eq(row->naf, STR("00.00Z"))) { // "not yet known" in the register
        copy_null(b);
        copy_null(b);
    } else if (is_second && is_naf(row->naf, code)) {
        copy_text(b, (struct str){ code, sizeof code });
        copy_null(b);
    } else {
        copy_null(b);
        copy_text(b, row->naf);
    }
}

static void put_location(struct sirene_run *run, const struct csv *csv, struct buf *b,
                         const struct row *row)
{
    double lon, lat, x, y;

    if (row->lon.len && row->lat.len && str_double(row->lon, &lon) && str_double(row->lat, &lat)) {
        if (lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90) {
            if (lon != 0 || lat != 0) { // 0,0 is how "unknown" is written
                copy_point(b, lon, lat);
                return;
            }
        } else {
            note(run, csv, found_at(&run->layout, AT(lon)), PROBLEM_POSITION_BAD, row->lon);
        }
    } else if (row->x.len && row->y.len && str_double(row->x, &x) && str_double(row->y, &y)) {
        // Overseas units are in projections of their own.
        bool is_metropolitan = row->commune.len && memcmp(row->commune.at, "97", 2) != 0 &&
                               memcmp(row->commune.at, "98", 2) != 0;
        if (is_metropolitan && lambert93_to_lonlat(x, y, &lon, &lat)) {
            copy_point(b, lon, lat);
            return;
        }
        if (is_metropolitan) {
            note(run, csv, found_at(&run->layout, AT(x)), PROBLEM_POSITION_BAD, row->x);
        }
    }
    copy_null(b);
}

// Several brands joined with a pipe become one text.
static void put_brand(struct buf *b, const struct row *row)
{
    if (!row->brands.len) {
        put_words(b, row->brand, LENGTH(row->brand));
        return;
    }
    struct str rest = row->brands;
    bool       is_first = true;
    copy_begin(b);
    for (struct str part; str_cut(&rest, '|', &part);) {
        add_word(b, str_trim(part), " / ", &is_first);
    }
    if (is_first) {
        buf_add(b, STR("\\N"));
    }
}

static int boolean(struct str text)
{
    if (!text.len) {
        return -1;
    }
    return str_eq_case(text, STR("true")) || str_eq(text, STR("1")) || str_eq(text, STR("O"));
}

static void put_establishment(struct sirene_run *run, const struct csv *csv, struct buf *b,
                              const struct row *row)
{
    bool       is_closed = str_eq(row->status, STR("F"));
    struct str closed = row->closed.len ? row->closed : row->since;
    struct str none = { 0 };

    copy_text(b, row->siret);
    copy_text(b, row->name);
    copy_text(b, row->usual.len ? row->usual : row->trade_name);
    put_brand(b, row);
    put_address(b, row);
    copy_text(b, row->postcode);
    copy_text(b, row->city.len ? row->city : row->city_abroad);
    copy_text(b, row->commune);
    put_location(run, csv, b, row);
    put_naf(run, b, row);
    copy_text(b, row->size);
    copy_text(b, row->size.len ? row->size_year : none);
    copy_bool(b, boolean(row->head));
    copy_text(b, row->status);
    copy_text(b, row->diffusion);
    copy_text(b, row->opened);
    copy_text(b, is_closed ? closed : none);
    copy_text(b, row->treated);
    copy_text(b, row->legal_form);
}

static void put_unit(struct buf *b, const struct row *row)
{
    copy_text(b, row->siren);
    if (row->name.len) {
        copy_text(b, row->name);
    } else if (row->family.len || row->family_used.len) {
        struct str words[] = {
            row->given_used.len ? row->given_used : row->given,
            row->family_used.len ? row->family_used : row->family,
        };
        put_words(b, words, LENGTH(words));
    } else {
        copy_text(b, row->denomination_usual.len ? row->denomination_usual : row->acronym);
    }
    copy_text(b, row->legal_form);
    copy_text(b, row->size);
    copy_text(b, row->diffusion);
    copy_text(b, row->status);
    copy_text(b, row->treated);
}

// A link of succession; it has a date.
static bool put_succession(struct sirene_run *run, const struct csv *csv, struct buf *b,
                           const struct row *row, struct import_problem *p)
{
    if (!row->linked.len) {
        import_problem_set(p, PROBLEM_DATE_BAD, csv_line(csv),
                           csv_header(csv, (size_t)found_at(&run->layout, AT(linked))), STR(""));
        return false;
    }
    run->read++;
    copy_int(b, (int64_t)csv_line(csv));
    copy_text(b, row->siret);
    copy_text(b, row->successor);
    copy_text(b, row->linked);
    copy_bool(b, boolean(row->head) == 1);
    copy_bool(b, boolean(row->continued) == 1);
    copy_text(b, row->treated);
    copy_end(b);
    return true;
}

bool sirene_row(struct sirene_run *run, const struct csv *csv, struct buf *line,
                struct import_problem *p)
{
    struct row  row = { 0 };
    bool        is_units = run->layout.kind == SIRENE_UNITS;
    struct str *key = is_units ? &row.siren : &row.siret;

    if (!read_row(run, csv, &row, p)) {
        return false;
    }
    if (run->layout.kind == SIRENE_SUCCESSIONS) {
        return put_succession(run, csv, line, &row, p);
    }
    if (!is_units && row.siren.len && !str_starts(row.siret, row.siren)) {
        import_problem_set(p, PROBLEM_SIRET_OTHER, csv_line(csv),
                           csv_header(csv, (size_t)found_at(&run->layout, AT(siret))), row.siret);
        return false;
    }
    if (!row.status.len) {
        int column = found_at(&run->layout, AT(status));
        import_problem_set(p, PROBLEM_VALUE_BAD, csv_line(csv), csv_header(csv, (size_t)column),
                           STR(""));
        return false;
    }
    if (!row.diffusion.len) {
        row.diffusion = STR("O");
    }
    run->read++;
    run->closed += str_eq(row.status, STR("F"));
    run->partial += str_eq(row.diffusion, STR("P"));
    if (memcmp(run->last, key->at, key->len) >= 0) {
        run->is_sorted = false;
    }
    memcpy(run->last, key->at, key->len);

    copy_int(line, (int64_t)csv_line(csv));
    if (is_units) {
        put_unit(line, &row);
    } else {
        put_establishment(run, csv, line, &row);
    }
    copy_end(line);
    return true;
}
