#include "import/contours.h"

#include "import/charset.h"
#include "import/copyline.h"
#include "import/frame.h"
#include "import/input.h"
#include "import/unpack.h"

#include <jansson.h>
#include <math.h>
#include <strings.h>

#include "queries.h"

enum {
    FILE_MAX  = 64 * 1024 * 1024,
    RINGS_MAX = 10000,
    DEEP_MAX  = 4, // collections in collections
};

// Properties that hold the code of a commune, and its name, by what publishers call them; the first
// one that the feature has counts: a district or a former commune before that which it is part of.
// Case, blanks and signs do not matter.
static const char *const code_names[] = {
    "inseearm",  "comarmcode",       "inseecad", "code",        "codgeo",
    "inseecom",  "codeinsee",        "insee",    "codecommune", "codecom",
    "comcode",   "comcurrentcode",   "depcom",   "com",         "codinsee",
    "inseecode", "codeinseecommune", "citycode", "refinsee",    "codecommuneinsee",
};
static const char *const label_names[] = { "nom",     "libgeo",     "nomcom", "nomcommune",
                                           "comname", "libelle",    "libcom", "name",
                                           "nomcomm", "nomofficiel" };

static bool wrong(struct import_problem *p, enum import_code code, size_t feature, const char *name)
{
    char value[160];
    int n = snprintf(value, sizeof value, "élément %zu%s%.100s", feature + 1, name[0] ? ", " : "",
                     name);

    import_problem_set(p, code, 0, STR(""), (struct str){ value, n < 0 ? 0 : strlen(value) });
    return false;
}

// Reads one position; false when it is none.
static bool position(const json_t *p, double *ret_x, double *ret_y)
{
    const json_t *x = json_array_get(p, 0), *y = json_array_get(p, 1);

    if (!json_is_number(x) || !json_is_number(y) || json_array_size(p) > 4) {
        return false;
    }
    *ret_x = json_number_value(x);
    *ret_y = json_number_value(y);
    return true;
}

// Checks one ring. One that is not closed, or has too few positions to bound anything, is closed in
// place and counted: PostGIS mends the rest.
static enum import_code check_ring(json_t *ring, struct contours_frame *frame)
{
    size_t count   = json_array_size(ring);
    double first_x = 0, first_y = 0, x = 0, y = 0;

    if (!json_is_array(ring) || count == 0) {
        return PROBLEM_GEOMETRY_BAD;
    }
    for (size_t i = 0; i < count; i++) {
        if (!position(json_array_get(ring, i), &x, &y)) {
            return PROBLEM_GEOMETRY_BAD;
        }
        if (!frame_holds(frame->srid, frame->is_swapped, x, y)) {
            return PROBLEM_POSITION_BAD;
        }
        first_x = i ? first_x : x;
        first_y = i ? first_y : y;
    }
    bool is_closed = !(x < first_x || x > first_x || y < first_y || y > first_y);
    frame->open += !is_closed;
    for (; !is_closed || count < 4; count++, is_closed = true) {
        json_array_append(ring, json_array_get(ring, 0));
    }
    return PROBLEM_NONE;
}

static enum import_code check_polygon(json_t *rings, struct contours_frame *frame)
{
    size_t count = json_array_size(rings);

    if (!json_is_array(rings) || count == 0 || count > RINGS_MAX) {
        return PROBLEM_GEOMETRY_BAD;
    }
    for (size_t i = 0; i < count; i++) {
        enum import_code code = check_ring(json_array_get(rings, i), frame);
        if (code) {
            return code;
        }
    }
    return PROBLEM_NONE;
}

// Adds the polygons of a geometry, whatever holds them: what programs make of a contour that they
// have mended also has lines and points, which bound nothing. False when it is no geometry.
static bool add_polygons(const json_t *geometry, int depth, json_t *polygons)
{
    const char *type        = json_string_value(json_object_get(geometry, "type"));
    json_t     *coordinates = json_object_get(geometry, "coordinates");

    if (!type || depth > DEEP_MAX) {
        return false;
    }
    if (strcmp(type, "GeometryCollection") == 0) {
        const json_t *parts = json_object_get(geometry, "geometries");
        bool          ok    = json_is_array(parts);
        for (size_t i = 0; ok && i < json_array_size(parts); i++) {
            ok = add_polygons(json_array_get(parts, i), depth + 1, polygons);
        }
        return ok;
    }
    if (!json_is_array(coordinates)) {
        return false;
    }
    if (strcmp(type, "Polygon") == 0) {
        return json_array_size(coordinates) == 0 || json_array_append(polygons, coordinates) == 0;
    }
    return strcmp(type, "MultiPolygon") != 0 || json_array_extend(polygons, coordinates) == 0;
}

