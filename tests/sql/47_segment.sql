-- Segments, attacked as the server's own role: who sees them, who writes them, versions that never change, narrow rows that
-- follow the tables they come from.
begin;
\ir fixture.inc
select plan(45);
-- The runs of a territory say what its communes say, whatever comes between two of them.
create function pg_temp.runs_wrong() returns bigint language sql as $$
    select count(*) from data.territory t cross join data.commune c
     where (data.commune_number(c.code) <@ t.runs) is distinct from
           exists (select from data.territory_commune x where x.territory_id = t.id and x.commune_code = c.code)
$$;
select is(pg_temp.runs_wrong(), 0::bigint, 'runs hold the communes of each territory and no other');
insert into data.commune (code, name, department) values ('03188', 'Entre deux', '03');
select is(pg_temp.runs_wrong(), 0::bigint, 'a commune that appears between two of them is not theirs');
insert into data.territory_commune select here, '03188' from t;
select is(pg_temp.runs_wrong(), 0::bigint, 'until it is');
-- Segments exist before the list changes, so that changes are noted.
set session authorization maillage_server;
select pg_temp.act('T-ML');
create temp table s as select api.segment_make('Menuiseries', 'ml', true, '{"all": []}', 'Premier jet') as shared,
                              api.segment_make('Gardé pour nous', null, false, '{"all": []}', null) as kept;
grant select on s to public;
select is((select count(*) from data.segment), 2::bigint, 'an organisation sees its segments');
select is((select version from data.segment where id = (select shared from s)), 1, 'with their first version');
select is((select territory_id from data.segment where id = (select shared from s)), (select here from t), 'of its territory');

select pg_temp.act('T-FT');
select is((select array_agg(name) from data.segment), array['Menuiseries'], 'a partner sees the shared one');
select is((select count(*) from data.segment_version), 1::bigint, 'and its version only');
select is((select count(*) from api.segment_row), 1::bigint, 'in the list too');
select is(auth.sees_segment((select kept from s)), false, 'not the private one');
with u as (update data.segment set name = 'Pris' returning 1) select is((select count(*) from u), 0::bigint, 'another''s segment is not renamed');
select throws_ok($$ insert into data.segment_version (segment_id, version, rule, member_id) select shared, 2, '{}', auth.member() from s $$, '42501', null, 'nor given a version');
select throws_ok($$ select api.segment_save((select shared from s), 1, '{"all": []}', null) $$, 'ML000', 'forbidden', 'by the function neither');
select throws_ok($$ select api.segment_save((select kept from s), 1, '{"all": []}', null) $$, 'ML000', 'not_found', 'a private one is not even there');
select throws_ok($$ insert into data.segment (organisation_id, name, made_by) values (pg_temp.org('T-ML'), 'Au nom d''un autre', auth.member()) $$, '42501', null, 'no segment in another''s name');
select throws_ok($$ select * from data.segment_member $$, '42501', null, 'members are read through the list');
select throws_ok($$ select * from data.facet $$, '42501', null, 'and narrow rows as well');
select pg_temp.act('T-LYON');
select is((select count(*) from data.segment), 0::bigint, 'another territory sees none');
select is((select count(*) from api.segment_list), 1::bigint, 'and counts its own list');
select pg_temp.act('T-ETAT');
select is((select count(*) from data.segment), 0::bigint, 'observers see none');
select is((select count(*) from api.segment_list) + (select count(*) from api.segment_need) + (select count(*) from api.segment_tag), 0::bigint, 'and count nothing');

