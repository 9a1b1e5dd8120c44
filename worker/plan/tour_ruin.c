// Removes strings of visits that lie near each other.
#include "plan/tour_search_private.h"

// Removes a string of the tour of k that holds k; half the time a longer one whose middle stays.
static void remove_string(struct search *s, int32_t k, int32_t length)
{
    int32_t       r    = s->tour_of[k];
    struct route *tour = &s->now[r];
    int32_t       at = stop_of(tour, k), spare = 0;

    touch(s, r);
    if (length > 1 && length < tour->len && uniform(s) < rule.split) {
        spare = 1;
        while (length + spare < tour->len && uniform(s) > rule.stop_split) {
            spare++;
        }
    }
    int32_t whole = length + spare;
    int32_t first = at - whole + 1 < 1 ? 1 : at - whole + 1;
    int32_t last  = at + whole - 1 > tour->len ? tour->len - whole + 1 : at;
    first += below(s, last - first + 1);
    int32_t spare_at = spare ? first + 1 + below(s, length - 1) : first + whole;
    for (int32_t i = first; i < first + whole; i++) {
        if (i >= spare_at && i < spare_at + spare) {
            continue;
        }
        int32_t id             = tour->id[i];
        s->gone[id]            = 1;
        s->bag[s->bag_count++] = id;
        leave_out(s, id);
    }
    route_remove(s->c, r, tour, s->gone);
    tour->version = ++s->stamp;
    for (int32_t i = s->bag_count - length; i < s->bag_count; i++) {
        s->gone[s->bag[i]] = 0;
    }
    s->work += s->stop_price * tour->len;
}

// Without a visit the way may be longer: then more are removed, until the tour holds again.
static void mend(struct search *s, int32_t r)
{
    while (!s->now[r].holds) {
        remove_string(s, s->now[r].id[1 + below(s, s->now[r].len)], 1);
    }
}

void search_ruin(struct search *s)
{
    const struct core *c      = s->c;
    int32_t            served = c->n - s->left_count, used = 0;
    s->bag_count = 0;
    s->seed_job  = below(s, c->n);
    if (!served) {
        return;
    }
    for (int32_t r = 0; r < c->m; r++) {
        used += s->now[r].len > 0;
    }
    double mean            = (double)served / used;
    s->position_price      = s->base_price * (1 + s->far * (1 + (mean < 40 ? mean : 40) / 30));
    double         longest = mean < rule.string_most ? mean : rule.string_most;
    double         most    = 4 * rule.removed / (1 + longest) - 1;
    int32_t        strings = (int32_t)(uniform(s) * most + 1);
    bool           closes  = c->plain && uniform(s) < rule.close;
    const int32_t *near    = search_near(s, s->seed_job);
    for (int32_t i = -1; i < c->near_count && strings > 0; i++) {
        int32_t k = i < 0 ? s->seed_job : near[i];
        int32_t r = s->tour_of[k];
        if (r < 0 || s->is_touched[r]) {
            continue;
        }
        if (!s->bag_count && closes) {
            remove_string(s, k, s->now[r].len);
            strings--;
            continue;
        }
        double bound = s->now[r].len < longest ? s->now[r].len : longest;
        remove_string(s, k, (int32_t)(uniform(s) * bound + 1));
        strings--;
    }
    for (int32_t i = 0; i < s->touched_count; i++) {
        mend(s, s->touched[i]);
    }
    s->work += price.step + price.tour * c->m + price.left * s->left_count_before;
}
