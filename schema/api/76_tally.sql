-- Tallies: what a commune counts of one measure, month after month, as running totals. A period of all communes is two numbers of each, where its
-- cells are hundreds of thousands. Of one network, or of one size, or of all. Made anew, commune by commune, from the cells, in the same transaction as these.

drop function if exists data.tally_fill(text, integer[]);
drop function if exists data.tally_follow(text, integer[]);

-- Fills the tallies of what is counted in `rows` (cell_met, cell_done), of these communes or of all (null), of these measures or of all.
create or replace function data.tally_fill(rows text, communes integer[], measures text[] default null) returns void
    language plpgsql security definer set search_path = data, pg_temp set work_mem = '128MB' as $$
declare
    here  constant text := case when tally_fill.communes is not null then 'where c.commune = any ($1)' else '' end;
    names constant text[] := array(select m.name from data.indicator_measures() m order by m.name); -- a step has its place among them: numbers sort sooner
    told  text[]; -- of what is counted: its names
    steps text[] := '{}';
    scope record;
begin
    if tally_fill.communes is null then
        perform set_config('work_mem', '256MB', true); -- a country is sorted in memory
    end if;
    -- What changes a total, and in which month, is a step.
    told := array(select m.name from data.indicator_measures() m where 'cell_' || m.source = tally_fill.rows and not m.counted like '%\%%'
                     and (tally_fill.measures is null or m.name = any (tally_fill.measures)));
    if told <> '{}' then
        steps := steps || format($q$
            select c.commune, c.network, c.size, c.month, x.measure, x.n
              from (select c.commune, coalesce(c.network, 0::smallint) as network, case when grouping(c.size) = 0 then coalesce(c.size, -1::smallint) end as size, c.month, %s from %I c %s
                     group by grouping sets ((c.commune, c.month, c.network), (c.commune, c.month), (c.commune, c.month, c.size))) c
             cross join lateral (values %s) x (measure, n)
             where x.n <> 0$q$, (select string_agg(format('sum(c.%1$I)::integer as %1$I', a), ', ') from unnest(told) a), tally_fill.rows, here,
            (select string_agg(format('(%s::smallint, c.%I)', array_position(names, a), a), ', ') from unnest(told) a));
    end if;
    -- Of distinct employers: one is met since every month after the one in which it was met before, and not since any after this one; if never
    -- before, since ever (month 0).
    told := array(select d from unnest('{seen,seen_small,seen_strong,reached}'::text[]) d where tally_fill.measures is null or d = any (tally_fill.measures));
    if tally_fill.rows = 'cell_met' and told <> '{}' then
        for scope in select * from (values ('', '0::smallint', 'case when grouping(c.size) = 0 then coalesce(c.size, -1::smallint) end', 'grouping sets ((c.commune, x.month), (c.commune, x.month, c.size))'),
                                           ('_network', 'c.network', 'null::smallint', 'c.commune, x.month, c.network')) s (prev, network, size, kept) loop
            steps := steps || format($q$
                select d.commune, d.network, d.size, d.month, x.measure, x.n
                  from (select c.commune, %2$s as network, %3$s as size, x.month::smallint as month,
                               sum(x.seen)::integer as seen, sum(x.small)::integer as seen_small, sum(x.strong)::integer as seen_strong, sum(x.reached)::integer as reached
                          from cell_met c
                         cross join lateral (values (case when c.met and c.active then c.n else 0 end, case when c.met and c.active and c.size <= 3 then c.n else 0 end,
                                                     case when c.met and c.strong then c.n else 0 end)) m (seen, small, strong)
                         cross join lateral (values (coalesce(c.prev_seen%1$s + 1, 0), m.seen, m.small, m.strong, 0),
                                                    (coalesce(c.prev_reached%1$s + 1, 0), 0, 0, 0, c.n),
                                                    (c.month + 1, -m.seen, -m.small, -m.strong, -c.n)) x (month, seen, small, strong, reached)
                         %4$s
                         group by %5$s) d
                 cross join lateral (values %6$s) x (measure, n)
                 where x.n <> 0$q$, scope.prev, scope.network, scope.size, here, scope.kept, (select string_agg(format('(%s::smallint, d.%I)', array_position(names, d), d), ', ') from unnest(told) d));
        end loop;
    end if;
    execute format($q$
        with step as (%s), run as (
            select s.*, sum(s.n) over upto as total, lead(s.month) over upto as until
              from step s
            window upto as (partition by s.commune, s.measure, s.network, s.size order by s.month) -- communes first: they are most apart
             order by s.commune, s.measure, s.network, s.size, s.month -- what follows takes them as they come
        )
        insert into tally (commune, network, size, first, measure, totals)
        select t.commune, t.network, t.size, t.first, t.measure, t.totals
          -- Added up in the order that they have, then put into that of questions: they are fewer then.
          from (select r.commune, r.network, r.size, ($2)[r.measure] as measure,
                       -- Who was never met before (month 0) is told from the month before the first change on.
                       min(r.month) filter (where r.month > 0) - (min(r.month) = 0)::integer as first,
                       ('{' || rtrim(string_agg(repeat(r.total || ',', case when r.month = 0 then 1 else coalesce(r.until, r.month + (r.total <> 0)::integer) - r.month end), ''), ',') || '}')::integer[] as totals
                  from run r
                 group by r.commune, r.measure, r.network, r.size
                offset 0) t
         order by t.measure, t.network, t.size, t.commune$q$, array_to_string(steps, ' union all ')) using communes, names;
end
$$;

-- Makes the tallies of these communes anew, of what is counted in `rows`, of these measures or of all.
create or replace function data.tally_follow(rows text, communes integer[], measures text[] default null) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    those constant integer[] := array(select distinct u from unnest(tally_follow.communes) u);
begin
    delete from tally t
     where t.commune = any (those) and t.measure in (select m.name from data.indicator_measures() m where 'cell_' || m.source = tally_follow.rows)
       and (tally_follow.measures is null or t.measure = any (tally_follow.measures));
    perform data.tally_fill(tally_follow.rows, those, tally_follow.measures);
end
$$;

-- All of them: after a load that went around the triggers.
create or replace function data.tally_make() returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtext('maillage.fact')); -- not beside data.fact_follow
    delete from tally;
    perform data.tally_fill('cell_met', null);
    perform data.tally_fill('cell_done', null);
end
$$;

drop function if exists data.tally_part(text, text[], text[], text);

-- What a question asks of tallies, as a part of its statement (data.indicator_question): `measures` of the wanted ones that they tell, `wanted` those that it has as columns;
-- with `once`, a key has one row.
create or replace function data.tally_part(of_key text, wanted text[], measures text[], here text, once boolean) returns text
    language sql stable set search_path = data, pg_temp as $$
    select format('select %s as key, %s from tally c where c.measure = any (%L) and c.network = coalesce($3, 0::smallint) and %s' || case when once then ' group by 1' else '' end, of_key,
                  string_agg(format(case when not once then '%s as %I' when m.name = any (measures) then 'data.total(%s) as %I' else 'max(%s) as %I' end, case when m.name = any (measures) then
                      format('case when c.measure = %L then coalesce(%s, 0) else 0 end::bigint', m.name,
                             case when m.counted like '%\%%' then 'c.totals[greatest(1, $1 - c.first + 1)]'
                                  else 'coalesce(c.totals[least(cardinality(c.totals), $2 - c.first + 1)], 0) - coalesce(c.totals[least(cardinality(c.totals), $1 - c.first)], 0)' end)
                      else '0::bigint' end, m.name), ', ' order by m.name), measures, here)
      from data.indicator_measures() m where m.name = any (wanted)
$$;
