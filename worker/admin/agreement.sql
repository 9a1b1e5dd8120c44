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
