-- A territory the size of a department, for measuring: the 317 communes of the Allier, 120,000 establishments that do
-- not exist, and what some years of prospecting leave on a part of them. Starts from the reference data; run by the
-- superuser, without the triggers: what they would have derived is written here. The same figures each time.
-- `\set establishments N` before: another number.
\set ON_ERROR_STOP on
\if :{?establishments}
\else
\set establishments 120000
\endif
set search_path = data, ext;
set session_replication_role = replica;
set client_min_messages = warning;
select setseed(0.03);

insert into territory (name, kind) values ('Allier', 'departement');
insert into territory_commune select t.id, c.code from territory t, commune c where t.name = 'Allier' and c.department = '03';
update territory t set runs = data.territory_runs(t.id);

insert into organisation (network, territory_id, name, short_name, commune_code)
select o.network, t.id, o.name, o.short_name, o.commune
  from territory t,
       (values ('ft', 'France Travail Moulins', 'FT Moulins', '03190'), ('ft', 'France Travail Vichy', 'FT Vichy', '03310'),
               ('ml', 'Mission Locale de Moulins', 'ML Moulins', '03190'), ('ml', 'Mission Locale de Vichy', 'ML Vichy', '03310'),
               ('ce', 'Cap emploi de l’Allier', 'Cap emploi', '03185'), ('plie', 'PLIE de Moulins', 'PLIE', '03190'))
       o (network, name, short_name, commune)
 where t.name = 'Allier';

-- Members 1 to 40, adviser1@example.org and so on; the benchmark gives them their password.
insert into member (email, name) select 'adviser' || i || '@example.org', 'Membre ' || i from generate_series(1, 40) i;
insert into membership (member_id, organisation_id, role)
select m.id, o.id, case when m.id % 10 = 0 then 'manager' else 'adviser' end
  from member m
  join organisation o on o.id = 1 + m.id % 6;

-- Activities and sizes in about their real proportions: a few divisions hold most, more than half have no employee known.
create temporary table activity as
select code, sum(weight) over (order by code)::double precision / sum(weight) over () as upto
  from (values ('01.50Z', 9), ('41.20A', 2), ('43.22A', 4), ('43.32A', 4), ('45.20A', 3), ('46.90Z', 2), ('47.11B', 3),
               ('47.71Z', 4), ('47.73Z', 1), ('49.41A', 2), ('55.10Z', 1), ('56.10A', 4), ('56.10C', 2), ('62.01Z', 2),
               ('66.22Z', 2), ('68.20A', 12), ('68.20B', 9), ('70.22Z', 4), ('81.21Z', 1), ('82.99Z', 1), ('85.59B', 2),
               ('86.21Z', 2), ('86.90D', 3), ('88.99B', 2), ('94.99Z', 9), ('96.02A', 4), ('96.09Z', 3), ('10.71C', 2),
               ('25.62B', 1), ('16.23Z', 1)) a (code, weight);
create temporary table band as
select code, (sum(weight) over (order by rank) / sum(weight) over ())::double precision as upto
  from (values (1, null, 55), (2, '00', 14), (3, '01', 13), (4, '02', 7), (5, '03', 4), (6, '11', 3), (7, '12', 2.4),
               (8, '21', 0.9), (9, '22', 0.5), (10, '32', 0.2)) b (rank, code, weight);
create temporary table place as
select code, name, centre, coalesce(postcodes[1], '03000') as postcode,
       sum(greatest(population, 40)) over (order by code)::double precision / sum(greatest(population, 40)) over () as upto
  from commune where department = '03';
create temporary table words as
select array['Boulangerie', 'Garage', 'Menuiserie', 'Maçonnerie', 'Transports', 'Cabinet', 'Ferme', 'SCI', 'Hôtel', 'Café',
             'Pharmacie', 'Coiffure', 'Électricité', 'Plomberie', 'Association', 'Librairie', 'Atelier', 'Épicerie'] as trade,
       array['Martin', 'Dupont', 'Bernard', 'Lefèvre', 'Moreau', 'Roux', 'Fontaine', 'Chevalier', 'Gauthier', 'Perrin', 'Robin',
             'du Centre', 'de la Gare', 'des Halles', 'du Pont', 'de l’Allier', 'du Bourbonnais', 'de la Besbre', 'du Val', 'Giraud']
             as name,
       (select array_agg(code order by code) from activity) as activities, (select array_agg(upto order by code) from activity) as activity_upto,
       (select array_agg(code order by upto) from band) as bands, (select array_agg(upto order by upto) from band) as band_upto,
       (select array_agg(code order by code) from place) as places, (select array_agg(upto order by code) from place) as place_upto;

