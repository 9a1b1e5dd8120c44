begin;
\ir fixture.inc
select plan(17);
insert into data.member (email, name) values ('chef@test.example', 'Responsable');
insert into data.membership (member_id, organisation_id, role) select id, pg_temp.org('T-FT'), 'manager' from data.member where name = 'Responsable';
create function pg_temp.open_tasks() returns setof text language sql security definer as
    $$ select t.kind || ' ' || m.name from data.task t join data.member m on m.id = t.member_id
        where t.done_at is null and t.kind ~ '^(report|action)' order by t.id $$;
set session authorization maillage_server;
select pg_temp.act('T-FT');
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-05 10:00+02', 45, null, null); -- a Friday
create temp table v as select id from data.visit;
reset session authorization;

select pg_temp.clock('2026-06-05 18:00+02');
select is(data.task_follow(), 0, 'nothing the same day');
select pg_temp.clock('2026-06-08 09:00+02');
select is(data.task_follow(), 1, 'the next working day the report is due');
select is(data.task_follow(), 0, 'once');
select results_eq($$ select pg_temp.open_tasks() $$, $$ values ('report.due Agent T-FT') $$, 'to who made the visit');
select pg_temp.clock('2026-06-09 09:00+02');
select is(data.task_follow(), 0, 'nobody else yet');
select pg_temp.clock('2026-06-10 09:00+02');
select is(data.task_follow(), 1, 'two working days later the manager hears of it');
select results_eq($$ select pg_temp.open_tasks() $$, $$ values ('report.due Agent T-FT'), ('report.late Responsable') $$, 'beside the adviser');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select is((select author ->> 'name' from api.task_row where kind = 'report.late'), 'Agent T-FT', 'told whose it is');
select api.report_write((select id from v), 'later', '2026-06-05 10:30+02', null, null, 'Rappeler', '2026-06-12', null, null);
reset session authorization;
select is(pg_temp.n('select pg_temp.open_tasks()'), 0::bigint, 'the report settles both');
select is(data.task_follow(), 0, 'what it announced is not due yet');
select pg_temp.clock('2026-06-12 09:00+02');
select is(data.task_follow(), 1, 'the day announced it is');
select pg_temp.clock('2026-06-16 09:00+02');
select is(data.task_follow(), 1, 'two working days later the manager hears of it');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select is((select action from api.task_row where kind = 'action.late'), 'Rappeler', 'told what was announced');
select api.task_settle((select id from data.task where kind = 'action.due'), null);
reset session authorization;
select is(pg_temp.n('select pg_temp.open_tasks()'), 0::bigint, 'put away by the adviser, it is put away for the manager');
select is(data.task_follow(), 0, 'and not raised again');

-- A correction that moves the date asks anew.
set session authorization maillage_server;
select pg_temp.act('T-FT');
select api.report_correct((select id from v), 1, 'later', null, null, null, null, null, 'Fait', null);
reset session authorization;
select is(data.task_follow(), 0, 'an action taken out is not asked for');
select is(pg_temp.n($$ select 1 from data.task where kind = 'action.due' $$), 1::bigint, 'each was raised once');
select * from finish();
rollback;
