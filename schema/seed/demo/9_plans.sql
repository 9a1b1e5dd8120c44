-- Joint plans of the demo: one that runs since this morning, one that waits for two signatures, one draft; one signed by all
-- that starts next week, one refused, one given up, one that is over and was evaluated. The scenarios are computed by the
-- engine between the two procedures, as the worker would, each at the moment when it was asked.
create schema demo;

create function demo.org(email text) returns bigint
    language sql stable
    return (select o.id from data.organisation o where o.email = 'contact@' || org.email || '.example');

-- It is this hour of the first working day from so many days ago, until the end of the transaction.
create procedure demo.at(days integer, hour integer)
    language sql
    begin atomic
        select set_config('maillage.replay', (data.working_day_after((now() at time zone 'Europe/Paris')::date - days, 0) + make_interval(hours => hour))::text, true);
    end;

-- Speaks as somebody of this organisation with this role, until the end of the transaction.
create procedure demo.as(office text, role text)
    language plpgsql as $$
begin
    perform set_config('maillage.member', m.member_id::text, true), set_config('maillage.organisation', o.id::text, true),
            set_config('maillage.network', o.network, true), set_config('maillage.territory', o.territory_id::text, true),
            set_config('maillage.role', m.role, true)
       from data.organisation o
       join data.membership m on m.organisation_id = o.id and m.role = "as".role
      where o.id = demo.org("as".office)
      order by m.member_id limit 1;
end
$$;

create table demo.plan (key text primary key, id bigint, scenario bigint);

create function demo.content(name text, starts_on date, ends_on date, offices text[], hours integer[], segment text, lead text, rules jsonb)
    returns jsonb
    language sql stable
    return (select jsonb_build_object('name', content.name, 'starts_on', content.starts_on, 'ends_on', content.ends_on,
        'partners', jsonb_agg(demo.org(o.office)),
        'segments', (select jsonb_agg(jsonb_build_object('segment', s.id, 'version', s.version, 'lead', demo.org(content.lead)))
                       from data.segment s where s.name = content.segment),
        'rules', content.rules,
        'capacities', jsonb_agg(jsonb_build_object('organisation', demo.org(o.office), 'hours', o.hours)),
        'objectives', jsonb_agg(jsonb_build_object('organisation', demo.org(o.office), 'visits', o.hours * 6 / 10, 'first_contacts', o.hours / 4,
                                                   'needs', o.hours / 6, 'offers', o.hours / 12)))
        from unnest(content.offices, content.hours) o (office, hours));

create procedure demo.plans_open()
    language plpgsql as $$
declare
    today date := data.today();
    made  bigint;
