-- Channels by agreement: an offer is published where the agreement in force names it, once, and is withdrawn from there; the
-- partner file is the whole of what is open; what changes is told again, once.
begin;
\ir fixture.inc
select no_plan();
create function pg_temp.boss(short text) returns void language plpgsql as
    $$ begin perform pg_temp.act(short); perform set_config('maillage.role', 'manager', true); end $$;
create function pg_temp.draft(said text, of_contract text default 'cdi') returns bigint language plpgsql as $$
declare i bigint;
begin
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, posts)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), said, 'G1602', of_contract, 2) returning id into i;
    return i;
end $$;
create function pg_temp.opened(said text) returns bigint language plpgsql as $$
declare i bigint := pg_temp.draft(said);
begin
    perform api.offer_move(i, 'confirm', 'Mme Test', null);
    perform api.offer_move(i, 'open', null, 'Urgent');
    return i;
end $$;
create function pg_temp.where(offer bigint) returns text language sql security definer set search_path = data as
    $$ select coalesce(string_agg(channel, ',' order by channel), '') from publication p where p.offer_id = "where".offer and withdrawn_at is null $$;
create function pg_temp.sent(offer bigint) returns text language sql security definer set search_path = data as
    $$ select coalesce(string_agg(kind || ' ' || state, ', ' order by id), '') from delivery d where d.offer_id = sent.offer $$;
create temp table made (what text, id bigint);
grant all on made to public;

-- What an agreement may say.
select throws_ok($$ insert into data.agreement (network, version, valid_from, channels) values ('ml', 90, '2026-01-01', '{radio}') $$, '23514', null, 'only channels that there are');
select throws_ok($$ insert into data.agreement (network, version, valid_from, channels) values ('ml', 90, '2026-01-01', '{atom,push}') $$, '23514', null, 'a feed needs the board it leads to');
select throws_ok($$ insert into data.agreement (network, version, valid_from, channels) values ('ml', 90, '2026-01-01', '{board,null}') $$, '23514', null, 'no channel without a name');
select is(data.agreement_change('ml', '{"channels": ["board", "posting", "push", "file"], "open_days": 45}'), 1, 'another version, for one network');
select results_eq($$ select a.reservation_days::int, a.open_days::int, a.channels from data.agreement_in_force('ml') a $$,
    $$ values (15, 45, '{board,posting,push,file}'::text[]) $$, 'what was not said stays');
select is((data.agreement_in_force('ft')).channels[3], 'atom', 'the others are as before');
select is((select count(*) from data.event where kind = 'agreement.changed'), 1::bigint, 'it is in the log');

-- Channels of the kind that is a file.
set session authorization maillage_server;
select throws_ok($$ select data.agreement_change(null, '{"channels": []}') $$, '42501', null, 'nobody changes an agreement from a page');
select pg_temp.boss('T-ML');
select throws_ok($$ select api.channel_make('file', 'Dépôt', '../etc/passwd', '{}', false, null, null, 'nightly') $$, '23514', null, 'a name that leads nowhere else');
select throws_ok($$ select api.channel_make('file', 'Dépôt', 'MLTEST', '{}', false, null, null, null) $$, '23514', null, 'a file has a rhythm');
select throws_ok($$ select api.channel_make('push', 'Site', 'https://x.example/p', '{}', false, 801, '\x00', 'nightly') $$, '23514', null, 'what is pushed has none');
insert into made select 'early', pg_temp.opened('Ouverte avant le canal');
insert into made select 'file', api.channel_make('file', 'Dépôt', 'MLTEST', '{}', false, null, null, 'nightly');
insert into made select 'push', api.channel_make('push', 'Autre site', 'https://x.example/p', '{}', false, 802, '\x00');
select is(pg_temp.n('select 1 from data.channel where next_at = data.now()'), 1::bigint, 'the first file is written at once');
select throws_ok(format('select api.channel_rotate(%s, 803, ''\x00'')', (select id from made where what = 'file')), 'ML000', 'channel_unsigned', 'a file has no secret');
select pg_temp.boss('T-CE');
select throws_ok($$ select api.channel_make('file', 'Le nôtre', 'mltest', '{}', false, null, null, 'hourly') $$, 'ML000', 'channel_file_taken', 'one name, one file');
select throws_ok(format('select * from api.partner_lines(%s, null, 0, 10)', (select id from made where what = 'file')), 'ML000', 'not_found', 'others do not read it');
select is(pg_temp.n('select 1 from data.channel'), 0::bigint, 'nor know of it');

