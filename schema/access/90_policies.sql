-- The sharing table of the design, as row policies for maillage_server. Everything not allowed here is refused.
-- Read as: who may see or write which rows; the columns they may touch are in 95_grants.sql.

do $$
declare
    p record;
begin
    for p in select schemaname, tablename, policyname from pg_policies where schemaname = 'data' loop
        execute format('drop policy %I on %I.%I', p.policyname, p.schemaname, p.tablename);
    end loop;
end
$$;

-- Establishments: partners of the territory read them. Observers and contributors have counts and their own leads.
alter table data.establishment enable row level security;
create policy partners_read on data.establishment for select to maillage_server
    using ((select auth.is_partner())
           and exists (select from data.territory_commune tc
                        where tc.territory_id = (select auth.territory()) and tc.commune_code = establishment.commune_code));

-- What hangs on an establishment is seen by whoever sees the establishment.
do $$
declare
    t text;
begin
    foreach t in array array['standing', 'establishment_value', 'promise', 'visit', 'report', 'contact_event', 'need', 'opposition', 'claim'] loop
        execute format('alter table data.%I enable row level security', t);
        execute format('create policy partners_read on data.%I for select to maillage_server
                        using (auth.sees(establishment_id))', t);
    end loop;
    -- Only the members of an organisation write for it, in their own name, on employers they see.
    foreach t in array array['visit', 'report', 'need', 'contact', 'opposition', 'offer'] loop
        execute format('create policy own_insert on data.%I for insert to maillage_server
                        with check ((select auth.can_write()) and organisation_id = (select auth.organisation())
                                    and member_id = (select auth.member())
                                    and auth.sees(establishment_id))', t);
    end loop;
    foreach t in array array['visit', 'report', 'need', 'contact', 'opposition', 'offer'] loop
        execute format('create policy own_update on data.%I for update to maillage_server
                        using ((select auth.can_write()) and organisation_id = (select auth.organisation()))
                        with check (organisation_id = (select auth.organisation()))', t);
    end loop;
end
$$;

-- The steps of a need are seen with it; functions and triggers write them.
alter table data.need_step enable row level security;
create policy with_need on data.need_step for select to maillage_server
    using (exists (select from data.need n where n.id = need_step.need_id));

-- Promises: also in the name of a colleague; kept, lapsed and transferred is what becomes of them, and nobody writes it.
create policy own_insert on data.promise for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation()) and auth.sees(establishment_id));
create policy own_update on data.promise for update to maillage_server
    using ((select auth.can_write()) and organisation_id = (select auth.organisation()))
    with check (organisation_id = (select auth.organisation()) and state in ('active', 'returned'));

-- Transfers: the two organisations; the log tells everybody what became of them.
alter table data.transfer enable row level security;
create policy party_read on data.transfer for select to maillage_server
    using ((select auth.is_partner()) and (select auth.organisation()) in (from_organisation_id, to_organisation_id));
create policy own_insert on data.transfer for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation()) and member_id = (select auth.member())
                and auth.sees(establishment_id));
create policy party_update on data.transfer for update to maillage_server
    using ((select auth.can_write()) and (select auth.organisation()) in (from_organisation_id, to_organisation_id));

-- Absences: one's own organisation; one's own, or a colleague's by a manager. Others see until when a clock stands still.
alter table data.absence enable row level security;
create policy own_read on data.absence for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy own_insert on data.absence for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation()) and made_by = (select auth.member())
                and (member_id = (select auth.member()) or (select auth.role()) = 'manager'));
create policy own_update on data.absence for update to maillage_server
    using ((select auth.can_write()) and organisation_id = (select auth.organisation())
           and (member_id = (select auth.member()) or (select auth.role()) = 'manager'));

-- Teams of the territory are known to its partners; functions write them.
alter table data.team enable row level security;
create policy partners_read on data.team for select to maillage_server
    using ((select auth.is_partner()) and territory_id = (select auth.territory()));
alter table data.team_partner enable row level security;
create policy with_team on data.team_partner for select to maillage_server
    using (exists (select from data.team t where t.id = team_partner.team_id));
