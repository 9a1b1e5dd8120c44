-- Feeds of offers: what a reading does, what it never does, whose they are.
begin;
\ir fixture.inc
\ir feed.inc
select no_plan();
-- What a feed asks of somebody now.
create function pg_temp.asks(feed bigint) returns text language sql security definer set search_path = data as
    $$ select string_agg(t.kind || ' ' || t.mark, ', ' order by t.id) from task t where t.feed_id = asks.feed and t.done_at is null $$;
create function pg_temp.job(reference text, more jsonb default '{}') returns jsonb language sql as $$
    select jsonb_build_object('reference', reference, 'titre', 'Cuisinier ' || reference, 'rome', 'G1602', 'contrat', 'cdi', 'siret', '90000000100011') || more $$;
create function pg_temp.states(feed bigint) returns text language sql security definer as $$
    select string_agg(o.reference || ' ' || o.state || case when not o.is_present then ' gone' else '' end || coalesce(' ' || v.state, ''), ', ' order by o.reference)
      from data.feed_offer o left join data.offer v on v.id = o.offer_id where o.feed_id = feed $$;

set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok($$ select api.offer_feed_make('Journal', null, null, null) $$, 'ML000', 'forbidden', 'an adviser makes no feed');
select pg_temp.boss('T-ML');
select throws_ok($$ insert into data.feed (organisation_id, member_id, name, made_by, made_at) values (auth.organisation(), auth.member(), 'x y', auth.member(), now()) $$, '42501', null, 'nobody writes the table');
insert into made select 'feed', api.offer_feed_make(' Journal ', 'https://journal.example/offres.xml', 60, null);
select is((select name || ' ' || every_minutes from api.offer_feed_row), 'Journal 60', 'it is there, trimmed');
select throws_ok($$ select api.offer_feed_make('JOURNAL', null, null, null) $$, 'ML000', 'feed_name_taken', 'a name once');
select throws_ok($$ select api.offer_feed_make('Autre', 'ftp://journal.example/x', 60, null) $$, '23514', null, 'no other protocol');
select throws_ok($$ select api.offer_feed_make('Autre', 'https://journal.example/x', 5, null) $$, '23514', null, 'not every five minutes');
select pg_temp.boss('T-CE');
select is(pg_temp.n('select from api.offer_feed_row'), 0::bigint, 'others do not see it');
select throws_ok(format('select api.offer_feed_read(%s)', pg_temp.id('feed')), 'ML000', 'not_found', 'nor ask for it');
select throws_ok(format('select api.offer_feed_layout(%s, 1, %L)', pg_temp.id('feed'), 'element = "a"'), 'ML000', 'not_found', 'nor describe it');

-- A first reading: what is whole is a draft, signed by the program; what is not waits.
reset session authorization;
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b', '{"postes": "2"}'), pg_temp.job('c', '{"siret": "99999999900000", "entreprise": "Inconnu"}'),
    pg_temp.job('d') - 'rome', pg_temp.job('a', '{"titre": "Le même encore"}'))), 'done', 'a reading');
select is(pg_temp.states(pg_temp.id('feed')), 'a offer draft, b offer draft, c incomplete, d incomplete', 'two drafts, two that wait');
select is((select array_agg(data.feed_lacks(o) order by o.reference) from data.feed_offer o where o.state = 'incomplete'), array[array['employer'], array['rome']], 'for what they lack');
select is((select m.technical::text || ' ' || o.origin || ' ' || o.origin_reference || ' ' || o.posts from data.offer o join data.member m on m.id = o.member_id where o.origin_reference = 'b'),
    'true feed b 2', 'signed by the feed, with its reference');
select is((select title from data.offer where origin_reference = 'a'), 'Cuisinier a', 'of a reference that comes twice the first one counts');
select is((select count(*) from data.feed_fault where code = 'duplicate'), 1::bigint, 'and it is told');
select is((select made || ' ' || incomplete || ' ' || faults || ' ' || elements from data.feed_run order by id desc limit 1), '2 2 1 5', 'the reading counts');
select is((select kind from data.event where kind like 'feed.%' order by id desc limit 1), 'feed.read', 'the log tells');

