-- Indicators: each has one definition, here, and every map, table, file and pack asks for it here.

-- What people filter by. months are numbers (data.month_number); `within` is an area, 'level:code', or '' for all the acting
-- territory; network a code; sizes and naf comma-separated as in the list.
-- The figures as they are, for one key per row: an area (commune, epci, bassin, departement, region, or 'all'), an employer
-- (employer), or a month, network, organisation, sector or size of the whole. Never told to a person without
-- api.indicator_figures, which keeps small cells back. Only keys where something was counted have a row.
create or replace function data.measures(level text, within text, from_month integer, to_month integer, network text,
                                         organisation bigint, segment bigint, naf text, sizes text)
    returns table (key bigint, establishments bigint, strong bigint, seen bigint, seen_small bigint, seen_strong bigint, reached bigint,
                   contacts bigint, visits bigint, firsts bigint, doubles bigint, avoided bigint, promises bigint, kept bigint, lapsed bigint,
                   given_back bigint, keep_days bigint, needs bigint, offers bigint, filled_reserved bigint, filled_open bigint,
                   fill_days bigint, referrals bigint, persons bigint, persons_shared bigint)
    language plpgsql stable set search_path = data, pg_temp as $$
declare
    divisions smallint[] := case when measures.naf is not null then (select coalesce(array_agg(d::smallint), '{}') from unnest(api.naf_divisions(measures.naf)) d) end;
    bands     smallint[] := case when measures.sizes is not null then
                  array(select s::smallint from unnest(string_to_array(measures.sizes, ',')) s where s ~ '^[0-9]{2}$') end;
    nameless  boolean := measures.sizes ~ '\munknown\M';
    prev      text := case when measures.organisation is not null or level = 'organisation' then '_own'
                           when measures.network is not null or level = 'network' then '_network' else '' end;
    is_area   boolean := level in ('commune', 'epci', 'bassin', 'departement', 'region', 'all');
    of_fact   text := case when level in ('epci', 'bassin', 'departement', 'region') then 'p.zone' when level = 'commune' then 'f.commune'
                           when level = 'employer' then 'f.establishment_id' when level = 'month' then 'f.month'
                           when level = 'network' then 'f.network' when level = 'organisation' then 'f.organisation_id'
                           when level = 'sector' then 'coalesce(f.division, -1)' when level = 'size' then 'coalesce(f.size, -1)' else '0' end;
    of_stock  text := case when level in ('epci', 'bassin', 'departement', 'region') then 'p.zone' when level = 'commune' then 's.commune'
                           when level = 'employer' then 's.id' when level = 'sector' then 'coalesce(s.division, -1)'
                           when level = 'size' then 'coalesce(s.size, -1)' else '0' end;
    since     text := case when level = 'month' then 'f.month' else '$3' end;
    -- Communes of the acting territory within the area, with the zone they are shown in.
    place     text := format($p$
        select tc.number, %s as zone from territory_commune tc %s
         where tc.territory_id = $1 %s$p$,
        case when level in ('epci', 'bassin', 'departement', 'region') then 'z.zone_id' else '0' end,
        case when level in ('epci', 'bassin', 'departement', 'region')
             then format('join zone_commune z on z.level = %L and z.commune = tc.number', level) else '' end,
        case when split_part(within, ':', 1) = 'commune' then 'and tc.number = commune_number(split_part($2, '':'', 2))'
             when within <> '' then 'and tc.number in (select w.commune from zone_commune w join zone a on a.id = w.zone_id
                                      where a.level = split_part($2, '':'', 1) and a.code = split_part($2, '':'', 2))' else '' end);
    stock     text := case when segment is null and level <> 'employer'
                           then 'select s.commune, s.division, s.size, s.establishments, s.strong, 0::bigint as id from stock s'
                           else 'select f.commune, (f.naf / 3200)::smallint as division, f.size, 1 as establishments,
                                        (f.potential >= strong_potential())::integer as strong, f.id from facet f where f.active' end;