-- Versions.
select pg_temp.act('T-ML');
select lives_ok($$ select api.segment_save((select shared from s), 1, '{"all": [{"field": "visit", "op": "never"}]}', 'Jamais visitées') $$, 'the next version');
select throws_ok($$ select api.segment_save((select shared from s), 1, '{"all": []}', null) $$, 'ML000', 'segment_version_taken', 'not twice from the same one');
select throws_ok($$ insert into data.segment_version (segment_id, version, rule, member_id) select shared, 9, '{}', auth.member() from s $$, 'ML000', 'segment_version_taken', 'none is skipped');
select throws_ok($$ update data.segment_version set rule = '{}' $$, '42501', null, 'a version is not rewritten');
select throws_ok($$ delete from data.segment_version $$, '42501', null, 'nor removed');
reset session authorization;
select throws_ok($$ update data.segment_version set rule = '{}' $$, 'ML000', 'segment_version_fixed', 'not even by the superuser');
select throws_ok($$ delete from data.segment_version $$, 'ML000', 'segment_version_fixed', 'who removes none either');
select throws_ok($$ truncate data.segment_version cascade $$, 'ML000', 'segment_version_fixed', 'all at once neither');
select is((select count(*) from data.event where kind in ('segment.made', 'segment.changed')), 3::bigint, 'each is in the log');
select is((select count(*) from data.job where kind = 'segment.refresh'), 3::bigint, 'and has its members computed');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok($$ select api.segment_edit((select shared from s), 7, 'Autre', null, null, null) $$, 'ML000', 'precondition_failed', 'an edit names the state it was made from');
select lives_ok($$ select api.segment_edit((select kept from s), 1, null, null, null, true) $$, 'archived');
select throws_ok($$ select api.segment_save((select kept from s), 1, '{"all": []}', null) $$, 'ML000', 'segment_archived', 'what is archived gets no version');
select throws_ok($$ insert into data.segment (organisation_id, name, lead, made_by) values (auth.organisation(), 'Menée par l''État', 'state', auth.member()) $$, 'ML000', 'invalid', 'an observer leads nothing');

-- The narrow row follows.
reset session authorization;
select is((select (commune, naf, size, active) from data.facet where id = pg_temp.est('Scierie')), row (3185, 1610 * 32 + 1, 12::smallint, true), 'codes as numbers');
delete from data.segment_touched;
update data.establishment set size_band = '21' where id = pg_temp.est('Scierie');
select is((select size from data.facet where id = pg_temp.est('Scierie')), 21::smallint, 'a size');
update data.establishment set size_band = '21' where id = pg_temp.est('Scierie');
select is((select count(*) from data.segment_touched), 1::bigint, 'noted once, when it changed');
insert into data.company (siren, legal_form) values ('900000002', '5710');
select is((select legal from data.facet where id = pg_temp.est('Scierie')), 5710::smallint, 'a legal form');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.visit_plan(pg_temp.est('Scierie'), '2026-06-04 10:00+02', 45, null, null);
reset session authorization;
select is((select holder::bigint from data.facet where id = pg_temp.est('Scierie')), pg_temp.org('T-ML'), 'a promise');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.report_write((select max(id) from data.visit), 'needs', null, null, '[{"rome": "G1602"}]', null, null, null, null);
reset session authorization;
select is((select (holder, contact_by::bigint, last_visit_at is not null, rest_until is not null) from data.facet where id = pg_temp.est('Scierie')),
          row (null::integer, pg_temp.org('T-ML'), true, true), 'a visit, its rest, its author');
update data.establishment set location = ST_SetSRID(ST_MakePoint(2.60312, 46.34), 4326), status = 'F' where id = pg_temp.est('Scierie');
select is((select (lon, lat, active) from data.facet where id = pg_temp.est('Scierie')), row (260312, 4634000, false), 'a place, a closure');
select is(data.facet_rebuild(), 0::bigint, 'made anew, they are the same');
select is(data.hiring_potential(32::smallint, 0.9::real, 800) > data.hiring_potential(1::smallint, 0.2::real, 20), true, 'the potential grows with size, activity and market');
select is(data.hiring_potential(null, null, null) between 20 and 45, true, 'and supposes the middle of what it does not know');
select * from finish();
rollback;
