-- Facts: what happened to each employer, month by month and organisation by organisation, kept a few seconds behind the
-- tables it comes from. Always made anew for a whole employer: no event can be counted twice or forgotten.

-- Months are numbers from February 2000 on (1); what is said to have been before counts in that one. 0 is « ever before » (data.tally).
create or replace function data.month_of(at timestamptz) returns smallint
    language sql immutable parallel safe strict
    return greatest(1, (extract(year from at at time zone 'Europe/Paris') - 2000) * 12 + extract(month from at at time zone 'Europe/Paris') - 1)::smallint;
create or replace function data.month_number(month text) returns smallint
    language sql immutable parallel safe strict
    return ((left(month, 4)::integer - 2000) * 12 + right(month, 2)::integer - 1)::smallint;
create or replace function data.month_text(month integer) returns text
    language sql immutable parallel safe strict
    return (2000 + month / 12)::text || '-' || lpad((month % 12 + 1)::text, 2, '0');

-- From which potential on an employer is worth a visit for itself: what « white zones » are about. docs/indicators.md.
create or replace function data.strong_potential() returns smallint
    language sql immutable parallel safe
    return 60::smallint;

-- The facts of these employers, from the tables they come from.
create or replace function data.fact_source(ids bigint[]) returns setof data.fact
    language sql stable set search_path = data, pg_temp as $$
    with touch as (
        select c.establishment_id, c.organisation_id, c.kind, c.at, month_of(c.at) as month,
               exists (select from contact_event d where d.establishment_id = c.establishment_id and d.organisation_id <> c.organisation_id
                          and (d.at < c.at or (d.at = c.at and d.id < c.id)) and d.at > c.at - interval '60 days') as is_double,
               c.kind = 'visit' and not exists (select from contact_event d where d.establishment_id = c.establishment_id and d.kind = 'visit'
                                                   and (d.at, d.id) < (c.at, c.id)) as is_first,
               case when c.kind = 'visit' then
                   (select count(distinct f.organisation_id) from link l
                      join source_record r on r.id = l.source_record_id
                      join source_file f on f.id = r.file_id
                     where l.establishment_id = c.establishment_id and l.undone_at is null and f.kind = 'partner'
                       and f.organisation_id <> c.organisation_id and f.received_at <= c.at
                       and not exists (select from contact_event d where d.establishment_id = c.establishment_id and d.organisation_id = f.organisation_id
                                          and d.at between c.at - interval '60 days' and c.at + interval '60 days')) else 0 end as avoided
          from contact_event c
         where c.establishment_id = any (fact_source.ids)
    ), happened (establishment_id, organisation_id, month, contacts, visits, firsts, doubles, avoided, promises, kept, lapsed,
                 given_back, keep_days, needs, need_posts, offers, offer_posts, filled_reserved, filled_open, fill_days,
                 referrals, hired, persons, persons_shared) as (
        select t.establishment_id, t.organisation_id, t.month,
               1, (t.kind = 'visit')::integer, t.is_first::integer, t.is_double::integer, t.avoided, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
          from touch t
         union all
        select p.establishment_id, p.organisation_id, month_of(p.made_at),
               0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
          from promise p where p.establishment_id = any (fact_source.ids) and p.state <> 'undone' -- nobody promised what was made by mistake
         union all
        select p.establishment_id, p.organisation_id, month_of(p.ended_at),
               0, 0, 0, 0, 0, 0, (p.state = 'kept')::integer, (p.state = 'lapsed')::integer, (p.state = 'returned')::integer, case when p.state = 'kept' then least(1000, greatest(0, extract(day from coalesce(v.at, p.ended_at) - p.made_at)))::integer else 0 end, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
          from promise p
          -- It ends when the report is written; the employer waited until the visit.
          left join lateral (select min(c.at) as at from visit x join contact_event c on c.visit_id = x.id
                              where x.establishment_id = p.establishment_id and x.promise_id = p.id and p.state = 'kept') v on true
         where p.establishment_id = any (fact_source.ids) and p.state in ('kept', 'lapsed', 'returned')
         union all
        select n.establishment_id, n.organisation_id, month_of(n.declared_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, coalesce(n.posts, 0), 0, 0, 0, 0, 0, 0, 0, 0, 0
          from need n where n.establishment_id = any (fact_source.ids)
         union all
        select o.establishment_id, o.organisation_id, month_of(o.confirmed_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, o.posts, 0, 0, 0, 0, 0, 0, 0
          from offer o where o.establishment_id = any (fact_source.ids) and o.confirmed_at is not null
         union all
        select o.establishment_id, o.organisation_id, month_of(o.closed_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (o.opened_at is null)::integer, (o.opened_at is not null)::integer, least(2000, greatest(0, extract(day from o.closed_at - o.confirmed_at)))::integer, 0, 0, 0, 0
          from offer o where o.establishment_id = any (fact_source.ids) and o.state = 'filled' and o.closed_at is not null
         union all
        select o.establishment_id, r.organisation_id, month_of(r.made_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (r.state = 'hired')::integer, 0, 0
          from offer o join referral r on r.offer_id = o.id
         where o.establishment_id = any (fact_source.ids) and r.state <> 'withdrawn'
         union all
        select c.establishment_id, c.organisation_id, month_of(c.created_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, c.shared::integer
          from contact c where c.establishment_id = any (fact_source.ids)
    ), added as (
        select h.establishment_id, h.month, n.rank as network, h.organisation_id, sum(h.contacts) as contacts, sum(h.visits) as visits,
               sum(h.firsts) as firsts, sum(h.doubles) as doubles, sum(h.avoided) as avoided, sum(h.promises) as promises,
               sum(h.kept) as kept, sum(h.lapsed) as lapsed, sum(h.given_back) as given_back, sum(h.keep_days) as keep_days,
               sum(h.needs) as needs, sum(h.need_posts) as need_posts, sum(h.offers) as offers, sum(h.offer_posts) as offer_posts,
               sum(h.filled_reserved) as filled_reserved, sum(h.filled_open) as filled_open, sum(h.fill_days) as fill_days,
               sum(h.referrals) as referrals, sum(h.hired) as hired, sum(h.persons) as persons, sum(h.persons_shared) as persons_shared
          from happened h
          join organisation o on o.id = h.organisation_id
          join network n on n.code = o.network
         group by h.establishment_id, h.month, n.rank, h.organisation_id
    )
    select a.establishment_id, a.month, a.network, a.organisation_id::integer, f.commune, (f.naf / 3200)::smallint, f.size, f.active,
           f.active and coalesce(f.potential, 0) >= strong_potential(),
           a.contacts::smallint, a.visits::smallint, a.firsts::smallint, a.doubles::smallint, a.avoided::smallint,
           max(a.month) filter (where a.visits > 0) over anybody, max(a.month) filter (where a.visits > 0) over same_network,
           max(a.month) filter (where a.visits > 0) over itself,
           max(a.month) filter (where a.contacts > 0) over anybody, max(a.month) filter (where a.contacts > 0) over same_network,
           max(a.month) filter (where a.contacts > 0) over itself,
           a.promises::smallint, a.kept::smallint, a.lapsed::smallint, a.given_back::smallint, least(a.keep_days, 32000)::smallint,
           a.needs::smallint, least(a.need_posts, 32000)::smallint, a.offers::smallint, least(a.offer_posts, 32000)::smallint,
           a.filled_reserved::smallint, a.filled_open::smallint, least(a.fill_days, 32000)::smallint, a.referrals::smallint,
           a.hired::smallint, a.persons::smallint, a.persons_shared::smallint
      from added a
      join facet f on f.id = a.establishment_id
    window anybody as (partition by a.establishment_id order by a.month, a.organisation_id rows between unbounded preceding and 1 preceding),
           same_network as (partition by a.establishment_id, a.network order by a.month, a.organisation_id
                            rows between unbounded preceding and 1 preceding),
           itself as (partition by a.establishment_id, a.organisation_id order by a.month rows between unbounded preceding and 1 preceding)
$$;

-- Makes the facts of these employers anew; returns the communes whose figures changed.
create or replace function data.fact_make(ids bigint[]) returns integer[]
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    changed  integer[];
    communes integer[];
    months   smallint[];
begin
    -- The cells that change: those of facts that go, come or change, and those left behind by employers that moved.
    select array_agg(f.commune), array_agg(f.month) into communes, months
      from (select distinct f.commune, f.month from fact f left join facet n on n.id = f.establishment_id
             where f.establishment_id = any (fact_make.ids) and f.commune is distinct from n.commune) f;
    with now_fact as materialized (
        select * from data.fact_source(fact_make.ids)
    ), met as (
        select f.establishment_id, f.month, f.organisation_id from fact f where f.establishment_id = any (fact_make.ids) and f.visits > 0
    ), meets as (
        select n.establishment_id, n.month, n.organisation_id from now_fact n where n.visits > 0
    ), seen as (
        -- Tiles of the map show who was met, by whom and when.
        insert into square_touched (square)
        select distinct e.square >> 12 from ((select * from met except select * from meets) union all (select * from meets except select * from met)) c
          join facet e on e.id = c.establishment_id
         where e.square is not null
    ), gone as (
        delete from fact f
         where f.establishment_id = any (fact_make.ids)
           and not exists (select from now_fact n where n.establishment_id = f.establishment_id and n.month = f.month and n.organisation_id = f.organisation_id)
        returning f.commune, f.month
    ), made as (
        insert into fact as f select * from now_fact
        on conflict (establishment_id, month, organisation_id) do update
           set (network, commune, division, size, active, strong, contacts, visits, firsts, doubles, avoided, prev_seen, prev_seen_network,
                prev_seen_own, prev_reached, prev_reached_network, prev_reached_own, promises, kept, lapsed, given_back, keep_days, needs,
                need_posts, offers, offer_posts, filled_reserved, filled_open, fill_days, referrals, hired, persons, persons_shared)
             = (excluded.network, excluded.commune, excluded.division, excluded.size, excluded.active, excluded.strong, excluded.contacts,
                excluded.visits, excluded.firsts, excluded.doubles, excluded.avoided, excluded.prev_seen, excluded.prev_seen_network,
                excluded.prev_seen_own, excluded.prev_reached, excluded.prev_reached_network, excluded.prev_reached_own, excluded.promises,
                excluded.kept, excluded.lapsed, excluded.given_back, excluded.keep_days, excluded.needs, excluded.need_posts,
                excluded.offers, excluded.offer_posts, excluded.filled_reserved, excluded.filled_open, excluded.fill_days,
                excluded.referrals, excluded.hired, excluded.persons, excluded.persons_shared)
         where f.* is distinct from excluded.*
        returning f.commune, f.month
    )
    select array_agg(distinct c.commune), communes || array_agg(c.commune), months || array_agg(c.month) into changed, communes, months
      from (select * from gone union select * from made) c;
    if changed is not null then
        perform data.cells_make(communes, months);
    end if;
    return changed;
end
$$;

-- Facts added up into cells. Absorbed employers lie in no commune, and nobody counts them.
create or replace view data.cell_met_source as
select f.commune, f.organisation_id, count(*)::integer as n, sum(f.contacts)::integer as contacts, sum(f.visits)::integer as visits,
       sum(f.firsts)::integer as firsts, sum(f.doubles)::integer as doubles, sum(f.avoided)::integer as avoided, f.month, f.network,
       f.division, f.size, f.prev_seen, f.prev_seen_network, f.prev_seen_own, f.prev_reached, f.prev_reached_network,
       f.prev_reached_own, f.active, f.strong, f.visits > 0 as met
  from data.fact f
 where f.contacts > 0 and f.commune is not null
 group by f.commune, f.month, f.organisation_id, f.network, f.division, f.size, f.prev_seen, f.prev_seen_network, f.prev_seen_own,
          f.prev_reached, f.prev_reached_network, f.prev_reached_own, f.active, f.strong, f.visits > 0;
create or replace view data.cell_done_source as
select f.commune, f.organisation_id, f.month, f.network, f.division, f.size, sum(f.promises)::integer as promises, sum(f.kept)::integer as kept,
       sum(f.lapsed)::integer as lapsed, sum(f.given_back)::integer as given_back, sum(f.keep_days)::integer as keep_days,
       sum(f.needs)::integer as needs, sum(f.offers)::integer as offers, sum(f.filled_reserved)::integer as filled_reserved,
       sum(f.filled_open)::integer as filled_open, sum(f.fill_days)::integer as fill_days, sum(f.referrals)::integer as referrals,
       sum(f.persons)::integer as persons, sum(f.persons_shared)::integer as persons_shared
  from data.fact f
 where f.commune is not null
   and (f.promises > 0 or f.kept > 0 or f.lapsed > 0 or f.given_back > 0 or f.needs > 0 or f.offers > 0 or f.filled_reserved > 0
        or f.filled_open > 0 or f.referrals > 0 or f.persons > 0)
 group by f.commune, f.month, f.organisation_id, f.network, f.division, f.size;

-- Makes the cells of these communes and months anew from their facts, and the tallies and wide cells in which one changed. What is as it was is not written:
-- a promise that lapses meets nobody, and who is met is most of what there is to count.
create or replace function data.cells_make(communes integer[], months smallint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    met  record;
    done record;
begin
    with pair as materialized (
        select distinct u.commune, u.month from unnest(cells_make.communes, cells_make.months) u (commune, month) where u.commune is not null
    ), before as materialized (
        select c.ctid as at, c as cell from pair p join cell_met c on c.commune = p.commune and c.month = p.month
    ), now as materialized (
        -- Each pair by itself: the planner knows what a commune and a month hold, not what a thousand pairs do.
        select row(s.*)::cell_met as cell from pair p
         cross join lateral (select s.* from cell_met_source s where s.commune = p.commune and s.month = p.month offset 0) s
    ), gone as (
        delete from cell_met c using (select b.at from before b where not exists (select from now n where n.cell = b.cell)) g
         where c.ctid = g.at
        returning c.*
    ), come as (
        insert into cell_met select (n.cell).* from now n where not exists (select from before b where b.cell = n.cell)
        returning *
    ), step as materialized (
        select -1 as sign, gone.* from gone union all select 1, come.* from come
    ), scored as (
        -- Employers of another potential, and nothing else: who is worth a visit is counted, and what there is read no more.
        select s.commune, s.month, s.division, s.size, s.network, s.organisation_id, s.prev_seen, s.prev_seen_network, s.prev_seen_own, s.prev_reached, s.prev_reached_network, s.prev_reached_own,
               s.active, s.met, sum(s.sign * s.n) filter (where s.strong) as n,
               (sum(s.sign * s.n), sum(s.sign * s.contacts), sum(s.sign * s.visits), sum(s.sign * s.firsts), sum(s.sign * s.doubles), sum(s.sign * s.avoided)) = (0, 0, 0, 0, 0, 0) as only_scored
          from step s group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    ), moved as (
        -- Where as much was done as before, if of employers of another potential, what was done is not added up again.
        select c.commune, c.month, c.division, c.size from step c
         group by c.commune, c.month, c.division, c.size, c.network, c.organisation_id
        having (sum(c.sign * c.contacts), sum(c.sign * c.visits), sum(c.sign * c.firsts), sum(c.sign * c.doubles), sum(c.sign * c.avoided)) <> (0, 0, 0, 0, 0)
    )
    select array_agg(c.commune) as communes, array_agg(c.month) as months, array_agg(c.division) as divisions, array_agg(c.size) as sizes,
           array_agg(c.commune) filter (where c.is_done) as done_communes, array_agg(c.month) filter (where c.is_done) as done_months,
           array_agg(c.division) filter (where c.is_done) as done_divisions, array_agg(c.size) filter (where c.is_done) as done_sizes,
           (select array_agg(row(s.commune, s.organisation_id, s.n, 0, 0, 0, 0, 0, s.month, s.network, s.division, s.size, s.prev_seen, s.prev_seen_network, s.prev_seen_own, s.prev_reached,
                                 s.prev_reached_network, s.prev_reached_own, s.active, true, s.met)::cell_met) from scored s where s.only_scored and s.n <> 0) as scored into met
      from (select distinct x.commune, x.month, x.division, x.size, false as is_done from scored x where not x.only_scored
            union all select distinct x.commune, x.month, x.division, x.size, true from moved x) c;
    with pair as materialized (
        select distinct u.commune, u.month from unnest(cells_make.communes, cells_make.months) u (commune, month) where u.commune is not null
    ), before as materialized (
        select c.ctid as at, c as cell from pair p join cell_done c on c.commune = p.commune and c.month = p.month
    ), now as materialized (
        -- Each pair by itself: the planner knows what a commune and a month hold, not what a thousand pairs do.
        select row(s.*)::cell_done as cell from pair p
         cross join lateral (select s.* from cell_done_source s where s.commune = p.commune and s.month = p.month offset 0) s
    ), gone as (
        delete from cell_done c using (select b.at from before b where not exists (select from now n where n.cell = b.cell)) g
         where c.ctid = g.at
        returning c.commune, c.month, c.division, c.size
    ), come as (
        insert into cell_done select (n.cell).* from now n where not exists (select from before b where b.cell = n.cell)
        returning commune, month, division, size
    )
    select array_agg(c.commune) as communes, array_agg(c.month) as months, array_agg(c.division) as divisions, array_agg(c.size) as sizes into done
      from (select * from gone union select * from come) c;
    -- Before what is made anew, which counts them too.
    if met.scored is not null then
        perform data.tally_follow('cell_met', array(select s.commune from unnest(met.scored) s), '{seen_strong}');
        perform data.wide_strong(met.scored);
    end if;
    if met.communes is not null then
        perform data.tally_follow('cell_met', met.communes);
        perform data.wide_make('wide_met', met.communes, met.months, met.divisions, met.sizes);
    end if;
    if done.communes is not null then
        perform data.tally_follow('cell_done', done.communes);
    end if;
    if met.done_communes is not null or done.communes is not null then
        perform data.wide_make('wide_done', met.done_communes || done.communes, met.done_months || done.months, met.done_divisions || done.divisions, met.done_sizes || done.sizes);
    end if;
end
$$;

-- Adds up the stock of these communes, or of all (null): each of its sizes, and all of them, whatever the activity.
create or replace function data.stock_add_up(communes integer[]) returns void
    language sql security definer set search_path = data, pg_temp as $$
    insert into stock_whole (commune, size, establishments, strong)
    select s.commune, case when grouping(s.size) = 0 then coalesce(s.size, -1::smallint) end, sum(s.establishments), sum(s.strong)
      from stock s
     where stock_add_up.communes is null or s.commune = any (stock_add_up.communes)
     group by grouping sets ((s.commune, s.size), (s.commune))
     order by 2, 1
$$;

-- Counts the establishments of these communes anew.
create or replace function data.stock_make(communes integer[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from stock s where s.commune = any (stock_make.communes);
    insert into stock (commune, division, size, establishments, strong)
    select f.commune, (f.naf / 3200)::smallint, f.size, count(*), count(*) filter (where f.potential >= data.strong_potential())
      from facet f
     where f.active and f.commune = any (stock_make.communes)
     group by f.commune, f.naf / 3200, f.size;
    delete from stock_whole w where w.commune = any (stock_make.communes);
    perform data.stock_add_up(stock_make.communes);
    perform data.wide_stock_make(stock_make.communes);
end
$$;

-- What changed since the last time: what people did, at most so many employers and communes; else what the worker did by itself, at most
-- so many, one neighbourhood after the other, so that each zone is counted once and not once a step. Returns how many were taken, 0 when nothing
-- is left. One at a time. Rows of transactions that are not over yet are not seen, and wait for the next time.
-- docs/decisions/0047-what-waits-for-nobody.md.
drop function if exists data.fact_follow(integer);
create or replace function data.fact_follow(most integer default 20000, most_routine integer default 20000) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    window_size constant integer := 50000; -- touches among which the nearest are looked for
    ids      bigint[];
    communes integer[];
    changed  integer[];
    taken    integer := 0;
    n        integer;
    upto     integer;
begin
    if not pg_try_advisory_xact_lock(hashtext('maillage.fact')) then
        return 0;
    end if;
    perform data.tiles_follow();
    with first as (
        delete from fact_touched t where t.id in (select w.id from fact_touched w where not w.routine order by w.id limit most) returning t.establishment_id
    )
    select array_agg(distinct f.establishment_id), count(*) into ids, taken from first f;
    with first as (
        delete from stock_touched t where t.id in (select w.id from stock_touched w where not w.routine order by w.id limit most) returning t.commune
    )
    select array_agg(distinct f.commune), count(*) into communes, n from first f;
    taken := taken + n;
    if taken = 0 then
        with near as (
            select w.id, w.establishment_id, f.commune
              from (select * from fact_touched t order by t.id limit window_size) w left join facet f on f.id = w.establishment_id
             order by f.commune nulls first, w.establishment_id limit most_routine
        ), first as (
            delete from fact_touched t using near where t.id = near.id returning near.establishment_id, near.commune
        )
        select array_agg(distinct f.establishment_id), count(*), max(f.commune) into ids, taken, upto from first f;
        -- The stock of the same neighbourhood goes along: the share of those met is of what there is.
        with near as (
            select w.id, w.commune from (select * from stock_touched t order by t.id limit window_size) w
             where upto is null or w.commune <= upto
             order by w.commune limit most_routine
        ), first as (
            delete from stock_touched t using near where t.id = near.id returning near.commune
        )
        select array_agg(distinct f.commune), count(*) into communes, n from first f;
        taken := taken + n;
    end if;
    if communes is not null then
        perform data.stock_make(communes);
    end if;
    if ids is not null then
        changed := data.fact_make(ids);
    end if;
    if communes is not null or changed is not null then
        perform data.figures_told(coalesce(communes, '{}') || coalesce(changed, '{}'));
    end if;
    return taken;
end
$$;

-- Tells browsers that figures of these communes are new.
create or replace function data.figures_told(communes integer[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform pg_notify('live', json_build_object('seq', (select coalesce(max(e.id), 0) from event e), 'kind', 'figure.changed', 'establishment', null,
        'offer', null, 'organisation', null, 'territories',
        (select coalesce(json_agg(distinct tc.territory_id), '[]') from territory_commune tc where tc.number = any (figures_told.communes)),
        'at', data.now())::text);
end
$$;

-- Everything anew: after a load that went around the triggers. Returns the number of facts.
create or replace function data.fact_rebuild() returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    low  bigint;
    high bigint;
begin
    perform pg_advisory_xact_lock(hashtext('maillage.fact'));
    delete from fact_touched;
    delete from stock_touched;
    delete from stock;
    insert into stock (commune, division, size, establishments, strong)
    select f.commune, (f.naf / 3200)::smallint, f.size, count(*), count(*) filter (where f.potential >= data.strong_potential())
      from facet f
     where f.active and f.commune is not null
     group by f.commune, f.naf / 3200, f.size
     order by f.commune;
    delete from stock_whole;
    perform data.stock_add_up(null);
    delete from fact;
    select min(f.id), max(f.id) into low, high from facet f;
    while low <= high loop
        insert into fact
        select s.* from data.fact_source(array(select f.id from facet f where f.id >= low and f.id < low + 50000)) s;
        low := low + 50000;
    end loop;
    perform data.cells_rebuild();
    insert into square_touched (square) select distinct f.square >> 12 from facet f where f.square is not null;
    return (select count(*) from fact);
end
$$;

-- All cells, in the order of their months.
create or replace function data.cells_rebuild() returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from cell_met;
    insert into cell_met select s.* from cell_met_source s order by s.month, s.commune;
    delete from cell_done;
    insert into cell_done select s.* from cell_done_source s order by s.month, s.commune;
    perform data.tally_make();
    perform data.wide_rebuild();
end
$$;

-- --- what touches ---------------------------------------------------------------------------------------------------------

create or replace function data.fact_touch() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        insert into fact_touched (establishment_id)
        select n.establishment_id from fresh n union select o.establishment_id from stale o;
    elsif tg_op = 'INSERT' then
        insert into fact_touched (establishment_id) select distinct n.establishment_id from fresh n;
    else
        insert into fact_touched (establishment_id) select distinct o.establishment_id from stale o;
    end if;
    return null;
end
$$;
do $$
declare
    t text;
begin
    foreach t in array array['contact_event', 'promise', 'need', 'offer', 'contact', 'link'] loop
        execute format('create or replace trigger fact_touch_new after insert on data.%I
                        referencing new table as fresh for each statement execute function data.fact_touch()', t);
        execute format('create or replace trigger fact_touch_changed after update on data.%I
                        referencing new table as fresh old table as stale for each statement execute function data.fact_touch()', t);
        execute format('create or replace trigger fact_touch_gone after delete on data.%I
                        referencing old table as stale for each statement execute function data.fact_touch()', t);
    end loop;
end
$$;

create or replace function data.fact_touch_referral() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into fact_touched (establishment_id)
    select distinct o.establishment_id from fresh n join offer o on o.id = n.offer_id;
    return null;
end
$$;
create or replace trigger fact_touch_new after insert on data.referral
    referencing new table as fresh for each statement execute function data.fact_touch_referral();
create or replace trigger fact_touch_changed after update on data.referral
    referencing new table as fresh for each statement execute function data.fact_touch_referral();

-- Where an employer is, how large, in which activity, with which potential, and whether it is there at all.
create or replace function data.fact_touch_facet() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into stock_touched (commune) select distinct n.commune from fresh n where n.commune is not null;
    elsif tg_op = 'DELETE' then
        insert into stock_touched (commune) select distinct o.commune from stale o where o.commune is not null;
        insert into fact_touched (establishment_id) select o.id from stale o;
    else
        with now as materialized (
            select n.id, n.commune, n.active, n.size, n.naf / 3200 as division, coalesce(n.potential, 0) >= data.strong_potential() as strong from fresh n
        ), before as materialized (
            select o.id, o.commune, o.active, o.size, o.naf / 3200 as division, coalesce(o.potential, 0) >= data.strong_potential() as strong from stale o
        ), here as materialized (
            select * from now except select * from before
        ), there as (
            select * from before except select * from now
        ), told as (
            insert into fact_touched (establishment_id)
            select h.id from here h where exists (select from fact f where f.establishment_id = h.id)
        )
        insert into stock_touched (commune)
        select h.commune from here h where h.commune is not null union select t.commune from there t where t.commune is not null;
    end if;
    return null;
end
$$;
create or replace trigger fact_touch_new after insert on data.facet
    referencing new table as fresh for each statement execute function data.fact_touch_facet();
create or replace trigger fact_touch_changed after update on data.facet
    referencing new table as fresh old table as stale for each statement execute function data.fact_touch_facet();
create or replace trigger fact_touch_gone after delete on data.facet
    referencing old table as stale for each statement execute function data.fact_touch_facet();

-- A list that was there before its facts, or was loaded around the triggers; facts that were there before their cells, cells before the wide ones.
do $$
begin
    if not exists (select from data.stock) and exists (select from data.facet) then
        perform data.fact_rebuild();
    else
        if not exists (select from data.stock_whole) and exists (select from data.stock) then
            perform data.stock_add_up(null);
        end if;
        if not exists (select from data.cell_met) and not exists (select from data.cell_done) and exists (select from data.fact) then
            perform data.cells_rebuild();
        elsif not exists (select from data.wide_met) and not exists (select from data.wide_done) and exists (select from data.fact) then
            perform data.wide_rebuild();
        elsif not exists (select from data.wide_stock) and exists (select from data.stock) then
            perform data.wide_stock_make(null);
        end if;
    end if;
    if not exists (select from data.tally) and (exists (select from data.cell_met) or exists (select from data.cell_done)) then
        perform data.tally_make();
    end if;
end
$$;
