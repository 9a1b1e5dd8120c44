-- Teams across organisations and visits that two partners make together, attacked: nobody is put in a team, held in one, or
-- speaks for another.
begin;
\ir fixture.inc
select plan(53);
insert into data.member (email, name)
select v.kind || '-' || lower(o.short_name) || '@test.example', v.name || ' ' || o.short_name
  from data.organisation o, (values ('second', 'Second'), ('chief', 'Chef')) v (kind, name) where o.short_name like 'T-%';
insert into data.membership (member_id, organisation_id, role)
select m.id, o.id, case when m.email like 'chief%' then 'manager' else 'adviser' end
  from data.organisation o join data.member m on m.email in ('second-' || lower(o.short_name) || '@test.example', 'chief-' || lower(o.short_name) || '@test.example')
 where o.short_name in ('T-FT', 'T-ML', 'T-CE', 'T-PLIE', 'T-LYON');
insert into who select case when m.role = 'manager' then 'chief ' else 'second ' end || o.short_name, m.member_id, m.organisation_id, o.network, o.territory_id, m.role
  from data.membership m join data.member p on p.id = m.member_id join data.organisation o on o.id = m.organisation_id
 where p.email ~ '^(second|chief)-';
create function pg_temp.who(short text) returns bigint language sql as $$ select member_id from who where short_name = short $$;
create function pg_temp.promised(est text) returns data.promise language sql security definer as
    $$ select p from data.promise p where p.establishment_id = pg_temp.est(est) and p.state = 'active' $$;
-- Segments: one shown to all with the bakery and the garage, one that the Mission Locale keeps to itself.
insert into data.segment (territory_id, organisation_id, name, shared, made_by, made_at)
select w.territory_id, w.organisation_id, x.name, x.shared, w.member_id, data.now()
  from (values ('T-FT', 'Le segment commun', true), ('T-ML', 'Le segment privé', false)) x (short, name, shared) join who w on w.short_name = x.short;
create function pg_temp.segment(word text) returns bigint language sql security definer as $$ select id from data.segment where name = 'Le segment ' || word $$;
insert into data.segment_block (segment_id, block, members)
select pg_temp.segment('commun'), data.segment_block_of(e), bit_or(data.segment_bit_of(e)) from unnest(array[pg_temp.est('Boulangerie'), pg_temp.est('Garage')]) e group by 2;
create function pg_temp.propose(organisations text[], members text[], segment text default 'commun') returns text language sql as
    $$ select format('select api.team_propose(''Équipe du test'', null, %s, %L, %L)', coalesce(pg_temp.segment(segment)::text, 'null'),
                     array(select pg_temp.org(x) from unnest(organisations) x), array(select pg_temp.who(x) from unnest(members) x)) $$;
create function pg_temp.team() returns bigint language sql security definer as $$ select max(id) from data.team where name = 'Équipe du test' $$;
create function pg_temp.agree(members text[]) returns text language sql as
    $$ select format('select api.team_agree(%s, %L)', pg_temp.team(), array(select pg_temp.who(x) from unnest(members) x)) $$;
set session authorization maillage_server;

-- Who may found one, and with whom.
select pg_temp.act('T-FT');
select throws_ok(pg_temp.propose('{T-ML}', '{T-FT}'), 'ML000', 'forbidden', 'an adviser founds no team');
select pg_temp.act('chief T-FT');
select throws_ok(pg_temp.propose('{T-FT}', '{T-FT}'), 'ML000', 'invalid', 'nor a manager one of its own people only');
select throws_ok(pg_temp.propose('{T-LYON}', '{T-FT}'), 'ML000', 'invalid', 'nor with another territory');
select throws_ok(pg_temp.propose('{T-CCI}', '{T-FT}'), 'ML000', 'invalid', 'nor with a contributor');
select throws_ok(pg_temp.propose('{T-ETAT}', '{T-FT}'), 'ML000', 'invalid', 'nor with an observer');
select throws_ok(pg_temp.propose('{T-ML}', '{T-FT,T-ML}'), 'ML000', 'member_not_here', 'nor names the people of others');
select throws_ok(pg_temp.propose('{T-ML}', '{}'), 'ML000', 'invalid', 'nor nobody');
select throws_ok(pg_temp.propose('{T-ML}', '{T-FT}', 'privé'), 'ML000', 'invalid', 'nor over a segment that another keeps to itself');
select lives_ok(pg_temp.propose('{T-ML,T-PLIE}', '{T-FT}'), 'a manager proposes');
select is((select state from data.team where id = pg_temp.team()), 'proposed', 'which is a proposal');
select throws_ok(pg_temp.propose('{T-ML}', '{T-FT}'), '23505', null, 'one team of a name');

