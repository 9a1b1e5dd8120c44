begin;
\ir fixture.inc
select plan(32);
set session authorization maillage_server;

select pg_temp.act('T-FT');
select lives_ok($$ select api.claim_make(pg_temp.est('Boulangerie'), 'closed', 'Rideau baissé') $$, 'one partner says it is closed');
create temp table c as select id from data.claim where establishment_id = pg_temp.est('Boulangerie');
select is((select state from data.claim where id = (select id from c)), 'open', 'which waits for a second one');
select is((select status from data.establishment where id = pg_temp.est('Boulangerie')), 'A', 'the list stays');
select throws_ok($$ select api.claim_settle((select id from c), 'confirmed', null) $$, 'ML000', 'claim_own', 'who said it does not confirm it');
select throws_ok($$ select api.claim_settle((select id from c), 'denied', 'Non') $$, 'ML000', 'claim_own', 'nor denies it');
select is(api.claim_make(pg_temp.est('Boulangerie'), 'closed', 'Encore'), (select id from c), 'said twice by the same is said once');
select is((select state from data.claim where id = (select id from c)), 'open', 'and confirms nothing');
reset session authorization;
-- A colleague of the same organisation, and the same person acting for another one.
insert into data.member (email, name) values ('collegue@test.example', 'Collègue');
insert into data.membership (member_id, organisation_id, role) select id, pg_temp.org('T-FT'), 'adviser' from data.member where email = 'collegue@test.example';
insert into data.membership (member_id, organisation_id, role) select member_id, pg_temp.org('T-CE'), 'adviser' from who where short_name = 'T-FT';
set session authorization maillage_server;
select set_config('maillage.member', (select id::text from data.member where name = 'Collègue'), true);
select throws_ok($$ select api.claim_settle((select id from c), 'confirmed', null) $$, 'ML000', 'claim_own', 'a colleague does not confirm it');
select pg_temp.act('T-CE');
select set_config('maillage.member', (select member_id::text from who where short_name = 'T-FT'), true);
select throws_ok($$ select api.claim_settle((select id from c), 'confirmed', null) $$, 'ML000', 'claim_own', 'nor the same person under another hat');
select lives_ok($$ select api.claim_make(pg_temp.est('Boulangerie'), 'closed', null) $$, 'saying it again under that hat');
select is((select state from data.claim where id = (select id from c)), 'open', 'does not confirm it either');
select throws_ok($$ update data.claim set state = 'confirmed' $$, '42501', null, 'nobody writes it directly');
select throws_ok($$ insert into data.claim (establishment_id, organisation_id, member_id, kind, made_at)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'moved', now()) $$, '42501', null, 'nor makes one');
reset session authorization;
select throws_ok($$ update data.claim set state = 'confirmed', settled_how = 'partner', settled_by = organisation_id, settled_member = member_id $$, 'ML000', 'claim_own', 'the table refuses it to the owner too');
set session authorization maillage_server;
select pg_temp.act('T-LYON');
select throws_ok($$ select api.claim_settle((select id from c), 'confirmed', null) $$, 'ML000', 'not_found', 'out of sight, out of reach');
select pg_temp.act('T-ETAT');
select throws_ok($$ select api.claim_make(pg_temp.est('Garage'), 'closed', null) $$, 'ML000', 'forbidden', 'observers say nothing');

-- A second partner confirms; what was promised ends.
select pg_temp.act('T-PLIE');
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-09 14:30+02', 45, null, null);
select pg_temp.act('T-ML');
select throws_ok($$ select api.claim_settle((select id from c), 'withdrawn', null) $$, 'ML000', 'forbidden', 'one takes back one''s own only');
select throws_ok($$ select api.claim_settle((select id from c), 'denied', ' ') $$, 'ML000', 'reason_required', 'denying says why');
select lives_ok($$ select api.claim_settle((select id from c), 'confirmed', null) $$, 'a second partner confirms');
select is((select status from data.establishment where id = pg_temp.est('Boulangerie')), 'F', 'closed for everybody');
select is((select state from data.promise where establishment_id = pg_temp.est('Boulangerie')), 'returned', 'the promise ended');
select is((select state from data.visit where establishment_id = pg_temp.est('Boulangerie')), 'cancelled', 'and its visit');
select throws_ok($$ select api.claim_settle((select id from c), 'denied', 'Rouvert') $$, 'ML000', 'claim_settled', 'settled once');
select throws_ok($$ select api.claim_make(pg_temp.est('Boulangerie'), 'closed', null) $$, 'ML000', 'establishment_closed', 'nothing to say of what is closed');

-- The register: an older word does not open it again, a newer one does.
reset session authorization;
update data.establishment set status = 'A', register_date = '2026-05-01' where id = pg_temp.est('Boulangerie');
select is((select status from data.establishment where id = pg_temp.est('Boulangerie')), 'F', 'an older word of the register changes nothing');
update data.establishment set status = 'A', register_date = '2026-07-01' where id = pg_temp.est('Boulangerie');
select is((select status from data.establishment where id = pg_temp.est('Boulangerie')), 'A', 'a newer one does');
select is((select state || ' ' || settled_how from data.claim where id = (select id from c)), 'denied register', 'and denies the claim');

-- Reports speak: closed says so, somebody met denies it; the register confirms.
set session authorization maillage_server;
select pg_temp.act('T-FT');
select api.visit_plan(pg_temp.est('Garage'), '2026-06-04 11:00+02', 45, null, null);
select api.visit_plan(pg_temp.est('Scierie'), '2026-06-04 12:00+02', 45, null, null);
select api.report_write((select max(id) from data.visit where establishment_id = pg_temp.est('Garage')), 'closed', null, null, null, null, null, null, null);
select is((select kind || ' ' || state from data.claim where establishment_id = pg_temp.est('Garage')), 'closed open', 'a report of a closed door is a claim');
select is((select state from data.visit where establishment_id = pg_temp.est('Garage')), 'done', 'its visit is done');
select pg_temp.act('T-ML');
select api.claim_make(pg_temp.est('Scierie'), 'unreachable', null);
select pg_temp.act('T-FT');
reset session authorization;
select pg_temp.clock('2026-06-04 15:00+02');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select api.report_write((select max(id) from data.visit where establishment_id = pg_temp.est('Scierie')), 'none', null, null, null, null, null, null, null);
select is((select state || ' ' || settled_how from data.claim where establishment_id = pg_temp.est('Scierie')), 'denied visit', 'somebody met denies what was claimed');
reset session authorization;
update data.establishment set status = 'F' where id = pg_temp.est('Garage');
select is((select state || ' ' || settled_how from data.claim where establishment_id = pg_temp.est('Garage')), 'confirmed register', 'the register confirms');
select is((select count(*) from data.event where kind like 'claim.%'), 7::bigint, 'every step is in the log');
select * from finish();
rollback;
