-- What feeds say of an offer and how it is understood: until when it holds, its occupation, its place, its employer.
begin;
\ir fixture.inc
\ir feed.inc
select no_plan();
create function pg_temp.job(reference text, more jsonb default '{}') returns jsonb language sql as $$
    select jsonb_strip_nulls(jsonb_build_object('reference', reference, 'titre', 'Cuisinier ' || reference, 'rome', 'G1602', 'contrat', 'cdi', 'siret', '90000000100011') || more) $$;
create function pg_temp.states(feed bigint) returns text language sql security definer as $$
    select string_agg(o.reference || ' ' || o.state || case when not o.is_present then ' gone' else '' end || coalesce(' ' || v.state, ''), ', ' order by o.reference)
      from data.feed_offer o left join data.offer v on v.id = o.offer_id where o.feed_id = feed $$;
create function pg_temp.offer(reference text) returns data.offer language sql security definer as $$ select o from data.offer o where o.origin_reference = $1 order by o.id desc limit 1 $$;
create function pg_temp.told(field text) returns text language sql security definer as $$
    select string_agg(f.reference || ' ' || f.code || ' ' || f.message, '; ' order by f.reference) from data.feed_fault f where f.run_id = (select max(id) from data.feed_run) and f.field = told.field $$;

set session authorization maillage_server;
select pg_temp.boss('T-ML');
insert into made select 'feed', api.offer_feed_make('Journal', 'https://journal.example/offres.xml', 60, null);
insert into made select 'agreed', api.offer_feed_make('Accord', 'https://accord.example/offres.xml', 60, 'Mme Duret');
reset session authorization;

-- --- until when -----------------------------------------------------------------------------------------------------------------

-- What holds no longer is over, and said so; what holds for a time keeps the day.
select is(pg_temp.reads(pg_temp.id('feed'), jsonb_build_array(pg_temp.job('old', '{"fin": "2026-06-03"}'), pg_temp.job('day', '{"fin": "2026-06-04"}'), pg_temp.job('any'))), 'done', 'one is past, one holds today, one always');
select is(pg_temp.states(pg_temp.id('feed')), 'any offer draft, day offer draft', 'the past one is no offer');
select is(pg_temp.told('fin'), 'old past Valable jusqu’au 03/06/2026 : comptée comme close', 'and that is told');
select is((pg_temp.offer('day')).ends_on, date '2026-06-04', 'the day is kept');
select pg_temp.clock('2026-06-05 00:01+02');
select data.feed_follow();
select is(pg_temp.states(pg_temp.id('feed')), 'any offer draft, day ended gone withdrawn', 'a draft goes the day after, though the feed was not read again');
select is((pg_temp.offer('day')).reason, 'Valable jusqu’au 04/06/2026 d’après « Journal »', 'with that reason');

-- Reserved at once when the agreement says so; open no longer than its day; the feed may move it, within what the agreement says.
select pg_temp.clock('2026-06-05 10:00+02');
select pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('short', '{"fin": "2026-06-10"}'), pg_temp.job('long', '{"fin": "2026-06-30"}'), pg_temp.job('far', '{"fin": "2026-12-31"}'),
                                                             pg_temp.job('kept', '{"fin": "2026-06-30"}'), pg_temp.job('free')));
select is((select string_agg(distinct state, ' ') from data.offer where feed_id = pg_temp.id('agreed')), 'reserved', 'all reserved');
select throws_ok($$ update data.offer set state = 'expired' where origin_reference = 'short' $$, 'ML000', 'offer_not_due', 'none is over before its day');
select throws_ok($$ update data.offer set ends_on = '2027-01-01' where origin_reference = 'short' $$, 'ML000', 'offer_fixed', 'nobody moves the day of what is reserved');
select pg_temp.clock('2026-06-11 00:00+02');
select is(data.offer_expire(100), 1, 'one is over before it opens');
select is((pg_temp.offer('short')).state || ' ' || (pg_temp.offer('short')).reason, 'expired Valable jusqu’au 10/06/2026 seulement', 'it has expired, and says why');
select is(data.offer_open((pg_temp.offer('short')).id), false, 'it never opens');
select pg_temp.clock('2026-06-20 10:00+02');
select is(bool_and(data.offer_open(id)), true, 'the others open') from data.offer where feed_id = pg_temp.id('agreed') and state = 'reserved';
select is((pg_temp.offer('long')).closes_at, timestamptz '2026-07-01 00:00+02', 'to the end of its day');
select is((pg_temp.offer('far')).closes_at, timestamptz '2026-07-20 10:00+02', 'or thirty days');
select is(api.board_posting((pg_temp.offer('long')).id, 'https://x.example')::jsonb ->> 'validThrough', '2026-06-30T22:00:00Z', 'the page says the same day');
select throws_ok($$ update data.offer set ends_on = '2026-07-30' where origin_reference = 'long' $$, 'ML000', 'offer_fixed', 'and nobody moves it silently');
select pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('long', '{"fin": "2026-07-05"}'), pg_temp.job('far', '{"fin": "2026-07-02"}'), pg_temp.job('kept', '{"fin": "2026-06-30"}'), pg_temp.job('free', '{"fin": "2026-07-03"}')));
select is(array[(pg_temp.offer('long')).closes_at, (pg_temp.offer('far')).closes_at, (pg_temp.offer('free')).closes_at],
          array[timestamptz '2026-07-06 00:00+02', timestamptz '2026-07-03 00:00+02', timestamptz '2026-07-04 00:00+02'], 'the feed moves the day: later, sooner, for the first time');
select pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('long', '{"fin": "2027-07-05"}'), pg_temp.job('far', '{"fin": "2026-07-02"}'), pg_temp.job('kept', '{"fin": "2026-06-30"}'), pg_temp.job('free')));
select is(array[(pg_temp.offer('long')).closes_at, (pg_temp.offer('free')).closes_at], array[timestamptz '2026-07-20 10:00+02', timestamptz '2026-07-20 10:00+02'], 'never beyond what the agreement says');

-- The employer says that it stands for longer: that counts, and the day goes along.
set session authorization maillage_server;
select pg_temp.act('T-ML');
select lives_ok($$ select api.offer_prolong((pg_temp.offer('kept')).id, 'Mme Duret') $$, 'prolonged with the employer');
reset session authorization;
select is((pg_temp.offer('kept')).closes_at || ' ' || (pg_temp.offer('kept')).ends_on, timestamptz '2026-07-20 10:00+02' || ' 2026-07-20', 'for thirty days, and the day is moved');
select pg_temp.clock('2026-07-03 09:00+02');
select is(pg_temp.reads(pg_temp.id('agreed'), jsonb_build_array(pg_temp.job('long', '{"fin": "2027-07-05"}'), pg_temp.job('far', '{"fin": "2026-07-02"}'), pg_temp.job('kept', '{"fin": "2026-06-30"}'), pg_temp.job('free'))), 'done', 'two days of the feed are past');
select is((pg_temp.offer('kept')).state || ' ' || (pg_temp.offer('far')).state, 'open withdrawn', 'the one that the employer prolonged stays open');
select is(pg_temp.told('fin'), 'far past Valable jusqu’au 02/07/2026 : comptée comme close', 'only the other is told');

-- A person's draft: its day may be changed, and it is not confirmed after it.
set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, ends_on)
values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'Aide de cuisine', 'G1602', 'cdi', '2026-07-01');
select throws_ok($$ select api.offer_move((select max(id) from data.offer), 'confirm', 'Mme Duret', null) $$, 'ML000', 'offer_past', 'what is past is not confirmed');
update data.offer set ends_on = '2026-09-01' where id = (select max(id) from data.offer);
select api.offer_link_make((select max(id) from data.offer), sha256('jour'));
select is((select value from api.confirmation_facts(sha256('jour')) where label = 'Valable jusqu’au'), '1er septembre 2026', 'the employer reads the day');
select lives_ok($$ select api.offer_move((select max(id) from data.offer), 'confirm', 'Mme Duret', null) $$, 'with another day it is');
select is(api.offer_details(o) ->> 'ends_on', '2026-09-01', 'and the API says it') from data.offer o where id = (select max(id) from data.offer);
reset session authorization;

-- --- the occupation -------------------------------------------------------------------------------------------------------------

select is(array(select data.title_key(t) from unnest('{Boulanger (H/F),"BOULANGER F/H",Boulanger - H/F/X,Boulanger(ère),"Infirmier H/F d''accueil",Vendeur·se,"Conducteur d''engins"}'::text[]) t),
          '{boulanger,boulanger,boulanger,boulanger,infirmier d accueil,vendeur,conducteur d engins}', 'titles without what says for whom');
