-- The living directory: what an organisation says of itself, where it works, what it offers; communes that nobody of a network
-- covers, and those that several do.

-- The communes of each organisation: those of its areas, or all of its territory when it names none.
create or replace view data.organisation_cover as
select a.organisation_id, tc.number as commune
  from data.organisation_area a
  join data.organisation o on o.id = a.organisation_id
  join data.territory_commune tc on tc.territory_id = o.territory_id
 where a.area = 'commune:' || tc.commune_code
    or exists (select from data.zone z join data.zone_commune w on w.level = z.level and w.zone_id = z.id
                where z.level = split_part(a.area, ':', 1) and z.code = split_part(a.area, ':', 2) and w.commune = tc.number)
 union
select o.id, tc.number
  from data.organisation o
  join data.territory_commune tc on tc.territory_id = o.territory_id
 where not exists (select from data.organisation_area a where a.organisation_id = o.id);

create or replace function data.organisation_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.log('organisation.changed', null, null, jsonb_build_object('organisation', new.id), null, new.id);
    return null;
end
$$;
create or replace trigger organisation_told after update of about, website, opening, phone, email, version on data.organisation
    for each row execute function data.organisation_told();

-- What an organisation says of itself; by who answers for it, from the version it was read at. `areas` empty: all the territory.
create or replace function api.organisation_change(organisation bigint, version integer, about text, website text, opening text, phone text,
                                                   email text, services text[], areas text[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    o organisation;
    wrong text;
begin
    select * into o from organisation x where x.id = organisation_change.organisation for update;
    if o.id is null or o.territory_id is distinct from auth.territory() then
        perform auth.refuse('not_found');
    end if;
    if o.id is distinct from auth.organisation() or coalesce(auth.role(), '') not in ('manager', 'administrator', 'contributor') then
        perform auth.refuse('forbidden');
    end if;
    if o.version <> organisation_change.version then
        perform auth.refuse('precondition_failed');
    end if;
    select a into wrong from unnest(organisation_change.areas) a
     where not exists (select from territory_commune tc where tc.territory_id = o.territory_id and 'commune:' || tc.commune_code = a)
       and not exists (select from zone z join zone_commune w on w.zone_id = z.id join territory_commune tc on tc.number = w.commune
                        where tc.territory_id = o.territory_id and z.level || ':' || z.code = a) limit 1;
    if wrong is not null or cardinality(organisation_change.areas) > 400 then
        perform auth.refuse('invalid', json_build_object('field', 'areas'));
    end if;
    update organisation x
       set about = organisation_change.about, website = organisation_change.website, opening = organisation_change.opening,
           phone = organisation_change.phone, email = organisation_change.email, version = x.version + 1
     where x.id = o.id;
    delete from organisation_service s where s.organisation_id = o.id;
    insert into organisation_service (organisation_id, service) select distinct o.id, s from unnest(organisation_change.services) s;
    delete from organisation_area a where a.organisation_id = o.id;
    insert into organisation_area (organisation_id, area) select distinct o.id, a from unnest(organisation_change.areas) a;
end
$$;

-- Network by network, the communes of the acting territory that none of its organisations covers, and those that several do.
create or replace function api.directory_gaps() returns json
    language sql stable security definer set search_path = data, pg_temp as $$
    with place as materialized (
        select tc.number, tc.commune_code as code, c.name, c.population from territory_commune tc join commune c on c.code = tc.commune_code
         where tc.territory_id = auth.territory()
    ), actor as materialized (
        select o.id, o.short_name, o.network from organisation o join network n on n.code = o.network and n.kind = 'partner'
         where o.territory_id = auth.territory()
    ), cover as materialized (
        select a.network, v.commune, array_agg(a.short_name order by a.short_name) as who
          from actor a join organisation_cover v on v.organisation_id = a.id group by a.network, v.commune
    )
    select coalesce(json_agg(json_build_object('network', n.code, 'name', n.name,
               'organisations', (select count(*) from actor a where a.network = n.code),
               'gaps', (select coalesce(json_agg(json_build_object('code', p.code, 'name', p.name, 'population', p.population) order by p.population desc nulls last, p.name collate "fr-x-icu"), '[]')
                          from place p where not exists (select from cover v where v.network = n.code and v.commune = p.number)),
               'overlaps', (select coalesce(json_agg(json_build_object('code', p.code, 'name', p.name, 'population', p.population, 'organisations', v.who)
                                                     order by p.population desc nulls last, p.name collate "fr-x-icu"), '[]')
                              from place p join cover v on v.network = n.code and v.commune = p.number where cardinality(v.who) > 1)) order by n.rank), '[]')
      from network n
     where n.kind = 'partner' and auth.role() is not null
$$;
