-- What the members did and intend to do, as a plan: episodes (one promise and what became of it) and touches (calls,
-- mails, forums). 5_replay.sql then makes them happen through the real functions.
--
-- Around the day of the making: about eighteen months of past, a fortnight of agenda. Nothing here can break a rule: two
-- episodes of an employer are further apart than its rest period, and days are working days.

create unlogged table demo.day (
    day date primary key, is_working boolean not null, n integer not null -- n: how many working days until it
);
create unlogged table demo.actor (
    member_id bigint, organisation_id bigint, network text, territory_id bigint, bassin text, base ext.geometry(Point, 4326),
    n integer primary key
);
-- How often one goes to a commune: 0 in the white zones that the coverage map must show.
create unlogged table demo.zone (
    code text primary key, bassin text, appeal double precision, share double precision
);
create unlogged table demo.prospect (
    establishment_id bigint primary key, commune_code text, bassin text, naf text, weight double precision, rank integer,
    most integer, draw double precision
);
create unlogged table demo.episode (
    id               integer generated always as identity primary key,
    establishment_id bigint not null,
    actor            integer not null,
    outcome          text not null, -- outcome of the visit, or returned, lapsed, active, opposed
    made_at          timestamptz not null,
    due_on           date not null,
    extended_at      timestamptz,
    extended_to      date,
    override         text,
    planned_at       timestamptz,   -- when the visit was put into the agenda
    visit_at         timestamptz,
    reported_at      timestamptz,
    again_at         timestamptz,   -- second visit after an absence
    again_reported   timestamptz,
    ended_at         timestamptz,   -- returned or lapsed
    note             double precision not null
);
create unlogged table demo.touch (
    establishment_id bigint not null, actor integer not null, kind text not null, at timestamptz not null, refused boolean not null default false
);

-- The n-th working day after (before, when negative) the last working day that is not after `day`.
create function demo.work(day date, n integer) returns date
    language sql stable
    return (select b.day from demo.day a join demo.day b on b.n = a.n + work.n and b.is_working where a.day = work.day);

create procedure demo.plan_ground()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    today date := data.today();
begin
    insert into demo.day (day, is_working, n)
    select d.day, d.is_working, count(*) filter (where d.is_working) over (order by d.day)
      from (select g::date as day, data.is_working_day(g::date) as is_working
              from generate_series(today - 700, today + 200, interval '1 day') g) d;
    create unique index on demo.day (n) where is_working;
    insert into demo.actor
    select m.member_id, m.organisation_id, o.network, o.territory_id, replace(t.name, 'Bassin de ', ''), o.base,
           row_number() over (order by m.organisation_id, m.member_id)
      from membership m
      join organisation o on o.id = m.organisation_id
      join territory_commune tc on tc.commune_code = o.commune_code
      join territory t on t.id = tc.territory_id and t.kind = 'bassin'
     where m.role = 'adviser';
    insert into demo.zone
    select c.code, replace(t.name, 'Bassin de ', ''),
           power(greatest(c.population, 60), 0.62)
           * case when c.population < 1400 and (demo.u('white:' || c.code) < 0.18 or g.km > 32 and demo.u('far:' || c.code) < 0.5) then 0
                  when c.population < 1400 then 0.35 + demo.u('appeal:' || c.code) else 0.7 + 0.7 * demo.u('appeal:' || c.code) end,
           case c.name when 'Moulins' then 0.62 when 'Yzeure' then 0.58 when 'Avermes' then 0.7 when 'Vichy' then 0.45
                       when 'Cusset' then 0.4 when 'Montluçon' then 0.5 when 'Désertines' then 0.18 when 'Gannat' then 0.12
                       when 'Commentry' then 0.7 when 'Varennes-sur-Allier' then 0.65 when 'Lapalisse' then 0.3
                       else 0.15 + 0.7 * demo.u('share:' || c.code) end
      from commune c
      join territory_commune tc on tc.commune_code = c.code
      join territory t on t.id = tc.territory_id and t.kind = 'bassin'
     cross join lateral (select min(ST_Distance(c.centre::geography, a.base::geography)) / 1000 as km from demo.actor a) g
     where c.department = '03';
    -- Who may be prospected, the larger ones first; holdings and clubs without employees are left alone.
    insert into demo.prospect
    select p.id, p.commune_code, z.bassin, p.naf, p.weight,
           row_number() over (partition by p.commune_code order by p.draw), ceil(count(*) over (partition by p.commune_code) * z.share), p.draw
      from (select e.id, e.commune_code, e.naf, w.weight, -ln(1 - demo.u('prospect:' || e.siret)) / w.weight as draw
              from establishment e
             cross join lateral (select case when e.size_band is null then 0.45 when e.size_band = '00' then 0.4 when e.size_band = '01' then 1
                                             when e.size_band = '02' then 2.2 when e.size_band = '03' then 3.2 when e.size_band = '11' then 4.5
                                             when e.size_band = '12' then 6 else 10 end as weight) w
             where e.status = 'A' and e.name is not null
               and (e.size_band >= '01' or e.naf not in ('68.20A', '68.20B', '64.20Z', '94.99Z', '93.12Z', '35.11Z', '47.82Z', '55.20Z'))) p
      join demo.zone z on z.code = p.commune_code;
    analyze demo.day, demo.actor, demo.zone, demo.prospect;
