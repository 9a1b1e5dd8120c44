-- Promises that change hands: to a colleague, to another organisation, many at once; and what becomes of those given back.

-- Locks a promise for what hangs on it, in the order that everybody keeps: the establishment, the promise, what hangs on it.
create or replace function data.promise_hold(promise bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform from establishment e where e.id = (select p.establishment_id from promise p where p.id = promise_hold.promise) for share;
    perform from promise p where p.id = promise_hold.promise for update;
end
$$;

-- Whether a member now visits for an organisation.
create or replace function data.visits_for(member bigint, organisation bigint) returns boolean
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return exists (select from membership m join member p on p.id = m.member_id
                    where m.member_id = visits_for.member and m.organisation_id = visits_for.organisation
                      and m.role in ('adviser', 'manager') and (m.ended_on is null or m.ended_on > current_date) and p.disabled_at is null);
end
$$;

-- Whether an organisation is a partner that sees an establishment.
create or replace function data.prospects(organisation bigint, establishment bigint) returns boolean
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return exists (select from organisation o
                     join network n on n.code = o.network and n.kind = 'partner'
                     join territory_commune tc on tc.territory_id = o.territory_id
                     join establishment e on e.commune_code = tc.commune_code
                    where o.id = prospects.organisation and e.id = prospects.establishment);
end
$$;

-- Refuses a holder who does not visit for the organisation, and a team that does not have it.
create or replace function data.promise_holdable(member bigint, organisation bigint, team bigint) returns void
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    -- A partner's program promises in its own name, and in nobody else's.
    if not data.visits_for(promise_holdable.member, promise_holdable.organisation)
       and not (promise_holdable.member is not distinct from auth.member()
                and exists (select from membership m where m.member_id = promise_holdable.member and m.role = 'program'
                                                       and m.organisation_id = promise_holdable.organisation)) then
        perform auth.refuse('member_not_here', json_build_object('field', 'member'));
    end if;
    if promise_holdable.team is not null
       and not exists (select from team t join team_partner p on p.team_id = t.id
                        where t.id = promise_holdable.team and t.state = 'active' and p.organisation_id = promise_holdable.organisation) then
        perform auth.refuse('team_not_active', json_build_object('field', 'team'));
    end if;
end
$$;

-- Transfers between organisations.

create or replace function data.transfer_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p        promise;
    today    date := data.today();
    answerer bigint;
    v        record;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    select * into p from promise x where x.id = new.promise_id for share;
    if tg_op = 'INSERT' then
        if p.id is null or p.state <> 'active' then
            perform auth.refuse('promise_not_active', json_build_object('state', p.state));
        end if;
        new.state := 'proposed';
        new.made_at := data.now();
        new.establishment_id := p.establishment_id;
        new.from_organisation_id := p.organisation_id;
        new.from_member_id := p.member_id;
        new.expires_on := data.working_day_after(today,
            (data.agreement_in_force((select o.network from organisation o where o.id = p.organisation_id))).transfer_days);
        if new.kind = 'give' and new.organisation_id <> p.organisation_id then
            perform auth.refuse('forbidden');
        end if;
        if new.to_organisation_id = p.organisation_id then
            perform auth.refuse('transfer_to_self', json_build_object('field', 'organisation'));
        end if;
        if not data.prospects(new.to_organisation_id, p.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'organisation'));
        end if;
        if new.to_member_id is not null and not data.visits_for(new.to_member_id, new.to_organisation_id) then
            perform auth.refuse('member_not_here', json_build_object('field', 'member'));
        end if;
        if new.kind = 'ask' and coalesce(length(trim(new.message)), 0) < 3 then
            perform auth.refuse('reason_required', json_build_object('field', 'message'));
        end if;
        return new;
    end if;

    if old.state <> 'proposed' then
        perform auth.refuse('transfer_closed', json_build_object('state', old.state));
    end if;
    if (new.kind, new.promise_id, new.establishment_id, new.from_organisation_id, new.from_member_id, new.to_organisation_id,
        new.organisation_id, new.member_id, new.message, new.made_at, new.expires_on)
       is distinct from (old.kind, old.promise_id, old.establishment_id, old.from_organisation_id, old.from_member_id, old.to_organisation_id,
                         old.organisation_id, old.member_id, old.message, old.made_at, old.expires_on) then
        perform auth.refuse('transfer_fixed');
    end if;
    new.answered_at := data.now();
    new.answered_by := auth.member();
    answerer := case new.kind when 'give' then new.to_organisation_id else new.from_organisation_id end;
    if new.state in ('accepted', 'refused') then
        if auth.organisation() is distinct from answerer then
            perform auth.refuse('forbidden');
        end if;
        -- Somebody named answers, or a manager.
        if auth.role() <> 'manager' and auth.member() <> coalesce(case new.kind when 'give' then old.to_member_id else p.member_id end, auth.member()) then
            perform auth.refuse('transfer_named', json_build_object('member', (select m.name from member m
                where m.id = case new.kind when 'give' then old.to_member_id else p.member_id end)));
        end if;
        if old.expires_on < today then
            perform auth.refuse('transfer_closed', json_build_object('state', 'expired'));
        end if;
    elsif new.state = 'withdrawn' then
        if auth.organisation() is distinct from new.organisation_id then
            perform auth.refuse('forbidden');
        end if;
    elsif new.state = 'expired' then
        if old.expires_on >= today then
            perform auth.refuse('transfer_not_due');
        end if;
    elsif new.state = 'void' then
        if p.state = 'active' then
            perform auth.refuse('transfer_not_due');
        end if;
    else
        perform auth.refuse('transfer_fixed');
    end if;
    if new.state = 'refused' and coalesce(length(trim(new.reason)), 0) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    if new.state = 'accepted' then
        if p.state <> 'active' then
            perform auth.refuse('promise_not_active', json_build_object('state', p.state));
        end if;
        new.to_member_id := coalesce(new.to_member_id, auth.member());
        if new.kind = 'ask' then
            new.to_member_id := old.to_member_id;
        end if;
        if not data.visits_for(new.to_member_id, new.to_organisation_id) then
            perform auth.refuse('member_not_here', json_build_object('field', 'member'));
        end if;
        select x.planned_at into v from visit x where x.promise_id = p.id and x.state = 'planned' and x.planned_at < data.now();
        if found then
            perform auth.refuse('visit_to_report', json_build_object('planned_at', v.planned_at));
        end if;
    elsif new.to_member_id is distinct from old.to_member_id then
        perform auth.refuse('transfer_fixed');
    end if;
    return new;
