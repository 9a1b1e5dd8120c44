-- import_file(job bigint) -> row
select (j.payload ->> 'file')::bigint from data.job j where j.id = :job;

-- import_step(file bigint, step text, done bigint, total bigint) -> row
-- Says where an import stands; true when somebody asked to stop it.
select data.import_step(:file, :step, :done, :total);

-- import_over(file bigint) -> void
select data.import_over(:file);

-- import_take_back(job bigint) -> void
select data.import_take_back((j.payload ->> 'file')::bigint) from data.job j where j.id = :job;

-- import_give_up() -> void
select data.import_give_up(interval '30 days');
