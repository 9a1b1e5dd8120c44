-- The sharing table of the design, attacked as the server's own role: what a query may see or write, row by row.
begin;
\ir fixture.inc
select plan(46);

-- Something of everything, by the Mission Locale.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.visit_plan(pg_temp.est('Scierie'), '2026-06-04 10:00+02', 45, null, null);
select api.report_write((select max(id) from data.visit), 'needs', null, null, '[{"rome": "G1602"}]', null, null, 'Partagé', 'Réservé au réseau');
insert into data.contact (establishment_id, organisation_id, member_id, person, shared) values
    (pg_temp.est('Scierie'), auth.organisation(), auth.member(), decode(repeat('ab', 60), 'hex'), true),
    (pg_temp.est('Scierie'), auth.organisation(), auth.member(), decode(repeat('ab', 60), 'hex'), false);
insert into data.source_file (kind, organisation_id, member_id, name, sha256, bytes, content)
values ('partner', auth.organisation(), auth.member(), 'liste.csv', sha256('x'), 1, 'x');

create temp table seen (short text, thing text, want bigint);
insert into seen values
    ('T-ML', 'data.establishment', 4), ('T-ML', 'data.contact', 2), ('T-ML', 'data.report', 1), ('T-ML', 'data.report_note', 1), ('T-ML', 'data.need', 1), ('T-ML', 'data.source_file', 1), ('T-ML', 'data.visit', 1),
    ('T-FT', 'data.establishment', 4), ('T-FT', 'data.contact', 1), ('T-FT', 'data.report', 1), ('T-FT', 'data.report_note', 0), ('T-FT', 'data.need', 1), ('T-FT', 'data.source_file', 0), ('T-FT', 'data.visit', 1),
    ('T-ETAT', 'data.establishment', 0), ('T-ETAT', 'data.contact', 0), ('T-ETAT', 'data.report', 0), ('T-ETAT', 'data.report_note', 0), ('T-ETAT', 'data.event', 0), ('T-ETAT', 'data.promise', 0),
    ('T-CCI', 'data.establishment', 0), ('T-CCI', 'data.contact', 0), ('T-CCI', 'data.event', 0), ('T-CCI', 'data.promise', 0),
    ('T-LYON', 'data.establishment', 1), ('T-LYON', 'data.contact', 0), ('T-LYON', 'data.report', 0), ('T-LYON', 'data.report_note', 0), ('T-LYON', 'data.event', 0), ('T-LYON', 'data.promise', 0);
create function pg_temp.sees(short text, thing text) returns bigint language plpgsql as $$
begin
    perform pg_temp.act(short);
    return pg_temp.n('select 1 from ' || thing);
end $$;
select is(pg_temp.sees(short, thing), want, short || ' sees ' || want || ' of ' || thing) from seen;

-- Writing for others, or without the right to write.
select pg_temp.act('T-FT');
select throws_ok($$ insert into data.promise (establishment_id, organisation_id, member_id, due_on)
    values (pg_temp.est('Garage'), pg_temp.org('T-ML'), (select member_id from who where short_name = 'T-ML'), '2026-06-25') $$, '42501', null, 'no promise in another organisation''s name');
select throws_ok($$ insert into data.promise (establishment_id, organisation_id, member_id, due_on)
    values (pg_temp.est('Garage'), auth.organisation(), (select member_id from who where short_name = 'T-ML'), '2026-06-25') $$, 'ML000', 'member_not_here', 'nor for somebody of another');
select throws_ok($$ insert into data.contact (establishment_id, organisation_id, member_id, person)
    values (pg_temp.est('Scierie'), pg_temp.org('T-ML'), auth.member(), decode(repeat('ab', 60), 'hex')) $$, '42501', null, 'no contact either');
with u as (update data.contact set person = decode(repeat('cd', 60), 'hex') where shared returning 1)
select is((select count(*) from u), 0::bigint, 'nor a change of another''s contact');
select throws_ok($$ delete from data.contact $$, '42501', null, 'nothing is deleted');
select throws_ok($$ insert into data.event (at, kind) values (now(), 'promise.made') $$, '42501', null, 'events are not forged');
select throws_ok($$ update data.event set kind = 'promise.kept' $$, '42501', null, 'nor changed');
select throws_ok($$ select * from data.session $$, '42501', null, 'sessions are not read');
select throws_ok($$ select password_hash from data.member $$, '42501', null, 'nor password hashes');
select throws_ok($$ select data.promise_lapse(1) $$, '42501', null, 'the steps of the worker are its own');
select throws_ok($$ select data.clock_set('2030-01-01') $$, '42501', null, 'the server does not set the clock');
select pg_temp.act('T-ETAT');
select throws_ok($$ select api.promise_make(pg_temp.est('Garage'), '2026-06-25', null) $$, 'ML000', 'not_found', 'an observer promises nothing');
select pg_temp.act('T-LYON');
select throws_ok($$ insert into data.contact (establishment_id, organisation_id, member_id, person)
    values (pg_temp.est('Scierie'), auth.organisation(), auth.member(), decode(repeat('ab', 60), 'hex')) $$, '42501', null, 'nothing on employers of another territory');

-- Observers: counts only, and none under five.
set session authorization postgres;
select data.fact_follow();
set session authorization maillage_server;
select pg_temp.act('T-ETAT');
select is((select bool_and(hidden and value is null) from api.indicator_figures('commune', '', 300, 330, null, null, null, null, null, 'visits') where n is null), true, 'cells under five are hidden');
select is((select count(*) from api.indicator_figures('commune', '', 300, 330, null, null, null, null, null, null) where n between 1 and 4 or out_of between 1 and 4), 0::bigint, 'no count of one to four is told');
select pg_temp.act('T-FT');
select is((select n from api.indicator_figures('commune', '', 300, 330, null, null, null, null, null, 'visits') where area = '03185'), 1::bigint, 'partners see the figures');
select * from finish();
rollback;
