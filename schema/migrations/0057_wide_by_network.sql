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
