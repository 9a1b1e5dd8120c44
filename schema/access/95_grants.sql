-- Least privilege. The server reads tables through policies, writes only the columns named here, and calls functions.

revoke all on all tables in schema data, api from public, maillage_server, maillage_worker;
revoke all on all functions in schema data, api, auth from public, maillage_server, maillage_worker;
grant usage on schema data, api, auth to maillage_server, maillage_worker;

-- Reference and directory: no secrets in them.
grant select on data.clock, data.instance, data.network, data.commune, data.territory, data.territory_commune,
    data.organisation, data.naf, data.rome, data.size_band, data.company, data.agreement, data.agreement_route, data.public, data.contract,
    data.outcome, data.offer_transition, data.referral_refusal, data.withdrawal, data.referral_transition, data.task_kind, data.outlet to maillage_server;
grant select (id, name, technical) on data.member to maillage_server;
grant select (member_id, organisation_id, role, since, ended_on) on data.membership to maillage_server;

grant select on data.establishment, data.standing, data.establishment_value, data.promise, data.visit, data.report,
    data.report_note, data.contact, data.contact_event, data.need, data.opposition, data.offer, data.offer_routing,
    data.offer_step, data.publication, data.event, data.source_file, data.source_record, data.source_error,
    data.import_line, data.import_progress, data.link, data.review, data.offer_prolongation, data.referral, data.task,
    data.value_statement, data.survivorship, data.source_trust, data.transfer, data.absence, data.team, data.team_partner,
    data.team_member, data.proposal, data.visit_partner
    to maillage_server;
grant select (id, offer_id, offer_version, organisation_id, member_id, made_at, expires_at, answer, answered_at, answered_by,
    comment, revoked_at, purpose, posts, delivery_id) on data.offer_link to maillage_server;

grant insert (establishment_id, organisation_id, member_id, due_on, override_reason) on data.promise to maillage_server;
grant update (due_on, state, reason, member_id, team_id) on data.promise to maillage_server;
grant insert (kind, promise_id, establishment_id, from_organisation_id, from_member_id, to_organisation_id, to_member_id, organisation_id,
    member_id, message) on data.transfer to maillage_server;
grant update (state, reason, to_member_id) on data.transfer to maillage_server;
grant insert (organisation_id, member_id, first_on, last_on, made_by) on data.absence to maillage_server;
grant update (last_on, cancelled_at) on data.absence to maillage_server;
grant update (state, reason) on data.proposal to maillage_server;
grant insert (visit_id, organisation_id, member_id, asked, invited_by, message), update (state, reason, member_id, asked, invited_by, message)
    on data.visit_partner to maillage_server;
grant update (note) on data.report_note to maillage_server;
grant select on api.transfer_row, api.absence_row, api.team_row, api.proposal_row to maillage_server;
grant insert (establishment_id, organisation_id, member_id, promise_id, contact_id, planned_at, minutes) on data.visit to maillage_server;
grant update (planned_at, minutes, contact_id, state, reason, member_id) on data.visit to maillage_server;
grant insert (visit_id, establishment_id, organisation_id, member_id, contact_id, outcome, done_at, next_action,
    next_action_on, shared_note, despite) on data.report to maillage_server;
grant update (contact_id, outcome, done_at, next_action, next_action_on, shared_note) on data.report to maillage_server;
grant select on data.report_revision, data.report_note_revision, data.claim, data.questionnaire,
    data.report_answer, data.report_answer_revision to maillage_server;
grant delete on data.report_note to maillage_server;
grant insert (visit_id, organisation_id, network, note) on data.report_note to maillage_server;
grant select on api.picture_row, data.picture, api.lead_row, data.lead, data.lead_step, data.lead_transition, data.fap, data.appellation, data.rome_under, data.need_step, data.need_transition, api.need_call to maillage_server;
grant insert (establishment_id, organisation_id, member_id, visit_id, rome, fap, posts, horizon, contract, seasonal, difficulty, expires_on)
    on data.need to maillage_server;
grant update (state, reason) on data.need to maillage_server;
grant execute on function data.need_is_ours(bigint), data.need_days(text), data.need_filled(bigint), data.contact_seen(bigint) to maillage_server;
grant insert (id, establishment_id, organisation_id, member_id, person, channel, shared, confirmed_on) on data.contact to maillage_server;
grant update (person, channel, shared, confirmed_on, confirmed_by) on data.contact to maillage_server;
grant insert (establishment_id, organisation_id, member_id, subject, contact_id, reason) on data.opposition to maillage_server;
grant update (lifted_at, lifted_reason) on data.opposition to maillage_server;
grant insert (establishment_id, organisation_id, member_id, visit_id, need_id, title, rome, contract, posts, description,
    starts_on, ends_on, hours, salary, publics, commune_code, origin, origin_reference, origin_url, duration, duration_unit, work_time, schedule,
    salary_min, salary_max, salary_period, salary_months, benefits, experience, experience_months, qualification, requirements,
    conditions, travel, accessible, adapted, apply_by, apply_name, apply_url, apply_email, apply_phone, apply_note) on data.offer to maillage_server;
