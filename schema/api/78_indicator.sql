-- Indicators: each has one definition, here, and every map, table, file and pack asks for it here.

-- Before they were one pass.
drop function if exists data.indicators(text, text, integer, integer, text, bigint, bigint, text, text);
drop function if exists data.measures(text, text, integer, integer, text, bigint, bigint, text, text);
drop function if exists api.indicator_document(text, text, integer, integer, text, bigint, bigint, text, text, text);
drop function if exists data.indicator_members(text, text, integer, integer, text, bigint, bigint, text, text, text);
-- Before they said more, or otherwise.
drop function if exists data.indicator_question(text, text, integer, integer, text, bigint, bigint, text, text, text);
drop function if exists data.indicator_value(text, bigint, bigint);
drop function if exists data.indicator_member(text, bigint, bigint, numeric, boolean);

-- Each signature that was asked for, in the month in which the version of the plan was put to signature; of who need not sign any more, the
-- one that was given. It has a place and an employer only in that nothing is known of them.
create or replace view data.signature_asked as
select p.territory_id, v.plan_id, data.month_of(v.proposed_at) as month, n.rank as network, o.id as organisation_id,
       coalesce(s.answer = 'signed' and s.hash = v.hash, false)::integer as signed, 1 as asked, null::integer as commune
  from data.plan_version v
  join data.plan p on p.id = v.plan_id
 cross join lateral (select unnest(data.plan_signers(v.plan_id, v.version)) as id
                     union select x.organisation_id from data.plan_signature x where x.plan_id = v.plan_id and x.version = v.version) a
  join data.organisation o on o.id = a.id
  join data.network n on n.code = o.network
  left join data.plan_signature s on s.plan_id = v.plan_id and s.version = v.version and s.organisation_id = o.id
 where v.proposed_at is not null;

-- The definitions: what each indicator counts, out of what. One line each; data.indicator says the same in words.
create or replace function data.indicator_formulas() returns table (code text, n text, out_of text)
    language sql immutable parallel safe set search_path = data, pg_temp as $$
    values ('establishments',  'establishments', null::text),
           ('seen_share',      'seen', 'establishments'),
           ('white',           'greatest(0, strong - seen_strong)', null),
           ('white_share',     'greatest(0, strong - seen_strong)', 'strong'),
           ('pressure',        'contacts', 'reached'),
           ('doubles',         'doubles', null),
           ('double_share',    'doubles', 'contacts'),
           ('visits',          'visits', null),
           ('promises',        'promises', null),
           ('kept_share',      'kept', 'kept + lapsed + given_back'),
           ('lapsed',          'lapsed', null),
           ('keep_delay',      'keep_days', 'kept'),
           ('shared_share',    'persons_shared', 'persons'),
           ('signed_share',    'signed', 'asked'),
           ('firsts',          'firsts', null),
           ('small_seen',      'seen_small', null),
           ('needs',           'needs', null),
           ('offers',          'offers', null),
           ('filled_reserved', 'filled_reserved', null),
           ('filled_open',     'filled_open', null),
           ('fill_delay',      'fill_days', 'filled_reserved + filled_open'),
           ('referrals',       'referrals', null),
           ('effect',          'offers', 'visits'),
           ('avoided',         'avoided', null)
$$;

-- A sum of whole numbers that stays one: sum() of bigint goes through numeric.
create or replace aggregate data.total(bigint) (sfunc = int8pl, stype = bigint, combinefunc = int8pl, parallel = safe);

-- A question as a statement: CTEs of which the last, `told`, has a row for each key and one for the whole (is_whole, key null), with the measures that
-- the wanted indicators (all when null) need as its columns; null when none is wanted. A key is an area (commune, epci, bassin, departement, region,
-- 'all'), an employer, or a month, network, organisation, sector or size of the whole. Only keys where something is counted have rows. The other
-- columns are what it takes as $3 and $6 to $9; $1, $2, $4 and $5 are months, organisation and segment; `beside` as in data.beside_everywhere.
--
-- The same in pieces: `parts`, each with the `measures` wanted as its columns and, for communes, one row for a key; `planned`, signatures, of the whole alone or of areas that are it.
--
-- months are numbers (data.month_number); `within` as in data.communes_within, of the acting territory; network a code;
-- sizes and naf comma-separated as in the list.
--
-- One pass over what is needed and nothing else: cells by commune (or by whatever the key is), then, for few rows, communes into
-- zones, and all into the whole. Segments and single employers are asked of the facts, which have names where cells have numbers.
create or replace function data.indicator_question(level text, within text, from_month integer, to_month integer, network text, organisation bigint,
                                                   segment bigint, naf text, sizes text, codes text, out statement text, out rank smallint,
                                                   out divisions smallint[], out bands smallint[], out communes integer[], out areas integer[],
                                                   out beside integer[], out measures text[], out parts text[], out planned text)
    language plpgsql stable set search_path = data, pg_temp as $$
