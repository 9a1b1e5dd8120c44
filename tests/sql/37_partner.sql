begin;
\ir fixture.inc
select no_plan();
create function pg_temp.hash(word text) returns bytea language sql as $$ select sha256(convert_to(word, 'UTF8')) $$;
create function pg_temp.nobody() returns void language sql as
    $$ select set_config('maillage.' || k, '', true) from unnest('{member,organisation,network,territory,role}'::text[]) k $$;
create function pg_temp.boss(short text) returns void language plpgsql as
    $$ begin perform pg_temp.act(short); perform set_config('maillage.role', 'manager', true); end $$;
create function pg_temp.day(days integer) returns date language sql as $$ select (pg_catalog.now() at time zone 'Europe/Paris')::date + days $$;
create temp table made (what text, id bigint);
grant all on made to public;
set session authorization maillage_server;

-- Keys: made by those who answer for the organisation.
select pg_temp.act('T-ML');
select throws_ok($$ select api.key_make('Logiciel', '{offers:read}', pg_temp.day(9), false, pg_temp.hash('a'), 'aaaaaaaa') $$, 'ML000', 'forbidden', 'an adviser makes no key');
select pg_temp.boss('T-ML');
select throws_ok($$ insert into data.api_key (organisation_id, member_id, name, scopes, expires_at, made_by, made_at)
    select auth.organisation(), auth.member(), 'Moi', '{offers:read}', now() + interval '1 day', auth.member(), now() $$, '42501', null, 'nor does anybody write the table');
insert into made select 'ml', api.key_make(' Logiciel ', '{offers:read,offers:write}', pg_temp.day(9), false, pg_temp.hash('a'), 'aaaaaaaa');
select is((select name || ' ' || state from api.key_row), 'Logiciel active', 'it is there, trimmed');
select throws_ok($$ select api.key_make('LOGICIEL', '{offers:read}', pg_temp.day(9), false, pg_temp.hash('b'), 'bbbbbbbb') $$, 'ML000', 'key_name_taken', 'a name once');
select throws_ok($$ select api.key_make('Autre', '{tout}', pg_temp.day(9), false, pg_temp.hash('b'), 'bbbbbbbb') $$, 'ML000', 'invalid', 'a scope that there is none of');
select throws_ok($$ select api.key_make('Autre', '{offers:read}', pg_temp.day(-2), false, pg_temp.hash('b'), 'bbbbbbbb') $$, 'ML000', 'key_expiry', 'not in the past');
select throws_ok($$ select api.key_make('Autre', '{offers:read}', pg_temp.day(800), false, pg_temp.hash('b'), 'bbbbbbbb') $$, 'ML000', 'key_expiry', 'not for ever');
select throws_ok($$ select hash from data.api_secret $$, '42501', null, 'nobody reads the hashes');
select throws_ok($$ select sealed from data.channel_secret $$, '42501', null, 'nor the sealed secrets');
select pg_temp.boss('T-CE');
select is(pg_temp.n('select 1 from data.api_key') + pg_temp.n('select 1 from data.api_secret'), 0::bigint, 'others see nothing of it');
select throws_ok(format('select api.key_revoke(%s)', (select id from made where what = 'ml')), 'ML000', 'not_found', 'and end nothing');

-- Who a key says it is: its organisation's, within its scopes.
select pg_temp.nobody();
select throws_ok($$ select auth.identify_key(pg_temp.hash('z'), 31 | (2 << 16)) $$, 'ML000', 'key_invalid', 'an unknown key');
select lives_ok($$ select auth.identify_key(pg_temp.hash('a'), 3 | (4 << 16)) $$, 'a scope it has');
select is((select name from data.member where id = auth.member()), 'Logiciel (clé d’API)', 'it acts as itself');
select is(auth.organisation(), pg_temp.org('T-ML'), 'for its organisation');
select is(auth.role(), 'adviser', 'with no more than an adviser''s rights');
select throws_ok($$ select auth.identify_key(pg_temp.hash('a'), 3 | (8 << 16)) $$, 'ML000', 'scope_missing', 'a scope it has not');
select throws_ok($$ select auth.identify_key(pg_temp.hash('a'), 3 | (6 << 16)) $$, 'ML000', 'scope_missing', 'two scopes at once are none');
select throws_ok($$ select auth.identify_key(pg_temp.hash('a'), 18 | (2 << 16)) $$, 'ML000', 'forbidden', 'what managers do');
select throws_ok($$ select api.key_make('Autre', '{offers:read}', pg_temp.day(9), false, pg_temp.hash('b'), 'bbbbbbbb') $$, 'ML000', 'forbidden', 'a key makes no key');
select lives_ok($$ insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract)
    select pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'Boulanger', 'G1602', 'cdi' $$, 'it drafts an offer');
