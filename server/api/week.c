#include "api/week.h"

#include <stddef.h>

#include "queries.h"
#include "week/week_rows.h"

enum { DAYS_MOST = 42, SLOTS_MOST = 60 };

struct range_query {
    struct str     from, to;
    const int64_t *member;
};

static const struct field range_fields[] = {
    { .name = "from", .type = FIELD_DATE, .offset = offsetof(struct range_query, from), .required = true },
    { .name = "to", .type = FIELD_DATE, .offset = offsetof(struct range_query, to), .required = true },
    { .name = "member", .type = FIELD_ID, .offset = offsetof(struct range_query, member), .nullable = true },
    { 0 },
};

// Days since 0000-03-01 of a date that was read as one.
static int64_t day_number(struct str date)
{
    int64_t y = 0, m = 0, d = 0;
    bool    is_date = str_int(str_sub(date, 0, 4), &y) && str_int(str_sub(date, 5, 2), &m) && str_int(str_sub(date, 8, 2), &d);
    y -= m <= 2;
    m += m <= 2 ? 9 : -3;
    return is_date ? y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + d : 0;
}

static enum err range_read(struct req *r, struct range_query *ret)
{
    enum err e = query_read(r, range_fields, ret);
    if (e) {
        return e;
    }
    int64_t days = day_number(ret->to) - day_number(ret->from);
    if (days < 0 || days >= DAYS_MOST) {
        req_field_error(r, "to", "range", "Choisissez six semaines au plus.");
        return ERR_INVALID;
    }
    return OK;
}

enum err week_get(struct req *r)
{
    struct range_query q = { 0 };
    enum err           e = range_read(r, &q);
    return e ? e : reply_one(r, 200, week_document(r->db, q.member, q.from, q.to));
}

enum err week_team_get(struct req *r)
{
    struct range_query q = { 0 };
    enum err           e = range_read(r, &q);
    return e ? e : reply_one(r, 200, week_team(r->db, q.from, q.to));
}

enum err week_hours_get(struct req *r)
{
    return reply_one(r, 200, work_week_read(r->db));
}

struct hours_form {
    struct str days, opens, closes, lunch_from, lunch_to, starts, home_commune;
    int64_t    lunch_minutes, visit_minutes, visits_most;
};

// HH:MM; PostgreSQL would take much more.
static bool is_clock(struct str s)
{
    int64_t h, m;
    return s.len == 5 && s.at[2] == ':' && s.at[0] >= '0' && s.at[3] >= '0' && str_int(str_sub(s, 0, 2), &h) &&
           str_int(str_sub(s, 3, 2), &m) && h < 24 && m < 60;
}

static bool clocks_right(struct req *r, const struct hours_form *f)
{
    const struct {
        const char *name;
        struct str  value;
    } clocks[] = { { "opens", f->opens }, { "closes", f->closes }, { "lunch_from", f->lunch_from }, { "lunch_to", f->lunch_to } };
    bool are_right = true;
    for (size_t i = 0; i < LENGTH(clocks); i++) {
        if (!is_clock(clocks[i].value)) {
            req_field_error(r, clocks[i].name, "format", "Une heure s’écrit 08:30.");
            are_right = false;
        }
    }
    return are_right;
}

