-- Joint plans, attacked: who changes, who signs, what starts; versions and hashes; scenarios whose lines never change;
-- promises that come of an active version and nothing else.
begin;
\ir fixture.inc
select plan(69);
-- A manager for each of the four, and one more organisation of the territory that is no partner.
update data.membership m set role = 'manager' from who w where w.member_id = m.member_id and w.short_name in ('T-FT', 'T-ML', 'T-CE', 'T-PLIE');
update who set role = 'manager' where short_name in ('T-FT', 'T-ML', 'T-CE', 'T-PLIE');
insert into data.organisation (network, territory_id, name, short_name) select 'ft', here, 'Test France Travail Sud', 'T-SUD' from t;
insert into data.member (email, name) values ('t-sud@test.example', 'Agent T-SUD'), ('adviser@test.example', 'Conseillère T-ML'), ('adviser2@test.example', 'Conseiller T-FT');
insert into data.membership (member_id, organisation_id, role)
select m.id, pg_temp.org('T-SUD'), 'manager' from data.member m where m.email = 't-sud@test.example'
union all select m.id, pg_temp.org('T-ML'), 'adviser' from data.member m where m.email = 'adviser@test.example'
union all select m.id, pg_temp.org('T-FT'), 'adviser' from data.member m where m.email = 'adviser2@test.example';
insert into who select 'T-SUD', m.member_id, m.organisation_id, 'ft', (select here from t), 'manager' from data.membership m where m.organisation_id = pg_temp.org('T-SUD');
insert into who select 'T-ML-A', m.member_id, m.organisation_id, 'ml', (select here from t), 'adviser'
  from data.membership m join data.member p on p.id = m.member_id where p.email = 'adviser@test.example';

set session authorization maillage_server;
select pg_temp.act('T-ML');
create temp table s as select api.segment_make('Tous les employeurs', 'ml', true, '{"all": []}', null) as all_of, api.segment_make('Gardé', null, false, '{"all": []}', null) as kept;
grant select on s to public;
create function pg_temp.content(name text, more jsonb default '{}') returns jsonb language sql as $$
    select jsonb_build_object('name', name, 'starts_on', '2026-06-08', 'ends_on', '2026-07-31',
        'partners', jsonb_build_array(pg_temp.org('T-ML'), pg_temp.org('T-FT')),
        'segments', jsonb_build_array(jsonb_build_object('segment', (select all_of from s), 'version', 1)),
        'capacities', jsonb_build_array(jsonb_build_object('organisation', pg_temp.org('T-ML'), 'hours', 30),
                                        jsonb_build_object('organisation', pg_temp.org('T-FT'), 'hours', 30))) || more
$$;

