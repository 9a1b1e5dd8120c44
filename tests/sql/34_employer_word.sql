-- What an employer says of a living offer by its links, by hand or by mail; why an offer is withdrawn.
begin;
\ir fixture.inc
select no_plan();
create function pg_temp.hash(word text) returns bytea language sql as $$ select sha256(convert_to(word, 'UTF8')) $$;
create function pg_temp.nobody() returns void language sql as $$ select set_config('maillage.' || k, '', true) from unnest('{member,organisation,network,territory,role}'::text[]) k $$;
create function pg_temp.of(title text) returns data.offer language sql security definer as $$ select o from data.offer o where o.title = $1 $$;
create function pg_temp.last_event(title text) returns text language sql security definer as
    $$ select e.kind || coalesce(' ' || (e.data ->> 'by'), '') || coalesce(' ' || e.member_id, '') from data.event e where e.offer_id = (pg_temp.of($1)).id order by e.id desc limit 1 $$;
select data.clock_set('2026-06-04 10:00+02');
set session authorization maillage_server;
select pg_temp.act('T-ML');
create function pg_temp.offer(title text, posts integer) returns bigint language plpgsql as $$
declare
    made bigint;
begin
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, posts)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), title, 'G1602', 'cdi', posts) returning id into made;
    perform api.offer_move(made, 'confirm', 'M. Roux', null);
    perform api.offer_move(made, 'open', null, 'Essai');
    return made;
end
$$;
create temp table f as select pg_temp.offer('Commis', 3) as a, pg_temp.offer('Serveur', 2) as b, pg_temp.offer('Plongeur', 1) as c;
grant select on f to public;

-- Prolonged: once, from that day, told as the employer's own.
select lives_ok($$ select api.offer_link_make((select a from f), pg_temp.hash('a1')) $$, 'a link for an open offer');
select is((select purpose || ' ' || may_prolong from api.confirmation_page(pg_temp.hash('a1'))), 'stand false', 'asks whether it stands; on the day it opened nothing is longer');
select pg_temp.nobody();
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('a1'), 'confirmed', 'Mme Roy', null) $$, 'ML000', 'invalid', 'it is not a draft to confirm');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('a1'), 'prolonged', 'Mme Roy', null) $$, 'ML000', 'offer_prolonged', 'nor prolonged by nothing');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('a1'), 'filled', 'Mme Roy', null, 4) $$, 'ML000', 'offer_posts', 'nor filled beyond its posts');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('a1'), 'filled', 'Mme Roy', null, -1) $$, 'ML000', 'offer_posts', 'nor emptied');
-- Still to be filled: nothing changes, and it is told.
create temp table was as select pg_temp.of('Commis') as o;
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('a1'), 'standing', 'Mme Roy', null) $$, 'it may say that it is still to be filled');
select is(pg_temp.of('Commis'), (select o from was), 'which changes nothing');
select is(pg_temp.last_event('Commis'), 'offer.standing employer', 'and is told');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('a1'), 'standing', 'Mme Roy', null) $$, 'ML000', 'link_answered', 'once');
select pg_temp.act('T-ML');
select api.offer_link_make((select a from f), pg_temp.hash('a4'));
reset session authorization;
select data.clock_set('2026-06-09 10:00+02');
set session authorization maillage_server;
select pg_temp.nobody();
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('a4'), 'prolonged', 'Mme Roy, gérante', null) $$, 'five days later it is');
select is((pg_temp.of('Commis')).closes_at, '2026-07-09 10:00+02'::timestamptz, 'thirty days from that day');
select is(pg_temp.last_event('Commis'), 'offer.prolonged employer', 'the journal names the employer and no member');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('a4'), 'prolonged', 'Mme Roy', null) $$, 'ML000', 'link_answered', 'the link has served');
select pg_temp.act('T-ML');
select results_eq($$ select employer ->> 'answer' || ' ' || (employer ->> 'by') from api.task_row where kind = 'offer.answered' order by id $$,
                  $$ values ('standing Mme Roy'), ('prolonged Mme Roy, gérante') $$, 'the adviser hears of both');
select ok((select link_id is not null from data.offer_prolongation), 'the prolongation keeps the link');

