// maillage-admin export: all that an organisation wrote or gave, as a folder of CSV and JSON files.
#include "admin/admin.h"
#include "admin/line.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/person.h"
#include "base/vault.h"

#include "queries.h"

static const struct {
    const char *name;
    struct result (*rows)(struct db *db, int64_t organisation);
} tables[] = {
    { "structure", export_organisation },
    { "membres", export_members },
    { "etablissements", export_establishments },
    { "engagements", export_promises },
    { "visites", export_visits },
    { "comptes-rendus", export_reports },
    { "interlocuteurs", export_contacts },
    { "sollicitations", export_contact_events },
    { "besoins", export_needs },
    { "oppositions", export_oppositions },
    { "offres", export_offers },
    { "etapes-des-offres", export_offer_steps },
    { "fichiers", export_files },
    { "lignes-recues", export_records },
    { "evenements", export_events },
};

// Types of PostgreSQL whose text is also JSON.
static bool is_plain_json(Oid type)
{
    return type == 20 || type == 21 || type == 23 || type == 701 || type == 1700 || type == 114 ||
           type == 3802;
}

static void put_csv(FILE *out, struct str text)
{
    bool is_quoted = false;

    for (size_t i = 0; i < text.len; i++) {
        is_quoted = is_quoted || strchr(";\"\r\n", text.at[i]);
    }
    // A cell that a spreadsheet would take for a formula is given as text.
    bool is_formula =
        text.len && strchr("=+-@\t", text.at[0]) &&
        !(text.len > 1 && text.at[0] == '-' && text.at[1] >= '0' && text.at[1] <= '9');
    if (!is_quoted && !is_formula) {
        fwrite(text.at ? text.at : "", 1, text.len, out);
        return;
    }
    fputs(is_formula ? "\"'" : "\"", out);
    for (size_t i = 0; i < text.len; i++) {
        fputs(text.at[i] == '"' ? "\"" : "", out);
        fputc(text.at[i], out);
    }
    fputc('"', out);
}

static void put_json(FILE *out, const struct result *res, int row, int column, struct buf *scratch)
{
    struct str text = result_text(res, row, column);
    Oid        type = PQftype(res->rows, column);

    buf_clear(scratch);
    buf_add_json(scratch, str_of(PQfname(res->rows, column)));
    fwrite(scratch->at, 1, scratch->len, out);
    fputc(':', out);
    if (result_is_null(res, row, column)) {
        fputs("null", out);
    } else if (type == 16) {
        fputs(result_bool(res, row, column) ? "true" : "false", out);
    } else if (is_plain_json(type)) {
        fwrite(text.at, 1, text.len, out);
    } else {
        buf_clear(scratch);
        buf_add_json(scratch, text);
        fwrite(scratch->at, 1, scratch->len, out);
    }
}

// A sealed person becomes columns of its own: names, position, phones and e-mails.
static bool is_person(const struct result *res, int column)
{
    return str_eq(str_of(PQfname(res->rows, column)), STR("person"));
}

static struct person open_person(struct admin *admin, const struct result *res, int row, int column)
{
    struct str    sealed;
    struct person p = { 0 };

    if (!vault_from_hex(admin->arena, result_text(res, row, column), &sealed) ||
        !person_open(admin->arena, result_int(res, row, 0), sealed, &p)) {
        p = (struct person){ .family_name = STR("(illisible)") };
    }
    return p;
}

// A line of a file, opened: a JSON object.
static bool is_received(const struct result *res, int column)
{
    return str_eq(str_of(PQfname(res->rows, column)), STR("received"));
}

static struct str open_received(struct admin *admin, struct str text)
{
    struct str names, file, line;
    int64_t    number = 0, row = 0;

    if (!str_cut(&text, '\n', &names) || !text.at || !str_cut(&text, ' ', &file) ||
        !str_cut(&text, ' ', &line) || !str_int(file, &number) || !str_int(line, &row)) {
        return names; // it was erased: what is left of it
    }
    struct str object = line_open(admin->arena, number, row, text, names);
    return object.len ? object : STR("{\"(illisible)\":\"\"}");
}

static void put_person_csv(FILE *out, struct admin *admin, const struct person *p)
{
    for (size_t cell = 0; cell < PERSON_CELLS; cell++) {
        fputs(cell ? ";" : "", out);
        put_csv(out, person_cell(p, cell, admin->arena));
    }
}

static FILE *create(struct admin *admin, struct str folder, const char *name, const char *ending)
{
    const char *path = arena_printf(admin->arena, "%.*s/%s%s", STR_ARG(folder), name, ending).at;
    FILE       *file = fopen(path, "wxe");

    if (!file) {
        admin_refuse("%s : %s", path, strerror(errno));
    }
    return file;
}

static bool close_file(FILE *file, struct str folder)
{
    bool is_written = !ferror(file);

    is_written = fclose(file) == 0 && is_written;
    if (!is_written) {
        admin_refuse("%.*s : %s", STR_ARG(folder), strerror(errno));
    }
    return is_written;
}

