-- Claims about an employer. The rules are in schema/api/56_change_claim.sql.

-- claim_new(establishment bigint, kind text, detail text?) -> row
-- Says so, or confirms what another partner said; gives the number of the claim.
select api.claim_make(:establishment, :kind, :detail);

-- claim_end(id bigint, state text, reason text?) -> void
select api.claim_settle(:id, :state, :reason);

-- claim_document(id bigint) -> json
select row_to_json(c) from api.claim_row c where c.id = :id;

-- claims_waiting(most bigint) -> json*
-- What other partners said and nobody confirmed, the oldest first.
select row_to_json(r)
  from (select c.*, (select json_build_object('id', e.id, 'name', e.name, 'city', e.city) from data.establishment e
                      where e.id = c.establishment_id) as establishment
          from api.claim_row c
         where c.id in (select x.id from data.claim x where x.state = 'open' and x.organisation_id <> auth.organisation()
                           and exists (select from data.establishment e where e.id = x.establishment_id and e.status = 'A'))
         order by c.made_at, c.id
         limit :most) r;
