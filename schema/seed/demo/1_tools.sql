-- Tools of the demo territory's generator. Everything of it lives in the schema `demo`, which exists only while the demo
-- is being made: the same transaction drops it at the end. Chance comes from md5 of a key, so that the same seed gives
-- the same territory on every machine.
create schema demo;

-- From trades.csv: what establishments do. weight: how many of 14,000; tilt: from farms (-2) to shops of the towns (1);
-- size: profile of demo.size_share; solo: share of sole traders; bassin: where it is twice as frequent; names: patterns;
-- rome: occupations it employs.
create unlogged table demo.trade (
    naf text primary key, weight real, tilt real, size "char", solo real, bassin text, names text, rome text
);
-- From jobs.csv: how an offer for an occupation reads.
create unlogged table demo.job (
    rome text primary key, title text, tasks text, hours numeric, salary text
);
-- From ../allier.csv: communes and the bassin each is part of.
create unlogged table demo.place (
    code text primary key, lon double precision, lat double precision, bassin text
);

-- A number of [0, 1) that depends on the key only.
create function demo.u(key text) returns double precision
    language sql immutable parallel safe
    return ('x' || left(md5(key), 8))::bit(32)::bigint / 4294967296.0::double precision;

create function demo.pick(list text[], u double precision) returns text
    language sql immutable parallel safe
    return list[1 + floor(u * cardinality(list))::integer];

create function demo.between(low integer, high integer, u double precision) returns integer
    language sql immutable parallel safe
    return low + floor(u * (high - low + 1))::integer;

-- Another number of [0, 1) out of one already drawn: part(u * 7).
create function demo.part(x double precision) returns double precision
    language sql immutable parallel safe
    return x - floor(x);

-- « de » before a name, contracted and elided.
create function demo.de(name text) returns text
    language sql immutable parallel safe
    return case when name like 'Le %' then 'du ' || substr(name, 4)
                when name like 'Les %' then 'des ' || substr(name, 5)
                when name ~ '^[AEIOUYHÀÂÉÈÊËÎÏÔÙÛ]' then 'd’' || name
                else 'de ' || name end;

-- As the register writes names: capitals without accents.
create function demo.capitals(name text) returns text
    language sql immutable parallel safe
    return upper(data.fold(replace(name, '–', '')));

-- As part of an address on the web.
create function demo.slug(name text) returns text
    language sql immutable parallel safe
    return trim(both '-' from regexp_replace(data.fold(name), '[^a-z0-9]+', '-', 'g'));

-- The digit that makes `digits` followed by it right for Luhn.
create function demo.luhn(digits text) returns text
    language plpgsql immutable parallel safe as $$
declare
    total integer := 0;
    d     integer;
begin
    for i in 1 .. length(digits) loop
        d := substr(digits, i, 1)::integer;
        if (length(digits) - i) % 2 = 0 then
            d := case when d > 4 then 2 * d - 9 else 2 * d end;
        end if;
        total := total + d;
    end loop;
    return (10 - total % 10) % 10;
end
$$;

create function demo.is_luhn(digits text) returns boolean
    language sql immutable parallel safe
    return right(digits, 1) = demo.luhn(left(digits, -1));

-- A time of day in Paris.
create function demo.at(day date, minutes integer) returns timestamptz
    language sql stable parallel safe
    return (day + make_interval(mins => minutes)) at time zone 'Europe/Paris';

-- Numbers that Arcep keeps for fiction: 04 65 71 xx xx and 06 39 98 xx xx.
create function demo.phone(u double precision, mobile boolean default false) returns text
    language sql immutable parallel safe
    return case when mobile then '063998' else '046571' end || lpad(floor(u * 10000)::text, 4, '0');

