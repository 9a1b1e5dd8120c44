-- Suggested tours: what the planning engine is asked, what it answers, and what people accept of it.
-- Times that travel to the engine are seconds of the clock in Paris since the first day at midnight.

create or replace function data.tour_seconds(at timestamptz, first date) returns integer
    language sql stable parallel safe
    return extract(epoch from (tour_seconds.at at time zone 'Europe/Paris') - tour_seconds.first::timestamp)::integer;
create or replace function data.tour_moment(seconds integer, first date) returns timestamptz
    language sql stable parallel safe
    return (tour_moment.first::timestamp + make_interval(secs => tour_moment.seconds)) at time zone 'Europe/Paris';

-- Browsers ask again; what changed is not told here.
create or replace function data.tour_tell(tour bigint, what text) returns void
    language sql security definer set search_path = data, pg_temp as $$
    select pg_notify('live', json_build_object('seq', 0, 'kind', 'tour.' || tour_tell.what, 'establishment', null, 'offer', null,
                         'organisation', t.organisation_id, 'territories', json_build_array(o.territory_id), 'at', data.now())::text)
      from data.tour t join data.organisation o on o.id = t.organisation_id
     where t.id = tour_tell.tour
$$;

create or replace function data.tour_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        new.asked_at := data.now();
        new.state := 'waiting';
        new.revision := 1;
        if new.last_day < data.today() then
            perform auth.refuse('tour_in_the_past', json_build_object('field', 'first'));
        end if;
        if exists (select from unnest(new.members) w
                    where not exists (select from membership m where m.member_id = w and m.organisation_id = new.organisation_id
                                         and m.role in ('adviser', 'manager') and (m.ended_on is null or m.ended_on > data.today()))) then
            perform auth.refuse('invalid', json_build_object('field', 'members'));
        end if;
    elsif old.state in ('closed', 'cancelled') and new.state <> old.state then
        perform auth.refuse('tour_closed');
    end if;
    return new;
end
$$;
create or replace trigger tour_guard before insert or update on data.tour
    for each row execute function data.tour_guard();

create or replace function data.tour_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' or new.revision <> old.revision then
        perform data.job_add(case when cardinality(new.members) > 1 then 'tour.team' else 'tour.plan' end,
                             jsonb_build_object('tour', new.id, 'revision', new.revision));
    end if;
    if tg_op = 'INSERT' or (new.state <> old.state and new.state in ('cancelled', 'closed')) then
        perform data.log(case when tg_op = 'INSERT' then 'tour.asked' else 'tour.' || new.state end, null, null,
                         jsonb_build_object('tour', new.id, 'first', new.first_day, 'members', cardinality(new.members)),
                         new.asked_by, new.organisation_id);
    end if;
    return null;
end
$$;
create or replace trigger tour_told after insert or update on data.tour
    for each row execute function data.tour_told();

-- What was settled stays so, and a line is accepted by the visit that came of it.
create or replace function data.tour_line_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if old.state in ('fixed', 'accepted') and (new.state, new.starts_at, new.member_id) is distinct from (old.state, old.starts_at, old.member_id) then
        perform auth.refuse('tour_line_settled');
    end if;
    if new.state = 'accepted' and old.state <> 'accepted'
       and not exists (select from visit v where v.id = new.visit_id and v.establishment_id = new.establishment_id and v.member_id = new.member_id
                                             and v.planned_at = new.starts_at) then
        perform auth.refuse('forbidden');
    end if;
    return new;
end
$$;
create or replace trigger tour_line_guard before update on data.tour_line
    for each row execute function data.tour_line_guard();

-- A suggestion is computed again when an appointment is made, moved or cancelled in its days otherwise than by accepting a line.
create or replace function data.tour_stale(member bigint, establishment bigint, moments timestamptz[]) returns void
    language sql security definer set search_path = data, pg_temp as $$
    update tour t set revision = t.revision + 1, state = 'waiting'
     where t.members @> array[tour_stale.member] and t.state in ('running', 'ready')
       and exists (select from unnest(tour_stale.moments) m where (m at time zone 'Europe/Paris')::date between t.first_day and t.last_day)
       and not exists (select from tour_line l where l.tour_id = t.id and l.establishment_id = tour_stale.establishment and l.state = 'proposed')
       and (t.state = 'running' or exists (select from tour_line l where l.tour_id = t.id and l.state = 'proposed'));
