-- Offers: drafted, confirmed, reserved, opened, filled. The rules are in schema/api/60_offer.sql.

-- offer_new(establishment bigint, visit bigint?, need bigint?, title text, rome text, contract text, posts bigint?, description text?, starts_on date?, hours double precision?, salary text?, publics text[]?, commune text?, details text?, origin text) -> row
-- Drafts an offer of an establishment; returns its id. `details`: a JSON object with the other columns by their names.
insert into data.offer (establishment_id, organisation_id, member_id, visit_id, need_id, title, rome, contract, posts, description,
                        starts_on, hours, salary, publics, commune_code, origin,
                        ends_on, duration, duration_unit, work_time, schedule, salary_min, salary_max, salary_period, salary_months,
                        benefits, experience, experience_months, qualification, requirements, conditions, travel,
                        accessible, adapted, origin_reference, origin_url, apply_by, apply_name, apply_url, apply_email,
                        apply_phone, apply_note)
select :establishment, auth.organisation(), auth.member(), :visit, :need, :title, :rome, :contract, coalesce(:posts, 1)::smallint,
       coalesce(:description, ''), :starts_on, :hours::numeric, :salary, coalesce(:publics, '{}'), :commune, :origin,
       d.ends_on, d.duration, d.duration_unit, d.work_time, d.schedule, d.salary_min, d.salary_max, d.salary_period, d.salary_months,
       coalesce(d.benefits, '{}'), d.experience, d.experience_months, d.qualification, coalesce(d.requirements, '[]'),
       coalesce(d.conditions, '{}'), d.travel, d.accessible, d.adapted, d.origin_reference, d.origin_url,
       coalesce(d.apply_by, 'collector'), d.apply_name, d.apply_url, d.apply_email, d.apply_phone, d.apply_note
  from jsonb_populate_record(null::data.offer, coalesce(:details::jsonb, '{}')) d
returning id;

-- offer_source(need bigint?, visit bigint?) -> row?
-- The employer of the need that an offer comes from, without one that of its visit.
select e.id
  from (select coalesce((select n.establishment_id from data.need n where n.id = :need),
                        (select v.establishment_id from data.visit v where v.id = :visit and :need is null)) as id) e
 where e.id is not null;

-- offer_edit(id bigint, version bigint, title text?, rome text?, contract text?, posts bigint?, description text?, has_starts_on bool, starts_on date?, has_hours bool, hours double precision?, has_salary bool, salary text?, publics text[]?, has_commune bool, commune text?, details text?) -> row?
-- Changes what is given of a draft, if its version is still that one; no row otherwise. What is given and null is no more (a place:
-- that of its establishment). `details`, when given, are all of them.
update data.offer f
   set title = coalesce(:title, f.title), rome = coalesce(:rome, f.rome), contract = coalesce(:contract, f.contract),
       posts = coalesce(:posts::smallint, f.posts), description = coalesce(:description, f.description),
       starts_on = case when :has_starts_on then :starts_on else f.starts_on end, hours = case when :has_hours then :hours::numeric else f.hours end,
       salary = case when :has_salary then :salary else f.salary end, publics = coalesce(:publics, f.publics),
       commune_code = case when :has_commune then :commune else f.commune_code end,
       ends_on = d.ends_on, duration = d.duration, duration_unit = d.duration_unit, work_time = d.work_time, schedule = d.schedule,
       salary_min = d.salary_min, salary_max = d.salary_max, salary_period = d.salary_period,
       salary_months = d.salary_months, benefits = coalesce(d.benefits, '{}'), experience = d.experience,
       experience_months = d.experience_months, qualification = d.qualification,
       requirements = coalesce(d.requirements, '[]'), conditions = coalesce(d.conditions, '{}'), travel = d.travel,
       accessible = d.accessible, adapted = d.adapted, origin_reference = d.origin_reference, origin_url = d.origin_url,
       apply_by = coalesce(d.apply_by, 'collector'), apply_name = d.apply_name, apply_url = d.apply_url,
       apply_email = d.apply_email, apply_phone = d.apply_phone, apply_note = d.apply_note
  from data.offer x
 cross join lateral jsonb_populate_record(case when :details is null then x end, coalesce(:details::jsonb, '{}')) d
 where x.id = :id and f.id = x.id and f.version = :version
returning f.id;

-- offer_owned(id bigint) -> row
-- Whether one's organisation collected this offer: no row when it cannot be seen at all.
select case when f.organisation_id = auth.organisation() then 'mine' else 'other' end from data.offer f where f.id = :id;

-- offer_step(id bigint, verb text, confirmed_with text?, reason text?, withdrawal text?) -> void
-- One step on: confirm (and reserve), open (early), withdraw.
select api.offer_move(:id, :verb, :confirmed_with, :reason, :withdrawal);

-- offer_withdrawals() -> json*
-- The reasons that people choose.
select json_build_object('code', w.code, 'label', w.label), w.rank::text from data.withdrawal w where w.chosen order by w.rank;

-- offer_posts(id bigint, posts bigint?, reason text?) -> void
-- Some posts more are filled; all that are left when absent.
select api.offer_fill(:id, :posts::integer, :reason);