-- Making and writing.
select throws_ok($$ select api.plan_make(pg_temp.content('Sans nous', jsonb_build_object('partners', jsonb_build_array(pg_temp.org('T-FT'))))) $$, 'ML000', 'forbidden', 'nobody plans for others only');
create temp table p as select api.plan_make(pg_temp.content('Plan d''été')) as id;
grant select on p to public;
select is((select (state, version, edit) from api.plan_row where id = (select id from p)), row ('draft'::text, 1, 1), 'a plan begins as a draft');
select is((select content #>> '{rules,visit_minutes}' from data.plan_version where plan_id = (select id from p)), '90', 'what is not said has its meaning written down');
select throws_ok($$ update data.plan_version set state = 'active' $$, '42501', null, 'the server writes no state by itself');
select throws_ok($$ insert into data.plan_signature (plan_id, version, organisation_id, member_id, answer, hash, at) select id, 1, auth.organisation(), auth.member(), 'signed', sha256('x'), now() from p $$, '42501', null, 'nor a signature');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('x'), null) $$, 'ML000', 'plan_content', 'a name has three letters');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Plan', '{"ends_on": "2026-06-01"}'), null) $$, 'ML000', 'plan_content', 'a period has an end behind its beginning');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Plan', jsonb_build_object('partners', jsonb_build_array(pg_temp.org('T-ML'), pg_temp.org('T-LYON')))), null) $$, 'ML000', 'plan_content', 'partners are of the territory');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Plan', jsonb_build_object('partners', jsonb_build_array(pg_temp.org('T-ML'), pg_temp.org('T-CCI')))), null) $$, 'ML000', 'plan_content', 'and partners');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Plan', jsonb_build_object('segments', jsonb_build_array(jsonb_build_object('segment', (select kept from s), 'version', 1)))), null) $$, 'ML000', 'plan_content', 'a private segment is no common ground');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Plan', jsonb_build_object('segments', jsonb_build_array(jsonb_build_object('segment', (select all_of from s), 'version', 9)))), null) $$, 'ML000', 'plan_content', 'a version exists');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Plan', '{"communes": ["69384"]}'), null) $$, 'ML000', 'plan_content', 'communes are of the territory');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Plan', jsonb_build_object('shares', jsonb_build_array(jsonb_build_object('organisation', pg_temp.org('T-ML'), 'least', 60, 'most', 50)))), null) $$, 'ML000', 'plan_content', 'a least is no more than a most');
select lives_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Plan d''été 2026'), 'Nom') $$, 'a partner changes it');
select throws_ok($$ select api.plan_save((select id from p), 1, pg_temp.content('Autre'), null) $$, 'ML000', 'plan_edit_taken', 'from what is there now');
select is((select count(*) from data.plan_edit), 2::bigint, 'each change is kept');
select pg_temp.act('T-SUD');
select is((select count(*) from api.plan_row), 1::bigint, 'other partners of the territory read it');
select throws_ok($$ select api.plan_save((select id from p), 2, pg_temp.content('Pris'), null) $$, 'ML000', 'forbidden', 'and do not change it');
select pg_temp.act('T-LYON');
select is((select count(*) from api.plan_row) + (select count(*) from data.plan_version) + (select count(*) from data.plan_edit), 0::bigint, 'another territory sees nothing');
select throws_ok($$ select api.plan_save((select id from p), 2, pg_temp.content('Pris'), null) $$, 'ML000', 'not_found', 'and finds nothing');
select pg_temp.act('T-ETAT');
select is((select count(*) from api.plan_row), 0::bigint, 'observers neither');

-- No proposal without a scenario; a scenario of what is there.
select pg_temp.act('T-ML');
select throws_ok($$ select api.plan_propose((select id from p), 2) $$, 'ML000', 'plan_without_scenario', 'what is signed has lines');
create temp table sc as select api.scenario_make((select id from p), 'Comme prévu', null) as a, api.scenario_make((select id from p), 'Autre', '{"weights": {"km": -5}}') as b;
grant select on sc to public;
select throws_ok($$ select api.scenario_make((select id from p), 'Faux', '{"weights": {"beauty": 5}}') $$, 'ML000', 'plan_content', 'a weight that exists');
select throws_ok($$ select api.plan_choose((select id from p), 2, (select a from sc)) $$, 'ML000', 'plan_scenario_stale', 'one that is computed');
select throws_ok($$ insert into data.plan_line (scenario_id, establishment_id, reason, why) select a, pg_temp.est('Scierie'), 'best', 'x' from sc $$, '42501', null, 'the server writes no line');
reset session authorization;
select is((select count(*) from data.job where kind = 'plan.scenario'), 2::bigint, 'the worker is asked');
select throws_ok($$ insert into data.plan_line (scenario_id, establishment_id, reason, why) select a, pg_temp.est('Scierie'), 'best', 'x' from sc $$, 'ML000', 'plan_fixed', 'no line before the worker has it in hand');
-- The worker's part, by its functions; lines written as the engine would.
set session authorization maillage_worker;
select is(data.scenario_begin((select a from sc)), (select id from p), 'the worker takes it');
select is((select array_agg(f.state order by f.id) from data.scenario_facts((select a from sc), array[pg_temp.est('Boulangerie'), pg_temp.est('Scierie'), pg_temp.est('Auberge'), pg_temp.est('Café')]) f), array['', ''], 'open employers of the territory');
select is((select (f.is_small, f.is_first, f.fits) from data.scenario_facts((select a from sc), array[pg_temp.est('Scierie')]) f), row (false, true, 4 + 1), 'what is known of one: twenty employees suit Cap emploi, ten France Travail');
select is((select sum(a.visits) from data.scenario_advisers((select a from sc)) a), 40::bigint, 'hours make visits');
select is((select array_agg(distinct (round(a.lon::numeric, 3), round(a.lat::numeric, 4))::text) from data.scenario_advisers((select a from sc)) a), array['(2.968,46.4525)'], 'who has no place of its own starts from the middle of the territory');
reset session authorization;
insert into data.plan_line (scenario_id, establishment_id, organisation_id, member_id, worth, reason, why)
select a, pg_temp.est('Boulangerie'), m.organisation_id, m.member_id, 50, 'best', 'x' from sc, data.membership m join data.member q on q.id = m.member_id and q.email = 'adviser@test.example'
union all select a, pg_temp.est('Scierie'), m.organisation_id, m.member_id, 60, 'best', 'x' from sc, data.membership m join data.member q on q.id = m.member_id and q.email = 'adviser2@test.example'
union all select a, pg_temp.est('Garage'), m.organisation_id, m.member_id, 40, 'best', 'x' from sc, data.membership m join data.member q on q.id = m.member_id and q.email = 'adviser2@test.example';
select is(data.scenario_done((select a from sc), '{}'), true, 'computed');
select is((select summary -> 'covered' from data.plan_scenario where id = (select a from sc)), '3'::jsonb, 'with its figures');
select throws_ok($$ update data.plan_line set why = 'y' $$, 'ML000', 'plan_fixed', 'its lines do not change');
select throws_ok($$ delete from data.plan_line $$, 'ML000', 'plan_fixed', 'nor go');
select throws_ok($$ update data.plan_scenario set summary = '{}' where id = (select a from sc) $$, 'ML000', 'plan_scenario_over', 'nor its figures');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok($$ select api.plan_choose((select id from p), 2, (select a from sc)) $$, 'chosen');
select pg_temp.act('T-ML-A');
select throws_ok($$ select api.plan_propose((select id from p), 3) $$, 'ML000', 'plan_not_signer', 'an adviser does not propose');
select pg_temp.act('T-ML');
select lives_ok($$ select api.plan_propose((select id from p), 3) $$, 'a manager does');

