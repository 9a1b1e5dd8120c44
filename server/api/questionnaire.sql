-- Questionnaires. The rules are in schema/api/58_questionnaire.sql.

-- questionnaires_now() -> json
-- In force for the reader: the common core and their network's.
select api.questionnaires();

-- questionnaire_next(is_common boolean, version bigint, questions json) -> void
-- Publishes the next version, if `version` is still the current one.
select api.questionnaire_publish(:is_common, :version::integer, :questions);
