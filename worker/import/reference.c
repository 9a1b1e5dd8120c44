#include "import/reference.h"

#include "import/copyline.h"
#include "import/input.h"
#include "import/reference_private.h"

#include <jansson.h>

#include "queries.h"

enum { FILE_MAX = 64 * 1024 * 1024 };

static enum import_result load_lines(struct db *db, const struct reference *kind, struct str lines,
                                     struct reference_report *ret)
{
    CLEANUP(result_done) struct result stage = kind->stage(db);
    if (stage.err || db_copy_open(db, kind->load)) {
        return IMPORT_FAILED;
    }
    enum err e = OK;
    for (size_t at = 0; !e && at < lines.len; at += KIB(256)) {
        e = db_copy_write(db, str_sub(lines, at, KIB(256)));
    }
    if (db_copy_close(db, e != OK, NULL) || e) {
        return IMPORT_FAILED;
    }
    CLEANUP(result_done) struct result merged = kind->merge(db);
    if (merged.err) {
        return IMPORT_FAILED;
    }
    ret->fresh = (uint64_t)result_int(&merged, 0, 0);
    ret->changed = (uint64_t)result_int(&merged, 0, 1);
    if (kind->after) {
        CLEANUP(result_done) struct result more = kind->after(db);
        if (more.err) {
            return IMPORT_FAILED;
        }
    }
    return IMPORT_DONE;
}

static enum import_result load(struct db *db, const struct reference *kind, struct str lines,
                               struct reference_report *ret)
{
    enum import_result outcome = db_begin(db) ? IMPORT_FAILED : load_lines(db, kind, lines, ret);

    if (outcome == IMPORT_DONE && db_commit(db)) {
        outcome = IMPORT_FAILED;
    }
    db_rollback(db);
    return outcome;
}

// --- JSON ---------------------------------------------------------------------------------------

static json_t *read_array(struct str json, struct import_problem *p)
{
    json_error_t error;
    json_t      *root = json_loadb(json.at ? json.at : "", json.len, 0, &error);

    if (!root) {
        import_problem_set(p, json.len ? PROBLEM_JSON_BAD : PROBLEM_EMPTY,
                           error.line > 0 && json.len ? (uint64_t)error.line : 0, STR(""), STR(""));
    } else if (!json_is_array(root) || json_array_size(root) == 0) {
        import_problem_set(p, PROBLEM_JSON_BAD, 0, STR(""), STR(""));
        json_decref(root);
        root = NULL;
    }
    return root;
}

static bool wrong_entry(struct import_problem *p, enum import_code code, size_t index)
{
    char value[40];
    int  n = snprintf(value, sizeof value, "élément %zu", index + 1);

    import_problem_set(p, code, 0, STR(""), (struct str){ value, (size_t)n });
    return false;
}

static struct str member(const json_t *object, const char *name)
{
    return str_of(json_string_value(json_object_get(object, name)));
}

static bool is_postcode(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') {
            return false;
        }
    }
    return s.len == 5;
}

static bool is_commune_code(struct str code)
{
    bool is_corsica = code.len == 5 && (code.at[1] == 'A' || code.at[1] == 'B');
    char digits[5] = { 0 };
    if (code.len == 5) {
        memcpy(digits, code.at, 5);
        digits[1] = is_corsica ? '0' : digits[1];
    }
    return is_postcode((struct str){ digits, 5 });
}

// A commune that is part of another one by now; nothing else is said of it.
static void put_former(struct buf *lines, struct str code, struct str name, struct str today)
{
    if (!is_commune_code(code) || !is_commune_code(today) || str_eq(code, today)) {
        return;
    }
    copy_text(lines, code);
    copy_text(lines, name);
    copy_text(lines, STR("-"));
    copy_null(lines);
    copy_text(lines, STR("{}"));
    copy_null(lines);
    copy_text(lines, today);
    copy_end(lines);
}