$$;
create or replace function data.visit_tours() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not data.is_moving() then
        if tg_table_name = 'visit_partner' then
            perform data.tour_stale(new.member_id, v.establishment_id, array[v.planned_at]) from visit v where v.id = new.visit_id;
        else
            perform data.tour_stale(new.member_id, new.establishment_id,
                                    array[new.planned_at, case when tg_op = 'UPDATE' then old.planned_at end]);
        end if;
    end if;
    return null;
end
$$;
create or replace trigger visit_tours after insert on data.visit
    for each row when (new.state = 'planned') execute function data.visit_tours();
create or replace trigger visit_tours_moved after update on data.visit
    for each row when (old.state = 'planned' and (new.state = 'cancelled'
                       or new.state = 'planned' and (new.planned_at, new.minutes) is distinct from (old.planned_at, old.minutes)))
    execute function data.visit_tours();
create or replace trigger visit_partner_tours after update on data.visit_partner
    for each row when (new.state <> old.state and 'accepted' in (new.state, old.state)) execute function data.visit_tours();

-- --- what the engine is asked ---------------------------------------------------------------------------------------------

-- The job's tour, as long as it is still wanted: it is running from now on.
create or replace function data.tour_begin(job bigint) returns table (tour bigint, revision integer, members integer, again boolean)
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    return query
        update data.tour t set state = 'running', progress = 0, error = null
          from data.job j
         where j.id = tour_begin.job and t.id = (j.payload ->> 'tour')::bigint and t.revision = (j.payload ->> 'revision')::integer
           and t.state in ('waiting', 'running', 'ready') and t.planned < t.revision
        returning t.id, t.revision, cardinality(t.members), t.planned > 0;
end
$$;

-- The days on which members work: one line each, as the engine's vehicles. Today begins in half an hour.
create or replace function data.member_days(members bigint[], organisation bigint, first date, last date)
    returns table (member bigint, day integer, opens integer, closes integer, lunch_from integer, lunch_to integer, lunch integer,
                   lon float8, lat float8, density integer, most integer)
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    select m.id, d.n, d.n * 86400 + greatest(extract(epoch from coalesce(a.until, w.opens)), extract(epoch from w.opens), d.now)::integer,
           d.n * 86400 + least(extract(epoch from coalesce(a."from", w.closes)), extract(epoch from w.closes))::integer,
           d.n * 86400 + extract(epoch from w.lunch_from)::integer, d.n * 86400 + extract(epoch from w.lunch_to)::integer,
           w.lunch_minutes * 60, ST_X(p.at), ST_Y(p.at), data.density_of(p.commune)::integer, w.visits_most::integer
      from organisation o
     cross join lateral unnest(member_days.members) with ordinality m (id, n)
     cross join lateral data.work_week_of(m.id, o.id) w
      left join data.commune h on w.starts = 'home' and h.code = w.home_commune
     cross join lateral (select coalesce(h.centre, o.base) as at, coalesce(h.code, o.commune_code) as commune) p
     cross join lateral (select n::integer as n, member_days.first + n::integer as day,
                                case when member_days.first + n::integer = data.today()
                                     then data.tour_seconds(data.now(), data.today()) + 1800 else 0 end as now
                           from generate_series(0, member_days.last - member_days.first) n) d
      left join lateral (select bool_or(x."from" is null and x.until is null) as whole,
                                max(x.until) filter (where x."from" is null or x."from" <= w.opens) as until,
                                min(x."from") filter (where x."from" > w.opens) as "from"
                           from data.week_away(m.id, o.id, d.day, d.day) x) a on true
     where o.id = member_days.organisation and d.day >= data.today() and extract(isodow from d.day)::smallint = any (w.days)
       and a.whole is not true and p.at is not null
     order by m.n, d.n
$$;
create or replace function data.tour_days(tour bigint)
    returns table (member bigint, day integer, opens integer, closes integer, lunch_from integer, lunch_to integer, lunch integer,
                   lon float8, lat float8, density integer, most integer)
    language sql stable security definer set search_path = data, pg_temp as $$
    select d.* from tour t cross join lateral data.member_days(t.members, t.organisation_id, t.first_day, t.last_day) d
     where t.id = tour_days.tour
