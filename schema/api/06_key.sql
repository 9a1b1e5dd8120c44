-- Keys of the API: a program acts for an organisation, as a technical member of it. A key states who asks exactly as a session
-- does (05_auth), so that every policy and function holds for it; beyond that it does only what its scopes name.

-- Whether an organisation is the one acted for, or its sandbox.
create or replace function auth.is_own(organisation bigint) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select is_own.organisation = auth.organisation()
               or exists (select from data.organisation o where o.id = is_own.organisation and o.sandbox_of = auth.organisation());
    end;

-- Managers and administrators answer for what programs do in the name of their organisation.
create or replace function auth.is_accountable() returns boolean
    language sql stable parallel safe
    return coalesce(auth.role() in ('manager', 'administrator'), false);

-- The same as auth.identify, by a key. `asked`: the mask of roles below bit 16, the bit of the scope above.
create or replace function auth.identify_key(hash bytea, asked integer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    k     record;
    scope record;
begin
    select s.ends_at, s.used_at, x.id, x.member_id, x.organisation_id, x.scopes, x.expires_at, x.revoked_at, o.network, o.territory_id
      into k
      from api_secret s
      join api_key x on x.id = s.key_id
      join organisation o on o.id = x.organisation_id
     where s.hash = identify_key.hash;
    if not found then
        perform auth.refuse('key_invalid');
    end if;
    if k.revoked_at is not null then
        perform auth.refuse('key_revoked');
    end if;
    if least(k.ends_at, k.expires_at) <= pg_catalog.now() then
        perform auth.refuse('key_expired', json_build_object('expired_at', least(k.ends_at, k.expires_at)));
    end if;
    if auth.role_bit('adviser') & identify_key.asked = 0 then
        perform auth.refuse('forbidden');
    end if;
    if identify_key.asked >> 16 > 1 then
        select a.code into scope from api_scope a where a.bit = identify_key.asked >> 16;
        if not found or scope.code <> all (k.scopes) then
            perform auth.refuse('scope_missing', json_build_object('scope', scope.code));
        end if;
    end if;
    perform set_config('maillage.member', k.member_id::text, true),
            set_config('maillage.organisation', k.organisation_id::text, true),
            set_config('maillage.network', k.network, true),
            set_config('maillage.territory', k.territory_id::text, true),
            set_config('maillage.role', 'adviser', true);
    if k.used_at is null or k.used_at < pg_catalog.now() - interval '1 minute' then
        update api_secret s set used_at = pg_catalog.now() where s.hash = identify_key.hash;
    end if;
end
$$;

-- Who a key says it is: the answer to GET /api/key.
create or replace function api.key_self() returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select json_build_object('name', k.name, 'scopes', k.scopes, 'expires_at', k.expires_at,
                                 'organisation', json_build_object('id', o.id, 'name', o.name, 'network', o.network),
                                 'sandbox', o.sandbox_of is not null, 'territory', t.name, 'now', data.now())
          from data.api_key k
          join data.organisation o on o.id = k.organisation_id
          join data.territory t on t.id = o.territory_id
         where k.member_id = auth.member();
    end;

-- The sandbox of an organisation, made the first time: same network, a territory of invented employers that all sandboxes
-- share, so that partners may also try what they do to one another.
create or replace function data.sandbox_of(organisation bigint) returns bigint
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    made bigint;
    land bigint;
begin
    perform pg_advisory_xact_lock(hashtext('maillage.sandbox'));
    select o.id into made from organisation o where o.sandbox_of = sandbox_of.organisation;
    if found then
        return made;
    end if;
    select t.id into land from territory t where t.name = 'Bac à sable';
    if not found then
        insert into territory (name, kind) values ('Bac à sable', 'project') returning id into land;
        insert into commune (code, name, department, postcodes) values ('99999', 'Essai-sur-Sable', '99', '{99999}');
        insert into territory_commune (territory_id, commune_code) values (land, '99999');
        insert into establishment (siret, legal_name, commune_code, postcode, city, naf, size_band, status)
        select v.siret, v.name, '99999', '99999', 'ESSAI-SUR-SABLE', v.naf, v.band, 'A'
          from (values ('99999001300016', 'BOULANGERIE D’ESSAI', '10.71C', '02'), ('99999002100019', 'GARAGE D’ESSAI', '45.20A', '03'),
                       ('99999003900011', 'MAÇONNERIE D’ESSAI', '43.99C', '11'), ('99999004700014', 'HÔTEL D’ESSAI', '55.10Z', '12'),
                       ('99999005400010', 'MAISON DE RETRAITE D’ESSAI', '87.10A', '21'), ('99999006200013', 'SCIERIE D’ESSAI', '16.10A', '12'))
               v (siret, name, naf, band);
    end if;
    insert into organisation (network, territory_id, name, short_name, sandbox_of)
    select o.network, land, left('Bac à sable : ' || o.name, 120), left('Essai ' || o.short_name, 40), o.id
      from organisation o where o.id = sandbox_of.organisation
    returning id into made;
    return made;
end
$$;

create or replace function data.api_key_check(scopes text[], expires_at timestamptz) returns void
    language plpgsql stable set search_path = data, pg_temp as $$
begin
    if exists (select from unnest(api_key_check.scopes) s where s not in (select a.code from api_scope a)) then
        perform auth.refuse('invalid', json_build_object('field', 'scopes'));
    end if;
    if api_key_check.expires_at not between pg_catalog.now() and pg_catalog.now() + interval '2 years' then
        perform auth.refuse('key_expiry', json_build_object('field', 'expires_on'));
    end if;
end
$$;

-- A key for the organisation acted for, or for its sandbox; the caller shows the secret once and gives its hash. Returns its id.
create or replace function api.key_make(name text, scopes text[], expires_on date, sandbox boolean, hash bytea, prefix text) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    whose bigint := auth.organisation();
    agent bigint;
    made  bigint;
begin
    if not auth.is_accountable() then
        perform auth.refuse('forbidden');
    end if;
    if key_make.sandbox then
        whose := data.sandbox_of(whose);
    end if;
    perform data.api_key_check(key_make.scopes, (key_make.expires_on + 1)::timestamp at time zone 'Europe/Paris');
    if exists (select from api_key k where k.organisation_id = whose and lower(k.name) = lower(trim(key_make.name)) and k.revoked_at is null) then
        perform auth.refuse('key_name_taken', json_build_object('field', 'name'));
    end if;
    if 20 <= (select count(*) from api_key k where k.organisation_id = whose and k.revoked_at is null) then
        perform auth.refuse('key_too_many');
    end if;
    insert into member (email, name, technical)
    values ('cle-' || lower(replace(key_make.prefix, '_', '-')) || '-' || encode(substr(key_make.hash, 1, 6), 'hex') || '@technique.invalid',
            trim(key_make.name) || ' (clé d’API)', true)
    returning id into agent;
    insert into membership (member_id, organisation_id, role) values (agent, whose, 'program');
    insert into api_key (organisation_id, member_id, name, scopes, expires_at, made_by, made_at)
    values (whose, agent, trim(key_make.name), key_make.scopes, (key_make.expires_on + 1)::timestamp at time zone 'Europe/Paris', auth.member(), data.now())
    returning id into made;
    insert into api_secret (hash, key_id, prefix) values (key_make.hash, made, key_make.prefix);
    perform data.log('key.made', null, null, jsonb_build_object('key', made, 'name', trim(key_make.name), 'scopes', key_make.scopes, 'sandbox', key_make.sandbox));
    return made;
end
$$;

-- A key that one answers for, locked; not_found otherwise, key_over when it is revoked already.
create or replace function data.api_key_held(key bigint) returns data.api_key
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    k api_key;
begin
    select * into k from api_key x where x.id = api_key_held.key and auth.is_own(x.organisation_id) for update;
    if k.id is null or not auth.is_accountable() then
        perform auth.refuse('not_found');
    end if;
    if k.revoked_at is not null then
        perform auth.refuse('key_over');
    end if;
    return k;
end
$$;

-- A second secret; those that are valid now end after `hours` (0: at once).
create or replace function api.key_rotate(key bigint, hours integer, hash bytea, prefix text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    k api_key := data.api_key_held(key_rotate.key);
begin
    update api_secret s set ends_at = least(s.ends_at, pg_catalog.now() + make_interval(hours => key_rotate.hours)) where s.key_id = k.id;
    insert into api_secret (hash, key_id, prefix) values (key_rotate.hash, k.id, key_rotate.prefix);
    perform data.log('key.rotated', null, null, jsonb_build_object('key', k.id, 'name', k.name, 'hours', key_rotate.hours));
end
$$;

create or replace function api.key_change(key bigint, scopes text[], expires_on date) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    k    api_key := data.api_key_held(key_change.key);
    ends timestamptz := coalesce((key_change.expires_on + 1)::timestamp at time zone 'Europe/Paris', k.expires_at);
begin
    if key_change.expires_on is not null or key_change.scopes is not null then
        perform data.api_key_check(coalesce(key_change.scopes, k.scopes), case when key_change.expires_on is null then pg_catalog.now() + interval '1 day' else ends end);
    end if;
    update api_key x set scopes = coalesce(key_change.scopes, x.scopes), expires_at = ends where x.id = k.id;
    perform data.log('key.changed', null, null, jsonb_strip_nulls(jsonb_build_object('key', k.id, 'name', k.name, 'scopes', key_change.scopes, 'expires_on', key_change.expires_on)));
end
$$;

create or replace function api.key_revoke(key bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    k api_key := data.api_key_held(key_revoke.key);
begin
    update api_key x set revoked_at = data.now(), revoked_by = auth.member() where x.id = k.id;
    perform data.log('key.revoked', null, null, jsonb_build_object('key', k.id, 'name', k.name));
end
$$;

-- A key as lists show it: never a secret, only how each begins.
create or replace view api.key_row with (security_invoker = true) as
select k.id, k.name, k.scopes, k.expires_at, k.made_at, json_build_object('id', m.id, 'name', m.name) as made_by, k.revoked_at,
       (select r.name from data.member r where r.id = k.revoked_by) as revoked_by, o.sandbox_of is not null as sandbox,
       case when k.revoked_at is not null then 'revoked' when k.expires_at <= pg_catalog.now() then 'expired' else 'active' end as state,
       s.secrets, s.used_at
  from data.api_key k
  join data.organisation o on o.id = k.organisation_id
  join data.member m on m.id = k.made_by
  cross join lateral (
      select json_agg(json_build_object('prefix', x.prefix, 'made_at', x.made_at, 'ends_at', x.ends_at, 'used_at', x.used_at) order by x.made_at desc)
                 filter (where coalesce(x.ends_at > pg_catalog.now(), true)) as secrets, max(x.used_at) as used_at
        from data.api_secret x where x.key_id = k.id) s;
