-- What feeds say and had no place: until when an offer holds.

-- The last day on which an offer holds, when its employer says one: it is never open after it.
alter table data.offer
    add column ends_on date,
    add constraint offer_ends check (closes_at <= ((ends_on + 1)::timestamp at time zone 'Europe/Paris'));
create index offer_ending on data.offer (ends_on) where ends_on is not null and state in ('confirmed', 'reserved');
insert into data.offer_transition (from_state, to_state, needs_reason) values ('reserved', 'expired', false);
create index feed_offer_ending on data.feed_offer ((given ->> 'fin')) where is_present and given ? 'fin';
-- Nothing was read of it so far; what a feed says now is no change by a person.
update data.feed_offer set applied = applied || '{"ends_on": null}' where applied is not null;

-- --- what occupations are called -------------------------------------------------------------------------------------------------

-- A title without what says that it is for women and men, nor signs: « Boulanger(ère) (H/F) » is « boulanger ».
create function data.title_key(title text) returns text
    language sql immutable strict parallel safe
    return trim(regexp_replace(regexp_replace(regexp_replace(' ' || data.fold(title) || ' ',
        '(?<=[a-z])([(][a-z]{1,6}[)]|[.·•][a-z]{1,5}([.·•]s)?)(?![a-z])', '', 'g'),
        '[^a-z0-9]+(h|f|m|hf|fh|mf|fm)( ?/ ?(h|f|m|x|nb|n|d|w)| (h|f))*(?![a-z0-9])', ' ', 'g'),
        '[^a-z0-9]+', ' ', 'g'));

-- What it is called: « Conducteur / Conductrice d'engins » is « conducteur d engins » and « conductrice d engins ».
create function data.title_forms(title text) returns text[]
    language sql immutable strict parallel safe
    begin atomic
        select case when cardinality(h.halves) <> 2 or h.one = '{}' or h.two = '{}' then array[data.title_key(title_forms.title)]
                    else array[array_to_string(h.one || h.two[cardinality(h.one) + 1:], ' '), array_to_string(h.two, ' ')] end
          from (select s.halves, string_to_array(data.title_key(s.halves[1]), ' ') as one, string_to_array(data.title_key(s.halves[2]), ' ') as two
                  from (select regexp_split_to_array(regexp_replace(title_forms.title, '[(]?\m[HhFfMm]\s*/\s*[HhFfMm](\s*/\s*[XxNnDd])?\M[)]?', ' ', 'g'), '\s*/\s*') as halves) s) h;
    end;

-- Titles have their number in the répertoire, which files name them by.
alter table data.appellation
    add column ogr integer constraint appellation_ogr check (ogr > 0),
    add column forms text[] not null generated always as (data.title_forms(label)) stored;
create index appellation_numbered on data.appellation (ogr) where ogr is not null;
create index appellation_forms on data.appellation using gin (forms);
create index offer_titled on data.offer (organisation_id, data.title_key(title));

-- --- where, and whose ------------------------------------------------------------------------------------------------------------

