-- Teams across organisations, and visits that two partners make together.

-- Whether a member of an organisation works in a team that is in force.
create or replace function data.team_has(team bigint, member bigint, organisation bigint) returns boolean
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return team_has.team is not null
           and exists (select from team t join team_member m on m.team_id = t.id
                        where t.id = team_has.team and t.state = 'active'
                          and m.member_id = team_has.member and m.organisation_id = team_has.organisation);
end
$$;

-- The team in force that holds the segment of an establishment together and has this member; null when there is none.
create or replace function data.team_for(member bigint, organisation bigint, establishment bigint) returns bigint
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return (select t.id from team t
              join team_member m on m.team_id = t.id and m.member_id = team_for.member and m.organisation_id = team_for.organisation
              join segment_block b on b.segment_id = t.segment_id and b.block = segment_block_of(team_for.establishment)
               and get_bit(b.members, (team_for.establishment & 511)::integer) = 1
             where t.state = 'active'
             order by t.id limit 1);
end
$$;

create or replace function data.team_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        new.state := 'proposed';
        new.made_at := data.now();
        new.ended_at := null;
        return new;
    end if;
    if old.state = 'ended' then
        perform auth.refuse('team_not_active');
    end if;
    if (new.territory_id, new.organisation_id, new.made_by, new.made_at, new.segment_id)
       is distinct from (old.territory_id, old.organisation_id, old.made_by, old.made_at, old.segment_id) then
        perform auth.refuse('team_fixed');
    end if;
    -- In force by the agreement of each, and of two at least.
    if new.state = 'active' and old.state <> 'active'
       and ((select count(*) from team_partner p where p.team_id = new.id) < 2
            or exists (select from team_partner p where p.team_id = new.id and p.agreed_at is null)) then
        perform auth.refuse('team_not_agreed');
    end if;
    if new.state = 'ended' then
        new.ended_at := data.now();
        if coalesce(length(trim(new.reason)), 0) < 3 then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
    end if;
    return new;
end
$$;
create or replace trigger team_guard before insert or update on data.team
    for each row execute function data.team_guard();

-- A member of a team works for its organisation there and now.
create or replace function data.team_member_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not data.visits_for(new.member_id, new.organisation_id) then
        perform auth.refuse('member_not_here', json_build_object('field', 'members'));
    end if;
    return new;
end
$$;
create or replace trigger team_member_guard before insert or update on data.team_member
    for each row execute function data.team_member_guard();

create or replace function data.team_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' and new.state = old.state then
        return null;
    end if;
    perform data.log('team.' || new.state, null, null, jsonb_build_object('team', new.id), new.made_by, new.organisation_id);
    if new.state = 'ended' then
        -- What the team held stays with who promised it.
        update promise p set team_id = null where p.team_id = new.id and p.state = 'active';
        update task t set done_at = data.now() where t.team_id = new.id and t.done_at is null;
    end if;
    return null;
end
$$;
create or replace trigger team_told after insert or update on data.team
    for each row execute function data.team_told();

