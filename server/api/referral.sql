-- Referrals. The rules are in schema/api/63_referral.sql.

-- referral_new(offer bigint, reference text, public text?) -> row
-- Proposes a candidate; returns the id.
select api.referral_make(:offer, :reference, :public);

-- referral_step(id bigint, state text, refusal text?) -> void
select api.referral_move(:id, :state, :refusal);

-- referral_document(id bigint) -> json
select row_to_json(r), r.version::text from api.referral_row r where r.id = :id;

-- referrals_list(made boolean, state text?, before bigint, most bigint) -> json*
-- Those that our organisation made, or received for its offers. Of those received the ones that wait for our answer come
-- first: their place is their id above every other one. Two branches, so that each is read backwards from an index.
with place as (
    (select x.id, x.id + (1::bigint << 60) as at
       from data.referral x
      where not :made and x.state = 'proposed' and x.id < :before - (1::bigint << 60) and (:state is null or :state = 'proposed')
        and exists (select from data.offer o where o.id = x.offer_id and o.organisation_id = auth.organisation())
      order by x.id desc
      limit :most)
    union all
    (select x.id, x.id
       from data.referral x
      where x.id < :before and (:state is null or x.state = :state)
        and case when :made then x.organisation_id = auth.organisation()
                 else x.state <> 'proposed' and exists (select from data.offer o where o.id = x.offer_id and o.organisation_id = auth.organisation()) end
      order by x.id desc
      limit :most)
    order by 2 desc
    limit :most)
select row_to_json(r), p.at::text
  from place p join api.referral_row r on r.id = p.id
 order by p.at desc;

-- referral_figures() -> json
-- Twelve months: proposed by us and to us, partner by partner, why candidates were not retained, and why offers of ours were withdrawn.
with x as materialized (
    select r.state, r.refusal, r.organisation_id = auth.organisation() as made, r.organisation_id as proposer, o.organisation_id as collector
      from data.referral r left join data.offer o on o.id = r.offer_id
     where r.made_at > data.now() - interval '1 year'),
counts as (
    select x.made, case when x.made then x.collector else x.proposer end as partner, count(*) as total,
           count(*) filter (where x.state = 'proposed') as waiting, count(*) filter (where x.state = 'met') as met,
           count(*) filter (where x.state = 'hired') as hired, count(*) filter (where x.state = 'refused') as refused
      from x group by 1, 2)
select json_build_object(
    'made', (select coalesce(json_agg(c order by c.total desc, c.name), '[]') from (
        select o.short_name as name, o.network, c.total, c.waiting, c.met, c.hired, c.refused
          from counts c join data.organisation o on o.id = c.partner where c.made) c),
    'received', (select coalesce(json_agg(c order by c.total desc, c.name), '[]') from (
        select o.short_name as name, o.network, c.total, c.waiting, c.met, c.hired, c.refused
          from counts c join data.organisation o on o.id = c.partner where not c.made) c),
    'refusals', (select coalesce(json_agg(c order by c.total desc, c.label), '[]') from (
        select k.label, count(*) as total from x join data.referral_refusal k on k.code = x.refusal group by 1) c),
    'withdrawals', (select coalesce(json_agg(c order by c.total desc, c.label), '[]') from (
        select w.label, count(*) as total from data.offer o join data.withdrawal w on w.code = o.withdrawal
         where o.organisation_id = auth.organisation() and o.closed_at > data.now() - interval '1 year' group by 1) c));
