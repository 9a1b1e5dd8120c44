-- Wide cells: facts of whole zones, added up beforehand by what questions about many communes ask for. Made anew, zone and month, from
-- the cells of communes, in the same transaction as these.

-- What each grain keeps apart beside month and network: zones of a level (null: the country as one), organisations, activities, sizes. The
-- fewest rows first. What was done (wide_done) is there network by network and of all networks together, network 0, but where organisations
-- are kept apart. Those of most rows have some of whole years too (by_year): beside those of its months, a year has one of the month in which it begins, + 1000.
drop function if exists data.wide_grains(); -- before they said so
create function data.wide_grains()
    returns table (grain smallint, level text, by_organisation boolean, by_division boolean, by_size boolean, by_year boolean)
    language sql immutable parallel safe set search_path = data, pg_temp as $$
    values (1::smallint, 'departement', true,  false, false, false),
           (2::smallint, 'bassin',      false, false, false, false),
           (3::smallint, 'epci',        false, false, false, false),
           (4::smallint, null,          false, true,  true,  false),
           (5::smallint, 'departement', false, false, true,  false),
           (6::smallint, 'departement', false, true,  false, false),
           (7::smallint, 'departement', true,  false, true,  false),
           (8::smallint, 'departement', true,  true,  false, false),
           (9::smallint, 'bassin',      false, false, true,  true),
           (10::smallint, 'bassin',     false, true,  false, true),
           (11::smallint, 'epci',       false, false, true,  true),
           (12::smallint, 'epci',       false, true,  false, true)
$$;

-- What a period is added up from in grains that have whole years: these, and the months that are left.
create or replace function data.wide_months(from_month integer, to_month integer) returns smallint[]
    language sql immutable parallel safe strict
    return array(select case when y.is_whole then 1000 + m.month else m.month end::smallint
                   from generate_series(from_month, to_month) m (month)
                  cross join lateral (select m.month - m.month % 12 >= from_month and m.month - m.month % 12 + 11 <= to_month as is_whole) y
                  where not y.is_whole or m.month % 12 = 0);

-- Whether there are zones of a level, and so cells of them: without any, all the country would be the one area of what lies in none.
create or replace function data.wide_has(level text) returns boolean
    language sql stable set search_path = data, pg_temp
    -- The least of them is the first of the index; for `exists` all other levels might be read before.
    return wide_has.level is null or (select min(z.commune) from data.zone_commune z where z.level = wide_has.level) is not null;

