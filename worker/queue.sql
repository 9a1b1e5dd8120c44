-- Jobs of record: which are due, sent, settled. `sent_at` and `finished_at` are in machine time, so that setting the clock
-- of a test instance does not stretch a lease.

-- queue_take(kinds text[], together text[], chunk int, most int) -> row*
-- Marks due jobs as sent; one row per message to send: kind, ids, how many. Several relays may take at once.
with due as materialized (
    select j.id from data.job j
     where j.state = 'waiting' and j.run_at <= (select data.now()) and j.kind = any (:kinds)
     order by j.run_at, j.id
     limit :most
       for update skip locked
), sent as (
    update data.job j set state = 'sent', sent_at = clock_timestamp()
      from due where j.id = due.id
    returning j.id, j.kind
), placed as (
    select s.id, s.kind, (row_number() over (partition by s.kind order by s.id) - 1)
                         / case when s.kind = any (:together) then :chunk else 1 end as message
      from sent s
)
select p.kind, array_agg(p.id order by p.id)::text, count(*)
  from placed p
 group by p.kind, p.message
 order by min(p.id);

-- queue_put_back(ids bigint[]) -> void
-- They could not be sent.
update data.job j set state = 'waiting', sent_at = null where j.id = any (:ids) and j.state = 'sent';

-- queue_recover(lease_ms int) -> row
-- Jobs sent longer ago than the lease and in nobody's hands (a worker holds the row of what it does) wait again: their
-- message was lost, or its reader. Returns how many.
with lost as materialized (
    select j.id from data.job j
     where j.state = 'sent' and j.sent_at <= clock_timestamp() - make_interval(secs => :lease_ms / 1000.0)
     order by j.id
     limit 5000
       for update skip locked
), back as (
    update data.job j set state = 'waiting', sent_at = null from lost where j.id = lost.id returning 1
)
select count(*) from back;

-- queue_next_due(kinds text[]) -> row
-- Milliseconds until the next job is due, not positive when one is; null when none waits.
select ceil(extract(epoch from n.run_at - data.now()) * 1000)::bigint
  from (select (select j.run_at from data.job j
                 where j.state = 'waiting' and j.kind = any (:kinds)
                 order by j.run_at limit 1) as run_at) n;

-- job_lock(kind text, ids bigint[]) -> row
-- Takes in hand those that are still to be done, due, and in nobody else's hands: ids, how many, how many are missing.
-- Whether sent or put back to wait meanwhile does not matter.
select coalesce(array_agg(h.id), '{}')::text, count(*), cardinality(:ids) - count(*)
  from (select j.id from data.job j
         where j.id = any (:ids) and j.kind = :kind and j.state in ('waiting', 'sent') and j.run_at <= (select data.now())
         order by j.id
           for update skip locked) h;

-- job_left(kind text, ids bigint[]) -> row*
-- Those still to be done.
select j.id from data.job j
 where j.id = any (:ids) and j.kind = :kind and j.state in ('waiting', 'sent') and j.run_at <= (select data.now())
 order by j.id;

-- job_count(id bigint, most int) -> row?
-- Counts an attempt before it is made. No row when the job is not to be done any more; false when it has had them all
-- (its worker died in each) and is now dead.
update data.job j
   set attempts = least(j.attempts + 1, :most),
       state = case when j.attempts >= :most then 'dead' else j.state end,
       finished_at = case when j.attempts >= :most then clock_timestamp() end,
       error = case when j.attempts >= :most then coalesce(j.error, 'the worker died during each attempt') else j.error end
 where j.id = (select l.id from data.job l
                where l.id = :id and l.state in ('waiting', 'sent') and l.run_at <= (select data.now())
                  for update skip locked)
returning j.state <> 'dead';

-- job_done(ids bigint[], counted boolean) -> void
update data.job j
   set state = 'done', finished_at = clock_timestamp(), error = null,
       attempts = j.attempts + case when :counted then 0 else 1 end
 where j.id = any (:ids);

-- job_fail(id bigint, error text, most int, counted boolean) -> row?
-- Tries again after 2, 4, 8... seconds, five minutes at most, give or take a quarter; dead after the last attempt.
-- Returns the state and the number of attempts; no row when somebody else has done it meanwhile.
update data.job j
   set attempts = a.n, error = left(:error, 2000), sent_at = null,
       state = case when a.n >= :most then 'dead' else 'waiting' end,
       run_at = case when a.n >= :most then j.run_at
                     else data.now() + make_interval(secs => least(power(2, least(a.n, 12)), 300) * (0.75 + random() / 2)) end,
       finished_at = case when a.n >= :most then clock_timestamp() end
  from (select x.attempts + case when :counted then 0 else 1 end as n from data.job x where x.id = :id) a
 where j.id = :id and j.state in ('waiting', 'sent')
returning j.state, j.attempts;

-- lead(name text) -> row
-- True when this connection leads `name`: at most one does at any time, until it ends.
select case when exists (select from pg_locks l
                          where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.granted and l.objsubid = 2
                            and l.classid = 7411 and l.objid::bigint = (hashtext(:name)::bigint & 4294967295))
            then true
            else pg_try_advisory_lock(7411, hashtext(:name)) end;

-- ping() -> void
select 1;