end
$$;

-- How an employer that was met answers: 0.36 is how often one hires, `lean` how often this one does; what is above 0.88 says
-- something else and stays.
create function demo.answer(u double precision, lean double precision) returns double precision
    language sql immutable
    return case when u >= 0.88 then u when u < lean then 0.36 * u / lean else 0.36 + 0.52 * (u - lean) / (0.88 - lean) end;
-- Some hire and some do not, whatever their size and trade; large ones and some trades do more.
create function demo.lean(establishment bigint, weight double precision, naf text) returns double precision
    language sql immutable
    return greatest(0.05, least(0.75, 0.36 * (0.25 + 1.5 * demo.u('lean:' || establishment)) * (0.8 + 0.07 * weight)
                    * case when left(naf, 2) in ('41', '43', '49', '55', '56', '78', '81', '86', '87', '88') then 1.2 else 0.85 end));

-- Who does not work on Wednesdays.
create function demo.off_wednesday(actor integer) returns boolean
    language sql immutable
    return actor % 6 = 3;

-- Rounds: an adviser goes out on some days, to one commune, and sees a few employers of its queue. When the queue is over
-- it begins again: these are the second visits.
create procedure demo.plan_visits()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    today   date := data.today();
    instant timestamptz := data.now();
    monday  date := date_trunc('week', today);
