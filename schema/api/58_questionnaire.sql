-- Questionnaires: published by version, answered with a report.

-- The first thing wrong with questions, as the path of a field; null when nothing is.
create or replace function data.question_fault(questions jsonb) returns text
    language plpgsql stable set search_path = data, pg_temp as $$
declare
    q     jsonb;
    seen  jsonb := '{}'; -- code -> the values it may have, or null
    given jsonb;
    at    text;
begin
    if jsonb_typeof(questions) <> 'array' or jsonb_array_length(questions) > 30 then
        return 'questions';
    end if;
    for i in 0 .. jsonb_array_length(questions) - 1 loop
        q := questions -> i;
        at := format('questions[%s]', i);
        if jsonb_typeof(q) <> 'object'
           or exists (select from jsonb_object_keys(q) k where k not in ('code', 'label', 'help', 'kind', 'choices', 'required', 'outcomes', 'when')) then
            return at;
        end if;
        if jsonb_typeof(q -> 'code') is distinct from 'string' or q ->> 'code' !~ '^[a-z][a-z0-9_]{1,29}$' or seen ? (q ->> 'code') then
            return at || '.code';
        end if;
        if jsonb_typeof(q -> 'label') is distinct from 'string' or length(trim(q ->> 'label')) not between 3 and 160 then
            return at || '.label';
        end if;
        if q ? 'help' and (jsonb_typeof(q -> 'help') <> 'string' or length(q ->> 'help') > 300) then
            return at || '.help';
        end if;
        if coalesce(q ->> 'kind', '') not in ('yesno', 'choice', 'choices', 'number', 'text', 'date') then
            return at || '.kind';
        end if;
        if jsonb_typeof(coalesce(q -> 'required', 'false')) <> 'boolean' then
            return at || '.required';
        end if;
        if q ->> 'kind' in ('choice', 'choices') then
            if jsonb_typeof(q -> 'choices') is distinct from 'array' or jsonb_array_length(q -> 'choices') not between 2 and 12 then
                return at || '.choices';
            end if;
            if exists (select from jsonb_array_elements(q -> 'choices') c where jsonb_typeof(c) <> 'string' or length(trim(c #>> '{}')) not between 1 and 80)
               or (select count(distinct c) <> count(*) from jsonb_array_elements_text(q -> 'choices') c) then
                return at || '.choices';
            end if;
        elsif q ? 'choices' then
            return at || '.choices';
        end if;
        if q ? 'outcomes' then
            if jsonb_typeof(q -> 'outcomes') <> 'array' or jsonb_array_length(q -> 'outcomes') = 0 then
                return at || '.outcomes';
            end if;
            if exists (select from jsonb_array_elements_text(q -> 'outcomes') o where o not in (select code from outcome)) then
                return at || '.outcomes';
            end if;
        end if;
        if q ? 'when' then
            -- Only what was asked before, and could be answered so.
            given := seen -> coalesce(q #>> '{when,code}', '');
            if jsonb_typeof(given) is distinct from 'array' or not coalesce(given ? (q #>> '{when,value}'), false) then
                return at || '.when';
            end if;
        end if;
        seen := seen || jsonb_build_object(q ->> 'code', case when q ->> 'kind' = 'yesno' then '["yes", "no"]'::jsonb else q -> 'choices' end);
    end loop;
    return null;
end
$$;

create or replace function data.questionnaire_guard() returns trigger
    language plpgsql set search_path = data, pg_temp as $$
begin
    if tg_op <> 'INSERT' then
        perform auth.refuse('questionnaire_fixed');
    end if;
    if data.question_fault(new.questions) is not null then
        perform auth.refuse('invalid', json_build_object('field', data.question_fault(new.questions)));
    end if;
    return new;
end
$$;
create or replace trigger questionnaire_guard before insert or update or delete on data.questionnaire
    for each row execute function data.questionnaire_guard();

-- Publishes the next version of the common core (an administrator) or of one's own network (a manager), if `version` is
-- still the current one.
create or replace function api.questionnaire_publish(is_common boolean, version integer, questions json) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    of      text := case when not is_common then auth.network() end;
    current integer;
    fault   text;
begin
    if not coalesce(auth.role() = 'administrator' or not is_common and auth.role() = 'manager', false) then
        perform auth.refuse('forbidden');
    end if;
    perform pg_advisory_xact_lock(hashtextextended('maillage.questionnaire', 0));
    select coalesce(max(q.version), 0) into current from questionnaire q where q.network is not distinct from of;
    if current <> questionnaire_publish.version then
        perform auth.refuse('precondition_failed', json_build_object('version', current));
    end if;
    fault := data.question_fault(questionnaire_publish.questions::jsonb);
    if fault is not null then
        perform auth.refuse('invalid', json_build_object('field', fault));
    end if;
    insert into questionnaire (network, version, questions, organisation_id, member_id, made_at)
    values (of, current + 1, questionnaire_publish.questions::jsonb, auth.organisation(), auth.member(), data.now());
    perform data.log('questionnaire.published', null, null, jsonb_strip_nulls(jsonb_build_object('network', of, 'version', current + 1)));
end
$$;

-- The questionnaires that the report of a visit answered, in force for the reader where it answered none, and which of
-- them the reader may change.
create or replace function api.questionnaires_of(visit bigint) returns json
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        with latest as (
            select distinct on (q.network) q.network, json_build_object('id', q.id, 'version', q.version, 'questions', q.questions, 'made_at', q.made_at,
                       'member', (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = q.member_id)) as document
              from data.questionnaire q where q.network is null or q.network = auth.network()
             order by q.network, exists (select from data.report_answer a where a.visit_id = questionnaires_of.visit and a.questionnaire_id = q.id) desc, q.version desc)
        select json_build_object('common', (select l.document from latest l where l.network is null),
                                 'network', (select l.document from latest l where l.network is not null),
                                 'edits_common', auth.role() = 'administrator',
                                 'edits_network', auth.role() in ('administrator', 'manager'));
    end;

create or replace function api.questionnaires() returns json
    language sql stable
    return api.questionnaires_of(null);

-- Whether a value answers a question.
create or replace function data.answer_fits(question jsonb, value text) returns boolean
    language plpgsql immutable set search_path = data, pg_temp as $$
begin
    case question ->> 'kind'
        when 'yesno' then return value in ('yes', 'no');
        when 'choice', 'choices' then return question -> 'choices' ? value;
        when 'number' then return value ~ '^-?[0-9]{1,9}([.,][0-9]{1,3})?$';
        when 'date' then
            return value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' and to_char(value::date, 'YYYY-MM-DD') = value;
        else return length(value) between 1 and 1000;
    end case;
exception when datetime_field_overflow or invalid_datetime_format then
    return false;
end
$$;

-- Answers of a report of one's own organisation, [{questionnaire, code, value}], in place of what was answered before.
-- They may be to a former version: a telephone that was long away asked the questions it knew. What that version
-- requires is required as soon as anything of it is answered; of two versions that, which is answered now. Null: nothing
-- was asked.
create or replace function api.report_answer(visit bigint, answers json) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    r      report;
    a      record;
    q      record;
    it     jsonb;
    before bigint[];
begin
    if report_answer.answers is null then
        return;
    end if;
    select * into r from report x where x.visit_id = report_answer.visit;
    if r.visit_id is null or r.organisation_id <> auth.organisation() or not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    select coalesce(array_agg(distinct x.questionnaire_id), '{}') into before from report_answer x where x.visit_id = r.visit_id;
    delete from report_answer x where x.visit_id = r.visit_id;
    for a in select x.questionnaire, x.code, trim(x.value) as value
               from json_to_recordset(report_answer.answers) x (questionnaire bigint, code text, value text) loop
        select * into q from questionnaire y where y.id = a.questionnaire and (y.network is null or y.network = auth.network());
        select e into it from jsonb_array_elements(q.questions) e where e ->> 'code' = a.code;
        if it is null or not data.answer_fits(it, a.value)
           or it ->> 'kind' <> 'choices' and exists (select from report_answer x where x.visit_id = r.visit_id and x.questionnaire_id = q.id
                                                         and x.code = a.code and x.value <> a.value) then
            perform auth.refuse('invalid', json_build_object('field', 'answers.' || left(a.code, 30)));
        end if;
        insert into report_answer (visit_id, questionnaire_id, code, value, network) values (r.visit_id, q.id, a.code, a.value, q.network)
        on conflict do nothing;
    end loop;
    for q in select y.id, e as question
               from questionnaire y cross join jsonb_array_elements(y.questions) e
              where y.id in (select x.questionnaire_id from report_answer x where x.visit_id = r.visit_id)
                and not exists (select from report_answer x join questionnaire z on z.id = x.questionnaire_id
                                 where x.visit_id = r.visit_id and z.network is not distinct from y.network
                                   and (z.id <> all (before), z.version) > (y.id <> all (before), y.version))
                and (e ->> 'required')::boolean
                and (not e ? 'outcomes' or e -> 'outcomes' ? r.outcome)
                and (not e ? 'when' or exists (select from report_answer x where x.visit_id = r.visit_id and x.questionnaire_id = y.id
                                                  and x.code = e #>> '{when,code}' and x.value = e #>> '{when,value}')) loop
        if not exists (select from report_answer x where x.visit_id = r.visit_id and x.questionnaire_id = q.id and x.code = q.question ->> 'code') then
            perform auth.refuse('invalid', json_build_object('field', 'answers.' || (q.question ->> 'code')));
        end if;
    end loop;
end
$$;

-- A correction keeps what was answered before.
create or replace function data.report_corrected_answers() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if not data.is_moving() then
        insert into report_answer_revision (visit_id, version, questionnaire_id, code, value, network)
        select a.visit_id, old.version, a.questionnaire_id, a.code, a.value, a.network from report_answer a where a.visit_id = old.visit_id;
    end if;
    return null;
end
$$;
create or replace trigger report_corrected_answers after update on data.report
    for each row execute function data.report_corrected_answers();
