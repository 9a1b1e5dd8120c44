// Reads the text formats of benchmark instances: Solomon's, and team orienteering with time
// windows.
//
// Both have one line a place, the first one being where all tours begin and end. What is read are
// numbers with few decimals; everything is multiplied by the scale and becomes whole.
#include "plan/tour_instance.h"

#include <math.h>

enum { NUMBERS_MAX = 64, DECIMALS_SEEN = 3 };

struct line {
    double  x[NUMBERS_MAX];
    int     count;
    int     decimals; // most decimals of a number
    int64_t number;
    bool    is_numbers; // nothing but numbers
};

struct text {
    struct str         rest;
    int64_t            number;
    struct buf        *why;
    struct arena      *arena;
    struct tour_place *places;
    struct tour_job   *jobs;
    int32_t            count, room;
    int64_t            scale;
    int64_t            vehicles, capacity;
    int                decimals;
};

static bool fail(struct text *t, const char *sentence)
{
    buf_printf(t->why, "ligne %lld : %s", (long long)t->number, sentence);
    return false;
}

static int decimals_of(struct str word)
{
    size_t point = str_index(word, '.');
    return point < word.len ? (int)(word.len - point - 1) : 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// The next line; false at the end.
static bool next_line(struct text *t, struct line *l)
{
    struct str line;
    if (!str_cut(&t->rest, '\n', &line)) {
        return false;
    }
    *l = (struct line){ .number = ++t->number, .is_numbers = true };
    for (size_t i = 0; i < line.len;) {
        while (i < line.len && is_blank(line.at[i])) {
            i++;
        }
        size_t begin = i;
        while (i < line.len && !is_blank(line.at[i])) {
            i++;
        }
        struct str word = str_sub(line, begin, i - begin);
        double     x;
        if (!word.len) {
            continue;
        }
        if (l->count == NUMBERS_MAX || word.len > 40 || !str_double(word, &x) || fabs(x) > 1e7) {
            l->is_numbers = false;
            continue;
        }
        int decimals     = decimals_of(word);
        l->decimals      = decimals > l->decimals ? decimals : l->decimals;
        l->x[l->count++] = x;
    }
    return true;
}

static int64_t whole(const struct text *t, double x)
{
    return llround(x * (double)t->scale);
}

struct row {
    double x, y, service, load, profit, open, close;
};

static bool add_place(struct text *t, const struct row *r)
{
    if (t->count == t->room) {
        return fail(t, "trop de lieux (8 000 au plus)");
    }
    if (r->service < 0 || r->load < 0 || r->profit < 0) {
        return fail(t, "durée, quantité et profit ne sont pas négatifs");
    }
    if (r->open > r->close) {
        return fail(t, "la fenêtre se ferme avant de s’ouvrir");
    }
    struct tour_window *w  = ARENA_NEW(t->arena, struct tour_window);
    int64_t            *n  = ARENA_ARRAY(t->arena, int64_t, 4);
    *w                     = (struct tour_window){ whole(t, r->open), whole(t, r->close) };
    n[0]                   = whole(t, r->service);
    n[1]                   = llround(r->load);
    t->places[t->count]    = (struct tour_place){ r->x, r->y, -1, 1 };
    t->jobs[t->count]      = (struct tour_job){ .id           = t->count,
                                                .place        = t->count,
                                                .setup        = n + 2,
                                                .service      = n,
                                                .delivery     = n + 1,
                                                .pickup       = n + 2,
                                                .start        = { w, 1 },
                                                .past_vehicle = -1 };
    t->jobs[t->count].rank = llround(r->profit * 100);
    t->count++;
    return true;
}

static bool read_solomon(struct text *t)
{
    struct line l;
    while (next_line(t, &l)) {
        if (!l.count || !l.is_numbers) {
            continue;
        }
        if (!t->vehicles) {
            if (l.count != 2 || l.x[0] < 1 || l.x[0] > 10000 || l.x[1] < 0) {
                return fail(t, "le nombre de véhicules et leur capacité sont attendus");
            }
            t->vehicles = (int64_t)l.x[0];
            t->capacity = (int64_t)l.x[1];
        } else if (l.count != 7) {
            return fail(t, "sept nombres sont attendus : numéro, x, y, quantité, ouverture, "
                           "fermeture, durée");
        } else if (l.x[0] != t->count) {
            return fail(t, "les numéros doivent se suivre à partir de 0");
        } else {
            struct row r = { .x       = l.x[1],
                             .y       = l.x[2],
                             .load    = l.x[3],
                             .open    = l.x[4],
                             .close   = l.x[5],
                             .service = l.x[6] };
            if (!add_place(t, &r)) {
                return false;
            }
            t->jobs[t->count - 1].rank = 1;
        }
    }
    return true;
}

static bool read_toptw(struct text *t)
{
    struct line l;
    int         head = 0;
    while (next_line(t, &l)) {
        if (!l.count && l.is_numbers) {
            continue;
        }
        if (!l.is_numbers) {
            return fail(t, "des nombres seulement sont attendus");
        }
        if (head < 2) {
            if (l.count < 2) {
                return fail(t, "l’en-tête compte deux lignes : k v N t, puis D Q");
            }
            head++;
            continue;
        }
        if (l.count < 8 || l.x[0] != t->count) {
            return fail(t, l.count < 8
                               ? "au moins huit nombres sont attendus : numéro, x, y, durée, "
                                 "profit, f, a, …, ouverture, fermeture"
                               : "les numéros doivent se suivre à partir de 0");
        }
        struct row r = { .x       = l.x[1],
                         .y       = l.x[2],
                         .service = l.x[3],
                         .profit  = l.x[4],
                         .open    = l.x[l.count - 2],
                         .close   = l.x[l.count - 1] };
        if (!add_place(t, &r)) {
            return false;
        }
    }
    return true;
}

// Coordinates with three decimals are Cordeau's, whose distances have two; Solomon's have one.
static int64_t scale_of(struct str text)
{
    struct text t = { .rest = text };
    struct line l;
    int         most = 0;
    while (next_line(&t, &l)) {
        most = l.is_numbers && l.decimals > most ? l.decimals : most;
    }
    return most >= DECIMALS_SEEN ? 100 : 10;
}

static void finish(struct text *t, enum tour_format format, bool nearest,
                   struct tour_instance *instance)
{
    struct tour_vehicle *vehicles = ARENA_ARRAY(t->arena, struct tour_vehicle, (size_t)t->vehicles);
    struct tour_profile *profile  = ARENA_NEW(t->arena, struct tour_profile);
    int64_t             *capacity = ARENA_NEW(t->arena, int64_t);

    *profile  = (struct tour_profile){ .metric  = TOUR_PLANE,
                                       .scale   = (double)t->scale,
                                       .nearest = nearest };
    *capacity = t->capacity;
    for (int64_t i = 0; i < t->vehicles; i++) {
        vehicles[i] = (struct tour_vehicle){ .id           = i + 1,
                                             .time         = t->jobs[0].start.at[0],
                                             .capacity     = capacity,
                                             .speed_factor = 1,
                                             .per_hour     = 3600,
                                             .max_tasks    = -1,
                                             .max_travel   = -1,
                                             .max_distance = -1 };
    }
    *instance = (struct tour_instance){
        .format = format, .scale = t->scale, .nearest = nearest, .has_distances = true
    };
    instance->problem = (struct tour_problem){
        .places          = t->places,
        .place_count     = t->count,
        .profiles        = profile,
        .profile_count   = 1,
        .vehicles        = vehicles,
        .vehicle_count   = (int32_t)t->vehicles,
        .jobs            = t->jobs + 1,
        .job_count       = t->count - 1,
        .type_count      = 1,
        .dimension_count = format == TOUR_SOLOMON,
        .stability       = -1,
    };
}

bool tour_read_text(struct str text, enum tour_format format, struct tour_reading how,
                    struct arena *arena, struct tour_instance *ret_instance, struct buf *why)
{
    struct text t = { .rest = text, .why = why, .arena = arena, .room = TOUR_PLACES_TOGETHER };

    t.scale  = how.scale ? how.scale : format == TOUR_TOPTW ? scale_of(text) : 10;
    t.places = ARENA_ARRAY(arena, struct tour_place, (size_t)t.room);
    t.jobs   = ARENA_ARRAY(arena, struct tour_job, (size_t)t.room);
    if (!(format == TOUR_SOLOMON ? read_solomon(&t) : read_toptw(&t))) {
        return false;
    }
    if (!t.count) {
        return fail(&t, "aucun lieu");
    }
    if (format == TOUR_TOPTW || how.vehicles) {
        t.vehicles = how.vehicles ? how.vehicles : 1;
    }
    if (t.jobs[0].start.at[0].close - t.jobs[0].start.at[0].open > TOUR_TIME_MAX) {
        return fail(&t, "horizon trop long");
    }
    finish(&t, format, how.nearest, ret_instance);
    return true;
}

enum tour_format tour_format_guess(struct str text)
{
    struct text t = { .rest = text };
    struct line l;
    struct str  first = str_trim(str_sub(text, 0, 200));
    if (first.len && (first.at[0] == '{' || first.at[0] == '[')) {
        return TOUR_VROOM;
    }
    // Orienteering begins with numbers, Solomon's with a name.
    while (next_line(&t, &l)) {
        if (l.count || !l.is_numbers) {
            return l.is_numbers && l.count >= 2 ? TOUR_TOPTW : TOUR_SOLOMON;
        }
    }
    return TOUR_SOLOMON;
}