grant update (title, rome, contract, posts, description, starts_on, ends_on, hours, salary, publics, commune_code, state, reason, withdrawal,
    confirmed_with, posts_filled, origin_reference, origin_url, duration, duration_unit, work_time, schedule, salary_min, salary_max,
    salary_period, salary_months, benefits, experience, experience_months, qualification, requirements, conditions, travel, accessible,
    adapted, apply_by, apply_name, apply_url, apply_email, apply_phone, apply_note) on data.offer to maillage_server;
grant select on data.feed, data.feed_run, data.feed_fault, data.feed_offer, data.offer_twin,
    api.feed_run_row, api.offer_feed_row, api.feed_offer_row, api.offer_twin_row to maillage_server;
grant insert (offer_id, organisation_id, member_id, confirmed_with) on data.offer_prolongation to maillage_server;
grant insert (offer_id, organisation_id, member_id, token_hash) on data.offer_link to maillage_server;
grant update (revoked_at) on data.offer_link to maillage_server;
grant insert (offer_id, organisation_id, member_id, reference, public) on data.referral to maillage_server;
grant update (state, refusal) on data.referral to maillage_server;
grant update (later_on, done_at, done_by) on data.task to maillage_server;
grant insert (id, kind, organisation_id, member_id, name, sha256, bytes, content, is_sealed, state) on data.source_file to maillage_server;

grant select on api.establishment_line, api.promise_row, api.need_row, api.visit_row, api.offer_row, api.file_row, api.referral_row,
    api.task_row, api.report_revision_row, api.field_employer, api.claim_row to maillage_server;
grant select on api.contact_row, api.opposition_row, api.contact_ending, data.contact_clock to maillage_server;

grant select on data.bassin, data.bassin_commune, data.segment, data.segment_version, data.segment_day, data.tag,
    data.establishment_tag, data.own_column, data.own_code, api.segment_row, api.segment_list, api.segment_need,
    api.segment_tag, api.segment_code to maillage_server;
grant insert (organisation_id, name, lead, shared, made_by) on data.segment to maillage_server;
grant update (name, lead, shared, archived_at) on data.segment to maillage_server;
grant insert (segment_id, version, rule, note, member_id) on data.segment_version to maillage_server;
grant insert (organisation_id, label, shared, made_by, made_at) on data.tag to maillage_server;
grant insert (tag_id, establishment_id, member_id, at), delete on data.establishment_tag to maillage_server;

grant select on data.plan, data.plan_version, data.plan_edit, data.plan_signature, data.plan_comment, data.plan_scenario, data.plan_line,
    data.plan_skip, data.plan_weight, data.plan_public, api.plan_row, api.scenario_row to maillage_server;
grant select on data.indicator, data.zone, data.zone_commune to maillage_server;
grant select on data.service, data.organisation_service, data.organisation_area, data.organisation_cover to maillage_server;
grant select on data.pack, data.pack_comment, api.pack_row to maillage_server;
grant select (pack_id, place, hash, reserved_hash, frozen_at, frozen_by) on data.pack_copy to maillage_server;
grant execute on function data.area_name(text, bigint), data.month_words(integer), data.period_words(integer, integer) to maillage_server;

-- Keys and channels are written by functions; the hashes and the sealed secrets are nobody's to read.
grant select on data.api_scope, data.api_key, data.channel, data.delivery, data.delivery_attempt, api.key_row, api.channel_row,
    api.delivery_row, api.outlet_row to maillage_server;
grant select (key_id, prefix, made_at, ends_at, used_at) on data.api_secret to maillage_server;
grant select on data.opening_hours, data.tour, data.tour_line, data.tour_day, data.call_outcome, data.call, api.week_member, api.call_row
    to maillage_server;
grant insert (establishment_id, hours, organisation_id, member_id, stated_at), update (hours, organisation_id, member_id, stated_at)
    on data.opening_hours to maillage_server;
grant insert (organisation_id, asked_by, members, first_day, last_day, nearby), update (state, revision) on data.tour to maillage_server;
grant update (state, locked, starts_at, member_id, position, way_seconds, way_metres, late_minutes, left_reason, refusal, visit_id, answer)
    on data.tour_line to maillage_server;
grant insert (establishment_id, organisation_id, member_id, contact_id, outcome, note, next_on, override_reason) on data.call to maillage_server;

