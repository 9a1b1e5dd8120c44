-- A country, for measuring maps and figures: every commune, :establishments establishments that do not exist, :visits visits of three
-- years by four organisations in each département, :offers offers. Starts from the reference data; run by the superuser, without
-- the triggers: what they would have derived is written here, or made anew by the functions that do it after any such load. The
-- same figures each time. Communes lie on a grid, département by département, within outlines as detailed as official ones.
--
-- Steps, run by country.mjs in two sessions at a time: `-- @ NAME after NAME...` begins one; `times 2` makes two of it, :part 0 and 1.
-- What steps hand to each other lies in the schema `making`, which the last one drops.
--
-- Left out: the log, persons, publications; nothing here asks for them.

-- @ plots
create schema making;
create unlogged table making.index_later as
select row_number() over (order by i.indrelid::regclass::text, pg_relation_size(i.indrelid), i.indexrelid) as n, i.indrelid::regclass::text as of_table, i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as text
  from pg_index i
 where (i.indrelid in ('establishment'::regclass, 'promise'::regclass, 'visit'::regclass, 'report'::regclass, 'contact_event'::regclass, 'offer'::regclass,
                       'facet'::regclass, 'fact'::regclass, 'cell_met'::regclass, 'cell_done'::regclass, 'tally'::regclass)
        or i.indrelid in (select p.inhrelid from pg_inherits p where p.inhparent in ('wide_done'::regclass, 'wide_met'::regclass)))
   and not i.indisunique;
select format('drop index %s', name) from index_later \gexec
-- A département is a square of ten by ten in the hexagon's frame; a commune a square of it.
create unlogged table making.plot as
with d as (
    select c.department, row_number() over (order by c.department) - 1 as place, ceil(sqrt(count(*)))::integer as side
      from commune c group by c.department
), c as (
    select c.code, c.department, row_number() over (partition by c.department order by c.code) - 1 as place from commune c
)
select c.code, commune_number(c.code) as number, c.department, d.side, c.place % d.side as across, c.place / d.side as up,
       -4.4 + 1.18 * (d.place % 11) as west, 42.6 + 0.83 * (d.place / 11) as south, 1.16 / d.side as width, 0.81 / d.side as height
  from c join d using (department);
-- As many in each commune as it has people; activities and sizes in about their real proportions.
create unlogged table making.share as
select p.*, round(:establishments * (sum(w.people) over o - w.people) / sum(w.people) over ()) as first, round(:establishments * sum(w.people) over o / sum(w.people) over ()) as last,
       upper(c.name) as city, coalesce(c.postcodes[1], '00000') as postcode
  from plot p join commune c using (code) cross join lateral (select greatest(coalesce(c.population, 0), 30)::numeric as people) w
window o as (order by p.code);
create unlogged table making.words as
select array['Boulangerie', 'Garage', 'Menuiserie', 'Maçonnerie', 'Transports', 'Cabinet', 'Ferme', 'SCI', 'Hôtel', 'Café', 'Pharmacie', 'Coiffure', 'Atelier'] as trade,
       array['Martin', 'Dupont', 'Bernard', 'Moreau', 'Roux', 'Fontaine', 'Chevalier', 'Perrin', 'du Centre', 'de la Gare', 'des Halles', 'du Pont', 'du Val'] as name,
       array['01.50Z', '41.20A', '43.22A', '43.32A', '45.20A', '46.90Z', '47.11B', '47.71Z', '49.41A', '55.10Z', '56.10A', '56.10C', '62.01Z', '68.20A', '68.20B', '70.22Z',
             '81.21Z', '85.59B', '86.21Z', '86.90D', '88.99B', '94.99Z', '96.02A', '10.71C', '25.62B'] as naf,
       array[0.09, 0.11, 0.15, 0.19, 0.22, 0.24, 0.27, 0.31, 0.33, 0.34, 0.38, 0.40, 0.43, 0.56, 0.66, 0.70, 0.71, 0.73, 0.75, 0.78, 0.80, 0.90, 0.95, 0.98, 1.0]::float8[] as naf_upto,
       array[null, '00', '01', '02', '03', '11', '12', '21', '22', '32'] as band,
       array[0.55, 0.69, 0.82, 0.89, 0.93, 0.96, 0.984, 0.993, 0.998, 1.0]::float8[] as band_upto;
