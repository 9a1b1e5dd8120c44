-- What feeds say and had no place: until when an offer holds.

-- The last day on which an offer holds, when its employer says one: it is never open after it.
alter table data.offer
    add column ends_on date,
    add constraint offer_ends check (closes_at <= ((ends_on + 1)::timestamp at time zone 'Europe/Paris'));
create index offer_ending on data.offer (ends_on) where ends_on is not null and state in ('confirmed', 'reserved');
insert into data.offer_transition (from_state, to_state, needs_reason) values ('reserved', 'expired', false);
create index feed_offer_ending on data.feed_offer ((given ->> 'fin')) where is_present and given ? 'fin';
-- Nothing was read of it so far; what a feed says now is no change by a person.
update data.feed_offer set applied = applied || '{"ends_on": null}' where applied is not null;

-- --- what occupations are called -------------------------------------------------------------------------------------------------

-- A title without what says that it is for women and men, nor signs: « Boulanger(ère) (H/F) » is « boulanger ».
create function data.title_key(title text) returns text
    language sql immutable strict parallel safe
    return trim(regexp_replace(regexp_replace(regexp_replace(' ' || data.fold(title) || ' ',
        '(?<=[a-z])([(][a-z]{1,6}[)]|[.·•][a-z]{1,5}([.·•]s)?)(?![a-z])', '', 'g'),
        '[^a-z0-9]+(h|f|m|hf|fh|mf|fm)( ?/ ?(h|f|m|x|nb|n|d|w)| (h|f))*(?![a-z0-9])', ' ', 'g'),
        '[^a-z0-9]+', ' ', 'g'));

-- What it is called: « Conducteur / Conductrice d'engins » is « conducteur d engins » and « conductrice d engins ».
create function data.title_forms(title text) returns text[]
    language sql immutable strict parallel safe
    begin atomic
        select case when cardinality(h.halves) <> 2 or h.one = '{}' or h.two = '{}' then array[data.title_key(title_forms.title)]
                    else array[array_to_string(h.one || h.two[cardinality(h.one) + 1:], ' '), array_to_string(h.two, ' ')] end
          from (select s.halves, string_to_array(data.title_key(s.halves[1]), ' ') as one, string_to_array(data.title_key(s.halves[2]), ' ') as two
                  from (select regexp_split_to_array(regexp_replace(title_forms.title, '[(]?\m[HhFfMm]\s*/\s*[HhFfMm](\s*/\s*[XxNnDd])?\M[)]?', ' ', 'g'), '\s*/\s*') as halves) s) h;
    end;

-- Titles have their number in the répertoire, which files name them by.
alter table data.appellation
    add column ogr integer constraint appellation_ogr check (ogr > 0),
    add column forms text[] not null generated always as (data.title_forms(label)) stored;
create index appellation_numbered on data.appellation (ogr) where ogr is not null;
create index appellation_forms on data.appellation using gin (forms);
create index offer_titled on data.offer (organisation_id, data.title_key(title));