// The polygons of a feature, to be given back: none when it has no contour, NULL when what stands
// for its contour is not one.
static json_t *polygons_of(const json_t *feature)
{
    const json_t *geometry = json_object_get(feature, "geometry");
    json_t       *polygons = json_array();
    bool          is_none  = json_is_object(feature) && (!geometry || json_is_null(geometry));

    if (!is_none && !add_polygons(geometry, 0, polygons)) {
        json_decref(polygons);
        return NULL;
    }
    return polygons;
}

static enum import_code check_polygons(const json_t *polygons, struct contours_frame *frame)
{
    size_t count = json_array_size(polygons);

    for (size_t i = 0; i < count && count <= RINGS_MAX; i++) {
        enum import_code code = check_polygon(json_array_get(polygons, i), frame);
        if (code) {
            return code;
        }
    }
    return count <= RINGS_MAX ? PROBLEM_NONE : PROBLEM_GEOMETRY_BAD;
}

// The number at the end of the name of a coordinate system, "urn:ogc:def:crs:EPSG::2154"; that of
// WGS 84 for CRS84, 0 when it has none, -1 without a name.
static int crs_number(const json_t *root)
{
    const json_t *properties = json_object_get(json_object_get(root, "crs"), "properties");
    const json_t *code       = json_object_get(properties, "code");
    const char   *name       = json_string_value(json_object_get(properties, "name"));

    if (json_is_integer(code) && json_integer_value(code) > 0 &&
        json_integer_value(code) < 1000000) {
        return (int)json_integer_value(code);
    }
    if (!name) {
        return -1;
    }
    size_t n = strlen(name), from = n;
    while (from > 0 && n - from < 6 && name[from - 1] >= '0' && name[from - 1] <= '9') {
        from--;
    }
    bool is_lonlat = from >= 3 && strncasecmp(name + from - 3, "CRS84", 5) == 0;
    return is_lonlat ? FRAME_WGS84 : from == n ? 0 : (int)strtol(name + from, NULL, 10);
}

// True when two names of a property are the same to the letter; case, blanks, signs and accented
// letters do not count.
static bool is_named(const char *key, const char *name)
{
    for (; *key; key++) {
        char c = *key >= 'A' && *key <= 'Z' ? (char)(*key - 'A' + 'a') : *key;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            if (c != *name) {
                return false;
            }
            name++;
        }
    }
    return !*name;
}

enum { CODE_LEN = 5, GROUP_LEN = 9, SHOWN_MAX = 40 }; // GROUP: a SIREN

// The value as a code of a commune: a number has lost its leading zero, and so have texts of four
// digits; some publishers write a list of one. `ret` takes the code, or what stands instead of one.
static enum import_code read_code(const json_t *value, char ret[SHOWN_MAX + 1])
{
    const json_t *one =
        json_is_array(value) && json_array_size(value) == 1 ? json_array_get(value, 0) : value;
    double real = json_is_number(one) ? json_number_value(one) : 0;

    ret[0] = '\0';
    if (json_is_string(one)) {
        struct str text = str_trim((struct str){ json_string_value(one), json_string_length(one) });
        size_t     cut  = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;
        while (cut < text.len && cut > 0 && ((unsigned char)text.at[cut] & 0xC0) == 0x80) {
            cut--; // on a character
        }
        text = str_sub(text, 0, cut);
        memcpy(ret, text.at, text.len);
        ret[text.len] = '\0';
    } else if (real >= 1 && real < 1e9 && floor(real) >= real) {
        snprintf(ret, SHOWN_MAX, "%d", (int)real);
    } else {
        return PROBLEM_NO_CODE;
    }
    size_t n = strlen(ret), digits = strspn(ret, "0123456789");
    if (n == CODE_LEN && digits == 1 && (ret[1] == 'a' || ret[1] == 'b')) {
        ret[1] = (char)(ret[1] - 'a' + 'A');
    }
    bool is_corsica = n >= 2 && digits == 1 && ret[0] == '2' && (ret[1] == 'A' || ret[1] == 'B') &&
                      2 + strspn(ret + 2, "0123456789") == n;
    if (n == 0) {
        return PROBLEM_NO_CODE;
    }
    if (digits != n && !is_corsica) {
        return PROBLEM_CODE_BAD;
    }
    if (n == CODE_LEN - 1 && !is_corsica) {
        memmove(ret + 1, ret, n + 1);
        ret[0] = '0';
        return PROBLEM_NONE;
    }
    bool is_other = n <= 3 || n == GROUP_LEN;
    return n == CODE_LEN ? PROBLEM_NONE : is_other ? PROBLEM_NOT_COMMUNES : PROBLEM_CODE_BAD;
}

