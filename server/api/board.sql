-- The public board: what anybody may read without an account.

-- board_about() -> json
select api.public_site();

-- board_offers(q text?, commune text?, after text?, most bigint) -> json*
-- Open offers, newest first.
select row_to_json(o), to_char(o.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || o.id
  from api.public_offers(:q, :commune, split_part(:after, ' ', 1)::timestamptz, split_part(:after, ' ', 2)::bigint, :most::integer) o;

-- board_offer(id bigint) -> json
select row_to_json(o) from api.public_offer(:id) o;