create unlogged table demo.words (kind text primary key, list text[]);
insert into demo.words (kind, list) values
    ('family', string_to_array('Auclair Aubery Aufauvre Barathon Bardet Barillet Baudin Beaufils Bernardon Berthon Bidault Bidet Blanchet Boismenu Bonnefoy Bonnet Bouchard Boudet Bourdier Bournat Bregère Brun Buvat Cadier Chabrol Chambon Chanier Chapelier Chardonnet Charrier Chassaing Chatard Chaumet Chevalier Clostre Collas Combaret Cordier Cornil Coulon Courtinat Dargaud Darot Debord Delorme Demay Denizot Deschamps Desforges Dessert Ducroux Dufour Dumas Dupuis Duranthon Fallet Faure Favier Fayet Fayolle Ferrandon Fongarnand Forichon Fournier Fradin Gacon Gaillard Garnier Gaume Gayet Genest Gidel Gilbert Giraudet Gomes Gonnat Goutaudier Grenier Guillaumin Guyot Jaffeux Jamet Janvier Jouanin Labbe Lacroix Lafaye Laforêt Lamoine Lardy Laurent Lebrun Legrand Lelong Ligier Limoges Lorut Maillot Mallet Marchand Margelidon Marinier Martinant Mathonat Maugarny Mercier Meunier Michard Minard Moreau Morlat Mosnier Nebout Neuville Nicolas Nogueira Oliveira Ossedat Paput Passavy Perrin Petitjean Philippon Picarle Pinet Pinot Planche Poncet Pradel Prugneau Rabier Raynaud Regnier Renard Rigaud Rival Robin Rondepierre Rousselot Roux Sabourin Saintandré Saulnier Servant Simonin Tabutin Taillardat Tauveron Terrier Thévenet Thévenin Thomas Tixier Touzain Tournaire Vacher Vallet Vernisse Verrier Viallet Vigouroux Virlogeux Virotte Voisin', ' ')),
    ('woman', string_to_array('Adèle Agnès Alice Amélie Anaïs Anne Aurélie Béatrice Brigitte Camille Carole Catherine Cécile Céline Chantal Charlotte Claire Corinne Delphine Elsa Émilie Estelle Fanny Florence Françoise Gaëlle Hélène Inès Isabelle Jeanne Julie Karine Laure Léa Lucie Louise Magali Manon Marie Martine Mathilde Monique Nadia Nathalie Noémie Océane Pauline Sabrina Sandrine Sarah Solène Sophie Stéphanie Sylvie Valérie Véronique Virginie Yasmine', ' ')),
    ('man', string_to_array('Adrien Alain Alexandre Antoine Arnaud Benjamin Benoît Bruno Cédric Christian Christophe Damien Daniel David Denis Didier Emmanuel Éric Fabien Florian François Franck Frédéric Gérard Gilles Grégory Guillaume Henri Hervé Hugo Jacques Jean Jérôme Joël Julien Karim Laurent Loïc Luc Marc Mathieu Maxime Michel Mickaël Nicolas Olivier Pascal Patrick Philippe Pierre Quentin Rachid Raphaël Romain Sébastien Simon Sylvain Thierry Thomas Vincent Yannick Yves', ' ')),
    ('place', array['du Moulin', 'de la Gare', 'des Tilleuls', 'du Château', 'de l’Étang', 'des Remparts', 'du Parc', 'de la Fontaine', 'du Marché', 'des Forges', 'du Vieux Pont', 'de la Tour', 'des Acacias', 'du Chêne', 'de la Croix', 'du Lavoir', 'de la Motte', 'des Marronniers', 'de l’Église', 'du Bourg', 'des Bruyères', 'de Beauregard', 'de Bellevue', 'du Colombier', 'de la Prairie', 'des Noyers', 'de la Garenne', 'de Villars', 'de Chantemerle', 'du Pré vert', 'des Sources', 'du Canal', 'de la Vallée', 'des Quatre Vents', 'du Bois joli', 'de la Chaume', 'des Varennes', 'de Champfeu', 'du Riau', 'des Écureuils', 'de la Besace', 'du Petit Bois', 'des Genêts', 'de la Grange']),
    ('plural', array['Bruyères', 'Noyers', 'Varennes', 'Chaumes', 'Genêts', 'Tilleuls', 'Sources', 'Brandes', 'Prés hauts', 'Rives', 'Bouchauds', 'Quatre Chemins']),
    ('Moulins', array['du Bourbonnais', 'du Val d’Allier', 'de Sologne bourbonnaise', 'de la Besbre', 'du Bocage', 'de la Loire', 'des Ducs']),
    ('Montluçon', array['du Bourbonnais', 'du Val de Cher', 'de Tronçais', 'de Combraille', 'de l’Aumance', 'du Cher', 'de l’Œil']),
    ('Vichy', array['de la Sioule', 'de Limagne', 'du Sichon', 'de la Montagne bourbonnaise', 'du Val d’Allier', 'des Célestins', 'de la Forterre']),
    ('street', array['rue de la République', 'rue de Paris', 'avenue de la Gare', 'place du Marché', 'rue des Fossés', 'rue Jean-Jaurès', 'avenue Victor-Hugo', 'rue du Pont', 'boulevard de la Résistance', 'rue du Commerce', 'rue Pasteur', 'rue Voltaire', 'place de l’Église', 'rue de l’Hôtel-de-Ville', 'rue des Écoles', 'avenue du Général-de-Gaulle', 'rue du Faubourg', 'rue des Tanneries', 'rue Lafayette', 'rue du Stade', 'rue Émile-Guillaumin', 'impasse des Lilas', 'rue du Lavoir', 'route de Paris']),
    ('hamlet', array['Les Bruyères', 'Le Bourg', 'La Motte', 'Les Varennes', 'Le Moulin neuf', 'Bellevue', 'La Croix blanche', 'Les Quatre Chemins', 'Le Petit Bois', 'Chantemerle', 'La Grange', 'Les Brosses', 'Le Colombier', 'La Garenne', 'Les Prugnes', 'Beauregard', 'Le Plaix', 'La Chaume', 'Les Bérauds', 'Le Riau']),
    ('zone', array['zone d’activité', 'zone artisanale', 'parc d’activité', 'zone industrielle']);

create function demo.words(kind text) returns text[]
    language sql stable
    return (select w.list from demo.words w where w.kind = words.kind);

-- One of them.
create function demo.word(kind text, u double precision) returns text
    language plpgsql stable as $$
begin
    return (select w.list[1 + floor(u * cardinality(w.list))::integer] from demo.words w where w.kind = word.kind);
end
$$;

-- How many of a profile have which size band (INSEE codes; null: not known).
create unlogged table demo.size_share (size "char", band text, upto double precision);
insert into demo.size_share (size, band, upto)
select size, band, sum(share) over (partition by size order by ordinal) / sum(share) over (partition by size)
  from (values ('a'::"char", array[58, 20, 16, 4, 1.5, 0.5]::real[]), ('b', array[38, 12, 26, 14, 7, 2.6, 0.4]),
               ('c', array[22, 8, 22, 18, 14, 11, 4.5, 0.5]), ('d', array[12, 5, 12, 14, 15, 18, 16, 6, 1.6, 0.2, 0.2]),
               ('e', array[6, 0, 5, 8, 11, 22, 28, 13, 5, 0.8, 1, 0.2]), ('f', array[68, 18, 11, 2.5, 0.5]),
               ('x', array[3, 0, 2, 3, 8, 18, 34, 20, 9, 1, 1.6, 0.4])) v (size, shares)
 cross join unnest(v.shares, array[null, '00', '01', '02', '03', '11', '12', '21', '22', '31', '32', '41']::text[])
            with ordinality s (share, band, ordinal)
 where share > 0;
