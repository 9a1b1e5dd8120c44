-- Prospecting: agreements, contacts, oppositions, promises, visits, reports, needs.

-- What the networks signed. The row in force is the latest valid one of the network, else the common one (network null).
create table data.agreement (
    id                bigint generated always as identity primary key,
    network           text references data.network,
    version           integer not null,
    valid_from        date not null,
    reservation_days  smallint not null default 15 constraint agreement_reservation check (reservation_days between 0 and 60),
    promise_days      smallint not null default 15 constraint agreement_promise check (promise_days between 1 and 120),
    promise_days_most smallint not null default 60 constraint agreement_promise_most check (promise_days_most between promise_days and 250),
    grace_days        smallint not null default 5 constraint agreement_grace check (grace_days between 0 and 30),
    extensions_most   smallint not null default 2 constraint agreement_extensions check (extensions_most between 0 and 10),
    rest_visit_days   smallint not null default 60 constraint agreement_rest_visit check (rest_visit_days between 0 and 730),
    rest_call_days    smallint not null default 14 constraint agreement_rest_call check (rest_call_days between 0 and 730),
    rest_mail_days    smallint not null default 7 constraint agreement_rest_mail check (rest_mail_days between 0 and 730),
    rest_forum_days   smallint not null default 0 constraint agreement_rest_forum check (rest_forum_days between 0 and 730)
);
create unique index agreement_version_once on data.agreement (coalesce(network, ''), version);
insert into data.agreement (network, version, valid_from) values (null, 1, '2020-01-01');

-- Publics an offer may be meant for and the network each leads to, as the agreements say.
create table data.public (
    code    text primary key,
    label   text not null,
    network text not null references data.network
);
insert into data.public (code, label, network) values
    ('young',    'Jeunes de 16 à 25 ans', 'ml'),
    ('disabled', 'Personnes en situation de handicap', 'ce'),
    ('longterm', 'Demandeurs d’emploi de longue durée', 'plie'),
    ('all',      'Tous publics', 'ft');

create table data.contract (
    code  text primary key,
    label text not null,
    rank  smallint not null
);
insert into data.contract (code, label, rank) values
    ('cdi', 'CDI', 1), ('cdd', 'CDD', 2), ('interim', 'Mission d’intérim', 3), ('seasonal', 'Contrat saisonnier', 4),
    ('apprenticeship', 'Contrat d’apprentissage', 5), ('professionalisation', 'Contrat de professionnalisation', 6),
    ('subsidised', 'Contrat aidé', 7), ('internship', 'Immersion professionnelle', 8);

create table data.outcome (
    code    text primary key,
    label   text not null,
    reached boolean not null,
    rank    smallint not null
);
insert into data.outcome (code, label, reached, rank) values
    ('needs',     'Rencontre : besoins de recrutement', true, 1),
    ('later',     'Rencontre : besoins plus tard', true, 2),
    ('none',      'Rencontre : pas de besoin', true, 3),
    ('postponed', 'Visite à reprogrammer', false, 4),
    ('absent',    'Interlocuteur absent', false, 5),
    ('refused',   'L’employeur ne souhaite pas être visité', true, 6),
    ('closed',    'Établissement fermé ou déménagé', false, 7);

