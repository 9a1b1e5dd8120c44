-- Merges: one employer that stands in two rows is made one, and two again, without losing a row.

-- Whether this transaction is moving rows between two establishments or two communes, or taking back what was done to many
-- promises, just now: the guards of what is moved let it pass. Only data.merge_do, data.merge_undo, data.communes_follow and
-- api.promise_batch_undo say so, and no longer than they run.
create or replace function data.is_moving() returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select exists (select from data.merge m where m.moving = pg_current_xact_id_if_assigned())
               or exists (select from data.promise_batch b where b.undoing = pg_current_xact_id_if_assigned())
               or exists (select from data.commune_former f where f.moving = pg_current_xact_id_if_assigned());
    end;

-- The columns by which a row hangs on an establishment, whatever table that is: found by the foreign keys of the schema, so
-- that a new table cannot be forgotten. What is computed from the list follows by itself. Pairs of establishments at the
-- review desk stay where they are.
create or replace function data.merge_columns() returns table (source regclass, field name, key name[])
    language sql stable security definer set search_path = data, pg_temp as $$
    select c.conrelid::regclass, a.attname,
           (select coalesce(array_agg(k.attname order by k.attnum), '{}')
              from pg_index i join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any (i.indkey)
             where i.indrelid = c.conrelid and i.indisprimary and k.attname <> a.attname)
      from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = 'data.establishment'::regclass and cardinality(c.conkey) = 1 and c.conparentid = 0
       and c.conrelid <> all (array['data.establishment', 'data.establishment_value', 'data.standing', 'data.merge',
                                   'data.facet']::regclass[]::oid[])
       and (c.conrelid, a.attname) <> ('data.review'::regclass, 'other_id')
     order by c.conrelid::regclass::text, a.attname
$$;

-- As SQL, for rows of a table under the name x: which may move to establishment $1, since no unique index keeps them back
-- (a second opposition in force, the same row reviewed with both); these stay with the absorbed one.
create or replace function data.merge_movable(source regclass, field name) returns text
    language sql stable security definer set search_path = data, pg_temp as $$
    select coalesce(string_agg(format(' and not (%1$s and exists (select from %2$s y where y.%3$I = $1%4$s and (%1$s)))',
                                      coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'), merge_movable.source, merge_movable.field,
                                      (select string_agg(format(' and y.%1$I = x.%1$I', k.attname), '') from pg_attribute k
                                        where k.attrelid = i.indrelid and k.attnum = any (i.indkey) and k.attname <> merge_movable.field))
                               , ''), '')
           || case when merge_movable.source = 'data.review'::regclass then ' and x.other_id is null' else '' end
      from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attname = merge_movable.field and a.attnum = any (i.indkey)
     where i.indrelid = merge_movable.source and i.indisunique and not 0 = any (i.indkey)
$$;

-- Which of two establishments stands for both: the one that the register knows, else the open one, else the older row.
create or replace function data.merge_survivor(a bigint, b bigint) returns bigint
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select e.id from data.establishment e where e.id in (merge_survivor.a, merge_survivor.b)
         order by e.siret is null, e.status <> 'A', e.id limit 1;
    end;

