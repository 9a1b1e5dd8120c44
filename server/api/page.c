#include "api/page.h"

enum err page_before(struct req *r, int64_t *ret_before)
{
    struct str position;
    enum err   e = query_cursor(r, &position);
    if (e) {
        return e;
    }
    *ret_before = INT64_MAX;
    if (position.at && !str_int(position, ret_before)) {
        return ERR_CURSOR_INVALID;
    }
    return OK;
}