-- A person says what is lacking.
set session authorization maillage_server;
select pg_temp.act('T-CE');
select is(pg_temp.n('select from api.feed_offer_row'), 0::bigint, 'nobody else sees what waits');
select throws_ok(format('select api.feed_offer_complete(%s, 1, null, %L, null)', (select min(id) from made), 'G1602'), 'ML000', 'not_found', 'nor completes it');
select pg_temp.act('T-ML');
insert into made select 'c', id from api.feed_offer_row where reference = 'c';
insert into made select 'd', id from api.feed_offer_row where reference = 'd';
select throws_ok(format('select api.feed_offer_complete(%s, 1, %s, null, null)', pg_temp.id('c'), pg_temp.est('Café lyonnais')), 'ML000', 'invalid', 'an employer that one does not see');
select is(api.feed_offer_complete(pg_temp.id('c'), 7, pg_temp.est('Garage'), null, null), false, 'another version than one looked at');
select is(api.feed_offer_complete(pg_temp.id('c'), 1, pg_temp.est('Garage'), null, null), true, 'an employer is said');
select throws_ok(format('select api.feed_offer_complete(%s, 1, null, %L, null)', pg_temp.id('d'), 'Z9999'), 'ML000', 'invalid', 'an occupation that there is none of');
select api.feed_offer_put(pg_temp.id('d'), true);
reset session authorization;
select is(pg_temp.states(pg_temp.id('feed')), 'a offer draft, b offer draft, c offer draft, d aside', 'one is an offer, one is put aside');
select is((select tied_by from data.feed_offer where reference = 'c'), 'person', 'and who tied it is kept');

-- The next one: what changed follows, field by field; what a person wrote stays; what a person put aside stays aside.
select pg_temp.act('T-ML');
update data.offer set salary = '2 100 € brut' where origin_reference = 'a';
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a', '{"titre": "Chef de cuisine", "salaire": "1 900 €"}'), pg_temp.job('b', '{"postes": "2"}'),
    pg_temp.job('c', '{"siret": "99999999900000", "entreprise": "Inconnu"}'), pg_temp.job('d') - 'rome')), 'done', 'read again');
select is((select title || ', ' || salary from data.offer where origin_reference = 'a'), 'Chef de cuisine, 2 100 € brut', 'the title follows, the salary that a person wrote stays');
select is((select changed || ' ' || made || ' ' || withdrawn from data.feed_run order by id desc limit 1), '1 0 0', 'one change');
select is((select state from data.feed_offer where reference = 'd'), 'aside', 'aside stays aside');
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a', '{"titre": "Chef de cuisine", "salaire": "1 900 €"}'), pg_temp.job('b', '{"postes": "2"}'),
    pg_temp.job('c', '{"siret": "99999999900000", "entreprise": "Inconnu"}'), pg_temp.job('d') - 'rome')), 'done', 'the same once more');
select is((select changed || ' ' || made || ' ' || withdrawn from data.feed_run order by id desc limit 1), '0 0 0', 'changes nothing');

-- Confirmed with the employer by a person: the feed no longer writes it, it says so, and the person decides.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select api.offer_move((select id from data.offer where origin_reference = 'b'), 'confirm', 'Mme Petit', null);
reset session authorization;
select pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b', '{"postes": "3", "titre": "Second de cuisine"}'), pg_temp.job('c', '{"siret": "99999999900000", "entreprise": "Inconnu"}')));
select is((select title || ' ' || posts || ' ' || state from data.offer where origin_reference = 'b'), 'Cuisinier b 2 reserved', 'confirmed by a person: it stays');
set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into made select 'b', id from api.feed_offer_row where reference = 'b';
select is((select string_agg(x ->> 'field', ' ') from api.feed_offer_row f, jsonb_array_elements(f.difference) x where f.reference = 'b'), 'posts title', 'what differs is told');
select throws_ok($$ update data.offer set title = 'Tout autre chose' where origin_reference = 'b' $$, 'ML000', 'offer_fixed', 'nobody else changes it');
select lives_ok(format('select api.feed_offer_take(%s)', pg_temp.id('b')), 'the person takes it over');
select throws_ok($$ update data.offer set title = 'Tout autre chose' where origin_reference = 'b' $$, 'ML000', 'offer_fixed', 'and the door is shut again');
reset session authorization;
select is((select title || ' ' || posts || ' ' || state from data.offer where origin_reference = 'b'), 'Second de cuisine 3 reserved', 'it says what the feed says');
select is((select kind from data.event where offer_id = (select id from data.offer where origin_reference = 'b') order by id desc limit 1), 'offer.changed', 'and the log knows');

