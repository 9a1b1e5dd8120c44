-- Needs: what employers mean to hire, from the word they gave to the offer that came of it. Every step has its author, date
-- and reason; a number that nobody gave is unknown, never 0.

-- How many days a need stands when nobody says otherwise.
create or replace function data.need_days(horizon text) returns integer
    language sql immutable parallel safe
    return case horizon when 'now' then 60 when 'quarter' then 120 when 'half' then 210 else 400 end;

-- The occupation of a code of the ROME, version 3 or 4.0; null when the reference of the house does not have it.
create or replace function data.rome_of(code text) returns text
    language sql stable parallel safe
    begin atomic
        select coalesce((select r.code from data.rome r where r.code = rome_of.code), (select u.rome from data.rome_under u where u.code = rome_of.code));
    end;

-- Posts of a need that its offers filled, whoever may see them.
create or replace function data.need_filled(of_need bigint) returns integer
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select coalesce(sum(o.posts_filled), 0)::integer from data.offer o where o.need_id = need_filled.of_need;
    end;

create or replace function data.need_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    today date := data.today();
    way   need_transition;
begin
    if tg_op = 'INSERT' then
        new.state := 'declared';
        new.version := 1;
        new.zero_on := null;
        new.reason := null;
        new.declared_at := coalesce(new.declared_at, data.now());
        if new.visit_id is not null then
            new.source := 'visit';
        end if;
        new.rome := coalesce(data.rome_of(new.rome), new.rome);
        -- A family of one occupation is that occupation.
        if new.rome is null and (select count(*) from fap_rome f join rome r on r.code = f.rome where f.fap = new.fap) = 1 then
            new.rome := (select f.rome from fap_rome f join rome r on r.code = f.rome where f.fap = new.fap);
        end if;
        new.expires_on := coalesce(new.expires_on, (new.declared_at at time zone 'Europe/Paris')::date + data.need_days(new.horizon));
        if new.expires_on not between (new.declared_at at time zone 'Europe/Paris')::date
                              and (new.declared_at at time zone 'Europe/Paris')::date + 730 then
            perform auth.refuse('due_out_of_range', json_build_object('field', 'expires_on', 'first_due_on', today, 'last_due_on', today + 730));
        end if;
        return new;
    end if;
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if (new.establishment_id, new.organisation_id, new.member_id, new.visit_id, new.source, new.survey_year, new.declared_at)
       is distinct from (old.establishment_id, old.organisation_id, old.member_id, old.visit_id, old.source, old.survey_year, old.declared_at) then
        perform auth.refuse('need_fixed');
    end if;
    new.version := old.version + 1;
    if new.expires_on <> old.expires_on and new.expires_on not between today and today + 730 then
        perform auth.refuse('due_out_of_range', json_build_object('field', 'expires_on', 'first_due_on', today, 'last_due_on', today + 730));
    end if;
    if new.state = old.state then
        -- What came of it stands; what is only meant may change.
        if old.state not in ('declared', 'confirmed') then
            perform auth.refuse('need_fixed');
        end if;
        new.zero_on := old.zero_on;
        new.reason := old.reason;
        return new;
    end if;
    select * into way from need_transition t where t.from_state = old.state and t.to_state = new.state;
    if not found then
        perform auth.refuse('need_transition', json_build_object('from', old.state, 'to', new.state));
    end if;
    new.reason := nullif(trim(new.reason), '');
    if way.needs_reason and new.reason is null then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    -- The offer says when there is one and when it is filled.
    if new.state = 'offer' and not exists (select from offer o where o.need_id = new.id and o.state not in ('filled', 'withdrawn', 'expired'))
       or old.state = 'offer' and new.state = 'filled' and not exists (select from offer o where o.need_id = new.id and o.state = 'filled')
       or old.state = 'offer' and new.state = 'confirmed'
          and exists (select from offer o where o.need_id = new.id and o.state not in ('filled', 'withdrawn', 'expired')) then
        perform auth.refuse('need_transition', json_build_object('from', old.state, 'to', new.state));
    end if;
    if new.state = 'zero' then
        new.zero_on := coalesce(new.zero_on, today);
        if new.zero_on not between (old.declared_at at time zone 'Europe/Paris')::date and today then
            perform auth.refuse('due_out_of_range', json_build_object('field', 'on',
                'first_due_on', (old.declared_at at time zone 'Europe/Paris')::date, 'last_due_on', today));
        end if;
    else
        new.zero_on := null;
    end if;
    -- What comes back to life has time again.
    if new.state = 'confirmed' and new.expires_on < today then
        new.expires_on := today + data.need_days(new.horizon);
    end if;
    return new;
