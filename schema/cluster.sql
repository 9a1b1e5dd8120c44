-- What only a superuser can make, once per cluster and safe to repeat: roles and extensions.
-- Run in the database `maillage` before schema/migrate.

do $$
begin
    if not exists (select from pg_roles where rolname = 'maillage_owner') then
        create role maillage_owner login;
    end if;
    if not exists (select from pg_roles where rolname = 'maillage_server') then
        create role maillage_server login;
    end if;
    if not exists (select from pg_roles where rolname = 'maillage_worker') then
        create role maillage_worker login;
    end if;
end
$$;

-- The worker acts for everybody (lapses, openings, imports): policies do not bind it, constraints and triggers do.
alter role maillage_worker bypassrls;

alter role maillage_server set jit = off;
alter role maillage_server set idle_in_transaction_session_timeout = '20s';
alter role maillage_worker set jit = off;
alter role maillage_owner set jit = off;

create schema if not exists ext;
create extension if not exists postgis with schema ext;
create extension if not exists pg_trgm with schema ext;
grant usage on schema ext to public;

do $$
begin
    execute format('alter database %I owner to maillage_owner', current_database());
    execute format('alter database %I set search_path = data, ext', current_database());
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect, temporary on database %I to maillage_server, maillage_worker', current_database());
end
$$;
revoke create on schema public from public;