analyze making.plot, making.share;
insert into source_file (kind, name, sha256, bytes, received_at, state)
values ('sirene', 'registre-de-mesure.csv', decode(repeat('00', 32), 'hex'), 0, now(), 'done');

-- @ outlines after plots
-- A side runs from corner to corner in sixteen steps and swings as its own place says: neighbours share it.
create unlogged table making.side as
select s.department, s.kind, s.across, s.up,
       ST_MakeLine(array(select ST_MakePoint(round((s.west + s.width * (s.across + case s.kind when 'h' then t / 16.0::float8 else w.swing end)) * 100000) / 100000,
                                             round((s.south + s.height * (s.up + case s.kind when 'h' then w.swing else t / 16.0::float8 end)) * 100000) / 100000)
                           from generate_series(0, 16) t
                          cross join lateral (select sin(pi() * t / 16) * (0.16 * sin(t * 0.9 + s.one) + 0.07 * sin(t * 2.3 + s.two)) as swing) w
                          order by t)) as line
  from (select p.*, k.kind, g.across, g.up, ('x' || substr(k.digest, 1, 4))::bit(16)::integer as one, ('x' || substr(k.digest, 5, 4))::bit(16)::integer as two
          from (select distinct on (department) department, side, west, south, width, height from plot order by department) p
         cross join lateral (select a as across, u as up from generate_series(0, p.side) a, generate_series(0, p.side) u) g
         cross join lateral (select v.kind, md5(p.department || v.kind || g.across || ' ' || g.up) as digest from (values ('h'), ('v')) v (kind)) k
         where case k.kind when 'h' then g.across else g.up end < p.side) s;
create unique index on making.side (department, kind, across, up);
analyze making.side;
update commune c
   set centre = ST_SetSRID(ST_MakePoint(p.west + p.width * (p.across + 0.5), p.south + p.height * (p.up + 0.5)), 4326),
       cell = ST_Multi(ST_SetSRID(ST_MakePolygon(ST_MakeLine(array[a.line, b.line, ST_Reverse(d.line), ST_Reverse(e.line)])), 4326)), cell_kind = 'contour'
  from plot p
  join side a on (a.department, a.kind, a.across, a.up) = (p.department, 'h', p.across, p.up)
  join side b on (b.department, b.kind, b.across, b.up) = (p.department, 'v', p.across + 1, p.up)
  join side d on (d.department, d.kind, d.across, d.up) = (p.department, 'h', p.across, p.up + 1)
  join side e on (e.department, e.kind, e.across, e.up) = (p.department, 'v', p.across, p.up)
 where c.code = p.code;

-- @ actors after plots
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


-- @ list after plots times 2
-- As many in each commune as it has people; activities and sizes in about their real proportions. Numbers are given here, so that two
-- halves made at the same time are always the same list.
select setseed(0.07 + :part / 10.0);
insert into establishment (id, siret, legal_name, address, postcode, city, commune_code, location, naf, size_band, size_year, is_head, status, opened_on, register_file, register_date)
overriding system value
select i, '9' || lpad(i::text, 8, '0') || '00011', upper(w.trade[1 + width_bucket(random(), array[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99]::float8[])] || ' ' || w.name[1 + (i * 7 % 13)::integer] || ' ' || i),
       1 + i % 90 || ' rue ' || w.name[1 + (i % 13)::integer], s.postcode, s.city, s.code,
       ST_SetSRID(ST_MakePoint(s.west + s.width * (s.across + 0.2 + 0.6 * random()), s.south + s.height * (s.up + 0.2 + 0.6 * random())), 4326),
       w.naf[1 + width_bucket(random(), w.naf_upto)], d.band, case when d.band is not null then 2024 end, true,
       case when random() < 0.05 then 'F' else 'A' end, date '1990-01-01' + (i % 12000)::integer, 1, date '2026-01-01'
  from share s
 cross join words w
 cross join lateral generate_series(greatest(s.first::bigint, :part * :establishments / 2) + 1, least(s.last::bigint, (:part + 1) * :establishments / 2)) i
 cross join lateral (select w.band[1 + width_bucket(random() + 0 * i, w.band_upto)] as band) d;