-- Filled post by post, the rest prolonged when that is asked.
select api.offer_link_make((select a from f), pg_temp.hash('a2'));
reset session authorization;
select data.clock_set('2026-06-11 10:00+02');
set session authorization maillage_server;
select pg_temp.nobody();
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('a2'), 'filled', 'Mme Roy', 'Deux saisonniers', 2, true) $$, 'two posts of three, and the last one still sought');
select is((select (o).posts_filled || ' ' || (o).state || ' ' || ((o).closes_at at time zone 'Europe/Paris')::date from (select pg_temp.of('Commis') as o) x), '2 open 2026-07-11', 'counted, and prolonged');
select pg_temp.act('T-ML');
select api.offer_link_make((select a from f), pg_temp.hash('a3'));
select pg_temp.nobody();
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('a3'), 'filled', 'Mme Roy', null) $$, 'ML000', 'offer_posts', 'none are counted that nobody counted');
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('a3'), 'filled', 'Mme Roy', null, 1) $$, 'the last one');
select is((pg_temp.of('Commis')).state, 'filled', 'ends the offer');
select is(pg_temp.last_event('Commis'), 'offer.filled employer', 'by the employer');
select is((select is_over from api.confirmation_page(pg_temp.hash('a3'))), true, 'and the page says so');

-- No longer sought: withdrawn, for a reason that all share.
select pg_temp.act('T-ML');
select api.offer_link_make((select b from f), pg_temp.hash('b1'));
select pg_temp.nobody();
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('b1'), 'over', 'Mme Roy', 'Projet reporté') $$, 'ML000', 'invalid', 'it says why');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('b1'), 'over', 'Mme Roy', 'Projet reporté', null, false, 'silent') $$, 'ML000', 'invalid', 'by a reason that employers have');
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('b1'), 'over', 'Mme Roy', 'Projet reporté', null, false, 'ourselves') $$, 'no longer sought');
select is((select (o).state || ' ' || (o).withdrawal || coalesce(' ' || (o).reason, '') from (select pg_temp.of('Serveur') as o) x), 'withdrawn ourselves', 'withdrawn with its reason');
reset session authorization;
select is((select array_agg(comment order by id) from data.offer_link where comment is not null), '{Deux saisonniers,Projet reporté}', 'words of the employer stay with its links');
select is_empty($$ select 1 from data.event e where e.data::text ~ 'saisonniers|reporté' union all select 1 from data.offer_step s where s.reason ~ 'saisonniers|reporté' $$, 'and out of what all partners read');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok($$ select api.offer_link_make((select b from f), pg_temp.hash('b2')) $$, 'ML000', 'offer_transition', 'no link for what is over');

-- A draft that the employer gives up.
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract)
values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'Vendeuse', 'G1602', 'cdi');
select api.offer_link_make((select id from data.offer where title = 'Vendeuse'), pg_temp.hash('v1'));
select pg_temp.nobody();
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('v1'), 'over', 'Mme Roy', null) $$, 'ML000', 'invalid', 'a draft is not over');
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('v1'), 'refused', 'Mme Roy', null, null, false, 'other') $$, 'it is given up');
select is((select (o).state || ' ' || (o).withdrawal || ' ' || (o).reason from (select pg_temp.of('Vendeuse') as o) x), 'withdrawn other Autre raison, non précisée', 'for another reason, of which nobody heard');

-- Reasons of withdrawal.
select pg_temp.act('T-ML');
select throws_ok($$ select api.offer_move((select c from f), 'withdraw', null, null) $$, 'ML000', 'reason_required', 'without any reason nothing is withdrawn');
select throws_ok($$ select api.offer_move((select c from f), 'withdraw', null, null, 'other') $$, 'ML000', 'reason_required', 'another reason is told');
select throws_ok($$ select api.offer_move((select c from f), 'withdraw', null, null, 'feed') $$, 'ML000', 'invalid', 'nobody says what a program says');
select throws_ok($$ select api.offer_move((select c from f), 'withdraw', null, 'x', 'nothing') $$, 'ML000', 'invalid', 'nor what is none');
select lives_ok($$ select api.offer_move((select c from f), 'withdraw', null, null, 'silent') $$, 'a reason of the list needs no words');
select is((pg_temp.of('Plongeur')).withdrawal, 'silent', 'and is kept');
reset session authorization;
select throws_ok($$ update data.offer set withdrawal = 'enough' where title = 'Commis' $$, 'ML000', 'offer_fixed', 'none for what was filled');
alter table data.offer disable trigger user;
select throws_ok($$ update data.offer set withdrawal = null where title = 'Plongeur' $$, '23514', null, 'none is withdrawn without a reason');
select throws_ok($$ update data.offer set withdrawal = 'enough' where title = 'Commis' $$, '23514', null, 'none has one that was not');
alter table data.offer enable trigger user;

