-- Lines of partners' files as the administration command seals them.

-- line_plain_file(after bigint) -> row?
-- The next file with something in plain text: id, what was seen of it (what of the preview is to be sealed), the columns that its
-- organisation chose as codes, one a line; the names of its columns where they are known.
select f.id, (f.preview - '{kind,known,usable,impact,reasons,notes}'::text[])::text,
       (select string_agg(o.name, E'\n') from data.own_column o where o.organisation_id = f.organisation_id), f.columns::text
  from data.source_file f
 where f.id > :after and f.kind = 'partner'
   and (f.preview ? 'rows'
        or exists (select from data.source_record s where s.file_id = f.id and s.sealed is null and not s.received ? 'effacé le'))
 order by f.id limit 1;

-- line_plain_next(file bigint, after bigint, most int) -> row*
-- Its lines: id, line, as received.
select s.id, s.line, s.received::text
  from data.source_record s
 where s.file_id = :file and s.id > :after and s.sealed is null and not s.received ? 'effacé le'
 order by s.id limit :most;

-- line_seal(batch json) -> row
-- Seals a batch of lines: [{id, sealed, received}]; how many. Without `received` what stays readable is left as it is.
select data.line_seal(:batch);

-- line_seen_seal(file bigint, sealed bytea?, names json?) -> void
update data.source_file f
   set seen = coalesce(:sealed, f.seen), columns = coalesce(:names::jsonb, f.columns),
       preview = f.preview - '{sheet,sheets,separator,encoding,header,lines,columns,rows,above}'::text[]
 where f.id = :file;

-- line_old_next(version int, after bigint, most int) -> row*
-- Lines sealed with another key than that one: id, file, line, sealed.
select s.id, s.file_id, s.line, encode(s.sealed, 'hex')
  from data.source_record s
 where s.id > :after and s.sealed is not null and (get_byte(s.sealed, 0) << 8 | get_byte(s.sealed, 1)) <> :version
 order by s.id limit :most;

-- line_seen_old_next(version int, after bigint) -> row?
select f.id, encode(f.seen, 'hex')
  from data.source_file f
 where f.id > :after and f.seen is not null and (get_byte(f.seen, 0) << 8 | get_byte(f.seen, 1)) <> :version
 order by f.id limit 1;
