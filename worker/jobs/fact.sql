-- Facts follow the tables they come from.

-- fact_follow(most bigint) -> row
select coalesce(data.fact_follow(:most::integer), 0)::bigint;
