-- template: demo
-- Indicators: facts follow whatever happens as if they were made anew; who is told what; small cells cannot be had, neither
-- alone nor by subtraction; definitions in words and in SQL are the same list.
begin;
set search_path = public, data, ext;
set client_min_messages = warning;
select plan(68);

create function pg_temp.speak(as_role text, as_network text default 'ft') returns void language sql as $$
    select set_config('maillage.role', as_role, true), set_config('maillage.network', as_network, true),
           set_config('maillage.territory', (select id::text from data.territory where name = 'Allier'), true),
           set_config('maillage.organisation', (select id::text from data.organisation where network = as_network limit 1), true),
           set_config('maillage.member', (select m.member_id::text from data.membership m join data.organisation o on o.id = m.organisation_id
                                           where o.network = as_network limit 1), true)
$$;
create function pg_temp.n(query text) returns bigint language plpgsql as $$
declare n bigint; begin execute 'select count(*) from (' || query || ') q' into n; return n; end $$;
create function pg_temp.first() returns integer language sql as $$ select data.month_of(data.now()) - 17 $$;
create function pg_temp.last() returns integer language sql as $$ select data.month_of(data.now())::integer $$;

-- --- facts -------------------------------------------------------------------------------------------------------------
select data.fact_follow();
create function pg_temp.wrong_facts() returns bigint language sql as $$
    with anew as (select f.* from data.fact_source(array(select id from data.facet)) f),
         kept as (select * from data.fact)
    select (select count(*) from (select * from anew except select * from kept) x) + (select count(*) from (select * from kept except select * from anew) y)
$$;
create function pg_temp.wrong_stock() returns bigint language sql as $$
    with anew as (select f.commune, (f.naf / 3200)::smallint, f.size, count(*)::integer, (count(*) filter (where f.potential >= data.strong_potential()))::integer
                    from data.facet f where f.active and f.commune is not null group by 1, 2, 3)
    select (select count(*) from (select * from anew except select * from data.stock) x) + (select count(*) from (select * from data.stock except select * from anew) y)
$$;
-- What the stock of communes says, and a sum over activities does not, or the contrary.
create view pg_temp.whole_stock as
    with anew as (select commune, null::smallint as size, sum(establishments)::integer as n, sum(strong)::integer as strong from data.stock group by 1
                   union all
                  select commune, coalesce(size, -1::smallint), sum(establishments)::integer, sum(strong)::integer from data.stock group by 1, 2),
         kept as (select commune, size, establishments, strong from data.stock_whole)
    (select * from anew except all select * from kept) union all (select * from kept except all select * from anew);
create function pg_temp.wrong_cells() returns bigint language sql as $$
    select (select count(*) from (select * from data.cell_met_source except all select * from data.cell_met) x)
         + (select count(*) from (select * from data.cell_met except all select * from data.cell_met_source) x)
         + (select count(*) from (select * from data.cell_done_source except all select * from data.cell_done) x)
         + (select count(*) from (select * from data.cell_done except all select * from data.cell_done_source) x)
         + (select count(*) from pg_temp.whole_stock)
$$;
-- Wide cells and tallies as they were kept, and rows of these that are not in those made anew since, or the contrary.
create function pg_temp.keep_wide() returns void language plpgsql as $$
begin
    drop table if exists kept_done, kept_met, kept_stock, kept_tally;
    create temp table kept_done as select * from data.wide_done;
    create temp table kept_met as select * from data.wide_met;
    create temp table kept_stock as select * from data.wide_stock;
    create temp table kept_tally as select * from data.tally;
end
$$;
create function pg_temp.wrong_wide() returns bigint language plpgsql as $$
begin
    return (select count(*) from (select * from kept_done except all select * from data.wide_done) x) + (select count(*) from (select * from data.wide_done except all select * from kept_done) x)
         + (select count(*) from (select * from kept_met except all select * from data.wide_met) x) + (select count(*) from (select * from data.wide_met except all select * from kept_met) x)
         + (select count(*) from (select * from kept_stock except all select * from data.wide_stock) x) + (select count(*) from (select * from data.wide_stock except all select * from kept_stock) x)
         + (select count(*) from (select * from kept_tally except all select * from data.tally) x) + (select count(*) from (select * from data.tally except all select * from kept_tally) x);