select throws_ok($$ insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract)
    select pg_temp.est('Boulangerie'), pg_temp.org('T-CE'), auth.member(), 'Boulanger', 'G1602', 'cdi' $$, '42501', null, 'for nobody else');
select is(pg_temp.n('select 1 from data.api_key'), 0::bigint, 'and sees no keys');

-- Rotation and end.
select pg_temp.boss('T-ML');
select api.key_rotate((select id from made where what = 'ml'), 2, pg_temp.hash('a2'), 'cccccccc');
select lives_ok($$ select auth.identify_key(pg_temp.hash('a'), 3 | (2 << 16)) $$, 'the old one still works');
select lives_ok($$ select auth.identify_key(pg_temp.hash('a2'), 3 | (2 << 16)) $$, 'and the new one');
reset session authorization;
update data.api_secret set ends_at = pg_catalog.now() where hash = pg_temp.hash('a');
set session authorization maillage_server;
select throws_ok($$ select auth.identify_key(pg_temp.hash('a'), 3 | (2 << 16)) $$, 'ML000', 'key_expired', 'until its hour');
select pg_temp.boss('T-ML');
select api.key_revoke((select id from made where what = 'ml'));
select throws_ok($$ select auth.identify_key(pg_temp.hash('a2'), 3 | (2 << 16)) $$, 'ML000', 'key_revoked', 'a revoked key is over');
select throws_ok(format('select api.key_rotate(%s, 2, pg_temp.hash(%L), %L)', (select id from made where what = 'ml'), 'a3', 'dddddddd'), 'ML000', 'key_over', 'and is not replaced');

-- The sandbox: one per organisation, an island.
insert into made select 'sand', api.key_make('Essai', '{offers:read,offers:write}', pg_temp.day(9), true, pg_temp.hash('s'), 'ssssssss');
insert into made select 'sand2', api.key_make('Essai 2', '{offers:read,offers:write}', pg_temp.day(9), true, pg_temp.hash('s2'), 'tttttttt');
select is((select count(*) from data.organisation where sandbox_of = pg_temp.org('T-ML')), 1::bigint, 'made once');
select is((select count(*) from api.key_row where sandbox), 2::bigint, 'its keys are with ours');
select auth.identify_key(pg_temp.hash('s'), 3 | (4 << 16));
select is(pg_temp.n('select 1 from data.establishment'), 6::bigint, 'it sees invented employers only');
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract)
select (select id from data.establishment order by id limit 1), auth.organisation(), auth.member(), 'Essai de publication', 'G1602', 'cdi';
select api.offer_move((select max(id) from data.offer), 'confirm', 'Mme Essai', null);
select api.offer_move((select max(id) from data.offer), 'open', null, 'Pour voir');
select is((select state || sandbox from data.offer where title = 'Essai de publication'), 'opentrue', 'its offers live');
select is(pg_temp.n('select 1 from data.publication'), 0::bigint, 'but are published nowhere');
select is((select count(*) from api.board_search('essai de publication', null, null, null, null, null, 10)), 0::bigint, 'not found on the board');
select is((select count(*) from api.public_offer((select id from data.offer where title = 'Essai de publication'))), 0::bigint, 'nor under its number');
select is(api.board_posting((select id from data.offer where title = 'Essai de publication'), ''), null, 'nor as a posting');
select is((api.public_site() ->> 'offers_open')::bigint, 0::bigint, 'nor counted');
select pg_temp.act('T-ML');
select is(pg_temp.n($$ select 1 from data.offer where title = 'Essai de publication' $$), 0::bigint, 'not even its own organisation has it in its lists');
select pg_temp.act('T-ETAT');
select is(pg_temp.n($$ select 1 from data.offer where sandbox $$), 0::bigint, 'nor an observer');

