-- Jobs: rows of record, announced to the relay, settled by the worker.

create or replace function data.job_add(kind text, payload jsonb, run_at timestamptz default null) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
begin
    insert into job (kind, payload, run_at)
    values (job_add.kind, job_add.payload, coalesce(job_add.run_at, data.now()))
    returning id into made;
    return made;
end
$$;

create or replace function data.job_announce() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform pg_notify('job', '');
    return null;
end
$$;
create or replace trigger job_announce after insert on data.job
    for each statement execute function data.job_announce();