-- In force by the agreement of each.
select lives_ok(pg_temp.agree('{T-FT,"second T-FT"}'), 'who proposed names others');
select lives_ok(pg_temp.agree('{T-FT}'), 'and fewer');
select is((select state from data.team where id = pg_temp.team()), 'proposed', 'agreeing twice is not two agreements');
select throws_ok($$ update data.team set state = 'active' $$, '42501', null, 'nobody writes it in force');
select throws_ok($$ update data.team_partner set agreed_at = now(), agreed_by = 1 $$, '42501', null, 'nor the agreement of another');
select throws_ok(format('insert into data.team_member (team_id, organisation_id, member_id) values (%s, %s, %s)', pg_temp.team(), pg_temp.org('T-ML'), pg_temp.who('T-ML')),
                 '42501', null, 'nor a member of another');
select pg_temp.act('chief T-CE');
select throws_ok(pg_temp.agree('{T-CE}'), 'ML000', 'forbidden', 'who was not asked does not enter');
select pg_temp.act('chief T-LYON');
select throws_ok(pg_temp.agree('{T-LYON}'), 'ML000', 'not_found', 'another territory knows nothing of it');
select is(pg_temp.n('select from data.team'), 0::bigint, 'and sees no team');
select is(pg_temp.n('select from data.team_member'), 0::bigint, 'nor who is in one');
select pg_temp.act('chief T-ML');
select throws_ok(pg_temp.agree('{T-FT}'), 'ML000', 'member_not_here', 'a partner names its own people only');
select lives_ok(pg_temp.agree('{T-ML}'), 'it agrees');
select is((select state from data.team where id = pg_temp.team()), 'proposed', 'one is missing');
reset session authorization;
select throws_ok(format($$ update data.team set state = 'active' where id = %s $$, pg_temp.team()), 'ML000', 'team_not_agreed', 'the table itself refuses, whoever writes');
set session authorization maillage_server;
select pg_temp.act('chief T-PLIE');
select lives_ok(pg_temp.agree('{T-PLIE}'), 'the last one agrees');
select is((select state from data.team where id = pg_temp.team()), 'active', 'it is in force');
reset session authorization;
select throws_ok(format('update data.team set segment_id = null where id = %s', pg_temp.team()), 'ML000', 'team_fixed', 'what was agreed stays');

-- What it holds together: employers of its segment promised by its people, and nothing else.
select is(data.team_for(pg_temp.who('T-FT'), pg_temp.org('T-FT'), pg_temp.est('Boulangerie')), pg_temp.team(), 'an employer of its segment');
select is(data.team_for(pg_temp.who('T-FT'), pg_temp.org('T-FT'), pg_temp.est('Scierie')), null, 'not another');
select is(data.team_for(pg_temp.who('second T-FT'), pg_temp.org('T-FT'), pg_temp.est('Boulangerie')), null, 'nor by a colleague who is not in it');
set session authorization maillage_server;
select pg_temp.act('T-FT');
select api.promise_make(pg_temp.est('Boulangerie'), '2026-06-25', null) as shared \gset
select api.promise_make(pg_temp.est('Scierie'), '2026-06-25', null) as own \gset
select is((pg_temp.promised('Boulangerie')).team_id, pg_temp.team(), 'promised by one, held by the team');
select pg_temp.act('T-CE');
select throws_ok(format('select api.visit_plan(%s, ''2026-06-18 10:00+02'', 60, null, null)', pg_temp.est('Boulangerie')), 'ML000', null, 'who is not in the team plans no visit there');
select pg_temp.act('T-ML');
select throws_ok(format('select api.visit_plan(%s, ''2026-06-18 10:00+02'', 60, null, null)', pg_temp.est('Scierie')), 'ML000', null, 'nor one of the team where the team holds nothing');
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-18 10:00+02', 60, null, null) as v \gset
select is((select organisation_id from data.visit where id = :v), pg_temp.org('T-ML'), 'one of the team does where it does, in its own name');