begin
    if level not in ('commune', 'epci', 'bassin', 'departement', 'region', 'all', 'employer', 'month', 'network', 'organisation', 'sector', 'size')
       or (within <> '' and within !~ '^(commune|epci|bassin|departement|region):.{1,40}$') then
        perform auth.refuse('invalid', json_build_object('field', 'level'));
    end if;
    return query execute format($q$
        with place as materialized (%1$s),
        counted as (
            select (%2$s)::bigint as key,
                   count(*) filter (where f.visits > 0 and f.active and coalesce(f.prev_seen%3$s, -1) < %4$s) as seen,
                   count(*) filter (where f.visits > 0 and f.active and coalesce(f.prev_seen%3$s, -1) < %4$s and f.size <= 3) as seen_small,
                   count(*) filter (where f.visits > 0 and f.strong and coalesce(f.prev_seen%3$s, -1) < %4$s) as seen_strong,
                   count(*) filter (where f.contacts > 0 and coalesce(f.prev_reached%3$s, -1) < %4$s) as reached,
                   sum(f.contacts) as contacts, sum(f.visits) as visits, sum(f.firsts) as firsts, sum(f.doubles) as doubles,
                   sum(f.avoided) as avoided, sum(f.promises) as promises, sum(f.kept) as kept, sum(f.lapsed) as lapsed,
                   sum(f.given_back) as given_back, sum(f.keep_days) as keep_days, sum(f.needs) as needs, sum(f.offers) as offers,
                   sum(f.filled_reserved) as filled_reserved, sum(f.filled_open) as filled_open, sum(f.fill_days) as fill_days,
                   sum(f.referrals) as referrals, sum(f.persons) as persons, sum(f.persons_shared) as persons_shared
              from fact f join place p on p.number = f.commune
             where f.month between $3 and $4
               and ($5::smallint is null or f.network = $5) and ($6::bigint is null or f.organisation_id = $6)
               and ($7::bigint is null or f.establishment_id in (select m.establishment_id from segment_member m where m.segment_id = $7))
               and ($8::smallint[] is null or f.division = any ($8))
               and ($9::smallint[] is null or f.size = any ($9) or ($10 and f.size is null))
             group by 1
        ), listed as (
            select (%5$s)::bigint as key, sum(s.establishments) as establishments, sum(s.strong) as strong
              from (%6$s) s join place p on p.number = s.commune
             where ($7::bigint is null or s.id in (select m.establishment_id from segment_member m where m.segment_id = $7))
               and ($8::smallint[] is null or s.division = any ($8))
               and ($9::smallint[] is null or s.size = any ($9) or ($10 and s.size is null))
             group by 1
        )
        select c.key, coalesce(l.establishments, 0), coalesce(l.strong, 0), coalesce(c.seen, 0), coalesce(c.seen_small, 0), coalesce(c.seen_strong, 0),
               coalesce(c.reached, 0), coalesce(c.contacts, 0), coalesce(c.visits, 0), coalesce(c.firsts, 0), coalesce(c.doubles, 0),
               coalesce(c.avoided, 0), coalesce(c.promises, 0), coalesce(c.kept, 0), coalesce(c.lapsed, 0), coalesce(c.given_back, 0),
               coalesce(c.keep_days, 0), coalesce(c.needs, 0), coalesce(c.offers, 0), coalesce(c.filled_reserved, 0), coalesce(c.filled_open, 0),
               coalesce(c.fill_days, 0), coalesce(c.referrals, 0), coalesce(c.persons, 0), coalesce(c.persons_shared, 0)
          from %7$s$q$,
        place, of_fact, prev, since, of_stock, stock,
        case when is_area or level in ('employer', 'sector', 'size')
             then '(select coalesce(c.key, l.key) as key, c.seen, c.seen_small, c.seen_strong, c.reached, c.contacts, c.visits, c.firsts, c.doubles,
                           c.avoided, c.promises, c.kept, c.lapsed, c.given_back, c.keep_days, c.needs, c.offers, c.filled_reserved, c.filled_open,
                           c.fill_days, c.referrals, c.persons, c.persons_shared, l.establishments, l.strong
                      from counted c full join listed l on l.key = c.key) c
                   cross join lateral (select c.establishments, c.strong) l'
             else 'counted c left join listed l on true' end)
    using auth.territory(), within, from_month, to_month, (select n.rank from network n where n.code = measures.network),
          measures.organisation, measures.segment, divisions, bands, coalesce(nameless, false);
end
$$;