-- By mail: the letter has neither address nor token; the token comes when it leaves.
set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract)
values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'Pâtissier', 'G1602', 'cdi');
create temp table p as select id from data.offer where title = 'Pâtissier';
grant select on p to public;
select throws_ok($$ select api.offer_link_make((select id from p), null, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'ML000', 'mail_unconfigured', 'where no mail leaves none is promised');
select throws_ok($$ select api.offer_link_make((select id from p), null) $$, '23514', null, 'a link has a token or a letter');
reset session authorization;
update data.instance set mail = true;
set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok($$ select api.offer_link_make((select id from p), null, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'a link leaves by mail');
select throws_ok($$ select * from data.offer_mail $$, '42501', null, 'nobody reads the address');
select is((select api.offer_letter_state(delivery_id) from data.offer_link order by id desc limit 1), 'waiting', 'who asked sees what becomes of it');
reset session authorization;
create temp table l as select x.id, x.delivery_id, (select j.id from data.job j where j.payload ->> 'delivery' = x.delivery_id::text) as job from data.offer_link x order by x.id desc limit 1;
grant select on l to public;
select is((select token_hash from data.offer_link where id = (select id from l)), null, 'it has no token yet');
select ok((select body like '%{lien}%' and body like '%Pâtissier%' from data.delivery where id = (select delivery_id from l)), 'the letter says where the address comes');
set session authorization maillage_worker;
select throws_ok($$ select * from data.offer_mail $$, '42501', null, 'the worker reads no address but that of a letter in hand');
select is((select kind || ' ' || secrets || ' ' || reader from data.delivery_take((select job from l))), 'employer ' || (select id from p) || ' 01 ' || (select id from l), 'the worker takes it in hand');
select ok(data.offer_link_token((select id from l), pg_temp.hash('p1')), 'the link gets its token');
select ok(data.offer_link_token((select id from l), pg_temp.hash('p1')), 'again the same, when a try failed');
select is(data.delivery_settle((select delivery_id from l), 1, 250, 5, null, null, 0), 'done', 'it has left');
set session authorization maillage_server;
select pg_temp.nobody();
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('p1'), 'confirmed', 'Mme Roy', null) $$, 'and it works');
select pg_temp.act('T-ML');
select throws_ok($$ select api.offer_letter_state(null), data.offer_link_token(1, '\x00') $$, '42501', null, 'the server makes no tokens of letters');

-- Five days before the end the employer is asked by itself; an answer stops what was not sent.
select api.offer_move((select id from p), 'open', null, 'Essai');
reset session authorization;
select data.clock_set('2026-07-07 10:00+02');
select data.task_raise();
select is((select count(*) from data.offer_link where offer_id = (select id from p) and purpose = 'stand' and delivery_id is not null), 1::bigint, 'asked by mail, as it was before');
select data.task_raise();
select is((select count(*) from data.offer_link where offer_id = (select id from p) and purpose = 'stand'), 1::bigint, 'once');
select is((pg_temp.of('Pâtissier')).closes_at, '2026-07-11 10:00+02'::timestamptz, 'nothing is prolonged by asking');
truncate l;
insert into l select x.id, x.delivery_id, (select j.id from data.job j where j.payload ->> 'delivery' = x.delivery_id::text) from data.offer_link x order by x.id desc limit 1;
set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok($$ select api.offer_link_make((select id from p), pg_temp.hash('p3')) $$, 'another link, by hand');
set session authorization maillage_worker;
select is_empty($$ select * from data.delivery_take((select job from l)) $$, 'the letter of the former one does not leave');
select is(data.offer_link_token((select id from l), pg_temp.hash('p2')), false, 'nor gets a token');