end
$$;
create or replace trigger need_guard before insert or update on data.need
    for each row execute function data.need_guard();

-- The log names no reason, which may speak of persons: the step does.
create or replace function data.need_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' and (new.state = old.state or data.is_moving()) then
        return null;
    end if;
    insert into need_step (need_id, from_state, to_state, at, member_id, organisation_id, reason)
    values (new.id, case when tg_op = 'UPDATE' then old.state end, new.state, data.now(),
            coalesce(auth.member(), case when tg_op = 'INSERT' then new.member_id end),
            coalesce(auth.organisation(), case when tg_op = 'INSERT' then new.organisation_id end), new.reason);
    if tg_op = 'INSERT' then
        perform data.log('need.declared', new.establishment_id, null,
            jsonb_strip_nulls(jsonb_build_object('need', new.id, 'rome', new.rome, 'fap', new.fap, 'posts', new.posts, 'horizon', new.horizon)),
            new.member_id, new.organisation_id);
        return null;
    end if;
    perform data.log('need.' || new.state, new.establishment_id, null, jsonb_build_object('need', new.id));
    update task t set done_at = data.now(), done_by = auth.member()
     where t.done_at is null and t.kind = 'need.expiring' and t.need_id = new.id;
    -- The employer was called again: nothing of what it declared waits any longer.
    update task t set done_at = data.now(), done_by = auth.member()
     where t.done_at is null and t.kind = 'need.recontact' and t.establishment_id = new.establishment_id
       and not exists (select from need n where n.establishment_id = new.establishment_id and n.state = 'declared' and n.source in ('bmo', 'contributor'));
    return null;
end
$$;
create or replace trigger need_told after insert or update on data.need
    for each row execute function data.need_told();

-- Whether a need is one's organisation's to move on: it heard it, it holds the employer, or it was asked to call.
create or replace function data.need_is_ours(of_need bigint) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select exists (
            select from data.need n
             where n.id = need_is_ours.of_need
               and (n.organisation_id = auth.organisation()
                    or exists (select from data.promise p where p.establishment_id = n.establishment_id and p.state = 'active'
                                  and (p.organisation_id = auth.organisation() or data.team_has(p.team_id, auth.member(), auth.organisation())))
                    or exists (select from data.task t where t.establishment_id = n.establishment_id and t.kind = 'need.recontact'
                                  and t.done_at is null and t.organisation_id = auth.organisation())));
    end;

-- The need, held for a change by whoever may make one; refuses others.
create or replace function data.need_hold(of_need bigint, version integer) returns data.need
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    n need;
begin
    select * into n from need x where x.id = need_hold.of_need for update;
    if n.id is null or not auth.sees(n.establishment_id) then
        perform auth.refuse('not_found');
    end if;
    if not auth.can_write() or not data.need_is_ours(n.id) then
        perform auth.refuse('forbidden');
    end if;
    if need_hold.version is not null and n.version <> need_hold.version then
        perform auth.refuse('precondition_failed', json_build_object('version', n.version));
    end if;
    return n;
end
$$;

-- One step on. `on_day`: the day on which the employer said that it has no vacant post.
create or replace function api.need_move(need bigint, state text, reason text, on_day date) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.need_hold(need_move.need, null);
    update need x set state = need_move.state, reason = need_move.reason, zero_on = case when need_move.state = 'zero' then need_move.on_day end
     where x.id = need_move.need;
end
$$;

-- Changes what is meant, when `version` is still the current one. What is not given stays; of what the employer may leave unsaid,
-- `has_…` tells that it is given, null when nothing is known any more.
create or replace function api.need_edit(need bigint, version integer, has_posts boolean, posts integer, horizon text, has_contract boolean, contract text,
                                         has_seasonal boolean, seasonal boolean, has_difficulty boolean, difficulty text, expires_on date) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.need_hold(need_edit.need, need_edit.version);
    update need x
       set posts = case when need_edit.has_posts then need_edit.posts::smallint else x.posts end, horizon = coalesce(need_edit.horizon, x.horizon),
           contract = case when need_edit.has_contract then need_edit.contract else x.contract end,
           seasonal = case when need_edit.has_seasonal then need_edit.seasonal else x.seasonal end,
           difficulty = case when need_edit.has_difficulty then need_edit.difficulty else x.difficulty end,
           expires_on = coalesce(need_edit.expires_on, x.expires_on)
     where x.id = need_edit.need;
