#include "import/frame.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static const double PI = 3.14159265358979323846;

enum {
    SPHERE = 6371000, // metres; the projections below are of a sphere: they tell a system by
    NEAR   = 250000,  // where a département comes to lie, give or take this, and convert nothing
    FAR    = 400000,  // further from its middle no département has a commune, Guyane included
    ZONES  = 9,       // CC42 to CC50
    FEW    = 1000,
};

enum shape { DEGREES, MERCATOR, CONIC, TRANSVERSE };

// A system: its origin on the ground, and in metres.
static const struct frame {
    int        srid;
    enum shape shape;
    double     lon, lat, x, y;
} frames[] = {
    { FRAME_WGS84, DEGREES, 0, 0, 0, 0 },
    { FRAME_LAMBERT93, CONIC, 3, 46.5, 700000, 6600000 },
    { 3857, MERCATOR, 0, 0, 0, 0 },
    { 27572, CONIC, 2.3372, 46.8, 600000, 2200000 }, // Lambert II étendu
    { 3942, CONIC, 3, 42, 1700000, 1200000 },        // the conic ones of nine zones
    { 3943, CONIC, 3, 43, 1700000, 2200000 },
    { 3944, CONIC, 3, 44, 1700000, 3200000 },
    { 3945, CONIC, 3, 45, 1700000, 4200000 },
    { 3946, CONIC, 3, 46, 1700000, 5200000 },
    { 3947, CONIC, 3, 47, 1700000, 6200000 },
    { 3948, CONIC, 3, 48, 1700000, 7200000 },
    { 3949, CONIC, 3, 49, 1700000, 8200000 },
    { 3950, CONIC, 3, 50, 1700000, 9200000 },
    { 32620, TRANSVERSE, -63, 0, 500000, 0 }, // Antilles
    { 5490, TRANSVERSE, -63, 0, 500000, 0 },  // the same, in the system of today
    { 4559, TRANSVERSE, -63, 0, 500000, 0 },  // and in that before it
    { 32622, TRANSVERSE, -51, 0, 500000, 0 }, // Guyane
    { 2972, TRANSVERSE, -51, 0, 500000, 0 },
    { 2975, TRANSVERSE, 57, 0, 500000, 10000000 },  // La Réunion
    { 32738, TRANSVERSE, 45, 0, 500000, 10000000 }, // Mayotte
    { 4471, TRANSVERSE, 45, 0, 500000, 10000000 },
};

// Other names of these, to the metre: what came before or after them, and what programs call them.
static const struct {
    int named, srid;
} names[] = {
    { 4171, FRAME_WGS84 },     { 4258, FRAME_WGS84 },     { 9777, FRAME_WGS84 },
    { 9782, FRAME_WGS84 },     { 5489, FRAME_WGS84 },     { 4624, FRAME_WGS84 },
    { 4627, FRAME_WGS84 },     { 4470, FRAME_WGS84 },     { 4463, FRAME_WGS84 },
    { 9793, FRAME_LAMBERT93 }, { 9794, FRAME_LAMBERT93 }, { 102110, FRAME_LAMBERT93 },
    { 900913, 3857 },          { 102100, 3857 },
};

