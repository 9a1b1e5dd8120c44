-- A feed asks something of whoever set it up: when it does not come any more, and when offers have gone from it.
insert into data.task_kind (code, label, rank) values
    ('feed.failing', 'Flux d’offres qui n’arrive plus', 4),
    ('feed.held',    'Offres disparues d’un flux', 4);
alter table data.task
    add column feed_id bigint references data.feed,
    drop constraint task_subject,
    add constraint task_subject check (num_nonnulls(offer_id, promise_id, team_id, need_id, lead_id, feed_id) = 1);
create unique index task_feed_once on data.task (feed_id, kind, mark) where feed_id is not null;
create index task_of_feed on data.task (feed_id) where done_at is null;