end
$$;
select is(pg_temp.wrong_facts() + pg_temp.wrong_stock(), 0::bigint, 'facts of the demo are those made anew');
select is(pg_temp.wrong_cells(), 0::bigint, 'and cells are facts, added up');
select is((select count(*) from data.fact_touched) + (select count(*) from data.stock_touched), 0::bigint, 'nothing waits');

-- Everything that may happen to employers, in one go.
insert into data.contact_event (establishment_id, organisation_id, kind, at)
select c.establishment_id, (select o.id from data.organisation o where o.id <> c.organisation_id and o.network = 'ml' limit 1), 'call', c.at + interval '3 days'
  from data.contact_event c where c.at < data.now() - interval '4 days' order by c.id limit 40;
update data.establishment e set commune_code = '03310' where e.id in (select f.establishment_id from data.fact f where f.visits > 0 order by 1 limit 15);
update data.establishment e set size_band = '41' where e.id in (select f.establishment_id from data.fact f where f.visits > 0 order by 1 desc limit 15);
update data.establishment e set status = 'F', closed_on = data.today() where e.id in (select f.establishment_id from data.fact f where f.needs > 0 order by 1 limit 5);
update data.need n set posts = posts + 1 where n.id in (select id from data.need where state in ('declared', 'confirmed') order by id limit 10);
insert into data.establishment (siret, legal_name, commune_code, naf, size_band, status) values ('90000000100011', 'NOUVEAU', '03190', '10.71C', '22', 'A');
-- And a month goes by: promises lapse and what is known grows old, as the worker does it.
create temp table clock_was as select * from data.clock;
create temp table due as select id from data.promise where state = 'active' and lapses_on < data.today() + 31;
grant select on due to public;
update data.clock set test_allowed = true;
select data.clock_set(data.now() + interval '31 days');
set session authorization maillage_worker;
select data.promise_lapse(d.id) from due d;
select data.known_follow(100000);
set session authorization postgres;
update data.clock c set (set_to, set_at) = (w.set_to, w.set_at) from clock_was w;
select cmp_ok((select count(*) from data.fact_touched where routine), '>', 20::bigint, 'what the worker does is noted as routine');
select cmp_ok((select count(*) from data.stock_touched where routine), '>', 0::bigint, 'in the stock too');
select cmp_ok((select count(*) from data.fact_touched where not routine), '>', 0::bigint, 'what happens is noted');
select cmp_ok(pg_temp.wrong_facts() + pg_temp.wrong_stock(), '>', 0::bigint, 'and not counted yet');
select data.fact_follow(100000, 10);
select is((select array[count(*) filter (where not routine), least(1, count(*) filter (where routine))] from (select routine from data.fact_touched union all select routine from data.stock_touched) t),
          array[0, 1]::bigint[], 'what people did comes first, and all of it');
do $$
declare
    steps integer := 0;
begin
    while data.fact_follow(100000, 60) > 0 loop
        steps := steps + 1;
    end loop;
    perform set_config('test.steps', steps::text, true);
end
$$;
select cmp_ok(current_setting('test.steps')::integer, '>', 2, 'routine goes step by step');
select is((select count(*) from data.fact_touched) + (select count(*) from data.stock_touched), 0::bigint, 'until nothing waits');
select is(pg_temp.wrong_facts(), 0::bigint, 'after following, facts are those made anew');
select is(pg_temp.wrong_stock(), 0::bigint, 'and so is the stock');
select is(pg_temp.wrong_cells(), 0::bigint, 'and so are the cells, in the communes left behind too');
create temp table was as select * from data.fact;
select pg_temp.keep_wide();
select data.fact_rebuild();
select is(pg_temp.wrong_wide(), 0::bigint, 'and those of whole zones');
select is((select count(*) from (select * from data.fact except select * from was) x) + pg_temp.wrong_cells(), 0::bigint, 'a rebuild changes nothing');
-- What sentences say of promises: until the visit, however late its report; none that was taken back.
create temp table promised as
select p.id, p.establishment_id, c.visit_id from data.promise p join data.visit v on v.promise_id = p.id join data.contact_event c on c.visit_id = v.id
 where p.state = 'kept' and c.at > p.made_at + interval '5 days' and data.month_of(c.at - interval '3 days') = data.month_of(c.at) order by p.id limit 10;
