#include "api/task.h"

#include "queries.h"

enum err task_done(struct req *r)
{
    return reply_none(r, task_settle(r->db, path_id(r), (struct str){ 0 }));
}

enum err task_later(struct req *r)
{
    static const struct field fields[] = {
        { .name = "on", .type = FIELD_DATE, .offset = 0, .required = true },
        { 0 },
    };
    struct str on = { 0 };
    enum err   e  = body_read(r, fields, &on);
    return e ? e : reply_none(r, task_settle(r->db, path_id(r), on));
}
