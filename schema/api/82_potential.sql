-- Hiring potential: what partners know of an employer is added to what the register and the labour market say; each score
-- can be told part by part. docs/potential.md says how, and what it is worth.

-- What partners knew of these employers' hirings at a moment, kind by kind: needs declared, offers confirmed, candidates hired,
-- and meetings that found no need; how many of the last year and of the one before, and their points. What is older than a
-- year weighs half, older than two nothing; `until` is when the next of it grows old. Nothing known of a kind, no row.
create or replace function data.known_parts(ids bigint[], moment timestamptz)
    returns table (establishment_id bigint, kind text, recent bigint, older bigint, each integer, most integer, points numeric, until timestamptz)
    language sql stable set search_path = data, pg_temp as $$
    with rule (kind, each, most) as (
        values ('needs', 8, 16), ('offers', 8, 16), ('hired', 5, 10), ('declined', -5, -15)
    ), evidence (establishment_id, kind, at) as (
        select n.establishment_id, 'needs', n.declared_at from need n where n.establishment_id = any (ids)
         union all
        select o.establishment_id, 'offers', o.confirmed_at from offer o where o.establishment_id = any (ids) and o.confirmed_at is not null
         union all
        select o.establishment_id, 'hired', r.answered_at from offer o join referral r on r.offer_id = o.id and r.state = 'hired'
         where o.establishment_id = any (ids)
         union all
        select r.establishment_id, 'declined', r.done_at from report r where r.establishment_id = any (ids) and r.outcome = 'none'
    ), counted as (
        select e.establishment_id, e.kind, count(*) filter (where x.is_recent) as recent, count(*) filter (where not x.is_recent) as older,
               min(e.at + case when x.is_recent then interval '12 months' else interval '24 months' end) as until
          from evidence e cross join lateral (select e.at > moment - interval '12 months' as is_recent) x
         where e.at <= moment and e.at > moment - interval '24 months'
         group by e.establishment_id, e.kind
    )
    select c.establishment_id, c.kind, c.recent, c.older, r.each, r.most,
           sign(r.each) * least(abs(r.most), abs(r.each) * (c.recent + 0.5 * c.older)), c.until
      from counted c join rule r on r.kind = c.kind
$$;

-- The same added up: what data.known keeps. Nothing known, no row.
create or replace function data.known_at(ids bigint[], moment timestamptz)
    returns table (establishment_id bigint, needs smallint, offers smallint, hired smallint, declined smallint, points smallint, until date)
    language sql stable set search_path = data, pg_temp as $$
    select p.establishment_id, coalesce(max(p.n) filter (where p.kind = 'needs'), 0::smallint),
           coalesce(max(p.n) filter (where p.kind = 'offers'), 0::smallint), coalesce(max(p.n) filter (where p.kind = 'hired'), 0::smallint),
           coalesce(max(p.n) filter (where p.kind = 'declined'), 0::smallint), greatest(-15, least(30, sum(p.points)))::smallint,
           (min(p.until) at time zone 'Europe/Paris')::date + 1
      from (select p.*, least(p.recent + p.older, 32000)::smallint as n from data.known_parts(known_at.ids, known_at.moment) p) p
     group by p.establishment_id
$$;

-- Makes anew what is known of these employers, and their potential; returns how many potentials changed. Each writer of a facet
-- adds its own part to the other's as it stands in the row, so that neither undoes the other.
create or replace function data.known_make(ids bigint[]) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    changed integer;
begin
    with now_known as materialized (
        -- Of who was absorbed nothing is known, whatever had to stay with it: a survey's answer that both have.
        select * from data.known_at(array(select e.id from establishment e where e.id = any (known_make.ids) and e.merged_into is null), data.now())
    ), gone as (
        delete from known k where k.establishment_id = any (known_make.ids)
           and not exists (select from now_known n where n.establishment_id = k.establishment_id)
    ), made as (
        insert into known as k (establishment_id, needs, offers, hired, declined, points, until)
        select n.establishment_id, n.needs, n.offers, n.hired, n.declined, n.points, n.until from now_known n order by n.establishment_id
        on conflict (establishment_id) do update
           set (needs, offers, hired, declined, points, until)
             = (excluded.needs, excluded.offers, excluded.hired, excluded.declined, excluded.points, excluded.until)
         where k.* is distinct from excluded.*
    ), told as (
        update facet f
           set known = coalesce(n.points, 0::smallint), potential = data.potential_sum(f.base, coalesce(n.points, 0::smallint))
          from unnest(known_make.ids) i (id) left join now_known n on n.establishment_id = i.id
         where f.id = i.id and f.known <> coalesce(n.points, 0::smallint)
        returning f.id
    ), touched as (
        insert into segment_touched (establishment_id) select t.id from told t where exists (select from segment)
    )
    select count(*) into changed from told;
    return changed;
