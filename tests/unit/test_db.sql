-- Queries of the test of base/db.

-- t_types(small smallint, n bigint?, b boolean, d double precision, t text?, day date, j json, raw bytea, ids bigint[]) -> row
select :small, :n, :b, :d, :t, :day, :j ->> 'x', encode(:raw, 'hex'), array_length(:ids, 1);

-- t_numbers(count int) -> row*
select n from generate_series(1, :count) n;

-- t_one() -> row
select 1;

-- t_none() -> row
select 1 where false;

-- t_none_optional() -> row?
select 1 where false;

-- t_refuse(code text, detail text) -> void
select pg_temp.refuse(:code, :detail);

-- t_sleep(seconds double precision) -> void
select pg_sleep(:seconds);

-- t_identify(token bytea, roles int) -> void
select set_config('test.who', encode(:token, 'hex') || :roles::text, true);

-- t_who() -> row
select coalesce(current_setting('test.who', true), '');

-- t_kill() -> void
select pg_terminate_backend(pg_backend_pid());

-- t_make() -> void
create temporary table t_made (n int primary key, constraint t_made_small check (n < 100));

-- t_function() -> void
create function pg_temp.refuse(code text, detail text) returns void language plpgsql as $$
begin
    raise exception using errcode = 'ML000', message = code, detail = detail;
end $$;

-- t_insert(n int) -> void
insert into pg_temp.t_made values (:n);

-- t_count() -> row
select count(*) from pg_temp.t_made;

-- t_load() -> copy
copy pg_temp.t_made from stdin with (format csv);
