-- Where an agreement sends the offers that its network collects, besides to that network: by public, by contract, by occupation
-- (a code or the beginning of one). `is_only`: there and nowhere else, the collecting organisation aside.
create table data.agreement_route (
    id           bigint  generated always as identity primary key,
    agreement_id bigint  not null references data.agreement,
    public       text    references data.public,
    contract     text    references data.contract,
    rome         text    constraint agreement_route_rome check (rome ~ '^[A-N]([0-9]{2}|[0-9]{4})?$'),
    network      text    not null references data.network,
    is_only      boolean not null default false,
    constraint agreement_route_what check (num_nonnulls(public, contract, rome) = 1)
);
create unique index agreement_route_once on data.agreement_route (agreement_id, public, contract, rome, network) nulls not distinct;

-- As it was for everybody until agreements said so.
insert into data.agreement_route (agreement_id, public, contract, network)
select a.id, r.public, r.contract, r.network
  from data.agreement a
 cross join (select p.code as public, null::text as contract, p.network from data.public p
             union all
             select null, 'subsidised', 'ml') r
 order by a.id, r.public, r.contract;
drop function if exists data.offer_networks(bigint, text[], text);
alter table data.public drop column network;

-- Of what the employer may leave unsaid, a change tells whether it is given.
drop function if exists api.need_edit(bigint, integer, integer, text, text, boolean, text, date);

-- A need has one offer at a time: what an offer did not fill, or comes back, gets another one.
drop index data.offer_of_need_once;
create unique index offer_of_need_once on data.offer (need_id) where state not in ('filled', 'withdrawn', 'expired');
create index offer_of_need on data.offer (need_id) where need_id is not null;
