begin;
\ir fixture.inc
select no_plan();
create function pg_temp.state(offer bigint) returns text language sql security definer as $$ select state from data.offer where id = $1 $$;
create function pg_temp.filled(offer bigint) returns integer language sql security definer as $$ select posts_filled from data.offer where id = $1 $$;
set session authorization maillage_server;
select pg_temp.act('T-ML');

create function pg_temp.draft(title text, publics text[], posts integer default 1) returns bigint language sql as $$
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, publics, posts)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), title, 'G1602', 'cdi', publics, posts) returning id $$;
create function pg_temp.hash(word text) returns bytea language sql as $$ select sha256(convert_to(word, 'UTF8')) $$;

-- The employer's link: one at a time, for this very text, once.
create temp table o as select pg_temp.draft('Aide-boulanger', '{young}', 3) as id;
grant select on o to public;
select lives_ok($$ select api.offer_link_make((select id from o), pg_temp.hash('un')) $$, 'a link is made for a draft');
select lives_ok($$ select api.offer_link_make((select id from o), pg_temp.hash('deux')) $$, 'a second one');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('un'), 'confirmed', 'Mme Duret', null) $$, 'ML000', 'link_stale', 'the first is dead then');
select is_empty($$ select api.confirmation_page(pg_temp.hash('inconnu')) $$, 'an unknown link tells nothing');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('inconnu'), 'confirmed', 'Mme Duret', null) $$, 'ML000', 'not_found', 'nor answers anything');
select is((select fault from api.confirmation_page(pg_temp.hash('deux'))), null, 'the second works');
select throws_ok($$ select token_hash from data.offer_link $$, '42501', null, 'nobody reads the hashes');
select throws_ok($$ update data.offer_link set answer = 'confirmed' $$, '42501', null, 'nor answers for the employer');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('deux'), 'corrected', 'Mme Duret', ' ') $$, 'ML000', 'reason_required', 'a correction says what');
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('deux'), 'corrected', 'Mme Duret', 'Deux postes, pas trois') $$, 'the employer asks for a correction');
select is((select kind || ' ' || comment from api.task_row), 'offer.correct Deux postes, pas trois', 'the adviser finds it in the inbox');
select throws_ok($$ select api.confirmation_answer(pg_temp.hash('deux'), 'confirmed', 'Mme Duret', null) $$, 'ML000', 'link_answered', 'a link answers once');
update data.offer set posts = 2 where id = (select id from o);
select api.offer_link_make((select id from o), pg_temp.hash('trois'));
update data.offer set title = 'Aide-boulangère' where id = (select id from o);
select is((select fault from api.confirmation_page(pg_temp.hash('trois'))), 'link_stale', 'what changed since is not confirmed');
select api.offer_link_make((select id from o), pg_temp.hash('quatre'));
select pg_temp.act('T-FT');
select throws_ok($$ select api.offer_link_make((select id from o), pg_temp.hash('cinq')) $$, 'ML000', 'not_found', 'other partners make no link');
select is(pg_temp.n('select 1 from data.offer_link'), 0::bigint, 'nor see them');
select set_config('maillage.' || k, '', true) from unnest('{member,organisation,network,territory,role}'::text[]) k;
select lives_ok($$ select api.confirmation_answer(pg_temp.hash('quatre'), 'confirmed', 'Mme Duret, gérante', null) $$, 'the employer confirms, signed in as nobody');
select is(pg_temp.state((select id from o)), 'reserved', 'reserved at once');
select pg_temp.act('T-ML');
select is((select confirmed_with from data.offer where id = (select id from o)), 'Mme Duret, gérante', 'by whom is kept');
select is(pg_temp.n('select 1 from data.task where done_at is null'), 0::bigint, 'the inbox is empty again');
select is((select string_agg(to_state || by_employer, ' ' order by id) from data.offer_step where offer_id = (select id from o)), 'draftfalse confirmedtrue reservedtrue', 'the steps say that the employer did it');
select throws_ok($$ update data.offer_link set purpose = 'confirm' $$, '42501', null, 'what a link asks is not the server''s to say');

-- Referrals: by the networks of the routing, by reference only.
select pg_temp.act('T-FT');
select throws_ok($$ select api.referral_make((select id from o), 'FT-2026-001', null) $$, 'ML000', 'not_found', 'who does not see the reserved offer proposes nobody');
reset session authorization;
select throws_ok($$ insert into data.referral (offer_id, organisation_id, member_id, reference, made_at)
    select (select id from o), organisation_id, member_id, 'FT-1', now() from who where short_name = 'T-FT' $$, 'ML000', 'forbidden', 'nor does the table take it');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.offer_move((select pg_temp.draft('Boulanger', '{young,longterm}', 2)), 'confirm', 'Mme Duret', null);
