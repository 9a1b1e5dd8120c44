-- Visits and their reports. A visit stands on a promise; its report keeps the promise.

create or replace function data.visit_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p promise;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    select * into p from promise x where x.id = new.promise_id for share;
    if tg_op = 'INSERT' then
        new.state := 'planned';
        new.version := 1;
        if p.state <> 'active' or p.establishment_id <> new.establishment_id
           or p.organisation_id <> new.organisation_id and not data.team_has(p.team_id, new.member_id, new.organisation_id) then
            perform auth.refuse('promise_not_active');
        end if;
    else
        -- Cancelled while somebody without a network was on the way there: it took place (data.report_guard).
        if old.state <> 'planned' and not (old.state = 'cancelled' and new.state = 'done') then
            perform auth.refuse(case old.state when 'done' then 'visit_done' else 'visit_cancelled' end);
        end if;
        -- It goes to a colleague with the promise, and not otherwise.
        if (new.establishment_id, new.organisation_id, new.promise_id) is distinct from (old.establishment_id, old.organisation_id, old.promise_id)
           or new.member_id <> old.member_id and (new.member_id, new.organisation_id, new.state) is distinct from (p.member_id, p.organisation_id, 'planned') then
            perform auth.refuse('visit_fixed');
        end if;
        if new.state = 'cancelled' and coalesce(trim(new.reason), '') = '' then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
        -- Done is said by a report and by nothing else.
        if new.state = 'done' and not exists (select from report r where r.visit_id = new.id) then
            perform auth.refuse('visit_not_reported');
        end if;
        new.version := old.version + 1;
    end if;
    if new.state = 'planned' and (tg_op = 'INSERT' or new.planned_at <> old.planned_at) then
        if (new.planned_at at time zone 'Europe/Paris')::date < data.today() then
            perform auth.refuse('visit_in_the_past', json_build_object('field', 'planned_at'));
        end if;
        if (new.planned_at at time zone 'Europe/Paris')::date > p.lapses_on then
            perform auth.refuse('visit_after_due', json_build_object('field', 'planned_at', 'due_on', p.due_on, 'lapses_on', p.lapses_on));
        end if;
    end if;
    if new.contact_id is not null and (tg_op = 'INSERT' or new.contact_id is distinct from old.contact_id) then
        perform data.contact_meetable(new.contact_id, new.establishment_id);
    end if;
    return new;
end
$$;
create or replace trigger visit_guard before insert or update on data.visit
    for each row execute function data.visit_guard();

create or replace function data.visit_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' and (new.state = 'done' or new.member_id <> old.member_id or data.is_moving()) then
        return null; -- the report tells it, or the promise, or it moved with its employer
    end if;
    perform data.log(
        case when tg_op = 'INSERT' then 'visit.planned' when new.state = 'cancelled' then 'visit.cancelled' else 'visit.moved' end,
        new.establishment_id, null,
        jsonb_strip_nulls(jsonb_build_object('visit', new.id, 'planned_at', new.planned_at, 'reason', new.reason)),
        new.member_id, new.organisation_id);
    return null;
end
$$;
create or replace trigger visit_told after insert or update on data.visit
    for each row execute function data.visit_told();

create or replace function data.report_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    v visit;
begin
    select * into v from visit x where x.id = new.visit_id for update;
    if v.id is null or v.establishment_id <> new.establishment_id
       or v.organisation_id <> new.organisation_id
          and not data.team_has((select p.team_id from promise p where p.id = v.promise_id), new.member_id, new.organisation_id) then
        perform auth.refuse('not_found');
    end if;
    if v.state = 'planned' then
        new.despite := null;
    elsif v.state = 'done' or new.despite is distinct from 'cancelled' then
        perform auth.refuse(case v.state when 'done' then 'visit_done' else 'visit_cancelled' end);
    end if;
    new.written_at := data.now();
    new.version := 1;
    if new.done_at > data.now() + interval '5 minutes' then
        perform auth.refuse('report_in_the_future', json_build_object('field', 'done_at'));
    end if;
    if new.done_at < data.now() - interval '5 years' then -- the clock of a telephone that begins anew
        perform auth.refuse('report_long_ago', json_build_object('field', 'done_at'));
    end if;
    if new.next_action is null and new.next_action_on is not null then
        perform auth.refuse('invalid', json_build_object('field', 'next_action'));
    end if;
    if new.contact_id is not null and not exists (select from contact c where c.id = new.contact_id
                                                     and c.establishment_id = new.establishment_id and c.erased_at is null) then
        perform auth.refuse('invalid', json_build_object('field', 'contact'));
    end if;
    return new;
end
$$;
create or replace trigger report_guard before insert on data.report
    for each row execute function data.report_guard();

