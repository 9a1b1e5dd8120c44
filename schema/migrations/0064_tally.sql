-- What is asked of all communes is read from one short row for each. docs/decisions/0033-wide-cells.md.

-- One row per commune, measure and network (0: all of them). totals begins with the month `first` and ends with the last in which it changes. Of what
-- adds up: how much until the end of that month. Of distinct employers (seen, seen_small, seen_strong, reached): how many were met, or solicited, in that
-- month or since. Filled by api/76_tally.sql.
create table data.tally (
    commune integer not null,
    network smallint not null,
    first   smallint not null,
    measure text collate "C" not null,
    totals  integer[] not null
);
create index tally_of on data.tally (commune);
create index tally_by on data.tally (measure, network);
-- Whether anybody is met later than a month.
create index tally_later on data.tally ((first + cardinality(totals))) where measure = 'reached' and network = 0;
