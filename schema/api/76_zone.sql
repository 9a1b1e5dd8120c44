-- Zonings: régions, départements, inter-communal groups and bassins d'emploi, as sets of communes with their outline.

-- The communes of a territory that lie within an area: 'epci:200071140'; within all of several, 'departement:03,epci:200071140'; '' is
-- everywhere.
create or replace function data.communes_within(within text, territory bigint) returns table (commune integer)
    language sql stable security definer set search_path = data, pg_temp as $$
    with area as materialized (
        select distinct split_part(a, ':', 1) as level, split_part(a, ':', 2) as code from unnest(string_to_array(communes_within.within, ',')) a
    )
    select t.number from territory_commune t where t.territory_id = communes_within.territory and communes_within.within = ''
     union all
    select t.number
      from area a
     cross join lateral (select commune_number(a.code) as number where a.level = 'commune'
                          union all
                         select w.commune from zone z join zone_commune w on w.zone_id = z.id where z.level = a.level and z.code = a.code) p
      join territory_commune t on t.number = p.number and t.territory_id = communes_within.territory
     group by t.number
    having count(*) = (select count(*) from area)
$$;

-- Municipal districts lie in their town, which keeps its own outline.
create or replace function data.town_of(code text) returns text
    language sql immutable parallel safe strict
    return case when code between '75101' and '75120' then '75056' when code between '69381' and '69389' then '69123'
                when code between '13201' and '13216' then '13055' end;

-- Towns that are told by their districts, which are drawn: registers put employers into these. Where communes are told one by one, on maps,
-- in tables and where they are counted, such a town is left out; its zones keep its outline.
create or replace function data.towns_parted() returns table (town integer, district integer)
    language sql stable security definer rows 45 set search_path = data, pg_temp as $$
    select t.number, d.number from commune d join commune t on t.code = data.town_of(d.code)
     where (d.code between '13201' and '13216' or d.code between '69381' and '69389' or d.code between '75101' and '75120') and d.cell is not null
$$;

-- What people call the area (as in data.communes_within): 'Bassin de Vichy', 'Vichy Communauté, Allier', or the territory.
create or replace function data.area_name(within text, territory bigint) returns text
    language sql stable security definer set search_path = data, pg_temp
    return coalesce((select string_agg(coalesce(z.name, c.name), ', ' order by a.ord desc)
                       from unnest(string_to_array(area_name.within, ',')) with ordinality a (area, ord)
                       left join data.zone z on z.level = split_part(a.area, ':', 1) and z.code = split_part(a.area, ':', 2)
                       left join data.commune c on split_part(a.area, ':', 1) = 'commune' and c.code = split_part(a.area, ':', 2)),
                    (select t.name from data.territory t where t.id = area_name.territory));

-- Makes the zones that follow from other tables: régions and départements from the communes, bassins from the labour market,
-- else from the territories that are bassins. Inter-communal groups come by their own import. Names that are known stay.
create or replace function data.zones_refresh() returns void
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
begin
    insert into zone (level, code, name)
    select 'region', c.region, 'Région ' || c.region from commune c where c.region is not null group by c.region
     union all
    select 'departement', c.department, 'Département ' || c.department from commune c group by c.department
     union all
    select 'bassin', b.code, b.name from bassin b where exists (select from bassin_commune x where x.bassin = b.code)
    on conflict (level, code) do nothing;
    update zone z set name = b.name from bassin b where z.level = 'bassin' and z.code = b.code and z.name <> b.name;
    with here as (select c.code, c.number, c.region, c.department from commune c where not exists (select from commune_former f where f.code = c.code))
    insert into zone_commune as w (level, commune, zone_id)
    select 'region', c.number, z.id from here c join zone z on z.level = 'region' and z.code = c.region
     union all
    select 'departement', c.number, z.id from here c join zone z on z.level = 'departement' and z.code = c.department
     union all
    select 'bassin', data.commune_number(b.commune_code), z.id from bassin_commune b join zone z on z.level = 'bassin' and z.code = b.bassin
      join here c on c.code = b.commune_code
    on conflict (level, commune) do update set zone_id = excluded.zone_id where w.zone_id <> excluded.zone_id;
    perform data.zone_shapes();
end
$$;

-- The outline of each zone: its communes, dissolved, islands and enclaves as they are; a région is dissolved from its départements.
-- Slivers of less than a metre are closed. Those of these départements, all when null.
drop function if exists data.zone_shapes();
create or replace function data.zone_shapes(departments text[] default null) returns void
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
begin
    update zone z
       set shape = s.shape
      from (select w.zone_id, ST_Multi(ST_CollectionExtract(ST_UnaryUnion(ST_Collect(c.cell), 0.00001), 3)) as shape
              from zone_commune w join commune c on c.number = w.commune
             where w.level <> 'region' and c.cell is not null
               and (departments is null or w.zone_id in (select o.zone_id from zone_commune o join commune k on k.number = o.commune where k.department = any (departments)))
               and not exists (select from zone_commune t where t.zone_id = w.zone_id and t.commune = commune_number(data.town_of(c.code)))
             group by w.zone_id) s
     where s.zone_id = z.id and z.shape is distinct from s.shape;
    update zone z
       set shape = s.shape
      from (select r.region, ST_Multi(ST_CollectionExtract(ST_UnaryUnion(ST_Collect(d.shape), 0.00001), 3)) as shape
              from (select distinct w.zone_id as region, v.zone_id as department
                      from zone_commune w join zone_commune v on v.commune = w.commune and v.level = 'departement' where w.level = 'region') r
              join zone d on d.id = r.department
             where d.shape is not null
               and (departments is null or r.region in (select o.zone_id from zone_commune o join commune k on k.number = o.commune where o.level = 'region' and k.department = any (departments)))
             group by r.region) s
     where s.region = z.id and z.shape is distinct from s.shape;
end
$$;
