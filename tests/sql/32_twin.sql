-- The same offer by two ways: found, tied, shown once, parted by a person; and what one may not do with it.
begin;
\ir fixture.inc
select no_plan();
create function pg_temp.offer(short text, employer text, title text, contract text default 'cdi') returns bigint language plpgsql security definer as $$
declare
    made bigint;
begin
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract)
    select pg_temp.est(employer), w.organisation_id, w.member_id, offer.title, 'G1602', offer.contract from who w where w.short_name = short
    returning id into made;
    return made;
end
$$;
create function pg_temp.open(offer bigint) returns void language plpgsql security definer as $$
begin
    perform set_config('maillage.' || k, '', true) from unnest('{member,organisation,network,territory,role}'::text[]) k;
    update data.offer set state = 'confirmed', confirmed_with = 'M. Petit' where id = open.offer and state = 'draft';
    update data.offer set state = 'reserved' where id = open.offer and state = 'confirmed';
    update data.offer set state = 'open', reason = 'Plus tôt' where id = open.offer;
end
$$;
create temp table o (what text primary key, id bigint);
grant all on o to public;
create function pg_temp.id(what text) returns bigint language sql as $$ select id from o where o.what = id.what $$;

select is(data.offer_words('Cuisinier (H/F) - CDI 35h URGENT'), 'cuisinier', 'what every title says is not what this one says');
select is(data.offer_words('Agent d’entretien des locaux F/H'), data.offer_words('AGENT D''ENTRETIEN DES LOCAUX - h/f - temps partiel'), 'however it is written');
select ok(data.title_likeness('Serveur en salle H/F', 'Serveur salle (CDI)') > 0.8, 'one offer');
select ok(data.title_likeness('Serveur en salle', 'Chef de rang') < 0.5, 'two offers');
select is(data.title_likeness('Cuisinier', 'Cuisinier'), 1::real, 'the same');

insert into o select 'ft', pg_temp.offer('T-FT', 'Boulangerie', 'Cuisinier de collectivité H/F');
select is((select count(*) from data.job where kind = 'offer.twin' and payload ->> 'offer' = pg_temp.id('ft')::text), 1::bigint, 'a new offer is looked at');
insert into o select 'ml', pg_temp.offer('T-ML', 'Boulangerie', 'CUISINIER DE COLLECTIVITÉ');
insert into o select 'other', pg_temp.offer('T-ML', 'Boulangerie', 'Vendeur en boulangerie');
insert into o select 'trainee', pg_temp.offer('T-ML', 'Boulangerie', 'Cuisinier de collectivité', 'apprenticeship');
insert into o select 'far', pg_temp.offer('T-ML', 'Garage', 'Cuisinier de collectivité');
insert into o select 'again', pg_temp.offer('T-FT', 'Boulangerie', 'Cuisinier de collectivité');
select is(data.offer_twin_seek(pg_temp.id('ml')), true, 'the same of another organisation is found');
select is((select replaced_by from data.offer where id = pg_temp.id('ml')), pg_temp.id('ft'), 'the older one is shown');
select is(data.offer_twin_seek(pg_temp.id('ml')), false, 'once');
select is(data.offer_twin_seek(pg_temp.id('ft')), false, 'from the other side as well');
select is((select array_agg(data.offer_twin_seek(o.id)) from o where what in ('other', 'trainee', 'far', 'again')), '{f,f,f,f}', 'another title, contract, employer, or twice from one source: two');
update data.offer set state = 'withdrawn', reason = 'Deux fois la même' where id = pg_temp.id('again');
select is((select reason || ' ' || similarity from data.offer_twin), 'employer 1', 'why is kept');
select is((select kind from data.event where offer_id = pg_temp.id('ml') order by id desc limit 1), 'offer.replaced', 'and told');

-- Rules that nothing gets round.
select throws_ok(format('insert into data.offer_twin (offer_id, canonical_id, similarity, reason, found_at) values (%s, %s, 1, ''person'', now())', pg_temp.id('ml'), pg_temp.id('other')), '23505', null, 'behind one only');
select throws_ok(format('insert into data.offer_twin (offer_id, canonical_id, similarity, reason, found_at) values (%s, %1$s, 1, ''person'', now())', pg_temp.id('far')), '23514', null, 'not behind itself');
select throws_ok(format('update data.offer set replaced_by = id where id = %s', pg_temp.id('far')), '23514', null, 'nor there');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok(format('update data.offer set replaced_by = %s where id = %s', pg_temp.id('ft'), pg_temp.id('other')), '42501', null, 'nobody writes it by hand');
select throws_ok($$ update data.offer_twin set undone_at = now() $$, '42501', null, 'nor the table');
select pg_temp.act('T-CE');
select throws_ok(format('select api.offer_twin_undo(%s, ''Ce n’est pas la même'')', pg_temp.id('ml')), 'ML000', 'not_found', 'who sees neither does not part them');
select is(pg_temp.n('select from api.offer_twin_row'), 0::bigint, 'nor know of them');
select throws_ok(format('select api.offer_twin_say(%s, %s)', pg_temp.id('other'), pg_temp.id('ft')), 'ML000', 'not_found', 'nor tie them');
reset session authorization;

