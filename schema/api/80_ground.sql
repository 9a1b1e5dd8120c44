-- The ground of the map: official contours where there are some, dissolved into the communes of today; else cells around the centres.

-- Where municipal districts lie: the contours that are published know their towns only. Places of La Poste's base of postcodes (Licence Ouverte),
-- rounded to ten metres.
create or replace function data.district_places() returns table (code text, lon double precision, lat double precision)
    language sql immutable parallel safe as $$
    values ('13201', 5.3823, 43.2999), ('13202', 5.3636, 43.3127), ('13203', 5.3801, 43.3121), ('13204', 5.4009, 43.3067), ('13205', 5.3976, 43.2928), ('13206', 5.3810, 43.2871), ('13207', 5.3632, 43.2825),
           ('13208', 5.3746, 43.2417), ('13209', 5.4525, 43.2341), ('13210', 5.4268, 43.2755), ('13211', 5.4838, 43.2884), ('13212', 5.4399, 43.3078), ('13213', 5.4337, 43.3493), ('13214', 5.3941, 43.3455),
           ('13215', 5.3634, 43.3588), ('13216', 5.3134, 43.3649),
           ('69381', 4.8292, 45.7699), ('69382', 4.8262, 45.7493), ('69383', 4.8692, 45.7534), ('69384', 4.8240, 45.7787), ('69385', 4.8023, 45.7558), ('69386', 4.8521, 45.7729), ('69387', 4.8376, 45.7334),
           ('69388', 4.8694, 45.7342), ('69389', 4.8082, 45.7818),
           ('75101', 2.3363, 48.8626), ('75102', 2.3441, 48.8679), ('75103', 2.3594, 48.8631), ('75104', 2.3574, 48.8542), ('75105', 2.3499, 48.8445), ('75106', 2.3327, 48.8490), ('75107', 2.3124, 48.8561),
           ('75108', 2.3126, 48.8725), ('75109', 2.3375, 48.8769), ('75110', 2.3611, 48.8760), ('75111', 2.3787, 48.8594), ('75112', 2.4198, 48.8352), ('75113', 2.3625, 48.8287), ('75114', 2.3271, 48.8290),
           ('75115', 2.2936, 48.8402), ('75116', 2.2621, 48.8604), ('75117', 2.3075, 48.8873), ('75118', 2.3487, 48.8927), ('75119', 2.3847, 48.8869), ('75120', 2.4008, 48.8632)
$$;

-- A surface in so many parts of about the same size, the same each time.
create or replace function data.shape_parts(shape ext.geometry, parts integer) returns table (n integer, part ext.geometry)
    language sql immutable set search_path = data, ext, pg_temp as $$
    with p as materialized (
        select d.geom from ST_Dump(ST_GeneratePoints(shape, 300 * parts, 7)) d where parts > 1
    ), k as materialized (
        select c.id, ST_Centroid(ST_Collect(c.geom)) as at from (select p.geom, ST_ClusterKMeans(p.geom, parts) over () as id from p) c group by c.id
    ), v as materialized (
        select (ST_Dump(ST_VoronoiPolygons(ST_Collect(k.at), 0, shape))).geom as cell from k
    )
    select row_number() over (order by k.id)::integer, ST_Multi(ST_CollectionExtract(ST_Intersection(v.cell, shape), 3)) from k join v on ST_Contains(v.cell, k.at)
     union all
    select 1, ST_Multi(shape) where parts = 1
$$;

-- What the districts of a town that have a contour leave of it to those that have none. Less than a hectare is the width of a street between two contours.
create or replace function data.town_left(town text, cell ext.geometry) returns ext.geometry
    language sql stable set search_path = data, ext, pg_temp as $$
    select coalesce(ST_Multi(ST_Collect(p.geom)), ST_SetSRID('MULTIPOLYGON EMPTY'::geometry, 4326))
      from (select ST_Union(c.cell) as shape from commune c where data.town_of(c.code) = town and c.cell_kind <> 'voronoi') k
     cross join lateral ST_Dump(ST_CollectionExtract(case when k.shape is null then cell else ST_Difference(cell, k.shape) end, 3)) p
     where k.shape is null or ST_Area(p.geom::geography) >= 10000
$$;

