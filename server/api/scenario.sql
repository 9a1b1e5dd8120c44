-- Scenarios. The rules are in schema/api/75_scenario.sql.

-- scenario_new(plan bigint, name text, settings json?) -> row
-- Returns its id.
select api.scenario_make(:plan, :name, :settings::jsonb);

-- scenario_document(id bigint) -> json
select row_to_json(s) from api.scenario_row s where s.id = :id;

-- scenario_cancelled(id bigint) -> void
select api.scenario_cancel(:id);

-- scenario_archived(id bigint) -> void
select api.scenario_archive(:id);

-- scenario_lines(id bigint, organisation bigint?, member bigint?, place text?, first boolean?, commune text?, q text?, after text?, most bigint) -> json* replan
-- By falling worth; `after` is "worth:id".
select json_build_object('id', l.establishment_id, 'name', e.name, 'siret', e.siret, 'city', e.city, 'commune', e.commune_code, 'naf', e.naf,
                         'size_band', e.size_band, 'organisation', l.organisation_id, 'member', case when m.id is not null then json_build_object('id', m.id, 'name', m.name) end,
                         'worth', l.worth, 'km', l.km, 'first', l.is_first, 'small', l.is_small, 'reason', l.reason, 'points', l.points, 'why', l.why),
       l.worth || ':' || l.establishment_id
  from data.plan_line l
  join data.establishment e on e.id = l.establishment_id
  left join data.member m on m.id = l.member_id
 where l.scenario_id = :id
   and (:organisation is null or l.organisation_id = :organisation)
   and (:member is null or l.member_id = :member)
   and case :place when 'visited' then l.organisation_id is not null when 'left' then l.organisation_id is null else true end
   and (:first is null or l.is_first = :first)
   and (:commune is null or e.commune_code = :commune)
   and (:q is null or e.search like '%' || data.fold(:q) || '%')
   and (:after is null or (-l.worth, l.establishment_id) > (-split_part(:after, ':', 1)::integer, split_part(:after, ':', 2)::bigint))
 order by -l.worth, l.establishment_id
 limit :most;

-- scenario_table(id bigint) -> row*
-- For a spreadsheet, with its French header.
select e.siret as "SIRET", e.name as "Employeur", e.city as "Commune", e.naf as "NAF", o.name as "Structure", m.name as "Conseiller",
       l.worth as "Valeur", l.km as "Distance (km)", case when l.is_first then 'oui' else 'non' end as "Jamais visité",
       case when l.is_small then 'oui' else 'non' end as "Moins de 10 salariés", l.why as "Raison"
  from data.plan_line l
  join data.establishment e on e.id = l.establishment_id
  left join data.organisation o on o.id = l.organisation_id
  left join data.member m on m.id = l.member_id
 where l.scenario_id = :id
 order by o.short_name nulls last, m.name, l.worth desc, l.establishment_id;

-- scenario_points(id bigint) -> json
-- Each [establishment, organisation, longitude, latitude], and how many are left out in each commune.
select json_build_object(
    'points', (select coalesce(json_agg(json_build_array(l.establishment_id, l.organisation_id,
                          round(ext.ST_X(coalesce(e.location, c.centre))::numeric, 5), round(ext.ST_Y(coalesce(e.location, c.centre))::numeric, 5))), '[]')
                 from data.plan_line l join data.establishment e on e.id = l.establishment_id
                 left join data.commune c on c.code = e.commune_code
                where l.scenario_id = :id and l.organisation_id is not null),
    'communes', (select coalesce(json_agg(json_build_array(x.commune_code, x.visited, x.open) order by x.commune_code), '[]')
                   from (select e.commune_code, count(l.organisation_id) as visited,
                                count(*) filter (where l.reason not in ('rest', 'opposition', 'promised')) as open
                           from data.plan_line l join data.establishment e on e.id = l.establishment_id
                          where l.scenario_id = :id group by 1) x))
 where exists (select from data.plan_scenario s where s.id = :id);

-- scenario_difference(id bigint, reference bigint) -> json
select api.scenario_against(:id, :reference);