end
$$;
create or replace trigger transfer_guard before insert or update on data.transfer
    for each row execute function data.transfer_guard();

-- The promise of the past holder ends and that of the new one begins, in one statement for whoever looks from outside. What
-- is left of the time goes with it, five working days at least; an appointment stays, and the new holder keeps it.
create or replace function data.transfer_done(x data.transfer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    rule  agreement := data.agreement_in_force((select o.network from organisation o where o.id = x.to_organisation_id));
    today date := data.today();
    p     promise;
    v     visit;
    made  bigint;
begin
    select * into p from promise y where y.id = x.promise_id for update;
    select * into v from visit y where y.promise_id = p.id and y.state = 'planned';
    if v.id is not null then
        update visit y set state = 'cancelled', reason = 'Engagement transféré : le rendez-vous est repris par le nouveau titulaire' where y.id = v.id;
    end if;
    update promise y set state = 'transferred' where y.id = p.id;
    insert into promise (establishment_id, organisation_id, member_id, due_on, transfer_id)
    values (p.establishment_id, x.to_organisation_id, x.to_member_id,
            greatest(least(p.due_on, data.working_day_after(today, rule.promise_days_most)), data.working_day_after(today, 5)), x.id)
    returning id into made;
    if v.id is not null then
        insert into visit (establishment_id, organisation_id, member_id, promise_id, contact_id, planned_at, minutes)
        values (p.establishment_id, x.to_organisation_id, x.to_member_id, made,
                (select c.id from contact c where c.id = v.contact_id and c.shared and c.erased_at is null and c.opposition_id is null),
                v.planned_at, v.minutes);
    end if;
end
$$;

create or replace function data.transfer_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    answerer bigint := case new.kind when 'give' then new.to_organisation_id else new.from_organisation_id end;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return null;
    end if;
    perform data.log('transfer.' || new.state, new.establishment_id, null,
        jsonb_strip_nulls(jsonb_build_object('transfer', new.id, 'promise', new.promise_id, 'by', new.kind,
            'from_organisation', new.from_organisation_id, 'from_member', new.from_member_id,
            'to_organisation', new.to_organisation_id, 'to_member', new.to_member_id,
            'expires_on', case when new.state = 'proposed' then new.expires_on end,
            'reason', case when new.state = 'proposed' then new.message else new.reason end)),
        new.member_id, new.organisation_id);
    if tg_op = 'INSERT' then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        values ('transfer.answer', new.id::text, answerer, case new.kind when 'give' then new.to_member_id else new.from_member_id end,
                new.establishment_id, new.promise_id, new.expires_on, data.now());
        perform data.job_add('transfer.expire', jsonb_build_object('transfer', new.id),
                             ((new.expires_on + 1)::timestamp at time zone 'Europe/Paris'));
        return null;
    end if;
    if new.state = 'accepted' then
        perform data.transfer_done(new);
    end if;
    update task t set done_at = data.now() where t.kind = 'transfer.answer' and t.mark = new.id::text and t.done_at is null;
    if new.state in ('accepted', 'refused', 'expired') then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        values ('transfer.answered', new.id::text, new.organisation_id, new.member_id, new.establishment_id, new.promise_id, data.today(), data.now());
    end if;
    return null;
end
$$;
create or replace trigger transfer_told after insert or update on data.transfer
    for each row execute function data.transfer_told();

-- Proposes a transfer and returns its id: of one's own promise to an organisation or one of its members (give), or of
-- another's to oneself (ask).
create or replace function api.transfer_propose(promise bigint, kind text, organisation bigint, member bigint, message text) returns bigint
    language plpgsql as $$
declare
    p    record;
    made bigint;
begin
    select x.establishment_id, x.organisation_id, x.member_id into p from data.promise x where x.id = transfer_propose.promise;
    if not found then
        perform auth.refuse('not_found');
    end if;
    insert into data.transfer (kind, promise_id, establishment_id, from_organisation_id, from_member_id, to_organisation_id, to_member_id,
                               organisation_id, member_id, message)
    values (transfer_propose.kind, transfer_propose.promise, p.establishment_id, p.organisation_id, p.member_id,
            case transfer_propose.kind when 'ask' then auth.organisation() else transfer_propose.organisation end,
            case transfer_propose.kind when 'ask' then auth.member() else transfer_propose.member end,
            auth.organisation(), auth.member(), nullif(trim(transfer_propose.message), ''))
    returning id into made;
    return made;
end
$$;

-- Answers it (accepted, refused) or takes it back (withdrawn). `member`: who of the organisation will go.
create or replace function api.transfer_answer(transfer bigint, state text, reason text, member bigint) returns void
    language plpgsql as $$
declare
    x record;
begin
    select t.promise_id into x from data.transfer t where t.id = transfer_answer.transfer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    perform data.promise_hold(x.promise_id);
    update data.transfer t
       set state = transfer_answer.state, reason = nullif(trim(transfer_answer.reason), ''),
           to_member_id = coalesce(transfer_answer.member, t.to_member_id)
     where t.id = transfer_answer.transfer;
    if not found then
        perform auth.refuse('forbidden');
    end if;
end
$$;

-- The job transfer.expire. Safe to repeat.
create or replace function data.transfer_expire(transfer bigint) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.promise_hold((select t.promise_id from transfer t where t.id = transfer_expire.transfer));
    update transfer t set state = 'expired' where t.id = transfer_expire.transfer and t.state = 'proposed' and t.expires_on < data.today();
    return found;
end
$$;

create or replace view api.transfer_row with (security_invoker = true) as
select x.id, x.kind, x.promise_id as promise, x.state, x.message, x.reason, x.made_at, x.expires_on, x.answered_at,
       json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment,
       api.organisation_ref(f) as from_organisation, json_build_object('id', fm.id, 'name', fm.name) as from_member,
       api.organisation_ref(g) as to_organisation, (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = x.to_member_id) as to_member,
       x.organisation_id = auth.organisation() as ours, -- proposed by us
       p.due_on, p.lapses_on, (select v.planned_at from data.visit v where v.promise_id = p.id and v.state = 'planned') as visit_at,
       (select s.id from data.promise s where s.transfer_id = x.id) as successor
  from data.transfer x
  join data.establishment e on e.id = x.establishment_id
  join data.promise p on p.id = x.promise_id
  join data.organisation f on f.id = x.from_organisation_id
  join data.organisation g on g.id = x.to_organisation_id
  join data.member fm on fm.id = x.from_member_id;

-- What hangs on a promise that ends: transfers are void; what was given back or let go is soon proposed to somebody else,
-- later than the minute in which it may be taken back.
create or replace function data.promise_over() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return null;
    end if;
    update transfer x set state = 'void' where x.promise_id = new.id and x.state = 'proposed';
    if new.state in ('returned', 'lapsed') then
        perform data.job_add('proposal.next', jsonb_build_object('promise', new.id), data.now() + interval '2 minutes');
    end if;
    return null;
end
$$;
create or replace trigger promise_over after update on data.promise
    for each row when (old.state = 'active' and new.state <> 'active') execute function data.promise_over();

-- Many at once.

create or replace function data.batch_open(act text) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
begin
    insert into promise_batch (organisation_id, member_id, act, at) values (auth.organisation(), auth.member(), batch_open.act, data.now())
    returning id into made;
    return made;
end
$$;
create or replace function data.batch_note(batch bigint, promise bigint, was jsonb) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        insert into data.promise_batch_row (batch_id, promise_id, was)
        select batch_note.batch, batch_note.promise, batch_note.was
         where exists (select from data.promise_batch b where b.id = batch_note.batch and b.member_id = auth.member() and b.undone_at is null);
    end;

-- One act on one employer: `make` promises it, the others change the promise that our organisation holds there. Returns
-- the promise, and what to remember so that it can be taken back.
create or replace function api.promise_act(act text, establishment bigint, member bigint, organisation bigint, team bigint, due_on date,
                                           reason text, out promise bigint, out was jsonb)
    language plpgsql as $$
declare
    p record;
begin
    was := '{}';
    if promise_act.act = 'make' then
        promise := api.promise_make_for(promise_act.establishment, coalesce(promise_act.member, auth.member()), promise_act.due_on, promise_act.reason);
        return;
    end if;
    select x.* into p from data.promise x where x.establishment_id = promise_act.establishment and x.state = 'active';
    if not found then
        perform auth.refuse(case when exists (select from data.establishment e where e.id = promise_act.establishment)
                                 then 'promise_not_active' else 'not_found' end);
    end if;
    if p.organisation_id <> auth.organisation() then
        perform auth.refuse('promise_taken', json_build_object('holder', api.holder(p.id)));
    end if;
    promise := p.id;
    if promise_act.act = 'hand' then
        was := jsonb_build_object('member', p.member_id, 'due_on', p.due_on, 'lapses_on', p.lapses_on, 'base_due_on', p.base_due_on, 'base_at', p.base_at);
        update data.promise x set member_id = promise_act.member where x.id = p.id and x.member_id <> promise_act.member;
        if not found then
            perform auth.refuse('promise_already_theirs');
        end if;
        -- The appointment goes with it.
        update data.visit v set member_id = promise_act.member
         where v.promise_id = p.id and v.state = 'planned' and v.planned_at > data.now() and v.organisation_id = auth.organisation();
    elsif promise_act.act = 'return' then
        was := jsonb_build_object('visits', coalesce((select jsonb_agg(v.id) from data.visit v where v.promise_id = p.id and v.state = 'planned'), '[]'),
                                  'reason', p.reason);
        perform api.promise_change(p.id, null, 'returned', promise_act.reason);
    elsif promise_act.act = 'transfer' then
        was := jsonb_build_object('transfer', api.transfer_propose(p.id, 'give', promise_act.organisation, promise_act.member, promise_act.reason));
    elsif promise_act.act = 'team' then
        was := jsonb_build_object('team', p.team_id, 'base_due_on', p.base_due_on, 'base_at', p.base_at);
        update data.promise x set team_id = promise_act.team where x.id = p.id and x.team_id is distinct from promise_act.team;
    else
        perform auth.refuse('invalid', json_build_object('field', 'act'));
    end if;
end
$$;

-- The same act on many employers, each by itself: a refused one keeps nobody else back.
create or replace function api.promise_bulk(act text, establishments bigint[], member bigint, organisation bigint, team bigint, due_on date,
                                            reason text) returns json
    language plpgsql as $$
declare
    batch   bigint := data.batch_open(promise_bulk.act);
    e       bigint;
    done    record;
    code    text;
    detail  text;
    results json[] := '{}';
    n       integer := 0;
begin
    -- In the order that everybody keeps.
    for e in select distinct x from unnest(promise_bulk.establishments) x order by x loop
        begin
            select a.promise, a.was into done
              from api.promise_act(promise_bulk.act, e, promise_bulk.member, promise_bulk.organisation, promise_bulk.team, promise_bulk.due_on,
                                   promise_bulk.reason) a;
            perform data.batch_note(batch, done.promise, done.was);
            results := results || json_build_object('establishment', e, 'promise', done.promise);
            n := n + 1;
        exception
            when sqlstate 'ML000' then
                get stacked diagnostics code = message_text, detail = pg_exception_detail;
                results := results || json_build_object('establishment', e, 'code', code, 'detail', detail::json);
            when unique_violation then
                results := results || json_build_object('establishment', e, 'code', 'transfer_open', 'detail', '{}'::json);
        end;
    end loop;
    return json_build_object('batch', batch, 'done', n, 'refused', cardinality(results) - n, 'rows', array_to_json(results));
end
$$;

-- Takes back what was done to many, by who did it, within two minutes. What has moved on since stays and is told.
create or replace function api.promise_batch_undo(batch bigint) returns json
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    b    promise_batch;
    r    record;
    p    promise;
    kept json[] := '{}';
    why  text;
    n    integer := 0;
begin
    select * into b from promise_batch x where x.id = promise_batch_undo.batch and x.member_id = auth.member() for update;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if b.undone_at is not null or b.at < data.now() - interval '2 minutes' then
        perform auth.refuse('batch_too_late');
    end if;
    for r in select x.*, y.establishment_id from promise_batch_row x join promise y on y.id = x.promise_id
              where x.batch_id = b.id order by y.establishment_id loop
        perform data.promise_hold(r.promise_id);
        select * into p from promise x where x.id = r.promise_id;
        why := data.batch_obstacle(b, p, r.was);
        if why is null then
            if b.act = 'transfer' then
                update transfer t set state = 'withdrawn' where t.id = (r.was ->> 'transfer')::bigint;
            else
                update promise_batch x set undoing = pg_current_xact_id() where x.id = b.id;
                perform data.batch_back(b, p, r.was);
                update promise_batch x set undoing = null where x.id = b.id;
                perform data.log('promise.taken_back', p.establishment_id, null, jsonb_build_object('promise', p.id, 'act', b.act, 'due_on', p.due_on));
            end if;
            n := n + 1;
        else
            kept := kept || json_build_object('establishment', p.establishment_id, 'code', why, 'detail', '{}'::json);
        end if;
    end loop;
    update promise_batch x set undone_at = data.now() where x.id = b.id;
    return json_build_object('batch', b.id, 'done', n, 'refused', cardinality(kept), 'rows', array_to_json(kept));
end
$$;

-- Why one of them stays as it is; null when nothing has happened to it since.
create or replace function data.batch_obstacle(b data.promise_batch, p data.promise, was jsonb) returns text
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    if b.act = 'make' and (p.state <> 'active' or p.extensions > 0 or exists (select from visit v where v.promise_id = p.id)
                           or exists (select from transfer t where t.promise_id = p.id))
       or b.act in ('hand', 'team') and p.state <> 'active'
       or b.act = 'return' and p.state <> 'returned'
       or b.act = 'transfer' and not exists (select from transfer t where t.id = (was ->> 'transfer')::bigint and t.state = 'proposed') then
        return 'promise_moved_on';
    end if;
    if b.act = 'return' then
        return case when exists (select from promise x where x.establishment_id = p.establishment_id and x.state = 'active') then 'promise_taken'
                    when exists (select from standing s where s.establishment_id = p.establishment_id and s.opposed) then 'establishment_opposed'
                    when p.lapses_on < data.today() then 'promise_moved_on' end;
    end if;
    return null;
end
$$;

create or replace function data.batch_back(b data.promise_batch, p data.promise, was jsonb) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if b.act = 'make' then
        update promise x set state = 'undone', ended_at = data.now() where x.id = p.id;
    elsif b.act = 'return' then
        update promise x set state = 'active', ended_at = null, reason = was ->> 'reason' where x.id = p.id;
        update visit v set state = 'planned', reason = null, version = v.version + 1
         where v.id in (select value::bigint from jsonb_array_elements_text(was -> 'visits'));
    elsif b.act = 'hand' then
        update promise x set member_id = (was ->> 'member')::bigint, due_on = (was ->> 'due_on')::date, lapses_on = (was ->> 'lapses_on')::date,
                             base_due_on = (was ->> 'base_due_on')::date, base_at = (was ->> 'base_at')::timestamptz
         where x.id = p.id;
        update visit v set member_id = (was ->> 'member')::bigint, version = v.version + 1
         where v.promise_id = p.id and v.state = 'planned' and v.organisation_id = b.organisation_id and v.planned_at > data.now();
    else
        update promise x set team_id = (was ->> 'team')::bigint, base_due_on = (was ->> 'base_due_on')::date, base_at = (was ->> 'base_at')::timestamptz
         where x.id = p.id;
    end if;
end
$$;
