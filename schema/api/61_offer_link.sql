-- The employer speaks by links, without an account: confirms a draft or says what is wrong with it, and later whether the offer still
-- stands. Each link works once; the database keeps the hash of its token.

-- Makes the one link that works; the former one dies. What it asks follows from the offer: a draft is confirmed, one that lives still
-- stands or not. Without a token it leaves by mail, to that address, and has its token when the letter leaves. Returns its end.
drop function if exists api.offer_link_make(bigint, bytea);
create or replace function api.offer_link_make(offer bigint, token_hash bytea, sealed bytea default null, email_hash bytea default null) returns timestamptz
    language plpgsql as $$
declare
    o record;
    l record;
begin
    select x.organisation_id into o from data.offer x where x.id = offer_link_make.offer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if o.organisation_id <> auth.organisation() or not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    -- Held, so that two links made at once are made one after the other.
    perform data.offer_hold(offer_link_make.offer);
    if offer_link_make.sealed is not null then
        select * into l from data.offer_letter(offer_link_make.offer, auth.member(), offer_link_make.sealed, offer_link_make.email_hash);
    else
        update data.offer_link x set revoked_at = data.now()
         where x.offer_id = offer_link_make.offer and x.answer is null and x.revoked_at is null;
        insert into data.offer_link (offer_id, organisation_id, member_id, token_hash)
        values (offer_link_make.offer, auth.organisation(), auth.member(), offer_link_make.token_hash)
        returning expires_at into l;
    end if;
    return l.expires_at;
end
$$;

create or replace function data.offer_link_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o record;
begin
    select x.state, x.version, x.organisation_id, x.ends_on into o from offer x where x.id = new.offer_id;
    if o.organisation_id is distinct from new.organisation_id then
        perform auth.refuse('forbidden');
    end if;
    if o.state not in ('draft', 'reserved', 'open') then
        perform auth.refuse('offer_transition', json_build_object('from', o.state, 'to', 'confirmed'));
    end if;
    if o.state = 'draft' and data.day_over(o.ends_on) <= data.now() then
        perform auth.refuse('offer_past', json_build_object('field', 'ends_on', 'ends_on', o.ends_on));
    end if;
    new.purpose := case o.state when 'draft' then 'confirm' else 'stand' end;
    new.offer_version := o.version;
    new.made_at := data.now();
    new.expires_at := data.reservation_end(new.made_at, 7);
    return new;
end
$$;
create or replace trigger offer_link_guard before insert on data.offer_link
    for each row execute function data.offer_link_guard();

-- A link that leaves by mail, to an address that is kept for the next one. The letter holds no token: whoever sends it makes it
-- (worker/jobs/employer.c). The offer is held. Five letters a day and offer at most.
create or replace function data.offer_letter(offer bigint, member bigint, sealed bytea, email_hash bytea)
    returns table (link bigint, expires_at timestamptz)
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    o      offer := (select x from offer x where x.id = offer_letter.offer);
    asking text := case o.state when 'draft' then 'confirm' else 'stand' end;
    sent   bigint := nextval('data.delivery_id_seq');
    way    bigint;
