// Any picture: refused, or made anew within its limits; what was made anew is a picture too.
#include "fuzz.h"

#include "picture/picture.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out = buf_init(PICTURE_OUT_MOST), again = buf_init(PICTURE_OUT_MOST);
    int        width = 0, height = 0, w, h;

    if (picture_renew((struct str){ (const char *)data, size }, &out, &width, &height) ==
        PICTURE_DONE) {
        if (width < 1 || height < 1 || width > PICTURE_SIDE || height > PICTURE_SIDE ||
            picture_renew(buf_str(&out), &again, &w, &h) != PICTURE_DONE || w != width ||
            h != height) {
            abort();
        }
    }
    buf_done(&out);
    buf_done(&again);
    return 0;
}
