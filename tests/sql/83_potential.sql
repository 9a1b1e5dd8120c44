-- template: demo
-- Hiring potential: what partners know follows what happens, grows old by itself, and is what a computation anew gives; each
-- score is the sum of the parts that it tells; neither writer of a facet undoes the other.
begin;
set search_path = public, data, ext;
set client_min_messages = warning;
select plan(28);

create function pg_temp.wrong() returns bigint language sql as $$
    with anew as (select k.* from data.known_at(array(select id from data.facet), data.now()) k)
    select (select count(*) from (select * from anew except select * from data.known) x) + (select count(*) from (select * from data.known except select * from anew) y)
$$;
create function pg_temp.unsummed() returns bigint language sql as $$
    select count(*) from data.facet f left join data.known k on k.establishment_id = f.id
     where f.known <> coalesce(k.points, 0) or f.potential is distinct from greatest(0, least(100, f.base + f.known))
        or f.base is distinct from (select s.base from data.facet_source s where s.id = f.id)
$$;
select data.known_follow(1000000);
select is(pg_temp.wrong(), 0::bigint, 'what is known in the demo is what is known anew');
select is(pg_temp.unsummed(), 0::bigint, 'every potential is its base and what is known');
select cmp_ok((select count(*) from data.known where points > 0), '>', 200::bigint, 'needs and offers raise some');
select cmp_ok((select count(*) from data.known where points < 0), '>', 200::bigint, 'meetings that found nothing lower others');

-- What stays with an absorbed employer, as a survey's answer that both have, is known of nobody, and keeps nothing else from being known.
create temp table absorbed as
select k.establishment_id as id from data.known k join data.establishment e on e.id = k.establishment_id and e.merged_into is null
 where k.needs > 0 and not exists (select from data.establishment x where x.merged_into = e.id) order by 1 limit 1;
update data.establishment set merged_into = (select min(e.id) from data.establishment e where e.merged_into is null and e.id <> (select id from absorbed)) where id = (select id from absorbed);
delete from data.known where establishment_id = (select id from absorbed);
insert into data.known_touched (establishment_id) select id from absorbed;
select lives_ok('select data.known_follow(1000000)', 'an absorbed employer with a need stops nothing');
select is_empty('select from data.known k join absorbed a on a.id = k.establishment_id', 'and nothing is known of it');
update data.establishment set merged_into = null where id = (select id from absorbed);
insert into data.known_touched (establishment_id) select id from absorbed;
select data.known_follow(1000000);
select is(pg_temp.wrong(), 0::bigint, 'until it stands for itself again');

-- What is told of it, kind by kind, comes to its points.
select set_config('maillage.role', 'adviser', true), set_config('maillage.territory', (select id::text from data.territory where name = 'Allier'), true);
create temp table told as
with x as materialized (select k.establishment_id as id, api.potential_of(k.establishment_id) -> 'known' as p from data.known k) -- asked once each
select (p ->> 'points')::integer as points, greatest(-15, least(30, sum((y ->> 'points')::numeric)))::integer as made,
       (p ->> 'needs')::integer + (p ->> 'offers')::integer + (p ->> 'hired')::integer + (p ->> 'declined')::integer as n,
       sum((y ->> 'recent')::integer + (y ->> 'older')::integer)::integer as counted,
       bool_and((y ->> 'points')::numeric = sign((y ->> 'each')::integer)
                * least(abs((y ->> 'most')::integer), abs((y ->> 'each')::integer) * ((y ->> 'recent')::integer + (y ->> 'older')::integer / 2.0))) as follows
  from x
 cross join lateral json_array_elements(x.p -> 'parts') y
 group by x.id, x.p ->> 'points', n;
select cmp_ok((select count(*) from told), '>', 400::bigint, 'hundreds are told');
select is((select count(*) from told where points <> made or n <> counted or not follows), 0::bigint, 'and their points can be made again from what is told');
select set_config('maillage.role', '', true), set_config('maillage.territory', '', true);

