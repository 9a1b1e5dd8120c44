-- Promises that change hands: transfers, many at once, absences, teams, joint visits, employers proposed again.
begin;
\ir fixture.inc
select plan(89);
-- A colleague and a manager in each of the first three.
insert into data.member (email, name)
select v.kind || '-' || lower(o.short_name) || '@test.example', v.name || ' ' || o.short_name
  from data.organisation o, (values ('second', 'Second'), ('chief', 'Chef')) v (kind, name) where o.short_name in ('T-FT', 'T-ML', 'T-CE', 'T-PLIE');
insert into data.membership (member_id, organisation_id, role)
select m.id, o.id, case when m.email like 'chief%' then 'manager' else 'adviser' end
  from data.organisation o join data.member m on m.email like '%-' || lower(o.short_name) || '@test.example';
insert into who select case when m.role = 'manager' then 'chief ' else 'second ' end || o.short_name, m.member_id, m.organisation_id, o.network, o.territory_id, m.role
  from data.membership m join data.member p on p.id = m.member_id join data.organisation o on o.id = m.organisation_id
 where p.email ~ '^(second|chief)-';
create function pg_temp.who(short text) returns bigint language sql as $$ select member_id from who where short_name = short $$;
create function pg_temp.promised(est text) returns data.promise language sql as
    $$ select p from data.promise p where p.establishment_id = pg_temp.est(est) and p.state = 'active' $$;
create function pg_temp.detail(query text) returns json language plpgsql as $$
declare d text;
begin
    execute query;
    return null;
exception when sqlstate 'ML000' then
    get stacked diagnostics d = pg_exception_detail;
    return d::json;
end $$;
set session authorization maillage_server;

-- Transfers. Thursday 4 June 2026.
select pg_temp.act('T-FT');
select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-25', null) as p \gset
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-18 10:00+02', 60, null, null) as v \gset
select throws_ok(format('select api.transfer_propose(%s, ''give'', %s, null, null)', :p, pg_temp.org('T-FT')), 'ML000', 'transfer_to_self', 'not to oneself');
select throws_ok(format('select api.transfer_propose(%s, ''give'', %s, null, null)', :p, pg_temp.org('T-LYON')), 'ML000', 'invalid', 'nor to who does not see the employer');
select throws_ok(format('select api.transfer_propose(%s, ''give'', %s, null, null)', :p, pg_temp.org('T-CCI')), 'ML000', 'invalid', 'nor to a contributor');
select throws_ok(format('select api.transfer_propose(%s, ''give'', %s, %s, null)', :p, pg_temp.org('T-ML'), pg_temp.who('T-CE')), 'ML000', 'member_not_here', 'nor to a member of another');
select api.transfer_propose(:p, 'give', pg_temp.org('T-ML'), pg_temp.who('T-ML'), 'Employeur de jeunes') as x \gset
select throws_ok(format('select api.transfer_propose(%s, ''give'', %s, null, null)', :p, pg_temp.org('T-ML')), '23505', null, 'one waits at a time for each partner');
select is((pg_temp.promised('Boulangerie')).organisation_id, pg_temp.org('T-FT'), 'while it waits the holder holds');
select is((select expires_on from data.transfer where id = :x), date '2026-06-11', 'five working days to answer');
select throws_ok(format('select api.transfer_answer(%s, ''accepted'', null, null)', :x), 'ML000', 'forbidden', 'who gives does not accept');
select pg_temp.act('T-CE');
select throws_ok(format('select api.transfer_answer(%s, ''accepted'', null, null)', :x), 'ML000', 'not_found', 'a third partner knows nothing of it');
select throws_ok(format('select api.transfer_propose(%s, ''ask'', null, null, null)', :p), 'ML000', 'reason_required', 'who asks says why');
select api.transfer_propose(:p, 'ask', null, null, 'Nous y allons demain') as asked \gset
select throws_ok(format('select api.transfer_answer(%s, ''accepted'', null, null)', :asked), 'ML000', 'forbidden', 'nobody takes what he asks for');
with u as (update data.promise set state = 'transferred' where id = :p returning 1) select is((select count(*) from u), 0::bigint, 'nor with an UPDATE');
select pg_temp.act('second T-ML');
select throws_ok(format('select api.transfer_answer(%s, ''accepted'', null, null)', :x), 'ML000', 'transfer_named', 'who is named answers');
select pg_temp.act('T-ML');
select throws_ok(format('select api.transfer_answer(%s, ''refused'', ''  '', null)', :x), 'ML000', 'reason_required', 'a refusal has a reason');
select lives_ok(format('select api.transfer_answer(%s, ''accepted'', null, null)', :x), 'accepted by who is named');
select is((pg_temp.promised('Boulangerie')).organisation_id, pg_temp.org('T-ML'), 'it has changed hands');
select is((pg_temp.promised('Boulangerie')).due_on, date '2026-06-25', 'with what is left of its time');
select is((select array_agg(state order by id) from data.promise where establishment_id = pg_temp.est('Boulangerie')), array['transferred', 'active'], 'never two, never none');
select is((select state from data.visit where id = :v), 'cancelled', 'the appointment of the past holder');
select is((select (member_id, planned_at)::text from data.visit where establishment_id = pg_temp.est('Boulangerie') and state = 'planned'),
          (pg_temp.who('T-ML'), timestamptz '2026-06-18 10:00+02')::text, 'is that of the new one');