alter table data.team_member enable row level security;
create policy with_team on data.team_member for select to maillage_server
    using (exists (select from data.team t where t.id = team_member.team_id));
alter table data.promise_batch enable row level security;
alter table data.promise_batch_row enable row level security;

-- Who comes along on a visit is seen with it; the two organisations write it.
alter table data.visit_partner enable row level security;
create policy with_visit on data.visit_partner for select to maillage_server
    using (exists (select from data.visit v where v.id = visit_partner.visit_id));
create policy party_insert on data.visit_partner for insert to maillage_server
    with check ((select auth.can_write()) and invited_by = (select auth.member())
                and exists (select from data.visit v where v.id = visit_partner.visit_id
                               and (select auth.organisation()) in (v.organisation_id, visit_partner.organisation_id)));
create policy party_update on data.visit_partner for update to maillage_server
    using ((select auth.can_write())
           and exists (select from data.visit v where v.id = visit_partner.visit_id
                          and (select auth.organisation()) in (v.organisation_id, visit_partner.organisation_id)));

-- Employers proposed again: the organisation that is asked.
alter table data.proposal enable row level security;
create policy own_read on data.proposal for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy own_update on data.proposal for update to maillage_server
    using ((select auth.can_write()) and organisation_id = (select auth.organisation()));

-- Contacts: professional details are shared unless their source keeps them.
alter table data.contact enable row level security;
create policy shared_read on data.contact for select to maillage_server
    using ((organisation_id = (select auth.organisation()) and (select auth.is_partner())
            or shared)
           and auth.sees(establishment_id));

-- Hashes of persons, and what waits to be sealed: functions read them, nobody else.
alter table data.contact_key enable row level security;
alter table data.opposition_key enable row level security;
alter table data.contact_plain enable row level security;
create policy importing on data.contact_key to maillage_worker using (true) with check (true);
create policy importing on data.opposition_key for select to maillage_worker using (true);

-- The note for one's own network, beside the report it belongs to.
alter table data.report_note enable row level security;
create policy network_read on data.report_note for select to maillage_server
    using ((select auth.is_partner()) and network = (select auth.network())
           and exists (select from data.report r where r.visit_id = report_note.visit_id));
create policy own_insert on data.report_note for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation())
                and network = (select auth.network())
                and (exists (select from data.report r where r.visit_id = report_note.visit_id
                                                       and r.organisation_id = (select auth.organisation()))
                     or exists (select from data.visit_partner p join data.report r on r.visit_id = p.visit_id
                                 where p.visit_id = report_note.visit_id and p.state = 'accepted'
                                   and p.organisation_id = (select auth.organisation()))));
create policy own_update on data.report_note for update to maillage_server
    using ((select auth.can_write()) and organisation_id = (select auth.organisation())
           and exists (select from data.visit_partner p where p.visit_id = report_note.visit_id and p.state = 'accepted'
                                                          and p.organisation_id = (select auth.organisation())));

create policy own_correct on data.report_note for update to maillage_server
    using ((select auth.can_write()) and organisation_id = (select auth.organisation()))
    with check (organisation_id = (select auth.organisation()) and network = (select auth.network()));
create policy own_delete on data.report_note for delete to maillage_server
    using ((select auth.can_write()) and organisation_id = (select auth.organisation()));
-- Former texts are read by whoever reads the present one.
alter table data.report_revision enable row level security;
create policy partners_read on data.report_revision for select to maillage_server
    using ((select auth.is_partner()) and exists (select from data.report r where r.visit_id = report_revision.visit_id));
alter table data.report_note_revision enable row level security;
create policy network_read on data.report_note_revision for select to maillage_server
    using ((select auth.is_partner()) and network = (select auth.network())
           and exists (select from data.report r where r.visit_id = report_note_revision.visit_id));

-- Questions and answers: of the common core, and of one's own network.
alter table data.questionnaire enable row level security;
create policy network_read on data.questionnaire for select to maillage_server
    using ((select auth.is_partner()) and (network is null or network = (select auth.network())));
