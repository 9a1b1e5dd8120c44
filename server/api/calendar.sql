-- Calendar feeds. The rules are in schema/api/55_feed.sql.

-- feed_state() -> json
select api.feed_state();

-- feed_new(token_hash bytea) -> row
select to_json(api.feed_make(:token_hash))::text;

-- feed_end() -> void
select api.feed_revoke();

-- feed_open(token_hash bytea, reader text) -> row?
select feed, member, organisation from api.feed_open(:token_hash, :reader);

-- feed_visits(feed bigint) -> row*
select visit, sequence, state, starts, minutes, changed, establishment, name, address, lon, lat, phone, sealed, to_char(due_on, 'DD/MM/YYYY')
  from api.feed_visits(:feed);
