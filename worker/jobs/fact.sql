-- Facts follow the tables they come from.

-- fact_follow(most bigint, most_routine bigint) -> row
select data.fact_follow(:most::integer, :most_routine::integer)::bigint;