#variable_conflict use_variable
declare
    is_area    boolean := level in ('commune', 'epci', 'bassin', 'departement', 'region', 'all');
    is_zone    boolean := level in ('epci', 'bassin', 'departement', 'region');
    is_one     boolean := segment is not null or level = 'employer'; -- asks for single employers
    has_stock  boolean := is_area or level in ('employer', 'sector', 'size'); -- the stock has this key too
    nameless   boolean := coalesce(sizes ~ '\munknown\M', false);
    whole_prev text := case when organisation is not null then '_own' when network is not null then '_network' else '' end;
    key_prev   text := case when organisation is not null or level = 'organisation' then '_own'
                            when network is not null or level = 'network' then '_network' else '' end;
    of_sizes   text := case when sizes is null then ' and c.size is null' when nameless then ' and (c.size = any ($7) or c.size = -1)' else ' and c.size = any ($7)' end;
    of_wholes  boolean := not is_one and naf is null and level not in ('sector', 'size'); -- the stock of communes, whatever the activity
    of_rows    boolean := of_wholes and level = 'commune' and sizes is null; -- a row of it is a key already
    key_type   text := case level when 'commune' then 'integer' else 'bigint' end; -- as it is stored, so that the planner knows how many there are
    is_apart   boolean := level = 'month' or key_prev <> whole_prev; -- the whole is not the sum of its parts
    of_key     text := case level when 'employer' then 'c.establishment_id' when 'month' then 'c.month' when 'network' then 'c.network'
                            when 'organisation' then 'c.organisation_id' when 'sector' then 'coalesce(c.division, -1)'
                            when 'size' then 'coalesce(c.size, -1)' when 'all' then '0' else 'c.commune' end;
    of_plans   boolean; -- signatures are of all the territory and of whatever employers
    wanted     text[] := string_to_array(codes, ',');
    sources    text[];
    tallied    text[]; -- those of the measures that are read from tallies
    is_over    boolean; -- employers are counted, and some were met after the period
    here       text;
    common     text;
    part       text;
    one        text; -- part as a statement
    listed     record; -- columns of the statement
    grain      record;
    of_zone    text := case when is_zone then 'p.zone_id' else 'u.key' end;
    zones      text := case when is_zone then format('left join zone_commune p on p.level = %L and p.commune = u.key', level) else '' end;