reset session authorization;
create temp table p as select max(id) as id from data.offer;
grant select on p to public;
set session authorization maillage_server;
select pg_temp.act('T-PLIE');
select throws_ok(format('select api.referral_make((select id from p), %L, null)', r), 'ML000', 'reference_personal', r || ' is no file number')
  from unnest(array['Jean Dupont', 'jean.dupont', '0612345678', '06.12.34.56.78', '185057800608436', '1-85-05-2A-006-084-36', '28505.2b0060.84', 'j1@test.fr', 'A']) r;
create temp table r as select api.referral_make((select id from p), 'PLIE-2026/041', 'longterm') as id;
grant select on r to public;
select throws_ok($$ select api.referral_make((select id from p), 'PLIE-2026/041', null) $$, 'ML000', 'referral_twice', 'once per offer');
select lives_ok(format('select api.referral_make((select id from p), %L, null)', 'PLIE-' || i), 'up to the limit: ' || i) from generate_series(1, 4) i;
select throws_ok($$ select api.referral_make((select id from p), 'PLIE-5', null) $$, 'ML000', 'referral_limit', 'and no more');
select throws_ok($$ select api.referral_move((select id from r), 'hired', null) $$, 'ML000', 'forbidden', 'who proposes does not answer');
select lives_ok($$ select api.referral_move((select max(id) from data.referral), 'withdrawn', null) $$, 'but may withdraw');
select throws_ok($$ update data.referral set reference = 'AUTRE-1' $$, '42501', null, 'a reference does not change');
select pg_temp.act('T-CE');
select is(pg_temp.n('select 1 from data.referral'), 0::bigint, 'others see nothing of it');
select throws_ok($$ select api.referral_move((select id from r), 'met', null) $$, 'ML000', 'not_found', 'and answer nothing');
select pg_temp.act('T-ML');
select is(pg_temp.n($$ select 1 from api.task_row where kind = 'referral.answer' $$), 4::bigint, 'each that stands waits in the inbox of the collector');
select throws_ok($$ select api.referral_move((select id from r), 'refused', null) $$, 'ML000', 'reason_required', 'a refusal says why');
select lives_ok($$ select api.referral_move((select id from r), 'met', null) $$, 'met');
select lives_ok($$ select api.referral_move((select id from r), 'hired', null) $$, 'hired');
select is(pg_temp.filled((select id from p)), 1, 'one post is filled');
select is(pg_temp.state((select id from p)), 'reserved', 'the offer lives on');
select throws_ok($$ select api.referral_move((select id from r), 'refused', 'profile') $$, 'ML000', 'referral_transition', 'hired is the end');
select throws_ok($$ select api.offer_fill((select id from p), 2, null) $$, 'ML000', 'offer_posts', 'more posts than there are');
select lives_ok($$ select api.offer_fill((select id from p), -1, null) $$, 'counted wrong: one back');
select lives_ok($$ select api.offer_fill((select id from p), 2, null) $$, 'both');
select is(pg_temp.state((select id from p)), 'filled', 'filled');
select is(pg_temp.n($$ select 1 from data.referral where state = 'refused' and refusal = 'filled' $$), 3::bigint, 'those who waited are told why');
select throws_ok($$ select api.offer_fill((select id from p), -1, null) $$, 'ML000', 'offer_transition', 'and it is over');
select pg_temp.act('T-PLIE');
select is(pg_temp.n($$ select 1 from api.task_row where kind = 'referral.answered' $$), 4::bigint, 'the proposer is answered, the last word only (hired, three refusals)');
select throws_ok($$ select api.referral_make((select id from p), 'PLIE-9', null) $$, 'ML000', 'referral_closed', 'nobody is proposed any more');

-- Reminders: five days and one day before the opening, once.
reset session authorization;
select pg_temp.clock('2026-06-14 09:59+02');
select is((select count(*) from (select data.task_raise()) x), 1::bigint, 'time passes');
select is(pg_temp.n($$ select 1 from data.task where kind = 'offer.opening' $$), 0::bigint, 'not before five days');
select is(pg_temp.n($$ select 1 from data.task where kind = 'offer.unserved' and done_at is null $$), 1::bigint, 'a week without anybody is told');
select pg_temp.clock('2026-06-14 10:01+02');
select is(data.task_raise(), 1, 'five days before');
select is(data.task_raise(), 0, 'once');
select pg_temp.clock('2026-06-18 10:01+02');
select data.task_raise();
select is((select array_agg(mark order by id) from data.task where kind = 'offer.opening' and done_at is null), array['1'], 'the day before, in place of the first');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok($$ select api.task_settle((select min(id) from data.task where done_at is null), data.today()) $$, 'ML000', 'due_out_of_range', 'put off to another day, not today');
select lives_ok($$ select api.task_settle((select min(id) from data.task where done_at is null), data.today() + 1) $$, 'put off');
select pg_temp.act('T-FT');
select is(pg_temp.n('select 1 from data.task'), 0::bigint, 'an inbox is one''s own');
reset session authorization;