$$;

-- When an employer may be met, as pairs of seconds within the tour; empty: at any time. A visit of `minutes` ends before the
-- employer closes.
create or replace function data.tour_windows(hours jsonb, first date, last date, until date, minutes integer) returns integer[]
    language sql immutable as $$
    select case when tour_windows.hours is null or tour_windows.hours = '{}'
                then case when tour_windows.until < tour_windows.last then array[0, (tour_windows.until - tour_windows.first + 1) * 86400 - 1] else '{}' end
                else coalesce((select array_agg(v.s order by d.n, p.o, v.k)
                       from generate_series(0, least(tour_windows.last, tour_windows.until) - tour_windows.first) d (n)
                      cross join lateral jsonb_array_elements(tour_windows.hours -> extract(isodow from tour_windows.first + d.n)::text) with ordinality p (pair, o)
                      cross join lateral (values (1, d.n * 86400 + extract(epoch from (p.pair ->> 0)::time)::integer),
                                                 (2, d.n * 86400 + extract(epoch from (p.pair ->> 1)::time)::integer - tour_windows.minutes * 60)) v (k, s)
                      where (p.pair ->> 1)::time - (p.pair ->> 0)::time >= make_interval(mins => tour_windows.minutes)), array[-2, -1]) end
$$;

-- Employers that nobody promised, near where the tour goes: those that the tour suggests already, then the most worth. Worth is the minutes of detour that a
-- visit is worth, 45 at most: 5, a quarter of the hiring potential, 8 in a segment of ours, 7 where nobody ever was (5 when
-- that is more than a year ago).
create or replace function data.tour_nearby(tour bigint, most integer)
    returns table (establishment bigint, worth integer)
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    with t as materialized (
        select t.*, o.network, o.territory_id, o.base, data.now() - interval '1 year' as long_ago
          from tour t join organisation o on o.id = t.organisation_id where t.id = tour_nearby.tour
    ), spot as materialized ( -- where one starts, and where one has to be anyway; about one for each two kilometres
        select distinct round(ST_X(o.at) * 75.7 / 2) * 2 as x, round(ST_Y(o.at) * 111 / 2) * 2 as y -- in kilometres
          from t cross join lateral (
              select t.base as at
              union select c.centre from work_week w join commune c on c.code = w.home_commune
                     where w.member_id = any (t.members) and w.organisation_id = t.organisation_id and w.starts = 'home'
              union select e.location from visit v join establishment e on e.id = v.establishment_id
                     where v.member_id = any (t.members) and v.organisation_id = t.organisation_id and v.state = 'planned'
                       and v.planned_at >= t.first_day::timestamp at time zone 'Europe/Paris'
                       and v.planned_at < (t.last_day + 1)::timestamp at time zone 'Europe/Paris'
              union select e.location from promise p join establishment e on e.id = p.establishment_id
                     where p.member_id = any (t.members) and p.organisation_id = t.organisation_id and p.state = 'active') o
         where o.at is not null
    ), near as materialized ( -- the best by potential and distance, cheaply told
        select f.id, f.potential, f.last_contact_at, d.km, l.establishment_id is not null as stands
          from t
          join territory_commune tc on tc.territory_id = t.territory_id
          join facet f on f.commune = tc.number and f.active and not f.opposed and f.holder is null
                      and (f.rest_until is null or f.rest_until < least(t.first_day, data.today())) -- a line that is accepted is promised at once
                      and f.lon is not null and f.lat is not null and coalesce(f.size, 1) > 0
          left join tour_line l on l.tour_id = t.id and l.establishment_id = f.id and l.kind = 'nearby'
                               and (l.state = 'proposed' or l.left_reason = 'again')
         cross join lateral (select sqrt(min((s.x - f.lon * 7.57e-4::float8) ^ 2 + (s.y - f.lat * 1.11e-3::float8) ^ 2)) as km from spot s) d
         where t.nearby and d.km < 30
         order by stands desc, coalesce(f.potential, 30) / 4.0 - d.km / 1.5 desc, f.id
         limit tour_nearby.most * 6
    ), led as materialized ( -- in segments of one's organisation, or on which one's network leads
        select b.block, bit_or(b.members) as members
          from t
          join segment s on s.territory_id = t.territory_id and s.archived_at is null
                        and (s.organisation_id = t.organisation_id or (s.shared and s.lead = t.network))
          join segment_block b on b.segment_id = s.id
         where b.block in (select segment_block_of(n.id) from near n)
         group by b.block
    )
    select w.id, w.worth
      from (select n.id, n.km, n.stands,
                   least(45, 5 + coalesce(n.potential, 30) / 4
                             + case when get_bit(l.members, (n.id & 511)::integer) = 1 then 8 else 0 end
                             + case when n.last_contact_at is null then 7 when n.last_contact_at < t.long_ago then 5 else 0 end) as worth
              from t cross join near n
              left join led l on l.block = segment_block_of(n.id)
             where not exists (select from tour_line l where l.tour_id = t.id and l.establishment_id = n.id and l.state in ('refused', 'accepted'))
               and not exists (select from promise p where p.establishment_id = n.id and p.state = 'active')
               and not exists (select from visit v where v.establishment_id = n.id and v.state = 'planned')) w
     order by w.stands desc, w.worth - w.km / 1.5 desc, w.id
     limit tour_nearby.most
