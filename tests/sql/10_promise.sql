begin;
\ir fixture.inc
select plan(30);
set session authorization maillage_server;
select pg_temp.act('T-FT');

select lives_ok($$ select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-25', null) $$, 'an adviser promises a visit');
select is((select lapses_on from data.promise where establishment_id = pg_temp.est('Boulangerie')), date '2026-07-02', 'it lapses five working days after its date');
select throws_ok($$ insert into data.promise (establishment_id, organisation_id, member_id, due_on)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), '2026-06-25') $$, '23505', null, 'a second active promise breaks promise_one_active');

select pg_temp.act('T-ML');
select throws_ok($$ select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-25', null) $$, 'ML000', 'promise_taken', 'another organisation is refused');
create function pg_temp.detail(query text) returns json language plpgsql as $$
declare d text;
begin
    execute query;
    return null;
exception when sqlstate 'ML000' then
    get stacked diagnostics d = pg_exception_detail;
    return d::json;
end $$;
select is(pg_temp.detail($$ select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-25', null) $$) -> 'holder' ->> 'due_on', '2026-06-25', 'and told until when');
select is(pg_temp.detail($$ select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-25', null) $$) #>> '{holder,organisation,short_name}', 'T-FT', 'and by whom');

select throws_ok($$ select api.promise_make(pg_temp.est('Scierie'), '2026-06-20', null) $$, 'ML000', 'due_not_working_day', 'a Saturday is refused');
select is(pg_temp.detail($$ select api.promise_make(pg_temp.est('Scierie'), '2026-06-20', null) $$) ->> 'next_working_day', '2026-06-22', 'and the next working day offered');
select throws_ok($$ select api.promise_make(pg_temp.est('Scierie'), '2026-07-14', null) $$, 'ML000', 'due_not_working_day', 'so is 14 July');
select throws_ok($$ select api.promise_make(pg_temp.est('Scierie'), '2026-06-03', null) $$, 'ML000', 'due_out_of_range', 'yesterday is refused');
select throws_ok($$ select api.promise_make(pg_temp.est('Scierie'), '2027-06-04', null) $$, 'ML000', 'due_out_of_range', 'a year ahead too');
select throws_ok($$ select api.promise_make(pg_temp.est('Auberge fermée'), '2026-06-25', null) $$, 'ML000', 'establishment_closed', 'a closed establishment is refused');
select throws_ok($$ select api.promise_make(pg_temp.est('Café lyonnais'), '2026-06-25', null) $$, 'ML000', 'not_found', 'another territory is not seen');

select lives_ok($$ select api.promise_make(pg_temp.est('Scierie'), '2026-06-25', null) $$, 'a free one is taken');
create temp table p as select id from data.promise where establishment_id = pg_temp.est('Scierie');
select throws_ok($$ select api.promise_change((select id from p), '2026-07-03', null, null) $$, 'ML000', 'reason_required', 'no extension without a reason');
select lives_ok($$ select api.promise_change((select id from p), '2026-07-03', null, 'Gérant absent') $$, 'extended with a reason');
select throws_ok($$ select api.promise_change((select id from p), '2026-07-02', null, 'Plus tôt') $$, 'ML000', 'due_out_of_range', 'never to an earlier date');
select lives_ok($$ select api.promise_change((select id from p), '2026-07-10', null, 'Encore') $$, 'twice');
select throws_ok($$ select api.promise_change((select id from p), '2026-07-17', null, 'Toujours') $$, 'ML000', 'promise_extended_enough', 'not three times');

select pg_temp.act('T-CE');
select throws_ok($$ select api.promise_change((select id from p), null, 'returned', 'Je la prends') $$, 'ML000', 'forbidden', 'nobody gives back for others');
with u as (update data.promise set state = 'returned', reason = 'attaque' where id = (select id from p) returning 1)
select is((select count(*) from u), 0::bigint, 'nor with an UPDATE of the server''s own role');

select pg_temp.act('T-ML');
select throws_ok($$ select api.promise_change((select id from p), null, 'returned', null) $$, 'ML000', 'reason_required', 'given back with a reason only');
select lives_ok($$ select api.promise_change((select id from p), null, 'returned', 'Hors de notre public') $$, 'given back');
select throws_ok($$ select api.promise_change((select id from p), '2026-07-16', null, 'Finalement') $$, 'ML000', 'promise_not_active', 'an ended promise does not move');
select pg_temp.act('T-CE');
select lives_ok($$ select api.promise_make(pg_temp.est('Scierie'), '2026-06-25', null) $$, 'and the establishment is free again');

-- Lapse: not on the last day of grace, and by itself the day after.
reset session authorization;
select pg_temp.clock('2026-07-02 23:59+02');
set session authorization maillage_worker;
select is(data.promise_lapse((select id from data.promise where establishment_id = pg_temp.est('Boulangerie') and state = 'active')), false, 'still kept on the last day of grace');
reset session authorization;
select pg_temp.clock('2026-07-03 00:00+02');
set session authorization maillage_worker;
select is(data.promise_lapse((select id from data.promise where establishment_id = pg_temp.est('Boulangerie') and state = 'active')), true, 'lapsed the day after');
select is((select count(*) from data.promise where establishment_id = pg_temp.est('Boulangerie') and state = 'lapsed'), 1::bigint, 'once');
reset session authorization;
select is((select array_agg(kind order by id) from data.event where establishment_id = pg_temp.est('Scierie')),
          array['promise.made', 'promise.extended', 'promise.extended', 'promise.returned', 'promise.made'], 'each step is in the log');
select is((select run_at from data.job where kind = 'promise.lapse' and payload ->> 'promise' = (select id::text from data.promise where establishment_id = pg_temp.est('Boulangerie'))),
          timestamptz '2026-07-03 00:00 Europe/Paris', 'and the lapse was planned');
select * from finish();
rollback;
