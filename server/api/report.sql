-- Reports, and the week of a member as a telephone keeps it. The rules are in schema/api/50_visit.sql and 51_report.sql.

-- report_new(visit bigint, outcome text, done_at timestamptz?, contact bigint?, needs json?, next_action text?, next_action_on date?, shared_note text?, network_note text?, confirmed json?, version bigint?, despite text?, answers json?, claim json?, contact_confirmed boolean) -> void
-- Writes the report of a visit: the promise is kept, the rest period begins; then what was seen right there.
select api.report_write(:visit, :outcome, :done_at, :contact, :needs, :next_action, :next_action_on, :shared_note, :network_note,
                        :version::integer, :despite),
       api.report_answer(:visit, :answers),
       api.values_confirm(:visit, :confirmed),
       api.report_beside(:visit, :needs, :claim, :contact_confirmed);

-- report_edit(visit bigint, version bigint, outcome text, done_at timestamptz?, contact bigint?, needs json?, next_action text?, next_action_on date?, shared_note text?, network_note text?, confirmed json?, answers json?, claim json?, contact_confirmed boolean) -> void
-- Corrects a report, if `version` is still the current one; its former text is kept.
select api.report_correct(:visit, :version::integer, :outcome, :done_at, :contact, :needs, :next_action, :next_action_on,
                          :shared_note, :network_note),
       api.report_answer(:visit, :answers),
       api.values_confirm(:visit, :confirmed),
       api.report_beside(:visit, :needs, :claim, :contact_confirmed);

-- report_revisions(visit bigint) -> json*
select row_to_json(v) from api.report_revision_row v where v.visit_id = :visit order by v.version;

-- field_week() -> json
-- My visits from today on, for seven days, and those of the seven days before that still wait for their report.
with mine as (
    select x.id, x.establishment_id, x.planned_at
      from data.visit x
     where (x.organisation_id = auth.organisation() and x.member_id = auth.member()
            -- or with a partner who goes there
            or exists (select from data.visit_partner w where w.visit_id = x.id and w.state = 'accepted' and w.member_id = auth.member()
                          and w.organisation_id = auth.organisation()))
       and x.planned_at >= (data.today() - case when x.state = 'planned' then 7 else 0 end)::timestamp at time zone 'Europe/Paris'
       and x.planned_at < (data.today() + 7)::timestamp at time zone 'Europe/Paris'
     order by x.planned_at, x.id
     limit 150)
select json_build_object(
    'questionnaires', api.questionnaires(), 'now', data.now(), 'first', data.today(), 'last', data.today() + 6,
    'visits', (select coalesce(json_agg(v order by v.planned_at, v.id), '[]') from api.visit_row v where v.id in (select m.id from mine m)),
    'employers', (select coalesce(json_agg(e order by e.id), '[]') from api.field_employer e
                   where e.id in (select m.establishment_id from mine m)));