-- What disappears is withdrawn, with the reason; not when it is half of everything, nor of an empty or damaged feed.
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b', '{"postes": "3", "titre": "Second de cuisine"}'))), 'done', 'one is gone');
select is(pg_temp.states(pg_temp.id('feed')), 'a offer draft, b offer reserved, c ended gone withdrawn, d aside gone', 'it is withdrawn');
select ok((select s.reason like 'N’est plus dans «%' from data.offer_step s join data.offer o on o.id = s.offer_id where o.origin_reference = 'c' and s.to_state = 'withdrawn'), 'and says why');
select is(pg_temp.reads(pg_temp.id('feed'), '[]'), 'held', 'an empty feed withdraws nothing');
select is(pg_temp.states(pg_temp.id('feed')), 'a offer draft, b offer reserved, c ended gone withdrawn, d aside gone', 'all are there');
select is(pg_temp.asks(pg_temp.id('feed')), (select 'feed.held ' || max(id) from data.feed_run), 'and whoever set it up is asked');
select is((select t.member_id from data.task t where t.feed_id = pg_temp.id('feed') and t.done_at is null), (select made_by from data.feed where id = pg_temp.id('feed')), 'whoever: its author');
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a')), 1), 'held', 'nor one whose elements have lost their reference');
select pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b'), pg_temp.job('e'), pg_temp.job('f'), pg_temp.job('g'), pg_temp.job('h')));
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b'), pg_temp.job('i'))), 'held', 'nor when more than half are gone');
select is((select missing || ' ' || made from data.feed_run order by id desc limit 1), '4 1', 'what is new came in all the same');
select is(pg_temp.asks(pg_temp.id('feed')), (select 'feed.held ' || max(id) from data.feed_run), 'the question is of the last reading only');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok(format('select api.offer_feed_decide(%s, %s, %L)', pg_temp.id('feed'), (select max(id) from api.feed_run_row), 'withdraw'), 'ML000', 'forbidden', 'an adviser does not decide');
select pg_temp.boss('T-ML');
select throws_ok(format('select api.offer_feed_decide(%s, %s, %L)', pg_temp.id('feed'), (select min(id) from api.feed_run_row), 'withdraw'), 'ML000', 'feed_decided', 'nor anybody of another reading');
select lives_ok(format('select api.offer_feed_decide(%s, %s, %L)', pg_temp.id('feed'), (select max(id) from api.feed_run_row), 'withdraw'), 'a manager does');
select throws_ok(format('select api.offer_feed_decide(%s, %s, %L)', pg_temp.id('feed'), (select max(id) from api.feed_run_row), 'withdraw'), 'ML000', 'feed_decided', 'once');
reset session authorization;
select is(pg_temp.asks(pg_temp.id('feed')), null, 'decided: nothing is asked any more');
select is((select count(*) from data.offer where origin_reference in ('e', 'f', 'g', 'h') and state = 'withdrawn'), 4::bigint, 'then they are withdrawn');

-- Come back, it is another offer; what a person ended does not come back as long as the feed goes on naming it.
select pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b'), pg_temp.job('e'), pg_temp.job('i')));
select is((select count(*) || ' ' || count(*) filter (where state = 'draft') from data.offer where origin_reference = 'e'), '2 1', 'come back: a new draft, the old one stays');
select pg_temp.act('T-ML');
update data.offer set state = 'withdrawn', reason = 'L’employeur a recruté' where origin_reference = 'i';
select pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b'), pg_temp.job('e'), pg_temp.job('i', '{"titre": "Toujours là"}')));
select pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b'), pg_temp.job('e'), pg_temp.job('i', '{"titre": "Encore là"}')));
select is((select count(*) from data.offer where origin_reference = 'i'), 1::bigint, 'withdrawn by a person: it does not come back by itself');

