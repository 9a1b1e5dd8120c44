-- Who works in the Allier: real kinds of organisations in real towns (names, towns and coordinates of the agencies are
-- facts: France Travail, missions locales), with telephone numbers that Arcep keeps for fiction, addresses under .example
-- (RFC 2606) and people who do not exist.

create unlogged table demo.person (
    n            integer primary key,
    organisation text not null,
    role         text not null,
    name         text not null,
    second       text -- another organisation, for a seconded member
);
insert into demo.person (n, organisation, role, name, second) values
    (1, 'FT Moulins', 'adviser', 'Claire Moreau', null), (2, 'FT Moulins', 'adviser', 'Julien Barathon', null),
    (3, 'FT Moulins', 'adviser', 'Nadia Belkacem', null), (4, 'FT Moulins', 'manager', 'Philippe Auclair', null),
    (5, 'FT Montluçon', 'adviser', 'Sophie Desforges', null), (6, 'FT Montluçon', 'adviser', 'Karim Haddad', null),
    (7, 'FT Montluçon', 'adviser', 'Thomas Ligier', null), (8, 'FT Montluçon', 'manager', 'Martine Giraudet', null),
    (9, 'FT Vichy', 'adviser', 'Élodie Chassaing', null), (10, 'FT Vichy', 'adviser', 'Marc Vigouroux', null),
    (11, 'FT Vichy', 'adviser', 'Samira Benali', 'ML Vichy'), (12, 'FT Vichy', 'manager', 'Laurent Bonnefoy', null),
    (13, 'ML Moulins', 'adviser', 'Camille Rousselot', null), (14, 'ML Moulins', 'adviser', 'Hugo Perrin', null),
    (15, 'ML Moulins', 'manager', 'Hélène Thévenet', null),
    (16, 'ML Montluçon', 'adviser', 'Léa Fournier', null), (17, 'ML Montluçon', 'adviser', 'Antoine Mercier', null),
    (18, 'ML Montluçon', 'manager', 'Sylvie Lacroix', null),
    (19, 'ML Vichy', 'adviser', 'Manon Dubreuil', null), (20, 'ML Vichy', 'adviser', 'Yanis Cherif', null),
    (21, 'ML Vichy', 'manager', 'Olivier Pradel', null),
    (22, 'Cap emploi', 'adviser', 'Aurélie Bidault', null), (23, 'Cap emploi', 'adviser', 'Romain Gilbert', null),
    (24, 'Cap emploi', 'adviser', 'Fatou Ndiaye', null), (25, 'Cap emploi', 'manager', 'Bernard Charrier', null),
    (26, 'PLIE', 'adviser', 'Laura Fayolle', null), (27, 'PLIE', 'adviser', 'David Nogueira', null),
    (28, 'PLIE', 'manager', 'Catherine Jamet', null),
    (29, 'CCI', 'contributor', 'Valérie Cordier', null), (30, 'DDETSPP', 'observer', 'Isabelle Montagnier', null),
    (31, 'Comité', 'administrator', 'Nicolas Aubery', null);

-- The département, which the organisations share, and its three bassins d'emploi.
create procedure demo.territories_load()
    language plpgsql set search_path = data, pg_temp as $$
begin
    insert into territory (name, kind)
    values ('Allier', 'departement'), ('Bassin de Moulins', 'bassin'), ('Bassin de Montluçon', 'bassin'), ('Bassin de Vichy', 'bassin');
    insert into territory_commune (territory_id, commune_code)
    select t.id, p.code from demo.place p join territory t on t.name in ('Allier', 'Bassin de ' || p.bassin);
end
$$;

create procedure demo.directory_load(password_hash text)
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    start date := data.today() - 570;
begin
    create temporary table office (key text, network text, name text, address text, commune text, lon float8, lat float8, slug text, n integer)
        on commit drop;
    insert into office values
        ('FT Moulins', 'ft', 'France Travail Moulins', '42 place Jean Moulin', '03190', 3.327, 46.567, 'ft-moulins', 1),
        ('FT Montluçon', 'ft', 'France Travail Montluçon', '51-53 avenue Charles-de-Gaulle', '03185', 2.610, 46.347, 'ft-montlucon', 2),
        ('FT Vichy', 'ft', 'France Travail Vichy', '650 avenue de la Liberté', '03310', 3.425, 46.128, 'ft-vichy', 3),
        ('ML Moulins', 'ml', 'Mission Locale de Moulins et sa région', null, '03190', 3.333, 46.565, 'ml-moulins', 4),
        ('ML Montluçon', 'ml', 'Mission Locale du bassin montluçonnais', null, '03185', 2.604, 46.339, 'ml-montlucon', 5),
        ('ML Vichy', 'ml', 'Mission Locale Espace Jeunes de Vichy et sa région', null, '03310', 3.424, 46.125, 'ml-vichy', 6),
        ('Cap emploi', 'ce', 'Cap emploi Allier', null, '03321', 3.354, 46.566, 'capemploi-allier', 7),
        ('PLIE', 'plie', 'PLIE de l’Allier', null, '03185', 2.612, 46.341, 'plie-allier', 8),
        ('CCI', 'contributor', 'CCI de l’Allier', null, '03190', 3.330, 46.563, 'cci-allier', 9),
        ('DDETSPP', 'state', 'DDETSPP de l’Allier', null, '03321', 3.350, 46.568, 'ddetspp-allier', 10),
        ('Comité', 'state', 'Comité départemental pour l’emploi de l’Allier', null, '03190', 3.334, 46.568, 'comite-allier', 11);
    insert into organisation (network, territory_id, name, short_name, address, commune_code, base, phone, email, created_at)
    select o.network, t.id, o.name, case o.key when 'Comité' then 'Comité pour l’emploi' when 'CCI' then 'CCI Allier'
                                               when 'Cap emploi' then 'Cap emploi Allier' when 'PLIE' then 'PLIE Allier' else o.key end,
           o.address, o.commune, ST_SetSRID(ST_MakePoint(o.lon, o.lat), 4326), '0465710' || lpad((o.n * 10)::text, 3, '0'),
           'contact@' || o.slug || '.example', demo.at(start, 540)
      from office o join territory t on t.name = 'Allier'
     order by o.n;
    insert into member (email, name, password_hash, created_at)
    select replace(demo.slug(split_part(p.name, ' ', 1)), '-', '') || '.' || replace(demo.slug(substr(p.name, strpos(p.name, ' ') + 1)), '-', '')
           || '@' || o.slug || '.example', p.name, directory_load.password_hash, demo.at(start, 600)
      from demo.person p join office o on o.key = p.organisation
     order by p.n;
    insert into membership (member_id, organisation_id, role, since)
    select m.id, g.id, p.role, start + x.ordinal::integer * 30
      from demo.person p
     cross join lateral unnest(array[p.organisation, p.second]) with ordinality x (key, ordinal)
      join office o on o.key = x.key
      join organisation g on g.name = o.name
      join member m on m.name = p.name
     order by p.n, x.ordinal;
end
$$;