begin
    call demo.as('ml-vichy', 'manager');
    made := api.plan_make(demo.content('Bassin de Vichy, retrouver les employeurs', today - 3, today + 74,
        array['ft-vichy', 'ml-vichy', 'capemploi-allier'], array[45, 36, 15], 'Autour de Vichy, sans contact depuis un an', 'ml-vichy',
        '{"visit_minutes": 90, "never_visited": 40, "small": 30}'));
    insert into demo.plan values ('running', made, api.scenario_make(made, 'Comme prévu', null));

    call demo.as('ft-moulins', 'manager');
    made := api.plan_make(demo.content('Bâtiment et travaux publics, rentrée', today + 12, today + 103,
        array['ft-moulins', 'ml-moulins', 'capemploi-allier', 'plie-allier'], array[75, 45, 30, 45], 'Bâtiment, métiers en tension', 'plie-allier',
        '{"visit_minutes": 90, "never_visited": 30, "small": 40, "km_most": 60}'));
    insert into demo.plan values ('proposed', made, api.scenario_make(made, 'Comme prévu', null));
    perform api.scenario_make(made, 'Au plus près', '{"weights": {"km": -4}}');
    perform api.plan_comment(made, 'rules', null, null, 'Le PLIE demande 40 % de petites entreprises : c’est ce qui est écrit.');
    call demo.as('plie-allier', 'manager');
    perform api.plan_comment(made, 'partners', null, null, 'Nos heures tiennent compte des congés de novembre.');

    call demo.as('ml-montlucon', 'adviser');
    made := api.plan_make(demo.content('Hôtels et restaurants avant la saison', today + 40, today + 130,
        array['ft-montlucon', 'ml-montlucon'], array[60, 40], 'Hôtels et restaurants jamais visités', 'ml-montlucon', '{"visit_minutes": 75}'));
    insert into demo.plan values ('draft', made, null);
    perform api.plan_comment(made, 'segments', null, null, 'À compléter avec les campings ?');

    call demo.as('ft-montlucon', 'manager');
    made := api.plan_make(demo.content('Industrie du bassin de Montluçon', today + 6, today + 90,
        array['ft-montlucon', 'ml-montlucon', 'capemploi-allier'], array[50, 40, 40], 'Industrie de 10 à 249 salariés', 'ft-montlucon',
        '{"visit_minutes": 105, "never_visited": 25}'));
    insert into demo.plan values ('agreed', made, api.scenario_make(made, 'Comme prévu', null));
    call demo.as('capemploi-allier', 'manager');
    perform api.plan_comment(made, 'objectives', null, null, 'Nous visons d’abord les employeurs sous le seuil de 6 %.');

    call demo.as('plie-allier', 'manager');
    made := api.plan_make(demo.content('Chantiers et entretien, clause sociale', today + 20, today + 110,
        array['plie-allier', 'ft-moulins', 'ml-moulins'], array[60, 30, 30], 'Clause sociale : chantiers et entretien', 'plie-allier',
        '{"visit_minutes": 90, "small": 50}'));
    insert into demo.plan values ('refused', made, api.scenario_make(made, 'Comme prévu', null));

    call demo.as('ft-montlucon', 'manager');
    made := api.plan_make(demo.content('Forts potentiels jamais vus', today + 15, today + 75,
        array['ft-montlucon', 'ft-moulins'], array[40, 40], 'Fort potentiel, jamais vus', 'ft-montlucon', '{"visit_minutes": 90}'));
    perform api.plan_abandon(made, 'Repris par les plans de Vichy et de Montluçon, que nos deux agences signent aussi.');

    call demo.at(110, 11);
    call demo.as('ml-moulins', 'manager');
    made := api.plan_make(jsonb_set(
        demo.content('Tables et hôtels autour de Moulins', data.today() + 8, data.today() + 78,
            array['ft-moulins', 'ml-moulins'], array[36, 24], 'Hôtels et restaurants jamais visités', 'ml-moulins', '{"visit_minutes": 90, "small": 50}'),
        -- As the segment was then.
        '{segments,0,version}', '1') || '{"communes": ["03190", "03321", "03013"]}');
    insert into demo.plan values ('over', made, api.scenario_make(made, 'Comme prévu', null));
    perform set_config('maillage.replay', '', true);
end
$$;

create procedure demo.plan_sign(key text, offices text[], activate boolean)
    language plpgsql as $$
declare
    p demo.plan := (select x from demo.plan x where x.key = plan_sign.key);
    o text;
    v data.plan_version;
begin
    call demo.as(offices[1], 'manager');
    perform api.plan_choose(p.id, 1, p.scenario);
    perform api.plan_propose(p.id, 2);
    select * into v from data.plan_version x where x.plan_id = p.id and x.version = 1;
    foreach o in array offices loop
        call demo.as(o, 'manager');
        perform api.plan_answer(p.id, 1, encode(v.hash, 'hex'), 'signed', null);
    end loop;
    if activate then
        perform api.plan_activate(p.id, 1);
    end if;
end
$$;

-- What became of the promises of a plan: most were visited on their day or shortly before, some given back, some forgotten.
create procedure demo.plan_live(plan bigint)
    language plpgsql set search_path = data, pg_temp as $$