select sum(keep_days) as days, sum(promises) as promises from data.fact \gset
select count(*) as cleared from data.promise p where p.state = 'lapsed' \gset
update data.contact_event c set at = c.at - interval '3 days' from promised p where c.visit_id = p.visit_id;
alter table data.promise disable trigger user;
alter table data.promise enable trigger fact_touch_changed;
update data.promise set state = 'undone' where state = 'lapsed';
alter table data.promise enable trigger user;
select data.fact_follow(100000, 100000);
select is((select sum(keep_days) from data.fact), :days - 30::bigint, 'the delay of a promise goes to its visit, and not to its report');
select is((select sum(promises) from data.fact), :promises - :cleared::bigint, 'and what was taken back as a mistake was not promised');
select is((select count(*) from data.fact where doubles > contacts or firsts > visits or visits > contacts), 0::bigint, 'parts are not larger than wholes');

-- --- words and SQL ---------------------------------------------------------------------------------------------------------
select pg_temp.speak('manager');
select set_eq($$ select code from data.indicator $$, $$ select distinct code from data.indicators('all', '', pg_temp.first(), pg_temp.last(), null, null, null, null, null) $$,
              'each indicator in words has its definition, and the contrary');
select is(pg_temp.n($$ select from data.indicators('all', '', pg_temp.first(), pg_temp.last(), null, null, null, null, null) i join data.indicator d using (code)
                        where (i.out_of is null) <> (d.out_of is null) $$), 0::bigint, 'ratios are ratios in both');
-- Counts add up over areas; so do distinct employers, whatever the month they were met in.
select is(pg_temp.n($$ select from (select i.code, sum(i.n) as parts from data.indicators('commune', '', pg_temp.first(), pg_temp.last(), null, null, null, null, null) i where not i.is_whole group by 1) p
                        join data.indicators('all', '', pg_temp.first(), pg_temp.last(), null, null, null, null, null) w on w.code = p.code and w.is_whole
                        join data.indicator d on d.code = p.code and d.by_area
                       where p.parts <> w.n $$), 0::bigint, 'communes add up to the whole');
select is((select i.n from data.indicators('all', '', pg_temp.first(), pg_temp.last(), 'ml', null, null, null, null) i where i.code = 'seen_share' and i.is_whole),
          (select count(distinct c.establishment_id) from data.contact_event c join data.organisation o on o.id = c.organisation_id
             join data.establishment e on e.id = c.establishment_id and e.status = 'A' and e.merged_into is null
            where c.kind = 'visit' and o.network = 'ml' and data.month_of(c.at) between pg_temp.first() and pg_temp.last()), 'employers met by one network are distinct ones');

-- Cells and facts say the same: a segment that holds the whole list is asked of the facts. Forty questions drawn by a seed.
insert into data.segment (territory_id, organisation_id, name, made_by, made_at)
select o.territory_id, o.id, 'Toute la liste', m.member_id, data.now() from data.organisation o join data.membership m on m.organisation_id = o.id
 where o.id = auth.organisation() limit 1;
delete from data.segment_block b using data.segment s where s.id = b.segment_id and s.name = 'Toute la liste';
insert into data.segment_block (segment_id, block, members)
select s.id, data.segment_block_of(f.id), bit_or(data.segment_bit_of(f.id)) from data.segment s, data.facet f where s.name = 'Toute la liste' group by 1, 2;
create temp table question as
with drawn as (
    select i, (array['commune', 'epci', 'bassin', 'departement', 'region', 'all', 'month', 'network', 'organisation', 'sector', 'size', 'employer'])[1 + i % 12] as level,
           ('x' || substr(md5('q' || i), 1, 6))::bit(24)::integer as a, ('x' || substr(md5('q' || i), 7, 6))::bit(24)::integer as b
      from generate_series(0, 39) i
)
select d.level, pg_temp.last() - d.a % 20 - 4 as low, pg_temp.last() - d.a % 5 as high, (array[null, null, 'ft', 'ml', 'ce', 'plie'])[1 + d.b % 6] as network,
       case when d.b % 7 = 0 then (select min(organisation_id) from data.fact) end as organisation, (array[null, null, 'G', '56', 'F,10'])[1 + d.a % 5] as naf,
       (array[null, null, '01,02,03', '12,unknown', 'unknown'])[1 + d.b % 5] as sizes,
       case when d.a % 3 = 0 and d.level <> 'all' then (select z.level || ':' || z.code from data.zone z join data.zone_commune w on w.zone_id = z.id
            join data.territory_commune t on t.number = w.commune and t.territory_id = auth.territory() where z.level = 'epci' order by z.code offset d.b % 9 limit 1) else '' end as within
  from drawn d
 union all