end
$$;

-- The job need.expire: gives up what its day has passed without news, at most so many; returns how many.
create or replace function data.need_expire(most integer) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    n integer;
begin
    update need x set state = 'abandoned', reason = 'Échu sans nouvelle de l’employeur'
     where x.id in (select y.id from need y where y.state in ('declared', 'confirmed') and y.expires_on < data.today()
                     order by y.expires_on, y.id limit need_expire.most for update skip locked);
    get diagnostics n = row_count;
    return n;
end
$$;

-- --- to call again ----------------------------------------------------------------------------------------------------------

-- Shares out among partners the employers whose declared needs nobody confirmed yet: to who holds the employer, else to the
-- best placed (data.proposal_rank), a little less with each call it was asked to make already. One partner only per employer:
-- the establishment is the lock, task_recontact_once the rule. Not before its rest is over; never one that refuses. Returns
-- how many were shared out.
create or replace function data.need_share(establishments bigint[]) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    e      record;
    p      promise;
    first  bigint;
    whose  bigint;
    raised integer := 0;
begin
    for e in select x.id, s.opposed, s.rest_until
               from establishment x left join standing s on s.establishment_id = x.id
              where x.id = any (need_share.establishments) and x.status = 'A' and x.merged_into is null
              order by x.id for no key update of x loop
        select n.id, n.organisation_id into first, whose from need n
         where n.establishment_id = e.id and n.state = 'declared' and n.source in ('bmo', 'contributor') order by n.id limit 1;
        continue when first is null or coalesce(e.opposed, false)
                      or exists (select from task t where t.kind = 'need.recontact' and t.establishment_id = e.id and t.done_at is null);
        select * into p from promise x where x.establishment_id = e.id and x.state = 'active';
        if not found then
            select r.organisation_id into p.organisation_id
              from data.proposal_rank(e.id, '{}') r
             cross join lateral (select count(*) as asked from task t
                                  where t.kind = 'need.recontact' and t.organisation_id = r.organisation_id and t.done_at is null) k
             cross join lateral (select greatest(count(*), 1) as advisers from membership m
                                  where m.organisation_id = r.organisation_id and m.role = 'adviser' and m.ended_on is null) a
             order by r.score - least(k.asked::numeric / a.advisers, 40) desc, r.organisation_id limit 1;
        end if;
        insert into task (kind, mark, organisation_id, member_id, establishment_id, need_id, due_on, raised_at)
        values ('need.recontact', first::text, coalesce(p.organisation_id, whose), p.member_id, e.id, first,
                greatest(data.working_day_after(data.today(), 10), data.working_day_after(coalesce(e.rest_until, data.today()), 1)), data.now())
        on conflict (kind, mark, coalesce(offer_id, promise_id, team_id, need_id, lead_id), coalesce(referral_id, 0))
            do update set done_at = null, done_by = null, organisation_id = excluded.organisation_id, member_id = excluded.member_id, due_on = excluded.due_on;
        raised := raised + 1;
    end loop;
    return raised;
end
$$;

-- Who promises the employer calls it, too.
create or replace function data.need_follows_promise() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update task t set organisation_id = new.organisation_id, member_id = new.member_id
     where t.kind = 'need.recontact' and t.establishment_id = new.establishment_id and t.done_at is null
       and (t.organisation_id, t.member_id) is distinct from (new.organisation_id, new.member_id);
    return null;
end
$$;
create or replace trigger need_follows_promise after insert on data.promise
    for each row when (new.state = 'active') execute function data.need_follows_promise();
create or replace trigger need_follows_member after update of member_id on data.promise
    for each row when (new.state = 'active' and new.member_id <> old.member_id) execute function data.need_follows_promise();

-- --- reading ----------------------------------------------------------------------------------------------------------------

