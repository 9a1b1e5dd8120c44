-- Tables of a country are read from few pages.

-- What was done is kept network by network and of all networks together: who asks for one of these finds it without reading the others.
-- docs/decisions/0033-wide-cells.md.
do $$
declare
    g record;
begin
    for g in select * from (values (2, null), (3, null), (4, 'division'), (5, 'size'), (6, 'division'), (9, 'size'), (10, 'division'), (11, 'size'), (12, 'division')) v (grain, kind) loop
        if g.grain > 8 then
            execute format('drop index data.wide_done_%s_%s_month_idx', g.grain, g.kind);
        elsif g.kind is not null then
            execute format('create index on data.wide_met_%s (scope, %I, month)', g.grain, g.kind);
        end if;
        execute format('create index on data.wide_done_%s (network, %smonth)', g.grain, quote_ident(g.kind) || ', ');
    end loop;
end
$$;

-- What asks for an activity or a size of many communes reads the index alone, whose rows lie one after the other; in the table those of an
-- activity are on as many pages as there are.
drop index data.cell_met_of_kind, data.cell_done_of_kind, data.stock_of_kind;
do $$
declare
    t text;
    k text;
begin
    foreach t in array array['cell_met', 'cell_done'] loop
        foreach k in array array['division', 'size'] loop
            execute (select format('create index %I on data.%I (%I, month) include (%s)', t || '_of_' || k, t, k, string_agg(quote_ident(a.attname), ', ' order by a.attnum))
                       from pg_attribute a where a.attrelid = ('data.' || t)::regclass and a.attnum > 0 and not a.attisdropped and a.attname not in (k, 'month'));
        end loop;
    end loop;
end
$$;
create index stock_of_kind on data.stock (division, size) include (commune, establishments, strong);
