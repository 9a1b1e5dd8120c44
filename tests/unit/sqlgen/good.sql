-- Anything may be said before the first query.

-- visit_new(company bigint, contact bigint?, day date, note text?, ids bigint[]) -> json
-- Records a visit.
-- Second line of the contract.
insert into visit (company, contact, day, note) -- :not_a_param
values (:company, :contact, :day, ':text' || :note || '::cast')
returning json_build_object('id', id::text, 'in', id = any (:ids), "odd:name", $$ :body $$);

-- visits_of(company bigint) -> json*
select row_to_json(t) from visit t /* :not_this */ where company = :company and day > '2026-01-01'::date;

-- visits_load() -> copy
copy visit from stdin with (format csv);
