-- Absences: while an adviser is away, or an organisation closed, the clock of their promises stops. Nothing is taken from
-- them; whoever may is free to propose that somebody else goes.
--
-- The date that somebody chose counts as chosen knowingly: it moves by the working days of the absences that were declared
-- since, each day once, at most agreement.suspension_days_most. The days of grace skip every absence.

-- Promises being made and absences being declared wait for each other, so that neither misses the other.
create or replace function data.absence_lock(organisation bigint, is_declaring boolean) returns void
    language plpgsql as $$
begin
    if is_declaring then
        perform pg_advisory_xact_lock(hashtextextended('maillage.absence', organisation));
    else
        perform pg_advisory_xact_lock_shared(hashtextextended('maillage.absence', organisation));
    end if;
end
$$;

-- The days away of a member of an organisation, as declared after an instant.
create or replace function data.away(member bigint, organisation bigint, after timestamptz default '-infinity') returns datemultirange
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return (select coalesce(range_agg(daterange(a.first_on, a.last_on, '[]')), '{}') from absence a
             where a.cancelled_at is null and a.made_at > away.after
               and (a.member_id = away.member or a.member_id is null and a.organisation_id = away.organisation));
end
$$;

-- The day that lies `count` working days after `day`, days away not counted, as long as they are not more than `most`.
create or replace function data.present_day_after(day date, count integer, away datemultirange, most integer) returns date
    language plpgsql immutable parallel safe set search_path = data, pg_temp as $$
declare
    d    date := day;
    todo integer := count;
    left_ integer := most;
begin
    if isempty(away) then
        return data.working_day_after(day, count);
    end if;
    while todo > 0 loop
        d := data.working_day_after(d, 1);
        if left_ > 0 and d <@ away then
            left_ := left_ - 1;
        else
            todo := todo - 1;
        end if;
    end loop;
    return d;
end
$$;

-- When a promise is due and when it lapses, by the date that was chosen and the absences.
create or replace function data.promise_clock(p data.promise, rule data.agreement, out due_on date, out lapses_on date)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    start date := (p.base_at at time zone 'Europe/Paris')::date;
    away  datemultirange := data.away(p.member_id, p.organisation_id);
    since datemultirange := case when isempty(away) then away else data.away(p.member_id, p.organisation_id, p.base_at) end;
    days  integer;
begin
    due_on := p.base_due_on;
    if not isempty(since) and p.base_due_on >= start then
        select count(*) into days from generate_series(start, p.base_due_on, interval '1 day') d where data.is_working_day(d::date);
        due_on := data.present_day_after(start - 1, days, since, rule.suspension_days_most);
    end if;
    lapses_on := data.present_day_after(due_on, rule.grace_days, away, rule.suspension_days_most);
end
$$;

create or replace function data.absence_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    today date := data.today();
begin
    if tg_op = 'INSERT' then
        new.made_at := data.now();
        new.cancelled_at := null;
        if new.first_on < today - 30 or new.last_on > today + 400 or new.last_on < new.first_on or new.last_on > new.first_on + 200 then
            perform auth.refuse('absence_days', json_build_object('field', 'last_on', 'first_on', today - 30, 'last_on', today + 400));
        end if;
        if new.member_id is not null and not exists (select from membership m where m.member_id = new.member_id
                and m.organisation_id = new.organisation_id and m.role in ('adviser', 'manager') and (m.ended_on is null or m.ended_on > today)) then
            perform auth.refuse('invalid', json_build_object('field', 'member'));
        end if;
        return new;
    end if;
    if (new.organisation_id, new.member_id, new.first_on, new.made_by, new.made_at)
       is distinct from (old.organisation_id, old.member_id, old.first_on, old.made_by, old.made_at) then
        perform auth.refuse('absence_fixed');
    end if;
    if old.cancelled_at is not null or old.last_on < today then
        perform auth.refuse('absence_over');
    end if;
    if new.cancelled_at is not null then
        -- What has begun is cut short instead: the days that were missed stay missed.
        if old.first_on < today then
            perform auth.refuse('absence_begun', json_build_object('last_on', today - 1));
        end if;
        new.cancelled_at := data.now();
        new.last_on := old.last_on;
    elsif new.last_on < greatest(new.first_on, today - 1) or new.last_on > new.first_on + 200 or new.last_on > today + 400 then
        perform auth.refuse('absence_days', json_build_object('field', 'last_on', 'first_on', greatest(new.first_on, today - 1),
                                                              'last_on', least(new.first_on + 200, today + 400)));
    end if;
    return new;
