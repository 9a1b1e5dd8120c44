-- A workbook may hold employers on several sheets: each of them is imported once, and taken back alone.

alter table data.source_file
    -- The sheet that was looked at, from 0; null for a text, and for what nobody looked at before it was imported.
    add column sheet smallint,
    -- The file whose bytes these are, taken again for another of its sheets.
    add column again_of bigint references data.source_file,
    add constraint source_file_sheet check (sheet >= 0),
    add constraint source_file_again check (again_of is null or kind = 'partner');
drop index data.source_file_once;
create unique index source_file_once on data.source_file (kind, coalesce(organisation_id, 0), sha256)
    where state not in ('refused', 'cancelled', 'reverting', 'reverted') and kind <> 'feed' and again_of is null;
create unique index source_file_sheet_once on data.source_file (organisation_id, sha256, sheet)
    where kind = 'partner' and state in ('received', 'running', 'done') and sheet is not null;
create index source_file_again on data.source_file (again_of) where again_of is not null;
