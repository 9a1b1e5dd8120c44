-- promise_lapse(job bigint) -> row
-- True when it lapsed; false when it was kept, returned or extended meanwhile.
select data.promise_lapse((j.payload ->> 'promise')::bigint) from data.job j where j.id = :job;

-- promise_lapse_many(jobs bigint[]) -> row
-- The jobs that need nothing more, and how many.
select d.done::text, cardinality(d.done) from (select data.promise_lapse_many(:jobs) as done) d;

-- transfer_expire(job bigint) -> row
-- True when nobody had answered.
select data.transfer_expire((j.payload ->> 'transfer')::bigint) from data.job j where j.id = :job;

-- proposal_next(job bigint) -> row
-- The employer of a promise that ended, proposed to the next partner; null when there is nothing to propose.
select data.proposal_next((j.payload ->> 'promise')::bigint) from data.job j where j.id = :job;

-- proposal_expire(job bigint) -> row
select data.proposal_expire((j.payload ->> 'proposal')::bigint) from data.job j where j.id = :job;
