-- The life of promises: their clock stops while their adviser is absent; they are handed over, alone or many at once;
-- partners work as teams and visit together; what is given back is proposed to the next partner.

alter table data.agreement
    add column suspension_days_most smallint not null default 40 constraint agreement_suspension check (suspension_days_most between 0 and 120),
    add column transfer_days        smallint not null default 5  constraint agreement_transfer check (transfer_days between 1 and 30),
    add column proposal_days        smallint not null default 3  constraint agreement_proposal check (proposal_days between 1 and 30);

-- Absences of a member, or closures of an organisation (member null). Why is neither asked nor kept.
create table data.absence (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references data.organisation,
    member_id       bigint,
    first_on        date not null,
    last_on         date not null,
    made_by         bigint not null references data.member,
    made_at         timestamptz not null,
    cancelled_at    timestamptz,
    constraint absence_days check (last_on between first_on and first_on + 200),
    constraint absence_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create index absence_of_member on data.absence (member_id, last_on) where cancelled_at is null;
create index absence_of_organisation on data.absence (organisation_id, last_on) where cancelled_at is null;

-- Teams across organisations: agreed by a manager of each, holding a segment together when one is named.
create table data.team (
    id              bigint generated always as identity primary key,
    territory_id    bigint not null references data.territory,
    name            text not null constraint team_name check (length(name) between 3 and 80),
    purpose         text constraint team_purpose check (length(purpose) <= 500),
    segment_id      bigint references data.segment,
    organisation_id bigint not null references data.organisation, -- that proposed it
    made_by         bigint not null references data.member,
    made_at         timestamptz not null,
    state           text not null default 'proposed' constraint team_state check (state in ('proposed', 'active', 'ended')),
    ended_at        timestamptz,
    reason          text constraint team_reason check (length(reason) <= 500),
    constraint team_ended check ((state = 'ended') = (ended_at is not null))
);
create unique index team_name_once on data.team (territory_id, lower(name)) where state <> 'ended';
create index team_of_segment on data.team (segment_id) where state = 'active';
create table data.team_partner (
    team_id         bigint not null references data.team,
    organisation_id bigint not null references data.organisation,
    agreed_by       bigint references data.member,
    agreed_at       timestamptz,
    primary key (team_id, organisation_id),
    constraint team_partner_agreed check ((agreed_by is null) = (agreed_at is null))
);
create index team_partner_of on data.team_partner (organisation_id);
create table data.team_member (
    team_id         bigint not null,
    organisation_id bigint not null,
    member_id       bigint not null,
    primary key (team_id, member_id),
    constraint team_member_partner foreign key (team_id, organisation_id) references data.team_partner (team_id, organisation_id),
    constraint team_member_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create index team_member_of on data.team_member (member_id);

-- A transfer of a promise from one organisation to another: given by the holder, or asked for. Until it is accepted the
-- promise stays where it is.
create table data.transfer (
    id                   bigint generated always as identity primary key,
    kind                 text not null constraint transfer_kind check (kind in ('give', 'ask')),
    promise_id           bigint not null references data.promise,
    establishment_id     bigint not null references data.establishment,
    from_organisation_id bigint not null references data.organisation,
    from_member_id       bigint not null references data.member,
    to_organisation_id   bigint not null references data.organisation,
    to_member_id         bigint references data.member,
    organisation_id      bigint not null references data.organisation,
    member_id            bigint not null references data.member,
    message              text constraint transfer_message check (length(message) <= 500),
    state                text not null default 'proposed' constraint transfer_state
                         check (state in ('proposed', 'accepted', 'refused', 'withdrawn', 'expired', 'void')),
    reason               text constraint transfer_reason check (length(reason) <= 500),
    made_at              timestamptz not null,
    expires_on           date not null,
    answered_at          timestamptz,
    answered_by          bigint references data.member,
    constraint transfer_two check (from_organisation_id <> to_organisation_id),
    constraint transfer_proposer check (organisation_id = case kind when 'give' then from_organisation_id else to_organisation_id end),
    constraint transfer_asked_by check (kind = 'give' or to_member_id is not null and length(trim(message)) >= 3),
    constraint transfer_answered check ((state = 'proposed') = (answered_at is null)),
    constraint transfer_refused check (state <> 'refused' or length(trim(reason)) >= 3)
);
create unique index transfer_one_open on data.transfer (promise_id, to_organisation_id) where state = 'proposed';
create index transfer_from on data.transfer (from_organisation_id, id desc);
create index transfer_to on data.transfer (to_organisation_id, id desc);
create index transfer_of_establishment on data.transfer (establishment_id);

-- base_due_on: the date that somebody chose, at base_at; due_on is that date, moved by the working days of absences that
-- were declared since. clock is raised to have it computed again.
alter table data.promise
    drop constraint promise_state,
    add constraint promise_state check (state in ('active', 'kept', 'returned', 'lapsed', 'suspended', 'transferred', 'undone')),
    add column base_due_on date,
    add column base_at     timestamptz,
    add column clock       integer not null default 0,
    add column team_id     bigint references data.team,
    add column transfer_id bigint references data.transfer constraint promise_of_transfer_once unique;
alter table data.promise disable trigger user;
update data.promise set base_due_on = due_on, base_at = made_at;
alter table data.promise enable trigger user;
alter table data.promise alter column base_due_on set not null, alter column base_at set not null;
create index promise_of_team on data.promise (team_id) where state = 'active';
create index promise_made on data.promise (made_at);

-- What was done to many promises in one go, so that it can be undone for a minute.
create table data.promise_batch (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references data.organisation,
    member_id       bigint not null references data.member,
    act             text not null constraint promise_batch_act check (act in ('make', 'hand', 'return', 'transfer', 'team')),
    at              timestamptz not null,
    undoing         xid8,
    undone_at       timestamptz
);
create index promise_batch_undoing on data.promise_batch (undoing) where undoing is not null;
create table data.promise_batch_row (
    batch_id   bigint not null references data.promise_batch,
    promise_id bigint not null references data.promise,
    was        jsonb not null default '{}',
    primary key (batch_id, promise_id)
);

-- An employer given back or let go is proposed to one partner after the other; nothing is reserved by it.
create table data.proposal (
    id               bigint generated always as identity primary key,
    promise_id       bigint not null references data.promise, -- that ended
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    place            smallint not null,
    score            numeric(6, 2) not null,
    why              jsonb not null,
    state            text not null default 'proposed' constraint proposal_state
                     check (state in ('proposed', 'accepted', 'declined', 'expired', 'void')),
    reason           text constraint proposal_reason check (length(reason) <= 500),
    made_at          timestamptz not null,
    expires_on       date not null,
    answered_at      timestamptz,
    answered_by      bigint references data.member,
    constraint proposal_once unique (promise_id, organisation_id),
    constraint proposal_answered check ((state = 'proposed') = (answered_at is null)),
    constraint proposal_declined check (state <> 'declined' or length(trim(reason)) >= 3)
);
create unique index proposal_one_open on data.proposal (establishment_id) where state = 'proposed';
create index proposal_of on data.proposal (organisation_id, id desc);

-- A second partner at the same appointment, invited by the first.
create table data.visit_partner (
    visit_id        bigint not null references data.visit,
    organisation_id bigint not null references data.organisation,
    member_id       bigint not null,
    asked           boolean not null default false, -- by the second partner itself: the first one answers
    invited_by      bigint not null references data.member,
    message         text constraint visit_partner_message check (length(message) <= 500),
    state           text not null default 'invited' constraint visit_partner_state
                    check (state in ('invited', 'accepted', 'declined', 'withdrawn')),
    reason          text constraint visit_partner_reason check (length(reason) <= 500),
    invited_at      timestamptz not null,
    answered_at     timestamptz,
    primary key (visit_id, organisation_id),
    constraint visit_partner_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id),
    constraint visit_partner_answered check ((state = 'invited') = (answered_at is null)),
    constraint visit_partner_declined check (state <> 'declined' or length(trim(reason)) >= 3)
);
create unique index visit_one_partner on data.visit_partner (visit_id) where state in ('invited', 'accepted');
create index visit_partner_of on data.visit_partner (organisation_id, state);
create index visit_partner_member_of on data.visit_partner (member_id, state);
-- Each partner of a joint visit has its own note.
alter table data.report_note
    drop constraint report_note_pkey,
    add constraint report_note_pkey primary key (visit_id, organisation_id);

insert into data.task_kind (code, label, rank) values
    ('transfer.answer',   'Transfert d’engagement : votre réponse', 1),
    ('transfer.answered', 'Réponse à un transfert d’engagement', 7),
    ('visit.invited',     'Visite commune : votre réponse', 1),
    ('visit.answered',    'Réponse à une invitation de visite commune', 7),
    ('proposal.answer',   'Employeur à reprendre : votre réponse', 2),
    ('team.agree',        'Équipe commune : votre accord', 2);
alter table data.task
    add column team_id bigint references data.team,
    drop constraint task_subject,
    add constraint task_subject check (num_nonnulls(offer_id, promise_id, team_id) = 1);
drop index data.task_once;
create unique index task_once on data.task (kind, mark, coalesce(offer_id, promise_id, team_id), coalesce(referral_id, 0));
