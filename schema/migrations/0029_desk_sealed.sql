-- What partners give speaks of persons: their lines, and what was seen of their files, are sealed like contacts.

-- A line as received: its cells, sealed for the file and the line (server/base/vault.h). In `received` stay the columns that
-- speak of establishments only, and those that may be codes of the organisation.
alter table data.source_record
    alter column received set default '{}',
    add column sealed bytea constraint source_record_sealed_length check (length(sealed) >= 43);

-- The first lines of a file, its header and samples of its columns, sealed; in `preview` stays what importing would do. The
-- names of the columns outlive what was seen, when a person is erased.
alter table data.source_file
    add column seen bytea constraint source_file_seen_length check (length(seen) >= 43),
    add column columns jsonb;

-- The telephones and the mail of a person whose row nobody placed yet, as hashes.
alter table data.waiting_person
    add column phones bytea[] not null default '{}',
    add column emails bytea[] not null default '{}';

-- No commit leaves a line in plain text. What came before is sealed by the administration command, before the server starts.
create function data.source_record_sealed() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if exists (select from source_record r where r.id = new.id and r.sealed is null and not r.received ? 'effacé le') then
        raise exception using errcode = '23514', constraint = 'source_record_sealed', table = 'source_record', schema = 'data',
            message = 'a line of a file must be sealed';
    end if;
    return null;
end
$$;
create constraint trigger source_record_sealed after insert or update of sealed on data.source_record
    deferrable initially deferred for each row when (new.sealed is null) execute function data.source_record_sealed();
