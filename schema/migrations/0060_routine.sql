-- What people do is counted before what the worker does by itself: at the change of a day tens of thousands of employers of a country are touched
-- at once. docs/decisions/0047-what-waits-for-nobody.md.
alter table data.fact_touched add column routine boolean not null default (session_user = 'maillage_worker');
alter table data.stock_touched add column routine boolean not null default (session_user = 'maillage_worker');
create index fact_touched_urgent on data.fact_touched (id) where not routine;
create index stock_touched_urgent on data.stock_touched (id) where not routine;
