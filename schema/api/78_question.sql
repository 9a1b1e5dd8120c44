-- The question of a file, as columns that stand on each of its lines: a line that is filtered, sorted or pasted elsewhere still says what it is
-- an answer to, and what reads the first line as names of columns goes on reading.

-- What an indicator means in one line: name, unit, what is counted out of what, definition.
create or replace function api.indicator_meaning(i data.indicator) returns text
    language sql stable parallel safe
    return i.name || ' (' || case i.unit when 'percent' then 'en %, ' when 'days' then 'en jours, ' when 'per100' then 'pour 100, ' else '' end
           || i.counted || coalesce(' / ' || i.out_of, '') || ') : ' || i.sentence;

-- Where, between which months, of whom, counted when.
create or replace function api.question_cells(within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint,
                                              naf text, sizes text)
    returns table (place text, first text, last text, filters text, told text)
    language sql stable security definer set search_path = data, pg_temp as $$
    select max(w.words) filter (where w.part = 'area'), data.month_text(from_month), data.month_text(to_month),
           string_agg(w.words, ', ' order by w.ord) filter (where w.part not in ('area', 'period')),
           to_char(data.now() at time zone 'Europe/Paris', 'DD/MM/YYYY HH24 "h" MI')
      from api.question_words(within, from_month, to_month, network, organisation, segment, naf, sizes) with ordinality w (part, label, words, ord)
$$;
