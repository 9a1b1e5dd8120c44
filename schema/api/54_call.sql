-- Calls for an appointment: whom to call, what came of it.

-- One does not solicit an employer that a partner has promised, that refuses, or that rests; without one's own promise, a
-- reason overrides the rest, and is counted. A call that reached nobody is an attempt, not a contact.
create or replace function data.call_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    e record;
    s record;
    p record;
begin
    if tg_op = 'UPDATE' then
        if data.is_moving() then
            return new; -- with its employer (data.merge_do)
        end if;
        perform auth.refuse('call_fixed');
    end if;
    new.at := data.now();
    -- Waits for an opposition being recorded, or is waited for, as a promise (promise_guard).
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
    select x.id, x.organisation_id into p from promise x where x.establishment_id = new.establishment_id and x.state = 'active';
    if found and p.organisation_id <> new.organisation_id then
        perform auth.refuse('promise_taken', json_build_object('holder', api.holder(p.id)));
    end if;
    if p.id is null and s.rest_until >= data.today() then
        if coalesce(trim(new.override_reason), '') = '' then
            perform auth.refuse('establishment_resting', json_build_object(
                'rest_until', s.rest_until, 'last_contact_at', s.last_contact_at,
                'organisation', json_build_object('id', s.organisation_id, 'name', s.name, 'network', s.network)));
        end if;
    else
        new.override_reason := null;
    end if;
    if new.contact_id is not null then
        perform data.contact_meetable(new.contact_id, new.establishment_id);
    end if;
    if new.next_on is not null and new.next_on not between data.today() and data.today() + 90 then
        perform auth.refuse('due_out_of_range', json_build_object('field', 'next_on', 'first_due_on', data.today(), 'last_due_on', data.today() + 90));
    end if;
    if (select o.reached from call_outcome o where o.code = new.outcome) then
        insert into contact_event (establishment_id, organisation_id, member_id, kind, at, override_reason)
        values (new.establishment_id, new.organisation_id, new.member_id, 'call', new.at, new.override_reason)
        returning id into new.contact_event_id;
    end if;
    return new;
end
$$;
create or replace trigger call_guard before insert or update on data.call
    for each row execute function data.call_guard();

-- What is noted of a call may speak of persons: the log does not repeat it. A refusal binds everybody.
create or replace function data.call_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.log('call.made', new.establishment_id, null,
                     jsonb_strip_nulls(jsonb_build_object('call', new.id, 'outcome', new.outcome, 'next_on', new.next_on)),
                     new.member_id, new.organisation_id);
    if new.outcome = 'refused' then
        insert into opposition (establishment_id, organisation_id, member_id, reason)
        values (new.establishment_id, new.organisation_id, new.member_id, 'Refus exprimé lors d’un appel')
        on conflict do nothing;
    end if;
    return null;
end
$$;
create or replace trigger call_told after insert on data.call
    for each row execute function data.call_told();

create or replace function api.call_make(establishment bigint, contact bigint, outcome text, note text, next_on date, override_reason text)
    returns bigint
    language plpgsql as $$
declare
    made bigint;
begin
    if not exists (select from data.establishment e where e.id = call_make.establishment) then
        perform auth.refuse('not_found');
    end if;
    insert into data.call (establishment_id, organisation_id, member_id, contact_id, outcome, note, next_on, override_reason)
    values (call_make.establishment, auth.organisation(), auth.member(), call_make.contact, call_make.outcome,
            nullif(trim(call_make.note), ''), call_make.next_on, call_make.override_reason)
    returning id into made;
    return made;
end
$$;

create or replace view api.call_row with (security_invoker = true) as
select c.id, c.establishment_id, c.at, c.outcome, o.label as outcome_label, o.reached, c.note, c.next_on,
       json_build_object('id', m.id, 'name', m.name) as member
  from data.call c join data.call_outcome o on o.code = c.outcome join data.member m on m.id = c.member_id;

-- Whom to call, those to call now first: promises without an appointment, and employers one said one would call again.
-- With their numbers (persons sealed) and what was tried.
create or replace function api.call_list(mine boolean) returns json
    language sql stable as $$
    with due as (
        select p.establishment_id, p.id as promise_id, p.member_id, p.due_on, p.made_at as since
          from data.promise p
         where p.organisation_id = auth.organisation() and p.state = 'active' and (not call_list.mine or p.member_id = auth.member())
           and not exists (select from data.visit v where v.promise_id = p.id and v.state = 'planned')
        union all
        select c.establishment_id, null, c.member_id, null, null
          from data.call c
         where c.organisation_id = auth.organisation() and c.next_on is not null and (not call_list.mine or c.member_id = auth.member())
           and not exists (select from data.call x where x.establishment_id = c.establishment_id and x.organisation_id = c.organisation_id and x.id > c.id)
           and not exists (select from data.promise p where p.establishment_id = c.establishment_id and p.state = 'active')
    ), last as (
        select d.*, l.next_on, l.at as called_at
          from due d
          left join lateral (select c.next_on, c.at from data.call c
                              where c.establishment_id = d.establishment_id and c.organisation_id = auth.organisation()
                                and c.at >= coalesce(d.since, c.at)
                              order by c.id desc limit 1) l on true
    )
    select json_build_object('items', coalesce(json_agg(json_build_object(
               'establishment', json_build_object('id', e.id, 'name', e.name, 'city', e.city, 'phone', e.phone),
               'promise', l.promise_id, 'due_on', l.due_on, 'member', json_build_object('id', m.id, 'name', m.name),
               'next_on', l.next_on, 'called_at', l.called_at,
               'bounds', case when l.promise_id is not null then api.visit_bounds(l.establishment_id, l.promise_id) end,
               'contacts', (select coalesce(json_agg(json_build_object('id', k.id, 'sealed', api.sealed(k), 'channel', k.channel) order by k.confirmed_on desc nulls last, k.id), '[]')
                              from data.contact k
                             where k.establishment_id = l.establishment_id and k.erased_at is null and k.opposition_id is null),
               'calls', (select coalesce(json_agg(json_build_object('id', c.id, 'at', c.at, 'outcome', c.outcome, 'outcome_label', c.outcome_label,
                                                                    'reached', c.reached, 'note', c.note, 'next_on', c.next_on, 'member', c.member) order by c.id desc), '[]')
                           from (select * from api.call_row r where r.establishment_id = l.establishment_id order by r.id desc limit 5) c))
               order by coalesce(l.next_on, data.today()) > data.today(), l.due_on nulls last, l.establishment_id), '[]'))
      from (select * from last order by due_on nulls last, establishment_id limit 100) l
      join data.establishment e on e.id = l.establishment_id
      join data.member m on m.id = l.member_id
$$;
