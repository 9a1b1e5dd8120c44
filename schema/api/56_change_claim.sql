-- Claims about an employer: closed, moved, unreachable. One partner says so, everybody reads « signalé, à confirmer »; a
-- second partner or the register makes it true for the list. Who said it never confirms it, nor does their organisation.

create or replace function data.claim_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if tg_op = 'INSERT' then
        new.state := 'open';
        new.made_at := data.now();
        new.settled_at := null;
        if exists (select from establishment e where e.id = new.establishment_id and e.status = 'F') then
            perform auth.refuse('establishment_closed');
        end if;
        return new;
    end if;
    if old.state <> 'open' and not (old.state = 'confirmed' and new.state = 'denied' and new.settled_how = 'register') then
        perform auth.refuse('claim_settled');
    end if;
    if (new.establishment_id, new.organisation_id, new.member_id, new.kind, new.made_at, new.detail, new.visit_id)
       is distinct from (old.establishment_id, old.organisation_id, old.member_id, old.kind, old.made_at, old.detail, old.visit_id) then
        perform auth.refuse('claim_settled');
    end if;
    if new.state = 'confirmed' and new.settled_how <> 'register'
       and (new.settled_by = old.organisation_id or new.settled_member = old.member_id) then
        perform auth.refuse('claim_own');
    end if;
    new.settled_at := data.now();
    return new;
end
$$;
create or replace trigger claim_guard before insert or update on data.claim
    for each row execute function data.claim_guard();

