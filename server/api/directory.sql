-- The living directory. The rules are in schema/api/83_directory.sql.

-- organisation_communes(id bigint) -> json
-- The communes that it covers.
select json_build_object('id', o.id, 'communes', (select coalesce(json_agg(c.code order by c.code), '[]')
           from data.organisation_cover v join data.commune c on c.number = v.commune where v.organisation_id = o.id))
  from data.organisation o where o.id = :id and o.territory_id = auth.territory();

-- organisation_changed(id bigint, version bigint, about text?, website text?, opening text?, phone text?, email text?, services text[], areas text[]) -> void
select api.organisation_change(:id, :version::integer, :about, :website, :opening, :phone, :email, :services, :areas);

-- services_list() -> json*
select row_to_json(r) from (select s.code, s.label from data.service s order by s.rank) r;

-- directory_gaps() -> json
select json_build_object('networks', api.directory_gaps());
