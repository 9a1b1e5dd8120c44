-- A feed of offers given by hand, as a newspaper would: most of its offers are drafts, some wait for a person to say whose they
-- are, which occupation, which contract. The file is sealed with the others afterwards.
create procedure demo.feed()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    boss  record;
    agent bigint;
    file  bigint;
    made  bigint;
    run   bigint;
    bytes text;
begin
    for boss in
        select distinct on (o.network) m.member_id, m.organisation_id, o.territory_id, o.network from membership m join organisation o on o.id = m.organisation_id
         where m.role = 'manager' and o.network in ('ft', 'ml') order by o.network desc, o.id
    loop
        insert into member (email, name, technical) values ('flux-demo-' || boss.network || '@technique.invalid', 'Le Journal du bocage (flux d’offres)', true) returning id into agent;
        insert into membership (member_id, organisation_id, role) values (agent, boss.organisation_id, 'program');
        create temporary table heard on commit drop as
        select j.n, 'JB-' || (4100 + j.n + case boss.network when 'ft' then 60 else 0 end) as reference, j.title, case when j.n <> 6 then j.rome end as rome, case j.n when 4 then 'Pige' else j.contract end as contract,
               j.text, e.name, case when j.n in (5, 9) then null else e.siret end as siret, e.postcode, e.city
          from (values (1, 'Boulanger', 'D1102', 'CDI', 'Pétrissage, cuisson et préparation des pains spéciaux, du mardi au samedi, à partir de 3 heures.'),
                       (2, 'Serveur en salle', 'G1803', 'CDD', 'Service du midi et du soir, mise en place, encaissement. Deux jours de repos qui se suivent.'),
                       (3, 'Maçon', 'F1703', 'CDI', 'Chantiers de rénovation dans un rayon de trente kilomètres, panier et véhicule de l’entreprise.'),
                       (4, 'Animateur périscolaire', 'G1203', 'CDD', 'Le matin, le midi et le soir en période scolaire, dans une équipe de six personnes.'),
                       (5, 'Cariste', 'N1101', 'Intérim', 'Chargement, rangement et inventaire, en équipe du matin ou de l’après-midi.'),
                       (6, 'Homme ou femme à tout faire', 'K2204', 'CDI', 'Entretien des locaux et des extérieurs d’une résidence, petites réparations, astreinte un samedi sur quatre.'),
                       (7, 'Aide à domicile', 'K1304', 'CDI', 'Accompagnement de personnes âgées dans les gestes du quotidien, temps partiel choisi, secteur proche.'),
                       (8, 'Conducteur de car', 'N4103', 'CDI', 'Lignes scolaires et excursions, dépôt à proximité, treizième mois.'),
                       (9, 'Vendeur en boulangerie', 'D1106', 'Contrat d’apprentissage', 'Deux ans auprès d’une équipe de quatre personnes, un dimanche sur deux.')) j (n, title, rome, contract, text)
          join lateral (select x.* from establishment x join territory_commune tc on tc.commune_code = x.commune_code and tc.territory_id = boss.territory_id
                         where x.siret is not null and x.postcode is not null and x.name is not null and x.merged_into is null and x.status = 'A'
                         order by md5('flux ' || boss.network || j.n || x.id) limit 1) e on true
         where exists (select from rome r where r.code = j.rome);
        select '<?xml version="1.0" encoding="UTF-8"?>' || E'\n<annonces date="' || data.today() || E'">\n'
               || string_agg(format(E' <annonce ref="%s">\n  <poste>%s</poste>\n  <texte><![CDATA[<p>%s</p>]]></texte>\n  <contrat>%s</contrat>\n  <rome>%s</rome>\n  <employeur siret="%s">%s</employeur>\n  <lieu cp="%s">%s</lieu>\n </annonce>',
                                    h.reference, h.title, h.text, h.contract, coalesce(h.rome, ''), coalesce(h.siret, ''), replace(replace(h.name, '&', '&amp;'), '<', '&lt;'), h.postcode, h.city), E'\n' order by h.n)
               || E'\n</annonces>\n' into bytes from heard h;
        insert into source_file (kind, organisation_id, member_id, name, sha256, bytes, content, is_sealed, state)
        values ('feed', boss.organisation_id, boss.member_id, 'annonces-du-bocage.xml', sha256(convert_to(bytes, 'UTF8')), octet_length(bytes), convert_to(bytes, 'UTF8'), false, 'done')
        returning id into file;
        insert into feed (organisation_id, member_id, file_id, name, made_by, made_at, layout)
        values (boss.organisation_id, agent, file, 'Le Journal du bocage', boss.member_id, data.now() - interval '40 days',
                E'format = "xml"\nelement = "annonces/annonce"\n\n[champs]\nreference = "@ref"\ntitre = "poste"\ndescription = "texte"\nrome = "rome"\ncontrat = "contrat"\nsiret = "employeur/@siret"\nentreprise = "employeur"\ncode_postal = "lieu/@cp"\nville = "lieu"\n')
        returning id into made;
        insert into feed_run (feed_id, cause, asked_by, asked_at, state, finished_at, bytes, elements, faults, error)
        values (made, 'upload', boss.member_id, data.now() - interval '8 days', 'failed', data.now() - interval '8 days', 41212, 0, 0, 'Ligne 312 : Le fichier est coupé.');
        insert into feed_run (feed_id, cause, asked_by, asked_at, bytes) values (made, 'upload', boss.member_id, data.now(), octet_length(bytes)) returning id into run;
        insert into feed_line (run_id, ordinal, line, print, given)
        select run, h.n, h.n * 8 - 5, md5(h.reference || h.title),
               jsonb_strip_nulls(jsonb_build_object('reference', h.reference, 'titre', h.title, 'description', h.text, 'rome', h.rome,
                   'contrat', case h.contract when 'CDI' then 'cdi' when 'CDD' then 'cdd' when 'Intérim' then 'interim' when 'Pige' then null else 'apprenticeship' end,
                   'siret', h.siret, 'entreprise', h.name, 'code_postal', h.postcode, 'ville', h.city))
          from heard h;
        insert into feed_fault (run_id, ordinal, line, reference, field, code, message)
        select run, 1, h.n * 8 - 5, h.reference, 'contrat', 'unknown', 'Ce contrat n’est pas connu (« Pige »)' from heard h where h.contract = 'Pige';
        perform data.feed_meet(run), data.feed_apply(run, (select count(*)::integer from heard), 0);
        update feed_offer o set resembling = (select coalesce(jsonb_agg(jsonb_build_object('establishment', e.id, 'probability', 0.83)), '[]') from establishment e where e.siret is not null and e.name = o.given ->> 'entreprise'
                                                 and e.postcode = o.given ->> 'code_postal')
         where o.feed_id = made and o.establishment_id is null;
        drop table heard;
    end loop;
    -- The same offer by two ways: an open one of another partner, which a member has written anew.
    insert into offer (establishment_id, organisation_id, member_id, title, rome, contract, posts, description)
    select f.establishment_id, boss.organisation_id, boss.member_id, f.title || ' (H/F)', f.rome, f.contract, f.posts, f.description
      from offer f where f.state = 'open' and f.organisation_id <> boss.organisation_id order by f.opened_at desc, f.id limit 1
    returning id into made;
    perform data.offer_twin_seek(made);
    delete from job where kind = 'offer.twin';
end
$$;
