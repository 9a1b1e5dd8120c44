// Somebody comes back: a leaf whose bound held its price up has room again. Its price comes down to
// where as many want to come as there is room for, at once, and nobody is asked but those who could
// stand there. Who they are is known from an index, made when it is first needed; establishments
// added since are looked at one by one until they are many.
#include "plan/assign_private.h"

// One who would come once the price is below this.
struct comer {
    int64_t below;
    int32_t who, option;
};

static void index_new(struct assign *s)
{
    size_t options = (size_t)s->p.first[s->p.count];

    s->option_first = memory_resize(s->option_first, ((size_t)s->p.nodes + 2) * sizeof(int32_t));
    s->option_of    = memory_resize(s->option_of, (options + 1) * sizeof(int32_t));
    s->indexed      = s->p.count;
    memset(s->option_first, 0, ((size_t)s->p.nodes + 2) * sizeof(int32_t));
    for (size_t e = 0; e < options; e++) {
        s->option_first[s->p.node[e] + 2]++;
    }
    for (int32_t v = 0; v < s->p.nodes; v++) {
        s->option_first[v + 2] += s->option_first[v + 1];
    }
    for (size_t e = 0; e < options; e++) {
        s->option_of[s->option_first[s->p.node[e] + 1]++] = (int32_t)e;
    }
}

static struct comer comer(const struct assign *s, int32_t option)
{
    int32_t i = s->owner[option];

    if (s->at[i] == AT_NOWHERE || s->at[i] == option || !assign_open(s, i, option)) {
        return (struct comer){ INT64_MIN, i, option };
    }
    int64_t here = assign_worth(s, s->at[i]) - s->price[assign_place(s, i)];
    return (struct comer){ s->p.profit[option] - here, i, option };
}

static int dearest(const void *a, const void *b)
{
    const struct comer *x = a, *y = b;

    if (x->below != y->below) {
        return x->below > y->below ? -1 : 1;
    }
    return (x->option > y->option) - (x->option < y->option);
}

// All who could come, in order of their numbers; on the heap.
static struct comer *comers(struct assign *s, int32_t v, int32_t *ret_count)
{
    enum { SOON = 8, LATER = 16, PART = 16 };
    if (!s->option_of || (s->p.count - s->indexed) > s->indexed / PART) {
        index_new(s);
    }
    int32_t       first = s->option_first[v], end = s->option_first[v + 1], count = 0;
    struct comer *all =
        memory_new((size_t)(end - first + s->p.count - s->indexed + 1) * sizeof *all);
    // What is known of them is all over memory: it is asked for well before its turn.
    for (int32_t k = first; k < end; k++) {
        if (k + LATER < end) {
            __builtin_prefetch(&s->owner[s->option_of[k + LATER]]);
            __builtin_prefetch(&s->p.profit[s->option_of[k + LATER]]);
        }
        if (k + SOON < end) {
            __builtin_prefetch(&s->at[s->owner[s->option_of[k + SOON]]]);
            __builtin_prefetch(&s->slot[s->owner[s->option_of[k + SOON]]]);
        }
        all[count] = comer(s, s->option_of[k]);
        count += all[count].below > INT64_MIN;
    }
    for (int32_t i = s->indexed; i < s->p.count; i++) {
        for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
            if (s->p.node[e] == v) {
                all[count] = comer(s, e);
                count += all[count].below > INT64_MIN;
            }
        }
    }
    *ret_count = count;
    return all;
}

// Those who stay where they are may leave for v earlier than was known.
static void tell(struct assign *s, int32_t v, const struct comer *one)
{
    int32_t i = one->who, leaf = assign_place(s, i);

    if (s->at[i] < 0) {
        return;
    }
    struct member *m     = assign_member_of(s, leaf, i);
    int64_t        cost  = s->p.profit[s->at[i]] - s->p.profit[one->option];
    int64_t        least = cost + s->price[v];
    if (m->to[0] != v && m->to[1] != v && least < m->next) {
        m->next = least;
    }
    assign_member_sooner(s, leaf, i, least);
    assign_exits_add(s, leaf, (struct exit){ cost, least, i, v });
}

void assign_welcome(struct assign *s, int32_t v)
{
    int64_t       old = s->price[v], price = old - assign_mu(s, v);
    int64_t       room  = s->p.upper[v] - s->load[v];
    int32_t       count = 0, near = 0;
    struct comer *all = comers(s, v, &count);

    room = room > 0 ? room : 0;
    for (int32_t k = 0; k < count; k++) { // those who may come before the others
        if (all[k].below > price) {
            struct comer one = all[k];
            all[k]           = all[near];
            all[near++]      = one;
        }
    }
    if (near) {
        qsort(all, (size_t)near, sizeof *all, dearest);
    }
    if (near > room) {
        int64_t most = room ? all[room - 1].below : old;
        price        = all[room].below + (most - all[room].below) / 2;
    }
    s->price[v] = price;
    assign_exits_drop(s, v);
    for (int32_t k = 0; k < count; k++) {
        if (k < near && all[k].below > price) {
            assign_move(s, all[k].who, all[k].option);
        } else {
            tell(s, v, &all[k]);
        }
    }
    free(all);
}
