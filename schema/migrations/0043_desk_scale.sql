-- Files and values at the scale of a stock of a million.

-- Values are written by the hundred thousand: what they refer to is checked once per statement (schema/api/03_refer.sql).
alter table data.establishment_value
    drop constraint establishment_value_establishment_id_fkey,
    drop constraint establishment_value_source_record_id_fkey;
alter table data.link drop constraint link_source_record_id_fkey;

-- What is wrong with a line, for the file given back.
create index source_error_of_line on data.source_error (file_id, line);
