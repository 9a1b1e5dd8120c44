#include "import/contours.h"

#include "import/copyline.h"
#include "import/input.h"

#include <jansson.h>

#include "queries.h"

enum {
    FILE_MAX = 64 * 1024 * 1024,
    RINGS_MAX = 10000,
};

static bool wrong(struct import_problem *p, enum import_code code, size_t feature, const char *name)
{
    char value[160];
    int n = snprintf(value, sizeof value, "élément %zu%s%.100s", feature + 1, name[0] ? ", " : "",
                     name);

    import_problem_set(p, code, 0, STR(""), (struct str){ value, n < 0 ? 0 : strlen(value) });
    return false;
}

static enum import_code check_ring(const json_t *ring)
{
    size_t count = json_array_size(ring);

    if (!json_is_array(ring) || count < 4) {
        return PROBLEM_GEOMETRY_BAD;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *position = json_array_get(ring, i);
        const json_t *lon = json_array_get(position, 0);
        const json_t *lat = json_array_get(position, 1);
        if (!json_is_number(lon) || !json_is_number(lat) || json_array_size(position) > 3) {
            return PROBLEM_GEOMETRY_BAD;
        }
        double x = json_number_value(lon), y = json_number_value(lat);
        if (!(x >= -180 && x <= 180 && y >= -90 && y <= 90)) {
            return PROBLEM_POSITION_BAD;
        }
    }
    const json_t *first = json_array_get(ring, 0);
    const json_t *last = json_array_get(ring, count - 1);
    for (size_t i = 0; i < 2; i++) {
        double a = json_number_value(json_array_get(first, i));
        double b = json_number_value(json_array_get(last, i));
        if (a < b || a > b) {
            return PROBLEM_GEOMETRY_BAD;
        }
    }
    return PROBLEM_NONE;
}

static enum import_code check_polygon(const json_t *rings)
{
    size_t count = json_array_size(rings);

    if (!json_is_array(rings) || count == 0 || count > RINGS_MAX) {
        return PROBLEM_GEOMETRY_BAD;
    }
    for (size_t i = 0; i < count; i++) {
        enum import_code code = check_ring(json_array_get(rings, i));
        if (code) {
            return code;
        }
    }
    return PROBLEM_NONE;
}

static enum import_code check_geometry(const json_t *geometry)
{
    const char   *type = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates");

    if (!type) {
        return PROBLEM_GEOMETRY_BAD;
    }
    if (strcmp(type, "Polygon") == 0) {
        return check_polygon(coordinates);
    }
    size_t count = json_array_size(coordinates);
    if (strcmp(type, "MultiPolygon") != 0 || count == 0 || count > RINGS_MAX) {
        return PROBLEM_GEOMETRY_BAD;
    }
    for (size_t i = 0; i < count; i++) {
        enum import_code code = check_polygon(json_array_get(coordinates, i));
        if (code) {
            return code;
        }
    }
    return PROBLEM_NONE;
}

static bool is_commune_code(const char *code)
{
    size_t n = strlen(code);

    for (size_t i = 0; i < n; i++) {
        bool is_corsica = i == 1 && (code[i] == 'A' || code[i] == 'B');
        if (!is_corsica && (code[i] < '0' || code[i] > '9')) {
            return false;
        }
    }
    return n == 5;
}

static bool read_feature(const json_t *feature, size_t index, struct buf *lines,
                         struct import_problem *p)
{
    const json_t *properties = json_object_get(feature, "properties");
    const json_t *geometry = json_object_get(feature, "geometry");
    const char   *code = json_string_value(json_object_get(properties, "code"));
    const char   *name = json_string_value(json_object_get(properties, "nom"));

