-- The golden record: by which rules a value wins, what people state of a value, which establishments are one and the same,
-- and what the register says of successions.

-- For each field, what decides between several values, in this order: a value that somebody pinned, the one confirmed by the
-- latest visit, the most trusted source, the most recent.
create table data.survivorship (
    field text not null,
    place smallint not null constraint survivorship_place check (place between 1 and 4),
    rule  text not null constraint survivorship_rule check (rule in ('pinned', 'confirmed', 'trusted', 'recent')),
    primary key (field, place),
    constraint survivorship_rule_once unique (field, rule)
);
insert into data.survivorship (field, place, rule)
select f, r.place, r.rule
  from unnest(array['legal_name', 'usual_name', 'brand', 'address', 'postcode', 'city', 'commune_code', 'naf', 'size_band', 'phone',
                    'email']) f
 cross join (values (1, 'pinned'), (2, 'confirmed'), (3, 'trusted'), (4, 'recent')) r (place, rule);

-- How much a source is trusted for a field, 1 the most: the register, or a network. What is not named here has rank 5.
create table data.source_trust (
    field  text not null,
    source text not null,
    rank   smallint not null constraint source_trust_rank check (rank between 1 and 9),
    primary key (field, source)
);
insert into data.source_trust (field, source, rank)
select f, 'register', 1
  from unnest(array['legal_name', 'usual_name', 'brand', 'address', 'postcode', 'city', 'commune_code', 'naf', 'size_band']) f;

-- What a member states of a value: seen right on a visit, or chosen for good (pinned) until somebody releases it.
create table data.value_statement (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null references data.member,
    kind             text not null constraint value_statement_kind check (kind in ('confirmed', 'pinned')),
    field            text not null constraint value_statement_field check (field in
                     ('legal_name', 'usual_name', 'brand', 'address', 'postcode', 'city', 'naf', 'size_band', 'phone', 'email')),
    value            text not null constraint value_statement_value check (length(value) between 1 and 200),
    visit_id         bigint references data.visit,
    reason           text constraint value_statement_reason check (length(reason) between 3 and 500),
    at               timestamptz not null,
    ended_at         timestamptz,
    ended_by         bigint references data.member,
    constraint value_statement_source check (case kind when 'confirmed' then visit_id is not null else reason is not null end),
    constraint value_statement_ended check (ended_by is null or ended_at is not null)
);
create unique index value_one_pin on data.value_statement (establishment_id, field) where kind = 'pinned' and ended_at is null;
create unique index value_confirmed_once on data.value_statement (visit_id, field) where kind = 'confirmed';
create index value_statement_of on data.value_statement (establishment_id) where ended_at is null;

alter table data.establishment_value
    add column statement_id bigint references data.value_statement,
    drop constraint establishment_value_rule,
    add constraint establishment_value_rule check (rule in ('only', 'recent', 'trusted', 'confirmed', 'pinned'));
create index establishment_value_stated on data.establishment_value (statement_id) where statement_id is not null;

-- One employer, two rows: the absorbed one points to the one that stands for both, never to another absorbed one. Its own
-- values stay; what hung on it hangs on the survivor.
alter table data.establishment
    add column merged_into bigint references data.establishment,
    add constraint establishment_not_itself check (merged_into <> id);
create index establishment_absorbed on data.establishment (merged_into) where merged_into is not null;

alter table data.promise
    drop constraint promise_state,
    add constraint promise_state check (state in ('active', 'kept', 'returned', 'lapsed', 'suspended'));

-- What the register says: one establishment took over from another. `gone_at`: a later stock no longer says it.
create table data.succession (
    id                bigint generated always as identity primary key,
    predecessor       text collate "C" not null constraint succession_predecessor check (predecessor ~ '^[0-9]{14}$'),
    successor         text collate "C" not null constraint succession_successor check (successor ~ '^[0-9]{14}$'),
    since             date not null,
    is_head_transfer  boolean not null,
    is_continued      boolean not null,
    treated_on        date,
    file_id           bigint not null references data.source_file,
    first_seen_at     timestamptz not null,
    gone_at           timestamptz,
    -- What was done with it: null, nothing yet; else done, or why not.
    outcome           text constraint succession_outcome check (outcome in
                      ('followed', 'several', 'opposed', 'out_of_sight', 'refused', 'unknown')),
    constraint succession_once unique (predecessor, successor, since),
    constraint succession_two check (predecessor <> successor)
);
create index succession_of_successor on data.succession (successor);

alter table data.source_file
    drop constraint source_file_kind,
    add constraint source_file_kind check (kind in ('sirene', 'companies', 'partner', 'contours', 'demo', 'successions'));

-- A merge, kept for ever, with every row it moved: undoing it moves exactly those back.
create table data.merge (
    id              bigint generated always as identity primary key,
    survivor_id     bigint not null references data.establishment,
    absorbed_id     bigint not null references data.establishment,
    kind            text not null constraint merge_kind check (kind in ('person', 'review', 'succession')),
    succession_id   bigint references data.succession,
    organisation_id bigint references data.organisation,
    member_id       bigint references data.member,
    reason          text constraint merge_reason check (length(reason) <= 500),
    at              timestamptz not null,
    -- Absorbed before, and pointing to the survivor since.
    followers       bigint[] not null default '{}',
    -- Contacts that an opposition binds only since.
    bound           bigint[] not null default '{}',
    undone_at       timestamptz,
    undone_by       bigint references data.member,
    undone_reason   text constraint merge_undone_reason check (length(undone_reason) <= 500),
    -- While rows are being moved, and only then: the transaction that moves them.
    moving          xid8,
    constraint merge_two check (survivor_id <> absorbed_id),
    constraint merge_undone check (undone_at is not null or (undone_by is null and undone_reason is null)),
    constraint merge_of_succession check ((kind = 'succession') = (succession_id is not null))
);
create unique index merge_one_standing on data.merge (absorbed_id) where undone_at is null;
create index merge_of_survivor on data.merge (survivor_id);
create index merge_moving on data.merge (moving) where moving is not null;

-- One row that a merge moved: its table, the column that named the establishment, its key, and what else was changed.
create table data.merge_row (
    merge_id bigint not null references data.merge,
    source   text not null,
    field    text not null,
    key      jsonb not null,
    was      jsonb, -- a promise that was suspended: its state before
    primary key (merge_id, source, field, key)
);
create index merge_row_of on data.merge_row (source, key);

-- Pairs of establishments come to the review desk beside pairs of a row and an establishment. They speak of the shared
-- list: every partner who sees both may decide.
alter table data.review
    alter column source_record_id drop not null,
    alter column organisation_id drop not null,
    add column other_id bigint references data.establishment,
    add column merge_id bigint references data.merge,
    add constraint review_pair check (num_nonnulls(source_record_id, other_id) = 1),
    add constraint review_owner check ((organisation_id is null) = (other_id is not null)),
    add constraint review_two check (other_id <> establishment_id),
    add constraint review_merge check (merge_id is null or other_id is not null),
    drop constraint review_reason,
    add constraint review_reason check (reason in ('likely', 'doubtful', 'siret'));
create unique index review_pair_once on data.review (least(establishment_id, other_id), greatest(establishment_id, other_id))
    where other_id is not null;
create index review_of_other on data.review (other_id) where other_id is not null;
create index review_shared_queue on data.review (rank desc, id) where state = 'open' and other_id is not null;

-- What data.golden does now.
drop function if exists data.record_values_undo(bigint, bigint), data.record_sees(bigint, bigint), data.record_fields();