-- The definitions: what each indicator counts, out of what. One line each; data.indicator says the same in words.
create or replace function data.indicators(level text, within text, from_month integer, to_month integer, network text,
                                           organisation bigint, segment bigint, naf text, sizes text)
    returns table (key bigint, code text, n bigint, out_of bigint)
    language sql stable set search_path = data, pg_temp as $$
    select m.key, v.code, v.n, v.out_of
      from data.measures(level, within, from_month, to_month, network, organisation, segment, naf, sizes) m
     cross join lateral (values
        ('establishments',  m.establishments, null::bigint),
        ('seen_share',      m.seen, m.establishments),
        ('white',           greatest(0, m.strong - m.seen_strong), null),
        ('white_share',     greatest(0, m.strong - m.seen_strong), m.strong),
        ('pressure',        m.contacts, m.reached),
        ('doubles',         m.doubles, null),
        ('double_share',    m.doubles, m.contacts),
        ('visits',          m.visits, null),
        ('promises',        m.promises, null),
        ('kept_share',      m.kept, m.kept + m.lapsed + m.given_back),
        ('lapsed',          m.lapsed, null),
        ('keep_delay',      m.keep_days, m.kept),
        ('shared_share',    m.persons_shared, m.persons),
        ('firsts',          m.firsts, null),
        ('small_seen',      m.seen_small, null),
        ('needs',           m.needs, null),
        ('offers',          m.offers, null),
        ('filled_reserved', m.filled_reserved, null),
        ('filled_open',     m.filled_open, null),
        ('fill_delay',      m.fill_days, m.filled_reserved + m.filled_open),
        ('referrals',       m.referrals, null),
        ('effect',          m.offers, m.visits),
        ('avoided',         m.avoided, null)) v (code, n, out_of)
$$;

-- Every key a level has for the person who asks, with the code and name people know it by.
create or replace function data.indicator_keys(level text, within text, from_month integer, to_month integer)
    returns table (key bigint, area text, name text)
    language plpgsql stable set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    if indicator_keys.level = 'commune' then
        return query
            select c.number::bigint, c.code::text, c.name from territory_commune tc join commune c on c.number = tc.number
             where tc.territory_id = auth.territory()
               and (indicator_keys.within = '' or indicator_keys.within = 'commune:' || c.code
                    or exists (select from zone_commune w join zone z on z.id = w.zone_id
                                where w.commune = tc.number and z.level || ':' || z.code = indicator_keys.within));
    elsif indicator_keys.level in ('epci', 'bassin', 'departement', 'region') then
        return query
            select distinct z.id::bigint, z.code::text, z.name
              from territory_commune tc
              join zone_commune w on w.level = indicator_keys.level and w.commune = tc.number
              join zone z on z.id = w.zone_id
             where tc.territory_id = auth.territory()
               and (indicator_keys.within = ''
                    or exists (select from zone_commune x join zone y on y.id = x.zone_id
                                where x.commune = tc.number and y.level || ':' || y.code = indicator_keys.within));
    elsif indicator_keys.level = 'month' then
        return query select g::bigint, month_text(g), month_text(g) from generate_series(from_month, to_month) g;
    elsif indicator_keys.level = 'network' then
        return query select n.rank::bigint, n.code, n.name from network n where n.kind = 'partner';
    elsif indicator_keys.level = 'organisation' then
        return query select o.id, o.id::text, o.name from organisation o join network n on n.code = o.network
                      where o.territory_id = auth.territory() and n.kind = 'partner';
    elsif indicator_keys.level = 'sector' then
        return query select n.code::bigint, n.code::text, n.label from naf n where n.level = 2
                     union all select -1::bigint, 'unknown', 'Activité inconnue';
    elsif indicator_keys.level = 'size' then
        return query select s.code::bigint, s.code::text, s.label from size_band s
                     union all select -1::bigint, 'unknown', 'Effectif inconnu';
    else
        return query select 0::bigint, '', 'Ensemble';
    end if;
end
$$;

-- The figures that the person may see: one row per key of the level and indicator, and the whole (area '', name 'Ensemble').
-- `value` is n, or n out of `out_of` (a ratio; for 'per100' a hundred times), null when there is nothing to divide by.
--
-- Observers get counts rounded down to a multiple of five, and nothing from one to four. When a single cell of an indicator
-- would be hidden, the next smallest is hidden with it, so that it cannot be had by subtraction from the whole; rounding keeps
-- two answers with different filters from telling a small cell by their difference.
create or replace function api.indicator_figures(level text, within text, from_month integer, to_month integer, network text,
                                                 organisation bigint, segment bigint, naf text, sizes text, codes text)
    returns table (area text, name text, code text, n bigint, out_of bigint, value numeric, hidden boolean)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    reserved boolean := auth.role() = 'observer';
    wanted   text[] := string_to_array(indicator_figures.codes, ',');
