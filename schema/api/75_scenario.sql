-- Scenarios: what the engine proposes for a plan, with other capacities, weights or shares. Asked here, computed by the
-- worker (job plan.scenario), kept line by line with the reason of each.

create or replace function data.plan_scenario_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        new.asked_at := data.now();
        new.basis := data.plan_basis(new.content);
        return new;
    end if;
    if (new.plan_id, new.version, new.settings, new.content, new.basis, new.member_id, new.organisation_id, new.asked_at)
       is distinct from (old.plan_id, old.version, old.settings, old.content, old.basis, old.member_id, old.organisation_id, old.asked_at) then
        perform auth.refuse('plan_fixed');
    end if;
    if old.state not in ('waiting', 'running') and (new.state, new.summary, new.lines_hash) is distinct from (old.state, old.summary, old.lines_hash) then
        perform auth.refuse('plan_scenario_over');
    end if;
    if new.archived_at is not null and exists (select from plan_version v where v.scenario_id = new.id and v.state <> 'dropped') then
        perform auth.refuse('plan_scenario_chosen');
    end if;
    if new.state not in ('waiting', 'running') then
        new.finished_at := coalesce(new.finished_at, data.now());
    end if;
    return new;
end
$$;
create or replace trigger plan_scenario_guard before insert or update on data.plan_scenario
    for each row execute function data.plan_scenario_guard();

-- The lines of a scenario that ended never change: they may have been signed. Like all that hangs on an employer, they go
-- with it when it is made one with another.
create or replace function data.plan_line_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if exists (select from fresh f where not exists (select from plan_scenario s where s.id = f.scenario_id and s.state = 'running')) then
        perform auth.refuse('plan_fixed');
    end if;
    return null;
end
$$;
create or replace trigger plan_line_new after insert on data.plan_line
    referencing new table as fresh for each statement execute function data.plan_line_guard();
create or replace trigger plan_line_gone after delete on data.plan_line
    referencing old table as fresh for each statement execute function data.plan_line_guard();
create or replace trigger plan_line_fixed before update on data.plan_line for each row when (not data.is_moving())
    execute function data.plan_kept();
create or replace trigger plan_line_kept_all before truncate on data.plan_line for each statement execute function data.plan_kept();

-- Settings with every member in its place; only what differs from the plan is there.
create or replace function data.scenario_normal(settings jsonb) returns jsonb
    language sql immutable parallel safe set search_path = data, pg_temp
    return jsonb_strip_nulls(jsonb_build_object('hours', settings -> 'hours', 'shares', settings -> 'shares',
                                                'weights', settings -> 'weights', 'rules', settings -> 'rules'));

-- The content a scenario is computed with: that of the plan, with its own shares and rules.
create or replace function data.scenario_effective(content jsonb, settings jsonb) returns jsonb
    language sql immutable parallel safe set search_path = data, pg_temp
    return data.plan_normal(content || case when settings ? 'shares' then jsonb_build_object('shares', settings -> 'shares') else '{}' end
                            || jsonb_build_object('rules', (content -> 'rules') || coalesce(settings -> 'rules', '{}')));

create or replace function api.scenario_make(plan bigint, name text, settings jsonb) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p    plan := data.plan_hold(scenario_make.plan);
    v    plan_version;
    s    jsonb := data.scenario_normal(coalesce(scenario_make.settings, '{}'));
    made bigint;
begin
    select * into v from plan_version x where x.plan_id = p.id and x.version = p.version;
    perform data.plan_check(data.scenario_effective(v.content, s), p.territory_id);
    if exists (select from jsonb_object_keys(s -> 'weights') k where not exists (select from plan_weight w where w.code = k)) then
        perform data.plan_wrong('weights', 'Ce critère n’existe pas.');
    end if;
    if jsonb_array_length(v.content -> 'segments') = 0 then
        perform data.plan_wrong('segments', 'Choisissez d’abord un segment : il dit quels employeurs voir.');
    end if;
    if (select count(*) from plan_scenario x where x.plan_id = p.id and x.archived_at is null) >= 20
       or (select count(*) from plan_scenario x where x.plan_id = p.id and x.state in ('waiting', 'running')) >= 4 then
        perform auth.refuse('plan_scenarios_most');
    end if;
    insert into plan_scenario (plan_id, version, name, settings, content, member_id, organisation_id)
    values (p.id, p.version, trim(regexp_replace(scenario_make.name, '\s+', ' ', 'g')), s, v.content, auth.member(), auth.organisation())
    returning id into made;
    perform data.job_add('plan.scenario', jsonb_build_object('scenario', made));
    return made;