begin
    if level not in ('commune', 'epci', 'bassin', 'departement', 'region', 'all', 'employer', 'month', 'network', 'organisation', 'sector', 'size')
       or (within <> '' and within !~ '^((commune|epci|bassin|departement|region):[^,]{1,40}(,(?!$)|$)){1,4}$') then
        perform auth.refuse('invalid', json_build_object('field', 'level'));
    end if;
    -- What is no network has nothing; tallies read null as all of them.
    rank := case when network is not null then coalesce((select n.rank from network n where n.code = network), -1::smallint) end;
    if naf is not null then
        divisions := array(select d::smallint from unnest(api.naf_divisions(naf)) d);
    end if;
    if sizes is not null then
        bands := array(select s::smallint from unnest(string_to_array(sizes, ',')) s where s ~ '^[0-9]{2}$');
    end if;
    if within = '' then
        -- Told apart by its number of communes: an array of all of them is made only where it is read.
        beside := data.beside_everywhere((select count(*) from territory_commune t where t.territory_id = auth.territory()));
        communes := case when beside is null then array(select t.number from territory_commune t where t.territory_id = auth.territory()) end;
    else
        communes := array(select w.commune from data.communes_within(within, auth.territory()) w);
        beside := data.beside_everywhere(cardinality(communes));
    end if;
    of_plans := segment is null and naf is null and sizes is null and level not in ('employer', 'sector', 'size')
                and (within = '' or cardinality(communes) = (select count(*) from territory_commune t where t.territory_id = auth.territory()));
    parts := '{}';
    here := case when beside is not null then 'c.commune is not null'
                 when cardinality(communes) = 1 then 'c.commune = $8[1]' else 'c.commune = any ($8)' end;
    select array_agg(m.name order by m.name), array_agg(distinct m.source) into measures, sources
      from data.indicator_measures() m
     where exists (select from data.indicator_formulas() f
                    where (wanted is null or f.code = any (wanted)) and concat_ws(' ', f.n, f.out_of) ~ ('\m' || m.name || '\M'));
    if measures is null then
        return;
    end if;
    if segment is null and level not in ('commune', 'employer') then
        select c.* into grain from data.wide_choice(level, organisation is not null, naf is not null, sizes is not null, communes, beside is not null) c;
        areas := grain.areas;
    end if;
    if areas is not null then
        parts := data.wide_parts(level, grain.grain, beside is not null, measures,
            case key_prev when '' then 0 when '_network' then 1 else 2 end, case whole_prev when '' then 0 when '_network' then 1 else 2 end, has_stock,
            concat(case when divisions is not null then ' and c.division = any ($6)' end, case when sizes is not null then of_sizes end),
            concat(case when network is not null then ' and c.network = $3' end, case when organisation is not null then ' and c.organisation_id = $4' end));
        of_zone := case level when 'region' then 'p.zone_id' else 'u.key' end;
        zones := case level when 'region' then 'left join (select d.id as departement, r.zone_id from zone d cross join lateral (select r.zone_id from zone_commune w
                     join zone_commune r on r.level = ''region'' and r.commune = w.commune where w.zone_id = d.id limit 1) r where d.level = ''departement'') p on p.departement = u.key' else '' end;
        sources := array(select s from unnest(sources) s where s = 'plan');
    end if;
    -- Tallies tell of whole communes what was done in any period, and who was met since a month: in a period that is over, that is who was met since it
    -- began, less who was met only after it (a part of its own). When more months have gone by than were asked, it is shorter to count those that were.
    if areas is null and is_area and not is_one and organisation is null and naf is null and (sizes is null or network is null) then
        is_over := exists (select from data.indicator_measures() m where m.name = any (measures) and m.counted like '%\%%')
                   and exists (select from tally t where t.measure = 'reached' and t.network = 0 and t.size is null and t.first + cardinality(t.totals) > to_month + 1);
        sources := array(select s from unnest(sources) s where s in ('stock', 'plan') or s = 'met' and is_over and data.month_of(data.now()) - to_month > to_month - from_month);
        tallied := array(select m.name from data.indicator_measures() m where m.name = any (measures) and m.source in ('met', 'done') and m.source <> all (sources));
        if cardinality(tallied) > 0 then
            parts := parts || data.tally_part(format('(%s)::%s', of_key, key_type), measures, tallied, here || of_sizes, level = 'commune' and (cardinality(tallied) > 1 or sizes is not null));
        end if;
        if is_over and 'met' <> all (sources) then
            sources := sources || 'after'::text;
        end if;
    end if;
    common := concat(here, case when divisions is not null then ' and c.division = any ($6)' end,
                     case when bands is not null then ' and (c.size = any ($7)' || case when nameless then ' or c.size is null)' else ')' end end,
                     case when segment is not null then format(' and c.%I in (select m.establishment_id from segment_member m where m.segment_id = $5)', 'establishment_id') end);
    foreach part in array sources loop
        one := format('select %s::%s as key, %s from %s c where %s' || case when part = 'stock' and of_rows then '' else ' group by 1' end,
            case when part = 'stock' and not has_stock or part = 'plan' and not of_plans then 'null' else '(' || of_key || ')' end, key_type,
            -- Every measure has its columns in every part; a twin for the whole where it is not the sum.
            (select string_agg(format('coalesce(%s, 0)::bigint as %I', case when part = 'stock' and of_rows and m.source = part then 'c.' || m.name
                                                                            when part = 'after' and m.counted like '%\%%' then '-' || format(m.counted, key_prev, '$1')
                                                                            when m.source = part then format(m.counted, key_prev, case when level = 'month' then 'c.month' else '$1' end) else 'null' end, m.name)
                               || case when is_apart and m.counted like '%\%%' then
                                      format(', coalesce(%s, 0)::bigint as %I', case when m.source = part then format(m.counted, whole_prev, '$1') else 'null' end, m.name || '_whole') else '' end,
                               ', ' order by m.name) from data.indicator_measures() m where m.name = any (measures)),
            case when part = 'stock' and of_wholes then 'stock_whole'
                 when part = 'stock' and not is_one then 'stock'
                 when part = 'stock' then '(select f.commune, (f.naf / 3200)::smallint as division, f.size, 1 as establishments,
                                                     (f.potential >= strong_potential())::integer as strong, f.id as establishment_id from facet f where f.active)'
                 when part = 'plan' then 'signature_asked'
                 when part = 'met' and is_one then '(select f.*, 1 as n, f.visits > 0 as met from fact f where f.contacts > 0)'
                 when part in ('met', 'after') then 'cell_met' when is_one then 'fact' else 'cell_done' end,
            case when part = 'stock' and of_wholes then here || of_sizes when part <> 'plan' then common when of_plans then 'c.territory_id = auth.territory()' else 'false' end
                                -- What counts in none of them is not grouped.
                                || case when part in ('met', 'after') and not is_apart then coalesce(
                                       (select ' and (' || case when count(x.filter) = count(*) then string_agg(distinct format(x.filter, key_prev, '$1'), ' or ') end || ')'
                                          from indicator_measures() m cross join lateral (select substring(m.counted from '^sum\(c\.n\) filter \(where (.*)\)$')) x (filter)
                                         where m.name = any (measures) and (m.source = part or part = 'after' and m.counted like '%\%%')), '') else '' end
                                || case when part <> 'stock' then case when part = 'after' then ' and c.month > $2' else ' and c.month between $1 and $2' end
                                || case when network is not null then ' and c.network = $3' else '' end
                                || case when organisation is not null then ' and c.organisation_id = $4' else '' end else '' end);
        if part = 'plan' then
            planned := one;
        else
            parts := parts || one;
        end if;
    end loop;
    -- The whole is added up from its keys, which are few: what is counted is passed over once.
    select string_agg(format('data.total(u.%1$I) as %1$I', m.name) || case when w.twin <> m.name then format(', data.total(u.%1$I) as %1$I', w.twin) else '' end, ', ') as sums,
           string_agg(format('data.total(a.%I) as %I', w.twin, m.name), ', ') as wholes,
           string_agg(format('coalesce(%1$s.%2$I, 0) as %2$I', case when m.source = 'stock' and not has_stock then 'w' else 'a' end, m.name), ', ') as of_keys,
           string_agg(format('coalesce(w.%I, 0)', m.name), ', ') as of_whole,
           string_agg('0::bigint' || case when w.twin <> m.name then ', 0::bigint' else '' end, ', ') as nothing
      into listed
      from data.indicator_measures() m
     cross join lateral (select m.name || case when is_apart and m.counted like '%\%%' then '_whole' else '' end as twin) w
     where m.name = any (measures);
    if not has_stock then
        -- The stock belongs to every key, also to one in which nothing happened.
        parts := parts || format('select k.key, %s from data.indicator_keys(%L, %L, $1, $2) k', listed.nothing, level, within);
    end if;
    statement := format($q$
        with counted as (%s),
        added as materialized (select %s as key, %s from counted u %s group by 1),
        whole as (select %s from added a),
        told as not materialized (
            select a.key::bigint as key, false as is_whole, %s from added a%s where a.key is not null
             union all
            select null, true, %s from whole w
        )$q$,
        array_to_string(planned || parts, ' union all '), of_zone, listed.sums, zones, listed.wholes, listed.of_keys,
        case when has_stock then '' else ' cross join whole w' end, listed.of_whole);