-- What tallies tell: every measure, of one network and of all, until now and until earlier.
select l.level, pg_temp.last() - l.low, pg_temp.last() - l.high, l.network, null, null, l.sizes, ''
  from (values ('commune', 11, 0, null, null), ('commune', 20, -1, 'ft', null), ('commune', 14, 3, null, null), ('commune', 250, 2, 'ml', null), ('commune', 5, 5, 'ce', null), ('region', 8, 0, 'ml', null),
               ('commune', 12, 1, null, '01,02,unknown'), ('commune', 8, 5, null, null)) l (level, low, high, network, sizes);
create temp table quick as select q.*, i.key, i.is_whole, i.code, i.n, i.out_of from question q
 cross join lateral data.indicators(q.level, q.within, q.low, q.high, q.network, q.organisation, null, q.naf, q.sizes) i
  join data.indicator d on d.code = i.code and d.by_area where q.level <> 'employer' and (i.n <> 0 or i.out_of <> 0);
create temp table slow as select q.*, i.key, i.is_whole, i.code, i.n, i.out_of from question q
 cross join lateral data.indicators(q.level, q.within, q.low, q.high, q.network, q.organisation, (select id from data.segment where name = 'Toute la liste'), q.naf, q.sizes) i
 where q.level <> 'employer' and (i.n <> 0 or i.out_of <> 0);
select cmp_ok((select count(*) from quick), '>', 5000::bigint, 'many figures');
select is((select array_agg(s.statement ~ 'from tally' order by q.low, q.high) || array_agg(s.statement ~ 'from cell_met' order by q.low, q.high) || array_agg(s.statement ~ 'from cell_done' order by q.low, q.high)
             from question q cross join lateral data.indicator_question(q.level, q.within, q.low, q.high, q.network, q.organisation, null, q.naf, q.sizes, null) s
            where q.level = 'commune' and q.within = '' and (q.low, q.high) in ((pg_temp.last() - 11, pg_temp.last()), (pg_temp.last() - 14, pg_temp.last() - 3), (pg_temp.last() - 8, pg_temp.last() - 5))),
          array[true, true, true, true, false, true, false, false, false], 'those of all communes out of tallies, but who is met first in a period that is over');
select is((select array_agg(array[s.statement ~ 'from cell_met.* c.month > .2', s.statement ~ 'from cell_met.* c.month between'] order by q.low)
             from question q cross join lateral data.indicator_question(q.level, q.within, q.low, q.high, q.network, q.organisation, null, q.naf, q.sizes, 'seen_share') s
            where q.level = 'commune' and q.within = '' and q.sizes is null and (q.low, q.high) in ((pg_temp.last() - 11, pg_temp.last()), (pg_temp.last() - 14, pg_temp.last() - 3), (pg_temp.last() - 8, pg_temp.last() - 5))),
          array[[true, false], [false, false], [false, true]], 'whichever months are fewer: those asked, or those gone by since');
select is((select count(*) from (select * from quick except all select * from slow) x) + (select count(*) from (select * from slow except all select * from quick) x), 0::bigint,
          'cells and facts say the same');
select is((select count(*) from question q cross join lateral data.indicators(q.level, q.within, q.low, q.high, q.network, q.organisation, null, q.naf, q.sizes, 'effect,white') i
             full join (select * from quick where code in ('effect', 'white')) k on (k.level, k.within, k.low, k.high, k.code, k.is_whole) = (q.level, q.within, q.low, q.high, i.code, i.is_whole)
               and k.key is not distinct from i.key and k.network is not distinct from q.network and k.organisation is not distinct from q.organisation
               and k.naf is not distinct from q.naf and k.sizes is not distinct from q.sizes
            where coalesce(q.level, '') <> 'employer' and (coalesce(i.n, 0), coalesce(i.out_of, 0)) is distinct from (coalesce(k.n, 0), coalesce(k.out_of, 0))), 0::bigint,
          'an indicator asked alone is the same as among all');

