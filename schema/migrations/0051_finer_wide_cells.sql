-- Finer cells of whole zones: organisations by activity or size, bassins and inter-communal groups by activity or size. docs/decisions/0033-wide-cells.md.

-- Filled anew by api/77_fact.sql, with all networks as one beside each.
truncate data.wide_done, data.wide_met;
do $$
declare
    t text;
    g integer;
begin
    foreach t in array array['wide_done', 'wide_met'] loop
        for g in 7 .. 12 loop
            execute format('create table data.%1$s_%2$s partition of data.%1$s for values in (%2$s)', t, g);
            execute format('create index on data.%s_%s (area, month)', t, g);
            execute format('create index on data.%s_%s (division, size, month)', t, g);
            execute format('alter table data.%s_%s enable row level security', t, g);
        end loop;
    end loop;
end
$$;

-- The stock of départements, bassins and inter-communal groups.
drop table data.wide_stock;
drop function if exists data.wide_stock_make(integer[]); -- its argument is another one now
create table data.wide_stock (
    level          text not null,
    area           integer not null,
    division       smallint not null,
    size           smallint not null,
    establishments integer not null,
    strong         integer not null,
    constraint wide_stock_once primary key (level, area, division, size)
);

-- What asks for an activity and a size at once finds few rows among millions.
create index cell_met_of_kind on data.cell_met (division, size, month);
create index cell_done_of_kind on data.cell_done (division, size, month);
