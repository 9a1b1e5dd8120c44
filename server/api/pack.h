// Committee packs: the document of a committee for a period, as a draft with the figures of the
// day, then frozen.
//
// A pack's JSON carries `content`, the document itself, and `frozen` with its hash once nothing
// moves any more. Observers have frozen packs only, in their own edition, with a hash of its own.
// Rules: schema/api/79_pack.sql.
#pragma once

#include "http/req.h"

// GET /api/packs: those of the territory, newest first.
enum err pack_list(struct req *r);
// POST /api/packs: a draft; `again`: an earlier pack whose comments it begins with.
enum err pack_post(struct req *r);
// GET /api/packs/{id}: with its document.
enum err pack_get(struct req *r);
// PATCH /api/packs/{id}: title, area, period, day of a draft; names the version it was read at.
enum err pack_patch(struct req *r);
// GET /api/packs/{id}/content.json: the document alone; of a frozen one, the very bytes that were
// hashed.
enum err pack_content_get(struct req *r);
// GET /api/packs/{id}/workbook.xlsx: one sheet per indicator, plans, comments.
enum err pack_workbook(struct req *r);
// PUT /api/packs/{id}/comments/{part}: what is said of a part; names the version it was written
// over.
enum err pack_comment_put(struct req *r);
// POST /api/packs/{id}/freeze, /drop: the two ends of a draft.
enum err pack_freeze_post(struct req *r);
enum err pack_drop_post(struct req *r);
