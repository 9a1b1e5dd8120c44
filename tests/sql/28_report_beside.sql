-- What a report brings along: pictures and who sees them, offers of its needs, claims, a person met again.
begin;
\ir fixture.inc
select plan(32);
set session authorization maillage_server;
select pg_temp.act('T-FT');
insert into data.contact (establishment_id, organisation_id, member_id, person, shared)
values (pg_temp.est('Scierie'), auth.organisation(), auth.member(), decode(repeat('ab', 60), 'hex'), true) returning id as contact \gset
select api.visit_plan(pg_temp.est('Scierie'), '2026-06-04 11:00+02', 45, null, null) as visit \gset
select throws_ok(format('select api.picture_number(%s)', :visit), 'ML000', 'not_found', 'no picture before the report');
select api.report_write(:visit, 'needs', '2026-06-04 09:30+02', :contact, '[{"rome": "G1602", "posts": 2, "contract": "cdi"}, {"rome": "F1703"}]', null, null, null, null);

-- An offer of a need, once; a person met again.
select throws_ok(format($$ select api.report_beside(%s, '[{"rome": "F1703", "offer": true}]', null, false) $$, :visit), 'ML000', 'invalid', 'an offer has a contract');
select api.report_beside(:visit, '[{"rome": "G1602", "posts": 2, "contract": "cdi", "offer": true}, {"rome": "F1703", "offer": false}]', null, true);
select is((select title || ' ' || state || ' ' || posts from data.offer where visit_id = :visit), 'Personnel de cuisine draft 2', 'a draft of the need');
select is((select string_agg(rome || ' ' || state, ', ' order by id) from data.need where visit_id = :visit), 'G1602 offer, F1703 declared', 'which became an offer');
select api.report_beside(:visit, '[{"rome": "G1602", "posts": 2, "contract": "cdi", "offer": true}]', null, false);
select is((select count(*) from data.offer where visit_id = :visit), 1::bigint, 'sent again, it is not made twice');
select is((select confirmed_on || ' ' || confirmed_by from data.contact where id = :contact), '2026-06-04 ' || auth.member(), 'the person was met that day');
-- Of a contact that another partner shares; not of one it keeps.
select pg_temp.act('T-ML');
select api.visit_plan(pg_temp.est('Garage'), '2026-06-04 11:00+02', 45, null, null) as visit2 \gset
insert into data.contact (establishment_id, organisation_id, member_id, person, shared, confirmed_on)
values (pg_temp.est('Garage'), auth.organisation(), auth.member(), decode(repeat('cd', 60), 'hex'), true, '2026-06-10') returning id as later \gset
select api.report_write(:visit2, 'none', '2026-06-04 09:40+02', :later, null, null, null, null, null);
select api.report_beside(:visit2, null, null, true);
select is((select confirmed_on from data.contact where id = :later), '2026-06-10'::date, 'an older visit does not go back on a later word');
select pg_temp.act('T-FT');
select data.contact_seen(:visit2);
select is((select confirmed_by from data.contact where id = :later), (select member_id from who where short_name = 'T-ML'), 'and only who wrote the report says so');

-- Moved, out of reach.
select pg_temp.act('T-PLIE');
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-04 11:00+02', 45, null, null) as visit3 \gset
select api.report_write(:visit3, 'absent', '2026-06-04 09:50+02', null, null, null, null, null, null);
select api.report_beside(:visit3, null, '{"kind": "moved", "detail": "Local vide"}', false);
select is((select kind || ' ' || state || ' ' || detail from data.claim where establishment_id = pg_temp.est('Boulangerie')), 'moved open Local vide', 'a claim from the door');
select throws_ok(format($$ select api.report_beside(%s, null, '{"kind": "haunted"}', false) $$, :visit3), '23514', null, 'of a kind that is known');
reset session authorization;
update data.establishment set status = 'F' where id = pg_temp.est('Boulangerie');
set session authorization maillage_server;
select lives_ok(format($$ select api.report_beside(%s, null, '{"kind": "unreachable"}', false) $$, :visit3), 'what closed meanwhile does not lose the report');

-- Pictures.
select pg_temp.act('T-FT');
create function pg_temp.add(visit bigint, kind text, seed text) returns bigint language sql as
    $$ select api.picture_add(api.picture_number(visit), visit, kind, sha256(seed::bytea), 800, 600, 1234, decode(repeat('ef', 80), 'hex')) $$;
select pg_temp.add(:visit, 'photo', 'a') as photo \gset
select pg_temp.add(:visit, 'card', 'b') as card \gset
select is(pg_temp.add(:visit, 'photo', 'a'), :photo::bigint, 'the same picture again is the same');
select is((select string_agg(kind || ' ' || ours, ', ' order by id) from api.picture_row), 'photo true, card true', 'beside the report');
select throws_ok(format($$ select api.picture_add(1, %s, 'selfie', sha256('x'), 1, 1, 1, '\x00') $$, :visit), '23514', null, 'two kinds');
select throws_ok(format($$ select api.picture_add(999999, %s, 'photo', sha256('y'), 3000, 1, 1, '\x00') $$, :visit), '23514', null, 'no larger than what is made');
select throws_ok(format($$ insert into data.picture (visit_id) values (%s) $$, :visit), '42501', null, 'nobody writes one directly');
select throws_ok(format($$ update data.picture set content = null where id = %s $$, :photo), '42501', null, 'nor empties one');
select pg_temp.act('T-ML');
select is((select string_agg(kind, ', ') from data.picture), 'photo', 'a card is read by whom it was given to');
select is(pg_temp.n(format('select from data.picture where id = %s and content is not null', :card)), 0::bigint, 'its bytes too');
select throws_ok(format('select api.picture_remove(%s)', :card), 'ML000', 'not_found', 'nor is it removed by others');
select throws_ok(format('select api.picture_remove(%s)', :photo), 'ML000', 'forbidden', 'nor a photograph');
select throws_ok(format($$ select pg_temp.add(%s, 'photo', 'c') $$, :visit), 'ML000', 'forbidden', 'nor added to by others');
select pg_temp.act('T-LYON');
select is(pg_temp.n('select from data.picture'), 0::bigint, 'out of sight');
select throws_ok(format($$ select pg_temp.add(%s, 'photo', 'c') $$, :visit), 'ML000', 'not_found', 'out of reach');
select pg_temp.act('T-ETAT');
select is(pg_temp.n('select from data.picture') + pg_temp.n('select from api.picture_row'), 0::bigint, 'an observer sees none');
select pg_temp.act('T-FT');
select pg_temp.add(:visit, 'photo', 'n' || i) from generate_series(1, 6) i;
select throws_ok(format($$ select pg_temp.add(%s, 'photo', 'n7') $$, :visit), 'ML000', 'picture_most', 'eight are enough');
select lives_ok(format('select api.picture_remove(%s)', :photo), 'one''s own goes');
reset session authorization;
select is((select coalesce(content::text, 'parti') from data.picture where id = :photo), 'parti', 'its bytes are gone');
select throws_ok(format($$ update data.picture set content = '\x01' where id = %s $$, :photo), 'ML000', 'not_found', 'for good');
select pg_temp.clock('2026-09-10 10:00+02');
select is(data.picture_purge(), 1, 'a card goes after ninety days');
select is((select string_agg(distinct kind, ',') from data.picture where content is not null), 'photo', 'photographs stay');
select is((select count(*) from data.event where kind like 'picture.%'), 10::bigint, 'each is in the log');
select * from finish();
rollback;
