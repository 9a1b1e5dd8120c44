-- Committee packs: who prepares, says, freezes and reads; a frozen copy that neither later visits nor anybody can move.
begin;
\ir fixture.inc
select plan(46);

update data.membership m set role = 'manager' from who w where w.member_id = m.member_id and w.short_name in ('T-FT', 'T-LYON', 'T-CE');
update who set role = 'manager' where short_name in ('T-FT', 'T-LYON', 'T-CE');
create function pg_temp.visits(many integer, at timestamptz) returns void language sql security definer as $$
    insert into data.contact_event (establishment_id, organisation_id, kind, at)
    with asked as materialized (select array(select pg_temp.est(n) from unnest(array['Boulangerie', 'Scierie', 'Garage']) n) as establishments,
                                       array(select pg_temp.org(n) from unnest(array['T-FT', 'T-ML']) n) as organisations)
    select a.establishments[1 + g % 3], a.organisations[1 + g % 2], 'visit', at + g * interval '7 minutes' from asked a cross join generate_series(1, many) g
$$;
create function pg_temp.follow() returns integer language sql security definer as $$ select data.fact_follow() $$;
create function pg_temp.figure(content text, code text) returns bigint language sql as $$ select (content::json -> 'whole' -> code ->> 'n')::bigint $$;
create temp table made (pack bigint, other bigint);
grant all on made to public;

select pg_temp.visits(7, '2026-04-02 09:00+02');
select pg_temp.follow();

set session authorization maillage_server;
select pg_temp.act('T-FT');
-- --- preparing ------------------------------------------------------------------------------------------------------------
insert into made (pack) select api.pack_make('Comité local de printemps', 'local', '', data.month_number('2026-03'), data.month_number('2026-05'), '2026-06-15', null);
select is((select count(*) from api.pack_row), 1::bigint, 'a manager prepares a pack');
select is(pg_temp.figure(api.pack_content((select pack from made)), 'visits'), 7::bigint, 'with the figures of the day');
select pg_temp.visits(2, '2026-05-04 09:00+02');
select pg_temp.follow();
select is(pg_temp.figure(api.pack_content((select pack from made)), 'visits'), 9::bigint, 'which move while it is a draft');
select is(json_array_length(api.pack_content((select pack from made))::json -> 'months'), 12, 'a year of months');
select is((api.pack_content((select pack from made))::json ->> 'before_from') || ' ' || (api.pack_content((select pack from made))::json ->> 'before_to'),
          '2025-12 2026-02', 'beside the same length before');
select throws_ok($$ select api.pack_make('Trop tard', 'local', '', data.month_number('2026-05'), data.month_number('2026-07'), '2026-08-15', null) $$, 'ML000', 'invalid', 'no month to come');
select throws_ok($$ select api.pack_make('À rebours', 'local', '', data.month_number('2026-05'), data.month_number('2026-04'), '2026-08-15', null) $$, 'ML000', 'invalid', 'nor backwards');
select throws_ok($$ select api.pack_make('Ailleurs', 'departement', 'departement:69', data.month_number('2026-03'), data.month_number('2026-05'), '2026-06-15', null) $$, 'ML000', 'invalid', 'nor an area of others');
select throws_ok($$ select api.pack_make('X', 'local', '', data.month_number('2026-03'), data.month_number('2026-05'), '2026-06-15', null) $$, '23514', null, 'nor without a title');
select api.pack_change((select pack from made), 1, 'Comité local de printemps 2026', null, null, null, null, null);
select is((select title from api.pack_row), 'Comité local de printemps 2026', 'a draft changes');
select throws_ok($$ select api.pack_change((select pack from made), 1, 'Autre titre', null, null, null, null, null) $$, 'ML000', 'precondition_failed', 'from the version it was read at');

-- --- what is said --------------------------------------------------------------------------------------------------------
select api.pack_say((select pack from made), 'summary', 'Les visites reprennent.', 0);
select pg_temp.act('T-CE');
select throws_ok($$ select api.pack_say((select pack from made), 'summary', 'Par-dessus', 0) $$, 'ML000', 'pack_comment_taken', 'who was slower is told');
select lives_ok($$ select api.pack_say((select pack from made), 'summary', 'Les visites reprennent, surtout au sud.', 1) $$, 'and may write over it knowingly');
select is((select text from data.pack_comment where part = 'summary'), 'Les visites reprennent, surtout au sud.', 'a manager of another partner writes too');
select throws_ok($$ select api.pack_say((select pack from made), 'margin', 'Nulle part', 0) $$, '23514', null, 'in its parts only');
select throws_ok($$ select api.pack_say((select pack from made), 'means', repeat('a', 6001), 0) $$, '23514', null, 'and not without end');

