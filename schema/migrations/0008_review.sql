-- Review: what record linkage proposes for the rows of partners' files, and what people decide.

-- A row that resembles an establishment without certainty. A decision is kept as it was taken; it can be undone.
create table data.review (
    id               bigint generated always as identity primary key,
    source_record_id bigint not null references data.source_record,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    probability      numeric(5, 4) not null constraint review_probability check (probability between 0 and 1),
    reason           text not null constraint review_reason check (reason in ('likely', 'doubtful', 'siret')),
    evidence         jsonb not null,
    rank             real not null, -- the hardest and most valuable first
    proposed_at      timestamptz not null,
    state            text not null default 'open' constraint review_state check (state in ('open', 'same', 'different', 'moot')),
    decided_by       bigint references data.member,
    decided_at       timestamptz,
    held_by          bigint references data.member, -- looks at it now; nobody else is given it until then
    held_until       timestamptz,
    constraint review_once unique (source_record_id, establishment_id),
    constraint review_decided check ((state in ('same', 'different')) = (decided_by is not null)),
    constraint review_decided_when check ((decided_by is null) = (decided_at is null))
);
-- A row is at most one establishment.
create unique index review_one_same on data.review (source_record_id) where state = 'same';
create index review_queue on data.review (organisation_id, rank desc, id) where state = 'open';
create index review_decisions on data.review (organisation_id, decided_at desc) where decided_at is not null;
create index review_of_establishment on data.review (establishment_id);

-- Put aside by one reviewer: others may still be given it, this one only when nothing else is left.
create table data.review_skip (
    review_id bigint not null references data.review on delete cascade,
    member_id bigint not null references data.member,
    at        timestamptz not null,
    primary key (review_id, member_id)
);
