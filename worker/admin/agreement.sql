-- Agreements: what the networks signed.

-- agreement_list() -> row*
-- In force today, of all and of each network: network, version, since, days of reservation, channels.
select n.network, a.version, a.valid_from::text, a.reservation_days, array_to_string(a.channels, ',')
  from (select '' as network, 0 as rank union all select x.code, x.rank from data.network x where x.kind = 'partner') n
 cross join data.agreement_in_force(n.network) a
 order by n.rank;

-- agreement_outlets() -> row*
select o.code, o.label from data.outlet o order by o.rank;

-- agreement_unknown(channels text) -> row
-- The names that are none, or null.
select string_agg(trim(w), ', ') from regexp_split_to_table(:channels, ',') w
 where trim(w) <> '' and trim(w) not in (select o.code from data.outlet o);

-- agreement_channels(network text?, channels text) -> row
-- Another version that names these channels, in their order; its number.
select data.agreement_change(:network, jsonb_build_object('channels',
    (select coalesce(jsonb_agg(o.code order by o.rank), '[]') from data.outlet o where o.code in (select trim(w) from regexp_split_to_table(:channels, ',') w))));

-- agreement_terms(network text?) -> row*
-- Those in force of a network, or the common ones: column, value.
select t.key, t.value from jsonb_each_text(to_jsonb(data.agreement_in_force(coalesce(:network, '')))) t;

-- agreement_set(network text?, changes text) -> row
-- Another version with these columns; its number.
select data.agreement_change(:network, :changes::jsonb);

-- agreement_routes(network text?) -> row*
-- Those in force of a network, or the common ones: kind, code, its label, network, whether there only.
select case when r.public is not null then 'public' when r.contract is not null then 'contract' else 'rome' end,
       coalesce(r.public, r.contract, r.rome), coalesce(p.label, c.label, o.label, ''), n.name, r.is_only
  from data.agreement_in_force(coalesce(:network, '')) a
  join data.agreement_route r on r.agreement_id = a.id
  join data.network n on n.code = r.network
  left join data.public p on p.code = r.public
  left join data.contract c on c.code = r.contract
  left join data.rome o on o.code = r.rome
 order by r.public, r.contract, r.rome, n.rank;

-- agreement_route(network text?, kind text, code text, leads_to text, is_only bool, removed bool) -> row
-- Another version with this route, or without it; its number.
select data.agreement_route_change(:network, :kind, :code, :leads_to, :is_only, :removed);
