-- An agreed plan at work: its lines become dated promises in one transaction; what came of them.

-- Whether the plan of a promise lets it be due that late: until the end of its period, while it runs.
create or replace function data.plan_due(p data.promise) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select exists (select from data.plan_version v
                        where v.plan_id = p.plan_id and v.version = p.plan_version and v.state in ('active', 'closed')
                          and p.due_on <= (v.content ->> 'ends_on')::date);
    end;

-- Promises come of an active version only, for who its lines name: for whoever writes them.
create or replace function data.plan_promise_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if exists (select from fresh f
                where f.plan_id is not null
                  and not exists (select from plan_version v join plan_line l on l.scenario_id = v.scenario_id
                                   where v.plan_id = f.plan_id and v.version = f.plan_version and v.state = 'active'
                                     and l.establishment_id = f.establishment_id and l.organisation_id = f.organisation_id
                                     and l.member_id = f.member_id)) then
        perform auth.refuse('plan_unsigned');
    end if;
    return null;
end
$$;
create or replace trigger plan_promise_guard after insert on data.promise
    referencing new table as fresh for each statement execute function data.plan_promise_guard();

-- The promises of a plan are told and given their lapse together: what data.promise_told does for one.
create or replace function data.plan_promised() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from fresh f where f.plan_id is not null) then
        return null;
    end if;
    insert into event (at, kind, member_id, organisation_id, establishment_id, data)
    select data.now(), 'promise.made', f.member_id, f.organisation_id, f.establishment_id,
           jsonb_strip_nulls(jsonb_build_object('promise', f.id, 'due_on', f.due_on, 'by_plan', f.plan_id, 'override_reason', f.override_reason))
      from fresh f where f.plan_id is not null order by f.id;
    insert into job (kind, payload, run_at)
    select 'promise.lapse', jsonb_build_object('promise', f.id), (f.lapses_on + 1)::timestamp at time zone 'Europe/Paris'
      from fresh f where f.plan_id is not null order by f.id;
    return null;
end
$$;
create or replace trigger plan_promised after insert on data.promise
    referencing new table as fresh for each statement execute function data.plan_promised();

-- Makes the promises of an active version. Lines are dated over the working days of the period, each member's by falling
-- worth. Left out, each with its reason: what became taken, resting, opposed, closed meanwhile. A plan begun before its first
-- day keeps, with that reason, the employers whose rest ends before it: the scenario counted them in. Returns the figures.
create or replace function data.plan_promise_all(plan bigint, version integer) returns jsonb
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    v        plan_version := (select x from plan_version x where x.plan_id = plan_promise_all.plan and x.version = plan_promise_all.version);
    today    date := data.today();
    first    date := greatest(today, (v.content ->> 'starts_on')::date);
    days     date[];
    returned integer;
    figures  jsonb;
