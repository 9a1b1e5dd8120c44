-- Cells of whole zones: what a country is asked for in the time of a click. docs/decisions/0033-wide-cells.md.

-- One row per zone, month and whatever the grain (data.wide_grains) keeps apart; what it does not keep apart is 0, an unknown activity or size is
-- -1. area is a zone, 0 the country, or what lies in no zone.
create table data.wide_done (
    grain           smallint not null,
    month           smallint not null,
    network         smallint not null,
    division        smallint not null,
    size            smallint not null,
    area            integer not null,
    organisation_id integer not null,
    contacts        integer not null,
    visits          integer not null,
    firsts          integer not null,
    doubles         integer not null,
    avoided         integer not null,
    promises        integer not null,
    kept            integer not null,
    lapsed          integer not null,
    given_back      integer not null,
    keep_days       integer not null,
    needs           integer not null,
    offers          integer not null,
    filled_reserved integer not null,
    filled_open     integer not null,
    fill_days       integer not null,
    referrals       integer not null,
    persons         integer not null,
    persons_shared  integer not null
) partition by list (grain);

-- Distinct employers. seen[k]: employers met this month and not in the k - 1 months before it, in those before this month that the scope looks at
-- (0 anybody's, 1 those of the network, 2 those of the organisation); further than the last element, the last element. An employer is met for the
-- first time of a period in exactly one month, so that months of a period that begins in `since` add up: seen[month - since + 1].
create table data.wide_met (
    grain           smallint not null,
    scope           smallint not null,
    month           smallint not null,
    network         smallint not null,
    division        smallint not null,
    size            smallint not null,
    area            integer not null,
    organisation_id integer not null,
    seen            integer[] not null,
    seen_small      integer[] not null,
    seen_strong     integer[] not null,
    reached         integer[] not null
) partition by list (grain);

do $$
declare
    t text;
    g integer;
begin
    foreach t in array array['wide_done', 'wide_met'] loop
        for g in 1 .. 6 loop
            execute format('create table data.%1$s_%2$s partition of data.%1$s for values in (%2$s)', t, g);
            execute format('create index on data.%s_%s (area, month)', t, g);
            execute format('alter table data.%s_%s enable row level security', t, g);
        end loop;
    end loop;
end
$$;

-- The stock of a département.
create table data.wide_stock (
    area           integer not null,
    division       smallint not null,
    size           smallint not null,
    establishments integer not null,
    strong         integer not null,
    primary key (area, division, size)
);
