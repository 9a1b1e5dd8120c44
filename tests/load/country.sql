-- A country, for measuring maps and figures: every commune, :establishments establishments that do not exist, :visits visits of three
-- years by four organisations in each département, :offers offers. Starts from the reference data; run by the superuser, without
-- the triggers: what they would have derived is written here, or made anew by the functions that do it after any such load. The
-- same figures each time. Communes lie on a grid, département by département, within outlines as detailed as official ones.
--
-- Left out: the log, persons, publications; nothing here asks for them.
\set ON_ERROR_STOP on
set search_path = data, ext;
set session_replication_role = replica;
set client_min_messages = warning;
set maintenance_work_mem = '512MB';
set work_mem = '192MB';
set max_parallel_workers_per_gather = 0; -- chance is drawn in order
select setseed(0.07);

-- --- the ground ---------------------------------------------------------------------------------------------------------
\echo ground
-- A département is a square of ten by ten in the hexagon's frame; a commune a square of it.
create temporary table plot as
with d as (
    select c.department, row_number() over (order by c.department) - 1 as place, ceil(sqrt(count(*)))::integer as side
      from commune c group by c.department
), c as (
    select c.code, c.department, row_number() over (partition by c.department order by c.code) - 1 as place from commune c
)
select c.code, commune_number(c.code) as number, c.department, d.side, c.place % d.side as across, c.place / d.side as up,
       -4.4 + 1.18 * (d.place % 11) as west, 42.6 + 0.83 * (d.place / 11) as south, 1.16 / d.side as width, 0.81 / d.side as height
  from c join d using (department);
-- A side runs from corner to corner in sixteen steps and swings as its own place says: neighbours share it.
create function pg_temp.swing(seed text, t integer) returns double precision language sql immutable as $$
    select sin(pi() * t / 16) * (0.16 * sin(t * 0.9 + ('x' || substr(md5(seed), 1, 4))::bit(16)::integer) + 0.07 * sin(t * 2.3 + ('x' || substr(md5(seed), 5, 4))::bit(16)::integer))
$$;
create temporary table side as
select s.department, s.kind, s.across, s.up, s.t, s.west + s.width * (s.across + s.x) as lon, s.south + s.height * (s.up + s.y) as lat
  from (select p.department, 'h' as kind, g.across, g.up, t, p.west, p.south, p.width, p.height, t / 16.0::float8 as x, pg_temp.swing(p.department || 'h' || g.across || ' ' || g.up, t) as y
          from (select distinct on (department) * from plot order by department) p
         cross join lateral (select a as across, u as up from generate_series(0, p.side - 1) a, generate_series(0, p.side) u) g
         cross join generate_series(0, 16) t
         union all
        select p.department, 'v', g.across, g.up, t, p.west, p.south, p.width, p.height, pg_temp.swing(p.department || 'v' || g.across || ' ' || g.up, t), t / 16.0::float8
          from (select distinct on (department) * from plot order by department) p
         cross join lateral (select a as across, u as up from generate_series(0, p.side) a, generate_series(0, p.side - 1) u) g
         cross join generate_series(0, 16) t) s;
create index on side (department, kind, across, up);
analyze plot, side;
update commune c
   set centre = ST_SetSRID(ST_MakePoint(p.west + p.width * (p.across + 0.5), p.south + p.height * (p.up + 0.5)), 4326),
       cell = o.cell, cell_kind = 'contour'
  from plot p
 cross join lateral (
    select ST_Multi(ST_SetSRID(ST_MakePolygon(ST_MakeLine(ST_MakePoint(round(r.lon::numeric, 5), round(r.lat::numeric, 5)) order by r.leg, r.step)), 4326)) as cell
      from (select 1 as leg, s.t as step, s.lon, s.lat from side s where (s.department, s.kind, s.across, s.up) = (p.department, 'h', p.across, p.up) and s.t < 16
             union all
            select 2, s.t, s.lon, s.lat from side s where (s.department, s.kind, s.across, s.up) = (p.department, 'v', p.across + 1, p.up) and s.t < 16
             union all
            select 3, -s.t, s.lon, s.lat from side s where (s.department, s.kind, s.across, s.up) = (p.department, 'h', p.across, p.up + 1) and s.t > 0
             union all
            select 4, -s.t, s.lon, s.lat from side s where (s.department, s.kind, s.across, s.up) = (p.department, 'v', p.across, p.up) and s.t >= 0) r) o
 where c.code = p.code;