$$;

-- Everything that may stand in the tour, as the engine's jobs. `at`: it stands there and stays; rank: how much it has to be
-- made (0: only when it is worth its detour); past: where the last suggestion had it.
create or replace function data.tour_jobs(tour bigint)
    returns table (kind text, establishment bigint, visit bigint, promise bigint, member bigint, minutes integer, at integer,
                   lon float8, lat float8, density integer, rank integer, worth integer, windows integer[],
                   past_at integer, past_member bigint, past_left boolean, locked boolean)
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    with t as (
        select x.* from tour x where x.id = tour_jobs.tour
    ), stands as materialized ( -- in whosever name they go there
        select v.establishment_id, v.id as visit_id, case when not a.joint then v.promise_id end as promise_id, a.member as member_id,
               v.planned_at, v.minutes::integer as minutes
          from t cross join lateral data.appointments(t.members, greatest(t.first_day, data.today()), t.last_day) a
          join visit v on v.id = a.visit
         where v.state = 'planned'
    ), want as (
        select 'visit' as kind, s.establishment_id, s.visit_id, s.promise_id, s.member_id, s.minutes,
               data.tour_seconds(s.planned_at, t.first_day) as at, 3 as rank, 240 as worth, null::date as until
          from t cross join stands s
        union all
        select 'promise', p.establishment_id, null, p.id, p.member_id, w.visit_minutes, null,
               case when p.lapses_on <= t.last_day then 2 when p.due_on <= t.last_day + 7 then 1 else 0 end, 45, p.lapses_on
          from t join promise p on p.organisation_id = t.organisation_id and p.member_id = any (t.members) and p.state = 'active'
                               and p.lapses_on >= greatest(t.first_day, data.today())
         cross join lateral data.work_week_of(p.member_id, t.organisation_id) w
         where not exists (select from visit v where v.promise_id = p.id and v.state = 'planned')
           and not exists (select from tour_line l where l.tour_id = t.id and l.establishment_id = p.establishment_id and l.state = 'refused')
        union all
        select 'nearby', n.establishment, null, null, case when cardinality(t.members) = 1 then t.members[1] end, w.visit_minutes, null, 0, n.worth, null
          from t
         cross join lateral data.tour_nearby(t.id, 24 + 16 * cardinality(t.members)) n
         cross join lateral data.work_week_of(t.members[1], t.organisation_id) w
    )
    select w.kind, w.establishment_id, w.visit_id, w.promise_id,
           case when l.locked then l.member_id else w.member_id end, coalesce(case when l.locked then l.minutes end, w.minutes)::integer,
           coalesce(w.at, case when l.locked then data.tour_seconds(l.starts_at, t.first_day) end),
           ST_X(e.location), ST_Y(e.location), data.density_of(e.commune_code)::integer, w.rank, w.worth,
           case when w.at is null then data.tour_windows(h.hours, t.first_day, t.last_day, coalesce(w.until, t.last_day), w.minutes) else '{}' end,
           case when l.state = 'proposed' then data.tour_seconds(l.starts_at, t.first_day) end, l.member_id,
           coalesce(l.state = 'left' and l.left_reason <> 'again', false), coalesce(l.locked, false)
      from t
     cross join want w
      join establishment e on e.id = w.establishment_id
      left join opening_hours h on h.establishment_id = w.establishment_id
      -- What somebody put at an hour stays there, unless an appointment was made over it since.
      left join lateral (select x.member_id, x.minutes, x.starts_at, x.state, x.left_reason,
                                x.locked and not exists (select from stands s
                                                          where s.member_id = x.member_id and s.planned_at < x.starts_at + make_interval(mins => x.minutes)
                                                            and x.starts_at < s.planned_at + make_interval(mins => s.minutes)) as locked
                           from tour_line x
                          where x.tour_id = t.id and x.establishment_id = w.establishment_id and x.kind <> 'visit' and w.kind <> 'visit') l on true
     order by w.rank desc, w.kind, w.establishment_id, w.visit_id