alter table data.report_answer enable row level security;
create policy network_read on data.report_answer for select to maillage_server
    using ((select auth.is_partner()) and (network is null or network = (select auth.network()))
           and exists (select from data.report r where r.visit_id = report_answer.visit_id));
alter table data.report_answer_revision enable row level security;
create policy network_read on data.report_answer_revision for select to maillage_server
    using ((select auth.is_partner()) and (network is null or network = (select auth.network()))
           and exists (select from data.report r where r.visit_id = report_answer_revision.visit_id));

-- Offers: one's own; reserved ones by the networks that the routing names; once open, by everybody.
alter table data.offer enable row level security;
alter table data.offer_routing enable row level security;
create policy own_read on data.offer for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy routed_read on data.offer for select to maillage_server
    using ((select auth.is_partner()) and state in ('reserved', 'filled', 'withdrawn', 'expired')
           and exists (select from data.offer_routing r where r.offer_id = offer.id and r.network = (select auth.network()))
           and auth.sees(establishment_id));
create policy open_read on data.offer for select to maillage_server
    using ((select auth.role()) is not null and state = 'open' and not sandbox);
-- The routing has its own policies and must not read the offer's: it is decided from the identity alone.
create policy any_read on data.offer_routing for select to maillage_server
    using ((select auth.role()) is not null);

alter table data.offer_step enable row level security;
create policy with_offer on data.offer_step for select to maillage_server
    using (exists (select from data.offer o where o.id = offer_step.offer_id));
alter table data.publication enable row level security;
create policy with_offer on data.publication for select to maillage_server
    using (exists (select from data.offer o where o.id = publication.offer_id));

-- Addresses of employers are read and written by functions only.
alter table data.offer_mail enable row level security;

-- Links, prolongations and referrals: who collected the offer; referrals also who made them.
alter table data.offer_link enable row level security;
alter table data.offer_prolongation enable row level security;
alter table data.referral enable row level security;
alter table data.task enable row level security;
do $$
declare
    t text;
