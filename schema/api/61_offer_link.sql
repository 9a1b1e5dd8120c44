-- The employer confirms an offer by a link, without an account.

-- Makes the one link that works; the former one dies.
create or replace function api.offer_link_make(offer bigint, token_hash bytea) returns timestamptz
    language plpgsql as $$
declare
    o   record;
    out timestamptz;
begin
    select x.state, x.organisation_id, x.version into o from data.offer x where x.id = offer_link_make.offer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if o.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    -- Held, so that two links made at once are made one after the other.
    perform data.offer_hold(offer_link_make.offer);
    select x.state, x.version into o.state, o.version from data.offer x where x.id = offer_link_make.offer;
    if o.state <> 'draft' then
        perform auth.refuse('offer_transition', json_build_object('from', o.state, 'to', 'confirmed'));
    end if;
    update data.offer_link l set revoked_at = data.now()
     where l.offer_id = offer_link_make.offer and l.answer is null and l.revoked_at is null;
    insert into data.offer_link (offer_id, offer_version, organisation_id, member_id, token_hash)
    values (offer_link_make.offer, o.version, auth.organisation(), auth.member(), offer_link_make.token_hash)
    returning expires_at into out;
    return out;
end
$$;

create or replace function data.offer_link_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from offer o where o.id = new.offer_id and o.organisation_id = new.organisation_id) then
        perform auth.refuse('forbidden');
    end if;
    new.made_at := data.now();
    new.expires_at := data.reservation_end(new.made_at, 7);
    return new;
end
$$;
create or replace trigger offer_link_guard before insert on data.offer_link
    for each row execute function data.offer_link_guard();

-- Why a link no longer works; null while it does.
create or replace function data.offer_link_fault(l data.offer_link) returns text
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select case when l.answer is not null then 'link_answered'
                    when l.revoked_at is not null or o.state <> 'draft' or o.version <> l.offer_version then 'link_stale'
                    when l.expires_at <= data.now() then 'link_expired' end
          from offer o where o.id = l.offer_id;
    end;

-- What the employer reads: the offer as it will be, who wrote it, and what happens next.
create or replace function api.confirmation_read(token_hash bytea) returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    l offer_link := (select x from offer_link x where x.token_hash = confirmation_read.token_hash);
begin
    if l.id is null then
        perform auth.refuse('not_found');
    end if;
    return (select json_build_object(
               'fault', data.offer_link_fault(l), 'answer', l.answer, 'expires_at', l.expires_at,
               'employer', e.name, 'reservation_days', (data.agreement_in_force(g.network)).reservation_days,
               'organisation', json_build_object('name', g.name, 'network', g.network, 'phone', g.phone), 'member', m.name,
               'title', o.title, 'rome_label', r.label, 'contract_label', k.label, 'posts', o.posts, 'description', o.description,
               'starts_on', o.starts_on, 'hours', o.hours, 'salary', o.salary, 'commune', c.name,
               'details', api.offer_details(o))
              from offer o
              join establishment e on e.id = o.establishment_id
              join organisation g on g.id = o.organisation_id
              join member m on m.id = l.member_id
              join rome r on r.code = o.rome
              join contract k on k.code = o.contract
              left join commune c on c.code = o.commune_code
             where o.id = l.offer_id);
end
$$;

-- The answer, once: the offer is confirmed and reserved at once, or the adviser is told what is wrong.
create or replace function api.confirmation_answer(token_hash bytea, answer text, name text, comment text) returns json
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l     offer_link;
    o     offer;
    fault text;
begin
    select x.offer_id into l.offer_id from offer_link x where x.token_hash = confirmation_answer.token_hash;
    if not found then
        perform auth.refuse('not_found');
    end if;
    perform data.offer_hold(l.offer_id);
    select * into l from offer_link x where x.token_hash = confirmation_answer.token_hash for update;
    fault := data.offer_link_fault(l);
    if fault is not null then
        perform auth.refuse(fault);
    end if;
    if confirmation_answer.answer = 'corrected' and coalesce(trim(confirmation_answer.comment), '') = '' then
        perform auth.refuse('reason_required', json_build_object('field', 'comment'));
    end if;
    update offer_link x
       set answer = confirmation_answer.answer, answered_at = data.now(), answered_by = trim(confirmation_answer.name),
           comment = nullif(trim(confirmation_answer.comment), '')
     where x.id = l.id;
    select * into o from offer x where x.id = l.offer_id;
    if confirmation_answer.answer = 'confirmed' then
        update offer x set state = 'confirmed', confirmed_with = trim(confirmation_answer.name),
                           reason = 'Confirmée en ligne par l’employeur' where x.id = o.id;
        update offer x set state = 'reserved', reason = null where x.id = o.id;
    else
        insert into task (kind, mark, organisation_id, member_id, establishment_id, offer_id, due_on, raised_at)
        values ('offer.correct', l.id::text, o.organisation_id, o.member_id, o.establishment_id, o.id,
                data.working_day_after(data.today(), 1), data.now());
        perform data.log('offer.correction', o.establishment_id, o.id, jsonb_build_object('offer', o.id), null, o.organisation_id);
    end if;
    return api.confirmation_read(confirmation_answer.token_hash);
end
$$;