-- Webhooks: told in the transaction of the act, once, of what their organisation may know.
select pg_temp.act('T-ML');
select throws_ok($$ select api.channel_make('webhook', 'Moi', 'https://moi.example', '{offer.opened}', false, 901, '\x00') $$, 'ML000', 'forbidden', 'an adviser makes no webhook');
select pg_temp.boss('T-ML');
insert into made select 'hook', api.channel_make('webhook', 'Suivi', 'https://ml.example/m', '{offer.reserved,offer.opened,offer.withdrawn}', false, 901, '\x00');
select throws_ok($$ select api.channel_make('webhook', 'suivi', 'https://x.example', '{offer.opened}', false, 902, '\x00') $$, 'ML000', 'channel_name_taken', 'a name once');
select throws_ok($$ select api.channel_make('webhook', 'Autre', 'https://x.example', '{establishment.merged}', false, 903, '\x00') $$, 'ML000', 'invalid', 'only what may be told');
select throws_ok($$ select api.channel_make('webhook', 'Autre', 'ftp://x.example', '{offer.opened}', false, 904, '\x00') $$, '23514', null, 'only to http');
select pg_temp.act('T-CE');
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, publics)
select pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'Discret', 'G1602', 'cdi', '{disabled}';
select api.offer_move((select max(id) from data.offer), 'confirm', 'M. Duret', null);
reset session authorization;
select is(pg_temp.n('select 1 from data.delivery'), 0::bigint, 'what is reserved for others is not told');
set session authorization maillage_server;
select pg_temp.act('T-CE');
select api.offer_move((select max(id) from data.offer), 'open', null, 'Personne chez nous');
reset session authorization;
select is((select string_agg(kind || ' ' || state, ',') from data.delivery), 'offer.opened waiting', 'its opening is');
select is((select count(*) from data.job where kind = 'channel.send'), 1::bigint, 'and a job sends it');
select ok((select body not like '%Discret%' from data.delivery), 'by numbers only');

-- Taken in hand, tried, kept, tried again later; at rest after failures.
create temp table d as select d.id, (select j.id from data.job j where j.kind = 'channel.send' and (j.payload ->> 'delivery')::bigint = d.id limit 1) as job from data.delivery d;
grant select on d to public;
select is((select attempts from data.delivery_take((select job from d))), 1, 'taken');
select is(data.delivery_settle((select id from d), 1, 500, 12, null, 'panne', 0), 'waiting', 'a 500 waits');
select ok((select due_at - data.now() between interval '3 seconds' and interval '7 seconds' from data.delivery), 'five seconds, give or take');
select is((select count(*) from data.delivery_take((select job from d))), 0::bigint, 'not before');
select is(data.delivery_settle((select id from d), 1, 500, 12, null, 'panne', 0), 'waiting', 'the same try told twice');
select is((select count(*) from data.delivery_attempt), 1::bigint, 'is kept once');
select pg_temp.clock('2026-06-04 11:00+02');
select is((select attempts from data.delivery_take((select job from d))), 2, 'then again');
select is(data.delivery_settle((select id from d), 2, 429, 12, null, null, 3600), 'waiting', 'a 429 too');
select ok((select due_at >= data.now() + interval '59 minutes' from data.delivery), 'as late as it asks');
update data.delivery set attempts = 10;
select is(data.delivery_settle((select id from d), 10, 0, 10000, 'Pas de réponse', null, 0), 'dead', 'ten tries are enough');
select ok((select failures = 4 from data.channel), 'failures are counted');
set session authorization maillage_server;
select pg_temp.boss('T-CE');
select throws_ok(format('select api.delivery_replay(%s)', (select id from d)), 'ML000', 'not_found', 'others see no deliveries');
select pg_temp.boss('T-ML');
select lives_ok($$ select api.delivery_replay((select id from data.delivery)) $$, 'what is dead is sent again');
select throws_ok($$ select api.delivery_replay((select id from data.delivery)) $$, 'ML000', 'delivery_not_dead', 'not twice');
reset session authorization;
select is((select message from data.delivery_take((select max(id) from data.job where kind = 'channel.send'))), 'msg_' || (select max(id) from data.event where kind = 'offer.opened') || '_' || (select id from made where what = 'hook'), 'under the same number');
select is(data.delivery_settle((select id from d), 1, 410, 5, null, null, 0), 'dead', 'gone is gone');
select is((select state from data.channel), 'paused', 'and the channel pauses');
set session authorization maillage_server;
select pg_temp.boss('T-ML');
select is(api.channel_change((select id from made where what = 'hook'), 1, null, null, null, 'active'), false, 'an old version changes nothing');
select is(api.channel_change((select id from made where what = 'hook'), 2, null, null, null, 'removed'), true, 'removed');
select throws_ok(format('select api.channel_rotate(%s, 905, %L)', (select id from made where what = 'hook'), '\x00'), 'ML000', 'not_found', 'it is gone');
reset session authorization;
select is(pg_temp.n('select 1 from data.channel_secret'), 0::bigint, 'with its secrets');
select * from finish();
rollback;
