-- Offers: drafted, confirmed with the employer, reserved, opened once by the worker, filled or withdrawn.

-- Networks that an offer goes to: the collector's own and those that its agreement in force leads to; those that it names as the
-- only ones, when it does.
create or replace function data.offer_networks(organisation bigint, publics text[], contract text, rome text) returns setof text
    language sql stable
    begin atomic
        with way as (
            select o.network, false as is_only from data.organisation o where o.id = offer_networks.organisation
            union all
            select r.network, r.is_only
              from data.organisation o
             cross join lateral data.agreement_in_force(o.network) a
              join data.agreement_route r on r.agreement_id = a.id
             where o.id = offer_networks.organisation
               and (r.public = any (offer_networks.publics) or r.contract = offer_networks.contract
                    or starts_with(offer_networks.rome, r.rome))
        )
        select distinct w.network from way w
         where w.is_only or not exists (select from way x where x.is_only);
    end;

-- The same wall time, `days` calendar days later in Paris, across a change of clocks too.
create or replace function data.reservation_end(start timestamptz, days integer) returns timestamptz
    language sql immutable parallel safe
    return ((start at time zone 'Europe/Paris') + make_interval(days => days)) at time zone 'Europe/Paris';

-- The first moment at which an offer that holds until this day does not any more.
create or replace function data.day_over(day date) returns timestamptz
    language sql immutable strict parallel safe
    return (day + 1)::timestamp at time zone 'Europe/Paris';

-- What of an offer is the employer's: what it says of the work, not how it lives.
create or replace function data.offer_words_of_employer() returns text[]
    language sql immutable parallel safe
    return '{title,rome,contract,posts,description,starts_on,ends_on,hours,salary,commune_code,search,origin_url,duration,duration_unit,work_time,schedule,salary_min,salary_max,salary_period,salary_months,benefits,experience,experience_months,qualification,requirements,conditions,travel,accessible,adapted,apply_by,apply_name,apply_url,apply_email,apply_phone,apply_note}'::text[];

-- Whether an employer does this, by one of its links (61_offer_link), which sets it for the transaction.
create or replace function data.employer_speaks() returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('maillage.employer', true), '') = 'yes';

create or replace function data.offer_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    way  offer_transition;
    rule agreement;
    free text[];
    follows boolean; -- its feed writes it
    moment timestamptz; -- one clock for the whole step
