-- Segments: saved rules over the list, their versions and members; and what their criteria need: one narrow row per
-- establishment, tags, partners' own codes, the labour market of each bassin.

-- Codes as numbers whose order is theirs, so that « begins with » is between two numbers. The same in C:
-- server/segment/code.h.
create function data.commune_number(code text) returns integer
    language sql immutable parallel safe strict
    return (ascii(code) - 48) * 12000 + (position(substr(code, 2, 1) in '0123456789AB') - 1) * 1000 + substr(code, 3)::integer;
create function data.naf_number(code text) returns integer
    language sql immutable parallel safe strict
    return (left(code, 2) || substr(code, 4, 2))::integer * 32 + ascii(right(code, 1)) - 64;

alter table data.territory_commune
    add column number integer generated always as (data.commune_number(commune_code)) stored;
create index territory_commune_number on data.territory_commune (territory_id, number);

-- The labour market. Unknown (statistical secrecy) is null, never 0.
create table data.bassin (
    code text collate "C" primary key constraint bassin_code check (length(code) between 1 and 40),
    name text not null
);
create table data.bassin_commune (
    commune_code text collate "C" primary key,
    bassin       text collate "C" not null references data.bassin
);
create index bassin_commune_of on data.bassin_commune (bassin);
-- Survey « Besoins en main-d’œuvre »: hiring projects of a bassin by family of occupations (FAP).
create table data.bmo (
    bassin    text collate "C" not null references data.bassin,
    fap       text collate "C" not null,
    year      smallint not null,
    label     text not null,
    projects  integer constraint bmo_projects check (projects >= 0),
    difficult integer constraint bmo_difficult check (difficult >= 0),
    seasonal  integer constraint bmo_seasonal check (seasonal >= 0),
    primary key (bassin, fap)
);
create table data.fap_rome (
    fap  text collate "C" not null,
    rome text collate "C" not null,
    primary key (fap, rome)
);
create index fap_rome_of on data.fap_rome (rome);
-- Tension of an occupation in a bassin: 1 (easy) to 5 (hard to fill).
create table data.tension (
    bassin text collate "C" not null references data.bassin,
    rome   text collate "C" not null,
    year   smallint not null,
    level  smallint not null constraint tension_level check (level between 1 and 5),
    primary key (bassin, rome)
);
-- Which occupations an activity hires, and how often.
create table data.hiring (
    naf  text collate "C" not null,
    rome text collate "C" not null,
    hires integer not null constraint hiring_hires check (hires > 0),
    primary key (naf, rome)
);
-- What follows from the five above, for an activity in a bassin ('' is any): computed whole by data.outlook_refresh().
create table data.outlook (
    bassin    text collate "C" not null,
    naf       text collate "C" not null,
    projects  integer,
    difficult smallint constraint outlook_difficult check (difficult between 0 and 100),
    tension   smallint constraint outlook_tension check (tension between 10 and 50),
    activity  real not null default 0.5 constraint outlook_activity check (activity between 0 and 1),
    primary key (bassin, naf)
);

-- What the criteria of segments read: narrow, so that 2.5 million of them are counted in a fraction of a second. Kept by
-- triggers only; data.facet_rebuild() makes it anew. lon and lat: hundred-thousandths of a degree (1.1 m at most).
create table data.facet (
    id              bigint primary key references data.establishment on delete cascade,
    -- What nearly every rule reads comes first: a row is taken apart only as far as it is read.
    commune         integer,
    active          boolean not null,
    opposed         boolean not null default false,
    size            smallint,
    naf             integer,
    potential       smallint,
    legal           smallint,
    last_visit_at   timestamptz,
    last_contact_at timestamptz,
    contact_by      integer,
    holder          integer,
    rest_until      date,
    lon             integer,
    lat             integer,
    projects        integer,
    difficult       smallint,
    tension         smallint
) with (fillfactor = 90);
create index facet_commune on data.facet (commune);
create index facet_naf on data.facet (naf);

-- Tags: words that an organisation puts on employers, its own or shown to the partners of the territory.
create table data.tag (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references data.organisation,
    label           text not null constraint tag_label check (length(label) between 2 and 40 and label = trim(label)),
    shared          boolean not null default false,
    made_by         bigint not null references data.member,
    made_at         timestamptz not null
);
create unique index tag_once on data.tag (organisation_id, (data.fold(label)));
create table data.establishment_tag (
    tag_id           bigint not null references data.tag on delete cascade,
    establishment_id bigint not null references data.establishment on delete cascade,
    member_id        bigint not null references data.member,
    at               timestamptz not null,
    primary key (tag_id, establishment_id)
);
create index establishment_tag_of on data.establishment_tag (establishment_id);

-- Columns of an organisation's files that hold its own codes, and the codes found there.
create table data.own_column (
    organisation_id bigint not null references data.organisation,
    name            text not null constraint own_column_name check (length(name) between 1 and 80),
    chosen_by       bigint not null references data.member,
    chosen_at       timestamptz not null,
    primary key (organisation_id, name)
);
create table data.own_code (
    organisation_id  bigint not null,
    name             text not null,
    code             text not null constraint own_code_length check (length(code) between 1 and 60),
    establishment_id bigint not null references data.establishment on delete cascade,
    primary key (organisation_id, name, code, establishment_id),
    constraint own_code_column foreign key (organisation_id, name) references data.own_column on delete cascade
);
create index own_code_of on data.own_code (establishment_id);

-- A segment: a name, who keeps it, who leads on it. Its rule is that of its current version; versions never change.
create table data.segment (
    id              bigint generated always as identity primary key,
    territory_id    bigint not null references data.territory,
    organisation_id bigint not null references data.organisation,
    name            text not null constraint segment_name check (length(name) between 3 and 80 and name = trim(name)),
    lead            text references data.network,
    shared          boolean not null default true,
    version         integer not null default 0,
    edit            integer not null default 1,
    made_by         bigint not null references data.member,
    made_at         timestamptz not null,
    archived_at     timestamptz,
    -- The members and what they come from: written by the refresh only.
    members         integer,
    member_version  integer not null default 0,
    refreshed_at    timestamptz
);
create unique index segment_name_once on data.segment (organisation_id, (data.fold(name))) where archived_at is null;
create index segment_of_territory on data.segment (territory_id);
create table data.segment_version (
    segment_id bigint not null references data.segment,
    version    integer not null constraint segment_version_positive check (version > 0),
    rule       jsonb not null constraint segment_version_rule check (length(rule::text) <= 40000),
    note       text constraint segment_version_note check (length(note) <= 300),
    member_id  bigint not null references data.member,
    at         timestamptz not null,
    constraint segment_version_once primary key (segment_id, version)
);
create table data.segment_member (
    segment_id       bigint not null references data.segment,
    establishment_id bigint not null references data.establishment,
    since            timestamptz not null,
    version          integer not null,
    primary key (segment_id, establishment_id)
);
create index segment_member_of on data.segment_member (establishment_id);
-- Entries, exits and members at the end of each day on which something moved.
create table data.segment_day (
    segment_id bigint not null references data.segment,
    day        date not null,
    entered    integer not null default 0,
    gone       integer not null default 0,
    members    integer not null,
    primary key (segment_id, day)
);
-- Establishments that changed since the last refresh. Rows are taken and removed by it.
create table data.segment_touched (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null
);
