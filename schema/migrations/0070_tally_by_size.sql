-- A table of all communes that asks for sizes read every cell of these, seven hundred thousand over two years. Tallies have sizes, too, of all
-- networks together: one network's are few. docs/decisions/0033-wide-cells.md.

-- Made anew from the cells when the functions are there (api/77_fact.sql).
truncate data.tally;
alter table data.tally add column size smallint; -- null: of all sizes; -1: of no known one
drop index data.tally_by, data.tally_later;
create index tally_by on data.tally (measure, network, size);
create index tally_later on data.tally ((first + cardinality(totals))) where measure = 'reached' and network = 0 and size is null;