-- Fills wide cells of a grain, those of `rows` (wide_done, wide_met), from the cells of communes: all of them when `communes` is null, else those
-- in which one of these cells lies, of a commune, a month, an activity and a size each. Of all at once: the country has tens of thousands of
-- cells that change in one night, and a statement for each would last for minutes.
drop function if exists data.wide_fill(smallint, integer, smallint[]);
create or replace function data.wide_fill(of_grain smallint, rows text, communes integer[], months smallint[], divisions smallint[], sizes smallint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp set work_mem = '64MB' as $$
declare
    g        record;
    partly   constant boolean := wide_fill.communes is not null;
    keyed    text := 'with ';   -- which keys, and which communes lie where
    place    text := '%I c';    -- from which of the cells of communes, told by name
    division text;
    size     text;
    keys     text;
    scope    record;
    columns  constant text[] := '{contacts,visits,firsts,doubles,avoided,promises,kept,lapsed,given_back,keep_days,needs,offers,filled_reserved,filled_open,fill_days,referrals,persons,persons_shared}';
    months   smallint[] := wide_fill.months; -- in which cells are read
    touched  text := 'true'; -- which of the months that were read are filled
begin
    if not partly then
        perform set_config('work_mem', '256MB', true); -- a country is sorted in memory
    end if;
    select * into g from data.wide_grains() w where w.grain = wide_fill.of_grain;
    division := case when g.by_division then 'coalesce(%s.division, -1::smallint)' else '0::smallint' end;
    size := case when g.by_size then 'coalesce(%s.size, -1::smallint)' else '0::smallint' end;
    if partly then
        keyed := format($q$
            with key as materialized (
                select distinct %1$s as area, m.month, %3$s as division, %4$s as size
                  from unnest($1, $2, $3, $4) u (commune, month, division, size) %2$s
                 cross join lateral (select u.month %5$s) m (month)
            ), $q$, case when g.level is null then '0' else 'coalesce(z.zone_id, 0)' end,
            case when g.level is not null then format('left join zone_commune z on z.level = %L and z.commune = u.commune', g.level) end,
            format(division, 'u'), format(size, 'u'), case when g.by_year then 'union all select (u.month - u.month % 12 + 1000)::smallint' end);
        execute keyed || format($q$ gone as (delete from %I w using key k where (w.area, w.month, w.division, w.size) = (k.area, k.month, k.division, k.size))
                                    select $q$, wide_fill.rows || '_' || of_grain) using wide_fill.communes, wide_fill.months, wide_fill.divisions, wide_fill.sizes;
        if g.level is not null then
            keyed := keyed || format($q$
                lies as materialized (
                    select z.commune, z.zone_id as area from zone_commune z where z.level = %1$L and z.zone_id in (select k.area from key k)
                     union all
                    select c.number, 0 from commune c
                     where exists (select from key k where k.area = 0) and not exists (select from zone_commune z where z.level = %1$L and z.commune = c.number)
                ), $q$, g.level);
            place := '%I c join lies z on z.commune = c.commune join key k on k.month = c.month and k.area = z.area'
                     || case when g.by_division then ' and k.division = ' || format(division, 'c') else '' end || case when g.by_size then ' and k.size = ' || format(size, 'c') else '' end
                     || ' where c.month = any ($5)';
            if g.by_year then
                -- A year is added up from all its months, whichever of them has changed.
                months := array(select distinct (m - m % 12 + i)::smallint from unnest(wide_fill.months) m cross join generate_series(0, 11) i);
                place := replace(place, 'k.month = c.month and', 'k.month = c.month - c.month %% 12 + 1000 and');
                touched := '(s.month, s.area, s.division, s.size) in (select k.month, k.area, k.division, k.size from key k)';
            end if;
        else
            -- Of the country: key by key out of the index by activity, which has those of unknown activity at its end.
            place := format($q$key k cross join lateral (select * from %%1$I d where d.month = k.month and d.division = k.division and %1$s = k.size union all
                                                         select * from %%1$I d where d.month = k.month and d.division is null and k.division = -1 and %1$s = k.size) c$q$, format(size, 'd'));
        end if;
    elsif g.level is not null then
        place := format('%%I c left join zone_commune z on z.level = %L and z.commune = c.commune', g.level);
    end if;
    keys := format('c.month, c.network, %s as division, %s as size, %s as area, %s as organisation_id', format(division, 'c'), format(size, 'c'),
                   case when g.level is null then '0' when partly then 'z.area' else 'coalesce(z.zone_id, 0)' end, case when g.by_organisation then 'c.organisation_id' else '0' end);
    if wide_fill.rows = 'wide_done' then
        execute keyed || format($q$ cell as (
            select %1$s, %2$s from %3$s
             union all
            select %1$s, %4$s from %5$s
        ), month as materialized (
            select s.month, coalesce(s.network, 0) as network, s.division, s.size, s.area, s.organisation_id, %6$s
              from cell s
             group by s.month, s.division, s.size, s.area, s.organisation_id, %7$s
        )
        insert into wide_done (grain, month, network, division, size, area, organisation_id, %8$s)
        select %9$s, s.* from month s where %10$s%11$s
         order by 3, 4, 5, 2, 6$q$,
            keys, (select string_agg(case when x.ord <= 5 then 'c.' || x.name else '0 as ' || x.name end, ', ' order by x.ord) from unnest(columns) with ordinality x (name, ord)), format(place, 'cell_met'),
            (select string_agg(case when x.ord <= 5 then '0' else 'c.' || x.name end, ', ' order by x.ord) from unnest(columns) with ordinality x (name, ord)), format(place, 'cell_done'),
            (select string_agg(format('sum(s.%1$I)::integer as %1$I', x.name), ', ' order by x.ord) from unnest(columns) with ordinality x (name, ord)),
            case when g.by_organisation then 's.network' else 'grouping sets ((s.network), ())' end, array_to_string(columns, ', '), of_grain, touched,
            case when g.by_year then format(' union all select %s, s.month - s.month %% 12 + 1000, s.network, s.division, s.size, s.area, s.organisation_id, %s from month s group by 2, 3, 4, 5, 6, 7', of_grain,
                                            (select string_agg(format('sum(s.%I)', x.name), ', ' order by x.ord) from unnest(columns) with ordinality x (name, ord))) end)
            using wide_fill.communes, wide_fill.months, wide_fill.divisions, wide_fill.sizes, months;
        return;
    end if;
    for scope in select * from (values (0, '', '0::smallint', '0'), (1, '_network', 's.network', '0'), (2, '_own', 's.network', 's.organisation_id')) v (n, prev, network, organisation)
                  where v.n < 2 or g.by_organisation loop
        -- How many months ago each employer was met or solicited before: 121 for never, or longer than any question looks back. What is beyond
        -- a gap is all, less what is before it. Integers all the way: a sum of sums would go through numeric, at twice the time.
        execute keyed || format($q$ month as materialized (
                select s.month, %5$s as network, s.division, s.size, s.area, %6$s as organisation_id, s.since_seen, s.since_reached,
                       sum(s.n) filter (where s.met and s.active)::integer as seen, sum(s.n) filter (where s.met and s.active and s.small)::integer as small,
                       sum(s.n) filter (where s.met and s.strong)::integer as strong, sum(s.n)::integer as reached
                  from (select %3$s, c.n, c.met, c.active, c.strong, c.size <= 3 as small, least(coalesce(c.month - c.prev_seen%2$s, 121), 121) as since_seen,
                               least(coalesce(c.month - c.prev_reached%2$s, 121), 121) as since_reached
                          from %4$s) s
                 group by 1, 2, 3, 4, 5, 6, 7, 8
            ), cell as materialized (
                select s.* from month s where %8$s%9$s
            ), step as (
                -- As few rows as tell it; 121 is always there.
                select c.month, c.network, c.division, c.size, c.area, c.organisation_id, c.since_seen as gap, c.seen, c.small, c.strong,
                       case when c.since_reached = c.since_seen then c.reached else 0 end as reached from cell c where c.since_seen > 0
                 union all
                select c.month, c.network, c.division, c.size, c.area, c.organisation_id, c.since_reached, 0, 0, 0, c.reached from cell c where c.since_reached > 0 and c.since_reached <> c.since_seen
                 union all
                select c.month, c.network, c.division, c.size, c.area, c.organisation_id, 121, 0, 0, 0, 0 from cell c where c.since_seen < 121 and c.since_reached < 121
            ), gap as (
                select s.month, s.network, s.division, s.size, s.area, s.organisation_id, s.gap, coalesce(sum(s.seen), 0)::integer as seen, coalesce(sum(s.small), 0)::integer as small,
                       coalesce(sum(s.strong), 0)::integer as strong, coalesce(sum(s.reached), 0)::integer as reached
                  from step s
                 group by 1, 2, 3, 4, 5, 6, 7
            ), beyond as (
                -- In the order in which they are kept: what follows takes them as they come, and nothing is sorted twice.
                select d.*, case when d.gap = 121 then 1 else d.gap - coalesce(lag(d.gap) over rest, 0) end as wide,
                       sum(d.seen) over rest as seen_beyond, sum(d.small) over rest as small_beyond, sum(d.strong) over rest as strong_beyond, sum(d.reached) over rest as reached_beyond
                  from gap d
                window rest as (partition by d.division, d.size, d.month, d.area, d.network, d.organisation_id order by d.gap rows between current row and unbounded following)
                 order by d.division, d.size, d.month, d.area, d.network, d.organisation_id, d.gap
            )
            insert into wide_met
            select %1$s, %7$s, b.month, b.network, b.division, b.size, b.area, b.organisation_id,
                   ('{' || string_agg(case when b.gap = 121 then b.seen_beyond::text else repeat(b.seen_beyond || ',', b.wide) end, '') || '}')::integer[],
                   ('{' || string_agg(case when b.gap = 121 then b.small_beyond::text else repeat(b.small_beyond || ',', b.wide) end, '') || '}')::integer[],
                   ('{' || string_agg(case when b.gap = 121 then b.strong_beyond::text else repeat(b.strong_beyond || ',', b.wide) end, '') || '}')::integer[],
                   ('{' || string_agg(case when b.gap = 121 then b.reached_beyond::text else repeat(b.reached_beyond || ',', b.wide) end, '') || '}')::integer[]
              from beyond b
             group by b.division, b.size, b.month, b.area, b.network, b.organisation_id
             order by b.division, b.size, b.month, b.area$q$, of_grain, scope.prev, keys, format(place, 'cell_met'), scope.network, scope.organisation, scope.n, touched,
            -- The gap of a year is that before the month in which it begins.
            case when g.by_year then ' union all select (s.month - s.month % 12 + 1000)::smallint, s.network, s.division, s.size, s.area, s.organisation_id, case when s.since_seen = 121 then 121 else s.since_seen - s.month % 12 end,
                                              case when s.since_reached = 121 then 121 else s.since_reached - s.month % 12 end, sum(s.seen)::integer, sum(s.small)::integer, sum(s.strong)::integer, sum(s.reached)::integer
                                         from month s group by 1, 2, 3, 4, 5, 6, 7, 8' end)
            using wide_fill.communes, wide_fill.months, wide_fill.divisions, wide_fill.sizes, months;
    end loop;
end
$$;

-- Makes the wide cells of `rows` anew in which these cells lie.
drop function if exists data.wide_make(integer[], smallint[]);
create or replace function data.wide_make(rows text, communes integer[], months smallint[], divisions smallint[], sizes smallint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.wide_fill(g.grain, wide_make.rows, wide_make.communes, wide_make.months, wide_make.divisions, wide_make.sizes)
       from data.wide_grains() g where data.wide_has(g.level);
end
$$;

-- The stock of the zones of all levels that hold these communes, of all zones when null, from that of their communes; also of all activities
-- together, and of all sizes, each -2. Zone 0: what lies in none.
create or replace function data.wide_stock_make(communes integer[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l     text;
    areas integer[];
begin
    for l in select distinct g.level from data.wide_grains() g where data.wide_has(g.level) and g.level is not null loop
        areas := case when communes is not null then array(select distinct coalesce(z.zone_id, 0) from unnest(communes) u (commune)
                                                             left join zone_commune z on z.level = l and z.commune = u.commune) end;
        delete from wide_stock w where w.level = l and (areas is null or w.area = any (areas));
        insert into wide_stock (level, area, division, size, establishments, strong)
        select l, s.area, case when grouping(s.division) = 0 then s.division else -2 end, case when grouping(s.size) = 0 then s.size else -2 end,
               sum(s.establishments), sum(s.strong)
          from (select z.zone_id as area, coalesce(s.division, -1) as division, coalesce(s.size, -1) as size, s.establishments, s.strong
                  from zone_commune z join stock s on s.commune = z.commune
                 where z.level = l and (areas is null or z.zone_id = any (areas))
                 union all
                select 0, coalesce(s.division, -1), coalesce(s.size, -1), s.establishments, s.strong
                  from stock s
                 where (areas is null or 0 = any (areas)) and not exists (select from zone_commune z where z.level = l and z.commune = s.commune)) s
         group by s.area, cube (s.division, s.size)
         order by 3, 4, 2;
    end loop;
end
$$;

-- All of them: after a load that went around the triggers, and when communes came to lie in other zones.
create or replace function data.wide_rebuild() returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    -- Not beside fact_follow: cells have no key, and what both made would be counted twice.
    perform pg_advisory_xact_lock(hashtext('maillage.fact'));
    delete from wide_done;
    delete from wide_met;
    perform data.wide_make('wide_done', null, null, null, null);
    perform data.wide_make('wide_met', null, null, null, null);
    perform data.wide_stock_make(null);
end
$$;

drop function if exists data.is_everywhere(integer[]);
drop function if exists data.wide_choice(text, boolean, boolean, boolean, integer[]);

drop function if exists data.beside_everywhere(integer[]);

-- When so many communes are all of the country, those of the list that are not among them: what has become part of another commune is in no territory
-- any more. Null when they are not.
create or replace function data.beside_everywhere(communes bigint) returns integer[]
    language plpgsql stable set search_path = data, pg_temp as $$
declare
    total  bigint := (select count(*) from commune);
    former integer[];
begin
    if communes = total then
        return '{}';
    end if;
    if communes < total - (select count(*) from commune_former) then
        return null;
    end if;
    -- Looked up one by one: few in many.
    former := array(select c.number from commune_former f cross join lateral (select c.number from commune c where c.code = f.code offset 0) c);
    return case when communes = total - cardinality(former) then former end;
end
$$;

-- The zones of a grain's level that make up these communes, nothing missing and nothing left over; null when they do not. Communes in no zone
-- of the level are area 0, and so is the whole country (data.wide_choice).
create or replace function data.wide_areas(level text, communes integer[]) returns integer[]
    language plpgsql stable set search_path = data, pg_temp as $$
declare
    areas integer[];
    n     bigint;
begin
    if wide_areas.level is null then
        return null;
    end if;
    select array_agg(a.area), sum(a.n) into areas, n
      from (select coalesce(w.zone_id, 0) as area, count(*) as n
              from unnest(communes) u (commune) left join zone_commune w on w.level = wide_areas.level and w.commune = u.commune group by 1) a
     where a.n = case when a.area > 0 then (select count(*) from zone_commune x where x.zone_id = a.area)
                      else (select count(*) from commune c where not exists (select from zone_commune x where x.level = wide_areas.level and x.commune = c.number)
                                                                    and not exists (select from commune_former f where f.code = c.code)) end;
    return case when n = cardinality(communes) then areas end;
end
$$;

-- The grain with the fewest rows that keeps apart what a question asks for, and the zones of it that make up its communes; no row when there
-- is none.
create or replace function data.wide_choice(level text, of_organisation boolean, of_naf boolean, of_size boolean, communes integer[], everywhere boolean)
    returns table (grain smallint, areas integer[])
    language plpgsql stable set search_path = data, pg_temp as $$
begin
    for wide_choice.grain in
        select g.grain
          from data.wide_grains() g
         where data.wide_has(g.level)
           and (g.by_organisation or not (of_organisation or wide_choice.level = 'organisation'))
           and (g.by_division or not (of_naf or wide_choice.level = 'sector'))
           and (g.by_size or not (of_size or wide_choice.level = 'size'))
           and (wide_choice.level not in ('epci', 'bassin', 'departement', 'region')
                or g.level = case wide_choice.level when 'region' then 'departement' else wide_choice.level end)
         order by g.grain
    loop
        wide_choice.areas := case when everywhere then array[0]
                                  else data.wide_areas((select g.level from data.wide_grains() g where g.grain = wide_choice.grain), communes) end;
        if wide_choice.areas is not null then
            return next;
            return;
        end if;
    end loop;
end
$$;

-- What a question asks of wide cells, as parts of its statement: one for what adds up, one for distinct employers of the keys, one for those
-- of the whole where the scope is another one, one for the stock. `dims` and `who` are conditions on activity and size, and on who acted; with
-- `everywhere` there is none on the areas ($9).
create or replace function data.wide_parts(level text, of_grain smallint, everywhere boolean, measures text[], key_scope integer, whole_scope integer,
                                           has_stock boolean, dims text, who text) returns text[]
    language plpgsql stable set search_path = data, pg_temp as $$
declare
    by_month boolean := wide_parts.level = 'month';
    g        record;
    of_key   text := case wide_parts.level when 'month' then 'c.month' when 'network' then 'c.network' when 'organisation' then 'c.organisation_id'
                                           when 'sector' then 'c.division' when 'size' then 'c.size' when 'all' then '0' else 'nullif(c.area, 0)' end;
    place    text := case when everywhere then '' else ' and c.area = any ($9)' end;
    months   text; -- which rows a period has
    month    text; -- in which they begin
    parts    text[] := '{}';
    p        record;
    columns  text;
begin
    select * into g from data.wide_grains() w where w.grain = of_grain;
    months := case when g.by_year and not by_month then 'c.month = any (data.wide_months($1, $2))' else 'c.month between $1 and $2' end;
    month := case when g.by_year and not by_month then 'c.month % 1000' else 'c.month' end;
    for p in
        select * from (values ('sum',   'wide_done', null,        of_key),
                              ('keys',  'wide_met',  key_scope,   of_key),
                              ('whole', 'wide_met',  whole_scope, 'null'),
                              ('stock', 'wide_stock', null,       case when has_stock then of_key else 'null' end)) v (kind, rows, scope, key)
    loop
        select string_agg(case when p.kind = 'whole' or not m.mine then 'null::bigint' else m.expression end || format(' as %I', m.name)
                          || case when m.is_distinct and (by_month or key_scope <> whole_scope) then
                                 ', ' || case when p.kind = case when key_scope = whole_scope then 'keys' else 'whole' end then m.of_whole else 'null::bigint' end
                                 || format(' as %I', m.name || '_whole') else '' end, ', ' order by m.name) into columns
          from (select i.name, i.counted like '%\%%' as is_distinct,
                       case when i.source = 'plan' then false when i.source = 'stock' then p.kind = 'stock' when i.counted like '%\%%' then p.kind = 'keys' else p.kind = 'sum' end as mine,
                       case when i.counted like '%\%%' then format('coalesce(sum(c.%1$I[least(cardinality(c.%1$I), %3$s - %2$s + 1)]), 0)::bigint', i.name, case when by_month then 'c.month' else '$1' end, month)
                            else format('coalesce(sum(c.%I), 0)::bigint', i.name) end as expression,
                       format('coalesce(sum(c.%1$I[least(cardinality(c.%1$I), %2$s - $1 + 1)]), 0)::bigint', i.name, month) as of_whole
                  from data.indicator_measures() i where i.name = any (measures)) m;
        continue when p.kind = 'whole' and key_scope = whole_scope
                   or columns !~ 'sum\(';
        parts := parts || case
            when p.kind <> 'stock' then
                format('select (%s)::bigint as key, %s from %s_%s c where %s%s%s%s%s group by 1', p.key, columns, p.rows, of_grain, months,
                       case when p.scope is not null then format(' and c.scope = %s', p.scope) when g.by_organisation then '' when key_scope = 0 then ' and c.network = 0' else ' and c.network > 0' end,
                       place, dims, who)
            else
                format('select (%s)::bigint as key, %s from wide_stock c where c.level = %L%s%s%s%s group by 1', p.key, columns, coalesce(g.level, 'departement'), place, dims,
                       case when wide_parts.level = 'sector' then ' and c.division > -2' when dims !~ 'division' then ' and c.division = -2' else '' end,
                       case when wide_parts.level = 'size' then ' and c.size > -2' when dims !~ 'size' then ' and c.size = -2' else '' end) end;
    end loop;
    return parts;
end
$$;

-- Communes that change their zone change what is counted in it. Who moves many, step by step, makes it anew at the end (data.communes_follow).
create or replace function data.wide_moved() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if coalesce(current_setting('maillage.wide', true), '') <> 'later' and exists (select from moved) then
        perform data.wide_rebuild();
    end if;
    return null;
end
$$;
create or replace trigger wide_joined after insert on data.zone_commune
    referencing new table as moved for each statement execute function data.wide_moved();
create or replace trigger wide_moved after update on data.zone_commune
    referencing new table as moved for each statement execute function data.wide_moved();
create or replace trigger wide_left after delete on data.zone_commune
    referencing old table as moved for each statement execute function data.wide_moved();

-- What wide cells count of employers worth a visit for themselves changes by these: `n` more (or fewer) such employers in cells that are otherwise as they
-- were. The shape of the arrays comes from the months before, whatever the potential: only their elements change, and no cell is read. A list that is
-- scored anew, and a day that ends, do nothing else to what was met.
create or replace function data.wide_strong(cells data.cell_met[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    g     record;
    scope record;
begin
    for g in select * from data.wide_grains() w where data.wide_has(w.level) loop
        for scope in select * from (values (0, '', '0::smallint', '0'), (1, '_network', 's.network', '0'), (2, '_own', 's.network', 's.organisation_id')) v (n, prev, network, organisation)
                      where v.n < 2 or g.by_organisation loop
            execute format($q$
                with step as materialized (
                    select %1$s as area, m.month, %2$s as network, %3$s as division, %4$s as size, %5$s as organisation_id, m.gap, sum(s.n) as n
                      from unnest($1) s %7$s
                     cross join lateral (select least(coalesce(s.month - s.prev_seen%6$s, 121), 121)) d (gap)
                     cross join lateral (select s.month, d.gap %10$s) m (month, gap)
                     where s.met and m.gap > 0
                     group by 1, 2, 3, 4, 5, 6, 7
                    having sum(s.n) <> 0
                ), key as materialized (
                    select k.area, k.month, k.network, k.division, k.size, k.organisation_id, array_agg(k.gap) as gaps, array_agg(k.n) as ns from step k group by 1, 2, 3, 4, 5, 6
                )
                update wide_met_%8$s w
                   set seen_strong = (select array_agg((e.n + (select coalesce(sum(d.n), 0) from unnest(k.gaps, k.ns) d (gap, n) where d.gap >= e.place))::integer order by e.place)
                                        from unnest(w.seen_strong) with ordinality e (n, place))
                  from key k
                 where w.scope = %9$s and (w.area, w.month, w.network, w.division, w.size, w.organisation_id) = (k.area, k.month, k.network, k.division, k.size, k.organisation_id)$q$,
                case when g.level is null then '0' else 'coalesce(z.zone_id, 0)' end, scope.network,
                case when g.by_division then 'coalesce(s.division, -1::smallint)' else '0::smallint' end, case when g.by_size then 'coalesce(s.size, -1::smallint)' else '0::smallint' end,
                scope.organisation, scope.prev, case when g.level is not null then format('left join zone_commune z on z.level = %L and z.commune = s.commune', g.level) end, g.grain, scope.n,
                case when g.by_year then 'union all select (s.month - s.month % 12 + 1000)::smallint, case when d.gap = 121 then 121 else d.gap - s.month % 12 end' end)
                using wide_strong.cells;
        end loop;
    end loop;
end
$$;
