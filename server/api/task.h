// The inbox: reminders and questions of one's organisation. They are listed by GET /api/today.
#pragma once

#include "http/req.h"

// POST /api/tasks/{id}/done
enum err task_done(struct req *r);
// POST /api/tasks/{id}/later: shown again from that day on.
enum err task_later(struct req *r);
