-- The inbox: reminders raised by time, questions raised by others.

-- The job task.raise: one reminder per subject and mark, whoever looks and however often. Returns how many were raised.
create or replace function data.task_raise() returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    at     timestamptz := data.now();
    today  date := data.today();
    raised integer;
    ending bigint[]; -- offers that end soon
    kept   offer_mail;
begin
    with due (kind, mark, organisation_id, member_id, establishment_id, offer_id, promise_id, need_id, due_on) as (
        -- Five days and one day before a reservation ends.
        select 'offer.opening', case when o.opens_at <= at + interval '1 day' then '1' else '5' end, o.organisation_id, o.member_id,
               o.establishment_id, o.id, null::bigint, null::bigint, (o.opens_at at time zone 'Europe/Paris')::date
          from offer o
         where o.state = 'reserved' and o.opens_at <= at + interval '5 days' and o.opens_at > at
        union all
        -- Nobody is a candidate any more, since the employer's word or since the last one went: the mark is that one, so that each asks
        -- anew. What stands behind a twin waits for nobody.
        select 'offer.unserved', coalesce(c.last::text, ''), o.organisation_id, o.member_id, o.establishment_id, o.id, null, null, today
          from offer o
          join organisation g on g.id = o.organisation_id
          join (select n.code, (data.agreement_in_force(n.code)).unserved_days as days from network n) a on a.code = g.network
         cross join lateral (select max(r.id) as last, max(r.answered_at) as gone_at,
                                    count(*) filter (where r.state not in ('refused', 'withdrawn')) as waiting
                               from referral r where r.offer_id = o.id) c
         where o.state in ('reserved', 'open') and o.replaced_by is null and o.posts_filled = 0 and c.waiting = 0
           and coalesce(c.gone_at, o.confirmed_at) <= at - make_interval(days => a.days)
        union all
        -- An open offer ends in five days: does it still stand? The mark is the end, so that each prolongation asks anew.
        select 'offer.closing', to_char(o.closes_at at time zone 'Europe/Paris', 'YYYY-MM-DD'), o.organisation_id, o.member_id,
               o.establishment_id, o.id, null, null, (o.closes_at at time zone 'Europe/Paris')::date
          from offer o
         where o.state = 'open' and o.closes_at <= at + interval '5 days' and o.closes_at > at
        union all
        -- Seven days and one day before a promise is due; the mark is the day, so that an extension asks anew.
        select 'promise.due', case when p.due_on <= today + 1 then '1 ' else '7 ' end || p.due_on, p.organisation_id, p.member_id,
               p.establishment_id, null, p.id, null, p.due_on
          from promise p
         where p.state = 'active' and p.due_on <= today + 7
           and data.absent_until(p.member_id, p.organisation_id) is null -- who is absent is asked nothing
           and not exists (select from visit v where v.promise_id = p.id and v.state = 'planned' and v.planned_at > at)
        union all
        -- A need that was taken for true ends in ten days: does it still stand? The mark is the day, so that a later one asks anew.
        select 'need.expiring', n.expires_on::text, n.organisation_id, n.member_id, n.establishment_id, null, null, n.id, n.expires_on
          from need n
         where n.state in ('declared', 'confirmed') and n.expires_on between today and today + 10
           and not exists (select from task t where t.kind = 'need.recontact' and t.establishment_id = n.establishment_id and t.done_at is null)),
    made as (
        insert into task (kind, mark, organisation_id, member_id, establishment_id, offer_id, promise_id, need_id, due_on, raised_at)
        select d.*, at from due d
         where not exists (select from task t where t.kind = d.kind and t.mark = d.mark
                              and coalesce(t.offer_id, t.promise_id, t.need_id) = coalesce(d.offer_id, d.promise_id, d.need_id)
                              and coalesce(t.referral_id, 0) = 0)
        on conflict do nothing
        returning id, kind, offer_id, promise_id),
    -- A second reminder takes the place of the first.
    replaced as (
        update task t set done_at = at from made m
         where t.id <> m.id and t.kind = m.kind and t.done_at is null and m.kind in ('offer.opening', 'promise.due')
           and (t.offer_id = m.offer_id or t.promise_id = m.promise_id))
    select count(*), array_agg(offer_id) filter (where kind = 'offer.closing') into raised, ending from made;
    -- The employer who got its link by mail is asked by mail whether the offer still stands: nothing is prolonged without its word.
    -- A link that was handed over by hand these days stays the one that works: the employer has just been asked.
    for kept in
        select x.* from offer_mail x
         where x.offer_id = any (ending)
           and not exists (select from offer_link l where l.offer_id = x.offer_id and l.made_at > at - interval '2 days' and data.offer_link_fault(l) is null)
         order by x.offer_id
    loop
        begin
            perform data.offer_hold(kept.offer_id);
            perform data.offer_letter(kept.offer_id, (select o.member_id from offer o where o.id = kept.offer_id), kept.sealed, kept.email_hash);
        exception when sqlstate 'ML000' then
            null; -- no mail server, or an opposition: the adviser has the task
        when others then -- one letter takes no other and no reminder with it
            raise warning 'offer %: no letter to its employer: % %', kept.offer_id, sqlstate, sqlerrm;
        end;
    end loop;
    -- An answer that nobody put away is old news after two weeks.
    update task t set done_at = at where t.kind in ('referral.answered', 'offer.answered', 'transfer.answered', 'visit.answered') and t.done_at is null and t.raised_at < at - interval '14 days';
    -- What opened, ended or lapsed while its reminder was on the way did not wait for it, and has not seen it.
    update task t set done_at = at from offer o
     where o.id = t.offer_id and t.done_at is null
       and (t.kind = 'offer.opening' and o.state <> 'reserved' or t.kind in ('offer.unserved', 'offer.closing') and o.closed_at is not null);
    update task t set done_at = at from promise p where p.id = t.promise_id and t.done_at is null and t.kind = 'promise.due' and p.state <> 'active';
    return raised;
