-- What the library itself says to PostgreSQL; see db.h.

-- db_set_timeout(milliseconds text) -> void
select set_config('statement_timeout', :milliseconds, false);

-- db_say_replan() -> void
-- The next statement of this transaction is planned for its values.
select set_config('plan_cache_mode', 'force_custom_plan', true);

-- db_say_begin() -> void
begin;

-- db_say_commit() -> void
commit;

-- db_say_rollback() -> void
rollback;
