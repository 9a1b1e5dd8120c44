-- Targets and objectives. The rules are in schema/api/78_target.sql.

-- targets_document(from text?, to text?) -> json
-- Those whose period touches these months (the last twelve), and the plans that ran in them.
select json_build_object('items', (select coalesce(json_agg(row_to_json(t)), '[]') from api.target_figures(x.from_month, x.to_month) t),
                         'plans', api.target_plans(x.from_month, x.to_month))
  from (select coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer as from_month,
               coalesce(data.month_number(:to), data.month_of(data.now()))::integer as to_month) x;

-- target_new(organisation bigint?, indicator text, within text, from text, to text, goal float8) -> row
-- Returns its id.
select api.target_set(:organisation, :indicator, :within, data.month_number(:from), data.month_number(:to), round(:goal::numeric, 4));

-- target_dropped(id bigint) -> void
select api.target_drop(:id);