-- A need, and the offer that came of it when the reader may see it: the one that lives, or the last one that filled it. Whoever
-- says a seasonal contract has said the season.
create or replace view api.need_row with (security_invoker = true) as
select n.id, n.rome, coalesce(r.label, f.label) as rome_label, n.posts, n.horizon, n.contract, n.state, n.declared_at,
       api.organisation_ref(o) as organisation, n.visit_id as visit,
       (select x.id from data.offer x
         where x.need_id = n.id and x.state not in ('withdrawn', 'expired') and (x.state <> 'filled' or n.state = 'filled')
         order by x.id desc limit 1) as offer,
       n.fap, n.seasonal or coalesce(n.contract = 'seasonal', false) as seasonal, n.difficulty, n.source, n.expires_on, n.zero_on, n.version, data.need_filled(n.id) as posts_filled
  from data.need n
  left join data.rome r on r.code = n.rome
  left join data.fap f on f.code = n.fap
  join data.organisation o on o.id = n.organisation_id;

-- Who is asked to call which employer again: known to every partner, so that none calls twice.
create or replace view api.need_call as
select t.id, t.establishment_id, t.organisation_id = auth.organisation() as ours, api.organisation_ref(o) as organisation,
       (select m.name from data.member m where m.id = t.member_id) as member, t.due_on
  from data.task t
  join data.organisation o on o.id = t.organisation_id
 where t.kind = 'need.recontact' and t.done_at is null and auth.sees(t.establishment_id);

-- The needs of the territory as a filter finds them: past the policies, which the caller's rows go through again, because
-- asking them of each row that a filter drops would cost more than the list. scope: '', 'mine' (the person's), 'ours' (heard
-- by the organisation), 'call' (those it was asked to call about, or of employers it holds).
create or replace function api.need_ids(scope text, establishment bigint, state text, source text, rome text, q text, commune text,
                                        expiring boolean, before bigint, most bigint) returns setof bigint
    language sql stable security definer set search_path = data, pg_temp rows 100
    begin atomic
        select n.id
          from data.need n
          join data.establishment e on e.id = n.establishment_id
          join data.territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = auth.territory()
          left join data.rome r on r.code = n.rome
          left join data.fap f on f.code = n.fap
         where auth.is_partner() and n.id < need_ids.before
           and (need_ids.establishment is null or n.establishment_id = need_ids.establishment)
           and (need_ids.state is null or n.state = any (string_to_array(need_ids.state, ',')))
           and (need_ids.source is null or n.source = need_ids.source)
           and (need_ids.rome is null or n.rome = need_ids.rome or n.fap = need_ids.rome
                or n.rome is null and n.fap in (select x.fap from data.fap_rome x where x.rome = need_ids.rome))
           and (need_ids.commune is null or e.commune_code = need_ids.commune)
           and (need_ids.q is null or (select bool_and(data.fold(concat_ws(' ', e.name, e.city, e.siret, n.rome, r.label, f.label)) like '%' || w || '%')
                                         from regexp_split_to_table(replace(replace(trim(data.fold(need_ids.q)), '%', ''), '_', ''), '\s+') w))
           and (not need_ids.expiring or n.state in ('declared', 'confirmed') and n.expires_on <= data.today() + 30)
           and case need_ids.scope
               when 'mine' then n.member_id = auth.member() and n.organisation_id = auth.organisation()
               when 'ours' then n.organisation_id = auth.organisation()
               when 'call' then exists (select from data.task t where t.kind = 'need.recontact' and t.establishment_id = n.establishment_id
                                           and t.done_at is null and t.organisation_id = auth.organisation())
               else true end
         order by n.id desc limit need_ids.most;
    end;

