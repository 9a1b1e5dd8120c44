-- Channels and deliveries. The rules are in schema/api/73_channel.sql.

-- channel_secret_number() -> row
-- The number that the next secret will have, for which it is sealed.
select api.channel_secret_number();

-- channel_new(kind text, name text, target text, events text[], sandbox boolean, secret bigint, sealed bytea?, schedule text?) -> row
-- Returns the id.
select api.channel_make(:kind, :name, :target, :events, :sandbox, :secret, :sealed, :schedule);

-- channel_edit(id bigint, version int, name text?, target text?, events text[]?, state text?, schedule text?) -> row
-- Changes what is given; false when the version is no longer that one.
select api.channel_change(:id, :version, :name, :target, :events, :state, :schedule);

-- channel_new_secret(id bigint, secret bigint, sealed bytea) -> void
-- One more secret; the one before ends a day later.
select api.channel_rotate(:id, :secret, :sealed);

-- channel_try(id bigint) -> row
-- Sends a word to try it out; returns the number of the delivery.
select api.channel_test(:id);

-- channel_document(id bigint) -> json
select row_to_json(c), c.version::text from api.channel_row c where c.id = :id;

-- channels_list() -> json*
select row_to_json(c) from api.channel_row c where c.state <> 'removed' order by c.kind, lower(c.name), c.id;

-- channel_kind_of(id bigint) -> row?
-- Its kind and target, when one answers for it.
select c.kind, c.target from data.channel c where c.id = :id and c.state <> 'removed';

-- channel_file_header() -> row
select data.partner_header();

-- channel_file_lines(id bigint, site text, after bigint, most bigint) -> row*
-- Number and line, in order; for who answers for the channel.
select l.publication, l.line from api.partner_lines(:id, :site, :after, :most::integer) l;

-- outlets_list() -> json*
select json_build_object('code', o.code, 'label', o.label, 'named', o.named) from api.outlet_row o order by o.rank;

-- offer_outlets_list(offer bigint) -> json*
select o from api.offer_outlets(:offer) o;

-- deliveries_list(channel bigint?, state text?, offer bigint?, before bigint, most bigint) -> json*
-- Newest first.
select row_to_json(r), r.id::text
  from api.delivery_row r
 where r.id in (
    select d.id from data.delivery d
     where d.id < :before and (:channel is null or d.channel_id = :channel) and (:state is null or d.state = :state)
       and (:offer is null or d.offer_id = :offer)
     order by d.id desc
     limit :most)
 order by r.id desc;

-- delivery_document(id bigint) -> json
select row_to_json(d) from api.delivery_row d where d.id = :id;

-- channel_again(id bigint) -> json
-- All that is dead of it, five hundred at most.
select api.channel_replay(:id);

-- delivery_again(id bigint) -> void
select api.delivery_replay(:id);
