// What groups are called, how well their records sit in them, and what a person should look at.
#include "link/link_private.h"

#include <math.h>

static int by_bytes(struct str a, struct str b)
{
    return str_compare(a, b);
}

// Members of every group, in member_start and member.
static void list_members(struct link *l)
{
    l->member_start = memory_zero((l->group_count + 2) * sizeof *l->member_start);
    l->member       = memory_new((l->count + 1) * sizeof *l->member);
    for (uint32_t r = 0; r < l->count; r++) {
        l->member_start[link_group_of(l, r) + 1]++;
    }
    for (size_t g = 0; g < l->group_count; g++) {
        l->member_start[g + 1] += l->member_start[g];
    }
    uint32_t *at = memory_new((l->group_count + 1) * sizeof *at);
    memcpy(at, l->member_start, l->group_count * sizeof *at);
    for (uint32_t r = 0; r < l->count; r++) {
        l->member[at[link_group_of(l, r)]++] = r;
    }
    free(at);
}

void link_name_groups(struct link *l)
{
    l->group_entity = memory_zero((l->group_count + 1) * sizeof *l->group_entity);
    list_members(l);
    for (size_t g = 0; g < l->group_count; g++) {
        struct str least = link_id(l, l->member[l->member_start[g]]);
        for (size_t i = l->member_start[g]; i < l->member_start[g + 1]; i++) {
            struct str id = link_id(l, l->member[i]);
            least         = by_bytes(id, least) < 0 ? id : least;
        }
        l->group_entity[g] = intern_add(l->entities, least);
    }
}

void link_score_records(struct link *l)
{
    l->score = memory_new((l->count + 1) * sizeof *l->score);
    for (size_t r = 0; r < l->count; r++) {
        l->score[r] = 1;
    }
}

void link_list_reviews(struct link *l)
{
    l->review_count = 0;
}

size_t link_review_count(const struct link *l)
{
    return l->review_count;
}
