// A week as a problem of tours: what stands is never argued with, what is told back can be kept.
#include <libpq-fe.h>

#include "tap.h"
#include "week/week_matrix.h"
#include "week/week_rows.h"

enum { MOST = 80 };
#define HOURS(h, m) ((int64_t)(h)*3600 + (m)*60)

static struct arena    *arena;
static struct week_day  days[8];
static struct week_wish wishes[MOST];
static struct week      week;
static struct week_plan plan;

static const struct week_place moulins = { 3.333, 46.565, 2, true },
                               vichy   = { 3.425, 46.128, 2, true };

// So many kilometres east of Moulins, about.
static struct week_place east(double km)
{
    return (struct week_place){ moulins.lon + km / 76.6, moulins.lat, 2, true };
}

static void begin(int32_t day_count)
{
    memset(wishes, 0, sizeof wishes);
    for (int32_t i = 0; i < day_count; i++) {
        int64_t midnight = (int64_t)i * WEEK_DAY;
        days[i]          = (struct week_day){
                     .member     = 7,
                     .day        = i,
                     .opens      = midnight + HOURS(8, 30),
                     .closes     = midnight + HOURS(17, 30),
                     .lunch_from = midnight + HOURS(12, 0),
                     .lunch_to   = midnight + HOURS(14, 0),
                     .lunch      = HOURS(1, 0),
                     .base       = moulins,
                     .most       = 6,
        };
    }
    week = (struct week){ .days = days, .day_count = day_count, .wishes = wishes };
}

static struct week_wish *wish(enum week_kind kind, struct week_place place, int64_t at)
{
    struct week_wish *x = &wishes[week.wish_count++];
    *x                  = (struct week_wish){
                         .kind          = kind,
                         .establishment = week.wish_count,
                         .member        = 7,
                         .service       = HOURS(1, 0),
                         .at            = at,
                         .place         = place,
                         .rank          = at >= 0 ? 3 : 0,
                         .worth         = 30,
                         .past_at       = -1,
    };
    return x;
}

static void solve(void)
{
    struct tour_options options = { .seed = 1, .work = 0.05 * tour_work_rate() };
    const char         *refusal = week_solve(&week, &options, arena, &plan);
    CHECK(refusal == NULL);
}

static const struct week_stop *stop_of(int32_t number)
{
    for (int32_t i = 0; i < plan.stop_count; i++) {
        if (plan.stops[i].wish == number) {
            return &plan.stops[i];
        }
    }
    return NULL;
}

static const struct week_left *left_of(int32_t number)
{
    for (int32_t i = 0; i < plan.left_count; i++) {
        if (plan.left[i].wish == number) {
            return &plan.left[i];
        }
    }
    return NULL;
}

static bool overlaps(const struct week_stop *a, const struct week_stop *b)
{
    return a->member == b->member && a->at < b->at + week.wishes[b->wish].service &&
           b->at < a->at + week.wishes[a->wish].service;
}

// Whether somebody works from then on for so long.
static bool is_in_hours(int64_t member, int64_t at, int64_t length)
{
    for (int32_t i = 0; i < week.day_count; i++) {
        const struct week_day *d = &days[i];
        if (d->member == member && at >= d->opens && at + length <= d->closes) {
            return true;
        }
    }
    return false;
}

// No two visits at once but those that people put so; quarters of an hour; within working hours.
static void check_kept(void)
{
    CHECK(plan.stop_count + plan.left_count == week.wish_count);
    for (int32_t i = 0; i < plan.stop_count; i++) {
        const struct week_stop *s = &plan.stops[i];
        const struct week_wish *x = &week.wishes[s->wish];
        CHECK(x->at < 0 || s->at == x->at);
        CHECK(x->at >= 0 || (s->at % WEEK_QUARTER == 0 && s->late == 0));
        CHECK(x->at >= 0 || is_in_hours(s->member, s->at, x->service));
        for (int32_t k = 0; k < i; k++) {
            CHECK((week.wishes[plan.stops[k].wish].at >= 0 && x->at >= 0) ||
                  !overlaps(s, &plan.stops[k]));
        }
    }
}

