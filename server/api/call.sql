-- Calls for an appointment. The rules are in schema/api/54_call.sql.

-- calls_document(mine boolean) -> json
select api.call_list(:mine);

-- call_note(establishment bigint, contact bigint?, outcome text, note text?, next_on date?, override_reason text?) -> row
select api.call_make(:establishment, :contact, :outcome, :note, :next_on, :override_reason);

-- call_document(id bigint) -> json
select json_build_object('id', r.id, 'at', r.at, 'outcome', r.outcome, 'outcome_label', r.outcome_label, 'reached', r.reached,
                         'note', r.note, 'next_on', r.next_on, 'member', r.member)
  from api.call_row r where r.id = :id;
