-- Reminders of reports and of what they announced: to who made the visit, then to the managers of their organisation.

-- The same job raises these (task.raise). Each reminder once: the mark names the visit, and the manager who is told. Returns
-- how many were raised.
create or replace function data.task_follow() returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    at     timestamptz := data.now();
    today  date := data.today();
    raised integer;
begin
    with waiting as (
        -- The day after a visit its report is due.
        select 'report' as what, v.id as visit, v.promise_id, v.organisation_id, v.member_id, v.establishment_id,
               data.working_day_after((v.planned_at at time zone 'Europe/Paris')::date, 1) as due_on
          from visit v
         where v.state = 'planned' and v.planned_at < at and v.planned_at > at - interval '60 days'
        union all
        select 'action', r.visit_id, v.promise_id, r.organisation_id, r.member_id, r.establishment_id, r.next_action_on
          from report r join visit v on v.id = r.visit_id
         where r.next_action is not null and r.next_action_on between today - 60 and today
           -- Touched since by the same organisation: done.
           and not exists (select from contact_event c where c.establishment_id = r.establishment_id
                              and c.organisation_id = r.organisation_id and c.at > r.written_at)
           and not exists (select from visit w where w.establishment_id = r.establishment_id and w.organisation_id = r.organisation_id
                              and w.state = 'planned' and w.planned_at > at)),
    due (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on) as (
        select w.what || '.due', w.visit::text, w.organisation_id, w.member_id, w.establishment_id, w.promise_id, w.due_on
          from waiting w where w.due_on <= today
        union all
        -- Two working days later the managers hear of it too, unless it was put away.
        select w.what || '.late', w.visit || ' ' || m.member_id, w.organisation_id, m.member_id, w.establishment_id, w.promise_id, w.due_on
          from waiting w
          join membership m on m.organisation_id = w.organisation_id and m.role = 'manager' and m.member_id <> w.member_id
                           and (m.ended_on is null or m.ended_on > today)
         where data.working_day_after(w.due_on, 2) <= today
           and not exists (select from task t where t.kind = w.what || '.due' and t.mark = w.visit::text
                              and (t.done_at is not null or t.later_on > today))),
    made as (
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        select d.*, at from due d
         where not exists (select from task t where t.kind = d.kind and t.mark = d.mark and t.promise_id = d.promise_id)
        on conflict do nothing
        returning id)
    select count(*) into raised from made;
    return raised;
end
$$;

-- Written, corrected, or the visit cancelled: what waited for it waits no more.
create or replace function data.task_reported() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if data.is_moving() then
        return null;
    end if;
    if tg_table_name = 'report' then
        update task t set done_at = data.now()
         where t.kind in ('report.due', 'report.late') and split_part(t.mark, ' ', 1) = new.visit_id::text and t.done_at is null;
        if tg_op = 'UPDATE' and new.next_action_on is distinct from old.next_action_on then
            update task t set done_at = data.now()
             where t.kind in ('action.due', 'action.late') and split_part(t.mark, ' ', 1) = new.visit_id::text and t.done_at is null;
        end if;
    else
        update task t set done_at = data.now()
         where t.kind in ('report.due', 'report.late') and split_part(t.mark, ' ', 1) = new.id::text and t.done_at is null;
    end if;
    return null;
end
$$;
create or replace trigger task_reported after insert or update on data.report
    for each row execute function data.task_reported();
create or replace trigger task_visit_over after update of state on data.visit
    for each row when (new.state <> 'planned') execute function data.task_reported();

-- The adviser who puts an action away, or a new touch of the employer, answers for the managers too.
create or replace function data.task_action_over() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_table_name = 'task' then
        update task t set done_at = new.done_at, done_by = new.done_by
         where t.promise_id = new.promise_id and t.kind = 'action.late' and split_part(t.mark, ' ', 1) = new.mark and t.done_at is null;
    elsif not data.is_moving() then
        update task t set done_at = data.now()
         where t.establishment_id = new.establishment_id and t.organisation_id = new.organisation_id
           and t.kind in ('action.due', 'action.late') and t.done_at is null;
    end if;
    return null;
end
$$;
create or replace trigger task_action_over after update on data.task
    for each row when (new.kind = 'action.due' and old.done_at is null and new.done_at is not null)
    execute function data.task_action_over();
create or replace trigger task_action_touched after insert on data.contact_event
    for each row execute function data.task_action_over();