begin
    foreach t in array array['offer_link', 'offer_prolongation', 'referral', 'task'] loop
        execute format('create policy own_read on data.%I for select to maillage_server
                        using ((select auth.is_partner()) and organisation_id = (select auth.organisation()))', t);
    end loop;
    foreach t in array array['offer_link', 'offer_prolongation', 'referral'] loop
        execute format('create policy own_insert on data.%I for insert to maillage_server
                        with check ((select auth.can_write()) and organisation_id = (select auth.organisation())
                                    and member_id = (select auth.member())
                                    and exists (select from data.offer o where o.id = offer_id))', t);
    end loop;
    foreach t in array array['offer_link', 'referral', 'task'] loop
        execute format('create policy own_update on data.%I for update to maillage_server
                        using ((select auth.can_write()) and organisation_id = (select auth.organisation()))', t);
    end loop;
end
$$;
create policy collector_read on data.referral for select to maillage_server
    using ((select auth.is_partner())
           and exists (select from data.offer o where o.id = referral.offer_id and o.organisation_id = (select auth.organisation())));
create policy collector_update on data.referral for update to maillage_server
    using ((select auth.can_write())
           and exists (select from data.offer o where o.id = referral.offer_id and o.organisation_id = (select auth.organisation())));

-- Leads: of a contributor its own, of the recipient its inbox; those that are not confidential by the partners who see the
-- employer. A confidential one is its author's and its named recipient's. What asks to answer one is seen with it.
alter table data.lead enable row level security;
create policy reader_read on data.lead for select to maillage_server using (auth.reads_lead(lead));
alter table data.lead_step enable row level security;
create policy with_lead on data.lead_step for select to maillage_server
    using (exists (select from data.lead l where l.id = lead_step.lead_id));
create policy with_lead on data.task as restrictive for select to maillage_server
    using (lead_id is null or exists (select from data.lead l where l.id = task.lead_id));
-- Photographs are read with the report; a business card by the organisation that was given it.
alter table data.picture enable row level security;
create policy with_report on data.picture for select to maillage_server
    using (exists (select from data.report r where r.visit_id = picture.visit_id)
           and (kind = 'photo' or organisation_id = (select auth.organisation())));

-- The log: partners read what concerns employers they see; an offer's steps follow the offer.
alter table data.event enable row level security;
create policy partners_read on data.event for select to maillage_server
    using (establishment_id is not null
           and auth.sees(establishment_id)
           and (offer_id is null or exists (select from data.offer o where o.id = event.offer_id)));

-- Files as received: their organisation only.
alter table data.source_file enable row level security;
create policy own_read on data.source_file for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy own_insert on data.source_file for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation())
                and member_id = (select auth.member()) and (kind = 'partner' and state in ('received', 'preview') or kind = 'needs' and state = 'received'));
alter table data.source_record enable row level security;
create policy own_read on data.source_record for select to maillage_server
    using (exists (select from data.source_file f where f.id = source_record.file_id));
alter table data.source_error enable row level security;
create policy own_read on data.source_error for select to maillage_server
    using (exists (select from data.source_file f where f.id = source_error.file_id));
alter table data.import_line enable row level security;
create policy own_read on data.import_line for select to maillage_server
    using (exists (select from data.source_file f where f.id = import_line.file_id));
alter table data.import_progress enable row level security;
create policy own_read on data.import_progress for select to maillage_server
    using (exists (select from data.source_file f where f.id = import_progress.file_id));
-- What was foreseen or taken back, and how partners name their columns, is for the worker and its functions only.
alter table data.import_undone enable row level security;
alter table data.import_verdict enable row level security;
alter table data.list_change enable row level security;
alter table data.import_mapping enable row level security;
-- The links of one's own lines, for the file given back.
alter table data.link enable row level security;
create policy own_read on data.link for select to maillage_server
    using (exists (select from data.source_record r where r.id = link.source_record_id));

-- Doubtful pairs speak of a file as received: its organisation only.
alter table data.review enable row level security;
create policy own_read on data.review for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy shared_read on data.review for select to maillage_server
    using ((select auth.is_partner()) and other_id is not null and auth.sees(establishment_id) and auth.sees(other_id));
alter table data.review_skip enable row level security;

-- What members state of values is seen with the employer; merges and what the register says of successions are told by
-- functions.
alter table data.value_statement enable row level security;
create policy partners_read on data.value_statement for select to maillage_server using (auth.sees(establishment_id));
alter table data.merge enable row level security;
alter table data.merge_row enable row level security;
alter table data.succession enable row level security;

-- Segments: partners of the territory read shared ones; one's own organisation writes. Members follow their segment.
alter table data.facet enable row level security;
alter table data.segment enable row level security;
create policy partners_read on data.segment for select to maillage_server
    using ((select auth.is_partner()) and territory_id = (select auth.territory())
           and (shared or organisation_id = (select auth.organisation())));
create policy own_insert on data.segment for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation())
                and made_by = (select auth.member()));
create policy own_update on data.segment for update to maillage_server
    using ((select auth.can_write()) and organisation_id = (select auth.organisation()))
    with check (organisation_id = (select auth.organisation()));
alter table data.segment_version enable row level security;
create policy with_segment on data.segment_version for select to maillage_server
    using (exists (select from data.segment s where s.id = segment_version.segment_id));
create policy own_insert on data.segment_version for insert to maillage_server
    with check ((select auth.can_write()) and member_id = (select auth.member())
                and exists (select from data.segment s where s.id = segment_version.segment_id
                                                         and s.organisation_id = (select auth.organisation())));
alter table data.segment_day enable row level security;
create policy with_segment on data.segment_day for select to maillage_server
    using (exists (select from data.segment s where s.id = segment_day.segment_id));
alter table data.segment_block enable row level security;
alter table data.segment_touched enable row level security;
create policy refreshing on data.segment to maillage_worker using (true);
create policy refreshing on data.segment_version for select to maillage_worker using (true);
create policy refreshing on data.segment_block to maillage_worker using (true) with check (true);
create policy refreshing on data.segment_touched to maillage_worker using (true);

