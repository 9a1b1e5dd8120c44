-- Coverage: share of establishments visited, by commune.

-- coverage_rows(months bigint, network text?, naf text?, sizes text?) -> json*
select row_to_json(r) from (
    select c.commune_code as commune, c.commune as name, c.establishments, c.visited, c.promised, c.never, c.share, c.hidden
      from api.coverage(:months::integer, :network, :naf, :sizes) c
) r;

-- coverage_table(months bigint, network text?, naf text?, sizes text?) -> row*
-- The same figures for a spreadsheet, with its French header; a hidden figure says so, an unknown one stays empty.
select c.commune_code as "Code commune", c.commune as "Commune",
       coalesce(c.establishments::text, 'moins de 5') as "Établissements",
       coalesce(c.visited::text, 'masqué') as "Visités",
       case when c.hidden then 'masqué' else replace(round(c.share * 100, 1)::text, '.', ',') end as "Part visitée (%)",
       coalesce(c.promised::text, 'masqué') as "Engagements en cours",
       coalesce(c.never::text, 'masqué') as "Jamais visités"
  from api.coverage(:months::integer, :network, :naf, :sizes) c;