static bool put_commune(const json_t *entry, size_t index, struct buf *lines,
                        struct import_problem *p)
{
    struct str    code = member(entry, "code");
    struct str    name = member(entry, "nom");
    struct str    department = member(entry, "departement");
    const json_t *postcodes = json_object_get(entry, "codesPostaux");
    const json_t *population = json_object_get(entry, "population");

    if (!is_commune_code(code) || !name.len || !department.len) {
        return wrong_entry(p, PROBLEM_CODE_BAD, index);
    }
    copy_text(lines, code);
    copy_text(lines, name);
    copy_text(lines, department);
    copy_text(lines, member(entry, "region"));
    copy_begin(lines);
    buf_add_char(lines, '{');
    for (size_t i = 0; i < json_array_size(postcodes); i++) {
        struct str postcode = str_of(json_string_value(json_array_get(postcodes, i)));
        if (!is_postcode(postcode)) {
            return wrong_entry(p, PROBLEM_CODE_BAD, index);
        }
        buf_add(lines, i ? STR(",") : STR(""));
        buf_add(lines, postcode);
    }
    buf_add_char(lines, '}');
    int64_t people = json_integer_value(population);
    if (json_is_integer(population) && people >= 0 && people <= INT32_MAX) {
        copy_int(lines, people);
    } else {
        copy_null(lines);
    }
    copy_null(lines);
    copy_end(lines);
    const json_t *former = json_object_get(entry, "anciensCodes");
    for (size_t i = 0; i < json_array_size(former); i++) {
        put_former(lines, str_of(json_string_value(json_array_get(former, i))), name, code);
    }
    return true;
}

bool communes_read(struct str json, struct buf *lines, uint64_t *ret_count,
                   struct import_problem *p)
{
    json_t *root = read_array(json, p);
    bool    ok = root != NULL;
    size_t  count = json_array_size(root);

    *ret_count = 0;
    for (size_t i = 0; ok && i < count; i++) {
        const json_t *entry = json_array_get(root, i);
        struct str    type = member(entry, "type");
        if (str_eq(type, STR("commune-actuelle")) ||
            str_eq(type, STR("arrondissement-municipal"))) {
            ok = put_commune(entry, i, lines, p);
            *ret_count += ok;
        } else {
            put_former(lines, member(entry, "code"), member(entry, "nom"), member(entry, "chefLieu"));
        }
    }
    if (ok && *ret_count == 0) {
        import_problem_set(p, PROBLEM_NO_ROWS, 0, STR(""), STR(""));
        ok = false;
    }
    json_decref(root);
    return ok;
}

// What kind of zone an entry is, from the members it has: groups have communes, départements lie in a région.
static struct str zone_level(const json_t *entry)
{
    if (json_is_array(json_object_get(entry, "membres"))) {
        return STR("epci");
    }
    return json_object_get(entry, "region") ? STR("departement") : STR("region");
}

static bool is_zone_code(struct str s)
{
    bool ok = s.len >= 2 && s.len <= 9;
    for (size_t i = 0; ok && i < s.len; i++) {
        ok = (s.at[i] >= '0' && s.at[i] <= '9') || (i == 1 && (s.at[i] == 'A' || s.at[i] == 'B'));
    }
    return ok;
}

static void put_zone(struct buf *lines, struct str level, const json_t *entry, struct str commune)
{
    copy_text(lines, level);
    copy_text(lines, member(entry, "code"));
    copy_text(lines, member(entry, "nom"));
    if (commune.len) {
        copy_text(lines, commune);
    } else {
        copy_null(lines);
    }
    copy_end(lines);
}

