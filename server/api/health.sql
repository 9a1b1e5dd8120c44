-- health_database() -> row
-- Answers when PostgreSQL does.
select 1;