$$;

-- --- what it answers ------------------------------------------------------------------------------------------------------

-- Says how far it is; false when nobody waits for it any longer.
create or replace function data.tour_step(tour bigint, revision integer, percent integer) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update data.tour t set progress = tour_step.percent
     where t.id = tour_step.tour and t.revision = tour_step.revision and t.state = 'running' and t.progress <> tour_step.percent;
    if found then
        perform data.tour_tell(tour_step.tour, 'progress');
    end if;
    return exists (select from data.tour t where t.id = tour_step.tour and t.revision = tour_step.revision and t.state = 'running');
end
$$;

-- Keeps the plan: lines (what the engine was asked, with where it stands or why it does not) and days. Lines that somebody
-- refused or accepted stay.
create or replace function data.tour_settle(tour bigint, revision integer, lines json, days json, milliseconds integer, moved integer,
                                            travel text) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    t data.tour;
begin
    update data.tour x
       set state = 'ready', planned = tour_settle.revision, progress = 100, finished_at = data.now(), milliseconds = tour_settle.milliseconds,
           moved = tour_settle.moved, travel = tour_settle.travel
     where x.id = tour_settle.tour and x.revision = tour_settle.revision and x.state = 'running'
    returning * into t;
    if not found then
        return false;
    end if;
    delete from tour_line l where l.tour_id = t.id and l.state in ('fixed', 'proposed', 'left')
       and (l.kind = 'visit' or not exists (select from json_to_recordset(tour_settle.lines) n (establishment bigint, kind text)
                                             where n.establishment = l.establishment_id and n.kind <> 'visit'));
    insert into tour_line as l (tour_id, establishment_id, member_id, kind, visit_id, promise_id, state, locked, starts_at, minutes, position,
                                way_seconds, way_metres, late_minutes, worth_minutes, cost_minutes, left_reason)
    select t.id, n.establishment, n.member, n.kind, n.visit, n.promise,
           case when n.left_reason is not null then 'left' when n.kind = 'visit' then 'fixed' else 'proposed' end,
           n.locked and n.left_reason is null, data.tour_moment(n.at, t.first_day), n.minutes, n.position, n.way, n.metres, n.late, n.worth,
           n.cost, n.left_reason
      from json_to_recordset(tour_settle.lines) n (establishment bigint, member bigint, kind text, visit bigint, promise bigint, locked boolean,
               at integer, minutes smallint, position smallint, way integer, metres integer, late smallint, worth smallint, cost integer, left_reason text)
    on conflict (tour_id, establishment_id) where kind <> 'visit' do update
       set (member_id, kind, visit_id, promise_id, state, locked, starts_at, minutes, position, way_seconds, way_metres, late_minutes, worth_minutes,
            cost_minutes, left_reason)
         = (excluded.member_id, excluded.kind, excluded.visit_id, excluded.promise_id, excluded.state, excluded.locked, excluded.starts_at,
            excluded.minutes, excluded.position, excluded.way_seconds, excluded.way_metres, excluded.late_minutes, excluded.worth_minutes,
            excluded.cost_minutes, excluded.left_reason)
     where l.state in ('proposed', 'left');
    delete from tour_day d where d.tour_id = t.id;
    insert into tour_day (tour_id, member_id, day, leaves_at, returns_at, way_seconds, way_metres, visits)
    select t.id, n.member, t.first_day + n.day, data.tour_moment(n.leaves, t.first_day), data.tour_moment(n.returns, t.first_day), n.way, n.metres, n.visits
      from json_to_recordset(tour_settle.days) n (member bigint, day integer, leaves integer, returns integer, way integer, metres integer, visits smallint);
    perform data.tour_tell(t.id, 'ready');
    return true;
