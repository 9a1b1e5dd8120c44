begin;
\ir fixture.inc
select plan(30);
set session authorization maillage_server;
select pg_temp.act('T-FT');

select lives_ok($$ select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-09 14:30+02', 45, null, null) $$, 'a visit is planned, and promised on the way');
create temp table v as select id, promise_id from data.visit where establishment_id = pg_temp.est('Boulangerie');
select is((select due_on from data.promise where id = (select promise_id from v)), date '2026-06-09', 'the promise is due the day of the visit');
select throws_ok($$ select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-10 14:30+02', 45, null, null) $$, 'ML000', 'visit_already_planned', 'one planned visit at a time');
select throws_ok($$ select api.visit_change((select id from v), 1, '2026-07-20 10:00+02', null, null, null, null) $$, 'ML000', 'visit_after_due', 'not moved beyond the promise');
select throws_ok($$ select api.visit_change((select id from v), 7, '2026-06-09 15:00+02', null, null, null, null) $$, 'ML000', 'precondition_failed', 'not moved from another version');
select lives_ok($$ select api.visit_change((select id from v), 1, '2026-06-09 15:00+02', null, null, null, null) $$, 'moved');
select throws_ok($$ update data.visit set state = 'done' where id = (select id from v) $$, 'ML000', 'visit_not_reported', 'done only by its report');

select pg_temp.act('T-ML');
select throws_ok($$ select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-09 14:30+02', 45, null, null) $$, 'ML000', 'promise_taken', 'others are told who goes');
select throws_ok($$ select api.report_write((select id from v), 'needs', null, null, '[]', null, null, 'Vu.', null) $$, 'ML000', 'forbidden', 'nobody reports for others');

reset session authorization;
select pg_temp.clock('2026-06-09 16:00+02');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select throws_ok($$ select api.report_write((select id from v), 'needs', '2026-06-10 16:00+02', null, '[]', null, null, null, null) $$, 'ML000', 'report_in_the_future', 'no report of tomorrow');
select throws_ok($$ select api.report_write((select id from v), 'needs', '1970-01-01 00:03+00', null, '[]', null, null, null, null) $$, 'ML000', 'report_long_ago', 'nor of a telephone whose clock began anew');
select lives_ok($$ select api.report_write((select id from v), 'needs', null, null,
    '[{"rome": "G1602", "posts": 2, "horizon": "quarter"}, {"rome": "F1703"}]', 'Rappeler', '2026-06-20', 'Accueil cordial.', 'Gérante pressée, appeler tôt.') $$, 'reported');
select is((select state from data.visit where id = (select id from v)), 'done', 'the visit is done');
select is((select state from data.promise where id = (select promise_id from v)), 'kept', 'the promise is kept');
select is((select count(*) from data.need where visit_id = (select id from v)), 2::bigint, 'needs are recorded');
select is((select sum(posts) from data.need where visit_id = (select id from v)), 3::bigint, 'with their posts');
select throws_ok($$ select api.report_write((select id from v), 'none', null, null, '[]', null, null, null, null) $$, 'ML000', 'visit_done', 'once');
select is((select rest_until from data.standing where establishment_id = pg_temp.est('Boulangerie')), date '2026-08-08', 'the rest period begins');
select is((select state from api.establishment_line where id = pg_temp.est('Boulangerie')), 'resting', 'and the list says so');

select pg_temp.act('T-CE');
select throws_ok($$ select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-25', null) $$, 'ML000', 'establishment_resting', 'nobody solicits during the rest');
select lives_ok($$ select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-25', 'Accord du gérant par téléphone') $$, 'unless a reason is given');
select is((select override_reason from data.promise where establishment_id = pg_temp.est('Boulangerie') and state = 'active'), 'Accord du gérant par téléphone', 'which is kept');
select is(pg_temp.n('select 1 from data.report_note'), 0::bigint, 'the note of a network is not another network''s');
select is((select shared_note from data.report where visit_id = (select id from v)), 'Accueil cordial.', 'the shared note is');
select pg_temp.act('T-FT');
select is((select note from data.report_note where visit_id = (select id from v)), 'Gérante pressée, appeler tôt.', 'one''s own network reads its note');

-- An employer who refuses is left alone by everybody, at once.
select lives_ok($$ insert into data.opposition (establishment_id, organisation_id, member_id, reason)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'Ne souhaite plus être contacté') $$, 'an opposition is recorded');
select is((select state from api.establishment_line where id = pg_temp.est('Boulangerie')), 'opposed', 'the list says so');
select is((select count(*) from data.promise where establishment_id = pg_temp.est('Boulangerie') and state = 'active'), 0::bigint, 'the promise of another partner ended');
select pg_temp.act('T-PLIE');
select throws_ok($$ select api.promise_make(pg_temp.est('Boulangerie'), '2026-12-18', 'Insister') $$, 'ML000', 'establishment_opposed', 'no reason overrides it');
with u as (update data.opposition set lifted_at = now(), lifted_reason = 'x' where establishment_id = pg_temp.est('Boulangerie') returning 1)
select is((select count(*) from u), 0::bigint, 'nobody lifts it for others');
select * from finish();
rollback;
