-- The end: what is settled asks nothing more of the worker, and the instance says that its data are fictitious.
create procedure demo.finish()
    language plpgsql set search_path = data, ext, pg_temp as $$
begin
    update job j
       set state = 'done', finished_at = data.now()
     where j.state = 'waiting'
       and case j.kind
           when 'promise.lapse' then not exists (select from promise p where p.id = (j.payload ->> 'promise')::bigint and p.state = 'active'
                                                    and demo.at(p.lapses_on + 1, 0) = j.run_at)
           when 'offer.open' then not exists (select from offer o where o.id = (j.payload ->> 'offer')::bigint and o.state = 'reserved')
           -- A row without a name that means anything was looked at long ago.
           when 'linkage.records' then (select f.received_at from source_file f where f.id = (j.payload ->> 'file')::bigint) < data.now() - interval '12 days'
           when 'segment.refresh' then true
           else false end;
    -- People put away what they have read.
    update task t set done_at = t.raised_at + interval '2 hours', done_by = t.member_id
     where t.kind = 'referral.answered' and t.raised_at < data.now() - interval '2 days';
    update instance set demo = true, name = 'Maillage Allier';
end
$$;
