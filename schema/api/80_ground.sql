-- The ground of the map: communes as cells until official contours are imported.

-- Draws the Voronoi cells of a département's commune centres, within a hull of them, for the communes that have no
-- contour. The hull is widened by about 4 km so that the outer communes have room. Returns how many were drawn.
create or replace function data.cells_draw(of_department text) returns integer
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    n integer;
begin
    with centres as (
        select c.code, c.centre from commune c where c.department = of_department and c.centre is not null
    ), hull as (
        select ST_Buffer(ST_ConcaveHull(ST_Collect(c.centre), 0.4)::geography, 4000)::geometry as area from centres c
    ), cells as (
        select (ST_Dump(ST_VoronoiPolygons(ST_Collect(c.centre), 0, (select h.area from hull h)))).geom as cell from centres c
    )
    update commune c
       set cell = ST_Multi(ST_CollectionExtract(ST_ReducePrecision(ST_Intersection(v.cell, h.area), 0.00001), 3)), cell_kind = 'voronoi'
      from cells v, hull h
     where c.department = of_department and c.centre is not null and ST_Contains(v.cell, c.centre)
       and coalesce(c.cell_kind, 'voronoi') = 'voronoi';
    get diagnostics n = row_count;
    return n;
end
$$;
