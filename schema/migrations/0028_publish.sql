-- An offer is published on each channel of the organisation that collected it: once, and withdrawn everywhere.
alter table data.publication drop constraint publication_channel;
alter table data.publication drop constraint publication_once;
alter table data.publication
    add column channel_id bigint references data.channel,
    add constraint publication_channel check (channel in ('board', 'push')),
    add constraint publication_where check ((channel = 'board') = (channel_id is null));
create unique index publication_once on data.publication (offer_id, channel, coalesce(channel_id, 0));
create index publication_of_channel on data.publication (channel_id, id desc) where channel_id is not null;