-- Opened for thirty days, prolonged by the employer only, expired by itself.
select pg_temp.clock('2026-06-19 10:00+02');
select is(data.offer_open((select id from o)), true, 'opened');
select is((select closes_at from data.offer where id = (select id from o)), timestamptz '2026-07-19 10:00+02', 'for thirty days');
select is(pg_temp.n($$ select 1 from data.task where kind = 'offer.opening' and done_at is null $$), 0::bigint, 'its reminder is over');
update data.task set done_at = null where kind = 'offer.opening' and mark = '1';
select data.task_raise();
select is(pg_temp.n($$ select 1 from data.task where kind = 'offer.opening' and done_at is null $$), 0::bigint, 'also one that was on the way while it opened');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok($$ update data.offer set closes_at = '2027-01-01' where id = (select id from o) $$, '42501', null, 'the end does not move by itself');
select throws_ok($$ select api.offer_prolong((select id from o), 'Mme Duret') $$, 'ML000', 'offer_prolonged', 'not twice on the same day');
reset session authorization;
select throws_ok($$ update data.offer set closes_at = '2026-07-01' where id = (select id from o) $$, 'ML000', 'offer_fixed', 'nor back');
select pg_temp.clock('2026-07-15 10:00+02');
select data.task_raise();
select is(pg_temp.n($$ select 1 from data.task where kind = 'offer.closing' and done_at is null $$), 1::bigint, 'four days before its end: does it still stand?');
set session authorization maillage_server;
select pg_temp.act('T-CE');
select throws_ok($$ select api.offer_prolong((select id from o), 'Mme Duret') $$, 'ML000', 'forbidden', 'only who collected it');
select lives_ok($$ select api.referral_make((select id from o), 'CE-12', 'disabled') $$, 'once open, every partner proposes');
select pg_temp.act('T-ML');
select lives_ok($$ select api.offer_prolong((select id from o), 'Mme Duret') $$, 'prolonged');
select is((select closes_at from data.offer where id = (select id from o)), timestamptz '2026-08-14 10:00+02', 'thirty days from now');
reset session authorization;
select is(pg_temp.n($$ select 1 from data.task where kind = 'offer.closing' and done_at is null $$), 0::bigint, 'the question is answered');
select pg_temp.clock('2026-08-14 09:59+02');
select is(data.offer_expire(100), 0, 'not a minute early');
select throws_ok($$ update data.offer set state = 'expired' where id = (select id from o) $$, 'ML000', 'offer_not_due', 'by nobody');
select pg_temp.clock('2026-08-14 10:00+02');
set session authorization maillage_worker;
select is(data.offer_expire(100), 1, 'expired at its minute');
select is(data.offer_expire(100), 0, 'once');
reset session authorization;
select is((select state || ' ' || refusal from data.referral where reference = 'CE-12'), 'refused withdrawn', 'who waited is told');
select is((select withdrawn_at is not null from data.publication where offer_id = (select id from o)), true, 'it leaves the board');

-- A promise is recalled a week and a day before.
select pg_temp.clock('2026-09-01 10:00+02');
set session authorization maillage_server;
select pg_temp.act('T-CE');
create temp table pr as select api.promise_make(pg_temp.est('Scierie'), '2026-09-15', null) as id;
grant select on pr to public;
reset session authorization;
select is(data.task_raise(), 0, 'two weeks ahead: nothing');
select pg_temp.clock('2026-09-08 10:00+02');
select is(data.task_raise(), 1, 'a week ahead');
select pg_temp.clock('2026-09-14 10:00+02');
select is(data.task_raise(), 1, 'the day before');
select is((select array_agg(mark) from data.task where promise_id = (select id from pr) and done_at is null), array['1 2026-09-15'], 'one line');
set session authorization maillage_server;
select pg_temp.act('T-CE');
select api.visit_plan(pg_temp.est('Scierie'), '2026-09-15 10:00+02', 30, null, null);
reset session authorization;
select is(pg_temp.n($$ select 1 from data.task where promise_id = (select id from pr) and done_at is null $$), 0::bigint, 'a visit planned settles it');
select * from finish();
rollback;
