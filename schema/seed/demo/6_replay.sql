-- The plan happens: each act by its member, at its hour, through the functions that the server calls.

insert into demo.words (kind, list) values
    ('needs', array['Échange très ouvert. {N} à pourvoir en {r}, prise de poste dès que possible.',
        'L’équipe est incomplète depuis deux mois : {n} en {r}, débutants acceptés si motivés.',
        'Un départ en retraite se prépare : {n} à prévoir en {r}.',
        'Recrute d’habitude par le bouche-à-oreille ; d’accord pour nous confier {n} en {r}.',
        'Le carnet de commandes est plein pour six mois. {N} en {r}, contrat à discuter.',
        'Deux essais infructueux ce printemps. {N} en {r} ; veut rencontrer les personnes avant de décider.',
        'Ouvre un second site à la rentrée : {n} en {r}.', 'Cherche à remplacer un départ : {n} en {r}, formation interne possible.']),
    ('later', array['Pas de recrutement avant la saison, mais l’activité progresse.', 'Attend la signature d’un marché ; à rappeler dans trois mois.',
        'Un départ en retraite l’an prochain ; souhaite qu’on y pense ensemble à l’automne.', 'Projet d’agrandissement en attente du permis de construire.',
        'Préfère passer l’hiver avant de décider d’une embauche.', 'Réfléchit à un apprentissage pour la rentrée prochaine.']),
    ('none', array['Équipe au complet, aucun départ prévu.', 'Travaille en famille, ne souhaite pas s’agrandir.', 'Baisse d’activité, pas d’embauche cette année.',
        'Recrutement géré par le siège ; coordonnées notées.', 'Vient de recruter, satisfait de la personne.', 'Se concentre sur la transmission de l’entreprise.',
        'Petite structure, recours ponctuel à l’intérim seulement.']),
    ('absent', array['Personne sur place malgré le rendez-vous ; carte laissée.', 'Accueil fermé, message laissé sur le répondeur.',
        'La personne attendue était en intervention ; collègue prévenu de notre passage.']),
    ('postponed', array['Urgence sur un chantier, rendez-vous à reprendre.', 'Afflux de clientèle : demande de revenir en fin de journée.']),
    ('refused', array['Ne souhaite plus être sollicité, par aucun partenaire.', 'Accueil ferme : demande que plus personne ne passe.']),
    ('closed', array['Rideau baissé, courrier non relevé ; le voisinage confirme la fermeture.', 'Locaux vides, panneau « à louer ».']),
    ('detail', array['Horaires décalés et pas de bus : prévoir une solution de mobilité.', 'Postes adaptables, bon accueil dans l’atelier.',
        'Prêt à accueillir une immersion d’une semaine avant de signer.', 'Préfère être rappelé le matin.',
        'Ne connaissait pas les aides à l’embauche ; documentation remise.', 'Apprécie de n’avoir qu’un rendez-vous pour tous les partenaires.',
        'Locaux accessibles.', 'Ouvert à l’apprentissage.', 'A déjà travaillé avec la Mission Locale, bon souvenir.',
        'Souhaite des candidatures triées, pas plus de trois.', 'Le permis B est indispensable.', 'Stationnement facile, visite possible sans rendez-vous le vendredi.',
        'Travaille surtout avec des intérimaires, ouvert à un groupement d’employeurs.']),
    ('note_ft', array['Proposer deux profils du portefeuille avant vendredi.', 'Vérifier l’éligibilité à une formation préalable à l’embauche.',
        'Ancien litige sur une offre de l’an dernier : rester prudent sur le salaire annoncé.', 'Entreprise suivie par l’équipe dédiée, la prévenir.']),
    ('note_ml', array['Immersion possible dès la semaine prochaine pour un jeune accompagné.', 'Bon terrain pour une alternance, voir la référente.',
        'Tutorat solide, y envoyer quelqu’un qui débute.', 'Pense à un proche pour le poste : confirmer avant de mobiliser.']),
    ('note_ce', array['Étude de poste à proposer, port de charges à aménager.', 'Se renseigne sur l’obligation d’emploi : revenir avec les chiffres.',
        'Une salariée en reprise progressive, à accompagner.']),
    ('note_plie', array['Suite possible après le chantier d’insertion.', 'Coordonner avec la référente de parcours avant de proposer.',
        'Clause d’insertion sur le marché de la commune : lui rappeler.']),
    ('next', array['Rappeler pour confirmer le besoin', 'Envoyer deux candidatures', 'Transmettre la documentation sur l’alternance',
        'Reprendre contact avant la saison', 'Proposer une immersion', 'Préparer la fiche de poste ensemble']),
    ('returned', array['Employeur injoignable après trois appels', 'Fermeture saisonnière', 'Un partenaire connaît mieux cet employeur',
        'Personne en charge absente plusieurs semaines', 'Hors de nos publics', 'Entreprise en procédure de sauvegarde', 'Tournée annulée faute de véhicule']),
    ('extended', array['Rendez-vous reporté à la demande de l’employeur', 'Congés de l’employeur', 'Absence de l’employeur jusqu’à la fin du mois',
        'Formation de l’équipe cette semaine-là']),
    ('withdrawn', array['Recrutement gelé par l’employeur', 'Poste pourvu en interne', 'Employeur injoignable pour la suite', 'Poste confié à une agence d’intérim']),
    ('confirmed', array['Gérance, par téléphone', 'Responsable du personnel, sur place', 'Direction, par courriel', 'Responsable d’atelier, par téléphone', 'Gérance, lors de la visite']),
    ('position', array['gérance', 'direction', 'responsable d’atelier', 'responsable du personnel', 'assistance de direction', 'chef d’équipe', 'comptabilité', 'responsable de magasin']),
    ('opposed', array['Ne veut plus être appelé', 'Refuse toute prospection, dit au téléphone', 'A demandé par courriel à ne plus être sollicité']),
    ('about', array['Entreprise de {c}, à taille humaine, en activité régulière.', 'Établissement de {c} dont l’équipe s’agrandit.',
        'À {c}, une équipe stable cherche du renfort.', 'Employeur installé depuis longtemps à {c}.']),
    ('profile', array['Débutants acceptés, formation assurée sur place.', 'Une première expérience est souhaitée ; la motivation compte davantage.',
        'Autonomie et ponctualité attendues, permis B utile.', 'Diplôme du métier ou deux ans de pratique.', 'Sens du contact et goût du travail en équipe.']);