-- Every commune is in one territory; each département has its own, with four organisations.
insert into territory (name, kind) values ('France', 'region');
insert into territory (name, kind) select 'Département ' || department, 'departement' from commune group by department order by department;
insert into territory_commune (territory_id, commune_code) select t.id, c.code from territory t, commune c where t.name in ('France', 'Département ' || c.department);
update territory t set runs = data.territory_runs(t.id);
insert into organisation (network, territory_id, name, short_name)
select n.code, t.id, n.name || ' ' || substr(t.name, 13), upper(n.code) || ' ' || substr(t.name, 13)
  from territory t, network n where t.kind = 'departement' and n.kind = 'partner' order by t.id, n.rank;
insert into organisation (network, territory_id, name, short_name)
select v.network, t.id, v.name, v.name from territory t, (values ('ft', 'Direction nationale'), ('state', 'Observatoire')) v (network, name) where t.name = 'France';
insert into member (email, name) select 'adviser' || o.id || '@example.org', 'Membre ' || o.id from organisation o order by o.id;
insert into membership (member_id, organisation_id, role)
select m.id, o.id, case o.network when 'state' then 'observer' else 'manager' end from organisation o join member m on m.email = 'adviser' || o.id || '@example.org';

-- --- the list -------------------------------------------------------------------------------------------------------------
\echo list
insert into source_file (kind, name, sha256, bytes, received_at, state)
values ('sirene', 'registre-de-mesure.csv', decode(repeat('00', 32), 'hex'), 0, now(), 'done');
create temporary table index_later as
select i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as text
  from pg_index i
 where i.indrelid in ('establishment'::regclass, 'promise'::regclass, 'visit'::regclass, 'report'::regclass, 'contact_event'::regclass, 'offer'::regclass,
                      'need'::regclass, 'facet'::regclass)
   and not i.indisunique;
select format('drop index %s', name) from index_later \gexec

-- As many in each commune as it has people; activities and sizes in about their real proportions.
create temporary table share as
select p.*, round(:establishments * (sum(w.people) over o - w.people) / sum(w.people) over ()) as first, round(:establishments * sum(w.people) over o / sum(w.people) over ()) as last,
       upper(c.name) as city, coalesce(c.postcodes[1], '00000') as postcode
  from plot p join commune c using (code) cross join lateral (select greatest(coalesce(c.population, 0), 30)::numeric as people) w
window o as (order by p.code);
create temporary table words as
select array['Boulangerie', 'Garage', 'Menuiserie', 'Maçonnerie', 'Transports', 'Cabinet', 'Ferme', 'SCI', 'Hôtel', 'Café', 'Pharmacie', 'Coiffure', 'Atelier'] as trade,
       array['Martin', 'Dupont', 'Bernard', 'Moreau', 'Roux', 'Fontaine', 'Chevalier', 'Perrin', 'du Centre', 'de la Gare', 'des Halles', 'du Pont', 'du Val'] as name,
       array['01.50Z', '41.20A', '43.22A', '43.32A', '45.20A', '46.90Z', '47.11B', '47.71Z', '49.41A', '55.10Z', '56.10A', '56.10C', '62.01Z', '68.20A', '68.20B', '70.22Z',
             '81.21Z', '85.59B', '86.21Z', '86.90D', '88.99B', '94.99Z', '96.02A', '10.71C', '25.62B'] as naf,
       array[0.09, 0.11, 0.15, 0.19, 0.22, 0.24, 0.27, 0.31, 0.33, 0.34, 0.38, 0.40, 0.43, 0.56, 0.66, 0.70, 0.71, 0.73, 0.75, 0.78, 0.80, 0.90, 0.95, 0.98, 1.0]::float8[] as naf_upto,
       array[null, '00', '01', '02', '03', '11', '12', '21', '22', '32'] as band,
       array[0.55, 0.69, 0.82, 0.89, 0.93, 0.96, 0.984, 0.993, 0.998, 1.0]::float8[] as band_upto;
