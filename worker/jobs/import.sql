-- import_file(job bigint) -> row
select (j.payload ->> 'file')::bigint from data.job j where j.id = :job;
