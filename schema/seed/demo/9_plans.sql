-- Joint plans of the demo: one that runs since this morning, one that waits for two signatures, one draft; one signed by all
-- that starts next week, one refused, one given up. The scenarios are computed by the engine between the two procedures, as
-- the worker would.
create schema demo;

create function demo.org(email text) returns bigint
    language sql stable
    return (select o.id from data.organisation o where o.email = 'contact@' || org.email || '.example');

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

-- Signatures, and the start of one.
create procedure demo.plans_sign()
    language plpgsql as $$
begin
    call demo.plan_sign('running', array['ml-vichy', 'ft-vichy', 'capemploi-allier'], true);
    call demo.plan_sign('proposed', array['ft-moulins', 'ml-moulins'], false);
    call demo.plan_sign('agreed', array['ft-montlucon', 'ml-montlucon', 'capemploi-allier'], false);
    call demo.plan_sign('refused', array['plie-allier'], false);
    call demo.as('ft-moulins', 'manager');
    perform api.plan_answer(v.plan_id, v.version, encode(v.hash, 'hex'), 'refused',
                            'Trente heures de nos conseillers sont déjà engagées dans le plan du bâtiment sur la même période.')
       from demo.plan p join data.plan_version v on v.plan_id = p.id and v.version = 1
      where p.key = 'refused';
end
$$;
