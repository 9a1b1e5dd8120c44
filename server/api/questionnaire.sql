-- Questionnaires. The rules are in schema/api/58_questionnaire.sql.

-- questionnaires_now(visit bigint) -> json
-- The common core and the network's of the reader: as the report of the visit answered them, or in force.
select api.questionnaires_of(nullif(:visit, 0));

-- questionnaire_next(is_common boolean, version bigint, questions json) -> void
-- Publishes the next version, if `version` is still the current one.
select api.questionnaire_publish(:is_common, :version::integer, :questions);
