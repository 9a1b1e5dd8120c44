-- The import desk against a list of a million: candidates for linkage chosen by keys, rows placed by a key of the commune.

-- The name of a commune as partners' files are compared with it: "ST ETIENNE" and "Saint-Étienne" meet at "saint etienne".
alter table data.commune add column place_key text collate "C" generated always as (
    regexp_replace(regexp_replace(regexp_replace(data.fold(name), '\s+', ' ', 'g'), '\mst\M', 'saint', 'g'), '\mste\M', 'sainte', 'g')
) stored;
create index commune_place_key on data.commune (place_key);

-- A partner's file gives phones and e-mails to thousands of rows that lie anywhere: with room on their page they change in
-- place, and no index is touched.
alter table data.establishment set (fillfactor = 85);

-- Keys under which linkage finds the establishments worth comparing with a row (worker/link/candidate.h): hashes of names
-- with their commune, of ways and numbers, phones, mail. The programs compute them. A key may be left over from an older
-- name, or from an establishment that is gone: it costs a comparison and changes nothing.
create table data.establishment_key (
    key              bigint not null,
    establishment_id bigint not null,
    primary key (key, establishment_id)
);

-- What is to be given keys: an establishment that changed, or a row tied to one, under whose names it will be met again.
create table data.establishment_unkeyed (
    establishment_id bigint not null,
    source_record_id bigint
);
insert into data.establishment_unkeyed (establishment_id) select id from data.establishment;
insert into data.establishment_unkeyed (establishment_id, source_record_id)
select establishment_id, source_record_id from data.link where undone_at is null;

-- Persons named in rows that no establishment is known for yet: sealed like contacts (the number of the contact to be is
-- part of the seal), and contacts once their row is tied.
create table data.waiting_person (
    source_record_id bigint primary key references data.source_record,
    contact_id       bigint not null constraint waiting_person_once unique,
    person           bytea not null constraint waiting_person_sealed check (length(person) between 43 and 8300),
    name             bytea not null constraint waiting_person_name check (length(name) = 16),
    family           bytea not null constraint waiting_person_family check (length(family) = 16)
);

-- The bytes of a file are sealed (server/base/vault.h) by whoever receives it; what came before is sealed by the
-- administration command, before the server starts.
alter table data.source_file add column is_sealed boolean not null default false;
