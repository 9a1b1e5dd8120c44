-- Files that partners give. The worker reads them (worker/import).

-- file_give(name text, sha256 bytea, content bytea) -> row?
-- Keeps a file as received; no row when the organisation has already given the very same one.
insert into data.source_file (kind, organisation_id, member_id, name, sha256, bytes, content)
values ('partner', auth.organisation(), auth.member(), :name, :sha256, length(:content), :content)
on conflict do nothing
returning id;

-- file_same(sha256 bytea) -> row?
-- The earlier file with the same content.
select f.id from data.source_file f
 where f.kind = 'partner' and f.organisation_id = auth.organisation() and f.sha256 = :sha256 and f.state <> 'refused';

-- file_get(id bigint) -> json
select row_to_json(r) from api.file_row r where r.id = :id;

-- files_list(before bigint, most bigint) -> json*
select row_to_json(r), r.id::text from api.file_row r where r.id < :before order by r.id desc limit :most;

-- file_errors(id bigint, after bigint, most bigint) -> json*
select json_build_object('line', e.line, 'field', e.field, 'code', e.code, 'message', e.message), e.ordinal::text
  from data.source_error e where e.file_id = :id and e.ordinal > :after order by e.ordinal limit :most;
