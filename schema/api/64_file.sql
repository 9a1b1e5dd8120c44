-- Files that partners give: looked at, imported, stopped, taken back.

create or replace function data.source_file_guard() returns trigger
    language plpgsql as $$
begin
    new.received_at := coalesce(new.received_at, data.now());
    return new;
end
$$;
create or replace trigger source_file_guard before insert on data.source_file
    for each row execute function data.source_file_guard();

-- A file as the import page shows it, without its bytes. Received and in hand is running: the worker shows nothing of its
-- transaction but the progress beside it.
create or replace view api.file_row with (security_invoker = true) as
select f.id, f.name, case when f.state = 'received' and p.step <> 'waiting' then 'running' else f.state end as state,
       f.received_at, f.finished_at, m.name as member, f.bytes, f.encoding, f.separator, f.summary,
       (select count(*) from data.source_error e where e.file_id = f.id) as errors,
       case when f.state in ('received', 'preview', 'reverting') and p.file_id is not null
            then json_build_object('step', p.step, 'done', p.done, 'total', p.total, 'stopping', p.cancel_by is not null) end as progress,
       f.preview is not null as previewed, f.reverted_at, r.name as reverted_by, f.kind
  from data.source_file f
  left join data.member m on m.id = f.member_id
  left join data.member r on r.id = f.reverted_by
  left join data.import_progress p on p.file_id = f.id
 where f.kind in ('partner', 'needs');

-- The file of the organisation that asks, for somebody who may write.
create or replace function data.import_own(file bigint) returns data.source_file
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    f source_file;
begin
    select x.* into f from source_file x
     where x.id = file and x.kind = 'partner' and x.organisation_id = auth.organisation() and auth.can_write();
    if not found then
        perform auth.refuse('not_found');
    end if;
    return f;
end
$$;

-- The number of a file to be: what is sealed is bound to it.
create or replace function api.file_number() returns bigint
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select nextval('data.source_file_id_seq');
    end;

-- How the table is to be read; what importing would do is then computed again.
create or replace function api.import_layout(file bigint, layout json) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f source_file := data.import_own(file);
begin
    if f.state not in ('preview', 'ready', 'refused') or f.content is null then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
    update source_file x
       set layout = jsonb_strip_nulls(import_layout.layout::jsonb), state = 'preview', finished_at = null
     where x.id = f.id and x.state in ('preview', 'ready', 'refused');
    if not found then
        perform auth.refuse('import_state', json_build_object('state', 'received'));
    end if;
    delete from source_error e where e.file_id = f.id;
end
$$;

-- What was looked at is imported, as it was looked at: with the layout that the preview shows.
create or replace function api.import_start(file bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f source_file := data.import_own(file);
begin
    if f.state <> 'ready' then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
    if not (f.preview ->> 'usable')::boolean then
        perform auth.refuse('import_no_key');
    end if;
    begin
        update source_file x set state = 'received' where x.id = f.id and x.state = 'ready';
        if not found then
            perform auth.refuse('import_state', json_build_object('state', 'received'));
        end if;
    exception when unique_violation then
        perform auth.refuse('import_sheet_done');
    end;
    perform data.log('import.started', null, null, jsonb_build_object('file', f.id, 'name', f.name));
end
$$;

-- Another sheet of a workbook that was imported: the same bytes, sealed anew by the server, as a file of its own that is
-- looked at, imported and taken back by itself.
create or replace function api.import_again(id bigint, file bigint, sheet integer, sealed bytea) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f source_file := data.import_own(file);
begin
    if f.state <> 'done' or f.content is null or f.preview ->> 'kind' is distinct from 'workbook' then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
    if exists (select from source_file x
                where x.kind = 'partner' and x.organisation_id = f.organisation_id and x.sha256 = f.sha256
                  and x.sheet = import_again.sheet and x.state in ('received', 'running', 'done')) then
        perform auth.refuse('import_sheet_done');
    end if;
    insert into source_file (id, kind, organisation_id, member_id, name, sha256, bytes, content, is_sealed, state, layout, again_of)
        overriding system value
    values (import_again.id, 'partner', f.organisation_id, auth.member(),
            regexp_replace(left(f.name, 180), '(\.\w{1,5})?$', format(' (feuille %s)\1', import_again.sheet + 1)),
            f.sha256, f.bytes, import_again.sealed, true, 'preview', jsonb_build_object('sheet', import_again.sheet),
            coalesce(f.again_of, f.id));
end
$$;

-- Before the worker has it, an import is given up at once; later the worker is asked to stop, which changes nothing.
create or replace function api.import_cancel(file bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f source_file := data.import_own(file);
begin
    if f.state not in ('preview', 'ready', 'received', 'running') then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
    insert into import_progress (file_id, step, began_at, told_at, cancel_by)
    values (f.id, 'waiting', data.now(), data.now(), auth.member())
    on conflict (file_id) do update set cancel_by = excluded.cancel_by;
    if exists (select from source_file x where x.id = f.id and x.state in ('preview', 'ready', 'received')
                  for no key update skip locked) then
        update source_file x
           set state = 'cancelled', finished_at = data.now(), content = null, preview = null, seen = null, layout = null, compared = null
         where x.id = f.id;
        delete from import_line l where l.file_id = f.id;
        delete from import_verdict v where v.file_id = f.id;
    end if;
end
$$;

-- What came from the file leaves the list, by a job.
create or replace function api.import_revert(file bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f source_file := data.import_own(file);
begin
    update source_file x set state = 'reverting', reverted_by = auth.member(), reverted_at = data.now()
     where x.id = f.id and x.state = 'done';
    if not found then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
end
$$;

-- A field of a CSV line: in quotes when it must be.
create or replace function data.csv_cell(value text, separator text) returns text
    language sql immutable parallel safe
    return case when value is null then ''
                when value ~ '["\r\n]' or position(separator in value) > 0 or value ~ '^\s|\s$'
                then '"' || replace(value, '"', '""') || '"' else value end;

create or replace function data.csv_line(cells text[], separator text) returns text
    language sql immutable parallel safe
    return (select string_agg(data.csv_cell(c.value, separator), separator order by c.n)
              from unnest(cells) with ordinality c (value, n));

-- Files are given back by the server, which opens their lines.
drop function if exists api.import_file_lines(bigint, text);
