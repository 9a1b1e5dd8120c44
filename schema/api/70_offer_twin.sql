-- The same offer come by two ways: found by its employer or place and its title, tied, never deleted. The one that people wrote is
-- shown rather than one of a feed, the older rather than the younger; the other can be read, and says by which it is replaced.

-- The words by which two titles are compared: folded, without (h/f), contracts, hours, numbers and calls for attention.
create or replace function data.offer_words(title text) returns text
    language sql immutable strict parallel safe
    return trim(regexp_replace(regexp_replace(regexp_replace(
        ' ' || regexp_replace(data.fold(title), '[^a-z0-9]+', ' ', 'g') || ' ',
        ' (h f x|h f nb|h f n|h f|f h|m f|f m|h/f|hf|fh|m w d|m f d) ', ' ', 'g'),
        ' (cdi|cdd|interim|urgent|recrute|recherche|recrutement|offre|poste|emploi|temps plein|temps partiel|alternance|apprentissage|contrat|en|de|du|des|d|la|le|les|l|un|une|a|au|pour) (?=)', ' ', 'g'),
        ' ([0-9]+|h|f|[0-9]+h|e|ne|se|trice|euse|iere|ere) (?=)', ' ', 'g'));

-- How alike two titles are, 0 to 1: twice the trigrams they share, of all that they have (Dice 1945), once cleaned.
create or replace function data.title_likeness(a text, b text) returns real
    language sql immutable strict parallel safe
    return (select case when w.a = w.b and w.a <> '' then 1 else 2 * w.s / (1 + w.s) end
              from (select data.offer_words(title_likeness.a) as a, data.offer_words(title_likeness.b) as b,
                           ext.similarity(data.offer_words(title_likeness.a), data.offer_words(title_likeness.b)) as s) w);