// The first property of one of these names that is there; NULL when none is.
static const json_t *property(const json_t *properties, const char *name)
{
    const char *key;
    json_t     *value;

    json_object_foreach((json_t *)properties, key, value)
    {
        if (!json_is_null(value) && is_named(key, name)) {
            return value;
        }
    }
    return NULL;
}

static enum import_code find_code(const json_t *feature, char ret[SHOWN_MAX + 1])
{
    const json_t    *properties = json_object_get(feature, "properties");
    enum import_code best       = PROBLEM_NO_CODE;
    char             text[SHOWN_MAX + 1];

    ret[0] = '\0';
    for (size_t i = 0; i <= LENGTH(code_names); i++) {
        const json_t    *value = i < LENGTH(code_names) ? property(properties, code_names[i])
                                                        : json_object_get(feature, "id");
        enum import_code code  = value ? read_code(value, text) : PROBLEM_NO_CODE;
        bool             is_id_only =
            i == LENGTH(code_names) && code != PROBLEM_NONE; // any feature may be numbered
        if (code == PROBLEM_NONE ||
            (best == PROBLEM_NO_CODE && code != PROBLEM_NO_CODE && !is_id_only)) {
            memcpy(ret, text, sizeof text);
            best = code;
        }
        if (best == PROBLEM_NONE) {
            break;
        }
    }
    return best;
}

static struct str find_label(const json_t *feature)
{
    const json_t *properties = json_object_get(feature, "properties");

    for (size_t i = 0; i < LENGTH(label_names); i++) {
        const json_t *value = property(properties, label_names[i]);
        value               = json_is_array(value) ? json_array_get(value, 0) : value;
        if (json_is_string(value)) {
            return str_of(json_string_value(value));
        }
    }
    return (struct str){ 0 };
}

// In what the positions of the file are, by what it says and by the first position of each commune.
static bool find_frame(const json_t *root, const json_t *features, struct contours_frame *ret,
                       struct import_problem *p)
{
    int                 named = crs_number(root), said = named < 0 ? 0 : frame_of_name(named);
    size_t              count  = 0;
    struct frame_place *places = memory_zero((json_array_size(features) + 1) * sizeof *places);
    char                text[SHOWN_MAX + 1];
    const char         *name = json_string_value(
                json_object_get(json_object_get(json_object_get(root, "crs"), "properties"), "name"));

    for (size_t i = 0; i < json_array_size(features); i++) {
        const json_t *feature  = json_array_get(features, i);
        json_t       *polygons = polygons_of(feature);
        const json_t *at       = json_array_get(json_array_get(json_array_get(polygons, 0), 0), 0);
        if (find_code(feature, text) == PROBLEM_NONE &&
            position(at, &places[count].x, &places[count].y)) {
            frame_department(text, places[count++].department);
        }
        json_decref(polygons);
    }
    if (named < 0 || said) {
        ret->srid = frame_find(said, places, count, &ret->is_swapped);
    }
    char at[80];
    snprintf(at, sizeof at, "x = %.0f, y = %.0f", count ? places[0].x : 0, count ? places[0].y : 0);
    free(places);
    if (!ret->srid) {
        import_problem_set(p, PROBLEM_PROJECTION, 0, STR(""), str_of(name ? name : at));
    }
    return ret->srid != 0;
}

