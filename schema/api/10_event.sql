-- The event log: written by triggers only, never changed, told live, sealed in a chain.

create or replace function data.event_frozen() returns trigger
    language plpgsql as $$
begin
    raise exception using errcode = 'ML000', message = 'event_frozen', detail = '{}';
end
$$;
create or replace trigger event_frozen before update or delete on data.event
    for each row execute function data.event_frozen();
create or replace trigger event_frozen_all before truncate on data.event
    for each statement execute function data.event_frozen();
create or replace trigger event_seal_frozen before update or delete on data.event_seal
    for each row execute function data.event_frozen();
create or replace trigger event_seal_frozen_all before truncate on data.event_seal
    for each statement execute function data.event_frozen();

-- Who acts: the person signed in, else nobody (the worker, a command).
create or replace function data.log(kind text, establishment bigint, offer bigint, data jsonb,
                                    author bigint default null, organisation bigint default null) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into event (at, kind, member_id, organisation_id, establishment_id, offer_id, data)
    values (data.now(), log.kind, coalesce(auth.member(), log.author), coalesce(auth.organisation(), log.organisation),
            log.establishment, log.offer, coalesce(log.data, '{}'));
end
$$;

-- A new version of the agreement of a network (null: of all), as the one in force but for what changes, its routes too; in force
-- from today. Returns its number.
create or replace function data.agreement_change(network text, changes jsonb) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    last agreement := data.agreement_in_force(coalesce(agreement_change.network, ''));
    next agreement := jsonb_populate_record(last, agreement_change.changes);
begin
    next.id := nextval(pg_get_serial_sequence('data.agreement', 'id'));
    next.network := agreement_change.network;
    next.version := 1 + coalesce((select max(x.version) from agreement x where x.network is not distinct from agreement_change.network), 0);
    next.valid_from := data.today();
    insert into agreement overriding system value select next.*;
    insert into agreement_route (agreement_id, public, contract, rome, network, is_only)
    select next.id, r.public, r.contract, r.rome, r.network, r.is_only from agreement_route r where r.agreement_id = last.id order by r.id;
    perform data.log('agreement.changed', null, null, agreement_change.changes || jsonb_build_object('network', agreement_change.network, 'version', next.version));
    return next.version;
end
$$;

-- A new version that sends offers of a public, of a contract or of an occupation (`code` of that `kind`) to a network too, or there
-- only; or no longer, when `removed`. What is reserved already stays where it went. Returns its number.
create or replace function data.agreement_route_change(network text, kind text, code text, leads_to text, is_only boolean, removed boolean) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    way  agreement_route;
    done integer;
begin
    if not exists (select from network n where n.code = agreement_route_change.leads_to and n.kind = 'partner') then
        perform auth.refuse('invalid', json_build_object('field', 'network'));
    end if;
    done := data.agreement_change(agreement_route_change.network, jsonb_build_object('route', jsonb_build_object(
        agreement_route_change.kind, agreement_route_change.code, 'network', agreement_route_change.leads_to,
        'is_only', agreement_route_change.is_only, 'removed', agreement_route_change.removed)));
    way := jsonb_populate_record(null::agreement_route, jsonb_build_object(agreement_route_change.kind, agreement_route_change.code));
    way.agreement_id := (select a.id from agreement a where a.network is not distinct from agreement_route_change.network and a.version = done);
    delete from agreement_route r
     where r.agreement_id = way.agreement_id and (r.public, r.contract, r.rome) is not distinct from (way.public, way.contract, way.rome)
       and r.network = agreement_route_change.leads_to;
    if agreement_route_change.removed and not found then
        perform auth.refuse('not_found');
    end if;
    insert into agreement_route (agreement_id, public, contract, rome, network, is_only)
    select way.agreement_id, way.public, way.contract, way.rome, agreement_route_change.leads_to, agreement_route_change.is_only
     where not agreement_route_change.removed;
    return done;
end
$$;

-- The names behind the numbers of an event, as they are now.
create or replace function api.event_names(data jsonb) returns jsonb
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    if not event_names.data ?| array['to_member', 'from_member', 'to_organisation', 'from_organisation', 'team', 'transfer'] then
        return '{}';
    end if;
    return jsonb_strip_nulls(jsonb_build_object(
        'to_member_name', (select m.name from member m where m.id = (event_names.data ->> 'to_member')::bigint),
        'from_member_name', (select m.name from member m where m.id = (event_names.data ->> 'from_member')::bigint),
        'to_organisation_name', (select o.short_name from organisation o where o.id = (event_names.data ->> 'to_organisation')::bigint),
        'from_organisation_name', (select o.short_name from organisation o where o.id = coalesce((event_names.data ->> 'from_organisation')::bigint,
            (select t.from_organisation_id from transfer t where t.id = (event_names.data ->> 'transfer')::bigint))),
        'team_name', (select t.name from team t where t.id = (event_names.data ->> 'team')::bigint)));
end
$$;

