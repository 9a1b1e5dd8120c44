-- Promises: one organisation will see this employer before a date. How they change hands is in 41_promise_life.sql, teams
-- and joint visits are in 42_team.sql, absences in 43_absence.sql.

-- The last day of the absence, or of the closure, that covers today; null when somebody is there.
create or replace function data.absent_until(member bigint, organisation bigint) returns date
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    today date := data.today();
begin
    return (select max(a.last_on) from absence a
             where a.cancelled_at is null and today between a.first_on and a.last_on
               and (a.member_id = absent_until.member or a.member_id is null and a.organisation_id = absent_until.organisation));
end
$$;

-- The rules of a promise, whoever writes it: who may not be promised, until when, and which changes are possible.
create or replace function data.promise_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    rule  agreement := data.agreement_in_force((select o.network from organisation o where o.id = new.organisation_id));
    today date := data.today();
    e     record;
    s     record;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if tg_op = 'UPDATE' and old.state <> 'active' then
        perform auth.refuse('promise_not_active', json_build_object('state', old.state));
    end if;
    if tg_op = 'UPDATE' and ((new.establishment_id, new.organisation_id, new.made_at, new.transfer_id, new.plan_id, new.plan_version)
                             is distinct from (old.establishment_id, old.organisation_id, old.made_at, old.transfer_id, old.plan_id, old.plan_version)
                             or new.state <> 'active' and (new.member_id, new.team_id) is distinct from (old.member_id, old.team_id)) then
        perform auth.refuse('promise_fixed');
    end if;

    if tg_op = 'INSERT' then
        new.made_at := data.now();
        new.state := 'active';
        new.extensions := 0;
        new.ended_at := null;
        new.base_due_on := new.due_on;
        new.base_at := new.made_at;
        perform data.absence_lock(new.organisation_id, false);
        new.team_id := coalesce(new.team_id, data.team_for(new.member_id, new.organisation_id, new.establishment_id));
        if new.plan_id is null then -- a plan looks at its members all at once
            perform data.promise_holdable(new.member_id, new.organisation_id, new.team_id);
        end if;
        -- Shared lock: an opposition being recorded at this instant is waited for, or waits for us.
        select x.status into e from establishment x where x.id = new.establishment_id for share;
        if e.status = 'F' then
            perform auth.refuse('establishment_closed');
        end if;
        select st.opposed, st.rest_until, st.last_contact_at, o.id as organisation_id, o.name, o.network into s
          from standing st left join organisation o on o.id = st.last_contact_by
         where st.establishment_id = new.establishment_id;
        if s.opposed then
            perform auth.refuse('establishment_opposed');
        end if;
        -- Whoever takes over a promise solicits nobody anew.
        if s.rest_until >= today and new.transfer_id is null and coalesce(trim(new.override_reason), '') = '' then
            perform auth.refuse('establishment_resting', json_build_object(
                'rest_until', s.rest_until, 'last_contact_at', s.last_contact_at,
                'organisation', json_build_object('id', s.organisation_id, 'name', s.name, 'network', s.network)));
        end if;
        if coalesce(s.rest_until < today, true) then
            new.override_reason := null;
        end if;
    elsif new.state = 'active' and new.clock <> old.clock then
        -- Its clock stops while its adviser is absent (43_absence.sql): no new choice of anybody.
        select c.due_on, c.lapses_on into new.due_on, new.lapses_on from data.promise_clock(new, rule) c;
        return new;
    elsif new.state = 'active' and (new.member_id, new.team_id) is distinct from (old.member_id, old.team_id) then
        -- Handed to a colleague, or to a team: the same promise, the same date.
        if new.due_on <> old.due_on then
            perform auth.refuse('promise_fixed');
        end if;
        perform data.promise_holdable(new.member_id, new.organisation_id, new.team_id);
        new.base_due_on := new.due_on;
        new.base_at := data.now();
        select c.lapses_on into new.lapses_on from data.promise_clock(new, rule) c;
        return new;
    elsif new.state = 'active' then
        if new.due_on <= old.due_on then
            perform auth.refuse('due_out_of_range', json_build_object('field', 'due_on', 'first_due_on', old.due_on + 1));
        end if;
        if coalesce(trim(new.reason), '') = '' then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
        if old.extensions >= rule.extensions_most then
            perform auth.refuse('promise_extended_enough', json_build_object('extensions_most', rule.extensions_most));
        end if;
        new.extensions := old.extensions + 1;
        new.base_due_on := new.due_on;
        new.base_at := data.now();
    else
        if new.state = 'returned' and coalesce(trim(new.reason), '') = '' then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
        if new.state = 'lapsed' and old.lapses_on >= today then
            perform auth.refuse('promise_not_due', json_build_object('lapses_on', old.lapses_on));
        end if;
        new.ended_at := data.now();
        new.due_on := old.due_on;
    end if;

    if new.state = 'active' then
        if not data.is_working_day(new.due_on) then
            perform auth.refuse('due_not_working_day', json_build_object('field', 'due_on',
                'next_working_day', data.working_day_after(new.due_on, 0)));
        end if;
        -- A plan that all partners signed may ask for it until its own end (data.plan_due).
        if new.due_on < today or not (new.plan_id is not null and data.plan_due(new))
                                 and new.due_on > data.working_day_after(today, rule.promise_days_most) then
            perform auth.refuse('due_out_of_range', json_build_object('field', 'due_on', 'first_due_on', today,
                'last_due_on', data.working_day_after(today, rule.promise_days_most)));
        end if;
        select c.lapses_on into new.lapses_on from data.promise_clock(new, rule) c;
    end if;
    return new;
