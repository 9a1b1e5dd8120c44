-- What comparing the rows of a preview told is kept until the file is imported, and used then, provided that nothing changed
-- meanwhile of what was compared.

-- The transactions that changed it: establishments, links, answers of reviewers. One row each; whether a preview saw it is
-- told by its snapshot.
create table data.list_change (xid xid8 primary key);

-- As linkage told it of the lines of a file (worker/import/linkage.sql, verdict).
create table data.import_verdict (
    file_id          bigint not null references data.source_file,
    line             integer not null,
    establishment_id bigint, -- null: the list does not know it; below zero: what that line of the file makes known
    unit             bigint not null,
    verdict          text not null constraint import_verdict_verdict check (verdict in ('same', 'review', 'new')),
    probability      double precision not null,
    reason           text,
    evidence         jsonb not null
);
create index import_verdict_of on data.import_verdict (file_id);

-- What the preview saw of the list, once its rows are compared.
alter table data.source_file add column compared pg_snapshot;

-- How long a confirmation holds against what is said after it; for ever where nothing is said.
alter table data.survivorship
    add column holds interval,
    add constraint survivorship_holds check (holds is null or (rule = 'confirmed' and holds > interval '0'));
update data.survivorship set holds = interval '2 years' where rule = 'confirmed';