end
$$;

-- What no longer waits, because the promise ended or has its visit now.
create or replace function data.task_promise_over() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return null; -- with its employer (data.merge_do)
    end if;
    -- A date that moves says nothing of what others were asked.
    update task t set done_at = data.now()
     where t.promise_id = new.id and t.done_at is null and (new.state <> 'active' or t.kind = 'promise.due') and t.kind <> 'transfer.answered';
    return null;
end
$$;
create or replace trigger task_promise_over after update on data.promise
    for each row when (new.state <> 'active' or new.due_on <> old.due_on) execute function data.task_promise_over();

create or replace function data.task_visit_planned() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update task t set done_at = data.now() where t.promise_id = new.promise_id and t.done_at is null and t.kind = 'promise.due';
    return null;
end
$$;
create or replace trigger task_visit_planned after insert on data.visit
    for each row execute function data.task_visit_planned();

create or replace function data.task_guard() returns trigger
    language plpgsql as $$
begin
    if old.done_at is not null then
        perform auth.refuse('task_done');
    end if;
    if new.later_on is distinct from old.later_on and not new.later_on between data.today() + 1 and data.today() + 60 then
        perform auth.refuse('due_out_of_range', json_build_object('field', 'on', 'first_due_on', data.today() + 1,
                                                                  'last_due_on', data.today() + 60));
    end if;
    return new;
end
$$;
create or replace trigger task_guard before update of later_on on data.task
    for each row execute function data.task_guard();

-- Done, or put off to a later day.
create or replace function api.task_settle(task bigint, later_on date) returns void
    language plpgsql as $$
begin
    if not exists (select from data.task t where t.id = task_settle.task) then
        perform auth.refuse('not_found');
    end if;
    if task_settle.later_on is null then
        update data.task t set done_at = data.now(), done_by = auth.member() where t.id = task_settle.task and t.done_at is null;
    else
        update data.task t set later_on = task_settle.later_on where t.id = task_settle.task;
    end if;
end
$$;

create or replace view api.task_row with (security_invoker = true) as
select t.id, t.kind, k.label, k.rank, t.due_on, t.raised_at, t.later_on, t.organisation_id, t.member_id,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = t.member_id) as member,
       (select json_build_object('id', e.id, 'name', e.name, 'city', e.city) from data.establishment e
         where e.id = t.establishment_id) as establishment,
       (select json_build_object('id', f.id, 'title', f.title, 'state', f.state, 'opens_at', f.opens_at, 'closes_at', f.closes_at)
          from data.offer f where f.id = t.offer_id) as offer,
       t.promise_id as promise,
       (select json_build_object('id', r.id, 'reference', r.reference, 'state', r.state, 'refusal', x.label)
          from data.referral r left join data.referral_refusal x on x.code = r.refusal where r.id = t.referral_id) as referral,
       (select l.comment from data.offer_link l where l.offer_id = t.offer_id and t.kind in ('offer.correct', 'offer.answered') and l.id = t.mark::bigint) as comment,
       (select x.name from data.team x where x.id = t.team_id) as team,
       (select json_build_object('id', x.id, 'kind', x.kind, 'state', x.state,
                   'partner', case when x.from_organisation_id = t.organisation_id then g.short_name else f.short_name end,
                   'text', case when x.state = 'proposed' then x.message else x.reason end)
          from data.transfer x join data.organisation f on f.id = x.from_organisation_id join data.organisation g on g.id = x.to_organisation_id
         where t.kind in ('transfer.answer', 'transfer.answered') and x.id = t.mark::bigint) as transfer,
       (select r.next_action from data.report r where t.kind in ('action.due', 'action.late')
           and r.visit_id = split_part(t.mark, ' ', 1)::bigint) as action,
       (select json_build_object('id', m.id, 'name', m.name) from data.visit w join data.member m on m.id = w.member_id
         where t.kind in ('report.late', 'action.late') and w.id = split_part(t.mark, ' ', 1)::bigint) as author,
       (select json_build_object('id', n.id, 'rome_label', n.rome_label, 'posts', n.posts) from api.need_row n where n.id = t.need_id) as need,
       (select json_build_object('id', l.id, 'kind', l.kind, 'employer', l.employer, 'from', o.short_name)
          from data.lead l join data.organisation o on o.id = l.organisation_id where l.id = t.lead_id) as lead,
       (select json_build_object('id', f.id, 'name', f.name, 'error', r.error, 'missing', r.missing)
          from data.feed f left join data.feed_run r on r.id = case when t.feed_id is not null then t.mark::bigint end and r.feed_id = f.id where f.id = t.feed_id) as feed,
       (select json_build_object('answer', l.answer, 'by', l.answered_by, 'posts', l.posts) from data.offer_link l
         where t.kind = 'offer.answered' and l.id = t.mark::bigint) as employer
  from data.task t join data.task_kind k on k.code = t.kind
 where t.done_at is null;
