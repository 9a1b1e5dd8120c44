-- template: demo
-- The demo territory is believable, fictitious, and keeps every rule that real use keeps.
begin;
\set QUIET on
set local search_path = public, ext, data;
select plan(93);

create function pg_temp.luhn(digits text) returns boolean language sql immutable as $$
    select sum(case when (length(digits) - i) % 2 = 1 then case when d > 4 then 2 * d - 9 else 2 * d end else d end) % 10 = 0
      from generate_series(1, length(digits)) i, lateral (select substr(digits, i, 1)::integer as d) x
$$;

-- What there is.
select is((select count(distinct state) from api.key_row), 3::bigint, 'keys in service, expired, revoked');
select cmp_ok((select count(*) from delivery), '>=', 10::bigint, 'what a webhook was told');
select is((select count(*) from offer where replaced_by is not null), 1::bigint, 'an offer came by two ways');
select cmp_ok((select count(*) from feed_offer where state = 'offer'), '>=', 5::bigint, 'a feed brought offers');
select cmp_ok((select count(*) from feed_offer where state = 'incomplete'), '>=', 2::bigint, 'and some that wait for a person');
select ok((select bool_and(s.is_sealed) from source_file s where s.kind = 'feed' and s.content is not null), 'its file is sealed');
select is((select count(*) from delivery where state = 'waiting') + (select count(*) from job where kind = 'channel.send'), 0::bigint, 'nothing leaves the demo by itself');
select is((select string_agg(concat_ws(' ', c.state, (select count(*) from channel_secret s where s.channel_id = c.id and length(s.sealed) > 40)), ', ') from channel c where c.kind = 'webhook'),
          'paused 1', 'its webhook rests, as its address is nobody’s, and has a secret to sign with');
select is((select count(*) from segment), 10::bigint, 'ten segments');
select is((select count(distinct lead) from segment), 4::bigint, 'every network leads on one');
select is((select count(*) from segment where not shared), 1::bigint, 'one is private');
select is((select count(*) from segment where version > 1), 3::bigint, 'some have a history');
select is((select count(*) from segment s where s.members is distinct from (select count(*) from segment_member m where m.segment_id = s.id)
                                             or s.members <> (select d.members from segment_day d where d.segment_id = s.id order by d.day desc limit 1)),
          0::bigint, 'their members are counted');
select is((select count(*) from facet where tension is null or potential is null), (select count(*) from facet f join establishment e on e.id = f.id where e.naf is null or f.tension is null), 'every activity has a market');
select ok((select demo from instance), 'the instance says that its data are fictitious');
select is((select count(*) from territory_commune tc join territory t on t.id = tc.territory_id where t.name = 'Allier'), 317::bigint, '317 communes');
select is((select count(*) from territory_commune tc join territory t on t.id = tc.territory_id where t.kind = 'bassin'), 317::bigint, 'each in one bassin');
select is((select count(distinct e.commune_code) from establishment e), 317::bigint, 'establishments in every commune');
select cmp_ok((select count(*) from establishment), '>=', 11900::bigint, 'about 12,000 establishments');
select cmp_ok((select count(*) from establishment), '<=', 12100::bigint, 'not many more');
select is((select count(*) from network n where n.kind = 'partner'
            and (select count(*) from membership m join organisation o on o.id = m.organisation_id
                  where o.network = n.code and m.role = 'adviser') >= 2), 4::bigint, 'two advisers or more in each network');
select is((select count(*) from organisation o join network n on n.code = o.network and n.kind = 'partner'
            where not exists (select from membership m where m.organisation_id = o.id and m.role = 'manager')), 0::bigint, 'a manager in each partner');