end
$$;

-- The plan of a scenario, when the person may see it.
create or replace function data.scenario_plan(scenario bigint) returns bigint
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    its bigint := (select s.plan_id from plan_scenario s join plan p on p.id = s.plan_id
                    where s.id = scenario_plan.scenario and auth.is_partner() and p.territory_id = auth.territory());
begin
    if its is null then
        perform auth.refuse('not_found');
    end if;
    return its;
end
$$;

create or replace function api.scenario_cancel(scenario bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan := data.plan_hold(data.scenario_plan(scenario_cancel.scenario));
begin
    update plan_scenario s set state = 'cancelled', cancelled_by = auth.member()
     where s.id = scenario_cancel.scenario and s.state in ('waiting', 'running');
    if not found then
        perform auth.refuse('plan_scenario_over');
    end if;
    perform data.plan_log(p.id, 'computed', jsonb_build_object('scenario', scenario_cancel.scenario, 'state', 'cancelled'));
end
$$;

create or replace function api.scenario_archive(scenario bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan := data.plan_hold(data.scenario_plan(scenario_archive.scenario));
begin
    update plan_scenario s set archived_at = data.now() where s.id = scenario_archive.scenario and s.state not in ('waiting', 'running');
    if not found then
        perform auth.refuse('plan_scenario_over');
    end if;
    perform data.plan_log(p.id, 'archived', jsonb_build_object('scenario', scenario_archive.scenario));
end
$$;

-- --- what the worker asks ----------------------------------------------------------------------------------------------------

-- Takes a scenario in hand; null when nobody wants it any more. Lines of an attempt that broke off go.
create or replace function data.scenario_begin(scenario bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    taken bigint;
begin
    update plan_scenario s set state = 'running', progress = 2
     where s.id = scenario_begin.scenario and s.state in ('waiting', 'running') returning s.plan_id into taken;
    delete from plan_line l where taken is not null and l.scenario_id = scenario_begin.scenario;
    return taken;
end
$$;

-- Says how far it is; false when it was cancelled.
create or replace function data.scenario_step(scenario bigint, progress integer) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update plan_scenario s set progress = scenario_step.progress where s.id = scenario_step.scenario and s.state = 'running';
    return found;
end
$$;

-- What is known of each candidate. state: '' when somebody may go, else why not, told in why. fits: bit of each network by
-- its rank. previous: the member who holds a promise of this plan. silence: months since the last contact, 24 at most; 25: there was none.
create or replace function data.scenario_facts(scenario bigint, ids bigint[])
    returns table (id bigint, lon integer, lat integer, potential integer, needs integer, silence integer, tension integer,
                   is_first boolean, is_small boolean, commune integer, fits integer, state text, why text, previous bigint)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    s      plan_scenario := (select x from plan_scenario x where x.id = scenario_facts.scenario);
    first  date := greatest(data.today(), (s.content ->> 'starts_on')::date);
    now    timestamptz := data.now();
    chosen integer[] := (select array_agg(data.commune_number(c)) from jsonb_array_elements_text(s.content -> 'communes') c);
begin
    return query
    with f as materialized (
        select x.* from unnest(scenario_facts.ids) k join facet x on x.id = k
         where x.active and (chosen is null or x.commune = any (chosen))
    ), want as (
        select n.establishment_id, least(count(*), 5)::integer as n from need n
         where n.establishment_id in (select f.id from f) and n.state in ('declared', 'confirmed', 'offer') group by 1
    ), fit as (
        select f.id, bit_or(1 << (n.rank - 1)) as bits
          from f join establishment e on e.id = f.id
          left join size_band b on b.code = e.size_band
          join plan_public p on case p.criterion when 'size' then b.least >= p.value::integer else starts_with(e.naf, p.value) end
          join network n on n.code = p.network
         group by 1
    )
    select f.id, coalesce(f.lon, round(ext.ST_X(c.centre) * 100000)::integer), coalesce(f.lat, round(ext.ST_Y(c.centre) * 100000)::integer),
           coalesce(f.potential, 0) / 10, coalesce(w.n, 0),
           case when f.last_contact_at is null then 25 else least(24, extract(epoch from now - f.last_contact_at) / 2592000)::integer end,
           coalesce(f.tension, 0) / 10, f.last_visit_at is null, coalesce(f.size between 0 and 3, false), f.commune, coalesce(t.bits, 0),
           case when f.opposed then 'opposition' when q.id is not null and q.plan_id is distinct from s.plan_id then 'promised'
                when f.rest_until >= first then 'rest' else '' end,
           case when f.opposed then 'L’employeur s’oppose à toute sollicitation.'
                when q.id is not null and q.plan_id is distinct from s.plan_id
                then 'Déjà promis par ' || o.short_name || ' jusqu’au ' || to_char(q.due_on, 'DD/MM/YYYY') || '.'
                when f.rest_until >= first
                then 'En repos jusqu’au ' || to_char(f.rest_until, 'DD/MM/YYYY') || coalesce(', contacté par ' || g.short_name, '') || '.' end,
           case when q.plan_id = s.plan_id then q.member_id end
      from f
      join territory_commune tc on tc.number = f.commune and tc.territory_id = (select p.territory_id from plan p where p.id = s.plan_id)
      join data.commune c on c.code = tc.commune_code
      left join want w on w.establishment_id = f.id
      left join fit t on t.id = f.id
      left join promise q on q.establishment_id = f.id and q.state = 'active' and f.holder is not null
      left join organisation o on o.id = q.organisation_id
      left join organisation g on g.id = f.contact_by
     order by f.id;
end
$$;

-- What ties a partner to a candidate: visits that bore fruit, somebody known there.
create or replace function data.scenario_ties(scenario bigint, ids bigint[])
    returns table (id bigint, organisation bigint, fruitful integer, known boolean)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        with k as materialized (select unnest(scenario_ties.ids) as id),
        p as materialized (select unnest(data.plan_partners(s.content)) as id from data.plan_scenario s where s.id = scenario_ties.scenario),
        t as (
            select r.establishment_id, r.organisation_id, 1 as fruitful, false as known
              from k join data.report r on r.establishment_id = k.id join p on p.id = r.organisation_id
             where r.outcome in ('needs', 'later')
            union all
            select c.establishment_id, c.organisation_id, 0, true
              from k join data.contact c on c.establishment_id = k.id join p on p.id = c.organisation_id
             where c.erased_at is null)
        select t.establishment_id, t.organisation_id, least(sum(t.fruitful), 5)::integer, bool_or(t.known) from t group by 1, 2;
    end;

-- Who can go: advisers of the partners and members named by the capacities, with the visits that their hours make. Hours of
-- an organisation are shared equally by its advisers who have none of their own. Base: the middle of the employers a member
-- visited in the last year, when there are five; else that of the organisation, else the middle of its territory.
create or replace function data.scenario_advisers(scenario bigint)
    returns table (member bigint, organisation bigint, name text, lon double precision, lat double precision, visits integer)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        with s as (select x.*, data.scenario_effective(x.content, x.settings) as c from data.plan_scenario x where x.id = scenario_advisers.scenario),
        percent as (
            select (h ->> 'organisation')::bigint as organisation, (h ->> 'percent')::numeric / 100 as part
              from s cross join lateral jsonb_array_elements(s.settings -> 'hours') h),
        given as (
            select (k ->> 'organisation')::bigint as organisation, (k ->> 'member')::bigint as member,
                   (k ->> 'hours')::numeric * coalesce((select p.part from percent p where p.organisation = (k ->> 'organisation')::bigint), 1) as hours
              from s cross join lateral jsonb_array_elements(s.c -> 'capacities') k),
        staff as (
            select m.member_id, m.organisation_id, g.hours as own,
                   row_number() over (partition by m.organisation_id, g.hours is null order by m.member_id) as k,
                   count(*) over (partition by m.organisation_id, g.hours is null) as n
              from s cross join lateral unnest(data.plan_partners(s.c)) o
              join data.membership m on m.organisation_id = o and (m.ended_on is null or m.ended_on > data.today())
              join data.member p on p.id = m.member_id and p.disabled_at is null
              left join given g on g.organisation = m.organisation_id and g.member = m.member_id
             where m.role = 'adviser' or g.hours is not null),
        able as (
            select t.member_id, t.organisation_id,
                   case when t.own is not null then floor(t.own * 60 / (s.c #>> '{rules,visit_minutes}')::integer)
                        else floor(floor(h.hours * 60 / (s.c #>> '{rules,visit_minutes}')::integer) * t.k / t.n)
                             - floor(floor(h.hours * 60 / (s.c #>> '{rules,visit_minutes}')::integer) * (t.k - 1) / t.n) end as visits
              from s cross join staff t left join given h on h.organisation = t.organisation_id and h.member is null)
        select a.member_id, a.organisation_id, m.name,
               coalesce(b.lon, ext.ST_X(o.base), ext.ST_X(c.centre), w.lon), coalesce(b.lat, ext.ST_Y(o.base), ext.ST_Y(c.centre), w.lat),
               a.visits::integer
          from able a
          join data.member m on m.id = a.member_id
          join data.organisation o on o.id = a.organisation_id
          left join data.commune c on c.code = o.commune_code
          left join lateral (select avg(f.lon) / 100000.0 as lon, avg(f.lat) / 100000.0 as lat
                               from data.visit v join data.facet f on f.id = v.establishment_id
                              where v.member_id = a.member_id and v.organisation_id = a.organisation_id
                                and v.planned_at > data.now() - interval '1 year' and f.lon is not null
                             having count(*) >= 5) b on true
          left join lateral (select avg(ext.ST_X(k.centre)) as lon, avg(ext.ST_Y(k.centre)) as lat
                               from data.territory_commune tc join data.commune k on k.code = tc.commune_code
                              where tc.territory_id = o.territory_id) w on o.base is null and c.centre is null
         where a.visits > 0
         order by a.organisation_id, a.member_id;
    end;

-- The end: lines are there. Figures are counted from them; the hash stands for who goes where.
create or replace function data.scenario_done(scenario bigint, told jsonb) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    impossible boolean := scenario_done.told ? 'conflict';
begin
    -- What is asked of the lines from now on is planned for their number.
    if (select count(*) from plan_line l where l.scenario_id = scenario_done.scenario) >= 5000 then
        analyze plan_line (scenario_id, organisation_id, member_id, worth);
    end if;
    update plan_scenario s
       set state = case when impossible then 'impossible' else 'done' end, progress = 100,
           lines_hash = case when not impossible then (
               select sha256(convert_to(coalesce(string_agg(l.establishment_id || ':' || l.organisation_id || ':' || l.member_id, ',' order by l.establishment_id), ''), 'UTF8'))
                 from plan_line l where l.scenario_id = s.id and l.organisation_id is not null) end,
           summary = scenario_done.told || (
               select jsonb_build_object(
                   'candidates', count(*) filter (where l.reason not in ('rest', 'opposition', 'promised')),
                   'resting', count(*) filter (where l.reason = 'rest'), 'opposed', count(*) filter (where l.reason = 'opposition'),
                   'promised', count(*) filter (where l.reason = 'promised'),
                   'covered', count(l.organisation_id), 'first', count(*) filter (where l.is_first and l.organisation_id is not null),
                   'small', count(*) filter (where l.is_small and l.organisation_id is not null), 'km', coalesce(sum(l.km), 0),
                   'worth', coalesce(sum(l.worth), 0),
                   'communes', count(distinct f.commune) filter (where l.reason not in ('rest', 'opposition', 'promised')),
                   'served', count(distinct f.commune) filter (where l.organisation_id is not null),
                   'never', count(*) filter (where l.is_first and l.reason not in ('rest', 'opposition', 'promised')))
                 from plan_line l join facet f on f.id = l.establishment_id where l.scenario_id = s.id)
           || jsonb_build_object('partners', (
               select coalesce(jsonb_agg(to_jsonb(x) order by x.organisation), '[]')
                 from (select l.organisation_id as organisation, count(*) as visits, count(*) filter (where l.is_first) as first,
                              count(*) filter (where l.is_small) as small, coalesce(sum(l.km), 0) as km, sum(l.worth) as worth,
                              count(distinct f.commune) as communes
                         from plan_line l join facet f on f.id = l.establishment_id
                        where l.scenario_id = s.id and l.organisation_id is not null group by 1) x))
     where s.id = scenario_done.scenario and s.state = 'running';
    if not found then
        return false;
    end if;
    perform data.log('plan.computed', null, null, jsonb_build_object('plan', s.plan_id, 'scenario', s.id, 'state', s.state, 'name', s.name),
                     s.member_id, s.organisation_id)
       from plan_scenario s where s.id = scenario_done.scenario;
    return true;
end
$$;

create or replace function data.scenario_failed(scenario bigint) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        update data.plan_scenario s set state = 'failed' where s.id = scenario_failed.scenario and s.state in ('waiting', 'running');
    end;

-- --- how scenarios are shown -----------------------------------------------------------------------------------------------

create or replace view api.scenario_row with (security_invoker = true) as
select s.id, s.plan_id as plan, s.version, s.name, s.settings, s.state, s.progress, s.asked_at, s.finished_at,
       json_build_object('id', m.id, 'name', m.name) as member, api.organisation_ref(o) as organisation, s.summary,
       s.basis = data.plan_basis(v.content) as fresh, v.scenario_id is not distinct from s.id as chosen, s.archived_at
  from data.plan_scenario s
  join data.plan p on p.id = s.plan_id
  join data.plan_version v on v.plan_id = p.id and v.version = p.version
  join data.member m on m.id = s.member_id
  join data.organisation o on o.id = s.organisation_id;

-- What changes for each partner from one scenario to the other: employers kept, gained, lost.
create or replace function api.scenario_against(scenario bigint, reference bigint) returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    if data.scenario_plan(scenario_against.scenario) <> data.scenario_plan(scenario_against.reference) then
        perform auth.refuse('not_found');
    end if;
    return (
        with a as (select l.* from plan_line l where l.scenario_id = scenario_against.reference and l.organisation_id is not null),
        b as (select l.* from plan_line l where l.scenario_id = scenario_against.scenario and l.organisation_id is not null),
        pairs as (select a.organisation_id as before, b.organisation_id as after, a.member_id as member_before, b.member_id as member_after,
                         coalesce(a.is_first, b.is_first) as is_first
                    from a full join b on b.establishment_id = a.establishment_id),
        sides as (
            select o.id, count(*) filter (where p.before = o.id and p.after = o.id) as kept,
                   count(*) filter (where p.before = o.id and p.after = o.id and p.member_before <> p.member_after) as moved,
                   count(*) filter (where p.after = o.id and p.before is distinct from o.id) as gained,
                   count(*) filter (where p.before = o.id and p.after is distinct from o.id) as lost,
                   count(*) filter (where p.before = o.id and p.after is distinct from o.id and p.after is not null) as ceded,
                   count(*) filter (where p.after = o.id and p.is_first) - count(*) filter (where p.before = o.id and p.is_first) as first
              from organisation o join pairs p on o.id in (p.before, p.after)
             group by o.id)
        select json_build_object('partners', coalesce(json_agg(json_build_object('organisation', api.organisation_ref(o), 'kept', s.kept, 'moved', s.moved,
                   'gained', s.gained, 'lost', s.lost, 'ceded', s.ceded, 'first', s.first) order by n.rank, o.short_name), '[]'))
          from sides s join organisation o on o.id = s.id join network n on n.code = o.network);
end
$$;
