-- Coverage and indicators: what happened, month by month, in rows narrow enough to be added up while somebody waits; the
-- zonings by which figures are shown.

-- --- where ------------------------------------------------------------------------------------------------------------

alter table data.commune add column number integer generated always as (data.commune_number(code)) stored;
create unique index commune_by_number on data.commune (number);

-- Zonings: a commune lies in one zone of each level. Made from communes, bassins and inter-communal groups (zones_refresh).
create table data.zone (
    id    integer generated always as identity primary key,
    level text not null constraint zone_level check (level in ('region', 'departement', 'epci', 'bassin')),
    code  text collate "C" not null constraint zone_code check (length(code) between 1 and 40),
    name  text not null,
    shape ext.geometry(MultiPolygon, 4326),
    constraint zone_once unique (level, code)
);
create index zone_shape on data.zone using gist (shape);
create table data.zone_commune (
    level   text not null,
    commune integer not null,
    zone_id integer not null references data.zone on delete cascade,
    primary key (level, commune)
);
create index zone_commune_of on data.zone_commune (zone_id);

-- --- what happened ----------------------------------------------------------------------------------------------------

-- One row per employer, month and organisation. Months are counted from January 2000. The prev_ columns say in which month
-- before this row, in the order of months and organisations, the employer was last met (seen) or solicited (reached): by anybody,
-- by the same network, by the same organisation. An employer met in a period is met for the first time of it in exactly one
-- row, so that distinct employers can be added up.
create table data.fact (
    establishment_id bigint not null, -- no foreign key: a merge moves what facts are made of, not the facts
    month            smallint not null,
    network          smallint not null, -- data.network.rank
    organisation_id  integer not null,
    commune          integer,
    division         smallint,
    size             smallint,
    active           boolean not null,
    strong           boolean not null,
    contacts         smallint not null,
    visits           smallint not null,
    firsts           smallint not null,
    doubles          smallint not null,
    avoided          smallint not null,
    prev_seen        smallint,
    prev_seen_network smallint,
    prev_seen_own    smallint,
    prev_reached     smallint,
    prev_reached_network smallint,
    prev_reached_own smallint,
    promises         smallint not null,
    kept             smallint not null,
    lapsed           smallint not null,
    given_back       smallint not null,
    keep_days        smallint not null,
    needs            smallint not null,
    need_posts       smallint not null,
    offers           smallint not null,
    offer_posts      smallint not null,
    filled_reserved  smallint not null,
    filled_open      smallint not null,
    fill_days        smallint not null,
    referrals        smallint not null,
    hired            smallint not null,
    persons          smallint not null,
    persons_shared   smallint not null,
    primary key (establishment_id, month, organisation_id)
);
create index fact_of_commune on data.fact (commune, month);
create index fact_of_month on data.fact using brin (month);

-- Employers of which something changed, and communes of which the stock did. Taken and removed by the worker.
create table data.fact_touched (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null
);
create table data.stock_touched (
    id      bigint generated always as identity primary key,
    commune integer not null
);

-- Establishments in activity, counted.
create table data.stock (
    commune        integer not null,
    division       smallint,
    size           smallint,
    establishments integer not null,
    strong         integer not null
);
create index stock_of_commune on data.stock (commune);

-- --- the list of indicators -------------------------------------------------------------------------------------------