begin
    insert into demo.episode (establishment_id, actor, outcome, made_at, due_on, planned_at, visit_at, reported_at, note)
    with scope as materialized (
        select a.n as actor, array_agg(w.code order by w.code) as codes, array_agg(w.upto order by w.code) as upto
          from demo.actor a
         cross join lateral (
            select z.code, sum(z.appeal * k.near) over (order by z.code) / sum(z.appeal * k.near) over () as upto
              from demo.zone z join commune c on c.code = z.code
             cross join lateral (select exp(-ST_Distance(c.centre::geography, a.base::geography) / 24000)
                        * case when z.bassin = a.bassin then 1 when a.network in ('ce', 'plie') then 0.8 else 0.02 end as near) k) w
         group by a.n
    ), week as (
        -- The agenda of this week and the next, then the days of the past. Of a week `rank` counts the days as they are drawn,
        -- `left_rank` those that are still to come.
        select a.n as actor, d.day, demo.u('round:' || a.n || ':' || d.n) as u,
               row_number() over (partition by a.n, date_trunc('week', d.day) order by demo.u('round:' || a.n || ':' || d.n)) as rank,
               row_number() over (partition by a.n, date_trunc('week', d.day), d.day >= today
                                  order by demo.u('round:' || a.n || ':' || d.n)) as left_rank
          from demo.actor a cross join demo.day d
         where d.is_working and d.day between today - 548 and monday + 13 and not (demo.off_wednesday(a.n) and extract(isodow from d.day) = 3)
           -- Who works for two organisations gives each its days.
           and d.n % (select count(*) from demo.actor x where x.member_id = a.member_id)
               = (select count(*) from demo.actor x where x.member_id = a.member_id and x.n < a.n)
    ), round as (
        select w.*, w.actor || ':' || w.day as key,
               s.codes[width_bucket(demo.u('place:' || w.actor || ':' || w.day - today), s.upto) + 1] as code,
               demo.between(2, 4, demo.u('visits:' || w.actor || ':' || w.day - today)) as visits
          from week w join scope s on s.actor = w.actor
         where case when w.day >= monday + 7 then w.rank <= 2
                    when w.day >= monday then w.rank <= 3 or w.day >= today and w.left_rank = 1
                    else w.u < (0.073 + 0.037 * (1 - (today - w.day) / 548.0))
                               * case when extract(month from w.day) = 8 then 0.35
                                      when to_char(w.day, 'MMDD') between '1220' and '1231' then 0.3 else 1 end end
    ), stop as (
        select r.*, v, row_number() over (partition by r.code order by r.day, r.actor, v) - 1 as place
          from round r cross join generate_series(1, r.visits) v
    ), seen as (
        select s.*, p.establishment_id, p.naf, p.weight, s.place / p.most as turn,
               lag(s.day) over (partition by p.establishment_id order by s.day, s.actor) as before
          from stop s
          join demo.prospect p on p.commune_code = s.code and p.rank = s.place % p.most + 1
    ), timed as (
        select s.*, demo.at(s.day, (array[555, 645, 840, 930])[s.v] + 15 * demo.between(-1, 1, demo.u(s.key || s.v || 'quarter'))) as visit_at,
               demo.answer(demo.u(s.key || s.v || 'outcome'), demo.lean(s.establishment_id, s.weight, s.naf)) as u_outcome, demo.u(s.key || s.v || 'lead') as u_lead,
               demo.u(s.key || s.v || 'due') as u_due, demo.u(s.key || s.v || 'plan') as u_plan, demo.u(s.key || s.v || 'report') as u_report
          from seen s
    ), promised as (
        select t.*, least(demo.work(t.day, -demo.between(2, 18, power(t.u_lead, 1.4))), demo.work(today - 1, 0)) as made_on,
               case when t.u_due < 0.84 then demo.work(t.day, demo.between(0, 8, t.u_due / 0.84)) else demo.work(t.day, -demo.between(1, 3, t.u_lead)) end as wish
          from timed t
         -- Somebody who was seen is left in peace, and has a reason to be seen again.
         where t.before is null or t.day - t.before > 105
    )
    select p.establishment_id, p.actor,
           case when p.u_outcome < 0.36 then 'needs' when p.u_outcome < 0.58 then 'later' when p.u_outcome < 0.88 then 'none'
                when p.u_outcome < 0.91 or p.wish < p.day then 'none' when p.u_outcome < 0.93 then 'postponed'
                when p.u_outcome < 0.985 then 'absent' when p.u_outcome < 0.992 then 'closed' else 'refused' end,
           m.made_at, greatest(p.wish, demo.work(p.made_on, 0), p.made_on),
           case when p.u_plan < 0.6 or demo.work(p.made_on, 1) >= least(p.day, today) then m.made_at + make_interval(mins => demo.between(2, 20, p.u_plan))
                else demo.at(demo.work(p.made_on, 1), demo.between(530, 1040, p.u_lead)) end,
           p.visit_at,
           case when p.u_report < 0.72 or p.wish < p.day or p.u_outcome between 0.91 and 0.985
                then p.visit_at + make_interval(mins => demo.between(55, 170, demo.part(p.u_report / 0.72)))
                else demo.at(demo.work(p.day, case when p.u_report < 0.95 then 1 else 3 end), demo.between(520, 1050, p.u_lead)) end,
           p.u_report
      from promised p
     cross join lateral (select demo.at(p.made_on, demo.between(515, 1050, p.u_plan)) as made_at) m
     order by p.day, p.actor, p.v;

    -- Nobody writes a report before the visit or after now: those wait, as in life.
    update demo.episode e set reported_at = null, outcome = 'active' where e.reported_at > instant - interval '5 minutes';
    -- One closes, refuses or opposes only once, at the last visit.
    update demo.episode e set outcome = 'none'
     where e.outcome in ('closed', 'refused')
       and exists (select from demo.episode f where f.establishment_id = e.establishment_id and f.visit_at > e.visit_at);
    -- Too late for the first date: extended, or seen during the grace.
    update demo.episode e set extended_at = demo.at(e.due_on, 495), extended_to = demo.work((e.visit_at at time zone 'Europe/Paris')::date, 2)
     where e.due_on < (e.visit_at at time zone 'Europe/Paris')::date and e.due_on > (e.planned_at at time zone 'Europe/Paris')::date
       and demo.at(e.due_on, 495) < instant and e.note < 0.5;
    -- Nobody there: giving up, or a second visit, out of the hours of the rounds; three of them in a day at most.
    update demo.episode e set ended_at = demo.at(demo.work((e.reported_at at time zone 'Europe/Paris')::date, 1), 590)
     where e.outcome in ('absent', 'postponed') and e.note >= 0.65 and e.note < 0.8;
    update demo.episode e
       set again_at = demo.at(q.day, q.minutes), again_reported = case when e.note < 0.65 then demo.at(q.day, q.minutes + 55) end
      from (select r.id, r.day, (array[480, 725, 1020])[row_number() over (partition by a.member_id, r.day order by r.id)] as minutes
              from (select f.id, f.actor, demo.work((f.reported_at at time zone 'Europe/Paris')::date, demo.between(1, 3, f.note)) as day
                      from demo.episode f where f.outcome in ('absent', 'postponed') and f.ended_at is null) r
              join demo.actor a on a.n = r.actor) q
     where q.id = e.id and q.minutes is not null;
    update demo.episode e set again_reported = null where e.again_reported > instant - interval '5 minutes';
    update demo.episode e set ended_at = null where e.ended_at > instant - interval '5 minutes';
    update demo.episode e set ended_at = e.reported_at + interval '4 minutes' where e.outcome = 'closed';
