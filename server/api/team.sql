-- Teams across organisations. The rules are in schema/api/42_team.sql.

-- team_new(name text, purpose text?, segment bigint?, organisations bigint[], members bigint[]) -> row
-- Proposes one and returns its id.
select api.team_propose(:name, :purpose, :segment, :organisations, :members);

-- team_agreed(id bigint, members bigint[]) -> void
select api.team_agree(:id, :members);

-- team_ended(id bigint, reason text) -> void
select api.team_end(:id, :reason);

-- team_document(id bigint) -> json
select row_to_json(t) from api.team_row t where t.id = :id;

-- teams_list(ended boolean) -> json*
-- Of the territory: ours first.
select row_to_json(t) from api.team_row t where (t.state = 'ended') = :ended order by t.asks_us desc, t.ours desc, t.name, t.id limit 200;