static void test_appointments_stay(void)
{
    begin(1);
    wish(WEEK_VISIT, east(10), HOURS(10, 20));
    wish(WEEK_VISIT, vichy, HOURS(15, 0));
    wish(WEEK_PROMISE, east(11), -1)->rank = 1;
    solve();
    check_kept();
    CHECK(plan.left_count == 0);
    CHECK(stop_of(2) && stop_of(2)->position == 1 &&
          stop_of(2)->at <= HOURS(9, 15)); // just before the first
    CHECK(plan.rounds[0].visits == 3 && plan.rounds[0].way > 0 &&
          plan.rounds[0].leaves < HOURS(9, 15));
}

static void test_overlap_lunch_and_evening(void)
{
    begin(1);
    wish(WEEK_VISIT, east(2), HOURS(9, 0));
    wish(WEEK_VISIT, vichy, HOURS(9, 30));    // at the same time, forty kilometres away
    wish(WEEK_VISIT, east(3), HOURS(12, 15)); // over lunch: it takes its place
    wish(WEEK_VISIT, east(3), HOURS(18, 30)); // after work
    wish(WEEK_VISIT, east(4), HOURS(30, 0));  // on a day on which nobody works
    wish(WEEK_PROMISE, east(3), -1)->rank = 2;
    solve();
    check_kept();
    CHECK(plan.stop_count == 6 && plan.left_count == 0);
    CHECK(stop_of(4) && stop_of(4)->position == 0);
    CHECK(stop_of(5) && stop_of(5)->at >= HOURS(13, 15));
    CHECK(plan.rounds[0].returns >= HOURS(19, 30));
}

// As after a drag: one leaves Moulins at 12:45 for an appointment at 13:00 in Vichy, and lunch
// would only have its place if one did not have to go there.
static void test_too_far_to_be_in_time(void)
{
    begin(1);
    wish(WEEK_VISIT, east(1), HOURS(11, 45));
    wish(WEEK_VISIT, vichy, HOURS(13, 0));
    wish(WEEK_VISIT, east(2), HOURS(16, 0));
    for (int i = 0; i < 5; i++) {
        wish(WEEK_PROMISE, i % 2 ? vichy : east(2), -1)->rank = 2;
    }
    solve();
    check_kept();
    CHECK(stop_of(0) && stop_of(0)->late == 0);
    CHECK(stop_of(1) && stop_of(1)->at == HOURS(13, 0) && stop_of(1)->late > 30 * 60 &&
          stop_of(1)->late < 90 * 60);
    CHECK(stop_of(2) && stop_of(2)->late == 0 && stop_of(2)->position > stop_of(1)->position);
    // Lunch is between two that are far; then the first is in a place without a way to the base.
    begin(1);
    wish(WEEK_VISIT, east(1), HOURS(11, 30));
    wish(WEEK_VISIT, vichy, HOURS(14, 0));
    wish(WEEK_PROMISE, vichy, -1)->service = HOURS(0, 30);
    wish(WEEK_PROMISE, vichy, -1)->service = HOURS(0, 30);
    wishes[2].rank = wishes[3].rank = 2;
    solve();
    check_kept();
    CHECK(plan.stop_count == 4 && stop_of(1)->late == 0);
    static const int32_t none[] = { 0, TOUR_NEVER, 600, TOUR_NEVER, 0, TOUR_NEVER, 600, 600, 0 };
    week.seconds                = none;
    solve();
    check_kept();
    CHECK(stop_of(0) && stop_of(1) && stop_of(0)->late == 0);
}

// A day that an appointment makes longer is longer for it alone.
static void test_hours_are_kept_around_an_evening(void)
{
    begin(1);
    wish(WEEK_VISIT, vichy, HOURS(20, 0));
    wish(WEEK_VISIT, east(3), HOURS(6, 0));
    for (int i = 0; i < 6; i++) {
        wish(WEEK_PROMISE, i % 2 ? vichy : east(2), -1)->rank = 2;
    }
    solve();
    check_kept();
    CHECK(plan.rounds[0].leaves < HOURS(6, 0) && plan.rounds[0].returns > HOURS(21, 0));
}

static uint64_t dice = 1;
static int64_t  roll(int64_t sides)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (int64_t)(dice % (uint64_t)sides);
}