end
$$;

-- The figures as they are, one row for each key and indicator, and for the whole. Never told to a person without api.indicator_figures, which
-- keeps small cells back. Arguments as in data.indicator_question.
create or replace function data.indicators(level text, within text, from_month integer, to_month integer, network text, organisation bigint,
                                           segment bigint, naf text, sizes text, codes text default null)
    returns table (key bigint, is_whole boolean, code text, n bigint, out_of bigint)
    language plpgsql stable rows 20000 set search_path = data, pg_temp as $$
declare
    q record;
begin
    q := data.indicator_question(level, within, from_month, to_month, network, organisation, segment, naf, sizes, codes);
    if q.statement is not null then
        return query execute q.statement || format(' select t.key, t.is_whole, v.code, v.n::bigint, v.out_of::bigint from told t cross join lateral (values %s) v (code, n, out_of)',
            (select string_agg(format('(%L, %s, %s)', f.code, f.n, coalesce(f.out_of, 'null::bigint')), ', ')
               from data.indicator_formulas() f where indicators.codes is null or f.code = any (string_to_array(indicators.codes, ','))))
        using from_month, to_month, q.rank, organisation, segment, q.divisions, q.bands, q.communes, q.areas;
    end if;
end
$$;

-- Towns that are told by their districts and have no line of their own, as no employer is written to them; of these communes, or of the territory (null).
create or replace function data.towns_untold(communes integer[]) returns integer[]
    language sql stable set search_path = data, pg_temp
    return array(select distinct t.town from data.towns_parted() t
                  where case when communes is null then exists (select from data.territory_commune c where c.territory_id = auth.territory() and c.number = t.district)
                             else t.district = any (communes) end
                    and not exists (select from data.facet f where f.commune = t.town));

-- Every key a level has for the person who asks, with the code and name people know it by.
create or replace function data.indicator_keys(level text, within text, from_month integer, to_month integer)
    returns table (key bigint, area text, name text)
    language plpgsql stable parallel restricted rows 20000 set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    communes integer[]; -- as one value: its length tells the planner what to do
    towns    integer[];
begin
    if indicator_keys.level in ('commune', 'epci', 'bassin', 'departement', 'region') and indicator_keys.within <> '' then
        communes := array(select p.commune from data.communes_within(indicator_keys.within, auth.territory()) p);
    end if;
    if indicator_keys.level = 'commune' then
        towns := data.towns_untold(communes);
        if indicator_keys.within = '' then
            return query select c.number::bigint, c.code::text, c.name from territory_commune t join commune c on c.number = t.number
                          where t.territory_id = auth.territory() and c.number <> all (towns);
        else
            return query select c.number::bigint, c.code::text, c.name from commune c where c.number = any (communes) and c.number <> all (towns);
        end if;
    elsif indicator_keys.level in ('epci', 'bassin', 'departement', 'region') and indicator_keys.within = '' then
        return query
            select z.id::bigint, z.code::text, z.name
              from (select distinct w.zone_id from territory_commune t join zone_commune w on w.level = indicator_keys.level and w.commune = t.number
                     where t.territory_id = auth.territory()) d
              join zone z on z.id = d.zone_id;
    elsif indicator_keys.level in ('epci', 'bassin', 'departement', 'region') then
        return query
            select z.id::bigint, z.code::text, z.name
              from zone z
             where z.id in (select w.zone_id from zone_commune w where w.level = indicator_keys.level and w.commune = any (communes));
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