-- @ went after list actors
-- Three years of prospecting. Employers with people, the larger the more often; an organisation of their département.
select setseed(0.3);
create unlogged table making.employer as
select e.id, row_number() over (order by e.size_band desc, e.id) as n, t.id as territory
  from establishment e join commune c on c.code = e.commune_code join territory t on t.name = 'Département ' || c.department
 where e.status = 'A' and e.size_band is not null;
create unique index on making.employer (n);
create unlogged table making.crew as
select o.id as organisation, m.member_id as member, o.territory_id as territory, row_number() over (partition by o.territory_id order by o.id) - 1 as n
  from organisation o join membership m on m.organisation_id = o.id where o.territory_id in (select id from territory where kind = 'departement');
analyze making.employer, making.crew;
create unlogged table making.went as
select row_number() over (order by d.at) as id, e.id as establishment, c.organisation, c.member, d.at
  from (select 1 + floor(power(random(), 1.6) * (select count(*) from employer))::bigint as n, floor(power(random(), 1.7) * 4)::integer as crew,
               date_trunc('minute', data.now()) - interval '1 hour' - random() * interval '1095 days' as at
          from generate_series(1, :visits)) d
  join employer e on e.n = d.n
  join crew c on c.territory = e.territory and c.n = d.crew;
analyze making.went;

-- @ contact_event after went
insert into contact_event (establishment_id, organisation_id, member_id, kind, at, visit_id)
select w.establishment, w.organisation, w.member, 'visit', w.at, w.id from went w;
insert into contact_event (establishment_id, organisation_id, member_id, kind, at)
select w.establishment, c.organisation, c.member, case w.id % 2 when 0 then 'call' else 'mail' end, w.at + interval '20 days'
  from went w join crew v on v.organisation = w.organisation join crew c on c.territory = v.territory and c.n = (v.n + w.id / 9) % 4
 where w.id % 9 = 0 and w.at < data.now() - interval '21 days';

-- @ standing after contact_event
insert into standing (establishment_id, visits, last_visit_at, last_contact_at, last_contact_by, rest_until, opposed)
select c.establishment_id, count(*) filter (where c.kind = 'visit'), max(c.at) filter (where c.kind = 'visit'), max(c.at), (array_agg(c.organisation_id))[count(*)],
       (max(c.at) + interval '60 days')::date, c.establishment_id % 400 = 0
  from (select establishment_id, kind, at, organisation_id from contact_event order by establishment_id, at) c group by c.establishment_id;
analyze standing;

-- @ promise after went
insert into promise (id, establishment_id, organisation_id, member_id, made_at, due_on, lapses_on, state, ended_at, base_due_on, base_at)
overriding system value
select w.id, w.establishment, w.organisation, w.member, w.at - interval '12 days', (w.at + interval '3 days')::date, (w.at + interval '10 days')::date, 'kept', w.at,
       (w.at + interval '3 days')::date, w.at - interval '12 days' from went w;

-- @ visit after went
insert into visit (id, establishment_id, organisation_id, member_id, promise_id, planned_at, state, changed_at)
overriding system value
select w.id, w.establishment, w.organisation, w.member, w.id, w.at, 'done', w.at from went w;

-- @ report after went
insert into report (visit_id, establishment_id, organisation_id, member_id, outcome, done_at, written_at, shared_note)
select w.id, w.establishment, w.organisation, w.member, (array['needs', 'later', 'none'])[1 + w.id % 3], w.at, w.at + interval '3 hours', 'Point à refaire au printemps.' from went w;