-- Draws the communes of a département that have no contour, each as the part of a Voronoi diagram of the centres that nobody else has:
-- within holes of the known contours, and elsewhere at most six kilometres from its centre and four from the hull of all centres. A hole that is
-- far from all of them is somebody else's: an enclave of another département stays one. Centres of the neighbours that have no contour either take part, so that
-- two départements meet half-way.
-- A commune that was taken out of another one shares its contour with it, and municipal districts what those with a contour leave of their town. Of one whose place nobody told, see
-- data.cells_guess. Returns how many were drawn.
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
    update commune c set centre = ST_SetSRID(ST_MakePoint(d.lon, d.lat), 4326) from data.district_places() d where d.code = c.code and c.department = of_department and c.centre is null;
    update commune c set cell = null, cell_kind = null where c.department = of_department and c.cell_kind = 'voronoi';
    with here as materialized (
        select c.code, c.centre, c.cell, c.cell is not null as known from commune c
         where c.department = of_department and c.centre is not null and data.town_of(c.code) is null
           and not exists (select from commune_former f where f.code = c.code)
    ), known as materialized (
        select ST_Union(h.cell) as shape from here h where h.known
    ), round_about as materialized (
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
    ), point as materialized (
        select k.centre from candidate k
         union all
        select c.centre from wide w join commune c on c.centre && ST_Expand(w.area, 0.1)
         where c.department <> of_department and (c.cell is null or c.cell_kind = 'voronoi') and data.town_of(c.code) is null
           and not exists (select from commune_former f where f.code = c.code)
           and not exists (select from commune o where o.cell_kind <> 'voronoi' and o.cell && c.centre and ST_Contains(o.cell, c.centre))
    ), cells as (
        select (ST_Dump(ST_VoronoiPolygons(ST_Collect(p.centre), 0, (select w.area from wide w)))).geom as cell from point p having count(*) > 1
         union all
        select w.area from wide w where (select count(*) from point) = 1
    ), drawn as (
        select k.code, ST_Multi(ST_CollectionExtract(ST_ReducePrecision(ST_Collect(p.geom), 0.00001), 3)) as cell
          from candidate k join cells v on ST_Contains(v.cell, k.centre) cross join room r cross join known f
         cross join lateral ST_Dump(ST_CollectionExtract(ST_Intersection(v.cell, r.area), 3)) p
         where f.shape is null or ST_DWithin(p.geom::geography, k.centre::geography, 6000)
         group by k.code
    )
    update commune c
       set cell = d.cell, cell_kind = 'voronoi'
      from drawn d
     where c.code = d.code;
    get diagnostics n = row_count;

    -- Those for whom no room was left, or less than a hectare between simplified contours, and districts: parts of the contour in
    -- which their centre lies, or of the nearest one. Who is beside none keeps what is drawn, however small.
    for whole in
        select k.code, case when bool_and(data.town_of(m.code) = k.code) then data.town_left(k.code, k.cell) else k.cell end as cell,
               coalesce(bool_and(data.town_of(m.code) = k.code), false) as is_town, array_agg(m.code) as parts
          from commune m
         cross join lateral (
               select k.code, k.cell
                 from commune k
                where k.department = of_department and k.cell_kind <> 'voronoi' and k.code <> m.code
                  and case when data.town_of(m.code) is not null then data.town_of(m.code) = k.code
                           else data.town_of(k.code) is null and ST_Intersects(k.cell, ST_Expand(m.centre, 0.005)) end
                order by k.cell <-> m.centre, k.code limit 1) k
         where m.department = of_department and m.centre is not null and not exists (select from commune_former f where f.code = m.code)
           and (m.cell is null or m.cell_kind = 'voronoi' and ST_Area(m.cell::geography) < 10000)
         group by k.code, k.cell
    loop
        with c as (
            -- A centre beside the contour is moved into it.
            select u.code, case when ST_Contains(whole.cell, u.centre) then u.centre
                                else ST_LineInterpolatePoint(ST_MakeLine(ST_ClosestPoint(whole.cell, u.centre), ST_PointOnSurface(whole.cell)), 0.1) end as centre
              from commune u where u.code = any (whole.parts) or (u.code = whole.code and not whole.is_town)
        ), v as (
            select (ST_Dump(ST_VoronoiPolygons((select ST_Collect(c.centre) from c), 0, whole.cell))).geom as cell
             union all
            select ST_Expand(whole.cell, 1) where (select count(*) from c) = 1 -- one point parts nothing
        )
        update commune u
           set cell = ST_Multi(ST_CollectionExtract(ST_Intersection(v.cell, whole.cell), 3)), cell_kind = 'voronoi'
          from c, v
         where u.code = c.code and ST_Contains(v.cell, c.centre) and not ST_IsEmpty(ST_CollectionExtract(ST_Intersection(v.cell, whole.cell), 3));
        get diagnostics more = row_count;
        n := n + more;
    end loop;
    return n + data.cells_guess(of_department);