create function demo.posts(n integer) returns text
    language sql immutable
    return case n when 1 then 'un poste' when 2 then 'deux postes' when 3 then 'trois postes' else 'quatre postes' end;

-- One line per act, in the order in which they happen.
create unlogged table demo.act (
    at timestamptz not null, step integer not null, kind text not null, actor integer, episode integer, vacancy integer, establishment_id bigint, detail text
);

create procedure demo.plan_acts()
    language plpgsql set search_path = data, pg_temp as $$
declare
    today date := data.today();
begin
    insert into demo.act (at, step, kind, actor, episode, vacancy, establishment_id, detail)
    select e.made_at, 1, 'promise', e.actor, e.id, null::integer, e.establishment_id, null from demo.episode e
    union all
    select e.planned_at, 3, 'plan', e.actor, e.id, null, e.establishment_id, null from demo.episode e where e.planned_at is not null
    union all
    select e.extended_at, 2, 'extend', e.actor, e.id, null, e.establishment_id, null from demo.episode e where e.extended_at is not null
    union all
    select e.reported_at, 4, 'report', e.actor, e.id, null, e.establishment_id, e.outcome from demo.episode e where e.reported_at is not null
    union all
    select e.reported_at + interval '3 minutes', 5, 'again', e.actor, e.id, null, e.establishment_id, null from demo.episode e where e.again_at is not null
    union all
    select e.again_reported, 6, 'report', e.actor, e.id, null, e.establishment_id, (array['needs', 'later', 'none'])[1 + e.id % 3] from demo.episode e where e.again_reported is not null
    union all
    select e.ended_at, 7, 'return', e.actor, e.id, null, e.establishment_id, null from demo.episode e
     where e.ended_at is not null and e.outcome in ('returned', 'absent', 'postponed', 'closed')
    union all
    -- The promises whose grace is over and that nothing ended: the worker's act, at midnight.
    select demo.at(l.day + 1, 0) + interval '1 second', 0, 'lapse', null, e.id, null, e.establishment_id, null
      from demo.episode e cross join lateral (select data.working_day_after(coalesce(e.extended_to, e.due_on), 5) as day) l
     where l.day < today and e.again_reported is null
       and (e.outcome in ('active', 'lapsed') or e.ended_at is null and e.outcome in ('absent', 'postponed'))
    union all
    select t.at, 1, t.kind, t.actor, null, null, t.establishment_id, null from demo.touch t
    union all
    select t.at + interval '4 minutes', 2, 'oppose', t.actor, null, null, t.establishment_id, null from demo.touch t where t.refused
    union all
    select e.ended_at, 2, 'oppose', (select a.n from demo.actor a where a.n <> e.actor order by demo.u(a.n || ':' || e.id) limit 1), null, null, e.establishment_id, null
      from demo.episode e where e.outcome = 'opposed'
    union all
    select demo.at(demo.work((t.at at time zone 'Europe/Paris')::date, 40), 700), 3, 'lift', t.actor, null, null, t.establishment_id, null
      from (select * from demo.touch where refused and at < demo.at(today - 80, 0) order by at limit 2) t
    union all
    select v.drafted_at, 5, 'draft', v.actor, v.episode, v.id, v.establishment_id, null from demo.vacancy v
    union all
    select v.confirmed_at, 6, 'confirm', v.actor, v.episode, v.id, v.establishment_id, null from demo.vacancy v where v.confirmed_at is not null
    union all
    select v.opens_at, 0, 'open', null, v.episode, v.id, v.establishment_id, null from demo.vacancy v
     where v.opens_at <= data.now() and (v.ended_at is null or v.ended_at > v.opens_at)
    union all
    select v.ended_at, 7, case v.ends when 'filled' then 'fill' when 'withdrawn' then 'withdraw' else 'expire' end,
           case when v.ends <> 'expired' then v.actor end, v.episode, v.id, v.establishment_id, null
      from demo.vacancy v where v.ended_at is not null
    union all
    select p.at, 6, 'prolong', v.actor, v.episode, v.id, v.establishment_id, null from demo.prolongation p join demo.vacancy v on v.id = p.vacancy
    union all
    select c.at, 6, 'propose', c.actor, v.episode, v.id, v.establishment_id, c.reference from demo.candidate c join demo.vacancy v on v.id = c.vacancy
    union all
    select c.answered_at, 6, 'answer', v.actor, v.episode, v.id, v.establishment_id, c.reference || ' ' || c.answer
      from demo.candidate c join demo.vacancy v on v.id = c.vacancy where c.answered_at < coalesce(v.ended_at, 'infinity');
