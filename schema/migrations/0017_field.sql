-- The report from the field: sent late, corrected with its former text kept.

-- `despite`: the visit had been cancelled meanwhile, and took place all the same.
alter table data.report
    add column version integer not null default 1,
    add column despite text constraint report_despite check (despite = 'cancelled');

-- What a report said before each correction. The note of a network stands apart, as in the report.
create table data.report_revision (
    visit_id        bigint not null references data.report,
    version         integer not null,
    member_id       bigint not null references data.member, -- who wrote what stands here
    organisation_id bigint not null references data.organisation,
    written_at      timestamptz not null,
    replaced_by     bigint not null references data.member,
    replaced_at     timestamptz not null,
    outcome         text not null references data.outcome,
    done_at         timestamptz not null,
    contact_id      bigint references data.contact,
    next_action     text,
    next_action_on  date,
    shared_note     text,
    needs           jsonb not null,
    primary key (visit_id, version)
);
create table data.report_note_revision (
    visit_id        bigint not null references data.report,
    version         integer not null,
    organisation_id bigint not null references data.organisation,
    network         text not null references data.network,
    note            text not null,
    primary key (visit_id, version, organisation_id)
);

-- One more argument each: what has the same name would stand beside it.
drop function if exists api.report_write(bigint, text, timestamptz, bigint, json, text, date, text, text);

-- What somebody saw of an employer that concerns everybody: closed, moved, out of reach. It stands for all once a second
-- partner or the register says so too.
create table data.claim (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null,
    visit_id         bigint references data.visit,
    kind             text not null constraint claim_kind check (kind in ('closed', 'moved', 'unreachable')),
    detail           text constraint claim_detail check (length(detail) <= 300),
    made_at          timestamptz not null,
    state            text not null default 'open' constraint claim_state check (state in ('open', 'confirmed', 'denied', 'withdrawn')),
    settled_at       timestamptz,
    settled_by       bigint references data.organisation,
    settled_member   bigint references data.member,
    settled_how      text constraint claim_how check (settled_how in ('partner', 'visit', 'register', 'author')),
    reason           text constraint claim_reason check (length(reason) <= 300),
    constraint claim_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id),
    constraint claim_settled check ((state = 'open') = (settled_at is null) and (state = 'open') = (settled_how is null)),
    constraint claim_second_partner check (state <> 'confirmed' or settled_how = 'register'
                                           or (settled_by is not null and settled_by <> organisation_id and settled_member <> member_id))
);
create unique index claim_one_open on data.claim (establishment_id, kind) where state = 'open';
create index claim_of on data.claim (establishment_id, id);
create index claim_waiting on data.claim (made_at) where state = 'open';

insert into data.task_kind (code, label, rank) values
    ('report.due',  'Compte rendu à écrire', 8),
    ('action.due',  'Suite à donner', 9),
    ('report.late', 'Compte rendu en retard dans l’équipe', 10),
    ('action.late', 'Suite en retard dans l’équipe', 11);