create table data.indicator (
    code     text primary key constraint indicator_code check (code ~ '^[a-z_]{3,30}$'),
    rank     smallint not null constraint indicator_rank_once unique,
    name     text not null,
    sentence text not null,
    unit     text not null constraint indicator_unit check (unit in ('count', 'percent', 'ratio', 'days', 'per100')),
    kind     text not null constraint indicator_kind check (kind in ('coverage', 'means', 'results')),
    better   text constraint indicator_better check (better in ('more', 'less')),
    counted  text not null, -- what the numerator counts
    out_of   text           -- what the denominator counts; null when there is none
);
insert into data.indicator (rank, code, kind, unit, better, name, counted, out_of, sentence) values
    (10, 'establishments', 'coverage', 'count', null, 'Établissements en activité', 'établissements', null,
     'Établissements en activité de la liste commune, fusions déduites, à ce jour.'),
    (20, 'seen_share', 'coverage', 'percent', 'more', 'Part des employeurs rencontrés', 'employeurs rencontrés', 'établissements en activité',
     'Établissements en activité où au moins une visite a abouti à une rencontre pendant la période, rapportés aux établissements en activité.'),
    (30, 'white', 'coverage', 'count', 'less', 'Employeurs à potentiel jamais rencontrés', 'employeurs', null,
     'Établissements en activité dont le potentiel d’embauche est élevé et que personne n’a rencontrés pendant la période : les zones blanches.'),
    (40, 'white_share', 'coverage', 'percent', 'less', 'Part des employeurs à potentiel non rencontrés', 'employeurs à potentiel non rencontrés', 'employeurs à potentiel',
     'Parmi les établissements dont le potentiel d’embauche est élevé, part de ceux que personne n’a rencontrés pendant la période.'),
    (50, 'pressure', 'coverage', 'ratio', 'less', 'Pression par employeur', 'sollicitations', 'employeurs sollicités',
     'Sollicitations (visites, appels, courriels, forums) de la période, rapportées aux employeurs sollicités.'),
    (60, 'doubles', 'coverage', 'count', 'less', 'Contacts en double', 'sollicitations', null,
     'Sollicitations faites moins de soixante jours après celle d’une autre structure auprès du même employeur.'),
    (70, 'double_share', 'coverage', 'percent', 'less', 'Part des contacts en double', 'sollicitations en double', 'sollicitations',
     'Part des sollicitations faites moins de soixante jours après celle d’une autre structure auprès du même employeur.'),
    (110, 'visits', 'means', 'count', 'more', 'Visites', 'visites', null,
     'Visites qui ont abouti à une rencontre pendant la période.'),
    (120, 'promises', 'means', 'count', 'more', 'Engagements pris', 'engagements', null,
     'Engagements de visite pris pendant la période.'),
    (130, 'kept_share', 'means', 'percent', 'more', 'Engagements tenus', 'engagements tenus', 'engagements terminés',
     'Parmi les engagements terminés pendant la période (tenus, échus ou rendus), part de ceux qui ont été tenus.'),
    (140, 'lapsed', 'means', 'count', 'less', 'Engagements échus', 'engagements', null,
     'Engagements qui ont pris fin d’eux-mêmes pendant la période, leur date et leur délai de grâce passés.'),
    (150, 'keep_delay', 'means', 'days', 'less', 'Délai de visite', 'jours', 'engagements tenus',
     'Nombre moyen de jours entre un engagement et la visite qui l’a tenu, pour les engagements tenus pendant la période.'),
    (160, 'shared_share', 'means', 'percent', 'more', 'Interlocuteurs partagés', 'interlocuteurs partagés', 'interlocuteurs ajoutés',
     'Parmi les interlocuteurs ajoutés pendant la période, part de ceux que leur structure partage avec les autres.'),
    (210, 'firsts', 'results', 'count', 'more', 'Premières rencontres', 'employeurs', null,
     'Employeurs rencontrés pendant la période et que personne n’avait jamais rencontrés.'),
    (220, 'small_seen', 'results', 'count', 'more', 'Petits employeurs rencontrés', 'employeurs', null,
     'Employeurs de moins de dix salariés (effectif connu) rencontrés au moins une fois pendant la période.'),
    (230, 'needs', 'results', 'count', 'more', 'Besoins recueillis', 'besoins', null,
     'Besoins de recrutement déclarés pendant la période.'),
    (240, 'offers', 'results', 'count', 'more', 'Offres recueillies', 'offres', null,
     'Offres confirmées par l’employeur pendant la période.'),
    (250, 'filled_reserved', 'results', 'count', 'more', 'Offres pourvues pendant la réservation', 'offres', null,
     'Offres pourvues pendant la période, avant de s’ouvrir à tous.'),
    (260, 'filled_open', 'results', 'count', 'more', 'Offres pourvues après ouverture', 'offres', null,
     'Offres pourvues pendant la période, après s’être ouvertes à tous.'),
    (270, 'fill_delay', 'results', 'days', 'less', 'Délai pour pourvoir', 'jours', 'offres pourvues',
     'Nombre moyen de jours entre la confirmation d’une offre et le moment où elle est pourvue, pour les offres pourvues pendant la période.'),
    (280, 'referrals', 'results', 'count', 'more', 'Candidatures proposées', 'candidatures', null,
     'Candidatures proposées par les partenaires pendant la période, celles qu’ils ont retirées déduites.'),
    (290, 'effect', 'results', 'per100', 'more', 'Offres pour 100 visites', 'offres', 'visites',
     'Offres confirmées pendant la période, pour cent visites de la période.'),
    (300, 'avoided', 'results', 'count', 'more', 'Contacts redondants évités', 'contacts', null,
     'Pour chaque visite, structures qui ont cet employeur dans leurs fichiers et ne l’ont pas sollicité dans les soixante jours d’avant et d’après.');