create table data.contact (
    id                bigint generated always as identity primary key,
    establishment_id  bigint not null references data.establishment,
    organisation_id   bigint not null references data.organisation,
    member_id         bigint references data.member,
    source_record_id  bigint references data.source_record,
    family_name       text not null constraint contact_family_name check (length(family_name) between 1 and 80),
    given_name        text constraint contact_given_name check (length(given_name) <= 80),
    position          text constraint contact_position check (length(position) <= 120),
    phone             text constraint contact_phone check (phone ~ '^\+?[0-9]{6,15}$'),
    email             text constraint contact_email check (email ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'),
    channel           text constraint contact_channel check (channel in ('phone', 'email', 'visit')),
    shared            boolean not null default true,
    confirmed_on      date,
    created_at        timestamptz not null,
    version           integer not null default 1
);
create index contact_of on data.contact (establishment_id);

create table data.opposition (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint references data.member,
    at               timestamptz not null,
    reason           text constraint opposition_reason check (length(reason) <= 500),
    lifted_at        timestamptz,
    lifted_reason    text constraint opposition_lifted_reason check (length(lifted_reason) <= 500)
);
create unique index opposition_one_active on data.opposition (establishment_id) where lifted_at is null;

-- One organisation will see this employer before a date. At most one active promise per establishment: promise_one_active.
create table data.promise (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null,
    made_at          timestamptz not null,
    due_on           date not null,
    lapses_on        date not null,
    extensions       smallint not null default 0,
    state            text not null default 'active' constraint promise_state
                     check (state in ('active', 'kept', 'returned', 'lapsed')),
    ended_at         timestamptz,
    reason           text constraint promise_reason check (length(reason) <= 500),
    override_reason  text constraint promise_override_reason check (length(override_reason) <= 500),
    constraint promise_ended check ((state = 'active') = (ended_at is null)),
    constraint promise_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create unique index promise_one_active on data.promise (establishment_id) where state = 'active';
create index promise_of_member on data.promise (member_id, due_on) where state = 'active';
create index promise_of_organisation on data.promise (organisation_id, due_on) where state = 'active';
create index promise_of_establishment on data.promise (establishment_id, id);

create table data.visit (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null,
    promise_id       bigint not null references data.promise,
    contact_id       bigint references data.contact,
    planned_at       timestamptz not null,
    minutes          smallint not null default 60 constraint visit_minutes check (minutes between 10 and 480),
    state            text not null default 'planned' constraint visit_state check (state in ('planned', 'done', 'cancelled')),
    reason           text constraint visit_reason check (length(reason) <= 500),
    version          integer not null default 1,
    constraint visit_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create index visit_of_establishment on data.visit (establishment_id, planned_at);
create index visit_of_member on data.visit (member_id, planned_at);
create index visit_of_organisation on data.visit (organisation_id, planned_at);
create unique index visit_one_planned on data.visit (promise_id) where state = 'planned';

create table data.report (
    visit_id         bigint primary key references data.visit,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null references data.member,
    contact_id       bigint references data.contact,
    outcome          text not null references data.outcome,
    done_at          timestamptz not null,
    written_at       timestamptz not null,
    next_action      text constraint report_next_action check (length(next_action) <= 300),
    next_action_on   date,
    shared_note      text constraint report_shared_note check (length(shared_note) <= 4000)
);
create index report_of_establishment on data.report (establishment_id);

-- The note meant for one's own network stands apart so that a row policy can hide it whole.
create table data.report_note (
    visit_id        bigint primary key references data.report,
    organisation_id bigint not null references data.organisation,
    network         text not null references data.network,
    note            text not null constraint report_note_length check (length(note) between 1 and 4000)
);

-- Any touch of an employer; starts the rest period of its kind.
create table data.contact_event (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint references data.member,
    kind             text not null constraint contact_event_kind check (kind in ('visit', 'call', 'mail', 'forum')),
    at               timestamptz not null,
    visit_id         bigint references data.visit constraint contact_event_visit_once unique,
    override_reason  text constraint contact_event_override_reason check (length(override_reason) <= 500)
);
create index contact_event_of on data.contact_event (establishment_id, at desc);

create table data.need (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint references data.member,
    visit_id         bigint references data.visit,
    rome             text collate "C" not null references data.rome,
    posts            smallint not null default 1 constraint need_posts check (posts between 1 and 500),
    horizon          text not null constraint need_horizon check (horizon in ('now', 'quarter', 'half', 'year')),
    contract         text references data.contract,
    state            text not null default 'declared' constraint need_state
                     check (state in ('declared', 'confirmed', 'offer', 'filled', 'abandoned')),
    declared_at      timestamptz not null
);
create index need_of_establishment on data.need (establishment_id);
create index need_of_visit on data.need (visit_id);
