-- offer_open(job bigint) -> row
-- True when it opened; false when it was opened, filled or withdrawn before.
select data.offer_open((j.payload ->> 'offer')::bigint) from data.job j where j.id = :job;

-- offer_open_many(jobs bigint[]) -> row
-- The jobs that need nothing more, and how many.
select d.done::text, cardinality(d.done) from (select data.offer_open_many(:jobs) as done) d;

-- offer_expire(most bigint) -> row
select data.offer_expire(:most::integer);

-- offer_twin(job bigint) -> row
-- True when the same offer was found, and tied.
select data.offer_twin_seek((j.payload ->> 'offer')::bigint) from data.job j where j.id = :job;