bool zones_read(struct str json, struct buf *lines, uint64_t *ret_count, struct import_problem *p)
{
    json_t *root = read_array(json, p);
    bool    ok = root != NULL;
    size_t  count = json_array_size(root);

    *ret_count = 0;
    for (size_t i = 0; ok && i < count; i++) {
        const json_t *entry = json_array_get(root, i);
        const json_t *members = json_object_get(entry, "membres");
        struct str    level = zone_level(entry);
        ok = is_zone_code(member(entry, "code")) && member(entry, "nom").len;
        if (ok) {
            put_zone(lines, level, entry, (struct str){ 0 });
            *ret_count += 1;
        }
        for (size_t k = 0; ok && k < json_array_size(members); k++) {
            struct str commune = member(json_array_get(members, k), "code");
            ok = commune.len == 5 && is_zone_code(commune);
            if (ok) {
                put_zone(lines, level, entry, commune);
                *ret_count += 1;
            }
        }
        if (!ok) {
            wrong_entry(p, PROBLEM_CODE_BAD, i);
        }
    }
    json_decref(root);
    return ok;
}

bool naf_place(struct str code, int *ret_level, char *ret_section)
{
    // First division of each section, in order.
    static const struct {
        int  from;
        char section;
    } sections[] = {
        { 1, 'A' },  { 5, 'B' },  { 10, 'C' }, { 35, 'D' }, { 36, 'E' }, { 41, 'F' }, { 45, 'G' },
        { 49, 'H' }, { 55, 'I' }, { 58, 'J' }, { 64, 'K' }, { 68, 'L' }, { 69, 'M' }, { 77, 'N' },
        { 84, 'O' }, { 85, 'P' }, { 86, 'Q' }, { 90, 'R' }, { 94, 'S' }, { 97, 'T' }, { 99, 'U' },
    };
    static const char shape[] = "00.00A";

    if (code.len == 1 && code.at[0] >= 'A' && code.at[0] <= 'U') {
        *ret_level = 1;
        *ret_section = code.at[0];
        return true;
    }
    if (code.len < 2 || code.len == 3 || code.len > 6) {
        return false;
    }
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (shape[i] == '0'   ? c < '0' || c > '9'
            : shape[i] == 'A' ? c < 'A' || c > 'Z'
                              : c != '.') {
            return false;
        }
    }
    int division = (code.at[0] - '0') * 10 + code.at[1] - '0';
    if (division < 1) {
        return false;
    }
    for (size_t i = 0; i < LENGTH(sections) && sections[i].from <= division; i++) {
        *ret_section = sections[i].section;
    }
    *ret_level = code.len == 2 ? 2 : (int)code.len - 1;
    return true;
}

static bool put_naf(struct str code, struct str label, bool is_weak, struct buf *lines)
{
    int  level;
    char section;

    if (!label.len || !naf_place(code, &level, &section)) {
        return false;
    }
    copy_text(lines, code);
    copy_int(lines, level);
    copy_text(lines, (struct str){ &section, 1 });
    copy_text(lines, label);
    copy_bool(lines, is_weak);
    copy_end(lines);
    return true;
}

bool naf_read_json(struct str json, struct buf *lines, uint64_t *ret_count,
                   struct import_problem *p)
{
    json_t *root = read_array(json, p);
    bool    ok = root != NULL;
    size_t  count = json_array_size(root);

    for (size_t i = 0; ok && i < count; i++) {
        const json_t *entry = json_array_get(root, i);
        if (!put_naf(member(entry, "id"), member(entry, "label"), true, lines)) {
            ok = wrong_entry(p, PROBLEM_CODE_BAD, i);
        }
    }
    *ret_count = ok ? count : 0;
    json_decref(root);
    return ok;
}

// --- CSV ----------------------------------------------------------------------------------------

// Reads a CSV file row by row into lines.
static bool read_csv(const char *path, const struct column_name *names, size_t count,
                     bool (*put)(const struct csv *csv, const int *found, struct buf *lines,
                                 struct import_problem *p),
                     struct buf *lines, uint64_t *ret_count, struct import_problem *p)
{
    int           found[8];
    struct input *input = input_open(path, -1, FILE_MAX, p);
    struct csv   *csv = input ? csv_open(input_source(input), (struct csv_options){ 0 }, p) : NULL;
    bool          ok = false;

