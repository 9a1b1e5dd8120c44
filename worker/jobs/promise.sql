-- promise_lapse(job bigint) -> row
-- True when it lapsed; false when it was kept, returned or extended meanwhile.
select data.promise_lapse((j.payload ->> 'promise')::bigint) from data.job j where j.id = :job;

-- promise_lapse_many(jobs bigint[]) -> row
-- The jobs that need nothing more, and how many.
select d.done::text, cardinality(d.done) from (select data.promise_lapse_many(:jobs) as done) d;
