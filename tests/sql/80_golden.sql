-- The golden record: which value wins, by which rule, for whom; pins and confirmations; computed again it is the same.
begin;
\ir fixture.inc
select plan(51);

insert into data.source_file (kind, name, sha256, bytes, received_at, state) values ('sirene', 'stock', sha256('s'), 1, '2026-05-01', 'done') returning id as register \gset
update data.establishment set register_file = :register, register_date = '2026-05-01' where legal_name like '%du Test';
-- A row of a file of one of the organisations, tied to an establishment; its number.
create function pg_temp.row(short text, est bigint, received timestamptz, fields jsonb, method text default 'siret') returns bigint language plpgsql as $$
declare
    f bigint;
    s bigint;
begin
    insert into data.source_file (kind, organisation_id, name, sha256, bytes, received_at, state)
    values ('partner', pg_temp.org(short), 'f.csv', sha256(random()::text::bytea), 1, received, 'done') returning id into f;
    insert into data.source_record (file_id, line, received, fields, state) values (f, 2, '{}', fields, 'linked') returning id into s;
    insert into data.link (source_record_id, establishment_id, score, method, decided_at) values (s, est, 1, method, received);
    perform data.golden(array[est]);
    return s;
end
$$;
create function pg_temp.val(est bigint, f text) returns text language sql as
    $$ select concat_ws(' ', v.value, v.rule, v.register_value) from data.establishment_value v where v.establishment_id = est and v.field = f $$;
create function pg_temp.state() returns text language sql as $$
    select md5((select string_agg(e::text, '|' order by e.id) from data.establishment e)
               || (select string_agg(v::text, '|' order by v.establishment_id, v.field) from data.establishment_value v)) $$;
select pg_temp.est('Garage') as e, pg_temp.est('Scierie') as other, pg_temp.est('Café lyonnais') as far \gset

select pg_temp.row('T-FT', :e, '2026-01-10', '{"phone": "0470000001", "name": "GARAGE", "brand": "Le Bon Garage", "naf": "45.20B"}') as first \gset
select is(pg_temp.val(:e, 'phone'), '0470000001 only', 'a value that nothing contradicts is the only one');
select is((select phone from data.establishment where id = :e), '0470000001', 'and stands in the list');
select is(pg_temp.val(:e, 'naf'), null, 'the register is more trusted for the activity');
select is((select naf from data.establishment where id = :e), '45.20A', 'whose value stands');
select is(pg_temp.val(:e, 'brand'), null, 'a file does not rename what the register names');
select pg_temp.row('T-ML', :e, '2026-03-10', '{"phone": "0470000002"}') as second \gset
select is(pg_temp.val(:e, 'phone'), '0470000002 recent', 'between equals the most recent wins');
select pg_temp.row('T-CE', :e, '2026-02-10', '{"phone": "0470000003"}') as third \gset
select is(pg_temp.val(:e, 'phone'), '0470000002 recent', 'an older file given later does not');
select is((select source_record_id from data.establishment_value where establishment_id = :e and field = 'phone'), :second::bigint, 'the row it came from is told');
select is((select since from data.establishment_value where establishment_id = :e and field = 'phone'), '2026-03-10'::timestamptz, 'and when');
insert into data.source_trust (field, source, rank) values ('phone', 'ft', 2);
select data.golden(array[:e]);
select is(pg_temp.val(:e, 'phone'), '0470000001 trusted', 'trust goes before recency');
delete from data.source_trust where field = 'phone';
select is(data.golden(array[:e]), 1::bigint, 'computing again says how many changed');
select pg_temp.state() as before \gset
select is(data.golden((select array_agg(id) from data.establishment)), 0::bigint, 'all computed again: none');
select is(pg_temp.state(), :'before', 'and nothing is written');

-- Who may speak: another territory does not, unless it made the employer known.
select pg_temp.row('T-LYON', :e, '2026-05-10', '{"phone": "0400000000"}') is not null;
select is(pg_temp.val(:e, 'phone'), '0470000002 recent', 'a file of a territory that does not see the employer says nothing of it');