begin
    select array_agg(d::date order by d) into days
      from generate_series(first, (v.content ->> 'ends_on')::date, interval '1 day') d
     where data.is_working_day(d::date);
    if days is null then
        perform auth.refuse('plan_period_over', json_build_object('ends_on', v.content ->> 'ends_on'));
    end if;
    -- Held in one order: an opposition or a visit recorded at this instant is waited for, or waits for us.
    perform from establishment e
      where e.id in (select l.establishment_id from plan_line l where l.scenario_id = v.scenario_id and l.organisation_id is not null)
      order by e.id for share;
    -- Of an earlier version: what this one gives to others or to nobody goes back, unless a visit is in the agenda.
    update promise p
       set state = 'returned', reason = 'Version ' || v.version || ' du plan de prospection'
     where p.plan_id = v.plan_id and p.state = 'active'
       and not exists (select from plan_line l where l.scenario_id = v.scenario_id and l.establishment_id = p.establishment_id
                                                 and l.organisation_id = p.organisation_id)
       and not exists (select from visit x where x.promise_id = p.id and x.state = 'planned');
    get diagnostics returned = row_count;
    with members as materialized (
        select l.member_id, l.organisation_id, data.visits_for(l.member_id, l.organisation_id) as visits
          from (select distinct x.member_id, x.organisation_id from plan_line x
                 where x.scenario_id = v.scenario_id and x.organisation_id is not null) l
    ), line as materialized (
        select l.establishment_id, l.organisation_id, l.member_id, l.worth, q.id as held, s.rest_until,
               case when q.organisation_id = l.organisation_id and q.plan_id = v.plan_id then 'kept'
                    when q.id is not null then 'promised'
                    when s.opposed then 'opposed'
                    when s.rest_until >= first then 'resting'
                    when e.merged_into is not null then 'merged'
                    when e.status = 'F' then 'closed'
                    when not m.visits then 'member_gone' end as why
          from plan_line l
          join establishment e on e.id = l.establishment_id
          left join standing s on s.establishment_id = l.establishment_id
          left join promise q on q.establishment_id = l.establishment_id and q.state = 'active'
          join members m on m.member_id = l.member_id and m.organisation_id = l.organisation_id
         where l.scenario_id = v.scenario_id and l.organisation_id is not null
    ), dated as (
        select x.*, row_number() over w as k, count(*) over (partition by x.organisation_id, x.member_id) as n
          from line x where x.why is null
        window w as (partition by x.organisation_id, x.member_id order by x.worth desc, x.establishment_id)
    ), made as (
        insert into promise (establishment_id, organisation_id, member_id, due_on, plan_id, plan_version, override_reason)
        select d.establishment_id, d.organisation_id, d.member_id, days[ceil(d.k * cardinality(days)::numeric / d.n)::integer], v.plan_id, v.version,
               case when d.rest_until >= today then 'Le délai de repos finit le ' || to_char(d.rest_until, 'DD/MM/YYYY') || ', avant le premier jour du plan.' end
          from dated d order by d.establishment_id
        on conflict (establishment_id) where state = 'active' do nothing
        returning establishment_id
    ), skipped as (
        insert into plan_skip (plan_id, version, establishment_id, organisation_id, reason, detail)
        select v.plan_id, v.version, x.establishment_id, x.organisation_id, coalesce(x.why, 'promised'),
               jsonb_strip_nulls(jsonb_build_object('promise', x.held, 'rest_until', case when x.why = 'resting' then x.rest_until end))
          from line x
         where x.why <> 'kept' or (x.why is null and not exists (select from made m where m.establishment_id = x.establishment_id))
        returning reason
    )
    select jsonb_build_object('made', (select count(*) from made), 'kept', (select count(*) from line x where x.why = 'kept'),
                              'returned', returned, 'skipped', (select count(*) from skipped)) into figures;
    return figures;
end
$$;