select throws_ok(format('select api.transfer_answer(%s, ''refused'', ''Trop tard'', null)', :x), 'ML000', 'transfer_closed', 'answered once');
select throws_ok($$ update data.promise set state = 'transferred' where id = (pg_temp.promised('Boulangerie')).id $$, '42501', null, 'a holder does not declare a transfer');
select throws_ok($$ update data.promise set state = 'kept' where id = (pg_temp.promised('Boulangerie')).id $$, '42501', null, 'nor a promise kept without a report');
reset session authorization;
select is((select state from data.transfer where id = :asked), 'void', 'what others asked has no object any more');
select is((select count(*) from data.promise where transfer_id = :x), 1::bigint, 'one promise comes of a transfer');
select throws_ok(format('insert into data.promise (establishment_id, organisation_id, member_id, due_on, transfer_id) values (pg_temp.est(''Scierie''), pg_temp.org(''T-ML''), pg_temp.who(''T-ML''), ''2026-06-25'', %s)', :x),
                 '23505', null, 'and no second one (promise_of_transfer_once)');
select is((select array_agg(kind order by id) from data.event where establishment_id = pg_temp.est('Boulangerie') and kind ~ '^(promise|transfer)'),
          array['promise.made', 'transfer.proposed', 'transfer.proposed', 'transfer.accepted', 'transfer.void', 'promise.made'], 'each step is in the log');
select is((select count(*) from data.task where kind = 'transfer.answer' and done_at is null), 0::bigint, 'nobody is asked any more');
select is((select organisation_id from data.task where kind = 'transfer.answered'), pg_temp.org('T-FT'), 'who proposed is told');

-- Expiry, and a transfer of what lapses.
set session authorization maillage_server;
select pg_temp.act('T-FT');
select api.promise_make(pg_temp.est('Scierie'), '2026-06-10', null) as s \gset
select api.transfer_propose(:s, 'give', pg_temp.org('T-CE'), null, null) as y \gset
reset session authorization;
select pg_temp.clock('2026-06-12 00:01+02');
set session authorization maillage_worker;
select is(data.transfer_expire(:y), true, 'without an answer it expires');
select is(data.transfer_expire(:y), false, 'once');
set session authorization maillage_server;
select pg_temp.act('T-CE');
select throws_ok(format('select api.transfer_answer(%s, ''accepted'', null, null)', :y), 'ML000', 'transfer_closed', 'and is not accepted afterwards');
select pg_temp.act('T-FT');
select api.transfer_propose(:s, 'give', pg_temp.org('T-CE'), null, null) as z \gset
reset session authorization;
select pg_temp.clock('2026-06-18 00:01+02');
set session authorization maillage_worker;
select is(data.promise_lapse(:s), true, 'a promise lapses though its transfer waits');
reset session authorization;
select is((select state from data.transfer where id = :z), 'void', 'which has no object then');
select is((select count(*) from data.job where kind = 'proposal.next' and payload ->> 'promise' = :'s'), 1::bigint, 'and the employer goes back to the pot');