-- The board: the one that gives way is hidden only while the other one is open.
select pg_temp.open(pg_temp.id('ml'));
select is((select array_agg(b.id) from api.board_search(null, null, 0, null, null, null, 10) b), array[pg_temp.id('ml')], 'the other one is not open yet: it is there');
select pg_temp.open(pg_temp.id('ft'));
select is((select array_agg(b.id) from api.board_search(null, null, 0, null, null, null, 10) b), array[pg_temp.id('ft')], 'both open: one is shown');
select is((select count(*) from api.board_ids(0, 100)), 1::bigint, 'search engines are told of one');
select is((select count(*) from data.board_line), 2::bigint, 'both have a line');
select is(pg_temp.board_off(), 0::bigint, 'that says what they say');
insert into data.rome (code, label) values ('H2902', 'Chaudronnerie - tôlerie') on conflict do nothing;
insert into data.appellation (rome, label) values ('G1602', 'Mitron / Mitronne'), ('H2902', 'Mitraillette à fil');
select is((select count(*) from api.board_search('MITRONNE', null, 0, null, null, null, 10)), 1::bigint, 'found by another name of its occupation');
select is((select count(*) from api.board_search('mitron', '03190', 20, null, null, null, 10)), 1::bigint, 'around a commune too');
select is((select count(*) from api.board_search('mitraillette', null, 0, null, null, null, 10)), 0::bigint, 'not by the name of another occupation');
select is((select count(*) from api.board_search('itron', null, 0, null, null, null, 10)), 0::bigint, 'nor by a piece of one');

-- Parted by a person of either side, they stay two.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select is((select (shown ->> 'id')::bigint from api.offer_twin_row where offer = pg_temp.id('ml')), pg_temp.id('ft'), 'its collector sees by what it is replaced');
select throws_ok(format('select api.offer_twin_undo(%s, ''x'')', pg_temp.id('ml')), '23514', null, 'with a reason');
select lives_ok(format('select api.offer_twin_undo(%s, ''Deux postes différents'')', pg_temp.id('ml')), 'parted');
select throws_ok(format('select api.offer_twin_undo(%s, ''Encore'')', pg_temp.id('ml')), 'ML000', 'offer_twin_state', 'once');
reset session authorization;
select is(data.offer_twin_seek(pg_temp.id('ml')), false, 'and not tied again by itself');
select is((select count(*) from api.board_search(null, null, 0, null, null, null, 10)), 2::bigint, 'both are shown');
select is((select undone_why from data.offer_twin), 'Deux postes différents', 'nothing is forgotten');

-- Said by a person; the shown one ends: the other one stands for itself.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok(format('select api.offer_twin_say(%s, %s)', pg_temp.id('ft'), pg_temp.id('ml')), 'ML000', 'forbidden', 'only one’s own gives way');
select lives_ok(format('select api.offer_twin_say(%s, %s)', pg_temp.id('ml'), pg_temp.id('ft')), 'a person says that it is the same after all');
select throws_ok(format('select api.offer_twin_say(%s, %s)', pg_temp.id('other'), pg_temp.id('ml')), 'ML000', 'offer_twin_state', 'no chains');
select pg_temp.act('T-FT');
select api.offer_move(pg_temp.id('ft'), 'withdraw', null, 'L’employeur a recruté');
reset session authorization;
select is((select replaced_by from data.offer where id = pg_temp.id('ml')), null, 'the shown one is over: the other stands for itself');
select is((select array_agg(b.id) from api.board_search(null, null, 0, null, null, null, 10) b), array[pg_temp.id('ml')], 'and is shown');
select is((select array_agg(b.offer_id) from data.board_line b), array[pg_temp.id('ml')], 'a line goes with its offer');
select is(pg_temp.board_off(), 0::bigint, 'and what stays is what the offer says');
select ok((select ended_at is not null from data.offer_twin order by id desc limit 1), 'the tie has ended');

-- Same name and postcode, another number of the register; what people wrote is shown rather than a feed's.
update data.establishment set legal_name = 'Halle aux grains', postcode = '03000' where id in (pg_temp.est('Scierie'), pg_temp.est('Garage'));
insert into o select 'x', (select id from data.offer where id = pg_temp.id('far'));
insert into data.feed (organisation_id, member_id, name, made_by, made_at) select organisation_id, member_id, 'Flux', member_id, now() from who where short_name = 'T-CE';
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, feed_id, origin, origin_reference)
select (select id from data.establishment where legal_name = 'Halle aux grains' and id <> (select establishment_id from data.offer where id = pg_temp.id('far'))),
       w.organisation_id, w.member_id, 'Cuisinier collectivité (H/F)', 'G1602', 'cdi', f.id, 'feed', 'R1' from who w, data.feed f where w.short_name = 'T-CE';
insert into o select 'feed', max(id) from data.offer;
select is(data.offer_twin_seek(pg_temp.id('far')), true, 'same name and postcode');
select is((select replaced_by from data.offer where id = pg_temp.id('feed')), pg_temp.id('far'), 'the feed’s gives way');
select is((select reason from data.offer_twin where offer_id = pg_temp.id('feed')), 'place', 'for its place');
select * from finish();
rollback;
