-- Targets: who sets which, once each; how they stand; observers by their cells.
begin;
\ir fixture.inc
select plan(30);

update data.membership m set role = 'manager' from who w where w.member_id = m.member_id and w.short_name in ('T-FT', 'T-CE', 'T-LYON');
update who set role = 'manager' where short_name in ('T-FT', 'T-CE', 'T-LYON');
create function pg_temp.follow() returns integer language sql security definer as $$ select data.fact_follow() $$;
create function pg_temp.jan() returns integer language sql as $$ select data.month_number('2026-01')::integer $$;
insert into data.contact_event (establishment_id, organisation_id, kind, at)
select pg_temp.est((array['Boulangerie', 'Scierie', 'Garage'])[1 + g % 3]), pg_temp.org('T-FT'), 'visit', '2026-03-02 09:00+01'::timestamptz + g * interval '1 day' from generate_series(1, 12) g;
select pg_temp.follow();

-- How a figure stands to its goal.
select is(data.target_state(v.value, v.goal, v.better, v.unit, v.passed), v.state, v.why)
  from (values (null::numeric, 10::numeric, 'more', 'count', 0.5::numeric, 'unknown', 'nothing is known'),
               (0, 10, 'more', 'count', 0, 'ahead', 'a period to come'),
               (5, 10, 'more', 'count', 0.5, 'on_track', 'half of it at half time'),
               (4, 10, 'more', 'count', 0.5, 'behind', 'less than that'),
               (10, 10, 'more', 'count', 0.5, 'reached', 'all of it'),
               (9, 10, 'more', 'count', 1, 'missed', 'not all at the end'),
               (0.3, 0.3, 'more', 'percent', 0.1, 'reached', 'a share is where it should be'),
               (0.2, 0.3, 'more', 'percent', 0.1, 'behind', 'or not, however early'),
               (3, 10, 'less', 'count', 0.5, 'on_track', 'fewer than the time allows'),
               (7, 10, 'less', 'count', 0.5, 'behind', 'more than the time allows'),
               (11, 10, 'less', 'count', 0.5, 'missed', 'more than at all'),
               (0.04, 0.05, 'less', 'percent', 1, 'reached', 'below at the end')) v (value, goal, better, unit, passed, state, why);

set session authorization maillage_server;
select pg_temp.act('T-FT');
create temp table made as select api.target_set(auth.organisation(), 'visits', '', pg_temp.jan(), pg_temp.jan() + 11, 24) as id;
grant all on made to public;
select is((select concat_ws(' ', n, state, passed between 0.42 and 0.43) from api.target_figures(pg_temp.jan(), pg_temp.jan() + 11)), '12 on_track t', 'a target and what it comes to');
select is(api.target_set(auth.organisation(), 'visits', '', pg_temp.jan(), pg_temp.jan() + 11, 60), (select id from made), 'set again it is the same');
select is((select concat_ws(' ', goal, state, version) from api.target_figures(pg_temp.jan(), pg_temp.jan() + 11)), '60.0000 behind 2', 'with its new figure');
select is((select count(*) from api.target_figures(pg_temp.jan() - 24, pg_temp.jan() - 12)), 0::bigint, 'in its period only');
select throws_ok($$ select api.target_set(pg_temp.org('T-CE'), 'visits', '', pg_temp.jan(), pg_temp.jan() + 11, 24) $$, 'ML000', 'forbidden', 'nobody sets a target for another');
select throws_ok($$ select api.target_set(null, 'establishments', '', pg_temp.jan(), pg_temp.jan() + 11, 24) $$, 'ML000', 'invalid', 'what is not better one way or the other is no target');
select throws_ok($$ select api.target_set(null, 'visits', 'departement:69', pg_temp.jan(), pg_temp.jan() + 11, 24) $$, 'ML000', 'invalid', 'nor an area of others');
select throws_ok($$ select api.target_set(null, 'visits', '', pg_temp.jan(), pg_temp.jan() + 36, 24) $$, 'ML000', 'invalid', 'nor four years');
select throws_ok($$ select api.target_set(null, 'visits', '', pg_temp.jan(), pg_temp.jan() + 11, 0) $$, '23514', null, 'nor nothing');
select lives_ok($$ select api.target_set(null, 'visits', '', pg_temp.jan(), pg_temp.jan() + 11, 100) $$, 'a manager sets one of all together');
select pg_temp.act('T-CE');
select is((select count(*) from api.target_figures(pg_temp.jan(), pg_temp.jan() + 11)), 2::bigint, 'partners see them');
select lives_ok($$ select api.target_set(null, 'visits', '', pg_temp.jan(), pg_temp.jan() + 11, 120) $$, 'another manager changes that of all together');
select throws_ok($$ select api.target_drop((select id from made)) $$, 'ML000', 'forbidden', 'but not that of another');
select pg_temp.act('T-ML');
select throws_ok($$ select api.target_set(auth.organisation(), 'visits', '', pg_temp.jan(), pg_temp.jan() + 11, 24) $$, 'ML000', 'forbidden', 'an adviser sets none');
select pg_temp.act('T-LYON');
select throws_ok($$ select api.target_drop((select id from made)) $$, 'ML000', 'not_found', 'another territory finds none');
select pg_temp.act('T-ETAT');
select is((select count(*) from api.target_figures(pg_temp.jan(), pg_temp.jan() + 11) where n % 5 <> 0), 0::bigint, 'an observer has multiples of five');
select throws_ok('select * from data.target', '42501', null, 'the table is told by functions');
select pg_temp.act('T-CCI');
select is((select count(*) from api.target_figures(pg_temp.jan(), pg_temp.jan() + 11)), 0::bigint, 'a contributor has none');
select * from finish();
rollback;
