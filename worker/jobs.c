// Every job, one line each.
#include "jobs.h"

#include "base/buf.h"
#include "jobs/channel.h"
#include "jobs/contact.h"
#include "jobs/digest.h"
#include "jobs/event.h"
#include "jobs/fact.h"
#include "jobs/feed.h"
#include "jobs/ground.h"
#include "jobs/import.h"
#include "jobs/known.h"
#include "jobs/linkage.h"
#include "jobs/need.h"
#include "jobs/offer.h"
#include "jobs/plan.h"
#include "jobs/promise.h"
#include "jobs/purge.h"
#include "jobs/segment.h"
#include "jobs/task.h"
#include "jobs/tile.h"
#include "jobs/tour.h"

#define SECONDS(n) ((n)*1000)
#define MINUTES(n) SECONDS((n)*60)
#define HOURS(n)   ((n)*3600)

// clang-format off
const struct job_kind job_kinds[] = {
    { "offer.open",        offer_open_run,        offer_open_run_many,    .attempts = 12, .limit_ms = SECONDS(10) },
    { "promise.lapse",     promise_lapse_run,     promise_lapse_run_many, .attempts = 12, .limit_ms = SECONDS(10) },
    { "transfer.expire",   transfer_expire_run,   .attempts = 12, .limit_ms = SECONDS(10) },
    { "proposal.next",     proposal_next_run,     .attempts = 12, .limit_ms = SECONDS(10) },
    { "proposal.expire",   proposal_expire_run,   .attempts = 12, .limit_ms = SECONDS(10) },
    { "import.partner",    import_partner_run,    .attempts = 4, .limit_ms = MINUTES(10), .lane = LANE_SLOW, .is_long = true },
    { "import.preview",    import_preview_run,    .attempts = 4, .limit_ms = MINUTES(10), .lane = LANE_SLOW, .is_long = true },
    { "import.revert",     import_revert_run,     .attempts = 4, .limit_ms = MINUTES(10), .lane = LANE_SLOW },
    { "import.needs",      import_needs_run,      .attempts = 4, .limit_ms = MINUTES(2), .lane = LANE_SLOW },
    { "linkage.records",   linkage_records_run,   .attempts = 4, .limit_ms = MINUTES(10), .lane = LANE_SLOW, .is_long = true },
    { "linkage.pairs",     linkage_pairs_run,     .attempts = 4, .limit_ms = MINUTES(10), .lane = LANE_SLOW },
    { "channel.send",      channel_send_run,      .attempts = 20, .limit_ms = SECONDS(10), .lane = LANE_OUT, .is_long = true },
    { "digest.follow",     digest_follow_run,     .every_s = 5,        .limit_ms = SECONDS(60) },
    { "channel.follow",    channel_follow_run,    .every_s = 10,       .limit_ms = SECONDS(30) },
    { "offer.twin",        offer_twin_run,        .attempts = 8, .limit_ms = SECONDS(10), .lane = LANE_SLOW },
    { "feed.read",         feed_read_run,         .attempts = 4, .limit_ms = MINUTES(5), .lane = LANE_OUT, .is_long = true },
    { "feed.follow",       feed_follow_run,       .every_s = 15,       .limit_ms = SECONDS(30) },
    { "linkage.night",     linkage_night_run,     .every_s = HOURS(24), .limit_ms = SECONDS(60) },
    { "linkage.keys",      linkage_keys_run,      .every_s = 1,        .limit_ms = SECONDS(60), .timer = TIMER_LIST },
    { "plan.scenario",     plan_scenario_run,     .attempts = 4, .limit_ms = MINUTES(2), .lane = LANE_SLOW, .is_long = true },
    { "segment.refresh",   segment_refresh_run,   .attempts = 6, .limit_ms = MINUTES(5), .lane = LANE_SLOW },
    { "segment.follow",    segment_follow_run,    .every_s = 2,        .limit_ms = MINUTES(5), .timer = TIMER_LIST },
    { "fact.follow",       fact_follow_run,       .every_s = 1,        .limit_ms = MINUTES(5), .timer = TIMER_FIGURES },
    { "known.follow",      known_follow_run,      .every_s = 2,        .limit_ms = SECONDS(60), .timer = TIMER_LIST },
    { "ground.follow",     ground_follow_run,     .every_s = 60,       .limit_ms = MINUTES(5), .timer = TIMER_GROUND },
    { "tile.ahead",        tile_ahead_run,        .every_s = 5,        .limit_ms = SECONDS(60) },
    { "tour.plan",         tour_plan_run,         .attempts = 3, .limit_ms = SECONDS(10), .is_long = true },
    { "tour.team",         tour_plan_run,         .attempts = 3, .limit_ms = SECONDS(30), .lane = LANE_SLOW, .is_long = true },
    { "event.seal",        event_seal_run,        .every_s = 1,        .limit_ms = SECONDS(30) },
    { "offer.expire",      offer_expire_run,      .every_s = 30,       .limit_ms = SECONDS(60) },
    { "need.expire",       need_expire_run,       .every_s = 300,      .limit_ms = SECONDS(60) },
    { "task.raise",        task_raise_run,        .every_s = 60,       .limit_ms = SECONDS(60) },
    { "contact.purge",     contact_purge_run,     .every_s = HOURS(6), .limit_ms = SECONDS(60) },
    { "session.purge",     session_purge_run,     .every_s = HOURS(1), .limit_ms = SECONDS(60) },
    { "import.purge",      import_purge_run,      .every_s = HOURS(1), .limit_ms = SECONDS(60) },
    { "idempotency.purge", idempotency_purge_run, .every_s = HOURS(1), .limit_ms = SECONDS(60) },
    { "tour.purge",        tour_purge_run,        .every_s = HOURS(6), .limit_ms = SECONDS(60) },
    { "job.purge",         job_purge_run,         .every_s = HOURS(1), .limit_ms = SECONDS(60) },
    { 0 },
};
// clang-format on

const struct job_kind *job_kind_find(struct str name)
{
    for (const struct job_kind *k = job_kinds; k->name; k++) {
        if (!k->every_s && str_eq(str_of(k->name), name)) {
            return k;
        }
    }
    return NULL;
}

struct str job_kind_names(struct arena *a, const bool lanes[static LANE_COUNT], bool together)
{
    struct buf names = buf_init(KIB(4));
    buf_add_char(&names, '{');
    for (const struct job_kind *k = job_kinds; k->name; k++) {
        if (!k->every_s && lanes[k->lane] && (k->run_many || !together)) {
            buf_printf(&names, "%s%s", names.len > 1 ? "," : "", k->name);
        }
    }
    buf_add_char(&names, '}');
    struct str text = arena_str(a, buf_str(&names));
    buf_done(&names);
    return text;
}