begin
    if tg_op = 'INSERT' or new.title <> old.title or new.rome <> old.rome then
        new.rome := coalesce(data.rome_of(new.rome), new.rome); -- a program may name it by the ROME 4.0
        new.search := data.fold(concat_ws(' ', new.title, (select r.label from rome r where r.code = new.rome))); -- an unknown rome is told by its own constraint
    end if;
    if tg_op = 'INSERT' and new.requirements <> '[]' or tg_op = 'UPDATE' and new.requirements <> old.requirements then
        if jsonb_array_length(new.requirements) > 40
           or exists (select from jsonb_array_elements(new.requirements) r
                       where coalesce(r ->> 'kind', '') not in ('skill', 'quality', 'training', 'language', 'licence')
                          or length(coalesce(r ->> 'label', '')) not between 1 and 120) then
            perform auth.refuse('invalid', json_build_object('field', 'details.requirements'));
        end if;
    end if;
    if tg_op = 'INSERT' or new.publics <> old.publics then
        if exists (select from unnest(new.publics) p where p not in (select code from public)) then
            perform auth.refuse('invalid', json_build_object('field', 'publics'));
        end if;
        new.publics := array(select p.code from unnest(new.publics) with ordinality p (code, ord) group by p.code order by min(p.ord)); -- said twice is said
    end if;
    -- One works at the establishment unless another place is said, which is one of our communes.
    if tg_op = 'INSERT' or new.commune_code is distinct from old.commune_code then
        new.commune_code := coalesce(new.commune_code, (select e.commune_code from establishment e where e.id = new.establishment_id));
        if new.commune_code is not null and not exists (select from commune c where c.code = new.commune_code) then
            perform auth.refuse('invalid', json_build_object('field', 'commune'));
        end if;
    end if;
    if tg_op = 'INSERT' then
        new.state := 'draft';
        new.created_at := data.now();
        new.version := 1;
        new.confirmed_at := null;
        new.opens_at := null;
        new.opened_at := null;
        new.closed_at := null;
        new.posts_filled := 0;
        new.closes_at := null;
        new.withdrawal := null;
        new.sandbox := (select o.sandbox_of is not null from organisation o where o.id = new.organisation_id);
        -- What it came from was said by this employer: anything else would settle a need that one may not even see.
        if new.need_id is not null and not exists (select from need n where n.id = new.need_id
                                                      and n.establishment_id = new.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'need'));
        end if;
        if new.visit_id is not null and not exists (select from visit v where v.id = new.visit_id
                                                       and v.establishment_id = new.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'visit'));
        end if;
        return new;
    end if;
    if new.state = old.state and data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    new.version := old.version + 1;
    if (new.establishment_id, new.organisation_id, new.member_id, new.created_at)
       is distinct from (old.establishment_id, old.organisation_id, old.member_id, old.created_at) then
        perform auth.refuse('offer_fixed');
    end if;
    if new.state = old.state then
        -- Once confirmed, what was agreed with the employer stays: the reservation cannot be silently prolonged either.
        -- Only the posts filled are counted as they come, and an open offer lasts longer when the employer says so. What a feed
        -- sends is the employer's word: its offer follows it (data.feed_offer_write). That an offer stands behind another one
        -- (data.offer_twin) says nothing of itself.
        if new.replaced_by is distinct from old.replaced_by
           and to_jsonb(new) - '{version,replaced_by}'::text[] = to_jsonb(old) - '{version,replaced_by}'::text[] then
            return new;
        end if;
        follows := old.state in ('confirmed', 'reserved', 'open') and old.feed_id is not null and data.is_feeding();
        -- The day after which a feed says that it does not hold any more: nearer, it closes then; further away, as the agreement says.
        if follows and old.state = 'open' and new.ends_on is distinct from old.ends_on then
            new.closes_at := least(case when old.closes_at = data.day_over(old.ends_on)
                                        then data.reservation_end(old.opened_at, (data.agreement_in_force((select o.network from organisation o where o.id = new.organisation_id))).open_days)
                                        else old.closes_at end, data.day_over(new.ends_on));
        -- An employer who says that it stands for longer has moved that day.
        elsif old.state = 'open' and new.closes_at > old.closes_at and data.day_over(new.ends_on) < new.closes_at then
            new.ends_on := (new.closes_at at time zone 'Europe/Paris')::date;
        end if;
        free := case when follows then data.offer_words_of_employer() when new.closes_at > old.closes_at then '{ends_on}' else '{}' end
                || '{version,posts_filled,closes_at}'::text[];
        if old.state <> 'draft'
           and (old.state not in ('reserved', 'open') and not follows
                or to_jsonb(new) - free is distinct from to_jsonb(old) - free
                or new.closes_at is distinct from old.closes_at and not (old.state = 'open' and (follows or new.closes_at > old.closes_at))) then
            perform auth.refuse('offer_fixed');
        end if;
        return new;
    end if;
    moment := data.now();
    select * into way from offer_transition t where t.from_state = old.state and t.to_state = new.state;
    if not found then
        perform auth.refuse('offer_transition', json_build_object('from', old.state, 'to', new.state));
    end if;
    -- One that is withdrawn says why by its code; another reason than those of the list, in words.
    new.withdrawal := case when new.state = 'withdrawn' then coalesce(new.withdrawal, 'other') end;
    if way.needs_reason and new.withdrawal is not distinct from 'other' and coalesce(trim(new.reason), '') = '' then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    if new.state in ('confirmed', 'reserved', 'open') and data.day_over(new.ends_on) <= moment then
        perform auth.refuse('offer_past', json_build_object('field', 'ends_on', 'ends_on', new.ends_on));
    end if;
    if new.state = 'confirmed' then
        if coalesce(trim(new.confirmed_with), '') = '' then
            perform auth.refuse('offer_not_confirmed', json_build_object('field', 'confirmed_with'));
        end if;
        new.confirmed_at := moment;
    else
        new.confirmed_at := old.confirmed_at;
        new.confirmed_with := old.confirmed_with;
    end if;
    if new.state = 'reserved' then
        new.opens_at := data.reservation_end(old.confirmed_at,
            (data.agreement_in_force((select o.network from organisation o where o.id = new.organisation_id))).reservation_days);
    else
        new.opens_at := old.opens_at;
    end if;
    if new.state = 'open' then
        -- Never before its minute, unless the collector opens it early and says why.
        if moment < old.opens_at and coalesce(trim(new.reason), '') = '' then
            perform auth.refuse('offer_not_due', json_build_object('opens_at', old.opens_at));
        end if;
        rule := data.agreement_in_force((select o.network from organisation o where o.id = new.organisation_id));
        new.opened_at := moment;
        new.closes_at := least(data.reservation_end(new.opened_at, rule.open_days), data.day_over(new.ends_on));
        new.channels := rule.channels;
    else
        new.opened_at := old.opened_at;
        new.closes_at := old.closes_at;
    end if;
    if new.state = 'expired' and moment < coalesce(old.closes_at, data.day_over(old.ends_on), 'infinity') then
        perform auth.refuse('offer_not_due', json_build_object('closes_at', coalesce(old.closes_at, data.day_over(old.ends_on))));
    end if;
    if new.state = 'filled' then
        new.posts_filled := new.posts;
    end if;
    if new.state in ('filled', 'withdrawn', 'expired') then
        new.closed_at := moment;
    end if;
    return new;
