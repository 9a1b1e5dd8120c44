-- What can be counted, and how: from what was met and solicited (met), from what was promised and found (done), from the list
-- (stock), from what was put to signature (plan). `%1$s` is whose meetings count as meetings before (prev_seen, prev_seen_network, prev_seen_own), `%2$s` the month since which:
-- an employer is met for the first time of a period in exactly one row. The same over facts and over their cells.
create or replace function data.indicator_measures() returns table (name text, source text, counted text)
    language sql immutable parallel safe set search_path = data, pg_temp as $$
    values ('seen',            'met', 'sum(c.n) filter (where c.met and c.active and coalesce(c.prev_seen%1$s, -1) < %2$s)'),
           ('seen_small',      'met', 'sum(c.n) filter (where c.met and c.active and coalesce(c.prev_seen%1$s, -1) < %2$s and c.size <= 3)'),
           ('seen_strong',     'met', 'sum(c.n) filter (where c.met and c.strong and coalesce(c.prev_seen%1$s, -1) < %2$s)'),
           ('reached',         'met', 'sum(c.n) filter (where coalesce(c.prev_reached%1$s, -1) < %2$s)'),
           ('contacts',        'met', 'sum(c.contacts)'),
           ('visits',          'met', 'sum(c.visits)'),
           ('firsts',          'met', 'sum(c.firsts)'),
           ('doubles',         'met', 'sum(c.doubles)'),
           ('avoided',         'met', 'sum(c.avoided)'),
           ('promises',        'done', 'sum(c.promises)'),
           ('kept',            'done', 'sum(c.kept)'),
           ('lapsed',          'done', 'sum(c.lapsed)'),
           ('given_back',      'done', 'sum(c.given_back)'),
           ('keep_days',       'done', 'sum(c.keep_days)'),
           ('needs',           'done', 'sum(c.needs)'),
           ('offers',          'done', 'sum(c.offers)'),
           ('filled_reserved', 'done', 'sum(c.filled_reserved)'),
           ('filled_open',     'done', 'sum(c.filled_open)'),
           ('fill_days',       'done', 'sum(c.fill_days)'),
           ('referrals',       'done', 'sum(c.referrals)'),
           ('persons',         'done', 'sum(c.persons)'),
           ('persons_shared',  'done', 'sum(c.persons_shared)'),
           ('signed',          'plan', 'sum(c.signed)'),
           ('asked',           'plan', 'sum(c.asked)'),
           ('establishments',  'stock', 'sum(c.establishments)'),
           ('strong',          'stock', 'sum(c.strong)')
$$;
