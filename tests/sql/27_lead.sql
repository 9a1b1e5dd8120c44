-- Leads: who reads them, who moves them, what they become. Attacks on confidential ones.
begin;
\ir fixture.inc
select plan(40);
insert into data.member (email, name) values ('chef@test.example', 'Chef'), ('autre.cci@test.example', 'Autre CCI');
insert into data.membership (member_id, organisation_id, role)
select id, pg_temp.org('T-FT'), 'manager' from data.member where name = 'Chef'
union all select id, pg_temp.org('T-CCI'), 'contributor' from data.member where name = 'Autre CCI';
create function pg_temp.act_as(short text, who text) returns void language plpgsql as $$
begin
    perform pg_temp.act(short), set_config('maillage.member', (select id::text from data.member where name = who), true),
            set_config('maillage.role', (select m.role from data.membership m join data.member p on p.id = m.member_id where p.name = who and m.organisation_id = pg_temp.org(short)), true);
end $$;
grant select on data.member, data.membership to maillage_server;
set session authorization maillage_server;

select pg_temp.act('T-FT');
select throws_ok(format($$ select api.lead_send('recruiting', null, 'Chez nous', null, 'Ils recrutent', false, %s, null) $$, pg_temp.org('T-ML')), 'ML000', 'forbidden', 'partners send no lead');
select pg_temp.act('T-CCI');
select throws_ok(format($$ select api.lead_send('recruiting', null, 'Chez nous', null, 'Ils recrutent', false, %s, null) $$, pg_temp.org('T-LYON')), 'ML000', 'lead_recipient', 'nor a contributor to another territory');
select throws_ok(format($$ select api.lead_send('recruiting', null, 'Chez nous', null, 'Ils recrutent', false, %s, null) $$, pg_temp.org('T-ETAT')), 'ML000', 'lead_recipient', 'nor to an observer');
select throws_ok(format($$ select api.lead_send('recruiting', null, 'Chez nous', null, 'Ils recrutent', false, %s, (select member_id from who where short_name = 'T-ML')) $$, pg_temp.org('T-FT')), 'ML000', 'lead_recipient', 'nor to somebody who works elsewhere');
select throws_ok(format($$ select api.lead_send('recruiting', %s, null, null, 'Ils recrutent', false, %s, null) $$, pg_temp.est('Café lyonnais'), pg_temp.org('T-FT')), 'ML000', 'not_found', 'nor of an employer elsewhere');
select results_eq($$ select siret, name from api.lead_employers('scierie du', 9) $$, $$ values ('90000000200019', 'Scierie du Test') $$, 'a contributor finds an employer by its name');
reset session authorization;
savepoint before_names;
update data.establishment set brand = 'Le Bois joli', usual_name = 'Scierie Martin' where siret = '90000000200019';
insert into data.establishment_value (establishment_id, field, value, register_value, rule, since) select id, 'brand', 'Le Bois joli', null, 'pinned', now() from data.establishment where siret = '90000000200019';
set session authorization maillage_server;
select results_eq($$ select name, legal_name from api.lead_employers('bois joli', 9) $$, $$ values ('Scierie Martin', 'Scierie du Test') $$, 'under the name that people know, with the legal one; not under what a partner calls it');
reset session authorization;
rollback to savepoint before_names;
set session authorization maillage_server;
select pg_temp.act('T-CCI');
select is(pg_temp.n($$ select api.lead_employers('lyonnais', 9) $$), 0::bigint, 'in its territory only');
select is(pg_temp.n('select from data.establishment') + pg_temp.n('select from data.standing'), 0::bigint, 'and sees nothing else of it');
select api.lead_send('recruiting', pg_temp.est('Scierie'), null, null, 'Trois postes de cariste avant l’été', false, pg_temp.org('T-FT'), null) as plain \gset
select api.lead_send('difficulty', pg_temp.est('Garage'), null, null, 'Trésorerie tendue, ne pas ébruiter', true, pg_temp.org('T-FT'), (select id from data.member where name = 'Chef')) as secret \gset
select api.lead_send('settling', null, 'Boulangerie Neuve', '03190', 'Ouvre en septembre', false, pg_temp.org('T-ML'), null) as free \gset
select throws_ok(format($$ insert into data.lead (organisation_id, member_id, kind, employer, told, recipient_id, made_at) values (auth.organisation(), auth.member(), 'settling', 'X Y', 'abc', %s, now()) $$, pg_temp.org('T-FT')), '42501', null, 'nobody writes one directly');
select is((select string_agg(employer || ' ' || state, ', ' order by id) from data.lead), 'Scierie du Test sent, Garage du Test sent, Boulangerie Neuve sent', 'who sent them follows them');
select is((select fate::text from api.lead_row where id = :plain), null, 'nothing became of it yet');