-- Cells of whole zones say the same as those of communes: of a country, of a région, of zones inside. The function that chooses wide
-- cells is put out of the way for the second telling.
insert into data.territory (name, kind) values ('Tout le pays', 'region'), ('La région', 'region');
insert into data.territory_commune (territory_id, commune_code)
select t.id, c.code from data.territory t join data.commune c on t.name = 'Tout le pays' or (t.name = 'La région' and c.region = '84') where t.name in ('Tout le pays', 'La région');
create temp table wide_question as
select i, (array['epci', 'departement', 'region', 'all', 'month', 'network', 'organisation', 'sector', 'size', 'bassin'])[1 + i % 10] as level,
       pg_temp.last() - (array[11, 23, 17, 5])[1 + i / 10 % 4] as low, pg_temp.last() - (array[0, 0, 3, 1])[1 + i / 7 % 4] as high, (array[null, 'ft', null, 'ml'])[1 + i / 3 % 4] as network,
       case when i % 13 = 5 then (select min(organisation_id) from data.fact) end as organisation, (array[null, null, 'G', '56', 'F,10'])[1 + i / 2 % 5] as naf,
       (array[null, null, '01,02,03', '12,unknown', 'unknown'])[1 + i / 5 % 5] as sizes, case when i % 6 = 1 then 'Tout le pays' when i % 6 = 4 then 'La région' else 'Allier' end as territory,
       case when i % 4 = 3 then 'departement:03' else '' end as within
  from generate_series(0, 39) i
 union all
-- Zones and organisations, with an activity, a size, neither.
select 40 + (row_number() over ())::integer, l.level, p.low, p.high, case when l.level = 'epci' and k.naf is not null then 'ft' end, null, k.naf, k.sizes, l.territory, ''
  -- Some periods hold a whole year, or are one, or two.
  from (values (pg_temp.last() - 11, pg_temp.last()), (pg_temp.last() - 26, pg_temp.last()), (pg_temp.last() - pg_temp.last() % 12 - 12, pg_temp.last() - pg_temp.last() % 12 - 1),
               (pg_temp.last() - pg_temp.last() % 12 - 25, pg_temp.last() - pg_temp.last() % 12)) p (low, high)
 cross join (values ('epci', 'Tout le pays'), ('bassin', 'Allier'), ('organisation', 'Allier')) l (level, territory)
 cross join (values (null, null), ('G', null), (null, '01,02,03')) k (naf, sizes);
create function pg_temp.told_wide(of_questions integer[] default null) returns table (i integer, key bigint, is_whole boolean, code text, n bigint, out_of bigint) language plpgsql as $$
declare q record;
begin
    for q in select * from wide_question w where of_questions is null or w.i = any (of_questions) loop
        perform set_config('maillage.territory', (select t.id::text from data.territory t where t.name = q.territory), true);
        return query select q.i, k.* from data.indicators(q.level, q.within, q.low, q.high, q.network, q.organisation, null, q.naf, q.sizes) k where k.n <> 0 or k.out_of <> 0;
    end loop;
    perform pg_temp.speak('manager');
end
$$;
create temp table wide as select * from pg_temp.told_wide();
select set_eq($$ select distinct grain from data.wide_met $$, $$ select grain from data.wide_grains() $$, 'every grain holds something');
create function pg_temp.asked() returns table (i integer, grain smallint) language sql as $$
    select q.i, c.grain from wide_question q join data.territory t on t.name = q.territory
     cross join lateral (select array_agg(w.commune) as communes from data.communes_within(q.within, t.id) w) w
     cross join lateral data.wide_choice(q.level, q.organisation is not null, q.naf is not null, q.sizes is not null, w.communes, data.beside_everywhere(cardinality(w.communes)) is not null) c
