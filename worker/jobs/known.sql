-- What partners know follows needs, offers, hirings and reports.

-- known_follow(most bigint) -> row
select coalesce(data.known_follow(:most::integer), 0)::bigint;