grant execute on all functions in schema api, auth to maillage_server;
grant execute on function data.now(), data.today(), data.fold(text), data.sound(text), data.easter(integer), data.holidays(integer),
    data.is_working_day(date), data.working_day_after(date, integer), data.agreement_in_force(text), data.offer_networks(bigint, text[], text, text), data.csv_cell(text, text), data.csv_line(text[], text), data.partner_header(), data.partner_columns(),
    data.offer_hold(bigint), data.offer_count(bigint, integer, text), data.employer_speaks(), data.letter_unsure(), data.offer_letter(bigint, bigint, bytea, bytea), data.is_moving(), data.promise_hold(bigint), data.establishment_hold(bigint), data.absent_until(bigint, bigint),
    data.team_has(bigint, bigint, bigint), data.batch_open(text), data.batch_note(bigint, bigint, jsonb),
    data.month_of(timestamptz), data.month_number(text), data.month_text(integer), data.indicator_member(text, bigint, bigint, double precision, boolean), data.offer_words(text), data.is_feeding(),
    data.offer_words_of_employer(), data.offer_twin_held(bigint, bigint), data.offer_twin_tie(bigint, bigint, real, text, bigint),
    data.offer_twin_part(bigint, text), data.title_likeness(text, text), data.euros(numeric), data.salary_text(data.offer), data.feed_lacks(data.feed_offer), data.feed_place(data.feed_offer), data.feed_department(jsonb), data.rome_near(text), data.title_key(text), data.feed_difference(data.feed_offer),
    data.hours_valid(jsonb), data.week_away(bigint, bigint, date, date), data.work_week_of(bigint, bigint),
    data.appointments(bigint[], date, date)
    to maillage_server;

grant execute on function data.plan_state(data.plan), data.plan_partners(jsonb), data.plan_signers(bigint, integer),
    data.plan_basis(jsonb) to maillage_server;

-- The worker settles jobs, imports files and takes the steps that time takes.
grant select on all tables in schema data to maillage_worker;
revoke all on data.member, data.session, data.idempotency, data.contact_plain, data.offer_link, data.offer_mail, data.api_key, data.api_secret,
    data.channel_secret, data.work_week, data.calendar_feed, data.rounding from maillage_worker;
grant select (id, name) on data.member to maillage_worker;
grant delete on data.session to maillage_worker;
grant select (expires_at) on data.session to maillage_worker;
grant insert, update on data.job to maillage_worker;
grant insert on data.event_seal to maillage_worker;
grant insert, update on data.source_file, data.source_error, data.source_record, data.link, data.establishment,
    data.establishment_value, data.company, data.contact, data.contact_key, data.review to maillage_worker;
grant usage on sequence data.contact_id_seq, data.source_record_id_seq, data.establishment_id_seq, data.source_file_id_seq to maillage_worker;
grant insert, update on data.import_mapping to maillage_worker;
grant select on data.own_column to maillage_worker;
grant update on data.import_line to maillage_worker;
grant insert, delete on data.import_line, data.import_verdict, data.establishment_key, data.establishment_unkeyed, data.waiting_person to maillage_worker;
grant delete on data.source_error to maillage_worker;
grant execute on all functions in schema data to maillage_worker;
revoke execute on function data.clock_set(timestamptz) from maillage_worker;
-- It speaks as the organisation of a segment when it refreshes its members.
grant select on api.segment_list, api.segment_need, api.segment_tag, api.segment_code to maillage_worker;
grant insert, update, delete on data.segment_block to maillage_worker;
grant delete on data.segment_touched to maillage_worker;
grant update (members) on data.segment to maillage_worker; -- what `for update` asks for
grant execute on function auth.is_partner(), auth.territory(), auth.organisation(), auth.role(), auth.member(),
    api.establishment_match(text) to maillage_worker;
-- What a reading of a feed found comes in one piece; linkage ties employers to it.
grant insert on data.feed_line, data.feed_fault to maillage_worker;
grant update (establishment_id, tied_by, resembling) on data.feed_offer to maillage_worker;
-- Lines of scenarios come in one piece.
grant insert on data.plan_line to maillage_worker;
revoke execute on function data.plan_hold(bigint, boolean), data.plan_write(bigint, integer, jsonb, bigint, text), data.plan_promise_all(bigint, integer)
    from maillage_worker;
revoke execute on function data.facet_rebuild(), data.outlook_refresh(), data.own_codes_read(bigint, text) from maillage_worker;
revoke execute on function data.fact_rebuild(), data.cells_rebuild(), data.wide_rebuild(), data.tally_make() from maillage_worker;
revoke execute on function data.pack_hold(bigint), data.pack_edition(data.pack, boolean) from maillage_worker;
revoke all on data.pack_copy from maillage_worker;
revoke execute on function data.known_rebuild(), data.agreement_change(text, jsonb),
    data.agreement_route_change(text, text, text, text, boolean, boolean) from maillage_worker;
