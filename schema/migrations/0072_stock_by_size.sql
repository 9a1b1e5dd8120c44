-- The stock of a commune, of each size, too: a table of all communes that asks for sizes read every activity of these.
-- docs/decisions/0033-wide-cells.md.

-- Added up anew from the stock when the functions are there (api/77_fact.sql).
truncate data.stock_whole;
alter table data.stock_whole drop constraint stock_whole_pkey, add column size smallint; -- null: of all sizes; -1: of no known one
create unique index stock_whole_of on data.stock_whole (size, commune) nulls not distinct;

-- The beginning of a zone's item is kept, as that of a commune is (0069): a call for each cost as much as what follows it.
alter table data.zone add column item text not null generated always as (data.item_head(code, name)) stored;
