-- The summary by mail: asked for, written once, without a gap; what it says and what it never says; ended by who reads it.
begin;
\ir fixture.inc
select no_plan();
create function pg_temp.opened(said text, of_publics text[] default '{}') returns bigint language plpgsql as $$
declare i bigint;
begin
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, posts, publics)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), said, 'G1602', 'cdi', 2, of_publics) returning id into i;
    perform api.offer_move(i, 'confirm', 'Mme Test', null);
    perform api.offer_move(i, 'open', null, 'Urgent');
    return i;
end $$;
create function pg_temp.letter(what text) returns text language sql security definer set search_path = data as
    $$ select string_agg(d.body::json ->> what, E'\n' order by d.id) from delivery d where d.kind = 'mail.digest' $$;

select is(data.digest_next('daily', '2026-06-05 07:00+02'), '2026-06-08 07:00+02'::timestamptz, 'Friday, then Monday');
select is(data.digest_next('daily', '2026-06-05 06:59+02'), '2026-06-05 07:00+02'::timestamptz, 'the same morning');
select is(data.digest_next('daily', '2026-07-13 08:00+02'), '2026-07-15 07:00+02'::timestamptz, 'not on a holiday');
select is(data.digest_next('weekly', '2026-10-24 12:00+02'), '2026-10-26 07:00+01'::timestamptz, 'Monday, by the clock of Paris');

set session authorization maillage_server;
select pg_temp.act('T-ETAT');
select throws_ok($$ select api.digest_choose('daily') $$, 'ML000', 'forbidden', 'observers get none');
select pg_temp.act('T-ML');
select throws_ok($$ select * from data.digest $$, '42501', null, 'nobody reads who wants it');
select throws_ok($$ select api.digest_choose('hourly') $$, '23514', null, 'each day or each week');
select lives_ok($$ select api.digest_choose('daily') $$, 'one asks for it');
select lives_ok($$ select api.digest_choose('daily') $$, 'asking twice changes nothing');
select is((api.digest_state() ->> 'frequency') || (api.digest_state() ->> 'is_configured'), 'dailyfalse', 'and is told that no mail is sent');
select is(api.digest_state() ->> 'next_at', null, 'nor when');
select pg_temp.clock('2026-06-04 11:00+02');
select pg_temp.act('T-FT');
select pg_temp.opened('Cuisinier du soir', '{young}');
reset session authorization;
select is((select count(*) from data.event where kind = 'digest.chosen'), 1::bigint, 'it is in the log');
select is((select count(*) from data.channel where kind = 'mail' and name = 'Résumés par courriel'), 1::bigint, 'there is a channel now');

-- Without a mail server nothing is written, with one once.
select pg_temp.clock('2026-06-05 07:00:10+02');
select is(data.digest_due(false, 'https://m.example'), 0, 'no server, no letter');
select is(data.digest_due(true, 'https://m.example'), 1, 'with one there is');
select is(data.digest_due(true, 'https://m.example'), 0, 'once');
select is((select mail from data.instance), true, 'the page knows');
select matches(pg_temp.letter('subject'), '^Maillage.: 1 nouvelle offre$', 'what it is about');
select ok(pg_temp.letter('text') like '%Bonjour Agent T-ML,%Cuisinier du soir, CDI, Moulins, 2 postes%https://m.example/suivi-offres/%Test Mission Locale%', 'what it says');
select ok(pg_temp.letter('text') not like '%Boulangerie%' and pg_temp.letter('text') not like '%Mme Test%', 'no employer, no person');
select is((select t.target || ' ' || t.reader from data.delivery_take((select max(id) from data.job where kind = 'channel.send')) t),
    't-ml@test.example ' || (select member_id || '.' || organisation_id from who where short_name = 'T-ML'), 'to whom');
select is(data.delivery_settle((select id from data.delivery where kind = 'mail.digest'), 1, 550, 9, null, '550 No such user', 0), 'dead', 'an address that is refused for good');
select is((select failures from data.channel where kind = 'mail'), 0, 'says nothing of the others');

-- The next one begins where this one ended.
set session authorization maillage_server;
select pg_temp.clock('2026-06-05 07:30+02');
select pg_temp.act('T-CE');
select pg_temp.opened('Maçon', '{disabled}');
select pg_temp.act('T-ML');
select pg_temp.opened('La nôtre');
reset session authorization;
insert into data.task (kind, mark, organisation_id, member_id, offer_id, due_on, raised_at)
select 'offer.opening', 'x', w.organisation_id, w.member_id, (select id from data.offer where title = 'La nôtre'), '2026-06-09', data.now() from who w where w.short_name = 'T-ML';
select pg_temp.clock('2026-06-08 07:00:10+02');
select is(data.digest_due(true, null), 1, 'on Monday');
select ok((select body::json ->> 'text' from data.delivery where kind = 'mail.digest' order by id desc limit 1) ~ 'Maçon.*À traiter.*le 9 juin 2026', 'what came since, and what is due');
select ok((select body::json ->> 'text' from data.delivery where kind = 'mail.digest' order by id desc limit 1) !~ 'Cuisinier|La nôtre|http', 'nothing twice, nothing of one''s own, no link without an address');

-- What is told is told once, though it opened in the hour before; a letter whose try never came back is not sent again.
select is((select count(*) from data.digest_offer), 2::bigint, 'what was told of is kept');
select is((select count(*) from data.digest_offers((select member_id from who where short_name = 'T-ML'), (select organisation_id from who where short_name = 'T-ML'),
    '2026-06-01', '2026-06-30')), 0::bigint, 'and never told again');
insert into data.delivery (channel_id, kind, message, member_id, body, due_at, made_at)
select d.channel_id, 'mail.digest', 'dig_twice', d.member_id, d.body, data.now(), data.now() from data.delivery d where d.kind = 'mail.digest' order by d.id desc limit 1;
select is((select count(*) from data.delivery_take((select max(id) from data.job where kind = 'channel.send'))), 1::bigint, 'a try begins');
select is((select count(*) from data.delivery_take((select max(id) from data.job where kind = 'channel.send'))), 0::bigint, 'its worker died');
select is((select state from data.delivery where message = 'dig_twice'), 'dead', 'nobody is written to twice');
select is(data.delivery_settle((select id from data.delivery where message = 'dig_twice'), 1, 250, 9, null, 'Taken', 0), 'done', 'unless it was alive after all');
delete from data.delivery_attempt where delivery_id = (select id from data.delivery where message = 'dig_twice');
delete from data.delivery where message = 'dig_twice';

-- Ended by the link: what waited is not sent.
select is(api.digest_stop((select member_id from who where short_name = 'T-ML'), (select organisation_id from who where short_name = 'T-ML')), true, 'ended');
select is(api.digest_stop((select member_id from who where short_name = 'T-ML'), (select organisation_id from who where short_name = 'T-ML')), false, 'once');
select is((select count(*) from data.delivery_take((select max(j.id) from data.job j join data.delivery d on d.id = (j.payload ->> 'delivery')::bigint where j.kind = 'channel.send'))), 0::bigint, 'what waited');
select is((select state from data.delivery where kind = 'mail.digest' order by id desc limit 1), 'dropped', 'is not sent');
select * from finish();
rollback;