end
$$;

-- Promises without a visit: given back, lapsed, or running.
create procedure demo.plan_promises()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    today   date := data.today();
    instant timestamptz := data.now();
begin
    create temporary table spare on commit drop as
    select p.establishment_id, a.n as actor, row_number() over (partition by a.n order by demo.u('spare:' || p.establishment_id)) as rank
      from (select p.*, demo.u('keeper:' || p.establishment_id) as u from demo.prospect p
             where p.draw < 1.4 and not exists (select from demo.episode e where e.establishment_id = p.establishment_id)) p
      join demo.zone z on z.code = p.commune_code and (z.appeal > 0 or demo.u('try:' || p.establishment_id) < 0.15)
     cross join lateral (select x.n from (select a.n, row_number() over (order by a.n) as i, count(*) over () as k
                                            from demo.actor a where a.bassin = p.bassin or a.network in ('ce', 'plie')) x
                          where x.i = 1 + floor(p.u * x.k)) a;
    create index on spare (actor, rank);

    -- Running ones: due today, this week, in the coming weeks, and some in their days of grace.
    insert into demo.episode (establishment_id, actor, outcome, made_at, due_on, note)
    select s.establishment_id, s.actor, 'active',
           demo.at(least(demo.work(due.day, -demo.between(9, 20, u.u)), demo.work(today - 1, -demo.between(0, 4, u.u))), demo.between(515, 1060, u.v)),
           due.day, u.u
      from demo.actor a
     cross join unnest(array[0, 1, 2, 3, 5, 8, 12, 17, 24, -1, -3, -4]) with ordinality o (days, i)
     cross join lateral (select demo.u('running:' || a.n || ':' || o.i) as u, demo.u('hour:' || a.n || ':' || o.i) as v) u
     cross join lateral (select case when o.days < 0 then demo.work(today, o.days) else data.working_day_after(today, o.days) end as day) due
      join spare s on s.actor = a.n and s.rank = o.i
     where o.i <= 7 or u.v < 0.6;

    -- Nobody has an empty agenda.
    update demo.episode e
       set planned_at = e.made_at + interval '12 minutes', visit_at = demo.at(e.due_on, 640)
     where e.id in (select distinct on (f.actor) f.id from demo.episode f
                     where f.outcome = 'active' and f.visit_at is null and f.due_on > today and f.due_on <= today + 14
                       and f.made_at + interval '12 minutes' < instant
                       and not exists (select from demo.episode g where g.actor = f.actor and g.visit_at > instant)
                       and not exists (select from demo.episode g
                                        where g.actor in (select x.n from demo.actor x, demo.actor y where y.n = f.actor and x.member_id = y.member_id)
                                          and f.due_on in ((g.visit_at at time zone 'Europe/Paris')::date, (g.again_at at time zone 'Europe/Paris')::date))
                     order by f.actor, f.due_on desc);

    -- Given back, with a reason. Some had a visit in the agenda.
    insert into demo.episode (establishment_id, actor, outcome, made_at, due_on, planned_at, visit_at, ended_at, note)
    select s.establishment_id, s.actor, 'returned', demo.at(d.day, demo.between(515, 1050, x.v)), data.working_day_after(d.day, demo.between(10, 22, x.v)),
           case when x.v < 0.3 then demo.at(d.day, demo.between(515, 1050, x.v) + 3) end,
           case when x.v < 0.3 then demo.at(data.working_day_after(d.day, 9), 600) end,
           demo.at(data.working_day_after(d.day, demo.between(1, 8, x.u)), demo.between(515, 1060, x.u)), x.u
      from demo.actor a
     cross join generate_series(1, 11) i
     cross join lateral (select demo.u('returned:' || a.n || ':' || i) as u, demo.u('back:' || a.n || ':' || i) as v) x
     cross join lateral (select data.working_day_after(today - 545 + floor(525 * x.u)::integer, 0) as day) d
      join spare s on s.actor = a.n and s.rank = 12 + i;

    -- Lapsed: the date and its grace went by.
    insert into demo.episode (establishment_id, actor, outcome, made_at, due_on, planned_at, visit_at, ended_at, note)
    select s.establishment_id, s.actor, 'lapsed', demo.at(d.day, demo.between(515, 1050, x.v)), due.day,
           case when x.v < 0.18 then demo.at(d.day, demo.between(515, 1050, x.v) + 6) end,
           case when x.v < 0.18 then demo.at(data.working_day_after(d.day, 8), 870) end,
           demo.at(data.working_day_after(due.day, 5) + 1, 0) + interval '1 second', x.u
      from demo.actor a
     cross join generate_series(1, 9) i
     cross join lateral (select demo.u('lapsed:' || a.n || ':' || i) as u, demo.u('gone:' || a.n || ':' || i) as v) x
     cross join lateral (select data.working_day_after(today - 545 + floor(480 * x.u)::integer, 0) as day) d
     cross join lateral (select data.working_day_after(d.day, demo.between(10, 20, x.v)) as day) due
      join spare s on s.actor = a.n and s.rank = 23 + i;

    -- Given back by one network, kept later by another.
    insert into demo.episode (establishment_id, actor, outcome, made_at, due_on, ended_at, note)
    select e.establishment_id, o.n, 'returned', demo.at(demo.work(m.day, -x.a), 560 + x.b), data.working_day_after(demo.work(m.day, -x.a), 15),
           demo.at(demo.work(m.day, -x.b), 620), x.u
      from (select f.*, row_number() over (partition by f.establishment_id order by f.made_at) as turn from demo.episode f where f.visit_at is not null
               and f.outcome in ('needs', 'later', 'none')) e
      join demo.actor a on a.n = e.actor
     cross join lateral (select demo.u('before:' || e.establishment_id) as u) r
     cross join lateral (select r.u, demo.between(12, 20, r.u * 10 - floor(r.u * 10)) as a, demo.between(1, 6, r.u * 10 - floor(r.u * 10)) as b) x
     cross join lateral (select (e.made_at at time zone 'Europe/Paris')::date as day) m
     cross join lateral (select b.n from demo.actor b where b.network <> a.network and (b.bassin = a.bassin or b.network in ('ce', 'plie'))
                          order by demo.u('other:' || e.establishment_id || b.n) limit 1) o
     where e.turn = 1 and r.u < 0.04 and m.day > today - 500;

    -- An employer who refuses while somebody still promises to come.
    update demo.episode e set outcome = 'opposed', ended_at = demo.at(demo.work(today, -2), 600 + 47 * q.i::integer)
      from (select f.id, row_number() over (order by demo.u('opposed:' || f.id)) as i from demo.episode f
             where f.outcome = 'active' and f.visit_at is null and f.made_at < instant - interval '10 days') q
     where q.id = e.id and q.i <= 2;

    -- A promise during somebody else's rest period, with its reason: a call five days before.
    update demo.episode e set override = (array['L’employeur a demandé à être rappelé cette semaine', 'Offre urgente signalée par la commune',
                                               'Visite commune convenue avec la structure qui a appelé'])[1 + e.id % 3]
      from (select f.id, row_number() over (order by demo.u('override:' || f.id)) as i from demo.episode f
             where f.reported_at is not null
               and not exists (select from demo.episode g where g.establishment_id = f.establishment_id and g.id <> f.id)) q
     where q.id = e.id and q.i <= 22;