-- The formula, one piece of evidence after the other.
update data.clock set test_allowed = true;
create temp table one as
select e.id, f.base, (select m.member_id from data.membership m join data.organisation o on o.id = m.organisation_id where o.network = 'ml' and m.role = 'adviser' limit 1) as member,
       (select o.id from data.organisation o where o.network = 'ml' limit 1) as organisation
  from data.establishment e join data.facet f on f.id = e.id
 where e.status = 'A' and f.known = 0 and f.base between 30 and 60 and not exists (select from data.known k where k.establishment_id = e.id)
   and not exists (select from data.report r where r.establishment_id = e.id)
 order by e.id limit 1;
create function pg_temp.known() returns integer language sql as $$ select f.potential - o.base from data.facet f join one o on o.id = f.id $$;
create function pg_temp.need() returns void language sql as $$
    insert into data.need (establishment_id, organisation_id, member_id, rome, posts, horizon, declared_at)
    select o.id, o.organisation, o.member, (select code from data.rome order by code limit 1), 1, 'now', data.now() from one o $$;
select is(pg_temp.known(), 0, 'nothing known, nothing added');
select pg_temp.need();
select is((select count(*) from data.known_touched t join one o on o.id = t.establishment_id), 1::bigint, 'a need is noted');
select data.known_follow();
select is(pg_temp.known(), 8, 'a need is eight points');
select is((select count(*) from data.segment_touched t join one o on o.id = t.establishment_id) > 0, true, 'segments look at the employer again');
select pg_temp.need();
select pg_temp.need();
select data.known_follow();
select is(pg_temp.known(), 16, 'three are sixteen, no more');

-- The register and a partner at once: each keeps the other's part.
update data.establishment set size_band = '41' where id = (select id from one);
select is((select f.potential = greatest(0, least(100, f.base + 16)) and f.base > o.base from data.facet f join one o on o.id = f.id), true, 'the register grows the base and keeps what is known');
update data.establishment set size_band = null where id = (select id from one);
update one set base = (select f.base from data.facet f where f.id = one.id);
select is(pg_temp.known(), 16, 'either way');

-- Time alone: after a year needs weigh half, after two nothing. Nothing else happens but the clock.
select data.clock_set((data.now() + interval '366 days')::timestamptz);
select cmp_ok((select count(*) from data.known where until <= data.today()), '>', 0::bigint, 'some of it grew old');
select data.known_follow(1000000);
select is(pg_temp.known(), 12, 'three needs of last year are twelve points');
select is((select count(*) from data.known where until <= data.today()), 0::bigint, 'nothing old waits');
select data.clock_set((data.now() + interval '366 days')::timestamptz);
select data.known_follow(1000000);
select is(pg_temp.known(), 0, 'after two years they are forgotten');
select is((select count(*) from data.known), 0::bigint, 'like all that was known');
select is(pg_temp.wrong() + pg_temp.unsummed(), 0::bigint, 'and all is as if made anew');

-- Told part by part.
select set_config('maillage.role', 'adviser', true), set_config('maillage.territory', (select id::text from data.territory where name = 'Allier'), true);
select is((select count(*) from (select f.id, f.base, api.potential_of(f.id) as p from data.facet f join data.establishment e on e.id = f.id and e.merged_into is null order by f.id limit 300) x
            where abs(x.base - round((p #>> '{size,points}')::numeric + (p #>> '{activity,points}')::numeric + (p #>> '{market,points}')::numeric)) > 1), 0::bigint,
          'the parts add up to the base, to a rounding');
select is(api.potential_of((select id from one)) ->> 'score', (select potential::text from data.facet where id = (select id from one)), 'the score is the one that rules use');
select set_config('maillage.role', 'observer', true);
select is(api.potential_of((select id from one))::text, null, 'an observer is told none');
select set_config('maillage.role', 'adviser', true), set_config('maillage.territory', '0', true);
select is(api.potential_of((select id from one))::text, null, 'nor is another territory');
set session authorization maillage_server;
select throws_ok('select * from data.known', '42501', null, 'the table is told by a function');
select throws_ok('select data.known_follow()', '42501', null, 'the server makes nothing anew');
select * from finish();
rollback;