-- Employers proposed again: affinity, contacts, distance, load.
update data.organisation o set base = ST_SetSRID(ST_MakePoint(case o.short_name when 'T-ML' then 2.60 else 3.33 end, 46.34), 4326) where o.short_name in ('T-FT', 'T-ML', 'T-CE', 'T-PLIE');
update data.establishment set location = ST_SetSRID(ST_MakePoint(2.603, 46.340), 4326) where id = pg_temp.est('Scierie');
select is((select organisation_id from data.proposal_rank(pg_temp.est('Scierie'), array[pg_temp.org('T-FT')]) limit 1), pg_temp.org('T-ML'), 'the nearest when nobody knows it');
insert into data.contact (establishment_id, organisation_id, person, created_at) values (pg_temp.est('Scierie'), pg_temp.org('T-CE'), decode(repeat('ab', 60), 'hex'), data.now());
select is((select why ->> 'known' from data.proposal_rank(pg_temp.est('Scierie'), '{}') where organisation_id = pg_temp.org('T-CE')), 'true', 'who knows somebody there is told so');
set session authorization maillage_worker;
select data.proposal_next(:s) as q \gset
select is(data.proposal_next(:s), null, 'one proposal at a time');
reset session authorization;
select is((select organisation_id from data.proposal where id = :q), pg_temp.org('T-ML'), 'proposed to the best partner');
set session authorization maillage_server;
select pg_temp.act('chief T-CE');
select throws_ok(format('select api.proposal_answer(%s, true, null, ''2026-07-02'', null)', :q), 'ML000', 'not_found', 'others know nothing of it');
select pg_temp.act('T-ML');
select throws_ok(format('select api.proposal_answer(%s, true, null, ''2026-07-02'', null)', :q), 'ML000', 'forbidden', 'a manager answers');
select throws_ok(format('update data.proposal set state = ''accepted'' where id = %s', :q), 'ML000', 'forbidden', 'with an UPDATE too');
select pg_temp.act('chief T-ML');
select throws_ok(format('select api.proposal_answer(%s, false, null, null, '' '')', :q), 'ML000', 'reason_required', 'declined with a reason');
select lives_ok(format('select api.proposal_answer(%s, false, null, null, ''Trop loin'')', :q), 'declined');
reset session authorization;
set session authorization maillage_worker;
select data.proposal_next(:s) as q2 \gset
reset session authorization;
select is((select organisation_id from data.proposal where id = :q2), pg_temp.org('T-CE'), 'then to the one after');
set session authorization maillage_server;
select pg_temp.act('chief T-CE');
select lives_ok(format('select api.proposal_answer(%s, true, %s, ''2026-07-02'', null)', :q2, pg_temp.who('second T-CE')), 'accepted for an adviser');
select is((pg_temp.promised('Scierie')).member_id, pg_temp.who('second T-CE'), 'who has the promise');
reset session authorization;
select is((select state from data.proposal where id = :q2), 'accepted', 'and the proposal says so');

-- Many at once.
set session authorization maillage_server;
select pg_temp.act('T-PLIE');
select api.promise_bulk('make', array[pg_temp.est('Garage'), pg_temp.est('Scierie'), pg_temp.est('Auberge fermée'), pg_temp.est('Café lyonnais')], pg_temp.who('second T-PLIE'), null, null, '2026-07-02', null)::text as bulk \gset
select is((:'bulk'::json ->> 'done')::int, 1, 'one is promised');
select is((select array_agg(r ->> 'code' order by r ->> 'code') from json_array_elements(:'bulk'::json -> 'rows') r where r ->> 'code' is not null),
          array['establishment_closed', 'not_found', 'promise_taken'], 'the others say why not');
