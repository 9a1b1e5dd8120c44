begin;
\ir fixture.inc
select plan(43);
create function pg_temp.fault(questions text) returns text language sql as $$ select data.question_fault(questions::jsonb) $$;
-- What is no question.
select is(pg_temp.fault('[]'), null, 'none at all is fine');
select is(pg_temp.fault('{}'), 'questions', 'not a list');
select is(pg_temp.fault('[1]'), 'questions[0]', 'not a question');
select is(pg_temp.fault('[{"code": "A", "label": "Oui", "kind": "yesno"}]'), 'questions[0].code', 'a code is lower case');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "yesno"}, {"code": "aa", "label": "Oui", "kind": "yesno"}]'), 'questions[1].code', 'and stands once');
select is(pg_temp.fault('[{"code": "aa", "label": " x ", "kind": "yesno"}]'), 'questions[0].label', 'a label has words');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "maybe"}]'), 'questions[0].kind', 'an unknown kind');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "choice"}]'), 'questions[0].choices', 'a choice has choices');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "choice", "choices": ["x", "x"]}]'), 'questions[0].choices', 'that differ');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "text", "choices": ["x", "y"]}]'), 'questions[0].choices', 'a text has none');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "text", "required": "yes"}]'), 'questions[0].required', 'required is true or false');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "text", "outcomes": ["never"]}]'), 'questions[0].outcomes', 'an unknown outcome');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "text", "when": {"code": "bb", "value": "yes"}}, {"code": "bb", "label": "Oui", "kind": "yesno"}]'), 'questions[0].when', 'a condition looks back');
select is(pg_temp.fault('[{"code": "bb", "label": "Oui", "kind": "yesno"}, {"code": "aa", "label": "Oui", "kind": "text", "when": {"code": "bb", "value": "peut-être"}}]'), 'questions[1].when', 'to an answer that exists');
select is(pg_temp.fault('[{"code": "bb", "label": "Oui", "kind": "yesno"}, {"code": "aa", "label": "Oui", "kind": "text", "when": {"code": "bb", "value": "yes"}}]'), null, 'and then is fine');
select is(pg_temp.fault((select jsonb_agg(jsonb_build_object('code', 'q' || n || '_', 'label', 'Encore', 'kind', 'text'))::text from generate_series(1, 31) n)), 'questions', 'thirty at most');
select is(pg_temp.fault('[{"code": "aa", "label": "Oui", "kind": "text", "secret": 1}]'), 'questions[0]', 'nothing else');

