-- What failed for good on its way to other people's software. The rules are in schema/api/73_channel.sql.

-- channels_failing() -> row*
-- Number, name, organisation, state, how many failed, since when.
select c.id, c.name, o.short_name, case c.state when 'active' then 'en service' else 'en pause' end, d.dead, to_char(d.since at time zone 'Europe/Paris', 'DD/MM/YYYY HH24:MI')
  from data.channel c
  join data.organisation o on o.id = c.organisation_id
 cross join lateral (select count(*) as dead, min(x.settled_at) as since from data.delivery x where x.channel_id = c.id and x.state = 'dead') d
 where c.state <> 'removed' and d.dead > 0
 order by d.dead desc, c.id;

-- channel_back(channel bigint) -> row?
-- Sends again five hundred at most: how many wait again, are given up, are left, may have gone. No row when there is no such channel in service.
select r.done ->> 'replayed', r.done ->> 'dropped', r.done ->> 'left', r.done ->> 'unsure'
  from data.channel c cross join lateral (select data.channel_revive(c.id, 500) as done) r
 where c.id = :channel and c.state = 'active';
