-- The ground: time, places, networks, organisations, members and their sessions.

create schema data;
create schema api;
create schema auth;

-- Business time enters here and nowhere else (data.now()). A test instance may set it; others refuse (clock_test_only).
create table data.clock (
    singleton    boolean primary key default true check (singleton),
    test_allowed boolean not null default false,
    set_to       timestamptz,
    set_at       timestamptz,
    constraint clock_test_only check (set_to is null or test_allowed),
    constraint clock_both check ((set_to is null) = (set_at is null))
);
insert into data.clock default values;

-- What this installation says of itself.
create table data.instance (
    singleton boolean primary key default true check (singleton),
    name      text not null default 'Maillage',
    demo      boolean not null default false
);
insert into data.instance default values;

create table data.network (
    code text primary key,
    name text not null,
    kind text not null constraint network_kind check (kind in ('partner', 'contributor', 'observer')),
    rank smallint not null
);
insert into data.network (code, name, kind, rank) values
    ('ft',    'France Travail',   'partner',     1),
    ('ml',    'Mission Locale',   'partner',     2),
    ('ce',    'Cap emploi',       'partner',     3),
    ('plie',  'PLIE',             'partner',     4),
    ('contributor', 'Contributeur', 'contributor', 5),
    ('state', 'Services de l’État', 'observer',  6);

create table data.commune (
    code       text collate "C" primary key constraint commune_code check (code ~ '^[0-9][0-9AB][0-9]{3}$'),
    name       text not null,
    department text collate "C" not null,
    region     text collate "C",
    postcodes  text[] not null default '{}',
    population integer,
    centre     ext.geometry(Point, 4326),
    cell       ext.geometry(MultiPolygon, 4326),
    cell_kind  text constraint commune_cell_kind check (cell_kind in ('voronoi', 'contour')),
    constraint commune_cell check ((cell is null) = (cell_kind is null))
);
create index commune_department on data.commune (department);
create index commune_cell_gist on data.commune using gist (cell);

create table data.territory (
    id   bigint generated always as identity primary key,
    name text not null constraint territory_name_once unique,
    kind text not null constraint territory_kind check (kind in ('bassin', 'departement', 'region', 'project'))
);
create table data.territory_commune (
    territory_id bigint not null references data.territory,
    commune_code text collate "C" not null references data.commune,
    primary key (territory_id, commune_code)
);
create index territory_commune_of on data.territory_commune (commune_code);

create table data.organisation (
    id           bigint generated always as identity primary key,
    network      text not null references data.network,
    territory_id bigint not null references data.territory,
    name         text not null constraint organisation_name_once unique,
    short_name   text not null,
    address      text,
    commune_code text collate "C" references data.commune,
    base         ext.geometry(Point, 4326),
    phone        text,
    email        text,
    created_at   timestamptz not null default now(),
    constraint organisation_name_length check (length(name) between 2 and 120 and length(short_name) between 2 and 40)
);
create index organisation_of_territory on data.organisation (territory_id);

create table data.member (
    id            bigint generated always as identity primary key,
    email         text not null constraint member_email check (email ~ '^[^@\s]{1,64}@[^@\s]{1,190}$' and email = lower(email)),
    name          text not null constraint member_name check (length(name) between 2 and 120),
    password_hash text,
    created_at    timestamptz not null default now(),
    disabled_at   timestamptz,
    constraint member_email_once unique (email)
);

-- A person may belong to several organisations, with one role in each; a session acts for one of them.
create table data.membership (
    member_id       bigint not null references data.member,
    organisation_id bigint not null references data.organisation,
    role            text not null constraint membership_role
                    check (role in ('adviser', 'manager', 'contributor', 'observer', 'administrator')),
    since           date not null default current_date,
    ended_on        date,
    primary key (member_id, organisation_id)
);
create index membership_of on data.membership (organisation_id);

-- Only the hash of a session's token is kept. Sessions live in real time, whatever the business clock says.
create table data.session (
    token_hash      bytea primary key constraint session_hash check (length(token_hash) = 32),
    member_id       bigint not null references data.member,
    organisation_id bigint not null,
    opened_at       timestamptz not null default now(),
    seen_at         timestamptz not null default now(),
    expires_at      timestamptz not null,
    address         text,
    agent           text,
    constraint session_membership foreign key (member_id, organisation_id)
        references data.membership (member_id, organisation_id)
);
create index session_of_member on data.session (member_id);
create index session_expiry on data.session (expires_at);

-- Answers kept so that a repeated POST with the same Idempotency-Key is answered, not done again.
create table data.idempotency (
    member_id   bigint not null references data.member,
    key         text not null constraint idempotency_key check (length(key) between 8 and 128),
    fingerprint bytea not null,
    status      integer,
    body        text,
    at          timestamptz not null default now(),
    primary key (member_id, key)
);
create index idempotency_age on data.idempotency (at);

-- The append-only log. `xid` tells when a row is final: its transaction is older than every running one.
create table data.event (
    id               bigint generated always as identity primary key,
    xid              xid8 not null default pg_current_xact_id(),
    at               timestamptz not null,
    kind             text not null constraint event_kind check (kind ~ '^[a-z]+\.[a-z_]+$'),
    member_id        bigint references data.member,
    organisation_id  bigint references data.organisation,
    establishment_id bigint,
    offer_id         bigint,
    data             jsonb not null default '{}'
);
create index event_of_establishment on data.event (establishment_id, id desc);
create index event_of_offer on data.event (offer_id) where offer_id is not null;

-- The seal: hash(n) = sha256(hash(n-1) || text of the event), in the order of `position`. Events wait in event_unsealed,
-- whose rows come and go with them, so that sealing costs nothing when nothing happened.
create table data.event_seal (
    position bigint primary key,
    event_id bigint not null references data.event constraint event_seal_once unique,
    hash     bytea not null constraint event_seal_hash check (length(hash) = 32)
);
create table data.event_unsealed (
    event_id bigint primary key references data.event
);

-- Jobs of record. Redis only carries their numbers.
create table data.job (
    id          bigint generated always as identity primary key,
    kind        text not null constraint job_kind check (kind ~ '^[a-z]+\.[a-z_]+$'),
    payload     jsonb not null default '{}',
    run_at      timestamptz not null,
    state       text not null default 'waiting' constraint job_state
                check (state in ('waiting', 'sent', 'done', 'dead')),
    attempts    integer not null default 0,
    sent_at     timestamptz,
    finished_at timestamptz,
    error       text,
    created_at  timestamptz not null default now()
);
create index job_due on data.job (run_at, id) where state = 'waiting';
create index job_sent on data.job (sent_at) where state = 'sent';
create index job_dead on data.job (id) where state = 'dead';
