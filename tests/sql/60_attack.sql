-- Ids of others, given where one's own are expected: what the server may be led to do by a request that is well formed.
begin;
\ir fixture.inc
select plan(19);

-- A report of the Mission Locale with a need, a kept contact, a reserved offer; a value from its file.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.visit_plan(pg_temp.est('Scierie'), '2026-06-04 10:00+02', 45, null, null) as visit \gset
select api.report_write(:visit, 'needs', null, null, '[{"rome": "G1602"}]', null, null, 'Partagé', 'Réservé au réseau');
select max(id) as need from data.need \gset
insert into data.contact (establishment_id, organisation_id, member_id, person, shared)
values (pg_temp.est('Scierie'), auth.organisation(), auth.member(), decode(repeat('ab', 60), 'hex'), false) returning id as contact \gset
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract)
values (pg_temp.est('Garage'), auth.organisation(), auth.member(), 'Mécanicien', 'G1602', 'cdi') returning id as offer \gset
select api.offer_move(:offer, 'confirm', 'Mme Test', null);
reset session authorization;
insert into data.source_file (kind, organisation_id, name, sha256, bytes, received_at, state)
values ('partner', pg_temp.org('T-ML'), 'liste.csv', sha256('a'), 1, now(), 'done') returning id as file \gset
insert into data.source_record (file_id, line, received, state) values (:file, 1, '{}', 'linked') returning id as record \gset
insert into data.establishment_value (establishment_id, field, value, source_record_id, rule, since)
values (pg_temp.est('Scierie'), 'phone', '0470000000', :record, 'only', now());
-- The same note, as if the other territory's network had written it.
insert into data.organisation (network, territory_id, name, short_name) select 'ml', far, 'Test Mission Locale Lyon', 'T-MLL' from t;
insert into who select 'T-MLL', null, id, 'ml', territory_id, 'adviser' from data.organisation where short_name = 'T-MLL';
set session authorization maillage_server;

-- What one's offer says it comes from.
create function pg_temp.offer_from(establishment bigint, need bigint, visit bigint) returns text language sql as $$
    select format('insert into data.offer (establishment_id, organisation_id, member_id, need_id, visit_id, title, rome, contract)
                   values (%s, auth.organisation(), auth.member(), %L, %L, ''Pris'', ''G1602'', ''cdi'')', establishment, need, visit)
$$;
select pg_temp.act('T-LYON');
select throws_ok(pg_temp.offer_from(pg_temp.est('Café lyonnais'), :need, null), 'ML000', 'invalid', 'no offer from a need of an employer out of sight');
select throws_ok(pg_temp.offer_from(pg_temp.est('Café lyonnais'), null, :visit), 'ML000', 'invalid', 'nor from a visit to one');
select pg_temp.act('T-FT');
select throws_ok(pg_temp.offer_from(pg_temp.est('Garage'), :need, null), 'ML000', 'invalid', 'nor from a need of another employer');
select is((select state from data.need where id = :need), 'declared', 'the need is as it was');
select lives_ok(pg_temp.offer_from(pg_temp.est('Scierie'), :need, :visit), 'an offer from a need of its employer');

-- Whom a report says one met.
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-04 10:00+02', 45, null, null) as visit \gset
select throws_ok(format($$ select api.report_write(%s, 'none', null, %s, null, null, null, null, null) $$, :visit, :contact), 'ML000', 'invalid',
    'no report names a contact of another employer');

-- Functions that read past the policies keep to the territory themselves.
select is(pg_temp.n(format('select api.provenance(%s)', pg_temp.est('Scierie'))), 1::bigint, 'a partner sees where a value comes from');
select is(pg_temp.n($$ select api.establishment_match('90000000200019') $$), 1::bigint, 'and finds a SIRET');
select pg_temp.act('T-LYON');
select is(pg_temp.n(format('select api.provenance(%s)', pg_temp.est('Scierie'))), 0::bigint, 'not from another territory');
select is(pg_temp.n($$ select api.establishment_match('90000000200019') $$), 0::bigint, 'nor a SIRET there');
select is(pg_temp.n('select from api.establishment_line') || ' ' || pg_temp.n($$ select api.establishment_match('test') $$), '1 1', 'the list stops at the territory');
select pg_temp.act('T-MLL');
select is(pg_temp.n('select from data.report_note'), 0::bigint, 'a network''s note stays in the territory of its employer');
select pg_temp.act('T-ML');
select is(pg_temp.n('select from data.report_note'), 1::bigint, 'where the network reads it');

-- Those who see no employer.
select pg_temp.act('T-ETAT');
select is(pg_temp.n('select from api.establishment_line') || ' ' || pg_temp.n($$ select api.establishment_match('test') $$) || ' '
          || pg_temp.n(format('select api.provenance(%s)', pg_temp.est('Scierie'))), '0 0 0', 'an observer finds nothing of an employer');
select pg_temp.act('T-CCI');
select is(pg_temp.n('select from api.indicator_figures(''all'', '''', 300, 330, null, null, null, null, null, null)') || ' ' || pg_temp.n('select from api.establishment_line'), '0 0', 'a contributor has no figures');

-- Nobody's identity: no session was named.
select set_config('maillage.' || name, '', true) from unnest(array['member', 'organisation', 'network', 'territory', 'role']) name;
select is(pg_temp.n('select from data.establishment') + pg_temp.n('select from api.establishment_line') + pg_temp.n('select from data.offer')
          + pg_temp.n('select from data.event') + pg_temp.n('select from api.indicator_figures(''all'', '''', 300, 330, null, null, null, null, null, null)'), 0::bigint, 'nobody sees nothing');

-- What a definer function calls is found in the schema, not in what its caller made.
create function pg_temp.sha256(bytea) returns bytea language sql as $$ select '\x00'::bytea $$;
create temp table membership (member_id bigint, organisation_id bigint, role text, ended_on date);
select throws_ok($$ select auth.session_switch('\x00', 1) $$, 'ML000', 'forbidden', 'a temporary table does not stand in for the real one');
select throws_ok($$ create function data.mine() returns int language sql as 'select 1' $$, '42501', null, 'the server makes nothing in the schema');
select throws_ok($$ set role maillage_owner $$, '42501', null, 'and becomes nobody else');
select * from finish();
rollback;