begin
    -- The server asks for whoever is signed in; the worker by itself.
    if (session_user = 'maillage_server' or auth.organisation() is not null)
       and (o.organisation_id is distinct from auth.organisation() or offer_letter.member is distinct from auth.member() or not auth.can_write()) then
        perform auth.refuse('forbidden');
    end if;
    if not (select i.mail from instance i) then
        perform auth.refuse('mail_unconfigured');
    end if;
    perform data.opposition_lock(false); -- an opposition being recorded is waited for
    if exists (select from opposition_key k join opposition x on x.id = k.opposition_id and x.lifted_at is null
                where k.kind = 'email' and k.hash = offer_letter.email_hash) then
        perform auth.refuse('contact_opposed', json_build_object('field', 'email'));
    end if;
    if 5 <= (select count(*) from offer_link l where l.offer_id = o.id and l.delivery_id is not null and l.made_at > data.now() - interval '1 day') then
        perform auth.refuse('offer_letters', json_build_object('field', 'email'));
    end if;
    way := data.mail_channel(o.organisation_id, offer_letter.member);
    if not exists (select from channel c where c.id = way and c.state = 'active') then
        perform auth.refuse('channel_paused');
    end if;
    insert into offer_mail (offer_id, sealed, email_hash, member_id, given_at)
    values (o.id, offer_letter.sealed, offer_letter.email_hash, offer_letter.member, data.now())
    on conflict (offer_id) do update set sealed = excluded.sealed, email_hash = excluded.email_hash, member_id = excluded.member_id, given_at = excluded.given_at;
    update offer_link l set revoked_at = data.now() where l.offer_id = o.id and l.answer is null and l.revoked_at is null;
    insert into delivery (id, channel_id, kind, message, offer_id, body, due_at, made_at) overriding system value
    select sent, way, 'mail.employer', 'emp_' || sent, o.id,
           json_build_object('subject', w.subject, 'text', w.words)::text, data.now(), data.now()
      from data.offer_letter_words(o, asking, offer_letter.member) w;
    return query
        insert into offer_link (offer_id, organisation_id, member_id, delivery_id)
        values (o.id, o.organisation_id, offer_letter.member, sent)
        returning offer_link.id, offer_link.expires_at;
end
$$;

-- What became of the letter of an offer of one's organisation: waiting, done, dead, dropped.
create or replace function api.offer_letter_state(delivery bigint) returns text
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select d.state from data.delivery d join data.offer o on o.id = d.offer_id
         where d.id = offer_letter_state.delivery and d.kind = 'mail.employer' and o.organisation_id = auth.organisation();
    end;

-- What a letter says; {lien} is where the address of the page comes, and the only braces.
create or replace function data.offer_letter_words(o data.offer, asking text, member bigint) returns table (subject text, words text)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    o.title := translate(o.title, '{}', '');
    return query
        select case offer_letter_words.asking
                   when 'confirm' then 'Votre offre « ' || o.title || ' »' || chr(8239) || ': à confirmer'
                   else 'Votre offre « ' || o.title || ' »' || chr(8239) || ': est-elle toujours à pourvoir' || chr(8239) || '?' end,
               E'Bonjour,\n\n'
               || case when offer_letter_words.asking = 'confirm'
                       then 'Voici l’offre que nous avons préparée pour vous' || chr(8239) || ': ' || o.title || E'.\nRelisez-la, puis confirmez-la ou dites-nous ce qu’il faut corriger' || chr(8239) || ':'
                       else 'Votre offre « ' || o.title || ' » '
                            || case when o.state = 'open' then 'est publiée jusqu’au ' || api.board_day((o.closes_at at time zone 'Europe/Paris')::date)
                                    else 'est proposée à nos candidats' end
                            || E'.\nDites-nous où vous en êtes' || chr(8239) || ': toujours à pourvoir, pourvue, ou plus d’actualité. Sans réponse, elle n’est pas prolongée' || chr(8239) || ':' end
               || E'\n\n{lien}\n\nCe lien ne sert qu’une fois et vaut jusqu’au '
               || api.board_day((data.reservation_end(data.now(), 7) at time zone 'Europe/Paris')::date)
               || E'. Aucun compte n’est nécessaire.\n\n'
               || m.name || E'\n' || g.name || coalesce(E'\n' || g.phone, '') || E'\n'
          from member m, organisation g
         where m.id = offer_letter_words.member and g.id = o.organisation_id;
end
$$;

-- An address that is opposed to is forgotten.
create or replace function data.offer_mail_opposed() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from offer_mail m where new.kind = 'email' and m.email_hash = new.hash;
    return null;
