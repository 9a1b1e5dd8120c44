begin;
\ir fixture.inc
select plan(51);
set session authorization maillage_server;
select pg_temp.act('T-ML');

create function pg_temp.draft(title text, publics text[], contract text default 'cdi') returns bigint language sql as $$
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, publics)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), title, 'G1602', contract, publics) returning id $$;
create temp table o as select pg_temp.draft('Aide-boulanger', '{young}') as id;
select is((select state from data.offer where id = (select id from o)), 'draft', 'an offer begins as a draft');
select is((select commune_code from data.offer where id = (select id from o)), '03190', 'at the place of its establishment');
select throws_ok($$ update data.offer set state = 'open', reason = 'vite' where id = (select id from o) $$, 'ML000', 'offer_transition', 'it cannot open before it is confirmed');
select throws_ok($$ select api.offer_move((select id from o), 'confirm', null, null) $$, 'ML000', 'offer_not_confirmed', 'nor be confirmed with nobody');
select throws_ok($$ select pg_temp.draft('Mauvais public', '{martiens}') $$, 'ML000', 'invalid', 'unknown publics are refused');
select throws_ok($$ update data.offer set publics = '{young,martiens}' where id = (select id from o) $$, 'ML000', 'invalid', 'in a change too');
create temp table twice as select pg_temp.draft('Deux fois', '{young,longterm,young}') as id;
select is((select publics from data.offer where id = (select id from twice)), '{young,longterm}', 'what is said twice is said once');
select throws_ok($$ select pg_temp.draft('Deux choses à la fois', '{young,all}') $$, '23514', 'new row for relation "offer" violates check constraint "offer_publics_all"', 'all publics and one of them are refused');
select throws_ok($$ update data.offer set publics = '{all,young}' where id = (select id from o) $$, '23514', 'new row for relation "offer" violates check constraint "offer_publics_all"', 'nor is « all » added to one');
select lives_ok($$ select api.offer_move((select id from o), 'confirm', 'Mme Duret, gérante, au téléphone', null) $$, 'confirmed with the employer');
select is((select state from data.offer where id = (select id from o)), 'reserved', 'it is reserved at once');
select is((select opens_at from data.offer where id = (select id from o)), timestamptz '2026-06-19 10:00+02', 'for fifteen calendar days');
select is((select array_agg(network) from data.offer_routing where offer_id = (select id from o)), array['ml'], 'to the young, by the Mission Locale');
select throws_ok($$ update data.offer set title = 'Autre chose' where id = (select id from o) $$, 'ML000', 'offer_fixed', 'what was confirmed stays');
select throws_ok($$ update data.offer set opens_at = '2026-07-30' where id = (select id from o) $$, '42501', null, 'the server cannot move the opening');
select throws_ok($$ select api.offer_move((select id from o), 'open', null, ' ') $$, 'ML000', 'reason_required', 'early opening needs a reason');
select is((select count(*) from api.public_offers(null, null, null, null, 50)), 0::bigint, 'the public does not see it');

select pg_temp.act('T-FT');
select is(pg_temp.n('select 1 from data.offer'), 0::bigint, 'nor do networks that it is not routed to');
select is(pg_temp.n('select 1 from data.offer_step'), 0::bigint, 'nor its steps');
select is(pg_temp.n($$ select 1 from data.event where kind like 'offer.%' $$), 0::bigint, 'nor its events');
select throws_ok($$ select api.offer_fill((select id from o), null, null) $$, 'ML000', 'not_found', 'nor can they fill it');
select pg_temp.act('T-ETAT');
select is(pg_temp.n('select 1 from data.offer'), 0::bigint, 'observers see none');
select pg_temp.act('T-CE');
create temp table o2 as select pg_temp.draft('Opérateur adapté', '{disabled,longterm}') as id;
select api.offer_move((select id from o2), 'confirm', 'M. Roux', null);
select is((select array_agg(network order by network) from data.offer_routing where offer_id = (select id from o2)), array['ce', 'plie'], 'routing follows the publics');
select pg_temp.act('T-PLIE');
select is(pg_temp.n('select 1 from data.offer'), 1::bigint, 'a network that the routing names sees it');
select throws_ok($$ select api.offer_fill((select id from o2), null, null) $$, 'ML000', 'forbidden', 'but does not decide');
select pg_temp.act('T-FT');
create temp table o3 as select pg_temp.draft('Emploi aidé', '{all}', 'subsidised') as id;
select api.offer_move((select id from o3), 'confirm', 'Mme Blanc', null);
select is((select array_agg(network order by network) from data.offer_routing where offer_id = (select id from o3)), array['ft', 'ml'], 'subsidised contracts go to the Mission Locale');