// Whatever people put in their agenda, and however short the search: nothing over it.
static void test_nothing_over_what_stands(void)
{
    for (int round = 0; round < 150; round++) {
        begin(3);
        for (int i = 0; i < 9; i++) {
            struct week_place place =
                i % 8 == 7 ? (struct week_place){ 0 } : east((double)roll(60) - 20);
            wish(WEEK_VISIT, place, roll(3) * WEEK_DAY + HOURS(6, 0) + roll(180) * 300)->service =
                900 + roll(12) * 600;
        }
        for (int i = 0; i < 14; i++) {
            wish(WEEK_PROMISE, east((double)roll(40) - 10), -1)->rank = (int32_t)roll(3);
        }
        struct tour_options options = { .seed = 1, .work = (round % 3) * 0.004 * tour_work_rate() };
        CHECK(week_solve(&week, &options, arena, &plan) == NULL);
        check_kept();
        for (int i = 0; i < 9; i++) {
            CHECK(stop_of(i) && stop_of(i)->at == wishes[i].at);
        }
    }
}

static void test_lunch_is_kept_free(void)
{
    begin(1);
    for (int i = 0; i < 6; i++) {
        wish(WEEK_PROMISE, east(1 + i), -1)->rank = 1;
    }
    solve();
    check_kept();
    int64_t at = HOURS(12, 0), longest = 0;
    for (int32_t i = 0; i < plan.stop_count; i++) { // in order of time
        int64_t from = plan.stops[i].at, until = from + HOURS(1, 0);
        int64_t free_until = from < HOURS(14, 0) ? from : HOURS(14, 0);
        longest            = free_until - at > longest ? free_until - at : longest;
        at                 = until > at ? until : at;
    }
    longest = HOURS(14, 0) - at > longest ? HOURS(14, 0) - at : longest;
    CHECK(plan.stop_count >= 5 && longest >= HOURS(1, 0));
}

static void test_why_left_out(void)
{
    begin(1);
    wish(WEEK_NEARBY, vichy, -1)->worth = 5; // far for so little
    solve();
    CHECK(left_of(0) && left_of(0)->reason == WEEK_DETOUR && left_of(0)->cost > 5);
    begin(1);
    wish(WEEK_NEARBY, east(1), -1)->worth = 9;       // no room
    wish(WEEK_NEARBY, (struct week_place){ 0 }, -1); // not on the map
    wish(WEEK_PROMISE, east(1), -1)->member = 8;     // somebody else's
    static const int64_t night[] = { HOURS(3, 0), HOURS(4, 0) }, never[] = { -2, -1 };
    struct week_wish    *x = wish(WEEK_PROMISE, east(1), -1);
    x->windows = night, x->window_count = 2;
    x          = wish(WEEK_PROMISE, east(1), -1);
    x->windows = never, x->window_count = 2;
    for (int i = 0; i < 7; i++) {
        wish(WEEK_PROMISE, east(2), -1)->rank = 1;
    }
    solve();
    check_kept();
    CHECK(left_of(0) && left_of(0)->reason == WEEK_FULL);
    CHECK(left_of(1) && left_of(1)->reason == WEEK_UNPLACED);
    CHECK(left_of(2) && left_of(2)->reason == WEEK_NO_DAY);
    CHECK(left_of(3) && left_of(3)->reason == WEEK_HOURS);
    CHECK(left_of(4) && left_of(4)->reason == WEEK_HOURS);
    CHECK(plan.left_count == 6); // of seven, six in a day
    CHECK(left_of(11) == NULL || left_of(11)->reason == WEEK_FULL);
}

static void test_opening_hours(void)
{
    begin(2);
    static const int64_t tuesday[] = { WEEK_DAY + HOURS(14, 5), WEEK_DAY + HOURS(15, 0) };
    struct week_wish    *x         = wish(WEEK_PROMISE, east(5), -1);
    x->rank = 1, x->windows = tuesday, x->window_count = 2;
    solve();
    check_kept();
    CHECK(stop_of(0) && stop_of(0)->at >= tuesday[0] && stop_of(0)->at <= tuesday[1]);
}

