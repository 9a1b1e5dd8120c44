-- Contacts and oppositions of persons. What identifies a person is sealed by the programs (server/base/person.h): here it is
-- bytes and hashes.

-- The sealed person as the server expects it in a document, to be replaced before it leaves: everything, or the names only
-- of somebody who does not want to be contacted.
create or replace function api.sealed(c data.contact) returns text
    language sql stable
    return case when c.opposition_id is null then 'p' else 'n' end || c.id || '.'
           || translate(encode(c.person, 'base64'), E'\n', '');

create or replace function data.contact_guard() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        new.created_at := coalesce(new.created_at, data.now());
        new.confirmed_by := case when new.confirmed_on is not null then coalesce(new.confirmed_by, new.member_id) end;
    else
        if old.erased_at is not null and (new.erased_at is null or new.person is not null) then
            perform auth.refuse('contact_erased');
        end if;
        if current_setting('maillage.sealing', true) is distinct from 'on' and not data.is_moving() then
            new.version := old.version + 1;
        end if;
    end if;
    return new;
end
$$;
create or replace trigger contact_guard before insert or update on data.contact
    for each row execute function data.contact_guard();

-- The log names the contact by number only: a person's details stay in the one row that can be erased.
create or replace function data.contact_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    -- Being bound by an opposition is told by the opposition; being sealed with a new key is no change.
    if (new.establishment_id, new.person, new.channel, new.shared, new.confirmed_on, new.confirmed_by, new.erased_at)
       is not distinct from (old.establishment_id, old.person, old.channel, old.shared, old.confirmed_on, old.confirmed_by, old.erased_at)
       or current_setting('maillage.sealing', true) = 'on' and session_user = 'maillage_owner'
       or data.is_moving() then
        return null;
    end if;
    if new.erased_at is not null then
        if old.erased_at is null then
            perform data.log('contact.erased', new.establishment_id, null,
                             jsonb_build_object('contact', new.id, 'why', new.erased_why), null, new.organisation_id);
        end if;
        return null;
    end if;
    if new.shared then
        perform data.log('contact.changed', new.establishment_id, null, jsonb_build_object('contact', new.id), new.member_id, new.organisation_id);
    end if;
    return null;
end
$$;
create or replace trigger contact_told after update on data.contact
    for each row execute function data.contact_told();

-- New ones are told together: an import brings thousands.
create or replace function data.contact_added() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into event (at, kind, member_id, organisation_id, establishment_id, data)
    select data.now(), 'contact.added', coalesce(auth.member(), f.member_id), coalesce(auth.organisation(), f.organisation_id),
           f.establishment_id, jsonb_build_object('contact', f.id)
      from fresh f where f.shared order by f.id;
    return null;
end
$$;
create or replace trigger contact_added after insert on data.contact
    referencing new table as fresh
    for each statement execute function data.contact_added();

-- Refuses a person one may not plan to meet.
create or replace function data.contact_meetable(contact bigint, establishment bigint) returns void
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    c record;
begin
    select x.opposition_id into c from contact x
     where x.id = contact_meetable.contact and x.establishment_id = contact_meetable.establishment and x.erased_at is null;
    if not found then
        perform auth.refuse('invalid', json_build_object('field', 'contact'));
    elsif c.opposition_id is not null then
        perform auth.refuse('contact_opposed', json_build_object('field', 'contact'));
    end if;
end
$$;

-- Oppositions being recorded and contacts being given keys wait for each other, so that neither misses the other. Each
-- statement behind the lock sees what was committed before it.
create or replace function data.opposition_lock(is_recording boolean) returns void
    language plpgsql as $$
begin
    if is_recording then
        perform pg_advisory_xact_lock(hashtextextended('maillage.opposition', 0));
    else
        perform pg_advisory_xact_lock_shared(hashtextextended('maillage.opposition', 0));
    end if;
end
$$;

-- The opposition in force that binds a contact: recorded on it, or on somebody with the same phone, the same e-mail, or the
-- same name at the same employer.
create or replace function data.opposition_of(contact bigint) returns bigint
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select x.id
          from data.contact c
          join data.opposition x on x.subject = 'person' and x.lifted_at is null
         where c.id = opposition_of.contact
           and (x.contact_id = c.id
                or x.id in (select o.opposition_id
                              from data.contact_key k
                              join data.opposition_key o on o.hash = k.hash and o.kind = k.kind
                              join data.opposition y on y.id = o.opposition_id
                             where k.contact_id = opposition_of.contact
                               and (k.kind <> 'name' or y.establishment_id = c.establishment_id)))
         order by x.id
         limit 1;
    end;