-- Confirmed on a visit.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.visit_plan(:e, '2026-06-04 11:00+02', 45, null, null) as visit \gset
select api.report_write(:visit, 'none', null, null, null, null, null, null, null);
select lives_ok(format($$ select api.values_confirm(%s, '[{"field": "phone", "value": "04 70 00 00 03"}, {"field": "size_band", "value": "03"}]') $$, :visit), 'a report confirms values');
select is(pg_temp.val(:e, 'phone'), '0470000003 confirmed', 'what a visit confirmed wins');
select is(pg_temp.val(:e, 'size_band'), '03 confirmed', 'over an unknown of the register too');
select throws_ok(format($$ select api.values_confirm(%s, '[{"field": "phone", "value": "x"}]') $$, :visit), 'ML000', 'invalid', 'not by what is no telephone number');
select pg_temp.act('T-FT');
select lives_ok(format($$ select api.values_confirm(%s, '[{"field": "email", "value": "a@b.example"}]') $$, :visit), 'the report of another');
select is(pg_temp.val(:e, 'email'), null, 'confirms nothing');

-- Pinned.
select lives_ok(format($$ select api.value_pin(%s, 'brand', 'Le Bon Garage', 'Vu sur place') $$, :e), 'any writer of the territory pins a value');
select is(pg_temp.val(:e, 'brand'), 'Le Bon Garage pinned', 'which wins');
select is((select name from data.establishment where id = :e), 'Le Bon Garage', 'and names the employer');
select lives_ok(format($$ select api.value_pin(%s, 'phone', '0470000009', 'Dit par l’employeur') $$, :e), 'over a confirmed one');
select is(pg_temp.val(:e, 'phone'), '0470000009 pinned', 'the pin stands');
select is((select count(*) from data.event where establishment_id = :e and kind in ('value.pinned', 'value.confirmed')), 4::bigint, 'each is in the log');
select throws_ok(format($$ select api.value_pin(%s, 'commune_code', '03190', 'Non') $$, :e), '23514', null, 'the commune is not to be chosen');
select throws_ok($$ select api.value_pin($$ || :far || $$, 'phone', '0470000009', 'Non merci') $$, 'ML000', 'not_found', 'nor anything of an employer out of sight');
select throws_ok(format($$ insert into data.value_statement (establishment_id, organisation_id, member_id, kind, field, value, reason)
    values (%s, auth.organisation(), auth.member(), 'pinned', 'phone', '0470000008', 'Non') $$, :e), '42501', null, 'nor beside the function');
select lives_ok(format($$ select api.value_release(%s, 'phone') $$, :e), 'a pin is released by whoever sees it');
select is(pg_temp.val(:e, 'phone'), '0470000003 confirmed', 'and the rules decide again');
select is((select v -> 'candidates' -> 0 ->> 'value' from json_array_elements(api.values_of(:e) -> 'items') v where v ->> 'field' = 'phone'), '0470000003', 'the values are told with the others');
select pg_temp.act('T-LYON');
select is(api.values_of(:e)::text, null, 'not to another territory');
reset session authorization;

-- A confirmation holds two years against what is said after it.
select pg_temp.row('T-FT', :e, '2028-05-01', '{"phone": "0470000005"}') as late \gset
select is(pg_temp.val(:e, 'phone'), '0470000003 confirmed', 'a confirmation holds against a file of the two years after');
select pg_temp.row('T-FT', :e, '2028-07-01', '{"phone": "0470000006"}') as later \gset
select is(pg_temp.val(:e, 'phone'), '0470000006 recent', 'and gives way to one that comes later');
update data.link set undone_at = now() where source_record_id in (:late, :later);
select data.golden(array[:e]);
select is(pg_temp.val(:e, 'phone'), '0470000003 confirmed', 'it stands again when that row is untied');

-- Many at once: those that one row made known are computed by a shorter way, and are the same.
insert into data.establishment (legal_name, phone, commune_code)
select 'Seul ' || i, '04' || lpad(i::text, 8, '0'), (select commune_code from data.establishment where id = :e) from generate_series(1, 1500) i;
insert into data.source_file (kind, organisation_id, name, sha256, bytes, received_at, state)
values ('partner', pg_temp.org('T-FT'), 'seuls.csv', sha256('seuls'), 1, '2026-05-02', 'done') returning id as alone \gset
with row as (
    insert into data.source_record (file_id, line, received, fields, state)
    select :alone, e.id, '{}', json_build_object('name', e.legal_name, 'phone', e.phone, 'siren', '000000000', 'brand', null), 'linked'
      from data.establishment e where e.legal_name like 'Seul %' returning id, line)
