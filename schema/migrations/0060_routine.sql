-- What people do is counted before what the worker, or an upgrade, does by itself: at the change of a day tens of thousands of employers of a country are touched
-- at once. docs/decisions/0047-what-waits-for-nobody.md.
alter table data.fact_touched add column routine boolean not null default (session_user in ('maillage_worker', 'maillage_owner'));
alter table data.stock_touched add column routine boolean not null default (session_user in ('maillage_worker', 'maillage_owner'));
create index fact_touched_urgent on data.fact_touched (id) where not routine;
create index stock_touched_urgent on data.stock_touched (id) where not routine;