-- Only managers found teams, agree to them and end them.
create or replace function data.team_manager(team bigint) returns data.team
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    t team;
begin
    if auth.role() is distinct from 'manager' then
        perform auth.refuse('forbidden');
    end if;
    select * into t from team x where x.id = team_manager.team and x.territory_id = auth.territory() for update;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if not exists (select from team_partner p where p.team_id = t.id and p.organisation_id = auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    return t;
end
$$;

create or replace function data.team_members_set(team bigint, members bigint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from team_member m where m.team_id = team_members_set.team and m.organisation_id = auth.organisation()
       and m.member_id <> all (members);
    insert into team_member (team_id, organisation_id, member_id)
    select distinct team_members_set.team, auth.organisation(), x from unnest(members) x
    on conflict do nothing;
    if not exists (select from team_member m where m.team_id = team_members_set.team and m.organisation_id = auth.organisation()) then
        perform auth.refuse('invalid', json_build_object('field', 'members'));
    end if;
end
$$;

-- Proposes a team with other partners of the territory and returns its id; the organisation that proposes agrees by it.
create or replace function api.team_propose(name text, purpose text, segment bigint, organisations bigint[], members bigint[]) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
    o    bigint;
begin
    if auth.role() is distinct from 'manager' then
        perform auth.refuse('forbidden');
    end if;
    if cardinality(array_remove(organisations, auth.organisation())) = 0
       or exists (select from unnest(organisations) x
                   where not exists (select from organisation g join network n on n.code = g.network and n.kind = 'partner'
                                      where g.id = x and g.territory_id = auth.territory())) then
        perform auth.refuse('invalid', json_build_object('field', 'organisations'));
    end if;
    if team_propose.segment is not null and not exists (select from segment s where s.id = team_propose.segment
            and s.territory_id = auth.territory() and s.shared and s.archived_at is null) then
        perform auth.refuse('invalid', json_build_object('field', 'segment'));
    end if;
    insert into team (territory_id, name, purpose, segment_id, organisation_id, made_by)
    values (auth.territory(), trim(team_propose.name), nullif(trim(team_propose.purpose), ''), team_propose.segment, auth.organisation(), auth.member())
    returning id into made;
    insert into team_partner (team_id, organisation_id, agreed_by, agreed_at) values (made, auth.organisation(), auth.member(), data.now());
    perform data.team_members_set(made, team_propose.members);
    for o in select distinct x from unnest(organisations) x where x <> auth.organisation() order by x loop
        insert into team_partner (team_id, organisation_id) values (made, o);
        insert into task (kind, mark, organisation_id, team_id, due_on, raised_at)
        values ('team.agree', o::text, o, made, data.working_day_after(data.today(), 10), data.now());
    end loop;
    return made;
end
$$;

-- Agrees for one's organisation, naming who of it works in the team; later on, names them anew.
create or replace function api.team_agree(team bigint, members bigint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    t team := data.team_manager(team_agree.team);
begin
    if t.state = 'ended' then
        perform auth.refuse('team_not_active');
    end if;
    perform data.team_members_set(t.id, team_agree.members);
    update team_partner p set agreed_by = auth.member(), agreed_at = data.now()
     where p.team_id = t.id and p.organisation_id = auth.organisation() and p.agreed_at is null;
    if found then
        update task x set done_at = data.now(), done_by = auth.member()
         where x.team_id = t.id and x.organisation_id = auth.organisation() and x.done_at is null;
        perform data.log('team.agreed', null, null, jsonb_build_object('team', t.id));
        if not exists (select from team_partner p where p.team_id = t.id and p.agreed_at is null) then
            update team x set state = 'active' where x.id = t.id;
        end if;
    else
        perform data.log('team.changed', null, null, jsonb_build_object('team', t.id));
    end if;
end
$$;

-- Ends it, or refuses one that was proposed: any partner may, with a reason. Nobody is held in a team.
create or replace function api.team_end(team bigint, reason text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    t team := data.team_manager(team_end.team);
begin
    update team x set state = 'ended', reason = trim(team_end.reason) where x.id = t.id;
end
$$;

create or replace view api.team_row with (security_invoker = true) as
select t.id, t.name, t.purpose, t.state, t.made_at, t.ended_at, t.reason,
       (select json_build_object('id', s.id, 'name', s.name, 'members', s.members) from data.segment s where s.id = t.segment_id) as segment,
       api.organisation_ref(g) as organisation,
       (select json_agg(json_build_object('organisation', api.organisation_ref(o), 'agreed_at', p.agreed_at,
                   'agreed_by', (select m.name from data.member m where m.id = p.agreed_by),
                   'members', (select coalesce(json_agg(json_build_object('id', m.id, 'name', m.name) order by m.name), '[]')
                                 from data.team_member x join data.member m on m.id = x.member_id
                                where x.team_id = t.id and x.organisation_id = o.id)) order by o.name)
          from data.team_partner p join data.organisation o on o.id = p.organisation_id where p.team_id = t.id) as partners,
       exists (select from data.team_partner p where p.team_id = t.id and p.organisation_id = auth.organisation()) as ours,
       exists (select from data.team_partner p where p.team_id = t.id and p.organisation_id = auth.organisation() and p.agreed_at is null) as asks_us,
       (select count(*) from data.promise p where p.team_id = t.id and p.state = 'active') as promises
  from data.team t
  join data.organisation g on g.id = t.organisation_id;

-- Joint visits.

create or replace function data.visit_partner_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    v visit;
begin
    select * into v from visit x where x.id = new.visit_id for share;
    if tg_op = 'INSERT' or new.state = 'invited' then
        new.state := 'invited';
        new.invited_at := data.now();
        new.answered_at := null;
        if auth.organisation() is distinct from (case when new.asked then new.organisation_id else v.organisation_id end)
           and pg_trigger_depth() < 2 then
            perform auth.refuse('forbidden');
        end if;
        if v.state <> 'planned' then
            perform auth.refuse(case v.state when 'done' then 'visit_done' else 'visit_cancelled' end);
        end if;
        if v.planned_at < data.now() then
            perform auth.refuse('visit_in_the_past');
        end if;
        if new.organisation_id = v.organisation_id or not data.prospects(new.organisation_id, v.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'organisation'));
        end if;
        if not data.visits_for(new.member_id, new.organisation_id) then
            perform auth.refuse('member_not_here', json_build_object('field', 'member'));
        end if;
        return new;
    end if;
    if (new.visit_id, new.organisation_id, new.asked, new.invited_by, new.message, new.invited_at)
       is distinct from (old.visit_id, old.organisation_id, old.asked, old.invited_by, old.message, old.invited_at)
       or old.state in ('declined', 'withdrawn') or old.state = 'accepted' and new.state <> 'withdrawn' then
        perform auth.refuse('invitation_closed', json_build_object('state', old.state));
    end if;
    if new.state in ('accepted', 'declined')
       and auth.organisation() is distinct from (case when new.asked then v.organisation_id else new.organisation_id end) then
        perform auth.refuse('forbidden');
    end if;
    if new.state = 'accepted' then
        if v.state <> 'planned' then
            perform auth.refuse('visit_cancelled');
        end if;
        if not data.visits_for(new.member_id, new.organisation_id) then
            perform auth.refuse('member_not_here', json_build_object('field', 'member'));
        end if;
    elsif new.state = 'declined' and coalesce(length(trim(new.reason)), 0) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    new.answered_at := data.now();
    return new;
end
$$;
create or replace trigger visit_partner_guard before insert or update on data.visit_partner
    for each row execute function data.visit_partner_guard();

create or replace function data.visit_partner_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    v visit := (select x from visit x where x.id = new.visit_id);
    answerer bigint := case when new.asked then v.organisation_id else new.organisation_id end;
begin
    perform data.log('visit.' || case new.state when 'invited' then case when new.asked then 'asked' else 'invited' end
                                                when 'accepted' then 'joint' else 'joint_' || new.state end,
        v.establishment_id, null, jsonb_strip_nulls(jsonb_build_object('visit', v.id, 'planned_at', v.planned_at,
            'to_organisation', new.organisation_id, 'to_member', new.member_id,
            'reason', case new.state when 'invited' then new.message else new.reason end)), new.invited_by, v.organisation_id);
    update task t set done_at = data.now()
     where t.kind = 'visit.invited' and t.mark like new.visit_id || ' ' || new.organisation_id || ' %' and t.done_at is null;
    if new.state = 'invited' then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        values ('visit.invited', concat_ws(' ', new.visit_id, new.organisation_id, v.version), answerer,
                case when new.asked then v.member_id else new.member_id end, v.establishment_id, v.promise_id,
                (v.planned_at at time zone 'Europe/Paris')::date, data.now())
        on conflict do nothing;
    elsif new.state in ('accepted', 'declined') then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        values ('visit.answered', concat_ws(' ', new.visit_id, new.organisation_id, v.version),
                case when new.asked then new.organisation_id else v.organisation_id end, new.invited_by, v.establishment_id, v.promise_id,
                data.today(), data.now())
        on conflict do nothing;
    end if;
    return null;
end
$$;
create or replace trigger visit_partner_told after insert or update on data.visit_partner
    for each row execute function data.visit_partner_told();

-- Another hour asks for another agreement; a visit that is cancelled is so for both.
create or replace function data.visit_partner_follows() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return null;
    end if;
    if new.state = 'cancelled' then
        update visit_partner x set state = 'withdrawn', reason = new.reason where x.visit_id = new.id and x.state in ('invited', 'accepted');
    else
        update visit_partner x set state = 'invited', reason = null where x.visit_id = new.id and x.state = 'accepted' and not x.asked;
    end if;
    return null;
end
$$;
create or replace trigger visit_partner_follows after update on data.visit
    for each row when (old.state = 'planned' and (new.state = 'cancelled' or new.state = 'planned' and new.planned_at <> old.planned_at
                            and new.planned_at > data.now())) execute function data.visit_partner_follows();

-- Invites a member of another partner to one's visit, or asks to join that of another.
create or replace function api.visit_invite(visit bigint, organisation bigint, member bigint, message text) returns void
    language plpgsql as $$
declare
    v record;
begin
    select x.organisation_id into v from data.visit x where x.id = visit_invite.visit;
    if not found then
        perform auth.refuse('not_found');
    end if;
    insert into data.visit_partner as p (visit_id, organisation_id, member_id, asked, invited_by, message)
    select visit_invite.visit,
           case when v.organisation_id = auth.organisation() then visit_invite.organisation else auth.organisation() end,
           case when v.organisation_id = auth.organisation() then visit_invite.member else auth.member() end,
           v.organisation_id <> auth.organisation(), auth.member(), nullif(trim(visit_invite.message), '')
    on conflict (visit_id, organisation_id) do update
       set state = 'invited', member_id = excluded.member_id, asked = excluded.asked, invited_by = excluded.invited_by,
           message = excluded.message, reason = null
     where p.state in ('declined', 'withdrawn');
    if not found then
        perform auth.refuse('visit_joint');
    end if;
end
$$;

-- Answers (accepted, declined) or takes back (withdrawn) an invitation. `organisation`: the second partner's.
create or replace function api.visit_invitation_answer(visit bigint, organisation bigint, state text, reason text, member bigint) returns void
    language plpgsql as $$
begin
    update data.visit_partner p
       set state = visit_invitation_answer.state, reason = nullif(trim(visit_invitation_answer.reason), ''),
           member_id = case when p.organisation_id = auth.organisation() then coalesce(visit_invitation_answer.member, p.member_id) else p.member_id end
     where p.visit_id = visit_invitation_answer.visit and p.organisation_id = visit_invitation_answer.organisation;
    if not found then
        perform auth.refuse(case when exists (select from data.visit v where v.id = visit_invitation_answer.visit) then 'forbidden' else 'not_found' end);
    end if;
end
$$;

-- The private part of the second partner, once the report is there.
create or replace function api.visit_note(visit bigint, note text) returns void
    language plpgsql as $$
begin
    if not exists (select from data.visit_partner p where p.visit_id = visit_note.visit and p.organisation_id = auth.organisation() and p.state = 'accepted') then
        perform auth.refuse('forbidden');
    end if;
    if not exists (select from data.report r where r.visit_id = visit_note.visit) then
        perform auth.refuse('visit_not_reported');
    end if;
    insert into data.report_note as n (visit_id, organisation_id, network, note)
    values (visit_note.visit, auth.organisation(), auth.network(), trim(visit_note.note))
    on conflict (visit_id, organisation_id) do update set note = excluded.note;
end
$$;
