-- Needs. The rules are in schema/api/50_visit.sql.

-- need_new(establishment bigint, rome text, posts bigint?, horizon text, contract text?) -> row
-- Returns the id.
insert into data.need (establishment_id, organisation_id, member_id, rome, posts, horizon, contract)
values (:establishment, auth.organisation(), auth.member(), :rome, coalesce(:posts, 1)::smallint, :horizon, :contract)
returning id;

-- need_document(id bigint) -> json
select row_to_json(x) from (
    select n.*, json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment
      from api.need_row n join data.need q on q.id = n.id join data.establishment e on e.id = q.establishment_id
     where n.id = :id) x;

-- needs_list(establishment bigint?, state text?, before bigint, most bigint) -> json*
-- Newest first.
select row_to_json(x), x.id::text from (
    select n.*, json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment
      from api.need_row n join data.need q on q.id = n.id join data.establishment e on e.id = q.establishment_id
     where n.id in (select y.id from data.need y
                     where y.id < :before and (:establishment is null or y.establishment_id = :establishment)
                       and (:state is null or y.state = :state)
                     order by y.id desc limit :most)
     order by n.id desc) x;
