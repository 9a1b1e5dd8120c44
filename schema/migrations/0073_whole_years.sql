-- The stock of a zone whatever the activity, or whatever the size: what asked for neither, or for one of them, added up all of both. And wide cells of
-- whole years, which a question over three of them reads instead of twelve months each. docs/decisions/0033-wide-cells.md.

-- Filled anew by api/77_fact.sql. A year has the month in which it begins, + 1000 (data.wide_grains).
truncate data.wide_done, data.wide_met;

-- Added up anew from the stock when the functions are there (api/77_fact.sql). -2 is all of them together, -1 is unknown.
truncate data.wide_stock;
create index wide_stock_of on data.wide_stock (level, division, size);

-- What one network met in months that are over, of all communes: an eighth of the rows that the months have.
create index cell_met_of_network on data.cell_met (network, month)
    include (commune, n, contacts, visits, firsts, doubles, avoided, size, prev_seen_network, prev_reached_network, active, strong, met);
