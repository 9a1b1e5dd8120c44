-- « Tous publics » beside a named public says two things at once. The named ones stay: they are what somebody took the trouble to say, and
-- leaving them out would take the offer from the partners who follow these people. Networks that an offer is reserved to already were kept
-- apart (offer_routing) and do not move.
alter table data.offer disable trigger user;
update data.offer set publics = coalesce(nullif(array_remove(publics, 'all'), '{}'), '{all}')
 where 'all' = any (publics) and cardinality(publics) > 1;
alter table data.offer enable trigger user;
alter table data.offer add constraint offer_publics_all check (not 'all' = any (publics) or cardinality(publics) = 1);