insert into data.link (source_record_id, establishment_id, score, method, decided_at) select r.id, r.line, 1, 'created', data.now() from row r;
select is(data.golden(array(select id from data.establishment order by id)), 0::bigint, 'what a row made known stands already');
select is((select count(*) from data.establishment_value v join data.establishment e on e.id = v.establishment_id
            where e.legal_name like 'Seul %' and v.rule = 'only' and v.register_value is null and v.since = '2026-05-02' and v.field in ('legal_name', 'phone')),
          3000::bigint, 'each of its values is the only one');
select md5(string_agg(v::text, '|' order by v.establishment_id, v.field)) as short from data.establishment_value v \gset
delete from data.establishment_value v using data.establishment e where e.id = v.establishment_id and e.legal_name like 'Seul %';
select data.golden_some(array(select id from data.establishment where legal_name like 'Seul %' order by id));
select is((select md5(string_agg(v::text, '|' order by v.establishment_id, v.field)) from data.establishment_value v), :'short', 'as by the longer way');

-- What the register knows and one row is the first to speak of: the short way does what it can, as the longer one would.
insert into data.establishment (siret, legal_name, usual_name, brand, address, postcode, city, commune_code, naf, naf_legacy, phone, diffusion, register_file, register_date)
select '9' || lpad(i::text, 13, '0'), case when i % 7 <> 0 then 'Une fois ' || i end, null, case when i % 11 = 0 then 'Marque ' || i end,
       case when i % 5 <> 0 then i || ' rue Haute' end, '03000', 'MOULINS', case when i % 13 = 0 then (select commune_code from data.establishment where id = :far) else '03190' end,
       case when i % 3 = 0 then '56.10A' end, case when i % 17 = 0 then '55.3A' end, case when i % 19 = 0 then '0470112233' end,
       case when i % 23 = 0 then 'P' else 'O' end, :register, '2026-05-01' from generate_series(1, 400) i;
insert into data.source_file (kind, organisation_id, name, sha256, bytes, received_at, state)
values ('partner', pg_temp.org('T-CE'), 'once.csv', sha256('once'), 1, '2026-05-03', 'done') returning id as once \gset
with row as (
    insert into data.source_record (file_id, line, received, fields, state)
    select :once, n, '{}', jsonb_strip_nulls(jsonb_build_object('name', 'UNE FOIS ' || n, 'brand', case when n % 2 = 0 then 'Chez ' || n end, 'address', n || ' R HAUTE',
             'city', 'Moulins', 'naf', case when n % 4 = 0 then '56.10B' end, 'phone', '04700' || lpad(n::text, 5, '0'), 'email', case when n % 3 <> 1 then 'a' || n || '@b.fr' end)), 'linked'
      from generate_series(1, 400) n returning id, line)
insert into data.link (source_record_id, establishment_id, score, method, decided_at)
select r.id, e.id, 1, 'siret', data.now() from row r join data.establishment e on e.siret = '9' || lpad(r.line::text, 13, '0');
create function pg_temp.once() returns bigint[] language sql as
    $$ select array_agg(id order by id) from data.establishment where siret ~ '^9000' and register_file is not null $$;
create function pg_temp.told() returns text language sql as $$
    select md5((select string_agg(e::text, '|' order by e.id) from data.establishment e where e.id = any (pg_temp.once()))
               || (select string_agg(v::text, '|' order by v.establishment_id, v.field) from data.establishment_value v where v.establishment_id = any (pg_temp.once()))) $$;
savepoint longer;
select data.golden_some(pg_temp.once()) as longer_changed \gset
select pg_temp.told() as longer_told \gset
rollback to longer;
select cardinality(o.done) as done, o.changed as once_changed, data.golden_some(array(select unnest(pg_temp.once()) except select unnest(o.done))) as rest_changed
  from data.golden_once(pg_temp.once()) o \gset