-- What a figure says: n, or n out of out_of to four decimals, halves up; null when there is nothing to divide by. Exact although it is floating point: of two
-- whole numbers below 10^9 no quotient but a half itself is so near to a half that it would be taken for one; a table of a country has 35,000 of them.
create or replace function data.indicator_value(unit text, n bigint, out_of bigint) returns double precision
    language sql immutable parallel safe
    return case when out_of is null then n
                else floor(n * (case unit when 'per100' then 1000000 else 10000 end)::double precision / nullif(out_of, 0) + 0.5) / 10000 end;

-- Refuses what nobody may ask for, and segments to who does not see them.
create or replace function data.indicator_may(level text, from_month integer, to_month integer, segment bigint) returns void
    language plpgsql stable set search_path = data, pg_temp as $$
begin
    if level = 'employer' or from_month > to_month or to_month - from_month >= 120 then
        perform auth.refuse('invalid', json_build_object('field', case when level = 'employer' then 'level' else 'to' end));
    end if;
    if segment is not null and (auth.role() = 'observer' or not auth.sees_segment(segment)) then
        perform auth.refuse('not_found');
    end if;
end
$$;

-- Observers ask of one activity, and of one band of sizes or one of the groups that people know: who may add up whatever cells he likes
-- tells them apart in the end, however they are rounded.
create or replace function data.told_may(naf text, sizes text) returns void
    language plpgsql immutable as $$
begin
    if naf like '%,%' then
        perform auth.refuse('figures_one_group', json_build_object('field', 'naf'));
    end if;
    if sizes like '%,%' and sizes not in ('00,01,02,03', '11,12', '21,22,31', '32,41,42,51,52,53') then
        perform auth.refuse('figures_one_group', json_build_object('field', 'size'));
    end if;
end
$$;

-- The figures that the person may see: one row per key of the level and indicator, and the whole (area '', name 'Ensemble').
-- `value` is n, or n out of `out_of` (a ratio; for 'per100' a hundred times), null when there is nothing to divide by.
--
-- Observers get counts as data.told tells them, and ratios of these: nothing under five. They ask of one activity and one group of sizes at a
-- time, so that no sum of their choosing is told, and of partners that the territory has. What is counted of the list is the same whoever
-- worked it: it is drawn once, not once for each partner. When a single cell of an indicator would be hidden, the next smallest is hidden with it.
create or replace function api.indicator_figures(level text, within text, from_month integer, to_month integer, network text,
                                                 organisation bigint, segment bigint, naf text, sizes text, codes text)
    returns table (area text, name text, code text, n bigint, out_of bigint, value numeric, hidden boolean)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    reserved boolean := auth.role() = 'observer';
    wanted   text[] := string_to_array(indicator_figures.codes, ',');
    salt     bytea := case when auth.role() = 'observer' then data.told_salt() end;
    communes integer[]; -- of a question of observers
    here     bigint;
    whose    text := coalesce('organisation ' || indicator_figures.organisation, 'network ' || indicator_figures.network, '');