-- Who reads a confidential one: its author, the person it names, and nobody else.
select pg_temp.act_as('T-CCI', 'Autre CCI');
select is(pg_temp.n('select from data.lead'), 2::bigint, 'a colleague of the author reads those that are not confidential');
select pg_temp.act('T-FT');
select is(pg_temp.n(format('select from data.lead where id = %s', :secret)) + pg_temp.n(format('select from data.lead_step where lead_id = %s', :secret)) + pg_temp.n(format('select from api.lead_row where id = %s', :secret))
          + pg_temp.n(format('select from data.task where lead_id = %s', :secret)) + pg_temp.n(format('select 1 where api.lead_fate(%s) is not null', :secret)), 0::bigint, 'a colleague of the recipient reads nothing of it');
select throws_ok(format($$ select api.lead_move(%s, 'taken', null) $$, :secret), 'ML000', 'not_found', 'nor takes it');
select throws_ok(format($$ select api.lead_task(%s, null, '2026-06-10', null) $$, :secret), 'ML000', 'not_found', 'nor makes anything of it');
select throws_ok(format($$ select api.lead_promised(%s, 1, null) $$, :secret), 'ML000', 'not_found', 'nor through the back door');
select is(pg_temp.n($$ select from data.event where kind like 'lead.%' and establishment_id = pg_temp.est('Garage') $$), 0::bigint, 'the log does not name its employer');
select pg_temp.act('T-ML');
select is((select string_agg(id::text, ',' order by id) from data.lead), :plain || ',' || :free, 'another partner reads what is not confidential');
select pg_temp.act('T-LYON');
select is(pg_temp.n('select from data.lead'), 0::bigint, 'in its territory');
select pg_temp.act('T-ETAT');
select is(pg_temp.n('select from data.lead') + pg_temp.n($$ select api.lead_employers('scierie', 9) $$), 0::bigint, 'an observer none');
select pg_temp.act_as('T-FT', 'Chef');
select is(pg_temp.n(format('select from data.lead where id = %s', :secret)) + pg_temp.n(format('select from data.task where lead_id = %s and kind = ''lead.answer''', :secret)), 2::bigint, 'the person it names reads it and is asked for an answer');
select is((select establishment_id from data.task where lead_id = :secret), null, 'the task names no employer');
select throws_ok(format($$ select api.lead_task(%s, (select member_id from who where short_name = 'T-FT'), '2026-06-10', null) $$, :secret), 'ML000', 'invalid', 'who cannot hand it to a colleague');
select lives_ok(format($$ select api.lead_task(%s, null, '2026-06-10', 'Je les appelle') $$, :secret), 'and does it themselves');

-- Taken, made a need, a promise; each once, by the recipient.
select pg_temp.act('T-ML');
select throws_ok(format($$ select api.lead_move(%s, 'taken', null) $$, :plain), 'ML000', 'forbidden', 'what is another''s is read, not taken');
select throws_ok(format($$ select api.lead_need(%s, 'G1602', 1, 'now', null) $$, :free), 'ML000', 'invalid', 'a name is not an employer yet');
select throws_ok(format($$ select api.lead_tie(%s, pg_temp.est('Café lyonnais')) $$, :free), 'ML000', 'invalid', 'it is tied to one that the partner sees');
select lives_ok(format($$ select api.lead_tie(%s, pg_temp.est('Boulangerie')) $$, :free), 'by the partner');
select throws_ok(format($$ select api.lead_tie(%s, pg_temp.est('Scierie')) $$, :free), 'ML000', 'lead_fixed', 'once');
select lives_ok(format($$ select api.lead_promise(%s, '2026-06-19', 'Nous y allons', null) $$, :free), 'a visit is promised');
select is((select state || ' ' || outcome || ' ' || (select state from data.promise p where p.id = l.promise_id) from data.lead l where l.id = :free), 'done promise active', 'with its promise');
select pg_temp.act('T-FT');
select api.lead_move(:plain, 'taken', null);
select is((select count(*) from data.task where lead_id = :plain and done_at is null), 0::bigint, 'taken up, it asks nothing more');
select api.lead_need(:plain, 'F1703', 3, 'quarter', null) as need \gset
select is((select source || ' ' || posts || ' ' || organisation_id from data.need where id = :need), 'contributor 3 ' || auth.organisation(), 'a need that a contributor told');
select throws_ok(format($$ select api.lead_need(%s, 'F1703', 3, 'quarter', null) $$, :plain), 'ML000', 'lead_transition', 'once');
select throws_ok(format($$ select api.lead_move(%s, 'declined', 'Non') $$, :plain), 'ML000', 'lead_transition', 'what has its outcome keeps it');
select pg_temp.act('T-CCI');
select is((select fate::text from api.lead_row where id = :plain), '{"need" : "declared", "offer" : null}', 'the contributor sees what became of it');
select is(pg_temp.n('select from data.need'), 0::bigint, 'and not the need itself');
select throws_ok(format($$ select api.lead_withdraw(%s) $$, :plain), 'ML000', 'lead_transition', 'too late to take it back');
select throws_ok(format($$ update data.lead set confidential = false where id = %s $$, :secret), '42501', null, 'nothing is changed directly');
select * from finish();
rollback;
