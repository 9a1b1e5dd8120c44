// Every address this server answers, sorted by path, then method. Anything else is the web app.
#include "api/absence.h"
#include "api/board.h"
#include "api/calendar.h"
#include "api/call.h"
#include "api/channel.h"
#include "api/claim.h"
#include "api/confirmation.h"
#include "api/contact.h"
#include "api/establishment.h"
#include "api/file.h"
#include "api/file_back.h"
#include "api/health.h"
#include "api/indicator.h"
#include "api/key.h"
#include "api/merge.h"
#include "api/need.h"
#include "api/offer.h"
#include "api/plan.h"
#include "api/privacy.h"
#include "api/promise.h"
#include "api/proposal.h"
#include "api/questionnaire.h"
#include "api/reference.h"
#include "api/referral.h"
#include "api/report.h"
#include "api/review.h"
#include "api/scenario.h"
#include "api/segment.h"
#include "api/session.h"
#include "api/stream.h"
#include "api/tag.h"
#include "api/task.h"
#include "api/team.h"
#include "api/tour.h"
#include "api/transfer.h"
#include "api/value.h"
#include "api/visit.h"
#include "api/week.h"

enum {
    PARTNER = ADVISER | MANAGER | ADMINISTRATOR, // sees the shared list
    WRITER  = ADVISER | MANAGER,                 // writes for their organisation
    COUNTER = PARTNER | OBSERVER,                // sees figures
    ACCOUNTABLE = MANAGER | ADMINISTRATOR,       // answers for personal data
};

