-- What the library itself says to PostgreSQL; see db.h.

-- db_set_timeout(milliseconds text) -> void
select set_config('statement_timeout', :milliseconds, false);

-- db_say_begin() -> void
begin;

-- db_say_commit() -> void
commit;

-- db_say_rollback() -> void
rollback;
