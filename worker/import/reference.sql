-- Reference data.

-- commune_stage() -> void
create temporary table incoming_commune (
    code       text collate "C" not null,
    name       text not null,
    department text collate "C" not null,
    region     text collate "C",
    postcodes  text[] not null,
    population integer,
    part_of    text collate "C", -- a commune of former times: of which one it is part by now
    is_moved   boolean not null default false -- not of the file: what this commune is made of, or part of, has changed
) on commit drop;

-- commune_load() -> copy
copy incoming_commune (code, name, department, region, postcodes, population, part_of) from stdin;

-- commune_merge() -> row
with merged as (
    insert into data.commune as c (code, name, department, region, postcodes, population)
    select distinct on (code) code, name, department, region, postcodes, population
      from incoming_commune where part_of is null order by code
    on conflict (code) do update
       set name = excluded.name, department = excluded.department, region = excluded.region,
           postcodes = excluded.postcodes, population = excluded.population
     where (c.name, c.department, c.region, c.postcodes, c.population)
           is distinct from (excluded.name, excluded.department, excluded.region, excluded.postcodes, excluded.population)
    returning xmax = 0 as is_fresh
), former as (
    insert into data.commune_former as f (code, commune_code)
    select distinct on (i.code) i.code, i.part_of
      from incoming_commune i
     where i.part_of is not null and not exists (select from incoming_commune t where t.code = i.code and t.part_of is null)
       and exists (select from incoming_commune t where t.code = i.part_of and t.part_of is null)
     order by i.code, i.part_of
    on conflict (code) do update set commune_code = excluded.commune_code where f.commune_code <> excluded.commune_code
    returning f.code, f.commune_code
), again as (
    -- A commune that was taken out of another one again.
    delete from data.commune_former f using incoming_commune t where t.code = f.code and t.part_of is null
    returning f.code, f.commune_code
), said as (
    insert into incoming_commune (code, name, department, postcodes, is_moved)
    select m.code, '', '', '{}', true
      from (select f.code from former f union select f.commune_code from former f union select a.code from again a union select a.commune_code from again a) m
)
select count(*) filter (where is_fresh), count(*) filter (where not is_fresh) from merged;

-- commune_after() -> void
select data.communes_follow(array(select m.code from incoming_commune m where m.is_moved));

-- centre_stage() -> void
create temporary table incoming_centre (
    code text collate "C" not null,
    centre ext.geometry(Point, 4326) not null
) on commit drop;

-- centre_load() -> copy
copy incoming_centre from stdin;

-- centre_merge() -> row
with changed as (
    update data.commune c set centre = i.centre
      from incoming_centre i
     where i.code = c.code and c.centre is distinct from i.centre
    returning c.code
)
select 0, count(*) from changed;

-- centre_cells() -> void
-- The ground until official contours come: cells of the centres, département by département; zones follow.
select data.ground_draw(d.departments)
  from (select array_agg(distinct c.department) as departments from incoming_centre i join data.commune c using (code)) d where d.departments is not null;

-- naf_stage() -> void
create temporary table incoming_naf (
    code    text collate "C" not null,
    level   smallint not null,
    section text collate "C" not null,
    label   text not null,
    is_weak boolean not null -- names what has no name yet, and changes no name
) on commit drop;

-- naf_load() -> copy
copy incoming_naf from stdin;

-- naf_merge() -> row
with merged as (
    insert into data.naf as n (code, level, section, label)
    select distinct on (code) i.code, i.level, i.section, i.label
      from incoming_naf i
     where not (i.is_weak and exists (select from data.naf k where k.code = i.code))
     order by code
    on conflict (code) do update
       set level = excluded.level, section = excluded.section, label = excluded.label
     where (n.level, n.section, n.label) is distinct from (excluded.level, excluded.section, excluded.label)
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh), count(*) filter (where not is_fresh) from merged;

-- rome_stage() -> void
-- said: label (of the occupation), sheet (of the ROME 4.0, beside its parent), title.
create temporary table incoming_rome (
    line   integer not null,
    code   text collate "C" not null,
    parent text collate "C" not null,
    label  text not null,
    said   text not null,
    ogr    integer -- the number of a title
) on commit drop;

-- rome_load() -> copy
copy incoming_rome from stdin;

-- rome_merge() -> row
-- What the version 3 calls an occupation stays its label: a sheet of the ROME 4.0 names a part of it. Titles stand with the
-- occupation of the version 3; those of a code that is unknown are left out, for nobody could choose it.
with named as (
    insert into data.rome as r (code, label)
    select distinct on (code) code, label from incoming_rome where said = 'label' or said = 'sheet' and code = parent order by code, line
    on conflict (code) do update set label = excluded.label
     where r.label is distinct from excluded.label and (select i.said from incoming_rome i limit 1) = 'label'
    returning code, xmax = 0 as is_fresh
), known as (
    select code from data.rome union select code from named
), under as (
    insert into data.rome_under as u (code, rome)
    select distinct on (i.code) i.code, i.parent from incoming_rome i
     where i.said = 'sheet' and i.code not in (select code from known) and i.parent in (select code from known)
     order by i.code, i.line
    on conflict (code) do update set rome = excluded.rome where u.rome <> excluded.rome
    returning xmax = 0 as is_fresh
), titled as (
    insert into data.appellation as a (rome, label, ogr)
    select t.rome, t.label, min(t.ogr)
      from (select coalesce((select k.code from known k where k.code = i.parent), (select u.rome from data.rome_under u where u.code = i.code)) as rome, i.label, i.ogr
              from incoming_rome i where i.said <> 'label') t
     where t.rome is not null
     group by t.rome, t.label
    on conflict (rome, label) do update set ogr = excluded.ogr where excluded.ogr is distinct from a.ogr and excluded.ogr is not null
    returning xmax = 0 as is_fresh
)
select count(*) filter (where x.is_fresh), count(*) filter (where not x.is_fresh)
  from (select is_fresh from named union all select is_fresh from under union all select is_fresh from titled) x;

-- zone_stage() -> void
create temporary table incoming_zone (
    level   text not null,
    code    text collate "C" not null,
    name    text not null,
    commune text collate "C" -- null: only the name of a zone
) on commit drop;

-- zone_load() -> copy
copy incoming_zone from stdin;

-- zone_merge() -> row
with named as (
    insert into data.zone as z (level, code, name)
    select distinct on (level, code) level, code, replace(name, '''', '’') from incoming_zone order by level, code
    on conflict (level, code) do update set name = excluded.name where z.name <> excluded.name
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh), count(*) filter (where not is_fresh) from named;

-- zone_after() -> void
-- Members, then outlines. A municipal district lies where its town does.
with member as (
    select distinct on (c.number) i.level, c.number, z.id
      from incoming_zone i
      join data.zone z on z.level = i.level and z.code = i.code
      join data.commune c on c.code = i.commune
          or (i.commune = '75056' and c.code between '75101' and '75120') or (i.commune = '69123' and c.code between '69381' and '69389')
          or (i.commune = '13055' and c.code between '13201' and '13216')
     where i.commune is not null
     order by c.number, i.code
), put as (
    insert into data.zone_commune as w (level, commune, zone_id)
    select m.level, m.number, m.id from member m
    on conflict (level, commune) do update set zone_id = excluded.zone_id where w.zone_id <> excluded.zone_id
)
select data.zones_refresh();
