-- How late one comes to an appointment that is too far from the one before it: told with the suggested week.
alter table data.tour_line add column late_minutes smallint constraint tour_line_late check (late_minutes between 1 and 1440);
-- One at a time for each person who asks; computing one again around what changed keeps nobody from asking.
drop index data.tour_one_running;
create unique index tour_one_running on data.tour (asked_by, organisation_id) where state in ('waiting', 'running') and planned = 0;
-- Suggestions that an appointment of one of their members makes stale.
create index tour_of_members on data.tour using gin (members) where state in ('running', 'ready');