-- What was promised to an employer that is no longer there is freed, visits planned with it.
create or replace function data.claim_close(establishment bigint, said text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update visit v set state = 'cancelled', reason = said
     where v.state = 'planned' and v.promise_id in (select p.id from promise p where p.establishment_id = claim_close.establishment and p.state = 'active');
    update promise p set state = 'returned', reason = said where p.establishment_id = claim_close.establishment and p.state = 'active';
end
$$;

create or replace function data.claim_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return null;
    end if;
    perform data.log(case when tg_op = 'INSERT' then 'claim.made' else 'claim.' || new.state end, new.establishment_id, null,
        jsonb_strip_nulls(jsonb_build_object('claim', new.id, 'kind', new.kind, 'how', new.settled_how)),
        coalesce(new.settled_member, new.member_id), coalesce(new.settled_by, new.organisation_id));
    if new.state = 'confirmed' and new.kind in ('closed', 'moved') and new.settled_how <> 'register' then
        perform data.claim_close(new.establishment_id, case new.kind when 'moved' then 'Établissement déménagé, confirmé par un second partenaire'
                                                                     else 'Établissement fermé, confirmé par un second partenaire' end);
        perform set_config('maillage.claim', 'on', true); -- the register has said nothing (data.claim_register)
        update establishment e set status = 'F', closed_on = (new.made_at at time zone 'Europe/Paris')::date
         where e.id = new.establishment_id and e.status = 'A';
        perform set_config('maillage.claim', '', true);
    end if;
    return null;
end
$$;
create or replace trigger claim_told after insert or update on data.claim
    for each row execute function data.claim_told();

-- The register has its say: it confirms what was claimed when it closes an establishment. An older word of it does not
-- open again what two partners saw closed; a newer one does, and denies the claim.
create or replace function data.claim_register() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c claim;
begin
    if current_setting('maillage.claim', true) = 'on' then
        return new;
    elsif new.status = 'F' and old.status = 'A' then
        update claim x set state = 'confirmed', settled_how = 'register'
         where x.establishment_id = new.id and x.state = 'open' and x.kind in ('closed', 'moved');
    elsif new.status = 'A' and old.status = 'F' then
        select * into c from claim x
         where x.establishment_id = new.id and x.state = 'confirmed' and x.kind in ('closed', 'moved') and x.settled_how = 'partner'
         order by x.id desc limit 1;
        if not found then
            return new;
        elsif new.register_date is not null and new.register_date > (c.settled_at at time zone 'Europe/Paris')::date then
            update claim x set state = 'denied', settled_how = 'register', settled_by = null, settled_member = null where x.id = c.id;
        else
            new.status := 'F';
            new.closed_on := old.closed_on;
        end if;
    end if;
    return new;
end
$$;
create or replace trigger claim_register before update of status on data.establishment
    for each row when (new.status <> old.status) execute function data.claim_register();

-- Says that an employer is closed, moved or out of reach: confirms what another partner said already, else opens a claim.
-- Two at the same time: the second waits for the first and confirms it. Returns the claim.
create or replace function data.claim_say(establishment bigint, kind text, detail text, visit bigint, organisation bigint, member bigint)
    returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    c    claim;
    made bigint;
begin
    insert into claim as x (establishment_id, organisation_id, member_id, visit_id, kind, detail, made_at)
    values (claim_say.establishment, claim_say.organisation, claim_say.member, claim_say.visit, claim_say.kind,
            nullif(trim(claim_say.detail), ''), data.now())
    on conflict (establishment_id, kind) where state = 'open' do nothing
    returning x.id into made;
    if made is not null then
        return made;
    end if;
    select * into c from claim x
     where x.establishment_id = claim_say.establishment and x.kind = claim_say.kind and x.state = 'open' for update;
    if c.id is not null and c.organisation_id <> claim_say.organisation and c.member_id <> claim_say.member then
        update claim x set state = 'confirmed', settled_how = 'partner', settled_by = claim_say.organisation, settled_member = claim_say.member
         where x.id = c.id;
    end if;
    return c.id;
end
$$;

-- A report speaks too: closed says so; somebody met denies what others claimed before.
create or replace function data.claim_report() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() or (tg_op = 'UPDATE' and new.outcome = old.outcome) then
        return null;
    end if;
    if new.outcome = 'closed' and exists (select from establishment e where e.id = new.establishment_id and e.status = 'A') then
        perform data.claim_say(new.establishment_id, 'closed', null, new.visit_id, new.organisation_id, new.member_id);
    elsif (select o.reached from outcome o where o.code = new.outcome) then
        update claim c set state = 'denied', settled_how = 'visit', settled_by = new.organisation_id, settled_member = new.member_id
         where c.establishment_id = new.establishment_id and c.state = 'open' and c.made_at < new.done_at;
    end if;
    return null;
end
$$;
-- By its name after report_told, which ends the visit.
create or replace trigger report_told_claim after insert or update on data.report
    for each row execute function data.claim_report();

create or replace function api.claim_make(establishment bigint, kind text, detail text) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    if not auth.sees(claim_make.establishment) then
        perform auth.refuse('not_found');
    end if;
    return data.claim_say(claim_make.establishment, claim_make.kind, claim_make.detail, null, auth.organisation(), auth.member());
end
$$;

-- Confirms or denies what another partner said, or takes back what one's own organisation said.
create or replace function api.claim_settle(claim bigint, state text, reason text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c data.claim;
begin
    select * into c from data.claim x where x.id = claim_settle.claim for update;
    if c.id is null or not auth.sees(c.establishment_id) then
        perform auth.refuse('not_found');
    end if;
    if not auth.can_write() or (claim_settle.state = 'withdrawn' and c.organisation_id <> auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    if claim_settle.state <> 'withdrawn' and (c.organisation_id = auth.organisation() or c.member_id = auth.member()) then
        perform auth.refuse('claim_own');
    end if;
    if claim_settle.state = 'denied' and length(trim(coalesce(claim_settle.reason, ''))) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    update data.claim x
       set state = claim_settle.state, settled_how = case claim_settle.state when 'withdrawn' then 'author' else 'partner' end,
           settled_by = auth.organisation(), settled_member = auth.member(), reason = nullif(trim(claim_settle.reason), '')
     where x.id = c.id;
end
$$;

create or replace view api.claim_row with (security_invoker = true) as
select c.id, c.establishment_id, c.kind, c.detail, c.made_at, c.state, c.settled_at, c.settled_how, c.reason, c.visit_id as visit,
       api.organisation_ref(o) as organisation,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = c.member_id) as member,
       (select api.organisation_ref(s) from data.organisation s where s.id = c.settled_by) as settled_by,
       c.organisation_id = auth.organisation() as mine
  from data.claim c join data.organisation o on o.id = c.organisation_id;
