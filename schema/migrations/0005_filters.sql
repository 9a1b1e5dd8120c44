-- The list filtered by size, by activity or by both, in the order of names; and sorted by size.

create index establishment_by_size on data.establishment (size_band, (left(naf, 2)), sort_name, id);
create index establishment_by_activity on data.establishment ((left(naf, 2)), sort_name, id);
-- The words of establishments_list, which says how its rows are sorted.
create index establishment_largest on data.establishment
    ((lpad((99 - coalesce(size_band::integer, -1))::text, 3, '0') || sort_name) collate "C", id);
