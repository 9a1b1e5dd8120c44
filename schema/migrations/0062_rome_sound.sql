-- How a French text sounds, roughly: what is written by ear (« chodronier ») comes to the same as what is written right. Occupations are
-- searched by it when no letters say it; kept, since folding the names of all for each search would be felt.
create function data.sound(value text) returns text
    language sql immutable strict parallel safe
    return regexp_replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        translate(data.fold(value), 'yz', 'is'),
        'eau', 'o'), 'au', 'o'), 'ai', 'e'), 'ei', 'e'), 'en', 'an'), 'em', 'am'), 'ph', 'f'), 'qu', 'k'), 'ch', 'x'), 'tion', 'sion'), 'tian', 'sian'),
        'sc', 's'), 'ce', 'se'), 'ci', 'si'), 'c', 'k'), 'h', ''), '([a-z])\1+', '\1', 'g');
alter table data.rome add column sound text not null generated always as (data.sound(label)) stored;
alter table data.appellation add column sound text not null generated always as (data.sound(label)) stored;
create index appellation_sound on data.appellation using gin (sound ext.gin_trgm_ops);
