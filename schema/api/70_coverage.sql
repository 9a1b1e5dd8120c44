-- Coverage: which share of a commune's establishments somebody went to see. One definition for map, table and export.

-- One row per commune of the acting territory. `visited` counts the active establishments visited in the last `months`
-- months (by `network`, when given); `share` is a ratio, null when there is no establishment. Observers get no figure
-- under 5, and the others rounded down to a multiple of 5: exact ones would tell small cells by subtracting two answers
-- (all sizes less all but one). `naf`: a section, or the beginning of a code.
create or replace function api.coverage(months integer, network text, naf text, sizes text)
    returns table (commune_code text, commune text, establishments bigint, visited bigint, promised bigint, never bigint,
                   share numeric, hidden boolean)
    language plpgsql stable security definer set search_path = data, ext, pg_temp as $$
#variable_conflict use_column
declare
    since    timestamptz := data.now() - make_interval(months => coverage.months);
    reserved boolean := auth.role() = 'observer';
begin
    if auth.role() is null or auth.role() = 'contributor' then
        return;
    end if;
    return query
    with counted as (
        select tc.commune_code as code, c.name,
               count(e.id) as establishments,
               count(*) filter (where case when coverage.network is null then s.last_visit_at >= since
                    else exists (select from contact_event v join organisation o on o.id = v.organisation_id
                                  where v.establishment_id = e.id and v.kind = 'visit' and v.at >= since
                                    and o.network = coverage.network) end) as visited,
               count(p.id) as promised,
               count(e.id) filter (where s.last_visit_at is null) as never
          from territory_commune tc
          join commune c on c.code = tc.commune_code
          left join establishment e on e.commune_code = tc.commune_code and e.status = 'A' and e.merged_into is null
               and (coverage.sizes is null or e.size_band = any (string_to_array(coverage.sizes, ',')))
               and (coverage.naf is null or (coverage.naf ~ '^[0-9][0-9.A-Z]*$' and e.naf like coverage.naf || '%') or left(e.naf, 2) in
                    (select n.code from naf n where n.level = 2 and n.section = coverage.naf))
          left join standing s on s.establishment_id = e.id
          left join promise p on p.establishment_id = e.id and p.state = 'active'
         where tc.territory_id = auth.territory()
         group by tc.commune_code, c.name
    )
    select k.code, k.name,
           case when k.establishments between 1 and h.under then null else r.establishments end,
           case when h.hide then null else r.visited end,
           case when h.few or k.promised between 1 and h.under then null else r.promised end,
           case when h.few or k.never between 1 and h.under
                     or k.establishments - k.never between 1 and h.under then null else r.never end,
           case when h.hide or r.establishments = 0 then null else round(r.visited::numeric / r.establishments, 4) end,
           h.hide
      from counted k
      cross join lateral (select u.under, k.establishments between 1 and u.under as few,
                                 k.establishments > 0 and (k.establishments <= u.under or k.visited between 1 and u.under
                                     or k.establishments - k.visited between 1 and u.under) as hide
                            from (select case when reserved then 4 else 0 end as under) u) h
      cross join lateral (select k.establishments - k.establishments % g.step as establishments,
                                 k.visited - k.visited % g.step as visited, k.promised - k.promised % g.step as promised,
                                 k.never - k.never % g.step as never
                            from (select case when reserved then 5 else 1 end as step) g) r
     order by k.name, k.code;
end
$$;