-- Posts that employers meant to fill, that became offers, that were filled; by employer, occupation or commune, the most
-- declared first. posts counts what is known, unknown the needs whose number nobody gave. Offers count from the moment the
-- employer confirmed them, whoever may see them; a draft is nobody's business yet.
create or replace function api.need_figures(by_what text, scope text, source text, since date, until date, most integer)
    returns table (key text, label text, detail text, needs bigint, posts bigint, unknown bigint, confirmed bigint, offers bigint,
                   filled bigint, zero bigint, abandoned bigint)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        with counted as (
            select case need_figures.by_what when 'employer' then e.id::text when 'area' then e.commune_code else coalesce(n.rome, n.fap) end as key,
                   case need_figures.by_what when 'employer' then e.name when 'area' then c.name else coalesce(r.label, f.label) end as label,
                   case need_figures.by_what when 'employer' then e.city when 'area' then e.commune_code else coalesce(n.rome, n.fap) end as detail,
                   n.state, n.posts, o.posts as offered,
                   case when n.state = 'filled' and o.posts is null then coalesce(n.posts, 1) else coalesce(o.posts_filled, 0) end as filled
              from data.need n
              join data.establishment e on e.id = n.establishment_id
              join data.territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = auth.territory()
              left join data.commune c on c.code = e.commune_code
              left join data.rome r on r.code = n.rome
              left join data.fap f on f.code = n.fap
              left join lateral (select sum(x.posts) as posts, sum(x.posts_filled) as posts_filled from data.offer x
                                  where x.need_id = n.id and x.confirmed_at is not null and x.state <> 'withdrawn' and not x.sandbox) o on true
             where auth.is_partner()
               and (need_figures.source is null or n.source = need_figures.source)
               and (need_figures.scope is distinct from 'ours' or n.organisation_id = auth.organisation())
               and (n.declared_at at time zone 'Europe/Paris')::date between need_figures.since and need_figures.until
        )
        select t.key, case when grouping(t.key) = 0 then max(t.label) end, case when grouping(t.key) = 0 then max(t.detail) end, -- all of them have none
               count(*), coalesce(sum(t.posts), 0), count(*) filter (where t.posts is null),
               count(*) filter (where t.state in ('confirmed', 'offer', 'filled')), coalesce(sum(t.offered), 0)::bigint, sum(t.filled)::bigint,
               count(*) filter (where t.state = 'zero'), count(*) filter (where t.state = 'abandoned')
          from counted t
         group by grouping sets ((t.key), ())
         order by grouping(t.key) desc, 5 desc, 4 desc, 2
         limit need_figures.most + 1;
    end;

-- The survey beside what partners know, bassin by bassin and family by family: hiring projects, how many judged difficult or
-- seasonal (null: secret or unknown), and the needs, offers and filled posts of the year that partners have in that family: posts that are
-- known, and apart from them how many needs are of an unknown number.
drop function if exists api.need_market(text, integer);
create function api.need_market(bassin text, most integer)
    returns table (bassin_code text, bassin_name text, fap text, label text, year smallint, projects integer, difficult integer,
                   seasonal integer, known bigint, unknown bigint, offers bigint, filled bigint, romes json)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        with here as (
            select distinct b.bassin from data.bassin_commune b
              join data.territory_commune tc on tc.commune_code = b.commune_code and tc.territory_id = auth.territory()
             where auth.is_partner() and (need_market.bassin is null or b.bassin = need_market.bassin)
        ), surveyed as (
            select m.* from data.bmo m join here h on h.bassin = m.bassin
             order by m.projects desc nulls last, m.bassin, m.fap limit need_market.most
        ), ours as (
            select b.bassin, n.rome, n.fap, n.posts, n.state, o.posts as offered, o.posts_filled
              from data.need n
              join data.establishment e on e.id = n.establishment_id
              join data.bassin_commune b on b.commune_code = e.commune_code
              join here h on h.bassin = b.bassin
              left join lateral (select sum(x.posts) as posts, sum(x.posts_filled) as posts_filled from data.offer x
                                  where x.need_id = n.id and x.confirmed_at is not null and x.state <> 'withdrawn' and not x.sandbox) o on true
             where n.declared_at >= data.now() - interval '1 year'
        )
        select m.bassin, b.name, m.fap, m.label, m.year, m.projects, m.difficult, m.seasonal, coalesce(k.known, 0), coalesce(k.unknown, 0), coalesce(k.offers, 0), coalesce(k.filled, 0),
               (select coalesce(json_agg(json_build_object('code', r.code, 'label', r.label) order by r.code), '[]')
                  from data.fap_rome x join data.rome r on r.code = x.rome where x.fap = m.fap)
          from surveyed m
          join data.bassin b on b.code = m.bassin
          left join lateral (select sum(u.posts)::bigint as known, count(*) filter (where u.posts is null) as unknown, sum(u.offered)::bigint as offers,
                                    sum(case when u.state = 'filled' and u.offered is null then coalesce(u.posts, 0) else coalesce(u.posts_filled, 0) end)::bigint as filled
                               from ours u
                              where u.bassin = m.bassin
                                and (u.fap = m.fap or u.fap is null and u.rome in (select x.rome from data.fap_rome x where x.fap = m.fap))) k on true
         order by m.projects desc nulls last, b.name, m.label;
    end;
