-- The list of committee documents says of a frozen one the place that it was made for, by its name of then: as the copy says it, whatever the zone
-- is called since. Taken out of the copy once, as it is long.
alter table data.pack_copy add column place text generated always as (content::json ->> 'place') stored;

-- Tiles that were kept leave out towns whose districts are drawn; those to come have both.
update data.ground_stamp set stamp = nextval('data.tile_stamp');
