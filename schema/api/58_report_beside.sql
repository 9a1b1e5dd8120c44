-- What a report says besides: offers to be made of its needs, that the employer moved or cannot be reached, that the person
-- met is still there.

-- The person met is still there: whoever met them says so, also of a contact that another partner shares.
create or replace function data.contact_seen(visit bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update contact c
       set confirmed_on = (r.done_at at time zone 'Europe/Paris')::date, confirmed_by = auth.member()
      from report r join outcome o on o.code = r.outcome and o.reached
     where r.visit_id = contact_seen.visit and r.organisation_id = auth.organisation() and auth.can_write()
       and c.id = r.contact_id and c.erased_at is null and (c.shared or c.organisation_id = auth.organisation())
       and c.confirmed_on is distinct from (r.done_at at time zone 'Europe/Paris')::date
       and coalesce(c.confirmed_on, '-infinity') < (r.done_at at time zone 'Europe/Paris')::date;
end
$$;

-- In the transaction of the report, after it. A need that asks for an offer names a contract; it gets one draft, however
-- often the report is corrected.
create or replace function api.report_beside(visit bigint, needs json, claim json, contact_confirmed boolean) returns void
    language plpgsql as $$
declare
    n    record;
    d    record;
    here bigint;
begin
    select r.establishment_id into here from data.report r where r.visit_id = report_beside.visit and r.organisation_id = auth.organisation();
    if not found then
        return;
    end if;
    for n in select x.* from json_to_recordset(coalesce(report_beside.needs, '[]')) x (rome text, posts integer, horizon text, contract text, offer boolean)
              where x.offer loop
        if n.contract is null then
            perform auth.refuse('invalid', json_build_object('field', 'needs'));
        end if;
        select y.id, y.posts, r.label into d
          from data.need y join data.rome r on r.code = y.rome
         where y.visit_id = report_beside.visit and y.rome = n.rome and y.contract = n.contract and y.horizon = coalesce(n.horizon, 'now')
           and y.posts = coalesce(n.posts, 1) and y.state in ('declared', 'confirmed')
         order by y.id limit 1;
        if found then
            insert into data.offer (establishment_id, organisation_id, member_id, visit_id, need_id, title, rome, contract, posts)
            values (here, auth.organisation(), auth.member(), report_beside.visit, d.id, d.label, n.rome, n.contract, d.posts);
        end if;
    end loop;
    -- What others found out meanwhile is no reason to lose the report.
    if report_beside.claim is not null and exists (select from data.establishment e where e.id = here and e.status = 'A') then
        perform api.claim_make(here, report_beside.claim ->> 'kind', report_beside.claim ->> 'detail');
    end if;
    if report_beside.contact_confirmed then
        perform data.contact_seen(report_beside.visit);
    end if;
end
$$;
