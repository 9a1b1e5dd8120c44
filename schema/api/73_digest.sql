-- The summary by mail (docs/publication.md): what opened for one's public and what is due, each working day or each Monday, to
-- whoever asked for it. Letters follow each other without a gap, and each offer is told once to each reader: what was told of is kept.

-- Seven in the morning of the next working day, or of the next Monday.
create or replace function data.digest_next(frequency text, after timestamptz) returns timestamptz
    language sql stable
    return (select min(t.at) from generate_series(0, 14) i
             cross join lateral (select (digest_next.after at time zone 'Europe/Paris')::date + i as day) d
             cross join lateral (select (d.day + time '07:00') at time zone 'Europe/Paris' as at) t
             where t.at > digest_next.after
               and case digest_next.frequency when 'daily' then data.is_working_day(d.day) else extract(isodow from d.day) = 1 end);

-- Of which offers a letter tells, those of one's public first: what opened or was reserved for one's network on the territory since the
-- letter before, an hour more for what was not yet committed then, and never what another letter told of. A thousand at most.
create or replace function data.digest_offers(member bigint, organisation bigint, since timestamptz, until timestamptz)
    returns table (offer bigint, rank bigint)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select x.id, row_number() over (order by x.is_ours desc, x.at desc, x.id)
          from (select f.id, coalesce(f.opened_at, f.confirmed_at) as at,
                       exists (select from data.offer_routing r where r.offer_id = f.id and r.network = g.network) as is_ours, f.state
                  from data.organisation g
                  join data.offer f on f.state in ('open', 'reserved') and not f.sandbox and f.organisation_id <> g.id
                   and (f.state = 'open' and f.opened_at > digest_offers.since - interval '1 hour' and f.opened_at <= digest_offers.until and 'mail' = any (f.channels)
                        or f.state = 'reserved' and f.confirmed_at > digest_offers.since - interval '1 hour' and f.confirmed_at <= digest_offers.until)
                 where g.id = digest_offers.organisation
                   and (f.replaced_by is null or not data.is_open(f.replaced_by))
                   and exists (select from data.territory_commune tc where tc.territory_id = g.territory_id and tc.commune_code = f.commune_code)
                   and not exists (select from data.digest_offer t where t.offer_id = f.id and t.member_id = digest_offers.member
                                      and t.organisation_id = digest_offers.organisation)) x
         where x.state = 'open' or x.is_ours
         order by 2 limit 1000;
    end;

-- What a letter says of these offers and of what is due; no row when there is nothing to say. Employers are not named in letters. At
-- most twenty-five offers are.
create or replace function data.digest_write(member bigint, organisation bigint, since timestamptz, told bigint[], site text)
    returns table (subject text, words text, offers integer, tasks integer)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    most  constant integer := 25;
    nb    constant text := chr(8239);
    here  organisation;
    list  text;
    due   text;