insert into establishment (siret, legal_name, address, postcode, city, commune_code, location, naf, size_band, size_year, is_head, status, opened_on, register_file, register_date)
select '9' || lpad(i::text, 8, '0') || '00011', upper(w.trade[1 + width_bucket(random(), array[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99]::float8[])] || ' ' || w.name[1 + (i * 7 % 13)::integer] || ' ' || i),
       1 + i % 90 || ' rue ' || w.name[1 + (i % 13)::integer], s.postcode, s.city, s.code,
       ST_SetSRID(ST_MakePoint(s.west + s.width * (s.across + 0.2 + 0.6 * random()), s.south + s.height * (s.up + 0.2 + 0.6 * random())), 4326),
       w.naf[1 + width_bucket(random(), w.naf_upto)], d.band, case when d.band is not null then 2024 end, true,
       case when random() < 0.05 then 'F' else 'A' end, date '1990-01-01' + (i % 12000)::integer, 1, date '2026-01-01'
  from share s
 cross join words w
 cross join lateral generate_series(s.first::bigint + 1, s.last::bigint) i
 cross join lateral (select w.band[1 + width_bucket(random() + 0 * i, w.band_upto)] as band) d;

-- --- three years of prospecting ---------------------------------------------------------------------------------------------
\echo prospecting
-- Employers with people, the larger the more often; an organisation of their département.
create temporary table employer as
select e.id, row_number() over (order by e.size_band desc, e.id) as n, t.id as territory
  from establishment e join commune c on c.code = e.commune_code join territory t on t.name = 'Département ' || c.department
 where e.status = 'A' and e.size_band is not null;
create unique index on employer (n);
create temporary table crew as
select o.id as organisation, m.member_id as member, o.territory_id as territory, row_number() over (partition by o.territory_id order by o.id) - 1 as n
  from organisation o join membership m on m.organisation_id = o.id where o.territory_id in (select id from territory where kind = 'departement');
analyze employer, crew;
create temporary table went as
select row_number() over (order by d.at) as id, e.id as establishment, c.organisation, c.member, d.at
  from (select 1 + floor(power(random(), 1.6) * (select count(*) from employer))::bigint as n, floor(power(random(), 1.7) * 4)::integer as crew,
               date_trunc('minute', data.now()) - interval '1 hour' - random() * interval '1095 days' as at
          from generate_series(1, :visits)) d
  join employer e on e.n = d.n
  join crew c on c.territory = e.territory and c.n = d.crew;
insert into promise (id, establishment_id, organisation_id, member_id, made_at, due_on, lapses_on, state, ended_at, base_due_on, base_at)
overriding system value
select w.id, w.establishment, w.organisation, w.member, w.at - interval '12 days', (w.at + interval '3 days')::date, (w.at + interval '10 days')::date, 'kept', w.at,
       (w.at + interval '3 days')::date, w.at - interval '12 days' from went w;
insert into visit (id, establishment_id, organisation_id, member_id, promise_id, planned_at, state, changed_at)
overriding system value
select w.id, w.establishment, w.organisation, w.member, w.id, w.at, 'done', w.at from went w;
insert into report (visit_id, establishment_id, organisation_id, member_id, outcome, done_at, written_at, shared_note)
select w.id, w.establishment, w.organisation, w.member, (array['needs', 'later', 'none'])[1 + w.id % 3], w.at, w.at + interval '3 hours', 'Point à refaire au printemps.' from went w;
insert into contact_event (establishment_id, organisation_id, member_id, kind, at, visit_id)
select w.establishment, w.organisation, w.member, 'visit', w.at, w.id from went w;
insert into contact_event (establishment_id, organisation_id, member_id, kind, at)
select w.establishment, c.organisation, c.member, case w.id % 2 when 0 then 'call' else 'mail' end, w.at + interval '20 days'
  from went w join crew v on v.organisation = w.organisation join crew c on c.territory = v.territory and c.n = (v.n + w.id / 9) % 4
 where w.id % 9 = 0 and w.at < data.now() - interval '21 days';