select is(array(select array_to_string(data.title_forms(t), ' | ') from unnest('{"Boulanger / Boulangère","Conducteur / Conductrice d''engins","Chef de cuisine / Cheffe de cuisine",Maçon,"Aide (H / F)"}'::text[]) t),
          '{boulanger | boulangere,conducteur d engins | conductrice d engins,chef de cuisine | cheffe de cuisine,macon,aide}', 'and what they are for women and men');
insert into data.rome (code, label) values ('D1102', 'Boulangerie - viennoiserie'), ('F1302', 'Conduite d''engins de terrassement'), ('D1214', 'Vente en habillement') on conflict do nothing;
delete from data.appellation where rome in ('D1102', 'F1302', 'D1214', 'G1602', 'F1703');
insert into data.appellation (rome, label, ogr) values ('D1102', 'Boulanger / Boulangère', 11573), ('F1302', 'Conducteur / Conductrice d''engins', 12862), ('F1703', 'Poseur / Poseuse', null), ('D1214', 'Poseur / Poseuse', null);
select pg_temp.reads(pg_temp.id('feed'), jsonb_agg(pg_temp.job(r, jsonb_build_object('rome', null, 'titre', t, 'appellation', a)))) from (values
    ('r1', 'Boulangère (H/F)', null), ('r2', 'CONDUCTEUR D''ENGINS', null), ('r3', 'Boulanger/Boulangère F/H', null), ('r4', 'Poseur', null),
    ('r5', 'Au fournil', '11573'), ('r6', 'Au volant', 'Conductrice d''engins'), ('r7', 'Boulangerie - Viennoiserie', null), ('r8', 'Zythologue', null)) v (r, t, a);
select is((select string_agg(reference || ' ' || coalesce(rome, '-'), ', ' order by reference) from data.feed_offer where reference like 'r_'),
          'r1 D1102, r2 F1302, r3 D1102, r4 -, r5 D1102, r6 F1302, r7 D1102, r8 -', 'what they are called names them, when it names one; so does the number');
-- As people said of the same title before, however it is written.
update data.feed_offer set rome = 'G1602', version = version + 1 where reference = 'r8';
select pg_temp.reads(pg_temp.id('feed'), jsonb_agg(pg_temp.job(r, jsonb_build_object('rome', null, 'titre', t)) order by r)) from (values ('r8', 'Zythologue')) v (r, t);
select pg_temp.reads(pg_temp.id('feed'), jsonb_agg(pg_temp.job(r, jsonb_build_object('rome', null, 'titre', t)) order by r)) from (values ('r8', 'Zythologue'), ('r9', 'ZYTHOLOGUE H/F')) v (r, t);
select is((select rome from data.feed_offer where reference = 'r9'), 'G1602', 'the same title in other letters is the same');
select is((select code || ' ' || label from data.rome_near('Conductrice engins de chantier') limit 1), 'F1302 Conduite d''engins de terrassement', 'the nearest is found by what it is called, too');

-- --- the place ------------------------------------------------------------------------------------------------------------------

insert into data.commune (code, name, department, postcodes, population, centre) values
    ('03994', 'Saint-Gérand-de-Vaux', '03', '{03340}', 400, ST_SetSRID(ST_MakePoint(3.4, 46.38), 4326)), ('03995', 'Neuilly-le-Réal', '03', '{03340}', 1500, ST_SetSRID(ST_MakePoint(3.46, 46.46), 4326)),
    ('03996', 'Saint-Pourçain-sur-Sioule', '03', '{03500}', 5000, ST_SetSRID(ST_MakePoint(3.29, 46.3), 4326)), ('03997', 'Sainte-Thérence', '03', '{03420}', 150, ST_SetSRID(ST_MakePoint(2.7, 46.4), 4326));
select is(array(select data.place_key(t) from unnest('{ST GERAND DE VAUX,"St Pourçain s/ Sioule",STE-THERENCE,MOULINS CEDEX 9,"Lyon 4ème",PARIS 01,"Vernou s/s Bois","L’Isle-Jourdain"}'::text[]) t),
          '{saint gerand de vaux,saint pourcain sur sioule,sainte therence,moulins,lyon 4e arrondissement,paris 1er arrondissement,vernou sous bois,l isle jourdain}', 'towns as people write them');
select pg_temp.reads(pg_temp.id('feed'), jsonb_agg(pg_temp.job(r, jsonb_build_object('code_postal', p, 'ville', t)))) from (values
    ('p1', '03340', 'ST GERAND DE VAUX'), ('p2', '03500', 'ST POURCAIN'), ('p3', '03340', 'Ailleurs')) v (r, p, t);
