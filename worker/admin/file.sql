-- Files of partners as the administration command seals them.

-- file_unsealed_next(version int, after bigint) -> row?
-- The next file in plain text, or sealed with another key than that one: id, whether it is sealed, bytes in hexadecimal.
select f.id, f.is_sealed, encode(f.content, 'hex')
  from data.source_file f
 where f.id > :after and f.content is not null
   and (not f.is_sealed or (get_byte(f.content, 0) << 8 | get_byte(f.content, 1)) <> :version)
 order by f.id limit 1;

-- file_seal(file bigint, content bytea) -> void
update data.source_file set content = :content, is_sealed = true where id = :file and content is not null;