end
$$;
create or replace trigger absence_guard before insert or update on data.absence
    for each row execute function data.absence_guard();

-- The dates of all promises concerned are computed again, in the order of their numbers.
create or replace function data.absence_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o bigint;
begin
    for o in select m.organisation_id from membership m where m.member_id = new.member_id
             union select new.organisation_id order by 1 loop
        perform data.absence_lock(o, true);
    end loop;
    perform from promise p
     where p.state = 'active' and (p.member_id = new.member_id or new.member_id is null and p.organisation_id = new.organisation_id)
     order by p.id for update;
    update promise p set clock = p.clock + 1
     where p.state = 'active' and (p.member_id = new.member_id or new.member_id is null and p.organisation_id = new.organisation_id);
    perform data.log(case when tg_op = 'INSERT' then 'absence.declared' when new.cancelled_at is not null then 'absence.cancelled'
                          else 'absence.changed' end,
                     null, null, jsonb_build_object('absence', new.id), new.made_by, new.organisation_id);
    return null;
end
$$;
create or replace trigger absence_told after insert or update on data.absence
    for each row execute function data.absence_told();

-- Declares an absence of a member of one's organisation (its closure: member null) and returns its id.
create or replace function api.absence_declare(member bigint, closure boolean, first_on date, last_on date) returns bigint
    language plpgsql as $$
declare
    made bigint;
begin
    if (absence_declare.closure or absence_declare.member <> auth.member()) and auth.role() <> 'manager' then
        perform auth.refuse('forbidden');
    end if;
    insert into data.absence (organisation_id, member_id, first_on, last_on, made_by)
    values (auth.organisation(), case when not absence_declare.closure then coalesce(absence_declare.member, auth.member()) end,
            absence_declare.first_on, absence_declare.last_on, auth.member())
    returning id into made;
    return made;
end
$$;

-- Ends it earlier or later (last_on), or cancels one that has not begun.
create or replace function api.absence_change(absence bigint, last_on date, cancelled boolean) returns void
    language plpgsql as $$
begin
    update data.absence a
       set last_on = coalesce(absence_change.last_on, a.last_on),
           cancelled_at = case when absence_change.cancelled then data.now() else a.cancelled_at end
     where a.id = absence_change.absence;
    if not found then
        perform auth.refuse(case when exists (select from data.absence a where a.id = absence_change.absence) then 'forbidden' else 'not_found' end);
    end if;
end
$$;

-- An absence, the promises whose clock it stops, and how many of them no visit is planned for.
create or replace view api.absence_row with (security_invoker = true) as
select a.id, a.first_on, a.last_on, a.made_at, a.cancelled_at, a.member_id,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = a.member_id) as member,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = a.made_by) as made_by,
       case when a.cancelled_at is not null then 'cancelled' when a.last_on < data.today() then 'over'
            when a.first_on > data.today() then 'coming' else 'running' end as state,
       (select count(*) from generate_series(a.first_on, a.last_on, interval '1 day') d where data.is_working_day(d::date)) as working_days,
       (select count(*) from data.promise p
         where p.state = 'active' and p.organisation_id = a.organisation_id and (a.member_id is null or p.member_id = a.member_id)) as promises,
       (select count(*) from data.visit v
         where v.state = 'planned' and v.organisation_id = a.organisation_id and (a.member_id is null or v.member_id = a.member_id)
           and (v.planned_at at time zone 'Europe/Paris')::date between a.first_on and a.last_on) as visits
  from data.absence a;
