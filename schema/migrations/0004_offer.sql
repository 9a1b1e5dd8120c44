-- Offers: reserved to the publics of those who found them, then open to all.

create table data.offer (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null,
    visit_id         bigint references data.visit,
    need_id          bigint references data.need,
    title            text not null constraint offer_title check (length(title) between 3 and 160),
    rome             text collate "C" not null references data.rome,
    contract         text not null references data.contract,
    posts            smallint not null default 1 constraint offer_posts check (posts between 1 and 500),
    description      text not null default '' constraint offer_description check (length(description) <= 6000),
    starts_on        date,
    hours            numeric(3, 1) constraint offer_hours check (hours between 1 and 48),
    salary           text constraint offer_salary check (length(salary) <= 120),
    publics          text[] not null default '{}',
    commune_code     text collate "C",
    state            text not null default 'draft' constraint offer_state
                     check (state in ('draft', 'confirmed', 'reserved', 'open', 'filled', 'withdrawn', 'expired')),
    reason           text constraint offer_reason check (length(reason) <= 500),
    confirmed_with   text constraint offer_confirmed_with check (length(confirmed_with) <= 160),
    confirmed_at     timestamptz,
    opens_at         timestamptz,
    opened_at        timestamptz,
    closed_at        timestamptz,
    created_at       timestamptz not null,
    version          integer not null default 1,
    constraint offer_confirmed check (state in ('draft', 'withdrawn') or confirmed_at is not null),
    constraint offer_reserved_until check (state in ('draft', 'confirmed', 'withdrawn') or opens_at is not null),
    constraint offer_opened check (state <> 'open' or opened_at is not null),
    constraint offer_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create index offer_of_establishment on data.offer (establishment_id);
create index offer_of_organisation on data.offer (organisation_id, state, id desc);
create index offer_open on data.offer (opened_at desc, id desc) where state = 'open';
create index offer_reserved on data.offer (opens_at) where state = 'reserved';
create unique index offer_of_need_once on data.offer (need_id) where state <> 'withdrawn';

-- Networks whose publics the reservation serves.
create table data.offer_routing (
    offer_id bigint not null references data.offer,
    network  text not null references data.network,
    primary key (offer_id, network)
);

-- The ways an offer may go; nothing else is possible, whoever asks.
create table data.offer_transition (
    from_state   text not null,
    to_state     text not null,
    needs_reason boolean not null,
    primary key (from_state, to_state)
);
insert into data.offer_transition (from_state, to_state, needs_reason) values
    ('draft', 'confirmed', false), ('draft', 'withdrawn', true), ('confirmed', 'reserved', false),
    ('confirmed', 'withdrawn', true), ('reserved', 'open', false), ('reserved', 'filled', false),
    ('reserved', 'withdrawn', true), ('open', 'filled', false), ('open', 'withdrawn', true), ('open', 'expired', false);

create table data.offer_step (
    id              bigint generated always as identity primary key,
    offer_id        bigint not null references data.offer,
    from_state      text,
    to_state        text not null,
    at              timestamptz not null,
    member_id       bigint references data.member,
    organisation_id bigint references data.organisation,
    reason          text
);
create index offer_step_of on data.offer_step (offer_id, id);
-- It opens once.
create unique index offer_step_opens_once on data.offer_step (offer_id) where to_state = 'open';

-- What went out on which channel. The public board is the first one.
create table data.publication (
    id           bigint generated always as identity primary key,
    offer_id     bigint not null references data.offer,
    channel      text not null constraint publication_channel check (channel in ('board')),
    published_at timestamptz not null,
    withdrawn_at timestamptz,
    constraint publication_once unique (offer_id, channel)
);
