-- The list: nomenclatures, companies, establishments, and where each value comes from.

-- Lower case without accents, apostrophes and hyphens as blanks: for search and sorting. Plain built-ins, so that it
-- is immutable in fact and PostgreSQL inlines it: a dictionary look-up per row would double the cost of an import.
create function data.fold(value text) returns text
    language sql immutable parallel safe strict
    return lower(translate(replace(replace(value, 'œ', 'oe'), 'Œ', 'OE'),
                           'ÀÂÄÁÃÅÇÉÈÊËÎÏÍÌÔÖÓÒÕÛÜÙÚŸÑàâäáãåçéèêëîïíìôöóòõûüùúÿñ’-''',
                           'AAAAAACEEEEIIIIOOOOOUUUUYNaaaaaaceeeeiiiiooooouuuuyn   '));

create table data.naf (
    code    text collate "C" primary key,
    level   smallint not null constraint naf_level check (level between 1 and 5),
    section text collate "C" not null,
    label   text not null
);

create table data.rome (
    code  text collate "C" primary key constraint rome_code check (code ~ '^[A-N][0-9]{4}$'),
    label text not null,
    search text not null generated always as (data.fold(code || ' ' || label)) stored
);
create index rome_search on data.rome using gin (search ext.gin_trgm_ops);

-- INSEE size bands; `small` follows the usual "très petite entreprise", under 10.
create table data.size_band (
    code  text collate "C" primary key,
    label text not null,
    least integer not null,
    most  integer
);
insert into data.size_band (code, label, least, most) values
    ('00', '0 salarié', 0, 0), ('01', '1 ou 2 salariés', 1, 2), ('02', '3 à 5 salariés', 3, 5),
    ('03', '6 à 9 salariés', 6, 9), ('11', '10 à 19 salariés', 10, 19), ('12', '20 à 49 salariés', 20, 49),
    ('21', '50 à 99 salariés', 50, 99), ('22', '100 à 199 salariés', 100, 199), ('31', '200 à 249 salariés', 200, 249),
    ('32', '250 à 499 salariés', 250, 499), ('41', '500 à 999 salariés', 500, 999),
    ('42', '1 000 à 1 999 salariés', 1000, 1999), ('51', '2 000 à 4 999 salariés', 2000, 4999),
    ('52', '5 000 à 9 999 salariés', 5000, 9999), ('53', '10 000 salariés et plus', 10000, null);

-- A file as it came. A partner's file keeps its bytes; a register's file is public and only named by its hash.
create table data.source_file (
    id              bigint generated always as identity primary key,
    kind            text not null constraint source_file_kind
                    check (kind in ('sirene', 'companies', 'partner', 'contours', 'demo')),
    organisation_id bigint references data.organisation,
    member_id       bigint references data.member,
    name            text not null,
    sha256          bytea not null constraint source_file_hash check (length(sha256) = 32),
    bytes           bigint not null,
    content         bytea,
    received_at     timestamptz not null,
    state           text not null default 'received' constraint source_file_state
                    check (state in ('received', 'running', 'done', 'refused')),
    finished_at     timestamptz,
    encoding        text,
    separator       text,
    summary         jsonb not null default '{}',
    constraint source_file_owner check ((kind = 'partner') = (organisation_id is not null))
);
-- The same file twice changes nothing: one accepted copy per owner.
create unique index source_file_once on data.source_file (kind, coalesce(organisation_id, 0), sha256) where state <> 'refused';
create index source_file_of on data.source_file (organisation_id, id desc);

-- What was wrong in a file, one line per fault, in words a person can act on.
create table data.source_error (
    file_id bigint not null references data.source_file,
    ordinal integer not null,
    line    integer,
    field   text,
    code    text not null,
    message text not null,
    primary key (file_id, ordinal)
);

create table data.company (
    siren         text collate "C" primary key constraint company_siren check (siren ~ '^[0-9]{9}$'),
    name          text,
    legal_form    text,
    size_band     text collate "C",
    diffusion     text not null default 'O' constraint company_diffusion check (diffusion in ('O', 'P')),
    status        text not null default 'A' constraint company_status check (status in ('A', 'F')),
    file_id       bigint references data.source_file,
    register_date date
);

