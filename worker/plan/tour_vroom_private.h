// The inside of the reader of VROOM's JSON: what its two files share.
#pragma once

#include "plan/tour_instance.h"
#include "plan/tour_json.h"

#define VROOM_INT_MAX ((int64_t)1 << 53)

struct id_at {
    int64_t id;
    int32_t at;
};

struct vroom {
    struct tour_json      json;
    struct tour_instance *instance;
    bool                  has_matrices, has_steps_only;
    int64_t               matrix_size; // of the smallest matrix
    struct tour_place    *places;      // as read, one a mention; made unique at the end
    bool                 *has_location;
    int32_t               place_count;
    struct tour_profile  *profiles;
    struct str           *profile_names;
    int32_t               profile_count;
    struct str           *types; // of vehicles; 0 is "none"
    int32_t               type_count;
    struct tour_vehicle  *vehicles;
    struct tour_job      *jobs;
    int32_t               vehicle_count, job_count;
    int32_t               dimensions;
    struct id_at         *vehicle_ids, *job_ids; // sorted
    bool                 *locked;                // jobs
    int32_t              *lock_vehicle;          // -1 = none
};

// tour_vroom_parts.c: the arrays "vehicles" and "jobs". Vehicles first.
void vroom_vehicles(struct vroom *v, const json_t *list);
void vroom_jobs(struct vroom *v, const json_t *list);
// Index of an id, -1 when there is none.
int32_t vroom_find(const struct id_at *ids, int32_t count, int64_t id);
// Sorts by id; a fault names a double.
void vroom_sort_ids(struct vroom *v, struct id_at *ids, int32_t count, const char *list);