end
$$;

-- It could not be planned: why, for the person who asked.
create or replace function data.tour_fail(tour bigint, revision integer, error text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update data.tour t set state = 'failed', error = tour_fail.error, finished_at = data.now()
     where t.id = tour_fail.tour and t.revision = tour_fail.revision and t.state = 'running';
    if found then
        perform data.tour_tell(tour_fail.tour, 'failed');
    end if;
end
$$;

-- Suggestions nobody followed: forgotten after their week.
create or replace function data.tour_purge() returns bigint
    language sql security definer set search_path = data, pg_temp
    begin atomic
        with gone as (
            delete from data.tour t where t.last_day < data.today() - 30 returning 1
        )
        select count(*) from gone;
    end;

-- --- what people do with it -----------------------------------------------------------------------------------------------

-- Asks for a suggestion for a week; returns its number. For others only a manager asks; nobody but themselves accepts.
create or replace function api.tour_ask(first date, members bigint[], nearby boolean) returns bigint
    language plpgsql as $$
declare
    made bigint;
    whom bigint[] := coalesce(tour_ask.members, array[auth.member()]);
begin
    if auth.role() <> 'manager' and whom <> array[auth.member()] then
        perform auth.refuse('forbidden');
    end if;
    -- The former suggestion for the same people and week gives way.
    update data.tour t set state = 'closed'
     where t.organisation_id = auth.organisation() and t.members = whom and t.first_day = tour_ask.first
       and (t.state in ('ready', 'failed') or t.state in ('waiting', 'running') and t.planned > 0);
    insert into data.tour (organisation_id, asked_by, members, first_day, last_day, nearby)
    values (auth.organisation(), auth.member(), whom, tour_ask.first, tour_ask.first + 7 - extract(isodow from tour_ask.first)::integer,
            coalesce(tour_ask.nearby, true))
    returning id into made;
    return made;
end
$$;

-- The tour, held, if whoever asks may decide on it: who asked, or one of those it is for.
create or replace function api.tour_hold(tour bigint) returns data.tour
    language plpgsql as $$
declare
    t data.tour;
begin
    select x.* into t from data.tour x where x.id = tour_hold.tour;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if auth.member() <> t.asked_by and auth.member() <> all (t.members) then
        perform auth.refuse('forbidden');
    end if;
    update data.tour x set state = x.state where x.id = tour_hold.tour returning x.* into t;
    if t.state in ('closed', 'cancelled') then
        perform auth.refuse('tour_closed');
    end if;
    return t;
end
$$;

-- Cancelled while it is computed, closed when nobody needs it any longer.
create or replace function api.tour_end(tour bigint) returns void
    language plpgsql as $$
declare
    t data.tour := api.tour_hold(tour_end.tour);
begin
    update data.tour x set state = case when t.state in ('waiting', 'running') then 'cancelled' else 'closed' end where x.id = t.id;
end
$$;

-- Computes it again around what was locked, refused or changed since, moving as little as can be.
create or replace function api.tour_again(tour bigint) returns void
    language plpgsql as $$
declare
    t data.tour := api.tour_hold(tour_again.tour);
begin
    update data.tour x set revision = x.revision + 1, state = 'waiting' where x.id = t.id;
end
$$;

-- Lines become visits, one by one: what the rules of promises refuse stays a line, with the reason. Returns what became of each.
create or replace function api.tour_accept(tour bigint, lines bigint[]) returns json
    language plpgsql as $$
declare
    t       data.tour := api.tour_hold(tour_accept.tour);
    l       record;
    made    bigint;
    code    text;
    detail  text;
    answers jsonb := '[]';
begin
    if t.state <> 'ready' then
        perform auth.refuse('tour_not_ready');
    end if;
    for l in
        select x.* from data.tour_line x
         where x.tour_id = t.id and x.id = any (tour_accept.lines) and x.member_id = auth.member() and x.state = 'proposed'
         order by x.starts_at, x.id
    loop
        begin
            made := api.visit_plan(l.establishment_id, l.starts_at, l.minutes, null, null);
            update data.tour_line x set state = 'accepted', visit_id = made, answer = null where x.id = l.id;
            answers := answers || jsonb_build_object('line', l.id, 'visit', made);
        exception when sqlstate 'ML000' then
            get stacked diagnostics code = message_text, detail = pg_exception_detail;
            update data.tour_line x set answer = jsonb_build_object('code', code) || detail::jsonb where x.id = l.id;
            answers := answers || jsonb_build_object('line', l.id, 'code', code, 'detail', detail::jsonb);
        end;
    end loop;
    return answers;
end
$$;

-- One of one's own lines that no one has settled yet, or the refusal.
create or replace function api.tour_line_hold(tour bigint, line bigint) returns data.tour_line
    language plpgsql as $$
declare
    l data.tour_line;
begin
    select x.* into l from data.tour_line x where x.tour_id = tour_line_hold.tour and x.id = tour_line_hold.line;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if l.state in ('fixed', 'accepted') then
        perform auth.refuse('tour_line_settled');
    end if;
    return l;
end
$$;

-- An employer that is not wanted this week, with the reason; without one, it is wanted again at the next computation.
create or replace function api.tour_refuse(tour bigint, line bigint, reason text) returns void
    language plpgsql as $$
declare
    t data.tour := api.tour_hold(tour_refuse.tour);
    l data.tour_line := api.tour_line_hold(tour_refuse.tour, tour_refuse.line);
begin
    if coalesce(trim(tour_refuse.reason), '') = '' then
        update data.tour_line x set state = 'left', refusal = null, left_reason = 'again' where x.id = l.id and x.state = 'refused';
    else
        update data.tour_line x set state = 'refused', refusal = trim(tour_refuse.reason), left_reason = null, locked = false where x.id = l.id;
    end if;
end
$$;

-- Stays where it is at the next computation, or where one puts it; `locked` false lets it go again.
create or replace function api.tour_place(tour bigint, line bigint, at timestamptz, locked boolean) returns void
    language plpgsql as $$
declare
    t data.tour := api.tour_hold(tour_place.tour);
    l data.tour_line := api.tour_line_hold(tour_place.tour, tour_place.line);
    d date := (coalesce(tour_place.at, l.starts_at) at time zone 'Europe/Paris')::date;
    over record;
begin
    if l.state = 'refused' or coalesce(tour_place.at, l.starts_at) is null then
        perform auth.refuse('tour_line_settled');
    end if;
    if d not between t.first_day and t.last_day or d < data.today() then
        perform auth.refuse('due_out_of_range', json_build_object('field', 'at', 'first_due_on', greatest(t.first_day, data.today()), 'last_due_on', t.last_day));
    end if;
    select v.id, v.planned_at into over
      from data.appointments(array[coalesce(l.member_id, auth.member())], d - 1, d + 1) a
      join data.visit v on v.id = a.visit
     where v.state = 'planned' and v.planned_at < coalesce(tour_place.at, l.starts_at) + make_interval(mins => l.minutes)
       and coalesce(tour_place.at, l.starts_at) < v.planned_at + make_interval(mins => v.minutes)
     order by v.planned_at limit 1;
    if found and coalesce(tour_place.locked, true) then
        perform auth.refuse('tour_over_visit', json_build_object('field', 'at', 'visit', over.id, 'planned_at', over.planned_at));
    end if;
    update data.tour_line x
       set starts_at = coalesce(tour_place.at, x.starts_at), locked = coalesce(tour_place.locked, true), state = 'proposed', left_reason = null,
           member_id = coalesce(x.member_id, auth.member()),
           position = case when tour_place.at is null then x.position end, way_seconds = case when tour_place.at is null then x.way_seconds end,
           late_minutes = case when tour_place.at is null then x.late_minutes end, way_metres = case when tour_place.at is null then x.way_metres end
     where x.id = l.id;
end
$$;

-- The suggestion as the interface shows it.
create or replace function api.tour_document(tour bigint) returns json
    language sql stable as $$
    select json_build_object(
               'id', t.id, 'first', t.first_day, 'last', t.last_day, 'state', t.state, 'revision', t.revision, 'planned', t.planned,
               'progress', t.progress, 'asked_at', t.asked_at, 'finished_at', t.finished_at, 'milliseconds', t.milliseconds, 'moved', t.moved,
               'travel', t.travel, 'error', t.error, 'nearby', t.nearby,
               'asked_by', (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = t.asked_by),
               'members', (select json_agg(json_build_object('id', m.id, 'name', m.name) order by m.name) from data.member m where m.id = any (t.members)),
               'days', (select coalesce(json_agg(json_build_object('member', d.member_id, 'day', d.day, 'leaves_at', d.leaves_at, 'returns_at', d.returns_at,
                                                                   'way_minutes', round(d.way_seconds / 60.0), 'kilometres', round(d.way_metres / 1000.0), 'visits', d.visits)
                                                 order by d.member_id, d.day), '[]') from data.tour_day d where d.tour_id = t.id),
               'lines', (select coalesce(json_agg(json_build_object(
                            'id', l.id, 'kind', l.kind, 'state', l.state, 'member', l.member_id, 'locked', l.locked, 'starts_at', l.starts_at, 'minutes', l.minutes,
                            'position', l.position, 'way_minutes', round(l.way_seconds / 60.0), 'kilometres', round(l.way_metres / 1000.0, 1),
                            'late_minutes', l.late_minutes, 'worth_minutes', l.worth_minutes, 'cost_minutes', l.cost_minutes, 'left_reason', l.left_reason, 'refusal', l.refusal,
                            'answer', l.answer ->> 'code', 'visit', l.visit_id, 'due_on', p.due_on,
                            'establishment', json_build_object('id', e.id, 'name', e.name, 'city', e.city, 'address', e.address, 'phone', e.phone,
                                                               'lon', ext.ST_X(e.location), 'lat', ext.ST_Y(e.location)))
                            order by l.starts_at, l.worth_minutes desc, l.id), '[]')
                           from data.tour_line l join data.establishment e on e.id = l.establishment_id
                           left join data.promise p on p.id = l.promise_id
                          where l.tour_id = t.id))
      from data.tour t where t.id = tour_document.tour
$$;

-- --- moments for a visit --------------------------------------------------------------------------------------------------

-- The days of a week, from today on, on which whoever asks works; as data.tour_days.
create or replace function api.slot_days(first date)
    returns table (member bigint, day integer, opens integer, closes integer, lunch_from integer, lunch_to integer, lunch integer,
                   lon float8, lat float8, density integer, most integer)
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    select * from data.member_days(array[auth.member()], auth.organisation(), slot_days.first,
                                   slot_days.first + 7 - extract(isodow from slot_days.first)::integer)
     where auth.can_write()
$$;

-- What stands in that week, and last the visit to be placed, until its promise lapses.
create or replace function api.slot_jobs(first date, establishment bigint, minutes integer, skip bigint)
    returns table (kind text, employer bigint, visit bigint, promise bigint, member bigint, length integer, at integer,
                   lon float8, lat float8, density integer, rank integer, worth integer, windows integer[],
                   past_at integer, past_member bigint, past_left boolean, locked boolean)
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    with week as (
        select slot_jobs.first as first, slot_jobs.first + 7 - extract(isodow from slot_jobs.first)::integer as last
    ), want as (
        select 'visit' as kind, v.establishment_id, v.minutes::integer as minutes, data.tour_seconds(v.planned_at, w.first) as at, '{}'::integer[] as windows
          from week w cross join lateral data.appointments(array[auth.member()], w.first, w.last) a
          join visit v on v.id = a.visit
         where v.state = 'planned' and v.id is distinct from slot_jobs.skip
        union all
        select 'nearby', slot_jobs.establishment, slot_jobs.minutes, null,
               data.tour_windows((select h.hours from opening_hours h where h.establishment_id = slot_jobs.establishment), w.first, w.last,
                                 coalesce((select p.lapses_on from promise p where p.establishment_id = slot_jobs.establishment and p.state = 'active'
                                              and p.organisation_id = auth.organisation()), w.last), slot_jobs.minutes)
          from week w where auth.sees(slot_jobs.establishment)
    )
    select w.kind, w.establishment_id, null::bigint, null::bigint, auth.member(), w.minutes, w.at, ST_X(e.location), ST_Y(e.location),
           data.density_of(e.commune_code)::integer, 0, 0, w.windows, null::integer, null::bigint, false, false
      from want w join establishment e on e.id = w.establishment_id
     where auth.can_write()
     order by w.at nulls last
$$;
