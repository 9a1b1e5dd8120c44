begin;
\ir fixture.inc
select plan(52);
insert into data.fap (code, label) values ('S1Z40', 'Cuisiniers'), ('B2Z40', 'Maçons');
insert into data.fap_rome (fap, rome) values ('S1Z40', 'G1602');
set session authorization maillage_server;

-- Declared by one partner.
select pg_temp.act('T-FT');
create function pg_temp.declare_need(est text, more text default '') returns bigint language plpgsql as $$
declare made bigint;
begin
    execute format('insert into data.need (establishment_id, organisation_id, member_id, rome, posts, horizon %s) values (pg_temp.est(%L), auth.organisation(), auth.member(), ''G1602'', 2, ''now'' %s) returning id',
                   case when more = '' then '' else ', ' || split_part(more, '=', 1) end, est, case when more = '' then '' else ', ' || split_part(more, '=', 2) end) into made;
    return made;
end $$;
select pg_temp.declare_need('Boulangerie') as need \gset
select is((select state || ' ' || source || ' ' || expires_on || ' ' || version from data.need where id = :need), 'declared call 2026-08-03 1', 'declared by telephone, it stands sixty days');
select is((select to_state || ' ' || coalesce(from_state, '-') || ' ' || organisation_id from data.need_step where need_id = :need), 'declared - ' || auth.organisation(), 'its first step has an author');
select throws_ok($$ select pg_temp.declare_need('Boulangerie', 'expires_on=date ''2030-01-01''') $$, 'ML000', 'due_out_of_range', 'none stands for years');
select throws_ok($$ select pg_temp.declare_need('Boulangerie', 'source=''bmo''') $$, '42501', null, 'nobody says that it came from a survey');
select throws_ok($$ insert into data.need (establishment_id, organisation_id, member_id, posts, horizon) values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 1, 'now') $$,
    '23514', null, 'a need is one of some occupation');
select throws_ok($$ insert into data.need (establishment_id, organisation_id, member_id, rome, posts, horizon) values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'G1602', 0, 'now') $$,
    '23514', null, 'no post is no need');
insert into data.need (establishment_id, organisation_id, member_id, fap, horizon) values (pg_temp.est('Scierie'), auth.organisation(), auth.member(), 'S1Z40', 'year') returning id as family \gset
select is((select rome || ' ' || coalesce(posts::text, 'inconnu') from data.need where id = :family), 'G1602 inconnu', 'a family of one occupation is that occupation; a number nobody gave is unknown');

-- Beside the survey: posts that are known, and apart from them the needs whose number nobody knows.
reset session authorization;
insert into data.bassin (code, name) values ('T1', 'Bassin du Test') on conflict do nothing;
insert into data.bassin_commune (commune_code, bassin) values ('03190', 'T1'), ('03185', 'T1') on conflict (commune_code) do update set bassin = excluded.bassin;
insert into data.bmo (bassin, fap, year, label, projects) values ('T1', 'S1Z40', 2026, 'Cuisiniers', 12);
set session authorization maillage_server;
select is((select known || ' ' || unknown || ' ' || offers || ' ' || filled from api.need_market('T1', 9) where fap = 'S1Z40'), '2 1 0 0', 'an unknown number is no post');

-- The states, one by one.
select throws_ok(format($$ update data.need set state = 'offer' where id = %s $$, :need), 'ML000', 'need_transition', 'no offer without an offer');
select throws_ok(format($$ select api.need_move(%s, 'abandoned', ' ', null) $$, :need), 'ML000', 'reason_required', 'giving up says why');
select throws_ok(format($$ select api.need_move(%s, 'filled', null, null) $$, :need), 'ML000', 'reason_required', 'so does filling without an offer');
select throws_ok(format($$ select api.need_move(%s, 'zero', null, '2026-06-05') $$, :need), 'ML000', 'due_out_of_range', 'nobody says today what holds tomorrow');
select throws_ok(format($$ select api.need_move(%s, 'zero', null, '2026-06-01') $$, :need), 'ML000', 'due_out_of_range', 'nor before it was declared');
select lives_ok(format($$ select api.need_move(%s, 'zero', null, null) $$, :need), 'no vacant post, said today');
select is((select state || ' ' || zero_on from data.need where id = :need), 'zero 2026-06-04', 'with its day');
select throws_ok(format($$ select api.need_edit(%s, null, true, 5, null, false, null, false, null, false, null, null) $$, :need), 'ML000', 'need_fixed', 'what was answered does not change');
select throws_ok(format($$ select api.need_move(%s, 'confirmed', null, null) $$, :need), 'ML000', 'reason_required', 'coming back says why');
select lives_ok(format($$ select api.need_move(%s, 'confirmed', 'Nouveau marché', null) $$, :need), 'the employer changed its mind');
select is((select coalesce(zero_on::text, '-') from data.need where id = :need), '-', 'the day went with the state');
select throws_ok(format($$ select api.need_move(%s, 'declared', null, null) $$, :need), 'ML000', 'need_transition', 'nothing is declared twice');
select is((select version from data.need where id = :need), 3, 'each change is a version');
select throws_ok(format($$ select api.need_edit(%s, 2, true, 5, null, false, null, false, null, false, null, null) $$, :need), 'ML000', 'precondition_failed', 'an edit names the version it knew');
select lives_ok(format($$ select api.need_edit(%s, 3, true, 5, null, true, 'cdi', true, true, true, 'hard', null) $$, :need), 'and changes what is meant');
select is((select posts || ' ' || contract || ' ' || seasonal || ' ' || difficulty from data.need where id = :need), '5 cdi true hard', 'only that');
select throws_ok(format($$ update data.need set posts = 1 where id = %s $$, :need), '42501', null, 'never directly');