select is((select string_agg(origin_reference || ' ' || commune_code, ', ' order by origin_reference) from data.offer where origin_reference like 'p_'), 'p1 03994, p2 03996, p3 03995', 'the town of a postcode is the one that is named');
select is(array(select (select b.name from api.board_place(t) b) from unnest('{"St Pourçain","SAINT POURCAIN SUR SIOULE",St Pourçain s/Sioule,ste therence,Lyon 4}'::text[]) t),
          '{Saint-Pourçain-sur-Sioule,Saint-Pourçain-sur-Sioule,Saint-Pourçain-sur-Sioule,Sainte-Thérence,"Lyon 4e Arrondissement"}', 'the public board understands them as well');

-- A département alone is one: the employer's commune when it lies there, else a person says where.
select is(array(select data.department_named(t) from unnest('{03,3,Allier,"Yvelines (78)","78 - Yvelines","2a - Corse-du-Sud","Val d''Oise",971,Ailleurs,12345}'::text[]) t),
          '{03,03,03,78,78,2A,95,971,NULL,NULL}', 'départements as people write them');
select pg_temp.reads(pg_temp.id('feed'), jsonb_agg(pg_temp.job(r, v))) from (values
    ('d1', '{"departement": "Allier"}'::jsonb), ('d2', '{"departement": "Yvelines (78)"}'), ('d3', '{"ville": "Yvelines"}'), ('d4', '{"code_postal": "75755"}'), ('d5', '{"departement": "03", "ville": "Montluçon"}'),
    ('d6', '{"code_postal": "03009"}')) x (r, v);
select is((select string_agg(f.reference || ' ' || f.state || coalesce(' ' || o.commune_code, '') || ' ' || array_to_string(data.feed_lacks(f), ','), ', ' order by f.reference)
             from data.feed_offer f left join data.offer o on o.id = f.offer_id where f.reference like 'd_'),
          'd1 offer 03190 , d2 incomplete place, d3 incomplete place, d4 incomplete place, d5 offer 03185 , d6 offer 03190 ', 'never silently the employer''s commune elsewhere');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select is((select lacks from api.feed_offer_row where reference = 'd2'), '{place}', 'the page says what is lacking');
select throws_ok($$ select api.feed_offer_complete((select id from api.feed_offer_row where reference = 'd2'), (select version from api.feed_offer_row where reference = 'd2'), null, null, null, '99999') $$, 'ML000', 'invalid', 'no such place');
select is(api.feed_offer_complete(id, version, null, null, null, '03185'), true, 'a person says where') from api.feed_offer_row where reference = 'd2';
reset session authorization;
select is((pg_temp.offer('d2')).commune_code, '03185', 'and the offer is there');

-- --- the employer ---------------------------------------------------------------------------------------------------------------

insert into data.establishment (siret, legal_name, commune_code, city, naf, size_band, status) values
    ('90000000100029', 'Boulangerie, second four du Test', '03185', 'MONTLUCON', '10.71C', '02', 'A'), ('90000000100037', 'Boulangerie, troisième four du Test', '03185', 'MONTLUCON', '10.71C', '02', 'A'),
    ('90000000100045', 'Boulangerie, ancien four du Test', '03190', 'MOULINS', '10.71C', '02', 'F');
select pg_temp.reads(pg_temp.id('feed'), jsonb_agg(pg_temp.job(r, '{"siret": null}' || v))) from (values
    ('s1', '{"siren": "900000002"}'::jsonb), ('s2', '{"siren": "900000001", "ville": "Moulins"}'), ('s3', '{"siren": "900000001", "ville": "Montluçon"}'), ('s4', '{"siren": "900000005"}'), ('s5', '{"siren": "900000001"}')) x (r, v);
select is((select string_agg(f.reference || ' ' || f.state || coalesce(' ' || e.legal_name || ' ' || f.tied_by, '') || ' ' || jsonb_array_length(f.resembling), ', ' order by f.reference)
             from data.feed_offer f left join data.establishment e on e.id = f.establishment_id where f.reference like 's_'),
          's1 offer Scierie du Test siren 0, s2 offer Boulangerie du Test siren 0, s3 incomplete 3, s4 incomplete 0, s5 incomplete 3', 'the only one of the town or territory; else a person chooses among them');