-- Who publishes what.
insert into data.member (email, name) values ('resp@test.example', 'Responsable');
insert into data.membership (member_id, organisation_id, role) select id, pg_temp.org('T-ML'), 'manager' from data.member where name = 'Responsable';
set session authorization maillage_server;
select pg_temp.act('T-ML');
select throws_ok($$ select api.questionnaire_publish(false, 0, '[]') $$, 'ML000', 'forbidden', 'not an adviser');
select set_config('maillage.role', 'manager', true);
select throws_ok($$ select api.questionnaire_publish(true, 1, '[]') $$, 'ML000', 'forbidden', 'a manager does not change the common core');
select throws_ok($$ select api.questionnaire_publish(false, 0, '[{"code": "aa"}]') $$, 'ML000', 'invalid', 'wrong questions are refused');
select lives_ok($$ select api.questionnaire_publish(false, 0, '[{"code": "minors", "label": "Accueille des mineurs", "kind": "yesno", "required": true, "outcomes": ["needs", "later", "none"]},
    {"code": "posts", "label": "Sur quels postes", "kind": "text", "required": true, "when": {"code": "minors", "value": "yes"}},
    {"code": "age", "label": "Âge le plus jeune", "kind": "number", "required": false}]') $$, 'but publishes for the network');
select throws_ok($$ select api.questionnaire_publish(false, 0, '[]') $$, 'ML000', 'precondition_failed', 'two at once: the second is told');
select throws_ok($$ insert into data.questionnaire (network, version, questions, made_at) values (null, 9, '[]', now()) $$, '42501', null, 'nobody writes it directly');
reset session authorization;
select throws_ok($$ update data.questionnaire set questions = '[]' $$, 'ML000', 'questionnaire_fixed', 'a version never changes');
create temp table q as select id from data.questionnaire where network = 'ml';
grant select on q to public;
set session authorization maillage_server;

-- Answered with a report.
select pg_temp.act('T-ML');
select api.visit_plan(pg_temp.est('Boulangerie'), '2026-06-04 11:00+02', 45, null, null);
create temp table v as select id from data.visit;
select api.report_write((select id from v), 'later', null, null, null, null, null, null, null);
create function pg_temp.say(answers text) returns void language sql as $$ select api.report_answer((select id from v), replace(answers, '$', (select id::text from q))::json) $$;
select throws_ok($$ select pg_temp.say('[{"questionnaire": $, "code": "minors", "value": "maybe"}]') $$, 'ML000', 'invalid', 'yes or no');
select throws_ok($$ select pg_temp.say('[{"questionnaire": $, "code": "other", "value": "yes"}]') $$, 'ML000', 'invalid', 'only what is asked');
select throws_ok($$ select pg_temp.say('[{"questionnaire": $, "code": "minors", "value": "yes"}]') $$, 'ML000', 'invalid', 'what is required in that case is');
select throws_ok($$ select pg_temp.say('[{"questionnaire": $, "code": "minors", "value": "no"}, {"questionnaire": $, "code": "minors", "value": "yes"}]') $$, 'ML000', 'invalid', 'one answer to one question');
select throws_ok($$ select pg_temp.say('[{"questionnaire": $, "code": "minors", "value": "no"}, {"questionnaire": $, "code": "age", "value": "seize"}]') $$, 'ML000', 'invalid', 'a number is a number');
select lives_ok($$ select pg_temp.say('[{"questionnaire": $, "code": "minors", "value": "no"}, {"questionnaire": $, "code": "age", "value": "16"}]') $$, 'answered');
select is(json_array_length(api.answers_of((select id from v))), 2, 'read back');
select api.report_correct((select id from v), 1, 'later', null, null, null, null, null, 'Note', null);
select lives_ok($$ select pg_temp.say('[{"questionnaire": $, "code": "minors", "value": "yes"}, {"questionnaire": $, "code": "posts", "value": "Vente"}]') $$, 'corrected');
select is(json_array_length((select answers from api.report_revision_row where visit_id = (select id from v))), 2, 'the former answers are kept');
-- Asked otherwise since: a correction is asked what was answered then, and leaves it where it stands.
select set_config('maillage.role', 'manager', true);
select api.questionnaire_publish(false, 1, '[{"code": "minors", "label": "Prend-il des mineurs", "kind": "yesno", "required": true}, {"code": "dock", "label": "Quai accessible", "kind": "yesno", "required": true}]');
select set_config('maillage.role', 'adviser', true);
select is(api.questionnaires() #>> '{network,version}', '2', 'the next report is asked the newest');
select is(api.questionnaires_of((select id from v)) #>> '{network,version}', '1', 'a correction the one that was answered');
select is(api.questionnaires_of((select id from v)) #>> '{common,version}', api.questionnaires() #>> '{common,version}', 'and the newest where none was');
create temp table q2 as select (api.questionnaires() #>> '{network,id}')::bigint as id;
create function pg_temp.also(answers text) returns void language sql as $$ select pg_temp.say(replace(answers, '#', (select id::text from q2))) $$;
select throws_ok($$ select pg_temp.also('[{"questionnaire": $, "code": "minors", "value": "yes"}, {"questionnaire": $, "code": "posts", "value": "Vente"}, {"questionnaire": #, "code": "minors", "value": "no"}]') $$, 'ML000', 'invalid', 'the newer one, once answered, wants its own');
select lives_ok($$ select pg_temp.also('[{"questionnaire": $, "code": "minors", "value": "yes"}, {"questionnaire": #, "code": "minors", "value": "no"}, {"questionnaire": #, "code": "dock", "value": "no"}]') $$, 'what stood before is not asked again');
select is(json_array_length(api.answers_of((select id from v))), 3, 'both are there');
select pg_temp.act('T-FT');
select is(json_array_length(api.answers_of((select id from v))), 0, 'another network does not read them');
select is((select count(*) from data.questionnaire), 1::bigint, 'nor the questions');
select throws_ok($$ select pg_temp.say('[]') $$, 'ML000', 'forbidden', 'nor answers for others');
select throws_ok($$ delete from data.report_answer $$, '42501', null, 'nobody erases answers');
select * from finish();
rollback;