select is((select count(distinct role) from membership where role <> 'program'), 5::bigint, 'every role');
select is((select count(*) from (select member_id from membership group by 1 having count(*) = 2) s), 1::bigint, 'one member is seconded');
select is((select count(distinct territory_id) from organisation), 1::bigint, 'all share one territory');
select is((select concat_ws(' ', count(*), count(frozen_at), count(distinct kind)) from pack), '4 3 2', 'committees: three documents frozen, one being prepared');
select is((select count(*) from pack_copy c where c.content::json #>> '{whole,visits,n}' = '0'), 0::bigint, 'with figures in them');
select cmp_ok((select count(distinct organisation_id) from target), '>=', 2::bigint, 'partners have targets');
select cmp_ok((select count(*) from target where organisation_id is null), '>=', 4::bigint, 'and all together');
select is((select count(*) from organisation o join network n on n.code = o.network and n.kind = 'partner'
            where o.about is null or not exists (select from organisation_service s where s.organisation_id = o.id)), 0::bigint, 'partners say what they are and offer');
select cmp_ok((select count(*) from known where points > 0), '>', 200::bigint, 'what partners know raises the potential of some');
select is((select count(*) from facet f left join known k on k.establishment_id = f.id where f.potential is distinct from potential_sum(f.base, coalesce(k.points, 0::smallint))),
          0::bigint, 'every potential is what is known of it');
select cmp_ok((select count(*) from promise), '>', 2000::bigint, 'promises');
select is((select count(distinct state) from promise), 5::bigint, 'in every state of a promise that nobody undid');
select is((select count(distinct state) from transfer), 3::bigint, 'transfers wait, are accepted and refused');
select is((select count(distinct state) from team), 2::bigint, 'a team works, another waits for an agreement');
select cmp_ok((select count(*) from visit_partner where state = 'accepted'), '>=', 2::bigint, 'two partners go together');
select cmp_ok((select count(*) from proposal where state = 'proposed'), '>=', 3::bigint, 'employers are proposed again');
select is((select count(*) from absence where data.today() between first_on and last_on), 1::bigint, 'somebody is away');
-- Each adviser's week, and the next.
select is((select count(*) from (select m.member_id from membership m where m.role = 'adviser' group by 1) a
            where (select count(*) from visit v where v.member_id = a.member_id and v.state <> 'cancelled'
                      and v.planned_at between date_trunc('week', now()) and date_trunc('week', now()) + interval '14 days') < 5), 0::bigint, 'every adviser has visits');
select is((with a as (select w.member, v.id, v.planned_at, v.minutes
                        from data.appointments(array(select distinct m.member_id from membership m where m.role = 'adviser'), data.today(), data.today() + 14) w
                        join visit v on v.id = w.visit where v.state = 'planned')
           select count(*) from a x join a y on y.member = x.member and y.id > x.id
              and tstzrange(x.planned_at, x.planned_at + x.minutes * interval '1 minute') && tstzrange(y.planned_at, y.planned_at + y.minutes * interval '1 minute')),
          0::bigint, 'none of them at two places at once');
select cmp_ok((select count(*) from report), '>', 1700::bigint, 'reports');
select is((select count(distinct outcome) from report), (select count(*) from outcome), 'with every outcome');
select cmp_ok((select count(*) from contact_event), '>', 3500::bigint, 'contact events');
select cmp_ok((select count(*) from contact), '>', 1500::bigint, 'contacts');
select cmp_ok((select count(*) from opposition), '>', 12::bigint, 'oppositions');
select cmp_ok((select count(*) from offer), '>', 120::bigint, 'offers');
select is((select count(distinct state) from offer where state <> 'confirmed'), 6::bigint, 'at every stage');
select cmp_ok((select count(*) from referral), '>', 40::bigint, 'partners propose candidates');
select is((select count(distinct state) from referral where state <> 'withdrawn'), 4::bigint, 'waiting, met, hired, refused');
select is((select count(*) from offer o where o.state = 'open' and o.closes_at < data.now()), 0::bigint, 'what is open still stands');
select is((select array_agg(b.offer_id order by b.offer_id) from board_line b), (select array_agg(o.id order by o.id) from offer o where o.state = 'open' and not o.sandbox),
          'and is on the board');
select cmp_ok((select count(*) from offer_prolongation), '>', 0::bigint, 'some because the employer said so');
select cmp_ok((select count(*) from offer where state = 'reserved' and opens_at <= data.now() + interval '5 days'), '>', 0::bigint, 'and some are about to open');
select is((select count(*) from (select m.member_id from membership m where m.role = 'adviser'
            except select v.member_id from visit v where v.state = 'planned' and v.planned_at > (select max(finished_at) from job where state = 'done')) x),
          0::bigint, 'every adviser has visits to come');
select cmp_ok((select count(*) from standing where rest_until >= data.today()), '>', 150::bigint, 'rest periods are running');

-- Nothing of it is real.
select is((select count(*) from establishment where siret !~ '^000[0-9]{11}$'), 0::bigint, 'SIREN begin with 000, which nobody has');
select is((select count(*) from establishment where not (pg_temp.luhn(siret) and pg_temp.luhn(siren))), 0::bigint, 'and satisfy Luhn');
select is((select count(*) from establishment e join source_file f on f.id = e.register_file where f.kind <> 'demo'), 0::bigint, 'the register says demo');
select is((select count(*) from (select phone from establishment union all select phone from organisation) p
            where phone !~ '^(046571|063998)[0-9]{4}$'), 0::bigint, 'telephone numbers are those of fiction');
select is((select count(*) from (select email from establishment union all select email from organisation
                                 union all select email from member where not technical) p where email !~ '[.]example$'), 0::bigint, 'addresses end with .example');

select cmp_ok((select count(*) from opposition where subject = 'person'), '>', 5::bigint, 'some of persons');
select cmp_ok((select count(distinct date_trunc('month', at)) from opposition where subject = 'person'), '>=', 5::bigint, 'told over the past months');
select cmp_ok((select count(distinct date_trunc('month', at)) from opposition where subject = 'establishment'), '>=', 4::bigint, 'as those of employers were');
select is((select count(*) from opposition o where o.at > data.now() or exists (select from event e where e.kind = 'opposition.recorded' and e.establishment_id = o.establishment_id and e.at > o.at and not exists (
            select from opposition x where x.establishment_id = o.establishment_id and x.at = e.at)))
          + (select count(*) from opposition o join contact c on c.id = o.contact_id where o.at < c.created_at), 0::bigint, 'the log tells the same day, after the person was known');
select is((select count(*) from contact_plain), 0::bigint, 'nobody stands in plain text');
select is((select count(*) from contact where person is null and erased_at is null), 0::bigint, 'every person is sealed');
select is((select count(*) from contact c where not exists (select from contact_key k where k.contact_id = c.id and k.kind = 'name')), 0::bigint,
          'and can be found');

-- Each establishment stands in its commune.
select is((select count(*) from establishment e join commune c on c.code = e.commune_code where not ST_Covers(c.cell, e.location)), 0::bigint,
          'every point is inside its commune');
select is((select count(*) from establishment where siret is not null and (location is null or address is null or name is null) <> (diffusion = 'P')), 0::bigint,
          'partial diffusion hides name and place, and nothing else does');
select is((select count(*) from establishment e where e.naf not in (select code from naf where level = 5)), 0::bigint, 'NAF codes exist');
select is((select count(*) from establishment where (status = 'F') <> (closed_on is not null) or closed_on < opened_on or closed_on > data.today()), 0::bigint,
          'closures have a date');

-- The rules.
select is((select count(*) from promise p where not data.is_working_day(p.due_on)
            -- Of who is away the grace waits, at most as long as that.
            or p.lapses_on not between data.working_day_after(p.due_on, 5)
                                   and case when exists (select from absence a where a.member_id = p.member_id or a.organisation_id = p.organisation_id and a.member_id is null)
                                            then data.working_day_after(p.due_on, 15) else data.working_day_after(p.due_on, 5) end), 0::bigint,
          'promises are due on working days and lapse after their grace');
select is((select count(*) from promise where state = 'active' and lapses_on < (select (max(finished_at) at time zone 'Europe/Paris')::date from job where state = 'done')),
          0::bigint, 'none is overdue');
select is((select count(*) from promise p join promise q on q.establishment_id = p.establishment_id and q.id > p.id
            where q.made_at < coalesce(p.ended_at, 'infinity')), 0::bigint, 'one at a time on an employer');
select is((select count(*) from promise p where p.override_reason is null
            and exists (select from contact_event c join organisation o on o.id = c.organisation_id
                         cross join lateral data.agreement_in_force(o.network) a
                         where c.establishment_id = p.establishment_id and c.at < p.made_at
                           and (c.at at time zone 'Europe/Paris')::date + case c.kind when 'visit' then a.rest_visit_days when 'call' then a.rest_call_days
                                                                                     when 'mail' then a.rest_mail_days else a.rest_forum_days end
                               >= (p.made_at at time zone 'Europe/Paris')::date)), 0::bigint, 'rest periods are kept, or overridden with a reason');
select is((select count(*) from promise p join opposition o on o.establishment_id = p.establishment_id and o.subject = 'establishment'
            where p.made_at > o.at and p.made_at < coalesce(o.lifted_at, 'infinity')), 0::bigint, 'oppositions are respected');
select is((select count(*) from visit v where not data.is_working_day((v.planned_at at time zone 'Europe/Paris')::date)
            or (v.planned_at at time zone 'Europe/Paris')::time not between '08:00' and '18:00'), 0::bigint, 'visits are in working hours');
select is((select count(*) from visit a join visit b on b.member_id = a.member_id and b.id > a.id
            where 'cancelled' not in (a.state, b.state) and a.planned_at < b.planned_at + make_interval(mins => b.minutes)
              and b.planned_at < a.planned_at + make_interval(mins => a.minutes)), 0::bigint, 'nobody is in two places');
select is((select count(*) from offer where opens_at is not null and opens_at <> data.reservation_end(confirmed_at, 15)), 0::bigint,
          'offers are reserved for fifteen days');
select is((select count(*) from offer o where o.opened_at < o.opens_at), 0::bigint, 'none opened before its minute');
select is((select count(*) from event e join (select id, lag(at) over (order by id) as before from event) l using (id) where e.at < l.before), 0::bigint,
          'events follow each other in time');
select is((select count(*) from event where at > (select max(finished_at) from job where state = 'done')), 0::bigint, 'and none is to come');
-- Jobs: one for everything that time will do, none for what is settled.
select cmp_ok((select count(*) from review where state = 'open'), '>', 0::bigint, 'the review desk has something to show');
select is((select count(*) from job where state = 'waiting'),
          (select count(*) from promise where state = 'active') + (select count(*) from offer where state = 'reserved')
          + (select count(*) from transfer where state = 'proposed') + (select count(*) from proposal where state = 'proposed'), 'jobs wait for the rest only');
select results_eq($$ select sealed > 10000, waiting, broken_event from data.event_verify() $$, $$ values (true, 0::bigint, null::bigint) $$,
                  'the events are sealed and right');

-- The coverage map has something to tell.
select cmp_ok((select count(*) from (select e.commune_code from establishment e left join standing s on s.establishment_id = e.id
                                      group by 1 having coalesce(sum(s.visits), 0) = 0) c), '>', 40::bigint, 'nobody goes to some communes');
select cmp_ok((select count(*) from (select e.commune_code from establishment e left join standing s on s.establishment_id = e.id
                                      group by 1 having avg(case when s.visits > 0 then 1.0 else 0 end) > 0.25) c), '>', 15::bigint, 'and often to others');

select cmp_ok((select sum(doubles) from fact), '>', 80::bigint, 'employers are contacted twice');
select cmp_ok((select count(distinct commune) from fact where doubles > 0), '<', 120::bigint, 'in some places above all');

-- Joint plans in every state.
select is((select string_agg(distinct data.plan_state(p), ' ') from data.plan p), 'abandoned active agreed draft evaluated proposed', 'plans in each state');

-- The same seed gives the same establishments.
\i schema/seed/demo/1_tools.sql
\copy demo.trade from 'schema/seed/demo/trades.csv' (format csv, delimiter ';', header)
\i schema/seed/demo/2_establishments.sql
call demo.establishments_draw(3, 12000);
select is((select md5(string_agg(concat_ws('|', siret, legal_name, brand, address, commune_code, naf, size_band), ',' order by siret)) from demo.draft),
          (select md5(string_agg(concat_ws('|', siret, legal_name,
                      case when exists (select from establishment_value v where v.establishment_id = e.id and v.field = 'brand') then null else brand end,
                      -- What was confirmed on a visit is beside the register's.
                      address, commune_code, naf, (select case when v.field is null then e.size_band else v.register_value end
                                                     from (select 1) one left join establishment_value v on v.establishment_id = e.id and v.field = 'size_band')),
                      ',' order by siret)) from establishment e where siret is not null), 'drawn again, they are the same');
call demo.establishments_draw(4, 1000);
select cmp_ok((select count(*) from demo.draft d join establishment e using (siret)), '<', (select count(*) / 2 from demo.draft), 'another seed, others');
select * from finish();
rollback;
