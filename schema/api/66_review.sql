-- Review: rows of partners' files tied to establishments, by linkage or by a person, and untied without a loss.

-- What a row says of an establishment counts among its values from now on (data.golden says which win).
create or replace function data.record_values(record bigint, establishment bigint) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select data.golden(array[record_values.establishment]);
    end;

-- Ties a row to an establishment. Who: null when linkage did.
create or replace function data.record_link(record bigint, establishment bigint, score numeric, method text, evidence jsonb,
                                            who bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    root bigint;
begin
    -- One that was absorbed has nothing tied to it: the one that stands for it has.
    insert into link (source_record_id, establishment_id, score, method, evidence, decided_by, decided_at)
    select record_link.record, coalesce(e.merged_into, e.id), record_link.score, record_link.method, record_link.evidence,
           record_link.who, data.now()
      from establishment e where e.id = record_link.establishment
    returning establishment_id into root;
    update source_record s set state = 'linked' where s.id = record_link.record;
    perform data.record_values(record_link.record, root);
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
    insert into link (source_record_id, establishment_id, score, method, evidence, decided_by, decided_at)
    values (record_create.record, made, record_create.score, 'created', record_create.evidence, record_create.who, data.now());
    update source_record s set state = 'linked' where s.id = record_create.record;
    perform data.record_values(record_create.record, made);
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
       and not exists (select from merge x where l.establishment_id in (x.survivor_id, x.absorbed_id))
       and not exists (select from event x where x.establishment_id = l.establishment_id) then
        -- Promises, visits, needs, offers and oppositions all leave an event.
        delete from link x where x.id = l.id;
        delete from establishment_value x where x.establishment_id = l.establishment_id;
        delete from standing x where x.establishment_id = l.establishment_id;
        delete from establishment x where x.id = l.establishment_id;
        return;
    end if;
    update link x set undone_by = record_unlink.who, undone_at = data.now() where x.id = l.id;
    perform data.golden(array[l.establishment_id]);
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
    -- What the preview told of them was used at once.
    for each row when (new.kind = 'partner' and new.state = 'done' and old.state is distinct from 'done' and not new.summary ? 'linkage')
    execute function data.records_wait();

-- The same for a few territories, or for those where something was tied since the last time: the establishments of each
-- compared with each other. Returns how many were asked for.
create or replace function data.pairs_ask(is_changed boolean default false, territories bigint[] default null) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    asked bigint;
begin
    select count(data.job_add('linkage.pairs', jsonb_build_object('territory', t.id, 'at', data.now()), data.now() + interval '1 minute')) into asked
      from territory t
     where (pairs_ask.territories is null or t.id = any (pairs_ask.territories))
       and not exists (select from job j where j.kind = 'linkage.pairs' and j.state in ('waiting', 'sent')
                          and (j.payload ->> 'territory')::bigint = t.id)
       and (not pairs_ask.is_changed
            or exists (select from link l
                         join establishment e on e.id = l.establishment_id
                         join territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = t.id
                        where l.decided_at > coalesce((select max((j.payload ->> 'at')::timestamptz) from job j
                                                        where j.kind = 'linkage.pairs' and (j.payload ->> 'territory')::bigint = t.id), '-infinity')));
    return asked;
end
$$;

-- A file that made employers known without a SIRET, or a register that names new ones: they may be in the list already.
create or replace function data.pairs_wait() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if new.kind = 'partner' then
        perform data.pairs_ask(false, array[o.territory_id]) from organisation o
          where o.id = new.organisation_id and (exists (select from source_record s where s.file_id = new.id and s.state = 'review')
                   or exists (select from source_record s join link l on l.source_record_id = s.id and l.method = 'created' where s.file_id = new.id));
    else
        perform data.pairs_ask(false, array(
            select distinct tc.territory_id from establishment e join territory_commune tc on tc.commune_code = e.commune_code
             where e.siret is null and e.merged_into is null));
    end if;
    return null;
end
$$;
create or replace trigger pairs_wait after update of state on data.source_file
    for each row when (new.kind in ('partner', 'sirene') and new.state = 'done' and old.state is distinct from 'done')
    execute function data.pairs_wait();

-- Keeps the pairs that linkage found (temporary table pair: a, b, probability, reason, evidence) and nobody was asked before.
-- Two rows that the register tells apart are only asked about when a partner works with one of them.
create or replace function data.pairs_keep() returns bigint
    language plpgsql set search_path = data, pg_temp as $$
declare
    kept bigint;
begin
    insert into review (establishment_id, other_id, probability, reason, evidence, rank, proposed_at)
    select s.id, s.other, p.probability::numeric(5, 4), p.reason, p.evidence,
           1 - abs(2 * p.probability - 1)
               + case when exists (select from promise x where x.establishment_id in (s.id, s.other) and x.state = 'active') then 1 else 0 end
               + case when exists (select from standing x where x.establishment_id in (s.id, s.other) and x.visits > 0) then 0.5 else 0 end,
           data.now()
      from (select distinct on (least(p.a, p.b), greatest(p.a, p.b)) p.* from pg_temp.pair p
             order by least(p.a, p.b), greatest(p.a, p.b), p.probability desc) p
     cross join lateral (select data.merge_survivor(p.a, p.b) as id) k
     cross join lateral (select k.id, case when k.id = p.a then p.b else p.a end as other) s
      join establishment e on e.id = s.id and e.merged_into is null
      join establishment o on o.id = s.other and o.merged_into is null
     where (e.status = 'A' or o.status = 'A')
       and (o.siret is null
            or ((e.siren = o.siren or e.phone = o.phone or (data.fold(e.address) = data.fold(o.address) and e.commune_code = o.commune_code))
                and (data.is_worked(e.id) or data.is_worked(o.id))))
       -- What the register says of the two is settled by it.
       and not exists (select from succession x where x.gone_at is null and x.outcome = 'refused'
                          and (x.predecessor, x.successor) in ((e.siret, o.siret), (o.siret, e.siret)))
     order by s.id, s.other
    on conflict (least(establishment_id, other_id), greatest(establishment_id, other_id)) where other_id is not null do nothing;
    get diagnostics kept = row_count;
    return kept;
end
$$;

-- Whether the person may look at a pair: of a row, their organisation's; of two establishments, whoever sees both. And
-- whether there is still something to ask: not of an establishment that was absorbed.
create or replace function data.review_seen(r data.review) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select auth.is_partner() and case when r.other_id is null then r.organisation_id = auth.organisation()
                                          else auth.sees(r.establishment_id) and auth.sees(r.other_id) end;
    end;
create or replace function data.review_stands(r data.review) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select r.state <> 'open' or not exists (select from data.establishment e
                                                 where e.id in (r.establishment_id, r.other_id) and e.merged_into is not null);
    end;

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
            'merge', r.merge_id, 'other', case when r.other_id is not null then api.merge_side(r.other_id) end,
            'record', case when s.id is not null then json_build_object('id', s.id, 'line', s.line, 'file', f.id, 'file_name', f.name, 'siret', s.siret,
                'siren', s.fields ->> 'siren', 'name', s.fields ->> 'name', 'brand', s.fields ->> 'brand',
                'address', s.fields ->> 'address', 'postcode', s.fields ->> 'postcode', 'city', s.fields ->> 'city',
                'naf', s.fields ->> 'naf', 'phone', s.fields ->> 'phone', 'email', s.fields ->> 'email') end,
            'establishment', api.merge_side(e.id),
            'others', (select count(*) from review x
                        where x.source_record_id = r.source_record_id and x.id <> r.id and x.state = 'open'))
          from review r
          left join source_record s on s.id = r.source_record_id
          left join source_file f on f.id = s.file_id
          join establishment e on e.id = r.establishment_id
         where r.id = review_document.review and data.review_seen(r));
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
     where r.state = 'open' and (r.organisation_id = auth.organisation() or (r.other_id is not null and data.review_seen(r)))
       and data.review_stands(r)
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
    select x.* into r from review x where x.id = review_lock.review and data.review_seen(x) for update;
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
    r    review := data.review_lock(review_decide.review);
    m    text;
    best bigint;
    made bigint;
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
    if r.other_id is not null then
        if review_decide.verdict = 'same' then
            best := data.merge_survivor(r.establishment_id, r.other_id);
            made := data.merge_do(best, case when best = r.other_id then r.establishment_id else r.other_id end, 'review', null, null,
                                  auth.member(), auth.organisation());
            update review x set merge_id = made where x.id = r.id;
        end if;
    elsif review_decide.verdict = 'same' then
        update review x set state = 'moot', held_by = null, held_until = null
         where x.source_record_id = r.source_record_id and x.state = 'open';
        perform data.record_link(r.source_record_id, r.establishment_id, r.probability, 'person', r.evidence, auth.member());
    elsif not exists (select from review x where x.source_record_id = r.source_record_id and x.state = 'open') then
        -- It is none of those it resembles: the list does not know it.
        perform data.record_create(r.source_record_id, 1 - r.probability, r.evidence, auth.member());
    end if;
    perform data.log('review.' || review_decide.verdict, case when review_decide.verdict = 'same' and r.other_id is null then r.establishment_id end,
                     null, jsonb_strip_nulls(jsonb_build_object('review', r.id, 'record', r.source_record_id,
                                                            'establishment', r.establishment_id, 'other', r.other_id)));
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
    if r.other_id is null then
        perform data.record_unlink(r.source_record_id, auth.member());
    elsif r.merge_id is not null then
        perform data.merge_undo(r.merge_id, null, auth.member(), auth.organisation());
    end if;
    update review x set state = 'open', decided_by = null, decided_at = null,
                        held_by = auth.member(), held_until = data.now() + interval '10 minutes'
     where x.id = r.id;
    if r.state = 'same' and r.other_id is null then
        update review x set state = 'open' where x.source_record_id = r.source_record_id and x.state = 'moot';
    end if;
    perform data.log('review.undone', case when r.state = 'same' and r.other_id is null then r.establishment_id end, null,
                     jsonb_strip_nulls(jsonb_build_object('review', r.id, 'record', r.source_record_id,
                                                            'establishment', r.establishment_id, 'other', r.other_id)));
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
          from review r
         where (r.organisation_id = auth.organisation() or r.other_id is not null) and data.review_seen(r) and data.review_stands(r));
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
