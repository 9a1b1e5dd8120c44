-- Vector tiles of the map: the ground, which is everybody's, and the employers that a person may see. Cut by PostGIS, kept as they
-- were sent until what they show changes.

-- --- what makes a tile stale ------------------------------------------------------------------------------------------------

-- An outline changed: all tiles of the ground are older than it.
create or replace function data.ground_touch() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update ground_stamp set stamp = nextval('tile_stamp');
    return null;
end
$$;
create or replace trigger ground_touch after insert or update of cell, cell_kind, centre, name or delete on data.commune
    for each statement execute function data.ground_touch();
create or replace trigger ground_touch after insert or update of shape, name or delete on data.zone
    for each statement execute function data.ground_touch();

-- The squares of zoom 9 in which an employer came, went or changed in something that a tile shows or chooses by.
create or replace function data.square_touch() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into square_touched (square) select distinct n.square >> 12 from fresh n where n.square is not null;
    elsif tg_op = 'DELETE' then
        insert into square_touched (square) select distinct o.square >> 12 from stale o where o.square is not null;
    else
        with now as materialized (
            select n.square, n.id, n.lon, n.lat, n.commune, n.active, n.size, n.naf, n.last_visit_at, coalesce(n.potential, 0) >= data.strong_potential() as strong from fresh n
        ), before as materialized (
            select o.square, o.id, o.lon, o.lat, o.commune, o.active, o.size, o.naf, o.last_visit_at, coalesce(o.potential, 0) >= data.strong_potential() as strong from stale o
        )
        insert into square_touched (square)
        select distinct s.square >> 12 from ((select * from now except select * from before) union all (select * from before except select * from now)) s where s.square is not null;
    end if;
    return null;
end
$$;
create or replace trigger square_touch_new after insert on data.facet
    referencing new table as fresh for each statement execute function data.square_touch();
create or replace trigger square_touch_changed after update on data.facet
    referencing new table as fresh old table as stale for each statement execute function data.square_touch();
create or replace trigger square_touch_gone after delete on data.facet
    referencing old table as stale for each statement execute function data.square_touch();

-- Numbers the squares that changed anew, and forgets tiles that nobody will ask for. A tile read before this has an older number,
-- whatever it shows; one at most is made for nothing.
create or replace function data.tiles_follow() returns void
    language sql security definer set search_path = data, pg_temp as $$
    with first as (
        delete from square_touched t where t.id in (select w.id from square_touched w order by w.id limit 20000) returning t.square
    )
    insert into square_stamp as s (square, stamp)
    select f.square, nextval('tile_stamp') from (select distinct square from first) f
    on conflict (square) do update set stamp = excluded.stamp;
    delete from tile t
     where (t.territory_id, t.question, t.z, t.x, t.y) in (select o.territory_id, o.question, o.z, o.x, o.y from tile o
                                                            where o.made_at < data.now() - interval '3 days' and o.territory_id <> 0 limit 500);
$$;

-- --- the ground -------------------------------------------------------------------------------------------------------------

-- Where the name of a shape goes: at its centre, if that lies in it; else into the largest of its parts. The middle of some islands is the sea, that of a ring
-- is an enclave.
create or replace function data.name_place(shape ext.geometry, centre ext.geometry) returns ext.geometry
    language sql immutable parallel safe set search_path = data, ext, pg_temp as $$
    select case when centre is not null and ST_Intersects(shape, centre) then centre
                else (select ST_PointOnSurface(d.geom) from ST_Dump(shape) d order by ST_Area(d.geom) desc, d.path limit 1) end
$$;

-- One tile of a level of zones: layer `zones` (code, name, kind) and, where their names go, layer `names` (name, population). A tile is for every
-- area: of a town whose districts are drawn it has the town (`parts`, how many) and the districts (`town`, its code), in both layers; a map shows
-- the districts, or the town where api.ground_frame tells it whole.
create or replace function data.zone_tile_make(level text, z integer, x integer, y integer) returns bytea
    language plpgsql stable parallel safe set search_path = data, ext, pg_temp as $$
declare
    frame geometry := ST_TileEnvelope(z, x, y);
    about geometry := ST_Transform(ST_Expand(frame, (ST_XMax(frame) - ST_XMin(frame)) / 64), 4326);
    -- Four units of the tile, half a dot on the screen; a dot where a tile holds half a country.
    fine  double precision := 360.0 / (1 << z) / 4096 * case when z <= 6 then 8 else 4 end;
    -- More names have no room in a tile: those of the largest.
    named constant integer := 300;