-- Joint visits: who is invited answers, in its own name, for its own people.
select throws_ok(format('select api.visit_invite(%s, %s, %s, null)', :v, pg_temp.org('T-LYON'), pg_temp.who('T-LYON')), 'ML000', 'invalid', 'nobody from another territory');
select throws_ok(format('select api.visit_invite(%s, %s, %s, null)', :v, pg_temp.org('T-CE'), pg_temp.who('T-FT')), 'ML000', 'member_not_here', 'nor a member of one under the name of another');
select lives_ok(format('select api.visit_invite(%s, %s, %s, null)', :v, pg_temp.org('T-CE'), pg_temp.who('T-CE')), 'invited');
select throws_ok(format('select api.visit_invite(%s, %s, %s, null)', :v, pg_temp.org('T-PLIE'), pg_temp.who('T-PLIE')), '23505', null, 'two partners, not three');
select throws_ok(format('select api.visit_invitation_answer(%s, %s, ''accepted'', null, null)', :v, pg_temp.org('T-CE')), 'ML000', 'forbidden', 'who invites does not accept');
select throws_ok(format('select api.visit_note(%s, ''Mot'')', :v), 'ML000', 'forbidden', 'nor writes the part of the other');
select pg_temp.act('T-PLIE');
select throws_ok(format('select api.visit_invitation_answer(%s, %s, ''accepted'', null, null)', :v, pg_temp.org('T-CE')), 'ML000', 'forbidden', 'nor does a third');
select pg_temp.act('T-CE');
select throws_ok(format('select api.visit_invitation_answer(%s, %s, ''declined'', ''  '', null)', :v, pg_temp.org('T-CE')), 'ML000', 'reason_required', 'a refusal has a reason');
select throws_ok(format('select api.visit_invitation_answer(%s, %s, ''accepted'', null, %s)', :v, pg_temp.org('T-CE'), pg_temp.who('T-ML')), 'ML000', 'member_not_here', 'who accepts comes with its own people');
select throws_ok(format('select api.visit_note(%s, ''Mot'')', :v), 'ML000', 'forbidden', 'before it is accepted there is nothing to note');
select lives_ok(format('select api.visit_invitation_answer(%s, %s, ''accepted'', null, null)', :v, pg_temp.org('T-CE')), 'accepted by who is invited');
select throws_ok(format('select api.visit_note(%s, ''Mot'')', :v), 'ML000', 'visit_not_reported', 'its part waits for the report');
select throws_ok(format('select api.visit_invitation_answer(%s, %s, ''declined'', ''Trop tard'', null)', :v, pg_temp.org('T-CE')), 'ML000', 'invitation_closed', 'answered once');
select throws_ok(format('update data.visit_partner set organisation_id = %s where visit_id = %s', pg_temp.org('T-PLIE'), :v), '42501', null, 'nor handed on');

-- It ends by any of them, and holds nobody.
select pg_temp.act('chief T-PLIE');
select throws_ok(format('select api.team_end(%s, '' '')', pg_temp.team()), 'ML000', 'reason_required', 'with a reason');
select api.team_end(pg_temp.team(), 'Nouvelle organisation');
select is((pg_temp.promised('Boulangerie')).team_id, null, 'what it held stays with who promised it');
select is((pg_temp.promised('Boulangerie')).organisation_id, pg_temp.org('T-FT'), 'and with nobody else');
select throws_ok(pg_temp.agree('{T-PLIE}'), 'ML000', 'team_not_active', 'an ended team is not entered again');
select * from finish();
rollback;