-- An agreement confirms: reserved at once, and the employer's word is followed until the end.
set session authorization maillage_server;
select pg_temp.boss('T-ML');
insert into made select 'agreed', api.offer_feed_make('Intérim', null, null, 'Convention du 3 mars');
reset session authorization;
select pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('z')));
select is((select state || ' ' || confirmed_with from data.offer where origin_reference = 'z'), 'reserved Convention du 3 mars', 'confirmed by the agreement');
select pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('z', '{"titre": "Pâtissier", "heures": "28.5"}')));
select is((select title || ' ' || hours || ' ' || state from data.offer where origin_reference = 'z'), 'Pâtissier 28.5 reserved', 'and follows');
select throws_ok($$ update data.offer set title = 'Autre' where origin_reference = 'z' $$, 'ML000', 'offer_fixed', 'nobody else may');
select is((select opens_at from data.offer where origin_reference = 'z'), (select data.reservation_end(confirmed_at, 15) from data.offer where origin_reference = 'z'), 'its opening stays');

-- Amounts are followed together, or not at all: what a person said of one stands for both.
select pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b'), pg_temp.job('e'), pg_temp.job('p', '{"salaire_min": "1800", "salaire_max": "2000", "salaire_periode": "month"}')));
select pg_temp.act('T-ML');
update data.offer set salary_max = 1900 where origin_reference = 'p';
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b', '{"titre": "Chef de partie"}'), pg_temp.job('e', '{"titre": "Commis"}'),
    pg_temp.job('p', '{"titre": "Plongeur", "salaire_min": "1950", "salaire_max": "2050", "salaire_periode": "month"}'))), 'done', 'amounts that would cross');
select is((select title || ' ' || salary_min || ' ' || salary_max from data.offer where origin_reference = 'p'), 'Plongeur 1800.00 1900.00', 'they stay as the person wrote them, the title follows');
-- A change that the rules refuse is told, and all others come.
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b', '{"titre": "Chef de partie"}'), pg_temp.job('e', '{"titre": "Plongeur"}'), pg_temp.job('p', '{"titre": "x"}'))), 'done', 'a change that is refused');
select is((select string_agg(distinct title, ', ' order by title) from data.offer where origin_reference in ('e', 'p') and state = 'draft'), 'Plongeur', 'keeps no other from coming');
select is((select string_agg(reference || ' ' || code, ', ') from data.feed_fault where run_id = (select max(id) from data.feed_run)), 'p refused', 'and is told');

-- What the feed says is over is withdrawn at once, however much it is; only what disappears without a word is asked about.
select pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a'), pg_temp.job('b'), pg_temp.job('e'), pg_temp.job('p'), pg_temp.job('q')));
select is(pg_temp.reads(pg_temp.id('feed'), (select jsonb_agg(pg_temp.job(r, '{"etat": "closed"}')) from unnest('{b,e,p,q,never}'::text[]) r) || pg_temp.job('a')), 'done', 'four of five are said to be over');
select is((select withdrawn || ' ' || missing || ' ' || elements from data.feed_run order by id desc limit 1), '4 0 6', 'they are withdrawn');
select ok((select bool_and(s.reason = 'Close d’après « Journal »') from data.offer_step s join data.offer o on o.id = s.offer_id where o.origin_reference in ('p', 'q') and s.to_state = 'withdrawn'), 'for that reason');
select is((select count(*) from data.feed_offer where reference = 'never'), 0::bigint, 'what was never there does not come closed');
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('never', '{"etat": "closed"}'))), 'held', 'a feed with nothing but what is over says nothing of the rest');
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('a', '{"etat": "closed"}'))), 'done', 'its only offer is over');
select is((select state from data.offer where origin_reference = 'a'), 'withdrawn', 'and withdrawn');

-- A wrong value is told and keeps nothing else from coming.
select pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('z', '{"titre": "Pâtissier", "heures": "28.5"}'), pg_temp.job('y', '{"titre": "x"}'), pg_temp.job('x')));
select is(pg_temp.states(pg_temp.id('agreed')), 'x offer reserved, y incomplete, z offer reserved', 'one that the rules refuse waits');
select is((select count(*) from data.feed_fault f join data.feed_run r on r.id = f.run_id where r.feed_id = pg_temp.id('agreed') and f.code = 'refused' and f.reference = 'y'), 1::bigint, 'and is told');