    if (!code || !is_commune_code(code)) {
        return wrong(p, PROBLEM_CODE_BAD, index, code ? code : "properties.code");
    }
    enum import_code bad = check_geometry(geometry);
    if (bad) {
        return wrong(p, bad, index, code);
    }
    // Only the two members that mean something, so that PostGIS reads what was checked.
    json_t *clean = json_pack("{s:O,s:O}", "type", json_object_get(geometry, "type"), "coordinates",
                              json_object_get(geometry, "coordinates"));
    char   *text = clean ? json_dumps(clean, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(clean);
    if (!text) {
        return wrong(p, PROBLEM_GEOMETRY_BAD, index, code);
    }
    copy_int(lines, (int64_t)index + 1);
    copy_text(lines, str_of(code));
    copy_text(lines, str_of(name));
    copy_text(lines, str_of(text));
    copy_end(lines);
    free(text);
    return true;
}

bool contours_read(struct str json, struct buf *lines, uint64_t *ret_count,
                   struct import_problem *p)
{
    json_error_t error;
    json_t     *root = json_loadb(json.at ? json.at : "", json.len, JSON_REJECT_DUPLICATES, &error);
    const char *type = json_string_value(json_object_get(root, "type"));
    const json_t *features = json_object_get(root, "features");
    size_t        count = json_array_size(features);
    bool          ok = true;

    *ret_count = 0;
    if (!root) {
        import_problem_set(p, json.len ? PROBLEM_JSON_BAD : PROBLEM_EMPTY,
                           error.line > 0 && json.len ? (uint64_t)error.line : 0, STR(""), STR(""));
        ok = false;
    } else if (!type || strcmp(type, "FeatureCollection") != 0 || count == 0) {
        import_problem_set(p, PROBLEM_GEOJSON_BAD, 0, STR(""), STR(""));
        ok = false;
    }
    for (size_t i = 0; ok && i < count; i++) {
        ok = read_feature(json_array_get(features, i), i, lines, p);
    }
    if (ok && buf_is_full(lines)) {
        import_problem_set(p, PROBLEM_TOO_LARGE, 0, STR(""), STR(""));
        ok = false;
    }
    json_decref(root);
    *ret_count = ok ? count : 0;
    return ok;
}

static enum import_result merge(struct db *db, struct str lines, uint64_t count,
                                struct contours_report *ret)
{
    CLEANUP(result_done) struct result stage = contours_stage(db);
    if (stage.err || db_copy_open(db, &query_contours_load)) {
        return IMPORT_FAILED;
    }
    enum err e = OK;
    for (size_t at = 0; !e && at < lines.len; at += KIB(256)) {
        e = db_copy_write(db, str_sub(lines, at, KIB(256)));
    }
    if (db_copy_close(db, e != OK, NULL) || e) {
        return IMPORT_FAILED;
    }
    CLEANUP(result_done) struct result merged = contours_merge(db);
    if (merged.err) {
        return IMPORT_FAILED;
    }
    struct str                         codes   = result_text(&merged, 0, 2);
    CLEANUP(result_done) struct result settled = contours_settle(db, codes);
    CLEANUP(result_done) struct result counts  = contours_count(db);
    if (settled.err || counts.err) {
        return IMPORT_FAILED;
    }
    ret->dissolved = (uint64_t)result_int(&counts, 0, 0);
    ret->drawn = (uint64_t)result_int(&counts, 0, 1);
    ret->missing = (uint64_t)result_int(&counts, 0, 2);
    ret->read = count;
    ret->changed = (uint64_t)result_int(&merged, 0, 0);
    ret->unknown = (uint64_t)result_int(&merged, 0, 1);
    ret->unchanged = count - ret->changed - ret->unknown;
    return IMPORT_DONE;
}

enum import_result contours_import(struct db *db, const char *path, struct contours_report *ret,
                                   struct import_problem *p)
{
    size_t             len;
    uint64_t           count = 0;
    struct buf         lines = buf_init(2 * (size_t)FILE_MAX);
    enum import_result outcome = IMPORT_WRONG;
    char              *text = input_all(path, FILE_MAX, &len, p);

    *ret = (struct contours_report){ 0 };
    if (text && contours_read((struct str){ text, len }, &lines, &count, p)) {
        outcome = db_begin(db) ? IMPORT_FAILED : merge(db, buf_str(&lines), count, ret);
        if (outcome == IMPORT_DONE && db_commit(db)) {
            outcome = IMPORT_FAILED;
        }
        db_rollback(db);
    }
    free(text);
    buf_done(&lines);
    return outcome;
}