enum err week_hours_put(struct req *r)
{
    static const char *const  starts[] = { "agency", "home", NULL };
    static const struct field fields[] = {
        { .name = "days", .type = FIELD_IDS, .offset = offsetof(struct hours_form, days), .min = 1, .max = 6, .required = true },
        { .name = "opens", .type = FIELD_TEXT, .offset = offsetof(struct hours_form, opens), .max = 5, .required = true },
        { .name = "closes", .type = FIELD_TEXT, .offset = offsetof(struct hours_form, closes), .max = 5, .required = true },
        { .name = "lunch_from", .type = FIELD_TEXT, .offset = offsetof(struct hours_form, lunch_from), .max = 5, .required = true },
        { .name = "lunch_to", .type = FIELD_TEXT, .offset = offsetof(struct hours_form, lunch_to), .max = 5, .required = true },
        { .name = "lunch_minutes", .type = FIELD_INT, .offset = offsetof(struct hours_form, lunch_minutes), .min = 0, .max = 120, .required = true },
        { .name = "visit_minutes", .type = FIELD_INT, .offset = offsetof(struct hours_form, visit_minutes), .min = 10, .max = 240, .required = true },
        { .name = "visits_most", .type = FIELD_INT, .offset = offsetof(struct hours_form, visits_most), .min = 1, .max = 12, .required = true },
        { .name = "starts", .type = FIELD_CHOICE, .offset = offsetof(struct hours_form, starts), .choices = starts, .required = true },
        { .name = "home_commune", .type = FIELD_TEXT, .offset = offsetof(struct hours_form, home_commune), .min = 5, .max = 5 },
        { 0 },
    };
    struct hours_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e || !clocks_right(r, &f)) {
        return e ? e : ERR_INVALID;
    }
    CLEANUP(result_done)
    struct result done = work_week_write(r->db, f.days, f.opens, f.closes, f.lunch_from, f.lunch_to, f.lunch_minutes,
                                         f.visit_minutes, f.visits_most, f.starts, f.home_commune);
    return done.err ? done.err : week_hours_get(r);
}

enum err opening_hours_get(struct req *r)
{
    return reply_one(r, 200, opening_hours_read(r->db, path_id(r)));
}

enum err opening_hours_put(struct req *r)
{
    struct form {
        struct str hours;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name = "hours", .type = FIELD_JSON, .offset = offsetof(struct form, hours), .required = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = opening_hours_write(r->db, path_id(r), f.hours);
    return done.err ? done.err : opening_hours_get(r);
}

// --- moments for a visit ------------------------------------------------------------------------

// The moment itself is a day and a time of Paris: the browser knows its offset.
static enum err answer_slots(struct req *r, const struct week_slot *slots, int32_t count, bool is_placed)
{
    struct buf out = buf_init(KIB(64));
    buf_printf(&out, "{\"placed\":%s,\"slots\":[", is_placed ? "true" : "false");
    for (int32_t i = 0; i < count && i < SLOTS_MOST; i++) {
        int64_t day = slots[i].at / WEEK_DAY, time = slots[i].at % WEEK_DAY;
        buf_printf(&out, "%s{\"day\":%d,\"time\":\"%02d:%02d\",\"cost_minutes\":%d}", i ? "," : "", (int)day, (int)(time / 3600),
                   (int)(time % 3600 / 60), (int)((slots[i].cost + 30) / 60));
    }
    buf_add(&out, STR("]}"));
    struct str text = arena_str(r->arena, buf_str(&out));
    buf_done(&out);
    return reply_json(r, 200, text);
}

enum err slot_list(struct req *r)
{
    struct slot_query {
        struct str     from;
        int64_t        minutes;
        const int64_t *visit;
    } q                                = { .minutes = 60 };
    static const struct field fields[] = {
        { .name = "from", .type = FIELD_DATE, .offset = offsetof(struct slot_query, from), .required = true },
        { .name = "minutes", .type = FIELD_INT, .offset = offsetof(struct slot_query, minutes), .min = 10, .max = 480 },
        { .name = "visit", .type = FIELD_ID, .offset = offsetof(struct slot_query, visit), .nullable = true },
        { 0 },
    };
    enum err e = query_read(r, fields, &q);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result days = slot_days(r->db, q.from);
    if (days.err) {
        return days.err;
    }
    CLEANUP(result_done) struct result jobs = slot_jobs(r->db, q.from, path_id(r), q.minutes, q.visit);
    if (jobs.err) {
        return jobs.err;
    }
    const struct week_slot *slots = NULL;
    int32_t                 count = 0;
    struct week             week  = { 0 };
    week_read_days(&days, r->arena, &week);
    week_read_wishes(&jobs, r->arena, &week);
    int32_t     wish    = week.wish_count - 1;
    const char *refusal = wish >= 0 ? week_slots(&week, wish, r->arena, &slots, &count) : NULL;
    if (refusal) {
        req_why(r, str_of(refusal));
        return ERR_INVALID;
    }
    return answer_slots(r, slots, count, wish >= 0 && week.wishes[wish].place.is_known);
}
