-- Files received from partners: read by the worker, and their end is told.

create or replace function data.source_file_received() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.job_add('import.partner', jsonb_build_object('file', new.id));
    return null;
end
$$;
create or replace trigger source_file_received after insert on data.source_file
    for each row when (new.kind = 'partner' and new.state = 'received' and new.content is not null)
    execute function data.source_file_received();

create or replace function data.source_file_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.log('import.' || new.state, null, null, jsonb_build_object('file', new.id, 'name', new.name),
                     new.member_id, new.organisation_id);
    return null;
end
$$;
create or replace trigger source_file_told after update of state on data.source_file
    for each row when (new.kind = 'partner' and new.state <> old.state and new.state in ('done', 'refused'))
    execute function data.source_file_told();
