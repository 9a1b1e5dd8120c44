-- What a search of the board asks of an offer, in the order in which the board shows them: a common word is found without opening
-- each offer on the way.
drop index data.offer_open;
create index offer_open on data.offer (opened_at desc, id desc)
    include (commune_code, contract, search, channels, replaced_by, sandbox) where state = 'open';