begin
    if auth.role() is null or auth.role() = 'contributor' then
        return;
    end if;
    if level = 'employer' or from_month > to_month or to_month - from_month >= 120 then
        perform auth.refuse('invalid', json_build_object('field', case when level = 'employer' then 'level' else 'to' end));
    end if;
    if indicator_figures.segment is not null and (reserved or not auth.sees_segment(indicator_figures.segment)) then
        perform auth.refuse('not_found');
    end if;
    return query
    with raw as materialized (
        select k.area, k.name, x.code, coalesce(i.n, 0) as n,
               case when d.out_of is not null then coalesce(i.out_of, 0) end as out_of, false as is_whole
          from data.indicator_keys(level, within, from_month, to_month) k
         cross join (select d.code from indicator d where wanted is null or d.code = any (wanted)) x
          join indicator d on d.code = x.code
          left join data.indicators(level, within, from_month, to_month, network, organisation, segment, naf, sizes) i
                 on i.key = k.key and i.code = x.code
         union all
        -- There is always a whole, also of nothing.
        select '', 'Ensemble', d.code, coalesce(i.n, 0), case when d.out_of is not null then coalesce(i.out_of, 0) end, true
          from indicator d
          left join data.indicators('all', within, from_month, to_month, network, organisation, segment, naf, sizes) i on i.code = d.code
         where (wanted is null or d.code = any (wanted)) and level <> 'all'
    ), sized as (
        select r.*, reserved and (r.n between 1 and 4 or coalesce(r.out_of, 0) between 1 and 4) as small,
               -- The place of what is not small among its kind, the smallest first.
               row_number() over (partition by r.code, r.is_whole, reserved and (r.n between 1 and 4 or coalesce(r.out_of, 0) between 1 and 4), r.n = 0
                                  order by coalesce(r.out_of, r.n), r.n, r.area) as place
          from raw r
    ), alone as (
        select s.code, count(*) filter (where s.small) as small, count(*) filter (where not s.small and s.n > 0) as others
          from sized s where not s.is_whole group by s.code
    ), shown as (
        select s.area, s.name, s.code, s.is_whole,
               coalesce(s.small or (not s.is_whole and a.small = 1 and s.n > 0 and s.place = 1)
                        -- A whole that is only the hidden cell tells it.
                        or (s.is_whole and a.small > 0 and a.others = 0), false) as hide,
               case when reserved then s.n - s.n % 5 else s.n end as n,
               case when reserved then s.out_of - s.out_of % 5 else s.out_of end as out_of
          from sized s left join alone a on a.code = s.code
    )
    select w.area, w.name, w.code, case when not w.hide then w.n end, case when not w.hide then w.out_of end,
           case when w.hide then null
                when d.out_of is null then w.n::numeric
                else round(w.n * case d.unit when 'per100' then 100 else 1 end / nullif(w.out_of, 0)::numeric, 4) end,
           w.hide
      from shown w join indicator d on d.code = w.code
     where level not in ('sector', 'size') or w.is_whole or w.hide or w.n > 0 or w.out_of > 0
     order by not w.is_whole, w.name, w.area, d.rank;
end
$$;

-- The employers behind a figure, with what each counts for; the sum is the figure. Partners only.
create or replace function api.indicator_employers(indicator text, within text, from_month integer, to_month integer, network text,
                                                   organisation bigint, segment bigint, naf text, sizes text)
    returns table (id bigint, name text, city text, siret text, n bigint)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    if not auth.is_partner() then
        return;
    end if;
    if indicator_employers.segment is not null and not auth.sees_segment(indicator_employers.segment) then
        perform auth.refuse('not_found');
    end if;
    return query
    select e.id, e.name, e.city, e.siret::text, i.n
      from data.indicators('employer', within, from_month, to_month, network, organisation, segment, naf, sizes) i
      join establishment e on e.id = i.key
     where i.code = indicator_employers.indicator and i.n > 0
     order by i.n desc, e.sort_name, e.id;
end
$$;

-- A set of figures as one document: indicators in words, then one item per area.
create or replace function api.indicator_document(level text, within text, from_month integer, to_month integer, network text,
                                                  organisation bigint, segment bigint, naf text, sizes text, codes text)
    returns json
    language sql stable as $$
    with f as materialized (
        select * from api.indicator_figures(level, within, from_month, to_month, network, organisation, segment, naf, sizes, codes)
    ), item as (
        select f.area, f.name, min(f.ord) as ord,
               json_object_agg(f.code, json_build_object('n', f.n, 'out_of', f.out_of, 'value', f.value, 'hidden', f.hidden)) as figures
          from (select *, row_number() over () as ord from f) f
         group by f.area, f.name
    )
    select json_build_object(
        'level', indicator_document.level, 'within', indicator_document.within,
        'from', data.month_text(from_month), 'to', data.month_text(to_month), 'at', data.now(),
        'whole', (select i.figures from item i where i.name = 'Ensemble' and i.area = ''),
        'items', (select coalesce(json_agg(json_build_object('area', i.area, 'name', i.name, 'figures', i.figures) order by i.ord), '[]')
                    from item i where not (i.name = 'Ensemble' and i.area = '' and indicator_document.level <> 'all')))
$$;