insert into source_file (kind, name, sha256, bytes, received_at, state)
values ('sirene', 'registre-de-mesure.csv', decode(repeat('00', 32), 'hex'), 0, now(), 'done');

-- Indexes are built faster than they grow.
create temporary table index_later as
select i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as text
  from pg_index i where i.indrelid = 'establishment'::regclass and not i.indisunique;
select format('drop index %s', name) from index_later \gexec

insert into establishment (siret, legal_name, brand, address, postcode, city, commune_code, location, naf, size_band, size_year,
                           is_head, status, opened_on, closed_on, register_file, register_date)
select '90' || lpad((i / 4 * 3)::text, 7, '0') || lpad((1 + i % 4)::text, 5, '0'),
       upper(d.name), case when i % 5 < 2 then d.name end, d.number || ' rue ' || w.name[1 + d.number % 20], p.postcode, upper(p.name), p.code,
       ST_SetSRID(ST_MakePoint(ST_X(p.centre) + d.x, ST_Y(p.centre) + d.y), 4326), d.naf, d.band,
       case when d.band is not null then 2024 end, i % 4 = 0, d.status, date '1985-01-01' + (d.u * 14600)::integer,
       case when d.status = 'F' then date '2025-06-30' end, 1, date '2026-01-01'
  from words w
 cross join lateral (
    select i, random() as u, (random() * 180)::integer + 1 as number, random() * 0.03 - 0.015 as x, random() * 0.02 - 0.01 as y,
           w.trade[1 + (random() * 17)::integer] || ' ' || w.name[1 + (random() * 19)::integer] || ' '
               || w.name[1 + (random() * 19)::integer] || case when i % 3 = 0 then ' ' || i else '' end as name,
           w.activities[1 + width_bucket(random(), w.activity_upto)] as naf,
           w.bands[1 + width_bucket(random(), w.band_upto)] as band,
           w.places[1 + width_bucket(random(), w.place_upto)] as commune,
           case when random() < 0.07 then 'F' else 'A' end as status
      from generate_series(1, :establishments) i) d
  join place p on p.code = d.commune;

select text from index_later \gexec
analyze establishment;

-- Prospecting concerns employers above all: those with people, and among them one in four so far.
create temporary table visited as
select e.id, row_number() over (order by e.id) as n, now() - interval '1 day' - random() * interval '900 days' as at,
       1 + (random() * 39)::integer as member
  from establishment e
 where e.status = 'A' and e.size_band is not null and random() < 0.25;
alter table visited add organisation bigint;
update visited v set organisation = m.organisation_id from membership m where m.member_id = v.member;

insert into promise (establishment_id, organisation_id, member_id, made_at, due_on, lapses_on, state, ended_at, base_due_on, base_at)
select v.id, v.organisation, v.member, v.at - interval '12 days', (v.at + interval '3 days')::date, (v.at + interval '10 days')::date, 'kept', v.at,
       (v.at + interval '3 days')::date, v.at - interval '12 days'
  from visited v order by v.n;
insert into visit (establishment_id, organisation_id, member_id, promise_id, planned_at, state, changed_at)
select p.establishment_id, p.organisation_id, p.member_id, p.id, p.ended_at, 'done', p.ended_at from promise p order by p.id;
insert into report (visit_id, establishment_id, organisation_id, member_id, outcome, done_at, written_at, shared_note)
select v.id, v.establishment_id, v.organisation_id, v.member_id, (array['needs', 'later', 'none'])[1 + v.id % 3], v.planned_at,
       v.planned_at + interval '3 hours', 'Accueil par la direction ; le point est à refaire au printemps.'
  from visit v;