-- A link that was handed over just before is not ended by the question that comes by itself; one that expired is told so.
reset session authorization;
update data.task set kind = 'offer.answered', mark = '0' where kind = 'offer.closing' and offer_id = (select id from p);
select data.task_raise();
select is((select count(*) from data.offer_link where offer_id = (select id from p) and purpose = 'stand'), 2::bigint, 'who has a living link is not asked again');
update data.offer_link set made_at = made_at - interval '3 days' where token_hash = pg_temp.hash('p3');
update data.task set mark = '00' where kind = 'offer.closing' and offer_id = (select id from p);
create function pg_temp.breaks() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
create trigger breaks before insert on data.offer_link for each row when (new.delivery_id is not null) execute function pg_temp.breaks();
delete from data.task where kind = 'offer.closing' and offer_id = (select id from p);
select lives_ok($$ select data.task_raise() $$, 'a letter that cannot be made takes nothing with it');
select is((select count(*) from data.task where kind = 'offer.closing' and offer_id = (select id from p) and done_at is null), 1::bigint, 'the adviser has the task');
select is((select revoked_at from data.offer_link where token_hash = pg_temp.hash('p3')), null, 'and the link of before works');
drop trigger breaks on data.offer_link;
update data.offer_link set expires_at = data.now() where token_hash = pg_temp.hash('p3');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select is((select api.offer_link_fault(id) from data.offer_link order by id desc limit 1), 'link_expired', 'expired is not stale');
select throws_ok($$ select data.offer_letter((select id from p), auth.member() + 1, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'ML000', 'forbidden', 'no letter in the name of another member');
select pg_temp.nobody();
select throws_ok($$ select data.offer_letter((select id from p), 1, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'ML000', 'forbidden', 'nor of nobody');

-- A paused channel is told before the former link is ended. A fault of one letter is not one of its channel.
reset session authorization;
update data.channel set state = 'paused' where kind = 'mail';
update data.offer_link set expires_at = data.now() + interval '1 day' where token_hash = pg_temp.hash('p3');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok($$ select api.offer_link_make((select id from p), null, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'ML000', 'channel_paused', 'no letter while its channel rests');
select is((select api.offer_link_fault(id) from data.offer_link order by id desc limit 1), null, 'the link of before works');
reset session authorization;
update data.channel set state = 'active', failures = 0 where kind = 'mail';
set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok($$ select api.offer_link_make((select id from p), null, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'a letter again');
reset session authorization;
select ok(exists (select from pg_locks where pid = pg_backend_pid() and locktype = 'advisory' and mode = 'ShareLock'), 'oppositions being recorded wait for it');
update data.delivery set attempts = 1, trying_since = data.now() where id = (select max(delivery_id) from data.offer_link);
select is(data.delivery_settle((select max(delivery_id) from data.offer_link), 1, 0, 0, 'L’adresse ne s’ouvre pas.', null, 0, false, true), 'dead', 'what cannot leave is not tried again');
select is((select failures from data.channel where kind = 'mail'), 0, 'and says nothing of other letters');
select is((select w.words like '%Chef {lien}%' or w.subject like '%{%' from data.offer o cross join lateral data.offer_letter_words(jsonb_populate_record(o, '{"title": "Chef {lien}"}'), 'stand', o.member_id) w where o.id = (select id from p)), false, 'a title has no braces in a letter');
delete from data.offer_link where delivery_id = (select max(delivery_id) from data.offer_link);

-- Five letters a day; an address that is opposed to is forgotten and refused.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.offer_link_make((select id from p), null, '\x01', '\x00112233445566778899aabbccddeeff') from generate_series(1, 4);
select throws_ok($$ select api.offer_link_make((select id from p), null, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'ML000', 'offer_letters', 'five letters a day');
select pg_temp.act('T-FT');
select throws_ok($$ select api.offer_link_make((select id from p), null, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'ML000', 'forbidden', 'nobody else writes to this employer');
select throws_ok($$ select data.offer_letter((select id from p), auth.member(), '\x01', '\x00112233445566778899aabbccddeeff') $$, 'ML000', 'forbidden', 'by no way around');
reset session authorization;
insert into data.opposition (establishment_id, organisation_id, member_id, subject, reason)
select pg_temp.est('Garage'), w.organisation_id, w.member_id, 'establishment', 'Essai' from who w where w.short_name = 'T-ML' limit 1;
insert into data.opposition_key (opposition_id, kind, hash) select max(id), 'email', '\x00112233445566778899aabbccddeeff' from data.opposition;
select is_empty($$ select 1 from data.offer_mail where offer_id = (select id from p) $$, 'forgotten');
select data.clock_set('2026-07-09 10:00+02');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok($$ select api.offer_link_make((select id from p), null, '\x01', '\x00112233445566778899aabbccddeeff') $$, 'ML000', 'contact_opposed', 'and refused');
select lives_ok($$ select api.offer_link_make((select id from p), null, '\x02', '\xff112233445566778899aabbccddeeff') $$, 'another one is taken');
select api.offer_move((select id from p), 'withdraw', null, null, 'enough');
reset session authorization;
select is_empty($$ select 1 from data.offer_mail $$, 'kept no longer than the offer lives');

-- A draft whose day is over is confirmed by nobody: its link says so, and none is made before the day is changed.
set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, ends_on)
values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'Tourier', 'G1602', 'cdi', '2026-07-10');
select api.offer_link_make((select id from data.offer where title = 'Tourier'), pg_temp.hash('t1'));
select is((select fault from api.confirmation_page(pg_temp.hash('t1'))), null, 'the link works while the offer is worth something');
reset session authorization;
select data.clock_set('2026-07-11 10:00+02');
set session authorization maillage_server;
select pg_temp.nobody();
select is((select fault from api.confirmation_page(pg_temp.hash('t1'))), 'offer_past', 'not after its day');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('t1'), 'confirmed', 'Mme Roy', null) $$, 'ML000', 'offer_past', 'and confirms nothing');
select pg_temp.act('T-ML');
select throws_ok($$ select api.offer_link_make((select id from data.offer where title = 'Tourier'), pg_temp.hash('t2')) $$, 'ML000', 'offer_past', 'nor is another one made');
reset session authorization;
select * from finish();
rollback;