// Whether a part of it lies where no commune of the département of its code can.
static bool is_far(const json_t *polygons, const char *code, const struct contours_frame *frame)
{
    struct frame_place place = { 0 };
    bool               found = false;

    frame_department(code, place.department);
    for (size_t i = 0; !found && i < json_array_size(polygons); i++) {
        const json_t *ring = json_array_get(json_array_get(polygons, i), 0);
        found              = position(json_array_get(ring, 0), &place.x, &place.y) &&
                frame_is_far(frame->srid, frame->is_swapped, &place);
    }
    return found;
}

// Counts it, and keeps the codes of the first eight.
static void count_far(struct contours_frame *frame, const char *code)
{
    size_t used = strlen(frame->some_far);

    if (frame->far++ < 8) {
        snprintf(frame->some_far + used, sizeof frame->some_far - used, "%s%s", used ? ", " : "",
                 code);
    }
}

static bool read_feature(const json_t *feature, size_t index, struct buf *lines,
                         struct contours_frame *frame, uint64_t *ret_count,
                         struct import_problem *p)
{
    char             code[SHOWN_MAX + 1];
    json_t          *polygons = NULL;
    enum import_code bad      = find_code(feature, code);

    if (bad == PROBLEM_NO_CODE) {
        frame->first_nameless = frame->nameless++ ? frame->first_nameless : index + 1;
        return true;
    }
    if (!bad) {
        polygons = polygons_of(feature);
        bad      = polygons ? check_polygons(polygons, frame) : PROBLEM_GEOMETRY_BAD;
    }
    if (!bad && json_array_size(polygons) == 0) {
        frame->bare++;
    } else if (!bad && is_far(polygons, code, frame)) {
        count_far(frame, code);
    } else if (!bad) {
        // Only the two members that mean something, so that PostGIS reads what was checked.
        json_t *clean = json_pack("{s:s,s:O}", "type", "MultiPolygon", "coordinates", polygons);
        char   *text  = json_dumps(clean, JSON_COMPACT | JSON_REAL_PRECISION(12));
        json_decref(clean);
        bad = text ? PROBLEM_NONE : PROBLEM_GEOMETRY_BAD;
        if (text) {
            copy_int(lines, (int64_t)index + 1);
            copy_text(lines, str_of(code));
            copy_text(lines, find_label(feature));
            copy_text(lines, str_of(text));
            copy_end(lines);
            *ret_count += 1;
        }
        free(text);
    }
    json_decref(polygons);
    return bad ? wrong(p, bad, index, code) : true;
}

static bool is_typed(const json_t *value, const char *type)
{
    const char *said = json_string_value(json_object_get(value, "type"));

    return said && strcmp(said, type) == 0;
}