declare
    r       record;
    day     date;
    slot    timestamptz;
    made    bigint;
    outcome text;
begin
    -- A promise ends before the next begins: the acts of one never wait for another's.
    for r in
        select q.id, q.establishment_id, q.organisation_id, q.member_id, q.due_on, q.lapses_on, o.network, o.territory_id, q.made_at,
               ('x' || substr(md5('plan:' || q.establishment_id), 1, 7))::bit(28)::integer / 268435456.0 as u
          from promise q join organisation o on o.id = q.organisation_id where q.plan_id = plan_live.plan order by q.due_on, q.id
    loop
        perform set_config('maillage.member', r.member_id::text, true), set_config('maillage.organisation', r.organisation_id::text, true),
                set_config('maillage.network', r.network, true), set_config('maillage.territory', r.territory_id::text, true),
                set_config('maillage.role', 'adviser', true);
        if r.u < 0.76 then
            -- The last moment before the day promised when the adviser is nowhere else.
            select t.at into slot
              from generate_series(0, 12) back cross join unnest(array['10:30', '14:30', '09:15', '16:00']::time[]) hour
             cross join lateral (select (r.due_on - back + hour) at time zone 'Europe/Paris' as at) t
             where is_working_day(r.due_on - back) and t.at > r.made_at + interval '2 days'
               and not exists (select from visit v where v.member_id = r.member_id and v.state <> 'cancelled'
                                  and v.planned_at < t.at + interval '80 minutes' and v.planned_at + make_interval(mins => v.minutes) > t.at - interval '20 minutes')
             order by back, array_position(array['10:30', '14:30', '09:15', '16:00']::time[], hour) limit 1;
            if slot is null then
                continue;
            end if;
            outcome := case when r.u < 0.24 then 'needs' when r.u < 0.42 then 'later' else 'none' end;
            perform set_config('maillage.replay', greatest(r.made_at + interval '1 day', slot - interval '6 days')::text, true);
            made := api.visit_plan(r.establishment_id, slot, 60, null, null);
            perform set_config('maillage.replay', (slot + interval '75 minutes')::text, true);
            perform api.report_write(made, outcome, slot + interval '45 minutes', null,
                case when outcome = 'needs' then json_build_array(json_build_object('rome', (array['G1602', 'G1803', 'G1605', 'G1501'])[1 + floor(r.u * 400)::integer % 4],
                    'posts', 1 + floor(r.u * 900)::integer % 2, 'horizon', 'quarter', 'contract', (array['cdi', 'seasonal', 'apprenticeship'])[1 + floor(r.u * 700)::integer % 3])) end,
                null, null,
                case outcome when 'needs' then 'Première visite d’un partenaire. Cherche du monde pour la salle et la cuisine, débutants bienvenus.'
                             when 'later' then 'Attend de connaître les réservations avant de décider ; d’accord pour être recontacté.'
                             else 'Équipe familiale au complet ; connaît désormais notre interlocuteur.' end, null);
        elsif r.u < 0.88 then
            perform set_config('maillage.replay', ((working_day_after(r.due_on - 3, 0) + time '11:20') at time zone 'Europe/Paris')::text, true);
            perform api.promise_change(r.id, null, 'returned', (array['Fermeture saisonnière', 'Établissement en vente, gérant absent', 'Injoignable après trois appels'])[1 + floor(r.u * 1000)::integer % 3]);
        else
            perform set_config('maillage.member', '', true), set_config('maillage.organisation', '', true), set_config('maillage.network', '', true),
                    set_config('maillage.territory', '', true), set_config('maillage.role', '', true);
            perform set_config('maillage.replay', (((r.lapses_on + 1)::timestamp + interval '2 seconds') at time zone 'Europe/Paris')::text, true);
            perform promise_lapse(r.id);
        end if;
    end loop;
    -- What they gave rise to was proposed, and its time is over.
    update job j set state = 'done', finished_at = now() where j.state = 'waiting' and j.run_at < now() and j.kind in ('promise.lapse', 'proposal.next');
    perform set_config('maillage.replay', '', true);
    perform known_follow(1000000);
