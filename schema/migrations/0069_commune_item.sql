-- Documents of figures have an item for each commune: its beginning is kept, in the order of the names, as escaping and sorting the names of a country
-- took longer than counting.

create function data.item_head(area text, name text) returns text
    language sql immutable parallel safe -- to_json is called stable, but for texts it always says the same
    return '{"area":' || to_json(area) || ',"name":' || to_json(name) || ',"figures":{';

alter table data.commune add column item text not null generated always as (data.item_head(code, name)) stored;

create index commune_items on data.commune (name collate "C", code) include (number, item);
