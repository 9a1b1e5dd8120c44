-- Absences and closures. The rules are in schema/api/43_absence.sql.

-- absence_new(member bigint?, closure boolean, first_on date, last_on date) -> row
-- Declares one and returns its id.
select api.absence_declare(:member, :closure, :first_on, :last_on);

-- absence_edit(id bigint, last_on date?, cancelled boolean) -> void
select api.absence_change(:id, :last_on, :cancelled);

-- absence_document(id bigint) -> json
select row_to_json(a) from api.absence_row a where a.id = :id;

-- absences_list(past boolean) -> json*
-- Of our organisation: running and coming ones by date, or those of the last six months.
select row_to_json(r)
  from api.absence_row r
 where case when :past then r.state in ('over', 'cancelled') and r.last_on > data.today() - 183 else r.state in ('running', 'coming') end
 order by r.first_on, r.id
 limit 500;
