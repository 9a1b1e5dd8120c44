-- Suggested weeks. The rules are in schema/api/53_tour.sql.

-- tour_new(first date, members bigint[]?, nearby boolean?) -> row
-- Asks for one; its number.
select api.tour_ask(:first, :members, :nearby);

-- tour_document(id bigint) -> json?
select api.tour_document(t.id) from data.tour t where t.id = :id;

-- tour_cancel(id bigint) -> void
select api.tour_end(:id);

-- tour_replan(id bigint) -> void
select api.tour_again(:id);

-- tour_take(id bigint, lines bigint[]) -> json
select json_build_object('lines', api.tour_accept(:id, :lines));

-- tour_refuse(id bigint, line bigint, reason text?) -> void
select api.tour_refuse(:id, :line, :reason);

-- tour_place(id bigint, line bigint, at timestamptz?, locked boolean?) -> void
select api.tour_place(:id, :line, :at, :locked);
