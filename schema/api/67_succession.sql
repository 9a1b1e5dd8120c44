-- Closures and successions of the register: what partners know follows the successor, or ends with a reason.

-- Whether anything hangs on an establishment that a partner did: only then is a succession more than a note.
create or replace function data.is_worked(establishment bigint) returns boolean
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    c   record;
    yes boolean;
begin
    for c in select * from data.merge_columns() where source <> 'data.review'::regclass loop
        execute format('select exists (select from %s x where x.%I = $1)', c.source, c.field) into yes using is_worked.establishment;
        if yes then
            return true;
        end if;
    end loop;
    return false;
end
$$;

-- Takes the steps that follow from what the register says now. `closing`: [{id, on}], the establishments that have just
-- closed.
--   1. A merge whose succession is said no more, or without continuity, is undone.
--   2. What hangs on a closed establishment goes to its successor, if there is one with economic continuity and one only at
--      the latest date; what keeps it is written beside the succession, and tried again at each import.
--   3. Engagements on what is closed and not taken over end, visits planned with them.
create or replace function data.register_follow(closing jsonb, out followed bigint, out undone bigint, out released bigint)
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c        record;
    s        record;
    root     bigint;
    obstacle json;
begin
    followed := 0;
    undone := 0;
    released := 0;
    for c in select (x ->> 'id')::bigint as id, x ->> 'on' as closed_on from jsonb_array_elements(register_follow.closing) x loop
        if data.is_worked(c.id) then
            perform data.log('establishment.closed', c.id, null, jsonb_strip_nulls(jsonb_build_object('closed_on', c.closed_on)));
        end if;
    end loop;

    for c in select m.id from merge m join succession x on x.id = m.succession_id
              where m.undone_at is null and (x.gone_at is not null or not x.is_continued) order by m.id desc loop
        perform data.merge_undo(c.id, 'Le répertoire ne dit plus cette succession', null, null);
        undone := undone + 1;
    end loop;

    for s in
        select x.id, p.id as predecessor, n.id as successor, x.since,
               count(*) over (partition by x.predecessor, x.since) as several
          from succession x
          join establishment p on p.siret = x.predecessor and p.status = 'F' and p.merged_into is null
          join establishment n on n.siret = x.successor
         where x.gone_at is null and x.is_continued and x.outcome is distinct from 'refused'
           and not exists (select from succession l
                            where l.predecessor = x.predecessor and l.gone_at is null and l.is_continued and l.since > x.since)
         order by x.since, x.id
    loop
        continue when not data.is_worked(s.predecessor);
        select coalesce(e.merged_into, e.id) into root from establishment e where e.id = s.successor;
        continue when root = s.predecessor
                   or exists (select from establishment e where e.id = s.predecessor and e.merged_into is not null);
        obstacle := data.merge_obstacle(root, s.predecessor, null);
        if s.several > 1 or obstacle is not null then
            update succession x set outcome = case when s.several > 1 then 'several' when obstacle ->> 'code' = 'merge_opposed' then 'opposed'
                                                   else 'out_of_sight' end
             where x.id = s.id;
        else
            perform data.merge_do(root, s.predecessor, 'succession', s.id, null, null, null);
            update succession x set outcome = 'followed' where x.id = s.id;
            followed := followed + 1;
        end if;
    end loop;

    for c in
        select p.id, e.closed_on from promise p join establishment e on e.id = p.establishment_id
         where p.state = 'active' and e.status = 'F' order by p.id
    loop
        update visit v set state = 'cancelled', reason = 'Établissement fermé au répertoire' where v.promise_id = c.id and v.state = 'planned';
        update promise p set state = 'returned', reason = 'Établissement fermé au répertoire' where p.id = c.id;
        released := released + 1;
    end loop;
end
$$;

-- The successions that the register says of an establishment, before and after, as far as the reader sees the others.
create or replace function api.successions_of(establishment bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select coalesce(json_agg(json_build_object('way', case when s.predecessor = e.siret then 'after' else 'before' end,
                   'siret', case when s.predecessor = e.siret then s.successor else s.predecessor end,
                   'id', case when v.sees then o.id end, 'name', case when v.sees then o.name end, 'since', s.since,
                   'continued', s.is_continued, 'outcome', s.outcome) order by s.since desc, s.id desc), '[]')
          from data.establishment e
          join data.succession s on (s.predecessor = e.siret or s.successor = e.siret) and s.gone_at is null
          left join data.establishment o on o.siret = case when s.predecessor = e.siret then s.successor else s.predecessor end
         cross join lateral (select o.id is not null and auth.sees(o.id) as sees) v
         where e.id = successions_of.establishment and auth.sees(e.id);
    end;