begin
    if auth.role() is null or auth.role() = 'contributor' then
        return;
    end if;
    perform data.indicator_may(level, from_month, to_month, segment);
    if not reserved then
        return query
        with figure as materialized (
            select * from data.indicators(level, within, from_month, to_month, network, organisation, segment, naf, sizes, codes)
        ), place as materialized (
            select k.*, row_number() over (order by k.name collate "C", k.area collate "C") as ord
              from data.indicator_keys(level, within, from_month, to_month) k
        ), raw as (
            select k.ord, k.area, k.name, d.code, d.rank, d.unit, coalesce(i.n, 0) as n, case when d.out_of is not null then coalesce(i.out_of, 0) end as out_of
              from place k
             cross join indicator d
              left join figure i on i.key = k.key and i.code = d.code
             where wanted is null or d.code = any (wanted)
             union all
            -- There is always a whole, also of nothing.
            select 0, '', 'Ensemble', d.code, d.rank, d.unit, coalesce(i.n, 0), case when d.out_of is not null then coalesce(i.out_of, 0) end
              from indicator d left join figure i on i.is_whole and i.code = d.code
             where (wanted is null or d.code = any (wanted)) and level <> 'all'
        ), kept as (
            select r.*, bool_or(r.n > 0 or r.out_of > 0) over (partition by r.ord) as counts from raw r
        )
        select k.area, k.name, k.code, k.n, k.out_of, data.indicator_value(k.unit, k.n, k.out_of)::numeric, false
          from kept k
         -- Of activities and sizes, those of which something is counted, with all their figures: columns of a file have no gaps.
         where level not in ('sector', 'size') or k.ord = 0 or k.counts
         order by k.ord, k.rank;
        return;
    end if;
    perform data.told_may(naf, sizes);
    if indicator_figures.network is not null and not exists (select from network n where n.code = indicator_figures.network) then
        perform auth.refuse('invalid', json_build_object('field', 'network'));
    end if;
    if indicator_figures.organisation is not null
       and not exists (select from organisation o where o.id = indicator_figures.organisation and o.territory_id = auth.territory()) then
        perform auth.refuse('not_found');
    end if;
    communes := array(select w.commune from data.communes_within(within, auth.territory()) w);
    here := data.told_place(communes);
    return query
    with figure as materialized (
        select * from data.indicators(level, within, from_month, to_month, network, organisation, segment, naf, sizes, codes)
    ), area as materialized (
        -- A zone is the part of it that was asked.
        select w.zone_id, bit_xor(hashint4extended(w.commune, 0)) as place
          from zone_commune w where w.level = indicator_figures.level and w.commune = any (communes) group by w.zone_id
    ), place as materialized (
        select k.key, k.area, k.name, false as is_whole,
               told_seed(salt, c.place, case level when 'organisation' then 'organisation ' || k.key when 'network' then coalesce('organisation ' || indicator_figures.organisation, 'network ' || k.area)
                                                   else whose end) as seed,
               told_seed(salt, c.place, '') as list_seed
          from data.indicator_keys(level, within, from_month, to_month) k
          left join area a on a.zone_id = k.key
         cross join lateral (select case level when 'commune' then hashint4extended(k.key::integer, 0) else coalesce(a.place, here) end as place) c
         union all
        -- There is always a whole, also of nothing.
        select null, '', 'Ensemble', true, told_seed(salt, here, whose), told_seed(salt, here, '') where level <> 'all'
    ), definition as materialized (
        select d.code, d.rank, d.unit, d.out_of is not null as is_ratio, hashtext(f.n)::bigint as counted, hashtext(f.out_of)::bigint as per,
               f.n ~ l.names as n_of_list, f.out_of ~ l.names as out_of_list
          from indicator d join indicator_formulas() f on f.code = d.code
         cross join (select '\m(' || string_agg(m.name, '|') || ')\M' as names from indicator_measures() m where m.source = 'stock') l
         where wanted is null or d.code = any (wanted)
    ), exact as materialized (
        -- Seeds as columns: what is computed from them is computed within the query.
        select k.area, k.name, k.is_whole, d.code, d.rank, d.unit, d.is_ratio, coalesce(i.n, 0) as n, coalesce(i.out_of, 0) as out_of,
               told_of(d.counted, case when d.n_of_list then k.list_seed else k.seed end) as seed,
               told_of(d.per, case when d.out_of_list then k.list_seed else k.seed end) as out_seed
          from place k
         cross join definition d
          -- The whole has no key: a number that none has, as nulls find no twin.
          left join figure i on i.code = d.code and i.is_whole = k.is_whole and coalesce(i.key, -9) = coalesce(k.key, -9)
    ), said as (
        select e.*, told(e.n, e.seed) as told_n, case when e.is_ratio then told(e.out_of, e.out_seed) end as told_out from exact e
    ), sized as (
        select s.*, s.told_n is null or s.is_ratio and s.told_out is null as small,
               -- The place of what is not small among its kind, the smallest first.
               row_number() over (partition by s.code, s.is_whole, s.told_n is null or s.is_ratio and s.told_out is null order by coalesce(s.told_out, s.told_n), s.told_n, s.area) as place
          from said s
    ), alone as (
        select s.code, count(*) filter (where s.small) as small from sized s where not s.is_whole group by s.code
    ), shown as (
        select s.*, s.small or not s.is_whole and a.small = 1 and s.place = 1 as hide,
               -- A part is never more than what it is part of.
               case when s.unit = 'percent' then least(s.told_n, s.told_out) else s.told_n end as part
          from sized s left join alone a on a.code = s.code
    ), kept as (
        select s.*, bool_or(not s.hide) over (partition by s.is_whole, s.area) as says from shown s
    )
    select w.area, w.name, w.code, case when not w.hide then w.part end, case when not w.hide then w.told_out end,
           case when not w.hide then data.indicator_value(w.unit, w.part, w.told_out)::numeric end, w.hide
      from kept w
     -- Of activities and sizes, those of which something is told.
     where level not in ('sector', 'size') or w.is_whole or w.says
     order by not w.is_whole, w.name collate "C", w.area collate "C", w.rank;
end
$$;

-- --- what was asked, in words ------------------------------------------------------------------------------------------------

-- 'août 2026'
create or replace function data.month_words(month integer) returns text
    language sql immutable parallel safe strict
    return (array['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'])[month % 12 + 1]
           || ' ' || 2000 + month / 12;

-- 'en août 2026', 'd’août 2025 à mars 2026'
create or replace function data.period_words(from_month integer, to_month integer) returns text
    language sql immutable parallel safe strict
    return case when from_month = to_month then 'en ' || data.month_words(from_month)
                else case when data.month_words(from_month) ~ '^[ao]' then 'd’' else 'de ' end || data.month_words(from_month) || ' à ' || data.month_words(to_month) end;

-- '10 à 49 salariés, effectif inconnu': size bands that follow each other are said as one.
create or replace function data.size_words(sizes text) returns text
    language sql stable security definer set search_path = data, pg_temp as $$
    with band as (
        select b.least, b.most, row_number() over (order by b.code) - row_number() over (partition by b.code = any (w.codes) order by b.code) as run, b.code = any (w.codes) as wanted
          from size_band b cross join (select string_to_array(size_words.sizes, ',') as codes) w
    ), run as (
        select min(b.least) as least, case when count(b.most) = count(*) then max(b.most) end as most from band b where b.wanted group by b.run
    ), said as (
        select r.least, case when r.most is null then r.least || ' salariés et plus' when r.most = 0 then 'sans salarié'
                             when r.least = 0 then 'moins de ' || r.most + 1 || ' salariés' else r.least || ' à ' || r.most || ' salariés' end as words from run r
         union all
        select null, 'effectif inconnu' where size_words.sizes ~ '\munknown\M'
    )
    select string_agg(s.words, ', ' order by s.least nulls last) from said s
