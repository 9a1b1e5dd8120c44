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

-- contours_merge(srid int, is_swapped bool) -> row
-- Contours are kept as they came, in longitude and latitude, rings that cross themselves mended. Counts: new or different ones of
-- communes, of today or of former times; the same as before; codes that no commune bears; codes without a surface; mended contours;
-- the codes that changed; some of those that nobody bears; communes of which the contour lies beside their centre, and some of them; those to whose contour
-- the file gives the name of another one, and some of them.
with given as materialized (
    select s.code, s.name, s.ordinal, st_force2d(st_setsrid(st_geomfromgeojson(s.geojson), 4326)) as shape from shape s
), placed as materialized (
    select g.code, g.name, g.ordinal, st_isvalid(g.shape) as is_valid,
           case when :is_swapped then st_flipcoordinates(g.shape)
                when :srid <> 4326 then st_transform(st_setsrid(g.shape, :srid), 4326) else g.shape end as shape
      from given g
), part as materialized (
    select p.code, p.name, p.ordinal, p.is_valid,
           st_multi(st_collectionextract(case when st_isvalid(p.shape) then p.shape else st_makevalid(p.shape, 'method=structure keepcollapsed=false') end, 3)) as shape
      from placed p
), made as materialized (
    -- A mainland and its island may be two features of one commune.
    select p.code, (array_agg(p.name order by p.ordinal))[1] as name,
           case when count(*) = 1 then (array_agg(p.shape))[1] else st_multi(st_collectionextract(st_union(p.shape), 3)) end as shape
      from part p
     group by p.code
), known as materialized (
    select m.code, st_isempty(m.shape) as is_empty from made m
     where exists (select from data.commune c where c.code = m.code) or exists (select from data.commune_former f where f.code = m.code)
), astray as (
    -- Beside the centre that somebody told before: of another commune, most likely. What simplifies a coast or a border is no such distance.
    select m.code from made m join data.commune c on c.code = m.code
     where c.centre is not null and not st_isempty(m.shape) and not st_intersects(m.shape, c.centre) and not st_dwithin(m.shape::geography, c.centre::geography, 20000)
       and not data.is_centre_own(c)
), borne as materialized (
    select c.code, c.department, data.fold(c.name) as name from data.commune c
     where c.department in (select k.department from made m join data.commune k on k.code = m.code) and not exists (select from data.commune_former f where f.code = c.code)
), misnamed as (
    -- The name of another commune of the département: codes have slipped by a line. An article that went or came is no other name.
    select b.code, (array_agg(m.name))[1] as name
      from made m join borne b on b.code = m.code join borne o on o.department = b.department and o.name = data.fold(m.name)
     where o.code <> b.code and strpos(b.name, o.name) = 0
     group by b.code
), kept as (
    insert into data.contour as k (code, name, shape, received_at)
    select m.code, m.name, m.shape, data.now() from made m where not st_isempty(m.shape)
    on conflict (code) do update set name = excluded.name, shape = excluded.shape, received_at = excluded.received_at
     where not st_orderingequals(k.shape, excluded.shape)
    returning k.code
), counted as (
    select (select count(*) from kept where code in (select code from known)) as changed, (select count(*) from known where not is_empty) as known,
           (select count(*) from made where code not in (select code from known)) as unknown
)
select c.changed, c.known - c.changed, c.unknown, (select count(*) from made m where st_isempty(m.shape)), (select count(*) from part p where not p.is_valid),
       (select coalesce(array_agg(code), '{}') from kept),
       (select string_agg(u.code, ', ' order by u.code) from (select m.code from made m where m.code not in (select code from known) order by m.code limit 8) u),
       (select count(*) from astray), (select string_agg(a.code, ', ' order by a.code) from (select code from astray order by code limit 8) a),
       (select count(*) from misnamed), (select string_agg(format('%s (%s)', w.code, w.name), ', ' order by w.code) from (select * from misnamed order by code limit 8) w)
  from counted c;

-- contours_settle(codes text[]) -> row
-- Also where nothing changed, but a commune is on no map: more may be known of it by now.
select data.contours_apply(:codes || array(
           select c.code from data.commune c
            where c.cell is null and not exists (select from data.commune_former f where f.code = c.code)
              and c.department in (select k.department from shape s join data.commune k on k.code = data.commune_today(s.code))));

-- contours_over(codes text[]) -> row
-- Communes of which the middle lies under the contour of another one, by what these codes brought, and some of them: a shape that is there twice, under the
-- code of its neighbour. A town lies over its own districts.
with brought as materialized (
    select distinct data.commune_today(u) as code from unnest(:codes) u
), ground as materialized (
    select c.code, st_pointonsurface(c.cell) as middle
      from data.commune c
     where c.cell_kind <> 'voronoi' and not exists (select from data.commune_former f where f.code = c.code)
       and c.department in (select k.department from brought b join data.commune k on k.code = b.code)
), covered as (
    select g.code, o.code as by
      from ground g
      join data.commune o on st_intersects(o.cell, g.middle)
     where o.code <> g.code and o.cell_kind <> 'voronoi' and not exists (select from data.commune_former f where f.code = o.code)
       and coalesce(data.town_of(g.code), g.code) <> coalesce(data.town_of(o.code), o.code)
       and (g.code in (select code from brought) or o.code in (select code from brought))
)
select count(*), (select string_agg(format('%s sous %s', s.code, s.by), ', ' order by s.code, s.by) from (select * from covered order by code, by limit 8) s) from covered;

-- contours_count() -> row
-- Communes, in the départements that the file speaks of: with an outline made of several, drawn for want of one, on no map.
select count(*) filter (where c.cell_kind = 'dissolved'), count(*) filter (where c.cell_kind = 'voronoi'), count(*) filter (where c.cell is null)
  from data.commune c
 where c.department in (select c.department from shape s join data.commune c on c.code = data.commune_today(s.code))
   and not exists (select from data.commune_former f where f.code = c.code);
