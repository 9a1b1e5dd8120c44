// The nearest jobs of a job.
#include "plan/tour_search_private.h"

struct by_distance {
    int32_t distance, job;
};

static int closer(const void *a, const void *b)
{
    const struct by_distance *x = a, *y = b;
    return x->distance != y->distance ? (x->distance < y->distance ? -1 : 1)
                                      : (x->job > y->job) - (x->job < y->job);
}

// The `keep` nearest to the front, in order: quickselect, then sort.
static void select_near(struct by_distance *x, int32_t n, int32_t keep)
{
    int32_t low = 0, high = n - 1;
    while (low < high && keep < n) {
        struct by_distance pivot = x[low + (high - low) / 2];
        int32_t            i = low, j = high;
        while (i <= j) {
            while (closer(&x[i], &pivot) < 0) {
                i++;
            }
            while (closer(&x[j], &pivot) > 0) {
                j--;
            }
            if (i <= j) {
                struct by_distance swap = x[i];
                x[i++]                  = x[j];
                x[j--]                  = swap;
            }
        }
        if (keep <= j + 1) {
            high = j;
        } else if (keep >= i) {
            low = i;
        } else {
            break;
        }
    }
    qsort(x, (size_t)(keep < n ? keep : n), sizeof *x, closer);
}

const int32_t *search_near(struct search *s, int32_t k)
{
    if (s->near[k]) {
        return s->near[k];
    }
    const struct core  *c    = s->c;
    const int32_t      *time = c->roads[0].time, *time_to = c->roads[0].time_to;
    struct by_distance *all   = memory_new((size_t)c->n * sizeof *all);
    size_t              row   = (size_t)c->place[k] * (size_t)c->places;
    int32_t             count = 0;
    for (int32_t j = 0; j < c->n; j++) {
        if (j != k) {
            size_t at    = row + (size_t)c->place[j];
            all[count++] = (struct by_distance){ time[at] / 2 + time_to[at] / 2, j };
        }
    }
    select_near(all, count, c->near_count);
    s->near[k] = memory_new(((size_t)c->near_count + 1) * sizeof(int32_t));
    for (int32_t j = 0; j < c->near_count; j++) {
        s->near[k][j] = all[j].job;
    }
    free(all);
    return s->near[k];
}