$$;

-- What a question asks, part by part, as pages, pictures and files say it: where, when and whose always, the rest when it was asked.
create or replace function api.question_words(within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint,
                                              naf text, sizes text)
    returns table (part text, label text, words text)
    language sql stable security definer set search_path = data, pg_temp as $$
    select w.part, w.label, w.words
      from (values (1, 'area', 'Territoire', data.area_name(question_words.within, auth.territory())),
                   (2, 'period', 'Période', data.period_words(from_month, to_month)),
                   (3, 'network', 'Réseau', case when question_words.network is not null then (select n.name from network n where n.code = question_words.network)
                                                 when question_words.organisation is null then 'tous réseaux' end),
                   (4, 'organisation', 'Structure', (select o.short_name from organisation o where o.id = question_words.organisation)),
                   (5, 'segment', 'Segment', (select 'segment ' || s.name from segment s where s.id = question_words.segment and auth.sees_segment(s.id))),
                   (6, 'activity', 'Activité', (select string_agg(coalesce(n.label, a.code), ', ' order by a.ord) from unnest(string_to_array(question_words.naf, ',')) with ordinality a (code, ord)
                                                  left join naf n on n.code = a.code)),
                   (7, 'size', 'Effectif', data.size_words(question_words.sizes))) w (place, part, label, words)
     where w.words is not null
     order by w.place
$$;

-- A name for the file of an answer: 'indicateurs-allier-2025-12-2026-11'.
create or replace function api.question_file(kind text, within text, from_month integer, to_month integer) returns text
    language sql stable security definer set search_path = data, pg_temp
    return concat_ws('-', question_file.kind, nullif(trim(both '-' from left(regexp_replace(data.fold(data.area_name(question_file.within, auth.territory())), '[^a-z0-9]+', '-', 'g'), 40)), ''),
                     data.month_text(from_month), case when to_month <> from_month then data.month_text(to_month) end);

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
      from data.indicators('employer', within, from_month, to_month, network, organisation, segment, naf, sizes, indicator_employers.indicator) i
      join establishment e on e.id = i.key
     where not i.is_whole and i.n > 0
     order by i.n desc, e.sort_name, e.id;
end
$$;

-- A figure as a member of a document.
create or replace function data.indicator_member(code text, n bigint, out_of bigint, value double precision, hidden boolean) returns text
    language sql immutable parallel safe
    return '"' || code || '":{"n":' || coalesce(n::text, 'null') || ',"out_of":' || coalesce(out_of::text, 'null')
           || ',"value":' || coalesce(value::text, 'null') || case when hidden then ',"hidden":true}' else '}' end;

-- All figures of a question as the items of a document, in the order of their names, communes in that of their codes, and the members of the whole, for whom nothing is hidden: one
-- statement from what is counted to what is sent. Of sectors and sizes only what counts something. Arguments as in data.indicator_question; `upto` stands
-- before the whole.
create or replace function data.indicator_text(level text, within text, from_month integer, to_month integer, network text, organisation bigint,
                                               segment bigint, naf text, sizes text, codes text, upto text) returns text
    language plpgsql stable set search_path = data, pg_temp as $$
declare
    by_key  constant boolean := level not in ('sector', 'size');
    nothing text; -- the members of where nothing is counted
    telling text;
    counts  text; -- whether something is
    q       record;
    answer  text;
    everywhere boolean; -- nothing is looked up in a territory that is the country
