begin;
\ir fixture.inc
select plan(9);
set session authorization maillage_server;
select pg_temp.act('T-FT');
select api.promise_make(pg_temp.est('Garage'), '2026-06-25', null);
reset session authorization;
select throws_ok($$ update data.event set kind = 'promise.kept' $$, 'ML000', 'event_frozen', 'not even the owner changes the log');
select throws_ok($$ delete from data.event $$, 'ML000', 'event_frozen', 'nor shortens it');
select throws_ok($$ truncate data.event cascade $$, 'ML000', 'event_frozen', 'nor empties it');
select is(data.event_seal_next(), 0, 'one''s own open transaction is not sealed');
-- As if written by transactions of long ago.
insert into data.event (xid, at, kind) select '3'::xid8, now(), 'test.event' from generate_series(1, 5);
select is(data.event_seal_next(), 5, 'finished ones are');
select is((select broken_event from data.event_verify()), null, 'the chain holds');
select is((select sealed from data.event_verify()), (select count(*) from data.event_seal), 'over all seals');
alter table data.event disable trigger event_frozen;
update data.event set data = '{"changed": true}' where id = (select event_id from data.event_seal order by position desc offset 2 limit 1);
select is((select broken_event from data.event_verify()), (select event_id from data.event_seal order by position desc offset 2 limit 1), 'a changed event is found');
alter table data.event_seal disable trigger event_seal_frozen;
delete from data.event_seal where position = (select max(position) - 3 from data.event_seal);
select isnt((select broken_event from data.event_verify()), null, 'so is a missing seal');
select * from finish();
rollback;