-- The log does not repeat the shared note, which may speak of persons: whoever reads the log reads it in the report.
--
-- What a report entails: the visit is done, the promise kept (or still to keep, when the employer was not reached), the
-- rest period begins, a refusal becomes an opposition that binds everybody.
create or replace function data.report_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o outcome := (select x from outcome x where x.code = new.outcome);
begin
    update visit set state = 'done' where id = new.visit_id;
    if o.reached then
        update promise p set state = 'kept' from visit v
         where v.id = new.visit_id and p.id = v.promise_id and p.state = 'active';
        insert into contact_event (establishment_id, organisation_id, member_id, kind, at, visit_id)
        values (new.establishment_id, new.organisation_id, new.member_id, 'visit', new.done_at, new.visit_id);
    end if;
    perform data.log('visit.reported', new.establishment_id, null,
        jsonb_build_object('visit', new.visit_id, 'outcome', new.outcome, 'done_at', new.done_at),
        new.member_id, new.organisation_id);
    if new.outcome = 'refused' then
        insert into opposition (establishment_id, organisation_id, member_id, reason)
        values (new.establishment_id, new.organisation_id, new.member_id, 'Refus exprimé lors d’une visite')
        on conflict do nothing;
    end if;
    return null;
end
$$;
create or replace trigger report_told after insert on data.report
    for each row execute function data.report_told();

-- Plans a visit and returns its id. Without a promise of one's own organisation it makes one, due that day.
create or replace function api.visit_plan(establishment bigint, planned_at timestamptz, minutes integer, contact bigint,
                                          override_reason text) returns bigint
    language plpgsql as $$
declare
    p    record;
    made bigint;
    day  date := (visit_plan.planned_at at time zone 'Europe/Paris')::date;
begin
    if not exists (select from data.establishment e where e.id = visit_plan.establishment) then
        perform auth.refuse('not_found');
    end if;
    select x.id, x.organisation_id, x.team_id into p from data.promise x
     where x.establishment_id = visit_plan.establishment and x.state = 'active';
    if not found then
        p.id := api.promise_make(visit_plan.establishment, data.working_day_after(day, 0), visit_plan.override_reason);
    elsif p.organisation_id <> auth.organisation() and not data.team_has(p.team_id, auth.member(), auth.organisation()) then
        perform auth.refuse('promise_taken', json_build_object('holder', api.holder(p.id)));
    end if;
    if exists (select from data.visit v where v.promise_id = p.id and v.state = 'planned') then
        perform auth.refuse('visit_already_planned');
    end if;
    insert into data.visit (establishment_id, organisation_id, member_id, promise_id, contact_id, planned_at, minutes)
    values (visit_plan.establishment, auth.organisation(), auth.member(), p.id, visit_plan.contact, visit_plan.planned_at,
            coalesce(visit_plan.minutes, 60))
    returning id into made;
    return made;
end
$$;

-- Moves or cancels a visit of one's own organisation. `version`, when given, must be the current one.
create or replace function api.visit_change(visit bigint, version integer, planned_at timestamptz, minutes integer,
                                            contact bigint, state text, reason text) returns void
    language plpgsql as $$
declare
    v record;
begin
    select x.version, x.organisation_id into v from data.visit x where x.id = visit_change.visit;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if v.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    update data.visit x
       set planned_at = coalesce(visit_change.planned_at, x.planned_at), minutes = coalesce(visit_change.minutes, x.minutes),
           contact_id = coalesce(visit_change.contact, x.contact_id), state = coalesce(visit_change.state, x.state),
           reason = visit_change.reason
     where x.id = visit_change.visit and (visit_change.version is null or x.version = visit_change.version);
    if not found then
        perform auth.refuse('precondition_failed', json_build_object('version', v.version));
    end if;
end
$$;

-- Writes the report of a visit with its needs (JSON array of {rome, posts, horizon, contract}) and notes. `version`, when
-- given, is the one of the visit that the writer knew: a visit moved meanwhile is shown to them first. `despite`
-- 'cancelled' says that it took place although it had been cancelled.
create or replace function api.report_write(visit bigint, outcome text, done_at timestamptz, contact bigint, needs json,
                                            next_action text, next_action_on date, shared_note text, network_note text,
                                            version integer default null, despite text default null)
    returns void
    language plpgsql as $$
declare
    v record;