end
$$;

create procedure demo.plan_over()
    language plpgsql as $$
declare
    p demo.plan := (select x from demo.plan x where x.key = 'over');
    v data.plan_version;
begin
    call demo.at(107, 15);
    call demo.as('ml-moulins', 'manager');
    perform api.plan_choose(p.id, 1, p.scenario);
    perform api.plan_comment(p.id, 'segments', null, null, 'Personne n’y est jamais entré : une seule visite, au nom de tous.');
    perform api.plan_propose(p.id, 2);
    select * into v from data.plan_version x where x.plan_id = p.id and x.version = 1;
    perform api.plan_answer(p.id, 1, encode(v.hash, 'hex'), 'signed', null);
    call demo.at(105, 9);
    call demo.as('ft-moulins', 'manager');
    perform api.plan_answer(p.id, 1, encode(v.hash, 'hex'), 'signed', null);
    call demo.at(104, 10);
    perform api.plan_activate(p.id, 1);
    call demo.plan_live(p.id);
    call demo.at(21, 16);
    call demo.as('ml-moulins', 'manager');
    perform api.plan_evaluate(p.id, 'Deux employeurs sur trois ont ouvert leur porte, presque tous pour la première fois. Les engagements échus tiennent aux '
        || 'fermetures du lundi et du mardi : à dater autrement la prochaine fois. Les besoins de salle et de cuisine vont au plan d’avant-saison.');
    perform set_config('maillage.replay', '', true);
end
$$;

-- What was lived after the rest was written takes its place in time: events are read in the order of their numbers. Nothing
-- is sealed yet.
create procedure demo.events_order()
    language plpgsql set search_path = data, pg_temp as $$
begin
    create temp table ordered on commit drop as
        select s.id as place, e.*
          from (select x.*, row_number() over (order by x.at, x.id) as n from event x) e
          join (select x.id, row_number() over (order by x.id) as n from event x) s using (n);
    create temp table unsealed on commit drop as select u.event_id from event_unsealed u;
    delete from event_unsealed;
    alter table event disable trigger user;
    delete from event;
    insert into event (id, xid, at, kind, member_id, organisation_id, establishment_id, offer_id, data) overriding system value
    select o.place, o.xid, o.at, o.kind, o.member_id, o.organisation_id, o.establishment_id, o.offer_id, o.data from ordered o order by o.place;
    alter table event enable trigger user;
    insert into event_unsealed select u.event_id from unsealed u;
end
$$;

-- Signatures, and the start of one.
create procedure demo.plans_sign()
    language plpgsql as $$
begin
    call demo.plan_over();
    call demo.plan_sign('running', array['ml-vichy', 'ft-vichy', 'capemploi-allier'], true);
    call demo.plan_sign('proposed', array['ft-moulins', 'ml-moulins'], false);
    call demo.plan_sign('agreed', array['ft-montlucon', 'ml-montlucon', 'capemploi-allier'], false);
    call demo.plan_sign('refused', array['plie-allier'], false);
    call demo.as('ft-moulins', 'manager');
    perform api.plan_answer(v.plan_id, v.version, encode(v.hash, 'hex'), 'refused',
                            'Trente heures de nos conseillers sont déjà engagées dans le plan du bâtiment sur la même période.')
       from demo.plan p join data.plan_version v on v.plan_id = p.id and v.version = 1
      where p.key = 'refused';
    -- An amendment to the one that runs, being written.
    call demo.as('capemploi-allier', 'manager');
    perform api.plan_save(p.id, p.edit, jsonb_set(v.content, '{rules,small}', '40'), 'Davantage de très petites entreprises, comme dit au comité de suivi.')
       from demo.plan d join data.plan p on p.id = d.id join data.plan_version v on v.plan_id = p.id and v.version = p.version
      where d.key = 'running';
end
$$;
