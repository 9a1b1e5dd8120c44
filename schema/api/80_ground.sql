-- The ground of the map: official contours where there are some, dissolved into the communes of today; else cells around the centres.

-- Municipal districts lie in their town, which keeps its own outline.
create or replace function data.town_of(code text) returns text
    language sql immutable parallel safe strict
    return case when code between '75101' and '75120' then '75056' when code between '69381' and '69389' then '69123'
                when code between '13201' and '13216' then '13055' end;

-- Draws the communes of a département that have no contour, each as the part of a Voronoi diagram of the centres that nobody else has:
-- within holes of the known contours, and elsewhere at most six kilometres from its centre and four from the hull of all centres. A hole that is
-- far from all of them is somebody else's: an enclave of another département stays one.
-- A commune that was taken out of another one shares its contour with it, and so do municipal districts. Returns how many were drawn.
create or replace function data.cells_draw(of_department text) returns integer
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    n     integer;
    more  integer := 0;
    whole record;
begin
    -- A commune whose centre nobody told lies where its employers do.
    update commune c
       set centre = p.at
      from (select e.commune_code, ST_SetSRID(ST_MakePoint(round(avg(ST_X(e.location))::numeric, 4), round(avg(ST_Y(e.location))::numeric, 4)), 4326) as at
              from establishment e
             where e.location is not null and e.commune_code in (select k.code from commune k where k.department = of_department and k.centre is null)
             group by e.commune_code) p
     where c.code = p.commune_code;
    update commune c set cell = null, cell_kind = null where c.department = of_department and c.cell_kind = 'voronoi' and c.centre is not null;
    with here as materialized (
        select c.code, c.centre, c.cell, c.cell is not null as known from commune c
         where c.department = of_department and c.centre is not null and data.town_of(c.code) is null
    ), known as materialized (
        select ST_Union(h.cell) as shape from here h where h.known
    ), round_about as (
        select ST_Buffer(ST_ConcaveHull(ST_Collect(h.centre), 0.4)::geography, 4000)::geometry as hull,
               (select ST_Union(ST_Buffer(h.centre::geography, 6000)::geometry) from here h where not h.known) as near
          from here h
    ), inside as (
        select ST_Union(ST_MakePolygon(ST_ExteriorRing(d.geom))) as shape from known k cross join lateral ST_Dump(k.shape) d
    ), wide as materialized (
        -- Where nothing is known, the whole hull, as ever.
        select case when k.shape is null then r.hull else ST_Union(ST_Intersection(r.hull, r.near), i.shape) end as area
          from round_about r, known k, inside i
         where r.near is not null
    ), room as materialized (
        select ST_Difference(w.area, coalesce((select ST_Union(o.cell) from commune o where o.cell_kind <> 'voronoi' and o.cell && w.area),
                                              ST_SetSRID('POLYGON EMPTY'::geometry, 4326))) as area from wide w
    ), candidate as materialized (
        -- Whose centre lies in the contour of another one was taken out of it, see below.
        select h.code, h.centre from here h cross join room r where not h.known and ST_Intersects(r.area, h.centre)
    ), cells as (
        select (ST_Dump(ST_VoronoiPolygons(ST_Collect(k.centre), 0, (select w.area from wide w)))).geom as cell from candidate k having count(*) > 1
         union all
        select w.area from wide w where (select count(*) from candidate) = 1
    ), drawn as (
        select k.code, ST_Multi(ST_CollectionExtract(ST_ReducePrecision(ST_Collect(p.geom), 0.00001), 3)) as cell
          from candidate k join cells v on ST_Contains(v.cell, k.centre) cross join room r cross join known f
         cross join lateral ST_Dump(ST_CollectionExtract(ST_Intersection(v.cell, r.area), 3)) p
         where f.shape is null or ST_DWithin(p.geom::geography, k.centre::geography, 6000)
         group by k.code
    )
    update commune c
       set cell = case when ST_Area(d.cell::geography) >= 100000 then d.cell end, cell_kind = case when ST_Area(d.cell::geography) >= 100000 then 'voronoi' end
      from drawn d
     where c.code = d.code;
    get diagnostics n = row_count;

    -- Those for whom no room was left, and districts: parts of the contour in which their centre lies.
    for whole in
        select k.code, k.cell, coalesce(bool_and(data.town_of(m.code) = k.code), false) as is_town, array_agg(m.code) as parts
          from commune m
          join commune k on k.department = of_department and k.cell_kind <> 'voronoi'
               and case when data.town_of(m.code) is not null then data.town_of(m.code) = k.code else ST_Contains(k.cell, m.centre) and k.code <> m.code end
         where m.department = of_department and m.centre is not null and m.cell is null
         group by k.code
    loop
        with c as (
            select u.code, u.centre from commune u where u.code = any (whole.parts) or (u.code = whole.code and not whole.is_town)
        ), v as (
            select (ST_Dump(ST_VoronoiPolygons((select ST_Collect(c.centre) from c), 0, whole.cell))).geom as cell
        )
        update commune u
           set cell = ST_Multi(ST_CollectionExtract(ST_Intersection(v.cell, whole.cell), 3)), cell_kind = 'voronoi'
          from c, v
         where u.code = c.code and ST_Contains(v.cell, c.centre) and not ST_IsEmpty(ST_CollectionExtract(ST_Intersection(v.cell, whole.cell), 3));
        get diagnostics more = row_count;
        n := n + more;
    end loop;
    return n;
end
$$;

-- Communes take the contours that were received for them, or for the communes that have become part of them; those that are left
-- are drawn, département by département; zones follow. Only for the départements of these codes, all when null.
create or replace function data.contours_apply(codes text[]) returns void
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    departments text[];
    one         text;
begin
    select array_agg(distinct c.department) into departments
      from commune c
     where codes is null or c.code = any (codes) or exists (select from commune_former f where f.commune_code = c.code and f.code = any (codes));
    if departments is null then
        return;
    end if;
    with part as (
        select c.code as commune, k.code, k.shape from contour k join commune c on c.code = k.code where c.department = any (departments)
         union all
        select c.code, k.code, k.shape from contour k join commune_former f on f.code = k.code join commune c on c.code = f.commune_code
         where c.department = any (departments) and not exists (select from commune o where o.code = k.code)
    ), made as (
        select p.commune, case when count(*) = 1 then (array_agg(p.shape))[1] else ST_Multi(ST_CollectionExtract(ST_Union(p.shape), 3)) end as cell,
               case when count(*) = 1 and bool_and(p.code = p.commune) then 'contour' else 'dissolved' end as kind
          from part p group by p.commune
    )
    update commune c
       set cell = m.cell, cell_kind = m.kind, centre = coalesce(c.centre, ST_PointOnSurface(m.cell))
      from made m
     where c.code = m.commune and (c.cell_kind is distinct from m.kind or not ST_OrderingEquals(c.cell, m.cell));
    -- Drawn cells of the neighbours over which a contour has come give way.
    departments := departments || array(select distinct o.department
                                          from commune c join commune o on o.cell && c.cell and ST_Relate(o.cell, c.cell, 'T********')
                                         where c.department = any (departments) and c.cell_kind <> 'voronoi'
                                           and o.cell_kind = 'voronoi' and o.department <> all (departments));
    foreach one in array departments loop
        perform data.cells_draw(one);
    end loop;
    perform data.zone_shapes();
end
$$;
