-- need_file(job bigint) -> row?
-- The file that the job names and its bytes in hexadecimal, unless it was done before.
select f.id, encode(f.content, 'hex') from data.job j join data.source_file f on f.id = (j.payload ->> 'file')::bigint
 where j.id = :job and f.kind = 'needs' and f.state = 'received' and f.content is not null;

-- need_take(file bigint, rows json) -> row
select data.need_import(:file, :rows)::text;

-- need_no(file bigint, line int?, field text?, code text, message text) -> void
select data.need_refuse(:file, :line, :field, :code, :message);

-- need_over() -> row
-- How many needs were given up.
select data.need_expire(1000);