-- Other partners read, and move what is theirs to move.
select pg_temp.act('T-ML');
select is((select count(*) from data.need), 2::bigint, 'another partner reads');
select throws_ok(format($$ select api.need_move(%s, 'abandoned', 'Non', null) $$, :need), 'ML000', 'forbidden', 'and does not write');
select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-19', null) as promise \gset
select lives_ok(format($$ select api.need_move(%s, 'abandoned', 'L’employeur renonce', null) $$, :need), 'who holds the employer moves its needs on');
select is((select organisation_id from data.need_step where need_id = :need order by id desc limit 1), auth.organisation(), 'and signs the step');
select pg_temp.act('T-LYON');
select throws_ok(format($$ select api.need_move(%s, 'confirmed', 'Ah', null) $$, :need), 'ML000', 'not_found', 'out of sight, out of reach');
select pg_temp.act('T-ETAT');
select is(pg_temp.n('select from data.need') + pg_temp.n('select from data.need_step') + pg_temp.n('select api.need_ids(''all'', null, null, null, null, null, null, false, 99999, 9)')
          + pg_temp.n('select from api.need_figures(''employer'', ''all'', null, ''2026-01-01'', ''2027-01-01'', 9) f where f.key is not null') + pg_temp.n('select from api.need_call') + pg_temp.n('select from api.need_market(null, 9)'), 0::bigint, 'an observer reads none of it');
select pg_temp.act('T-CCI');
select is(pg_temp.n('select from data.need') + pg_temp.n('select api.need_ids(''all'', null, null, null, null, null, null, false, 99999, 9)'), 0::bigint, 'nor does a contributor');

-- The offer leads its need.
select pg_temp.act('T-FT');
insert into data.offer (establishment_id, organisation_id, member_id, need_id, title, rome, contract, posts)
values (pg_temp.est('Scierie'), auth.organisation(), auth.member(), :family, 'Cuisinier', 'G1602', 'cdi', 2) returning id as offer \gset
select is((select state from data.need where id = :family), 'offer', 'a draft of an offer is an offer');
select throws_ok(format($$ select api.need_move(%s, 'abandoned', 'Non', null) $$, :family), 'ML000', 'need_transition', 'which is not given up beside it');
select api.offer_move(:offer, 'withdraw', null, 'Erreur');
select is((select state from data.need where id = :family), 'confirmed', 'withdrawn, the need stands');
insert into data.offer (establishment_id, organisation_id, member_id, need_id, title, rome, contract, posts)
values (pg_temp.est('Scierie'), auth.organisation(), auth.member(), :family, 'Cuisinier', 'G1602', 'cdi', 2) returning id as offer \gset
select api.offer_move(:offer, 'confirm', 'Mme Test', null);
select api.offer_fill(:offer, 2, null);
select is((select state from data.need where id = :family), 'filled', 'filled with its offer');
select is((select format('%s %s %s %s', needs, unknown, offers, filled) from api.need_figures('employer', 'all', null, '2026-01-01', '2026-12-31', 9) where key = pg_temp.est('Scierie')::text), '1 1 2 2', 'declared, offers, filled');
select is((select posts from api.need_figures('occupation', 'all', null, '2026-01-01', '2026-12-31', 9) where key is null), 5::bigint, 'the sum has no key');
select results_eq($$ select distinct label, detail from api.need_figures('occupation', 'all', null, '2026-01-01', '2026-12-31', 9) where key is null $$, $$ values (null::text, null::text) $$, 'nor the name of one of its parts');

