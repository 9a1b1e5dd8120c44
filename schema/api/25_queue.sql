-- What administrators see of the jobs and may do about them. How jobs are sent and settled is in worker/queue.sql.

-- One line per kind and state: how many, how late the oldest one is.
create or replace view data.job_overview as
    select j.kind, j.state, count(*) as jobs, min(j.run_at) as oldest_run_at,
           greatest(extract(epoch from data.now() - min(j.run_at)), 0)::bigint as late_seconds
      from data.job j
     where j.state <> 'done'
     group by j.kind, j.state;

-- Jobs that failed as often as their kind allows, and the error of the last attempt.
create or replace view data.dead_job as
    select j.id, j.kind, j.payload, j.run_at, j.attempts, j.finished_at, j.error
      from data.job j
     where j.state = 'dead';

-- Runs a dead job again, with all its attempts. False when it is not dead.
create or replace function data.job_retry(job bigint) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update job j set state = 'waiting', attempts = 0, run_at = data.now(), sent_at = null, finished_at = null
     where j.id = job_retry.job and j.state = 'dead';
    if not found then
        return false;
    end if;
    perform pg_notify('job', '');
    return true;
end
$$;

-- Forgets jobs done long ago; what they did has its own record. Returns how many, at most `most` at once.
create or replace function data.job_purge(keep interval, most integer default 10000) returns bigint
    language sql security definer set search_path = data, pg_temp
    begin atomic
        with old as (
            select j.id from data.job j
             where j.state = 'done' and j.finished_at < pg_catalog.now() - job_purge.keep
             limit job_purge.most
               for update skip locked
        ), gone as (
            delete from data.job j using old where j.id = old.id returning 1
        )
        select count(*) from gone;
    end;
