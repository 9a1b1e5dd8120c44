-- Visits and reports. The rules are in schema/api/50_visit.sql.

-- visit_new(establishment bigint, planned_at timestamptz, minutes bigint?, contact bigint?, override_reason text?) -> row
-- Plans a visit; promises it when nobody has. Returns its id.
select api.visit_plan(:establishment, :planned_at, :minutes::integer, :contact, :override_reason);

-- visit_edit(id bigint, version bigint?, planned_at timestamptz?, minutes bigint?, contact bigint?, state text?, reason text?) -> void
-- Moves or cancels a visit, if `version` (when given) is still the current one.
select api.visit_change(:id, :version::integer, :planned_at, :minutes::integer, :contact, :state, :reason);

-- visit_document(id bigint) -> json
select row_to_json(v), v.version::text from api.visit_row v where v.id = :id;

-- visit_join(id bigint, organisation bigint?, member bigint?, message text?) -> void
-- Invites a second partner, or asks to come along.
select api.visit_invite(:id, :organisation, :member, :message);

-- visit_join_step(id bigint, organisation bigint, state text, reason text?, member bigint?) -> void
select api.visit_invitation_answer(:id, :organisation, :state, :reason, :member);

-- visit_note_write(id bigint, note text) -> void
-- The private part of the second partner.
select api.visit_note(:id, :note);

-- visits_list(mine boolean, first date?, last date?, state text?, after text?, most bigint) -> json*
-- Visits of the organisation, or only mine, those that we join included, between two days of Paris, by date.
select row_to_json(r), to_char(x.planned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || x.id
  from data.visit x
  join api.visit_row r on r.id = x.id
 where (x.organisation_id = auth.organisation() and (not :mine or x.member_id = auth.member())
        or x.id in (select p.visit_id from data.visit_partner p where p.organisation_id = auth.organisation() and p.state in ('invited', 'accepted')
                       and (not :mine or p.member_id = auth.member())))
   and (:first is null or x.planned_at >= :first::timestamp at time zone 'Europe/Paris')
   and (:last is null or x.planned_at < (:last + 1)::timestamp at time zone 'Europe/Paris')
   and (:state is null or x.state = :state)
   and (:after is null or (x.planned_at, x.id) > (split_part(:after, ' ', 1)::timestamptz, split_part(:after, ' ', 2)::bigint))
 order by x.planned_at, x.id
 limit :most;

-- today_document(mine boolean) -> json
-- What is due: promises within ten days or late, visits of this week or still to report, next actions, offers about to open.
select json_build_object(
    'promises', (select coalesce(json_agg(r order by r.due_on, r.id), '[]') from api.promise_row r
                  where r.id in (select x.id from data.promise x where x.state = 'active' and x.organisation_id = auth.organisation()
                                    and (not :mine or x.member_id = auth.member()) and x.due_on <= data.today() + 10
                                  order by x.due_on, x.id limit 100)),
    'visits', (select coalesce(json_agg(r order by r.planned_at, r.id), '[]') from api.visit_row r
                where r.id in (select x.id from data.visit x where x.state = 'planned'
                                  and (x.organisation_id = auth.organisation() and (not :mine or x.member_id = auth.member())
                                       or x.planned_at > data.now() - interval '12 hours' and x.id in (select p.visit_id from data.visit_partner p
                                               where p.organisation_id = auth.organisation() and p.state = 'accepted' and (not :mine or p.member_id = auth.member())))
                                  and x.planned_at < (data.today() + 7)::timestamp at time zone 'Europe/Paris'
                                order by x.planned_at, x.id limit 100)),
    'actions', (select coalesce(json_agg(a order by a.next_action_on, a.visit), '[]') from (
        select r.visit_id as visit, json_build_object('id', e.id, 'name', e.name, 'city', e.city) as establishment, r.next_action,
               r.next_action_on, json_build_object('id', m.id, 'name', m.name) as member
          from data.report r
          join data.establishment e on e.id = r.establishment_id
          join data.member m on m.id = r.member_id
         where r.organisation_id = auth.organisation() and (not :mine or r.member_id = auth.member())
           and r.next_action_on between data.today() + 1 and data.today() + 10 -- those of today are tasks
         order by r.next_action_on, r.visit_id limit 50) a),
    'offers', (select coalesce(json_agg(f order by f.opens_at, f.id), '[]') from api.offer_row f
                where f.id in (select x.id from data.offer x where x.state = 'reserved' and x.opens_at < data.now() + interval '5 days'
                                order by x.opens_at limit 50)),
    'tasks', (select coalesce(json_agg(t order by t.due_on, t.rank, t.id), '[]') from api.task_row t
               where t.id in (select x.id from data.task x where x.done_at is null and x.organisation_id = auth.organisation()
                                 and (not :mine or x.member_id is not distinct from auth.member() or x.member_id is null)
                                 and coalesce(x.later_on, data.today()) <= data.today()
                                 and x.kind not in ('promise.due', 'report.due') -- among the promises and the visits above
                               order by x.due_on, x.id limit 100)),
    'team', (select json_build_object(
        'promises', (select count(*) from data.promise x where x.state = 'active' and x.organisation_id = auth.organisation()),
        'visits_week', (select count(*) from data.visit x where x.organisation_id = auth.organisation() and x.state <> 'cancelled'
                           and x.planned_at >= date_trunc('week', data.today()::timestamp) at time zone 'Europe/Paris'
                           and x.planned_at < (date_trunc('week', data.today()::timestamp) + interval '7 days') at time zone 'Europe/Paris'),
        'late', (select count(*) from data.promise x where x.state = 'active' and x.organisation_id = auth.organisation()
                    and x.due_on < data.today()))));