-- Opened on each channel that is named, and on no other.
select pg_temp.boss('T-ML');
insert into made select 'one', pg_temp.opened('Boulanger | pâtissier "du matin"');
select is(pg_temp.where((select id from made where what = 'one')), 'board,file,push', 'published where the agreement says');
select is(pg_temp.where((select id from made where what = 'early')), 'board,file', 'a file is the whole of what is open');
select is((select count(*) from api.board_search(null, null, 0, null, null, null, 10)), 2::bigint, 'on the board');
select is((select count(*) from api.board_search(null, null, 0, null, null, null, 10, 'atom')), 0::bigint, 'not in the feed, which the agreement does not name');
select is((select count(*) from api.board_ids(0, 10)), 0::bigint, 'nor in the map of the site');
select isnt(api.board_posting((select id from made where what = 'one'), 'https://m.example'), null, 'with a posting');
select results_eq(format($$ select o ->> 'code', o ->> 'state' from api.offer_outlets(%s) o $$, (select id from made where what = 'one')),
    $$ values ('board', 'shown'), ('posting', 'shown'), ('push', 'waiting'), ('file', 'waiting') $$, 'a page says where');
select pg_temp.act('T-CE');
select throws_ok(format('select * from api.offer_outlets(%s)', (select id from made where what = 'one')), 'ML000', 'not_found', 'to who collected it');
select pg_temp.act('T-FT');
insert into made select 'soon', pg_temp.draft('Pas encore ouverte');
select is((select string_agg(concat_ws(' ', o ->> 'code', o ->> 'state'), ', ') from api.offer_outlets((select id from made where what = 'soon')) o where o ->> 'code' in ('push', 'webhook', 'file')),
          'push planned, webhook planned, file planned', 'before it opens, each once');
insert into made select 'ft', pg_temp.opened('Offre d’un autre réseau');
select is((select count(*) from api.board_search(null, null, 0, null, null, null, 10, 'atom')), 1::bigint, 'another network names the feed');

-- An agreement without the board: open to the partners, unknown to the public.
reset session authorization;
select is(data.agreement_change('plie', '{"channels": ["file"]}'), 1, 'a network that publishes on no page');
set session authorization maillage_server;
select pg_temp.act('T-PLIE');
insert into made select 'quiet', pg_temp.opened('Offre discrète');
select is((select state from data.offer where id = (select id from made where what = 'quiet')), 'open', 'open');
select is(pg_temp.where((select id from made where what = 'quiet')), '', 'published nowhere');
select is((select count(*) from api.public_offer((select id from made where what = 'quiet'))), 0::bigint, 'no page');
select is(api.board_gone((select id from made where what = 'quiet')), false, 'and never had one');
select is(api.board_posting((select id from made where what = 'quiet'), ''), null, 'no posting');
select throws_ok(format('update data.offer set channels = ''{board}'' where id = %s', (select id from made where what = 'quiet')), '42501', null, 'nobody adds one');

-- The file.
reset session authorization;
select is(data.file_due(), 1, 'its hour has come');
select is(data.file_due(), 0, 'once');
select is((select count(*) from data.delivery where kind = 'file.drop' and state = 'waiting'), 1::bigint, 'one is to be written');
select is((select next_at from data.channel where kind = 'file'), '2026-06-05 03:30+02'::timestamptz, 'the next one in the night');
select is(data.file_next('nightly', '2026-10-24 22:00+02'), '2026-10-25 03:30+01'::timestamptz, 'also in the night in which the clocks change');
select is(data.file_next('nightly', '2026-06-05 03:29:59+02'), '2026-06-05 03:30+02'::timestamptz, 'not a night too late');
select is(data.file_next('hourly', '2026-06-05 03:30+02'), '2026-06-05 04:00+02'::timestamptz, 'or at the full hour');
select cmp_ok(cardinality(data.partner_columns()), '=', (select 1 + length(l.line) - length(replace(l.line, '|', '')) - 1
    from data.partner_lines((select id from made where what = 'file'), 'https://m.example', 0, 10) l where l.line like '%pâtissier%'), 'as many cells as columns, one mark between quotes');
