-- Files received from partners: read by the worker, and what becomes of them is told.

create or replace function data.source_file_received() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from import_progress p where p.file_id = new.id;
    perform data.job_add(case new.state when 'received' then 'import.partner' when 'preview' then 'import.preview'
                                        else 'import.revert' end, jsonb_build_object('file', new.id));
    return null;
end
$$;
create or replace trigger source_file_received after insert on data.source_file
    for each row when (new.kind = 'partner' and new.state in ('received', 'preview') and new.content is not null)
    execute function data.source_file_received();
create or replace trigger source_file_asked after update of state, layout on data.source_file
    for each row when (new.kind = 'partner' and new.state in ('received', 'preview', 'reverting')
                       and (new.state <> old.state or new.layout is distinct from old.layout))
    execute function data.source_file_received();

create or replace function data.source_file_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if new.state in ('done', 'refused', 'cancelled', 'reverted') then
        perform data.log('import.' || new.state, null, null,
                         jsonb_build_object('file', new.id, 'name', new.name)
                         || case when new.state = 'reverted' then jsonb_build_object('reverted', new.summary -> 'reverted') else '{}' end,
                         case when new.state = 'reverted' then new.reverted_by else new.member_id end, new.organisation_id);
    else
        perform data.import_tell(new.id, new.state);
    end if;
    return null;
end
$$;
create or replace trigger source_file_told after update of state on data.source_file
    for each row when (new.kind = 'partner' and new.state <> old.state)
    execute function data.source_file_told();

