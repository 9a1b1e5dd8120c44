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
    primary key (visit_id, version)
);

-- One more argument each: what has the same name would stand beside it.
drop function if exists api.report_write(bigint, text, timestamptz, bigint, json, text, date, text, text);