end
$$;
create or replace trigger offer_mail_opposed after insert on data.opposition_key
    for each row execute function data.offer_mail_opposed();

-- The token of a link that leaves by mail, in the hands of the worker: the same at each try. False when the link is over.
create or replace function data.offer_link_token(link bigint, token_hash bytea) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update offer_link l set token_hash = offer_link_token.token_hash
     where l.id = offer_link_token.link and l.delivery_id is not null and data.offer_link_fault(l) is null;
    return found;
end
$$;

-- Why a link no longer works; null while it does. A draft is confirmed as it was written, and while it
-- is worth something; that an offer lives may be said of it as it is.
create or replace function data.offer_link_fault(l data.offer_link) returns text
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select case when l.answer is not null then 'link_answered'
                    when l.revoked_at is not null
                         or case l.purpose when 'confirm' then o.state <> 'draft' or o.version <> l.offer_version
                                           else o.state not in ('reserved', 'open') end then 'link_stale'
                    when l.purpose = 'confirm' and data.day_over(o.ends_on) <= data.now() then 'offer_past'
                    when l.expires_at <= data.now() then 'link_expired' end
          from offer o where o.id = l.offer_id;
    end;

-- The same of a link of one's organisation.
create or replace function api.offer_link_fault(link bigint) returns text
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select data.offer_link_fault(l) from data.offer_link l where l.id = offer_link_fault.link and l.organisation_id = auth.organisation();
    end;

-- What the employer reads: the offer as it is, who wrote it, and what may be answered. No row when the link is none of ours.
drop function if exists api.confirmation_read(bytea);
create or replace function api.confirmation_page(token_hash bytea)
    returns table (offer bigint, purpose text, fault text, answer text, posts_said integer, title text, employer text, rome text, contract text, commune text,
                   posts integer, posts_filled integer, starts_on text, hours text, salary text, description text, ways text, by text, network text, phone text,
                   member text, expires_on text, state text, until_on text, reservation_days integer, open_days integer, may_prolong boolean, is_over boolean)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    l offer_link := (select x from offer_link x where x.token_hash = confirmation_page.token_hash);
begin
    return query
    select o.id, l.purpose, data.offer_link_fault(l), l.answer, l.posts::integer, api.board_french(o.title), e.name, r.label, k.label, c.name,
           o.posts::integer, o.posts_filled::integer, api.board_day(o.starts_on), replace(trim_scale(o.hours)::text, '.', ','), api.board_french(data.salary_text(o)), api.board_french(o.description),
           case when o.apply_by = 'employer' then concat_ws(E'\n', o.apply_name, o.apply_url, o.apply_email, o.apply_phone, o.apply_note) end,
           g.name, g.network, g.phone, m.name, api.board_day((l.expires_at at time zone 'Europe/Paris')::date), o.state,
           api.board_day((coalesce(o.closes_at, o.opens_at) at time zone 'Europe/Paris')::date), a.reservation_days::integer, a.open_days::integer,
           -- by a day at least: nobody prolongs by a minute
           o.state = 'open' and (data.reservation_end(data.now(), a.open_days) at time zone 'Europe/Paris')::date > (o.closes_at at time zone 'Europe/Paris')::date,
           o.closed_at is not null
      from offer o
      join establishment e on e.id = o.establishment_id
      join organisation g on g.id = o.organisation_id
      join member m on m.id = l.member_id
      join rome r on r.code = o.rome
      join contract k on k.code = o.contract
     cross join lateral data.agreement_in_force(g.network) a
      left join commune c on c.code = o.commune_code
     where o.id = l.offer_id;
end
$$;

