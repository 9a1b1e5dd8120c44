-- The living directory: who changes what of whom; communes without anybody, communes with several.
begin;
\ir fixture.inc
select plan(20);
update data.membership m set role = 'manager' from who w where w.member_id = m.member_id and w.short_name in ('T-FT', 'T-LYON');
update who set role = 'manager' where short_name in ('T-FT', 'T-LYON');
insert into data.organisation (network, territory_id, name, short_name) select 'ft', here, 'Test France Travail Montluçon', 'T-FT2' from t;
create function pg_temp.gaps(network text, what text) returns text language sql as $$
    select string_agg(c.value ->> 'code', ',' order by c.value ->> 'code')
      from json_array_elements(api.directory_gaps()) n cross join lateral json_array_elements(n.value -> gaps.what) c where n.value ->> 'network' = gaps.network $$;

create function pg_temp.told() returns bigint language sql security definer as $$ select count(*) from data.event where kind = 'organisation.changed' $$;

set session authorization maillage_server;
select pg_temp.act('T-FT');
select is(pg_temp.gaps('ft', 'overlaps'), '03185,03190', 'who names no area covers all: two agencies on both communes');
select is(pg_temp.gaps('ft', 'gaps'), null, 'and nothing is left');
select lives_ok($$ select api.organisation_change(auth.organisation(), 1, 'Agence de Moulins', 'https://agence.example', 'Le matin', '0465710010', 'contact@agence.example',
                                                  array['immersion', 'advice'], array['commune:03190']) $$, 'a manager says what the organisation is');
select is(pg_temp.gaps('ft', 'overlaps'), '03190', 'where it works is where it says');
select is((select string_agg(s.service, ',' order by s.service) from data.organisation_service s), 'advice,immersion', 'and what it offers');
select is((select version from data.organisation where id = pg_temp.org('T-FT')), 2, 'a version later');
select is(pg_temp.told(), 1::bigint, 'the log tells it once');
select throws_ok($$ select api.organisation_change(auth.organisation(), 1, null, null, null, null, null, '{}', '{}') $$, 'ML000', 'precondition_failed', 'from the version that was read');
select throws_ok($$ select api.organisation_change(auth.organisation(), 2, null, null, null, null, null, '{}', array['commune:69384']) $$, 'ML000', 'invalid', 'not a commune of others');
select throws_ok($$ select api.organisation_change(auth.organisation(), 2, null, null, null, null, null, '{}', array['planet:3']) $$, 'ML000', 'invalid', 'nor one that is not');
select throws_ok($$ select api.organisation_change(auth.organisation(), 2, null, null, null, null, null, array['magic'], '{}') $$, '23503', null, 'nor a service that is not');
select throws_ok($$ select api.organisation_change(auth.organisation(), 2, null, 'javascript:alert(1)', null, null, null, '{}', '{}') $$, '23514', null, 'nor an address that is a script');
select throws_ok($$ select api.organisation_change(pg_temp.org('T-FT2'), 1, 'Autre', null, null, null, null, '{}', '{}') $$, 'ML000', 'forbidden', 'nobody speaks for another');
select throws_ok($$ select api.organisation_change(pg_temp.org('T-LYON'), 1, 'Autre', null, null, null, null, '{}', '{}') $$, 'ML000', 'not_found', 'nor for another territory');
select throws_ok($$ update data.organisation set about = 'x' $$, '42501', null, 'nor around the function');
select throws_ok($$ insert into data.organisation_area values (1, 'commune:03190') $$, '42501', null, 'areas neither');
select pg_temp.act('T-ML');
select throws_ok($$ select api.organisation_change(auth.organisation(), 1, 'Moi', null, null, null, null, '{}', '{}') $$, 'ML000', 'forbidden', 'an adviser does not');
reset session authorization;
insert into data.organisation_area values (pg_temp.org('T-FT2'), 'commune:03190'), (pg_temp.org('T-PLIE'), 'commune:03185');
set session authorization maillage_server;
select pg_temp.act('T-CCI');
select is(pg_temp.gaps('ft', 'gaps'), '03185', 'a commune that nobody covers is told');
select is(pg_temp.gaps('plie', 'gaps'), '03190', 'network by network');
select is(pg_temp.gaps('ce', 'gaps'), null, 'not where somebody is');
select * from finish();
rollback;
