-- The summary by mail: who wants it, how often; a delivery of a channel like any other.

create table data.digest (
    member_id       bigint not null references data.member,
    organisation_id bigint not null references data.organisation,
    channel_id      bigint not null references data.channel,
    frequency       text not null constraint digest_frequency check (frequency in ('daily', 'weekly')),
    told_until      timestamptz not null, -- what came before is told
    next_at         timestamptz not null,
    chosen_at       timestamptz not null,
    primary key (member_id, organisation_id),
    constraint digest_membership foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create index digest_due on data.digest (next_at);

-- What a letter told of, so that none tells it again.
create table data.digest_offer (
    member_id       bigint not null references data.member,
    organisation_id bigint not null references data.organisation,
    offer_id        bigint not null references data.offer,
    told_at         timestamptz not null,
    primary key (member_id, organisation_id, offer_id)
);
create index digest_offer_old on data.digest_offer (told_at);
create index digest_offer_offer on data.digest_offer (offer_id);
create unique index channel_mail_once on data.channel (organisation_id) where kind = 'mail' and state <> 'removed';

-- A letter has one reader; nothing else has.
alter table data.delivery
    add column member_id bigint references data.member,
    add column trying_since timestamptz, -- of a letter: a try began and has not come back
    add constraint delivery_reader check ((kind = 'mail.digest') = (member_id is not null));

-- Whether a worker knows a mail server.
alter table data.instance add column mail boolean not null default false;

-- An agreement may name it; those that named everything do.
insert into data.outlet (code, label, rank) values ('mail', 'Résumé par courriel', 8);
alter table data.agreement
    drop constraint agreement_channels,
    add constraint agreement_channels check (channels <@ '{board,posting,atom,sitemap,push,webhook,file,mail}'::text[]
                                             and array_position(channels, null) is null and cardinality(channels) <= 8),
    alter column channels set default '{board,posting,atom,sitemap,push,webhook,file,mail}';
alter table data.offer alter column channels set default '{board,posting,atom,sitemap,push,webhook,file,mail}';
update data.agreement set channels = channels || 'mail'::text where cardinality(channels) = 7;
