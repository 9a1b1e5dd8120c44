#include "import/lambert.h"

#include <math.h>

// IGN, "Projection cartographique conique conforme de Lambert", algorithms ALG0002 and ALG0004,
// with the constants of Lambert-93 on the GRS80 ellipsoid.
static const double EXPONENT = 0.7256077650532670;
static const double CONSTANT = 11754255.4261;
static const double POLE_X = 700000.0;
static const double POLE_Y = 12655612.0499;
static const double MERIDIAN = 3.0;
static const double ECCENTRICITY = 0.0818191910428158;
static const double PI = 3.14159265358979323846;

bool lambert93_to_lonlat(double x, double y, double *ret_lon, double *ret_lat)
{
    // Also false for NaN.
    if (!(x >= 0 && x <= 1300000 && y >= 6000000 && y <= 7200000)) {
        return false;
    }
    double dx = x - POLE_X;
    double dy = POLE_Y - y;
    double radius = sqrt(dx * dx + dy * dy);
    double angle = atan2(dx, dy);
    double isolat = -log(radius / CONSTANT) / EXPONENT;
    double latitude = 2 * atan(exp(isolat)) - PI / 2;

    for (int i = 0; i < 8; i++) {
        double es = ECCENTRICITY * sin(latitude);
        latitude = 2 * atan(pow((1 + es) / (1 - es), ECCENTRICITY / 2) * exp(isolat)) - PI / 2;
    }
    *ret_lon = MERIDIAN + angle / EXPONENT * 180 / PI;
    *ret_lat = latitude * 180 / PI;
    return true;
}
