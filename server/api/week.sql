-- The agenda. The rules are in schema/api/52_week.sql.

-- week_document(member bigint?, first date, last date) -> json
select api.week_document(:member, :first, :last);

-- week_team(first date, last date) -> json
select api.week_team(:first, :last);

-- work_week_read() -> json
select api.work_week();

-- work_week_write(days smallint[], opens time, closes time, lunch_from time, lunch_to time, lunch_minutes bigint, visit_minutes bigint, visits_most bigint, starts text, home_commune text?) -> void
select api.work_week_set(:days, :opens, :closes, :lunch_from, :lunch_to, :lunch_minutes::integer, :visit_minutes::integer,
                         :visits_most::integer, :starts, :home_commune);

-- opening_hours_read(establishment bigint) -> json
select json_build_object('establishment', e.id, 'hours', coalesce(h.hours, '{}'::jsonb), 'stated_at', h.stated_at,
                         'organisation', (select api.organisation_ref(o) from data.organisation o where o.id = h.organisation_id))
  from data.establishment e left join data.opening_hours h on h.establishment_id = e.id
 where e.id = :establishment;

-- opening_hours_write(establishment bigint, hours json) -> void
select api.opening_hours_set(:establishment, :hours::jsonb);

-- slot_days(first date) -> row*
-- The days of a week on which whoever asks works.
select member, day, opens, closes, lunch_from, lunch_to, lunch, lon, lat, density, most from api.slot_days(:first);

-- slot_jobs(first date, establishment bigint, minutes bigint, skip bigint?) -> row*
-- What stands in that week, without the visit `skip`; and last the visit to be placed.
select kind, employer, visit, promise, member, length, at, lon, lat, density, rank, worth, windows::text, past_at, past_member, past_left, locked
  from api.slot_jobs(:first, :establishment, :minutes::integer, :skip);
