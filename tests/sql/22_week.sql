-- The week: hours, what an engine is asked and may answer, who accepts what. Attacked as the server's own role.
begin;
\ir fixture.inc
select plan(58);
select pg_temp.est('Boulangerie') as b, pg_temp.est('Scierie') as s, pg_temp.est('Garage') as g, pg_temp.org('T-ML') as ml \gset
update data.establishment set location = ST_SetSRID(ST_MakePoint(3.34, 46.57), 4326) where id = :b;
update data.establishment set location = ST_SetSRID(ST_MakePoint(2.61, 46.34), 4326) where id = :s;
update data.organisation set base = ST_SetSRID(ST_MakePoint(3.333, 46.565), 4326), commune_code = '03190' where short_name like 'T-%';
-- A second adviser and a manager of the Mission Locale.
insert into data.member (email, name) values ('second@test.example', 'Second'), ('chef@test.example', 'Chef');
insert into data.membership (member_id, organisation_id, role) select m.id, :ml, case m.email when 'chef@test.example' then 'manager' else 'adviser' end
  from data.member m where m.email in ('second@test.example', 'chef@test.example');
insert into who select 'second', m.id, :ml, 'ml', (select here from t), 'adviser' from data.member m where m.email = 'second@test.example';
insert into who select 'chef', m.id, :ml, 'ml', (select here from t), 'manager' from data.member m where m.email = 'chef@test.example';
select (select member_id from who where short_name = 'T-ML') as me, (select member_id from who where short_name = 'second') as other \gset

-- Seconds of the clock, through the change of hour too.
select is(data.tour_seconds('2026-06-09 09:30+02', '2026-06-08'), 86400 + 34200, 'seconds since the first day');
select is(data.tour_moment(86400 + 34200, '2026-06-08'), '2026-06-09 09:30+02'::timestamptz, 'and back');
select is(data.tour_moment(6 * 86400 + 34200, '2026-10-19'), '2026-10-25 09:30+01'::timestamptz, 'the day the hour changes');
select is(data.tour_seconds('2026-10-25 09:30+01', '2026-10-19'), 6 * 86400 + 34200, 'and back');

-- When an employer may be met.
select is(data.tour_windows(null, '2026-06-08', '2026-06-14', '2026-06-14', 60), '{}'::integer[], 'nobody knows: at any time');
select is(data.tour_windows(null, '2026-06-08', '2026-06-14', '2026-06-09', 60), array[0, 172799], 'until the promise lapses');
select is(data.tour_windows('{"2": [["09:00", "11:00"], ["14:00", "14:30"]]}', '2026-06-08', '2026-06-14', '2026-06-14', 60), array[86400 + 32400, 86400 + 36000], 'a visit ends before they close');
select is(data.tour_windows('{"2": [["09:00", "11:00"]]}', '2026-06-08', '2026-06-14', '2026-06-08', 60), array[-2, -1], 'never, when it lapses before');
select ok(data.hours_valid('{"1": [["08:00", "12:00"], ["14:00", "18:00"]], "6": []}'), 'hours');
select ok(not data.hours_valid('{"1": [["08:00", "12:00"], ["11:00", "18:00"]]}') and not data.hours_valid('{"0": []}') and not data.hours_valid('[]')
          and not data.hours_valid('{"1": [["08:00"]]}') and not data.hours_valid('{"1": [["08:00", "24:00"]]}') and not data.hours_valid('{"1": [[8, 12]]}'), 'nonsense is none');

-- Working days: the hours one states, holidays, today from half an hour on.
select is((select count(*) from data.member_days(array[:me], :ml, '2026-07-13', '2026-07-19')), 4::bigint, 'the fourteenth of July is none');
select is((select opens from data.member_days(array[:me], :ml, '2026-06-04', '2026-06-04')), 37800, 'today begins in half an hour');
select is((select array[opens, closes, lunch] from data.member_days(array[:me], :ml, '2026-06-05', '2026-06-05')), array[30600, 63000, 3600], 'the usual hours');

