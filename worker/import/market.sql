-- The labour market.

-- market_refresh() -> void
select data.outlook_refresh();

-- bassin_stage() -> void
create temporary table incoming_bassin (commune text not null, bassin text not null, name text) on commit drop;

-- bassin_load() -> copy
copy incoming_bassin from stdin;

-- bassin_merge() -> row
with named as (
    insert into data.bassin as b (code, name)
    select i.bassin, coalesce(max(i.name), i.bassin) from incoming_bassin i group by i.bassin
    on conflict (code) do update set name = excluded.name where b.name is distinct from excluded.name and excluded.name <> excluded.code
), merged as (
    insert into data.bassin_commune as c (commune_code, bassin)
    -- A commune of former times says where today's lies, unless the file names that one too.
    select distinct on (c.today) c.today, i.bassin
      from incoming_bassin i cross join lateral (select data.commune_today(i.commune) as today) c
     order by c.today, c.today <> i.commune, i.commune
    on conflict (commune_code) do update set bassin = excluded.bassin where c.bassin <> excluded.bassin
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh), count(*) filter (where not is_fresh) from merged;

-- bmo_stage() -> void
create temporary table incoming_bmo (
    year smallint not null, fap text not null, label text not null, bassin text not null, name text, projects integer, difficult integer,
    seasonal integer
) on commit drop;

-- bmo_load() -> copy
copy incoming_bmo from stdin;

-- bmo_merge() -> row
-- A bassin may lie in several départements, one row in each: their sum, unknown as soon as one is. The latest year counts.
with latest as (
    select i.* from incoming_bmo i where i.year = (select max(x.year) from incoming_bmo x)
), families as (
    insert into data.fap as f (code, label) select l.fap, max(l.label) from latest l group by l.fap
    on conflict (code) do update set label = excluded.label where f.label <> excluded.label
), named as (
    insert into data.bassin (code, name) select l.bassin, coalesce(max(l.name), l.bassin) from latest l group by l.bassin
    on conflict (code) do nothing
), merged as (
    insert into data.bmo as b (bassin, fap, year, label, projects, difficult, seasonal)
    select l.bassin, l.fap, max(l.year), max(l.label), case when count(l.projects) = count(*) then sum(l.projects) end,
           case when count(l.difficult) = count(*) then sum(l.difficult) end, case when count(l.seasonal) = count(*) then sum(l.seasonal) end
      from latest l group by l.bassin, l.fap
    on conflict (bassin, fap) do update
       set year = excluded.year, label = excluded.label, projects = excluded.projects, difficult = excluded.difficult, seasonal = excluded.seasonal
     where excluded.year >= b.year
       and (b.year, b.label, b.projects, b.difficult, b.seasonal)
           is distinct from (excluded.year, excluded.label, excluded.projects, excluded.difficult, excluded.seasonal)
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh), count(*) filter (where not is_fresh) from merged;

-- tension_stage() -> void
create temporary table incoming_tension (year smallint not null, rome text not null, bassin text not null, level smallint not null) on commit drop;

-- tension_load() -> copy
copy incoming_tension from stdin;

-- tension_merge() -> row
with named as (
    insert into data.bassin (code, name) select distinct i.bassin, i.bassin from incoming_tension i
    on conflict (code) do nothing
), merged as (
    insert into data.tension as t (bassin, rome, year, level)
    select distinct on (i.bassin, i.rome) i.bassin, i.rome, i.year, i.level from incoming_tension i order by i.bassin, i.rome, i.year desc
    on conflict (bassin, rome) do update set year = excluded.year, level = excluded.level
     where excluded.year >= t.year and (t.year, t.level) <> (excluded.year, excluded.level)
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh), count(*) filter (where not is_fresh) from merged;

-- hiring_stage() -> void
create temporary table incoming_hiring (rome text not null, naf text not null, hires integer not null) on commit drop;

-- hiring_load() -> copy
copy incoming_hiring from stdin;

-- hiring_merge() -> row
with merged as (
    insert into data.hiring as h (naf, rome, hires)
    select i.naf, i.rome, sum(i.hires) from incoming_hiring i group by i.naf, i.rome having sum(i.hires) > 0
    on conflict (naf, rome) do update set hires = excluded.hires where h.hires <> excluded.hires
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh), count(*) filter (where not is_fresh) from merged;

-- family_stage() -> void
create temporary table incoming_family (fap text not null, rome text not null) on commit drop;

-- family_load() -> copy
copy incoming_family from stdin;

-- family_merge() -> row
with merged as (
    insert into data.fap_rome (fap, rome) select distinct i.fap, i.rome from incoming_family i
    on conflict do nothing returning 1
)
select count(*), 0::bigint from merged;