-- Signatures.
create function pg_temp.hash() returns text language sql security definer as $$ select encode(hash, 'hex') from data.plan_version v, p where v.plan_id = p.id order by version desc limit 1 $$;
select throws_ok($$ select api.plan_activate((select id from p), 1) $$, 'ML000', 'plan_transition', 'nothing starts unsigned');
select pg_temp.act('T-SUD');
select throws_ok($$ select api.plan_answer((select id from p), 1, pg_temp.hash(), 'signed', null) $$, 'ML000', 'plan_not_signer', 'no stranger signs');
select pg_temp.act('T-ML-A');
select throws_ok($$ select api.plan_answer((select id from p), 1, pg_temp.hash(), 'signed', null) $$, 'ML000', 'plan_not_signer', 'no adviser signs');
select pg_temp.act('T-ML');
select throws_ok($$ select api.plan_answer((select id from p), 1, encode(sha256('x'), 'hex'), 'signed', null) $$, 'ML000', 'plan_version_stale', 'nothing but this very text is signed');
select lives_ok($$ select api.plan_answer((select id from p), 1, pg_temp.hash(), 'signed', null) $$, 'signed by one');
select throws_ok($$ select api.plan_answer((select id from p), 1, pg_temp.hash(), 'refused', 'Finalement non') $$, 'ML000', 'plan_signed', 'a signature stands');
reset session authorization;
select throws_ok($$ update data.plan_version set state = 'agreed' where plan_id = (select id from p) $$, 'ML000', 'plan_unsigned', 'one signature of two is none, even for the superuser');
select throws_ok($$ update data.plan_version set content = content || '{"name": "Autre chose"}' where plan_id = (select id from p) $$, 'ML000', 'plan_fixed', 'what is proposed is fixed');
select throws_ok($$ update data.plan_version set hash = sha256('x') where plan_id = (select id from p) $$, 'ML000', 'plan_fixed', 'so is its hash');
select throws_ok($$ delete from data.plan_signature $$, 'ML000', 'plan_fixed', 'a signature is not removed');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select throws_ok($$ select api.plan_answer((select id from p), 1, pg_temp.hash(), 'refused', null) $$, '23514', null, 'a refusal has a reason');
select lives_ok($$ select api.plan_answer((select id from p), 1, pg_temp.hash(), 'refused', 'Trop peu pour nous') $$, 'refused');
select is((select deadlocked from api.plan_row where id = (select id from p)), true, 'a refusal shows');
-- A change after a signature: a new version, which asks again; the scenario still speaks of it when only words changed.
select lives_ok($$ select api.plan_save((select id from p), 3, pg_temp.content('Plan d''été, deuxième lecture'), 'Nouveau nom') $$, 'changed');
select is((select array_agg(state order by version) from data.plan_version where plan_id = (select id from p)), array['dropped', 'draft'], 'a new version; the other is void');
select api.plan_propose((select id from p), 4);
select throws_ok($$ select api.plan_answer((select id from p), 1, pg_temp.hash(), 'signed', null) $$, 'ML000', 'plan_version_stale', 'the old one is not signed');
select api.plan_answer((select id from p), 2, pg_temp.hash(), 'signed', null);
select pg_temp.act('T-ML');
select api.plan_answer((select id from p), 2, pg_temp.hash(), 'signed', null);
select is((select state from api.plan_row where id = (select id from p)), 'agreed', 'the last signature makes it agreed');