// The whole text as one collection: a FeatureCollection, or Features that follow each other (RFC
// 8142, or one a line). NULL with p filled.
static json_t *read_root(struct str json, struct import_problem *p)
{
    json_t  *root = NULL, *several = NULL;
    size_t   at = json.len >= 3 && memcmp(json.at, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, counted = 0;
    uint64_t line = 1; // of `counted`

    for (;;) {
        json_error_t error;
        while (at < json.len && strchr("\x1E \t\r\n", json.at[at]) && json.at[at]) {
            at++;
        }
        if (at >= json.len && root) {
            return root;
        }
        for (; counted < at; counted++) {
            line += json.at[counted] == '\n';
        }
        json_t *value      = json_loadb(at < json.len ? json.at + at : "", json.len - at,
                                   JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
        bool    is_feature = is_typed(value, "Feature");
        if (at >= json.len) {
            import_problem_set(p, PROBLEM_EMPTY, 0, STR(""), STR(""));
        } else if (!value) {
            bool is_old = json_error_code(&error) == json_error_invalid_utf8;
            import_problem_set(p, is_old ? PROBLEM_NOT_UTF8 : PROBLEM_JSON_BAD,
                               error.line > 0 ? line + (uint64_t)error.line - 1 : 0, STR(""),
                               STR(""));
        } else if (is_typed(value, "Topology")) {
            import_problem_set(p, PROBLEM_TOPOJSON, 0, STR(""), STR(""));
        } else if (root ? !(several && is_feature)
                        : !is_feature && !is_typed(value, "FeatureCollection")) {
            import_problem_set(p, PROBLEM_GEOJSON_BAD, line > 1 ? line : 0, STR(""), STR(""));
        } else {
            at += (size_t)error.position;
            if (is_feature && !root) {
                several = json_array();
                root    = json_pack("{s:s,s:o}", "type", "FeatureCollection", "features", several);
            }
            if (is_feature) {
                json_array_append_new(several, value);
            } else {
                root = value;
            }
            continue;
        }
        json_decref(value);
        json_decref(root);
        return NULL;
    }
}

bool contours_read(struct str json, struct buf *lines, struct contours_frame *ret_frame,
                   uint64_t *ret_count, struct import_problem *p)
{
    *ret_count   = 0;
    *ret_frame   = (struct contours_frame){ 0 };
    json_t *root = read_root(json, p);
    if (!root) {
        return false;
    }
    const json_t *features = json_object_get(root, "features");
    size_t        count    = json_array_size(features);
    bool          ok       = count > 0;
    if (!ok) {
        import_problem_set(p, json_is_array(features) ? PROBLEM_NO_CONTOUR : PROBLEM_GEOJSON_BAD, 0,
                           STR(""), STR(""));
    }
    ok = ok && find_frame(root, features, ret_frame, p);
    for (size_t i = 0; ok && i < count; i++) {
        ok = read_feature(json_array_get(features, i), i, lines, ret_frame, ret_count, p);
    }
    if (ok && buf_is_full(lines)) {
        import_problem_set(p, PROBLEM_TOO_LARGE, 0, STR(""), STR(""));
        ok = false;
    } else if (ok && !*ret_count) {
        bool is_nameless = ret_frame->nameless && !ret_frame->bare && !ret_frame->far;
        ok = is_nameless ? wrong(p, PROBLEM_NO_CODE, ret_frame->first_nameless - 1, "") : false;
        if (ret_frame->far) {
            import_problem_set(p, PROBLEM_CONTOUR_FAR, 0, STR(""), str_of(ret_frame->some_far));
        } else if (!is_nameless) {
            import_problem_set(p, PROBLEM_NO_CONTOUR, 0, STR(""), STR(""));
        }
    }
    json_decref(root);
    *ret_count = ok ? *ret_count : 0;
    return ok;
}

// As much of it as there is room for, cut on a character.
static void keep_words(char *ret, size_t room, struct str words)
{
    size_t cut = words.len < room ? words.len : room - 1;

    while (cut < words.len && cut > 0 && ((unsigned char)words.at[cut] & 0xC0) == 0x80) {
        cut--;
    }
    snprintf(ret, room, "%.*s", (int)cut, words.at ? words.at : "");
}

static enum import_result merge(struct db *db, struct str lines, const struct contours_frame *frame,
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
    CLEANUP(result_done) struct result merged = contours_merge(db, frame->srid, frame->is_swapped);
    if (merged.err) {
        return IMPORT_FAILED;
    }
    struct str                         codes   = result_text(&merged, 0, 5);
    CLEANUP(result_done) struct result settled = contours_settle(db, codes);
    CLEANUP(result_done) struct result over    = contours_over(db, codes);
    CLEANUP(result_done) struct result counts  = contours_count(db);
    if (settled.err || over.err || counts.err) {
        return IMPORT_FAILED;
    }
    ret->dissolved = (uint64_t)result_int(&counts, 0, 0);
    ret->drawn     = (uint64_t)result_int(&counts, 0, 1);
    ret->missing   = (uint64_t)result_int(&counts, 0, 2);
    ret->changed   = (uint64_t)result_int(&merged, 0, 0);
    ret->unchanged = (uint64_t)result_int(&merged, 0, 1);
    ret->unknown   = (uint64_t)result_int(&merged, 0, 2);
    ret->flat      = (uint64_t)result_int(&merged, 0, 3);
    ret->mended    = (uint64_t)result_int(&merged, 0, 4);
    ret->astray    = (uint64_t)result_int(&merged, 0, 7);
    ret->misnamed  = (uint64_t)result_int(&merged, 0, 9);
    keep_words(ret->some_unknown, sizeof ret->some_unknown, result_text(&merged, 0, 6));
    ret->covered = (uint64_t)result_int(&over, 0, 0);
    keep_words(ret->some_astray, sizeof ret->some_astray, result_text(&merged, 0, 8));
    keep_words(ret->some_misnamed, sizeof ret->some_misnamed, result_text(&merged, 0, 10));
    keep_words(ret->some_covered, sizeof ret->some_covered, result_text(&over, 0, 1));
    return IMPORT_DONE;
}

// What people send for GeoJSON, by the bytes that it begins with.
static const struct {
    const char *begins, *name;
    size_t      len;
} others[] = {
    { "\x00\x00\x27\x0A", "Shapefile", 4 },
    { "SQLite format 3", "GeoPackage", 15 },
    { "<", "KML, GML ou page web", 1 },
};

// And by how the names of what an archive holds end.
static const struct {
    const char *ends, *name;
} packed[] = {
    { ".shp", "Shapefile" },   { ".gpkg", "GeoPackage" },      { ".kml", "KML" },
    { ".gml", "GML" },         { ".tab", "MapInfo" },          { ".mif", "MapInfo" },
    { ".gdb", "geodatabase" }, { ".gdbtable", "geodatabase" },
};

static void refuse_archive(const struct zip *zip, struct import_problem *p)
{
    for (size_t i = 0; i < zip_count(zip); i++) {
        struct str name = zip_name(zip, i);
        for (size_t k = 0; k < LENGTH(packed); k++) {
            struct str ending = str_of(packed[k].ends);
            if (name.len > ending.len &&
                str_eq_case(str_sub(name, name.len - ending.len, ending.len), ending)) {
                import_problem_set(p, PROBLEM_NOT_GEOJSON, 0, STR(""), str_of(packed[k].name));
                return;
            }
        }
    }
    import_problem_set(p, PROBLEM_NO_GEOJSON, 0, STR(""), STR(""));
}

// What the archive holds, which is freed; NULL with p filled.
static char *unpacked(char *archive, size_t *ret_len, struct import_problem *p)
{
    struct zip *zip   = zip_open((struct str){ archive, *ret_len }, FILE_MAX, p);
    char       *plain = zip ? unpack_zip(zip, unpack_geojson, ret_len, p) : NULL;

    if (zip && !plain && !p->code) {
        refuse_archive(zip, p);
    }
    if (p->code == PROBLEM_WORKBOOK) {
        import_problem_set(p, PROBLEM_UNREADABLE, 0, STR(""), STR("archive ZIP abîmée"));
    }
    zip_free(zip);
    free(archive);
    return plain;
}

// The text of the file, in UTF-8, out of its archive if it came in one; NULL with p filled.
static char *text_of(const char *path, size_t *ret_len, struct import_problem *p)
{
    char *text = input_all(path, FILE_MAX, ret_len, p);

    if (!text && p->code == PROBLEM_TOO_LARGE) {
        import_problem_set(p, PROBLEM_TOO_LARGE, 0, STR(""), STR("64 Mio, une fois décompressé"));
    }
    if (text && *ret_len >= 4 && memcmp(text, "PK\3\4", 4) == 0) {
        text = unpacked(text, ret_len, p);
    }
    for (size_t i = 0; text && i < LENGTH(others); i++) {
        if (*ret_len >= others[i].len && memcmp(text, others[i].begins, others[i].len) == 0) {
            import_problem_set(p, PROBLEM_NOT_GEOJSON, 0, STR(""), str_of(others[i].name));
            free(text);
            return NULL;
        }
    }
    if (text && charset_is_utf16((struct str){ text, *ret_len })) {
        char *wide = text;
        text       = charset_from_utf16((struct str){ wide, *ret_len }, ret_len);
        free(wide);
        if (!text) {
            import_problem_set(p, PROBLEM_NOT_UTF8, 0, STR(""), STR(""));
        }
    }
    return text;
}

enum import_result contours_import(struct db *db, const char *path, struct contours_report *ret,
                                   struct import_problem *p)
{
    size_t                len;
    uint64_t              count = 0;
    struct contours_frame frame;
    struct buf            lines   = buf_init(2 * (size_t)FILE_MAX);
    enum import_result    outcome = IMPORT_WRONG;
    char                 *text    = text_of(path, &len, p);

    *ret = (struct contours_report){ 0 };
    if (text && contours_read((struct str){ text, len }, &lines, &frame, &count, p)) {
        ret->read  = count + frame.bare + frame.nameless + frame.far;
        ret->frame = frame;
        outcome    = db_begin(db) ? IMPORT_FAILED : merge(db, buf_str(&lines), &frame, ret);
        if (outcome == IMPORT_DONE && db_commit(db)) {
            outcome = IMPORT_FAILED;
        }
        db_rollback(db);
    }
    free(text);
    buf_done(&lines);
    return outcome;
}
