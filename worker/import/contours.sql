-- Contours of communes.

-- contours_stage() -> void
create temporary table shape (
    ordinal integer not null,
    code    text collate "C" not null,
    name    text,
    geojson text not null
) on commit drop;

-- contours_load() -> copy
copy shape from stdin;

-- contours_merge() -> row
-- Contours are kept as they came. Counts: new or different ones of communes, of today or of former times; codes that no commune bears.
with part as materialized (
    select s.code, s.name, s.ordinal, st_multi(st_collectionextract(st_makevalid(st_setsrid(st_geomfromgeojson(s.geojson), 4326)), 3)) as shape from shape s
), made as materialized (
    -- A mainland and its island may be two features of one commune.
    select p.code, (array_agg(p.name order by p.ordinal))[1] as name,
           case when count(*) = 1 then (array_agg(p.shape))[1] else st_multi(st_collectionextract(st_union(p.shape), 3)) end as shape
      from part p
     group by p.code
), known as materialized (
    select m.code from made m
     where exists (select from data.commune c where c.code = m.code) or exists (select from data.commune_former f where f.code = m.code)
), kept as (
    insert into data.contour as k (code, name, shape, received_at)
    select m.code, m.name, m.shape, data.now() from made m where not st_isempty(m.shape)
    on conflict (code) do update set name = excluded.name, shape = excluded.shape, received_at = excluded.received_at
     where not st_orderingequals(k.shape, excluded.shape)
    returning k.code
)
select (select count(*) from kept where code in (select code from known)), (select count(*) from made where code not in (select code from known)),
       (select coalesce(array_agg(code), '{}') from kept);

-- contours_settle(codes text[]) -> row
select data.contours_apply(:codes);

-- contours_count() -> row
-- Communes, in the départements that the file speaks of: with an outline made of several, drawn for want of one, on no map.
select count(*) filter (where c.cell_kind = 'dissolved'), count(*) filter (where c.cell_kind = 'voronoi'), count(*) filter (where c.cell is null)
  from data.commune c
 where c.department in (select c.department from shape s join data.commune c on c.code = s.code);