end
$$;

-- Draws those communes of a département of whose place nobody told anything, not even an employer, when nearly all others are there: in a hole between
-- communes with which they share a postcode or their inter-communal group; else as a part of the largest commune that shares the postcode,
-- else the group: a commune that came back was part of one of them. Returns how many.
create or replace function data.cells_guess(of_department text) returns integer
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    gone   text[];
    there  bigint;
    holes  geometry[];
    filled bigint[] := '{}';
    fit    record;
    whole  record;
    n      integer := 0;
begin
    select array_agg(c.code order by c.code) filter (where c.cell is null), count(*) filter (where c.cell is not null) into gone, there
      from commune c
     where c.department = of_department and data.town_of(c.code) is null and not exists (select from commune_former f where f.code = c.code);
    if gone is null or cardinality(gone) * 10 > there then
        return 0;
    end if;
    holes := array(
        select h.shape
          from (select ST_Multi(ST_CollectionExtract(ST_Difference(r.ring, coalesce((select ST_Union(o.cell) from commune o where o.department <> of_department and o.cell && r.ring),
                                                                                    ST_SetSRID('POLYGON EMPTY'::geometry, 4326))), 3)) as shape
                  from (select ST_MakePolygon(ST_InteriorRingN(d.geom, i)) as ring
                          from (select ST_Union(c.cell) as shape from commune c where c.department = of_department and c.cell is not null) u
                         cross join lateral ST_Dump(u.shape) d
                         cross join lateral generate_series(1, ST_NumInteriorRings(d.geom)) i) r) h
         where ST_Area(h.shape::geography) >= 30000
         order by ST_XMin(h.shape), ST_YMin(h.shape));
    for fit in
        select m.code, h.id, count(*) filter (where k.postcodes && m.postcodes) as by_post, count(*) filter (where w.zone_id = v.zone_id) as by_group
          from unnest(holes) with ordinality h (shape, id)
          join commune k on k.department = of_department and k.cell && h.shape and ST_Intersects(k.cell, h.shape)
          left join zone_commune w on w.level = 'epci' and w.commune = k.number
         cross join commune m
          left join zone_commune v on v.level = 'epci' and v.commune = m.number
         where m.code = any (gone)
         group by m.code, h.id
        having count(*) filter (where k.postcodes && m.postcodes or w.zone_id = v.zone_id) > 0
         order by 3 desc, 4 desc, m.code, h.id
    loop
        if fit.code = any (gone) and fit.id <> all (filled) then
            update commune c set cell = holes[fit.id], cell_kind = 'voronoi' where c.code = fit.code;
            gone   := array_remove(gone, fit.code);
            filled := filled || fit.id;
            n := n + 1;
        end if;
    end loop;
    for whole in
        select k.code, k.cell, coalesce(k.centre, ST_PointOnSurface(k.cell)) as centre, array_agg(m.code order by m.code) as parts
          from commune m
          left join zone_commune v on v.level = 'epci' and v.commune = m.number
         cross join lateral (
               select k.* from commune k
                where k.department = of_department and k.cell is not null and data.town_of(k.code) is null
                  and (k.postcodes && m.postcodes or exists (select from zone_commune w where w.level = 'epci' and w.commune = k.number and w.zone_id = v.zone_id))
                order by k.postcodes && m.postcodes desc, ST_Area(k.cell::geography) desc, k.code limit 1) k
         where m.code = any (gone)
         group by k.code, k.cell, k.centre
    loop
        -- The part where its centre lies stays its own.
        with part as materialized (
            select p.part, row_number() over (order by ST_Distance(p.part, whole.centre), p.n) as place from data.shape_parts(whole.cell, cardinality(whole.parts) + 1) p
        )
        update commune u set cell = p.part, cell_kind = 'voronoi'
          from part p where u.code = case when p.place = 1 then whole.code else whole.parts[p.place - 1] end;
        n := n + cardinality(whole.parts);
    end loop;
    return n;
