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
   and f.sha256 = :sha256 and f.state not in ('refused', 'cancelled', 'reverting', 'reverted') and f.again_of is null;

-- file_document(id bigint) -> json
select row_to_json(r) from api.file_row r where r.id = :id;

-- files_list(before bigint, most bigint) -> json*
select row_to_json(r), r.id::text from api.file_row r where r.id < :before order by r.id desc limit :most;

-- file_faults(id bigint, after bigint, most bigint) -> json*
select json_build_object('line', e.line, 'field', e.field, 'code', e.code, 'message', e.message), e.ordinal::text
  from data.source_error e where e.file_id = :id and e.ordinal > :after order by e.ordinal limit :most;

-- file_preview(id bigint) -> row?
-- What importing the file would do, and what was seen in it, sealed, in hexadecimal.
select f.preview::text, encode(f.seen, 'hex') from data.source_file f where f.id = :id and f.kind = 'partner' and f.preview is not null;

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

-- file_whole(id bigint) -> row?
-- The bytes of a file, in hexadecimal, and whether they are sealed; null once they are erased.
select encode(f.content, 'hex'), f.is_sealed from data.source_file f where f.id = :id and f.kind = 'partner';

-- file_again(id bigint, source bigint, sheet bigint, sealed bytea) -> void
-- Another sheet of a workbook that was imported, as a file of its own: the same bytes, sealed for it.
select api.import_again(:id, :source, :sheet::int, :sealed);

-- file_start(id bigint) -> void
select api.import_start(:id);

-- file_cancel(id bigint) -> void
select api.import_cancel(:id);

-- file_revert(id bigint) -> void
select api.import_revert(:id);

-- file_origin(id bigint) -> row?
-- What giving the file back needs to know: name, encoding, separator, what was seen of it (sealed), names of its columns.
select f.name, f.encoding, f.separator, encode(f.seen, 'hex'), f.columns::text
  from data.source_file f where f.id = :id and f.kind = 'partner';

-- file_back_lines(id bigint, whole boolean) -> row*
-- Its lines, or those with something to say: line, cells (sealed), the SIRET found, what became of it, why.
-- Line by line, by an index: how many came with a file of a moment ago is not known to the planner.
select s.line, encode(s.sealed, 'hex'), coalesce(e.siret, ''),
       case when s.state = 'linked' and l.method = 'created' then 'créé dans la liste'
            when s.state = 'linked' then 'reconnu'
            when s.state = 'review' then 'à revoir'
            when s.state = 'reverted' then 'import annulé' else 'inutilisable' end,
       coalesce(w.text, '')
  from data.source_record s
  left join data.link l on l.source_record_id = s.id and l.undone_at is null
  left join data.establishment e on e.id = l.establishment_id
  left join lateral (
      select string_agg(case when x.field is not null then x.field || ' : ' else '' end || x.message, ' ; ' order by x.ordinal) as text
        from data.source_error x where x.file_id = s.file_id and x.line = s.line) w on true
 where s.file_id = :id and (:whole or w.text is not null)
 order by s.line;