-- Due: once an hour; failing, less and less often.
update data.feed set next_at = data.now() - interval '1 minute' where id = pg_temp.id('feed');
select is(data.feed_follow(), 1, 'a feed is due');
select is(data.feed_follow(), 0, 'once');
select is((select count(*) from data.feed_run where feed_id = pg_temp.id('feed') and state = 'waiting'), 1::bigint, 'one reading waits');
select is(data.feed_ask(pg_temp.id('feed'), 'asked'), (select id from data.feed_run where feed_id = pg_temp.id('feed') and state = 'waiting'), 'asked for meanwhile, it is that one');
select data.feed_end((select id from data.feed_run where state = 'waiting'), 'failed', 500, 'Le serveur a répondu 500.');
select is((select failures from data.feed where id = pg_temp.id('feed')), 1, 'a failure is counted');
update data.feed set next_at = data.now(), failures = 4 where id = pg_temp.id('feed');
select data.feed_follow();
select ok((select next_at > data.now() + interval '10 hours' from data.feed where id = pg_temp.id('feed')), 'and it is asked less often');
-- The third failure in a row asks somebody to look; what comes again ends the question.
select is(pg_temp.asks(pg_temp.id('feed')), null, 'a first failure asks nothing');
update data.feed set failures = 2 where id = pg_temp.id('feed');
select data.feed_end((select id from data.feed_run where feed_id = pg_temp.id('feed') and state = 'waiting'), 'failed', 500, 'Le serveur a répondu 500.');
select is(pg_temp.asks(pg_temp.id('feed')), (select 'feed.failing ' || max(id) from data.feed_run where feed_id = pg_temp.id('feed')), 'a third one does');
select is((select t.feed ->> 'error' from api.task_row t where t.kind = 'feed.failing'), 'Le serveur a répondu 500.', 'and says why');
update data.feed set next_at = data.now() - interval '1 minute' where id = pg_temp.id('feed');
select data.feed_follow();
select data.feed_end((select id from data.feed_run where feed_id = pg_temp.id('feed') and state = 'waiting'), 'failed', 500, 'Encore.');
select is((select count(*) from data.task where feed_id = pg_temp.id('feed') and kind = 'feed.failing'), 1::bigint, 'and no fourth');
update data.feed set next_at = data.now() - interval '1 minute' where id = pg_temp.id('feed');
select data.feed_follow();
select data.feed_end((select id from data.feed_run where feed_id = pg_temp.id('feed') and state = 'waiting'), 'unchanged', 304, null);
select is(pg_temp.asks(pg_temp.id('feed')), null, 'it comes again: nothing is asked');

-- A code of the ROME 4.0 is read as the occupation that it stands under; one that the house does not know is told, with its remedy.
insert into data.rome_under values ('G1699', 'G1602');
select pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('u', '{"rome": "G1699"}'), pg_temp.job('v', '{"rome": "G1698", "titre": "Zythologue"}')));
select is((select string_agg(reference || ' ' || coalesce(rome, '-'), ', ' order by reference) from data.feed_offer where reference in ('u', 'v')), 'u G1602, v -', 'a code of the version 4.0 has its place');
select pg_temp.act('T-ML');
update data.offer set rome = 'G1699' where origin_reference = 'e' and state = 'draft';
insert into data.need (establishment_id, organisation_id, member_id, rome, posts, horizon)
select o.establishment_id, auth.organisation(), auth.member(), 'G1699', 1, 'now' from data.offer o where o.origin_reference = 'z';
select is((select string_agg(distinct x.rome, ' ') from (select rome from data.offer union all select rome from data.need) x where x.rome in ('G1602', 'G1699')), 'G1602', 'nor do offers and needs that name it so');
select pg_temp.nobody();
select ok((select message like '%G1698%maillage-admin import rome%' from data.feed_fault where run_id = (select max(id) from data.feed_run) and field = 'rome'), 'one that nobody knows is told, and how it comes in');