end
$$;

-- What changed since the last time, and what grew old today, at most so many employers; returns how many were taken. One at
-- a time.
create or replace function data.known_follow(most integer default 5000) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    ids   bigint[];
    taken integer;
begin
    if not pg_try_advisory_xact_lock(hashtext('maillage.known')) then
        return 0;
    end if;
    with first as (
        delete from known_touched t where t.id in (select w.id from known_touched w order by w.id limit most) returning t.establishment_id
    )
    select array_agg(distinct f.establishment_id), count(*) into ids, taken from first f;
    if taken < most then
        select coalesce(ids, '{}') || coalesce(array_agg(k.establishment_id), '{}'), taken + count(*) into ids, taken
          from (select x.establishment_id from known x where x.until <= data.today() order by x.until limit most - taken) k;
    end if;
    if cardinality(ids) > 0 then
        perform data.known_make(array(select distinct i from unnest(ids) i order by i));
    end if;
    return taken;
end
$$;

-- Everything anew: after a load that went around the triggers. Returns the number of employers of whom something is known.
create or replace function data.known_rebuild() returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    ids bigint[];
begin
    perform pg_advisory_xact_lock(hashtext('maillage.known'));
    delete from known_touched;
    ids := array(select n.establishment_id from need n union select o.establishment_id from offer o
                 union select r.establishment_id from report r where r.outcome = 'none' union select k.establishment_id from known k);
    perform data.known_make(ids);
    return (select count(*) from known);
end
$$;

create or replace function data.known_touch() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        insert into known_touched (establishment_id)
        select n.establishment_id from fresh n union select o.establishment_id from stale o;
    elsif tg_op = 'INSERT' then
        insert into known_touched (establishment_id) select distinct n.establishment_id from fresh n;
    else
        insert into known_touched (establishment_id) select distinct o.establishment_id from stale o;
    end if;
    return null;
end
$$;
do $$
declare
    t text;