end
$$;
create or replace trigger offer_guard before insert or update on data.offer
    for each row execute function data.offer_guard();

-- What changed of an offer that is where it was: told, and told again to whoever an open one was pushed to.
create or replace function data.offer_same(n data.offer, o data.offer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into event (at, kind, member_id, organisation_id, establishment_id, offer_id, data)
    select data.now(), k.kind, auth.member(), coalesce(auth.organisation(), n.organisation_id), n.establishment_id, n.id,
           k.data || case when data.employer_speaks() then '{"by":"employer"}' else '{}' end::jsonb
      from (select 'offer.posts_filled' as kind, jsonb_build_object('offer', n.id, 'filled', n.posts_filled, 'posts', n.posts) as data where n.posts_filled <> o.posts_filled
            union all
            select 'offer.prolonged', jsonb_build_object('offer', n.id, 'closes_at', n.closes_at) where n.posts_filled = o.posts_filled and n.closes_at is distinct from o.closes_at
            union all
            select 'offer.changed', jsonb_build_object('offer', n.id, 'title', n.title)
             where o.state <> 'draft' and n.replaced_by is not distinct from o.replaced_by and n.posts_filled = o.posts_filled and n.closes_at is not distinct from o.closes_at
               and data.is_feeding()) k;
    if n.state = 'open' and exists (select from publication p where p.offer_id = n.id and p.channel = 'push')
       and to_jsonb(n) - '{version,replaced_by,reason}'::text[] is distinct from to_jsonb(o) - '{version,replaced_by,reason}'::text[] then
        perform data.publication_renewed(n.id, n.version);
    end if;
end
$$;

-- Every step has its author, date and reason; the next one is prepared in the same transaction. Told of all the rows of a
-- statement at once: a thousand offers that open in the same minute are one step of the log, not a thousand. PostgreSQL keeps the
-- plan that it made for the first statement of a session, of one row perhaps, for all that follow, and nothing tells it how many
-- rows changed: what was and what is are joined once, outwards, which leaves it no loop over both; the rest goes by number.
create or replace function data.offer_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    who    constant bigint := auth.member();
    whose  constant bigint := auth.organisation();
    moment constant timestamptz := data.now();
    moved  offer[]; -- those of another state than before
    was    text[];  -- that state
begin
    select array_agg(n order by n.id) filter (where o.state is distinct from n.state), array_agg(o.state order by n.id) filter (where o.state is distinct from n.state)
      into moved, was
      from fresh n full join stale o on o.id = n.id;
    if moved is null or cardinality(moved) < (select count(*) from fresh) then
        perform data.offer_same(n, o) from fresh n full join stale o on o.id = n.id where o.state is not distinct from n.state order by n.id;
    end if;
    if moved is null then
        return null;
    end if;
    update task t set done_at = moment
      from unnest(moved) n
     where t.offer_id = n.id and t.done_at is null and t.kind not in ('referral.answered', 'offer.answered') and (n.closed_at is not null or t.kind <> 'referral.answer');
    insert into offer_step (offer_id, from_state, to_state, at, member_id, organisation_id, reason, by_employer)
    select n.id, was[n.ordinality], n.state, moment, who, whose, n.reason, data.employer_speaks() from unnest(moved) with ordinality n order by n.id;
    if exists (select from unnest(moved) n where n.state = 'reserved') then
        insert into offer_routing (offer_id, network)
        select n.id, w from unnest(moved) n
         cross join lateral data.offer_networks(n.organisation_id, n.publics, n.contract, n.rome) w
         where n.state = 'reserved'
        on conflict do nothing;
        insert into job (kind, payload, run_at)
        select 'offer.open', jsonb_build_object('offer', n.id), n.opens_at from unnest(moved) n where n.state = 'reserved' order by n.id;
    end if;
    if exists (select from unnest(moved) n where n.state = 'open') then
        insert into publication (offer_id, channel, channel_id, published_at)
        select n.id, w.channel, w.id, moment
          from unnest(moved) n
         cross join lateral (select 'board' as channel, null::bigint as id where not n.sandbox and 'board' = any (n.channels)
                             union all
                             select c.kind, c.id from channel c
                              where c.organisation_id = n.organisation_id and c.kind in ('push', 'file') and c.kind = any (n.channels)
                                and c.state <> 'removed') w
         where n.state = 'open'
         order by n.id;
    end if;
    if exists (select from unnest(moved) n where n.closed_at is not null) then
        delete from offer_mail m using unnest(moved) n where n.closed_at is not null and m.offer_id = n.id; -- it has served
        update publication p set withdrawn_at = moment
          from unnest(moved) n where n.closed_at is not null and p.offer_id = n.id and p.withdrawn_at is null;
        update referral r set state = 'refused', refusal = case n.state when 'filled' then 'filled' else 'withdrawn' end
          from unnest(moved) n where n.closed_at is not null and r.offer_id = n.id and r.state in ('proposed', 'met');
        -- Filled once all the posts that the employer declared are; until then it may have another offer.
        update need d set state = case when n.state = 'filled' and data.need_filled(d.id) >= coalesce(d.posts, 1) then 'filled' else 'confirmed' end
          from unnest(moved) n where n.closed_at is not null and d.id = n.need_id and d.state = 'offer';
    end if;
    insert into event (at, kind, member_id, organisation_id, establishment_id, offer_id, data)
    select moment, 'offer.' || case n.state when 'open' then 'opened' else n.state end, who, whose, n.establishment_id, n.id,
           jsonb_strip_nulls(jsonb_build_object('offer', n.id, 'title', n.title, 'opens_at', case when n.state = 'reserved' then n.opens_at end, 'reason', n.reason,
                                                'withdrawal', n.withdrawal, 'by', case when data.employer_speaks() then 'employer' end))
      from unnest(moved) n
     order by n.id;
    return null;
end
$$;

create or replace function data.offer_drafted() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into offer_step (offer_id, from_state, to_state, at, member_id, organisation_id, reason)
    select n.id, null, n.state, data.now(), coalesce(auth.member(), n.member_id), coalesce(auth.organisation(), n.organisation_id), n.reason from fresh n order by n.id;
    update need d set state = 'offer' from fresh n where d.id = n.need_id and d.state in ('declared', 'confirmed');
    insert into event (at, kind, member_id, organisation_id, establishment_id, offer_id, data)
    select data.now(), 'offer.drafted', coalesce(auth.member(), n.member_id), coalesce(auth.organisation(), n.organisation_id), n.establishment_id, n.id,
           jsonb_build_object('offer', n.id, 'title', n.title)
      from fresh n order by n.id;
    return null;
end
$$;
create or replace trigger offer_told after update on data.offer
    referencing old table as stale new table as fresh
    for each statement execute function data.offer_told();
create or replace trigger offer_drafted after insert on data.offer
    referencing new table as fresh
    for each statement execute function data.offer_drafted();

-- What an offer says besides its first fields, as the API gives and takes it. How to apply at the employer's is told to its
-- collector, and to others when the employer wants to be asked.
create or replace function api.offer_details(o data.offer) returns json
    language sql stable
    begin atomic
    select json_strip_nulls(json_build_object(
        'duration', o.duration, 'duration_unit', o.duration_unit, 'work_time', o.work_time, 'schedule', o.schedule,
        'salary_min', o.salary_min, 'salary_max', o.salary_max, 'salary_period', o.salary_period, 'salary_months', o.salary_months,
        'ends_on', o.ends_on, 'benefits', case when o.benefits <> '{}' then o.benefits end, 'experience', o.experience, 'experience_months', o.experience_months,
        'qualification', o.qualification, 'requirements', case when o.requirements <> '[]' then o.requirements end,
        'conditions', case when o.conditions <> '{}' then o.conditions end, 'travel', o.travel, 'accessible', o.accessible, 'adapted', o.adapted,
        'origin_reference', o.origin_reference, 'origin_url', o.origin_url, 'apply_by', o.apply_by,
        'apply_name', case when a.is_told then o.apply_name end, 'apply_url', case when a.is_told then o.apply_url end,
        'apply_email', case when a.is_told then o.apply_email end, 'apply_phone', case when a.is_told then o.apply_phone end,
        'apply_note', case when a.is_told then o.apply_note end))
      from (select o.apply_by = 'employer' or o.organisation_id = auth.organisation() as is_told) a;
    end;

-- The pay in words, when only amounts were given: De 1 850 € à 2 000 € brut par mois.
create or replace function data.euros(amount numeric) returns text
    language sql stable strict parallel safe
    return replace(replace(to_char(euros.amount, case when euros.amount = trunc(euros.amount) then 'FM999,999,990' else 'FM999,999,990.00' end), ',', chr(8239)), '.', ',') || ' €';
create or replace function data.salary_text(o data.offer) returns text
    language sql stable parallel safe
    return coalesce(o.salary, case when o.salary_min is not null or o.salary_max is not null then
        case when o.salary_min is null then 'Jusqu’à ' || data.euros(o.salary_max)
             when o.salary_max is null or o.salary_max = o.salary_min then data.euros(o.salary_min)
             else 'De ' || data.euros(o.salary_min) || ' à ' || data.euros(o.salary_max) end
        || ' brut ' || case o.salary_period when 'hour' then 'par heure' when 'month' then 'par mois' when 'year' then 'par an' else 'pour la mission' end
        || case when o.salary_months > 12 then ' sur ' || replace(trim_scale(o.salary_months)::text, '.', ',') || ' mois' else '' end end);

-- An offer as lists show it. The establishment is named to those who may see it; others know its commune.
create or replace view api.offer_row with (security_invoker = true) as
select f.id, f.title, f.state, f.rome, r.label as rome_label, f.contract, f.posts, f.publics,
       api.organisation_ref(o) as organisation,
       json_build_object('id', m.id, 'name', m.name) as member,
       (select json_build_object('id', e.id, 'name', e.name, 'city', e.city) from data.establishment e
         where e.id = f.establishment_id) as establishment,
       c.name as commune, f.created_at, f.confirmed_at, f.opens_at, f.opened_at, f.closed_at,
       coalesce((select json_agg(w.network order by n.rank) from data.offer_routing w join data.network n on n.code = w.network
                  where w.offer_id = f.id), '[]') as networks,
       f.organisation_id = (select auth.organisation()) as mine, f.version, f.posts_filled, f.closes_at,
       (select b.id from data.offer b where b.id = f.replaced_by) as replaced_by
  from data.offer f
  join data.rome r on r.code = f.rome
  join data.organisation o on o.id = f.organisation_id
  join data.member m on m.id = f.member_id
  left join data.commune c on c.code = f.commune_code;

-- The ways on for the collecting organisation, by verb: confirm (and reserve at once), open early, withdraw (for one of the reasons that
-- people choose).
drop function if exists api.offer_move(bigint, text, text, text);
create or replace function api.offer_move(offer bigint, verb text, confirmed_with text, reason text, withdrawal text default null) returns void
    language plpgsql as $$
declare
    o record;
begin
    select x.state, x.organisation_id into o from data.offer x where x.id = offer_move.offer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if o.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    case offer_move.verb
    when 'confirm' then
        update data.offer x set state = 'confirmed', confirmed_with = offer_move.confirmed_with, reason = null where x.id = offer_move.offer;
        update data.offer x set state = 'reserved' where x.id = offer_move.offer;
    when 'open' then
        if coalesce(trim(offer_move.reason), '') = '' then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
        update data.offer x set state = 'open', reason = offer_move.reason where x.id = offer_move.offer;
    when 'withdraw' then
        if not exists (select from data.withdrawal w where w.code = coalesce(offer_move.withdrawal, 'other') and w.chosen) then
            perform auth.refuse('invalid', json_build_object('field', 'withdrawal'));
        end if;
        update data.offer x set state = 'withdrawn', withdrawal = offer_move.withdrawal, reason = offer_move.reason where x.id = offer_move.offer;
    end case;
end
$$;

-- Some posts more are filled (all that are left when `posts` is absent); the last one ends the offer. One counted too many
-- is taken back with a negative number, as long as the offer lives. The offer is held, and who asks has the right.
create or replace function data.offer_count(offer bigint, posts integer, reason text) returns void
    language plpgsql as $$
declare
    o record;
    n integer;
begin
    select x.state, x.posts, x.posts_filled into o from data.offer x where x.id = offer_count.offer for no key update;
    n := o.posts_filled + coalesce(offer_count.posts, o.posts - o.posts_filled);
    if o.state not in ('reserved', 'open') then
        perform auth.refuse('offer_transition', json_build_object('from', o.state, 'to', 'filled'));
    end if;
    if n < 0 or n > o.posts then
        perform auth.refuse('offer_posts', json_build_object('field', 'posts', 'posts', o.posts, 'posts_filled', o.posts_filled));
    end if;
    if n = o.posts then
        update data.offer x set state = 'filled', reason = offer_count.reason where x.id = offer_count.offer;
    else
        update data.offer x set posts_filled = n where x.id = offer_count.offer;
    end if;
end
$$;

create or replace function api.offer_fill(offer bigint, posts integer, reason text) returns void
    language plpgsql as $$
declare
    o record;
begin
    select x.organisation_id into o from data.offer x where x.id = offer_fill.offer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if o.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    perform data.offer_count(offer_fill.offer, offer_fill.posts, offer_fill.reason);
end
$$;

-- An open offer stands for as long again as the agreement says, because the employer has just said so to somebody.
create or replace function data.offer_prolongation_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o record;
begin
    select x.state, x.organisation_id, x.closes_at into o from offer x where x.id = new.offer_id for no key update;
    if o.state is distinct from 'open' then
        perform auth.refuse('offer_transition', json_build_object('from', o.state, 'to', 'open'));
    end if;
    if o.organisation_id <> new.organisation_id then
        perform auth.refuse('forbidden');
    end if;
    new.at := data.now();
    new.closes_at := data.reservation_end(new.at,
        (data.agreement_in_force((select x.network from organisation x where x.id = new.organisation_id))).open_days);
    if new.closes_at <= o.closes_at then
        perform auth.refuse('offer_prolonged');
    end if;
    update offer x set closes_at = new.closes_at where x.id = new.offer_id;
    update task t set done_at = new.at, done_by = case when new.link_id is null then new.member_id end
     where t.offer_id = new.offer_id and t.kind = 'offer.closing' and t.done_at is null;
    return new;
end
$$;
create or replace trigger offer_prolongation_guard before insert on data.offer_prolongation
    for each row execute function data.offer_prolongation_guard();

create or replace function api.offer_prolong(offer bigint, confirmed_with text) returns void
    language plpgsql as $$
begin
    if not exists (select from data.offer o where o.id = offer_prolong.offer) then
        perform auth.refuse('not_found');
    end if;
    insert into data.offer_prolongation (offer_id, organisation_id, member_id, confirmed_with)
    values (offer_prolong.offer, auth.organisation(), auth.member(), trim(offer_prolong.confirmed_with));
end
$$;

-- The job offer.expire: ends open offers whose time is over, and reserved ones that hold no longer, at most so many; returns how many.
create or replace function data.offer_expire(most integer) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    n integer;
    m integer;
begin
    update offer o set state = 'expired', reason = null
     where o.id in (select x.id from offer x where x.state = 'open' and x.closes_at <= data.now()
                     order by x.closes_at limit offer_expire.most for no key update skip locked);
    get diagnostics n = row_count;
    update offer o set state = 'expired', reason = 'Valable jusqu’au ' || to_char(o.ends_on, 'DD/MM/YYYY') || ' seulement'
     where o.id in (select x.id from offer x where x.state = 'reserved' and x.ends_on < data.today()
                     order by x.ends_on limit offer_expire.most - n for no key update skip locked);
    get diagnostics m = row_count;
    return n + m;
end
$$;

-- The job offer.open: opens an offer whose minute has come. True when it did; false when there is nothing (more) to do:
-- opened already, filled, withdrawn, over by then (data.offer_expire), or not yet due. Safe to repeat and to run twice at once: the row is the lock.
create or replace function data.offer_open(offer bigint) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform from offer o where o.id = offer_open.offer and o.state = 'reserved' and o.opens_at <= data.now()
       and (o.ends_on is null or o.ends_on >= data.today()) for no key update;
    if not found then
        return false;
    end if;
    update offer o set state = 'open', reason = null where o.id = offer_open.offer and o.state = 'reserved';
    return found;
end
$$;

-- Open offers as anybody may read them, signed in or not. Nothing of the employer but the name of its commune. The view
-- is for the two functions below, which alone may read past the policies.
create or replace view api.public_offer_line as
select o.id, o.title, o.rome, r.label as rome_label, o.contract, k.label as contract_label,
       (o.posts - o.posts_filled)::smallint as posts, o.description, o.starts_on,
       o.hours, data.salary_text(o) as salary, o.commune_code, c.name as commune, o.opened_at, g.name as organisation, g.phone as organisation_phone,
       g.email as organisation_email, g.network
  from data.offer o
  join data.rome r on r.code = o.rome
  join data.contract k on k.code = o.contract
  join data.organisation g on g.id = o.organisation_id
  left join data.commune c on c.code = o.commune_code
 where o.state = 'open' and not o.sandbox and 'board' = any (o.channels);

-- One open offer; no row when it is not (or no longer) open. In plpgsql, as all that the public reads one by one: a function
-- in SQL that is no part of the query that calls it is planned again at each call.
drop function if exists api.public_offer(bigint);
create function api.public_offer(id bigint) returns setof api.public_offer_line
    language plpgsql stable security definer set search_path = data, ext, pg_temp as $$
begin
    return query select * from api.public_offer_line o where o.id = public_offer.id;
end
$$;

create or replace function api.public_site() returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select json_build_object('name', i.name, 'demo', i.demo,
                                 'offers_open', (select count(*) from data.board_line b where b.on_board))
          from data.instance i;
    end;
