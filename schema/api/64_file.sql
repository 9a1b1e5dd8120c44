-- Files that partners give.

create or replace function data.source_file_guard() returns trigger
    language plpgsql as $$
begin
    new.received_at := coalesce(new.received_at, data.now());
    return new;
end
$$;
create or replace trigger source_file_guard before insert on data.source_file
    for each row execute function data.source_file_guard();

-- A file as the import page shows it, without its bytes.
create or replace view api.file_row with (security_invoker = true) as
select f.id, f.name, f.state, f.received_at, f.finished_at, m.name as member, f.bytes, f.encoding, f.separator, f.summary,
       (select count(*) from data.source_error e where e.file_id = f.id) as errors
  from data.source_file f
  left join data.member m on m.id = f.member_id
 where f.kind = 'partner';