begin
    foreach t in array array['need', 'offer', 'report'] loop
        execute format('create or replace trigger known_touch_new after insert on data.%I
                        referencing new table as fresh for each statement execute function data.known_touch()', t);
        execute format('create or replace trigger known_touch_changed after update on data.%I
                        referencing new table as fresh old table as stale for each statement execute function data.known_touch()', t);
        execute format('create or replace trigger known_touch_gone after delete on data.%I
                        referencing old table as stale for each statement execute function data.known_touch()', t);
    end loop;
end
$$;
create or replace function data.known_touch_referral() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into known_touched (establishment_id)
    select distinct o.establishment_id from fresh n join offer o on o.id = n.offer_id where n.state = 'hired';
    return null;
end
$$;
create or replace trigger known_touch_changed after update on data.referral
    referencing new table as fresh for each statement execute function data.known_touch_referral();

-- A list that was there before.
do $$
begin
    if not exists (select from data.known) and (exists (select from data.need) or exists (select from data.report)) then
        perform data.known_rebuild();
    end if;
end
$$;

-- The score of an employer, part by part, with what each part was made from; null where the person does not see it.
create or replace function api.potential_of(establishment bigint) returns json
    language sql stable security definer set search_path = data, pg_temp as $$
    select json_build_object('score', f.potential, 'base', f.base, 'strong', coalesce(f.potential >= data.strong_potential(), false),
        'size', json_build_object('points', round(50 * data.potential_size(f.size)::numeric, 1), 'most', 50, 'band', b.label),
        'activity', json_build_object('points', round(35 * data.potential_activity(coalesce(o.activity, w.activity))::numeric, 1), 'most', 35,
            'label', n.label, 'rank', round(100 * coalesce(o.activity, w.activity)::numeric), 'occupations', (
                select coalesce(json_agg(json_build_object('label', x.label, 'share', x.share) order by x.share desc, x.label), '[]')
                  from (select r.label, round(100.0 * h.hires / sum(h.hires) over ()) as share
                          from hiring h join rome r on r.code = h.rome where h.naf = e.naf order by h.hires desc limit 3) x)),
        'market', json_build_object('points', round(15 * data.potential_market(f.projects)::numeric, 1), 'most', 15, 'projects', f.projects,
            'difficult', f.difficult, 'bassin', (select x.name from bassin x where x.code = bc.bassin),
            'year', (select max(x.year) from bmo x where x.bassin = bc.bassin)),
        'known', json_build_object('points', f.known, 'most', 30, 'least', -15, 'needs', coalesce(k.needs, 0), 'offers', coalesce(k.offers, 0),
            'hired', coalesce(k.hired, 0), 'declined', coalesce(k.declined, 0), 'parts', (
                select coalesce(json_agg(json_build_object('kind', p.kind, 'recent', p.recent, 'older', p.older, 'each', p.each, 'most', p.most,
                                                           'points', p.points) order by array_position(array['needs', 'offers', 'hired', 'declined'], p.kind)), '[]')
                  from data.known_parts(array[f.id], data.now()) p)))
      from facet f
      join establishment e on e.id = f.id
      left join size_band b on b.code::smallint = f.size
      left join naf n on n.code = e.naf
      left join bassin_commune bc on bc.commune_code = e.commune_code
      left join outlook o on o.bassin = bc.bassin and o.naf = e.naf
      left join outlook w on w.bassin = '' and w.naf = e.naf
      left join known k on k.establishment_id = f.id
     where f.id = potential_of.establishment and auth.sees(f.id)
$$;

-- How much better than chance the score finds who hires: employers in tenths by a score made at `moment` from what was known
-- then, against needs declared and offers confirmed since. `ground`: 'base' without what partners know, 'score' with it, 'size'
-- the number of employees alone; `met`: only among employers met since, where somebody could have learned of a need. lift: the
-- share of those who hire in the tenth, against the share in all.
create or replace function data.potential_lift(moment timestamptz, ground text, met boolean)
    returns table (tenth integer, employers bigint, hiring bigint, share numeric, lift numeric)
    language sql stable set search_path = data, pg_temp as $$
    with asked as materialized (
        select f.id, case potential_lift.ground when 'size' then coalesce(f.size, -1)
                          when 'base' then f.base else data.potential_sum(f.base, coalesce(k.points, 0::smallint)) end as score
          from facet f
          left join data.known_at(array(select x.id from facet x where x.active), potential_lift.moment) k on k.establishment_id = f.id
         where f.active and f.base is not null
           and (not potential_lift.met or exists (select from report r join outcome u on u.code = r.outcome and u.reached
                                                   where r.establishment_id = f.id and r.done_at > potential_lift.moment))
    ), ranked as (
        select a.id, ntile(10) over (order by a.score desc, md5(a.id::text)) as tenth,
               exists (select from need n where n.establishment_id = a.id and n.declared_at > potential_lift.moment)
               or exists (select from offer o where o.establishment_id = a.id and o.confirmed_at > potential_lift.moment) as hires
          from asked a
    )
    select r.tenth, count(*), count(*) filter (where r.hires), round(avg(r.hires::integer), 4),
           round(avg(r.hires::integer) / nullif((select avg(x.hires::integer) from ranked x), 0), 3)
      from ranked r group by r.tenth order by r.tenth
$$;