    *ret_count = 0;
    if (csv && csv_next(csv, p) == CSV_RECORD) {
        enum csv_step step = CSV_END;
        csv_set_header(csv);
        columns_find(csv, names, count, found);
        ok = columns_check(csv, names, count, found, p);
        while (ok && (step = csv_next(csv, p)) == CSV_RECORD) {
            ok = put(csv, found, lines, p);
            *ret_count += 1;
        }
        ok = ok && step == CSV_END;
        if (ok && *ret_count == 0) {
            import_problem_set(p, PROBLEM_NO_ROWS, 0, STR(""), STR(""));
            ok = false;
        }
    }
    csv_free(csv);
    input_close(input);
    return ok;
}

static const struct column_name naf_columns[] = {
    { "code|id", "code", true },
    { "libelle|label|intitule", "libelle", true },
};

static bool put_naf_row(const struct csv *csv, const int *found, struct buf *lines,
                        struct import_problem *p)
{
    struct str code = str_trim(csv_field(csv, (size_t)found[0]));

    if (!put_naf(code, str_trim(csv_field(csv, (size_t)found[1])), false, lines)) {
        import_problem_set(p, PROBLEM_CODE_BAD, csv_line(csv), csv_header(csv, (size_t)found[0]),
                           code);
        return false;
    }
    return true;
}

static const struct column_name rome_columns[] = {
    { "coderome|romecode|rome|code", "code_rome", true },
    { "libellerome|libelle|label|intitule", "libelle_rome", false },
    { "coderomeparent", "code_rome_parent", false },
    { "libelleappellationlong|libelleappellation|libelleappellationcourt|appellation", "libelle_appellation", false },
    { "ograppellation|codeogr|codeograppellation|ogr", "code_ogr", false },
};

static bool is_rome(struct str code)
{
    bool ok = code.len == 5 && code.at[0] >= 'A' && code.at[0] <= 'N';
    for (size_t i = 1; ok && i < 5; i++) {
        ok = code.at[i] >= '0' && code.at[i] <= '9';
    }
    return ok;
}

// An occupation; where the file tells parents (ROME 4.0) its label is a title of the parent; where it tells appellations each is one.
static bool put_rome_row(const struct csv *csv, const int *found, struct buf *lines,
                         struct import_problem *p)
{
    bool       is_titles = found[3] != COLUMN_NONE;
    int        parent_at = is_titles || found[2] == COLUMN_NONE ? found[0] : found[2];
    int        label_at  = is_titles ? found[3] : found[1];
    struct str code      = str_trim(csv_field(csv, (size_t)found[0]));
    struct str parent    = str_trim(csv_field(csv, (size_t)parent_at));
    if (label_at == COLUMN_NONE) {
        import_problem_set(p, PROBLEM_MISSING, 1, STR(""), STR("libelle_rome"));
        return false;
    }
    struct str label = str_trim(csv_field(csv, (size_t)label_at));
    int        wrong = !is_rome(code) ? found[0] : !is_rome(parent) ? parent_at : label.len < 2 || label.len > 200 ? label_at : COLUMN_NONE;
    if (wrong != COLUMN_NONE) {
        import_problem_set(p, PROBLEM_CODE_BAD, csv_line(csv), csv_header(csv, (size_t)wrong), str_trim(csv_field(csv, (size_t)wrong)));
        return false;
    }
    copy_int(lines, (int64_t)csv_line(csv));
    copy_text(lines, code);
    copy_text(lines, parent);
    copy_text(lines, label);
    copy_text(lines, is_titles ? STR("title") : found[2] == COLUMN_NONE ? STR("label") : STR("sheet"));
    int64_t ogr      = 0;
    bool    has_ogr  = is_titles && found[4] != COLUMN_NONE && str_int(str_trim(csv_field(csv, (size_t)found[4])), &ogr) && ogr > 0 && ogr <= INT32_MAX;
    has_ogr ? copy_int(lines, ogr) : copy_text(lines, (struct str){ 0 });
    copy_end(lines);
    return true;
}

static const struct column_name centre_columns[] = {
    { "code", "code", true },
    { "lon|longitude", "lon", true },
    { "lat|latitude", "lat", true },
};

