-- Employers proposed again. The rules are in schema/api/44_proposal.sql.

-- proposal_reply(id bigint, accepted boolean, member bigint?, due_on date?, reason text?) -> void
select api.proposal_answer(:id, :accepted, :member, :due_on, :reason);

-- proposal_document(id bigint) -> json
select row_to_json(x) from api.proposal_row x where x.id = :id;

-- proposals_list(open boolean, before bigint, most bigint) -> json*
-- To our organisation, latest first; those that wait for an answer, or that had one.
select row_to_json(r), r.id::text
  from api.proposal_row r
 where r.id in (select x.id from data.proposal x
                 where x.id < :before and (x.state = 'proposed') = :open
                 order by x.id desc limit :most)
 order by r.id desc;
