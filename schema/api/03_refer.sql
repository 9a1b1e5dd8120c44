-- References of rows that are written by the hundred thousand, checked once per statement instead of once per row: a foreign
-- key asks for each row, which was a fourth of what computing the values of an import cost (docs/decisions/0037). Same promise as a foreign key: the
-- rows referred to are locked FOR KEY SHARE until the end of the transaction, one that is referred to is not deleted, and the
-- error is foreign_key_violation. Ids never change.

-- On the referring table. Arguments: its column, the table referred to.
create or replace function data.refer_check() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    asked bigint[];
    found bigint;
begin
    execute format('select array(select distinct n.%1$I from fresh n where n.%1$I is not null order by 1)', tg_argv[0]) into asked;
    execute format('select count(*) from (select from data.%I p where p.id = any ($1) order by p.id for key share) p', tg_argv[1])
       into found using asked;
    if found < cardinality(asked) then
        raise foreign_key_violation
            using message = format('%s refers to a row of %s that is not there', tg_table_name, tg_argv[1]),
                  schema = 'data', table = tg_table_name, column = tg_argv[0], constraint = tg_table_name || '_' || tg_argv[0] || '_refers';
    end if;
    return null;
end
$$;

-- On the table referred to. Arguments: the referring table, its column. What others committed meanwhile is seen in READ
-- COMMITTED only.
create or replace function data.refer_keep() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    is_kept boolean := current_setting('transaction_isolation') <> 'read committed' or tg_op = 'TRUNCATE';
begin
    if not is_kept then
        execute format('select exists (select from gone g join data.%I c on c.%I = g.id)', tg_argv[0], tg_argv[1]) into is_kept;
    end if;
    if is_kept then
        raise foreign_key_violation
            using message = format('%s refers to a row of %s that is to go', tg_argv[0], tg_table_name),
                  schema = 'data', table = tg_argv[0], column = tg_argv[1], constraint = tg_argv[0] || '_' || tg_argv[1] || '_refers';
    end if;
    return null;
end
$$;

do $$
declare
    r record;
begin
    for r in
        select * from (values ('establishment_value', 'establishment_id', 'establishment'),
                              ('establishment_value', 'source_record_id', 'source_record'),
                              ('link', 'source_record_id', 'source_record')) v (source, field, target)
    loop
        execute format('create or replace trigger %I after insert on data.%I referencing new table as fresh
                        for each statement execute function data.refer_check(%L, %L)', 'refer_' || r.field || '_new', r.source, r.field, r.target);
        execute format('create or replace trigger %I after update on data.%I referencing new table as fresh
                        for each statement execute function data.refer_check(%L, %L)', 'refer_' || r.field || '_changed', r.source, r.field, r.target);
        execute format('create or replace trigger %I after delete on data.%I referencing old table as gone
                        for each statement execute function data.refer_keep(%L, %L)', 'refer_' || r.source || '_kept', r.target, r.source, r.field);
        execute format('create or replace trigger %I before truncate on data.%I
                        for each statement execute function data.refer_keep(%L, %L)', 'refer_' || r.source || '_all_kept', r.target, r.source, r.field);
    end loop;
end
$$;