begin
    select x.establishment_id, x.organisation_id, x.state, x.version, p.team_id into v
      from data.visit x join data.promise p on p.id = x.promise_id where x.id = report_write.visit;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if v.organisation_id <> auth.organisation() and not data.team_has(v.team_id, auth.member(), auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    if v.state = 'planned' and v.version <> report_write.version then
        perform auth.refuse('precondition_failed', json_build_object('version', v.version));
    end if;
    insert into data.report (visit_id, establishment_id, organisation_id, member_id, contact_id, outcome, done_at,
                             next_action, next_action_on, shared_note, despite)
    values (report_write.visit, v.establishment_id, auth.organisation(), auth.member(), report_write.contact,
            report_write.outcome, coalesce(report_write.done_at, data.now()), nullif(trim(report_write.next_action), ''),
            report_write.next_action_on, nullif(trim(report_write.shared_note), ''), report_write.despite);
    if nullif(trim(report_write.network_note), '') is not null then
        insert into data.report_note (visit_id, organisation_id, network, note)
        values (report_write.visit, auth.organisation(), auth.network(), trim(report_write.network_note));
    end if;
    insert into data.need (establishment_id, organisation_id, member_id, visit_id, rome, posts, horizon, contract)
    select v.establishment_id, auth.organisation(), auth.member(), report_write.visit, n.rome, coalesce(n.posts, 1),
           coalesce(n.horizon, 'now'), n.contract
      from json_to_recordset(coalesce(report_write.needs, '[]')) n (rome text, posts smallint, horizon text, contract text);
end
$$;

-- Answers as they are read, in the order of the questions.
create or replace function api.answers_of(visit bigint, version integer default null) returns json
    language sql stable
    return (select coalesce(json_agg(json_build_object('questionnaire', g.questionnaire_id, 'code', g.code, 'label', e.q ->> 'label', 'kind', e.q ->> 'kind',
                                              'network', g.network, 'values', g.values) order by g.network nulls first, e.place), '[]')
              from (select a.questionnaire_id, a.code, a.network, json_agg(a.value order by a.value) as values
                      from (select x.questionnaire_id, x.code, x.network, x.value from data.report_answer x
                             where x.visit_id = answers_of.visit and answers_of.version is null
                            union all
                            select x.questionnaire_id, x.code, x.network, x.value from data.report_answer_revision x
                             where x.visit_id = answers_of.visit and x.version = answers_of.version) a
                     group by a.questionnaire_id, a.code, a.network) g
              join data.questionnaire n on n.id = g.questionnaire_id
             cross join lateral jsonb_array_elements(n.questions) with ordinality e (q, place)
             where e.q ->> 'code' = g.code);

-- A visit with its report: the shared part for every partner, the network's note for its network.
create or replace view api.visit_row with (security_invoker = true) as
select v.id,
       json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city, 'address', e.address,
                         'postcode', e.postcode, 'lon', ext.ST_X(e.location), 'lat', ext.ST_Y(e.location)) as establishment,
       api.organisation_ref(o) as organisation,
       json_build_object('id', m.id, 'name', m.name) as member,
       v.promise_id as promise,
       (select row_to_json(k) from (select c.id, api.sealed(c) as sealed, c.opposition_id is not null as opposed
                                      from data.contact c where c.id = v.contact_id and c.erased_at is null) k) as contact,
       v.planned_at, v.minutes, v.state, v.reason, v.version,
       (select json_build_object('outcome', r.outcome, 'outcome_label', u.label, 'done_at', r.done_at,
                   'version', r.version, 'written_at', r.written_at, 'despite', r.despite, 'contact', r.contact_id, 'answers', api.answers_of(v.id),
                   'member', (select json_build_object('id', w.id, 'name', w.name) from data.member w where w.id = r.member_id),
                   'next_action', r.next_action, 'next_action_on', r.next_action_on, 'shared_note', r.shared_note,
                   'network_note', (select string_agg(n.note, E'\n\n' order by n.organisation_id) from data.report_note n where n.visit_id = v.id),
                   'needs', coalesce((select json_agg(n order by n.id) from api.need_row n where n.visit = v.id), '[]'))
          from data.report r join data.outcome u on u.code = r.outcome
         where r.visit_id = v.id) as report,
       -- Who comes along, or is asked to.
       (select json_build_object('organisation', api.organisation_ref(g), 'member', json_build_object('id', w.id, 'name', w.name),
                   'state', x.state, 'asked', x.asked, 'message', x.message, 'reason', x.reason)
          from data.visit_partner x join data.organisation g on g.id = x.organisation_id join data.member w on w.id = x.member_id
         where x.visit_id = v.id order by x.state in ('invited', 'accepted') desc, x.invited_at desc limit 1) as partner,
       (select json_build_object('id', t.id, 'name', t.name) from data.promise p join data.team t on t.id = p.team_id where p.id = v.promise_id) as team
  from data.visit v
  join data.establishment e on e.id = v.establishment_id
  join data.organisation o on o.id = v.organisation_id
  join data.member m on m.id = v.member_id;
