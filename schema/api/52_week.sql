-- The week of an adviser: how they work, when employers receive, what stands in the agenda.

-- When a visit last changed, for calendars.
create or replace function data.visit_changed() returns trigger
    language plpgsql set search_path = data, pg_temp as $$
begin
    -- With its employer (data.merge_do) it stays as it was.
    new.changed_at := case when tg_op = 'UPDATE' and data.is_moving() then old.changed_at else data.now() end;
    return new;
end
$$;
create or replace trigger visit_changed before insert or update on data.visit
    for each row execute function data.visit_changed();

-- How a member works; these hours until they say otherwise.
create or replace function data.work_week_of(member bigint, organisation bigint) returns data.work_week
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select coalesce(w, row(work_week_of.member, work_week_of.organisation, '{1,2,3,4,5}'::smallint[], '08:30'::time, '17:30'::time,
                               '12:00'::time, '14:00'::time, 60, 60, 6, 'agency', null)::data.work_week)
          from (select 1) one
          left join data.work_week w on w.member_id = work_week_of.member and w.organisation_id = work_week_of.organisation;
    end;

-- Days on which a member is away from an organisation, with the reason shown to colleagues: absences, closures, public
-- holidays. `from` and `until` null: the whole day.
create or replace function data.week_away(member bigint, organisation bigint, first date, last date)
    returns table (day date, "from" time, until time, reason text)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return query
        select d.day::date, null::time, null::time,
               case when not data.is_working_day(d.day::date) then 'Jour férié'
                    when exists (select from absence a where a.cancelled_at is null and a.member_id = week_away.member
                                                         and d.day between a.first_on and a.last_on) then 'Absence'
                    else 'Structure fermée' end
          from generate_series(week_away.first, week_away.last, interval '1 day') d (day)
         where extract(isodow from d.day) < 6
           and (not data.is_working_day(d.day::date)
                or d.day::date <@ data.away(week_away.member, week_away.organisation));
end
$$;

-- Where members have to be between two days, their own appointments and those of partners whom they go with, in whose name;
-- not those cancelled.
create or replace function data.appointments(members bigint[], first date, last date)
    returns table (member bigint, organisation bigint, visit bigint, joint boolean)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select v.member_id, v.organisation_id, v.id, false
          from data.visit v
         where v.member_id = any (appointments.members) and v.state <> 'cancelled'
           and v.planned_at >= appointments.first::timestamp at time zone 'Europe/Paris'
           and v.planned_at < (appointments.last + 1)::timestamp at time zone 'Europe/Paris'
        union all
        select p.member_id, p.organisation_id, v.id, true
          from data.visit_partner p
          join data.visit v on v.id = p.visit_id
         where p.member_id = any (appointments.members) and p.state = 'accepted' and v.state <> 'cancelled'
           and v.planned_at >= appointments.first::timestamp at time zone 'Europe/Paris'
           and v.planned_at < (appointments.last + 1)::timestamp at time zone 'Europe/Paris';
    end;

-- How fast one drives there: 1 dense, 2 intermediate, 3 rural; by the people of the commune.
create or replace function data.density_of(commune text) returns smallint
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select coalesce((select case when c.population >= 15000 then 1 when c.population >= 2500 then 2 else 3 end
                           from data.commune c where c.code = density_of.commune), 2)::smallint;
    end;

-- One's own hours.
create or replace function api.work_week() returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select json_build_object('days', w.days, 'opens', to_char(w.opens, 'HH24:MI'), 'closes', to_char(w.closes, 'HH24:MI'),
                   'lunch_from', to_char(w.lunch_from, 'HH24:MI'), 'lunch_to', to_char(w.lunch_to, 'HH24:MI'),
                   'lunch_minutes', w.lunch_minutes, 'visit_minutes', w.visit_minutes, 'visits_most', w.visits_most,
                   'starts', w.starts, 'home_commune', w.home_commune,
                   'home_name', (select c.name from data.commune c where c.code = w.home_commune))
          from data.work_week_of(auth.member(), auth.organisation()) w;
    end;