$$;
create temp table asked as select * from pg_temp.asked();
select set_eq('select distinct grain from asked', 'select grain from data.wide_grains()', 'every grain is asked');
create function pg_temp.told_narrow(of_questions integer[] default null) returns table (i integer, key bigint, is_whole boolean, code text, n bigint, out_of bigint) language plpgsql as $$
declare kept text := pg_get_functiondef('data.wide_choice'::regproc);
begin
    create or replace function data.wide_choice(level text, of_organisation boolean, of_naf boolean, of_size boolean, communes integer[], everywhere boolean)
        returns table (grain smallint, areas integer[]) language sql as 'select null::smallint, null::integer[] where false';
    return query select * from pg_temp.told_wide(of_questions);
    execute kept;
end
$$;
create temp table narrow as select * from pg_temp.told_narrow();
select cmp_ok((select count(*) from narrow), '>', 3000::bigint, 'many figures again');
select is((select count(*) from (select * from wide except all select * from narrow) x) + (select count(*) from (select * from narrow except all select * from wide) x), 0::bigint,
          'cells of zones and of communes say the same');
-- A commune that goes to another zone takes its figures with it: those of the zones are asked, with an activity, a size, neither.
create temp table asked_zones as select w.i from wide_question w join asked a using (i) where w.level = 'epci' and w.territory = 'Tout le pays' and w.i > 40;
create temp table before as select w.* from wide w join asked_zones using (i);
update data.zone_commune z set zone_id = (select o.id from data.zone o where o.level = 'epci' and o.id <> z.zone_id order by o.id limit 1)
 where z.level = 'epci' and z.commune = data.commune_number('03310');
create temp table moved_wide as select * from pg_temp.told_wide(array(select i from asked_zones));
create temp table moved_narrow as select * from pg_temp.told_narrow(array(select i from asked_zones));
select is((select count(*) from (select * from moved_wide except all select * from moved_narrow) x) + (select count(*) from (select * from moved_narrow except all select * from moved_wide) x), 0::bigint,
          'a commune that changes its zone takes its figures along');
select cmp_ok((select count(*) from (select * from moved_wide except all select * from before) x), '>', 0::bigint, 'there are some');
-- A commune becomes part of one that was not in the list and lies in no zone yet: wide cells are made anew once, and what is asked of the
-- country, of a région and of a département is found in them as before.
create temp table rebuilt (at timestamptz);
grant insert on rebuilt to public;
alter function data.wide_rebuild() rename to wide_rebuild_told;
create function data.wide_rebuild() returns void language sql as 'insert into pg_temp.rebuilt values (now()); select data.wide_rebuild_told()';
insert into data.commune (code, name, department, region, centre) select '03999', 'Nouvelle', department, region, centre from data.commune where code = '03310';
insert into data.commune_former (code, commune_code) values ('03310', '03999');
select data.communes_follow(array['03310']);
select is((select count(*) from rebuilt), 1::bigint, 'a merger of communes makes wide cells anew once');
select data.fact_follow();
select pg_temp.keep_wide();
select data.wide_rebuild_told();
select is(pg_temp.wrong_wide(), 0::bigint, 'and they are what they should be');
-- One question of each grain.
delete from wide_question w where w.i not in (select min(a.i) from asked a group by a.grain);
select set_eq('select * from pg_temp.asked()', 'select min(i), grain from asked group by grain', 'after a merger every grain is asked as before');
drop table wide, narrow;
create temp table wide as select * from pg_temp.told_wide();
create temp table narrow as select * from pg_temp.told_narrow();
select cmp_ok((select count(*) from narrow), '>', 500::bigint, 'with many figures');
select is((select count(*) from (select * from wide except all select * from narrow) x) + (select count(*) from (select * from narrow except all select * from wide) x), 0::bigint,
          'and says the same as communes');
drop function data.wide_rebuild();
alter function data.wide_rebuild_told() rename to wide_rebuild;

