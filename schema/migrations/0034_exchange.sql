-- Exchange of offers with the outside: feeds that come in, the fields that other dictionaries have, and the same offer come by
-- two ways.

-- --- what other dictionaries say of an offer --------------------------------------------------------------------------------

-- Where an offer comes from is kept with it; so is what France Travail's « Offres d'emploi v2 » and its partner file have
-- and the first fields have not.
alter table data.offer
    add column origin            text not null default 'form' constraint offer_origin check (origin in ('form', 'api', 'csv', 'feed')),
    add column origin_reference  text constraint offer_origin_reference check (length(origin_reference) between 1 and 120),
    add column origin_url        text constraint offer_origin_url check (length(origin_url) <= 500 and origin_url ~ '^https?://[^[:space:]]+$'),
    add column feed_id           bigint,
    add column duration          smallint constraint offer_duration check (duration between 1 and 999),
    add column duration_unit     text constraint offer_duration_unit check (duration_unit in ('day', 'week', 'month')),
    add column work_time         text constraint offer_work_time check (work_time in ('full', 'part')),
    add column schedule          text constraint offer_schedule check (length(schedule) between 1 and 200),
    add column salary_min        numeric(10, 2) constraint offer_salary_min check (salary_min between 1 and 1000000),
    add column salary_max        numeric(10, 2) constraint offer_salary_max check (salary_max between 1 and 1000000),
    add column salary_period     text constraint offer_salary_period check (salary_period in ('hour', 'month', 'year', 'mission')),
    add column salary_months     numeric(3, 1) constraint offer_salary_months check (salary_months between 1 and 18),
    add column benefits          text[] not null default '{}' constraint offer_benefits check (cardinality(benefits) <= 10),
    add column experience        text constraint offer_experience check (experience in ('none', 'wished', 'required')),
    add column experience_months smallint constraint offer_experience_months check (experience_months between 1 and 480),
    add column qualification     smallint constraint offer_qualification check (qualification between 1 and 9),
    add column requirements      jsonb not null default '[]' constraint offer_requirements check (jsonb_typeof(requirements) = 'array'),
    add column conditions        text[] not null default '{}' constraint offer_conditions check (cardinality(conditions) <= 10),
    add column travel            smallint constraint offer_travel check (travel between 1 and 4),
    add column accessible        boolean,
    add column adapted           boolean,
    add column apply_by          text not null default 'collector' constraint offer_apply_by check (apply_by in ('collector', 'employer')),
    add column apply_name        text constraint offer_apply_name check (length(apply_name) between 2 and 160),
    add column apply_url         text constraint offer_apply_url check (length(apply_url) <= 500 and apply_url ~ '^https?://[^[:space:]]+$'),
    add column apply_email       text constraint offer_apply_email check (length(apply_email) <= 160 and apply_email ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$'),
    add column apply_phone       text constraint offer_apply_phone check (length(apply_phone) between 6 and 30),
    add column apply_note        text constraint offer_apply_note check (length(apply_note) between 1 and 500),
    add column replaced_by       bigint references data.offer constraint offer_replaced_by check (replaced_by <> id),
    add constraint offer_duration_whole check ((duration is null) = (duration_unit is null)),
    add constraint offer_salary_order check (salary_max >= salary_min),
    add constraint offer_salary_whole check (num_nonnulls(salary_min, salary_max) = 0 or salary_period is not null),
    add constraint offer_experience_whole check (experience_months is null or experience in ('wished', 'required')),
    add constraint offer_apply_whole check (apply_by = 'collector' or num_nonnulls(apply_url, apply_email, apply_phone, apply_note) > 0);
create index offer_replaced on data.offer (replaced_by) where replaced_by is not null;
-- Steps are told of a whole statement at once (schema/api/60_offer.sql).
drop trigger if exists offer_told on data.offer;

-- --- feeds: offers as a partner's software sends them -------------------------------------------------------------------------

-- The last bytes of a feed are a file of its organisation, sealed like the others; the same bytes may come twice.
alter table data.source_file
    drop constraint source_file_kind,
    drop constraint source_file_owner,
    add constraint source_file_kind check (kind in ('sirene', 'companies', 'partner', 'contours', 'demo', 'successions', 'needs', 'feed')),
    add constraint source_file_owner check ((kind in ('partner', 'needs', 'feed')) = (organisation_id is not null));
drop index data.source_file_once;
create unique index source_file_once on data.source_file (kind, coalesce(organisation_id, 0), sha256)
    where state not in ('refused', 'cancelled', 'reverting', 'reverted') and kind <> 'feed';

-- Who signs what a feed brings is a technical member, as with keys.
create table data.feed (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references data.organisation,
    member_id       bigint not null references data.member,
    file_id         bigint references data.source_file,
    name            text not null constraint feed_name check (length(name) between 2 and 60),
    address         text constraint feed_address check (length(address) between 10 and 500 and address ~ '^https?://[^[:space:]]+$'),
    every_minutes   integer constraint feed_every check (every_minutes between 15 and 10080),
    layout          text constraint feed_layout check (length(layout) between 1 and 65536),
    confirmed_with  text constraint feed_confirmed_with check (length(confirmed_with) between 3 and 160),
    state           text not null default 'active' constraint feed_state check (state in ('active', 'paused', 'removed')),
    etag            text constraint feed_etag check (length(etag) <= 300),
    modified        text constraint feed_modified check (length(modified) <= 100),
    failures        integer not null default 0,
    next_at         timestamptz,
    made_by         bigint not null references data.member,
    made_at         timestamptz not null,
    version         integer not null default 1,
    constraint feed_schedule check ((address is null) = (every_minutes is null)),
    constraint feed_membership foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create unique index feed_name_once on data.feed (organisation_id, lower(name)) where state <> 'removed';
create index feed_due on data.feed (next_at) where state = 'active' and next_at is not null;
alter table data.offer add constraint offer_feed foreign key (feed_id) references data.feed;
create index offer_of_feed on data.offer (feed_id, origin_reference) where feed_id is not null;

-- One reading of a feed, and what it did.
create table data.feed_run (
    id          bigint generated always as identity primary key,
    feed_id     bigint not null references data.feed,
    cause       text not null constraint feed_run_cause check (cause in ('schedule', 'asked', 'upload', 'layout')),
    asked_by    bigint references data.member,
    asked_at    timestamptz not null,
    state       text not null default 'waiting' constraint feed_run_state
                check (state in ('waiting', 'done', 'unchanged', 'held', 'failed')),
    finished_at timestamptz,
    status      smallint, -- of the answer, when it was fetched
    bytes       bigint,
    elements    integer not null default 0,
    made        integer not null default 0,
    changed     integer not null default 0,
    incomplete  integer not null default 0, -- in the feed, and lacking something that a person must say
    withdrawn   integer not null default 0,
    missing     integer not null default 0, -- gone from the feed, and kept until somebody says
    faults      integer not null default 0,
    error       text constraint feed_run_error check (length(error) <= 500),
    decided_by  bigint references data.member,
    decided_at  timestamptz,
    decision    text constraint feed_run_decision check (decision in ('withdraw', 'keep')),
    writing     xid8, -- the transaction in which it writes offers
    constraint feed_run_decided check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null))
);
create index feed_run_of on data.feed_run (feed_id, id desc);
create unique index feed_run_one on data.feed_run (feed_id) where state = 'waiting';

