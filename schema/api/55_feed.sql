-- The calendar feed of an adviser: a secret address that calendars of elsewhere read. Only a hash of the token is kept.

-- A new address; the former one no longer works.
create or replace function api.feed_make(token_hash bytea) returns timestamptz
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    perform from membership m where m.member_id = auth.member() and m.organisation_id = auth.organisation() for no key update;
    update calendar_feed f set revoked_at = data.now()
     where f.member_id = auth.member() and f.organisation_id = auth.organisation() and f.revoked_at is null;
    insert into calendar_feed (member_id, organisation_id, token_hash, made_at)
    values (auth.member(), auth.organisation(), feed_make.token_hash, data.now());
    perform data.log('calendar.made', null, null, '{}');
    return data.now();
end
$$;

create or replace function api.feed_revoke() returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update calendar_feed f set revoked_at = data.now()
     where f.member_id = auth.member() and f.organisation_id = auth.organisation() and f.revoked_at is null;
    if found then
        perform data.log('calendar.revoked', null, null, '{}');
    end if;
end
$$;

-- Whether one has an address, and who read it last.
create or replace function api.feed_state() returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select json_build_object('feed', (select json_build_object('made_at', f.made_at, 'read_at', f.read_at, 'reader', f.reader)
                                            from data.calendar_feed f
                                           where f.member_id = auth.member() and f.organisation_id = auth.organisation() and f.revoked_at is null));
    end;

-- Opens a feed by its token: its number, of whom it is, for which organisation; nothing when it was revoked, or when the
-- member left. Notes who reads, once in a while.
create or replace function api.feed_open(token_hash bytea, reader text) returns table (feed bigint, member text, organisation text)
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    return query
        select f.id, p.name, o.short_name
          from calendar_feed f
          join membership m on m.member_id = f.member_id and m.organisation_id = f.organisation_id
          join member p on p.id = f.member_id
          join organisation o on o.id = f.organisation_id
         where f.token_hash = feed_open.token_hash and f.revoked_at is null and p.disabled_at is null
           and (m.ended_on is null or m.ended_on > current_date);
    if found then
        update calendar_feed f set read_at = data.now(), reader = left(feed_open.reader, 120)
         where f.token_hash = feed_open.token_hash and (f.read_at is null or f.read_at < data.now() - interval '10 minutes');
    end if;
end
$$;

-- The visits of a feed, cancelled ones too so that calendars take them out: a quarter back, everything ahead. The contact by
-- name only, and only when the member may read it and the person does not refuse. Visits of a partner whom one goes with too:
-- tentative until it is agreed, cancelled when it is called off.
create or replace function api.feed_visits(feed bigint)
    returns table (visit bigint, sequence integer, state text, starts text, minutes integer, changed text, establishment bigint, name text,
                   address text, lon float8, lat float8, phone text, sealed text, due_on date)
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    select v.id, v.version - 1, case when g.state is null then v.state when v.state = 'cancelled' or g.state = 'withdrawn' then 'cancelled'
                                     when g.state = 'invited' then 'tentative' else v.state end, to_char(v.planned_at at time zone 'Europe/Paris', 'YYYYMMDD"T"HH24MISS'), v.minutes::integer,
           to_char(greatest(v.changed_at, g.answered_at, g.invited_at) at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'), e.id, e.name,
           concat_ws(', ', e.address, trim(concat_ws(' ', e.postcode, e.city))), ST_X(e.location), ST_Y(e.location), e.phone,
           (select api.sealed(c) from contact c
             where c.id = v.contact_id and c.erased_at is null and c.opposition_id is null and (c.shared or c.organisation_id = f.organisation_id)),
           p.due_on
      from calendar_feed f
      join organisation o on o.id = f.organisation_id
     cross join lateral (select x.id as visit, null as state, null::timestamptz as answered_at, null::timestamptz as invited_at
                           from visit x where x.member_id = f.member_id and x.organisation_id = f.organisation_id
                         union all
                         select x.visit_id, x.state, x.answered_at, x.invited_at
                           from visit_partner x where x.member_id = f.member_id and x.organisation_id = f.organisation_id and x.state <> 'declined') g
      join visit v on v.id = g.visit
      join promise p on p.id = v.promise_id
      join establishment e on e.id = v.establishment_id
     where f.id = feed_visits.feed and f.revoked_at is null and v.planned_at > data.now() - interval '90 days'
       and exists (select from territory_commune tc where tc.territory_id = o.territory_id and tc.commune_code = e.commune_code)
     order by v.planned_at, v.id
     limit 2000
$$;
