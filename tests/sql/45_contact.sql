-- Contacts and the register of oppositions, attacked as the server's own role: sealed or nothing, bound by a hash, cancelled.
begin;
\ir fixture.inc
select plan(33);
create function pg_temp.sealed() returns bytea language sql as $$ select decode(repeat('ab', 60), 'hex') $$;
create function pg_temp.keys(variadic pairs text[]) returns json language sql as $$
    select json_agg(json_build_object('kind', split_part(p, ':', 1), 'hash', md5(p))) from unnest(pairs) p $$;
-- A contact of the organisation that speaks, as the server would add it.
create function pg_temp.add(employer text, variadic pairs text[]) returns bigint language plpgsql as $$
declare
    n bigint := api.contact_number();
begin
    perform api.contact_add(n, pg_temp.est(employer), pg_temp.sealed(), pg_temp.keys(variadic pairs), null, true);
    return n;
end $$;
create function pg_temp.bound(contact bigint) returns boolean language sql security definer as $$
    select c.opposition_id is not null from data.contact c where c.id = bound.contact $$;

-- Nothing in plain text, nothing without its seal.
select hasnt_column('data', 'contact', 'family_name', 'no name in plain text');
select hasnt_column('data', 'contact', 'phone', 'no phone in plain text');
savepoint plain;
insert into data.contact (establishment_id, organisation_id, created_at) values (pg_temp.est('Scierie'), pg_temp.org('T-ML'), now()) returning id as bare \gset
select throws_ok('set constraints all immediate', '23514', null, 'no contact stays without its person');
rollback to plain;
insert into data.contact (establishment_id, organisation_id, created_at, person) values (pg_temp.est('Scierie'), pg_temp.org('T-ML'), now(), pg_temp.sealed()) returning id as bare \gset
insert into data.contact_plain (contact_id, family_name) values (:bare, 'Dupont');
select throws_ok('set constraints all immediate', '23514', null, 'no person stays in plain text');
rollback to plain;
set constraints all deferred;

set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok('select 1 from data.contact_plain', '42501', null, 'the server does not read what waits in plain text');
select throws_ok('select 1 from data.contact_key', '42501', null, 'nor hashes of persons');
select throws_ok('select 1 from data.opposition_key', '42501', null, 'nor those of the register');
select throws_ok($$ update data.contact set opposition_id = null $$, '42501', null, 'nor unbinds anybody');
select throws_ok($$ update data.contact set erased_at = now() $$, '42501', null, 'nor erases by hand');

-- One's own keys only.
select pg_temp.add('Scierie', 'name:anne', 'family:a', 'phone:1', 'email:anne@x') as anne \gset
select pg_temp.act('T-FT');
select throws_ok(format('select api.contact_keys_set(%s, ''[]'')', :anne), 'ML000', 'forbidden', 'hashes of another''s contact stay');
select throws_ok(format('select api.contact_change(%s, 1, pg_temp.sealed(), ''[]'', null, null, null)', :anne), 'ML000', 'forbidden', 'and the contact too');
select pg_temp.act('T-LYON');
select throws_ok(format('select api.oppose_person(%s, null, '''')', :anne), 'ML000', 'not_found', 'nobody opposes for a person they do not see');
select pg_temp.act('T-ETAT');
select throws_ok(format('select api.oppose_person(%s, null, '''')', :anne), 'ML000', 'not_found', 'observers neither');

-- Another partner knows the same person elsewhere, and plans to meet her.
select pg_temp.act('T-FT');
select pg_temp.add('Boulangerie', 'name:anna', 'family:a', 'phone:2', 'email:anne@x') as anna \gset
select pg_temp.add('Scierie', 'name:bob', 'family:b', 'phone:9') as bob \gset
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-10 10:00+02', 45, :anna, null) as visit \gset
select pg_temp.act('T-CE');
-- The phone 9 is the switchboard of the employer: spared.
select api.oppose_person(:bob, 'Ne veut plus', md5('phone:9')) as bobs \gset
select lives_ok($$ select pg_temp.add('Scierie', 'name:carol', 'phone:9') $$, 'a colleague behind the same switchboard is not silenced');

select pg_temp.act('T-ML');
select api.oppose_person(:anne, 'Ne souhaite plus être appelée', '') as hers \gset
select is(api.oppose_person(:anne, 'Encore', ''), :hers::bigint, 'recorded twice it stays one');
select ok(pg_temp.bound(:anne) and pg_temp.bound(:anna), 'whoever has the same e-mail is bound, whoever gave them');
select is((select state || ' ' || reason from data.visit where id = :visit), 'cancelled Opposition de l’interlocuteur', 'visits planned with her are cancelled, of every partner');
select is((select count(*) from data.promise where establishment_id = pg_temp.est('Boulangerie') and state = 'active'), 1::bigint, 'the promise to see the employer stands');
select is((select state from api.establishment_line where id = pg_temp.est('Scierie')), 'free', 'an opposition of a person is none of the employer');
select ok((select sealed from api.contact_row where id = :anna) like 'n' || :anna || '.%', 'only her name leaves for a document');

-- Given again.
select pg_temp.act('T-PLIE');
select throws_ok($$ select pg_temp.add('Garage', 'name:x', 'email:anne@x') $$, 'ML000', 'contact_opposed', 'given again with her e-mail she is recognised');
select throws_ok($$ select pg_temp.add('Garage', 'name:x', 'phone:1') $$, 'ML000', 'contact_opposed', 'or with her phone');
select throws_ok($$ select pg_temp.add('Scierie', 'name:anne') $$, 'ML000', 'contact_opposed', 'or with her name at the same employer');
select lives_ok($$ select pg_temp.add('Garage', 'name:anne') $$, 'the same name elsewhere is another person');
select pg_temp.act('T-FT');
select throws_ok(format('select api.contact_change(%s, 1, null, null, null, null, true)', :anna), 'ML000', 'contact_opposed', 'she cannot be confirmed');
select throws_ok(format('select api.visit_plan(pg_temp.est(''Boulangerie''), ''2026-06-11 10:00+02'', 45, %s, null)', :anna), 'ML000', 'contact_opposed', 'nor planned again');
select is(pg_temp.n(format('select 1 from data.opposition where id = %s and lifted_at is null', :hers)), 1::bigint, 'the register is read by every partner');
with u as (update data.opposition set lifted_at = now(), lifted_reason = 'x' where id = :hers returning 1)
select is((select count(*) from u), 0::bigint, 'who did not record it does not lift it');

-- Lifted by who recorded it.
select pg_temp.act('T-ML');
update data.opposition set lifted_at = now(), lifted_reason = 'A changé d’avis' where id = :hers;
select ok(not pg_temp.bound(:anne) and not pg_temp.bound(:anna), 'lifted, it binds nobody');
select ok(pg_temp.bound(:bob), 'another one still binds');
select is((select count(*) from api.establishment_match('contact:' || md5('email:anne@x') || ' anne@x')), 2::bigint, 'an exact e-mail finds the employers');
select pg_temp.act('T-LYON');
select is((select count(*) from api.establishment_match('contact:' || md5('email:anne@x') || ' anne@x')), 0::bigint, 'of one''s own territory only');
reset session authorization;
select is((select count(*) from data.event where data::text like '%Dupont%' or data ? 'shared_note'), 0::bigint, 'the log repeats nothing about persons');
select * from finish();
rollback;