-- A file of an adviser adds and changes; it takes nothing away, whatever it says or does not name.
set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into made select 'file', api.offer_feed_make('Salon de mai', null, null, null, true);
select throws_ok($$ select api.offer_feed_make('Autre', 'https://journal.example/x', 60, null, true) $$, '23514', null, 'it has no address');
select is(api.offer_feed_layout(pg_temp.id('file'), 1, 'element = "a"'), true, 'and the adviser describes it');
select throws_ok(format('select api.offer_feed_layout(%s, 1, %L)', pg_temp.id('agreed'), 'element = "a"'), 'ML000', 'forbidden', 'no other feed');
reset session authorization;
create function pg_temp.given(offers jsonb) returns text language plpgsql security definer as $$
declare
    run bigint := data.feed_ask(pg_temp.id('file'), 'upload');
begin
    update data.feed_run set asked_by = (select made_by from data.feed where id = pg_temp.id('file')) where id = run;
    return pg_temp.reads(pg_temp.id('file'), offers);
end
$$;
select is(pg_temp.given(jsonb_build_array(pg_temp.job('f1'), pg_temp.job('f2'), pg_temp.job('f3'))), 'done', 'three offers of a file');
select is((select string_agg(distinct o.origin || ' ' || o.state || ' ' || (o.member_id = f.made_by), ', ') from data.offer o join data.feed f on f.id = o.feed_id where f.id = pg_temp.id('file')), 'csv draft true', 'are drafts of who gave it');
select is(pg_temp.given(jsonb_build_array(pg_temp.job('f1', '{"titre": "Chef de rang"}'), pg_temp.job('f2', '{"etat": "closed"}'))), 'done', 'a smaller file asks nothing');
select is((select changed || ' ' || withdrawn || ' ' || missing || ' ' || faults from data.feed_run order by id desc limit 1), '1 0 0 1', 'it changes, and takes nothing away');
select is(pg_temp.states(pg_temp.id('file')), 'f1 offer draft, f2 offer draft, f3 offer draft', 'all are there');
select is((select string_agg(reference || ' ' || code, ', ') from data.feed_fault where run_id = (select max(id) from data.feed_run)), 'f2 closed', 'what it says is over is told to the adviser');
-- What is past in it makes nothing, takes along what waits for somebody, and waits for nobody; each line is told.
select is(pg_temp.given(jsonb_build_array(pg_temp.job('f3', '{"fin": "2020-01-31"}'), pg_temp.job('f4', '{"fin": "2020-01-31"}'), pg_temp.job('f5', '{"fin": "2099-01-31"}') - 'rome', pg_temp.job('f6'))), 'done', 'a file with past offers');
select is(pg_temp.states(pg_temp.id('file')), 'f1 offer draft, f2 offer draft, f3 ended gone withdrawn, f5 incomplete, f6 offer draft', 'the new one is none, the draft goes, what lacks an occupation waits');
select is((select string_agg(reference || ' ' || code, ', ' order by ordinal) from data.feed_fault where run_id = (select max(id) from data.feed_run)), 'f3 past, f4 past', 'each is told as past');
update data.feed_offer set given = given || '{"fin": "2020-01-31"}' where reference = 'f5';
select data.feed_over();
select is(pg_temp.states(pg_temp.id('file')), 'f1 offer draft, f2 offer draft, f3 ended gone withdrawn, f5 incomplete gone, f6 offer draft', 'what waited until its day waits no more');
update data.offer set ends_on = '2099-03-31' where id = (select offer_id from data.feed_offer where feed_id = pg_temp.id('file') and reference = 'f6');
select is(pg_temp.given(jsonb_build_array(pg_temp.job('f6', '{"fin": "2020-01-31", "etat": "closed"}'))), 'done', 'one whose day a person put off, said closed');
select is((select f.state || ' ' || o.state from data.feed_offer f join data.offer o on o.id = f.offer_id where f.feed_id = pg_temp.id('file') and f.reference = 'f6'), 'offer draft', 'it stays');
select is((select string_agg(reference || ' ' || code, ', ' order by ordinal) from data.feed_fault where run_id = (select max(id) from data.feed_run)), 'f6 closed', 'and that is told');
-- The file of a feed that a person gives may withdraw, and asks before it does.
select pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('z'), pg_temp.job('u'), pg_temp.job('x')));
select is(pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('z'), pg_temp.job('u'))), 'held', 'one that is no longer named is asked about');

