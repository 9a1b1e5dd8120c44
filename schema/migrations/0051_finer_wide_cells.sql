-- Finer cells of whole zones: organisations by activity or size, bassins and inter-communal groups by activity or size. docs/decisions/0033-wide-cells.md.

-- Filled anew by api/77_fact.sql, with all networks as one beside each.
truncate data.wide_done, data.wide_met;
do $$
declare
    g record;
    t text;
begin
    for g in select * from (values (7, 'size'), (8, 'division'), (9, 'size'), (10, 'division'), (11, 'size'), (12, 'division')) v (grain, kind) loop
        foreach t in array array['wide_done', 'wide_met'] loop
            execute format('create table data.%1$s_%2$s partition of data.%1$s for values in (%2$s)', t, g.grain);
            execute format('create index on data.%s_%s (area, month)', t, g.grain);
            execute format('alter table data.%s_%s enable row level security', t, g.grain);
        end loop;
        execute format('create index on data.wide_done_%s (%I, month)', g.grain, g.kind);
        execute format('create index on data.wide_met_%s (scope, %I, month)', g.grain, g.kind);
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
create index cell_met_of_kind on data.cell_met (division, size, network, month);
create index cell_done_of_kind on data.cell_done (division, size, network, month);
create index stock_of_kind on data.stock (division, size);
