-- Programs of partners: keys in use, being replaced, expired, revoked; a webhook with what it was told, all of it received but
-- one. The secrets of keys are nobody's: the hashes are chance.
-- What was sent and how it was tried, written down channel by channel; sent in the order of time at the end.
create unlogged table demo.sent (
    channel_id bigint not null, kind text not null, message text primary key, offer_id bigint, member_id bigint, body text not null, state text not null,
    attempts integer not null, made_at timestamptz not null, settled_at timestamptz not null, status integer not null
);
create unlogged table demo.tried (
    message text not null, number integer not null, at timestamptz not null, ms integer not null, status integer, error text, answer text
);

create procedure demo.partner()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    boss  record;
    k     record;
    agent bigint;
    made  bigint;
    hook  bigint;
    opened record;
begin
    call demo.speak(null);
    for boss in
        select m.member_id, m.organisation_id, o.name, row_number() over (order by o.id) as n
          from membership m join organisation o on o.id = m.organisation_id join network w on w.code = o.network and w.kind = 'partner'
         where m.role = 'manager'
    loop
        for k in
            select * from (values
                (1, 'Progiciel de suivi', '{offers:read,offers:write,needs:read,needs:write,employers:read}'::text[], 200, 165, 0, 1),
                (2, 'Tableau de bord', '{offers:read,visits:read,needs:read}', 120, 245, 1, 2),
                (3, 'Ancien extranet', '{offers:read}', 420, -55, 60, 1),
                (4, 'Essai du prestataire', '{offers:read,visits:read}', 90, 90, null, 1)) v (i, name, scopes, age, ends, used, secrets)
             where v.i <= case when boss.n % 2 = 1 then 4 else 1 end
        loop
            insert into member (email, name, technical, created_at)
            values ('cle-demo-' || boss.organisation_id || '-' || k.i || '@technique.invalid', k.name || ' (clé d’API)', true, demo.at(data.today() - k.age, 560))
            returning id into agent;
            insert into membership (member_id, organisation_id, role, since) values (agent, boss.organisation_id, 'program', data.today() - k.age);
            insert into api_key (organisation_id, member_id, name, scopes, expires_at, made_by, made_at, revoked_at, revoked_by)
            values (boss.organisation_id, agent, k.name, k.scopes, demo.at(data.today() + k.ends, 0), boss.member_id, demo.at(data.today() - k.age, 560),
                    case when k.i = 4 then demo.at(data.today() - 30, 600) end, case when k.i = 4 then boss.member_id end)
            returning id into made;
            insert into api_secret (hash, key_id, prefix, made_at, ends_at, used_at)
            select sha256(convert_to('demo ' || made || s, 'UTF8')), made, translate(left(encode(sha256(convert_to(made || 'p' || s, 'UTF8')), 'base64'), 8), '+/=', 'Qz7'),
                   demo.at(data.today() - k.age / s, 560), case when s < k.secrets then pg_catalog.now() + interval '20 hours' end,
                   case when k.used is not null then pg_catalog.now() - make_interval(days => k.used, mins => 7 * s) end
              from generate_series(1, k.secrets) s;
        end loop;
    end loop;

    select m.member_id, m.organisation_id into boss from membership m join organisation o on o.id = m.organisation_id
     where m.role = 'manager' and o.network = 'ml' order by o.id limit 1;
    insert into channel (organisation_id, kind, name, target, events, made_by, made_at)
    values (boss.organisation_id, 'webhook', 'Progiciel de suivi', 'https://suivi.ml-moulins.example/maillage', '{offer.reserved,offer.opened,offer.filled,referral.made}', boss.member_id, data.now())
    returning id into hook;
    for opened in
        select x.id, x.opened_at, x.n
          from (select f.id, f.opened_at, row_number() over (order by f.opened_at desc, f.id) as n from offer f where f.opened_at is not null) x
         where x.n <= 14 order by x.n desc
    loop
        insert into demo.sent (channel_id, kind, message, offer_id, body, state, attempts, made_at, settled_at, status)
        values (hook, 'offer.opened', 'msg_demo_' || opened.id, opened.id,
                json_build_object('type', 'offer.opened', 'timestamp', to_char(opened.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', json_build_object('offer', opened.id))::text,
                case when opened.n = 3 then 'dead' else 'done' end, case opened.n when 3 then 10 when 6 then 2 else 1 end, opened.opened_at,
                opened.opened_at + case when opened.n = 3 then interval '44 hours' else interval '1 second' end, case when opened.n = 3 then 502 else 204 end);
        insert into demo.tried (message, number, at, ms, status, error, answer)
        select 'msg_demo_' || opened.id, t, opened.opened_at + make_interval(secs => power(4, t)), 40 + floor(demo.u(opened.id || 'ms' || t) * 200)::integer,
               case when opened.n = 3 then 502 when opened.n = 6 and t = 1 then null else 204 end, case when opened.n = 6 and t = 1 then 'Pas de réponse dans le délai de 10 secondes.' end,
               case when opened.n = 3 then 'Bad Gateway' end
          from generate_series(1, case opened.n when 3 then 10 when 6 then 2 else 1 end) t;
    end loop;

    -- Its address is nobody's: what would leave for it would fail, and the first words one reads of it would be of that.
    update channel c set state = 'paused',
           reason = 'Démonstration : cette adresse n’existe pas. Donnez celle d’un logiciel à vous, puis reprenez : il recevra des messages signés.'
     where c.id = hook;

    -- A partner file, dropped every night; what is open is in it since the night after it opened.
    insert into channel (organisation_id, kind, name, target, schedule, made_by)
    values (boss.organisation_id, 'file', 'Fichier pour France Travail', 'ML_ALLIER', 'nightly', boss.member_id)
    returning id into hook;
    update channel c set next_at = data.file_next('nightly', data.now()) where c.id = hook;
    update publication p set published_at = o.opened_at, carried_at = data.file_next('nightly', o.opened_at)
      from offer o where o.id = p.offer_id and p.channel_id = hook and data.file_next('nightly', o.opened_at) < data.now();
    for opened in
        select n, data.file_next('nightly', demo.at(data.today() - n::integer, 0)) as opened_at from generate_series(6, 1, -1) n
    loop
        insert into demo.sent (channel_id, kind, message, body, state, attempts, made_at, settled_at, status)
        values (hook, 'file.drop', 'file_demo_' || opened.n, json_build_object('action', 'drop', 'file', 'ML_ALLIER.csv')::text, 'done', 1,
                opened.opened_at, opened.opened_at + interval '1 second', 201);
        insert into demo.tried (message, number, at, ms, status, answer)
        select 'file_demo_' || opened.n, 1, opened.opened_at, 18 + opened.n, 201,
               format('ML_ALLIER.csv%s: %s offres ouvertes, %s fermées, %s octets', chr(8239), held.n, 0, 1180 + 640 * held.n)
          from (select count(*) as n from publication p where p.channel_id = hook and p.carried_at <= opened.opened_at) held;
    end loop;

    -- Letters: three members of the Mission Locale want the summary; one address is gone.
    insert into channel (organisation_id, kind, name, target, made_by) values (boss.organisation_id, 'mail', 'Résumés par courriel', 'membres', boss.member_id)
    returning id into hook;
    update instance set mail = true;
    for k in
        select m.member_id, b.name, row_number() over (order by m.role = 'manager' desc, m.member_id) as n
          from membership m join member b on b.id = m.member_id
         where m.organisation_id = boss.organisation_id and m.role in ('adviser', 'manager') and m.ended_on is null order by 3 limit 3
    loop
        insert into digest (member_id, organisation_id, channel_id, frequency, told_until, next_at, chosen_at)
        values (k.member_id, boss.organisation_id, hook, case when k.n = 1 then 'weekly' else 'daily' end, data.now(),
                data.digest_next(case when k.n = 1 then 'weekly' else 'daily' end, data.now()), demo.at(data.today() - 40, 600));
        for opened in
            select d.day, demo.at(d.day, 420) as opened_at, row_number() over (order by d.day desc) as n, x.told
              from (select data.today() - i as day from generate_series(1, 14) i) d
             cross join lateral (select array_agg(f.id order by f.opened_at desc) as told from offer f
                                  where f.opened_at >= demo.at(d.day, 420) - interval '1 day' and f.opened_at < demo.at(d.day, 420)
                                    and f.organisation_id <> boss.organisation_id and not f.sandbox and f.state = 'open') x
             where case when k.n = 1 then extract(isodow from d.day) = 1 else data.is_working_day(d.day) end order by d.day
        loop
            insert into demo.sent (channel_id, kind, message, member_id, body, state, attempts, made_at, settled_at, status)
            select hook, 'mail.digest', 'dig_demo_' || k.member_id || '_' || opened.day, k.member_id,
                   json_build_object('subject', w.subject, 'text', w.words, 'offers', w.offers, 'tasks', w.tasks)::text,
                   case when k.n = 3 and opened.n = 1 then 'dead' else 'done' end, 1, opened.opened_at, opened.opened_at + interval '2 seconds',
                   case when k.n = 3 and opened.n = 1 then 550 else 250 end
              from data.digest_write(k.member_id, boss.organisation_id, opened.opened_at - interval '1 day', opened.told, null) w;
            insert into demo.tried (message, number, at, ms, status, answer)
            select 'dig_demo_' || k.member_id || '_' || opened.day, 1, opened.opened_at + interval '1 second', 240 + 31 * opened.n, case when k.n = 3 and opened.n = 1 then 550 else 250 end,
                   case when k.n = 3 and opened.n = 1 then '550 5.1.1 Boîte inconnue' else 'Pris en charge par le serveur de messagerie' end
             where found;
        end loop;
    end loop;
    insert into delivery (channel_id, kind, message, offer_id, member_id, body, state, attempts, due_at, made_at, settled_at, status)
    select s.channel_id, s.kind, s.message, s.offer_id, s.member_id, s.body, s.state, s.attempts, s.made_at, s.made_at, s.settled_at, s.status
      from demo.sent s order by s.made_at, s.message;
    insert into delivery_attempt (delivery_id, number, at, ms, status, error, answer)
    select d.id, t.number, t.at, t.ms, t.status, t.error, t.answer from demo.tried t join delivery d using (message) order by d.id, t.number;
    delete from job where kind = 'channel.send';
end
$$;