begin
    if zone_tile_make.level = 'commune' then
        return (
            with parted as materialized (
                select t.town, t.district from towns_parted() t
            ), s as materialized (
                select c.code, c.name, c.population, c.cell_kind as kind, c.cell as shape, c.centre as at, w.parts, town_of(case when d.district is not null then c.code end) as town
                  from commune c
                  left join (select p.town, count(*)::integer as parts from parted p group by p.town) w on w.town = c.number
                  left join parted d on d.district = c.number
                 where c.cell && about
            )
            select (select coalesce(ST_AsMVT(t, 'zones', 4096, 'geom'), '')
                      from (select s.code, s.name, s.kind, s.parts, s.town, ST_AsMVTGeom(ST_Transform(ST_Simplify(s.shape, fine, true), 3857), frame, 4096, 64, true) as geom from s) t
                     where t.geom is not null)
                || (select coalesce(ST_AsMVT(t, 'names', 4096, 'geom'), '')
                      from (select s.code, s.name, coalesce(s.population, 0) as population, s.parts, s.town, ST_AsMVTGeom(ST_Transform(name_place(s.shape, s.at), 3857), frame, 4096, 0, true) as geom
                              from s order by s.population desc nulls last, s.code limit named) t
                     where t.geom is not null));
    end if;
    return (
        with s as materialized (
            select o.code, o.name, o.shape, (select sum(c.population) from zone_commune w join commune c on c.number = w.commune where w.zone_id = o.id) as population
              from zone o where o.level = zone_tile_make.level and o.shape && about
        )
        select (select coalesce(ST_AsMVT(t, 'zones', 4096, 'geom'), '')
                  from (select s.code, s.name, ST_AsMVTGeom(ST_Transform(ST_Simplify(s.shape, fine, true), 3857), frame, 4096, 64, true) as geom from s) t
                 where t.geom is not null)
            || (select coalesce(ST_AsMVT(t, 'names', 4096, 'geom'), '')
                  from (select s.name, coalesce(s.population, 0) as population, ST_AsMVTGeom(ST_Transform(name_place(s.shape, null), 3857), frame, 4096, 0, true) as geom from s) t
                 where t.geom is not null));
end
$$;

create or replace function data.tile_check(z integer, x integer, y integer, low integer, high integer) returns void
    language plpgsql immutable as $$
begin
    if z not between low and high or x not between 0 and (1 << z) - 1 or y not between 0 and (1 << z) - 1 then
        perform auth.refuse('not_found');
    end if;
end
$$;

-- The same, from those that were kept. Public: which communes there are is no secret.
create or replace function api.zone_tile(level text, z integer, x integer, y integer) returns bytea
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
#variable_conflict use_column
declare
    since bigint;
    made  bytea;
begin
    perform data.tile_check(z, x, y, 4, 14);
    if zone_tile.level not in ('commune', 'epci', 'bassin', 'departement', 'region') then
        perform auth.refuse('not_found');
    end if;
    -- Its number first: what changes from here on makes the tile older than it.
    select g.stamp into since from ground_stamp g;
    select t.body into made from tile t
     where t.territory_id = 0 and t.question = zone_tile.level and t.z = zone_tile.z and t.x = zone_tile.x and t.y = zone_tile.y and t.stamp = since;
    if not found then
        made := data.zone_tile_make(zone_tile.level, zone_tile.z, zone_tile.x, zone_tile.y);
        insert into tile as t (territory_id, question, z, x, y, stamp, made_at, body)
        values (0, zone_tile.level, zone_tile.z, zone_tile.x, zone_tile.y, since, data.now(), made)
        on conflict (territory_id, question, z, x, y) do update set stamp = excluded.stamp, made_at = excluded.made_at, body = excluded.body;
    end if;
    return made;
end
$$;

-- Makes one tile that many areas fall into, while nobody waits for it: the wide ones of a ground that changed. False when none is left.
create or replace function data.tiles_ahead() returns boolean
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    since bigint := (select g.stamp from ground_stamp g);
    next  record;
