-- Back in the pot: an employer that was given back or let go is proposed to the next best partner, then to the one after.
-- A proposal reserves nothing: whoever promises the employer meanwhile has it.

-- Partners by how well they are placed for an employer, best first, out of 100: what came of their visits and offers there
-- in three years (40: three times or more), whether they know somebody there (20), how near they are (25, halved every
-- 14 km), how much each of their advisers already holds (15: nothing held, 0: thirty or more). A closed one waits.
create or replace function data.proposal_rank(establishment bigint, besides bigint[])
    returns table (organisation_id bigint, score numeric, why jsonb)
    language plpgsql stable security definer set search_path = data, ext, pg_temp rows 10 as $$
#variable_conflict use_column
declare
    family bigint[] := array(select f from api.family(proposal_rank.establishment) f);
    since  timestamptz := data.now() - interval '3 years';
begin
    return query
    select o.id,
           round((40 * least(m.fruitful, 3) / 3.0 + case when m.known then 20 else 0 end + coalesce(25 * power(0.5, m.km / 14), 0)
                  + 15 * (1 - least(m.held, 30) / 30.0))::numeric, 2),
           jsonb_strip_nulls(jsonb_build_object('fruitful', m.fruitful, 'known', m.known, 'km', round(m.km::numeric, 1), 'held', round(m.held::numeric, 1)))
      from organisation o
      join network n on n.code = o.network and n.kind = 'partner'
      join establishment e on e.id = proposal_rank.establishment
      join territory_commune tc on tc.territory_id = o.territory_id and tc.commune_code = e.commune_code
     cross join lateral (select count(*) as advisers from membership s
                          where s.organisation_id = o.id and s.role = 'adviser' and (s.ended_on is null or s.ended_on > current_date)) a
     cross join lateral (
        select (select count(*) from report r where r.establishment_id = any (family) and r.organisation_id = o.id
                   and r.outcome in ('needs', 'later') and r.done_at >= since)
               + (select count(*) from offer f where f.establishment_id = any (family) and f.organisation_id = o.id and f.created_at >= since) as fruitful,
               exists (select from contact c where c.establishment_id = any (family) and c.organisation_id = o.id
                          and c.erased_at is null and c.opposition_id is null) as known,
               ST_Distance(o.base::geography, e.location::geography) / 1000 as km,
               (select count(*) from promise p where p.organisation_id = o.id and p.state = 'active')::numeric / greatest(a.advisers, 1) as held) m
     where a.advisers > 0 and o.id <> all (besides)
       and not exists (select from absence x where x.organisation_id = o.id and x.member_id is null and x.cancelled_at is null
                          and data.today() between x.first_on and x.last_on)
     order by 2 desc, o.id;
end
$$;

