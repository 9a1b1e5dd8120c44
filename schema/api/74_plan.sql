-- Joint plans: their content, versions, signatures and states. A plan belongs to nobody: every partner may change it, a
-- change makes signatures void, and nothing starts before the manager of each partner signed the same version.

-- --- the content ------------------------------------------------------------------------------------------------------

-- The content with every member in its place, absent ones with what they mean: the same plan has one text and one hash.
create or replace function data.plan_normal(content jsonb) returns jsonb
    language sql immutable parallel safe set search_path = data, pg_temp
    return jsonb_build_object(
        'name', trim(regexp_replace(coalesce(content ->> 'name', ''), '\s+', ' ', 'g')),
        'starts_on', content -> 'starts_on', 'ends_on', content -> 'ends_on',
        'communes', coalesce((select jsonb_agg(distinct c order by c) from jsonb_array_elements(content -> 'communes') c), '[]'),
        'partners', coalesce((select jsonb_agg(distinct p order by p) from jsonb_array_elements(content -> 'partners') p), '[]'),
        'segments', coalesce((select jsonb_agg(jsonb_build_object('segment', s -> 'segment', 'version', s -> 'version', 'lead', s -> 'lead')
                                               order by (s ->> 'segment')::bigint)
                                from jsonb_array_elements(content -> 'segments') s), '[]'),
        'rules', jsonb_build_object(
            'visit_minutes', coalesce(content #> '{rules,visit_minutes}', '90'),
            'never_visited', coalesce(content #> '{rules,never_visited}', '0'),
            'small', coalesce(content #> '{rules,small}', '0'),
            'each_commune', coalesce(content #> '{rules,each_commune}', '0'),
            'km_most', coalesce(content #> '{rules,km_most}', 'null')),
        'shares', coalesce((select jsonb_agg(jsonb_build_object('organisation', s -> 'organisation', 'least', coalesce(s -> 'least', '0'),
                                             'most', coalesce(s -> 'most', '100')) order by (s ->> 'organisation')::bigint)
                              from jsonb_array_elements(content -> 'shares') s), '[]'),
        'capacities', coalesce((select jsonb_agg(jsonb_build_object('organisation', c -> 'organisation', 'member', c -> 'member', 'hours', c -> 'hours')
                                                 order by (c ->> 'organisation')::bigint, (c ->> 'member')::bigint nulls first)
                                  from jsonb_array_elements(content -> 'capacities') c), '[]'),
        'objectives', coalesce((select jsonb_agg(jsonb_build_object('organisation', o -> 'organisation', 'visits', coalesce(o -> 'visits', '0'),
                                                 'first_contacts', coalesce(o -> 'first_contacts', '0'), 'needs', coalesce(o -> 'needs', '0'),
                                                 'offers', coalesce(o -> 'offers', '0')) order by (o ->> 'organisation')::bigint)
                                  from jsonb_array_elements(content -> 'objectives') o), '[]'));

create or replace function data.plan_partners(content jsonb) returns bigint[]
    language sql immutable parallel safe set search_path = data, pg_temp
    return coalesce((select array_agg(p::bigint order by p::bigint) from jsonb_array_elements_text(content -> 'partners') p), '{}');

-- What a scenario depends on: everything but the name and the objectives.
create or replace function data.plan_basis(content jsonb) returns bytea
    language sql immutable parallel safe set search_path = data, pg_temp
    return sha256(convert_to((content - 'name' - 'objectives')::text, 'UTF8'));

create or replace function data.plan_wrong(field text, why text) returns void
    language plpgsql as $$
begin
    perform auth.refuse('plan_content', json_build_object('field', field, 'why', why));
end
$$;

-- Refuses (plan_content, with the part and a sentence) a content that speaks of what is not there or contradicts itself.
create or replace function data.plan_check(c jsonb, territory bigint) returns void
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    partners bigint[] := data.plan_partners(c);
    starts   date := (c ->> 'starts_on')::date;
    ends     date := (c ->> 'ends_on')::date;
begin
    if length(c ->> 'name') not between 3 and 120 then
        perform data.plan_wrong('name', 'Le nom compte de 3 à 120 caractères.');
    elsif starts is null or ends is null or ends <= starts or ends > starts + 366 then
        perform data.plan_wrong('period', 'La période va d’un jour à un autre, un an plus tard au plus.');
    elsif cardinality(partners) not between 1 and 40
       or exists (select from unnest(partners) p
                   where not exists (select from organisation o join network n on n.code = o.network
                                      where o.id = p and o.territory_id = plan_check.territory and n.kind = 'partner')) then
        perform data.plan_wrong('partners', 'Les partenaires sont des structures du territoire, de une à quarante.');
    elsif exists (select from jsonb_array_elements_text(c -> 'communes') k
                   where not exists (select from territory_commune t where t.territory_id = plan_check.territory and t.commune_code = k)) then
        perform data.plan_wrong('communes', 'Une commune n’est pas de ce territoire.');
    elsif jsonb_array_length(c -> 'segments') > 50
       or (select count(*) <> count(distinct s -> 'segment') from jsonb_array_elements(c -> 'segments') s)
       or exists (select from jsonb_array_elements(c -> 'segments') s
                   where not exists (select from segment_version v join segment g on g.id = v.segment_id
                                      where g.id = (s ->> 'segment')::bigint and v.version = (s ->> 'version')::integer
                                        and g.territory_id = plan_check.territory and g.shared)) then
        perform data.plan_wrong('segments', 'Un segment n’est pas partagé dans ce territoire, ou y est deux fois.');
    elsif exists (select from jsonb_array_elements(c -> 'segments') s
                   where jsonb_typeof(s -> 'lead') = 'number' and (s ->> 'lead')::bigint <> all (partners)) then
        perform data.plan_wrong('segments', 'Le chef de file d’un segment est un partenaire du plan.');
    elsif (c #>> '{rules,visit_minutes}')::integer not between 15 and 600
       or (c #>> '{rules,never_visited}')::integer not between 0 and 100 or (c #>> '{rules,small}')::integer not between 0 and 100
       or (c #>> '{rules,each_commune}')::integer not between 0 and 50
       or coalesce((c #>> '{rules,km_most}')::integer, 1) not between 1 and 500 then
        perform data.plan_wrong('rules', 'Une règle dépasse ses limites.');
    elsif exists (select from jsonb_array_elements(c -> 'shares') s
                   where (s ->> 'organisation')::bigint <> all (partners) or (s ->> 'least')::integer not between 0 and (s ->> 'most')::integer
                      or (s ->> 'most')::integer > 100)
       or (select coalesce(sum((s ->> 'least')::integer), 0) > 100 or count(*) <> count(distinct s -> 'organisation')
             from jsonb_array_elements(c -> 'shares') s) then
        perform data.plan_wrong('shares', 'Les parts vont de 0 à 100 %, le minimum sous le maximum ; les minimums ne dépassent pas 100 % ensemble.');
    elsif exists (select from jsonb_array_elements(c -> 'capacities') k
                   where (k ->> 'organisation')::bigint <> all (partners) or coalesce((k ->> 'hours')::integer, -1) not between 0 and 50000
                      or (jsonb_typeof(k -> 'member') = 'number'
                          and not exists (select from membership m where m.member_id = (k ->> 'member')::bigint
                                                                     and m.organisation_id = (k ->> 'organisation')::bigint)))
       or (select count(*) <> count(distinct (k -> 'organisation', k -> 'member')) from jsonb_array_elements(c -> 'capacities') k) then
        perform data.plan_wrong('capacities', 'Les capacités sont les heures des partenaires du plan et de leurs membres.');
    elsif exists (select from jsonb_array_elements(c -> 'objectives') o
                   where (o ->> 'organisation')::bigint <> all (partners)
                      or least((o ->> 'visits')::integer, (o ->> 'first_contacts')::integer, (o ->> 'needs')::integer, (o ->> 'offers')::integer) < 0
                      or greatest((o ->> 'visits')::integer, (o ->> 'first_contacts')::integer, (o ->> 'needs')::integer, (o ->> 'offers')::integer) > 100000) then
        perform data.plan_wrong('objectives', 'Les objectifs sont ceux des partenaires du plan.');
    end if;
end
$$;

-- --- what the tables keep ------------------------------------------------------------------------------------------------

-- Who signs a version: its partners, and those of the version it would take the place of. A partner cannot be left out of a
-- running plan without signing that.
create or replace function data.plan_signers(plan bigint, version integer) returns bigint[]
    language sql stable parallel safe security definer set search_path = data, pg_temp
    begin atomic
        select array_agg(distinct p order by p)
          from data.plan_version v cross join lateral unnest(data.plan_partners(v.content)) p
         where v.plan_id = plan_signers.plan
           and (v.version = plan_signers.version or (v.state = 'active' and v.version < plan_signers.version));
    end;

create or replace function data.plan_signed(plan bigint, version integer, hash bytea) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select data.plan_signers(plan_signed.plan, plan_signed.version)
               <@ coalesce((select array_agg(s.organisation_id) from data.plan_signature s
                             where s.plan_id = plan_signed.plan and s.version = plan_signed.version and s.answer = 'signed'
                               and s.hash = plan_signed.hash), '{}');
    end;

create or replace function data.plan_version_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan;
    s plan_scenario;
begin
    -- Whoever changes a version holds its plan: changes of one plan come one after the other.
    select * into p from plan x where x.id = new.plan_id for update;
    if tg_op = 'INSERT' then
        new.state := 'draft';
        new.hash := null;
        new.made_at := data.now();
        if new.version <> p.version + 1 then
            perform auth.refuse('plan_edit_taken', json_build_object('version', p.version));
        end if;
    elsif (new.plan_id, new.version, new.member_id, new.made_at, new.note)
          is distinct from (old.plan_id, old.version, old.member_id, old.made_at, old.note) then
        perform auth.refuse('plan_fixed');
    elsif new.state <> old.state then
        if not exists (select from plan_transition t where t.from_state = old.state and t.to_state = new.state) then
            perform auth.refuse('plan_transition', json_build_object('from', old.state, 'to', new.state));
        end if;
    end if;
    if tg_op = 'INSERT' or new.content is distinct from old.content then
        if tg_op = 'UPDATE' and old.state <> 'draft' then
            perform auth.refuse('plan_fixed');
        end if;
        new.content := data.plan_normal(new.content);
        perform data.plan_check(new.content, p.territory_id);
    end if;
    if new.scenario_id is not null and (tg_op = 'INSERT' or new.scenario_id is distinct from old.scenario_id) then
        if tg_op = 'UPDATE' and old.state <> 'draft' then
            perform auth.refuse('plan_fixed');
        end if;
        select * into s from plan_scenario x where x.id = new.scenario_id and x.plan_id = new.plan_id for share;
        if s.state is distinct from 'done' or s.basis <> data.plan_basis(new.content) then
            perform auth.refuse('plan_scenario_stale');
        end if;
    elsif tg_op = 'UPDATE' and new.scenario_id is null and old.scenario_id is not null and old.state <> 'draft' then
        perform auth.refuse('plan_fixed');
    end if;
    if tg_op = 'UPDATE' and new.state = 'proposed' and old.state = 'draft' then
        select * into s from plan_scenario x where x.id = new.scenario_id;
        if cardinality(data.plan_partners(new.content)) < 2 or jsonb_array_length(new.content -> 'segments') = 0 then
            perform data.plan_wrong(case when jsonb_array_length(new.content -> 'segments') = 0 then 'segments' else 'partners' end,
                                    'Un plan se propose avec deux partenaires au moins et un segment.');
        end if;
        if s.id is null then
            perform auth.refuse('plan_without_scenario');
        end if;
        if s.basis <> data.plan_basis(new.content) then
            perform auth.refuse('plan_scenario_stale');
        end if;
        new.hash := sha256(convert_to(new.content::text, 'UTF8') || s.lines_hash);
        new.proposed_at := data.now();
    elsif tg_op = 'UPDATE' and new.hash is distinct from old.hash then
        perform auth.refuse('plan_fixed');
    end if;
    if tg_op = 'UPDATE' and new.state in ('agreed', 'active') and new.state <> old.state then
        if not data.plan_signed(new.plan_id, new.version, new.hash) then
            perform auth.refuse('plan_unsigned');
        end if;
        if new.state = 'agreed' then
            new.agreed_at := data.now();
        else
            new.activated_at := data.now();
        end if;
    end if;
    new.ended_at := case when new.state in ('closed', 'dropped') then coalesce(new.ended_at, data.now()) end;
    return new;
end
$$;
create or replace trigger plan_version_guard before insert or update on data.plan_version
    for each row execute function data.plan_version_guard();

create or replace function data.plan_kept() returns trigger
    language plpgsql as $$
begin
    perform auth.refuse('plan_fixed');
    return null;
end
$$;
do $$
declare
    t text;
begin
    foreach t in array array['plan', 'plan_version', 'plan_edit', 'plan_signature', 'plan_comment', 'plan_skip'] loop
        execute format('create or replace trigger %s_kept before delete on data.%I for each row execute function data.plan_kept()', t, t);
        execute format('create or replace trigger %s_kept_all before truncate on data.%I for each statement execute function data.plan_kept()', t, t);
    end loop;
    foreach t in array array['plan_edit', 'plan_comment', 'plan_skip'] loop
        execute format('create or replace trigger %s_fixed before update on data.%I for each row when (not data.is_moving())
                        execute function data.plan_kept()', t, t);
    end loop;
end
$$;

create or replace function data.plan_signature_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    v plan_version;
begin
    perform from plan x where x.id = new.plan_id for update;
    select * into v from plan_version x where x.plan_id = new.plan_id and x.version = new.version;
    if tg_op = 'UPDATE' then
        if old.answer = 'signed' then
            perform auth.refuse('plan_signed');
        end if;
        if (new.plan_id, new.version, new.organisation_id) is distinct from (old.plan_id, old.version, old.organisation_id) then
            perform auth.refuse('plan_fixed');
        end if;
    end if;
    if v.state is distinct from 'proposed' or new.hash is distinct from v.hash then
        perform auth.refuse('plan_version_stale', json_build_object('state', v.state,
            'version', (select p.version from plan p where p.id = new.plan_id)));
    end if;
    if new.organisation_id <> all (data.plan_signers(new.plan_id, new.version))
       or not exists (select from membership m where m.member_id = new.member_id and m.organisation_id = new.organisation_id
                         and m.role = 'manager' and (m.ended_on is null or m.ended_on > data.today())) then
        perform auth.refuse('plan_not_signer');
    end if;
    new.at := data.now();
    return new;
end
$$;
create or replace trigger plan_signature_guard before insert or update on data.plan_signature
    for each row execute function data.plan_signature_guard();

create or replace function data.plan_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if old.abandoned_at is not null or old.evaluated_at is not null then
        perform auth.refuse('plan_over');
    end if;
    if (new.territory_id, new.organisation_id, new.made_by, new.made_at)
       is distinct from (old.territory_id, old.organisation_id, old.made_by, old.made_at) then
        perform auth.refuse('plan_fixed');
    end if;
    if new.abandoned_at is not null and exists (select from plan_version v where v.plan_id = new.id and v.state = 'active') then
        perform auth.refuse('plan_running');
    end if;
    if new.evaluated_at is not null and exists (select from plan_version v where v.plan_id = new.id and v.state in ('draft', 'proposed', 'agreed', 'active')) then
        perform auth.refuse('plan_running');
    end if;
    return new;
end
$$;
create or replace trigger plan_guard before update on data.plan
    for each row execute function data.plan_guard();

-- --- what members do -------------------------------------------------------------------------------------------------------

create or replace function data.plan_log(plan bigint, kind text, more jsonb default '{}') returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select data.log('plan.' || plan_log.kind, null, null, jsonb_build_object('plan', plan_log.plan) || jsonb_strip_nulls(plan_log.more));
    end;

-- Locks a plan for a change by one of its partners, a manager when asked for. One order for all: the plan first.
create or replace function data.plan_hold(plan bigint, by_manager boolean default false) returns data.plan
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan;
begin
    select * into p from plan x where x.id = plan_hold.plan for update;
    if p.id is null or not auth.is_partner() or p.territory_id is distinct from auth.territory() then
        perform auth.refuse('not_found');
    end if;
    if not auth.can_write() or (plan_hold.by_manager and auth.role() <> 'manager')
       or auth.organisation() <> all (data.plan_signers(p.id, p.version)) then
        perform auth.refuse(case when plan_hold.by_manager and auth.can_write() then 'plan_not_signer' else 'forbidden' end);
    end if;
    if p.abandoned_at is not null or p.evaluated_at is not null then
        perform auth.refuse('plan_over');
    end if;
    return p;
end
$$;

-- Writes a change of content or scenario: into the open draft, or as a new version when the current one was proposed, is
-- signed or runs. `edit`: the change it was made from; somebody else's since is a conflict, told with what they made.
create or replace function data.plan_write(plan bigint, edit integer, content jsonb, scenario bigint, note text) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p    plan := data.plan_hold(plan_write.plan);
    v    plan_version;
    next jsonb;
    with_scenario bigint;
begin
    if p.edit <> plan_write.edit then
        perform auth.refuse('plan_edit_taken', (
            select json_build_object('edit', e.edit, 'version', e.version, 'at', e.at, 'content', e.content, 'note', e.note,
                                     'member', m.name, 'organisation', api.organisation_ref(o))
              from plan_edit e join member m on m.id = e.member_id join organisation o on o.id = e.organisation_id
             where e.plan_id = p.id and e.edit = p.edit));
    end if;
    select * into v from plan_version x where x.plan_id = p.id and x.version = p.version;
    next := data.plan_normal(coalesce(plan_write.content, v.content));
    with_scenario := coalesce(plan_write.scenario,
                              case when data.plan_basis(next) = data.plan_basis(v.content) then v.scenario_id end);
    if next = v.content and with_scenario is not distinct from v.scenario_id then
        return p.version;
    end if;
    if v.state = 'draft' then
        update plan_version x set content = next, scenario_id = with_scenario where x.plan_id = p.id and x.version = p.version;
    else
        if v.state in ('proposed', 'agreed') then
            update plan_version x set state = 'dropped' where x.plan_id = p.id and x.version = p.version;
        end if;
        insert into plan_version (plan_id, version, content, scenario_id, note, member_id)
        values (p.id, p.version + 1, next, with_scenario, nullif(trim(plan_write.note), ''), auth.member());
        p.version := p.version + 1;
    end if;
    update plan x set version = p.version, edit = p.edit + 1 where x.id = p.id;
    insert into plan_edit (plan_id, edit, version, content, scenario_id, note, member_id, organisation_id, at)
    values (p.id, p.edit + 1, p.version, next, with_scenario, nullif(trim(plan_write.note), ''), auth.member(), auth.organisation(), data.now());
    perform data.plan_log(p.id, case when v.state = 'draft' then 'changed' else 'versioned' end,
                          jsonb_build_object('version', p.version, 'edit', p.edit + 1, 'scenario', plan_write.scenario,
                                             'name', next ->> 'name', 'was', case when v.state <> 'draft' then v.state end));
    return p.version;
end
$$;

create or replace function api.plan_make(content jsonb) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
begin
    if not auth.can_write() or auth.organisation() <> all (data.plan_partners(plan_make.content)) then
        perform auth.refuse('forbidden');
    end if;
    insert into plan (territory_id, organisation_id, made_by, made_at, edit)
    values (auth.territory(), auth.organisation(), auth.member(), data.now(), 1) returning id into made;
    insert into plan_version (plan_id, version, content, member_id) values (made, 1, plan_make.content, auth.member());
    update plan p set version = 1 where p.id = made;
    insert into plan_edit (plan_id, edit, version, content, member_id, organisation_id, at)
    select made, 1, 1, v.content, auth.member(), auth.organisation(), data.now() from plan_version v where v.plan_id = made;
    perform data.plan_log(made, 'made', jsonb_build_object('version', 1, 'name', data.plan_normal(plan_make.content) ->> 'name'));
    return made;
end
$$;

create or replace function api.plan_save(plan bigint, edit integer, content jsonb, note text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.plan_write(plan_save.plan, plan_save.edit, plan_save.content, null, plan_save.note);
end
$$;

-- Chooses the scenario whose lines are signed.
create or replace function api.plan_choose(plan bigint, edit integer, scenario bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.plan_write(plan_choose.plan, plan_choose.edit, null, plan_choose.scenario, null);
end
$$;

-- Puts the draft before the partners, as its last change left it.
create or replace function api.plan_propose(plan bigint, edit integer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan := data.plan_hold(plan_propose.plan, true);
begin
    if p.edit <> plan_propose.edit then
        perform auth.refuse('plan_edit_taken', json_build_object('edit', p.edit, 'version', p.version));
    end if;
    update plan_version v set state = 'proposed', proposed_by = auth.member() where v.plan_id = p.id and v.version = p.version;
    perform data.plan_log(p.id, 'proposed', (select jsonb_build_object('version', v.version, 'hash', encode(v.hash, 'hex'))
                                               from plan_version v where v.plan_id = p.id and v.version = p.version));
end
$$;

-- Signs this version, named by its number and its hash, or refuses it. The last signature makes the plan agreed.
create or replace function api.plan_answer(plan bigint, version integer, hash text, answer text, reason text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan := data.plan_hold(plan_answer.plan, true);
begin
    if p.version <> plan_answer.version then
        perform auth.refuse('plan_version_stale', json_build_object('version', p.version));
    end if;
    insert into plan_signature as s (plan_id, version, organisation_id, member_id, answer, hash, reason)
    values (p.id, p.version, auth.organisation(), auth.member(), plan_answer.answer, decode(plan_answer.hash, 'hex'),
            nullif(trim(plan_answer.reason), ''))
    on conflict on constraint plan_signature_once do update
       set answer = excluded.answer, member_id = excluded.member_id, hash = excluded.hash, reason = excluded.reason;
    perform data.plan_log(p.id, plan_answer.answer, jsonb_build_object('version', p.version, 'hash', plan_answer.hash,
                                                                       'reason', nullif(trim(plan_answer.reason), '')));
    if data.plan_signed(p.id, p.version, decode(plan_answer.hash, 'hex')) then
        update plan_version v set state = 'agreed' where v.plan_id = p.id and v.version = p.version;
        perform data.plan_log(p.id, 'agreed', jsonb_build_object('version', p.version));
    end if;
end
$$;

-- Gives up the version that is open; a plan that never started ends with it.
create or replace function api.plan_abandon(plan bigint, reason text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan := data.plan_hold(plan_abandon.plan, true);
    n integer;
begin
    if coalesce(length(trim(plan_abandon.reason)), 0) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    update plan_version v set state = 'dropped' where v.plan_id = p.id and v.state in ('draft', 'proposed', 'agreed');
    get diagnostics n = row_count;
    if not exists (select from plan_version v where v.plan_id = p.id and v.state = 'active') then
        update plan x set abandoned_at = data.now(), abandoned_reason = trim(plan_abandon.reason) where x.id = p.id;
    elsif n = 0 then
        perform auth.refuse('plan_running');
    end if;
    perform data.plan_log(p.id, 'abandoned', jsonb_build_object('version', p.version, 'reason', trim(plan_abandon.reason)));
end
$$;

-- Ends a plan whose period is over, with what the partners conclude.
create or replace function api.plan_evaluate(plan bigint, conclusion text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan := data.plan_hold(plan_evaluate.plan, true);
    v plan_version;
begin
    select * into v from plan_version x where x.plan_id = p.id and x.state = 'active';
    if v.plan_id is null or (v.content ->> 'ends_on')::date > data.today() then
        perform auth.refuse('plan_not_over', json_build_object('ends_on', v.content ->> 'ends_on'));
    end if;
    update plan_version x set state = 'dropped' where x.plan_id = p.id and x.state in ('draft', 'proposed', 'agreed');
    update plan_version x set state = 'closed' where x.plan_id = p.id and x.state = 'active';
    update plan x set evaluated_at = data.now(), conclusion = trim(plan_evaluate.conclusion) where x.id = p.id;
    perform data.plan_log(p.id, 'evaluated', jsonb_build_object('version', v.version));
end
$$;

create or replace function api.plan_comment(plan bigint, part text, segment bigint, establishment bigint, text text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p plan;
begin
    -- The committee, which is no partner, says what it thinks of every plan of its territory.
    if auth.role() = 'administrator' then
        select * into p from plan x where x.id = plan_comment.plan and x.territory_id = auth.territory() for share;
        if p.id is null then
            perform auth.refuse('not_found');
        end if;
    else
        p := data.plan_hold(plan_comment.plan);
    end if;
    if plan_comment.establishment is not null and not auth.sees(plan_comment.establishment) then
        perform auth.refuse('not_found');
    end if;
    insert into plan_comment (plan_id, version, part, segment_id, establishment_id, text, member_id, organisation_id, at)
    values (p.id, p.version, plan_comment.part, plan_comment.segment, plan_comment.establishment, trim(plan_comment.text),
            auth.member(), auth.organisation(), data.now());
    perform data.plan_log(p.id, 'commented', jsonb_build_object('version', p.version, 'part', plan_comment.part, 'segment', plan_comment.segment,
                                                                'establishment', plan_comment.establishment));
end
$$;

-- --- how plans are shown -----------------------------------------------------------------------------------------------------

create or replace function data.plan_state(p data.plan) returns text
    language sql stable set search_path = data, pg_temp
    return case when p.abandoned_at is not null then 'abandoned' when p.evaluated_at is not null then 'evaluated'
                when exists (select from data.plan_version v where v.plan_id = p.id and v.state = 'active') then 'active'
                else (select v.state from data.plan_version v where v.plan_id = p.id and v.version = p.version) end;

-- What each who signs says of a version, in the order of their names.
create or replace function api.plan_answers(plan bigint, version integer) returns json
    language sql stable
    begin atomic
        select coalesce(json_agg(json_build_object('organisation', api.organisation_ref(o), 'answer', s.answer, 'reason', s.reason, 'at', s.at,
                                                   'member', m.name, 'mine', o.id = auth.organisation()) order by n.rank, o.short_name), '[]')
          from (select unnest(data.plan_signers(plan_answers.plan, plan_answers.version))
                union select x.organisation_id from data.plan_signature x
                       where x.plan_id = plan_answers.plan and x.version = plan_answers.version) s0 (p)
          join data.organisation o on o.id = p
          join data.network n on n.code = o.network
          left join data.plan_signature s on s.plan_id = plan_answers.plan and s.version = plan_answers.version and s.organisation_id = p
          left join data.member m on m.id = s.member_id;
    end;

-- One line per plan, for lists. version: the latest; running: the one in force, when it is another.
create or replace view api.plan_row with (security_invoker = true) as
select p.id, v.content ->> 'name' as name, data.plan_state(p) as state, p.version, v.state as version_state, p.edit,
       a.version as running, v.content ->> 'starts_on' as starts_on, v.content ->> 'ends_on' as ends_on,
       api.plan_answers(p.id, p.version) as answers,
       auth.organisation() = any (data.plan_signers(p.id, p.version)) as ours,
       v.state = 'proposed' and auth.organisation() = any (data.plan_signers(p.id, p.version))
           and not exists (select from data.plan_signature s where s.plan_id = p.id and s.version = p.version
                                                                and s.organisation_id = auth.organisation()) as awaits_us,
       -- Refused by one, and nothing agreed since: for the committee.
       p.abandoned_at is null and p.evaluated_at is null
           and exists (select from data.plan_signature s
                        where s.plan_id = p.id and s.answer = 'refused'
                          and not exists (select from data.plan_version w where w.plan_id = p.id and w.version >= s.version
                                                                            and w.agreed_at is not null)) as deadlocked,
       p.made_at, api.organisation_ref(o) as organisation, p.territory_id
  from data.plan p
  join data.plan_version v on v.plan_id = p.id and v.version = p.version
  left join data.plan_version a on a.plan_id = p.id and a.state = 'active' and a.version <> p.version
  join data.organisation o on o.id = p.organisation_id;

-- Who did what with a plan, newest first, from the log.
create or replace function api.plan_history(plan bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select coalesce(json_agg(json_build_object('at', e.at, 'kind', e.kind, 'member', m.name,
                                                   'organisation', case when o.id is not null then api.organisation_ref(o) end,
                                                   'data', e.data - 'plan') order by e.id desc), '[]')
          from (select x.* from data.event x
                 where x.kind like 'plan.%' and (x.data ->> 'plan')::bigint = plan_history.plan
                   and exists (select from data.plan p where p.id = plan_history.plan and auth.is_partner() and p.territory_id = auth.territory())
                 order by x.id desc limit 300) e
          left join data.member m on m.id = e.member_id
          left join data.organisation o on o.id = e.organisation_id;
    end;
