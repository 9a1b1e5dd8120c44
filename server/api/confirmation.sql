-- The employer's links. The rules are in schema/api/61_offer_link.sql.

-- confirmation_read(token_hash bytea) -> row?
-- offer, purpose, fault, answer, posts said; the offer: title, employer, occupation, contract, commune, posts, filled, start, hours, pay,
-- description, ways to apply; by whom: organisation, network, telephone, member; end of the link, state, its end, days, what may be asked.
select p.offer, p.purpose, p.fault, p.answer, p.posts_said, p.title, p.employer, p.rome, p.contract, p.commune, p.posts, p.posts_filled, p.starts_on,
       p.hours, p.salary, p.description, p.ways, p.by, p.network, p.phone, p.member, p.expires_on, p.state, p.until_on, p.reservation_days, p.open_days,
       p.may_prolong, p.is_over
  from api.confirmation_page(:token_hash) p;

-- confirmation_facts(token_hash bytea) -> row*
-- What else the offer says: label, value.
select f.label, f.value from api.confirmation_facts(:token_hash) f;

-- confirmation_settle(token_hash bytea, answer text, name text, comment text?, posts bigint?, prolong bool, withdrawal text?) -> void
select api.confirmation_answer(:token_hash, :answer, :name, :comment, :posts::integer, :prolong, :withdrawal);

-- confirmation_reasons() -> row*
-- Why an employer gives an offer up, for it to choose: code, its words.
select w.code, w.employer from data.withdrawal w where w.employer is not null order by w.rank;
