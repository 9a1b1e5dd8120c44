-- The import desk, attacked as the server's own role: whose file, which step, what may be called.
begin;
\ir fixture.inc
select plan(38);

create function pg_temp.file() returns bigint language sql security definer as $$ select max(id) from data.source_file where name = 'liste.csv' $$;
create function pg_temp.job(kind text) returns bigint language sql security definer as
    $$ select count(*) from data.job j where j.kind = job.kind and (j.payload ->> 'file')::bigint = pg_temp.file() $$;
set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into data.source_file (kind, organisation_id, member_id, name, sha256, bytes, content, state)
values ('partner', auth.organisation(), auth.member(), 'liste.csv', sha256('x'), 1, 'x', 'preview');
select is(pg_temp.job('import.preview'), 1::bigint, 'a file given to be looked at waits for the worker');
select is(pg_temp.job('import.partner'), 0::bigint, 'and is not imported');
select throws_ok($$ insert into data.source_file (kind, organisation_id, member_id, name, sha256, bytes, content, state)
    values ('partner', auth.organisation(), auth.member(), 'x', sha256('y'), 1, 'y', 'done') $$, '42501', null, 'nobody gives a file that is done');
select throws_ok($$ update data.source_file set state = 'received' $$, '42501', null, 'the state is not written by hand');
select throws_ok($$ update data.import_progress set cancel_by = null $$, '42501', null, 'nor is the progress');
select throws_ok($$ select * from data.import_undone $$, '42501', null, 'what was taken back is not read');
select throws_ok($$ select * from data.import_mapping $$, '42501', null, 'nor are the mappings');
select throws_ok(format('select data.import_take_back(%s)', pg_temp.file()), '42501', null, 'taking back is the worker''s');
select throws_ok(format('select data.import_step(%s, ''reading'', 0, 0)', pg_temp.file()), '42501', null, 'so is the progress');
select throws_ok(format('select api.import_start(%s)', pg_temp.file()), 'ML000', 'import_state', 'what was not looked at is not imported');
select throws_ok(format('select api.import_revert(%s)', pg_temp.file()), 'ML000', 'import_state', 'nor taken back');

set session authorization postgres;
insert into data.import_line (file_id, line, outcome) values (pg_temp.file(), 2, 'review');
update data.source_file set state = 'ready', preview = '{"usable": false}' where id = pg_temp.file();
set session authorization maillage_server;
select throws_ok(format('select api.import_start(%s)', pg_temp.file()), 'ML000', 'import_no_key', 'without a column that tells rows apart nothing starts');
select is(pg_temp.n('select 1 from data.import_line'), 1::bigint, 'its lines are seen');

-- Others, of the same network or not.
select pg_temp.act('T-FT');
select is(pg_temp.n('select 1 from data.import_line'), 0::bigint, 'by nobody else');
select is(pg_temp.n('select 1 from data.link'), 0::bigint, 'nor are its links');
select throws_ok(format('select api.import_cancel(%s)', pg_temp.file()), 'ML000', 'not_found', 'another partner cannot give it up');
select throws_ok(format('select api.import_layout(%s, ''{}'')', pg_temp.file()), 'ML000', 'not_found', 'nor say how to read it');
select throws_ok(format('select api.import_start(%s)', pg_temp.file()), 'ML000', 'not_found', 'nor import it');
select is(pg_temp.n('select 1 from data.source_file where seen is not null'), 0::bigint, 'nor take it home');
select pg_temp.act('T-ETAT');
select throws_ok(format('select api.import_cancel(%s)', pg_temp.file()), 'ML000', 'not_found', 'nor may an observer');

select pg_temp.act('T-ML');
select lives_ok(format('select api.import_layout(%s, ''{"header": 2}'')', pg_temp.file()), 'its owner says how to read it');
select is(pg_temp.job('import.preview'), 2::bigint, 'and it is looked at again');
select lives_ok(format('select api.import_cancel(%s)', pg_temp.file()), 'its owner gives it up');
set session authorization postgres;
select is((select content from data.source_file where id = pg_temp.file()), null, 'its bytes are gone');

-- Lines are sealed, whoever writes them and whatever is done to them.
update data.source_file set seen = repeat('x', 50)::bytea, columns = '["A"]', preview = '{}' where id = pg_temp.file();
insert into data.source_record (file_id, line, received, state) values (pg_temp.file(), 2, '{"Contact": "Anne"}', 'unusable');
select throws_ok('set constraints data.source_record_sealed immediate', '23514', 'a line of a file must be sealed', 'no line stays in plain text');
update data.source_record set sealed = repeat('x', 50)::bytea where file_id = pg_temp.file();
select lives_ok('set constraints data.source_record_sealed immediate', 'a sealed one may');
select throws_ok(format('update data.source_record set sealed = null where file_id = %s', pg_temp.file()), '23514', null, 'nor is one unsealed');
select throws_ok($$ update data.source_record set sealed = 'short' $$, '23514', null, 'what is too short is not sealed');
set session authorization maillage_server;
select throws_ok($$ select data.line_seal('[]') $$, '42501', null, 'sealing is not the server''s');
select throws_ok($$ update data.source_file set seen = null $$, '42501', null, 'nor is what was seen rewritten');

-- A sheet of a workbook is imported once; another one is a file of its own.
set session authorization postgres;
insert into data.source_file (kind, organisation_id, member_id, name, sha256, bytes, content, state, sheet, preview)
select 'partner', auth.organisation(), auth.member(), 'deux.xlsx', sha256('deux'), 4, 'deux', 'done', 0, '{"kind": "workbook", "usable": true}';
create function pg_temp.book(name text default 'deux.xlsx') returns bigint language sql security definer as
    $$ select max(id) from data.source_file f where f.name = book.name $$;
set session authorization maillage_server;
select throws_ok(format('select api.import_again(api.file_number(), %s, 0, ''x'')', pg_temp.book()), 'ML000', 'import_sheet_done', 'the sheet that was imported is not taken again');
select throws_ok(format('select api.import_again(api.file_number(), %s, 1, ''x'')', pg_temp.file()), 'ML000', 'import_state', 'nor is one of a file that was given up');
select lives_ok(format('select api.import_again(api.file_number(), %s, 1, ''x'')', pg_temp.book()), 'another one is');
select ok(pg_temp.book('deux (feuille 2).xlsx') is not null, 'under a name that says which');
select is(pg_temp.n($$ select 1 from data.source_file where name = 'deux (feuille 2).xlsx' and state = 'preview' and layout ->> 'sheet' = '1' $$), 1::bigint, 'to be looked at');
set session authorization postgres;
update data.source_file set state = 'ready', sheet = 0, preview = '{"kind": "workbook", "usable": true}' where id = pg_temp.book('deux (feuille 2).xlsx');
set session authorization maillage_server;
select throws_ok(format('select api.import_start(%s)', pg_temp.book('deux (feuille 2).xlsx')), 'ML000', 'import_sheet_done', 'turned to the first sheet it is not imported');
select pg_temp.act('T-FT');
select throws_ok(format('select api.import_again(api.file_number(), %s, 1, ''x'')', pg_temp.book()), 'ML000', 'not_found', 'another partner takes none');
set session authorization postgres;
update data.source_file set sheet = 1 where id = pg_temp.book('deux (feuille 2).xlsx');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok(format('select api.import_start(%s)', pg_temp.book('deux (feuille 2).xlsx')), 'the second sheet is imported');
set session authorization postgres;
select * from finish();
rollback;
