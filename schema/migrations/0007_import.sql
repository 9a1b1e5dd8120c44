-- The import desk: a file is looked at before it is imported, its columns are named once per partner, an import can be
-- followed, stopped and taken back.

alter table data.source_file
    -- How the table in the file is to be read: sheet, separator, line of the header, meaning of each column.
    add column layout jsonb,
    -- What was seen in it: header, lines above, a sample, and what importing would do.
    add column preview jsonb,
    add column previewed_at timestamptz,
    add column reverted_by bigint references data.member,
    add column reverted_at timestamptz,
    drop constraint source_file_state,
    add constraint source_file_state check (state in ('received', 'running', 'done', 'refused', 'preview', 'ready', 'cancelled',
                                                      'reverting', 'reverted'));
drop index data.source_file_once;
-- What was refused, given up or taken back may be given again.
create unique index source_file_once on data.source_file (kind, coalesce(organisation_id, 0), sha256)
    where state not in ('refused', 'cancelled', 'reverting', 'reverted');

alter table data.source_record
    drop constraint source_record_state,
    add constraint source_record_state check (state in ('linked', 'review', 'unusable', 'reverted'));

-- What importing would do with each line, until it is done or given up.
create table data.import_line (
    file_id          bigint not null references data.source_file,
    line             integer not null,
    outcome          text not null constraint import_line_outcome check (outcome in ('linked', 'created', 'review', 'unusable')),
    code             text,
    field            text,
    message          text,
    siret            text collate "C",
    name             text,
    city             text,
    establishment_id bigint,
    primary key (file_id, line)
);
create index import_line_of on data.import_line (file_id, outcome, line);

-- Where a job stands, written beside its transaction: the file's own row is held until the end.
create table data.import_progress (
    file_id   bigint primary key,
    step      text not null constraint import_progress_step
              check (step in ('waiting', 'reading', 'matching', 'creating', 'keeping', 'linking', 'values', 'contacts', 'reverting')),
    done      bigint not null default 0,
    total     bigint not null default 0,
    began_at  timestamptz not null,
    told_at   timestamptz not null,
    cancel_by bigint references data.member
);

-- How an organisation names its columns: found again by the header.
create table data.import_mapping (
    organisation_id bigint not null references data.organisation,
    fingerprint     bytea not null constraint import_mapping_hash check (length(fingerprint) = 32),
    columns         text not null,
    lines           smallint not null constraint import_mapping_lines check (lines in (1, 2)),
    member_id       bigint references data.member,
    used_at         timestamptz not null,
    primary key (organisation_id, fingerprint)
);

-- What taking an import back removed, row by row as it was: nothing is lost by it.
create table data.import_undone (
    id      bigint generated always as identity primary key,
    file_id bigint not null references data.source_file,
    kind    text not null constraint import_undone_kind check (kind in ('establishment', 'link', 'value', 'review')),
    removed jsonb not null
);
create index import_undone_of on data.import_undone (file_id, kind);

-- Taking back looks for what came from a record.
create index establishment_value_from on data.establishment_value (source_record_id);
create index contact_from on data.contact (source_record_id) where source_record_id is not null;
create index link_of_any on data.link (establishment_id);