end
$$;
create or replace trigger promise_guard before insert or update on data.promise
    for each row execute function data.promise_guard();

create or replace function data.promise_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    kind text := case when tg_op = 'INSERT' then 'promise.made'
                      when new.state = 'transferred' then null -- the transfer tells it
                      when new.state <> 'active' then 'promise.' || new.state
                      when new.clock <> old.clock then case when new.due_on <> old.due_on then 'promise.shifted' end
                      when new.member_id <> old.member_id then 'promise.handed'
                      when new.team_id is distinct from old.team_id then 'promise.team'
                      else 'promise.extended' end;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return null; -- with its employer (data.merge_do)
    end if;
    if tg_op = 'INSERT' and new.plan_id is not null then
        return null; -- those of a plan are told together (data.plan_promised)
    end if;
    if kind is not null then
        perform data.log(kind, new.establishment_id, null,
            jsonb_strip_nulls(jsonb_build_object('promise', new.id, 'due_on', new.due_on,
                'was_due_on', case when tg_op = 'UPDATE' and new.due_on <> old.due_on then old.due_on end,
                'reason', case when tg_op = 'UPDATE' and kind not in ('promise.shifted', 'promise.handed', 'promise.team') then new.reason end,
                'to_member', case when kind = 'promise.handed' or tg_op = 'INSERT' and new.member_id <> auth.member() then new.member_id end,
                'from_member', case when kind = 'promise.handed' then old.member_id end,
                'team', case when kind in ('promise.team', 'promise.made') then new.team_id end,
                'transfer', case when tg_op = 'INSERT' then new.transfer_id end,
                'override_reason', new.override_reason)),
            case when tg_op = 'INSERT' or auth.member() is not null then new.member_id end, new.organisation_id);
    end if;
    if new.state = 'active' and (tg_op = 'INSERT' or new.lapses_on <> old.lapses_on) then
        perform data.job_add('promise.lapse', jsonb_build_object('promise', new.id),
                             ((new.lapses_on + 1)::timestamp at time zone 'Europe/Paris'));
    end if;
    return null;
end
$$;
create or replace trigger promise_told after insert or update on data.promise
    for each row execute function data.promise_told();

-- Who holds an establishment, as told to whoever is refused.
create or replace function api.holder(promise bigint) returns json
    language plpgsql stable strict set search_path = data, pg_temp as $$
begin
    return (select json_build_object('promise', p.id, 'organisation', json_build_object('id', o.id, 'name', o.name,
                       'short_name', o.short_name, 'network', o.network, 'phone', o.phone),
                   'member', json_build_object('id', m.id, 'name', m.name), 'due_on', p.due_on, 'lapses_on', p.lapses_on,
                   'suspended_until', data.absent_until(p.member_id, p.organisation_id),
                   'team', (select t.name from team t where t.id = p.team_id),
                   'visit', (select json_build_object('id', v.id, 'planned_at', v.planned_at) from visit v
                              where v.promise_id = p.id and v.state = 'planned' and v.planned_at > data.now()))
              from promise p
              join organisation o on o.id = p.organisation_id
              join member m on m.id = p.member_id
             where p.id = holder.promise);
