-- Photographs and business cards beside a report. A photograph is read with the report; a card, which speaks of a person, by
-- the organisation that was given it, and for ninety days: long enough to note the person down. The bytes are sealed by the
-- server; here nobody sees a picture.

create or replace function data.picture_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if tg_op = 'INSERT' then
        new.made_at := data.now();
        new.removed_at := null;
        return new;
    end if;
    if to_jsonb(new) - '{content,removed_at}'::text[] is distinct from to_jsonb(old) - '{content,removed_at}'::text[]
       or new.content is not null or old.removed_at is not null then
        perform auth.refuse('not_found');
    end if;
    new.removed_at := data.now();
    return new;
end
$$;
create or replace trigger picture_guard before insert or update on data.picture
    for each row execute function data.picture_guard();

create or replace function data.picture_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return null;
    end if;
    perform data.log(case when tg_op = 'INSERT' then 'picture.added' else 'picture.removed' end, new.establishment_id, null,
        jsonb_build_object('picture', new.id, 'visit', new.visit_id, 'kind', new.kind), new.member_id, new.organisation_id);
    return null;
end
$$;
create or replace trigger picture_told after insert or update on data.picture
    for each row execute function data.picture_told();

-- Whether the organisation that asks wrote this report, or goes along; refuses others. The report is held.
create or replace function data.picture_hold(visit bigint) returns data.report
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    r report;
begin
    select * into r from report x where x.visit_id = picture_hold.visit for update;
    if r.visit_id is null or not auth.sees(r.establishment_id) then
        perform auth.refuse('not_found');
    end if;
    if not auth.can_write()
       or r.organisation_id <> auth.organisation()
          and not exists (select from visit_partner p where p.visit_id = r.visit_id and p.state = 'accepted' and p.organisation_id = auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    return r;
end
$$;

-- The number of a picture to be; at most eight of an organisation beside one report.
create or replace function api.picture_number(visit bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.picture_hold(picture_number.visit);
    if (select count(*) from picture p where p.visit_id = picture_number.visit and p.organisation_id = auth.organisation() and p.removed_at is null) >= 8 then
        perform auth.refuse('picture_most');
    end if;
    return nextval('data.picture_id_seq');
end
$$;

create or replace function api.picture_add(id bigint, visit bigint, kind text, sha256 bytea, width integer, height integer, bytes integer, sealed bytea)
    returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    r    report := data.picture_hold(picture_add.visit);
    made bigint;
begin
    insert into picture as p (id, visit_id, establishment_id, organisation_id, member_id, kind, sha256, width, height, bytes, content)
        overriding system value
    values (picture_add.id, r.visit_id, r.establishment_id, auth.organisation(), auth.member(), picture_add.kind, picture_add.sha256,
            picture_add.width, picture_add.height, picture_add.bytes, picture_add.sealed)
    on conflict (visit_id, organisation_id, sha256) where removed_at is null do nothing
    returning p.id into made;
    if made is null then
        select p.id into made from picture p
         where p.visit_id = r.visit_id and p.organisation_id = auth.organisation() and p.sha256 = picture_add.sha256 and p.removed_at is null;
    end if;
    return made;
end
$$;

create or replace function api.picture_remove(picture bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p data.picture;
begin
    select * into p from data.picture x where x.id = picture_remove.picture for update;
    if p.id is null or p.removed_at is not null or not auth.sees(p.establishment_id) or (p.kind = 'card' and p.organisation_id <> auth.organisation()) then
        perform auth.refuse('not_found');
    end if;
    if not auth.can_write() or p.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    update data.picture x set content = null where x.id = p.id;
end
$$;

-- Cards are kept until the person was noted down, ninety days at most (the job contact.purge). Returns how many went.
create or replace function data.picture_purge() returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    n integer;
begin
    update picture p set content = null where p.kind = 'card' and p.removed_at is null and p.made_at < data.now() - interval '90 days';
    get diagnostics n = row_count;
    return n;
end
$$;

create or replace view api.picture_row with (security_invoker = true) as
select p.id, p.visit_id as visit, p.kind, p.width, p.height, p.bytes, api.organisation_ref(o) as organisation,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = p.member_id) as member, p.made_at,
       p.organisation_id = auth.organisation() as ours
  from data.picture p join data.organisation o on o.id = p.organisation_id
 where p.removed_at is null;