set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok($$ select api.work_week_set('{1,3}', '09:00', '12:00', '12:00', '12:00', 0, 45, 4, 'home', '03185') $$, 'one says how one works');
select throws_ok($$ select api.work_week_set('{1}', '12:00', '09:00', '12:00', '14:00', 60, 45, 4, 'agency', null) $$, '23514', null, 'never backwards');
select throws_ok($$ select api.work_week_set('{1}', '09:00', '12:00', '12:00', '12:30', 60, 45, 4, 'agency', null) $$, '23514', null, 'lunch fits');
select throws_ok($$ select api.work_week_set('{7}', '09:00', '12:00', '12:00', '13:30', 60, 45, 4, 'agency', null) $$, '23514', null, 'not on Sundays');
select throws_ok($$ select * from data.work_week $$, '42501', null, 'where one lives is read by nobody');
select is((api.work_week() ->> 'home_name'), 'Montluçon', 'but by oneself');
reset session authorization;
select is((select array_agg(day order by day) from data.member_days(array[:me], :ml, '2026-06-08', '2026-06-14')), array[0, 2], 'and the engine keeps to it');
select is((select lon from data.member_days(array[:me], :ml, '2026-06-08', '2026-06-08')), 2.603::float8, 'from the commune of the home');
delete from data.work_week;

set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.opening_hours_set(:b, '{"1": [["08:00", "12:00"]]}');
select pg_temp.act('T-CE');
select is((select hours from data.opening_hours), '{"1": [["08:00", "12:00"]]}'::jsonb, 'hours of employers are everybody’s');
select lives_ok(format($$ select api.opening_hours_set(%s, '{}') $$, :b), 'and corrected by whoever knows better');
select throws_ok(format($$ update data.opening_hours set organisation_id = %s $$, :ml), '42501', null, 'in one’s own name');