-- Puts new events in the queue of the sealer, and tells other browsers that something changed, not what: each asks
-- again with its own rights. Before an offer opens, who has it and where is for the networks of its routing: not told.
-- Of a statement that makes very many, such as an import, each kind is told once for its organisation and territories.
create or replace function data.event_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    most constant integer := 100;
begin
    insert into event_unsealed (event_id) select f.id from fresh f;
    if current_setting('maillage.replay', true) <> '' and session_user = 'maillage_owner' then
        return null;
    end if;
    if (select count(*) from (select from fresh limit most + 1) f) > most then
        perform pg_notify('live', json_build_object(
            'seq', max(x.seq), 'kind', x.kind, 'establishment', null, 'offer', null,
            'organisation', case when bool_or(x.is_quiet) then null else x.organisation_id end,
            'territories', coalesce(json_agg(distinct tc.territory_id) filter (where tc.territory_id is not null),
                                    (select json_agg(o.territory_id) from organisation o where o.id = x.organisation_id), '[]'),
            'at', max(x.at))::text)
           from (select r.kind, r.organisation_id, r.commune_code, max(r.id) as seq, max(r.at) as at, bool_or(r.is_quiet) as is_quiet
                   from (select f.id, f.kind, f.at, f.organisation_id, -- looked up one by one: a join would read the whole list
                                (select e.commune_code from establishment e where e.id = f.establishment_id) as commune_code,
                                f.offer_id is not null and (select o.opened_at from offer o where o.id = f.offer_id) is null as is_quiet
                           from fresh f) r
                  group by 1, 2, 3) x
           left join territory_commune tc on tc.commune_code = x.commune_code
          group by x.kind, x.organisation_id
          order by max(x.seq);
        return null;
    end if;
    perform pg_notify('live', json_build_object(
        'seq', f.id, 'kind', f.kind,
        'establishment', case when not q.is_quiet then f.establishment_id end,
        'offer', case when not q.is_quiet then f.offer_id end,
        'organisation', case when not q.is_quiet then f.organisation_id end,
        'territories', coalesce(
            (select json_agg(tc.territory_id) from establishment e
               join territory_commune tc on tc.commune_code = e.commune_code where e.id = f.establishment_id),
            (select json_agg(o.territory_id) from organisation o where o.id = f.organisation_id),
            '[]'),
        'at', f.at)::text)
       from fresh f
      cross join lateral (select f.offer_id is not null
                                 and not exists (select from offer o where o.id = f.offer_id and o.opened_at is not null) as is_quiet) q
      order by f.id;
    return null;
end
$$;
create or replace trigger event_told after insert on data.event
    referencing new table as fresh
    for each statement execute function data.event_told();

-- The text that is sealed: every column, in a form that no later version of PostgreSQL prints otherwise.
create or replace function data.event_text(e data.event) returns text
    language sql stable
    return concat_ws('|', e.id, e.xid, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.kind,
                     coalesce(e.member_id::text, '-'), coalesce(e.organisation_id::text, '-'),
                     coalesce(e.establishment_id::text, '-'), coalesce(e.offer_id::text, '-'), e.data::text);

-- Seals the events whose transaction has ended, which are all that are seen here but one's own, and returns how many. One
-- sealer at a time. Waits for no open transaction: an import, or another database of the cluster, would hold up all.
create or replace function data.event_seal_next(most integer default 10000) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    last_position bigint;
    link          bytea;
    e             event;
    n             integer := 0;
begin
    if not pg_try_advisory_xact_lock(hashtext('maillage.event_seal')) then
        return 0;
    end if;
    select s.position, s.hash into last_position, link from event_seal s order by s.position desc limit 1;
    last_position := coalesce(last_position, 0);
    link := coalesce(link, '\x');
    for e in
        select v.* from event_unsealed u join event v on v.id = u.event_id
         where v.xid <> pg_current_xact_id()
         order by v.id
         limit most
    loop
        link := sha256(link || convert_to(event_text(e), 'UTF8'));
        n := n + 1;
        insert into event_seal (position, event_id, hash) values (last_position + n, e.id, link);
        delete from event_unsealed u where u.event_id = e.id;
    end loop;
    return n;
end
$$;

-- Walks the chain. One row: how many seals were right, and the first event that is not as it was sealed (null when all are).
create or replace function data.event_verify() returns table (sealed bigint, waiting bigint, broken_event bigint)
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    s    record;
    link bytea := '\x';
    want bigint := 0;
begin
    sealed := 0;
    for s in
        select q.position, q.event_id, q.hash, v as e
          from event_seal q left join event v on v.id = q.event_id
         order by q.position
    loop
        want := want + 1;
        if s.position <> want or (s.e).id is null then
            broken_event := s.event_id;
            exit;
        end if;
        link := sha256(link || convert_to(event_text(s.e), 'UTF8'));
        if link <> s.hash then
            broken_event := s.event_id;
            exit;
        end if;
        sealed := sealed + 1;
    end loop;
    select count(*) into waiting from event_unsealed;
    return next;
end
$$;