-- --- who is told what ---------------------------------------------------------------------------------------------------------
set session authorization maillage_server;
select throws_ok('select * from data.fact', '42501', null, 'facts are not read');
select throws_ok('select * from data.stock', '42501', null, 'nor the stock');
select throws_ok('select * from data.cell_met', '42501', null, 'nor what they add up to');
select throws_ok('select * from data.wide_met_1', '42501', null, 'nor in whole zones');
select throws_ok($$ select * from data.indicators('all', '', 0, 400, null, null, null, null, null) $$, '42501', null, 'nor exact figures');
select pg_temp.speak('contributor', 'contributor');
select is(pg_temp.n($$ select from api.indicator_figures('all', '', pg_temp.first(), pg_temp.last(), null, null, null, null, null, null) $$), 0::bigint, 'a contributor has none');
select pg_temp.speak('observer', 'state');
select throws_ok('select * from data.rounding', '42501', null, 'nor is what rounds their counts');
select throws_ok('select data.told_salt()', '42501', null, 'by no way');
select is(pg_temp.n($$ select from api.indicator_employers('visits', '', pg_temp.first(), pg_temp.last(), null, null, null, null, null) $$), 0::bigint, 'an observer has no employers');
select throws_ok($$ select api.indicator_figures('employer', '', 300, 310, null, null, null, null, null, null) $$, 'ML000', 'invalid', 'nor one by one');

-- Observers: every level, several filters; no small number, and no cell that the rest tells.
create temp table told as
select l.level, q.naf, f.* from unnest(array['commune', 'epci', 'bassin', 'network', 'organisation', 'month']) l (level)
 cross join (values (null), ('G'), ('56'), ('01')) q (naf)
 cross join lateral api.indicator_figures(l.level, '', pg_temp.first(), pg_temp.last(), null, null, null, q.naf, null, null) f;
create index on told (code, level, area);
analyze told;
select is((select count(*) from told where n % 5 <> 0 or out_of % 5 <> 0 or n between 1 and 4 or out_of between 1 and 4), 0::bigint, 'figures of observers are multiples of five');
select cmp_ok((select count(*) from told where hidden), '>', 500::bigint, 'and many cells are hidden');
select is((select count(*) from told where hidden <> (value is null and n is null)), 0::bigint, 'what is hidden has no count, what is not has one');
-- An indicator never has exactly one hidden cell beside others.
select is((select count(*) from (select level, naf, code, count(*) filter (where hidden) as hidden, count(*) filter (where not hidden) as others
                                   from told where area <> '' group by 1, 2, 3) x where hidden = 1 and others > 0), 0::bigint, 'no cell is hidden alone');
select is((select count(*) from told where level = 'commune' and area = '' and code in ('visits', 'promises', 'firsts') and naf is null and (hidden or n < 500)), 0::bigint,
          'a whole beside many hidden cells is told');
-- However it is asked, the same count is told alike: of the commune among communes or alone, as part of a ratio, with months before there was anything.
select is((select count(*) from told t cross join lateral api.indicator_figures('all', 'commune:' || t.area, pg_temp.first() - 40, pg_temp.last(), null, null, null, t.naf, null, 'establishments') a
            where t.level = 'commune' and t.code = 'establishments' and t.area <> '' and t.area ~ '[05]$' and not t.hidden and t.n is distinct from a.n), 0::bigint, 'a commune is told alike among others and alone');
select is((select count(*) from told e join told s on (s.level, s.area, s.code) = (e.level, e.area, 'seen_share') and s.naf is not distinct from e.naf
            where e.code = 'establishments' and not e.hidden and not s.hidden and e.n <> s.out_of), 0::bigint, 'and so is what a ratio is of');
-- The list is nobody's doing: no partner, there or not, draws its counts anew.
select cmp_ok((select count(*) from told where level = 'organisation' and area <> '' and code in ('seen_share', 'white_share') and not hidden), '>', 1::bigint, 'shares of partners are told');
select is((select count(*) from told t join told w on (w.level, w.area, w.code) = (t.level, '', t.code) and w.naf is not distinct from t.naf
            where t.level in ('organisation', 'network') and t.area <> '' and t.code in ('seen_share', 'white_share') and not t.hidden and not w.hidden and t.out_of <> w.out_of), 0::bigint,
          'out of one list, which is drawn once');
select is((select count(distinct f.n) from (select o.area::bigint as id from told o where o.level = 'organisation' and o.area <> '' group by 1) o
            cross join lateral api.indicator_figures('all', '', pg_temp.first(), pg_temp.last(), null, o.id, null, null, null, 'establishments') f), 1::bigint, 'whoever is asked about');
