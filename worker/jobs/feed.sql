-- feed_take(job bigint) -> row?
-- What a reading needs: run, feed, file, address, etag, last-modified, layout, content in hexadecimal (absent: to be fetched),
-- digest of what was read last. No row when there is nothing to read any more.
select r.id, t.feed, t.file, t.address, t.etag, t.modified, t.layout, t.content, t.sha256
  from data.job j
  join data.feed_run r on r.id = (j.payload ->> 'run')::bigint
 cross join data.feed_take(r.id) t
 where j.id = :job;

-- feed_keep(run bigint, status int, sha256 bytea, bytes bigint, sealed bytea, etag text?, modified text?) -> void
-- Keeps what was fetched.
select data.feed_keep(:run, :status, :sha256, :bytes, :sealed, :etag, :modified);

-- feed_end(run bigint, state text, status int, error text?) -> void
-- Ends a reading that changes nothing.
select data.feed_end(:run, :state, :status, :error);

-- feed_lines() -> copy
copy data.feed_line (run_id, ordinal, line, print, given) from stdin;

-- feed_faults() -> copy
copy data.feed_fault (run_id, ordinal, line, reference, field, code, message) from stdin;

-- feed_meet(run bigint) -> void
select data.feed_meet(:run), set_config('statement_timeout', '0', true);

-- feed_tie() -> void
-- Employers of which linkage is certain; the offers of the same name and place follow.
update data.feed_offer o set establishment_id = v.establishment_id, tied_by = 'linkage', resembling = '[]'
  from pg_temp.verdict v join data.feed_offer k on k.id = v.record
 where v.verdict = 'same' and v.establishment_id > 0 and o.feed_id = k.feed_id and o.state = 'incomplete' and o.establishment_id is null
   and (o.given ->> 'entreprise', o.given ->> 'siren', o.given ->> 'code_postal', o.given ->> 'ville', o.given ->> 'commune')
       is not distinct from (k.given ->> 'entreprise', k.given ->> 'siren', k.given ->> 'code_postal', k.given ->> 'ville', k.given ->> 'commune');

-- feed_resemble() -> void
-- Employers that one resembles, the most probable first, for a person to say.
update data.feed_offer o set resembling = w.list
  from (select x.record, jsonb_agg(jsonb_build_object('establishment', x.establishment_id, 'probability', round(x.probability::numeric, 3))
                                   order by x.probability desc) as list
          from (select v.record, v.establishment_id, max(v.probability) as probability,
                       row_number() over (partition by v.record order by max(v.probability) desc) as n
                  from pg_temp.verdict v where v.verdict = 'review' and v.establishment_id > 0 group by 1, 2) x
         where x.n <= 5 group by x.record) w
  join data.feed_offer k on k.id = w.record
 where o.feed_id = k.feed_id and o.state = 'incomplete' and o.establishment_id is null
   and (o.given ->> 'entreprise', o.given ->> 'siren', o.given ->> 'code_postal', o.given ->> 'ville', o.given ->> 'commune')
       is not distinct from (k.given ->> 'entreprise', k.given ->> 'siren', k.given ->> 'code_postal', k.given ->> 'ville', k.given ->> 'commune');

-- feed_apply(run bigint, elements int, nameless int, partial bool) -> row
-- Offers are made, changed, withdrawn; how the reading ended, and what it did.
select r.outcome, x.made, x.changed, x.withdrawn, x.missing, x.incomplete
  from (select data.feed_apply(:run, :elements, :nameless, :partial) as outcome) r left join data.feed_run x on x.id = :run;

-- feed_follow() -> row
select data.feed_follow();
