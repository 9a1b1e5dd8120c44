-- pairs_territory(job bigint) -> row
select (j.payload ->> 'territory')::bigint from data.job j where j.id = :job;

-- pairs_night() -> row
select data.pairs_ask(true);