end
$$;

-- Makes a promise for a member of one's organisation and returns its id. When two try in the same instant exactly one
-- wins (promise_one_active); the other is refused with promise_taken, the holder and the date.
create or replace function api.promise_make_for(establishment bigint, member bigint, due_on date, override_reason text) returns bigint
    language plpgsql as $$
declare
    made  bigint;
    taken record;
begin
    if not exists (select from data.establishment e where e.id = promise_make_for.establishment) then
        perform auth.refuse('not_found');
    end if;
    for attempt in 1 .. 3 loop
        insert into data.promise (establishment_id, organisation_id, member_id, due_on, override_reason)
        values (promise_make_for.establishment, auth.organisation(), promise_make_for.member, promise_make_for.due_on,
                promise_make_for.override_reason)
        on conflict (establishment_id) where state = 'active' do nothing
        returning id into made;
        if made is not null then
            return made;
        end if;
        select p.id into taken from data.promise p
         where p.establishment_id = promise_make_for.establishment and p.state = 'active';
        if found then
            perform auth.refuse('promise_taken', json_build_object('holder', api.holder(taken.id)));
        end if;
        -- The holder let go between the two statements: try again.
    end loop;
    perform auth.refuse('busy');
end
$$;

create or replace function api.promise_make(establishment bigint, due_on date, override_reason text) returns bigint
    language plpgsql as $$
begin
    return api.promise_make_for(promise_make.establishment, auth.member(), promise_make.due_on, promise_make.override_reason);
end
$$;

-- A promise as the interface shows it.
create or replace view api.promise_row with (security_invoker = true) as
select p.id,
       json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment,
       p.organisation_id,
       json_build_object('id', m.id, 'name', m.name) as member,
       p.made_at, p.due_on, p.lapses_on, p.extensions, p.state, p.reason, p.override_reason,
       p.base_due_on, data.absent_until(p.member_id, p.organisation_id) as suspended_until,
       (select json_build_object('id', t.id, 'name', t.name) from data.team t where t.id = p.team_id) as team,
       (select v.planned_at from data.visit v where v.promise_id = p.id and v.state = 'planned') as visit_at,
       (select coalesce(json_agg(json_build_object('id', x.id, 'kind', x.kind, 'to', api.organisation_ref(o), 'expires_on', x.expires_on)
                                 order by x.id), '[]')
          from data.transfer x join data.organisation o on o.id = x.to_organisation_id
         where x.promise_id = p.id and x.state = 'proposed') as transfers
  from data.promise p
  join data.establishment e on e.id = p.establishment_id
  join data.member m on m.id = p.member_id;

-- Changes a promise of one's own organisation: extends it (due_on), or ends it as `returned`.
create or replace function api.promise_change(promise bigint, due_on date, state text, reason text) returns void
    language plpgsql as $$
begin
    update data.promise p
       set due_on = coalesce(promise_change.due_on, p.due_on), state = coalesce(promise_change.state, p.state),
           reason = promise_change.reason
     where p.id = promise_change.promise;
    if not found then
        perform auth.refuse(case when exists (select from data.promise p where p.id = promise_change.promise)
                                 then 'forbidden' else 'not_found' end);
    end if;
    if promise_change.state = 'returned' then
        update data.visit v set state = 'cancelled', reason = promise_change.reason
         where v.promise_id = promise_change.promise and v.state = 'planned';
    end if;
end
$$;

-- The job promise.lapse: ends a promise whose grace is over. True when it did; false when there is nothing to do (kept,
-- returned, extended since). Safe to repeat.
create or replace function data.promise_lapse(promise bigint) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update promise p set state = 'lapsed'
     where p.id = promise_lapse.promise and p.state = 'active' and p.lapses_on < data.today();
    if found then
        update visit v set state = 'cancelled', reason = 'Engagement échu' where v.promise_id = promise_lapse.promise and v.state = 'planned';
        return true;
    end if;
    return false;
end
$$;