create or replace function api.work_week_set(days smallint[], opens time, closes time, lunch_from time, lunch_to time,
                                             lunch_minutes integer, visit_minutes integer, visits_most integer, starts text,
                                             home_commune text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    insert into work_week as w (member_id, organisation_id, days, opens, closes, lunch_from, lunch_to, lunch_minutes, visit_minutes,
                                visits_most, starts, home_commune)
    values (auth.member(), auth.organisation(), (select array_agg(distinct d order by d) from unnest(work_week_set.days) d),
            work_week_set.opens, work_week_set.closes, work_week_set.lunch_from, work_week_set.lunch_to, work_week_set.lunch_minutes,
            work_week_set.visit_minutes, work_week_set.visits_most, work_week_set.starts,
            case when work_week_set.starts = 'home' then work_week_set.home_commune end)
    on conflict (member_id, organisation_id) do update
       set (days, opens, closes, lunch_from, lunch_to, lunch_minutes, visit_minutes, visits_most, starts, home_commune)
         = (excluded.days, excluded.opens, excluded.closes, excluded.lunch_from, excluded.lunch_to, excluded.lunch_minutes,
            excluded.visit_minutes, excluded.visits_most, excluded.starts, excluded.home_commune);
    -- Where somebody lives is not told.
    perform data.log('member.hours', null, null, jsonb_build_object('member', auth.member()));
end
$$;

-- When an employer receives, as a partner was told; an empty object: nobody knows.
create or replace function api.opening_hours_set(establishment bigint, hours jsonb) returns void
    language plpgsql as $$
begin
    if not exists (select from data.establishment e where e.id = opening_hours_set.establishment) then
        perform auth.refuse('not_found');
    end if;
    insert into data.opening_hours as h (establishment_id, hours, organisation_id, member_id, stated_at)
    values (opening_hours_set.establishment, opening_hours_set.hours, auth.organisation(), auth.member(), data.now())
    on conflict (establishment_id) do update
       set hours = excluded.hours, organisation_id = excluded.organisation_id, member_id = excluded.member_id,
           stated_at = excluded.stated_at;
end
$$;
create or replace function data.opening_hours_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not data.is_moving() then
        perform data.log('establishment.hours', new.establishment_id, null, jsonb_build_object('hours', new.hours),
                         new.member_id, new.organisation_id);
    end if;
    return null;
end
$$;
create or replace trigger opening_hours_told after insert or update on data.opening_hours
    for each row execute function data.opening_hours_told();

-- What an agenda has to know of an employer beside its name, to say what a date would collide with.
create or replace function api.visit_bounds(establishment bigint, promise bigint) returns json
    language sql stable as $$
    select json_build_object(
        'hours', (select h.hours from data.opening_hours h where h.establishment_id = visit_bounds.establishment),
        'rest_until', (select s.rest_until from data.standing s where s.establishment_id = visit_bounds.establishment and s.rest_until >= data.today()),
        'rest_by', (select o.short_name from data.standing s join data.organisation o on o.id = s.last_contact_by
                     where s.establishment_id = visit_bounds.establishment and s.rest_until >= data.today()),
        'due_on', p.due_on, 'lapses_on', p.lapses_on)
      from data.promise p where p.id = visit_bounds.promise
$$;

-- Who makes rounds for the organisation of whoever asks.
create or replace view api.week_member with (security_invoker = true) as
select m.id, m.name
  from data.membership x
  join data.member m on m.id = x.member_id
 where x.organisation_id = auth.organisation() and x.role in ('adviser', 'manager') and (x.ended_on is null or x.ended_on > data.today())
   and (x.role = 'adviser' or exists (select from data.visit v where v.member_id = x.member_id and v.organisation_id = x.organisation_id and v.state = 'planned'));

-- The agenda of one member between two days: visits with what bounds them, promises that wait for an appointment, hours,
-- days away, and the suggestions not yet closed.
create or replace function api.week_document(member bigint, first date, last date) returns json
    language plpgsql stable as $$
declare
    who bigint := coalesce(week_document.member, auth.member());
begin
    if who <> auth.member() and not exists (select from api.week_member w where w.id = who) then
        perform auth.refuse('not_found');
    end if;
    return (select json_build_object(
        'member', (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = who),
        'first', week_document.first, 'last', week_document.last,
        'hours', case when who = auth.member() then api.work_week() end,
        'base', (select json_build_object('name', o.short_name, 'lon', ext.ST_X(o.base), 'lat', ext.ST_Y(o.base)) from data.organisation o where o.id = auth.organisation()),
        'away', (select coalesce(json_agg(json_build_object('day', a.day, 'from', to_char(a."from", 'HH24:MI'), 'until', to_char(a.until, 'HH24:MI'),
                                                            'reason', a.reason) order by a.day), '[]')
                   from data.week_away(who, auth.organisation(), week_document.first, week_document.last) a),
        'visits', (select coalesce(json_agg(json_build_object('visit', r, 'bounds', api.visit_bounds(x.establishment_id, x.promise_id)) order by x.planned_at, x.id), '[]')
                     from data.appointments(array[who], week_document.first, week_document.last) a
                     join data.visit x on x.id = a.visit
                     join api.visit_row r on r.id = x.id
                    where a.organisation = auth.organisation()),
        'waiting', (select coalesce(json_agg(json_build_object('promise', r, 'bounds', api.visit_bounds(p.establishment_id, p.id)) order by p.due_on, p.id), '[]')
                      from (select x.* from data.promise x
                             where x.organisation_id = auth.organisation() and x.member_id = who and x.state = 'active'
                               and not exists (select from data.visit v where v.promise_id = x.id and v.state = 'planned')
                             order by x.due_on, x.id limit 100) p
                      join api.promise_row r on r.id = p.id),
        'tours', (select coalesce(json_agg(json_build_object('id', t.id, 'state', t.state, 'first', t.first_day, 'last', t.last_day, 'asked_at', t.asked_at,
                                                             'members', cardinality(t.members)) order by t.id desc), '[]')
                    from data.tour t
                   where t.organisation_id = auth.organisation() and who = any (t.members) and t.state in ('waiting', 'running', 'ready')
                     and t.first_day <= week_document.last and t.last_day >= week_document.first)));
end
$$;

-- Every adviser of the organisation, day by day.
create or replace function api.week_team(first date, last date) returns json
    language sql stable as $$
    select json_build_object('first', week_team.first, 'last', week_team.last, 'members', coalesce(json_agg(json_build_object(
               'id', w.id, 'name', w.name,
               'away', (select coalesce(json_agg(json_build_object('day', a.day, 'from', to_char(a."from", 'HH24:MI'), 'until', to_char(a.until, 'HH24:MI'),
                                                                   'reason', a.reason) order by a.day), '[]')
                          from data.week_away(w.id, auth.organisation(), week_team.first, week_team.last) a),
               'waiting', (select count(*) from data.promise p
                            where p.member_id = w.id and p.organisation_id = auth.organisation() and p.state = 'active'
                              and not exists (select from data.visit v where v.promise_id = p.id and v.state = 'planned')),
               'visits', (select coalesce(json_agg(json_build_object('id', v.id, 'planned_at', v.planned_at, 'minutes', v.minutes, 'state', v.state,
                                                                     'establishment', v.establishment_id, 'name', e.name, 'city', e.city) order by v.planned_at, v.id), '[]')
                            from data.visit v join data.establishment e on e.id = v.establishment_id
                           where v.member_id = w.id and v.organisation_id = auth.organisation() and v.state <> 'cancelled'
                             and v.planned_at >= week_team.first::timestamp at time zone 'Europe/Paris'
                             and v.planned_at < (week_team.last + 1)::timestamp at time zone 'Europe/Paris')) order by w.name), '[]'))
      from api.week_member w
$$;
