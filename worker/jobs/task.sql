-- task_raise() -> row
-- How many reminders were raised.
select data.task_raise() + data.task_follow();
