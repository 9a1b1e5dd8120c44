-- Leads: what contributors (chambers, OPCO, communes, maisons de l'emploi) hear of employers, sent to one organisation, taken
-- up there, and followed to their end by who sent them. A confidential one is read by its recipient and its author alone.

-- Whether a lead is read by the person who asks; the policies of all that hangs on leads say the same.
create or replace function auth.reads_lead(l data.lead) returns boolean
    language sql stable
    return case
        when auth.role() = 'contributor' then l.organisation_id = auth.organisation() and (not l.confidential or l.member_id = auth.member())
        when not auth.is_partner() then false
        when l.recipient_id = auth.organisation() then not l.confidential or l.recipient_member_id is null or l.recipient_member_id = auth.member()
        else not l.confidential and l.establishment_id is not null and auth.sees(l.establishment_id) end;

create or replace function data.lead_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    way lead_transition;
begin
    if tg_op = 'INSERT' then
        new.state := 'sent';
        new.version := 1;
        new.made_at := data.now();
        new.answered_at := null;
        -- To a partner of the same territory; to somebody who works there now.
        if not exists (select from organisation o join network n on n.code = o.network and n.kind = 'partner'
                         join organisation s on s.id = new.organisation_id
                        where o.id = new.recipient_id and o.territory_id = s.territory_id)
           or new.recipient_member_id is not null
              and not exists (select from membership m where m.member_id = new.recipient_member_id and m.organisation_id = new.recipient_id
                                 and m.role in ('adviser', 'manager') and (m.ended_on is null or m.ended_on > current_date)) then
            perform auth.refuse('lead_recipient');
        end if;
        return new;
    end if;
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    new.version := old.version + 1;
    if (new.organisation_id, new.member_id, new.kind, new.employer, new.commune_code, new.told, new.confidential, new.recipient_id,
        new.recipient_member_id, new.made_at)
       is distinct from (old.organisation_id, old.member_id, old.kind, old.employer, old.commune_code, old.told, old.confidential, old.recipient_id,
                         old.recipient_member_id, old.made_at)
       or old.establishment_id is not null and new.establishment_id is distinct from old.establishment_id then
        perform auth.refuse('lead_fixed');
    end if;
    if new.state = old.state then
        if old.state not in ('sent', 'taken') then
            perform auth.refuse('lead_transition', json_build_object('from', old.state, 'to', new.state));
        end if;
        return new;
    end if;
    select * into way from lead_transition t where t.from_state = old.state and t.to_state = new.state;
    if not found then
        perform auth.refuse('lead_transition', json_build_object('from', old.state, 'to', new.state));
    end if;
    if auth.organisation() is distinct from (case when way.by_recipient then old.recipient_id else old.organisation_id end) then
        perform auth.refuse('forbidden');
    end if;
    if new.state in ('done', 'declined') then
        new.answered_at := data.now();
    end if;
    if way.by_recipient then
        new.taken_by := coalesce(old.taken_by, auth.member());
    end if;
    return new;
end
$$;
create or replace trigger lead_guard before insert or update on data.lead
    for each row execute function data.lead_guard();

-- The log names the employer of a lead that everybody may read, and nothing of a confidential one.
create or replace function data.lead_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' and (new.state = old.state or data.is_moving()) then
        return null;
    end if;
    insert into lead_step (lead_id, from_state, to_state, at, member_id, organisation_id)
    values (new.id, case when tg_op = 'UPDATE' then old.state end, new.state, data.now(), coalesce(auth.member(), new.member_id),
            coalesce(auth.organisation(), new.organisation_id));
    perform data.log('lead.' || new.state, case when not new.confidential then new.establishment_id end, null,
        jsonb_strip_nulls(jsonb_build_object('lead', new.id, 'kind', case when not new.confidential then new.kind end, 'outcome', new.outcome)),
        new.member_id, new.organisation_id);
    if tg_op = 'INSERT' then
        insert into task (kind, organisation_id, member_id, lead_id, due_on, raised_at)
        values ('lead.answer', new.recipient_id, new.recipient_member_id, new.id, data.working_day_after(data.today(), 3), data.now());
    else
        update task t set done_at = data.now(), done_by = auth.member()
         where t.lead_id = new.id and t.done_at is null and (t.kind = 'lead.answer' and new.state <> 'sent' or new.state = 'withdrawn');
    end if;
    return null;
end
$$;
create or replace trigger lead_told after insert or update on data.lead
    for each row execute function data.lead_told();

-- Employers as the register shows them to everybody, for who writes a lead: nothing that partners added, and none that asked
-- not to be shown. Under the name that people know, with the one that the law knows where that is another.
drop function if exists api.lead_employers(text, integer);
create function api.lead_employers(q text, most integer)
    returns table (id bigint, siret text, name text, legal_name text, city text, commune_code text)
    language plpgsql stable security definer set search_path = data, ext, pg_temp rows 20 as $$
#variable_conflict use_column
declare
    digits text := regexp_replace(lead_employers.q, '[[:space:].]', '', 'g');
    words  text[] := array(select replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_')
                             from regexp_split_to_table(trim(data.fold(left(lead_employers.q, 100))), '\s+') w where w <> '');
begin
    if auth.role() is distinct from 'contributor' and not auth.is_partner() or cardinality(words) = 0 or length(trim(lead_employers.q)) < 3 then
        return;
    end if;
    return query
        select e.id, e.siret::text, n.known, case when data.fold(n.legal) <> data.fold(n.known) then n.legal end, e.city, e.commune_code::text
          from establishment e
         cross join lateral (select coalesce(x.brand, x.usual, x.legal) as known, x.legal
                               from (select case when b.field is null then e.brand else b.register_value end as brand,
                                            case when u.field is null then e.usual_name else u.register_value end as usual,
                                            case when l.field is null then e.legal_name else l.register_value end as legal
                                       from (select) one
                                       left join establishment_value b on b.establishment_id = e.id and b.field = 'brand'
                                       left join establishment_value u on u.establishment_id = e.id and u.field = 'usual_name'
                                       left join establishment_value l on l.establishment_id = e.id and l.field = 'legal_name') x) n
         where e.status = 'A' and e.diffusion = 'O' and e.merged_into is null and e.siret is not null
           and exists (select from territory_commune tc where tc.territory_id = auth.territory() and tc.commune_code = e.commune_code)
           and case when digits ~ '^[0-9]{5,14}$' then e.siret >= digits and e.siret < rpad(digits, 15, ':')
                    else e.search like '%' || words[1] || '%' and (words[2] is null or e.search like '%' || words[2] || '%')
                         and (words[3] is null or e.search like '%' || words[3] || '%') end
         order by e.sort_name, e.id limit least(lead_employers.most, 20);
end
$$;

-- Sends a lead; returns its id. At most fifty a day of one person.
create or replace function api.lead_send(kind text, establishment bigint, employer text, commune text, told text, confidential boolean,
                                         recipient bigint, recipient_member bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made  bigint;
    named text := trim(lead_send.employer);
    place text := lead_send.commune;
begin
    if auth.role() is distinct from 'contributor' then
        perform auth.refuse('forbidden');
    end if;
    if (select count(*) from lead l where l.member_id = auth.member() and l.made_at > data.now() - interval '1 day') >= 50 then
        perform auth.refuse('lead_most');
    end if;
    if lead_send.establishment is not null then
        select coalesce(x.usual_name, x.legal_name, x.name), x.commune_code into named, place from establishment x
          join territory_commune tc on tc.commune_code = x.commune_code and tc.territory_id = auth.territory()
         where x.id = lead_send.establishment and x.diffusion = 'O' and x.merged_into is null;
        if not found then
            perform auth.refuse('not_found');
        end if;
    elsif lead_send.commune is not null and not exists (select from territory_commune tc
                                                         where tc.territory_id = auth.territory() and tc.commune_code = lead_send.commune) then
        perform auth.refuse('invalid', json_build_object('field', 'commune'));
    end if;
    insert into lead (organisation_id, member_id, kind, establishment_id, employer, commune_code, told, confidential, recipient_id, recipient_member_id)
    values (auth.organisation(), auth.member(), lead_send.kind, lead_send.establishment,
            left(named, 200), place, trim(lead_send.told),
            lead_send.confidential, lead_send.recipient, lead_send.recipient_member)
    returning id into made;
    return made;
end
$$;

-- A lead that one may answer, held.
create or replace function data.lead_hold(of_lead bigint) returns data.lead
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l lead;
begin
    select * into l from lead x where x.id = lead_hold.of_lead for update;
    if l.id is null or not auth.reads_lead(l) then
        perform auth.refuse('not_found');
    end if;
    if not (auth.can_write() and l.recipient_id = auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    return l;
end
$$;

-- Taken up, or declined with an answer.
create or replace function api.lead_move(lead bigint, state text, answer text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.lead_hold(lead_move.lead);
    update lead x set state = lead_move.state, answer = coalesce(nullif(trim(lead_move.answer), ''), x.answer),
                      outcome = case when lead_move.state = 'done' then 'answer' end
     where x.id = lead_move.lead;
end
$$;

create or replace function api.lead_withdraw(lead bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l lead;
begin
    select * into l from lead x where x.id = lead_withdraw.lead for update;
    if l.id is null or not auth.reads_lead(l) then
        perform auth.refuse('not_found');
    end if;
    if auth.role() is distinct from 'contributor' then
        perform auth.refuse('forbidden');
    end if;
    update lead x set state = 'withdrawn' where x.id = l.id;
end
$$;

-- Which employer of the list it speaks of, when the contributor could only write a name.
create or replace function api.lead_tie(lead bigint, establishment bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.lead_hold(lead_tie.lead);
    if not auth.sees(lead_tie.establishment) then
        perform auth.refuse('invalid', json_build_object('field', 'establishment'));
    end if;
    update lead x set establishment_id = lead_tie.establishment where x.id = lead_tie.lead;
end
$$;

-- Made a need of its employer; returns the need.
create or replace function api.lead_need(lead bigint, rome text, posts integer, horizon text, answer text) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l    lead := data.lead_hold(lead_need.lead);
    made bigint;
begin
    if l.establishment_id is null or not auth.sees(l.establishment_id) then
        perform auth.refuse('invalid', json_build_object('field', 'establishment'));
    end if;
    insert into need (establishment_id, organisation_id, member_id, rome, posts, horizon, source)
    values (l.establishment_id, auth.organisation(), auth.member(), lead_need.rome, lead_need.posts::smallint, lead_need.horizon, 'contributor')
    returning id into made;
    update lead x set state = 'done', outcome = 'need', need_id = made, answer = nullif(trim(lead_need.answer), '') where x.id = l.id;
    return made;
end
$$;

-- Somebody will go there: the promise of a visit, with its own rules. Returns the promise.
create or replace function api.lead_promise(lead bigint, due_on date, answer text, override_reason text) returns bigint
    language plpgsql as $$
declare
    l    record;
    made bigint;
begin
    select x.establishment_id into l from data.lead x where x.id = lead_promise.lead;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if l.establishment_id is null then
        perform auth.refuse('invalid', json_build_object('field', 'establishment'));
    end if;
    made := api.promise_make(l.establishment_id, lead_promise.due_on, lead_promise.override_reason);
    perform api.lead_promised(lead_promise.lead, made, lead_promise.answer);
    return made;
end
$$;
create or replace function api.lead_promised(lead bigint, promise bigint, answer text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l lead := data.lead_hold(lead_promised.lead);
begin
    if not exists (select from promise p where p.id = lead_promised.promise and p.establishment_id = l.establishment_id
                      and p.organisation_id = auth.organisation() and p.state = 'active') then
        perform auth.refuse('promise_not_active');
    end if;
    update lead x set state = 'done', outcome = 'promise', promise_id = lead_promised.promise, answer = nullif(trim(lead_promised.answer), '')
     where x.id = l.id;
end
$$;

-- Something to do by a day, for a member of the organisation.
create or replace function api.lead_task(lead bigint, member bigint, due_on date, answer text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    l   lead := data.lead_hold(lead_task.lead);
    who bigint := coalesce(lead_task.member, auth.member());
begin
    if lead_task.due_on not between data.today() and data.today() + 60 then
        perform auth.refuse('due_out_of_range', json_build_object('field', 'due_on', 'first_due_on', data.today(), 'last_due_on', data.today() + 60));
    end if;
    if not exists (select from membership m where m.member_id = who and m.organisation_id = auth.organisation() and m.role in ('adviser', 'manager')
                      and (m.ended_on is null or m.ended_on > current_date))
       or l.confidential and l.recipient_member_id is not null and who <> l.recipient_member_id then
        perform auth.refuse('invalid', json_build_object('field', 'member'));
    end if;
    update lead x set state = 'done', outcome = 'task', answer = nullif(trim(lead_task.answer), '') where x.id = l.id;
    insert into task (kind, organisation_id, member_id, establishment_id, lead_id, due_on, raised_at)
    values ('lead.follow', auth.organisation(), who, case when not l.confidential then l.establishment_id end, l.id, lead_task.due_on, data.now());
end
$$;

-- What became of it, in words that a contributor may read: states and days, no other data of the employer or the partners.
create or replace function api.lead_fate(of_lead bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select case l.outcome
               when 'need' then (select json_build_object('need', n.state, 'offer', (select o.state from data.offer o
                                     where o.need_id = n.id and o.state in ('open', 'filled') order by o.id desc limit 1))
                                   from data.need n where n.id = l.need_id)
               when 'promise' then (select json_build_object('promise', p.state, 'visited_at', (select max(v.planned_at) from data.visit v
                                       where v.promise_id = p.id and v.state = 'done')) from data.promise p where p.id = l.promise_id)
               when 'task' then (select json_build_object('task', case when t.done_at is null then 'waiting' else 'done' end) from data.task t
                                  where t.lead_id = l.id and t.kind = 'lead.follow' order by t.id desc limit 1) end
          from data.lead l
         where l.id = lead_fate.of_lead and auth.reads_lead(l);
    end;

create or replace view api.lead_row with (security_invoker = true) as
select l.id, l.kind, l.employer, (select json_build_object('id', e.id, 'name', e.name, 'city', e.city) from data.establishment e
                                   where e.id = l.establishment_id) as establishment,
       l.establishment_id is not null as tied, c.name as commune, l.told, l.confidential, api.organisation_ref(o) as organisation,
       json_build_object('id', m.id, 'name', m.name) as member, api.organisation_ref(r) as recipient,
       (select json_build_object('id', x.id, 'name', x.name) from data.member x where x.id = l.recipient_member_id) as recipient_member,
       l.state, l.outcome, l.answer, (select x.name from data.member x where x.id = l.taken_by) as taken_by, l.need_id as need,
       l.promise_id as promise, api.lead_fate(l.id) as fate, l.made_at, l.answered_at,
       l.recipient_id = auth.organisation() and auth.can_write() as ours, l.version
  from data.lead l
  join data.organisation o on o.id = l.organisation_id
  join data.member m on m.id = l.member_id
  join data.organisation r on r.id = l.recipient_id
  left join data.commune c on c.code = l.commune_code;
