begin;
\ir fixture.inc
select plan(26);

select is(data.easter(y), d, 'Pâques ' || y)
  from (values (1961, date '1961-04-02'), (2000, '2000-04-23'), (2024, '2024-03-31'), (2026, '2026-04-05'), (2038, '2038-04-25')) v (y, d);
select is(cardinality(data.holidays(2026)), 11, 'eleven public holidays a year');
select ok(not data.is_working_day(d), d || ' is not worked')
  from unnest(array['2026-01-01', '2026-04-06', '2026-05-01', '2026-05-14', '2026-05-25', '2026-07-14', '2026-11-11', '2026-06-06']::date[]) d;
select ok(data.is_working_day('2026-06-05'), 'a Friday is worked');
select is(data.working_day_after('2026-06-04', 1), date '2026-06-05', 'the next working day');
select is(data.working_day_after('2026-06-05', 1), date '2026-06-08', 'over a week-end');
select is(data.working_day_after('2026-05-22', 1), date '2026-05-26', 'over Pentecôte');
select is(data.working_day_after('2026-06-06', 0), date '2026-06-08', 'zero days from a Saturday is Monday');
select is(data.working_day_after('2026-06-05', 0), date '2026-06-05', 'zero days from a working day is itself');
select is(data.working_day_after('2026-12-24', 5), date '2027-01-04', 'over Christmas and New Year');

select is(data.reservation_end('2026-10-12 14:00 Europe/Paris', 15), timestamptz '2026-10-27 14:00 Europe/Paris', 'the same wall time after the autumn change');
select is(data.reservation_end('2027-03-20 14:00 Europe/Paris', 15), timestamptz '2027-04-04 14:00 Europe/Paris', 'and after the spring change');
select is(data.reservation_end('2027-03-13 02:30 Europe/Paris', 15), timestamptz '2027-03-28 03:30 Europe/Paris', 'an hour that does not exist moves forward');

select is(data.today(), date '2026-06-04', 'the test clock is followed');
update data.clock set set_to = null, set_at = null;
update data.clock set test_allowed = false;
select throws_ok($$ select data.clock_set('2030-01-01') $$, '23514', null, 'an instance that is not a test refuses to set its clock');
select * from finish();
rollback;