end
$$;

create procedure demo.plan()
    language plpgsql as $$
begin
    call demo.plan_ground();
    call demo.plan_visits();
    call demo.plan_promises();
    call demo.plan_touches();
    call demo.plan_offers();
    call demo.plan_files();
    call demo.plan_acts();
    call demo.plan_attempts();
    call demo.plan_segments();
    call demo.plan_life();
    call demo.plan_needs();
end
$$;

-- Speaks as this adviser, or as nobody (the worker).
create procedure demo.speak(a demo.actor)
    language plpgsql as $$
begin
    perform set_config('maillage.member', coalesce(a.member_id::text, ''), true), set_config('maillage.organisation', coalesce(a.organisation_id::text, ''), true),
            set_config('maillage.network', coalesce(a.network, ''), true), set_config('maillage.territory', coalesce(a.territory_id::text, ''), true),
            set_config('maillage.role', case when a.n is null then '' else 'adviser' end, true);
end
$$;

-- The tables grow from nothing within one transaction: plans made while they were empty would read them whole for ever.
-- So they are measured on the way, and the plans made anew.
create procedure demo.replay()
    language plpgsql set search_path = data, pg_temp set enable_seqscan = off set jit = off as $$
declare
    actors  demo.actor[] := array(select a from demo.actor a order by a.n);
    promise bigint[]; -- of each episode
    visit   bigint[];
    offer   bigint[]; -- of each vacancy
    speaker integer := -1;
    a       record;
    who     demo.actor;
    person  bigint;
    u       double precision;
    n       integer := 0;
