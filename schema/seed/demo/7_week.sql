-- How advisers work and when employers receive, as partners were told.
create procedure demo.week_load()
    language plpgsql set search_path = data, ext, pg_temp as $$
begin
    insert into work_week (member_id, organisation_id, days, opens, closes, lunch_from, lunch_to, lunch_minutes, visit_minutes, visits_most, starts, home_commune)
    select a.member_id, a.organisation_id, case when demo.off_wednesday(a.n) then '{1,2,4,5}' else '{1,2,3,4,5}' end::smallint[], '08:30',
           case when a.n % 2 = 0 then '17:00' else '17:30' end::time, '12:00', '14:00', case when a.n % 2 = 0 then 45 else 60 end, 60, 5,
           case when a.n % 4 = 1 then 'home' else 'agency' end,
           case when a.n % 4 = 1 then (select c.code from commune c join territory_commune tc on tc.commune_code = c.code
                                        where c.population between 1500 and 8000 order by c.centre <-> a.base, c.code offset 2 limit 1) end
      from demo.actor a
      join membership m on m.member_id = a.member_id and m.organisation_id = a.organisation_id and m.role = 'adviser'
     where a.n % 2 = 1
    on conflict do nothing;
    insert into opening_hours (establishment_id, hours, organisation_id, member_id, stated_at)
    select distinct on (p.establishment_id) p.establishment_id,
           case demo.between(1, 4, demo.u('hours' || p.establishment_id))
               when 1 then '{"1": [["08:00", "12:00"], ["13:30", "17:30"]], "2": [["08:00", "12:00"], ["13:30", "17:30"]], "3": [["08:00", "12:00"], ["13:30", "17:30"]], "4": [["08:00", "12:00"], ["13:30", "17:30"]], "5": [["08:00", "12:00"], ["13:30", "17:00"]]}'
               when 2 then '{"2": [["09:00", "12:00"], ["14:00", "19:00"]], "3": [["09:00", "12:00"], ["14:00", "19:00"]], "4": [["09:00", "12:00"], ["14:00", "19:00"]], "5": [["09:00", "12:00"], ["14:00", "19:00"]], "6": [["09:00", "18:00"]]}'
               when 3 then '{"1": [["07:00", "19:00"]], "2": [["07:00", "19:00"]], "3": [["07:00", "19:00"]], "4": [["07:00", "19:00"]], "5": [["07:00", "19:00"]]}'
               else '{"1": [["09:00", "17:30"]], "2": [["09:00", "17:30"]], "3": [["09:00", "12:30"]], "4": [["09:00", "17:30"]], "5": [["09:00", "17:00"]]}' end::jsonb,
           p.organisation_id, p.member_id, p.made_at + interval '10 minutes'
      from promise p
     where demo.u('told' || p.establishment_id) < 0.3
     order by p.establishment_id, p.made_at desc;
end
$$;

-- Calls that reached nobody yet, of the last days: some to be tried again today, some later.
create procedure demo.plan_attempts()
    language plpgsql set search_path = data, pg_temp as $$
declare
    today date := data.today();
begin
    insert into demo.act (at, step, kind, actor, establishment_id, detail)
    select t.at, 3, 'attempt', w.actor, w.establishment_id, t.detail
      from (select e.actor, e.establishment_id, row_number() over (partition by e.actor order by e.due_on, e.id) as n
              from demo.episode e
             where e.outcome = 'active' and e.visit_at is null and e.made_at < demo.at(today, 0) - interval '5 days') w
     cross join lateral (values (demo.at(demo.work(today, -3), 560 + 20 * w.n::integer), w.n || ' first'),
                                (demo.at(demo.work(today, -1), 620 + 20 * w.n::integer), w.n || ' again')) t (at, detail)
     where w.n <= 3 and (w.n > 1 or t.detail like '% first');
end
$$;
create procedure demo.attempt(establishment bigint, organisation bigint, detail text)
    language plpgsql set search_path = data, pg_temp as $$
declare
    today date := (pg_catalog.now() at time zone 'Europe/Paris')::date;
    n     integer := split_part(detail, ' ', 1)::integer;
begin
    if not exists (select from promise p where p.establishment_id = attempt.establishment and p.organisation_id = attempt.organisation and p.state = 'active')
       or exists (select from standing s where s.establishment_id = attempt.establishment and s.opposed) then
        return;
    end if;
    if detail like '% first' then
        perform api.call_make(establishment, null, case when n = 2 then 'message' else 'no_answer' end,
                              case when n = 2 then 'Message laissé à l’accueil' end, demo.work(today, -1), null);
    else
        perform api.call_make(establishment, null, 'no_answer', null, demo.work(today, case when n = 2 then 0 else 2 end), null);
    end if;
end
$$;
