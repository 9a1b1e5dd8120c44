#include "import/partner_row.h"

#include "import/columns.h"
#include "import/siret.h"

// A header line is looked for this far.
enum { TITLE_LINES = 10 };

static const struct column_name known[PARTNER_FIELDS] = {
    [PARTNER_SIRET] = { "siret|nsiret|nosiret|numsiret|numerosiret|numerodesiret|codesiret|"
                        "siretetablissement|siretetab|siretdeletablissement|nsiretetablissement",
                        "SIRET", false },
    [PARTNER_SIREN] = { "siren|nsiren|numerosiren", "SIREN", false },
    [PARTNER_NAME] = { "raisonsociale|denominationsociale|denomination|nomraisonsociale|"
                       "nomentreprise|nomdelentreprise|entreprise|nometablissement|"
                       "nomdeletablissement|etablissement|societe|employeur|nomemployeur|"
                       "structure|nomdelastructure|name|nom",
                       "Raison sociale", false },
    [PARTNER_BRAND] = { "enseigne|enseignecommerciale|nomcommercial|nomdusage|brand|marque",
                        "Enseigne", false },
    [PARTNER_ADDRESS] = { "adresse|adressepostale|adresseetablissement|adresseetab|adresse1|address|"
                          "voie|rue|libellevoie|libellerue",
                          "Adresse", false },
    [PARTNER_POSTCODE] = { "codepostal|cp|codepostaletab|codepostaletablissement|postcode|codepost",
                           "Code postal", false },
    [PARTNER_CITY] = { "commune|ville|communeetab|communeetablissement|communedeletablissement|"
                       "libellecommune|nomcommune|localite|city",
                       "Commune", false },
    [PARTNER_COMMUNE] = { "codecommune|codeinsee|insee|codecommuneinsee|codeinseecommune|depcom",
                          "Code commune", false },
    [PARTNER_PHONE] = { "telephone|tel|telephonefixe|telfixe|numerodetelephone|numtelephone|"
                        "telephoneetablissement|telephone1|phone|portable|mobile",
                        "Téléphone", false },
    [PARTNER_EMAIL] = { "courriel|email|mail|adressemail|adresseemail|adresseelectronique|"
                        "adressedecourriel|emailetablissement",
                        "Courriel", false },
    [PARTNER_NAF] = { "naf|codenaf|ape|codeape|codenafape|activiteprincipale", "NAF", false },
    [PARTNER_CONTACT] = { "contact|nomcontact|nomducontact|contactnom|interlocuteur|"
                          "nominterlocuteur|nomdelinterlocuteur|responsable|dirigeant",
                          "Contact", false },
    [PARTNER_GIVEN_NAME] = { "prenom|prenomcontact|prenomducontact|contactprenom|"
                             "prenominterlocuteur",
                             "Prénom", false },
    [PARTNER_POSITION] = { "fonction|fonctioncontact|fonctionducontact|qualite|poste", "Fonction",
                           false },
    [PARTNER_NOTES] = { "notes|note|commentaire|commentaires|observation|observations|remarques|"
                        "remarque",
                        "Notes", false },
    [PARTNER_OWN_KEY] = { "identifiant|id|reference|ref|recordid|numerointerne|numero|code",
                          "Identifiant", false },
};

bool partner_begin(struct partner_run *run, struct csv *csv, struct import_problem *p)
{
    uint64_t      first = 0;
    enum csv_step step;

    memset(run, 0, sizeof *run);
    for (int i = 0; i < TITLE_LINES; i++) {
        step = csv_next(csv, p);
        if (step == CSV_PROBLEM) {
            return false;
        }
        if (step == CSV_END) {
            break;
        }
        first = first ? first : csv_line(csv);
        csv_set_header(csv);
        columns_find(csv, known, PARTNER_FIELDS, run->layout.found);
        if (run->layout.found[PARTNER_SIRET] >= 0 || run->layout.found[PARTNER_NAME] >= 0 ||
            run->layout.found[PARTNER_BRAND] >= 0) {
            return columns_check(csv, known, PARTNER_FIELDS, run->layout.found, p);
        }
        csv_clear_header(csv);
    }
    if (!first) {
        import_problem_set(p, PROBLEM_EMPTY, 1, STR(""), STR(""));
    } else {
        import_problem_set(p, PROBLEM_NO_HEADER, first, STR("1"), STR(""));
    }
    return false;
}