insert into offer (establishment_id, organisation_id, member_id, visit_id, title, rome, contract, posts, commune_code, state, confirmed_with, confirmed_at,
                   opens_at, opened_at, closed_at, closes_at, created_at)
select w.establishment, w.organisation, w.member, w.id, 'Poste à pourvoir ' || w.id, o.codes[1 + w.id % array_length(o.codes, 1)], 'cdi', 1 + w.id % 3, e.commune_code, s.state, 'La direction', w.at,
       w.at + interval '15 days', case when s.is_open then w.at + interval '15 days' end,
       case when s.state = 'filled' then w.at + (5 + w.id % 25) * interval '1 day' when s.state = 'expired' then w.at + interval '45 days' end,
       case when s.is_open then w.at + interval '45 days' end, w.at
  from (select * from went where id % greatest(1, :visits / :offers) = 0 order by id limit :offers) w
  join establishment e on e.id = w.establishment
 cross join (select array_agg(code order by code) as codes from rome) o
 cross join lateral (select d.state, d.state in ('open', 'expired') or (d.state = 'filled' and w.id % 2 = 0) as is_open
      from (select case when w.at > data.now() - interval '15 days' then 'reserved' when w.at > data.now() - interval '45 days' then 'open'
                        when w.id % 5 < 3 then 'filled' else 'expired' end as state) d) s;
insert into standing (establishment_id, visits, last_visit_at, last_contact_at, last_contact_by, rest_until, opposed)
select c.establishment_id, count(*) filter (where c.kind = 'visit'), max(c.at) filter (where c.kind = 'visit'), max(c.at), (array_agg(c.organisation_id order by c.at desc))[1], (max(c.at) + interval '60 days')::date,
       c.establishment_id % 400 = 0
  from contact_event c group by c.establishment_id;
-- Numbers that were given go on from there.
select setval(pg_get_serial_sequence(t, 'id'), :visits) from unnest(array['promise', 'visit']) t;

set max_parallel_workers_per_gather = 2;
\echo indexes
select text from index_later where name::text !~ 'facet' \gexec
vacuum (analyze) establishment, promise, visit, report, contact_event, offer;
\echo facets
-- As data.facet_rebuild() would make them, with what depends on activity and size worked out once for each pair; held against it below. What
-- partners know of hirings is left out.
create temporary table promising as
select k.naf, k.size_band, naf_number(k.naf) as number, k.size_band::smallint as size,
       hiring_potential(k.size_band::smallint, (select w.activity from outlook w where w.bassin = '' and w.naf = k.naf), null) as potential
  from (select distinct e.naf, e.size_band from establishment e) k;
insert into facet (id, commune, naf, lon, lat, size, base, potential, active, last_visit_at, last_contact_at, contact_by, rest_until, opposed)
select e.id, p.number, k.number, round(ST_X(e.location) * 100000)::integer, round(ST_Y(e.location) * 100000)::integer, k.size, k.potential, k.potential, e.status = 'A',
       t.last_visit_at, t.last_contact_at, t.last_contact_by, t.rest_until, coalesce(t.opposed, false)
  from establishment e
  join plot p on p.code = e.commune_code
  join promising k on k.naf = e.naf and k.size_band is not distinct from e.size_band
  left join standing t on t.establishment_id = e.id;
do $$
begin
    if exists (select from facet_source s join facet f on f.id = s.id
                where s.id % 997 = 0 and (s.commune, s.naf, s.lon, s.lat, s.size, s.base, s.active) is distinct from (f.commune, f.naf, f.lon, f.lat, f.size, f.base, f.active)) then
        raise exception 'facets are not those that facet_rebuild makes';
    end if;
end
$$;
select text from index_later where name::text ~ 'facet' \gexec
vacuum (analyze) facet;
\echo zones
select zones_refresh();
\echo facts
select fact_rebuild();
reset session_replication_role;
vacuum (analyze);