-- Standing follows what hangs on an establishment now: there is one where there was a contact or a refusal, as triggers keep
-- it.
create or replace function data.merge_standing(establishment bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if exists (select from contact_event c where c.establishment_id = merge_standing.establishment)
       or exists (select from opposition o where o.establishment_id = merge_standing.establishment and o.subject = 'establishment') then
        perform data.standing_of(merge_standing.establishment);
    else
        delete from standing s where s.establishment_id = merge_standing.establishment;
    end if;
end
$$;

-- What keeps two establishments from being made one, as the refusal it would be; null when nothing does. `who`: the
-- organisation that asks, null for the register.
create or replace function data.merge_obstacle(survivor bigint, absorbed bigint, who bigint) returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    s     establishment;
    a     establishment;
    later promise;
    n     integer;
begin
    select * into s from establishment x where x.id = merge_obstacle.survivor;
    select * into a from establishment x where x.id = merge_obstacle.absorbed;
    if s.merged_into is not null or a.merged_into is not null then
        return json_build_object('code', 'establishment_merged', 'into', coalesce(a.merged_into, s.merged_into));
    end if;
    -- A partner of another territory would lose sight of its own work.
    if exists (select from (select x.organisation_id, x.establishment_id from visit x union all select x.organisation_id, x.establishment_id from promise x
                            union all select x.organisation_id, x.establishment_id from contact x
                            union all select x.organisation_id, x.establishment_id from need x
                            union all select x.organisation_id, x.establishment_id from offer x
                            union all select x.organisation_id, x.establishment_id from contact_event x
                            union all select x.organisation_id, x.establishment_id from value_statement x) w
                 join organisation o on o.id = w.organisation_id
                where w.establishment_id = a.id
                  and not exists (select from territory_commune tc where tc.territory_id = o.territory_id and tc.commune_code = s.commune_code)) then
        return json_build_object('code', 'merge_out_of_sight');
    end if;
    -- A refusal of the employer and an engagement do not go together.
    select count(distinct o.establishment_id) into n from opposition o
     where o.establishment_id in (s.id, a.id) and o.subject = 'establishment' and o.lifted_at is null;
    if n = 1 and exists (select from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active') then
        return json_build_object('code', 'merge_opposed');
    end if;
    -- Of two engagements the later one is suspended; nobody suspends another's.
    select * into later from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active' order by p.made_at desc, p.id desc limit 1;
    if found and merge_obstacle.who is not null and later.organisation_id <> merge_obstacle.who
       and (select count(*) from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active') = 2 then
        return json_build_object('code', 'merge_promised', 'holder', api.holder(later.id));
    end if;
    return null;
end
$$;

-- Makes two establishments one and returns the number of the merge. Whoever calls it has checked who asks.
create or replace function data.merge_do(survivor bigint, absorbed bigint, kind text, succession bigint, reason text,
                                         who bigint, organisation bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made     bigint;
    obstacle json;
    c        record;
    n        bigint;
    moved    jsonb := '{}';
    later    promise;
    s        establishment;
    a        establishment;
begin
    -- Imports change establishments in an order of their own: not at the same time.
    if not pg_try_advisory_xact_lock_shared(hashtextextended('maillage.import', 0)) then
        perform auth.refuse('import_running');
    end if;
    perform data.opposition_lock(false);
    -- Whatever is being tied to one of the two holds its row, and is waited for; what comes later sees what became of it.
    perform from establishment e where e.id in (merge_do.survivor, merge_do.absorbed) order by e.id for update;
    perform from promise p where p.establishment_id in (merge_do.survivor, merge_do.absorbed) and p.state = 'active' order by p.id for update;
    obstacle := data.merge_obstacle(merge_do.survivor, merge_do.absorbed, merge_do.organisation);
    if obstacle is not null then
        perform auth.refuse(obstacle ->> 'code', (obstacle::jsonb - 'code')::json);
    end if;
    perform data.golden(array[merge_do.survivor, merge_do.absorbed]);
    select * into s from establishment e where e.id = merge_do.survivor;
    select * into a from establishment e where e.id = merge_do.absorbed;
    insert into merge (survivor_id, absorbed_id, kind, succession_id, organisation_id, member_id, reason, at, moving)
    values (s.id, a.id, merge_do.kind, merge_do.succession, merge_do.organisation, merge_do.who, merge_do.reason, data.now(),
            pg_current_xact_id())
    returning id into made;

    select * into later from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active' order by p.made_at desc, p.id desc limit 1;
    if (select count(*) from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active') = 2 then
        insert into merge_row (merge_id, source, field, key, was)
        values (made, 'promise', 'state', jsonb_build_object('id', later.id), jsonb_build_object('state', later.state, 'reason', later.reason));
        update promise p set state = 'suspended', ended_at = data.now(), reason = 'Deux fiches réunies : l’engagement pris d’abord court seul'
         where p.id = later.id;
        perform data.log('promise.suspended', later.establishment_id, null,
                         jsonb_build_object('promise', later.id, 'due_on', later.due_on, 'merge', made), null, later.organisation_id);
    end if;

    for c in select * from data.merge_columns() loop
        execute format('with moved as (update %1$s x set %2$I = $1 where x.%2$I = $2%3$s returning x.*)
                        insert into data.merge_row (merge_id, source, field, key)
                        select $3, %4$L, %2$L, jsonb_build_object(%5$s) from moved m',
                       c.source, c.field, data.merge_movable(c.source, c.field), c.source::text,
                       (select string_agg(format('%1$L, m.%1$I', k), ', ') from unnest(c.key) k))
            using s.id, a.id, made;
        get diagnostics n = row_count;
        if n > 0 then
            moved := moved || jsonb_build_object(c.source::text, coalesce((moved ->> c.source::text)::bigint, 0) + n);
        end if;
    end loop;
    with f as (
        update establishment e set merged_into = s.id where e.merged_into = a.id returning e.id
    )
    update merge m set followers = coalesce((select array_agg(f.id order by f.id) from f), '{}') where m.id = made;
    update establishment e set merged_into = s.id where e.id = a.id;
    -- Somebody who does not want to be contacted is now at the same employer.
    with b as (
        update contact x set opposition_id = data.opposition_of(x.id)
         where x.establishment_id = s.id and x.opposition_id is null and x.erased_at is null and data.opposition_of(x.id) is not null
        returning x.id
    )
    update merge m set bound = coalesce((select array_agg(b.id order by b.id) from b), '{}') where m.id = made;
    perform data.merge_standing(a.id), data.merge_standing(s.id);
    perform data.golden(array[s.id]);
    update merge m set moving = null where m.id = made;
    perform data.log('establishment.merged', s.id, null, jsonb_strip_nulls(jsonb_build_object('merge', made, 'by', merge_do.kind,
                         'other', a.id, 'name', a.name, 'siret', a.siret, 'moved', moved, 'reason', merge_do.reason)),
                     merge_do.who, merge_do.organisation),
            data.log('establishment.absorbed', a.id, null, jsonb_strip_nulls(jsonb_build_object('merge', made, 'by', merge_do.kind,
                         'other', s.id, 'name', s.name, 'siret', s.siret, 'reason', merge_do.reason)),
                     merge_do.who, merge_do.organisation);
    return made;
end
$$;

-- A suspended promise runs again where it can; else it ends, with a reason.
create or replace function data.merge_resume(promise bigint, was jsonb) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p   promise;
    why text;
begin
    select * into p from promise x where x.id = merge_resume.promise for update;
    if p.state <> 'suspended' then
        return;
    end if;
    why := case when p.lapses_on < data.today() then 'Échu pendant que les fiches étaient réunies'
                when exists (select from promise x where x.establishment_id = p.establishment_id and x.state = 'active')
                then 'Un autre engagement court depuis'
                when exists (select from opposition o where o.establishment_id = p.establishment_id and o.subject = 'establishment'
                                and o.lifted_at is null) then 'Opposition de l’employeur'
                when exists (select from establishment e where e.id = p.establishment_id and e.status = 'F') then 'Établissement fermé au répertoire' end;
    update promise x
       set state = case when why is null then merge_resume.was ->> 'state' when p.lapses_on < data.today() then 'lapsed' else 'returned' end,
           ended_at = case when why is not null then data.now() end,
           reason = coalesce(why, merge_resume.was ->> 'reason')
     where x.id = p.id;
    perform data.log(case when why is null then 'promise.resumed' when p.lapses_on < data.today() then 'promise.lapsed' else 'promise.returned' end,
                     p.establishment_id, null, jsonb_strip_nulls(jsonb_build_object('promise', p.id, 'due_on', p.due_on, 'reason', why)),
                     null, p.organisation_id);
end
$$;

-- Makes two again of what was made one. What the merge moved goes back as it is now, with what was since built on it (a
-- report on a visit, an offer from a need); what came since by itself stays with the survivor. In any order, of merges
-- that were made one on the other.
create or replace function data.merge_undo(merge bigint, reason text, who bigint, organisation bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    m      merge;
    a      establishment;
    root   establishment;
    family bigint[];
    c      record;
    d      record;
begin
    if not pg_try_advisory_xact_lock_shared(hashtextextended('maillage.import', 0)) then
        perform auth.refuse('import_running');
    end if;
    perform data.opposition_lock(false);
    select * into m from merge x where x.id = merge_undo.merge;
    if not found then
        perform auth.refuse('not_found');
    end if;
    -- Another merge may have taken the survivor away while its row was waited for: all rows concerned are held at the end.
    loop
        select * into a from establishment e where e.id = m.absorbed_id;
        perform from establishment e where e.id in (m.absorbed_id, m.survivor_id, a.merged_into) order by e.id for update;
        exit when (select e.merged_into from establishment e where e.id = m.absorbed_id) is not distinct from a.merged_into;
    end loop;
    select * into m from merge x where x.id = merge_undo.merge for update;
    if m.undone_at is not null then
        perform auth.refuse('merge_undone');
    end if;
    family := array(select e.id from establishment e where e.id = a.merged_into or e.merged_into = a.merged_into);
    update merge x set moving = pg_current_xact_id() where x.id = m.id;

    update establishment e set merged_into = null where e.id = a.id;
    update establishment e set merged_into = a.id where e.id = any (m.followers) and e.merged_into = a.merged_into;
    for c in select * from data.merge_columns() loop
        execute format('with moved as (
                            update %1$s x set %2$I = $1
                              from data.merge_row r
                             where r.merge_id = $3 and r.source = %3$L and r.field = %2$L and x.%2$I = any ($2)
                               and r.key = jsonb_build_object(%4$s)
                            returning r.key)
                        -- Later merges moved it on: not any more.
                        delete from data.merge_row r using moved, data.merge l
                         where r.merge_id = l.id and l.id > $3 and l.undone_at is null and r.source = %3$L and r.field = %2$L and r.key = moved.key',
                       c.source, c.field, c.source::text, (select string_agg(format('%1$L, x.%1$I', k), ', ') from unnest(c.key) k))
            using a.id, family, m.id;
    end loop;
    update merge x set followers = (select coalesce(array_agg(f order by f), '{}') from unnest(x.followers) f where f <> a.id and f <> all (m.followers))
     where x.undone_at is null and x.id > m.id and x.followers && (m.followers || a.id);
    -- What was built since on what goes back goes with it.
    for d in
        select * from (values (1, 'visit', 'promise_id', 'promise', 'id'), (2, 'report', 'visit_id', 'visit', 'id'),
                              (3, 'contact_event', 'visit_id', 'visit', 'id'), (4, 'need', 'visit_id', 'visit', 'id'),
                              (5, 'value_statement', 'visit_id', 'visit', 'id'), (6, 'offer', 'visit_id', 'visit', 'id'),
                              (7, 'offer', 'need_id', 'need', 'id'), (8, 'opposition', 'contact_id', 'contact', 'id'),
                              (9, 'claim', 'visit_id', 'visit', 'id')) v (place, child, reference, parent, key)
         order by place
    loop
        execute format('update data.%1$I x set establishment_id = $1 from data.%3$I p
                         where p.%4$I = x.%2$I and p.establishment_id = $1 and x.establishment_id = any ($2)', d.child, d.reference, d.parent, d.key)
            using a.id, array_remove(family, a.id);
    end loop;
    perform data.merge_resume((r.key ->> 'id')::bigint, r.was) from merge_row r where r.merge_id = m.id and r.was is not null;
    update contact x set opposition_id = data.opposition_of(x.id)
     where x.id = any (m.bound) and x.opposition_id is not null and x.opposition_id is distinct from data.opposition_of(x.id);
    perform data.merge_standing(a.id), data.merge_standing(a.merged_into);
    perform data.golden(array[a.id, a.merged_into]);
    update review r set state = 'open', decided_by = null, decided_at = null, merge_id = null where r.merge_id = m.id;
    update succession s set outcome = case when merge_undo.who is null then null else 'refused' end where s.id = m.succession_id;
    update merge x set moving = null, undone_at = data.now(), undone_by = merge_undo.who, undone_reason = merge_undo.reason where x.id = m.id;
    select * into root from establishment e where e.id = a.merged_into;
    perform data.log('establishment.unmerged', root.id, null, jsonb_strip_nulls(jsonb_build_object('merge', m.id, 'by', m.kind, 'other', a.id,
                         'name', a.name, 'siret', a.siret, 'reason', merge_undo.reason)), merge_undo.who, merge_undo.organisation),
            data.log('establishment.restored', a.id, null, jsonb_strip_nulls(jsonb_build_object('merge', m.id, 'by', m.kind, 'other', root.id,
                         'name', root.name, 'siret', root.siret, 'reason', merge_undo.reason)), merge_undo.who, merge_undo.organisation);
end
$$;

-- Nothing new is tied to an establishment that was absorbed. Behind the foreign key, which waits for a merge under way.
create or replace function data.not_on_absorbed() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    into_ bigint;
begin
    -- A look-up for each row: as a join the whole list would be read for every row that is written.
    select x.merged_into into into_
      from (select (select e.merged_into from establishment e where e.id = f.establishment_id) as merged_into from fresh f) x
     where x.merged_into is not null limit 1;
    if found then
        perform auth.refuse('establishment_merged', json_build_object('into', into_));
    end if;
    return null;
end
$$;
do $$
declare
    c record;
begin
    for c in select * from data.merge_columns() where field = 'establishment_id' loop
        execute format('create or replace trigger not_on_absorbed after insert on %s referencing new table as fresh
                        for each statement execute function data.not_on_absorbed()', c.source);
    end loop;
end
$$;

-- Whatever happens, an absorbed establishment points to one that stands for itself.
create or replace function data.merged_to_root() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if exists (select from establishment e join establishment r on r.id = e.merged_into
                where e.id = new.id and r.merged_into is not null)
       or exists (select from establishment e join establishment x on x.merged_into = e.id where e.id = new.id and e.merged_into is not null) then
        raise exception using errcode = '23514', constraint = 'establishment_merged_to_root', table = 'establishment', schema = 'data',
            message = 'an absorbed establishment points to one that stands for itself';
    end if;
    return null;
end
$$;
drop trigger if exists merged_to_root on data.establishment;
create constraint trigger merged_to_root after update of merged_into on data.establishment
    deferrable initially deferred for each row execute function data.merged_to_root();

-- An establishment and those that it absorbed: whose history is its own.
create or replace function api.family(establishment bigint) returns setof bigint
    language sql stable security definer set search_path = data, pg_temp rows 2
    begin atomic
        select family.establishment
        union all
        select e.id from data.establishment e where e.merged_into = family.establishment;
    end;

-- What would move, counted by table, and what keeps it from moving. `suspended`: the engagement that would be suspended.
create or replace function api.merge_preview(a bigint, b bigint) returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    best  bigint := data.merge_survivor(merge_preview.a, merge_preview.b);
    other bigint := case when best = merge_preview.a then merge_preview.b else merge_preview.a end;
    c     record;
    n     bigint;
    moved jsonb := '{}';
    later promise;
begin
    if merge_preview.a = merge_preview.b or not auth.sees(merge_preview.a) or not auth.sees(merge_preview.b) then
        return null;
    end if;
    for c in select * from data.merge_columns() loop
        execute format('select count(*) from %1$s x where x.%2$I = $2%3$s', c.source, c.field, data.merge_movable(c.source, c.field))
            into n using best, other;
        if n > 0 then
            moved := moved || jsonb_build_object(c.source::text, coalesce((moved ->> c.source::text)::bigint, 0) + n);
        end if;
    end loop;
    if (select count(*) from promise p where p.establishment_id in (best, other) and p.state = 'active') = 2 then
        select * into later from promise p where p.establishment_id in (best, other) and p.state = 'active' order by p.made_at desc, p.id desc limit 1;
    end if;
    return json_build_object('survivor', api.merge_side(best), 'absorbed', api.merge_side(other), 'moved', moved,
                             'obstacle', data.merge_obstacle(best, other, auth.organisation()), 'suspended', api.holder(later.id));
end
$$;

-- One side of a merge as the interface compares it.
create or replace function api.merge_side(establishment bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select json_build_object('id', e.id, 'status', e.status, 'siret', e.siret, 'name', e.name, 'legal_name', e.legal_name, 'brand', e.brand,
                   'address', e.address, 'postcode', e.postcode, 'city', e.city, 'naf', e.naf, 'naf_label', n.label, 'phone', e.phone, 'email', e.email)
          from data.establishment e left join data.naf n on n.code = e.naf
         where e.id = merge_side.establishment and auth.sees(e.id);
    end;

-- Makes one of two establishments that the person sees: the one the register knows stands for both (merge_survivor).
create or replace function api.merge_make(a bigint, b bigint, reason text) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    best bigint := data.merge_survivor(merge_make.a, merge_make.b);
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    if merge_make.a = merge_make.b or not auth.sees(merge_make.a) or not auth.sees(merge_make.b) then
        perform auth.refuse('not_found');
    end if;
    return data.merge_do(best, case when best = merge_make.a then merge_make.b else merge_make.a end, 'person', null,
                         nullif(trim(merge_make.reason), ''), auth.member(), auth.organisation());
end
$$;

-- Makes two again, by whoever sees both.
create or replace function api.merge_unmake(merge bigint, reason text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    m merge;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    select * into m from merge x where x.id = merge_unmake.merge;
    if not found or not auth.sees(m.absorbed_id) or not auth.sees((select coalesce(e.merged_into, e.id) from establishment e where e.id = m.survivor_id)) then
        perform auth.refuse('not_found');
    end if;
    perform data.merge_undo(m.id, nullif(trim(merge_unmake.reason), ''), auth.member(), auth.organisation());
end
$$;

-- A merge as the API answers it.
create or replace function api.merge_document(merge bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select json_build_object('id', m.id, 'survivor', m.survivor_id, 'absorbed', m.absorbed_id, 'kind', m.kind, 'at', m.at,
                                 'reason', m.reason, 'undone_at', m.undone_at)
          from data.merge m where m.id = merge_document.merge and auth.sees(m.absorbed_id);
    end;

-- Of an establishment: what it absorbed and still stands for, latest first.
create or replace function api.absorbed_by(establishment bigint) returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return (select coalesce(json_agg(json_build_object('merge', m.id, 'id', e.id, 'name', e.name, 'siret', e.siret, 'kind', m.kind, 'at', m.at,
                       'since', s.since, 'member', b.name, 'reason', m.reason,
                       'organisation', (select api.organisation_ref(o) from organisation o where o.id = m.organisation_id),
                       'visible', auth.sees(e.id)) order by m.id desc), '[]')
              from establishment e
              join merge m on m.absorbed_id = e.id and m.undone_at is null
              left join succession s on s.id = m.succession_id
              left join member b on b.id = m.member_id
             where e.merged_into = absorbed_by.establishment and auth.is_partner());
end
$$;

-- Of an establishment: the one that stands for it since it was absorbed; null when it stands for itself.
create or replace function api.merged_into(establishment bigint) returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return (select json_build_object('merge', m.id, 'id', r.id, 'name', case when v.sees then r.name end, 'siret', case when v.sees then r.siret end,
                       'kind', m.kind, 'at', m.at, 'since', s.since, 'member', b.name, 'reason', m.reason,
                       'organisation', (select api.organisation_ref(o) from organisation o where o.id = m.organisation_id), 'visible', v.sees)
              from establishment e
              join establishment r on r.id = e.merged_into
              join merge m on m.absorbed_id = e.id and m.undone_at is null
             cross join lateral (select auth.sees(r.id) as sees) v
              left join succession s on s.id = m.succession_id
              left join member b on b.id = m.member_id
             where e.id = merged_into.establishment and auth.is_partner());
end
$$;
