-- What is asked again: a need whose offer filled a part of it, an offer whose candidates are gone.
begin;
\ir fixture.inc
select plan(21);
create function pg_temp.draft(title text, posts integer, of_need bigint default null) returns bigint language sql as $$
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, publics, posts, need_id)
    values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), title, 'G1602', 'cdi', '{young}', posts, of_need) returning id $$;
create function pg_temp.need() returns text language sql as $$ select state || ' ' || posts || ' ' || posts_filled || ' ' || coalesce(offer::text, '-') from api.need_row $$;

set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into data.need (establishment_id, organisation_id, member_id, rome, posts, horizon)
values (pg_temp.est('Boulangerie'), auth.organisation(), auth.member(), 'G1602', 12, 'now');
select is(pg_temp.need(), 'declared 12 0 -', 'twelve posts are meant');
create temp table f as select pg_temp.draft('Cinq commis', 5, (select id from data.need)) as id;
select is(pg_temp.need(), 'offer 12 0 ' || (select id from f), 'five are offered');
select throws_ok($$ select pg_temp.draft('Sept commis', 7, (select id from data.need)) $$, '23505', null, 'one offer at a time');
select api.offer_move((select id from f), 'confirm', 'Mme Duret', null);
select api.offer_fill((select id from f), null, null);
select is(pg_temp.need(), 'confirmed 12 5 -', 'filled, they leave seven to fill');
create temp table s as select pg_temp.draft('Sept commis', 7, (select id from data.need)) as id;
select is(pg_temp.need(), 'offer 12 5 ' || (select id from s), 'which get an offer of their own');
select api.offer_move((select id from s), 'confirm', 'Mme Duret', null);
select api.offer_fill((select id from s), 2, null);
select is(pg_temp.need(), 'offer 12 7 ' || (select id from s), 'two more');
select api.offer_fill((select id from s), null, null);
select is(pg_temp.need(), 'filled 12 12 ' || (select id from s), 'all are filled');
select api.need_move((select id from data.need), 'confirmed', 'Deux départs', null);
select lives_ok($$ select pg_temp.draft('Encore deux', 2, (select id from data.need)) $$, 'what comes back gets another offer');

-- Without candidates.
create temp table o as select pg_temp.draft('Aide-boulanger', 1) as id;
select api.offer_move((select id from o), 'confirm', 'Mme Duret', null);
grant select on o, f, s to public;
create function pg_temp.waits() returns text language sql security definer as $$
    select string_agg(case when mark = '' then 'personne' else 'encore' end || case when done_at is null then '' else ', réglé' end, ' ; ' order by id)
      from data.task where kind = 'offer.unserved' and offer_id = (select id from o) $$;
create function pg_temp.later(at text) returns text language plpgsql as $$
begin
    reset session authorization;
    perform pg_temp.clock(at::timestamptz);
    perform data.task_raise();
    set session authorization maillage_server;
    perform pg_temp.act('T-ML');
    return pg_temp.waits();
end $$;
select is(pg_temp.later('2026-06-11 09:59+02'), null, 'not before a week');
select is(pg_temp.later('2026-06-11 10:01+02'), 'personne', 'nobody in a week');
create temp table r as select api.referral_make((select id from o), 'ML-2026-1', null) as id;
select is(pg_temp.waits(), 'personne, réglé', 'a candidate settles it');
select api.referral_move((select id from r), 'withdrawn', null);
select is(pg_temp.later('2026-06-17 10:00+02'), 'personne, réglé', 'whose week begins anew when it goes');
select is(pg_temp.later('2026-06-18 10:02+02'), 'personne, réglé ; encore', 'then it is asked again');
select is(pg_temp.later('2026-06-18 10:03+02'), 'personne, réglé ; encore', 'once');
create temp table q as select api.referral_make((select id from o), 'ML-2026-2', null) as id;
create temp table q2 as select api.referral_make((select id from o), 'ML-2026-3', null) as id;
select api.referral_move((select id from q), 'refused', (select code from data.referral_refusal where code not in ('filled', 'withdrawn') limit 1));
select is(pg_temp.later('2026-06-28 10:00+02'), 'personne, réglé ; encore, réglé', 'one still waits');
select api.referral_move((select id from q2), 'refused', (select code from data.referral_refusal where code not in ('filled', 'withdrawn') limit 1));
select is(pg_temp.later('2026-07-05 09:59+02'), 'personne, réglé ; encore, réglé', 'refused is no candidate');
select is(pg_temp.later('2026-07-05 10:01+02'), 'personne, réglé ; encore, réglé ; encore', 'a week after the last one was');

-- Behind a twin.
create temp table tw as select pg_temp.draft('Aide-boulanger', 1) as id;
grant select on tw to public;
select api.offer_move((select id from tw), 'confirm', 'Mme Duret', null);
reset session authorization;
update data.offer set replaced_by = (select id from o) where id = (select id from tw);
select pg_temp.clock('2026-07-13 10:00+02');
select data.task_raise();
select is(pg_temp.n($$ select 1 from data.task where kind = 'offer.unserved' and offer_id = (select id from tw) $$), 0::bigint, 'what another stands for is not asked about');
update data.offer set replaced_by = null where id = (select id from tw);
select data.task_raise();
select is(pg_temp.n($$ select 1 from data.task where kind = 'offer.unserved' and offer_id = (select id from tw) $$), 1::bigint, 'it is once it stands for itself');
select is(data.need_filled((select id from data.need)), 12, 'posts filled are those of all its offers');
select is((select count(*) from data.need_step where to_state = 'offer'), 3::bigint, 'each offer is a step of the need');
select * from finish();
rollback;