-- A contact that is given a key of somebody opposed is bound at once, whoever gives it and by whatever way.
create or replace function data.contact_key_bound() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.opposition_lock(false);
    update contact c set opposition_id = data.opposition_of(c.id)
     where c.opposition_id is null
       and c.id in (select k.contact_id from fresh k
                      join opposition_key o on o.hash = k.hash and o.kind = k.kind
                      join opposition x on x.id = o.opposition_id and x.lifted_at is null)
       and data.opposition_of(c.id) is not null;
    return null;
end
$$;
create or replace trigger contact_key_bound after insert on data.contact_key
    referencing new table as fresh
    for each statement execute function data.contact_key_bound();

-- An opposition of a person takes over the hashes of its contact and binds every contact that has one of them; what was
-- planned with them is cancelled, whoever planned it. A phone or e-mail that is also the employer's own is left out (the
-- server names the hashes in maillage.spared): it would silence colleagues.
create or replace function data.opposition_bind(opposition bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    x      record;
    spared bytea[] := array(select decode(h, 'hex') from regexp_split_to_table(coalesce(current_setting('maillage.spared', true), ''), ',') h
                             where h ~ '^[0-9a-f]{32}$');
    bound  bigint[];
begin
    perform data.opposition_lock(true);
    select * into x from opposition o where o.id = opposition_bind.opposition;
    insert into opposition_key (opposition_id, kind, hash)
    select x.id, k.kind, k.hash from contact_key k
     where k.contact_id = x.contact_id and k.kind <> 'family' and k.hash <> all (spared);
    with b as (
        update contact c set opposition_id = x.id
         where c.opposition_id is null and c.erased_at is null
           and (c.id = x.contact_id
                or c.id in (select k.contact_id from contact_key k
                              join opposition_key o on o.hash = k.hash and o.kind = k.kind
                              join contact y on y.id = k.contact_id
                             where o.opposition_id = x.id and (o.kind <> 'name' or y.establishment_id = x.establishment_id)))
        returning c.id
    )
    select array_agg(b.id) into bound from b;
    update visit v set state = 'cancelled', reason = 'Opposition de l’interlocuteur'
     where v.contact_id = any (bound) and v.state = 'planned';
end
$$;

-- Once lifted it binds nobody; another one may.
create or replace function data.opposition_unbind(opposition bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.opposition_lock(true);
    update contact c set opposition_id = data.opposition_of(c.id) where c.opposition_id = opposition_unbind.opposition;
end
$$;

-- Seals many contacts at once, a JSON array of {id, person: hexadecimal, keys}: those that waited in plain text, and those
-- sealed with an older key. Returns how many. For the administration command; nothing is told, nothing has changed.
create or replace function data.contact_seal(batch json) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    sealed bigint;
begin
    perform set_config('maillage.sealing', 'on', true);
    update contact c set person = decode(b.person, 'hex')
      from json_to_recordset(contact_seal.batch) b (id bigint, person text)
     where c.id = b.id and c.erased_at is null;
    get diagnostics sealed = row_count;
    insert into contact_key (contact_id, kind, hash)
    select distinct b.id, k.kind, decode(k.hash, 'hex')
      from json_to_recordset(contact_seal.batch) b (id bigint, keys json)
      join contact c on c.id = b.id and c.erased_at is null
     cross join lateral json_to_recordset(b.keys) k (kind text, hash text)
    on conflict do nothing;
    delete from contact_plain p using json_to_recordset(contact_seal.batch) b (id bigint) where p.contact_id = b.id;
    perform set_config('maillage.sealing', '', true);
    return sealed;
end
$$;

-- The number of a contact to be: what is sealed is bound to it.
create or replace function api.contact_number() returns bigint
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select nextval('data.contact_id_seq');
    end;

-- Gives a contact of one's own organisation its hashes, a JSON array of {kind, hash}; those it had are gone.
create or replace function api.contact_keys_set(contact bigint, keys json) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from contact c where c.id = contact_keys_set.contact and c.organisation_id = auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    delete from contact_key k where k.contact_id = contact_keys_set.contact;
    insert into contact_key (contact_id, kind, hash)
    select distinct contact_keys_set.contact, k.kind, decode(k.hash, 'hex')
      from json_to_recordset(contact_keys_set.keys) k (kind text, hash text);
end
$$;

-- Refuses to keep what identifies somebody who does not want to be contacted.
create or replace function api.contact_unopposed(contact bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    x record;
begin
    select o.at, g.id, g.name, g.short_name, g.network into x
      from contact c
      join opposition o on o.id = c.opposition_id
      join organisation g on g.id = o.organisation_id
     where c.id = contact_unopposed.contact;
    if found then
        perform auth.refuse('contact_opposed', json_build_object('at', x.at, 'organisation',
            json_build_object('id', x.id, 'name', x.name, 'short_name', x.short_name, 'network', x.network)));
    end if;
end
$$;

-- Adds a contact, confirmed today. Nothing is kept of a person who is opposed.
create or replace function api.contact_add(contact bigint, establishment bigint, person bytea, keys json, channel text,
                                           shared boolean) returns void
    language plpgsql as $$
begin
    if not exists (select from data.establishment e where e.id = contact_add.establishment) then
        perform auth.refuse('not_found');
    end if;
    insert into data.contact (id, establishment_id, organisation_id, member_id, person, channel, shared, confirmed_on)
    values (contact_add.contact, contact_add.establishment, auth.organisation(), auth.member(), contact_add.person,
            contact_add.channel, contact_add.shared, data.today());
    perform api.contact_keys_set(contact_add.contact, contact_add.keys);
    perform api.contact_unopposed(contact_add.contact);
end
$$;

-- Changes a contact of one's own organisation; null leaves a value as it is. With person come its keys.
create or replace function api.contact_change(contact bigint, version integer, person bytea, keys json, channel text,
                                              shared boolean, confirmed boolean) returns void
    language plpgsql as $$
declare
    c record;
begin
    select x.organisation_id, x.version, x.erased_at into c from data.contact x where x.id = contact_change.contact;
    if not found or c.erased_at is not null then
        perform auth.refuse('not_found');
    end if;
    if c.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    perform api.contact_unopposed(contact_change.contact);
    update data.contact x
       set person = coalesce(contact_change.person, x.person), channel = coalesce(contact_change.channel, x.channel),
           shared = coalesce(contact_change.shared, x.shared),
           confirmed_on = case when contact_change.confirmed then data.today() else x.confirmed_on end,
           confirmed_by = case when contact_change.confirmed then auth.member() else x.confirmed_by end
     where x.id = contact_change.contact and x.version = contact_change.version;
    if not found then
        perform auth.refuse('precondition_failed', json_build_object('version', c.version));
    end if;
    if contact_change.person is not null then
        perform api.contact_keys_set(contact_change.contact, contact_change.keys);
        perform api.contact_unopposed(contact_change.contact);
    end if;
end
$$;

-- Records that a person does not want to be contacted, and returns the number of the opposition. `spared`: hashes, comma-
-- separated, that are the employer's own and say nothing about the person.
create or replace function api.oppose_person(contact bigint, reason text, spared text) returns bigint
    language plpgsql as $$
declare
    made bigint;
    c    record;
begin
    select x.establishment_id into c from data.contact x where x.id = oppose_person.contact and x.erased_at is null;
    if not found then
        perform auth.refuse('not_found');
    end if;
    perform set_config('maillage.spared', coalesce(oppose_person.spared, ''), true);
    insert into data.opposition (establishment_id, organisation_id, member_id, subject, contact_id, reason)
    values (c.establishment_id, auth.organisation(), auth.member(), 'person', oppose_person.contact, oppose_person.reason)
    on conflict (contact_id) where lifted_at is null and subject = 'person' do nothing
    returning id into made;
    perform set_config('maillage.spared', '', true);
    return coalesce(made, (select x.id from data.opposition x
                            where x.contact_id = oppose_person.contact and x.lifted_at is null));
end
$$;

-- A contact as the interface shows it, its person sealed.
create or replace view api.contact_row with (security_invoker = true) as
select c.id, c.establishment_id, api.sealed(c) as sealed, c.channel, c.shared, c.confirmed_on, c.created_at,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = c.confirmed_by) as confirmed_by,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = c.member_id) as given_by,
       c.source_record_id is not null as imported,
       api.organisation_ref(o) as organisation,
       (select json_build_object('id', x.id, 'at', x.at, 'reason', x.reason, 'here', x.contact_id = c.id,
                                 'organisation', api.organisation_ref(g))
          from data.opposition x join data.organisation g on g.id = x.organisation_id
         where x.id = c.opposition_id) as opposition,
       c.version
  from data.contact c
  join data.organisation o on o.id = c.organisation_id
 where c.erased_at is null;
