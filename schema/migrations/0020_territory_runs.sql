-- The communes of a territory as runs of consecutive commune numbers: whether a line of the list lies there is then a
-- comparison or a few, not a search in a table of communes for each of millions of lines. Kept by triggers
-- (schema/api/30_establishment.sql).
alter table data.territory add column runs int4multirange not null default '{}';
-- Never packed: it is compared once per line.
alter table data.territory alter column runs set storage plain;