void partner_phone(struct str text, char ret[PHONE_ROOM])
{
    char   digits[PHONE_ROOM];
    size_t n = 0;
    bool   is_plus = false;

    ret[0] = '\0';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '+' && n == 0) {
            is_plus = true;
        } else if (c == '(' && i + 2 < text.len && text.at[i + 1] == '0' && text.at[i + 2] == ')') {
            i += 2; // +33 (0)1
        } else if (c >= '0' && c <= '9') {
            if (n == 15) {
                return;
            }
            digits[n++] = c;
        } else if ((c == '/' || c == ';' || c == ',') && n >= 9) {
            break; // a second number follows
        }
    }
    if (!is_plus && n > 4 && digits[0] == '0' && digits[1] == '0') {
        is_plus = true;
        n -= 2;
        memmove(digits, digits + 2, n);
    }
    if (is_plus && n >= 11 && digits[0] == '3' && digits[1] == '3') {
        size_t skip = digits[2] == '0' ? 3 : 2;
        n -= skip;
        memmove(digits, digits + skip, n);
        is_plus = false;
    }
    if (!is_plus && n == 9 && digits[0] != '0') {
        memmove(digits + 1, digits, n); // the zero a spreadsheet lost
        digits[0] = '0';
        n++;
    }
    if (is_plus ? n < 6 : (n != 10 || digits[0] != '0')) {
        return;
    }
    ret[0] = '+';
    memcpy(ret + is_plus, digits, n);
    ret[n + is_plus] = '\0';
}

void partner_email(struct str text, char ret[EMAIL_ROOM])
{
    size_t at = str_index(text, '@');

    ret[0] = '\0';
    text = str_trim(text);
    at = str_index(text, '@');
    if (text.len >= EMAIL_ROOM || at == 0 || at > 64 || at + 3 >= text.len ||
        str_index(str_sub(text, at + 1, text.len), '@') != text.len - at - 1 ||
        str_index(str_sub(text, at + 1, text.len), '.') == text.len - at - 1) {
        return;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if ((unsigned char)c <= ' ' || c == ',' || c == ';' || (unsigned char)c >= 0x7F) {
            ret[0] = '\0';
            return;
        }
        ret[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    ret[text.len] = '\0';
}

struct str partner_name(struct str text)
{
    text = str_trim(text);
    while (text.len && strchr("*\" ", text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len && strchr("* ", text.at[text.len - 1])) {
        text.len--;
    }
    if (text.len && text.at[text.len - 1] == '"' &&
        str_index((struct str){ text.at, text.len - 1 }, '"') == text.len - 1) {
        text.len--; // the partner of the quote taken off in front
    }
    return text;
}

static struct str value(const struct partner_run *run, const struct csv *csv,
                        enum partner_field field)
{
    int        column = run->layout.found[field];
    struct str text = column < 0 ? (struct str){ 0 } : str_trim(csv_field(csv, (size_t)column));

    return text.len ? text : (struct str){ 0 };
}

// Everything as received: {"SIRET":"…","Enseigne":"…"}. Headers without a name go by number.
static void put_received(const struct csv *csv, struct buf *line, struct buf *json)
{
    buf_clear(json);
    buf_add_char(json, '{');
    for (size_t i = 0; i < csv_header_count(csv); i++) {
        char       name[32];
        struct str header = csv_header(csv, i);
        if (!header.len) {
            int n = snprintf(name, sizeof name, "colonne %zu", i + 1);
            header = (struct str){ name, (size_t)n };
        }
        if (i) {
            buf_add_char(json, ',');
        }
        buf_add_json(json, header);
        buf_add_char(json, ':');
        buf_add_json(json, csv_field(csv, i));
    }
    buf_add_char(json, '}');
    copy_begin(line);
    copy_piece(line, buf_str(json));
}

// "ST ETIENNE CEDEX 2" and "Saint-Étienne" meet at "saint etienne".
static void city_key(struct str city, char *ret, size_t size)
{
    char   key[256];
    size_t n = 0;

    words_key(city, key, sizeof key);
    ret[0] = '\0';
    struct str words = str_of(key);
    for (struct str word; str_cut(&words, ' ', &word);) {
        if (str_eq(word, STR("cedex"))) {
            break;
        }
        word = str_eq(word, STR("st")) ? STR("saint") : word;
        word = str_eq(word, STR("ste")) ? STR("sainte") : word;
        if (n + word.len + 2 >= size) {
            break;
        }
        if (n) {
            ret[n++] = ' ';
        }
        memcpy(ret + n, word.at, word.len);
        n += word.len;
        ret[n] = '\0';
    }
}

// "0110" lost its zero: five digits or nothing.
static struct str five_digits(struct str text, char room[5])
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= '0' && text.at[i] <= '9' && n < 5) {
            room[n++] = text.at[i];
        } else if (text.at[i] != ' ') {
            return (struct str){ 0 };
        }
    }
    if (n == 4) {
        memmove(room + 1, room, 4);
        room[0] = '0';
        n = 5;
    }
    return n == 5 ? (struct str){ room, 5 } : (struct str){ 0 };
}