select throws_ok($$ select api.indicator_figures('all', '', 300, 310, null, 999999999, null, null, null, null) $$, 'ML000', 'not_found', 'an organisation that is not there has no figures');
select throws_ok($$ select api.indicator_figures('all', '', 300, 310, 'nulle', null, null, null, null, null) $$, 'ML000', 'invalid', 'nor a network');
select throws_ok($$ select api.indicator_figures('all', '', 300, 310, null, null, null, 'G,56', null, null) $$, 'ML000', 'figures_one_group', 'an observer adds up no activities of his choice');
select throws_ok($$ select api.indicator_figures('all', '', 300, 310, null, null, null, null, '11,12,21', null) $$, 'ML000', 'figures_one_group', 'nor sizes');
select lives_ok($$ select api.indicator_figures('all', '', 300, 310, null, null, null, 'G', '11,12', null) $$, 'but has the groups that people know');

-- The attack of the months: every run of them is asked, and what is hidden and shown is all that comes out. Worlds that differ in every month, with the
-- same answers: nobody can tell in which one lives. In each, the sum of all months stays under five.
set session authorization postgres;
update data.rounding set salt = sha256('the same chance in every run of this test');
create temp table answer (world integer, low integer, high integer, n bigint, hidden boolean);
grant insert on answer to public;
create function pg_temp.worlds(visits integer[]) returns void language plpgsql as $$
declare
    w integer := coalesce((select max(world) from answer), 0) + 1;
    e bigint;
    m integer;
begin
    -- An employer where nobody was ever met, met so many times in each of the months.
    delete from data.contact_event c using data.establishment x where x.id = c.establishment_id and x.commune_code = '03006';
    e := (select min(x.id) from data.establishment x where x.commune_code = '03006' and x.status = 'A');
    for m in 1 .. cardinality(visits) loop
        insert into data.contact_event (establishment_id, organisation_id, kind, at)
        select e, (select o.id from data.organisation o where o.network = 'ft' limit 1), 'visit', data.month_start(pg_temp.last() - 6 + m)::timestamp at time zone 'Europe/Paris' + g * interval '2 days'
          from generate_series(1, visits[m]) g;
    end loop;
    perform data.fact_follow();
    perform pg_temp.speak('observer', 'state');
    insert into answer
    select w, a, b, f.n, f.hidden from generate_series(1, cardinality(visits)) a cross join generate_series(a, cardinality(visits)) b
     cross join lateral api.indicator_figures('all', 'commune:03006', pg_temp.last() - 6 + a, pg_temp.last() - 6 + b, null, null, null, null, null, 'visits') f;
end
$$;
select pg_temp.worlds(w::integer[]) from unnest(array['{1,1,1,1}', '{0,0,0,0}', '{4,0,0,0}', '{0,2,0,1}', '{0,1,3,0}']) w;
select is((select count(distinct told) from (select world, string_agg(concat(low, high, hidden, n), ' ' order by low, high) as told from answer group by 1) x), 1::bigint,
          'months of one visit each, of none and of four are told alike');
-- The attack of the known ones: a count under five joined with known counts, until a step tells where it stands. Who rounds down, or hides under
-- five only, gives it away every time; chance gives no better than a guess among five.
select cmp_ok((select count(*) from generate_series(1, 200) place cross join generate_series(0, 4) secret
                cross join lateral (select min(k) as step from generate_series(0, 9) k where data.told(secret + k, data.told_seed(sha256('x'), place, '')) is not null) s
                where 5 - s.step = secret), '<', 500::bigint, 'the step from hidden to told says nothing exact');
select cmp_ok((select count(*) from generate_series(1, 200) place cross join generate_series(0, 4) secret
                cross join lateral (select min(k) as step from generate_series(20, 29) k where data.told(secret + k, data.told_seed(sha256('x'), place, '')) = 25) s
                where 25 - s.step = secret), '<', 500::bigint, 'nor does the step from a multiple to the next');
select is((select count(*) from generate_series(1, 200) place cross join generate_series(0, 60) n
            where coalesce(data.told(n + 1, data.told_seed(sha256('x'), place, '')), 0) < coalesce(data.told(n, data.told_seed(sha256('x'), place, '')), 0)), 0::bigint,
          'more is never told as less: two periods, one in the other, would say where both stand');
select is((select round(avg(data.told(n, data.told_seed(sha256('x'), place, '')) - n), 1) from generate_series(7, 60) n cross join generate_series(1, 200) place), 0.0, 'and what is told is right on average');
select * from finish();
rollback;