select is((select array_agg(c.name || '=' || s.cell order by c.n) from (
        select unnest(data.partner_columns()) as name, generate_subscripts(data.partner_columns(), 1) as n) c
    join (select split_part(l.line, '|', g.n) as cell, g.n from data.partner_lines((select id from made where what = 'file'), null, 0, 10) l, generate_series(1, 200) as g (n)
           where l.line like '%avant le canal%') s on s.n = c.n
    where c.name in ('Code_rome', 'TCO_cle', 'NTC_cle', 'COM_cle', 'DEP_cle', 'OST_poste_restant_nb', 'Type_mouvement', 'Off_etab_enseigne', 'Off_etat', 'Candidature')),
    array['Code_rome=G1602', 'NTC_cle=E1', 'TCO_cle=CDI', 'COM_cle=03190', 'DEP_cle=03', 'OST_poste_restant_nb=2', 'Off_etab_enseigne=Test Mission Locale', 'Type_mouvement=C', 'Off_etat=OUV', 'Candidature=Structure'],
    'each under the name that France Travail gives it');
select is((select split_part(l.line, '|', 4) from data.partner_lines((select id from made where what = 'file'), 'https://m.example', 0, 10) l where l.line like '%avant le canal%'),
    'https://m.example/offres/' || (select id from made where what = 'early'), 'with its page');
select ok((select bool_and(l.line not like '%Test Boulangerie%' and l.line not like '%90000000100011%' and l.line not like '%Mme Test%')
    from data.partner_lines((select id from made where what = 'file'), null, 0, 10) l), 'the employer is not named');
select lives_ok(format('select data.file_done(%s, array(select id from data.publication where channel = ''file''), ''{}'')', (select id from made where what = 'file')), 'it is in its place');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.offer_move((select id from made where what = 'early'), 'withdraw', null, 'Recruté');
reset session authorization;
select results_eq(format('select is_open from data.partner_lines(%s, null, 0, 10)', (select id from made where what = 'file')), 'values (false), (true)', 'the next one says which is over');
select data.file_done((select id from made where what = 'file'), '{}', array(select l.publication from data.partner_lines((select id from made where what = 'file'), null, 0, 10) l where not l.is_open));
select pg_temp.clock('2026-07-10 10:00+02');
select results_eq(format('select is_open from data.partner_lines(%s, null, 0, 10)', (select id from made where what = 'file')), 'values (true)', 'for thirty days');
select pg_temp.clock('2026-06-04 10:10+02');