begin
    for a in
        select t.*, e.due_on, e.extended_to, e.override, e.visit_at, e.again_at, e.note, e.reported_at, v.rome, v.posts, v.u as luck,
               (select v2.id from demo.vacancy v2 where t.kind = 'report' and v2.episode = t.episode) as has_offer
          from demo.act t
          left join demo.episode e on e.id = t.episode
          left join demo.vacancy v on v.id = t.vacancy
         order by t.at, t.step, t.establishment_id
    loop
        n := n + 1;
        if n in (400, 1600, 5000) then
            analyze promise, visit, report, contact, contact_event, standing, opposition, need, offer, referral, task, event, event_unsealed, job;
        end if;
        perform set_config('maillage.replay', a.at::text, true);
        if speaker is distinct from a.actor then
            speaker := a.actor;
            who := case when speaker is not null then actors[speaker] end;
            call demo.speak(who);
        end if;
        u := demo.u(a.kind || ':' || coalesce(a.episode, a.vacancy, 0) || ':' || a.establishment_id || ':' || a.step);
        case a.kind
        when 'file' then
            call demo.file_receive(who, a.at);
        when 'promise' then
            promise[a.episode] := api.promise_make(a.establishment_id, a.due_on, a.override);
        when 'extend' then
            perform api.promise_change(promise[a.episode], a.extended_to, null, demo.word('extended', u));
        when 'plan', 'again' then
            select c.id into person from contact c where c.establishment_id = a.establishment_id and (c.shared or c.organisation_id = who.organisation_id) order by c.id limit 1;
            if person is null and u < 0.85 then
                person := demo.contact_add(a.establishment_id, who, a.at, u);
            end if;
            visit[a.episode] := api.visit_plan(a.establishment_id, case a.kind when 'plan' then a.visit_at else a.again_at end,
                                               (array[30, 45, 45, 60])[demo.between(1, 4, u)], person, null);
        when 'report' then
            call demo.report(visit[a.episode], a.establishment_id, a.detail, case a.step when 4 then a.visit_at else a.again_at end, who, a.has_offer, u, a.at);
        when 'return' then
            perform api.promise_change(promise[a.episode], null, 'returned',
                case when exists (select from report r where r.visit_id = visit[a.episode] and r.outcome = 'closed') then 'Établissement fermé'
                     else demo.word('returned', u) end);
        when 'lapse' then
            perform data.promise_lapse(promise[a.episode]);
        when 'call', 'mail', 'forum' then
            insert into contact_event (establishment_id, organisation_id, member_id, kind, at)
            values (a.establishment_id, who.organisation_id, who.member_id, a.kind, a.at);
        when 'oppose' then
            insert into opposition (establishment_id, organisation_id, member_id, at, reason)
            values (a.establishment_id, who.organisation_id, who.member_id, a.at, demo.word('opposed', u));
        when 'lift' then
            update opposition o set lifted_at = a.at, lifted_reason = 'Nouvelle direction, d’accord pour être contactée'
             where o.establishment_id = a.establishment_id and o.lifted_at is null;
        when 'draft' then
            offer[a.vacancy] := demo.offer_draft(a.establishment_id, visit[a.episode], a.rome, a.posts, who, a.luck, a.at);
        when 'confirm' then
            perform api.offer_move(offer[a.vacancy], 'confirm', demo.word('confirmed', u), null);
        when 'open' then
            perform data.offer_open(offer[a.vacancy]);
        when 'fill' then
            -- By somebody who was proposed, when there is one.
            perform api.referral_move(r.id, 'hired', null)
               from referral r where r.offer_id = offer[a.vacancy] and r.state in ('proposed', 'met') order by r.state, r.id limit 1;
            if (select o.state from offer o where o.id = offer[a.vacancy]) <> 'filled' then
                perform api.offer_fill(offer[a.vacancy], null, null);
            end if;
        when 'prolong' then
            perform api.offer_prolong(offer[a.vacancy], demo.word('confirmed', u));
        when 'propose' then
            -- A reserved offer is seen by the networks of its routing only.
            if exists (select from offer o where o.id = offer[a.vacancy] and o.closed_at is null and (o.state = 'open'
                          or exists (select from offer_routing w where w.offer_id = o.id and w.network = who.network))) then
                perform api.referral_make(offer[a.vacancy], a.detail, null);
            end if;
        when 'answer' then
            perform api.referral_move(r.id, case when split_part(a.detail, ' ', 2) = 'met' then 'met' else 'refused' end,
                                      nullif(split_part(a.detail, ' ', 2), 'met'))
               from referral r where r.offer_id = offer[a.vacancy] and r.reference = split_part(a.detail, ' ', 1) and r.state = 'proposed';
        when 'withdraw' then
            perform api.offer_move(offer[a.vacancy], 'withdraw', null, demo.word('withdrawn', u));
        when 'expire' then
            perform data.offer_expire(1000);
        when 'attempt' then
            call demo.attempt(a.establishment_id, who.organisation_id, a.detail);
        when 'life' then
            call demo.life_act(a.detail, a.establishment_id);
        when 'need' then
            call demo.need_act(a.detail);
        when 'tag', 'tagged', 'segment' then
            call demo.segment_act(a.kind, a.detail, who);
        end case;
    end loop;
    call demo.speak(null);
    perform set_config('maillage.replay', '', true);
