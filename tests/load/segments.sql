-- A country of 2.5 million establishments for counting segments: narrow rows as triggers would have made them, drawn from
-- those of the département and spread over every commune; one territory that has them all. Only what counting reads. Run by
-- the superuser, without the triggers.
\set ON_ERROR_STOP on
set search_path = data, ext;
set session_replication_role = replica;
set client_min_messages = warning;
select setseed(0.05);

insert into territory (name, kind) values ('France', 'region');
insert into territory_commune (territory_id, commune_code) select t.id, c.code from territory t, commune c where t.name = 'France';

update territory t set runs = data.territory_runs(t.id) where t.name = 'France';

create temporary table spread as
select row_number() over (order by code) as n, commune_number(code) as commune from commune;
create unique index on spread (n);

insert into facet (id, commune, naf, lon, lat, legal, size, projects, difficult, tension, base, potential, active, last_visit_at,
                   last_contact_at, contact_by, holder, rest_until, opposed)
select 1000000 + row_number() over (), p.commune, f.naf, (-400000 + random() * 1200000)::integer, (4250000 + random() * 850000)::integer,
       (array[1000, 5499, 5499, 5710, 5710, 6540, 9220])[1 + floor(random() * 7)::integer], f.size, (random() * 900)::integer,
       (random() * 100)::integer, 10 + (random() * 40)::integer, f.base, f.potential, f.active, f.last_visit_at, f.last_contact_at, f.contact_by,
       f.holder, f.rest_until, f.opposed
  from (select f.*, k, 1 + floor(random() * (select count(*) from spread))::bigint as place
          from facet f cross join generate_series(1, 21) k) f
  join spread p on p.n = f.place
 limit 2500000 - (select count(*) from facet);

update organisation set territory_id = (select id from territory where name = 'France') where id = 1 + 40 % 6;
reset session_replication_role;
vacuum analyze facet, territory_commune;