select is((pg_temp.promised('Garage')).member_id, pg_temp.who('second T-PLIE'), 'for a colleague');
select throws_ok(format('select api.promise_make_for(pg_temp.est(''Garage''), %s, ''2026-07-02'', null)', pg_temp.who('T-FT')), 'ML000', 'member_not_here', 'not for somebody of another');
select pg_temp.act('second T-PLIE');
select throws_ok(format('select api.promise_batch_undo(%s)', :'bulk'::json ->> 'batch'), 'ML000', 'not_found', 'nobody takes back what another did');
select pg_temp.act('T-PLIE');
select is(api.promise_batch_undo((:'bulk'::json ->> 'batch')::bigint) ->> 'done', '1', 'taken back by who did it');
select throws_ok(format('select api.promise_batch_undo(%s)', :'bulk'::json ->> 'batch'), 'ML000', 'batch_too_late', 'once');
select is((select state from data.promise where establishment_id = pg_temp.est('Garage')), 'undone', 'the promise is undone');
select api.promise_make(pg_temp.est('Garage'), '2026-07-02', null) as g \gset
select api.visit_plan(pg_temp.est('Garage'), '2026-06-30 10:00+02', 60, null, null) as gv \gset
select api.promise_bulk('hand', array[pg_temp.est('Garage')], pg_temp.who('second T-PLIE'), null, null, null, null) ->> 'batch' as b \gset
select is((select member_id from data.visit where id = :gv), pg_temp.who('second T-PLIE'), 'the appointment goes with the promise');
select throws_ok(format('update data.visit set member_id = %s where id = %s', pg_temp.who('T-PLIE'), :gv), 'ML000', 'visit_fixed', 'and not otherwise');
select is(api.promise_bulk('hand', array[pg_temp.est('Garage')], pg_temp.who('T-FT'), null, null, null, null) #>> '{rows,0,code}', 'member_not_here', 'never to a member of another');
select is(api.promise_batch_undo(:b) ->> 'done', '1', 'given back to who had it');
select is((select member_id from data.visit where id = :gv), pg_temp.who('T-PLIE'), 'with the appointment');
select api.promise_bulk('return', array[pg_temp.est('Garage')], null, null, null, null, 'Trop de visites') ->> 'batch' as b \gset
select is((select state from data.visit where id = :gv), 'cancelled', 'given back, its visit is cancelled');
select is(api.promise_batch_undo(:b) ->> 'done', '1', 'taken back');
select is((select state || (select ' ' || state from data.visit where id = :gv) from data.promise where id = :g), 'active planned', 'as if nothing had happened');
select api.promise_bulk('return', array[pg_temp.est('Garage')], null, null, null, null, 'Trop de visites') ->> 'batch' as b \gset
select pg_temp.act('T-FT');
select api.promise_make(pg_temp.est('Garage'), '2026-07-02', null) as taken \gset
select pg_temp.act('T-PLIE');
select is(api.promise_batch_undo(:b) #>> '{rows,0,code}', 'promise_taken', 'who took it meanwhile keeps it');
select is((pg_temp.promised('Garage')).id, :taken::bigint, 'one active promise');
select is(api.promise_bulk('return', array[pg_temp.est('Garage')], null, null, null, null, 'Je la prends') #>> '{rows,0,code}', 'promise_taken', 'nobody gives back for others');

-- Absences. Thursday 18 June 2026.
reset session authorization;
select pg_temp.clock('2026-06-18 09:00+02');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select is((select due_on from data.promise where id = :taken), date '2026-07-02', 'due on a Thursday');
select throws_ok(format('select api.absence_declare(%s, false, ''2026-06-22'', ''2026-06-26'')', pg_temp.who('second T-FT')), 'ML000', 'forbidden', 'an adviser declares nobody else absent');
select throws_ok(format('insert into data.absence (organisation_id, member_id, first_on, last_on, made_by) values (auth.organisation(), %s, ''2026-06-22'', ''2026-06-26'', auth.member())', pg_temp.who('second T-FT')), '42501', null, 'with an INSERT neither');
select throws_ok($$ select api.absence_declare(null, true, '2026-06-22', '2026-06-26') $$, 'ML000', 'forbidden', 'nor the house closed');
select throws_ok($$ select api.absence_declare(null, false, '2026-06-22', '2027-06-26') $$, 'ML000', 'absence_days', 'not for a year');
select api.absence_declare(null, false, '2026-06-22', '2026-06-26') as a \gset
select is((select due_on from data.promise where id = :taken), date '2026-07-09', 'a week away: due a week later');
select is((select lapses_on from data.promise where id = :taken), date '2026-07-17', 'and lapses five working days after that, 14 July left out');
select pg_temp.act('chief T-FT');
select api.absence_declare(null, true, '2026-06-25', '2026-06-30') as c \gset
select is((select due_on from data.promise where id = :taken), date '2026-07-13', 'days of an absence and a closure count once');
select pg_temp.act('T-FT');
select throws_ok(format('select api.absence_change(%s, ''2026-06-25'', false)', :c), 'ML000', 'forbidden', 'the closure is the manager''s');
select api.absence_change(:a, '2026-06-23', false);
select is((select due_on from data.promise where id = :taken), date '2026-07-10', 'back earlier: due earlier');
select pg_temp.act('chief T-FT');
select api.absence_change(:c, null, true);
select is((select due_on from data.promise where id = :taken), date '2026-07-06', 'the closure cancelled: only the two days are left');
select throws_ok(format('select api.absence_change(%s, ''2026-07-01'', false)', :c), 'ML000', 'absence_over', 'a cancelled one stays so');
select pg_temp.act('T-ML');
select is(pg_temp.n('select from data.absence'), 0::bigint, 'others do not see who is absent');
reset session authorization;
select is((select array_agg(data ->> 'due_on' order by id) from data.event where establishment_id = pg_temp.est('Garage') and kind = 'promise.shifted'),
          array['2026-07-09', '2026-07-13', '2026-07-10', '2026-07-06'], 'each move is in the log');
-- Bounds: forty working days, however long somebody is away.
select pg_temp.clock('2026-06-22 09:00+02');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select is(data.absent_until(pg_temp.who('T-FT'), pg_temp.org('T-FT')), date '2026-06-23', 'away until tomorrow');
select api.absence_declare(null, false, '2026-06-24', '2026-12-18') as long \gset
select is((select due_on from data.promise where id = :taken), data.working_day_after('2026-07-02', 40), 'the date moves by forty working days at most');
reset session authorization;
select is(data.task_raise() >= 0, true, 'reminders are raised');
select is((select count(*) from data.task where kind = 'promise.due' and promise_id = :taken), 0::bigint, 'who is absent is asked nothing');
-- While away nothing lapses: the days of grace wait too.
select pg_temp.clock('2026-09-15 09:00+02');
set session authorization maillage_worker;
select is(data.promise_lapse(:taken), false, 'nor does anything lapse while the bound is not reached');
reset session authorization;
select cmp_ok((select lapses_on from data.promise where id = :taken), '>', date '2026-09-15', 'the grace waits for the return');

-- A colleague takes over: the date stays, the absence is no longer his.
set session authorization maillage_server;
select pg_temp.act('chief T-FT');
select is(api.promise_bulk('hand', array[pg_temp.est('Garage')], pg_temp.who('second T-FT'), null, null, null, null) ->> 'done', '1', 'a manager hands over what an absent adviser held');
reset session authorization;
select is((select lapses_on from data.promise where id = :taken), (select data.working_day_after(due_on, 5) from data.promise where id = :taken), 'and its clock runs again');
select * from finish();
rollback;