-- Départements and overseas collectivities (COG, Insee, Licence Ouverte), by which feeds say where one works.
create table data.department (
    code text collate "C" primary key,
    name text not null,
    key  text collate "C" not null unique generated always as (data.title_key(name)) stored
);
insert into data.department (code, name) values
    ('01', 'Ain'), ('02', 'Aisne'), ('03', 'Allier'), ('04', 'Alpes-de-Haute-Provence'), ('05', 'Hautes-Alpes'), ('06', 'Alpes-Maritimes'),
    ('07', 'Ardèche'), ('08', 'Ardennes'), ('09', 'Ariège'), ('10', 'Aube'), ('11', 'Aude'), ('12', 'Aveyron'), ('13', 'Bouches-du-Rhône'),
    ('14', 'Calvados'), ('15', 'Cantal'), ('16', 'Charente'), ('17', 'Charente-Maritime'), ('18', 'Cher'), ('19', 'Corrèze'), ('21', 'Côte-d’Or'),
    ('22', 'Côtes-d’Armor'), ('23', 'Creuse'), ('24', 'Dordogne'), ('25', 'Doubs'), ('26', 'Drôme'), ('27', 'Eure'), ('28', 'Eure-et-Loir'),
    ('29', 'Finistère'), ('2A', 'Corse-du-Sud'), ('2B', 'Haute-Corse'), ('30', 'Gard'), ('31', 'Haute-Garonne'), ('32', 'Gers'), ('33', 'Gironde'),
    ('34', 'Hérault'), ('35', 'Ille-et-Vilaine'), ('36', 'Indre'), ('37', 'Indre-et-Loire'), ('38', 'Isère'), ('39', 'Jura'), ('40', 'Landes'),
    ('41', 'Loir-et-Cher'), ('42', 'Loire'), ('43', 'Haute-Loire'), ('44', 'Loire-Atlantique'), ('45', 'Loiret'), ('46', 'Lot'),
    ('47', 'Lot-et-Garonne'), ('48', 'Lozère'), ('49', 'Maine-et-Loire'), ('50', 'Manche'), ('51', 'Marne'), ('52', 'Haute-Marne'), ('53', 'Mayenne'),
    ('54', 'Meurthe-et-Moselle'), ('55', 'Meuse'), ('56', 'Morbihan'), ('57', 'Moselle'), ('58', 'Nièvre'), ('59', 'Nord'), ('60', 'Oise'),
    ('61', 'Orne'), ('62', 'Pas-de-Calais'), ('63', 'Puy-de-Dôme'), ('64', 'Pyrénées-Atlantiques'), ('65', 'Hautes-Pyrénées'),
    ('66', 'Pyrénées-Orientales'), ('67', 'Bas-Rhin'), ('68', 'Haut-Rhin'), ('69', 'Rhône'), ('70', 'Haute-Saône'), ('71', 'Saône-et-Loire'),
    ('72', 'Sarthe'), ('73', 'Savoie'), ('74', 'Haute-Savoie'), ('75', 'Paris'), ('76', 'Seine-Maritime'), ('77', 'Seine-et-Marne'),
    ('78', 'Yvelines'), ('79', 'Deux-Sèvres'), ('80', 'Somme'), ('81', 'Tarn'), ('82', 'Tarn-et-Garonne'), ('83', 'Var'), ('84', 'Vaucluse'),
    ('85', 'Vendée'), ('86', 'Vienne'), ('87', 'Haute-Vienne'), ('88', 'Vosges'), ('89', 'Yonne'), ('90', 'Territoire de Belfort'), ('91', 'Essonne'),
    ('92', 'Hauts-de-Seine'), ('93', 'Seine-Saint-Denis'), ('94', 'Val-de-Marne'), ('95', 'Val-d’Oise'), ('971', 'Guadeloupe'), ('972', 'Martinique'),
    ('973', 'Guyane'), ('974', 'La Réunion'), ('976', 'Mayotte'), ('975', 'Saint-Pierre-et-Miquelon'), ('977', 'Saint-Barthélemy'),
    ('978', 'Saint-Martin'), ('984', 'Terres australes et antarctiques françaises'), ('986', 'Wallis et Futuna'), ('987', 'Polynésie française'),
    ('988', 'Nouvelle-Calédonie'), ('989', 'Île de Clipperton');

-- A place that a person said for an offer whose feed does not say enough; a SIREN ties to its only establishment there.
alter table data.feed_offer
    add column commune_code text collate "C" references data.commune,
    drop constraint feed_offer_tied_by,
    add constraint feed_offer_tied_by check (tied_by in ('siret', 'siren', 'linkage', 'person'));

-- Of the feed of a whole country only what lies in the territory is taken; how much was left out is told.
alter table data.feed add column only_here boolean not null default false;
alter table data.feed_run add column outside integer not null default 0;

-- --- why an offer is withdrawn: one list, here ------------------------------------------------------------------------------------

-- What an employer is offered to say (`employer`, in its words; null: not by it), beside what people choose.
alter table data.withdrawal add column employer text;
update data.withdrawal set rank = -rank - 1 where rank >= 3;
update data.withdrawal set rank = -rank where rank < 0;
insert into data.withdrawal (code, label, rank, chosen, employer) values ('ourselves', 'Poste pourvu par l’employeur lui-même', 3, true, 'Nous avons pourvu le poste nous-mêmes');
update data.withdrawal w set employer = v.employer
  from (values ('elsewhere', 'Le poste est pourvu par une autre voie'), ('cancelled', 'Le projet est annulé ou reporté'),
               ('enough', 'Nous avons assez de candidats'), ('mistaken', 'L’offre est erronée ou en double'), ('other', 'Une autre raison')) v (code, employer)
 where w.code = v.code;
