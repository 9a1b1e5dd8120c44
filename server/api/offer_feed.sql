-- Feeds of offers. The rules are in schema/api/71_offer_feed.sql.

-- feeds_list() -> json*
select row_to_json(f), f.id::text from api.offer_feed_row f order by lower(f.name), f.id;

-- feed_document(id bigint) -> json
-- Without a version to cache by: a file and each reading change it too.
select row_to_json(f) from api.offer_feed_row f where f.id = :id;

-- offer_feed_new(name text, address text?, every_minutes bigint?, confirmed_with text?, adds boolean, only_here bool?) -> row
select api.offer_feed_make(:name, :address, :every_minutes::integer, :confirmed_with, :adds, :only_here);

-- feed_edit(id bigint, version int, name text?, address text?, every_minutes bigint?, confirmed_with text?, state text?, only_here bool?) -> row
-- False when the version is no longer that one.
select api.offer_feed_change(:id, :version, :name, :address, :every_minutes::integer, :confirmed_with, :state, :only_here);

-- feed_describe(id bigint, version int, layout text) -> row
-- False when the version is no longer that one.
select api.offer_feed_layout(:id, :version, :layout);

-- feed_file_number(id bigint) -> row
select api.offer_feed_file(:id);

-- feed_give(id bigint, name text, sha256 bytea, bytes bigint, sealed bytea) -> void
select api.offer_feed_give(:id, :name, :sha256, :bytes, :sealed);

-- feed_bytes(id bigint) -> row
-- The last bytes, in hexadecimal, the number of their file, and the layout.
select encode(s.content, 'hex'), s.id, f.layout from data.feed f join data.source_file s on s.id = f.file_id where f.id = :id and f.state <> 'removed';

-- feed_ask_reading(id bigint) -> void
select api.offer_feed_read(:id);

-- feed_run_list(id bigint, before bigint, most bigint) -> json*
select row_to_json(r), r.id::text from api.feed_run_row r where r.feed = :id and r.id < :before order by r.id desc limit :most;

-- feed_fault_list(id bigint, run bigint, after bigint, most bigint) -> json*
select json_build_object('line', x.line, 'reference', x.reference, 'field', x.field, 'code', x.code, 'message', x.message), x.ordinal::text
  from data.feed_fault x join data.feed_run r on r.id = x.run_id
 where x.run_id = :run and r.feed_id = :id and x.ordinal > :after order by x.ordinal limit :most;

-- feed_fault_table(id bigint, run bigint) -> row*
select * from api.feed_fault_lines(:id, :run);

-- feed_say(id bigint, run bigint, decision text) -> void
select api.offer_feed_decide(:id, :run, :decision);

-- feed_offer_list(id bigint, state text?, before bigint, most bigint) -> json* replan
-- Newest first. `differs`: those of which the feed says something else than their offer.
select row_to_json(o), o.id::text
  from api.feed_offer_row o
 where o.id in (
    select x.id from data.feed_offer x
     where x.feed_id = :id and x.id < :before
       and (:state is null or x.state = :state and (x.state <> 'incomplete' or x.is_present)
            or :state = 'differs' and x.state = 'offer' and data.feed_difference(x) <> '[]')
     order by x.id desc limit :most)
 order by o.id desc;

-- feed_offer_document(id bigint) -> json
select row_to_json(o), o.version::text from api.feed_offer_row o where o.id = :id;

-- feed_offer_fill(id bigint, version int, establishment bigint?, rome text?, contract text?, commune text?) -> row
-- False when the version is no longer that one.
select api.feed_offer_complete(:id, :version, :establishment, :rome, :contract, :commune);

-- feed_offer_put(id bigint, aside boolean) -> void
select api.feed_offer_put(:id, :aside);

-- feed_offers_aside(id bigint, offers bigint[], aside boolean) -> row
-- How many were put aside, or taken back.
select json_build_object('aside', api.feed_offers_put(:id, :offers, :aside));

-- feed_offer_take_over(id bigint) -> void
select api.feed_offer_take(:id);
