-- What committees and managers read: packs and their frozen copies, targets, what partners know of an employer's
-- hirings, which communes an organisation covers and what it offers there.

-- --- packs ------------------------------------------------------------------------------------------------------------

-- The document of a committee for a period: figures of an area, and what is said of them. A draft shows the figures of the
-- day; once frozen, nothing of it changes.
create table data.pack (
    id              bigint generated always as identity primary key,
    territory_id    bigint not null references data.territory,
    organisation_id bigint not null references data.organisation, -- who prepares it
    made_by         bigint not null references data.member,
    made_at         timestamptz not null,
    kind            text not null constraint pack_kind check (kind in ('local', 'departement', 'region')),
    within          text not null constraint pack_within check (within = '' or within ~ '^(epci|bassin|departement|region):.{1,40}$'),
    title           text not null constraint pack_title check (length(title) between 3 and 120 and title = trim(title)),
    held_on         date not null,
    from_month      smallint not null, -- months as in data.fact
    to_month        smallint not null,
    version         integer not null default 1,
    frozen_at       timestamptz,
    dropped_at      timestamptz,
    constraint pack_period check (from_month <= to_month and to_month - from_month < 36),
    constraint pack_area check (kind = 'local' or within = '' or split_part(within, ':', 1) = kind),
    constraint pack_one_end check (frozen_at is null or dropped_at is null)
);
create index pack_of_territory on data.pack (territory_id, id desc);

-- What the committee is told beside the figures, part by part; the last version of each.
create table data.pack_comment (
    pack_id         bigint not null references data.pack,
    part            text not null constraint pack_comment_part
                    check (part in ('summary', 'coverage', 'means', 'results', 'trends', 'targets', 'plans', 'decisions')),
    text            text not null constraint pack_comment_text check (length(text) <= 6000),
    version         integer not null,
    member_id       bigint not null references data.member,
    organisation_id bigint not null references data.organisation,
    at              timestamptz not null,
    primary key (pack_id, part)
);

-- What was frozen: two editions of one text, the exact one and the one for observers, and their SHA-256.
create table data.pack_copy (
    pack_id        bigint primary key references data.pack,
    content        text not null,
    reserved       text not null,
    hash           bytea not null,
    reserved_hash  bytea not null,
    frozen_at      timestamptz not null,
    frozen_by      bigint not null references data.member,
    constraint pack_copy_hash check (hash = sha256(convert_to(content, 'UTF8'))),
    constraint pack_copy_reserved_hash check (reserved_hash = sha256(convert_to(reserved, 'UTF8')))
);

-- --- targets ----------------------------------------------------------------------------------------------------------

-- A figure that somebody wants to reach in a period: an organisation for itself, or all together (no organisation).
create table data.target (
    id              bigint generated always as identity primary key,
    territory_id    bigint not null references data.territory,
    organisation_id bigint references data.organisation, -- whose; null: all together
    indicator       text not null references data.indicator,
    within          text not null default '' constraint target_within check (within = '' or within ~ '^(epci|bassin|departement|region):.{1,40}$'),
    from_month      smallint not null,
    to_month        smallint not null,
    goal            numeric(12, 4) not null constraint target_goal check (goal > 0 and goal <= 10000000),
    version         integer not null default 1,
    set_by          bigint not null references data.member,
    set_for         bigint not null references data.organisation, -- whose member set it
    set_at          timestamptz not null,
    dropped_at      timestamptz,
    constraint target_period check (from_month <= to_month and to_month - from_month < 36)
);
create unique index target_once on data.target (territory_id, coalesce(organisation_id, 0), indicator, within, from_month, to_month)
    where dropped_at is null;

-- --- hiring potential -------------------------------------------------------------------------------------------------

-- The potential is what the register and the labour market say (base) and what partners know (known). Each has a writer
-- of its own, and a trigger adds them up: two transactions cannot undo each other's part.
alter table data.facet add column base smallint, add column known smallint not null default 0;
update data.facet set base = potential where potential is not null;

-- What partners know of an employer's hirings, counted; `until`: when the oldest of it weighs less.
create table data.known (
    establishment_id bigint primary key references data.establishment on delete cascade,
    needs            smallint not null,
    offers           smallint not null,
    hired            smallint not null,
    declined         smallint not null,
    points           smallint not null constraint known_points check (points between -15 and 30),
    until            date
);
create index known_until on data.known (until) where until is not null;
create table data.known_touched (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null
);

-- --- the directory ----------------------------------------------------------------------------------------------------

alter table data.organisation
    add column about   text constraint organisation_about check (length(about) between 1 and 600),
    add column website text constraint organisation_website check (website ~ '^https?://[^\s]{3,200}$'),
    add column opening text constraint organisation_opening check (length(opening) between 1 and 200),
    add column version integer not null default 1;

create table data.service (
    code  text primary key constraint service_code check (code ~ '^[a-z_]{3,30}$'),
    rank  smallint not null constraint service_rank_once unique,
    label text not null
);
insert into data.service (rank, code, label) values
    (10, 'preselection', 'Présélection de candidats'),
    (20, 'immersion', 'Immersion en entreprise'),
    (30, 'training', 'Formation avant embauche'),
    (40, 'contracts', 'Contrats aidés et alternance'),
    (50, 'workplace', 'Aménagement de poste, maintien dans l’emploi'),
    (60, 'clauses', 'Clauses sociales des marchés publics'),
    (70, 'followup', 'Suivi dans l’emploi après l’embauche'),
    (80, 'advice', 'Conseil en recrutement'),
    (90, 'forums', 'Forums et rencontres avec les employeurs'),
    (100, 'leads', 'Signalement de projets de recrutement');
create table data.organisation_service (
    organisation_id bigint not null references data.organisation,
    service         text not null references data.service,
    primary key (organisation_id, service)
);
-- Where an organisation works: communes and zones ('bassin:…'); without a row, in all its territory.
create table data.organisation_area (
    organisation_id bigint not null references data.organisation,
    area            text not null constraint organisation_area_form check (area ~ '^(commune|epci|bassin|departement|region):.{1,40}$'),
    primary key (organisation_id, area)
);