begin
    select * into here from organisation x where x.id = digest_write.organisation;
    offers := coalesce(cardinality(digest_write.told), 0);
    select string_agg('- ' || f.title || ', ' || k.label || coalesce(', ' || c.name, '')
                      || case when f.posts - f.posts_filled > 1 then ', ' || f.posts - f.posts_filled || ' postes' else '' end
                      || case when f.state = 'reserved' then E'\n  réservée à votre public jusqu’au ' || api.board_day((f.opens_at at time zone 'Europe/Paris')::date) else '' end
                      || coalesce(E'\n  ' || digest_write.site || '/suivi-offres/' || f.id, '') || E'\n', '' order by w.n)
      into list
      from unnest(digest_write.told[1:most]) with ordinality w (id, n)
      join offer f on f.id = w.id
      join contract k on k.code = f.contract
      left join commune c on c.code = f.commune_code;
    select coalesce(sum(x.n), 0)::integer,
           string_agg('- ' || x.label || case when x.n > 1 then nb || ': ' || x.n else '' end
                      || ', ' || case when x.first_on < data.today() then 'en retard depuis le ' when x.n > 1 then 'd’ici le ' else 'le ' end || api.board_day(x.first_on), E'\n' order by x.first_on, x.label)
      into tasks, due
      from (select k.label, count(*) as n, min(t.due_on) as first_on
              from task t join task_kind k on k.code = t.kind
             where t.member_id = digest_write.member and t.organisation_id = here.id and t.done_at is null
               and t.due_on <= data.today() + 7 and coalesce(t.later_on, data.today()) <= data.today()
             group by k.label) x;
    if offers = 0 and tasks = 0 then
        return;
    end if;
    subject := 'Maillage' || nb || ': ' || concat_ws(', ',
        case when offers > 0 then offers || case when offers > 1 then ' nouvelles offres' else ' nouvelle offre' end end,
        case when tasks > 0 then tasks || ' à traiter' end);
    words := 'Bonjour ' || (select m.name from member m where m.id = digest_write.member) || E',\n'
        || case when offers > 0 then E'\nNouvelles offres depuis le ' || api.board_day((digest_write.since at time zone 'Europe/Paris')::date)
                                     || nb || ': ' || offers || E'\n\n' || list
                                     || case when offers > most then '- et ' || offers - most || case when offers - most > 1 then E' autres\n' else E' autre\n' end
                                                                     || coalesce('  ' || digest_write.site || E'/suivi-offres\n', '') else '' end else '' end
        || case when tasks > 0 then E'\nÀ traiter\n\n' || due || E'\n' || coalesce('  ' || digest_write.site || E'/aujourdhui\n', '') else '' end
        || E'\n-- \n' || here.name || E'\nVous recevez ce résumé parce que vous l’avez demandé dans Maillage.\n';
    return next;
end
$$;

-- The job digest.follow: writes the letters whose hour has come. Where no mail server is known nothing is written, and the page says
-- so; what is told begins a week ago at most. Returns how many.
create or replace function data.digest_due(configured boolean, site text) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    d     record;
    until timestamptz := data.now();
    told  bigint[];
    sent  bigint;
    made  integer := 0;
begin
    update instance i set mail = digest_due.configured where i.mail is distinct from digest_due.configured;
    if not digest_due.configured then
        return 0;
    end if;
    delete from digest_offer t where t.told_at < until - interval '180 days'; -- longer than an offer is reserved or open
    for d in
        select g.*, greatest(g.told_until, data.now() - interval '8 days') as since,
               m.disabled_at is null and not m.technical and s.ended_on is null as is_there
          from digest g
          join channel c on c.id = g.channel_id and c.state = 'active'
          join member m on m.id = g.member_id
          join membership s on s.member_id = g.member_id and s.organisation_id = g.organisation_id
         where g.next_at <= data.now()
         order by g.next_at, g.member_id limit 200
           for update of g skip locked
    loop
        if d.is_there then
            select array_agg(o.offer order by o.rank) into told from data.digest_offers(d.member_id, d.organisation_id, d.since, until) o;
            sent := null;
            insert into delivery (channel_id, kind, message, member_id, body, due_at, made_at)
            select d.channel_id, 'mail.digest', 'dig_' || d.member_id || '_' || d.organisation_id || '_' || to_char(d.next_at at time zone 'UTC', 'YYYYMMDDHH24MI'), d.member_id,
                   json_build_object('subject', w.subject, 'text', w.words, 'offers', w.offers, 'tasks', w.tasks)::text, data.now(), data.now()
              from data.digest_write(d.member_id, d.organisation_id, d.since, told, digest_due.site) w
            on conflict (message) do nothing
            returning id into sent;
            if sent is not null then
                insert into digest_offer (member_id, organisation_id, offer_id, told_at)
                select d.member_id, d.organisation_id, t, until from unnest(told) t
                on conflict do nothing;
                made := made + 1;
            end if;
        end if;
        update digest g set told_until = until, next_at = data.digest_next(d.frequency, data.now())
         where g.member_id = d.member_id and g.organisation_id = d.organisation_id;
    end loop;
    return made;
