-- Files that partners gave: kept as received, linked by SIRET, filling what the register does not know. The same rows as
-- worker/import would write for the same bytes.

create unlogged table demo.file (
    actor integer primary key, name text not null, days integer not null, share double precision not null, latin boolean not null,
    bare boolean not null default false -- without a SIRET, as names are noted at a forum
);

create procedure demo.plan_files()
    language plpgsql set search_path = data, ext, pg_temp as $$
begin
    insert into demo.file
    select a.n, f.name, f.days, f.share, f.latin
      from (values ('ft-moulins', 'employeurs_clients_moulins.csv', 544, 0.22, false), ('ft-montlucon', 'portefeuille entreprises montluçon.csv', 541, 0.2, true),
                   ('ft-vichy', 'fichier_employeurs_vichy.csv', 538, 0.2, false), ('ml-moulins', 'parrains_et_entreprises.csv', 320, 0.06, true),
                   ('capemploi-allier', 'entreprises_handi_engagees_03.csv', 210, 0.05, false), ('plie-allier', 'clauses_insertion_entreprises.csv', 96, 0.04, false),
                   ('ml-vichy', 'employeurs_immersions_vichy.csv', 13, 0.05, false)) f (office, name, days, share, latin)
      join organisation o on o.email = 'contact@' || f.office || '.example'
     cross join lateral (select min(x.n) as n from demo.actor x where x.organisation_id = o.id) a;
    insert into demo.file
    select max(a.n), 'contacts_forum_emploi.csv', 9, 0, false, true
      from organisation o join demo.actor a on a.organisation_id = o.id where o.email = 'contact@ml-moulins.example';
    insert into demo.act (at, step, kind, actor, establishment_id, detail)
    select demo.at(demo.work(data.today() - f.days, 0), 545 + f.actor), 0, 'file', f.actor, 0, f.name from demo.file f;
end
$$;

-- A list of names written down at a forum: as people write, some cut, without a number.
create procedure demo.file_bare(f demo.file, who demo.actor, at timestamptz)
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    file  bigint;
    bytes bytea;
    lines integer;
begin
    create temporary table received on commit drop as
    select row_number() over (order by r.u) + 1 as line, r.name, r.address, r.postcode, r.city, r.phone, c.commune_code
      from (
        select demo.u('bare' || e.siret) as u,
               case when demo.u('cut' || e.siret) < 0.3 then demo.capitals(regexp_replace(e.name, '\s\S+$', ''))
                    when demo.u('cut' || e.siret) < 0.6 then demo.capitals(e.name) else e.name end as name,
               case when demo.u('street' || e.siret) < 0.7 then replace(replace(e.address, 'avenue', 'av'), 'boulevard', 'bd') end as address,
               case when demo.u('code' || e.siret) < 0.8 then e.postcode end as postcode, upper(e.city) as city,
               case when demo.u('tel' || e.siret) < 0.5 then e.phone end as phone, e.commune_code
          from establishment e
          join demo.prospect p on p.establishment_id = e.id
         where p.bassin = who.bassin and p.weight >= 1 and e.name ~ ' ' and demo.u('forum' || e.siret) < 0.02
        union all
        select demo.u('new' || n.name), n.name, n.address, '03000', 'MOULINS', n.phone, '03190'
          from (values ('Atelier Bois des Îles', '4 rue des Tanneries', '0465710987'), ('Conciergerie Bourbon', null, '0465710986'),
                       ('Les Paniers d’Iseure', '12 chemin de Halage', null)) n (name, address, phone)
      ) r
     cross join lateral (select r.commune_code) c;
    select convert_to(E'Employeur;Adresse;CP;Ville;Téléphone\r\n'
                      || string_agg(concat_ws(';', r.name, coalesce(r.address, ''), coalesce(r.postcode, ''), r.city, coalesce(r.phone, '')), E'\r\n' order by r.line)
                      || E'\r\n', 'UTF8'), count(*)
      into bytes, lines from received r;
    insert into source_file (kind, organisation_id, member_id, name, sha256, bytes, content, received_at, state, encoding, separator)
    values ('partner', who.organisation_id, who.member_id, f.name, sha256(bytes), length(bytes), bytes, at, 'running', 'UTF-8', ';')
    returning id into file;
    insert into source_record (file_id, line, received, fields, state, reason)
    select file, r.line,
           jsonb_build_object('Employeur', r.name, 'Adresse', coalesce(r.address, ''), 'CP', coalesce(r.postcode, ''), 'Ville', r.city, 'Téléphone', coalesce(r.phone, '')),
           jsonb_strip_nulls(jsonb_build_object('name', r.name, 'address', r.address, 'postcode', r.postcode, 'city', r.city,
                                                'commune_code', r.commune_code, 'phone', r.phone)), 'review', 'siret_empty'
      from received r order by r.line;
    update source_file s
       set state = 'done', finished_at = at, columns = '["Employeur", "Adresse", "CP", "Ville", "Téléphone"]',
           summary = jsonb_build_object('read', lines, 'linked', 0, 'created', 0, 'review', lines, 'unusable', 0, 'restored', 0)
     where s.id = file;
    drop table received;
end
$$;

create procedure demo.file_receive(who demo.actor, at timestamptz)
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    f     demo.file := (select x from demo.file x where x.actor = who.n);
    file  bigint;
    bytes bytea;
    lines integer;