-- Tags: one's own, and those that the others show. Codes: one's own.
alter table data.tag enable row level security;
create policy partners_read on data.tag for select to maillage_server
    using ((select auth.is_partner())
           and (organisation_id = (select auth.organisation())
                or (shared and organisation_id in (select o.id from data.organisation o
                                                    where o.territory_id = (select auth.territory())))));
create policy own_insert on data.tag for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation()) and made_by = (select auth.member()));
alter table data.establishment_tag enable row level security;
create policy with_tag on data.establishment_tag for select to maillage_server
    using (exists (select from data.tag t where t.id = establishment_tag.tag_id) and auth.sees(establishment_id));
create policy own_insert on data.establishment_tag for insert to maillage_server
    with check ((select auth.can_write()) and member_id = (select auth.member()) and auth.sees(establishment_id)
                and exists (select from data.tag t where t.id = establishment_tag.tag_id
                                                     and t.organisation_id = (select auth.organisation())));
create policy own_delete on data.establishment_tag for delete to maillage_server
    using ((select auth.can_write())
           and exists (select from data.tag t where t.id = establishment_tag.tag_id
                                                and t.organisation_id = (select auth.organisation())));
alter table data.own_column enable row level security;
alter table data.own_code enable row level security;
create policy own_read on data.own_column for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy own_read on data.own_code for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));

-- Joint plans: the partners of the territory read them; functions write, each checking who asks.
alter table data.plan enable row level security;
create policy partners_read on data.plan for select to maillage_server
    using ((select auth.is_partner()) and territory_id = (select auth.territory()));
do $$
declare
    t text;
begin
    foreach t in array array['plan_version', 'plan_edit', 'plan_signature', 'plan_comment', 'plan_scenario', 'plan_skip'] loop
        execute format('alter table data.%I enable row level security', t);
        execute format('create policy with_plan on data.%I for select to maillage_server
                        using (exists (select from data.plan p where p.id = plan_id))', t);
    end loop;
end
$$;
alter table data.plan_line enable row level security;
create policy with_scenario on data.plan_line for select to maillage_server
    using (exists (select from data.plan_scenario s where s.id = plan_line.scenario_id));
create policy computing on data.plan_line for insert to maillage_worker with check (true);
create policy computing on data.plan_scenario for select to maillage_worker using (true);

-- Figures: told by functions only, which keep small cells from observers. Zonings are public.
alter table data.fact enable row level security;
alter table data.fact_touched enable row level security;
alter table data.stock enable row level security;
alter table data.stock_touched enable row level security;
-- Targets are told by functions only. Committee packs: the partners of the territory; observers those that are frozen.
-- Functions write them, and tell the copies.
alter table data.target enable row level security;
alter table data.known enable row level security;
alter table data.known_touched enable row level security;
alter table data.pack enable row level security;
alter table data.pack_comment enable row level security;
alter table data.pack_copy enable row level security;
create policy partners_read on data.pack for select to maillage_server
    using (territory_id = (select auth.territory()) and dropped_at is null
           and ((select auth.is_partner()) or ((select auth.role()) = 'observer' and frozen_at is not null)));
create policy with_pack on data.pack_comment for select to maillage_server
    using ((select auth.is_partner()) and exists (select from data.pack p where p.id = pack_id));
create policy with_pack on data.pack_copy for select to maillage_server
    using (exists (select from data.pack p where p.id = pack_id));
alter table data.cell_met enable row level security;
alter table data.cell_done enable row level security;
alter table data.tally enable row level security;
alter table data.stock_whole enable row level security;
alter table data.wide_done enable row level security;
alter table data.wide_met enable row level security;
alter table data.wide_stock enable row level security;
-- Tiles: cut by functions, which know what the person may see.
alter table data.ground_stamp enable row level security;
alter table data.square_stamp enable row level security;
alter table data.square_touched enable row level security;
alter table data.tile enable row level security;
alter table data.contour enable row level security;
alter table data.commune_former enable row level security;
-- Keys, channels and what was sent: who answers for them in the organisation; its sandbox goes with it.
alter table data.api_key enable row level security;
alter table data.api_secret enable row level security;
alter table data.channel enable row level security;
alter table data.channel_secret enable row level security;
alter table data.delivery enable row level security;
alter table data.delivery_attempt enable row level security;
alter table data.digest enable row level security;
alter table data.digest_offer enable row level security;
create policy own_read on data.api_key for select to maillage_server
    using ((select auth.is_accountable()) and auth.is_own(organisation_id));
create policy with_key on data.api_secret for select to maillage_server
    using (exists (select from data.api_key k where k.id = api_secret.key_id));
create policy own_read on data.channel for select to maillage_server
    using ((select auth.is_accountable()) and auth.is_own(organisation_id));
create policy with_channel on data.delivery for select to maillage_server
    using (exists (select from data.channel c where c.id = delivery.channel_id));
create policy with_delivery on data.delivery_attempt for select to maillage_server
    using (exists (select from data.delivery d where d.id = delivery_attempt.delivery_id));
-- Feeds of offers, what they were read from and what came of it: the organisation's own.
alter table data.feed enable row level security;
alter table data.feed_run enable row level security;
alter table data.feed_fault enable row level security;
alter table data.feed_line enable row level security;
alter table data.feed_offer enable row level security;
create policy own_read on data.feed for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy with_feed on data.feed_run for select to maillage_server
    using (exists (select from data.feed f where f.id = feed_run.feed_id));
create policy with_run on data.feed_fault for select to maillage_server
    using (exists (select from data.feed_run r where r.id = feed_fault.run_id));
create policy with_feed on data.feed_offer for select to maillage_server
    using (exists (select from data.feed f where f.id = feed_offer.feed_id));
-- Twins of an offer: with the offer that is shown and the one that gives way.
alter table data.offer_twin enable row level security;
create policy with_offer on data.offer_twin for select to maillage_server
    using (exists (select from data.offer o where o.id = offer_twin.offer_id)
           and exists (select from data.offer o where o.id = offer_twin.canonical_id));
-- The week: suggested tours are their organisation's; who asked, and whom they are for, decide. When employers receive is
-- everybody's. Hours of advisers and calendar feeds are told by functions; calls are the organisation's own.
alter table data.work_week enable row level security;
alter table data.opening_hours enable row level security;
create policy partners_read on data.opening_hours for select to maillage_server using (auth.sees(establishment_id));
create policy own_insert on data.opening_hours for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation()) and member_id = (select auth.member())
                and auth.sees(establishment_id));
