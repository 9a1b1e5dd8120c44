-- The steps that time takes, many at once: what the worker runs when a thousand deadlines fall on the same minute.
-- Each takes jobs and returns those that need nothing more; a job whose row somebody else holds at this instant is left
-- out, to be run alone (data.offer_open, data.promise_lapse), where it waits for its turn.

-- Rows are held by a lock that lets others refer to them: reminders are raised for thousands of offers and promises in one transaction, each with a key
-- to its row, and what is due beside would wait for its end, or be left for later.
create or replace function data.offer_open_many(jobs bigint[]) returns bigint[]
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    held bigint[];
begin
    select array_agg(h.id) into held
      from (select o.id from offer o
             where o.id in (select (j.payload ->> 'offer')::bigint from job j where j.id = any (offer_open_many.jobs))
             order by o.id
               for no key update skip locked) h;
    update offer o set state = 'open', reason = null
     where o.id = any (held) and o.state = 'reserved' and o.opens_at <= data.now();
    return array(select j.id from job j
                  where j.id = any (offer_open_many.jobs) and (j.payload ->> 'offer')::bigint = any (held));
end
$$;

create or replace function data.promise_lapse_many(jobs bigint[]) returns bigint[]
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    held bigint[];
begin
    select array_agg(h.id) into held
      from (select p.id from promise p
             where p.id in (select (j.payload ->> 'promise')::bigint from job j where j.id = any (promise_lapse_many.jobs))
             order by p.id
               for no key update skip locked) h;
    perform data.promise_lapse(p) from unnest(held) p;
    return array(select j.id from job j
                  where j.id = any (promise_lapse_many.jobs) and (j.payload ->> 'promise')::bigint = any (held));
end
$$;