static bool write_csv(struct admin *admin, struct str folder, const char *name,
                      const struct result *res)
{
    FILE *out = create(admin, folder, name, ".csv");

    if (!out) {
        return false;
    }
    fputs("\xEF\xBB\xBF", out); // so that spreadsheets read the accents
    for (int c = 0; c < result_columns(res); c++) {
        fprintf(out, "%s%s", c ? ";" : "",
                is_person(res, c) ? "family_name;given_name;position;phones;emails"
                                  : PQfname(res->rows, c));
    }
    fputs("\r\n", out);
    for (int r = 0; r < result_count(res); r++) {
        for (int c = 0; c < result_columns(res); c++) {
            fputs(c ? ";" : "", out);
            if (is_person(res, c)) {
                struct person p = open_person(admin, res, r, c);
                put_person_csv(out, admin, &p);
            } else if (is_received(res, c)) {
                put_csv(out, open_received(admin, result_text(res, r, c)));
            } else {
                put_csv(out, result_text(res, r, c));
            }
        }
        fputs("\r\n", out);
    }
    return close_file(out, folder);
}

static bool write_json(struct admin *admin, struct str folder, const char *name,
                       const struct result *res)
{
    struct buf scratch = buf_init(MIB(64));
    FILE      *out = create(admin, folder, name, ".json");

    if (!out) {
        return false;
    }
    fputc('[', out);
    for (int r = 0; r < result_count(res); r++) {
        fputs(r ? ",\n{" : "\n{", out);
        for (int c = 0; c < result_columns(res); c++) {
            fputs(c ? "," : "", out);
            if (is_person(res, c)) {
                struct person p = open_person(admin, res, r, c);
                buf_clear(&scratch);
                person_write(&p, &scratch);
                fprintf(out, "\"person\":%s", scratch.at);
            } else if (is_received(res, c)) {
                struct str object = open_received(admin, result_text(res, r, c));
                fputs("\"received\":", out);
                fwrite(object.at, 1, object.len, out);
            } else {
                put_json(out, res, r, c, &scratch);
            }
        }
        fputc('}', out);
    }
    fputs("\n]\n", out);
    buf_done(&scratch);
    return close_file(out, folder);
}

// The files as received, under a name of our own: theirs may hold anything.
static bool write_content(struct admin *admin, struct str folder, int64_t file)
{
    char name[40];

    CLEANUP(result_done) struct result row = export_file_content(admin->db, file);
    if (row.err) {
        admin_failed(admin);
        return false;
    }
    if (!result_count(&row)) {
        return true;
    }
    struct arena *a = arena_new();
    struct str    bytes;
    if (!vault_from_hex(a, result_text(&row, 0, 0), &bytes) ||
        (result_bool(&row, 0, 1) && !vault_open(a, VAULT_FILE, file, bytes, &bytes))) {
        arena_free(a);
        admin_refuse("le fichier %lld ne s’ouvre avec aucune des clés", (long long)file);
        return false;
    }
    snprintf(name, sizeof name, "fichier-%lld", (long long)file);
    FILE *out = create(admin, folder, name, ".recu");
    if (out) {
        fwrite(bytes.at, 1, bytes.len, out);
    }
    arena_free(a);
    return out && close_file(out, folder);
}

static int export_all(struct admin *admin)
{
    struct options {
        struct str organisation, out;
    } o = { 0 };
    static const struct setting table[] = {
        { "organisation", SETTING_TEXT, offsetof(struct options, organisation), NULL, 0, 0, "" },
        { "out", SETTING_TEXT, offsetof(struct options, out), NULL, 0, 0, "dossier" },
        { 0 },
    };
    int64_t organisation;
    int     files = 0;

    if (!admin_options(admin, table, &o, 0) ||
        !admin_id(o.organisation, "--organisation", &organisation) || !admin_keys(admin)) {
        return EXIT_USAGE;
    }
    if (!o.out.len) {
        admin_refuse("--out est nécessaire : un dossier qui n’existe pas encore");
        return EXIT_USAGE;
    }
    if (mkdir(arena_text(admin->arena, o.out), 0700) != 0) {
        return admin_refuse("%.*s : %s", STR_ARG(o.out), strerror(errno));
    }
    // One moment for all tables.
    if (db_begin(admin->db)) {
        return admin_failed(admin);
    }
    for (size_t t = 0; t < LENGTH(tables); t++) {
        CLEANUP(result_done) struct result rows = tables[t].rows(admin->db, organisation);
        if (rows.err) {
            return admin_failed(admin);
        }
        if (t == 0 && result_count(&rows) == 0) {
            return admin_refuse("la structure %lld n’existe pas", (long long)organisation);
        }
        if (!write_csv(admin, o.out, tables[t].name, &rows) ||
            !write_json(admin, o.out, tables[t].name, &rows)) {
            return EXIT_REFUSED;
        }
        bool is_files = tables[t].rows == export_files;
        for (int r = 0; is_files && r < result_count(&rows); r++) {
            if (!write_content(admin, o.out, result_int(&rows, r, 0))) {
                return EXIT_REFUSED;
            }
            files++;
        }
    }
    db_rollback(admin->db);
    printf("%zu tables et %d fichier(s) reçu(s) dans %.*s\n", LENGTH(tables), files,
           STR_ARG(o.out));
    return EXIT_OK;
}

const struct command export_commands[] = {
    { "export", "--organisation NUMÉRO --out DOSSIER",
      "Écrit tout ce qu’une structure a saisi ou donné, en CSV et en JSON.", export_all },
    { 0 },
};