-- The answer, once: the offer is confirmed and reserved at once, or the adviser is told what is wrong; still to be filled, which changes nothing; prolonged, counted as filled (and
-- prolonged for the rest when that is asked), or withdrawn for the reason that it chose. Words of its own stay with the link, for the collecting organisation: steps and
-- events are for all partners who see the offer, and for good.
drop function if exists api.confirmation_answer(bytea, text, text, text), api.confirmation_answer(bytea, text, text, text, integer, boolean);
create or replace function api.confirmation_answer(token_hash bytea, answer text, name text, comment text, posts integer default null, prolong boolean default false,
                                                   withdrawal text default null) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l     offer_link;
    o     offer;
    who   text := trim(confirmation_answer.name);
    words text := nullif(trim(confirmation_answer.comment), '');
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
    if (confirmation_answer.answer in ('confirmed', 'corrected', 'refused')) <> (l.purpose = 'confirm') then
        perform auth.refuse('invalid', json_build_object('field', 'answer'));
    end if;
    if confirmation_answer.answer = 'corrected' and words is null then
        perform auth.refuse('reason_required', json_build_object('field', 'comment'));
    end if;
    if confirmation_answer.answer in ('refused', 'over')
       and not exists (select from withdrawal w where w.code = confirmation_answer.withdrawal and w.employer is not null) then
        perform auth.refuse('invalid', json_build_object('field', 'withdrawal'));
    end if;
    select * into o from offer x where x.id = l.offer_id;
    if confirmation_answer.answer = 'filled' and coalesce(confirmation_answer.posts, 0) < 1 then
        perform auth.refuse('offer_posts', json_build_object('field', 'posts', 'posts', o.posts, 'posts_filled', o.posts_filled));
    end if;
    update offer_link x
       set answer = confirmation_answer.answer, answered_at = data.now(), answered_by = who, comment = words,
           posts = case when confirmation_answer.answer = 'filled' then confirmation_answer.posts end
     where x.id = l.id;
    perform set_config('maillage.employer', 'yes', true);
    case confirmation_answer.answer
    when 'confirmed' then
        update offer x set state = 'confirmed', confirmed_with = who, reason = 'Confirmée en ligne par l’employeur' where x.id = o.id;
        update offer x set state = 'reserved', reason = null where x.id = o.id;
    when 'corrected' then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, offer_id, due_on, raised_at)
        values ('offer.correct', l.id::text, o.organisation_id, o.member_id, o.establishment_id, o.id,
                data.working_day_after(data.today(), 1), data.now());
        perform data.log('offer.correction', o.establishment_id, o.id, jsonb_build_object('offer', o.id, 'by', 'employer'), null, o.organisation_id);
    when 'standing' then
        perform data.log('offer.standing', o.establishment_id, o.id, jsonb_build_object('offer', o.id, 'by', 'employer'), null, o.organisation_id);
    when 'prolonged' then
        insert into offer_prolongation (offer_id, organisation_id, member_id, confirmed_with, link_id) values (o.id, o.organisation_id, l.member_id, who, l.id);
    when 'filled' then
        perform data.offer_count(o.id, confirmation_answer.posts, null);
        if confirmation_answer.prolong and exists (select from offer x where x.id = o.id and x.state = 'open') then
            insert into offer_prolongation (offer_id, organisation_id, member_id, confirmed_with, link_id) values (o.id, o.organisation_id, l.member_id, who, l.id);
        end if;
    else -- refused, over
        update offer x set state = 'withdrawn', withdrawal = confirmation_answer.withdrawal,
                           reason = case when confirmation_answer.withdrawal <> 'other' then null when words is null then 'Autre raison, non précisée' else 'Dite par l’employeur à son interlocuteur' end where x.id = o.id;
    end case;
    perform set_config('maillage.employer', '', true);
    -- The adviser hears of it; a correction has its own task, and what is confirmed goes its way.
    insert into task (kind, mark, organisation_id, member_id, establishment_id, offer_id, due_on, raised_at)
    select 'offer.answered', l.id::text, o.organisation_id, o.member_id, o.establishment_id, o.id, data.today(), data.now()
     where confirmation_answer.answer not in ('confirmed', 'corrected');
end
$$;