-- What changes is told again: once for each version, after what opened, before what ended.
select is(pg_temp.sent((select id from made where what = 'one')), 'offer.publish waiting', 'published, not sent yet');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.offer_fill((select id from made where what = 'one'), 1, null);
reset session authorization;
select is(pg_temp.sent((select id from made where what = 'one')), 'offer.publish waiting', 'what has not left yet leaves as it is now');
select is((select body::json #>> '{offer,nombrePostes}' from data.delivery where kind = 'offer.publish'), '1', 'with one post');
update data.delivery set attempts = 1 where kind = 'offer.publish';
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.offer_fill((select id from made where what = 'one'), -1, null);
reset session authorization;
select is(pg_temp.sent((select id from made where what = 'one')), 'offer.publish waiting, offer.update waiting', 'what may have left is followed by another word');
select is((select count(*) from data.delivery_take((select max(id) from data.job where kind = 'channel.send'))), 0::bigint, 'which waits for the first');
update data.delivery set state = 'done' where kind = 'offer.publish';
select lives_ok(format('select data.publication_renewed(%1$s, o.version) from data.offer o where o.id = %1$s', (select id from made where what = 'one')), 'told twice');
select is((select count(*) from data.delivery where kind = 'offer.update'), 1::bigint, 'it is sent once');
update data.offer set replaced_by = null, reason = reason where id = (select id from made where what = 'one');
select is((select count(*) from data.delivery where kind = 'offer.update'), 1::bigint, 'what changes nothing is not told');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.offer_move((select id from made where what = 'one'), 'withdraw', null, 'Recruté');
reset session authorization;
select is(pg_temp.sent((select id from made where what = 'one')), 'offer.publish done, offer.update dropped, offer.withdraw waiting', 'what ends overtakes what changed');
select is(pg_temp.where((select id from made where what = 'one')), '', 'withdrawn everywhere');

-- All that is dead of a channel, in one go: what is open leaves as it is, what is over is not published again.
set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into made select 'again', pg_temp.opened('Encore ouverte');
insert into made select 'over', pg_temp.opened('Close entre-temps');
reset session authorization;
update data.delivery set state = 'dead', attempts = 10, settled_at = data.now(), body = '{}' where channel_id = (select id from made where what = 'push') and kind = 'offer.publish' and state = 'waiting';
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.offer_fill((select id from made where what = 'over'), null, null);
select throws_ok(format('select api.channel_replay(%s)', (select id from made where what = 'push')), 'ML000', 'not_found', 'by who answers for it only');
select pg_temp.boss('T-ML');
select is((select (r ->> 'replayed') || ' ' || (r ->> 'dropped') || ' ' || (r ->> 'left') from api.channel_replay((select id from made where what = 'push')) r), '1 1 0', 'one waits again, one is given up');
select is((select (r ->> 'replayed') || ' ' || (r ->> 'left') from api.channel_replay((select id from made where what = 'push')) r), '0 0', 'nothing is left');
reset session authorization;
select is(pg_temp.sent((select id from made where what = 'again')), 'offer.publish waiting', 'it waits');
select is((select body::json #>> '{offer,intitule}' from data.delivery where offer_id = (select id from made where what = 'again') and kind = 'offer.publish'), 'Encore ouverte', 'and says what is true now');
select ok(pg_temp.sent((select id from made where what = 'over')) like 'offer.publish dropped%', 'what is over is not published again');
update data.delivery set state = 'dead', attempts = 10, settled_at = data.now() where offer_id = (select id from made where what = 'again');
select is((data.channel_revive((select id from made where what = 'push'), 0)) ->> 'left', '1', 'so many at once, the rest is told');
update data.delivery set state = 'dead', error = data.letter_unsure() where offer_id = (select id from made where what = 'again');
select is((select concat_ws(' ', r ->> 'replayed', r ->> 'left', r ->> 'unsure') from data.channel_revive((select id from made where what = 'push'), 10) r), '0 0 1', 'what may have gone is not sent again in a heap, and told apart');
update data.delivery set state = 'done' where offer_id = (select id from made where what = 'again');

-- What is sent again keeps the tries of before beside the new ones, however often.
insert into data.delivery_attempt (delivery_id, round, number, at, ms, status) select d.id, d.round, n, data.now(), 5, 500 from data.delivery d, generate_series(1, 2) n
 where d.offer_id = (select id from made where what = 'again') and d.kind = 'offer.publish';
create function pg_temp.revived(status integer) returns text language plpgsql as $$
declare i bigint := (select d.id from data.delivery d where d.offer_id = (select id from made where what = 'again') and d.kind = 'offer.publish');
begin
    update data.delivery set state = 'dead', settled_at = data.now(), error = null where id = i;
    perform data.delivery_revive(array[i]);
    perform data.delivery_settle(i, 1, status, 7, null, null, null);
    return (select string_agg(concat_ws(' ', (t ->> 'round') || '.' || (t ->> 'number'), t ->> 'status'), ', ') from api.delivery_row r, json_array_elements(r.tries) t where r.id = i);
end $$;
select is(pg_temp.revived(503), '2.1 500, 2.2 500, 3.1 503', 'tries of before stay when it is sent again');
select is(pg_temp.revived(200), '2.1 500, 2.2 500, 3.1 503, 4.1 200', 'and again, in a round of its own');

-- Webhooks of others: as the agreement says.
set session authorization maillage_server;
select pg_temp.boss('T-CE');
insert into made select 'hook', api.channel_make('webhook', 'Suivi', 'https://ce.example/m', '{offer.opened}', false, 804, '\x00');
select pg_temp.act('T-ML');
insert into made select 'untold', pg_temp.opened('Sans webhook');
select pg_temp.act('T-FT');
insert into made select 'told', pg_temp.opened('Avec webhook');
reset session authorization;
select is(pg_temp.sent((select id from made where what = 'untold')), 'offer.publish waiting', 'not told where it does not name them');
select is(pg_temp.sent((select id from made where what = 'told')), 'offer.opened waiting', 'told where it does');
-- Time opens an offer for whoever collected it; a post that is filled is a change.
insert into data.event (kind, offer_id, establishment_id, data, at)
select 'offer.opened', o.id, o.establishment_id, jsonb_build_object('offer', o.id), data.now() from data.offer o where o.id = (select id from made where what = 'told');
select is((select body::json #>> '{data,organisation}' from data.delivery where channel_id = (select id from made where what = 'hook') order by id desc limit 1),
    (select organisation_id::text from data.offer where id = (select id from made where what = 'told')), 'the organisation of an offer that time opens is told');
update data.channel set events = '{offer.changed}' where id = (select id from made where what = 'hook');
insert into data.event (kind, offer_id, establishment_id, data, at)
select 'offer.posts_filled', o.id, o.establishment_id, jsonb_build_object('offer', o.id, 'filled', 1), data.now() from data.offer o where o.id = (select id from made where what = 'told');
select is((select kind || ' ' || (body::json ->> 'type') from data.delivery where channel_id = (select id from made where what = 'hook') order by id desc limit 1), 'offer.changed offer.changed', 'a post that is filled is a change');
-- While its address rests, what is sent waits; what a person tries out goes at once, and says whether it answers again.
create function pg_temp.taken(what bigint) returns boolean language sql as
    $$ select exists (select from data.job j, data.delivery_take(j.id) where j.payload ->> 'delivery' = what::text) $$;
create function pg_temp.rests() returns text language sql as
    $$ select concat_ws(' ', failures, extract(epoch from open_until - data.now())::integer) from data.channel where id = (select id from made where what = 'hook') $$;
update data.channel set failures = 6, open_until = data.now() + interval '10 minutes' where id = (select id from made where what = 'hook');
insert into made select 'waits', max(id) from data.delivery where channel_id = (select id from made where what = 'hook');
select ok(not pg_temp.taken((select id from made where what = 'waits')), 'what is sent waits for the end of the rest');
set session authorization maillage_server;
select pg_temp.boss('T-CE');
insert into made select 'try', api.channel_test((select id from made where what = 'hook'));
reset session authorization;
select ok(pg_temp.taken((select id from made where what = 'try')), 'what is tried out goes at once');
select data.delivery_settle((select id from made where what = 'try'), 1, 503, 5, null, null, null);
select is(pg_temp.rests(), '6 600', 'without an answer the rest is what it was');
select ok(not pg_temp.taken((select id from made where what = 'try')), 'and the next try waits like all others');
set session authorization maillage_server;
select pg_temp.boss('T-CE');
insert into made select 'again and well', api.channel_test((select id from made where what = 'hook'));
reset session authorization;
select data.delivery_settle((select id from made where what = 'again and well'), 1, 204, 5, null, null, null);
select is(pg_temp.rests(), '0', 'one that is heard ends it');
-- It goes to somebody else's server: ten times a minute.
set session authorization maillage_server;
select pg_temp.boss('T-CE');
select api.channel_test((select id from made where what = 'hook')) from generate_series(1, 8);
select throws_like($$ select api.channel_test((select id from made where what = 'hook')) $$, 'rate_limited', 'ten tries a minute and no more');
select pg_temp.boss('T-ML');
select isnt(api.channel_test(id), null, 'of each channel') from made where what = 'push';
reset session authorization;
update data.clock set set_to = set_to + interval '61 seconds';
set session authorization maillage_server;
select pg_temp.boss('T-CE');
select isnt(api.channel_test(id), null, 'and again a minute later') from made where what = 'hook';
reset session authorization;
select * from finish();
rollback;
