-- Exchange loses nothing: what a feed brought counts as read only when a reading came to its end, what is given during one is read
-- after it, and occupations of the ROME 4.0 have their place.
alter table data.feed
    add column adds    boolean not null default false, -- a file of an adviser: it adds and changes, and takes nothing away
    add column is_read boolean not null default false, -- its etag, its date and the digest of its file are of what was read to the end
    add constraint feed_adds check (not adds or num_nonnulls(address, confirmed_with) = 0);
update data.feed f set is_read = f.layout is not null
    and exists (select from data.feed_run r where r.feed_id = f.id and r.state in ('done', 'held', 'unchanged') and r.elements > 0)
    and (select r.state in ('done', 'held', 'unchanged') from data.feed_run r where r.feed_id = f.id order by r.id desc limit 1)
 where f.state <> 'removed';
alter table data.feed_run
    add column again text constraint feed_run_again check (again in ('upload', 'layout')); -- given while it was being read

-- Occupations of the ROME 4.0 that the ROME 3 does not name: the occupation that the nomenclature puts each of them under.
create table data.rome_under (
    code text collate "C" primary key constraint rome_under_code check (code ~ '^[A-N][0-9]{4}$'),
    rome text collate "C" not null references data.rome
);

drop function if exists api.offer_feed_make(text, text, integer, text);