begin
    select string_agg(data.indicator_member(d.code, 0, n.out_of, data.indicator_value(d.unit, 0, n.out_of), false), ',' order by d.rank),
           format(case when count(*) > 1 then 'concat_ws('','', %s)' else '%s' end, string_agg(m.member, ', ' order by d.rank)),
           case when by_key then 'true' else string_agg(format('%s > 0 or %s > 0', f.n, coalesce(f.out_of, '0')), ' or ') end
      into nothing, telling, counts
      from data.indicator_formulas() f
      join indicator d on d.code = f.code
     cross join lateral (select case when f.out_of is not null then 0::bigint end as out_of) n
     cross join lateral (select format('data.indicator_member(%1$L, (%2$s)::bigint, (%3$s)::bigint, data.indicator_value(%4$L, (%2$s)::bigint, (%3$s)::bigint), false)',
                                       f.code, f.n, coalesce(f.out_of, 'null'), d.unit) as member) m
     where indicator_text.codes is null or f.code = any (string_to_array(indicator_text.codes, ','));
    q := data.indicator_question(level, within, from_month, to_month, network, organisation, segment, naf, sizes, codes);
    if q.statement is null then
        return upto || 'null,"items":[]}';
    end if;
    everywhere := within = '' and q.beside is not null;
    if level = 'commune' then
        -- Of communes, which are many, all is one pass: what is told of each is read beside its kept item, everything in the order of its number, and added
        -- up on the way. Each part is in that order before it is joined, so that nothing is hashed and nothing sorted that has an item.
        execute format($q$
            with item as (
                select case when c.number <> all (%6$L) then c.item || %1$s || '}}' end as item, %2$s
                  -- Counted once, however often it is told: offset 0.
                  from (select c.number, c.item, %3$s from commune c %4$s where %5$s order by c.number offset 0) c
            ), whole as (
                select string_agg(i.item, ',') as items, %7$s from item i
            )
            select concat($11, '{', %1$s, '},"items":[', w.items, ']}') from whole w$q$,
            telling,
            (select string_agg(format('c.%I', m), ', ') from unnest(q.measures) m),
            (select string_agg(coalesce((select string_agg(format('coalesce(p%s.%I, 0)', n, m), ' + ') from generate_subscripts(q.parts, 1) n), '0::bigint') || format(' as %I', m), ', ')
               from unnest(q.measures) m),
            (select string_agg(format('left join (select * from (%s) p order by p.key offset 0) p%s on p%2$s.key = c.number', p.part, p.n), ' ' order by p.n) from unnest(q.parts) with ordinality p (part, n)),
            case when everywhere then 'true' else 'c.number = any ($8)' end,
            data.towns_untold(case when within <> '' then q.communes end) || case when everywhere then q.beside else '{}' end,
            (select string_agg(format('coalesce(data.total(i.%1$I), 0)', m) || case when q.planned is not null then format(' + coalesce((select data.total(p.%I) from (%s) p), 0)', m, q.planned) else '' end
                               || format(' as %I', m), ', ') from unnest(q.measures) m))
           into answer
          using from_month, to_month, q.rank, organisation, segment, q.divisions, q.bands, q.communes, q.areas, nothing, upto;
        return answer;
    end if;
    execute format($q$
        %1$s, item as (
            select k.item || case when t.key is null then $10 else %2$s end || '}}' as item
              from %4$s k
              left join told t on t.key = k.key and not t.is_whole
             where %3$s
             order by k.name collate "C", k.area collate "C"
        )
        select concat($13, '{', coalesce((select %2$s from told t where t.is_whole = ($11 <> 'all')), $10), '},"items":[', (select string_agg(i.item, ',') from item i), ']}')$q$,
        q.statement, telling, counts,
        case when everywhere and level in ('epci', 'bassin', 'departement', 'region')
             then format('(select z.id as key, z.item, z.name, z.code as area from zone z
                            where z.level = %L and exists (select from zone_commune w where w.zone_id = z.id offset 0))', level)
             else '(select k.key, data.item_head(k.area, k.name) as item, k.name, k.area from data.indicator_keys($11, $12, $1, $2) k)' end)
       into answer
      using from_month, to_month, q.rank, organisation, segment, q.divisions, q.bands, q.communes, q.areas, nothing, level, within, upto;
    return answer;
end
$$;

-- A set of figures as one document: the question in words, the whole, then one item per area, of which `all` has one that is the whole; each
-- figure as api.indicator_figures says it. JSON written by hand, as a country has as many items as communes; to partners, from whom nothing is hidden, straight from what was counted.
create or replace function api.indicator_document(level text, within text, from_month integer, to_month integer, network text,
                                                  organisation bigint, segment bigint, naf text, sizes text, codes text)
    returns text
    language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    upto constant text := concat('{"level":', to_json(indicator_document.level), ',"within":', to_json(indicator_document.within), ',"from":"', data.month_text(from_month),
                                 '","to":"', data.month_text(to_month), '","at":', to_json(data.now()), ',"question":',
                                 (select json_agg(json_build_object('part', w.part, 'label', w.label, 'words', w.words))
                                    from api.question_words(within, from_month, to_month, network, organisation, segment, naf, sizes) w), ',"whole":');
    whole text;
    items text;
begin
    if auth.is_partner() then
        perform data.indicator_may(level, from_month, to_month, segment);
        return data.indicator_text(level, within, from_month, to_month, network, organisation, segment, naf, sizes, codes, upto);
    end if;
    with item as materialized (
        select f.area, f.name, min(f.ord) as ord, f.area = '' and f.name = 'Ensemble' and indicator_document.level <> 'all' as is_whole,
               string_agg(data.indicator_member(f.code, f.n, f.out_of, f.value, f.hidden), ',') as members
          from api.indicator_figures(level, within, from_month, to_month, network, organisation, segment, naf, sizes, codes)
               with ordinality f (area, name, code, n, out_of, value, hidden, ord)
         group by f.area, f.name
    )
    select max(i.members) filter (where i.is_whole or indicator_document.level = 'all'),
           string_agg(data.item_head(i.area, i.name) || i.members || '}}', ',' order by i.ord) filter (where not i.is_whole)
      into whole, items from item i;
    return concat(upto, coalesce('{' || whole || '}', 'null'), ',"items":[', items, ']}');
end
$$;