end
$$;

-- Calls, mails and forums around the visits and where nobody goes yet.
create procedure demo.plan_touches()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    today   date := data.today();
    instant timestamptz := data.now();
begin
    -- To fix the appointment, and to ask how it went.
    insert into demo.touch
    select e.establishment_id, e.actor, 'call', least(e.planned_at, e.made_at + interval '25 minutes') - interval '1 minute'
      from demo.episode e where e.planned_at is not null and e.outcome <> 'opposed' and demo.u('fix:' || e.id) < 0.42;
    insert into demo.touch
    select e.establishment_id, e.actor, case when demo.u('kind:' || e.id) < 0.7 then 'call' else 'mail' end,
           demo.at(demo.work((e.reported_at at time zone 'Europe/Paris')::date, demo.between(5, 18, demo.u('day:' || e.id))), 600 + e.id % 300)
      from demo.episode e
     where e.outcome in ('needs', 'later') and e.reported_at < instant - interval '35 days' and demo.u('follow:' || e.id) < 0.25;
    insert into demo.touch
    select e.establishment_id, o.n, 'call', demo.at(demo.work((e.made_at at time zone 'Europe/Paris')::date, -4), 640)
      from demo.episode e join demo.actor a on a.n = e.actor
     cross join lateral (select b.n from demo.actor b where b.network <> a.network order by demo.u('caller:' || e.id || b.n) limit 1) o
     where e.override is not null;
    -- Mailings and forums of some days; cold calls.
    insert into demo.touch
    select p.establishment_id, a.n, k.kind,
           case k.kind when 'call' then demo.at(demo.work(today - 540 + floor(538 * k.v)::integer, 0), demo.between(520, 1050, k.w))
                       when 'mail' then demo.at(demo.work(today - (array[500, 395, 300, 195, 110, 41, 3])[1 + floor(k.v * 7)::integer], 0), 560 + a.n)
                       else demo.at(demo.work(today - (array[420, 230, 62])[1 + floor(k.v * 3)::integer], 0), 700 + a.n) end
      from (select p.*, demo.u('touch:' || p.establishment_id) as u from demo.prospect p
             where not exists (select from demo.episode e where e.establishment_id = p.establishment_id)) p
     cross join lateral (select case when p.u < 0.115 then 'call' when p.u < 0.235 then 'mail' else 'forum' end as kind,
                                demo.u('when:' || p.establishment_id) as v, demo.u('hour:' || p.establishment_id) as w) k
     cross join lateral (select x.n from (select b.n, row_number() over (order by b.n) as i, count(*) over () as c
                                            from demo.actor b where b.bassin = p.bassin or b.network in ('ce', 'plie')) x
                          where x.i = 1 + floor(k.w * x.c)) a
     where p.u < 0.26;
    -- Around Vichy others invite to their forum whom somebody has just seen: contacts in double, for the map to show.
    insert into demo.touch
    select e.establishment_id, o.n, 'forum',
           demo.at(demo.work((e.reported_at at time zone 'Europe/Paris')::date, demo.between(6, 28, demo.u('again:' || e.id))), 610 + e.id % 240)
      from demo.episode e
      join demo.actor a on a.n = e.actor
      join demo.prospect p on p.establishment_id = e.establishment_id and p.bassin = 'Vichy'
     cross join lateral (select b.n from demo.actor b where b.network <> a.network and (b.bassin = 'Vichy' or b.network in ('ce', 'plie'))
                          order by demo.u('host:' || e.id || b.n) limit 1) o
     where e.outcome in ('later', 'none') and e.reported_at < instant - interval '50 days' and demo.u('double:' || e.id) < 0.45;
    delete from demo.touch t where t.at > instant - interval '3 minutes';
    -- Some of those called do not want to hear of it again.
    update demo.touch t set refused = true
      from (select x.establishment_id, row_number() over (order by demo.u('never:' || x.establishment_id)) as i from demo.touch x
             where x.kind = 'call' and not exists (select from demo.episode e where e.establishment_id = x.establishment_id)) q
     where q.establishment_id = t.establishment_id and q.i <= 11;