-- The job proposal.next: proposes the employer of an ended promise to the best partner who was not asked yet; three at most.
-- Returns the proposal; null when there is nothing to propose. Safe to repeat.
create or replace function data.proposal_next(promise bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    most constant integer := 3;
    p    promise;
    best record;
    made bigint;
begin
    select * into p from promise x where x.id = proposal_next.promise;
    -- The establishment is the lock: promises and oppositions being made are waited for.
    perform from establishment e where e.id = p.establishment_id for no key update;
    if p.state not in ('returned', 'lapsed')
       or exists (select from establishment e where e.id = p.establishment_id and (e.status = 'F' or e.merged_into is not null))
       or exists (select from promise x where x.establishment_id = p.establishment_id and (x.state = 'active' or x.id > p.id))
       or exists (select from standing s where s.establishment_id = p.establishment_id and (s.opposed or s.rest_until >= data.today()))
       or exists (select from proposal x where x.establishment_id = p.establishment_id and x.state = 'proposed')
       or exists (select from proposal x where x.promise_id = p.id and x.state = 'accepted')
       or (select count(*) from proposal x where x.promise_id = p.id) >= most then
        return null;
    end if;
    select r.organisation_id, r.score, r.why, o.network into best
      from data.proposal_rank(p.establishment_id, p.organisation_id || array(select x.organisation_id from proposal x where x.promise_id = p.id)) r
      join organisation o on o.id = r.organisation_id
     limit 1;
    if not found then
        return null;
    end if;
    insert into proposal (promise_id, establishment_id, organisation_id, place, score, why, made_at, expires_on)
    values (p.id, p.establishment_id, best.organisation_id, 1 + (select count(*) from proposal x where x.promise_id = p.id), best.score, best.why,
            data.now(), data.working_day_after(data.today(), (data.agreement_in_force(best.network)).proposal_days))
    returning id into made;
    return made;
end
$$;

create or replace function data.proposal_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if old.state <> 'proposed' then
        perform auth.refuse('proposal_closed', json_build_object('state', old.state));
    end if;
    if (new.promise_id, new.establishment_id, new.organisation_id, new.place, new.score, new.why, new.made_at, new.expires_on)
       is distinct from (old.promise_id, old.establishment_id, old.organisation_id, old.place, old.score, old.why, old.made_at, old.expires_on) then
        perform auth.refuse('proposal_closed');
    end if;
    if new.state in ('accepted', 'declined') and (auth.organisation() is distinct from new.organisation_id or auth.role() <> 'manager') then
        perform auth.refuse('forbidden');
    end if;
    if new.state = 'declined' and coalesce(length(trim(new.reason)), 0) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    if new.state = 'expired' and old.expires_on >= data.today() or new.state = 'accepted' and old.expires_on < data.today() then
        perform auth.refuse('proposal_closed', json_build_object('state', case when old.expires_on < data.today() then 'expired' else 'proposed' end));
    end if;
    new.answered_at := data.now();
    new.answered_by := auth.member();
    return new;
end
$$;
create or replace trigger proposal_guard before update on data.proposal
    for each row execute function data.proposal_guard();

create or replace function data.proposal_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return null;
    end if;
    perform data.log('proposal.' || case when tg_op = 'INSERT' then 'made' else new.state end, new.establishment_id, null,
        jsonb_strip_nulls(jsonb_build_object('proposal', new.id, 'to_organisation', new.organisation_id, 'reason', new.reason,
            'expires_on', case when tg_op = 'INSERT' then new.expires_on end)), null, new.organisation_id);
    if tg_op = 'INSERT' then
        insert into task (kind, mark, organisation_id, establishment_id, promise_id, due_on, raised_at)
        values ('proposal.answer', new.id::text, new.organisation_id, new.establishment_id, new.promise_id, new.expires_on, data.now());
        perform data.job_add('proposal.expire', jsonb_build_object('proposal', new.id), ((new.expires_on + 1)::timestamp at time zone 'Europe/Paris'));
        return null;
    end if;
    update task t set done_at = data.now() where t.kind = 'proposal.answer' and t.mark = new.id::text and t.done_at is null;
    if new.state in ('declined', 'expired') then
        perform data.job_add('proposal.next', jsonb_build_object('promise', new.promise_id));
    end if;
    return null;
end
$$;
create or replace trigger proposal_told after insert or update on data.proposal
    for each row execute function data.proposal_told();

-- Somebody promised it meanwhile, or it opposes: nothing is proposed any more.
create or replace function data.proposal_void() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update proposal x set state = 'void' where x.establishment_id = new.establishment_id and x.state = 'proposed';
    return null;
end
$$;
create or replace trigger proposal_void after insert on data.promise
    for each row execute function data.proposal_void();
create or replace trigger proposal_void after insert on data.opposition
    for each row when (new.subject = 'establishment') execute function data.proposal_void();

-- The job proposal.expire. Safe to repeat.
create or replace function data.proposal_expire(proposal bigint) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform from establishment e where e.id = (select x.establishment_id from proposal x where x.id = proposal_expire.proposal) for no key update;
    update proposal x set state = 'expired' where x.id = proposal_expire.proposal and x.state = 'proposed' and x.expires_on < data.today();
    return found;
end
$$;

-- A manager accepts it for a member of the organisation, who promises then and there, or declines it with a reason. Returns
-- the promise.
create or replace function api.proposal_answer(proposal bigint, accepted boolean, member bigint, due_on date, reason text) returns bigint
    language plpgsql as $$
declare
    x record;
begin
    select p.establishment_id into x from data.proposal p where p.id = proposal_answer.proposal;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if auth.role() <> 'manager' then
        perform auth.refuse('forbidden');
    end if;
    perform data.establishment_hold(x.establishment_id);
    update data.proposal p set state = case when proposal_answer.accepted then 'accepted' else 'declined' end, reason = nullif(trim(proposal_answer.reason), '')
     where p.id = proposal_answer.proposal;
    if not found then
        perform auth.refuse('forbidden');
    end if;
    if proposal_answer.accepted then
        return api.promise_make_for(x.establishment_id, coalesce(proposal_answer.member, auth.member()), proposal_answer.due_on, null);
    end if;
    return null;
end
$$;
-- In the order that everybody keeps: the establishment first.
create or replace function data.establishment_hold(establishment bigint) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select from data.establishment e where e.id = establishment_hold.establishment for no key update;
    end;

create or replace view api.proposal_row with (security_invoker = true) as
select x.id, x.state, x.place, x.score, x.why, x.reason, x.made_at, x.expires_on, x.answered_at,
       json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment,
       api.organisation_ref(o) as organisation, api.organisation_ref(f) as past_holder, p.state as past_state, p.ended_at as past_ended_at
  from data.proposal x
  join data.establishment e on e.id = x.establishment_id
  join data.organisation o on o.id = x.organisation_id
  join data.promise p on p.id = x.promise_id
  join data.organisation f on f.id = p.organisation_id;

-- Twelve months, partner by partner of the territory. Overridden rest periods are counted, and everybody sees them. A joint
-- visit counts for both partners; the line without organisation is the total, where it counts once.
create or replace function api.promise_figures()
    returns table (organisation json, active bigint, made bigint, kept bigint, returned bigint, lapsed bigint, transferred bigint,
                   received bigint, overrides bigint, visits bigint, joint bigint)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    since timestamptz := data.now() - interval '1 year';
begin
    if coalesce(auth.role() not in ('manager', 'administrator'), true) then
        perform auth.refuse('forbidden');
    end if;
    return query
    with org as (
        select o from organisation o join network n on n.code = o.network and n.kind = 'partner' where o.territory_id = auth.territory()),
    p as (
        select x.organisation_id, count(*) filter (where x.state = 'active') as active,
               count(*) filter (where x.made_at >= since and x.state <> 'undone') as made,
               count(*) filter (where x.state = 'kept' and x.ended_at >= since) as kept,
               count(*) filter (where x.state = 'returned' and x.ended_at >= since) as returned,
               count(*) filter (where x.state = 'lapsed' and x.ended_at >= since) as lapsed,
               count(*) filter (where x.state = 'transferred' and x.ended_at >= since) as transferred,
               count(*) filter (where x.transfer_id is not null and x.made_at >= since) as received,
               count(*) filter (where x.override_reason is not null and x.plan_id is null and x.made_at >= since and x.state <> 'undone') as overrides
          from promise x group by x.organisation_id),
    v as (
        select x.organisation_id, count(*) as visits, 0::bigint as joint from report x where x.done_at >= since group by 1),
    j as (
        select y.organisation_id, count(*) as n
          from (select w.visit_id, w.organisation_id, r.done_at, r.organisation_id as first from visit_partner w join report r on r.visit_id = w.visit_id
                 where w.state = 'accepted' and r.done_at >= since) x
         cross join lateral (values (x.organisation_id), (x.first)) y (organisation_id)
         group by 1),
    second as (
        select w.organisation_id, count(*) as n from visit_partner w join report r on r.visit_id = w.visit_id
         where w.state = 'accepted' and r.done_at >= since group by 1),
    line as (
        select (g.o).id as id, (g.o).name as name, api.organisation_ref(g.o) as organisation, coalesce(p.active, 0) as active, coalesce(p.made, 0) as made,
               coalesce(p.kept, 0) as kept, coalesce(p.returned, 0) as returned, coalesce(p.lapsed, 0) as lapsed,
               coalesce(p.transferred, 0) as transferred, coalesce(p.received, 0) as received, coalesce(p.overrides, 0) as overrides,
               coalesce(v.visits, 0) + coalesce(s.n, 0) as visits, coalesce(j.n, 0) as joint, coalesce(s.n, 0) as twice
          from org g
          left join p on p.organisation_id = (g.o).id
          left join v on v.organisation_id = (g.o).id
          left join j on j.organisation_id = (g.o).id
          left join second s on s.organisation_id = (g.o).id)
    (select l.organisation, l.active, l.made, l.kept, l.returned, l.lapsed, l.transferred, l.received, l.overrides, l.visits, l.joint
       from line l order by l.name)
    union all
    select null, sum(l.active)::bigint, sum(l.made)::bigint, sum(l.kept)::bigint, sum(l.returned)::bigint, sum(l.lapsed)::bigint,
           sum(l.transferred)::bigint, sum(l.received)::bigint, sum(l.overrides)::bigint, (sum(l.visits) - sum(l.twice))::bigint, sum(l.twice)::bigint
      from line l;
end
$$;
