-- The inbox. What raises a task is in schema/api/68_task.sql.

-- task_settle(id bigint, later_on date?) -> void
-- Done, or put off.
select api.task_settle(:id, :later_on);