end
$$;

-- Whether its centre is a place within its own contour that nobody told: it follows the contour, and says nothing about the next one.
create or replace function data.is_centre_own(c data.commune) returns boolean
    language sql stable parallel safe set search_path = data, ext, pg_temp
    return coalesce(c.cell_kind <> 'voronoi' and ST_Equals(c.centre, ST_PointOnSurface(c.cell)), false);

-- Communes of these départements take the contours that were received for them, or for the communes that have become part of them.
create or replace function data.contours_put(departments text[]) returns void
    language sql security definer set search_path = data, ext, pg_temp as $$
    with part as (
        select c.code as commune, k.code, k.shape from contour k join commune c on c.code = k.code
         where c.department = any (departments) and not exists (select from commune_former f where f.code = c.code)
         union all
        select c.code, k.code, k.shape from contour k join commune_former f on f.code = k.code join commune c on c.code = f.commune_code
         where c.department = any (departments)
         union all
        -- A town that is known by its districts only.
        select c.code, k.code, k.shape from contour k join commune c on c.code = data.town_of(k.code)
         where c.department = any (departments) and not exists (select from contour o where o.code = c.code)
    ), made as (
        select p.commune, case when count(*) = 1 then (array_agg(p.shape))[1] else ST_Multi(ST_CollectionExtract(ST_Union(p.shape), 3)) end as cell,
               case when count(*) = 1 and bool_and(p.code = p.commune) then 'contour' else 'dissolved' end as kind
          from part p group by p.commune
    )
    update commune c
       set cell = m.cell, cell_kind = m.kind, centre = case when c.centre is null or data.is_centre_own(c) then ST_PointOnSurface(m.cell) else c.centre end
      from made m
     where c.code = m.commune and (c.cell_kind is distinct from m.kind or not ST_OrderingEquals(c.cell, m.cell))
$$;

-- The other départements of which drawn cells lie under cells of these: under those that are drawn themselves, or under the others.
create or replace function data.drawn_beside(departments text[], is_drawn boolean) returns text[]
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    select array(select distinct o.department
                   from commune c join commune o on o.cell && c.cell and ST_Relate(o.cell, c.cell, 'T********')
                  where c.department = any (departments) and (c.cell_kind = 'voronoi') = is_drawn and o.cell_kind = 'voronoi' and o.department <> all (departments))
$$;

-- The ground of these départements anew: contours, then what is left is drawn, département by département, and with it what was drawn over others; zones
-- follow. What shares a contour takes it first, and shares it again. One at a time: who draws and who imports contours wait for each other.
create or replace function data.ground_draw(departments text[]) returns void
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    beside text[];
    one    text;
begin
    perform pg_advisory_xact_lock(hashtext('maillage.ground'));
    perform data.contours_put(departments);
    -- Drawn cells of the neighbours over which a contour has come give way.
    beside := data.drawn_beside(departments, false);
    perform data.contours_put(beside);
    departments := departments || beside;
    foreach one in array departments loop
        perform data.cells_draw(one);
    end loop;
    -- So do those that were drawn before the centres beside them were known.
    beside := data.drawn_beside(departments, true);
    perform data.contours_put(beside);
    foreach one in array beside loop
        perform data.cells_draw(one);
    end loop;
    perform data.zone_shapes(departments || beside);
end
$$;

-- The same for the départements of these codes, all when null.
create or replace function data.contours_apply(codes text[]) returns void
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    departments text[];
begin
    select array_agg(distinct c.department) into departments
      from commune c
     where codes is null or c.code = any (codes) or exists (select from commune_former f where f.commune_code = c.code and f.code = any (codes));
    if departments is not null then
        perform data.ground_draw(departments);
    end if;
end
$$;

