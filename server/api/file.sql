-- Files that partners give. The worker reads them (worker/import).

-- file_number() -> row
select api.file_number();

-- file_new(id bigint, name text, sha256 bytea, bytes bigint, sealed bytea, state text) -> row?
-- Keeps a file as received, sealed, and returns its id and true; or the id of the very same file given before, and false.
with given as (
    insert into data.source_file (id, kind, organisation_id, member_id, name, sha256, bytes, content, is_sealed, state)
        overriding system value
    values (:id, 'partner', auth.organisation(), auth.member(), :name, :sha256, :bytes, :sealed, true, :state)
    on conflict do nothing
    returning id
)
select g.id, true from given g
union all
select f.id, false from data.source_file f
 where not exists (select from given) and f.kind = 'partner' and f.organisation_id = auth.organisation()
   and f.sha256 = :sha256 and f.state not in ('refused', 'cancelled', 'reverting', 'reverted');

-- file_document(id bigint) -> json
select row_to_json(r) from api.file_row r where r.id = :id;

-- files_list(before bigint, most bigint) -> json*
select row_to_json(r), r.id::text from api.file_row r where r.id < :before order by r.id desc limit :most;

-- file_faults(id bigint, after bigint, most bigint) -> json*
select json_build_object('line', e.line, 'field', e.field, 'code', e.code, 'message', e.message), e.ordinal::text
  from data.source_error e where e.file_id = :id and e.ordinal > :after order by e.ordinal limit :most;

-- file_preview(id bigint) -> json
-- What was seen in the file and what importing it would do.
select f.preview - 'above' from data.source_file f where f.id = :id and f.preview is not null;

-- file_lines(id bigint, outcome text?, faulty boolean, after bigint, most bigint) -> json* replan
-- What importing would do with each line.
select json_build_object('line', l.line, 'outcome', l.outcome, 'code', l.code, 'field', l.field, 'message', l.message, 'siret', l.siret,
                         'name', l.name, 'city', l.city, 'establishment', l.establishment_id), l.line::text
  from data.import_line l
 where l.file_id = :id and l.line > :after and (:outcome is null or l.outcome = :outcome) and (not :faulty or l.code is not null)
 order by l.line limit :most;

-- file_layout(id bigint, sheet bigint?, separator text?, encoding text?, header bigint?, lines bigint?, columns text[]?) -> void
-- How the table is to be read; null where the best guess is wanted.
select api.import_layout(:id, json_build_object('sheet', :sheet, 'separator', case :separator when 'tab' then chr(9) else :separator end,
                                                'encoding', :encoding, 'header', :header, 'lines', coalesce(:lines, 1),
                                                'columns', array_to_string(:columns, '|')));

-- file_start(id bigint) -> void
select api.import_start(:id);

-- file_cancel(id bigint) -> void
select api.import_cancel(:id);

-- file_revert(id bigint) -> void
select api.import_revert(:id);

-- file_origin(id bigint) -> row
-- What a download needs to know: its name and encoding.
select f.name, f.encoding, f.state from data.source_file f where f.id = :id and f.kind = 'partner';

-- file_text(id bigint, which text) -> row*
select l.line from api.import_file_lines(:id, :which) l;