-- Answers to a survey, and who calls.
reset session authorization;
insert into data.source_file (kind, organisation_id, member_id, name, sha256, bytes, received_at, state)
select 'needs', organisation_id, member_id, 'bmo.csv', sha256('bmo'), 1, now(), 'received' from who where short_name = 'T-CE' returning id as file \gset
select data.need_import(:file, '[
    {"line": 2, "siret": "90000000300017", "fap": "B2Z40", "label": "Maçons", "posts": 3, "hard": true, "seasonal": false},
    {"line": 3, "siret": "90000000300017", "fap": "S1Z40", "label": "Cuisiniers"},
    {"line": 4, "siret": "90000000300017", "fap": "S1Z40", "posts": 4},
    {"line": 5, "siret": "90000000500012", "fap": "S1Z40", "posts": 4},
    {"line": 6, "siret": "90000000400015", "fap": "S1Z40", "posts": 4},
    {"line": 7, "siret": "90000000100011", "fap": "B2Z40", "posts": 0},
    {"line": 8, "siret": "90000000100011", "rome": "A1101", "posts": 1},
    {"line": 9, "siret": "90000000100011", "fap": "S1Z40", "posts": 1, "year": 2025},
    {"line": 10, "field": "met", "code": "number_invalid", "message": "ce n’est pas un nombre"},
    {"line": 11, "siret": "90000000100011", "fap": "S1Z40", "posts": 1, "year": 2026}]')::text as done \gset
select is(:'done'::text, '{"read" : 10, "needs" : 3, "renewed" : 0, "known" : 0, "none" : 1, "wrong" : 6, "calls" : 2}', 'each line is accounted for');
select is((select string_agg(line || ' ' || code, ', ' order by line) from data.source_error where file_id = :file),
    '4 need_twice, 5 establishment_unknown, 6 establishment_closed, 8 code_unknown, 9 year_past, 10 number_invalid', 'and each fault has its line');
select is((select string_agg(coalesce(fap, '-') || ' ' || coalesce(rome, '-') || ' ' || coalesce(posts::text, '?') || ' ' || coalesce(difficulty, '?') || ' ' || coalesce(seasonal::text, '?') || ' ' || expires_on, ', ' order by id)
             from data.need where source = 'bmo' and establishment_id = pg_temp.est('Garage')), 'B2Z40 - 3 hard false 2026-12-31, S1Z40 G1602 ? ? ? 2026-12-31', 'a secret is unknown');
select is((select organisation_id from data.task where kind = 'need.recontact' and establishment_id = pg_temp.est('Boulangerie')), pg_temp.org('T-ML'), 'who holds the employer is asked to call it');
select is((select count(*) from data.task where kind = 'need.recontact' and establishment_id = pg_temp.est('Garage') and done_at is null), 1::bigint, 'one partner is asked, whatever the number of needs');
select throws_ok(format($$ insert into data.task (kind, mark, organisation_id, establishment_id, need_id, due_on, raised_at) select 'need.recontact', 'x', %s, pg_temp.est('Garage'), %s, '2026-07-01', now() $$, pg_temp.org('T-PLIE'), :need), '23505', null, 'never two');
set session authorization maillage_server;
select pg_temp.act('T-PLIE');
select api.promise_make(pg_temp.est('Garage'), '2026-06-22', null) as p2 \gset
select is((select organisation_id from data.task where kind = 'need.recontact' and establishment_id = pg_temp.est('Garage')), auth.organisation(), 'the call goes with the promise');
select min(id) as n1, max(id) as n2 from data.need where source = 'bmo' and establishment_id = pg_temp.est('Garage') \gset
select api.need_move(:n1, 'confirmed', null, null);
select is((select done_at from data.task where kind = 'need.recontact' and establishment_id = pg_temp.est('Garage')), null, 'one answer is not all');
select api.need_move(:n2, 'zero', null, null);
select isnt((select done_at from data.task where kind = 'need.recontact' and establishment_id = pg_temp.est('Garage')), null, 'all of them settle the call');
reset session authorization;

-- The same answers once more change nothing; a new number renews what waits.
update data.source_file set state = 'received' where id = :file;
delete from data.source_error where file_id = :file;
select is(data.need_import(:file, '[{"line": 2, "siret": "90000000300017", "fap": "B2Z40", "posts": 9}, {"line": 3, "siret": "90000000100011", "fap": "S1Z40", "posts": 6}]')::text,
    '{"read" : 2, "needs" : 0, "renewed" : 1, "known" : 1, "none" : 0, "wrong" : 0, "calls" : 0}', 'taken up is left alone, waiting is renewed');
select is(data.need_import(:file, '[]')::text, null, 'a file is read once');

-- Time.
select pg_temp.clock('2027-01-02 10:00+01');
select data.need_expire(100);
select is((select state || ', ' || reason from data.need where id = :n1), 'abandoned, Échu sans nouvelle de l’employeur', 'what nobody spoke of again is given up');
select is((select count(*) from data.event where kind like 'need.%' and data::text ~ 'renonce|marché'), 0::bigint, 'the log repeats no reason');
select * from finish();
rollback;