-- A feed that only tells what changed: what it does not name is still there, what it says is over is withdrawn.
set session authorization maillage_server;
select pg_temp.boss('T-ML');
insert into made select 'delta', api.offer_feed_make('Ce qui change', 'https://delta.example/offres', 60, null);
reset session authorization;
select is(pg_temp.reads(pg_temp.id('delta'), jsonb_build_array(pg_temp.job('p'), pg_temp.job('q'), pg_temp.job('s'), pg_temp.job('t')), 0, true), 'done', 'four offers');
select is(pg_temp.reads(pg_temp.id('delta'), jsonb_build_array(pg_temp.job('p', '{"titre": "Chef de rang"}'), '{"reference": "q", "etat": "closed"}'::jsonb), 0, true), 'done', 'two changes ask nothing');
select is((select changed || ' ' || withdrawn || ' ' || missing from data.feed_run order by id desc limit 1), '1 1 0', 'one changed, one over, none missing');
select is(pg_temp.states(pg_temp.id('delta')), 'p offer draft, q ended gone withdrawn, s offer draft, t offer draft', 'all others are there');
select is(pg_temp.reads(pg_temp.id('delta'), '[]', 0, true), 'done', 'nothing changed');
select is(pg_temp.states(pg_temp.id('delta')), 'p offer draft, q ended gone withdrawn, s offer draft, t offer draft', 'and nothing goes');
select is(pg_temp.reads(pg_temp.id('delta'), jsonb_build_array(pg_temp.job('p'), pg_temp.job('s'))), 'done', 'once it is whole');
select is(pg_temp.states(pg_temp.id('delta')), 'p offer draft, q ended gone withdrawn, s offer draft, t ended gone withdrawn', 'what it does not name goes');

-- Whether the feed has changed is asked by what was read to its end, and by nothing else.
create function pg_temp.known(feed bigint) returns text language sql security definer as $$
    select coalesce(t.etag, '-') || ' ' || (t.sha256 is not null) || ' ' || t.cause from data.feed_run r cross join lateral data.feed_take(r.id) t
     where r.feed_id = known.feed and r.state = 'waiting' $$;
create function pg_temp.fetched(feed bigint, etag text) returns void language sql security definer as $$
    select data.feed_keep(r.id, 200, sha256('x'), 1, 'x', fetched.etag, null) from data.feed_run r where r.feed_id = fetched.feed and r.state = 'waiting' $$;
update data.feed set layout = 'element = "a"' where id = pg_temp.id('feed');
select data.feed_ask(pg_temp.id('feed'), 'schedule');
select pg_temp.fetched(pg_temp.id('feed'), '"1"');
select is(pg_temp.known(pg_temp.id('feed')), '- false schedule', 'fetched, and its worker died: it comes whole once more');
select pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('r')));
select data.feed_ask(pg_temp.id('feed'), 'schedule');
select is(pg_temp.known(pg_temp.id('feed')), '"1" true schedule', 'read: it is asked whether it changed');
-- What is given while a reading goes on is read after it.
set session authorization maillage_server;
select pg_temp.boss('T-ML');
select api.offer_feed_layout(pg_temp.id('feed'), (select version from api.offer_feed_row where id = pg_temp.id('feed')), 'element = "b"');
reset session authorization;
select pg_temp.nobody();
select data.feed_end((select id from data.feed_run where feed_id = pg_temp.id('feed') and state = 'waiting'), 'unchanged', 304, null);
select is(pg_temp.known(pg_temp.id('feed')), '- false layout', 'described anew meanwhile: it is read again');

-- A reading whose job is dead keeps no other away, and somebody has to look.
update data.feed set next_at = null where id = pg_temp.id('feed');
update data.job j set state = 'dead' from data.feed_run r where (j.payload ->> 'run')::bigint = r.id and r.feed_id = pg_temp.id('feed') and r.state = 'waiting';
select data.feed_follow();
select is((select state from data.feed_run where feed_id = pg_temp.id('feed') order by id desc limit 1), 'failed', 'a reading whose job is dead has failed');
select is(pg_temp.asks(pg_temp.id('feed')), (select 'feed.failing ' || max(id) from data.feed_run where feed_id = pg_temp.id('feed')), 'it is in the inbox at once');
select isnt(data.feed_ask(pg_temp.id('feed'), 'upload'), (select id from data.feed_run where state = 'failed' order by id desc limit 1), 'and the next one can be asked for');
select * from finish();
rollback;
