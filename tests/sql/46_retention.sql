-- How long persons are kept, who may erase or hand over, what remains.
begin;
\ir fixture.inc
select plan(27);
create function pg_temp.sealed() returns bytea language sql as $$ select decode(repeat('ab', 60), 'hex') $$;
create function pg_temp.keys(variadic pairs text[]) returns json language sql as $$
    select json_agg(json_build_object('kind', split_part(p, ':', 1), 'hash', md5(p))) from unnest(pairs) p $$;
create function pg_temp.add(employer text, shared boolean, variadic pairs text[]) returns bigint language plpgsql as $$
declare
    n bigint := api.contact_number();
begin
    perform api.contact_add(n, pg_temp.est(employer), pg_temp.sealed(), pg_temp.keys(variadic pairs), null, shared);
    return n;
end $$;
create function pg_temp.as_role(short text, role text) returns void language sql as
    $$ select pg_temp.act(short), set_config('maillage.role', role, true) $$;
create function pg_temp.until(contact bigint) returns date language sql security definer as
    $$ select k.keep_until from data.contact_clock k where k.contact_id = until.contact $$;

set session authorization maillage_server;
select pg_temp.act('T-ML');
select pg_temp.add('Scierie', true, 'name:anne', 'phone:1') as anne \gset
select pg_temp.add('Scierie', false, 'name:kept', 'phone:1') as kept \gset
select pg_temp.act('T-FT');
select pg_temp.add('Garage', true, 'name:anne2', 'phone:1') as anna \gset
select is(pg_temp.until(:anne), '2029-06-04'::date, 'three years after having been given');
select api.visit_plan(pg_temp.est('Garage'), '2026-06-05 10:00+02', 45, :anna, null) as visit \gset
select pg_temp.clock('2026-06-05 12:00+02');
select api.report_write(:visit, 'later', '2026-06-05 11:00+02', :anna, null, null, null, null, null);
select is(pg_temp.until(:anna), '2029-06-05'::date, 'or after the last visit');

-- Another agreement.
reset session authorization;
insert into data.agreement (network, version, valid_from, retention_months) values ('ml', 1, '2026-01-01', 12);
select is(pg_temp.until(:anne), '2027-06-04'::date, 'or as the agreement of the network says');
set session authorization maillage_server;

-- Who may.
select pg_temp.act('T-ML');
select throws_ok(format('select api.contact_forget(%s)', :anne), 'ML000', 'forbidden', 'an adviser erases nobody');
select throws_ok(format('select api.contact_erase_own(%s)', :anne), 'ML000', 'forbidden', 'by no door');
select throws_ok(format('select api.contact_dossier(%s)', :anne), 'ML000', 'forbidden', 'nor hands over');
select is(pg_temp.n(format('select api.contact_search(array[''\x%s''::bytea])', md5('phone:1'))), 0::bigint, 'nor searches by person');
select throws_ok(format('select data.contact_erase(%s, ''request'')', :anne), '42501', null, 'the server does not erase without asking who');
select throws_ok('select data.contact_purge(1)', '42501', null, 'nor purges');
select pg_temp.as_role('T-FT', 'manager');
select throws_ok(format('select api.contact_forget(%s)', :anne), 'ML000', 'forbidden', 'a manager erases nobody of another organisation');
select throws_ok(format('select api.contact_forget(%s)', :kept), 'ML000', 'not_found', 'and does not see what it keeps');
select is(json_array_length(api.contact_dossier(:anna) -> 'contacts'), 2, 'what is handed over: all contacts of the person one may see');
select ok(api.contact_dossier(:anna)::text ~ '"sealed":"p' and api.contact_dossier(:anna)::text ~ 'Rencontre : besoins plus tard', 'with the person and her visits');
select is(pg_temp.n(format($$ select 1 from data.event where kind = 'contact.exported' and (data ->> 'contact')::bigint = %s $$, :anne)), 3::bigint, 'each time with a trace');
select pg_temp.as_role('T-LYON', 'administrator');
select throws_ok(format('select api.contact_forget(%s)', :anne), 'ML000', 'not_found', 'an administrator of another territory erases nobody here');
select pg_temp.as_role('T-ETAT', 'observer');
select throws_ok(format('select api.contact_dossier(%s)', :anne), 'ML000', 'forbidden', 'observers have nothing handed over');

-- Erased: opposed, she is still recognised; visits and counts stand.
select pg_temp.act('T-FT');
select api.oppose_person(:anna, 'Ne veut plus', '') as register \gset
select pg_temp.as_role('T-FT', 'manager');
select lives_ok(format('select api.contact_forget(%s)', :anna), 'a manager erases a contact of her organisation');
select throws_ok(format('select api.contact_forget(%s)', :anna), 'ML000', 'not_found', 'once');
select is(pg_temp.n(format('select 1 from data.contact where id = %s and person is null and erased_why = ''request''', :anna)), 1::bigint, 'an empty row remains');
select is((select v.contact is null and (v.report ->> 'outcome') = 'later' from api.visit_row v where v.id = :visit), true, 'the visit stands, without her');
select is((select visits from data.standing where establishment_id = pg_temp.est('Garage')), 1, 'and counts');
select is((select contact is null and is_hidden from api.opposition_row where id = :register), true, 'the register names nobody any more');
select pg_temp.act('T-PLIE');
select throws_ok($$ select pg_temp.add('Boulangerie', true, 'name:x', 'phone:1') $$, 'ML000', 'contact_opposed', 'and still recognises her');

-- The purge.
reset session authorization;
select is(data.contact_purge(10), 0::bigint, 'nobody is purged before the day');
select pg_temp.clock('2027-06-05 08:00+02');
select is(data.contact_purge(10), 2::bigint, 'those whose time is over are');
select is((select count(*) from data.contact_key where contact_id in (:anne, :kept)), 0::bigint, 'their hashes too');
select is((select count(*) from data.event where kind = 'contact.erased' and data ->> 'why' = 'retention'), 2::bigint, 'with a trace that names nobody');
select * from finish();
rollback;
