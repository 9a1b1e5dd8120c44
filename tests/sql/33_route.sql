begin;
\ir fixture.inc
select plan(26);

create function pg_temp.kept(title text, rome text, publics text[], contract text default 'cdi') returns bigint language plpgsql as $$
declare
    made bigint;
begin
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, publics)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), title, rome, contract, publics) returning id into made;
    perform api.offer_move(made, 'confirm', 'Mme Duret', null);
    return made;
end $$;
create function pg_temp.went(offer bigint) returns text language sql as $$
    select string_agg(w.network, ',' order by w.network) from data.offer_routing w where w.offer_id = went.offer $$;
create function pg_temp.goes(publics text[], contract text, rome text, whose text default 'T-FT') returns text language sql as $$
    select string_agg(w, ',' order by w) from data.offer_networks((select id from data.organisation where short_name = whose), publics, contract, rome) w $$;

-- What was so for everybody before agreements said it.
select is(pg_temp.goes('{young}', 'cdi', 'G1602'), 'ft,ml', 'to the young: the Mission Locale too');
select is(pg_temp.goes('{disabled,longterm}', 'cdi', 'G1602'), 'ce,ft,plie', 'several publics, several networks');
select is(pg_temp.goes('{}', 'subsidised', 'G1602'), 'ft,ml', 'a contract leads to a network');
select is(pg_temp.goes('{}', null, null), 'ft', 'what nothing is said of stays with the network of its collector');

set session authorization maillage_server;
select pg_temp.act('T-FT');
create temp table before as select pg_temp.kept('Commis avant', 'G1602', '{}') as id;
grant select on before to public;
select is(pg_temp.went((select id from before)), 'ft', 'reserved under the version in force');
select throws_ok($$ select data.agreement_route_change('ft', 'rome', 'G16', 'ml', false, false) $$, '42501', null, 'nobody changes an agreement from a page');
select throws_ok($$ insert into data.agreement_route (agreement_id, rome, network) values (1, 'G16', 'ml') $$, '42501', null, 'nor by writing its routes');
reset session authorization;

-- By occupation, too or only.
select is(data.agreement_route_change('ft', 'rome', 'G16', 'ml', false, false), 1, 'a first version for one network');
select is(pg_temp.goes('{}', 'cdi', 'G1602'), 'ft,ml', 'the beginning of a code is that of many occupations');
select is(pg_temp.goes('{}', 'cdi', 'M1607'), 'ft', 'and no other');
select is(pg_temp.goes('{disabled}', 'cdi', 'G1602'), 'ce,ft,ml', 'what the common agreement said is in it');
select is(pg_temp.goes('{}', 'cdi', 'G1602', 'T-CE'), 'ce', 'another network keeps its own');
select is(data.agreement_route_change('ft', 'contract', 'apprenticeship', 'ml', true, false), 2, 'another version');
select is(pg_temp.goes('{disabled}', 'apprenticeship', 'M1607'), 'ml', 'straight to the Mission Locale, whatever else leads elsewhere');
select is(data.agreement_route_change('ft', 'rome', 'G16', 'ml', true, false), 3, 'said again, it is said otherwise');
select is(pg_temp.goes('{}', 'cdi', 'G1602'), 'ml', 'there only now');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select is(pg_temp.went(pg_temp.kept('Commis après', 'G1602', '{}')), 'ml', 'an offer confirmed now goes there only');
select is((select count(*) from data.offer where title = 'Commis après'), 1::bigint, 'its collector sees it all the same');
select is(pg_temp.went((select id from before)), 'ft', 'one that was reserved stays where it went');
reset session authorization;
select is(data.agreement_change('ft', '{"reservation_days": 10}'), 4, 'a version with another term');
select is(pg_temp.goes('{}', 'cdi', 'G1602'), 'ml', 'has the same routes');
select is(data.agreement_route_change('ft', 'rome', 'G16', 'ml', false, true), 5, 'a route is taken away');
select is(pg_temp.goes('{}', 'cdi', 'G1602'), 'ft', 'and leads nowhere any more');
select throws_ok($$ select data.agreement_route_change('ft', 'rome', 'G16', 'ml', false, true) $$, 'ML000', 'not_found', 'what is not there cannot be taken away');
select throws_ok($$ select data.agreement_route_change('ft', 'rome', 'G16', 'cci', false, false) $$, 'ML000', 'invalid', 'offers go to partners');
select throws_ok($$ select data.agreement_route_change('ft', 'rome', 'boulanger', 'ml', false, false) $$, '23514', null, 'an occupation is a code or its beginning');
select * from finish();
rollback;