select ok(:done between 300 and 399, 'most of them the short way, not all');
select is(:once_changed::bigint + :rest_changed::bigint, :longer_changed::bigint, 'as many change');
select is(pg_temp.told(), :'longer_told', 'to the same values, by the same rules');
select is(data.golden_some(pg_temp.once()), 0::bigint, 'and computing again changes nothing');

-- Said again by the same network, twice in one file, by another network, untied here and there; then untied altogether.
insert into data.source_file (kind, organisation_id, name, sha256, bytes, received_at, state)
values ('partner', pg_temp.org('T-CE'), 'twice.csv', sha256('twice'), 1, '2026-05-04', 'done') returning id as twice \gset
insert into data.source_file (kind, organisation_id, name, sha256, bytes, received_at, state)
values ('partner', pg_temp.org('T-FT'), 'other.csv', sha256('other'), 1, '2026-05-05', 'done') returning id as other \gset
with row as (
    insert into data.source_record (file_id, line, received, fields, state)
    select case when g.k = 3 then :other else :twice end, g.n + 1000 * g.k, '{}',
           jsonb_strip_nulls(jsonb_build_object('name', 'ENCORE ' || g.n, 'address', g.n || ' R BASSE', 'naf', case when g.n % 8 = 0 then '56.10B' end,
             'phone', case when g.n % 3 <> 0 then '0480' || lpad((g.n + g.k * (g.n % 2))::text, 6, '0') end,
             'email', case when g.n % 4 <> 1 then 'c' || g.n || '@d.fr' end)), 'linked'
      from (select n, k from generate_series(1, 400) n, generate_series(1, 3) k
             where k = 1 and n % 2 = 0 or k = 2 and n % 5 = 0 or k = 3 and n % 29 = 0) g returning id, line)
insert into data.link (source_record_id, establishment_id, score, method, decided_at)
select r.id, e.id, 1, 'siret', data.now() from row r join data.establishment e on e.siret = '9' || lpad((r.line % 1000)::text, 13, '0');
update data.link l set undone_at = now()
  from data.source_record r where r.id = l.source_record_id and r.file_id = :once and r.line % 4 = 0;
savepoint longer;
select data.golden_some(pg_temp.once()) as longer_changed \gset
select pg_temp.told() as longer_told \gset
rollback to longer;
select cardinality(o.done) as done, o.changed as once_changed, data.golden_some(array(select unnest(pg_temp.once()) except select unnest(o.done))) as rest_changed
  from data.golden_once(pg_temp.once()) o \gset
select ok(:done between 250 and 399, 'said again, still most of them the short way');
select is(:once_changed::bigint + :rest_changed::bigint, :longer_changed::bigint, 'said again, as many change');
select is(pg_temp.told(), :'longer_told', 'said again, to the same values, by the same rules');
select is(data.golden_some(pg_temp.once()), 0::bigint, 'said again, computing again changes nothing');
update data.link l set undone_at = now()
  from data.source_record r where r.id = l.source_record_id and r.file_id in (:once, :twice, :other) and l.undone_at is null;
savepoint longer;
select data.golden_some(pg_temp.once()) as longer_changed \gset
select pg_temp.told() as longer_told \gset
rollback to longer;
select cardinality(o.done) as done, o.changed as once_changed, data.golden_some(array(select unnest(pg_temp.once()) except select unnest(o.done))) as rest_changed
  from data.golden_once(pg_temp.once()) o \gset
select ok(:done between 200 and 399, 'untied, many of them the short way');
select is(:once_changed::bigint + :rest_changed::bigint, :longer_changed::bigint, 'untied, as many change');
select is(pg_temp.told(), :'longer_told', 'untied, the register speaks as by the longer way');

-- Untied, a row says nothing any more.
update data.link set undone_at = now() where source_record_id = :second;
update data.value_statement set ended_at = now() where establishment_id = :e and ended_at is null;
select is(pg_temp.val(:e, 'phone'), '0470000003 recent', 'the next most recent stands');
select * from finish();
rollback;
