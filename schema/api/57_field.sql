-- What a telephone takes along.

-- What one needs of an employer at its door.
create or replace view api.field_employer with (security_invoker = true) as
select e.id, e.name, e.siret, e.address, e.postcode, e.city, e.phone, e.email, e.status,
       ext.ST_X(e.location) as lon, ext.ST_Y(e.location) as lat, n.label as naf_label, b.label as size_label,
       (select coalesce(json_agg(row_to_json(k) order by k.confirmed_on desc nulls last, k.id), '[]')
          from (select k.id, k.sealed, k.channel, k.confirmed_on from api.contact_row k where k.establishment_id = e.id and k.opposition is null
                 order by k.confirmed_on desc nulls last, k.id limit 10) k) as contacts,
       (select coalesce(json_agg(json_build_object('id', d.id, 'rome', d.rome, 'rome_label', d.rome_label, 'posts', d.posts,
                                                   'horizon', d.horizon, 'contract', d.contract, 'state', d.state,
                                                   'declared_at', d.declared_at, 'organisation', d.organisation)
                                 order by d.declared_at desc, d.id), '[]')
          from (select d.* from api.need_row d join data.need w on w.id = d.id
                 where w.establishment_id = e.id and w.state in ('declared', 'confirmed', 'offer')
                 order by d.declared_at desc, d.id limit 10) d) as needs,
       (select coalesce(json_agg(json_build_object('id', v.id, 'at', v.at, 'kind', v.kind, 'organisation', v.organisation,
                                                   'member', v.member) order by v.id desc), '[]')
          from (select v.id, v.at, v.kind, case when o.id is not null then api.organisation_ref(o) end as organisation, m.name as member
                  from data.event v
                  left join data.organisation o on o.id = v.organisation_id
                  left join data.member m on m.id = v.member_id
                 where v.establishment_id = e.id
                   and v.kind in ('promise.made', 'promise.kept', 'promise.returned', 'promise.lapsed', 'visit.reported',
                                  'visit.cancelled', 'contact.made', 'opposition.made', 'opposition.lifted', 'offer.opened',
                                  'offer.filled', 'need.declared', 'value.confirmed')
                 order by v.id desc limit 6) v) as events,
       (select coalesce(json_agg(json_build_object('visit', r.visit_id, 'done_at', r.done_at, 'outcome_label', r.label,
                                                   'organisation', r.organisation, 'member', r.member, 'shared_note', r.shared_note,
                                                   'network_note', r.network_note) order by r.done_at desc), '[]')
          from (select r.visit_id, r.done_at, u.label, api.organisation_ref(o) as organisation, m.name as member, r.shared_note,
                       (select string_agg(x.note, E'\n\n' order by x.organisation_id) from data.report_note x where x.visit_id = r.visit_id) as network_note
                  from data.report r
                  join data.outcome u on u.code = r.outcome
                  join data.organisation o on o.id = r.organisation_id
                  join data.member m on m.id = r.member_id
                 where r.establishment_id = e.id
                 order by r.done_at desc limit 3) r) as reports,
       (select coalesce(json_agg(json_build_object('id', c.id, 'kind', c.kind, 'state', c.state, 'made_at', c.made_at,
                                                   'organisation', c.organisation) order by c.id), '[]')
          from api.claim_row c where c.establishment_id = e.id and c.state in ('open', 'confirmed')) as claims
  from data.establishment e
  left join data.naf n on n.code = e.naf
  left join data.size_band b on b.code = e.size_band;
