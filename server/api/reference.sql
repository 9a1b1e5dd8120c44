-- What changes rarely: the ground of the map, nomenclatures, the directory of actors.

-- ground_document() -> json
-- The communes of the acting territory as GeoJSON; `kind` says whether they are official contours or drawn cells.
select json_build_object('type', 'FeatureCollection',
    'kind', case when count(*) filter (where c.cell_kind <> 'voronoi') = 0 then 'voronoi'
                 when count(*) filter (where c.cell_kind is null or c.cell_kind = 'voronoi') = 0 then 'contour' else 'mixed' end,
    'features', coalesce(json_agg(json_build_object('type', 'Feature', 'id', ('x' || md5(c.code))::bit(31)::integer,
        'properties', json_build_object('code', c.code, 'name', c.name, 'lon', round(ext.ST_X(c.centre)::numeric, 4),
                                        'lat', round(ext.ST_Y(c.centre)::numeric, 4), 'population', c.population),
        'geometry', ext.ST_AsGeoJSON(c.cell, 4)::json) order by c.code), '[]'))
  from data.territory_commune tc
  join data.commune c on c.code = tc.commune_code
 where tc.territory_id = auth.territory();

-- ground_zones(level text) -> json
-- The zones of a level that have communes of the acting territory; `partial` ones have others too.
select json_build_object('type', 'FeatureCollection', 'kind', coalesce((
        select case when bool_and(coalesce(c.cell_kind <> 'voronoi', false)) then 'contour' when bool_or(c.cell_kind <> 'voronoi') then 'mixed' else 'voronoi' end
          from data.territory_commune tc join data.commune c on c.code = tc.commune_code where tc.territory_id = auth.territory()), 'voronoi'),
    'features', coalesce(json_agg(json_build_object('type', 'Feature', 'id', z.id,
        'properties', json_build_object('code', z.code, 'name', z.name, 'lon', round(ext.ST_X(z.at)::numeric, 4), 'lat', round(ext.ST_Y(z.at)::numeric, 4),
                                        'population', z.people),
        'geometry', ext.ST_AsGeoJSON(z.shape, 4)::json) order by z.code), '[]'))
  from (select z.id, z.code, z.name, z.shape, ext.ST_PointOnSurface(z.shape) as at, sum(c.population) as people
          from data.territory_commune tc
          join data.zone_commune w on w.level = :level and w.commune = tc.number
          join data.zone z on z.id = w.zone_id
          join data.commune c on c.code = tc.commune_code
         where tc.territory_id = auth.territory() and z.shape is not null
         group by z.id) z;

-- naf_all() -> json*
select row_to_json(r) from (select n.code, n.level, n.section, n.label from data.naf n order by n.section, n.code, n.level) r;

-- rome_matches(q text?, most bigint) -> json*
-- Occupations whose code, label or one appellation holds every word, those that begin with the text first; then, of a text
-- of four letters and more, those that sound nearly so. title: the appellation that was found, when the label does not say it.
with typed as materialized (
    select data.fold(trim(:q)) as q, data.sound(trim(:q)) as sound,
           array(select '%' || replace(replace(w, '%', ''), '_', '') || '%' from regexp_split_to_table(data.fold(trim(:q)), '\s+') w) as words
), named as materialized (
    select o.code, o.label, null::text as title, case when data.fold(o.label) like t.q || '%' or lower(o.code) like t.q || '%' then 0 else 1 end as rank
      from data.rome o, typed t where :q is null or o.search like all (t.words)
     union all
    (select a.rome, o.label, a.label, case when a.search like t.q || '%' then 2 else 3 end
       from data.appellation a join data.rome o on o.code = a.rome cross join typed t where :q is not null and a.search like all (t.words)
      order by length(a.label), a.label limit 400)
), nearly as (
    -- What differs in the letters alone comes after what is written the same.
    select o.code, o.label, null::text as title, 5 - ext.word_similarity(t.sound, o.sound) - ext.word_similarity(t.q, o.search) / 10 as rank
      from data.rome o, typed t
     where length(t.q) >= 4 and length(t.sound) >= 3 and (select count(*) from named) < 3 and ext.word_similarity(t.sound, o.sound) >= 0.45
     union all
    (select a.rome, o.label, a.label, 5 - ext.word_similarity(t.sound, a.sound) - ext.word_similarity(t.q, a.search) / 10
       from data.appellation a join data.rome o on o.code = a.rome cross join typed t
      where length(t.q) >= 4 and length(t.sound) >= 3 and (select count(*) from named) < 3 and t.sound operator(ext.<%) a.sound
      order by 4, length(a.label) limit 100)
), best as (
    select distinct on (x.code) x.code, x.label, x.title, x.rank from (select * from named union all select * from nearly) x
     order by x.code, x.rank, length(x.title)
)
select row_to_json(r) from (select b.code, b.label, b.title from best b
                             order by b.rank, case when :q is not null then length(coalesce(b.title, b.label)) end, b.label, b.code limit :most) r;

-- organisations_list() -> json*
-- The directory of actors of the acting territory.
select row_to_json(r) from (
    select o.id, o.name, o.short_name, o.network, n.name as network_name, n.kind, o.address, c.name as commune, o.phone, o.email,
           ext.ST_X(o.base) as lon, ext.ST_Y(o.base) as lat,
           (select count(*) from data.membership m join data.member p on p.id = m.member_id and not p.technical
             where m.organisation_id = o.id and m.ended_on is null) as members,
           o.about, o.website, o.opening, o.version,
           (select coalesce(json_agg(json_build_object('code', s.code, 'label', s.label) order by s.rank), '[]')
              from data.organisation_service x join data.service s on s.code = x.service where x.organisation_id = o.id) as services,
           (select coalesce(json_agg(json_build_object('area', a.area, 'name', coalesce(z.name, k.name, a.area)) order by coalesce(z.name, k.name)), '[]')
              from data.organisation_area a
              left join data.zone z on z.level = split_part(a.area, ':', 1) and z.code = split_part(a.area, ':', 2)
              left join data.commune k on a.area = 'commune:' || k.code
             where a.organisation_id = o.id) as areas
      from data.organisation o
      join data.network n on n.code = o.network
      left join data.commune c on c.code = o.commune_code
     where o.territory_id = auth.territory()
     order by n.rank, o.name
) r;

-- members_list(organisation bigint) -> json*
-- Of an organisation of that directory.
select row_to_json(r) from (
    select p.id, p.name, m.role
      from data.membership m
      join data.member p on p.id = m.member_id
      join data.organisation o on o.id = m.organisation_id and o.territory_id = auth.territory()
     where o.id = :organisation and m.ended_on is null and not p.technical
     order by p.name, p.id
) r;