-- @ offer after went
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

-- @ promising after list
create unlogged table making.promising as
select k.naf, k.size_band, naf_number(k.naf) as number, k.size_band::smallint as size,
       hiring_potential(k.size_band::smallint, (select w.activity from outlook w where w.bassin = '' and w.naf = k.naf), null) as potential
  from (select distinct e.naf, e.size_band from establishment e) k;
analyze making.promising;

-- @ word after offer
insert into offer_word (offer_id, rome, words) select s.offer_id, s.rome, s.words from offer_said s order by s.offer_id;

-- @ known after offer report
-- As data.known_at() tells it, by whole tables where it looks employer by employer; held against it in the end. Before facts, which ask
-- for the potential: made later, it would have employers counted a second time.
insert into known (establishment_id, needs, offers, hired, declined, points, until)
with counted as (
    select e.establishment_id, e.kind, count(*) filter (where x.is_recent) as recent, count(*) filter (where not x.is_recent) as older,
           min(e.at + case when x.is_recent then interval '12 months' else interval '24 months' end) as until
      from (select o.establishment_id, 'offers' as kind, o.confirmed_at as at from offer o
             union all
            select r.establishment_id, 'declined', r.done_at from report r where r.outcome = 'none') e
     cross join lateral (select e.at > data.now() - interval '12 months' as is_recent) x
     where e.at > data.now() - interval '24 months'
     group by e.establishment_id, e.kind
)
select c.establishment_id, 0, coalesce(max(c.recent + c.older) filter (where c.kind = 'offers'), 0), 0, coalesce(max(c.recent + c.older) filter (where c.kind = 'declined'), 0),
       greatest(-15, least(30, sum(case c.kind when 'offers' then least(16, 8 * (c.recent + 0.5 * c.older)) else - least(15, 5 * (c.recent + 0.5 * c.older)) end))),
       (min(c.until) at time zone 'Europe/Paris')::date + 1
  from counted c group by c.establishment_id order by c.establishment_id;
vacuum (analyze) known;

-- @ facets after promising standing known times 2
-- As data.facet_rebuild() would make them, with what depends on activity and size worked out once for each pair; held against it in the
-- end.
insert into facet (id, commune, naf, lon, lat, size, base, known, potential, active, last_visit_at, last_contact_at, contact_by, rest_until, opposed)
select e.id, p.number, k.number, round(ST_X(e.location) * 100000)::integer, round(ST_Y(e.location) * 100000)::integer, k.size, k.potential, coalesce(w.points, 0),
       potential_sum(k.potential, coalesce(w.points, 0::smallint)), e.status = 'A',
       t.last_visit_at, t.last_contact_at, t.last_contact_by, t.rest_until, coalesce(t.opposed, false)
  from establishment e
  join plot p on p.code = e.commune_code
  join promising k on k.naf = e.naf and k.size_band is not distinct from e.size_band
  left join standing t on t.establishment_id = e.id
  left join known w on w.establishment_id = e.id
 where e.id > :part * :establishments / 2 and e.id <= (:part + 1) * :establishments / 2;

-- @ facet_indexes after facets times 2
select text from index_later where of_table = 'facet' and n % 2 = :part order by n \gexec

-- @ facet_known after facet_indexes
vacuum (analyze) facet;

