-- Suggested weeks. What is asked and kept is in schema/api/53_tour.sql.

-- tour_begin(job bigint) -> row?
select tour, revision, members, again from data.tour_begin(:job);

-- tour_days(tour bigint) -> row*
select member, day, opens, closes, lunch_from, lunch_to, lunch, lon, lat, density, most from data.tour_days(:tour);

-- tour_jobs(tour bigint) -> row*
select kind, establishment, visit, promise, member, minutes, at, lon, lat, density, rank, worth, windows::text, past_at, past_member,
       past_left, locked
  from data.tour_jobs(:tour);

-- tour_step(tour bigint, revision bigint, percent int) -> row
-- Says how far it is; false when nobody waits any longer.
select data.tour_step(:tour, :revision::integer, :percent);

-- tour_settle(tour bigint, revision bigint, lines json, days json, milliseconds int, moved int, travel text) -> row
-- False when somebody cancelled or asked anew meanwhile.
select data.tour_settle(:tour, :revision::integer, :lines, :days, :milliseconds, :moved, :travel);

-- tour_fail(tour bigint, revision bigint, error text) -> void
select data.tour_fail(:tour, :revision::integer, :error);

-- tour_purge() -> row
select data.tour_purge();