insert into contact_event (establishment_id, organisation_id, member_id, kind, at, visit_id)
select r.establishment_id, r.organisation_id, r.member_id, 'visit', r.done_at, r.visit_id from report r;
-- Sealed by `maillage-admin contact seal` afterwards.
with made as (
    insert into contact (establishment_id, organisation_id, member_id, created_at)
    select v.id, v.organisation, v.member, v.at from visited v where v.n % 2 = 0
    returning id
)
insert into contact_plain (contact_id, family_name, given_name, position, phone)
select m.id, w.name[1 + m.id % 11], 'Camille', 'Responsable', '04700' || lpad((m.id % 100000)::text, 5, '0')
  from made m, words w;
insert into need (establishment_id, organisation_id, member_id, visit_id, rome, posts, horizon, contract, declared_at, source, expires_on)
select r.establishment_id, r.organisation_id, r.member_id, r.visit_id, o.codes[1 + r.visit_id % array_length(o.codes, 1)], 1 + r.visit_id % 3,
       'quarter', 'cdi', r.written_at, 'visit', (r.written_at at time zone 'Europe/Paris')::date + 120
  from report r, (select array_agg(code order by code) as codes from rome) o where r.outcome = 'needs';
insert into offer (establishment_id, organisation_id, member_id, visit_id, title, rome, contract, posts, commune_code, state,
                   confirmed_with, confirmed_at, opens_at, opened_at, closes_at, created_at)
select d.establishment_id, d.organisation_id, d.member_id, d.visit_id, 'Poste à pourvoir ' || d.id, d.rome, 'cdi', d.posts, e.commune_code, 'open',
       'La direction', d.declared_at, d.declared_at + interval '15 days', d.declared_at + interval '15 days',
       greatest(d.declared_at + interval '45 days', data.now() + interval '30 days'), d.declared_at
  from need d join establishment e on e.id = d.establishment_id where d.id % 4 = 0;
insert into offer_routing select f.id, 'ft' from offer f;
insert into publication (offer_id, channel, published_at) select f.id, 'board', f.opened_at from offer f;
insert into event (at, kind, member_id, organisation_id, establishment_id, data)
select p.made_at, 'promise.made', p.member_id, p.organisation_id, p.establishment_id, jsonb_build_object('promise', p.id, 'due_on', p.due_on)
  from promise p
 union all
select v.planned_at - interval '5 days', 'visit.planned', v.member_id, v.organisation_id, v.establishment_id, jsonb_build_object('visit', v.id)
  from visit v
 union all
select r.written_at, 'visit.reported', r.member_id, r.organisation_id, r.establishment_id, jsonb_build_object('visit', r.visit_id, 'outcome', r.outcome)
  from report r
 order by 1;
insert into standing (establishment_id, visits, last_visit_at, last_contact_at, last_contact_by, rest_until, opposed)
select r.establishment_id, 1, r.done_at, r.done_at, r.organisation_id, r.done_at::date + 60, r.visit_id % 90 = 0 from report r;
insert into opposition (establishment_id, organisation_id, member_id, at, reason)
select s.establishment_id, s.last_contact_by, null, s.last_contact_at, 'Refus exprimé lors d’une visite' from standing s where s.opposed;

-- What is promised now, and the visits already planned for it.
insert into promise (establishment_id, organisation_id, member_id, made_at, due_on, lapses_on, base_due_on, base_at)
select e.id, m.organisation_id, m.member_id, now() - interval '2 days', current_date + 12, current_date + 19, current_date + 12, now() - interval '2 days'
  from establishment e
  join membership m on m.member_id = 1 + e.id % 40
  left join standing s on s.establishment_id = e.id
 where e.status = 'A' and s.establishment_id is null and e.id % 31 = 0
 order by e.id;
insert into visit (establishment_id, organisation_id, member_id, promise_id, planned_at, changed_at)
select p.establishment_id, p.organisation_id, p.member_id, p.id, now() + interval '9 days', now() from promise p
 where p.state = 'active' and p.id % 3 = 0;

select facet_rebuild();
select zones_refresh();
select fact_rebuild();

reset session_replication_role;
vacuum analyze;