// clang-format off
const struct route routes[] = {
    { GET,    "/api/absences",                       absence_list,          .role = PARTNER },
    { POST,   "/api/absences",                       absence_post,          .role = WRITER, .body = KIB(4) },
    { PATCH,  "/api/absences/{id}",                  absence_patch,         .role = WRITER, .body = KIB(4) },
    { POST,   "/api/absences/{id}/cancel",           absence_cancel,        .role = WRITER, .body = KIB(1) },
    { GET,    "/api/calendar",                       calendar_get,          .role = WRITER },
    { POST,   "/api/calendar",                       calendar_post,         .role = WRITER, .body = KIB(1), .stale = true },
    { DELETE, "/api/calendar",                       calendar_delete,       .role = WRITER },
    { GET,    "/api/calls",                          call_list,             .role = PARTNER, .person = true },
    { GET,    "/api/channels",                       channel_list,          .role = ACCOUNTABLE },
    { POST,   "/api/channels",                       channel_post,          .role = ACCOUNTABLE, .body = KIB(4), .stale = true },
    { PATCH,  "/api/channels/{id}",                  channel_patch,         .role = ACCOUNTABLE, .body = KIB(4) },
    { POST,   "/api/channels/{id}/rotate",           channel_rotate,        .role = ACCOUNTABLE, .body = KIB(1), .stale = true },
    { POST,   "/api/channels/{id}/test",             channel_test,          .role = ACCOUNTABLE, .body = KIB(1) },
    { GET,    "/api/claims",                         claim_list,            .role = PARTNER },
    { POST,   "/api/claims/{id}/confirm",            claim_confirm,         .role = WRITER, .body = KIB(1) },
    { POST,   "/api/claims/{id}/deny",               claim_deny,            .role = WRITER, .body = KIB(4) },
    { POST,   "/api/claims/{id}/withdraw",           claim_withdraw,        .role = WRITER, .body = KIB(1) },
    { GET,    "/api/codes",                          code_list,             .role = PARTNER, .lane = HEAVY },
    { PUT,    "/api/codes",                          code_put,              .role = WRITER, .lane = HEAVY, .body = KIB(8) },
    { PATCH,  "/api/contacts/{id}",                  contact_patch,         .role = WRITER, .body = KIB(16), .person = true },
    { POST,   "/api/contacts/{id}/erase",            person_erase,          .role = ACCOUNTABLE, .body = KIB(1) },
    { POST,   "/api/contacts/{id}/export",           person_export,         .role = ACCOUNTABLE, .body = KIB(1), .person = true, .stale = true },
    { POST,   "/api/contacts/{id}/export.csv",       person_export_csv,     .role = ACCOUNTABLE, .body = KIB(1), .person = true, .stale = true },
    { POST,   "/api/contacts/{id}/oppositions",      contact_oppose,        .role = WRITER, .body = KIB(16) },
    { GET,    "/api/deliveries",                     delivery_list,         .role = ACCOUNTABLE },
    { GET,    "/api/deliveries/{id}",                delivery_get,          .role = ACCOUNTABLE },
    { POST,   "/api/deliveries/{id}/replay",         delivery_replay,       .role = ACCOUNTABLE, .body = KIB(1) },
    { GET,    "/api/establishments",                 establishment_list,    .role = PARTNER, .scope = SCOPE_EMPLOYERS_READ },
    { GET,    "/api/establishments/counts",          establishment_count,   .role = PARTNER, .lane = HEAVY },
    { GET,    "/api/establishments/points",          establishment_points,  .role = PARTNER, .lane = HEAVY },
    { GET,    "/api/establishments/{id}",            establishment_get,     .role = PARTNER, .person = true },
    { POST,   "/api/establishments/{id}/calls",      call_post,             .role = WRITER, .body = KIB(4) },
    { POST,   "/api/establishments/{id}/claims",     claim_post,            .role = WRITER, .body = KIB(4) },
    { POST,   "/api/establishments/{id}/contacts",   contact_post,          .role = WRITER, .body = KIB(16), .person = true },
    { GET,    "/api/establishments/{id}/hours",      opening_hours_get,     .role = PARTNER },
    { PUT,    "/api/establishments/{id}/hours",      opening_hours_put,     .role = WRITER, .body = KIB(4) },
    { GET,    "/api/establishments/{id}/merge",      merge_look,            .role = PARTNER },
    { POST,   "/api/establishments/{id}/merge",      merge_post,            .role = WRITER, .body = KIB(4) },
    { POST,   "/api/establishments/{id}/oppositions", opposition_post,       .role = WRITER, .body = KIB(16) },
    { POST,   "/api/establishments/{id}/pin",        value_post,            .role = WRITER, .body = KIB(4) },
    { POST,   "/api/establishments/{id}/release",    value_back,            .role = WRITER, .body = KIB(4) },
    { GET,    "/api/establishments/{id}/slots",      slot_list,             .role = WRITER, .lane = HEAVY },
    { PUT,    "/api/establishments/{id}/tags",       establishment_tags_put, .role = WRITER, .body = KIB(4) },
    { GET,    "/api/establishments/{id}/timeline",   establishment_history, .role = PARTNER },
    { GET,    "/api/establishments/{id}/values",     value_list,            .role = PARTNER },
    { GET,    "/api/field",                          field_get,             .role = WRITER, .person = true },
    { GET,    "/api/ground",                         ground_get,            .role = ANYONE, .lane = HEAVY },
    { GET,    "/api/imports",                        file_list,             .role = PARTNER },
    { POST,   "/api/imports",                        file_post,             .role = WRITER, .lane = HEAVY, .body = FILE_MOST, .upload = true },
    { GET,    "/api/imports/{id}",                   file_get,              .role = PARTNER },
    { POST,   "/api/imports/{id}/cancel",            file_cancel_post,      .role = WRITER, .body = KIB(1) },
    { GET,    "/api/imports/{id}/errors",            file_errors,           .role = PARTNER },
    { GET,    "/api/imports/{id}/errors.csv",        file_errors_csv,       .role = PARTNER, .lane = HEAVY },
    { GET,    "/api/imports/{id}/errors.xlsx",       file_errors_xlsx,      .role = PARTNER, .lane = HEAVY },
    { PUT,    "/api/imports/{id}/layout",            file_layout_put,       .role = WRITER, .body = KIB(32) },
    { GET,    "/api/imports/{id}/lines",             file_lines_get,        .role = PARTNER },
    { GET,    "/api/imports/{id}/preview",           file_preview_get,      .role = PARTNER },
    { GET,    "/api/imports/{id}/return.csv",        file_return_csv,       .role = PARTNER, .lane = HEAVY },
    { GET,    "/api/imports/{id}/return.xlsx",       file_return_xlsx,      .role = PARTNER, .lane = HEAVY },
    { POST,   "/api/imports/{id}/revert",            file_revert_post,      .role = WRITER, .body = KIB(1) },
    { POST,   "/api/imports/{id}/start",             file_start_post,       .role = WRITER, .body = KIB(1) },
    { GET,    "/api/indicators",                     indicator_list,        .role = COUNTER },
    { GET,    "/api/indicators/employers",           indicator_employers,   .role = PARTNER, .lane = HEAVY },
    { GET,    "/api/indicators/employers.csv",       indicator_employers_csv, .role = PARTNER, .lane = HEAVY },
    { GET,    "/api/indicators/figures",             indicator_figures,     .role = COUNTER, .lane = HEAVY },
    { GET,    "/api/indicators/figures.csv",         indicator_csv,         .role = COUNTER, .lane = HEAVY },
    { GET,    "/api/indicators/figures.geojson",     indicator_geojson,     .role = COUNTER, .lane = HEAVY },
    { GET,    "/api/indicators/figures.xlsx",        indicator_xlsx,        .role = COUNTER, .lane = HEAVY },
    { GET,    "/api/key",                            key_get,               .role = ANYONE, .scope = SCOPE_ANY },
    { GET,    "/api/keys",                           key_list,              .role = ACCOUNTABLE },
    { POST,   "/api/keys",                           key_post,              .role = ACCOUNTABLE, .body = KIB(4), .stale = true },
    { PATCH,  "/api/keys/{id}",                      key_patch,             .role = ACCOUNTABLE, .body = KIB(4) },
    { POST,   "/api/keys/{id}/revoke",               key_revoke,            .role = ACCOUNTABLE, .body = KIB(1) },
    { POST,   "/api/keys/{id}/rotate",               key_rotate,            .role = ACCOUNTABLE, .body = KIB(1), .stale = true },
    { POST,   "/api/merges/{id}/undo",              merge_back,            .role = WRITER, .body = KIB(4) },
    { GET,    "/api/naf",                            naf_list,              .role = ANYONE, .scope = SCOPE_ANY },
    { GET,    "/api/needs",                          need_list,             .role = PARTNER, .scope = SCOPE_NEEDS_READ },
    { POST,   "/api/needs",                          need_post,             .role = WRITER, .body = KIB(4), .scope = SCOPE_NEEDS_WRITE },
    { GET,    "/api/offers",                         offer_list,            .role = ANYONE, .scope = SCOPE_OFFERS_READ },
    { POST,   "/api/offers",                         offer_post,            .role = WRITER, .body = KIB(64), .scope = SCOPE_OFFERS_WRITE },
    { GET,    "/api/offers/{id}",                    offer_get,             .role = ANYONE, .scope = SCOPE_OFFERS_READ },
    { PATCH,  "/api/offers/{id}",                    offer_patch,           .role = WRITER, .body = KIB(64), .scope = SCOPE_OFFERS_WRITE },
    { POST,   "/api/offers/{id}/confirm",            offer_confirm,         .role = WRITER, .body = KIB(16), .scope = SCOPE_OFFERS_WRITE },
    { POST,   "/api/offers/{id}/fill",               offer_fill,            .role = WRITER, .body = KIB(16), .scope = SCOPE_OFFERS_WRITE },
    { POST,   "/api/offers/{id}/link",               offer_link,            .role = WRITER, .body = KIB(1), .stale = true },
    { POST,   "/api/offers/{id}/open",               offer_open,            .role = WRITER, .body = KIB(16), .scope = SCOPE_OFFERS_WRITE },
    { POST,   "/api/offers/{id}/prolong",            offer_prolong,         .role = WRITER, .body = KIB(16), .scope = SCOPE_OFFERS_WRITE },
    { POST,   "/api/offers/{id}/referrals",          referral_post,         .role = WRITER, .body = KIB(4) },
    { POST,   "/api/offers/{id}/withdraw",           offer_withdraw,        .role = WRITER, .body = KIB(16), .scope = SCOPE_OFFERS_WRITE },
    { GET,    "/api/oppositions",                    opposition_list,       .role = PARTNER, .person = true },
    { POST,   "/api/oppositions/{id}/lift",          opposition_lift,       .role = WRITER, .body = KIB(16) },
    { GET,    "/api/organisations",                  organisation_list,     .role = ANYONE, .scope = SCOPE_ANY },
    { GET,    "/api/organisations/{id}/members",     member_list,           .role = PARTNER },
    { GET,    "/api/people",                         person_list,           .role = ACCOUNTABLE, .person = true },
    { GET,    "/api/people/ending",                  person_ending,         .role = ACCOUNTABLE, .person = true },
    { GET,    "/api/plans",                          plan_list,             .role = PARTNER },
    { POST,   "/api/plans",                          plan_post,             .role = WRITER, .body = KIB(128) },
    { GET,    "/api/plans/weights",                  plan_weights,          .role = PARTNER },
    { GET,    "/api/plans/{id}",                     plan_get,              .role = PARTNER },
    { POST,   "/api/plans/{id}/abandon",             plan_abandon_post,     .role = MANAGER, .body = KIB(4) },
    { POST,   "/api/plans/{id}/activate",            plan_activate_post,    .role = MANAGER, .lane = HEAVY, .body = KIB(1) },
    { POST,   "/api/plans/{id}/choose",              plan_choose_post,      .role = WRITER, .body = KIB(1) },
    { POST,   "/api/plans/{id}/comments",            plan_comment_post,     .role = PARTNER, .body = KIB(16) },
    { PUT,    "/api/plans/{id}/content",             plan_content_put,      .role = WRITER, .body = KIB(128) },
    { POST,   "/api/plans/{id}/evaluate",            plan_evaluate_post,    .role = MANAGER, .body = KIB(32) },
    { GET,    "/api/plans/{id}/history",             plan_history_get,      .role = PARTNER },
    { POST,   "/api/plans/{id}/propose",             plan_propose_post,     .role = MANAGER, .body = KIB(1) },
    { POST,   "/api/plans/{id}/refuse",              plan_refuse_post,      .role = MANAGER, .body = KIB(4) },
    { GET,    "/api/plans/{id}/results",             plan_results_get,      .role = PARTNER, .lane = HEAVY },
    { POST,   "/api/plans/{id}/scenarios",           scenario_post,         .role = WRITER, .body = KIB(32) },
    { POST,   "/api/plans/{id}/sign",                plan_sign_post,        .role = MANAGER, .body = KIB(1) },
    { GET,    "/api/plans/{id}/skipped",             plan_skipped_get,      .role = PARTNER },
    { GET,    "/api/promises",                       promise_list,          .role = PARTNER, .scope = SCOPE_VISITS_READ },
    { POST,   "/api/promises",                       promise_post,          .role = WRITER, .body = KIB(16), .scope = SCOPE_VISITS_WRITE },
    { POST,   "/api/promises/bulk",                  promise_bulk,          .role = WRITER, .lane = HEAVY, .body = KIB(16) },
    { POST,   "/api/promises/bulk/{id}/undo",        promise_bulk_undo,     .role = WRITER, .lane = HEAVY, .body = KIB(1) },
    { GET,    "/api/promises/counts",                promise_count,         .role = PARTNER },
    { GET,    "/api/promises/figures",               promise_figures,       .role = ACCOUNTABLE, .lane = HEAVY },
    { POST,   "/api/promises/{id}/extend",           promise_extend,        .role = WRITER, .body = KIB(16), .scope = SCOPE_VISITS_WRITE },
    { POST,   "/api/promises/{id}/return",           promise_return,        .role = WRITER, .body = KIB(16), .scope = SCOPE_VISITS_WRITE },
    { POST,   "/api/promises/{id}/transfers",        transfer_post,         .role = WRITER, .body = KIB(4) },
    { GET,    "/api/proposals",                      proposal_list,         .role = PARTNER },
    { POST,   "/api/proposals/{id}/answer",          proposal_answer,       .role = WRITER, .body = KIB(4) },
    { POST,   "/api/public/confirmation",            confirmation_post,     .role = PUBLIC, .body = KIB(4) },
    { POST,   "/api/public/confirmation/answer",     confirmation_answer,   .role = PUBLIC, .body = KIB(4) },
    { GET,    "/api/public/offers",                  board_list,            .role = PUBLIC, .metered = true },
    { GET,    "/api/public/offers/{id}",             board_get,             .role = PUBLIC, .metered = true },
    { GET,    "/api/public/site",                    board_site,            .role = PUBLIC },
    { GET,    "/api/questionnaire",                  questionnaire_get,     .role = PARTNER },
    { PUT,    "/api/questionnaire/common",           questionnaire_put_common, .role = ACCOUNTABLE, .body = KIB(64) },
    { PUT,    "/api/questionnaire/network",          questionnaire_put_network, .role = ACCOUNTABLE, .body = KIB(64) },
    { GET,    "/api/referrals",                      referral_list,         .role = PARTNER },
    { GET,    "/api/referrals/figures",              referral_count,        .role = PARTNER },
    { POST,   "/api/referrals/{id}/answer",          referral_answer,       .role = WRITER, .body = KIB(4) },
    { POST,   "/api/referrals/{id}/withdraw",        referral_withdraw,     .role = WRITER, .body = KIB(1) },
    { GET,    "/api/reviews",                        review_list,           .role = PARTNER },
    { GET,    "/api/reviews/figures",                review_count,          .role = PARTNER },
    { GET,    "/api/reviews/labels.csv",             review_export,         .role = PARTNER, .lane = HEAVY },
    { POST,   "/api/reviews/next",                   review_next,           .role = WRITER, .body = KIB(1) },
    { GET,    "/api/reviews/{id}",                   review_get,            .role = PARTNER },
    { POST,   "/api/reviews/{id}/decide",            review_post,           .role = WRITER, .body = KIB(4) },
    { POST,   "/api/reviews/{id}/undo",              review_back,           .role = WRITER, .body = KIB(1) },
    { GET,    "/api/rome",                           rome_search,           .role = ANYONE, .scope = SCOPE_ANY },
    { GET,    "/api/scenarios/{id}",                 scenario_get,          .role = PARTNER },
    { GET,    "/api/scenarios/{id}/against",         scenario_against_get,  .role = PARTNER, .lane = HEAVY },
    { POST,   "/api/scenarios/{id}/archive",         scenario_archive_post, .role = WRITER, .body = KIB(1) },
    { POST,   "/api/scenarios/{id}/cancel",          scenario_cancel_post,  .role = WRITER, .body = KIB(1) },
    { GET,    "/api/scenarios/{id}/lines",           scenario_lines_get,    .role = PARTNER },
    { GET,    "/api/scenarios/{id}/lines.csv",       scenario_lines_csv,    .role = PARTNER, .lane = HEAVY },
    { GET,    "/api/scenarios/{id}/points",          scenario_points_get,   .role = PARTNER, .lane = HEAVY },
    { GET,    "/api/segments",                       segment_list,          .role = PARTNER },
    { POST,   "/api/segments",                       segment_post,          .role = WRITER, .body = KIB(40) },
    { POST,   "/api/segments/count",                 segment_count,         .role = PARTNER, .lane = HEAVY, .body = KIB(40), .stale = true },
    { POST,   "/api/segments/effects",               segment_effects,       .role = PARTNER, .lane = HEAVY, .body = KIB(40), .stale = true },
    { GET,    "/api/segments/fields",                segment_fields,        .role = PARTNER },
    { POST,   "/api/segments/sample",                segment_sample,        .role = PARTNER, .lane = HEAVY, .body = KIB(40), .stale = true },
    { GET,    "/api/segments/{id}",                  segment_get,           .role = PARTNER },
    { PATCH,  "/api/segments/{id}",                  segment_patch,         .role = WRITER, .body = KIB(4) },
    { POST,   "/api/segments/{id}/versions",         segment_version_post,  .role = WRITER, .body = KIB(40) },
    { GET,    "/api/session",                        session_get,           .role = ANYONE },
    { POST,   "/api/session",                        session_post,          .role = PUBLIC, .lane = HEAVY, .body = KIB(4) },
    { PUT,    "/api/session",                        session_put,           .role = ANYONE, .body = KIB(4) },
    { DELETE, "/api/session",                        session_delete,        .role = ANYONE },
    { GET,    "/api/stream",                         stream_get,            .role = ANYONE },
    { GET,    "/api/tags",                           tag_list,              .role = PARTNER },
    { POST,   "/api/tags",                           tag_post,              .role = WRITER, .body = KIB(4) },
    { POST,   "/api/tasks/{id}/done",                task_done,             .role = WRITER, .body = KIB(1) },
    { POST,   "/api/tasks/{id}/later",               task_later,            .role = WRITER, .body = KIB(1) },
    { GET,    "/api/teams",                          team_list,             .role = PARTNER },
    { POST,   "/api/teams",                          team_post,             .role = WRITER, .body = KIB(8) },
    { POST,   "/api/teams/{id}/agree",               team_agree,            .role = WRITER, .body = KIB(4) },
    { POST,   "/api/teams/{id}/end",                 team_end,              .role = WRITER, .body = KIB(4) },
    { GET,    "/api/today",                          visit_today,           .role = PARTNER, .person = true },
    { POST,   "/api/tours",                          tour_post,             .role = WRITER, .body = KIB(4) },
    { GET,    "/api/tours/{id}",                     tour_get,              .role = PARTNER },
    { POST,   "/api/tours/{id}/accept",              tour_accept_post,      .role = WRITER, .lane = HEAVY, .body = KIB(16) },
    { POST,   "/api/tours/{id}/again",               tour_again_post,       .role = WRITER, .body = KIB(1) },
    { POST,   "/api/tours/{id}/end",                 tour_end_post,         .role = WRITER, .body = KIB(1) },
    { POST,   "/api/tours/{id}/place",               tour_place_post,       .role = WRITER, .body = KIB(1) },
    { POST,   "/api/tours/{id}/refuse",              tour_refuse_post,      .role = WRITER, .body = KIB(4) },
    { GET,    "/api/transfers",                      transfer_list,         .role = PARTNER },
    { POST,   "/api/transfers/{id}/answer",          transfer_answer,       .role = WRITER, .body = KIB(4) },
    { POST,   "/api/transfers/{id}/withdraw",        transfer_withdraw,     .role = WRITER, .body = KIB(1) },
    { GET,    "/api/visits",                         visit_list,            .role = PARTNER, .person = true, .scope = SCOPE_VISITS_READ },
    { POST,   "/api/visits",                         visit_post,            .role = WRITER, .body = KIB(16), .person = true, .scope = SCOPE_VISITS_WRITE },
    { GET,    "/api/visits/{id}",                    visit_get,             .role = PARTNER, .person = true, .scope = SCOPE_VISITS_READ },
    { PATCH,  "/api/visits/{id}",                    visit_patch,           .role = WRITER, .body = KIB(16), .person = true, .scope = SCOPE_VISITS_WRITE },
    { POST,   "/api/visits/{id}/cancel",             visit_cancel,          .role = WRITER, .body = KIB(16), .person = true, .scope = SCOPE_VISITS_WRITE },
    { POST,   "/api/visits/{id}/invitation",         visit_invitation,      .role = WRITER, .body = KIB(4), .person = true },
    { POST,   "/api/visits/{id}/invite",             visit_invite,          .role = WRITER, .body = KIB(4), .person = true },
    { POST,   "/api/visits/{id}/note",               visit_note,            .role = WRITER, .body = KIB(32), .person = true },
    { POST,   "/api/visits/{id}/report",             report_post,           .role = WRITER, .body = KIB(64), .person = true, .scope = SCOPE_VISITS_WRITE },
    { POST,   "/api/visits/{id}/report/correct",     report_correct,        .role = WRITER, .body = KIB(64), .person = true },
    { GET,    "/api/visits/{id}/report/history",     report_history,        .role = PARTNER },
    { GET,    "/api/week",                           week_get,              .role = PARTNER, .person = true },
    { GET,    "/api/week/hours",                     week_hours_get,        .role = WRITER },
    { PUT,    "/api/week/hours",                     week_hours_put,        .role = WRITER, .body = KIB(4) },
    { GET,    "/api/week/team",                      week_team_get,         .role = PARTNER, .lane = HEAVY },
    { GET,    "/calendrier/{feed}",                  calendar_feed,         .role = PUBLIC, .secret = true },
    { GET,    "/healthz",                            health_live,           .role = PUBLIC, .lane = INLINE },
    { GET,    "/metrics",                            health_metrics,        .role = PUBLIC, .lane = INLINE },
    { GET,    "/offres",                             board_search_page,     .role = PUBLIC, .metered = true },
    { GET,    "/offres.atom",                        board_atom,            .role = PUBLIC, .metered = true },
    { GET,    "/offres/{id}",                        board_offer_page,      .role = PUBLIC, .metered = true },
    { GET,    "/openapi.json",                       health_openapi,        .role = PUBLIC, .lane = INLINE },
    { GET,    "/readyz",                             health_ready,          .role = PUBLIC },
    { GET,    "/robots.txt",                         board_robots,          .role = PUBLIC },
    { GET,    "/sitemap-offres.xml",                 board_sitemap_part,    .role = PUBLIC, .lane = HEAVY, .metered = true },
    { GET,    "/sitemap.xml",                        board_sitemap,         .role = PUBLIC, .lane = HEAVY, .metered = true },
};
// clang-format on

const size_t routes_count = LENGTH(routes);
