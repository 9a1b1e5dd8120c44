-- How long persons are kept, what a person may ask for, and what remains of them.

-- The clock of each contact: the last time anybody gave, confirmed or met the person, and the day after which nothing of
-- them is kept, as the agreement in force of the organisation that gave them says.
create or replace view data.contact_clock with (security_invoker = true) as
select c.id as contact_id, c.establishment_id, c.organisation_id, w.last_on,
       (w.last_on + make_interval(months => a.retention_months))::date as keep_until
  from data.contact c
  join data.organisation o on o.id = c.organisation_id
 cross join lateral data.agreement_in_force(o.network) a
 cross join lateral (
    select greatest((c.created_at at time zone 'Europe/Paris')::date, c.confirmed_on,
                    (select max((r.done_at at time zone 'Europe/Paris')::date) from data.report r where r.contact_id = c.id),
                    (select max((v.planned_at at time zone 'Europe/Paris')::date) from data.visit v
                      where v.contact_id = c.id and v.state = 'planned')) as last_on
 ) w
 where c.erased_at is null;

-- Erases a person from one contact: what was sealed, the hashes, the line of the file that named them and the file as it
-- came. The row stays, empty, so that visits, reports and counts stand; so do the hashes of the register of oppositions.
-- False when there was nothing to erase.
create or replace function data.contact_erase(contact bigint, why text) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c record;
begin
    select x.source_record_id into c from contact x where x.id = contact_erase.contact and x.erased_at is null for update;
    if not found then
        return false;
    end if;
    update contact x set person = null, channel = null, erased_at = data.now(), erased_why = contact_erase.why
     where x.id = contact_erase.contact;
    delete from offer_mail m using contact_key k where k.contact_id = contact_erase.contact and k.kind = 'email' and m.email_hash = k.hash;
    delete from contact_key k where k.contact_id = contact_erase.contact;
    delete from contact_plain p where p.contact_id = contact_erase.contact;
    delete from waiting_person w where w.source_record_id = c.source_record_id;
    update source_record r set received = jsonb_build_object('effacé le', data.today()), sealed = null, fields = r.fields - 'notes'
     where r.id = c.source_record_id;
    update source_file f set content = null, preview = null, seen = null
      from source_record r where r.id = c.source_record_id and f.id = r.file_id;
    return true;
end
$$;

-- The job contact.purge: erases those whose time is over, at most `most` at once. Returns how many. Safe to repeat.
create or replace function data.contact_purge(most integer) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    erased bigint;
begin
    select count(*) filter (where data.contact_erase(k.contact_id, 'retention')) into erased
      from (select x.contact_id from contact_clock x where x.keep_until < data.today() order by x.contact_id limit contact_purge.most) k;
    return erased;
end
$$;

-- Contacts that are the same person as this one, itself included: a phone, an e-mail, or the name at the same employer in
-- common. A phone may be shared: whoever acts on them looks first.
create or replace function data.contact_same(contact bigint) returns setof bigint
    language sql stable security definer set search_path = data, pg_temp rows 5
    begin atomic
        select contact_same.contact
        union
        select o.contact_id
          from data.contact_key k
          join data.contact_key o on o.hash = k.hash and o.kind = k.kind
          join data.contact c on c.id = k.contact_id
          join data.contact d on d.id = o.contact_id
         where k.contact_id = contact_same.contact and k.kind <> 'family'
           and (k.kind <> 'name' or d.establishment_id = c.establishment_id);
    end;

-- Whether the person signed in answers for personal data: managers and administrators.
create or replace function auth.is_accountable() returns boolean
    language sql stable parallel safe
    return coalesce(auth.role() in ('manager', 'administrator'), false);

-- Contacts that have one of the hashes; the caller's query applies the policy.
create or replace function api.contact_search(hashes bytea[]) returns setof bigint
    language plpgsql stable security definer set search_path = data, pg_temp rows 20 as $$
begin
    if auth.is_accountable() then
        return query select distinct k.contact_id from contact_key k where k.hash = any (contact_search.hashes);
    end if;
end
$$;
create or replace function api.contact_same(contact bigint) returns setof bigint
    language plpgsql stable security definer set search_path = data, pg_temp rows 5 as $$
begin
    if auth.is_accountable() then
        return query select data.contact_same(contact_same.contact);
    end if;
end
$$;

-- Erases one contact: managers those of their organisation, administrators those they see.
create or replace function api.contact_forget(contact bigint) returns void
    language plpgsql as $$
declare
    c record;