begin
    if exists (select from tile t where t.territory_id = 0 and t.question = 'all' and t.stamp = since) then
        return false;
    end if;
    select l.level, s.z, s.x, s.y into next
      from unnest(array['region', 'departement', 'epci', 'bassin', 'commune']) l (level)
     cross join lateral (select k.z, k.x, k.y from (select ST_XMin(e) as west, ST_YMin(e) as south, ST_XMax(e) as east, ST_YMax(e) as north
                                                      from (select ST_Transform(ST_SetSRID(ST_Extent(c.cell)::geometry, 4326), 3857) as e from commune c
                                                             where c.centre is not null and ST_X(c.centre) between -6 and 10 and ST_Y(c.centre) between 41 and 52) b) b
                          cross join lateral (select g.z, x, y from generate_series(5, 7) g (z)
                                               cross join lateral (select 40075016.68557849 / (1 << g.z) as wide) w
                                               cross join generate_series(floor((b.west + 20037508.342789244) / w.wide)::integer, floor((b.east + 20037508.342789244) / w.wide)::integer) x
                                               cross join generate_series(floor((20037508.342789244 - b.north) / w.wide)::integer, floor((20037508.342789244 - b.south) / w.wide)::integer) y) k) s
     where not exists (select from tile t where (t.territory_id, t.question, t.z, t.x, t.y, t.stamp) = (0, l.level, s.z, s.x, s.y, since))
     limit 1;
    if not found then
        insert into tile as t (territory_id, question, z, x, y, stamp, made_at, body) values (0, 'all', 0, 0, 0, since, data.now(), '')
        on conflict (territory_id, question, z, x, y) do update set stamp = excluded.stamp;
        return false;
    end if;
    perform api.zone_tile(next.level, next.z, next.x, next.y);
    return true;
end
$$;

-- What the map must know before its tiles: what it frames, how its outlines came to be, their number, and which towns are told whole, as the area has
-- none of their districts. `within` as in indicators.
create or replace function api.ground_frame(within text) returns json
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    with asked as materialized (
        select p.commune from data.communes_within(within, auth.territory()) p
    ), c as (
        select c.cell, c.cell_kind from asked p join commune c on c.number = p.commune
         where p.commune not in (select t.town from towns_parted() t join asked d on d.commune = t.district)
    ), e as (select ST_Extent(c.cell) as box from c)
    select json_build_object('box', (select case when e.box is not null then json_build_array(round(ST_XMin(e.box)::numeric, 5), round(ST_YMin(e.box)::numeric, 5),
                                                                                            round(ST_XMax(e.box)::numeric, 5), round(ST_YMax(e.box)::numeric, 5)) end from e),
        'communes', count(*), 'dissolved', count(*) filter (where c.cell_kind = 'dissolved'), 'drawn', count(*) filter (where c.cell_kind = 'voronoi'),
        'missing', count(*) filter (where c.cell is null), 'stamp', (select g.stamp from ground_stamp g),
        'towns', array(select distinct c.code from towns_parted() t join asked a on a.commune = t.town join commune c on c.number = t.town
                        where not exists (select from towns_parted() d join asked b on b.commune = d.district where d.town = t.town) order by c.code))
      from c
$$;

-- --- employers ------------------------------------------------------------------------------------------------------------------

-- The square of zoom 15 that is the first of a tile's.
create or replace function data.square_first(z integer, x integer, y integer) returns integer
    language sql immutable parallel safe strict
    return (data.bits_apart(x) | (data.bits_apart(y) << 1)) << (2 * (15 - z));

-- Before a period had an end, and a meeting a network.
drop function if exists api.employer_tile(integer, integer, integer, timestamptz, bigint, text, text);
drop function if exists data.employer_tile_make(integer, integer, integer, timestamptz, bigint, text, text);
-- Before an area was asked for.
drop function if exists api.employer_tile(integer, integer, integer, integer, integer, text, bigint, bigint, text, text);
drop function if exists data.employer_tile_make(integer, integer, integer, integer, integer, text, bigint, bigint, text, text);

-- Employers in activity of one tile, layer `employers`: n of them, met of which were met in these months (by that network, that organisation),
-- strong of which are worth a visit for themselves; id when it is one alone. Up to zoom 12 gathered in eight by eight squares, above by dot of
-- the screen. Of an area (`within`, as in indicators) those that lie in it, else of the territory. Who was met by anybody up to now is in the row of the employer itself; whatever else is asked is in the facts.
create or replace function data.employer_tile_make(z integer, x integer, y integer, from_month integer, to_month integer, network text,
                                                   organisation bigint, segment bigint, naf text, sizes text, within text) returns bytea
    language plpgsql stable set search_path = data, ext, pg_temp as $$
#variable_conflict use_column
declare
    divisions smallint[] := case when employer_tile_make.naf is not null then (select coalesce(array_agg(d::smallint), '{}') from unnest(api.naf_divisions(employer_tile_make.naf)) d) end;
    bands     smallint[] := case when employer_tile_make.sizes is not null then
                  array(select s::smallint from unnest(string_to_array(employer_tile_make.sizes, ',')) s where s ~ '^[0-9]{2}$') end;
    first     integer := data.square_first(z, x, y);
    is_plain  boolean := employer_tile_make.network is null and employer_tile_make.organisation is null and to_month >= month_of(data.now());
    made      bytea;
