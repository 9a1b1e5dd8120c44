-- Files that partners give. The worker reads them (worker/import).

-- file_new(name text, content bytea) -> row?
-- Keeps a file as received and returns its id and true; or the id of the very same file given before, and false.
with given as (
    insert into data.source_file (kind, organisation_id, member_id, name, sha256, bytes, content)
    values ('partner', auth.organisation(), auth.member(), :name, sha256(:content), length(:content), :content)
    on conflict do nothing
    returning id
)
select g.id, true from given g
union all
select f.id, false from data.source_file f
 where not exists (select from given) and f.kind = 'partner' and f.organisation_id = auth.organisation()
   and f.sha256 = sha256(:content) and f.state <> 'refused';

-- file_document(id bigint) -> json
select row_to_json(r) from api.file_row r where r.id = :id;

-- files_list(before bigint, most bigint) -> json*
select row_to_json(r), r.id::text from api.file_row r where r.id < :before order by r.id desc limit :most;

-- file_faults(id bigint, after bigint, most bigint) -> json*
select json_build_object('line', e.line, 'field', e.field, 'code', e.code, 'message', e.message), e.ordinal::text
  from data.source_error e where e.file_id = :id and e.ordinal > :after order by e.ordinal limit :most;