-- --- who may not ------------------------------------------------------------------------------------------------------------
select pg_temp.act('T-ML');
select throws_ok($$ select api.pack_freeze((select pack from made)) $$, 'ML000', 'forbidden', 'an adviser freezes nothing');
select throws_ok($$ select api.pack_say((select pack from made), 'means', 'Un mot', 0) $$, 'ML000', 'forbidden', 'nor writes');
select throws_ok($$ select api.pack_make('Le mien', 'local', '', data.month_number('2026-03'), data.month_number('2026-05'), '2026-06-15', null) $$, 'ML000', 'forbidden', 'nor prepares');
select isnt(api.pack_content((select pack from made)), null, 'but reads');
select pg_temp.act('T-LYON');
select is((select count(*) from api.pack_row), 0::bigint, 'another territory sees none');
select throws_ok($$ select api.pack_freeze((select pack from made)) $$, 'ML000', 'not_found', 'and finds none');
select is(api.pack_content((select pack from made)), null, 'not even its content');
select pg_temp.act('T-ETAT');
select is((select count(*) from api.pack_row), 0::bigint, 'an observer sees no draft');
select is(api.pack_content((select pack from made)), null, 'nor its content');
select pg_temp.act('T-CCI');
select is((select count(*) from api.pack_row), 0::bigint, 'a contributor sees nothing');

-- --- frozen -------------------------------------------------------------------------------------------------------------
select pg_temp.act('T-FT');
select api.pack_freeze((select pack from made));
create temp table was as select api.pack_content((select pack from made)) as content, (select frozen ->> 'hash' from api.pack_row) as hash;
grant select on was to public;
select is((select encode(sha256(convert_to(content, 'UTF8')), 'hex') from was), (select hash from was), 'the hash is that of the text');
select is((select content::json -> 'comments' -> 'summary' ->> 'text' from was), 'Les visites reprennent, surtout au sud.', 'what was said is in it');
select pg_temp.visits(1000, '2026-05-05 09:00+02');
select pg_temp.follow();
insert into made (other) select api.pack_make('Comité suivant', 'local', '', data.month_number('2026-03'), data.month_number('2026-05'), '2026-06-30', (select pack from made where pack is not null));
select is(pg_temp.figure(api.pack_content((select other from made where other is not null)), 'visits'), 1009::bigint, 'a thousand visits later others count them');
select is(api.pack_content((select pack from made where pack is not null)), (select content from was), 'and the frozen one has not moved');
select is((select frozen ->> 'hash' from api.pack_row where id = (select pack from made where pack is not null)), (select hash from was), 'nor its hash');
select is((select text from data.pack_comment where pack_id = (select other from made where other is not null)), 'Les visites reprennent, surtout au sud.', 'the next one begins with its words');
select throws_ok($$ select api.pack_freeze((select pack from made where pack is not null)) $$, 'ML000', 'pack_frozen', 'it is frozen once');
select throws_ok($$ select api.pack_say((select pack from made where pack is not null), 'means', 'Après coup', 0) $$, 'ML000', 'pack_frozen', 'nothing is said after');
select throws_ok($$ select api.pack_change((select pack from made where pack is not null), 2, 'Autre', null, null, null, null, null) $$, 'ML000', 'pack_frozen', 'nothing changes');
select throws_ok($$ select api.pack_drop((select pack from made where pack is not null)) $$, 'ML000', 'pack_frozen', 'nor goes');
select throws_ok('update data.pack_copy set content = content', '42501', null, 'the server writes no copy');
select throws_ok('select content from data.pack_copy', '42501', null, 'nor reads one but by the function');
select pg_temp.act('T-ETAT');
select is((select count(*) from (select f.value ->> 'n' as n from json_each(api.pack_content((select pack from made where pack is not null))::json -> 'whole') f) x where n::bigint % 5 <> 0), 0::bigint,
          'observers have multiples of five');
select ok(pg_temp.figure(api.pack_content((select pack from made where pack is not null)), 'visits') in (5, 10), 'of what it was then');
select is((select frozen ->> 'hash' from api.pack_row), (select encode(sha256(convert_to(api.pack_content(id), 'UTF8')), 'hex') from api.pack_row), 'under a hash of their own');

-- --- not even who owns the tables ------------------------------------------------------------------------------------------
reset session authorization;
select throws_ok($$ update data.pack_copy set content = replace(content, '9', '8') $$, 'ML000', 'pack_frozen', 'a superuser changes no copy');
select throws_ok('delete from data.pack_copy', 'ML000', 'pack_frozen', 'nor removes one');
select throws_ok('truncate data.pack_copy', 'ML000', 'pack_frozen', 'nor all of them');
select throws_ok($$ update data.pack set title = 'Un autre' where frozen_at is not null $$, 'ML000', 'pack_frozen', 'nor renames what is frozen');
select throws_ok($$ insert into data.pack_copy (pack_id, content, reserved, hash, reserved_hash, frozen_at, frozen_by)
                    select other, '{}', '{}', '\x00', sha256('{}'), data.now(), (select member_id from who limit 1) from made where other is not null $$, '23514', null, 'nor keeps a text under a wrong hash');
select * from finish();
rollback;
