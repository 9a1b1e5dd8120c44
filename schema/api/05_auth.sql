-- Who is asking. The server states it once per transaction, by the hash of a session token; every policy and function
-- reads it from here. The wrappers are called as (select auth.organisation()) so that a query asks once, not per row.

create or replace function auth.member() returns bigint
    language sql stable parallel safe
    return nullif(current_setting('maillage.member', true), '')::bigint;
create or replace function auth.organisation() returns bigint
    language sql stable parallel safe
    return nullif(current_setting('maillage.organisation', true), '')::bigint;
create or replace function auth.network() returns text
    language sql stable parallel safe
    return nullif(current_setting('maillage.network', true), '');
create or replace function auth.territory() returns bigint
    language sql stable parallel safe
    return nullif(current_setting('maillage.territory', true), '')::bigint;
create or replace function auth.role() returns text
    language sql stable parallel safe
    return nullif(current_setting('maillage.role', true), '');
-- Advisers and managers of partners see the shared list; observers and contributors do not.
create or replace function auth.is_partner() returns boolean
    language sql stable parallel safe
    return coalesce(auth.role() in ('adviser', 'manager', 'administrator'), false);
create or replace function auth.can_write() returns boolean
    language sql stable parallel safe
    return coalesce(auth.role() in ('adviser', 'manager'), false);

-- Whether the person sees this establishment: a partner, acting in a territory that has its commune. The policies of all
-- that hangs on establishments call it; as a function, because the same test written out in each of them makes plans of
-- hundreds of nodes (28 ms of planning for one sheet).
create or replace function auth.sees(establishment bigint) returns boolean
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return auth.is_partner()
           and exists (select from establishment e
                         join territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = auth.territory()
                        where e.id = sees.establishment);
end
$$;

-- Business refusals carry a stable code and a JSON detail; the server turns them into problem+json.
create or replace function auth.refuse(code text, detail json default '{}') returns void
    language plpgsql as $$
begin
    raise exception using errcode = 'ML000', message = code, detail = detail::text;
end
$$;

create or replace function auth.role_bit(role text) returns integer
    language sql immutable parallel safe
    return case role when 'adviser' then 1 when 'manager' then 2 when 'contributor' then 4
                     when 'observer' then 8 when 'administrator' then 16 else 0 end;