-- Opening: never before its minute, once, never after filled.
grant select on o, o2 to public;
reset session authorization;
select pg_temp.clock('2026-06-19 09:59:59+02');
set session authorization maillage_worker;
select is(data.offer_open((select id from o)), false, 'not one second early');
select throws_ok($$ update data.offer set state = 'open' where id = (select id from o) $$, '42501', null, 'the worker has no other way');
reset session authorization;
select throws_ok($$ update data.offer set state = 'open' where id = (select id from o) $$, 'ML000', 'offer_not_due', 'not even the owner');
set session authorization maillage_server;
select pg_temp.act('T-CE');
select lives_ok($$ select api.offer_fill((select id from o2), null, 'Deux candidats recrutés') $$, 'filled at the last minute');
reset session authorization;
select pg_temp.clock('2026-06-19 10:00+02');
set session authorization maillage_worker;
select is(data.offer_open((select id from o)), true, 'opened at its minute');
select is(data.offer_open((select id from o)), false, 'once');
select is(data.offer_open((select id from o2)), false, 'never when filled');
select is((select count(*) from data.offer_step where offer_id = (select id from o) and to_state = 'open'), 1::bigint, 'one step');
select is((select count(*) from data.publication where offer_id = (select id from o)), 1::bigint, 'one publication');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select is(pg_temp.n($$ select 1 from data.offer where title = 'Aide-boulanger' $$), 1::bigint, 'everybody sees it now');
create function pg_temp.found(q text, sort text default 'newest', states text[] default null) returns text language sql as $$
    select string_agg(o.title, ', ' order by u.n) from api.offer_find(q, states, false, sort, null, null, 9) with ordinality u (id, at, n) join data.offer o on o.id = u.id $$;
select is(pg_temp.found('boulangerie AIDE'), 'Emploi aidé, Aide-boulanger', 'found by words of its title and of its employer');
select is(pg_temp.found('operateur'), null, 'one that the reader may not see is not');
select pg_temp.act('T-LYON');
select is(pg_temp.found('aide moulins'), 'Aide-boulanger', 'from afar by its title and place');
select is(pg_temp.found('aide du test'), null, 'and not by an employer that one does not see');
reset session authorization;
update data.establishment set brand = 'Le Fournil' where id = pg_temp.est('Boulangerie');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select is(pg_temp.found('fournil aide'), 'Emploi aidé, Aide-boulanger', 'an employer that is called otherwise is found by its new name');
create temp table o4 as select pg_temp.draft('Commis de salle', '{young}') as id union all select pg_temp.draft('Chef de rang', '{young}');
select api.offer_move(o4.id, 'confirm', 'Mme Blanc', null) from o4;
reset session authorization;
update data.clock set set_to = '2026-07-01 10:00+02';
set session authorization maillage_server;
create temp table o5 as select pg_temp.draft('Plonge', '{young}') as id;
select api.offer_move((select id from o5), 'confirm', 'Mme Blanc', null);
select is(pg_temp.found(null, 'newest', '{reserved}'), 'Plonge, Chef de rang, Commis de salle, Emploi aidé', 'the newest of those reserved');
select is(pg_temp.found(null, 'soonest', '{reserved}'), 'Emploi aidé, Commis de salle, Chef de rang, Plonge', 'or those that open soonest');
select is((select string_agg(o.title, ', ' order by u.n) from api.offer_find(null, '{reserved}', false, 'soonest', null, null, 9) p
            cross join lateral api.offer_find(null, '{reserved}', false, 'soonest', p.at, p.id, 9) with ordinality u (id, at, n) join data.offer o on o.id = u.id
           where p.id = (select min(id) from o4)), 'Chef de rang, Plonge', 'and what follows it');
select pg_temp.clock('2026-06-19 10:00+02');
select pg_temp.act('T-CCI');
select is(pg_temp.n('select 1 from data.offer'), 1::bigint, 'contributors too, and no other');
select is(concat_ws('; ', pg_temp.found('aide moulins'), pg_temp.found('aide', 'soonest'), pg_temp.found(null)), 'Aide-boulanger; Aide-boulanger; Aide-boulanger', 'found in each order');
select is(concat_ws('; ', pg_temp.found('boulangerie du test'), pg_temp.found('aide', 'newest', '{reserved}')), '', 'not by an employer that they do not see, nor in a state that they do not');
select is((select title from api.public_offers('boulanger', null, null, null, 50)), 'Aide-boulanger', 'and the public board');
select pg_temp.act('T-ML');
select throws_ok($$ select api.offer_move((select id from o), 'withdraw', null, null) $$, 'ML000', 'reason_required', 'withdrawn with a reason');
select lives_ok($$ select api.offer_fill((select id from o), null, null) $$, 'filled');
select is((select count(*) from api.public_offers(null, null, null, null, 50)), 0::bigint, 'and off the board');
select * from finish();
rollback;