begin
    select x.organisation_id, x.erased_at into c from data.contact x where x.id = contact_forget.contact;
    if not found or c.erased_at is not null then
        perform auth.refuse('not_found');
    end if;
    if not auth.is_accountable() or (auth.role() = 'manager' and c.organisation_id <> auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    perform api.contact_erase_own(contact_forget.contact);
end
$$;
-- The door to data.contact_erase, which checks by itself: it may be called without the one above.
create or replace function api.contact_erase_own(contact bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from contact c
                    where c.id = contact_erase_own.contact and auth.sees(c.establishment_id)
                      and case auth.role() when 'manager' then c.organisation_id = auth.organisation()
                                           when 'administrator' then c.shared or c.organisation_id = auth.organisation()
                                           else false end) then
        perform auth.refuse('forbidden');
    end if;
    perform data.contact_erase(contact_erase_own.contact, 'request');
end
$$;

-- What is known of the person of a contact, for the person themselves: every contact the reader sees, who gave it, where it
-- came from, what was done with it. Persons are sealed in it. Leaves a trace on each of the contacts.
create or replace function api.contact_dossier(contact bigint) returns json
    language plpgsql as $$
declare
    ids bigint[];
begin
    if not auth.is_accountable() then
        perform auth.refuse('forbidden');
    end if;
    ids := array(select c.id from data.contact c
                  where c.id in (select api.contact_same(contact_dossier.contact)) and c.erased_at is null order by c.id);
    if not contact_dossier.contact = any (ids) then
        perform auth.refuse('not_found');
    end if;
    perform api.contact_handed(ids);
    return api.dossier(ids);
end
$$;
create or replace function api.contact_handed(contacts bigint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.log('contact.exported', c.establishment_id, null, jsonb_build_object('contact', c.id))
       from contact c where c.id = any (contact_handed.contacts) and auth.is_accountable() and auth.sees(c.establishment_id);
end
$$;
-- As its caller: what the caller may read.
create or replace function api.dossier(contacts bigint[]) returns json
    language sql stable
    return json_build_object(
        'made_at', data.now(),
        'contacts', (select coalesce(json_agg(k order by k.id), '[]') from (
            select c.id, 'p' || c.id || '.' || translate(encode(c.person, 'base64'), E'\n', '') as sealed, c.channel, c.shared,
                   json_build_object('id', e.id, 'siret', e.siret, 'name', e.name, 'city', e.city) as establishment,
                   o.name as organisation, m.name as given_by, c.created_at, c.confirmed_on, n.name as confirmed_by,
                   f.name as file, f.received_at as file_received_at, x.last_on, x.keep_until
              from data.contact c
              join data.establishment e on e.id = c.establishment_id
              join data.organisation o on o.id = c.organisation_id
              join data.contact_clock x on x.contact_id = c.id
              left join data.member m on m.id = c.member_id
              left join data.member n on n.id = c.confirmed_by
              left join data.source_record s on s.id = c.source_record_id
              left join data.source_file f on f.id = s.file_id
             where c.id = any (contacts)) k),
        'visits', (select coalesce(json_agg(v order by v.planned_at, v.id), '[]') from (
            select w.id, w.contact_id as contact, w.planned_at, w.state, o.name as organisation, m.name as member, u.label as outcome, r.done_at
              from data.visit w
              join data.organisation o on o.id = w.organisation_id
              join data.member m on m.id = w.member_id
              left join data.report r on r.visit_id = w.id
              left join data.outcome u on u.code = r.outcome
             where w.contact_id = any (contacts) or r.contact_id = any (contacts)) v),
        'oppositions', (select coalesce(json_agg(p order by p.at), '[]') from (
            select x.id, x.contact_id as contact, x.at, x.reason, x.lifted_at, x.lifted_reason, o.name as organisation
              from data.opposition x join data.organisation o on o.id = x.organisation_id
             where x.contact_id = any (contacts)
                or x.id in (select c.opposition_id from data.contact c where c.id = any (contacts))) p),
        'events', (select coalesce(json_agg(v order by v.id), '[]') from (
            select t.id, t.at, t.kind, o.name as organisation, m.name as member
              from data.event t
              left join data.organisation o on o.id = t.organisation_id
              left join data.member m on m.id = t.member_id
             where t.establishment_id in (select c.establishment_id from data.contact c where c.id = any (contacts))
               and t.kind ~ '^(contact|opposition)\.' and (t.data ->> 'contact')::bigint = any (contacts)) v));

-- A line of the register. The person is named to whoever may see the contact, as long as it is kept.
create or replace view api.opposition_row with (security_invoker = true) as
select x.id, x.subject, x.at, x.reason, x.lifted_at, x.lifted_reason, api.organisation_ref(o) as organisation,
       json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment,
       (select row_to_json(k) from (select c.id, api.sealed(c) as sealed from data.contact c
                                     where c.id = x.contact_id and c.erased_at is null) k) as contact,
       x.subject = 'person' and not exists (select from data.contact c where c.id = x.contact_id and c.erased_at is null) as is_hidden,
       m.name as member
  from data.opposition x
  join data.establishment e on e.id = x.establishment_id
  join data.organisation o on o.id = x.organisation_id
  left join data.member m on m.id = x.member_id;

-- Contacts whose time is over within some days, of those the reader answers for: what the purge will erase.
create or replace view api.contact_ending with (security_invoker = true) as
select c.id, c.establishment_id, api.sealed(c) as sealed,
       json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment,
       api.organisation_ref(o) as organisation, k.last_on, k.keep_until, c.organisation_id
  from data.contact_clock k
  join data.contact c on c.id = k.contact_id
  join data.establishment e on e.id = c.establishment_id
  join data.organisation o on o.id = c.organisation_id
 where (select auth.is_accountable());
