// An instance of tours as read from a file: the problem, and what its answer must repeat.
//
// Three formats: JSON of the VROOM API with a prize per job and a previous plan; the text of
// Solomon's instances (capacities, time windows); the text of team orienteering instances with time
// windows. docs/planning.md describes them. Readers accept any bytes; everything lives in the
// arena. Pure, any thread.
#pragma once

#include "base/buf.h"
#include "plan/tour.h"

enum tour_format { TOUR_VROOM, TOUR_SOLOMON, TOUR_TOPTW };

struct tour_instance {
    struct tour_problem problem;
    enum tour_format    format;
    int64_t             scale;   // text formats: times and distances are multiplied by it
    bool                nearest; // text formats: distances rounded, not truncated
    bool                has_coordinates, has_indices; // JSON: what places are given by
    bool                has_distances;
    const struct str   *job_text, *vehicle_text;     // descriptions, absent when not given
    const struct str   *break_text[TOUR_BREAKS_MAX]; // one per vehicle
    const struct str   *profile_names;
    const int64_t      *priority;     // one per job
    const bool         *has_location; // one per place
    struct str          unknown;      // members nobody knows, without effect: a JSON pointer a line
};

struct tour_reading {
    int64_t vehicles; // TOPTW: tours, 0 = 1
    int64_t scale;    // text formats: 0 = 10, for TOPTW as the number of decimals tells
    bool    nearest;
};

// The format by its first characters.
enum tour_format tour_format_guess(struct str text);

// Reads; on failure answers false with the French reason and its place (a JSON pointer or a line)
// in `why`. `previous` is the JSON of an earlier result to stay close to, absent for none.
bool tour_read_vroom(struct str text, struct str previous, struct arena *arena,
                     struct tour_instance *ret_instance, struct buf *why) MUST_USE;
bool tour_read_text(struct str text, enum tour_format format, struct tour_reading how,
                    struct arena *arena, struct tour_instance *ret_instance,
                    struct buf *why) MUST_USE;

// Writes the plan: JSON of the VROOM API, or the lines "Route #1: ..." of routing libraries.
void tour_write_json(const struct tour_instance *instance, const struct tour_plan *plan,
                     struct buf *out);
void tour_write_routes(const struct tour_instance *instance, const struct tour_plan *plan,
                       struct buf *out);

// The French sentence of a reason.
struct str tour_reason_sentence(enum tour_reason reason);
struct str tour_reason_code(enum tour_reason reason);