-- Ties two offers: `offer` gives way. The caller has seen to it that neither does already.
create or replace function data.offer_twin_tie(offer bigint, canonical bigint, similarity real, reason text, member bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if offer_twin_tie.member is not null and not exists (select from offer o where o.id = offer_twin_tie.offer and o.organisation_id = auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    insert into offer_twin (offer_id, canonical_id, similarity, reason, found_at, told_by)
    values (offer_twin_tie.offer, offer_twin_tie.canonical, offer_twin_tie.similarity, offer_twin_tie.reason, data.now(), offer_twin_tie.member);
    update offer o set replaced_by = offer_twin_tie.canonical where o.id = offer_twin_tie.offer;
    perform data.log('offer.replaced', o.establishment_id, o.id, jsonb_build_object('offer', o.id, 'by', offer_twin_tie.canonical), null, o.organisation_id)
       from offer o where o.id = offer_twin_tie.offer;
end
$$;

-- The job offer.twin: looks for the same offer from another source, and ties the two. One at a time, so that two that come at the
-- same instant see each other. Returns whether it found one.
create or replace function data.offer_twin_seek(offer bigint) returns boolean
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    least constant real := 0.8;
    o    offer;
    e    establishment;
    twin record;
begin
    perform pg_advisory_xact_lock(hashtext('maillage.offer_twin'));
    select x.* into o from offer x where x.id = offer_twin_seek.offer and x.state in ('draft', 'confirmed', 'reserved', 'open') and x.replaced_by is null;
    if not found then
        return false;
    end if;
    select x.* into e from establishment x where x.id = o.establishment_id;
    select t.id, t.likeness, t.same_employer, t.first into twin
      from (select x.id, data.title_likeness(x.title, o.title) as likeness, x.establishment_id = o.establishment_id as same_employer,
                   -- Which of the two stays: what people wrote, then the older.
                   (x.feed_id is not null, x.created_at, x.id) < (o.feed_id is not null, o.created_at, o.id) as first
              from (select v.* from offer v where v.establishment_id = o.establishment_id
                    union
                    select v.* from establishment n join offer v on v.establishment_id = n.id
                     where n.sort_name = e.sort_name and n.postcode = e.postcode and n.id <> e.id) x
             where x.id <> o.id and x.state in ('draft', 'confirmed', 'reserved', 'open') and x.replaced_by is null and x.sandbox = o.sandbox
               and x.contract = o.contract
               -- Two of one source are two.
               and (x.organisation_id <> o.organisation_id or x.feed_id is distinct from o.feed_id)
               and not exists (select from offer_twin t where least(t.offer_id, t.canonical_id) = least(x.id, o.id)
                                  and greatest(t.offer_id, t.canonical_id) = greatest(x.id, o.id) and t.undone_at is not null)) t
     where t.likeness >= least
     order by t.likeness desc, t.first desc, t.id
     limit 1;
    if not found then
        return false;
    end if;
    -- What stood behind the one that gives way stands behind the other from now on.
    update offer x set replaced_by = case when twin.first then twin.id else o.id end
     where x.replaced_by = case when twin.first then o.id else twin.id end;
    update offer_twin t set canonical_id = case when twin.first then twin.id else o.id end
     where t.canonical_id = case when twin.first then o.id else twin.id end and t.undone_at is null and t.ended_at is null;
    perform data.offer_twin_tie(case when twin.first then o.id else twin.id end, case when twin.first then twin.id else o.id end,
                                twin.likeness, case when twin.same_employer then 'employer' else 'place' end, null);
    return true;
end
$$;

-- Every new offer is looked at, and one whose words change; and when the one that was shown is over, the others stand for
-- themselves again.
create or replace function data.offer_twin_due() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into job (kind, payload, run_at) select 'offer.twin', jsonb_build_object('offer', n.id), data.now() from fresh n order by n.id;
        return null;
    end if;
    insert into job (kind, payload, run_at)
    select 'offer.twin', jsonb_build_object('offer', n.id), data.now()
      from fresh n full join stale o on o.id = n.id -- outwards: see data.offer_told
     where n.closed_at is null and (n.title, n.contract, n.establishment_id) is distinct from (o.title, o.contract, o.establishment_id)
     order by n.id;
    if exists (select from fresh n where n.closed_at is not null) then
        update offer_twin t set ended_at = data.now()
          from fresh n join stale o using (id)
         where n.closed_at is not null and o.closed_at is null and n.id in (t.canonical_id, t.offer_id) and t.undone_at is null and t.ended_at is null;
        update offer x set replaced_by = null
          from fresh n join stale o using (id)
         where n.closed_at is not null and o.closed_at is null and x.replaced_by = n.id and x.closed_at is null;
    end if;
    return null;
end
$$;
create or replace trigger offer_twin_new after insert on data.offer
    referencing new table as fresh for each statement execute function data.offer_twin_due();
create or replace trigger offer_twin_changed after update on data.offer
    referencing old table as stale new table as fresh for each statement execute function data.offer_twin_due();

-- Two offers that one sees, of which the one that gives way is one's own; locked in the order of their numbers.
create or replace function data.offer_twin_held(offer bigint, other bigint) returns data.offer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o offer;
begin
    perform pg_advisory_xact_lock(hashtext('maillage.offer_twin'));
    perform from offer x where x.id in (offer_twin_held.offer, offer_twin_held.other) order by x.id for update;
    select x.* into o from offer x where x.id = offer_twin_held.offer;
    return o;
end
$$;

-- A person says that an offer of theirs is the same as another one, which is shown instead.
create or replace function api.offer_twin_say(offer bigint, canonical bigint) returns void
    language plpgsql as $$
declare
    o data.offer;
    c record;
begin
    if not auth.can_write() or offer_twin_say.offer = offer_twin_say.canonical
       or not exists (select from data.offer x where x.id = offer_twin_say.offer) or not exists (select from data.offer x where x.id = offer_twin_say.canonical) then
        perform auth.refuse('not_found');
    end if;
    o := data.offer_twin_held(offer_twin_say.offer, offer_twin_say.canonical);
    select x.state, x.replaced_by, x.title into c from data.offer x where x.id = offer_twin_say.canonical;
    if o.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    if o.closed_at is not null or c.state in ('filled', 'withdrawn', 'expired') or o.replaced_by is not null or c.replaced_by is not null
       or exists (select from data.offer x where x.replaced_by = o.id) then
        perform auth.refuse('offer_twin_state');
    end if;
    perform data.offer_twin_tie(o.id, offer_twin_say.canonical, data.title_likeness(o.title, c.title), 'person', auth.member());
end
$$;

-- A person says that two offers are not one, for whoever collected either; the pair is not proposed again.
create or replace function api.offer_twin_undo(offer bigint, why text) returns void
    language plpgsql as $$
declare
    o data.offer;
    c bigint;
begin
    select x.replaced_by into c from data.offer x where x.id = offer_twin_undo.offer;
    if not found or not auth.can_write() then
        perform auth.refuse('not_found');
    end if;
    o := data.offer_twin_held(offer_twin_undo.offer, c);
    if o.replaced_by is null then
        perform auth.refuse('offer_twin_state');
    end if;
    if auth.organisation() not in (o.organisation_id, coalesce((select x.organisation_id from data.offer x where x.id = o.replaced_by), 0)) then
        perform auth.refuse('forbidden');
    end if;
    perform data.offer_twin_part(o.id, offer_twin_undo.why);
end
$$;

create or replace function data.offer_twin_part(offer bigint, why text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    other bigint;
begin
    if not auth.can_write() or not exists (select from offer_twin t join offer x on x.id in (t.offer_id, t.canonical_id)
                                            where t.offer_id = offer_twin_part.offer and x.organisation_id = auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    update offer_twin t set undone_at = data.now(), undone_by = auth.member(), undone_why = offer_twin_part.why
     where t.offer_id = offer_twin_part.offer and t.undone_at is null and t.ended_at is null
    returning t.canonical_id into other;
    update offer o set replaced_by = null where o.id = offer_twin_part.offer;
    perform data.log('offer.separated', o.establishment_id, o.id, jsonb_build_object('offer', o.id, 'by', other, 'reason', offer_twin_part.why), null, o.organisation_id)
       from offer o where o.id = offer_twin_part.offer;
end
$$;

-- What an offer is replaced by, and what it replaces, as far as the reader sees them.
create or replace view api.offer_twin_row with (security_invoker = true) as
select t.id, t.offer_id as offer, t.canonical_id as canonical, t.similarity, t.reason, t.found_at, m.name as told_by,
       json_build_object('id', l.id, 'title', l.title, 'state', l.state, 'organisation', lo.short_name, 'network', lo.network) as replaced,
       json_build_object('id', c.id, 'title', c.title, 'state', c.state, 'organisation', co.short_name, 'network', co.network) as shown
  from data.offer_twin t
  join data.offer l on l.id = t.offer_id
  join data.organisation lo on lo.id = l.organisation_id
  join data.offer c on c.id = t.canonical_id
  join data.organisation co on co.id = c.organisation_id
  left join data.member m on m.id = t.told_by
 where t.undone_at is null and t.ended_at is null;
