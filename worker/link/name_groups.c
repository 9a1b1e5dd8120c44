// What groups are called, so that their ids last from one grouping to the next.
#include "link/link_private.h"

struct claim {
    uint32_t entity, group, records;
};

// Records by node, so that what follows depends on what they say and not on their order of
// addition.
static uint32_t *by_node(const struct link *l)
{
    uint32_t *order = memory_new((l->count + 1) * sizeof *order);
    uint32_t *start = memory_zero((l->node_count + 2) * sizeof *start);

    for (uint32_t r = 0; r < l->count; r++) {
        start[l->node[r] + 1]++;
    }
    for (size_t n = 0; n < l->node_count; n++) {
        start[n + 1] += start[n];
    }
    for (uint32_t r = 0; r < l->count; r++) {
        order[start[l->node[r]]++] = r;
    }
    free(start);
    return order;
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
    uint32_t *order = by_node(l);
    uint32_t *at    = memory_new((l->group_count + 1) * sizeof *at);
    memcpy(at, l->member_start, (l->group_count + 1) * sizeof *at);
    for (size_t i = 0; i < l->count; i++) {
        l->member[at[link_group_of(l, order[i])]++] = order[i];
    }
    free(order);
    free(at);
}

static struct str least_id(const struct link *l, uint32_t group)
{
    struct str least = link_id(l, l->member[l->member_start[group]]);

    for (size_t i = l->member_start[group]; i < l->member_start[group + 1]; i++) {
        struct str id = link_id(l, l->member[i]);
        least         = str_compare(id, least) < 0 ? id : least;
    }
    return least;
}

// Sorting needs to see the link: qsort_r hands it over.
static int by_strength(const void *a, const void *b, void *context)
{
    const struct link  *l = context;
    const struct claim *x = a, *y = b;

    if (x->records != y->records) {
        return x->records > y->records ? -1 : 1;
    }
    if (x->entity != y->entity) {
        return str_compare(intern_str(l->entities, x->entity), intern_str(l->entities, y->entity));
    }
    return x->group == y->group ? 0 : str_compare(least_id(l, x->group), least_id(l, y->group));
}

static int by_entity(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;

    if (x->entity != y->entity) {
        return x->entity < y->entity ? -1 : 1;
    }
    return x->group < y->group ? -1 : x->group > y->group;
}

// Who claims which id, with how many records.
static struct claim *list_claims(const struct link *l, size_t *ret_count)
{
    struct claim *claims = memory_new((l->count + 1) * sizeof *claims);
    size_t        n = 0, kept = 0;

    for (uint32_t r = 0; r < l->count; r++) {
        if (l->previous[r]) {
            claims[n++] = (struct claim){ l->previous[r], link_group_of(l, r), 1 };
        }
    }
    qsort(claims, n, sizeof *claims, by_entity);
    for (size_t i = 0; i < n; i++) {
        bool same = kept && claims[kept - 1].entity == claims[i].entity &&
                    claims[kept - 1].group == claims[i].group;
        if (same) {
            claims[kept - 1].records++;
        } else {
            claims[kept++] = claims[i];
        }
    }
    qsort_r(claims, kept, sizeof *claims, by_strength, (void *)(uintptr_t)l);
    *ret_count = kept;
    return claims;
}

static int by_from(const void *a, const void *b, void *context)
{
    const struct link     *l = context;
    const struct redirect *x = a, *y = b;
    return str_compare(intern_str(l->entities, x->from), intern_str(l->entities, y->from));
}

// Ids that no group took lead to the group that holds most of their records: the first claim.
static void list_redirects(struct link *l, const struct claim *claims, size_t count,
                           uint32_t *owner)
{
    l->redirects = memory_new((count + 1) * sizeof *l->redirects);
    for (size_t i = 0; i < count; i++) {
        if (owner[claims[i].entity] == NO_GROUP) {
            owner[claims[i].entity] = claims[i].group;
            l->redirects[l->redirect_count++] =
                (struct redirect){ claims[i].entity, l->group_entity[claims[i].group] };
        }
    }
    qsort_r(l->redirects, l->redirect_count, sizeof *l->redirects, by_from, l);
}

