-- A commune that becomes part of another one takes its offers and leads along: while this transaction runs.
alter table data.commune_former add column moving xid8;
create index commune_former_moving on data.commune_former (moving) where moving is not null;