-- States who asks for the rest of the transaction. Refuses an unknown or expired session (not_signed_in) and a role
-- that `roles` does not name (forbidden). Sessions end 12 hours after they opened, or after 2 hours without a request.
create or replace function auth.identify(token_hash bytea, roles integer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    who record;
begin
    select s.member_id, s.organisation_id, s.seen_at, o.network, o.territory_id, m.role
      into who
      from session s
      join membership m on m.member_id = s.member_id and m.organisation_id = s.organisation_id
      join organisation o on o.id = s.organisation_id
      join member p on p.id = s.member_id
     where s.token_hash = identify.token_hash
       and s.expires_at > pg_catalog.now() and s.seen_at > pg_catalog.now() - interval '2 hours'
       and p.disabled_at is null and (m.ended_on is null or m.ended_on > current_date);
    if not found then
        perform auth.refuse('not_signed_in');
    end if;
    if auth.role_bit(who.role) & identify.roles = 0 then
        perform auth.refuse('forbidden');
    end if;
    perform set_config('maillage.member', who.member_id::text, true),
            set_config('maillage.organisation', who.organisation_id::text, true),
            set_config('maillage.network', who.network, true),
            set_config('maillage.territory', who.territory_id::text, true),
            set_config('maillage.role', who.role, true);
    if who.seen_at < pg_catalog.now() - interval '5 minutes' then
        update session s set seen_at = pg_catalog.now() where s.token_hash = identify.token_hash;
    end if;
end
$$;

-- The rest serves POST, GET, PUT and DELETE /api/session.
create or replace function auth.login_lookup(email text) returns table (member_id bigint, password_hash text)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select m.id, m.password_hash from data.member m
         where m.email = lower(login_lookup.email) and m.disabled_at is null;
    end;

create or replace function auth.session_open(member bigint, organisation bigint, token_hash bytea, address text, agent text)
    returns json
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    chosen bigint;
begin
    delete from session s where s.member_id = session_open.member and s.expires_at < pg_catalog.now();
    -- The organisation asked for, else the one acted for last, else the oldest membership.
    select m.organisation_id into chosen
      from membership m
      left join lateral (select max(s.opened_at) as last from session s
                          where s.member_id = m.member_id and s.organisation_id = m.organisation_id) l on true
     where m.member_id = session_open.member
       and (m.ended_on is null or m.ended_on > current_date)
       and (session_open.organisation is null or m.organisation_id = session_open.organisation)
     order by l.last desc nulls last, m.since, m.organisation_id
     limit 1;
    if not found then
        perform auth.refuse('bad_credentials');
    end if;
    insert into session (token_hash, member_id, organisation_id, expires_at, address, agent)
    values (session_open.token_hash, session_open.member, chosen, pg_catalog.now() + interval '12 hours',
            left(session_open.address, 64), left(session_open.agent, 200));
    perform auth.identify(session_open.token_hash, 31);
    return auth.session_document();
end
$$;

create or replace function auth.session_document() returns json
    language sql stable security definer set search_path = data, ext, pg_temp
    begin atomic
        select json_build_object(
            'member', json_build_object('id', p.id, 'name', p.name, 'email', p.email),
            'role', auth.role(),
            'organisation', json_build_object('id', o.id, 'name', o.name, 'short_name', o.short_name,
                                              'network', o.network, 'network_name', n.name),
            'organisations', (select json_agg(json_build_object('id', oo.id, 'name', oo.name, 'short_name', oo.short_name,
                                                                'network', oo.network, 'role', m.role) order by m.since, oo.id)
                                from data.membership m join data.organisation oo on oo.id = m.organisation_id
                               where m.member_id = p.id and (m.ended_on is null or m.ended_on > current_date)),
            'territory', json_build_object('id', t.id, 'name', t.name),
            'instance', json_build_object('name', i.name, 'demo', i.demo),
            'now', data.now(),
            'promise', json_build_object(
                'days', a.promise_days,
                'default_due_on', data.working_day_after(data.today(), a.promise_days),
                'last_due_on', data.working_day_after(data.today(), a.promise_days_most),
                'extensions_most', a.extensions_most,
                'reservation_days', a.reservation_days,
                'open_days', a.open_days),
            'holidays', to_json(data.holidays(extract(year from data.today())::integer)
                                || data.holidays(extract(year from data.today())::integer + 1)))
          from data.member p
          join data.organisation o on o.id = auth.organisation()
          join data.network n on n.code = o.network
          join data.territory t on t.id = o.territory_id
          cross join data.instance i
          cross join data.agreement_in_force(o.network) a
         where p.id = auth.member();
    end;

create or replace function auth.session_switch(token_hash bytea, organisation bigint) returns json
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from membership m
                    where m.member_id = auth.member() and m.organisation_id = session_switch.organisation
                      and (m.ended_on is null or m.ended_on > current_date)) then
        perform auth.refuse('forbidden');
    end if;
    update session s set organisation_id = session_switch.organisation
     where s.token_hash = session_switch.token_hash and s.member_id = auth.member();
    perform auth.identify(session_switch.token_hash, 31);
    return auth.session_document();
end
$$;

create or replace function auth.session_close(token_hash bytea) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        delete from data.session s where s.token_hash = session_close.token_hash;
    end;

create or replace function auth.password_rehash(member bigint, hash text) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        update data.member m set password_hash = password_rehash.hash where m.id = password_rehash.member;
    end;

-- A POST repeated with the same key gets its first answer; another request under the same key is refused.
create or replace function api.idempotency_begin(key text, fingerprint bytea) returns table (status integer, body text)
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    kept record;
begin
    insert into idempotency (member_id, key, fingerprint)
    values (auth.member(), idempotency_begin.key, idempotency_begin.fingerprint)
    on conflict (member_id, key) do nothing;
    if found then
        return;
    end if;
    select i.fingerprint, i.status, i.body into kept from idempotency i
     where i.member_id = auth.member() and i.key = idempotency_begin.key;
    if kept.fingerprint <> idempotency_begin.fingerprint then
        perform auth.refuse('idempotency_mismatch');
    end if;
    status := kept.status;
    body := kept.body;
    return next;
end
$$;

create or replace function api.idempotency_end(key text, status integer, body text) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        update data.idempotency i set status = idempotency_end.status, body = idempotency_end.body
         where i.member_id = auth.member() and i.key = idempotency_end.key and i.status is null;
    end;

-- Forgets what is past repeating. A telephone may stay without a network for weeks, and must then be told that what it
-- sends is done: keys stay thirty days. The answers, which may speak of persons, stay eight; of one member 20 000 keys are
-- enough, beyond which the oldest go after four days.
create or replace function data.idempotency_purge() returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from idempotency where at < pg_catalog.now() - interval '30 days';
    update idempotency set body = null where at < pg_catalog.now() - interval '8 days' and body is not null;
    delete from idempotency i
     using (select x.member_id, (select y.at from idempotency y where y.member_id = x.member_id
                                  order by y.at desc offset 20000 limit 1) as last
              from idempotency x group by x.member_id having count(*) > 20000) m
     where i.member_id = m.member_id and i.at <= m.last and i.at < pg_catalog.now() - interval '4 days';
end
$$;
