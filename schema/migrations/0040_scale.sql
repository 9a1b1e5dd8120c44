-- The lines of a scenario are read a page at a time, the most worthy first.
create index plan_line_by_worth on data.plan_line (scenario_id, (-worth), establishment_id);