static void test_pressing_ones_first(void)
{
    begin(1);
    for (int i = 0; i < 8; i++) {
        wish(WEEK_PROMISE, east(i < 6 ? 1 : 25), -1)->rank = i < 6 ? 1 : 2;
    }
    solve();
    CHECK(stop_of(6) && stop_of(7));
}

static void test_little_moves(void)
{
    begin(5);
    for (int i = 0; i < 22; i++) {
        wish(WEEK_PROMISE,
             (struct week_place){ 3.2 + 0.05 * (i % 7), 46.3 + 0.07 * (i % 5), 3, true }, -1)
            ->rank = 1;
    }
    solve();
    check_kept();
    CHECK(plan.stop_count == 22);
    struct week_plan before = plan;
    int32_t          gone   = before.stops[4].wish;
    for (int32_t i = 0; i < before.stop_count; i++) {
        wishes[before.stops[i].wish].past_at     = before.stops[i].at;
        wishes[before.stops[i].wish].past_member = before.stops[i].member;
    }
    // The fifth is cancelled, one is new.
    wishes[gone].past_at = -1;
    wishes[gone].place   = vichy;
    solve();
    check_kept();
    CHECK(plan.stop_count == 22 && plan.moved <= 2);
}

static void test_matrix_is_believed(void)
{
    begin(1);
    wish(WEEK_PROMISE, east(5), -1)->rank = 1;
    int32_t count                         = 0;
    CHECK(week_places(&week, arena, &count) && count == 2);
    static const int32_t seconds[] = { 0, 3000, 4000, 0 }, metres[] = { 0, 40000, 41000, 0 };
    week.seconds = seconds;
    week.metres  = metres;
    solve();
    CHECK(plan.rounds[0].way == 7000 && plan.rounds[0].metres == 81000);
    CHECK(stop_of(0) && stop_of(0)->way == 3000);
    static const int32_t none[] = { 0, TOUR_NEVER, TOUR_NEVER, 0 };
    week.seconds                = none;
    solve();
    CHECK(left_of(0) && left_of(0)->reason == WEEK_HOURS);
}

static void test_slots(void)
{
    begin(2);
    wish(WEEK_VISIT, east(20), HOURS(10, 0));
    wish(WEEK_NEARBY, east(20), -1);
    const struct week_slot *slots;
    int32_t                 count;
    CHECK(week_slots(&week, 1, arena, &slots, &count) == NULL);
    CHECK(count > 12);
    CHECK(slots[0].cost == 0 && slots[0].at < WEEK_DAY); // beside the appointment there
    CHECK(slots[count - 1].cost > 1200 && slots[count - 1].at >= WEEK_DAY); // a way of its own
    for (int32_t i = 0; i < count; i++) {
        CHECK(i == 0 || slots[i].cost >= slots[i - 1].cost);
        CHECK(slots[i].at % 1800 == 0);
        CHECK(slots[i].at + HOURS(1, 0) <= HOURS(10, 0) ||
              slots[i].at >= HOURS(11, 0)); // not over it
    }
    wishes[1].place.is_known = false;
    CHECK(week_slots(&week, 1, arena, &slots, &count) == NULL && count == 0);
}

static void test_same_seed_same_week(void)
{
    begin(5);
    for (int i = 0; i < 40; i++) {
        wish(WEEK_NEARBY,
             (struct week_place){ 3.0 + 0.031 * (i % 13), 46.3 + 0.043 * (i % 11), 3, true }, -1)
            ->worth = 10 + i % 30;
    }
    solve();
    struct week_plan first = plan;
    solve();
    CHECK(first.stop_count == plan.stop_count && plan.stop_count > 10);
    for (int32_t i = 0; i < plan.stop_count && i < first.stop_count; i++) {
        CHECK(first.stops[i].wish == plan.stops[i].wish && first.stops[i].at == plan.stops[i].at);
    }
}

// A row as libpq would have received it; NULL for null.
static struct result rows_of(const char *const *cells, int columns, int rows)
{
    PGresult    *made = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc desc[20];
    memset(desc, 0, sizeof desc);
    for (int i = 0; i < columns; i++) {
        desc[i].name = (char *)(uintptr_t) "column";
    }
    PQsetResultAttrs(made, columns, desc);
    for (int i = 0; i < columns * rows; i++) {
        PQsetvalue(made, i / columns, i % columns, (char *)(uintptr_t)cells[i],
                   cells[i] ? (int)strlen(cells[i]) : -1);
    }
    return (struct result){ OK, made };
}