end
$$;

-- Offers: those that come of a report, and those that employers bring by telephone. `ends`: filled, withdrawn, expired.
create unlogged table demo.vacancy (
    id               integer generated always as identity primary key,
    episode          integer,
    establishment_id bigint not null,
    actor            integer not null,
    rome             text not null,
    posts            integer not null,
    drafted_at       timestamptz not null,
    confirmed_at     timestamptz,
    opens_at         timestamptz,
    ends             text,
    ended_at         timestamptz,
    u                double precision not null
);

-- An employer asked again whether an open offer still stands.
create unlogged table demo.prolongation (vacancy integer not null, at timestamptz not null);
-- Somebody proposed by a partner, and the answer: met, or why not.
create unlogged table demo.candidate (
    vacancy integer not null, actor integer not null, at timestamptz not null, answered_at timestamptz, reference text not null, answer text not null
);

create procedure demo.plan_offers()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    today   date := data.today();
    instant timestamptz := data.now();
begin
    insert into demo.vacancy (episode, establishment_id, actor, rome, posts, drafted_at, confirmed_at, u)
    select e.id, e.establishment_id, e.actor, j.rome, case when x.u < 0.7 then 1 when x.u < 0.9 then 2 else 4 end,
           e.reported_at + make_interval(mins => demo.between(4, 40, x.u)),
           case when x.v < 0.6 then e.reported_at + make_interval(mins => demo.between(50, 150, x.v / 0.6))
                else demo.at(demo.work((e.reported_at at time zone 'Europe/Paris')::date, demo.between(1, 2, x.v)), demo.between(540, 1030, x.u)) end, x.u
      from demo.episode e
      join demo.prospect p on p.establishment_id = e.establishment_id
     cross join lateral (select demo.u('vacancy:' || e.id) as u, demo.u('confirm:' || e.id) as v, demo.u('choose:' || e.id) as w) x
      join demo.trade t on t.naf = p.naf
     cross join lateral (select j.rome from demo.job j where j.rome = any (string_to_array(t.rome, ','))
                          order by array_position(string_to_array(t.rome, ','), j.rome) limit 1) j
     where e.outcome = 'needs' and x.w < case when e.reported_at > instant - interval '20 days' then 0.9
                                                when e.reported_at > instant - interval '90 days' then 0.5 else 0.13 end;
    -- By telephone, chosen for their minute: they open in a moment, today, tomorrow, or in some days.
    insert into demo.vacancy (establishment_id, actor, rome, posts, drafted_at, confirmed_at, u)
    select c.establishment_id, c.actor, c.rome, 1 + o.i % 2, f.at - make_interval(mins => 35 + 3 * o.i::integer), f.at, demo.u('direct:' || o.i)
      from unnest(array[4, 11, 26, 55, 130, 215, 340, 610, 1090, 1460, 1720, 2300, 3060, 4400, 5900, 7400, 8800, 10300, 11800, 13200, 14600,
                        16100, 17600, 19000, 20200]) with ordinality o (minutes, i)
     cross join lateral (select data.reservation_end(instant + make_interval(mins => o.minutes), -15) as at) f
      join (select s.establishment_id, j.rome, a.n as actor, row_number() over (order by demo.u('phone:' || s.establishment_id)) as i
              from demo.prospect s
              join demo.trade t on t.naf = s.naf
              join demo.job j on j.rome = split_part(t.rome, ',', 1)
             cross join lateral (select b.n from demo.actor b where b.bassin = s.bassin or b.network in ('ce', 'plie')
                                  order by demo.u('taker:' || s.establishment_id || b.n) limit 1) a
             where s.weight >= 2 and not exists (select from demo.episode e where e.establishment_id = s.establishment_id)
               and not exists (select from demo.touch h where h.establishment_id = s.establishment_id and h.refused)) c on c.i = o.i;
    update demo.vacancy v set opens_at = data.reservation_end(v.confirmed_at, 15);
    -- Drafts that nobody confirmed yet.
    update demo.vacancy v set confirmed_at = null, opens_at = null
     where v.confirmed_at > instant - interval '2 minutes'
        or v.id in (select w.id from demo.vacancy w where w.episode is not null and w.drafted_at > instant - interval '12 days'
                     order by demo.u('draft:' || w.id) limit 12);
    delete from demo.vacancy v where v.drafted_at > instant - interval '3 minutes';
    -- How the others end.
    update demo.vacancy v
       set ends = e.ends, ended_at = case when e.ends = 'expired' then data.reservation_end(v.opens_at, 30) + interval '30 seconds'
                                          else demo.at(demo.work((e.base at time zone 'Europe/Paris')::date, demo.between(1, case when e.early then 7 else 45 end, demo.part(v.u * 31))),
                                                       demo.between(530, 1040, demo.part(v.u * 17))) end
      from (select w.id, demo.part(w.u * 7) < 0.2 as early,
                   case when demo.part(w.u * 7) < 0.2 then w.confirmed_at else w.opens_at end as base,
                   case when demo.part(w.u * 13) < 0.62 then 'filled' when demo.part(w.u * 13) < 0.78 then 'withdrawn' else 'expired' end as ends
              from demo.vacancy w) e
     where e.id = v.id and v.opens_at is not null and not (v.episode is null);
    update demo.vacancy v set ends = null, ended_at = null where v.ended_at > instant - interval '2 minutes';
    -- What stays open longer than thirty days does so because somebody asked the employer again.
    insert into demo.prolongation (vacancy, at)
    select v.id, demo.at(demo.work((v.opens_at at time zone 'Europe/Paris')::date + 25 * k - 1, 1), demo.between(540, 1020, demo.u('still:' || v.id || ':' || k)))
      from demo.vacancy v cross join generate_series(1, 12) k
     where v.ends is distinct from 'expired' and v.opens_at is not null
       and v.opens_at + make_interval(days => 25 * k - 1) < coalesce(v.ended_at, instant) - interval '5 days';
    -- Candidates of the partners: two or three for some, none for others.
    insert into demo.candidate (vacancy, actor, at, answered_at, reference, answer)
    select v.id, c.n, x.at, case when x.answered_at < instant - interval '2 minutes' then x.answered_at end,
           upper(c.network) || '-' || to_char(x.at, 'YYYY') || '-' || lpad(demo.between(100, 9800, x.u)::text, 4, '0'),
           (array['met', 'profile', 'unavailable', 'met', 'employer'])[demo.between(1, 5, demo.part(x.u * 3))]
      from demo.vacancy v
     cross join generate_series(1, 3) k
     cross join lateral (select demo.u('candidate:' || v.id || ':' || k) as u) d
     cross join lateral (select d.u, z.at, demo.at(demo.work((z.at at time zone 'Europe/Paris')::date, demo.between(1, 3, demo.part(d.u * 7))), demo.between(540, 1040, demo.part(d.u * 11))) as answered_at
                           from (select demo.at(demo.work((v.confirmed_at at time zone 'Europe/Paris')::date, demo.between(1, 14, demo.part(d.u * 5))),
                                                demo.between(540, 1040, demo.part(d.u * 9))) as at) z) x
     cross join lateral (select a.n, a.network from demo.actor a where a.n <> v.actor order by demo.u('proposes:' || v.id || ':' || k || ':' || a.n) limit 1) c
     where v.confirmed_at is not null and demo.part(d.u * 13) < 0.45
       and x.at < coalesce(v.ended_at, instant) - interval '2 hours'
       and (x.answered_at < coalesce(v.ended_at, instant) - interval '1 hour' or v.ended_at is null or v.ends = 'filled');
    -- Whatever the day, some of them wait for an answer: proposed on the last working day by the network of who collected the offer,
    -- which every offer is for.
    insert into demo.candidate (vacancy, actor, at, reference, answer)
    select v.id, c.n, x.at, upper(c.network) || '-' || to_char(x.at, 'YYYY') || '-' || 9900 + v.i, 'met'
      from (select w.id, w.actor, row_number() over (order by w.confirmed_at, w.id) as i
              from demo.vacancy w where w.episode is null and w.confirmed_at < demo.at(today - 9, 0)) v
     cross join lateral (select demo.at(max(d.day), demo.between(560, 1020, demo.u('waits:' || v.i))) as at
                           from demo.day d where d.is_working and d.day < today) x
     cross join lateral (select a.n, a.network from demo.actor a join demo.actor o on o.n = v.actor and o.network = a.network and o.n <> a.n
                          order by o.organisation_id = a.organisation_id, demo.u('waiting:' || v.i || ':' || a.n) limit 1) c
     where v.i in (2, 4, 7, 9);
    -- A draft may be given up too.
    update demo.vacancy v set ends = 'withdrawn', ended_at = v.drafted_at + interval '20 hours'
     where v.confirmed_at is null and v.drafted_at < instant - interval '5 days' and demo.u('drop:' || v.id) < 0.3;
end
$$;
