-- The report after it was written: corrections that keep the former text.

-- Only its text changes, never what it stands on; the former text goes to the history. A report that kept the promise
-- does not become one that did not reach anybody: the rest period and the promise of others may stand on it.
create or replace function data.report_corrected() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    had  outcome := (select x from outcome x where x.code = old.outcome);
    has  outcome := (select x from outcome x where x.code = new.outcome);
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if had.reached and not has.reached then
        perform auth.refuse('report_reached', json_build_object('field', 'outcome'));
    end if;
    if new.done_at > data.now() + interval '5 minutes' then
        perform auth.refuse('report_in_the_future', json_build_object('field', 'done_at'));
    end if;
    if new.done_at <> old.done_at and new.done_at < data.now() - interval '5 years' then -- the clock of a telephone that begins anew
        perform auth.refuse('report_long_ago', json_build_object('field', 'done_at'));
    end if;
    if new.next_action is null and new.next_action_on is not null then
        perform auth.refuse('invalid', json_build_object('field', 'next_action'));
    end if;
    if new.contact_id is distinct from old.contact_id and new.contact_id is not null
       and not exists (select from contact c where c.id = new.contact_id
                          and c.establishment_id = new.establishment_id and c.erased_at is null) then
        perform auth.refuse('invalid', json_build_object('field', 'contact'));
    end if;
    insert into report_revision (visit_id, version, member_id, organisation_id, written_at, replaced_by, replaced_at, outcome,
                                 done_at, contact_id, next_action, next_action_on, shared_note, needs)
    values (old.visit_id, old.version, old.member_id, old.organisation_id, old.written_at, coalesce(auth.member(), old.member_id),
            data.now(), old.outcome, old.done_at, old.contact_id, old.next_action, old.next_action_on, old.shared_note,
            (select coalesce(jsonb_agg(jsonb_build_object('rome', n.rome, 'posts', n.posts, 'horizon', n.horizon,
                                                          'contract', n.contract) order by n.id), '[]')
               from need n where n.visit_id = old.visit_id and n.state <> 'abandoned'));
    insert into report_note_revision (visit_id, version, organisation_id, network, note)
    select n.visit_id, old.version, n.organisation_id, n.network, n.note from report_note n where n.visit_id = old.visit_id;
    new.version := old.version + 1;
    new.written_at := data.now();
    new.member_id := coalesce(auth.member(), old.member_id);
    return new;
end
$$;
create or replace trigger report_corrected before update on data.report
    for each row execute function data.report_corrected();

create or replace function data.report_corrected_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    has outcome := (select x from outcome x where x.code = new.outcome);
begin
    if data.is_moving() then
        return null;
    end if;
    perform data.log('report.corrected', new.establishment_id, null,
        jsonb_build_object('visit', new.visit_id, 'version', new.version, 'outcome', new.outcome, 'done_at', new.done_at),
        new.member_id, new.organisation_id);
    if has.reached and not exists (select from contact_event c where c.visit_id = new.visit_id) then
        update promise p set state = 'kept' from visit v
         where v.id = new.visit_id and p.id = v.promise_id and p.state = 'active';
        insert into contact_event (establishment_id, organisation_id, member_id, kind, at, visit_id)
        values (new.establishment_id, new.organisation_id, new.member_id, 'visit', new.done_at, new.visit_id);
    end if;
    if new.outcome = 'refused' and old.outcome <> 'refused' then
        insert into opposition (establishment_id, organisation_id, member_id, reason)
        values (new.establishment_id, new.organisation_id, new.member_id, 'Refus exprimé lors d’une visite')
        on conflict do nothing;
    end if;
    return null;
end
$$;
create or replace trigger report_corrected_told after update on data.report
    for each row execute function data.report_corrected_told();

-- Corrects the report of a visit of one's own organisation, if `version` is still the current one. Needs that are no
-- longer named are abandoned, unless an offer came of them.
create or replace function api.report_correct(visit bigint, version integer, outcome text, done_at timestamptz, contact bigint,
                                              needs json, next_action text, next_action_on date, shared_note text,
                                              network_note text) returns void
    language plpgsql as $$