create policy own_update on data.opening_hours for update to maillage_server
    using ((select auth.can_write()) and auth.sees(establishment_id))
    with check (organisation_id = (select auth.organisation()) and member_id = (select auth.member()));
alter table data.tour enable row level security;
create policy own_read on data.tour for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy own_insert on data.tour for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation()) and asked_by = (select auth.member())
                and ((select auth.role()) = 'manager' or members = array[(select auth.member())]));
create policy own_update on data.tour for update to maillage_server
    using ((select auth.can_write()) and organisation_id = (select auth.organisation())
           and ((select auth.member()) = asked_by or (select auth.member()) = any (members)))
    with check (organisation_id = (select auth.organisation()));
alter table data.tour_line enable row level security;
create policy with_tour on data.tour_line for select to maillage_server
    using (exists (select from data.tour t where t.id = tour_line.tour_id));
create policy own_update on data.tour_line for update to maillage_server
    using ((select auth.can_write())
           and exists (select from data.tour t where t.id = tour_line.tour_id
                          and ((select auth.member()) = t.asked_by or (select auth.member()) = any (t.members))));
alter table data.tour_day enable row level security;
create policy with_tour on data.tour_day for select to maillage_server
    using (exists (select from data.tour t where t.id = tour_day.tour_id));
alter table data.call enable row level security;
create policy own_read on data.call for select to maillage_server
    using ((select auth.is_partner()) and organisation_id = (select auth.organisation()));
create policy own_insert on data.call for insert to maillage_server
    with check ((select auth.can_write()) and organisation_id = (select auth.organisation()) and member_id = (select auth.member())
                and auth.sees(establishment_id));
alter table data.calendar_feed enable row level security;