-- @ facts after facets contact_event promise offer times 2
-- As data.fact_source() tells them, by joins where it looks employer by employer; held against it in the end. Nobody here has linked files.
set enable_nestloop = off;
insert into fact
with touch as materialized (
    select c.id, c.establishment_id, c.organisation_id, c.kind, c.at, month_of(c.at) as month,
           c.kind = 'visit' and row_number() over (partition by c.establishment_id, c.kind order by c.at, c.id) = 1 as is_first
      from contact_event c
     where c.establishment_id > :part * :establishments / 2 and c.establishment_id <= (:part + 1) * :establishments / 2
), doubled as (
    select distinct c.id from touch c
      join touch d on d.establishment_id = c.establishment_id and d.organisation_id <> c.organisation_id
                  and (d.at < c.at or (d.at = c.at and d.id < c.id)) and d.at > c.at - interval '60 days'
), happened as (
    select t.establishment_id, t.organisation_id, t.month, 1 as contacts, (t.kind = 'visit')::integer as visits, t.is_first::integer as firsts, (d.id is not null)::integer as doubles,
           0 as promises, 0 as kept, 0 as keep_days, 0 as offers, 0 as offer_posts, 0 as filled_reserved, 0 as filled_open, 0 as fill_days
      from touch t left join doubled d using (id)
     union all
    select p.establishment_id, p.organisation_id, month_of(p.made_at), 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0
      from promise p where p.establishment_id > :part * :establishments / 2 and p.establishment_id <= (:part + 1) * :establishments / 2
     union all
    select p.establishment_id, p.organisation_id, month_of(p.ended_at), 0, 0, 0, 0, 0, 1, extract(day from p.ended_at - p.made_at)::integer, 0, 0, 0, 0, 0
      from promise p where p.establishment_id > :part * :establishments / 2 and p.establishment_id <= (:part + 1) * :establishments / 2
     union all
    select o.establishment_id, o.organisation_id, month_of(o.confirmed_at), 0, 0, 0, 0, 0, 0, 0, 1, o.posts, 0, 0, 0
      from offer o where o.establishment_id > :part * :establishments / 2 and o.establishment_id <= (:part + 1) * :establishments / 2
     union all
    select o.establishment_id, o.organisation_id, month_of(o.closed_at), 0, 0, 0, 0, 0, 0, 0, 0, 0, (o.opened_at is null)::integer, (o.opened_at is not null)::integer,
           extract(day from o.closed_at - o.confirmed_at)::integer
      from offer o where o.establishment_id > :part * :establishments / 2 and o.establishment_id <= (:part + 1) * :establishments / 2 and o.state = 'filled'
), added as (
    select h.establishment_id, h.month, n.rank as network, h.organisation_id, sum(h.contacts) as contacts, sum(h.visits) as visits, sum(h.firsts) as firsts, sum(h.doubles) as doubles,
           sum(h.promises) as promises, sum(h.kept) as kept, sum(h.keep_days) as keep_days, sum(h.offers) as offers, sum(h.offer_posts) as offer_posts,
           sum(h.filled_reserved) as filled_reserved, sum(h.filled_open) as filled_open, sum(h.fill_days) as fill_days
      from happened h join organisation o on o.id = h.organisation_id join network n on n.code = o.network
     group by h.establishment_id, h.month, n.rank, h.organisation_id
)
select a.establishment_id, a.month, a.network, a.organisation_id::integer, f.commune, (f.naf / 3200)::smallint, f.size, f.active, f.active and coalesce(f.potential, 0) >= strong_potential(),
       a.contacts, a.visits, a.firsts, a.doubles, 0, max(a.month) filter (where a.visits > 0) over anybody, max(a.month) filter (where a.visits > 0) over same_network,
       max(a.month) filter (where a.visits > 0) over itself, max(a.month) filter (where a.contacts > 0) over anybody, max(a.month) filter (where a.contacts > 0) over same_network,
       max(a.month) filter (where a.contacts > 0) over itself, a.promises, a.kept, 0, 0, a.keep_days, 0, 0, a.offers, a.offer_posts, a.filled_reserved, a.filled_open, a.fill_days, 0, 0, 0, 0
  from added a join facet f on f.id = a.establishment_id
window anybody as (partition by a.establishment_id order by a.month, a.organisation_id rows between unbounded preceding and 1 preceding),
       same_network as (partition by a.establishment_id, a.network order by a.month, a.organisation_id rows between unbounded preceding and 1 preceding),
       itself as (partition by a.establishment_id, a.organisation_id order by a.month rows between unbounded preceding and 1 preceding);

-- @ fact_indexes after facts
select text from index_later where of_table = 'fact' order by n \gexec
vacuum (analyze) fact;

