-- What feeds say and had no place: until when an offer holds.

-- The last day on which an offer holds, when its employer says one: it is never open after it.
alter table data.offer
    add column ends_on date,
    add constraint offer_ends check (closes_at <= ((ends_on + 1)::timestamp at time zone 'Europe/Paris'));
create index offer_ending on data.offer (ends_on) where ends_on is not null and state in ('confirmed', 'reserved');
insert into data.offer_transition (from_state, to_state, needs_reason) values ('reserved', 'expired', false);
create index feed_offer_ending on data.feed_offer ((given ->> 'fin')) where is_present and given ? 'fin';
-- Nothing was read of it so far; what a feed says now is no change by a person.
update data.feed_offer set applied = applied || '{"ends_on": null}' where applied is not null;