-- Asking.
select pg_temp.act('T-ML');
select api.promise_make(:b, '2026-06-12', null) as promise \gset
select throws_ok(format($$ select api.tour_ask('2026-06-08', array[%s, %s], true) $$, :me, :other), 'ML000', 'forbidden', 'for others only a manager asks');
select throws_ok($$ select api.tour_ask('2026-05-18', null, true) $$, 'ML000', 'tour_in_the_past', 'not for the past');
select api.tour_ask('2026-06-10', null, true) as tour \gset
select is((select array[first_day, last_day] from data.tour), array['2026-06-10', '2026-06-14']::date[], 'until Sunday');
select throws_ok($$ select api.tour_ask('2026-06-15', null, true) $$, '23505', null, 'one at a time');
reset session authorization;
select is((select count(*) from data.job where kind = 'tour.plan'), 1::bigint, 'a job follows');
select is((select count(*) from data.tour_jobs(:tour) j where j.kind = 'promise' and j.establishment = :b and j.rank = 1), 1::bigint, 'the promise is wanted');
select is((select count(*) from data.tour_jobs(:tour) j where j.kind = 'nearby' and j.establishment = :g), 0::bigint, 'what is not on the map is nobody’s neighbour');
select is((select count(*) from data.tour_begin((select max(id) from data.job where kind = 'tour.plan'))), 1::bigint, 'the worker takes it');
select is(data.tour_step(:tour, 2, 40), false, 'of another revision nothing is told');
select is(data.tour_settle(:tour, 1, format('[{"kind":"promise","establishment":%s,"promise":%s,"member":%s,"minutes":60,"worth":45,"locked":false,"at":34200,"position":1},
                                              {"kind":"nearby","establishment":%s,"member":%s,"minutes":60,"worth":20,"locked":false,"at":41400,"position":2}]', :b, :promise, :me, :s, :me)::json, '[]', 12, 0, 'estimate'),
          true, 'it answers');
select is(data.tour_settle(:tour, 1, '[]', '[]', 12, 0, 'estimate'), false, 'once');
select id as line from data.tour_line where establishment_id = :b \gset
select id as near from data.tour_line where establishment_id = :s \gset
select is((select count(*) from data.visit), 0::bigint, 'nothing is in the agenda');

-- Accepting: by nobody else, and only by a visit.
set session authorization maillage_server;
select pg_temp.act('second');
select throws_ok(format($$ select api.tour_accept(%s, array[%s]::bigint[]) $$, :tour, :line), 'ML000', 'forbidden', 'a colleague does not accept');
update data.tour_line set state = 'refused', refusal = 'non' where id = :line;
select is((select state from data.tour_line where id = :line), 'proposed', 'nor writes');
select pg_temp.act('T-CE');
select is(pg_temp.n('select from data.tour') + pg_temp.n('select from data.tour_line'), 0::bigint, 'another organisation sees nothing');
select pg_temp.act('T-ML');
select throws_ok(format($$ update data.tour_line set state = 'accepted', visit_id = null where id = %s $$, :line), 'ML000', 'forbidden', 'not without its visit');
select is(json_array_length(api.tour_accept(:tour, array[:line, :near]::bigint[])), 2, 'one accepts two');
select is((select array_agg(state order by id) from data.tour_line), array['accepted', 'accepted'], 'they are');
select is((select count(*) from data.visit v join data.promise p on p.id = v.promise_id where p.state = 'active' and v.member_id = :me), 2::bigint, 'two visits, two promises');
select throws_ok(format($$ select api.tour_refuse(%s, %s, 'non') $$, :tour, :line), 'ML000', 'tour_line_settled', 'settled');
select api.tour_end(:tour);
select throws_ok(format($$ select api.tour_again(%s) $$, :tour), 'ML000', 'tour_closed', 'closed is closed');
reset session authorization;
select is((select array_agg(kind order by id) from data.event where kind like 'tour.%'), array['tour.asked', 'tour.closed'], 'the log tells');

-- What stands, in whosever name: one's own visits, those of a partner whom one goes with. A suggestion keeps clear of them.
update data.visit set state = 'cancelled', reason = 'autre jour' where member_id = :me;
set session authorization maillage_server;
select pg_temp.act('T-CE');
select api.promise_make(:g, '2026-06-12', null);
select api.visit_plan(:g, '2026-06-11 14:00+02', 60, null, null) as joint \gset
select api.visit_invite(:joint, :ml, :me, null);
select pg_temp.act('T-ML');
select is((select count(*) from data.appointments(array[:me], '2026-06-08', '2026-06-14')), 0::bigint, 'an invitation is no appointment yet');
select api.tour_ask('2026-06-10', null, false) as tour \gset
reset session authorization;
select data.tour_begin((select max(id) from data.job where kind = 'tour.plan'));
select data.tour_settle(:tour, 1, format('[{"kind":"promise","establishment":%s,"promise":%s,"member":%s,"minutes":60,"worth":45,"locked":false,"at":138600,"position":1}]', :b, :promise, :me)::json, '[]', 12, 0, 'estimate');
select id as line from data.tour_line where tour_id = :tour and establishment_id = :b \gset
select is((select count(*) from data.tour_jobs(:tour) j where j.at is not null), 0::bigint, 'nothing stands yet');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.visit_invitation_answer(:joint, :ml, 'accepted', null, null);
select is((select array[visit, joint::integer] from data.appointments(array[:me], '2026-06-08', '2026-06-14')), array[:joint, 1]::bigint[], 'accepted, it is one');
select is((select array[revision, planned] from data.tour where id = :tour), array[2, 1], 'and the suggestion is computed again');
select is(json_array_length(api.week_document(null, '2026-06-08', '2026-06-14') -> 'visits'), 1, 'it is in the agenda');
reset session authorization;
select is((select array[at, minutes] from data.tour_jobs(:tour) j where j.kind = 'visit'), array[86400 + 50400, 60], 'the engine is told that it stands');
select data.tour_begin((select max(id) from data.job where kind = 'tour.plan'));
select data.tour_settle(:tour, 2, format('[{"kind":"visit","establishment":%s,"visit":%s,"member":%s,"minutes":60,"worth":240,"locked":false,"at":136800,"position":1,"late":25},
                                           {"kind":"promise","establishment":%s,"promise":%s,"member":%s,"minutes":60,"worth":45,"locked":false,"at":122400,"position":2}]', :g, :joint, :me, :b, :promise, :me)::json, '[]', 12, 0, 'estimate');
select is((select late_minutes from data.tour_line where tour_id = :tour and visit_id = :joint), 25::smallint, 'and tells how late one comes');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok(format($$ select api.tour_place(%s, %s, '2026-06-11 14:30+02', true) $$, :tour, :line), 'ML000', 'tour_over_visit', 'nothing is put over it');
select lives_ok(format($$ select api.tour_place(%s, %s, '2026-06-11 15:00+02', true) $$, :tour, :line), 'beside it, gladly');
-- The partner moves it over what was put beside: that no longer stays. Cancelled, it is nowhere.
reset session authorization;
update data.visit set planned_at = '2026-06-11 14:45+02' where id = :joint;
select is((select state from data.visit_partner where visit_id = :joint), 'invited', 'another hour asks for another agreement');
update data.visit_partner set state = 'accepted' where visit_id = :joint;
select is((select array_agg(j.locked) from data.tour_jobs(:tour) j where j.establishment = :b), array[false], 'what was kept at that hour is free again');
update data.visit set state = 'cancelled', reason = 'empêchement' where id = :joint;
select is((select count(*) from data.appointments(array[:me], '2026-06-08', '2026-06-14')), 0::bigint, 'cancelled, it is none');
select * from finish();
rollback;