-- Tells the browsers of the territory that a file moved on; nothing is written.
create or replace function data.import_tell(file bigint, kind text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform pg_notify('live', json_build_object('seq', 0, 'kind', 'import.' || import_tell.kind, 'import', f.id, 'organisation', f.organisation_id,
                                                'territories', json_build_array(o.territory_id), 'at', data.now())::text)
       from source_file f join organisation o on o.id = f.organisation_id where f.id = file;
end
$$;

-- Where a job stands; answers whether somebody asked to stop it. The file's row is held by the job: it is not touched.
create or replace function data.import_step(file bigint, step text, done bigint, total bigint) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    asked boolean;
begin
    insert into import_progress as p (file_id, step, done, total, began_at, told_at)
    values (import_step.file, import_step.step, import_step.done, import_step.total, data.now(), data.now())
    on conflict (file_id) do update
       set step = excluded.step, done = excluded.done, total = excluded.total, told_at = excluded.told_at
    returning p.cancel_by is not null into asked;
    perform data.import_tell(file, 'progress');
    return asked;
end
$$;

create or replace function data.import_over(file bigint) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        delete from data.import_progress p where p.file_id = import_over.file;
    end;

-- What the statistics say of links is renewed amid an import: they know none of the file, and often none that stands at all.
create or replace function data.import_links_known() returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    analyze link (source_record_id, establishment_id, undone_at);
end
$$;

-- Previews that nobody followed up, with the bytes they were made of; and persons whose row nobody placed in a year.
create or replace function data.import_give_up(age interval) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from waiting_person w using source_record s, source_file f
     where s.id = w.source_record_id and f.id = s.file_id and f.received_at < data.now() - interval '1 year';
    with old as (
        update source_file f
           set state = 'cancelled', finished_at = data.now(), content = null, preview = null, seen = null, layout = null, compared = null
         where f.kind = 'partner' and f.state in ('ready', 'preview') and f.received_at < data.now() - age
        returning f.id
    ), lines as (
        delete from import_line l using old where l.file_id = old.id
    )
    delete from import_verdict v using old where v.file_id = old.id;
    -- Changes that every preview has seen.
    delete from list_change c
     where not exists (select from source_file f where f.compared is not null and not pg_visible_in_snapshot(c.xid, f.compared))
       and pg_visible_in_snapshot(c.xid, pg_current_snapshot());
end
$$;

-- Which of the candidates something else refers to, whatever table that is: found by the foreign keys of the schema.
-- Candidates are in the temporary table taken_back (id, kept).
create or replace function data.import_in_use(target regclass, besides regclass[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    k record;
begin
    for k in
        select c.conrelid::regclass as source, a.attname as field
          from pg_constraint c
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
         where c.contype = 'f' and c.confrelid = target and cardinality(c.conkey) = 1 and c.conparentid = 0
           and c.conrelid <> all (besides::oid[])
    loop
        execute format('update taken_back t set kept = true where not t.kept and exists (select from %s r where r.%I = t.id)', k.source, k.field);
    end loop;
end
$$;

-- Takes an import back: its links, its contacts, the values that stand because of it, the establishments that it created
-- and that nothing else uses. What others built on stays, and is counted. Every row removed is kept in import_undone, persons apart.
create or replace function data.import_take_back(file bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f      source_file;
    gone   jsonb := '{}';
    n      bigint;
    now_at timestamptz := data.now();
begin
    perform pg_advisory_xact_lock(hashtextextended('maillage.import', 0));
    select x.* into f from source_file x where x.id = file and x.kind = 'partner' for no key update;
    if not found or f.state <> 'reverting' then
        return;
    end if;
    perform data.import_tell(file, 'progress');
    create temporary table taken_record on commit drop as
    select s.id from source_record s where s.file_id = file;
    create unique index on taken_record (id);
    analyze taken_record;

    -- Contacts that nobody confirmed, changed or refers to.
    create temporary table taken_back on commit drop as
    select c.id, c.version > 1 or c.confirmed_on is not null as kept from contact c join taken_record r on r.id = c.source_record_id;
    perform data.import_in_use('contact'::regclass, array['contact_key', 'contact_plain']::regclass[]);
    -- A person leaves no shadow: the file, kept as received, still names them.
    delete from contact_key k using taken_back t where t.id = k.contact_id and not t.kept;
    delete from contact_plain p using taken_back t where t.id = p.contact_id and not t.kept;
    delete from contact c using taken_back t where t.id = c.id and not t.kept;
    get diagnostics n = row_count;
    delete from waiting_person w using taken_record r where r.id = w.source_record_id;
    gone := gone || jsonb_build_object('contacts', n, 'contacts_kept', (select count(*) from taken_back t where t.kept));
    drop table taken_back;

    -- Establishments that it created. Links that were undone before do not hold them.
    create temporary table taken_back on commit drop as
    select distinct l.establishment_id as id, e.register_file is not null as kept
      from link l join taken_record r on r.id = l.source_record_id join establishment e on e.id = l.establishment_id
     where l.method = 'created';
    create unique index on taken_back (id);
    update taken_back t set kept = true
     where not t.kept
       and (exists (select from link l where l.establishment_id = t.id and l.undone_at is null
                                          and not exists (select from taken_record r where r.id = l.source_record_id))
            or exists (select from establishment_value v where v.establishment_id = t.id
                                          and (v.source_record_id is null
                                               or not exists (select from taken_record r where r.id = v.source_record_id)))
            or exists (select from review w where w.establishment_id = t.id
                                          and not exists (select from taken_record r where r.id = w.source_record_id)));
    perform data.import_in_use('establishment'::regclass, array['link', 'establishment_value', 'standing', 'review', 'facet', 'own_code']::regclass[]);

    -- What linkage asked about its rows is no question any more; what people answered stays, but with what goes.
    insert into import_undone (file_id, kind, removed)
    select file, 'review', to_jsonb(w) from review w join taken_back t on t.id = w.establishment_id where not t.kept order by w.id;
    delete from review w using taken_back t where t.id = w.establishment_id and not t.kept;
    update review w set state = 'moot' from taken_record r where r.id = w.source_record_id and w.state = 'open';

    -- Values that stand because of it, on what stays and was there before: without its links, others win.
    create temporary table fallen on commit drop as
    select to_jsonb(v) as removed, v.establishment_id, v.field
      from establishment_value v
      join taken_record r on r.id = v.source_record_id
     where not exists (select from taken_back t where t.id = v.establishment_id);

    -- Links: undone where the establishment stays, kept aside where it goes.
    insert into import_undone (file_id, kind, removed)
    select file, 'link', to_jsonb(l) from link l join taken_back t on t.id = l.establishment_id where not t.kept order by l.id;
    select count(*) into n from link l join taken_record r on r.id = l.source_record_id where l.undone_at is null;
    gone := gone || jsonb_build_object('links', n);
    delete from link l using taken_back t where t.id = l.establishment_id and not t.kept;
    update link l set undone_at = now_at, undone_by = f.reverted_by from taken_record r where r.id = l.source_record_id and l.undone_at is null;
    perform data.golden(array(select distinct l.establishment_id from link l join taken_record r on r.id = l.source_record_id order by 1));
    insert into import_undone (file_id, kind, removed)
    select file, 'value', x.removed from fallen x
     where not exists (select from establishment_value v join taken_record r on r.id = v.source_record_id
                        where v.establishment_id = x.establishment_id and v.field = x.field);
    get diagnostics n = row_count;
    gone := gone || jsonb_build_object('values', n,
        'values_kept', (select count(*) from establishment_value v join taken_record r on r.id = v.source_record_id
                         where not exists (select from taken_back t where t.id = v.establishment_id and not t.kept)));

    insert into import_undone (file_id, kind, removed)
    select file, 'value', to_jsonb(v) from establishment_value v join taken_back t on t.id = v.establishment_id where not t.kept;
    delete from establishment_value v using taken_back t where t.id = v.establishment_id and not t.kept;
    delete from standing s using taken_back t where t.id = s.establishment_id and not t.kept;
    insert into import_undone (file_id, kind, removed)
    select file, 'establishment', to_jsonb(e) from establishment e join taken_back t using (id) where not t.kept order by e.id;
    delete from establishment e using taken_back t where t.id = e.id and not t.kept;
    get diagnostics n = row_count;
    gone := gone || jsonb_build_object('establishments', n, 'establishments_kept', (select count(*) from taken_back t where t.kept));

    update source_record s set state = 'reverted' from taken_record r where r.id = s.id;
    update source_file x set state = 'reverted', summary = x.summary || jsonb_build_object('reverted', gone) where x.id = file;
    drop table taken_record, taken_back, fallen;
end
$$;

-- Seals a batch of lines, [{id, sealed: hexadecimal, received}]: how many. For the administration command; nothing is told,
-- nothing has changed. Without `received`, what stays readable is left as it is.
create or replace function data.line_seal(batch json) returns bigint
    language sql security definer set search_path = data, pg_temp as $$
    with sealed as (
        update source_record r
           set sealed = decode(b.sealed, 'hex'), received = coalesce(b.received, r.received), fields = r.fields - 'notes'
          from json_to_recordset(line_seal.batch) b (id bigint, sealed text, received jsonb)
         where r.id = b.id
        returning r.id
    )
    select count(*) from sealed;
$$;