set session authorization maillage_server;
select pg_temp.act('T-ML');
select is((select resembling::jsonb -> 0 ->> 'city' from api.feed_offer_row where reference = 's3'), 'MONTLUCON', 'those of the town first');
select is(api.feed_offer_complete(id, version, pg_temp.est('Boulangerie, second four'), null, null), true, 'chosen') from api.feed_offer_row where reference = 's3';
reset session authorization;
select is((select string_agg(reference || ' ' || tied_by, ', ' order by reference) from data.feed_offer where reference in ('s3', 's5') and establishment_id is not null), 's3 person', 'for that town alone');

-- --- a feed of the whole country ------------------------------------------------------------------------------------------------

insert into data.commune (code, name, department, postcodes, centre) values ('75112', 'Paris 12e Arrondissement', '75', '{75012}', ST_SetSRID(ST_MakePoint(2.39, 48.84), 4326)) on conflict do nothing;
set session authorization maillage_server;
select pg_temp.boss('T-ML');
insert into made select 'national', api.offer_feed_make('France', 'https://france.example/offres.json', 60, null);
reset session authorization;
create function pg_temp.country() returns text language sql as $$
    select pg_temp.reads(pg_temp.id('national'), jsonb_build_array(pg_temp.job('n1'), pg_temp.job('n2', '{"code_postal": "75012", "ville": "Paris"}'), pg_temp.job('n3', '{"departement": "Yvelines", "siret": null, "entreprise": "X"}'),
        pg_temp.job('n4', '{"commune": "03185", "siret": null, "entreprise": "Y"}'), pg_temp.job('n5', '{"siret": null, "entreprise": "Z"}'), pg_temp.job('n6', '{"code_postal": "75012", "siret": null, "entreprise": "W"}'))) $$;
select pg_temp.country();
select is(pg_temp.states(pg_temp.id('national')), 'n1 offer draft, n2 offer draft, n3 incomplete, n4 incomplete, n5 incomplete, n6 incomplete', 'all of it comes');
set session authorization maillage_server;
select pg_temp.boss('T-ML');
select is(api.offer_feed_change(pg_temp.id('national'), 1, null, null, null, null, null, true), true, 'what lies outside is left out from now on');
select is((select only_here from api.offer_feed_row where id = pg_temp.id('national')), true, 'the page says so');
reset session authorization;
select is(pg_temp.country(), 'done', 'which asks nothing of anybody');
select is(pg_temp.states(pg_temp.id('national')), 'n1 offer draft, n2 offer draft, n3 incomplete gone, n4 incomplete, n5 incomplete, n6 incomplete gone', 'what waited goes, what is an offer stays, so does what says no place');
select is((select outside || ' ' || incomplete || ' ' || missing || ' ' || withdrawn from data.feed_run order by id desc limit 1), '2 2 0 0', 'and it is counted');
-- Several are put aside at once.
set session authorization maillage_server;
select pg_temp.act('T-FT');
select throws_ok(format('select api.feed_offers_put(%s, %L)', pg_temp.id('national'), (select array_agg(id) from data.feed_offer where reference in ('n4', 'n5'))), 'ML000', 'not_found', 'not by others');
select pg_temp.act('T-ML');
select is(api.feed_offers_put(pg_temp.id('national'), (select array_agg(id) from api.feed_offer_row where reference in ('n1', 'n4', 'n5', 's5'))), 2, 'those that wait, of that feed');
reset session authorization;
select is((select string_agg(reference || ' ' || state, ', ' order by reference) from data.feed_offer where reference in ('n1', 'n4', 'n5', 's5')), 'n1 offer, n4 aside, n5 aside, s5 incomplete', 'no other');
set session authorization maillage_server;
select is(api.feed_offers_put(pg_temp.id('national'), (select array_agg(id) from api.feed_offer_row where reference in ('n1', 'n4', 'n5', 's5')), false), 2, 'and all of them are taken back at once');
reset session authorization;
select is((select string_agg(reference || ' ' || state, ', ' order by reference) from data.feed_offer where reference in ('n1', 'n4', 'n5', 's5')), 'n1 offer, n4 incomplete, n5 incomplete, s5 incomplete', 'no other either');

set local session_replication_role = replica; -- without the trigger
select throws_ok($$ update data.offer set closes_at = '2027-01-01' where origin_reference = 'kept' $$, '23514', null, 'the table keeps it by itself as well');
select * from finish();
rollback;
