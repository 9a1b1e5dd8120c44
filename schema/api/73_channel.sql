-- Channels: what is sent to whom, once in effect. A delivery is a row with a message number that the receiver tells
-- repetitions by; a job tries it, each try is kept, and what fails for good can be sent again.

-- Waiting before the next try, in seconds: 5 s, 20 s, 80 s... twelve hours at most, give or take a quarter so that many never
-- come back at the same instant.
create or replace function data.delivery_pause(attempts integer) returns double precision
    language sql volatile
    return least(5 * power(4, least(delivery_pause.attempts, 10) - 1), 43200) * (0.75 + random() / 2);

create or replace function data.delivery_due() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into job (kind, payload, run_at) select 'channel.send', jsonb_build_object('delivery', f.id), f.due_at from fresh f where f.state = 'waiting';
    return null;
end
$$;
create or replace trigger delivery_due after insert on data.delivery
    referencing new table as fresh
    for each statement execute function data.delivery_due();

-- Tells webhooks what has just happened, by numbers only: whoever wants to know more asks with a key, and gets what that
-- organisation may see. Told are the acts of one's own organisation, what happens to its offers, and of the others what
-- every partner of the territory sees anyway: offers reserved for one's network, opened, changed and closed after they were open,
-- when the agreement of their collector names webhooks. An offer of which a post is filled, or that is prolonged, has changed.
create or replace function data.event_fanned() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from channel c where c.kind = 'webhook' and c.state = 'active')
       or current_setting('maillage.replay', true) <> '' and session_user = 'maillage_owner' then
        return null;
    end if;
    insert into delivery (channel_id, kind, message, offer_id, body, due_at, made_at)
    select c.id, t.kind, 'msg_' || f.id || '_' || c.id, o.id,
           json_build_object('type', t.kind, 'timestamp', to_char(f.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'data', jsonb_strip_nulls(jsonb_build_object('offer', o.id, 'referral', f.data -> 'referral', 'visit', f.data -> 'visit',
                   'need', f.data -> 'need', 'organisation', coalesce(f.organisation_id, o.organisation_id), -- time opens an offer for whoever collected it
                   'establishment', case when seen.yes then f.establishment_id end)))::text,
           f.at, f.at
      from fresh f
     cross join lateral (select case when f.kind in ('offer.posts_filled', 'offer.prolonged') then 'offer.changed' else f.kind end as kind) t
      join channel c on c.kind = 'webhook' and c.state = 'active' and t.kind = any (c.events)
      join organisation g on g.id = c.organisation_id
      left join offer o on o.id = coalesce(f.offer_id, (f.data ->> 'offer')::bigint)
     cross join lateral (select exists (select from establishment e
                                          join territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = g.territory_id
                                         where e.id = f.establishment_id) as yes) seen
     where f.organisation_id = c.organisation_id
        or o.organisation_id = c.organisation_id
        or not o.sandbox and seen.yes
           and (t.kind in ('offer.opened', 'offer.changed', 'offer.filled', 'offer.withdrawn', 'offer.expired')
                    and o.opened_at is not null and 'webhook' = any (o.channels)
                or f.kind = 'offer.reserved' and exists (select from offer_routing r where r.offer_id = o.id and r.network = g.network))
    on conflict (message) do nothing;
    return null;
end
$$;
create or replace trigger event_fanned after insert on data.event
    referencing new table as fresh
    for each statement execute function data.event_fanned();

-- --- what the worker does ---------------------------------------------------------------------------------------------------

-- Takes a delivery in hand, counting the try before it is made: a worker that dies in the middle has made one. No row when
-- there is nothing to send now: settled, its channel paused or removed, or resting after failures (then tried later; a person who
-- tries it out gets an answer at once).
create or replace function data.letter_unsure() returns text language sql immutable parallel safe
    return 'Coupé pendant l’envoi : le courriel est peut-être parti, il n’est pas renvoyé.';
drop function if exists data.delivery_take(bigint);
create or replace function data.delivery_take(job bigint)
    returns table (id bigint, kind text, target text, message text, body text, attempts integer, secrets text, channel bigint, subject text, reader text)
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    d record;
begin
    select x.id, x.channel_id, x.offer_id, x.kind, x.state, x.due_at, x.attempts, x.trying_since, c.state as channel_state, c.open_until, c.failures
      into d
      from job j
      join delivery x on x.id = (j.payload ->> 'delivery')::bigint
      join channel c on c.id = x.channel_id
     where j.id = delivery_take.job
       for update of x, c;
    if d.id is null or d.state <> 'waiting' or d.channel_state <> 'active' or d.due_at > data.now() then
        return; -- another job of this delivery is the one, or a pause ends with new ones
    end if;
    -- Whoever wants no letters any more gets none that waited.
    if d.kind = 'mail.digest' and not exists (select from delivery x join digest g on g.member_id = x.member_id and g.channel_id = x.channel_id where x.id = d.id) then
        update delivery x set state = 'dropped', settled_at = data.now() where x.id = d.id;
        return;
    end if;
    -- Nor an employer to whom another link was given since, or who has answered, or whose address is no longer kept.
    if d.kind = 'mail.employer' and not exists (select from offer_link l join offer_mail m on m.offer_id = l.offer_id
                                                 where l.delivery_id = d.id and data.offer_link_fault(l) is null) then
        update delivery x set state = 'dropped', settled_at = data.now() where x.id = d.id;
        return;
    end if;
    -- Nobody is written to twice: a letter of which a try never came back may have gone.
    if d.trying_since is not null then
        update delivery x set state = 'dead', settled_at = data.now(), status = null, error = data.letter_unsure() where x.id = d.id;
        return;
    end if;
    -- What opened is told before what changed, and that before what ended.
    if d.kind in ('offer.update', 'offer.withdraw') and exists (select from delivery p where p.channel_id = d.channel_id and p.offer_id = d.offer_id
                                                                   and p.id < d.id and p.state = 'waiting') then
        d.open_until := greatest(d.open_until, data.now() + interval '10 seconds');
    end if;
    if d.open_until > data.now() then
        if d.kind <> 'webhook.test' or d.attempts > 0 then
            update delivery x set due_at = d.open_until where x.id = d.id;
            perform data.job_add('channel.send', jsonb_build_object('delivery', d.id), d.open_until);
            return;
        end if;
    elsif d.failures >= 5 and d.kind <> 'file.drop' then -- one goes and sees; the others wait for what it finds
        update channel c set open_until = data.now() + interval '30 seconds' where c.id = d.channel_id;
    end if;
    return query
        update delivery x set attempts = x.attempts + 1, trying_since = case when c.kind = 'mail' then data.now() end
          from channel c where x.id = d.id and c.id = d.channel_id
        returning x.id, case when x.kind = 'mail.employer' then 'employer' else c.kind end, case when c.kind = 'mail' then (select m.email from member m where m.id = x.member_id) else c.target end, x.message,
            case when c.kind = 'mail' then x.body::json ->> 'text' else x.body end, x.attempts,
            case when x.kind = 'mail.employer' then (select m.offer_id || ' ' || encode(m.sealed, 'hex') from offer_mail m where m.offer_id = x.offer_id)
                 else (select coalesce(string_agg(s.id || ' ' || encode(s.sealed, 'hex'), ' ' order by s.id desc), '')
                         from channel_secret s where s.channel_id = c.id and (s.ends_at is null or s.ends_at > data.now())) end, c.id,
            case when c.kind = 'mail' then x.body::json ->> 'subject' end,
            case when x.kind = 'mail.employer' then (select l.id::text from offer_link l where l.delivery_id = x.id) else x.member_id || '.' || c.organisation_id end;
end
$$;

-- Keeps what a try gave, and says what is next. `status` 0: no answer; a file that is in its place counts as 201, and the answers
-- of a mail server as they are. `retry_after`: what the receiver asked for, in seconds. `unsure`: of a letter, it was given whole and
-- nothing was heard after. `hopeless`: it cannot leave, whatever is tried; that says nothing of the others.
drop function if exists data.delivery_settle(bigint, integer, integer, integer, text, text, integer);
drop function if exists data.delivery_settle(bigint, integer, integer, integer, text, text, integer, boolean);
create or replace function data.delivery_settle(delivery bigint, attempt integer, status integer, ms integer, error text, answer text, retry_after integer,
                                                unsure boolean default false, hopeless boolean default false)
    returns text
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    most constant integer := 10;
    d    delivery;
    ok   boolean := delivery_settle.status between 200 and 299;
    outcome text;
    due  timestamptz;
    -- One reader whom a mail server refuses, now or for good, says nothing of the others; that it wants us to sign in does.
    personal boolean;
    refused  boolean;
    -- A file waits for its directory: it is tried each minute as long as no other takes its place, and written when it is back.
    is_file  boolean;
begin
    select * into d from delivery x where x.id = delivery_settle.delivery for update;
    personal := delivery_settle.hopeless
                or d.kind like 'mail.%' and delivery_settle.status between 450 and 599 and delivery_settle.status not in (454, 530, 534, 535, 538);
    is_file := d.kind = 'file.drop';
    refused := delivery_settle.unsure or delivery_settle.hopeless or personal and delivery_settle.status >= 500;
    insert into delivery_attempt (delivery_id, round, number, at, ms, status, error, answer)
    values (d.id, d.round, delivery_settle.attempt, data.now(), delivery_settle.ms, nullif(delivery_settle.status, 0), left(delivery_settle.error, 300),
            left(delivery_settle.answer, 500))
    on conflict do nothing;
    if d.state <> 'waiting' and not (ok and d.trying_since is not null) then
        return d.state;
    end if;
    outcome := case when ok then 'done' when delivery_settle.status = 410 or refused or d.attempts >= most and not is_file then 'dead' else 'waiting' end;
    due := data.now() + make_interval(secs => case when is_file then least(data.delivery_pause(d.attempts), 60)
                                                   else greatest(data.delivery_pause(d.attempts), least(coalesce(delivery_settle.retry_after, 0), 86400)) end);
    update delivery x
       set state = outcome, status = nullif(delivery_settle.status, 0), trying_since = null,
           error = case when delivery_settle.unsure then data.letter_unsure() else left(delivery_settle.error, 300) end,
           settled_at = case when outcome <> 'waiting' then data.now() end, due_at = case when outcome = 'waiting' then due else x.due_at end
     where x.id = d.id;
    if outcome = 'waiting' then
        perform data.job_add('channel.send', jsonb_build_object('delivery', d.id), due);
    end if;
    if ok then
        update channel c set failures = 0, open_until = null where c.id = d.channel_id and (c.failures > 0 or c.open_until is not null);
    elsif not coalesce(personal, false) then
        update channel c -- what a person tries out while it rests makes the rest no longer
           set failures = c.failures + 1,
               open_until = case when c.failures + 1 >= 5 and not coalesce(is_file, false) then data.now() + make_interval(secs => least(30 * power(2, least(c.failures - 4, 6)), 1800)) end
         where c.id = d.channel_id and not (d.kind = 'webhook.test' and c.open_until is not null and c.open_until > data.now());
    end if;
    if delivery_settle.status = 410 then -- gone: whoever receives wants no more of it
        update channel c set state = 'paused', reason = 'Le destinataire a répondu 410 : il ne veut plus rien recevoir.', version = c.version + 1
         where c.id = d.channel_id and c.state = 'active';
        perform data.log('channel.paused', null, null, jsonb_build_object('channel', d.channel_id, 'reason', '410'), null,
            (select c.organisation_id from channel c where c.id = d.channel_id));
    end if;
    return outcome;
end
$$;

-- --- publication ----------------------------------------------------------------------------------------------------------------

-- What is asked of one kind, as « Offres d'emploi v2 » writes it: E when it is required, S when it is wished. Null when nothing is.
create or replace function data.offer_asks(requirements jsonb, kind text) returns json
    language sql immutable parallel safe
    begin atomic
        select json_agg(json_strip_nulls(json_build_object('code', r.value ->> 'code', 'libelle', r.value ->> 'label',
                                                           'exigence', case when (r.value ->> 'required')::boolean then 'E' else 'S' end)))
          from jsonb_array_elements(offer_asks.requirements) r where r.value ->> 'kind' = offer_asks.kind;
    end;

-- An offer as France Travail's « Offres d'emploi v2 » writes it: what is pushed. The employer is the organisation that collected
-- the offer, as on the public board.
create or replace function data.offer_exchange(offer bigint) returns json
    language sql stable security definer set search_path = data, ext, pg_temp
    begin atomic
        select json_strip_nulls(json_build_object(
            'id', o.id::text, 'intitule', o.title, 'description', nullif(o.description, ''),
            'dateCreation', to_char(o.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'dateFinPublication', to_char(o.closes_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'lieuTravail', json_build_object('libelle', c.department || ' - ' || upper(c.name), 'codePostal', c.postcodes[1], 'commune', c.code,
                                             'latitude', round(ST_Y(c.centre)::numeric, 6), 'longitude', round(ST_X(c.centre)::numeric, 6)),
            'romeCode', o.rome, 'romeLibelle', r.label,
            'entreprise', json_build_object('nom', g.name),
            'typeContrat', case o.contract when 'cdi' then 'CDI' when 'interim' then 'MIS' when 'seasonal' then 'SAI' else 'CDD' end,
            'typeContratLibelle', k.label,
            'natureContrat', case o.contract when 'apprenticeship' then 'Contrat apprentissage' when 'professionalisation' then 'Cont. professionnalisation'
                                             when 'subsidised' then 'Contrat aidé' else 'Contrat travail' end,
            'alternance', o.contract in ('apprenticeship', 'professionalisation'),
            'dureeContrat', case when o.duration is not null then o.duration || case o.duration_unit when 'day' then ' jour(s)' when 'week' then ' semaine(s)' else ' mois' end end,
            'dureeTravailLibelle', coalesce(o.schedule, case when o.hours is not null then replace(trim_scale(o.hours)::text, '.', ',') || 'H' end),
            'dureeTravailLibelleConverti', case o.work_time when 'full' then 'Temps plein' when 'part' then 'Temps partiel' end,
            'dateDebut', o.starts_on,
            'salaire', case when data.salary_text(o) is not null or o.benefits <> '{}' then
                json_build_object('libelle', data.salary_text(o), 'commentaire', case when o.salary_min is not null then o.salary end,
                                  'complement1', o.benefits[1], 'complement2', o.benefits[2],
                                  'minimum', o.salary_min, 'maximum', o.salary_max, 'periode', o.salary_period, 'nombreMois', o.salary_months) end,
            'experienceExige', case o.experience when 'none' then 'D' when 'wished' then 'S' when 'required' then 'E' end,
            'experienceLibelle', case o.experience when 'none' then 'Débutant accepté' else case when o.experience_months is not null then o.experience_months || ' mois' end end,
            'qualificationCode', o.qualification::text,
            'competences', data.offer_asks(o.requirements, 'skill'), 'qualitesProfessionnelles', data.offer_asks(o.requirements, 'quality'),
            'formations', data.offer_asks(o.requirements, 'training'), 'langues', data.offer_asks(o.requirements, 'language'),
            'permis', data.offer_asks(o.requirements, 'licence'),
            'deplacementCode', o.travel::text,
            'contexteTravail', case when o.conditions <> '{}' then json_build_object('conditionsExercice', o.conditions) end,
            'accessibleTH', o.accessible, 'entrepriseAdaptee', o.adapted,
            'nombrePostes', o.posts - o.posts_filled,
            'contact', case when o.apply_by = 'employer'
                            then json_build_object('nom', o.apply_name, 'telephone', o.apply_phone, 'courriel', o.apply_email, 'urlPostulation', o.apply_url, 'commentaire', o.apply_note)
                            else json_build_object('nom', g.name, 'telephone', g.phone, 'courriel', g.email) end,
            'origineOffre', json_build_object('origine', '2', 'urlOrigine', o.origin_url)))
          from data.offer o
          join data.rome r on r.code = o.rome
          join data.contract k on k.code = o.contract
          join data.organisation g on g.id = o.organisation_id
          left join data.commune c on c.code = o.commune_code
         where o.id = offer_exchange.offer;
    end;

-- What opens is pushed to each channel; what ends is withdrawn from each. An offer whose publication has not been tried yet when
-- it ends is not sent at all. Files are written by their own schedule (73_partner_file.sql).
create or replace function data.publication_sent() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into delivery (channel_id, kind, message, offer_id, body, due_at, made_at)
        select f.channel_id, 'offer.publish', 'pub_' || f.offer_id || '_' || f.channel_id, f.offer_id,
               json_build_object('action', 'publish', 'offer', data.offer_exchange(f.offer_id))::text, f.published_at, f.published_at
          from fresh f where f.channel = 'push';
        return null;
    end if;
    if not exists (select from fresh f where f.channel = 'push') then
        return null;
    end if;
    update delivery d set state = 'dropped', settled_at = data.now()
      from (select id, channel, channel_id, offer_id, withdrawn_at from fresh except select id, channel, channel_id, offer_id, withdrawn_at from stale) f
     where f.withdrawn_at is not null and f.channel = 'push' and d.channel_id = f.channel_id and d.offer_id = f.offer_id
       and d.kind in ('offer.publish', 'offer.update') and d.state = 'waiting' and d.attempts = 0;
    insert into delivery (channel_id, kind, message, offer_id, body, due_at, made_at)
    select f.channel_id, 'offer.withdraw', 'out_' || f.offer_id || '_' || f.channel_id, f.offer_id,
           json_build_object('action', 'withdraw', 'offer', json_build_object('id', f.offer_id::text))::text, f.withdrawn_at, f.withdrawn_at
      from (select id, channel, channel_id, offer_id, withdrawn_at from fresh except select id, channel, channel_id, offer_id, withdrawn_at from stale) f
     where f.withdrawn_at is not null and f.channel = 'push'
       and exists (select from delivery d where d.channel_id = f.channel_id and d.offer_id = f.offer_id and d.kind = 'offer.publish' and d.state <> 'dropped');
    return null;
end
$$;
create or replace trigger publication_sent after insert on data.publication
    referencing new table as fresh
    for each statement execute function data.publication_sent();
create or replace trigger publication_unsent after update on data.publication
    referencing old table as stale new table as fresh
    for each statement execute function data.publication_sent();

-- An open offer says something else: whoever was told is told again, once for each version. What has not left yet leaves as the
-- offer is now.
create or replace function data.publication_renewed(offer bigint, version integer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update delivery d
       set body = json_build_object('action', split_part(d.kind, '.', 2), 'offer', data.offer_exchange(d.offer_id))::text
      from publication p
     where p.offer_id = publication_renewed.offer and p.channel = 'push' and p.withdrawn_at is null
       and d.channel_id = p.channel_id and d.offer_id = p.offer_id and d.kind in ('offer.publish', 'offer.update') and d.state = 'waiting' and d.attempts = 0;
    insert into delivery (channel_id, kind, message, offer_id, body, due_at, made_at)
    select p.channel_id, 'offer.update', 'upd_' || p.offer_id || '_' || publication_renewed.version || '_' || p.channel_id, p.offer_id,
           json_build_object('action', 'update', 'offer', data.offer_exchange(p.offer_id))::text, data.now(), data.now()
      from publication p
     where p.offer_id = publication_renewed.offer and p.channel = 'push' and p.withdrawn_at is null
       and not exists (select from delivery d where d.channel_id = p.channel_id and d.offer_id = p.offer_id
                          and d.kind in ('offer.publish', 'offer.update') and d.state = 'waiting' and d.attempts = 0)
    on conflict (message) do nothing;
end
$$;

-- --- what people do ---------------------------------------------------------------------------------------------------------

-- Kinds of events that a webhook may ask for.
create or replace function api.webhook_events() returns text[]
    language sql immutable parallel safe
    return '{offer.reserved,offer.opened,offer.changed,offer.filled,offer.withdrawn,offer.expired,referral.made,referral.met,referral.hired,referral.refused,need.declared,visit.planned,visit.reported}'::text[];

create or replace function data.channel_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if exists (select from unnest(new.events) e where e <> all (api.webhook_events())) then
        perform auth.refuse('invalid', json_build_object('field', 'events'));
    end if;
    if new.kind = 'file' and new.state <> 'removed' and exists (select from channel c where c.kind = 'file' and c.state <> 'removed'
                                                                  and lower(c.target) = lower(new.target) and c.id <> new.id) then
        perform auth.refuse('channel_file_taken', json_build_object('field', 'target'));
    end if;
    if tg_op = 'INSERT' then
        new.state := 'active';
        new.made_at := data.now();
        new.version := 1;
        new.failures := 0;
        new.open_until := null;
        new.next_at := case when new.kind = 'file' then data.now() end;
        if new.kind <> 'mail' and 20 <= (select count(*) from channel c where c.organisation_id = new.organisation_id and c.kind <> 'mail' and c.state <> 'removed') then
            perform auth.refuse('channel_too_many');
        end if;
        return new;
    end if;
    if old.state = 'removed' then
        perform auth.refuse('not_found');
    end if;
    if new.kind = 'mail' and new.state = 'removed' then
        delete from digest g where g.channel_id = new.id; -- whoever wants letters again asks again
    end if;
    if new.schedule is distinct from old.schedule or new.kind = 'file' and new.state <> old.state and new.state = 'active' then
        new.next_at := data.now(); -- whoever changes it wants to see it
    end if;
    if (new.organisation_id, new.kind, new.made_by, new.made_at) is distinct from (old.organisation_id, old.kind, old.made_by, old.made_at) then
        perform auth.refuse('channel_fixed');
    end if;
    if new.state <> old.state and new.state = 'active' or new.target <> old.target then
        new.failures := 0;
        new.open_until := null;
        new.reason := null;
    end if;
    return new;
end
$$;
create or replace trigger channel_guard before insert or update on data.channel
    for each row execute function data.channel_guard();

-- What people change is told; and what waited during a pause goes on after it.
create or replace function data.channel_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' and (new.name, new.target, new.events, new.state, new.schedule)
                            is not distinct from (old.name, old.target, old.events, old.state, old.schedule) then
        return null;
    end if;
    -- A file is the whole of what is open: also what opened before it was there.
    if tg_op = 'INSERT' and new.kind = 'file' then
        insert into publication (offer_id, channel, channel_id, published_at)
        select o.id, 'file', new.id, data.now() from offer o
         where o.organisation_id = new.organisation_id and o.state = 'open' and 'file' = any (o.channels) order by o.id;
    end if;
    if tg_op = 'UPDATE' and new.state = 'active' and old.state = 'paused' then
        insert into job (kind, payload, run_at)
        select 'channel.send', jsonb_build_object('delivery', d.id), greatest(d.due_at, data.now()) from delivery d where d.channel_id = new.id and d.state = 'waiting';
    elsif new.state = 'removed' then
        update delivery d set state = 'dropped', settled_at = data.now() where d.channel_id = new.id and d.state = 'waiting';
        delete from channel_secret s where s.channel_id = new.id;
    end if;
    if auth.member() is not null then
        perform data.log('channel.' || case when tg_op = 'INSERT' then 'made' when new.state <> old.state and new.state = 'active' then 'resumed'
                                            when new.state <> old.state then new.state else 'changed' end, null, null,
            jsonb_build_object('channel', new.id, 'kind', new.kind, 'name', new.name));
    end if;
    return null;
end
$$;
create or replace trigger channel_told after insert or update on data.channel
    for each row execute function data.channel_told();

-- The number the next secret of a channel will have: what it is sealed for.
create or replace function api.channel_secret_number() returns bigint
    language sql volatile security definer set search_path = data, pg_temp
    begin atomic
        select nextval('data.channel_secret_id_seq');
    end;

-- A channel for the organisation acted for, or for its sandbox. `secret`, `sealed`: the first secret, of kinds that sign;
-- `schedule`: of a file.
drop function if exists api.channel_make(text, text, text, text[], boolean, bigint, bytea);
create or replace function api.channel_make(kind text, name text, target text, events text[], sandbox boolean, secret bigint, sealed bytea,
                                            schedule text default null)
    returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    made  bigint;
    whose bigint := auth.organisation();
begin
    if not auth.is_accountable() then
        perform auth.refuse('forbidden');
    end if;
    if channel_make.sandbox then
        whose := data.sandbox_of(whose);
    end if;
    insert into channel (organisation_id, kind, name, target, events, schedule, made_by)
    values (whose, channel_make.kind, trim(channel_make.name), channel_make.target, channel_make.events, channel_make.schedule, auth.member())
    on conflict (organisation_id, lower(name)) where state <> 'removed' do nothing
    returning id into made;
    if made is null then
        perform auth.refuse('channel_name_taken', json_build_object('field', 'name'));
    end if;
    insert into channel_secret (id, channel_id, sealed, made_at) overriding system value
    select channel_make.secret, made, channel_make.sealed, data.now() where channel_make.sealed is not null;
    return made;
end
$$;

-- A channel that one answers for, locked.
create or replace function data.channel_held(channel bigint) returns data.channel
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c channel;
begin
    select * into c from channel x where x.id = channel_held.channel and x.state <> 'removed' and auth.is_own(x.organisation_id) for update;
    if c.id is null or not auth.is_accountable() then
        perform auth.refuse('not_found');
    end if;
    return c;
end
$$;

-- Changes what is given. False when the version is no longer that one.
drop function if exists api.channel_change(bigint, integer, text, text, text[], text);
create or replace function api.channel_change(channel bigint, version integer, name text, target text, events text[], state text,
                                              schedule text default null) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c channel := data.channel_held(channel_change.channel);
begin
    if c.version <> channel_change.version then
        return false;
    end if;
    update channel x
       set name = coalesce(trim(channel_change.name), x.name), target = coalesce(channel_change.target, x.target),
           events = coalesce(channel_change.events, x.events), state = coalesce(channel_change.state, x.state),
           schedule = coalesce(channel_change.schedule, x.schedule), version = x.version + 1
     where x.id = c.id;
    return true;
end
$$;

-- One more secret; the others end after a day, so that the receiver has time to change.
create or replace function api.channel_rotate(channel bigint, secret bigint, sealed bytea) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c channel := data.channel_held(channel_rotate.channel);
begin
    if c.kind not in ('webhook', 'push') then
        perform auth.refuse('channel_unsigned');
    end if;
    update channel_secret s set ends_at = data.now() + interval '1 day' where s.channel_id = c.id and s.ends_at is null;
    insert into channel_secret (id, channel_id, sealed, made_at) overriding system value
    values (channel_rotate.secret, c.id, channel_rotate.sealed, data.now());
    update channel x set version = x.version + 1 where x.id = c.id;
    perform data.log('channel.rotated', null, null, jsonb_build_object('channel', c.id, 'kind', c.kind, 'name', c.name));
end
$$;

-- Sends a word to try it out, or writes a file without waiting for its hour; returns the number of the delivery.
create or replace function api.channel_test(channel bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    most constant integer := 10;
    c     channel := data.channel_held(channel_test.channel);
    made  bigint := nextval('data.delivery_id_seq');
    tried integer := 0;
    wait  integer;
    d     record;
begin
    if c.state <> 'active' then
        perform auth.refuse('channel_paused');
    end if;
    if c.kind = 'mail' then
        perform auth.refuse('channel_unsigned');
    end if;
    for d in select x.kind, x.message, x.made_at from delivery x where x.channel_id = c.id order by x.id desc loop
        exit when d.made_at <= data.now() - interval '1 minute';
        tried := tried + (d.kind = 'webhook.test' or d.message like 'file\_%\_asked\_%')::integer;
        if tried = most then
            wait := ceil(extract(epoch from d.made_at + interval '1 minute' - data.now()));
            perform auth.refuse('rate_limited', json_build_object('retry_after', wait,
                'detail', format('Un canal s’essaie dix fois par minute : le suivant dans %s s.', wait)));
        end if;
    end loop;
    if c.kind = 'file' then
        return data.file_drop(c.id, 'asked_' || made);
    end if;
    insert into delivery (id, channel_id, kind, message, body, due_at, made_at) overriding system value
    values (made, c.id, 'webhook.test', 'msg_test_' || made,
            json_build_object('type', 'webhook.test', 'timestamp', to_char(data.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                              'data', json_build_object('channel', c.id))::text, data.now(), data.now());
    return made;
end
$$;

-- Sends again what is dead; the message number stays, so that the receiver knows it. An offer leaves as it is now; one that is no longer
-- open is not published again, as its withdrawal has gone its own way. A round begins: its tries are counted anew, beside those of the
-- rounds before. Returns how many wait now.
create or replace function data.delivery_revive(deliveries bigint[]) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    n integer;
begin
    update delivery d set state = 'dropped', settled_at = data.now()
     where d.id = any (delivery_revive.deliveries) and d.state = 'dead' and d.kind in ('offer.publish', 'offer.update')
       and not exists (select from offer o where o.id = d.offer_id and o.state = 'open');
    with back as (
        update delivery d
           set state = 'waiting', round = d.round + 1, attempts = 0, due_at = data.now(), settled_at = null, trying_since = null,
               body = case when d.kind in ('offer.publish', 'offer.update')
                           then json_build_object('action', split_part(d.kind, '.', 2), 'offer', data.offer_exchange(d.offer_id))::text else d.body end
         where d.id = any (delivery_revive.deliveries) and d.state = 'dead'
        returning d.id),
    jobs as (insert into job (kind, payload, run_at) select 'channel.send', jsonb_build_object('delivery', b.id), data.now() from back b order by b.id)
    select count(*) into n from back;
    return n;
end
$$;

create or replace function api.delivery_replay(delivery bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    d record;
    c channel;
begin
    select x.id, x.channel_id, x.state into d from delivery x where x.id = delivery_replay.delivery;
    if not found then
        perform auth.refuse('not_found');
    end if;
    c := data.channel_held(d.channel_id);
    if c.state <> 'active' then
        perform auth.refuse('channel_paused');
    end if;
    if d.state <> 'dead' then
        perform auth.refuse('delivery_not_dead', json_build_object('state', d.state));
    end if;
    perform data.delivery_revive(array[d.id]);
    perform data.log('delivery.replayed', null, null, jsonb_build_object('delivery', d.id, 'channel', c.id));
end
$$;

-- The same for all that is dead of a channel, the oldest first, at most so many at once. A letter that may have gone is nobody's to send
-- again in a heap. {replayed, dropped, left, unsure}: waiting again; given up, as what they publish is over; dead still; such letters.
create or replace function data.channel_revive(channel bigint, most integer) returns json
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    these bigint[];
    n     integer;
    more  record;
begin
    select array_agg(x.id) into these
      from (select d.id from delivery d
             where d.channel_id = channel_revive.channel and d.state = 'dead' and d.error is distinct from data.letter_unsure()
             order by d.id limit channel_revive.most for update) x;
    n := data.delivery_revive(these);
    select count(*) filter (where not u) as "left", count(*) filter (where u) as unsure into more
      from (select d.error is not distinct from data.letter_unsure() as u from delivery d where d.channel_id = channel_revive.channel and d.state = 'dead') x;
    perform data.log('delivery.replayed', null, null, jsonb_build_object('channel', c.id, 'name', c.name, 'count', n), auth.member(), c.organisation_id)
       from channel c where c.id = channel_revive.channel;
    return json_build_object('replayed', n, 'dropped', coalesce(cardinality(these), 0) - n, 'left', more.left, 'unsure', more.unsure);
end
$$;

create or replace function api.channel_replay(channel bigint) returns json
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c channel := data.channel_held(channel_replay.channel);
begin
    if c.state <> 'active' then
        perform auth.refuse('channel_paused');
    end if;
    return data.channel_revive(c.id, 500);
end
$$;

-- Who gets the letters of a channel of one's organisation, and how often.
create or replace function api.digest_readers(channel bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select coalesce(json_agg(json_build_object('name', m.name, 'frequency', g.frequency, 'next_at', g.next_at) order by m.name, m.id), '[]')
          from data.digest g
          join data.member m on m.id = g.member_id
         where g.channel_id = digest_readers.channel and auth.is_own(g.organisation_id);
    end;

create or replace view api.channel_row with (security_invoker = true) as
select c.id, c.kind, c.name, c.target, c.events, c.state, c.reason, c.failures, c.open_until, c.made_at, m.name as made_by, c.version,
       o.sandbox_of is not null as sandbox,
       (select json_build_object('at', x.settled_at, 'status', x.status) from data.delivery x
         where x.channel_id = c.id and x.state = 'done' order by x.id desc limit 1) as last_done,
       (select count(*) from data.delivery x where x.channel_id = c.id and x.state = 'waiting') as waiting,
       (select count(*) from data.delivery x where x.channel_id = c.id and x.state = 'dead') as dead, c.schedule,
       case when c.state = 'active' then c.next_at end as next_at,
       case when c.kind = 'mail' then api.digest_readers(c.id) end as readers,
       case when c.kind = 'mail' then (select count(*) from data.delivery x where x.channel_id = c.id and x.state = 'dead' and x.error = data.letter_unsure()) else 0 end as unsure
  from data.channel c
  join data.organisation o on o.id = c.organisation_id
  join data.member m on m.id = c.made_by;

create or replace view api.delivery_row with (security_invoker = true) as
select d.id, d.channel_id as channel, c.name as channel_name, c.kind as channel_kind, d.kind, d.message, d.offer_id as offer, d.body::json as body,
       d.state, d.attempts, d.due_at, d.made_at, d.settled_at, d.status, d.error,
       (select coalesce(json_agg(a order by a.round, a.number), '[]') from (
           select x.round, x.number, x.at, x.ms, x.status, x.error, x.answer
             from data.delivery_attempt x
            where x.delivery_id = d.id order by x.round desc, x.number desc limit 20) a) as tries,
       (select m.name from data.member m where m.id = d.member_id) as reader
  from data.delivery d
  join data.channel c on c.id = d.channel_id;
