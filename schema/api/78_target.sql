-- Targets: what an organisation, or all together, want a figure to be over a period; and how far it is. Objectives of plans
-- beside them.

create or replace function data.month_start(month integer) returns date
    language sql immutable parallel safe
    return make_date(2000 + month / 12, month % 12 + 1, 1);

-- Plans of a territory that ran in these months, with what came of each; for observers, counts as they may have them.
create or replace function data.plan_figures(territory bigint, within text, from_month integer, to_month integer, reserved boolean) returns json
    language sql stable security definer set search_path = data, pg_temp as $$
    with rounding as materialized (
        select case when plan_figures.reserved then data.told_salt() end as salt
    ), plan_of as materialized (
        select q.id, w.content, data.plan_state(q) as state, data.plan_outcome(q.id) as outcome
          from plan q
         cross join lateral (select v.content from plan_version v where v.plan_id = q.id and v.state in ('active', 'closed')
                              order by v.version desc limit 1) w
         where q.territory_id = plan_figures.territory
           and (w.content ->> 'starts_on')::date < data.month_start(plan_figures.to_month + 1)
           and (w.content ->> 'ends_on')::date >= data.month_start(plan_figures.from_month)
           and (plan_figures.within = '' or jsonb_array_length(w.content -> 'communes') = 0
                or exists (select from jsonb_array_elements_text(w.content -> 'communes') k
                             join zone_commune x on x.commune = data.commune_number(k) join zone z on z.id = x.zone_id
                            where z.level || ':' || z.code = plan_figures.within))
    )
    select coalesce(json_agg(json_build_object('id', o.id, 'name', o.content ->> 'name', 'state', o.state,
               'starts_on', o.content ->> 'starts_on', 'ends_on', o.content ->> 'ends_on',
               'partners', (select coalesce(json_agg(json_build_object('organisation', x.r -> 'organisation',
                                'promised', data.told_as((x.r ->> 'promised')::bigint, 'promised', r.salt, o.id, y.whose),
                                'kept', data.told_as((x.r ->> 'kept')::bigint, 'kept', r.salt, o.id, y.whose),
                                'late', data.told_as((x.r ->> 'late')::bigint, 'late', r.salt, o.id, y.whose),
                                'signed', data.told_as(w.signed, 'signed', r.salt, o.id, y.whose), 'asked', data.told_as(w.asked, 'asked', r.salt, o.id, y.whose),
                                'goals', (select json_object_agg(g.code, json_build_object('done', data.told_as((x.r -> g.code ->> 'done')::bigint, g.code, r.salt, o.id, y.whose),
                                                                                           'agreed', (x.r -> g.code ->> 'agreed')::integer))
                                            from unnest(array['visits', 'first_contacts', 'needs', 'offers']) g (code))) order by x.n), '[]')
                              from json_array_elements(o.outcome -> 'partners') with ordinality x (r, n)
                             cross join lateral (select 'plan of organisation ' || (x.r #>> '{organisation,id}') as whose) y
                             cross join lateral (select coalesce(sum(a.signed), 0) as signed, coalesce(sum(a.asked), 0) as asked from signature_asked a
                                                  where a.plan_id = o.id and a.organisation_id = (x.r #>> '{organisation,id}')::bigint) w))
               order by o.content ->> 'starts_on', o.id), '[]')
      from plan_of o cross join rounding r
$$;

-- --- targets --------------------------------------------------------------------------------------------------------------

create or replace function data.target_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        if old.dropped_at is not null
           or (new.territory_id, new.organisation_id, new.indicator, new.within, new.from_month, new.to_month)
              is distinct from (old.territory_id, old.organisation_id, old.indicator, old.within, old.from_month, old.to_month) then
            perform auth.refuse('target_fixed');
        end if;
        new.version := old.version + 1;
    end if;
    if not exists (select from indicator i where i.code = new.indicator and i.better is not null) then
        perform auth.refuse('invalid', json_build_object('field', 'indicator'));
    end if;
    if new.organisation_id is not null
       and not exists (select from organisation o join network n on n.code = o.network
                        where o.id = new.organisation_id and o.territory_id = new.territory_id and n.kind = 'partner') then
        perform auth.refuse('invalid', json_build_object('field', 'organisation'));
    end if;
    return new;
end
$$;
create or replace trigger target_guard before insert or update on data.target
    for each row execute function data.target_guard();

-- Who may decide on a target: a manager on those of the own organisation and on those of all together. No partner sets a
-- target for another.
create or replace function data.target_allowed(organisation bigint) returns void
    language plpgsql stable as $$
begin
    if coalesce(auth.role(), '') not in ('manager', 'administrator')
       or (target_allowed.organisation is not null and target_allowed.organisation <> auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
end
$$;

-- Sets a target, or its figure anew; returns its id.
create or replace function api.target_set(organisation bigint, indicator text, within text, from_month integer, to_month integer, goal numeric)
    returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    made bigint;
begin
    perform data.target_allowed(target_set.organisation);
    if target_set.from_month > target_set.to_month or target_set.to_month - target_set.from_month >= 36 then
        perform auth.refuse('invalid', json_build_object('field', 'to'));
    end if;
    if target_set.within <> '' and not exists (
        select from zone z join zone_commune w on w.zone_id = z.id join territory_commune tc on tc.number = w.commune
         where z.level || ':' || z.code = target_set.within and tc.territory_id = auth.territory()) then
        perform auth.refuse('invalid', json_build_object('field', 'within'));
    end if;
    insert into target as t (territory_id, organisation_id, indicator, within, from_month, to_month, goal, set_by, set_for, set_at)
    values (auth.territory(), target_set.organisation, target_set.indicator, target_set.within, target_set.from_month, target_set.to_month,
            target_set.goal, auth.member(), auth.organisation(), data.now())
    on conflict (territory_id, coalesce(organisation_id, 0), indicator, within, from_month, to_month) where dropped_at is null
    do update set goal = excluded.goal, set_by = excluded.set_by, set_for = excluded.set_for, set_at = excluded.set_at
    returning t.id into made;
    perform data.log('target.set', null, null, jsonb_strip_nulls(jsonb_build_object('target', made, 'indicator', target_set.indicator,
        'organisation', target_set.organisation, 'goal', target_set.goal)));
    return made;
end
$$;

create or replace function api.target_drop(target bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    t target;
begin
    select * into t from target x where x.id = target_drop.target and x.territory_id = auth.territory() and x.dropped_at is null for update;
    if t.id is null or not auth.is_partner() then
        perform auth.refuse('not_found');
    end if;
    perform data.target_allowed(t.organisation_id);
    update target x set dropped_at = data.now() where x.id = t.id;
    perform data.log('target.dropped', null, null, jsonb_build_object('target', t.id, 'indicator', t.indicator));
end
$$;

-- How a figure stands to its goal. `passed`: the share of the period that is over. A count has to keep pace with the time,
-- a ratio to be where it should; a twentieth of tolerance while the period runs.
create or replace function data.target_state(value numeric, goal numeric, better text, unit text, passed numeric) returns text
    language sql immutable parallel safe
    return case
        when value is null then 'unknown'
        when passed <= 0 then 'ahead'
        when better = 'more' then
            case when value >= goal then 'reached' when passed >= 1 then 'missed'
                 when value >= goal * case when unit = 'count' then greatest(0, passed - 0.05) else 0.95 end then 'on_track' else 'behind' end
        else
            case when value > goal and (unit = 'count' or passed >= 1) then 'missed' when passed >= 1 then 'reached'
                 when value <= goal * case when unit = 'count' then passed + 0.05 else 1 end then 'on_track' else 'behind' end
        end;

-- The targets of the acting territory whose period touches these months, with what each comes to for who asks: figures
-- are those of api.indicator_figures, so small cells stay hidden from observers. One question for all targets of the same
-- organisation, area and period. Nothing for contributors.
create or replace function api.target_figures(from_month integer, to_month integer)
    returns table (id bigint, organisation json, indicator text, within text, place text, "from" text, "to" text, goal numeric, n bigint,
                   out_of bigint, value numeric, hidden boolean, passed numeric, state text, set_by text, set_for text, set_at timestamptz,
                   version integer)
    language sql stable security definer set search_path = data, pg_temp as $$
    with wanted as materialized (
        select t.* from target t
         where t.territory_id = auth.territory() and t.dropped_at is null and (auth.is_partner() or auth.role() = 'observer')
           and t.from_month <= target_figures.to_month and t.to_month >= target_figures.from_month
         order by t.id desc limit 400
    ), question as (
        select w.organisation_id, w.within, w.from_month, w.to_month, string_agg(distinct w.indicator, ',') as codes
          from wanted w group by w.organisation_id, w.within, w.from_month, w.to_month
    ), answer as materialized (
        select q.organisation_id, q.within, q.from_month, q.to_month, f.code, f.n, f.out_of, f.value, f.hidden
          from question q
         cross join lateral api.indicator_figures('all', q.within, q.from_month, q.to_month, null, q.organisation_id, null, null, null, q.codes) f
    )
    select w.id, case when o.id is not null then api.organisation_ref(o) end, w.indicator, w.within, data.area_name(w.within, w.territory_id),
           data.month_text(w.from_month), data.month_text(w.to_month), w.goal, a.n, a.out_of, a.value, coalesce(a.hidden, false), p.passed,
           data.target_state(a.value, w.goal, i.better, i.unit, p.passed), m.name, s.short_name, w.set_at, w.version
      from wanted w
      join indicator i on i.code = w.indicator
      join member m on m.id = w.set_by
      join organisation s on s.id = w.set_for
      left join organisation o on o.id = w.organisation_id
      left join answer a on a.organisation_id is not distinct from w.organisation_id and a.within = w.within
                        and a.from_month = w.from_month and a.to_month = w.to_month and a.code = w.indicator
     cross join lateral (select round(greatest(0, least(1, (data.today() + 1 - data.month_start(w.from_month))::numeric
                                   / (data.month_start(w.to_month + 1) - data.month_start(w.from_month)))), 4) as passed) p
     order by w.organisation_id is not null, o.short_name, i.rank, w.from_month, w.id
$$;

-- Plans that ran in these months, with their objectives, as who asks may have them.
create or replace function api.target_plans(from_month integer, to_month integer) returns json
    language sql stable security definer set search_path = data, pg_temp as $$
    select case when auth.is_partner() or auth.role() = 'observer'
                then data.plan_figures(auth.territory(), '', from_month, to_month, auth.role() = 'observer') else '[]'::json end
$$;