-- Draws a département in which employers have come to a commune whose place nobody told before. False when there is none, or while somebody else
-- draws. Whichever comes first by chance: one that takes too long is rolled back and leaves no trace, and must not keep the others waiting for ever.
create or replace function data.ground_follow() returns boolean
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    department text;
begin
    if not pg_try_advisory_xact_lock(hashtext('maillage.ground')) then
        return false;
    end if;
    select c.department into department
      from commune c
     where c.centre is null and (c.cell is null or c.cell_kind = 'voronoi') and not exists (select from commune_former f where f.code = c.code)
       and exists (select from establishment e where e.commune_code = c.code and e.location is not null)
     group by c.department order by random() limit 1;
    if department is null then
        return false;
    end if;
    perform data.ground_draw(array[department]);
    return true;
end
$$;

-- Communes have merged, or one was taken out of another again; codes: those of whom that is new. Of a commune that was in the
-- list and is part of another one now, all that lies in it goes there: employers, offers and leads that are not closed, territories,
-- areas, bases. Its row stays, for what was written of it, on no map. Contours follow.
create or replace function data.communes_follow(codes text[]) returns void
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    gone   text[];
    joined bigint;
    parted bigint;
begin
    if cardinality(codes) = 0 then
        return;
    end if;
    -- What a commune was part of has become part of another one itself.
    for hops in 1 .. 10 loop
        update commune_former f set commune_code = n.commune_code
          from commune_former n where n.code = f.commune_code and n.commune_code <> f.code;
        exit when not found;
    end loop;
    select array_agg(c.code) into gone from commune c join commune_former f on f.code = c.code where c.code = any (codes);
    if gone is not null then
        update establishment e set commune_code = f.commune_code from commune_former f where f.code = e.commune_code and f.code = any (gone);
        update organisation o set commune_code = f.commune_code from commune_former f where f.code = o.commune_code and f.code = any (gone);
        update work_week w set home_commune = f.commune_code from commune_former f where f.code = w.home_commune and f.code = any (gone);
        -- What was agreed with the employer is the place, by whatever name: the guards let it pass.
        update commune_former f set moving = pg_current_xact_id() where f.code = any (gone);
        update offer o set commune_code = f.commune_code, version = o.version + 1
          from commune_former f where f.code = o.commune_code and f.code = any (gone) and o.closed_at is null;
        update lead l set commune_code = f.commune_code, version = l.version + 1
          from commune_former f where f.code = l.commune_code and f.code = any (gone) and l.state in ('sent', 'taken');
        update commune_former f set moving = null where f.code = any (gone);
        insert into territory_commune (territory_id, commune_code)
        select distinct t.territory_id, f.commune_code from territory_commune t join commune_former f on f.code = t.commune_code where f.code = any (gone)
        on conflict do nothing;
        delete from territory_commune t where t.commune_code = any (gone);
        insert into organisation_area (organisation_id, area)
        select distinct a.organisation_id, 'commune:' || f.commune_code from organisation_area a join commune_former f on a.area = 'commune:' || f.code where f.code = any (gone)
        on conflict do nothing;
        delete from organisation_area a where a.area = any (select 'commune:' || g from unnest(gone) g);
        insert into bassin_commune (commune_code, bassin)
        select distinct on (f.commune_code) f.commune_code, b.bassin from bassin_commune b join commune_former f on f.code = b.commune_code where f.code = any (gone)
         order by f.commune_code, f.code
        on conflict do nothing;
        perform set_config('maillage.wide', 'later', true);
        insert into zone_commune (level, commune, zone_id)
        select distinct on (w.level, n.number) w.level, n.number, w.zone_id
          from zone_commune w join commune c on c.number = w.commune join commune_former f on f.code = c.code join commune n on n.code = f.commune_code
         where f.code = any (gone) order by w.level, n.number, f.code
        on conflict do nothing;
        get diagnostics joined = row_count;
        delete from zone_commune w using commune c where c.number = w.commune and c.code = any (gone);
        get diagnostics parted = row_count;
        perform set_config('maillage.wide', '', true);
        if joined + parted > 0 then
            perform data.wide_rebuild();
        end if;
        update commune c set cell = null, cell_kind = null, centre = null where c.code = any (gone);
    end if;
    perform data.contours_apply(array(select c from unnest(codes) c where c = any (gone) or exists (select from contour k where k.code = c)));
end
$$;