end
$$;

create function demo.contact_add(establishment bigint, who demo.actor, at timestamptz, u double precision) returns bigint
    language plpgsql set search_path = data, pg_temp as $$
declare
    key    text := 'person:' || establishment;
    given  text := demo.word(case when demo.u(key || 'sex') < 0.5 then 'woman' else 'man' end, demo.u(key || 'given'));
    family text := demo.word('family', demo.u(key || 'family'));
    made   bigint;
begin
    insert into contact (establishment_id, organisation_id, member_id, channel, shared, confirmed_on, created_at)
    values (establishment, who.organisation_id, who.member_id, (array['phone', 'phone', 'email', 'visit', null])[demo.between(1, 5, u)],
            demo.u(key || 'shared') < 0.93, (at at time zone 'Europe/Paris')::date, at)
    returning id into made;
    -- The command that draws the demo seals them before the end of its transaction.
    insert into contact_plain (contact_id, family_name, given_name, position, phone, email)
    values (made, family, given, demo.word('position', demo.u(key || 'position')),
            case when demo.u(key || 'phone') < 0.85 then demo.phone(demo.u(key || 'number'), demo.u(key || 'mobile') < 0.45) end,
            case when demo.u(key || 'email') < 0.6 then demo.slug(given) || '.' || demo.slug(family) || '@e' || establishment || '.example' end);
    return made;
end
$$;

create procedure demo.report(visit bigint, establishment bigint, outcome text, visited timestamptz, who demo.actor, offer integer, u double precision, at timestamptz)
    language plpgsql set search_path = data, pg_temp as $$
declare
    jobs   text[];
    posts  integer := case when demo.part(u * 3) < 0.72 then 1 when demo.part(u * 3) < 0.9 then 2 else 3 end;
    job    text;
    needs  json;
    shared text := demo.word(outcome, u);
