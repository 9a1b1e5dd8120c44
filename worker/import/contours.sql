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
-- The official contour takes the place of the computed cell. Counts: changed, codes no commune bears.
with made as materialized (
    select distinct on (s.code) s.code,
           st_multi(st_collectionextract(st_makevalid(st_setsrid(st_geomfromgeojson(s.geojson), 4326)), 3)) as cell
      from shape s
     order by s.code, s.ordinal
), changed as (
    update data.commune c
       set cell = m.cell, cell_kind = 'contour', centre = coalesce(c.centre, st_pointonsurface(m.cell))
      from made m
     where c.code = m.code and not st_isempty(m.cell)
       and (c.cell_kind is distinct from 'contour' or not st_orderingequals(c.cell, m.cell))
    returning c.code
)
select (select count(*) from changed),
       (select count(*) from made m where not exists (select from data.commune c where c.code = m.code));