uint32_t link_new_entity(struct link *l, struct str id)
{
    char   name[LINK_ID_MAX + 24];
    size_t len = id.len;

    memcpy(name, id.at, len);
    for (unsigned n = 2; intern_find(l->entities, (struct str){ name, len }); n++) {
        int more = snprintf(name + id.len, sizeof name - id.len, "~%u", n);
        len      = id.len + (size_t)more;
    }
    return intern_add(l->entities, (struct str){ name, len });
}

struct named {
    struct str name;
    uint32_t   group;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return str_compare(x->name, y->name);
}

// Renumbers the groups in the order of their names.
static void order_groups(struct link *l)
{
    struct named *order  = memory_new((l->group_count + 1) * sizeof *order);
    uint32_t     *number = memory_new((l->group_count + 1) * sizeof *number);
    uint32_t     *entity = memory_new((l->group_count + 1) * sizeof *entity);

    for (uint32_t g = 0; g < l->group_count; g++) {
        order[g] = (struct named){ link_entity(l, g), g };
    }
    qsort(order, l->group_count, sizeof *order, by_name);
    for (uint32_t g = 0; g < l->group_count; g++) {
        number[order[g].group] = g;
        entity[g]              = l->group_entity[order[g].group];
    }
    for (size_t i = 0; i < l->node_count; i++) {
        l->nodes[i].group = l->nodes[i].group == NO_GROUP ? NO_GROUP : number[l->nodes[i].group];
    }
    free(l->group_entity);
    l->group_entity = entity;
    free(order);
    free(number);
    free(l->member_start);
    free(l->member);
    list_members(l);
}

void link_name_groups(struct link *l)
{
    size_t claim_count;

    l->group_entity = memory_zero((l->group_count + 1) * sizeof *l->group_entity);
    list_members(l);
    struct claim *claims   = list_claims(l, &claim_count);
    size_t        entities = intern_count(l->entities) + 1;
    uint32_t     *owner    = memory_new(entities * sizeof *owner);
    memset(owner, 0xFF, entities * sizeof *owner);
    for (size_t i = 0; i < claim_count; i++) {
        const struct claim *c = &claims[i];
        if (owner[c->entity] == NO_GROUP && !l->group_entity[c->group]) {
            owner[c->entity]          = c->group;
            l->group_entity[c->group] = c->entity;
        }
    }
    for (uint32_t g = 0; g < l->group_count; g++) {
        if (!l->group_entity[g]) {
            // An older entity may be called so: a sign behind tells them apart.
            l->group_entity[g] = link_new_entity(l, least_id(l, g));
        }
    }
    list_redirects(l, claims, claim_count, owner);
    free(claims);
    free(owner);
    order_groups(l);
    l->late_head = memory_new((l->group_count + 1) * sizeof *l->late_head);
    memset(l->late_head, 0xFF, (l->group_count + 1) * sizeof *l->late_head);
}

size_t link_redirect_count(const struct link *l)
{
    return l->redirect_count;
}

struct link_redirect link_redirect_at(const struct link *l, size_t index)
{
    return (struct link_redirect){ intern_str(l->entities, l->redirects[index].from),
                                   intern_str(l->entities, l->redirects[index].to) };
}

size_t link_nodes_of(const struct link *l, uint32_t group, uint32_t *ret, size_t most)
{
    size_t n = 0;

    for (size_t i = l->member_start[group]; i < l->member_start[group + 1] && n < most; i++) {
        uint32_t node   = l->node[l->member[i]];
        bool     is_new = true;
        for (size_t k = 0; k < n && is_new; k++) {
            is_new = ret[k] != node;
        }
        if (is_new) {
            ret[n++] = node;
        }
    }
    for (uint32_t i = l->late_head[group]; i != NO_GROUP && n < most; i = l->late[i].next) {
        ret[n++] = l->node[l->late[i].record];
    }
    return n;
}
