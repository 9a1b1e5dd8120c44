-- Zonings: régions, départements, inter-communal groups and bassins d'emploi, as sets of communes with their outline.

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
    insert into zone_commune as w (level, commune, zone_id)
    select 'region', c.number, z.id from commune c join zone z on z.level = 'region' and z.code = c.region
     union all
    select 'departement', c.number, z.id from commune c join zone z on z.level = 'departement' and z.code = c.department
     union all
    select 'bassin', data.commune_number(b.commune_code), z.id from bassin_commune b join zone z on z.level = 'bassin' and z.code = b.bassin
      join commune c on c.code = b.commune_code
    on conflict (level, commune) do update set zone_id = excluded.zone_id where w.zone_id <> excluded.zone_id;
    perform data.zone_shapes();
end
$$;

-- The outline of each zone: its communes, dissolved. Slivers between drawn cells are closed.
create or replace function data.zone_shapes() returns void
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
begin
    update zone z
       set shape = s.shape
      from (select w.zone_id, ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_Union(ST_SnapToGrid(c.cell, 0.00001))), 3)) as shape
              from zone_commune w join commune c on c.number = w.commune
             where c.cell is not null
             group by w.zone_id) s
     where s.zone_id = z.id and z.shape is distinct from s.shape;
end
$$;
