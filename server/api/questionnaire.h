// Questionnaires of reports: the common core, and what a network adds.
#pragma once

#include "http/req.h"

// GET /api/questionnaire[?visit=]: those in force for the reader, or those that the report of the visit answered.
enum err questionnaire_get(struct req *r);
// PUT /api/questionnaire/common, /network: publishes the next version; If-Match required, the
// version it was made from (0: there was none).
enum err questionnaire_put_common(struct req *r);
enum err questionnaire_put_network(struct req *r);
