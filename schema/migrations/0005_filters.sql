-- The list when its filters leave few rows (size and activity, together or alone), and sorted by size.

create index establishment_by_size on data.establishment (size_band, (left(naf, 2)));
create index establishment_by_activity on data.establishment ((left(naf, 2)));
-- The words of establishments_list, which says how its rows are sorted.
create index establishment_largest on data.establishment
    ((lpad((99 - coalesce(size_band::integer, -1))::text, 3, '0') || sort_name) collate "C", id);