-- Starts an agreed version: it takes the place of the one that runs, and its lines become promises. All of it, or nothing.
create or replace function api.plan_activate(plan bigint, version integer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p       plan := data.plan_hold(plan_activate.plan, true);
    figures jsonb;
    code    text;
begin
    if p.version <> plan_activate.version then
        perform auth.refuse('plan_version_stale', json_build_object('version', p.version));
    end if;
    update plan_version v set state = 'closed' where v.plan_id = p.id and v.state = 'active'
       and exists (select from plan_version n where n.plan_id = p.id and n.version = p.version and n.state = 'agreed');
    update plan_version v set state = 'active', activated_by = auth.member() where v.plan_id = p.id and v.version = p.version;
    -- A call or a visit recorded between our look and our promise is refused by the rules of a promise: looked at again.
    for attempt in 1 .. 4 loop
        begin
            figures := data.plan_promise_all(p.id, p.version);
            exit;
        exception when sqlstate 'ML000' then
            get stacked diagnostics code = message_text;
            if attempt = 4 or code not in ('establishment_resting', 'establishment_opposed', 'establishment_closed') then
                raise;
            end if;
        end;
    end loop;
    perform data.plan_log(p.id, 'activated', figures || jsonb_build_object('version', p.version));
end
$$;

-- What came of a plan, partner by partner, beside what was agreed: of the version in force, or the last that was. For
-- functions that know who asks.
create or replace function data.plan_outcome(plan bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        with recursive p as (
            select x.id from data.plan x where x.id = plan_outcome.plan
        ), v as (
            select w.* from data.plan_version w join p on p.id = w.plan_id
             where w.state in ('active', 'closed') order by w.version desc limit 1
        ), promised as (
            select q.id, q.organisation_id, q.state, q.due_on, l.is_first, l.is_small
              from data.promise q join p on p.id = q.plan_id
              join data.plan_version w on w.plan_id = q.plan_id and w.version = q.plan_version
              left join data.plan_line l on l.scenario_id = w.scenario_id and l.establishment_id = q.establishment_id
            union all
            -- What changed hands goes on for who took it.
            select n.id, n.organisation_id, n.state, n.due_on, x.is_first, x.is_small
              from promised x join data.transfer t on t.promise_id = x.id join data.promise n on n.transfer_id = t.id
             where x.state = 'transferred'
        ), seen as (
            select x.organisation_id, x.is_first, x.is_small, r.visit_id
              from promised x join data.visit y on y.promise_id = x.id
              join data.report r on r.visit_id = y.id join data.outcome o on o.code = r.outcome and o.reached
        ), figures as (
            select o.id, count(x.id) filter (where x.state <> 'transferred') as promised, count(x.id) filter (where x.state = 'active') as running,
                   count(x.id) filter (where x.state = 'active' and x.due_on < data.today()) as late,
                   count(x.id) filter (where x.state = 'kept') as kept, count(x.id) filter (where x.state = 'returned') as returned,
                   count(x.id) filter (where x.state = 'lapsed') as lapsed,
                   (select count(*) from seen s where s.organisation_id = o.id) as visits,
                   (select count(*) from seen s where s.organisation_id = o.id and s.is_first) as first_contacts,
                   (select count(*) from seen s where s.organisation_id = o.id and s.is_small) as small,
                   (select count(*) from seen s join data.need n on n.visit_id = s.visit_id where s.organisation_id = o.id) as needs,
                   (select count(*) from seen s join data.offer f on f.visit_id = s.visit_id
                     where s.organisation_id = o.id and f.state <> 'draft') as offers
              from v cross join lateral unnest(data.plan_partners(v.content)) k join data.organisation o on o.id = k
              left join promised x on x.organisation_id = o.id
             group by o.id
        )
        select json_build_object('version', (select v.version from v), 'starts_on', (select v.content ->> 'starts_on' from v),
            'ends_on', (select v.content ->> 'ends_on' from v), 'today', data.today(),
            'partners', coalesce((select json_agg(json_build_object('organisation', api.organisation_ref(o),
                'promised', f.promised, 'running', f.running, 'late', f.late, 'kept', f.kept, 'returned', f.returned, 'lapsed', f.lapsed,
                'small', f.small, 'visits', json_build_object('done', f.visits, 'agreed', (b.goal ->> 'visits')::integer),
                'first_contacts', json_build_object('done', f.first_contacts, 'agreed', (b.goal ->> 'first_contacts')::integer),
                'needs', json_build_object('done', f.needs, 'agreed', (b.goal ->> 'needs')::integer),
                'offers', json_build_object('done', f.offers, 'agreed', (b.goal ->> 'offers')::integer)) order by n.rank, o.short_name)
                  from figures f join data.organisation o on o.id = f.id join data.network n on n.code = o.network
                  left join lateral (select x as goal from v, jsonb_array_elements(v.content -> 'objectives') x
                                      where (x ->> 'organisation')::bigint = f.id) b on true), '[]'),
            'skipped', coalesce((select json_agg(json_build_object('reason', s.reason, 'establishments', s.n) order by s.n desc)
                from (select k.reason, count(*) as n from data.plan_skip k join v on v.plan_id = k.plan_id and v.version = k.version group by 1) s), '[]'));
    end;

create or replace function api.plan_results(plan bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select data.plan_outcome((select x.id from data.plan x
                                   where x.id = plan_results.plan and auth.is_partner() and x.territory_id = auth.territory()));
    end;
