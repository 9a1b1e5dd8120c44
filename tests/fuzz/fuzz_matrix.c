// Tables of ways from a routing service: whatever the bytes, no number that the engine cannot bear.
#include "fuzz.h"
#include "week/week_matrix.h"

enum { ROWS = 2, COLUMNS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int32_t            seconds[ROWS * COLUMNS], metres[ROWS * COLUMNS];
    struct week_matrix into = { seconds, metres };
    if (week_matrix_read((struct str){ (const char *)data, size }, ROWS, COLUMNS, &into)) {
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            bool is_way = seconds[i] >= 0 && seconds[i] <= TOUR_TIME_MAX;
            if ((!is_way && seconds[i] != TOUR_NEVER) || metres[i] < 0) {
                DIE("a way that is none");
            }
        }
    }
    return 0;
}