begin
    if f.bare then
        call demo.file_bare(f, who, at);
        return;
    end if;
    create temporary table received on commit drop as
    select row_number() over (order by e.id) + 1 as line, e.id as establishment_id, e.siret, e.name, e.postcode, e.city,
           case when r.u_phone < 0.8 then demo.phone(r.u_number) end as phone,
           case when r.u_email < 0.5 then 'contact@' || demo.slug(e.name) || '.example' end as email,
           case when e.brand is null and e.legal_name = upper(e.legal_name) and r.u_brand < 0.12 and e.legal_name !~ '^(SCI|SARL|GAEC|EARL|SCEA)' then initcap(e.legal_name) end as brand,
           case when r.u_contact < 0.55 then demo.pick(demo.words('family'), r.u_name) end as family_name,
           demo.pick(demo.words(case when r.u_sex < 0.5 then 'woman' else 'man' end), r.u_given) as given_name,
           demo.pick(demo.words('position'), r.u_brand) as position,
           (array['Prioritaire', 'Suivi', 'Suivi', 'À découvrir'])[demo.between(1, 4, demo.part(r.u_name * 17))] as portfolio
      from establishment e
      join demo.prospect p on p.establishment_id = e.id
     cross join lateral (select demo.u(f.name || e.siret || 'phone') as u_phone, demo.u(f.name || e.siret || 'number') as u_number,
                                demo.u(f.name || e.siret || 'email') as u_email, demo.u(f.name || e.siret || 'brand') as u_brand,
                                demo.u(f.name || e.siret || 'contact') as u_contact, demo.u(f.name || e.siret || 'name') as u_name,
                                demo.u(f.name || e.siret || 'given') as u_given, demo.u(f.name || e.siret || 'sex') as u_sex) r
     where p.weight >= 1 and (p.bassin = who.bassin or who.network in ('ce', 'plie')) and demo.u(f.name || e.siret) < f.share;
    select convert_to(E'SIRET;Raison sociale;Enseigne;Code postal;Ville;Téléphone;Courriel;Contact;Prénom;Fonction;Portefeuille\r\n'
                      || string_agg(concat_ws(';', r.siret, r.name, coalesce(r.brand, ''), r.postcode, r.city, coalesce(r.phone, ''), coalesce(r.email, ''),
                                              coalesce(r.family_name, ''), case when r.family_name is not null then r.given_name else '' end,
                                              case when r.family_name is not null then r.position else '' end, r.portfolio), E'\r\n' order by r.line)
                      || E'\r\n12345678900012;Employeur sans fiche;;;;0465710999;;;;;\r\n', case when f.latin then 'WIN1252' else 'UTF8' end), count(*)
      into bytes, lines
      from received r;
    insert into source_file (kind, organisation_id, member_id, name, sha256, bytes, content, received_at, state, encoding, separator)
    values ('partner', who.organisation_id, who.member_id, f.name, sha256(bytes), length(bytes), bytes, at, 'running',
            case when f.latin then 'Windows-1252' else 'UTF-8' end, ';')
    returning id into file;
    insert into source_record (file_id, line, received, siret, fields, state)
    select file, r.line, jsonb_strip_nulls(jsonb_build_object('SIRET', r.siret, 'Raison sociale', r.name, 'Enseigne', r.brand, 'Code postal', r.postcode,
               'Ville', r.city, 'Téléphone', r.phone, 'Courriel', r.email, 'Contact', r.family_name, 'Prénom', x.given_name, 'Fonction', x.position, 'Portefeuille', r.portfolio)),
           r.siret, jsonb_strip_nulls(jsonb_build_object('name', r.name, 'brand', r.brand, 'postcode', r.postcode, 'city', r.city, 'phone', r.phone,
               'email', r.email)), 'linked'
      from received r
     cross join lateral (select case when r.family_name is not null then r.given_name end as given_name,
                                case when r.family_name is not null then r.position end as position) x
     order by r.line;
    insert into source_record (file_id, line, received, siret, fields, state, reason)
    values (file, lines + 2, '{"SIRET": "12345678900012", "Raison sociale": "Employeur sans fiche", "Téléphone": "0465710999"}', null,
            '{"name": "Employeur sans fiche", "phone": "0465710999"}', 'review', 'siret_key');
    insert into source_error (file_id, ordinal, line, field, code, message)
    values (file, 1, lines + 2, 'SIRET', 'siret_key', 'la clé de contrôle du SIRET est fausse');
    insert into link (source_record_id, establishment_id, score, method, evidence, decided_at)
    select s.id, r.establishment_id, 1, 'siret', json_build_object('siret', r.siret, 'restored', false), at
      from received r join source_record s on s.file_id = file and s.line = r.line
     order by r.line;
    perform data.golden(array(select r.establishment_id from received r order by 1));
    insert into contact (establishment_id, organisation_id, member_id, source_record_id, shared, created_at)
    select r.establishment_id, who.organisation_id, who.member_id, s.id, demo.u(r.siret || 'kept') < 0.95, at
      from received r join source_record s on s.file_id = file and s.line = r.line
     where r.family_name is not null
     order by r.line;
    insert into contact_plain (contact_id, family_name, given_name, position, phone, email)
    select c.id, r.family_name, r.given_name, r.position,
           case when demo.u(r.siret || 'mobile') < 0.5 then demo.phone(demo.u(r.siret || 'direct'), true) end,
           case when demo.u(r.siret || 'own') < 0.4 then demo.slug(r.given_name) || '.' || demo.slug(r.family_name) || '@' || demo.slug(r.name) || '.example' end
      from received r join source_record s on s.file_id = file and s.line = r.line join contact c on c.source_record_id = s.id;
    update source_file s
       set state = 'done', finished_at = at,
           columns = '["SIRET", "Raison sociale", "Enseigne", "Code postal", "Ville", "Téléphone", "Courriel", "Contact", "Prénom", "Fonction", "Portefeuille"]',
           summary = jsonb_build_object('read', lines + 1, 'linked', lines, 'created', 0, 'review', 1, 'unusable', 0, 'restored', 0)
     where s.id = file;
    drop table received;
end
$$;
