-- Merges of establishments.

-- merge_preview(a bigint, b bigint) -> json
select d from api.merge_preview(:a, :b) d where d is not null;

-- merge_make(a bigint, b bigint, reason text?) -> row
select api.merge_make(:a, :b, :reason);

-- merge_unmake(merge bigint, reason text?) -> void
select api.merge_unmake(:merge, :reason);

-- merge_document(merge bigint) -> json
select d from api.merge_document(:merge) d where d is not null;
