-- The partners' own software: keys, the sandbox, webhooks and what was sent.

-- A sandbox is an organisation beside the real one, in a territory of invented employers: nothing of it is shown or counted
-- elsewhere. A technical member is a program: it signs what its key does,
-- with an adviser's rights, and is nobody's colleague.
alter table data.organisation add column sandbox_of bigint references data.organisation constraint organisation_sandbox_once unique;
alter table data.member add column technical boolean not null default false;
alter table data.membership drop constraint membership_role;
alter table data.membership add constraint membership_role
    check (role in ('adviser', 'manager', 'contributor', 'observer', 'administrator', 'program'));
alter table data.offer add column sandbox boolean not null default false;

-- What a key may be given; `bit` is what the table of routes names (server/http/route.h).
create table data.api_scope (
    code text primary key,
    bit  integer not null unique
);
insert into data.api_scope (code, bit) values
    ('offers:read', 2), ('offers:write', 4), ('needs:read', 8), ('needs:write', 16), ('visits:read', 32), ('visits:write', 64),
    ('employers:read', 128);

create table data.api_key (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references data.organisation,
    member_id       bigint not null references data.member,
    name            text not null constraint api_key_name check (length(name) between 2 and 60),
    scopes          text[] not null constraint api_key_scopes check (cardinality(scopes) between 1 and 20),
    expires_at      timestamptz not null,
    made_by         bigint not null references data.member,
    made_at         timestamptz not null,
    revoked_at      timestamptz,
    revoked_by      bigint references data.member,
    constraint api_key_membership foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create unique index api_key_name_once on data.api_key (organisation_id, lower(name)) where revoked_at is null;

-- The secrets of a key: one, or two while the old one is being replaced. Only a keyed hash is kept, and the beginning that
-- lets people tell one from another. Like sessions, they live in real time.
create table data.api_secret (
    hash    bytea primary key constraint api_secret_hash check (length(hash) = 32),
    key_id  bigint not null references data.api_key,
    prefix  text not null constraint api_secret_prefix check (prefix ~ '^[A-Za-z0-9_-]{8}$'),
    made_at timestamptz not null default now(),
    ends_at timestamptz,
    used_at timestamptz
);
create index api_secret_of on data.api_secret (key_id, made_at);

-- Where an organisation has things sent to. A webhook is told what happens; the other kinds publish offers.
create table data.channel (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references data.organisation,
    kind            text not null constraint channel_kind check (kind in ('webhook', 'push', 'file', 'mail')),
    name            text not null constraint channel_name check (length(name) between 2 and 60),
    target          text not null constraint channel_target check (length(target) between 3 and 500),
    events          text[] not null default '{}',
    state           text not null default 'active' constraint channel_state check (state in ('active', 'paused', 'removed')),
    reason          text constraint channel_reason check (length(reason) <= 300),
    failures        integer not null default 0,
    open_until      timestamptz, -- the breaker: nothing is tried before
    made_by         bigint not null references data.member,
    made_at         timestamptz not null,
    version         integer not null default 1,
    constraint channel_url check (kind not in ('webhook', 'push') or target ~ '^https?://[^[:space:]]+$'),
    constraint channel_events check (kind <> 'webhook' or state = 'removed' or cardinality(events) > 0)
);
create unique index channel_name_once on data.channel (organisation_id, lower(name)) where state <> 'removed';
create index channel_active on data.channel (kind) where state = 'active';

-- Secrets that sign, sealed (base/vault.h). Two while one is being replaced.
create table data.channel_secret (
    id         bigint generated always as identity primary key,
    channel_id bigint not null references data.channel,
    sealed     bytea not null,
    made_at    timestamptz not null,
    ends_at    timestamptz
);
create index channel_secret_of on data.channel_secret (channel_id, id);

-- What is to be sent, and what became of it. `message` is what the receiver tells repetitions by.
create table data.delivery (
    id         bigint generated always as identity primary key,
    channel_id bigint not null references data.channel,
    kind       text not null constraint delivery_kind check (kind ~ '^[a-z]+\.[a-z_]+$'),
    message    text not null constraint delivery_once unique,
    offer_id   bigint references data.offer,
    body       text not null constraint delivery_body check (length(body) <= 65536),
    state      text not null default 'waiting' constraint delivery_state check (state in ('waiting', 'done', 'dead', 'dropped')),
    attempts   integer not null default 0,
    due_at     timestamptz not null,
    made_at    timestamptz not null,
    settled_at timestamptz,
    status     smallint,
    error      text
);
create index delivery_of_channel on data.delivery (channel_id, id desc);
create index delivery_of_offer on data.delivery (offer_id, channel_id) where offer_id is not null;
create index delivery_stuck on data.delivery (channel_id, id desc) where state in ('waiting', 'dead');

create table data.delivery_attempt (
    delivery_id bigint not null references data.delivery,
    number      integer not null,
    at          timestamptz not null,
    ms          integer not null,
    status      smallint, -- of the answer; absent when none came
    error       text,     -- why none came
    answer      text,     -- how it began
    primary key (delivery_id, number)
);
