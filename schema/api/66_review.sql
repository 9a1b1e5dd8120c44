-- Review: rows of partners' files tied to establishments, by linkage or by a person, and untied without a loss.

-- The field of a row (source_record.fields) that speaks of each field of an establishment.
create or replace function data.record_fields() returns table (field text, key text)
    language sql immutable as $$
    values ('legal_name', 'name'), ('brand', 'brand'), ('address', 'address'), ('postcode', 'postcode'), ('city', 'city'),
           ('commune_code', 'commune_code'), ('naf', 'naf'), ('phone', 'phone'), ('email', 'email')
$$;

-- Whether the organisation of a row sees an establishment: only then do its values come into the list.
create or replace function data.record_sees(record bigint, establishment bigint) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select exists (select from data.source_record s
                         join data.source_file f on f.id = s.file_id
                         join data.organisation o on o.id = f.organisation_id
                         join data.territory_commune tc on tc.territory_id = o.territory_id
                         join data.establishment e on e.commune_code = tc.commune_code
                        where s.id = record_sees.record and e.id = record_sees.establishment);
    end;

-- Where the list has no value the row's is taken, and known as such. Rows are locked in the order of the ids.
create or replace function data.record_values(record bigint, establishment bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    e     establishment;
    v     record;
    stands jsonb;
begin
    select x.* into e from establishment x where x.id = record_values.establishment for no key update;
    if e.diffusion <> 'O' or not data.record_sees(record_values.record, e.id) then
        return;
    end if;
    stands := to_jsonb(e);
    for v in
        select f.field, s.fields ->> f.key as value
          from source_record s cross join data.record_fields() f
         where s.id = record_values.record and s.fields ->> f.key is not null
    loop
        continue when stands ->> v.field is not null or (v.field = 'naf' and e.naf_legacy is not null)
                      or (v.field = 'brand' and e.name is not null);
        insert into establishment_value (establishment_id, field, value, source_record_id, rule, since)
        values (e.id, v.field, v.value, record_values.record, 'only', data.now())
        on conflict (establishment_id, field) do nothing;
        if found then
            execute format('update data.establishment set %I = $1 where id = $2', v.field) using v.value, e.id;
        end if;
    end loop;
end
$$;

-- The values that came from a row leave the establishment: the next row tied to it that has one gives its own, else the
-- register's stands again.
create or replace function data.record_values_undo(record bigint, establishment bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    v    record;
    next record;
begin
    perform from establishment x where x.id = record_values_undo.establishment for no key update;
    for v in
        select w.field, w.register_value, f.key
          from establishment_value w join data.record_fields() f using (field)
         where w.establishment_id = record_values_undo.establishment and w.source_record_id = record_values_undo.record
           and w.rule = 'only'
    loop
        select s.id, s.fields ->> v.key as value into next
          from link l join source_record s on s.id = l.source_record_id
         where l.establishment_id = record_values_undo.establishment and l.undone_at is null
           and s.id <> record_values_undo.record and s.fields ->> v.key is not null
           and (v.field <> 'brand' or s.fields ->> 'name' is null)
         order by s.id limit 1;
        if found then
            update establishment_value w set value = next.value, source_record_id = next.id, since = data.now()
             where w.establishment_id = record_values_undo.establishment and w.field = v.field;
        else
            delete from establishment_value w
             where w.establishment_id = record_values_undo.establishment and w.field = v.field;
        end if;
        execute format('update data.establishment set %I = $1 where id = $2', v.field)
            using case when next.id is not null then next.value else v.register_value end, record_values_undo.establishment;
    end loop;
end
$$;

-- Ties a row to an establishment. Who: null when linkage did.
create or replace function data.record_link(record bigint, establishment bigint, score numeric, method text, evidence jsonb,
                                            who bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into link (source_record_id, establishment_id, score, method, evidence, decided_by, decided_at)
    values (record_link.record, record_link.establishment, record_link.score, record_link.method, record_link.evidence,
            record_link.who, data.now());
    update source_record s set state = 'linked' where s.id = record_link.record;
    perform data.record_values(record_link.record, record_link.establishment);
end
$$;

-- An establishment that the list does not know, made of a row that has a name and a commune; null when it has not.
create or replace function data.record_create(record bigint, score numeric, evidence jsonb, who bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
begin
    insert into establishment (siret, legal_name, brand, address, postcode, city, commune_code, naf, phone, email)
    select s.siret, s.fields ->> 'name', s.fields ->> 'brand', s.fields ->> 'address', s.fields ->> 'postcode',
           s.fields ->> 'city', s.fields ->> 'commune_code', s.fields ->> 'naf', s.fields ->> 'phone', s.fields ->> 'email'
      from source_record s
     where s.id = record_create.record and s.fields ->> 'commune_code' is not null
       and coalesce(s.fields ->> 'brand', s.fields ->> 'name') is not null
    on conflict (siret) do nothing
    returning id into made;
    if made is null then
        return null;
    end if;
    insert into establishment_value (establishment_id, field, value, source_record_id, rule, since)
    select made, f.field, s.fields ->> f.key, s.id, 'only', data.now()
      from source_record s cross join data.record_fields() f
     where s.id = record_create.record and s.fields ->> f.key is not null;
    insert into link (source_record_id, establishment_id, score, method, evidence, decided_by, decided_at)
    values (record_create.record, made, record_create.score, 'created', record_create.evidence, record_create.who, data.now());
    update source_record s set state = 'linked' where s.id = record_create.record;
    return made;
end
$$;

-- Unties a row, which waits for a decision again. An establishment that only this row had made known leaves the list with
-- it, unless somebody has built on it since: then it stays, with the values it has.
create or replace function data.record_unlink(record bigint, who bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l link;
begin
    select x.* into l from link x where x.source_record_id = record_unlink.record and x.undone_at is null for update;
    if not found then
        return;
    end if;
    update source_record s set state = 'review' where s.id = record_unlink.record;
    perform data.waiting_return(array[record_unlink.record]);
    perform from establishment e where e.id = l.establishment_id for update;
    if exists (select from establishment e where e.id = l.establishment_id and e.register_file is null)
       and exists (select from link x where x.establishment_id = l.establishment_id and x.method = 'created')
       and not exists (select from link x where x.establishment_id = l.establishment_id and x.id <> l.id)
       and not exists (select from review x where x.establishment_id = l.establishment_id)
       and not exists (select from contact x where x.establishment_id = l.establishment_id)
       and not exists (select from event x where x.establishment_id = l.establishment_id) then
        -- Promises, visits, needs, offers and oppositions all leave an event.
        delete from link x where x.id = l.id;
        delete from establishment_value x where x.establishment_id = l.establishment_id;
        delete from standing x where x.establishment_id = l.establishment_id;
        delete from establishment x where x.id = l.establishment_id;
        return;
    end if;
    update link x set undone_by = record_unlink.who, undone_at = data.now() where x.id = l.id;
    if l.method <> 'created' then
        perform data.record_values_undo(record_unlink.record, l.establishment_id);
    end if;
end
$$;

-- After an import, linkage looks at the rows that no SIRET placed.
create or replace function data.records_wait() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.job_add('linkage.records', jsonb_build_object('file', new.id))
      where exists (select from source_record s where s.file_id = new.id and s.state = 'review');
    return null;
end
$$;
create or replace trigger records_wait after update of state on data.source_file
    for each row when (new.kind = 'partner' and new.state = 'done' and old.state is distinct from 'done')
    execute function data.records_wait();

-- A doubtful pair as the review desk shows it: both sides, field by field.
create or replace function api.review_document(review bigint) returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return (
        select json_build_object(
            'id', r.id, 'probability', r.probability, 'reason', r.reason, 'evidence', r.evidence, 'state', r.state,
            'proposed_at', r.proposed_at, 'decided_at', r.decided_at,
            'decided_by', (select json_build_object('id', m.id, 'name', m.name) from member m where m.id = r.decided_by),
            'held_until', r.held_until,
            'record', json_build_object('id', s.id, 'line', s.line, 'file', f.id, 'file_name', f.name, 'siret', s.siret,
                'siren', s.fields ->> 'siren', 'name', s.fields ->> 'name', 'brand', s.fields ->> 'brand',
                'address', s.fields ->> 'address', 'postcode', s.fields ->> 'postcode', 'city', s.fields ->> 'city',
                'naf', s.fields ->> 'naf', 'phone', s.fields ->> 'phone', 'email', s.fields ->> 'email'),
            'establishment', json_build_object('id', e.id, 'siret', e.siret, 'name', e.name, 'legal_name', e.legal_name,
                'brand', e.brand, 'address', e.address, 'postcode', e.postcode, 'city', e.city, 'naf', e.naf,
                'naf_label', n.label, 'phone', e.phone, 'email', e.email, 'status', e.status),
            'others', (select count(*) from review x
                        where x.source_record_id = r.source_record_id and x.id <> r.id and x.state = 'open'))
          from review r
          join source_record s on s.id = r.source_record_id
          join source_file f on f.id = s.file_id
          join establishment e on e.id = r.establishment_id
          left join naf n on n.code = e.naf
         where r.id = review_document.review and r.organisation_id = auth.organisation() and auth.is_partner());
end
$$;

-- Gives the person the next pair and holds it for ten minutes, so that two reviewers never look at the same. What they
-- were looking at comes first, what they put aside last. Null when nothing is left for them.
create or replace function api.review_take() returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    taken bigint;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    select r.id into taken from review r
      left join review_skip k on k.review_id = r.id and k.member_id = auth.member()
     where r.organisation_id = auth.organisation() and r.state = 'open'
       and (r.held_by is null or r.held_by = auth.member() or r.held_until < data.now())
     order by k.at nulls first, coalesce(r.held_by = auth.member(), false) desc, r.rank desc, r.id
     limit 1
       for update of r skip locked;
    update review r set held_by = auth.member(), held_until = data.now() + interval '10 minutes' where r.id = taken;
    return taken;
end
$$;

-- Locks a pair of the person's organisation; refuses one that somebody else decided or looks at.
create or replace function data.review_lock(review bigint) returns data.review
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    r review;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    -- The row is the lock of all its pairs.
    perform from source_record s
       join review x on x.source_record_id = s.id
      where x.id = review_lock.review and x.organisation_id = auth.organisation()
        for update of s;
    select x.* into r from review x where x.id = review_lock.review and x.organisation_id = auth.organisation() for update;
    if not found then
        perform auth.refuse('not_found');
    end if;
    return r;
end
$$;

-- Decides: `same`, `different`, or `skip` for later.
create or replace function api.review_decide(review bigint, verdict text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    r review := data.review_lock(review_decide.review);
    m text;
begin
    if r.state <> 'open' then
        select x.name into m from member x where x.id = r.decided_by;
        perform auth.refuse('review_decided', json_build_object('state', r.state, 'by', m));
    end if;
    if r.held_by <> auth.member() and r.held_until >= data.now() then
        select x.name into m from member x where x.id = r.held_by;
        perform auth.refuse('review_held', json_build_object('by', m, 'until', r.held_until));
    end if;
    if review_decide.verdict = 'skip' then
        insert into review_skip (review_id, member_id, at) values (r.id, auth.member(), data.now())
        on conflict (review_id, member_id) do update set at = excluded.at;
        update review x set held_by = null, held_until = null where x.id = r.id;
        return;
    end if;
    update review x
       set state = review_decide.verdict, decided_by = auth.member(), decided_at = data.now(), held_by = null, held_until = null
     where x.id = r.id;
    if review_decide.verdict = 'same' then
        update review x set state = 'moot', held_by = null, held_until = null
         where x.source_record_id = r.source_record_id and x.state = 'open';
        perform data.record_link(r.source_record_id, r.establishment_id, r.probability, 'person', r.evidence, auth.member());
    elsif not exists (select from review x where x.source_record_id = r.source_record_id and x.state = 'open') then
        -- It is none of those it resembles: the list does not know it.
        perform data.record_create(r.source_record_id, 1 - r.probability, r.evidence, auth.member());
    end if;
    perform data.log('review.' || review_decide.verdict, case when review_decide.verdict = 'same' then r.establishment_id end,
                     null, jsonb_build_object('review', r.id, 'record', r.source_record_id, 'establishment', r.establishment_id));
end
$$;

-- Undoes a decision: the pair is open again, and so are the others that it had settled.
create or replace function api.review_undo(review bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    r review := data.review_lock(review_undo.review);
begin
    if r.decided_by is null then
        perform auth.refuse('review_open');
    end if;
    perform data.record_unlink(r.source_record_id, auth.member());
    update review x set state = 'open', decided_by = null, decided_at = null,
                        held_by = auth.member(), held_until = data.now() + interval '10 minutes'
     where x.id = r.id;
    if r.state = 'same' then
        update review x set state = 'open' where x.source_record_id = r.source_record_id and x.state = 'moot';
    end if;
    perform data.log('review.undone', case when r.state = 'same' then r.establishment_id end, null,
                     jsonb_build_object('review', r.id, 'record', r.source_record_id, 'establishment', r.establishment_id));
end
$$;

-- How far the desk is: open, decided, by the person today, and of the decisions how many went the way linkage leaned.
create or replace function api.review_figures() returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return (
        select json_build_object(
            'open', count(*) filter (where r.state = 'open'),
            'held', count(*) filter (where r.state = 'open' and r.held_by <> auth.member() and r.held_until >= data.now()),
            'decided', count(*) filter (where r.decided_at is not null),
            'same', count(*) filter (where r.state = 'same'),
            'different', count(*) filter (where r.state = 'different'),
            'today', count(*) filter (where r.decided_by = auth.member()
                                            and (r.decided_at at time zone 'Europe/Paris')::date = data.today()),
            'agreed', count(*) filter (where r.decided_at is not null and (r.state = 'same') = (r.probability >= 0.5)))
          from review r where r.organisation_id = auth.organisation() and auth.is_partner());
end
$$;

-- Decisions of the organisation about establishments that left the list when an import was taken back: labels all the same.
create or replace function api.review_labels_taken_back()
    returns table (source_record_id bigint, establishment_id bigint, siret text, name text, probability numeric, state text,
                   decided_by bigint, decided_at timestamptz)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select (u.removed ->> 'source_record_id')::bigint, (u.removed ->> 'establishment_id')::bigint, e.removed ->> 'siret',
               coalesce(e.removed ->> 'name', e.removed ->> 'legal_name'), (u.removed ->> 'probability')::numeric, u.removed ->> 'state',
               (u.removed ->> 'decided_by')::bigint, (u.removed ->> 'decided_at')::timestamptz
          from data.import_undone u
          join data.source_file f on f.id = u.file_id
          left join data.import_undone e on e.file_id = u.file_id and e.kind = 'establishment'
                                        and e.removed ->> 'id' = u.removed ->> 'establishment_id'
         where u.kind = 'review' and u.removed ->> 'decided_by' is not null
           and f.organisation_id = auth.organisation() and auth.is_partner();
    end;