-- What was wrong in it, line by line; the first five thousand.
create table data.feed_fault (
    run_id    bigint not null references data.feed_run,
    ordinal   integer not null,
    line      integer,
    reference text,
    field     text,
    code      text not null,
    message   text not null,
    primary key (run_id, ordinal)
);

-- What a reading found, until it is done with.
create table data.feed_line (
    run_id    bigint not null references data.feed_run,
    ordinal   integer not null,
    line      integer not null,
    print     text not null,
    given     jsonb not null,
    primary key (run_id, ordinal)
);

-- Each offer that a feed ever named, as it last named it: `given` is what it says, `offer_id` what it became.
create table data.feed_offer (
    id               bigint generated always as identity primary key,
    feed_id          bigint not null references data.feed,
    reference        text not null constraint feed_offer_reference check (length(reference) between 1 and 120),
    line             integer,
    print            text not null,
    given            jsonb not null,
    applied          jsonb,  -- what the offer was last written from
    state            text not null constraint feed_offer_state check (state in ('incomplete', 'offer', 'ended', 'aside')),
    is_present       boolean not null default true,
    establishment_id bigint references data.establishment,
    tied_by          text constraint feed_offer_tied_by check (tied_by in ('siret', 'linkage', 'person')),
    resembling       jsonb not null default '[]', -- employers that it may be, the most probable first
    rome             text collate "C" references data.rome,
    contract         text references data.contract,
    offer_id         bigint references data.offer,
    first_at         timestamptz not null,
    seen_at          timestamptz not null,
    first_run        bigint not null references data.feed_run,
    seen_run         bigint not null references data.feed_run,
    version          integer not null default 1,
    constraint feed_offer_once unique (feed_id, reference),
    constraint feed_offer_tied check ((establishment_id is null) = (tied_by is null)),
    constraint feed_offer_made check (state not in ('offer', 'ended') or offer_id is not null)
);
create index feed_offer_of on data.feed_offer (offer_id) where offer_id is not null;
create index feed_offer_todo on data.feed_offer (feed_id, id) where state = 'incomplete' and is_present;

-- --- the same offer, come by two ways ----------------------------------------------------------------------------------------

-- Two offers that are one: which one is shown, why it was thought so, and who said otherwise. Nothing is deleted.
create table data.offer_twin (
    id           bigint generated always as identity primary key,
    offer_id     bigint not null references data.offer,      -- the one that gives way
    canonical_id bigint not null references data.offer,
    similarity   real not null constraint offer_twin_similarity check (similarity between 0 and 1),
    reason       text not null constraint offer_twin_reason check (reason in ('employer', 'place', 'person')),
    found_at     timestamptz not null,
    told_by      bigint references data.member, -- whoever said that they are one; null: found
    ended_at     timestamptz, -- the other one is over: it stands for itself again
    undone_at    timestamptz,
    undone_by    bigint references data.member,
    undone_why   text constraint offer_twin_why check (length(undone_why) between 3 and 500),
    constraint offer_twin_other check (offer_id <> canonical_id),
    constraint offer_twin_undone check ((undone_at is null) = (undone_by is null))
);
create unique index offer_twin_one on data.offer_twin (offer_id) where undone_at is null and ended_at is null;
create index offer_twin_pair on data.offer_twin (least(offer_id, canonical_id), greatest(offer_id, canonical_id));
create index offer_twin_of on data.offer_twin (canonical_id) where undone_at is null and ended_at is null;