static bool put_centre_row(const struct csv *csv, const int *found, struct buf *lines,
                           struct import_problem *p)
{
    double lon, lat;

    for (size_t i = 1; i <= 2; i++) {
        struct str text = str_trim(csv_field(csv, (size_t)found[i]));
        double     limit = i == 1 ? 180 : 90;
        double     value;
        if (!str_double(text, &value) || value < -limit || value > limit) {
            import_problem_set(p, PROBLEM_POSITION_BAD, csv_line(csv),
                               csv_header(csv, (size_t)found[i]), text);
            return false;
        }
        *(i == 1 ? &lon : &lat) = value;
    }
    copy_text(lines, str_trim(csv_field(csv, (size_t)found[0])));
    copy_point(lines, lon, lat);
    copy_end(lines);
    return true;
}

// --- the four kinds -----------------------------------------------------------------------------

static enum import_result import_json(struct db *db, const char *path, const struct reference *kind,
                                      bool (*read)(struct str json, struct buf *lines,
                                                   uint64_t *ret_count, struct import_problem *p),
                                      struct reference_report *ret, struct import_problem *p)
{
    size_t             len;
    struct buf         lines = buf_init(FILE_MAX);
    enum import_result outcome = IMPORT_WRONG;
    char              *text = input_all(path, FILE_MAX, &len, p);

    *ret = (struct reference_report){ 0 };
    if (text && read((struct str){ text, len }, &lines, &ret->read, p)) {
        outcome = load(db, kind, buf_str(&lines), ret);
    }
    free(text);
    buf_done(&lines);
    return outcome;
}

enum import_result zones_import(struct db *db, const char *path, struct reference_report *ret,
                                struct import_problem *p)
{
    static const struct reference kind = { zone_stage, &query_zone_load, zone_merge, zone_after };
    return import_json(db, path, &kind, zones_read, ret, p);
}

enum import_result communes_import(struct db *db, const char *path, struct reference_report *ret,
                                   struct import_problem *p)
{
    static const struct reference kind = { commune_stage, &query_commune_load, commune_merge,
                                           commune_after };
    return import_json(db, path, &kind, communes_read, ret, p);
}

enum import_result reference_csv(struct db *db, const char *path, const struct reference *kind,
                                 const struct column_name *names, size_t count,
                                 bool (*put)(const struct csv *csv, const int *found,
                                             struct buf *lines, struct import_problem *p),
                                 struct reference_report *ret, struct import_problem *p)
{
    struct buf         lines = buf_init(FILE_MAX);
    enum import_result outcome = IMPORT_WRONG;

    *ret = (struct reference_report){ 0 };
    if (read_csv(path, names, count, put, &lines, &ret->read, p)) {
        outcome = load(db, kind, buf_str(&lines), ret);
    }
    buf_done(&lines);
    return outcome;
}

enum import_result centres_import(struct db *db, const char *path, struct reference_report *ret,
                                  struct import_problem *p)
{
    static const struct reference kind = { centre_stage, &query_centre_load, centre_merge,
                                           centre_cells };
    return reference_csv(db, path, &kind, centre_columns, LENGTH(centre_columns), put_centre_row,
                         ret, p);
}

enum import_result rome_import(struct db *db, const char *path, struct reference_report *ret,
                               struct import_problem *p)
{
    static const struct reference kind = { rome_stage, &query_rome_load, rome_merge, NULL };
    return reference_csv(db, path, &kind, rome_columns, LENGTH(rome_columns), put_rome_row, ret, p);
}

enum import_result naf_import(struct db *db, const char *path, struct reference_report *ret,
                              struct import_problem *p)
{
    static const struct reference kind = { naf_stage, &query_naf_load, naf_merge, NULL };
    size_t                        name = strlen(path);

    if (name < 5 || strcmp(path + name - 5, ".json") != 0) {
        return reference_csv(db, path, &kind, naf_columns, LENGTH(naf_columns), put_naf_row, ret, p);
    }
    return import_json(db, path, &kind, naf_read_json, ret, p);
}