declare
    r record;
begin
    select x.version, x.organisation_id, x.establishment_id into r from data.report x where x.visit_id = report_correct.visit for update;
    if not found then
        if exists (select from data.report x where x.visit_id = report_correct.visit) then
            perform auth.refuse('forbidden'); -- another organisation's: seen, never written
        end if;
        perform auth.refuse('not_found');
    end if;
    if r.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    if r.version <> report_correct.version then
        perform auth.refuse('precondition_failed', json_build_object('version', r.version));
    end if;
    update data.report x
       set outcome = report_correct.outcome, done_at = coalesce(report_correct.done_at, x.done_at), contact_id = report_correct.contact,
           next_action = nullif(trim(report_correct.next_action), ''), next_action_on = report_correct.next_action_on,
           shared_note = nullif(trim(report_correct.shared_note), '')
     where x.visit_id = report_correct.visit;
    if nullif(trim(report_correct.network_note), '') is null then
        delete from data.report_note n where n.visit_id = report_correct.visit and n.organisation_id = auth.organisation();
    else
        insert into data.report_note (visit_id, organisation_id, network, note)
        values (report_correct.visit, auth.organisation(), auth.network(), trim(report_correct.network_note))
        on conflict (visit_id, organisation_id) do update set note = excluded.note;
    end if;
    -- The same need named again stays the same row, with what hangs on it.
    with named as (
        select n.rome, coalesce(n.posts, 1)::smallint as posts, coalesce(n.horizon, 'now') as horizon, n.contract,
               row_number() over (partition by n.rome, coalesce(n.posts, 1), coalesce(n.horizon, 'now'), n.contract) as copy
          from json_to_recordset(coalesce(report_correct.needs, '[]')) n (rome text, posts smallint, horizon text, contract text)),
    standing as (
        select d.id, d.rome, d.posts, d.horizon, d.contract, d.state,
               row_number() over (partition by d.rome, d.posts, d.horizon, d.contract order by d.id) as copy
          from data.need d where d.visit_id = report_correct.visit and d.state <> 'abandoned'),
    gone as (
        update data.need d set state = 'abandoned', reason = 'Retiré du compte rendu' from standing s
         where d.id = s.id and s.state in ('declared', 'confirmed')
           and not exists (select from named n where (n.rome, n.posts, n.horizon, n.contract, n.copy)
                                     is not distinct from (s.rome, s.posts, s.horizon, s.contract, s.copy)))
    insert into data.need (establishment_id, organisation_id, member_id, visit_id, rome, posts, horizon, contract)
    select r.establishment_id, auth.organisation(), auth.member(), report_correct.visit, n.rome, n.posts, n.horizon, n.contract
      from named n
     where not exists (select from standing s where (n.rome, n.posts, n.horizon, n.contract, n.copy)
                                 is not distinct from (s.rome, s.posts, s.horizon, s.contract, s.copy));
end
$$;

-- The former texts of a report, the oldest first; with the note of a network for that network.
create or replace view api.report_revision_row with (security_invoker = true) as
select v.visit_id, v.version, v.written_at, v.replaced_at,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = v.member_id) as member,
       (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = v.replaced_by) as replaced_by,
       v.outcome, o.label as outcome_label, v.done_at, v.next_action, v.next_action_on, v.shared_note,
       (select string_agg(n.note, E'\n\n' order by n.organisation_id) from data.report_note_revision n
         where n.visit_id = v.visit_id and n.version = v.version) as network_note,
       (select coalesce(json_agg(json_build_object('rome', n ->> 'rome', 'rome_label', r.label, 'posts', n -> 'posts',
                                                   'horizon', n ->> 'horizon', 'contract', n ->> 'contract')), '[]')
          from jsonb_array_elements(v.needs) n join data.rome r on r.code = n ->> 'rome') as needs,
       api.answers_of(v.visit_id, v.version) as answers
  from data.report_revision v join data.outcome o on o.code = v.outcome;