-- @ stock after facets
-- As data.fact_rebuild() does.
insert into stock (commune, division, size, establishments, strong)
select f.commune, (f.naf / 3200)::smallint, f.size, count(*), count(*) filter (where f.potential >= strong_potential())
  from facet f where f.active and f.commune is not null group by f.commune, f.naf / 3200, f.size order by f.commune;
select stock_add_up(null);
vacuum (analyze) stock, stock_whole;

-- @ cells_met after facts
insert into cell_met select s.* from cell_met_source s order by s.month, s.commune;
select text from index_later where of_table = 'cell_met' order by n \gexec
vacuum (analyze) cell_met;

-- @ cells_done after facts
insert into cell_done select s.* from cell_done_source s order by s.month, s.commune;
select text from index_later where of_table = 'cell_done' order by n \gexec
vacuum (analyze) cell_done;

-- @ tally_met after cells_met
select tally_fill('cell_met', null);

-- @ tally_done after cells_done
select tally_fill('cell_done', null);

-- @ tally_known after tally_met tally_done
select text from index_later where of_table = 'tally' order by n \gexec
vacuum (analyze) tally;

-- @ wide after zones cells_met cells_done times 12
select wide_fill((:part + 1)::smallint, rows, null, null, null, null) from unnest(array['wide_done', 'wide_met']) rows;
select text from index_later where of_table in (select rows || '_' || (:part + 1) from unnest(array['wide_done', 'wide_met']) rows) order by n \gexec

-- @ wide_known after wide stock
select wide_stock_make(null);
vacuum (analyze) wide_done, wide_met, wide_stock;

-- @ zones after outlines
select zones_refresh();

-- @ list_indexes after list times 2
select text from index_later where of_table = 'establishment' and n % 2 = :part order by n \gexec

-- @ list_known after list_indexes
select setval(pg_get_serial_sequence('establishment', 'id'), :establishments);
vacuum (analyze) establishment;

-- @ prospecting_indexes after promise visit report contact_event offer standing times 2
select text from index_later where of_table in ('promise', 'visit', 'report', 'contact_event', 'offer') and n % 2 = :part order by n \gexec

-- @ prospecting_known after prospecting_indexes
-- Numbers that were given go on from there.
select setval(pg_get_serial_sequence(t, 'id'), :visits) from unnest(array['promise', 'visit']) t;
vacuum (analyze) promise, visit, report, contact_event, offer;

-- @ held after list_known prospecting_known facet_known fact_indexes wide_known tally_known
do $$
begin
    if exists (select from facet_source s join facet f on f.id = s.id
                where s.id % 997 = 0 and (s.commune, s.naf, s.lon, s.lat, s.size, s.base, s.active, potential_sum(s.base, f.known))
                      is distinct from (f.commune, f.naf, f.lon, f.lat, f.size, f.base, f.active, f.potential)) then
        raise exception 'facets are not those that facet_rebuild makes';
    end if;
    if exists (with drawn as (select array(select f.id from facet f where f.id % 997 = 0) as ids), anew as (select x.* from drawn, known_at(drawn.ids, data.now()) x),
                    kept as (select k.* from drawn, known k where k.establishment_id = any (drawn.ids))
               (select * from anew except select * from kept) union all (select * from kept except select * from anew))
       or exists (select from facet f left join known k on k.establishment_id = f.id where f.id % 997 = 0 and f.known <> coalesce(k.points, 0)) then
        raise exception 'what is known is not what known_make makes';
    end if;
    if exists (with drawn as (select array(select f.id from facet f where f.id % 997 = 0) as ids), anew as (select x.* from drawn, fact_source(drawn.ids) x),
                    kept as (select f.* from drawn, fact f where f.establishment_id = any (drawn.ids))
               (select * from anew except select * from kept) union all (select * from kept except select * from anew)) then
        raise exception 'facts are not those that fact_make makes';
    end if;
end
$$;
drop schema making cascade;
vacuum (analyze) commune, zone, zone_commune, territory_commune, standing, organisation, member, membership;