// About the middle of each département, in degrees.
static const struct {
    char   code[4];
    double lon, lat;
} middles[] = {
    // clang-format off
    { "01", 5.4, 46.1 }, { "02", 3.6, 49.5 }, { "03", 3.1, 46.4 }, { "04", 6.2, 44.2 },
    { "05", 6.2, 44.7 }, { "06", 7.2, 43.9 }, { "07", 4.4, 44.8 }, { "08", 4.7, 49.7 },
    { "09", 1.5, 42.9 }, { "10", 4.1, 48.3 }, { "11", 2.5, 43.1 }, { "12", 2.6, 44.3 },
    { "13", 5.0, 43.5 }, { "14", -0.4, 49.1 }, { "15", 2.7, 45.0 }, { "16", 0.2, 45.7 },
    { "17", -0.8, 45.7 }, { "18", 2.4, 47.0 }, { "19", 1.9, 45.3 }, { "21", 4.8, 47.5 },
    { "22", -2.8, 48.5 }, { "23", 2.0, 46.1 }, { "24", 0.7, 45.1 }, { "25", 6.4, 47.1 },
    { "26", 5.2, 44.7 }, { "27", 1.0, 49.1 }, { "28", 1.4, 48.4 }, { "29", -4.2, 48.2 },
    { "2A", 9.0, 41.9 }, { "2B", 9.1, 42.4 }, { "30", 4.1, 44.0 }, { "31", 1.2, 43.3 },
    { "32", 0.5, 43.7 }, { "33", -0.5, 44.9 }, { "34", 3.4, 43.6 }, { "35", -1.7, 48.2 },
    { "36", 1.5, 46.8 }, { "37", 0.7, 47.2 }, { "38", 5.6, 45.3 }, { "39", 5.7, 46.8 },
    { "40", -0.7, 44.0 }, { "41", 1.4, 47.7 }, { "42", 4.2, 45.8 }, { "43", 3.8, 45.1 },
    { "44", -1.8, 47.3 }, { "45", 2.3, 47.9 }, { "46", 1.6, 44.6 }, { "47", 0.5, 44.4 },
    { "48", 3.5, 44.5 }, { "49", -0.6, 47.4 }, { "50", -1.3, 49.1 }, { "51", 4.2, 49.0 },
    { "52", 5.3, 48.1 }, { "53", -0.6, 48.1 }, { "54", 6.3, 49.0 }, { "55", 5.4, 49.0 },
    { "56", -2.9, 47.7 }, { "57", 6.8, 49.0 }, { "58", 3.5, 47.1 }, { "59", 3.1, 50.5 },
    { "60", 2.4, 49.4 }, { "61", 0.1, 48.6 }, { "62", 2.4, 50.5 }, { "63", 3.2, 45.8 },
    { "64", -0.9, 43.2 }, { "65", 0.2, 43.1 }, { "66", 2.5, 42.6 }, { "67", 7.6, 48.6 },
    { "68", 7.2, 47.9 }, { "69", 4.7, 45.9 }, { "70", 6.1, 47.6 }, { "71", 4.5, 46.7 },
    { "72", 0.2, 48.0 }, { "73", 6.4, 45.5 }, { "74", 6.4, 46.0 }, { "75", 2.3, 48.9 },
    { "76", 0.9, 49.7 }, { "77", 3.0, 48.6 }, { "78", 1.8, 48.8 }, { "79", -0.3, 46.5 },
    { "80", 2.3, 50.0 }, { "81", 2.2, 43.8 }, { "82", 1.4, 44.1 }, { "83", 6.3, 43.4 },
    { "84", 5.2, 44.0 }, { "85", -1.5, 46.7 }, { "86", 0.6, 46.6 }, { "87", 1.3, 45.9 },
    { "88", 6.3, 48.2 }, { "89", 3.6, 47.9 }, { "90", 6.9, 47.6 }, { "91", 2.3, 48.5 },
    { "92", 2.2, 48.8 }, { "93", 2.4, 48.9 }, { "94", 2.5, 48.8 }, { "95", 2.1, 49.1 },
    { "971", -61.5, 16.2 }, { "972", -61.0, 14.7 }, { "973", -53.1, 3.9 }, { "974", 55.5, -21.1 },
    { "975", -56.3, 46.9 }, { "976", 45.2, -12.8 }, { "977", -62.8, 17.9 },
    { "978", -63.1, 18.1 },
    // clang-format on
};

static const struct frame *frame_by(int srid)
{
    for (size_t i = 0; i < LENGTH(frames); i++) {
        if (frames[i].srid == srid) {
            return &frames[i];
        }
    }
    return NULL;
}

void frame_department(const char *code, char ret[4])
{
    size_t n = strlen(code), len = strncmp(code, "97", 2) == 0 ? 3 : 2;

    len = len < n ? len : n;
    memcpy(ret, code, len);
    ret[len] = '\0';
}

int frame_of_name(int named)
{
    // Two more editions of the conic ones of nine zones.
    static const int editions[] = { 9822, 9842 };

    for (size_t i = 0; i < LENGTH(names); i++) {
        if (names[i].named == named) {
            return names[i].srid;
        }
    }
    for (size_t i = 0; i < LENGTH(editions); i++) {
        if (named >= editions[i] && named < editions[i] + ZONES) {
            return 3942 + named - editions[i];
        }
    }
    return frame_by(named) ? named : 0;
}