static void test_rows(void)
{
    static const char *const day_cells[] = { "7",    "1",    "117000", "149400", "129600", "136800",
                                             "3600", "3.33", "46.5",   "1",      "6" };
    static const char *const wish_cells[] = {
        "visit",  "5",   "9",  "4",  "7",  "45", "122400", "3.4",     "46.1", "3",
        "3",      "240", "{}", NULL, NULL, "f",  "f",      "promise", "6",    NULL,
        "8",      "7",   "60", NULL, NULL, NULL, "2",      "1",       "45",   "{-2,-1,32400,43200}",
        "129600", "7",   "t",  "t",
    };
    struct result day_rows = rows_of(day_cells, 11, 1), wish_rows = rows_of(wish_cells, 17, 2);
    struct week   w = { 0 };
    week_read_days(&day_rows, arena, &w);
    week_read_wishes(&wish_rows, arena, &w);
    CHECK(w.day_count == 1 && w.days[0].day == 1 && w.days[0].opens == 117000 &&
          w.days[0].base.is_known && w.days[0].most == 6);
    CHECK(w.wish_count == 2 && w.wishes[0].kind == WEEK_VISIT && w.wishes[0].at == 122400 &&
          w.wishes[0].service == 2700);
    CHECK(w.wishes[0].past_at == -1 && w.wishes[0].window_count == 0);
    CHECK(w.wishes[1].kind == WEEK_PROMISE && w.wishes[1].at == -1 && !w.wishes[1].place.is_known &&
          w.wishes[1].visit == 0);
    CHECK(w.wishes[1].window_count == 4 && w.wishes[1].windows[0] == -2 &&
          w.wishes[1].windows[3] == 43200);
    CHECK(w.wishes[1].past_at == 129600 && w.wishes[1].past_left && w.wishes[1].is_locked);
    result_done(&day_rows);
    result_done(&wish_rows);
}

static void test_matrix_read(void)
{
    int32_t            seconds[4], metres[4];
    struct week_matrix into = { seconds, metres };
    CHECK(week_matrix_read(
        STR("{\"code\":\"Ok\",\"durations\":[[0,61.6],[null,0]],\"distances\":[[0,812.5],[null,0]]}"),
        2, 2, &into));
    CHECK(seconds[1] == 62 && seconds[2] == TOUR_NEVER && metres[1] == 813 && metres[2] == 0);
    CHECK(week_matrix_read(STR("{\"code\":\"Ok\",\"durations\":[[0,1e12],[3,0]]}"), 2, 2, &into));
    CHECK(seconds[1] == TOUR_NEVER && metres[3] == 0);
    CHECK(!week_matrix_read(STR("{\"code\":\"Ok\",\"durations\":[[0,-1],[3,0]]}"), 2, 2, &into));
    CHECK(!week_matrix_read(STR("{\"code\":\"Ok\",\"durations\":[[0,1]]}"), 2, 2, &into));
    CHECK(!week_matrix_read(STR("{\"code\":\"InvalidQuery\"}"), 2, 2, &into));
    CHECK(!week_matrix_read(STR("<html>"), 2, 2, &into));
    CHECK(!week_matrix_read(STR(""), 2, 2, &into));
}

int main(void)
{
    arena = arena_new();
    RUN(test_appointments_stay);
    RUN(test_overlap_lunch_and_evening);
    RUN(test_too_far_to_be_in_time);
    RUN(test_hours_are_kept_around_an_evening);
    RUN(test_nothing_over_what_stands);
    RUN(test_lunch_is_kept_free);
    RUN(test_why_left_out);
    RUN(test_opening_hours);
    RUN(test_pressing_ones_first);
    RUN(test_little_moves);
    RUN(test_matrix_is_believed);
    RUN(test_slots);
    RUN(test_same_seed_same_week);
    RUN(test_rows);
    RUN(test_matrix_read);
    arena_free(arena);
    return tap_done();
}
