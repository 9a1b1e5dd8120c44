-- What the committees of the demo read: two that were held, frozen, and the one that is being prepared.
create function demo.month(back integer) returns integer
    language sql stable
    return data.month_of(data.now()) - back;

create procedure demo.committees()
    language plpgsql as $$
declare
    made bigint;
begin
    perform data.fact_follow();
    call demo.as('comite-allier', 'administrator');
    made := api.pack_make('Comité départemental pour l’emploi, semestre précédent', 'departement', '', demo.month(12), demo.month(7), data.today() - 160, null);
    perform api.pack_say(made, 'summary', 'Le semestre a posé la liste commune : les quatre réseaux y travaillent. Les petites communes de la montagne bourbonnaise restent à l’écart des tournées.', 0);
    perform api.pack_say(made, 'coverage', 'Les zones blanches se concentrent au sud-est et le long de la Combraille.', 0);
    perform api.pack_say(made, 'decisions', E'Un plan commun pour le bassin de Vichy.\nUne tournée par mois au sud-est, Mission Locale et Cap emploi ensemble.', 0);
    perform api.pack_freeze(made);

    made := api.pack_make('Comité départemental pour l’emploi, point d’étape', 'departement', '', demo.month(9), demo.month(4), data.today() - 75, made);
    perform api.pack_say(made, 'summary', 'Le plan du bassin de Vichy se prépare ; la part des contacts en double recule.', 1);
    perform api.pack_freeze(made);

    call demo.as('ml-vichy', 'manager');
    made := api.pack_make('Comité local du bassin de Vichy', 'local',
        coalesce((select 'bassin:' || z.code from data.zone z where z.level = 'bassin' and z.name like '%Vichy%'), ''),
        demo.month(6), demo.month(1), data.today() - 9, null);
    perform api.pack_say(made, 'summary', 'Plus d’employeurs rencontrés, moins de contacts en double : le partage des visites porte.', 0);
    perform api.pack_say(made, 'results', 'L’hôtellerie confirme ses besoins avant la saison ; le commerce attend.', 0);
    perform api.pack_freeze(made);

    call demo.as('comite-allier', 'administrator');
    made := api.pack_make('Comité départemental pour l’emploi', 'departement', '', demo.month(5), demo.month(0), data.today() + 12, null);
    perform api.pack_say(made, 'summary', 'À dire : la part des employeurs rencontrés, et ce que le plan du bassin de Vichy change.', 0);
    perform api.pack_say(made, 'coverage', 'Gannat et Désertines : personne depuis six mois. Qui y va ?', 0);
end
$$;

-- What they want to reach: together over the year, and some for themselves.
create procedure demo.targets()
    language plpgsql as $$
declare
    first integer := demo.month(0) - demo.month(0) % 12;
begin
    call demo.as('comite-allier', 'administrator');
    perform api.target_set(null, t.indicator, '', first, first + 11, t.goal)
       from (values ('seen_share', 0.12), ('visits', 1400), ('double_share', 0.05), ('needs', 500), ('firsts', 700)) t (indicator, goal);
    call demo.as('ml-vichy', 'manager');
    perform api.target_set(auth.organisation(), 'visits', '', first, first + 11, 190),
            api.target_set(auth.organisation(), 'kept_share', '', first, first + 11, 0.9);
    call demo.as('ft-moulins', 'manager');
    perform api.target_set(auth.organisation(), 'visits', '', demo.month(2), demo.month(0), 60),
            api.target_set(auth.organisation(), 'offers', '', first, first + 11, 25);
end
$$;

-- What the organisations say of themselves: a mission locale that forgets a canton, two agencies on one group of communes.
create procedure demo.actors()
    language plpgsql as $$
begin
    update data.organisation o set about = v.about, opening = v.opening, website = 'https://' || v.office || '.example'
      from (values ('ft-moulins', 'Agence du bassin de Moulins : une conseillère dédiée aux entreprises de moins de dix salariés.', 'Du lundi au vendredi, 8 h 30 à 12 h 30'),
                   ('ft-montlucon', 'Agence du bassin de Montluçon, équipe entreprise de quatre personnes.', 'Du lundi au vendredi, 8 h 30 à 12 h 30'),
                   ('ft-vichy', 'Agence du bassin de Vichy : hôtellerie, thermalisme, services à la personne.', 'Du lundi au vendredi, 8 h 30 à 12 h 30'),
                   ('ml-moulins', 'Accompagne les jeunes de 16 à 25 ans ; une chargée de relation entreprise.', 'Du lundi au vendredi, 9 h à 17 h'),
                   ('ml-montlucon', 'Accompagne les jeunes de 16 à 25 ans du bassin montluçonnais.', 'Du lundi au vendredi, 9 h à 17 h'),
                   ('ml-vichy', 'Espace Jeunes : immersion, apprentissage, parrainage.', 'Du lundi au jeudi, 9 h à 17 h'),
                   ('capemploi-allier', 'Recrutement et maintien dans l’emploi des personnes en situation de handicap.', 'Sur rendez-vous'),
                   ('plie-allier', 'Parcours vers l’emploi durable ; clauses sociales des marchés publics.', 'Sur rendez-vous')) v (office, about, opening)
     where o.id = demo.org(v.office);
    insert into data.organisation_service (organisation_id, service)
    select demo.org(v.office), s from (values ('ft-moulins', 'preselection,immersion,training,advice,forums'), ('ft-montlucon', 'preselection,immersion,training,advice'),
                   ('ft-vichy', 'preselection,immersion,training,advice,forums'), ('ml-moulins', 'preselection,immersion,contracts,followup'),
                   ('ml-montlucon', 'preselection,immersion,contracts,followup'), ('ml-vichy', 'immersion,contracts,followup,forums'),
                   ('capemploi-allier', 'preselection,workplace,followup,contracts'), ('plie-allier', 'clauses,training,followup'),
                   ('cci-allier', 'leads,forums')) v (office, services)
     cross join lateral unnest(string_to_array(v.services, ',')) s;
    insert into data.organisation_area (organisation_id, area)
    select demo.org(v.office), 'bassin:' || z.code
      from (values ('ft-moulins', 'Moulins'), ('ft-montlucon', 'Montluçon'), ('ft-vichy', 'Vichy'), ('ml-moulins', 'Moulins'), ('ml-montlucon', 'Montluçon'),
                   ('plie-allier', 'Montluçon'), ('plie-allier', 'Moulins')) v (office, bassin)
      join data.zone z on z.level = 'bassin' and z.name like '%' || v.bassin
     union all
    select demo.org('ml-vichy'), 'epci:' || z.code from data.zone z where z.level = 'epci' and (z.name like '%Vichy%' or z.name like '%Lapalisse%')
     union all
    select demo.org('ft-vichy'), 'epci:' || z.code from data.zone z where z.level = 'epci' and z.name like '%Saint-Pourçain%';
end
$$;