-- offer_same(id bigint, canonical bigint) -> void
-- It is the same offer as that one, which is shown instead.
select api.offer_twin_say(:id, :canonical);

-- offer_apart(id bigint, why text) -> void
-- It is not the same offer as the one that is shown instead.
select api.offer_twin_undo(:id, :why);

-- offer_longer(id bigint, confirmed_with text) -> void
select api.offer_prolong(:id, :confirmed_with);

-- offer_link_new(id bigint, token_hash bytea?, sealed bytea?, email_hash bytea?) -> row
-- Until when the link works, as JSON. With a sealed address it leaves by mail.
select to_json(api.offer_link_make(:id, :token_hash, :sealed, :email_hash));

-- offer_networks(publics text[]?, contract text?, rome text?) -> json
-- Where one's agreement sends such an offer.
select json_build_object('networks', coalesce(json_agg(n.code order by n.rank), '[]'))
  from data.network n
 where n.code in (select data.offer_networks(auth.organisation(), coalesce(:publics, '{}'), :contract, :rome));

-- offer_document(id bigint) -> json
select json_build_object(
    'id', r.id, 'title', r.title, 'state', r.state, 'rome', r.rome, 'rome_label', r.rome_label, 'contract', r.contract,
    'posts', r.posts, 'publics', r.publics, 'organisation', r.organisation, 'member', r.member, 'establishment', r.establishment,
    'commune', r.commune, 'commune_code', f.commune_code, 'created_at', r.created_at, 'confirmed_at', r.confirmed_at, 'opens_at', r.opens_at,
    'opened_at', r.opened_at, 'closed_at', r.closed_at, 'networks', r.networks, 'mine', r.mine, 'version', r.version,
    'posts_filled', r.posts_filled, 'closes_at', r.closes_at,
    'description', f.description, 'starts_on', f.starts_on, 'hours', f.hours, 'salary', f.salary,
    'details', api.offer_details(f), 'origin', f.origin, 'feed', (select s.name from data.feed s where s.id = f.feed_id),
    'replaced_by', r.replaced_by, 'withdrawal', f.withdrawal, 'withdrawal_label', (select w.label from data.withdrawal w where w.code = f.withdrawal),
    'can_mail', r.mine and (select i.mail from data.instance i),
    'twins', (select coalesce(json_agg(t order by t.id), '[]') from api.offer_twin_row t where f.id in (t.offer, t.canonical)),
    'confirmed_with', case when r.mine then f.confirmed_with end, 'visit', f.visit_id, 'need', f.need_id,
    'from_need', (select json_build_object('id', n.id, 'label', coalesce(r.label, p.label), 'posts', n.posts, 'state', n.state)
                    from data.need n left join data.rome r on r.code = n.rome left join data.fap p on p.code = n.fap where n.id = f.need_id),
    'steps', (select coalesce(json_agg(s order by s.id), '[]') from (
        select x.id, x.from_state as "from", x.to_state as "to", x.at, m.name as member, o.name as organisation, x.reason, x.by_employer
          from data.offer_step x
          left join data.member m on m.id = x.member_id
          left join data.organisation o on o.id = x.organisation_id
         where x.offer_id = f.id) s),
    'link', (select row_to_json(l) from (
        select l.made_at, l.expires_at, l.answer, l.answered_at, l.answered_by, l.comment, l.purpose, l.posts,
               api.offer_link_fault(l.id) as fault,
               m.name as member, l.delivery_id is not null as by_mail, api.offer_letter_state(l.delivery_id) as letter
          from data.offer_link l join data.member m on m.id = l.member_id
         where l.offer_id = f.id order by l.id desc limit 1) l),
    'prolongations', (select coalesce(json_agg(p order by p.at), '[]') from (
        select p.at, p.confirmed_with, p.closes_at, m.name as member, p.link_id is not null as by_employer
          from data.offer_prolongation p join data.member m on m.id = p.member_id where p.offer_id = f.id) p),
    'fillings', (select coalesce(json_agg(v order by v.id), '[]') from (
        select t.id, t.at, (t.data ->> 'filled')::integer as filled, (t.data ->> 'posts')::integer as posts, m.name as member, o.name as organisation,
               coalesce(t.data ->> 'by', '') = 'employer' as by_employer
          from data.event t
          left join data.member m on m.id = t.member_id
          left join data.organisation o on o.id = t.organisation_id
         where t.offer_id = f.id and t.kind = 'offer.posts_filled') v),
    'referrals', (select coalesce(json_agg(x order by x.id), '[]') from api.referral_row x
                   where x.id in (select q.id from data.referral q where q.offer_id = f.id order by q.id desc limit 200))),
    f.version::text
  from data.offer f
  join api.offer_row r on r.id = f.id
 where f.id = :id;

-- offers_list(states text?, own boolean, q text?, sort text, after_at bigint?, after_id bigint?, most bigint) -> json*
-- Offers that the reader may see, after a position, by words or all of them: see api.offer_find.
select row_to_json(r), u.at || '.' || u.id
  from api.offer_find(:q, string_to_array(:states, ','), :own, :sort, :after_at, :after_id, :most::integer) with ordinality u (id, at, n)
  join api.offer_row r on r.id = u.id
 order by u.n;
