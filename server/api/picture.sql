-- Pictures of reports. The rules are in schema/api/51_picture.sql.

-- picture_number(visit bigint) -> row
-- The number of a picture to be: what is sealed is bound to it. Refuses when the report takes none.
select api.picture_number(:visit);

-- picture_new(id bigint, visit bigint, kind text, sha256 bytea, width bigint, height bigint, bytes bigint, sealed bytea) -> row
-- Keeps it; the id, or that of the same picture given before.
select api.picture_add(:id, :visit, :kind, :sha256, :width::integer, :height::integer, :bytes::integer, :sealed);

-- picture_document(id bigint) -> json
select row_to_json(p) from api.picture_row p where p.id = :id;

-- pictures_of(visit bigint) -> json*
select row_to_json(p) from api.picture_row p where p.visit = :visit order by p.id;

-- picture_content(id bigint) -> row?
select encode(p.content, 'hex') from data.picture p where p.id = :id and p.content is not null;

-- picture_away(id bigint) -> void
select api.picture_remove(:id);
