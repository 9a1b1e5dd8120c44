-- Values of an establishment and where they come from.

-- values_document(establishment bigint) -> json
select d from api.values_of(:establishment) d where d is not null;

-- value_pin(establishment bigint, field text, value text, reason text) -> void
select api.value_pin(:establishment, :field, :value, :reason);

-- value_release(establishment bigint, field text) -> void
select api.value_release(:establishment, :field);