begin
    execute format($q$
        select coalesce(ST_AsMVT(t, 'employers', 4096, 'geom'), '')
          from (select g.n, g.met, g.strong, g.id, ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_MakePoint(g.lon, g.lat), 4326), 3857), $1, 4096, 64, true) as geom
                  from (select count(*)::integer as n, (count(*) filter (where %s))::integer as met,
                               (count(*) filter (where f.potential >= strong_potential()))::integer as strong,
                               case when count(*) = 1 then min(f.id) end as id, avg(f.lon) / 100000 as lon, avg(f.lat) / 100000 as lat
                          from facet f
                         where f.square between $3 and $4 and f.active and f.commune <@ $5 %s
                         group by %s) g) t
         where t.geom is not null$q$,
        case when is_plain then 'f.last_visit_at >= $2'
             else concat('exists (select from fact m where m.establishment_id = f.id and m.month between $9 and $10 and m.visits > 0',
                         case when employer_tile_make.network is not null then ' and m.network = $11' end,
                         case when employer_tile_make.organisation is not null then ' and m.organisation_id = $12' end, ')') end,
        concat(case when segment is not null then ' and f.id in (select m.establishment_id from segment_member m where m.segment_id = $6)' end,
               case when divisions is not null then ' and (f.naf / 3200)::smallint = any ($7)' end,
               case when bands is not null then case when employer_tile_make.sizes ~ '\munknown\M' then ' and (f.size = any ($8) or f.size is null)' else ' and f.size = any ($8)' end end),
        case when z <= 12 then format('f.square >> %s', 2 * (12 - z))
             -- A dot of the screen: a tile is 512 wide, and flattened by about two thirds where France lies.
             else format('floor(f.lon / %1$s::float8), floor(f.lat / %2$s::float8)', 36000000.0 / (1 << z) / 512, 36000000.0 / (1 << z) / 512 * 0.69) end)
    into made
    using ST_TileEnvelope(z, x, y), month_start(from_month)::timestamp at time zone 'Europe/Paris', first, first + (1 << (2 * (15 - z))) - 1,
          case when employer_tile_make.within = '' then (select t.runs from territory t where t.id = auth.territory())
               else (select range_agg(int4range(w.commune, w.commune + 1)) from communes_within(employer_tile_make.within, auth.territory()) w) end, segment, divisions, bands,
          from_month, to_month, (select n.rank from network n where n.code = employer_tile_make.network), employer_tile_make.organisation;
    return made;
end
$$;

-- The same for the person who asks, from those that were kept. Partners only: to the others employers are counts.
create or replace function api.employer_tile(z integer, x integer, y integer, from_month integer, to_month integer, network text,
                                             organisation bigint, segment bigint, naf text, sizes text, within text) returns bytea
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
#variable_conflict use_column
declare
    last  integer := least(employer_tile.to_month, data.month_of(data.now())); -- nothing is met later than now
    asked text;
    since_stamp bigint;
    made  bytea;
begin
    if not auth.is_partner() then
        return null;
    end if;
    perform data.tile_check(z, x, y, 9, 15);
    if employer_tile.segment is not null and not auth.sees_segment(employer_tile.segment) then
        perform auth.refuse('not_found');
    end if;
    asked := md5(json_build_array(from_month, last, employer_tile.network, employer_tile.organisation, employer_tile.segment,
                                  (select s.refreshed_at from segment s where s.id = employer_tile.segment), employer_tile.naf, employer_tile.sizes, employer_tile.within)::text);
    select coalesce(max(s.stamp), 0) into since_stamp from square_stamp s where s.square = data.square_first(employer_tile.z, employer_tile.x, employer_tile.y) >> 12;
    select t.body into made from tile t
     where t.territory_id = auth.territory() and t.question = asked and t.z = employer_tile.z and t.x = employer_tile.x and t.y = employer_tile.y and t.stamp = since_stamp;
    if not found then
        made := data.employer_tile_make(employer_tile.z, employer_tile.x, employer_tile.y, employer_tile.from_month, last, employer_tile.network,
                                        employer_tile.organisation, employer_tile.segment, employer_tile.naf, employer_tile.sizes, employer_tile.within);
        insert into tile as t (territory_id, question, z, x, y, stamp, made_at, body)
        values (auth.territory(), asked, employer_tile.z, employer_tile.x, employer_tile.y, since_stamp, data.now(), made)
        on conflict (territory_id, question, z, x, y) do update set stamp = excluded.stamp, made_at = excluded.made_at, body = excluded.body;
    end if;
    return made;
end
$$;
