begin;
\ir fixture.inc
select plan(35);
set session authorization maillage_server;
select pg_temp.act('T-FT');

-- A report that comes late: the visit moved, or was cancelled, meanwhile.
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-09 14:30+02', 45, null, null);
create temp table v as select id, promise_id from data.visit where establishment_id = pg_temp.est('Boulangerie');
select api.visit_change((select id from v), 1, '2026-06-09 16:00+02', null, null, null, null);
reset session authorization;
select pg_temp.clock('2026-06-09 18:00+02');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select throws_ok($$ select api.report_write((select id from v), 'none', null, null, null, null, null, null, null, 1, null) $$, 'ML000', 'precondition_failed', 'written for another version of the visit');
select api.visit_change((select id from v), 2, null, null, null, 'cancelled', 'Grippe');
select throws_ok($$ select api.report_write((select id from v), 'none', null, null, null, null, null, null, null, 1, null) $$, 'ML000', 'visit_cancelled', 'a cancelled visit has no report');
select throws_ok($$ update data.visit set state = 'done' where id = (select id from v) $$, 'ML000', 'visit_not_reported', 'nor is it done by itself');
select throws_ok($$ select api.report_write((select id from v), 'none', null, null, null, null, null, null, null, 1, 'report') $$, 'ML000', 'visit_cancelled', 'for no other reason');
select lives_ok($$ select api.report_write((select id from v), 'later', '2026-06-09 17:00+02', null, '[{"rome": "G1602", "posts": 2}, {"rome": "G1602", "posts": 2}, {"rome": "F1703"}]',
    'Rappeler', '2026-06-20', 'Premier texte', 'Pour nous', 1, 'cancelled') $$, 'unless it took place all the same');
select is((select state from data.visit where id = (select id from v)), 'done', 'then it is done');
select is((select state from data.promise where id = (select promise_id from v)), 'kept', 'and the promise kept');
select is((select despite from data.report where visit_id = (select id from v)), 'cancelled', 'the report says so');

-- Corrected.
select throws_ok($$ select api.report_correct((select id from v), 7, 'later', null, null, null, null, null, 'x', null) $$, 'ML000', 'precondition_failed', 'not from another version');
select throws_ok($$ select api.report_correct((select id from v), 1, 'absent', null, null, null, null, null, 'x', null) $$, 'ML000', 'report_reached', 'who was met stays met');
select throws_ok($$ select api.report_correct((select id from v), 1, 'later', '2026-06-12 12:00+02', null, null, null, null, 'x', null) $$, 'ML000', 'report_in_the_future', 'not in the future');
select throws_ok($$ select api.report_correct((select id from v), 1, 'later', '0026-06-09 12:00+02', null, null, null, null, 'x', null) $$, 'ML000', 'report_long_ago', 'not before everything');
select throws_ok($$ select api.report_correct((select id from v), 1, 'later', null, null, null, null, '2026-06-30', 'x', null) $$, 'ML000', 'invalid', 'no date without an action');
select pg_temp.act('T-ML');
select throws_ok($$ select api.report_correct((select id from v), 1, 'later', null, null, null, null, null, 'x', null) $$, 'ML000', 'forbidden', 'nobody corrects for others');
select throws_ok($$ select api.report_correct(0, 1, 'later', null, null, null, null, null, 'x', null) $$, 'ML000', 'not_found', 'nor what is not there');
select pg_temp.act('T-FT');
select lives_ok($$ select api.report_correct((select id from v), 1, 'needs', null, null, '[{"rome": "G1602", "posts": 2}, {"rome": "F1703", "posts": 3}]',
    null, null, 'Second texte', 'Pour nous, mieux') $$, 'corrected');
select results_eq($$ select version, outcome, next_action, shared_note from data.report where visit_id = (select id from v) $$,
    $$ values (2, 'needs', null::text, 'Second texte') $$, 'the present text');
select results_eq($$ select version, outcome, next_action, shared_note, jsonb_array_length(needs) from data.report_revision where visit_id = (select id from v) $$,
    $$ values (1, 'later', 'Rappeler', 'Premier texte', 3) $$, 'the former text is kept whole');
select is((select replaced_by from data.report_revision where visit_id = (select id from v)), auth.member(), 'with who replaced it');
select results_eq($$ select rome, posts, state from data.need where visit_id = (select id from v) order by id $$,
    $$ values ('G1602' collate "C", 2::smallint, 'declared'), ('G1602', 2::smallint, 'abandoned'), ('F1703', 1::smallint, 'abandoned'), ('F1703', 3::smallint, 'declared') $$,
    'what is named again stays, the rest is abandoned or new');
select is((select count(*) from data.contact_event where visit_id = (select id from v)), 1::bigint, 'the employer was touched once');
select is((select count(*) from data.event where kind = 'report.corrected' and establishment_id = pg_temp.est('Boulangerie')), 1::bigint, 'the log tells it');
select is((select network_note from api.report_revision_row where visit_id = (select id from v)), 'Pour nous', 'one''s network reads its former note');
select lives_ok($$ select api.report_correct((select id from v), 2, 'needs', null, null, '[]', null, null, null, null) $$, 'corrected again');
select is(pg_temp.n('select 1 from data.report_note'), 0::bigint, 'a note taken out is gone from the report');
select is(pg_temp.n('select 1 from data.report_revision'), 2::bigint, 'and kept in the history');
select pg_temp.act('T-ML');
select is((select network_note from api.report_revision_row where visit_id = (select id from v) and version = 1), null, 'another network does not read it');
select is((select shared_note from api.report_revision_row where visit_id = (select id from v) and version = 1), 'Premier texte', 'the shared part it reads');
with u as (update data.report set shared_note = 'x' returning 1) select is((select count(*) from u), 0::bigint, 'nor does it write it');
select throws_ok($$ insert into data.report_revision select * from data.report_revision $$, '42501', null, 'nobody writes history');
select throws_ok($$ delete from data.report_revision $$, '42501', null, 'nor removes it');
select pg_temp.act('T-ETAT');
select is(pg_temp.n('select 1 from data.report_revision'), 0::bigint, 'an observer sees none of it');
reset session authorization;

-- Keys of requests: thirty days, answers eight, of one member not without end.
insert into data.idempotency (member_id, key, fingerprint, status, body, at)
select (select min(member_id) from who), 'purge-key-' || n, '\x01', 201, 'sealed', now() - make_interval(days => n) from generate_series(1, 40) n;
select data.idempotency_purge();
select is(pg_temp.n($$ select 1 from data.idempotency where key like 'purge-%' $$), 30::bigint, 'keys stay thirty days');
select is(pg_temp.n($$ select 1 from data.idempotency where key like 'purge-%' and body is not null $$), 8::bigint, 'answers eight');
insert into data.idempotency (member_id, key, fingerprint, at)
select (select min(member_id) from who), 'flood-key-' || n, '\x01', now() - interval '1 hour' from generate_series(1, 20001) n;
select data.idempotency_purge();
select is(pg_temp.n($$ select 1 from data.idempotency where key like 'purge-%' $$), 4::bigint, 'beyond twenty thousand the oldest go after four days');
select * from finish();
rollback;
