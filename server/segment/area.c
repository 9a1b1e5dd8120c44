// Places: a drawn outline, a circle. Coordinates are whole hundred-thousandths of a degree, in
// which the sums of the tests below are exact.
#include <math.h>

#include "segment/rule_private.h"

enum { SCALE = 100000 };

struct spot {
    int64_t x, y;
};

static const double pi = 3.14159265358979323846;

static bool wrong(struct compiler *c, struct str path, const char *message)
{
    return rule_wrong(c, path, "area", message);
}

static bool spot_of(const json_t *lon, const json_t *lat, struct spot *ret)
{
    double x = json_number_value(lon), y = json_number_value(lat);
    if (!json_is_number(lon) || !json_is_number(lat) || !(x >= -180 && x <= 180) ||
        !(y >= -90 && y <= 90)) {
        return false;
    }
    *ret = (struct spot){ llround(x * SCALE), llround(y * SCALE) };
    return true;
}

// --- the outline
// -----------------------------------------------------------------------------------

// Left of a-b: positive; right: negative; on its line: 0.
static int side(struct spot a, struct spot b, struct spot p)
{
    int64_t turn = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
    return (turn > 0) - (turn < 0);
}

static bool is_between(struct spot a, struct spot b, struct spot p)
{
    return (p.x - a.x) * (p.x - b.x) <= 0 && (p.y - a.y) * (p.y - b.y) <= 0;
}

// Whether two edges without a common end touch.
static bool meet(struct spot a, struct spot b, struct spot c, struct spot d)
{
    int s1 = side(a, b, c), s2 = side(a, b, d), s3 = side(c, d, a), s4 = side(c, d, b);
    return (s1 != s2 && s3 != s4 && s1 * s2 <= 0 && s3 * s4 <= 0 && (s1 | s2) && (s3 | s4)) ||
           (s1 == 0 && is_between(a, b, c)) || (s2 == 0 && is_between(a, b, d)) ||
           (s3 == 0 && is_between(c, d, a)) || (s4 == 0 && is_between(c, d, b));
}

static bool crosses_itself(const struct spot *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 2; j < n; j++) {
            bool is_neighbour = i == 0 && j == n - 1;
            if (!is_neighbour && meet(p[i], p[i + 1], p[j], p[(j + 1) % n])) {
                return true;
            }
        }
    }
    return false;
}

// The corners, without repetitions and without the first again at the end; 0 with the fault told.
static size_t corners(struct compiler *c, const json_t *points, struct str path, struct spot *into)
{
    size_t count = json_array_size(points), n = 0;
    if (!json_is_array(points) || count < 3 || count > RULE_POINTS) {
        wrong(c, path, "Un contour a entre 3 et 200 points.");
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(points, i);
        struct spot   s;
        if (json_array_size(one) != 2 ||
            !spot_of(json_array_get(one, 0), json_array_get(one, 1), &s)) {
            wrong(c, path, "Un point du contour n’est pas sur Terre.");
            return 0;
        }
        if (n == 0 || s.x != into[n - 1].x || s.y != into[n - 1].y) {
            into[n++] = s;
        }
    }
    while (n > 1 && into[0].x == into[n - 1].x && into[0].y == into[n - 1].y) {
        n--;
    }
    if (n < 3 || crosses_itself(into, n)) {
        wrong(c, path,
              "Ce contour se croise lui-même ou n’entoure rien\u202f; dessinez-le à nouveau.");
        return 0;
    }
    return n;
}

bool rule_area(struct compiler *c, const json_t *value, struct str path)
{
    struct spot *p = ARENA_ARRAY(c->arena, struct spot, RULE_POINTS + 1);
    if (json_object_size(value) != 1) {
        return wrong(c, path, "Dessinez un contour.");
    }
    size_t n = corners(c, json_object_get(value, "points"), path, p);
    if (n == 0) {
        return false;
    }
    struct spot low = p[0], high = p[0];
    struct buf  outline = buf_init(KIB(16));
    for (size_t i = 0; i < n; i++) {
        low.x  = p[i].x < low.x ? p[i].x : low.x;
        low.y  = p[i].y < low.y ? p[i].y : low.y;
        high.x = p[i].x > high.x ? p[i].x : high.x;
        high.y = p[i].y > high.y ? p[i].y : high.y;
        buf_printf(&outline, "%c(%lld,%lld)", i ? ',' : '(', (long long)p[i].x, (long long)p[i].y);
    }
    buf_add_char(&outline, ')');
    // The box first: it costs little and leaves few.
    struct param params[] = { param_int4((int32_t)low.x), param_int4((int32_t)high.x),
                              param_int4((int32_t)low.y), param_int4((int32_t)high.y),
                              param_text(arena_str(c->arena, buf_str(&outline))) };
    buf_done(&outline);
    rule_fragment(
        c,
        "f.lon between ?::integer and ?::integer and f.lat between ?::integer and ?::integer"
        " and point(f.lon, f.lat) <@ ?::polygon",
        params, LENGTH(params));
    return true;
}

// --- the circle
// -------------------------------------------------------------------------------------

// On the plane that touches the centre: at 100 km and our latitudes 0.3 % from the sphere, less
// than anybody means by a distance.
bool rule_circle(struct compiler *c, const json_t *value, struct str path)
{
    struct spot   centre;
    const json_t *km    = json_object_get(value, "km");
    const json_t *label = json_object_get(value, "label");
    double        r     = json_number_value(km);
    if (json_object_size(value) != (size_t)(label ? 4 : 3) || (label && !json_is_string(label)) ||
        (label && json_string_length(label) > 200) ||
        !spot_of(json_object_get(value, "lon"), json_object_get(value, "lat"), &centre) ||
        llabs(centre.y) > 85 * SCALE) {
        return wrong(c, path, "Choisissez un lieu et une distance.");
    }
    if (!json_is_number(km) || !(r >= 0.1 && r <= 100)) {
        return wrong(c, path, "Indiquez une distance entre 0,1 et 100 km.");
    }
    double       degree   = 6371.0088 * pi / 180; // km
    double       shrink   = cos((double)centre.y / SCALE * pi / 180);
    double       reach    = r / degree * SCALE;
    int32_t      tall     = (int32_t)ceil(reach);
    int32_t      wide     = (int32_t)ceil(reach / shrink);
    struct param params[] = {
        param_int4((int32_t)centre.x - wide), param_int4((int32_t)centre.x + wide),
        param_int4((int32_t)centre.y - tall), param_int4((int32_t)centre.y + tall),
        param_int4((int32_t)centre.x),        param_float8(shrink),
        param_int4((int32_t)centre.y),        param_float8(reach * reach),
    };
    rule_fragment(
        c,
        "f.lon between ?::integer and ?::integer and f.lat between ?::integer and ?::integer"
        " and power((f.lon - ?::integer) * ?::float8, 2) + power((f.lat - ?::integer)::float8, 2) <= ?::float8",
        params, LENGTH(params));
    return true;
}
