-- The public board: what anybody may read without an account.

-- board_about() -> json
select api.public_site();

-- board_offers(q text?, commune text?, after text?, most bigint) -> json*
-- Open offers, newest first.
select row_to_json(o), to_char(o.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || o.id
  from api.public_offers(:q, :commune, split_part(:after, ' ', 1)::timestamptz, split_part(:after, ' ', 2)::bigint, :most::integer) o;

-- board_offer(id bigint) -> json
select row_to_json(o) from api.public_offer(:id) o;

-- board_found(q text?, near text?, km bigint, contract text?, after text?, most bigint, outlet text) -> row*
-- The same for the pages (outlet board) and the feed (atom), by words, place and contract: number, title, line, organisation, network, day, position, instant.
select o.id, api.board_french(o.title) as title,
       api.board_french(concat_ws(', ', o.contract_label, o.commune, case when o.posts > 1 then o.posts || ' postes' end, o.salary)) as line,
       o.organisation, o.network, api.board_day((o.opened_at at time zone 'Europe/Paris')::date) as day,
       to_char(o.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || o.id as position,
       to_char(o.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as instant, left(o.description, 600) as description
  from api.board_search(:q, :near, :km::integer, :contract, split_part(:after, ' ', 1)::timestamptz, split_part(:after, ' ', 2)::bigint, :most::integer, :outlet) o;

-- board_banner() -> row
-- The name of the place, and whether its data are fictitious.
select name, demo from data.instance;

-- board_commune(place text) -> row?
select code, name from api.board_place(:place);

-- board_like(q text) -> row*
-- Occupations that resemble the words, of which offers are open.
select m from api.board_meant(:q) m;

-- board_one(id bigint, site text) -> row?
-- All that the page of an offer shows, as text, and its JobPosting.
select api.board_french(o.title), o.rome_label || ' (' || o.rome || ')' as rome, o.contract_label, o.commune, o.posts::text, api.board_day(o.starts_on) as start,
       replace(trim_scale(o.hours)::text, '.', ',') as hours, api.board_french(o.salary), api.board_french(o.description), o.organisation, o.network, o.organisation_phone,
       o.organisation_email, api.board_day((o.opened_at at time zone 'Europe/Paris')::date) as day, api.board_posting(o.id, :site) as posting
  from api.public_offer(:id) o;

-- board_facts(id bigint) -> row*
-- What else it says: label, value.
select f.label, f.value from api.board_facts(:id) f;

-- board_ways(id bigint) -> row?
-- Whether one applies at the employer's; name, address, mail, phone, note; the offer that stands for this one, its title.
select w.is_employer, w.name, w.url, w.email, w.phone, w.note, w.shown, w.shown_title from api.board_ways(:id) w;

-- board_was(id bigint) -> row
-- True when the offer was open once and is not any more.
select api.board_gone(:id);

-- board_addresses(after bigint, most bigint) -> row*
select i.id, to_char(i.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from api.board_ids(:after, :most::integer) i;

-- board_parts() -> row*
-- The numbers after which each part of the sitemap begins.
select p from api.board_parts() p;