end
$$;

-- The channel through which an organisation's members get their letters: there is one as soon as one of them wants some.
create or replace function data.mail_channel(organisation bigint, member bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    got bigint;
begin
    perform pg_advisory_xact_lock(hashtext('maillage.mail_channel'), mail_channel.organisation::integer);
    select c.id into got from channel c where c.organisation_id = mail_channel.organisation and c.kind = 'mail' and c.state <> 'removed';
    if got is null then
        insert into channel (organisation_id, kind, name, target, made_by)
        select mail_channel.organisation, 'mail', n.name, 'membres', mail_channel.member
          from (values (1, 'Résumés par courriel'), (2, 'Résumés par courriel (2)'), (3, 'Résumés par courriel (3)')) n (rank, name)
         where not exists (select from channel c where c.organisation_id = mail_channel.organisation and lower(c.name) = lower(n.name) and c.state <> 'removed')
         order by n.rank limit 1
        returning id into got;
    end if;
    return got;
end
$$;

-- How often one wants it: daily, weekly, or none.
create or replace function api.digest_choose(frequency text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    was text := (select g.frequency from digest g where g.member_id = auth.member() and g.organisation_id = auth.organisation());
begin
    if not auth.can_write() or exists (select from member m where m.id = auth.member() and m.technical) then
        perform auth.refuse('forbidden');
    end if;
    if digest_choose.frequency is not distinct from coalesce(was, 'none') then
        return;
    end if;
    if digest_choose.frequency = 'none' then
        delete from digest g where g.member_id = auth.member() and g.organisation_id = auth.organisation();
    else
        insert into digest (member_id, organisation_id, channel_id, frequency, told_until, next_at, chosen_at)
        values (auth.member(), auth.organisation(), data.mail_channel(auth.organisation(), auth.member()), digest_choose.frequency, data.now(),
                data.digest_next(digest_choose.frequency, data.now()), data.now())
        on conflict (member_id, organisation_id) do update
            set frequency = excluded.frequency, next_at = excluded.next_at, channel_id = excluded.channel_id;
    end if;
    perform data.log('digest.chosen', null, null, jsonb_build_object('frequency', digest_choose.frequency));
end
$$;

-- What a link in a letter does, without a session: the server has checked whose it is. False when there was nothing to end.
create or replace function api.digest_stop(member bigint, organisation bigint) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from digest g where g.member_id = digest_stop.member and g.organisation_id = digest_stop.organisation;
    if not found then
        return false;
    end if;
    perform data.log('digest.stopped', null, null, '{}', digest_stop.member, digest_stop.organisation);
    return true;
end
$$;

create or replace function api.digest_state() returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select json_build_object('frequency', coalesce(g.frequency, 'none'), 'next_at', case when i.mail then g.next_at end, 'is_configured', i.mail,
                                 'is_paused', coalesce(c.state = 'paused', false), 'email', m.email,
                                 'letters', (select coalesce(json_agg(json_build_object('id', d.id, 'at', coalesce(d.settled_at, d.due_at), 'state', d.state, 'error', d.error,
                                                                                        'subject', d.body::json ->> 'subject', 'text', d.body::json ->> 'text') order by d.id desc), '[]')
                                               from (select x.* from data.delivery x join data.channel h on h.id = x.channel_id
                                                      where x.member_id = m.id and x.kind = 'mail.digest' and h.organisation_id = auth.organisation()
                                                      order by x.id desc limit 5) d))
          from data.instance i
          join data.member m on m.id = auth.member()
          left join data.digest g on g.member_id = m.id and g.organisation_id = auth.organisation()
          left join data.channel c on c.id = g.channel_id;
    end;