-- The establishment: unit of the list. Columns hold the winning value of each field (the golden record); where a
-- partner's value wins over the register, data.establishment_value says which record gave it and what the register says.
create table data.establishment (
    id            bigint generated always as identity primary key,
    siret         text collate "C" constraint establishment_siret check (siret ~ '^[0-9]{14}$'),
    siren         text collate "C" generated always as (left(siret, 9)) stored,
    legal_name    text,
    usual_name    text,
    brand         text,
    name          text generated always as (coalesce(brand, usual_name, legal_name)) stored,
    sort_name     text collate "C" not null generated always as (data.fold(coalesce(brand, usual_name, legal_name, 'zzz ' || siret, 'zzz'))) stored,
    search        text not null generated always as
                  (data.fold(coalesce(brand, '') || ' ' || coalesce(usual_name, '') || ' ' || coalesce(legal_name, ''))) stored,
    address       text,
    postcode      text,
    city          text,
    commune_code  text collate "C",
    location      ext.geometry(Point, 4326),
    naf           text collate "C" constraint establishment_naf check (naf ~ '^[0-9]{2}\.[0-9]{2}[A-Z]$'),
    naf_legacy    text,
    size_band     text collate "C" references data.size_band,
    size_year     smallint,
    is_head       boolean,
    status        text not null default 'A' constraint establishment_status check (status in ('A', 'F')),
    diffusion     text not null default 'O' constraint establishment_diffusion check (diffusion in ('O', 'P')),
    opened_on     date,
    closed_on     date,
    phone         text,
    email         text,
    register_file bigint references data.source_file,
    register_date date,
    constraint establishment_siret_once unique (siret)
);
create index establishment_by_name on data.establishment (sort_name, id);
create index establishment_by_commune on data.establishment (commune_code, sort_name, id);
create index establishment_by_siren on data.establishment (siren);
create index establishment_search on data.establishment using gin (search ext.gin_trgm_ops);
create index establishment_location on data.establishment using gist (location);

create table data.source_record (
    id        bigint generated always as identity primary key,
    file_id   bigint not null references data.source_file,
    line      integer not null,
    received  jsonb not null,
    siret     text collate "C" constraint source_record_siret check (siret ~ '^[0-9]{14}$'),
    own_key   text,
    fields    jsonb not null default '{}',
    state     text not null constraint source_record_state check (state in ('linked', 'review', 'unusable')),
    reason    text,
    constraint source_record_line_once unique (file_id, line)
);
create index source_record_siret_of on data.source_record (siret);

create table data.link (
    id               bigint generated always as identity primary key,
    source_record_id bigint not null references data.source_record,
    establishment_id bigint not null references data.establishment,
    score            numeric(5, 4) not null constraint link_score check (score between 0 and 1),
    method           text not null constraint link_method check (method in ('siret', 'created', 'linkage', 'person')),
    evidence         jsonb not null default '{}',
    decided_by       bigint references data.member,
    decided_at       timestamptz not null,
    undone_by        bigint references data.member,
    undone_at        timestamptz
);
create unique index link_one_active on data.link (source_record_id) where undone_at is null;
create index link_of_establishment on data.link (establishment_id) where undone_at is null;

create table data.establishment_value (
    establishment_id bigint not null references data.establishment,
    field            text not null constraint establishment_value_field check (field in
                     ('legal_name', 'usual_name', 'brand', 'address', 'postcode', 'city', 'commune_code', 'naf',
                      'size_band', 'phone', 'email')),
    value            text not null,
    register_value   text,
    source_record_id bigint references data.source_record,
    rule             text not null constraint establishment_value_rule check (rule in ('only', 'recent', 'confirmed', 'pinned')),
    since            timestamptz not null,
    primary key (establishment_id, field)
);

-- What follows from visits, contacts and oppositions, so that the list need not count. Kept by triggers only.
create table data.standing (
    establishment_id bigint primary key references data.establishment,
    visits           integer not null default 0,
    last_visit_at    timestamptz,
    last_contact_at  timestamptz,
    last_contact_by  bigint references data.organisation,
    rest_until       date,
    opposed          boolean not null default false
);