// Where a place comes to lie in this system, about.
static void project(const struct frame *f, double lon, double lat, double *ret_x, double *ret_y)
{
    double east = (lon - f->lon) * PI / 180, north = lat * PI / 180, origin = f->lat * PI / 180;

    switch (f->shape) {
    case DEGREES:
        *ret_x = lon;
        *ret_y = lat;
        return;
    case MERCATOR:
        *ret_x = SPHERE * east;
        *ret_y = SPHERE * log(tan(PI / 4 + north / 2));
        return;
    case TRANSVERSE:
        *ret_x = f->x + SPHERE * east * cos(north);
        *ret_y = f->y + SPHERE * north;
        return;
    case CONIC: {
        double n      = sin(origin);
        double radius = SPHERE / tan(origin);
        double there  = radius * pow(tan(PI / 4 + origin / 2) / tan(PI / 4 + north / 2), n);
        *ret_x        = f->x + there * sin(n * east);
        *ret_y        = f->y + radius - there * cos(n * east);
        return;
    }
    }
}

// Whether the position lies so many metres about the middle of its département.
static bool is_within(double metres, const struct frame *f, bool is_swapped,
                      const struct frame_place *place, double lon, double lat)
{
    double x = 0, y = 0, dx = is_swapped ? place->y : place->x,
           dy     = is_swapped ? place->x : place->y;
    double narrow = cos(lat * PI / 180), degree = SPHERE * PI / 180;

    project(f, lon, lat, &x, &y);
    dx          = f->shape == DEGREES ? (dx - x) * degree * narrow : dx - x;
    dy          = f->shape == DEGREES ? (dy - y) * degree : dy - y;
    double most = f->shape == MERCATOR ? metres / narrow : metres;
    return dx * dx + dy * dy < most * most;
}

// LENGTH(middles) when the département is not known.
static size_t middle_of(const char *department)
{
    size_t at = 0;

    while (at < LENGTH(middles) && strcmp(middles[at].code, department) != 0) {
        at++;
    }
    return at;
}

bool frame_is_far(int srid, bool is_swapped, const struct frame_place *place)
{
    size_t at = middle_of(place->department);

    return at < LENGTH(middles) &&
           !is_within(FAR, frame_by(srid), is_swapped, place, middles[at].lon, middles[at].lat);
}

int frame_find(int said, const struct frame_place *places, size_t count, bool *ret_is_swapped)
{
    // One of each system, and degrees the other way round.
    size_t near[LENGTH(frames) + 1] = { 0 }, told = 0, best = 0;

    for (size_t i = 0; i < count; i++) {
        size_t at = middle_of(places[i].department);
        if (at == LENGTH(middles)) {
            continue;
        }
        told++;
        for (size_t k = 0; k < LENGTH(near); k++) {
            bool is_swapped = k == LENGTH(frames);
            near[k] += is_within(NEAR, &frames[is_swapped ? 0 : k], is_swapped, &places[i],
                                 middles[at].lon, middles[at].lat);
        }
    }
    for (size_t k = 0; k < LENGTH(frames); k++) {
        best = frames[k].srid == said ? k : best;
    }
    for (size_t k = 0; k < LENGTH(near); k++) {
        best = near[k] > near[best] ? k : best;
    }
    *ret_is_swapped = near[best] * 2 > told && best == LENGTH(frames);
    if (near[best] * 2 > told) {
        return frames[*ret_is_swapped ? 0 : best].srid;
    }
    if (said || count == 0) {
        return said ? said : FRAME_WGS84;
    }
    // Metres are not so few; degrees that are wrong are told where they stand.
    return fabs(places[0].x) < FEW && fabs(places[0].y) < FEW ? FRAME_WGS84 : 0;
}

bool frame_holds(int srid, bool is_swapped, double x, double y)
{
    const struct frame *f = frame_by(srid);
    double dx = fabs((is_swapped ? y : x) - f->x), dy = fabs((is_swapped ? x : y) - f->y);

    switch (f->shape) {
    case DEGREES:
        return dx <= 180 && dy <= 90;
    case MERCATOR:
        return dx <= PI * 6378137 && dy <= PI * 6378137;
    case CONIC:
        return dx <= 1000000 && dy <= 1000000;
    case TRANSVERSE:
        return dx <= 500000 && dy <= 10000000;
    }
    return false;
}