begin
    if outcome = 'needs' then
        select v.rome, v.posts into job, posts from demo.vacancy v where v.id = report.offer;
        if job is null then
            posts := case when demo.part(u * 3) < 0.72 then 1 when demo.part(u * 3) < 0.9 then 2 else 3 end;
            select string_to_array(t.rome, ',') into jobs from establishment e join demo.trade t on t.naf = e.naf where e.id = report.establishment;
            job := demo.pick(jobs, demo.part(u * 11));
        end if;
        needs := json_build_array(json_build_object('rome', job, 'posts', posts,
            'horizon', case when report.offer is not null then 'now' else (array['now', 'quarter', 'quarter', 'half', 'year'])[demo.between(1, 5, demo.part(u * 5))] end,
            'contract', (array['cdi', 'cdd', 'cdi', 'apprenticeship', null])[demo.between(1, 5, demo.part(u * 19))]));
        shared := replace(replace(shared, '{n}', demo.posts(posts)), '{N}', upper(left(demo.posts(posts), 1)) || substr(demo.posts(posts), 2));
        shared := replace(shared, '{r}', (select lower(left(r.label, 1)) || substr(r.label, 2) from rome r where r.code = job));
    end if;
    if outcome in ('needs', 'later', 'none') and demo.part(u * 23) < 0.6 then
        shared := shared || ' ' || demo.word('detail', demo.part(u * 29));
    end if;
    perform api.report_write(visit, outcome, visited + make_interval(mins => demo.between(30, 50, u)),
        (select v.contact_id from visit v where v.id = report.visit), needs,
        case when outcome in ('needs', 'later') and demo.part(u * 37) < 0.75 then demo.word('next', demo.part(u * 41)) end,
        case when outcome in ('needs', 'later') and demo.part(u * 37) < 0.75
             then data.working_day_after((at at time zone 'Europe/Paris')::date, case outcome when 'needs' then demo.between(2, 12, u) else demo.between(30, 90, u) end) end,
        shared, case when outcome in ('needs', 'later', 'none') and demo.part(u * 43) < 0.3 then demo.word('note_' || who.network, demo.part(u * 47)) end);
    -- Some look at what is written on the door.
    if outcome in ('needs', 'later', 'none') and demo.part(u * 53) < 0.3 then
        perform api.values_confirm(visit, (select json_agg(v) from (
            select 'phone' as field, case when e.phone is null or demo.part(u * 59) < 0.2 then demo.phone(demo.part(u * 61)) else e.phone end as value
              from establishment e where e.id = report.establishment
            union all
            select 'size_band', e.size_band from establishment e where e.id = report.establishment and e.size_band is not null) v));
    end if;
end
$$;

create function demo.offer_draft(establishment bigint, visit bigint, rome text, posts integer, who demo.actor, u double precision, at timestamptz) returns bigint
    language plpgsql set search_path = data, pg_temp as $$
declare
    j    demo.job := (select x from demo.job x where x.rome = offer_draft.rome);
    made bigint;
begin
    insert into offer (establishment_id, organisation_id, member_id, visit_id, need_id, title, rome, contract, posts, description, starts_on, hours, salary, publics,
                       salary_min, salary_max, salary_period)
    select e.id, who.organisation_id, who.member_id, offer_draft.visit, n.id, j.title, j.rome, k.contract, offer_draft.posts,
           replace(demo.word('about', demo.part(u * 3)), '{c}', e.city) || E'\n\nMissions :\n– ' || replace(j.tasks, '|', E'\n– ') || E'\n\nProfil : '
           || demo.word('profile', demo.part(u * 5)) || E'\nConditions : ' || replace(j.hours::text, '.', ',') || ' heures par semaine, ' || j.salary || '.',
           data.working_day_after((at at time zone 'Europe/Paris')::date, demo.between(15, 45, u)), j.hours, j.salary, p.publics, pay.amounts[1], coalesce(pay.amounts[2], pay.amounts[1]),
           case when j.salary like '%heure%' then 'hour' else 'month' end
      from establishment e
      left join need n on n.visit_id = offer_draft.visit and n.rome = j.rome and n.state in ('declared', 'confirmed')
     cross join lateral (select (array['cdi', 'cdi', 'cdi', 'cdd', 'cdd', 'cdd', 'seasonal', 'apprenticeship', 'professionalisation', 'subsidised', 'interim', 'cdi'])
                                [demo.between(1, 12, demo.part(u * 9))] as contract) k
     cross join lateral (select coalesce(nullif(array_remove(array[case when who.network = 'ml' or k.contract in ('apprenticeship', 'professionalisation') or demo.part(u * 11) < 0.15 then 'young' end,
                                case when who.network = 'ce' or demo.part(u * 13) < 0.12 then 'disabled' end,
                                case when who.network = 'plie' or demo.part(u * 15) < 0.15 then 'longterm' end], null), '{}'),
                                -- « Tous publics » beside one of them would say nothing.
                                case when who.network = 'ft' and demo.part(u * 21) < 0.5 then array['all'] else '{}' end) as publics) p
     cross join lateral (select array_agg(replace(translate(a[1], '  ', ''), ',', '.')::numeric order by n) as amounts
                           from regexp_matches(split_part(j.salary, '€', 1), '([0-9][0-9, ]*[0-9])', 'g') with ordinality m (a, n)) pay
     where e.id = establishment
     limit 1
    returning id into made;
    return made;
end
$$;