-- At work.
reset session authorization;
select throws_ok($$ insert into data.promise (establishment_id, organisation_id, member_id, due_on, plan_id, plan_version)
    select pg_temp.est('Boulangerie'), l.organisation_id, l.member_id, '2026-06-10', (select id from p), 2 from data.plan_line l where l.establishment_id = pg_temp.est('Boulangerie') $$,
    'ML000', 'plan_unsigned', 'no promise of a plan that does not run');
insert into data.opposition (establishment_id, organisation_id, at, reason) values (pg_temp.est('Garage'), pg_temp.org('T-ML'), data.now(), 'Ne veut pas');
-- Started on the 4th, four days before its first day: whoever rests until the 7th is free then, as the scenario says.
insert into data.standing (establishment_id, rest_until) values (pg_temp.est('Scierie'), '2026-06-07') on conflict (establishment_id) do update set rest_until = excluded.rest_until;
select is((select array_agg(f.state) from data.scenario_facts((select a from sc), array[pg_temp.est('Scierie')]) f), array[''], 'a rest that ends before the first day bars nobody');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok($$ select api.plan_activate((select id from p), 2) $$, 'started');
reset session authorization;
select is((select array_agg(concat_ws(' ', p.establishment_id = pg_temp.est('Scierie'), p.organisation_id = pg_temp.org('T-FT'), p.due_on) order by p.id)
             from data.promise p where p.state = 'active'),
          array['f f 2026-07-31', 't t 2026-07-31'], 'each line is a promise of who it names, within the period');
select is((select p.override_reason from data.promise p where p.establishment_id = pg_temp.est('Scierie')), 'Le délai de repos finit le 07/06/2026, avant le premier jour du plan.', 'promised with that reason');
select is((select array_agg(concat_ws(' ', k.reason, k.establishment_id = pg_temp.est('Garage'))) from data.plan_skip k), array['opposed t'], 'what became impossible is left out, with why');
select is((select count(*) from data.event where kind = 'promise.made'), 2::bigint, 'told once each');
select is((select count(*) from data.job where kind = 'promise.lapse'), 2::bigint, 'with their lapse');
-- An amendment that leaves a partner out is signed by that partner too; the version that runs goes on.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok($$ select api.plan_save((select id from p), 4, pg_temp.content('Plan réduit', jsonb_build_object(
    'partners', jsonb_build_array(pg_temp.org('T-ML'), pg_temp.org('T-CE')), 'capacities', '[]'::jsonb)), 'Sans France Travail') $$, 'amended');
select is((select (state, version_state, version, running) from api.plan_row where id = (select id from p)), row ('active'::text, 'draft'::text, 3, 2), 'what runs goes on');
select is(data.plan_signers((select id from p), 3) @> array[pg_temp.org('T-FT'), pg_temp.org('T-CE')], true, 'who is left out is asked, and who comes in');
select throws_ok($$ select api.plan_abandon((select id from p), 'Plus envie de ce plan') where false; select api.plan_evaluate((select id from p), 'Trop tôt') $$, 'ML000', 'plan_not_over', 'no plan is closed before its end');
select * from finish();
rollback;