static struct str naf_code(struct str text, char room[6])
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        }
        if (c == '.' || c == ' ') {
            continue;
        }
        bool is_letter = c >= 'A' && c <= 'Z';
        if (n == 6 || (n < 5 && (c < '0' || c > '9')) || (n == 5 && !is_letter)) {
            return (struct str){ 0 };
        }
        room[n++] = c;
        if (n == 2) {
            room[n++] = '.';
        }
    }
    return n == 6 ? (struct str){ room, 6 } : (struct str){ 0 };
}

// At most so many bytes, cut on a character.
static struct str cut(struct str text, size_t most)
{
    if (text.len > most) {
        while (most && ((unsigned char)text.at[most] & 0xC0) == 0x80) {
            most--;
        }
        text.len = most;
    }
    return text;
}

void partner_row(struct partner_run *run, const struct csv *csv, struct buf *line,
                 struct import_problem *note)
{
    char       siret[SIRET_LEN + 1], siren[SIREN_LEN + 1], phone[PHONE_ROOM], email[EMAIL_ROOM];
    char       city[256], postcode[5], commune[5], naf[6], message[1024];
    struct str text = value(run, csv, PARTNER_SIRET);
    struct str name = partner_name(value(run, csv, PARTNER_NAME));
    struct str brand = partner_name(value(run, csv, PARTNER_BRAND));
    struct buf json = buf_init(8 * (size_t)CSV_LINE_MAX);

    enum import_code code = siret_read(text, siret);
    struct str       header = run->layout.found[PARTNER_SIRET] < 0
                                  ? STR("")
                                  : csv_header(csv, (size_t)run->layout.found[PARTNER_SIRET]);
    run->read++;
    run->restored += code == PROBLEM_SIRET_RESTORED;
    siren[0] = '\0';
    if (code == PROBLEM_SIRET_IS_SIREN) {
        memcpy(siren, siret, SIREN_LEN + 1);
        siret[0] = '\0';
    } else if (siren_read(value(run, csv, PARTNER_SIREN), siren) != PROBLEM_NONE) {
        siren[0] = '\0';
    }
    if (!siret[0] && !name.len && !brand.len) {
        code = code == PROBLEM_SIRET_EMPTY ? PROBLEM_NOTHING_USABLE : code;
    }
    if (run->layout.found[PARTNER_SIRET] < 0 && code == PROBLEM_SIRET_EMPTY) {
        header = STR("");
    }
    import_problem_set(note, code, csv_line(csv), header, text);

    partner_phone(value(run, csv, PARTNER_PHONE), phone);
    partner_email(value(run, csv, PARTNER_EMAIL), email);
    city_key(value(run, csv, PARTNER_CITY), city, sizeof city);

    copy_int(line, (int64_t)csv_line(csv));
    put_received(csv, line, &json);
    copy_text(line, str_of(siret));
    copy_text(line, str_of(siren));
    copy_text(line, cut(value(run, csv, PARTNER_OWN_KEY), 200));
    copy_text(line, cut(name, 300));
    copy_text(line, cut(brand, 300));
    copy_text(line, cut(value(run, csv, PARTNER_ADDRESS), 300));
    copy_text(line, five_digits(value(run, csv, PARTNER_POSTCODE), postcode));
    copy_text(line, cut(value(run, csv, PARTNER_CITY), 200));
    copy_text(line, str_of(city));
    copy_text(line, five_digits(value(run, csv, PARTNER_COMMUNE), commune));
    copy_text(line, str_of(phone));
    copy_text(line, str_of(email));
    copy_text(line, naf_code(value(run, csv, PARTNER_NAF), naf));
    copy_text(line, cut(partner_name(value(run, csv, PARTNER_CONTACT)), 80));
    copy_text(line, cut(value(run, csv, PARTNER_GIVEN_NAME), 80));
    copy_text(line, cut(value(run, csv, PARTNER_POSITION), 120));
    copy_text(line, cut(value(run, csv, PARTNER_NOTES), 4000));
    if (code) {
        copy_text(line, str_of(import_code_name(code)));
        copy_text(line, header);
        copy_text(line, str_of(import_problem_message(note, message, sizeof message)));
    } else {
        copy_null(line);
        copy_null(line);
        copy_null(line);
    }
    copy_end(line);
    buf_done(&json);
}
