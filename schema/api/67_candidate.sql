-- What linkage must know of what changes: keys to be computed, and persons who become contacts once their row is tied.

-- Notes that this transaction changes what linkage compares: what a preview foresaw before does not hold any more.
create or replace function data.list_changed() returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        insert into data.list_change (xid) values (pg_current_xact_id()) on conflict do nothing;
    end;

create or replace function data.establishment_unkeyed_new() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.list_changed();
    insert into establishment_unkeyed (establishment_id) select f.id from fresh f;
    return null;
end
$$;
create or replace trigger establishment_unkeyed_new after insert on data.establishment
    referencing new table as fresh
    for each statement execute function data.establishment_unkeyed_new();

create or replace function data.establishment_unkeyed_changed() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into establishment_unkeyed (establishment_id)
    select f.id
      from (select id, siret, legal_name, usual_name, brand, address, postcode, city, commune_code, phone, email from fresh
            except
            select id, siret, legal_name, usual_name, brand, address, postcode, city, commune_code, phone, email from stale) f;
    if found or exists (select id, merged_into from fresh except select id, merged_into from stale) then
        perform data.list_changed();
    end if;
    return null;
end
$$;
create or replace trigger establishment_unkeyed_changed after update on data.establishment
    referencing old table as stale new table as fresh
    for each statement execute function data.establishment_unkeyed_changed();

-- Makes contacts of the persons that waited in rows tied by now, each to the establishment in the same place, where the
-- organisation sees the employer; nobody who is opposed there, nobody twice. They wait no more.
drop function if exists data.waiting_meet(bigint[]);
create or replace function data.waiting_meet(records bigint[], establishments bigint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from waiting_person p where p.source_record_id = any (waiting_meet.records)) then
        return;
    end if;
    with tied as materialized (
        select p.*, l.establishment_id, f.organisation_id, f.member_id
          from unnest(waiting_meet.records, waiting_meet.establishments) l (record_id, establishment_id)
         -- One row after the other, whatever the statistics say of what came a moment ago.
         cross join lateral (select x.* from waiting_person x where x.source_record_id = l.record_id offset 0) p
         cross join lateral (select x.file_id from source_record x where x.id = p.source_record_id offset 0) s
          join source_file f on f.id = s.file_id
          join organisation o on o.id = f.organisation_id
          join establishment e on e.id = l.establishment_id
          join territory_commune tc on tc.territory_id = o.territory_id and tc.commune_code = e.commune_code
    ), gone as (
        delete from waiting_person p using tied t where t.source_record_id = p.source_record_id
    ), one as materialized (
        select distinct on (t.establishment_id, t.organisation_id, t.name) t.*
          from tied t
         where not exists (select from opposition_key k
                             join opposition x on x.id = k.opposition_id
                            where x.lifted_at is null
                              and (k.kind = 'name' and k.hash = t.name and x.establishment_id = t.establishment_id
                                   or k.kind = 'phone' and k.hash = any (t.phones) or k.kind = 'email' and k.hash = any (t.emails)))
           and not exists (select from (select c.id from contact c
                                         where c.establishment_id = t.establishment_id and c.organisation_id = t.organisation_id offset 0) c
                             join contact_key k on k.contact_id = c.id and k.kind = 'name' and k.hash = t.name)
         order by t.establishment_id, t.organisation_id, t.name, t.source_record_id
    ), made as (
        insert into contact (id, establishment_id, organisation_id, member_id, source_record_id, person, created_at)
        select o.contact_id, o.establishment_id, o.organisation_id, o.member_id, o.source_record_id, o.person, data.now()
          from one o order by o.contact_id
        returning id
    )
    insert into contact_key (contact_id, kind, hash)
    select m.id, k.kind, k.hash
      from made m
      join one o on o.contact_id = m.id
     cross join lateral (select 'name', o.name union all select 'family', o.family
                         union all select 'phone', h from unnest(o.phones) h union all select 'email', h from unnest(o.emails) h) k (kind, hash);
end
$$;

-- The contrary: persons who became contacts because a row was tied wait again when it is not, unless somebody confirmed or
-- changed them, or met them.
create or replace function data.waiting_return(records bigint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from contact c where c.source_record_id = any (waiting_return.records)) then
        return;
    end if;
    create temporary table taken_back on commit drop as
    select c.id, c.version > 1 or c.confirmed_on is not null or c.erased_at is not null as kept
      from contact c where c.source_record_id = any (waiting_return.records);
    perform data.import_in_use('contact'::regclass, array['contact_key', 'contact_plain']::regclass[]);
    insert into waiting_person (source_record_id, contact_id, person, name, family, phones, emails)
    select c.source_record_id, c.id, c.person, (select k.hash from contact_key k where k.contact_id = c.id and k.kind = 'name' limit 1),
           (select k.hash from contact_key k where k.contact_id = c.id and k.kind = 'family' limit 1),
           array(select k.hash from contact_key k where k.contact_id = c.id and k.kind = 'phone'),
           array(select k.hash from contact_key k where k.contact_id = c.id and k.kind = 'email')
      from contact c join taken_back t using (id)
     where not t.kept and exists (select from contact_key k where k.contact_id = c.id and k.kind = 'name')
       and exists (select from contact_key k where k.contact_id = c.id and k.kind = 'family')
    on conflict do nothing;
    delete from contact_key k using taken_back t where t.id = k.contact_id and not t.kept;
    delete from contact c using taken_back t where t.id = c.id and not t.kept;
    drop table taken_back;
end
$$;

create or replace function data.link_followed() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.list_changed();
    insert into establishment_unkeyed (establishment_id, source_record_id)
    select f.establishment_id, f.source_record_id from fresh f where f.undone_at is null;
    perform data.waiting_meet(array_agg(f.source_record_id), array_agg(f.establishment_id)) from fresh f where f.undone_at is null;
    return null;
end
$$;
create or replace trigger link_followed after insert on data.link
    referencing new table as fresh
    for each statement execute function data.link_followed();

create or replace function data.list_changed_by() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.list_changed();
    return null;
end
$$;
create or replace trigger list_changed after update or delete on data.link
    for each statement execute function data.list_changed_by();
create or replace trigger list_changed after update of state on data.review
    for each statement execute function data.list_changed_by();
