#include "week/week_rows.h"

static struct week_place place_of(const struct result *r, int row, int column)
{
    return (struct week_place){
        .lon      = result_double(r, row, column),
        .lat      = result_double(r, row, column + 1),
        .density  = (int32_t)result_int(r, row, column + 2),
        .is_known = !result_is_null(r, row, column),
    };
}

void week_read_days(const struct result *rows, struct arena *a, struct week *into)
{
    int              count = result_count(rows);
    struct week_day *days  = ARENA_ARRAY(a, struct week_day, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        days[i] = (struct week_day){
            .member     = result_int(rows, i, 0),
            .day        = (int32_t)result_int(rows, i, 1),
            .opens      = result_int(rows, i, 2),
            .closes     = result_int(rows, i, 3),
            .lunch_from = result_int(rows, i, 4),
            .lunch_to   = result_int(rows, i, 5),
            .lunch      = result_int(rows, i, 6),
            .base       = place_of(rows, i, 7),
            .most       = (int32_t)result_int(rows, i, 10),
        };
    }
    into->days      = days;
    into->day_count = count;
}

// {1,2,3}
static const int64_t *numbers_of(struct str text, struct arena *a, int32_t *ret_count)
{
    struct str inner   = text.len > 2 ? str_sub(text, 1, text.len - 2) : (struct str){ 0 };
    int64_t   *numbers = ARENA_ARRAY(a, int64_t, text.len / 2 + 1);
    *ret_count         = 0;
    for (struct str part; str_cut(&inner, ',', &part);) {
        if (str_int(part, &numbers[*ret_count])) {
            (*ret_count)++;
        }
    }
    return numbers;
}

static int64_t int_or(const struct result *r, int row, int column, int64_t otherwise)
{
    return result_is_null(r, row, column) ? otherwise : result_int(r, row, column);
}

static enum week_kind kind_of(struct str text)
{
    if (str_eq(text, STR("visit"))) {
        return WEEK_VISIT;
    }
    return str_eq(text, STR("promise")) ? WEEK_PROMISE : WEEK_NEARBY;
}

void week_read_wishes(const struct result *rows, struct arena *a, struct week *into)
{
    int               count  = result_count(rows);
    struct week_wish *wishes = ARENA_ARRAY(a, struct week_wish, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        struct week_wish *x = &wishes[i];
        *x                  = (struct week_wish){
                             .kind          = kind_of(result_text(rows, i, 0)),
                             .establishment = result_int(rows, i, 1),
                             .visit         = result_int(rows, i, 2),
                             .promise       = result_int(rows, i, 3),
                             .member        = result_int(rows, i, 4),
                             .service       = result_int(rows, i, 5) * 60,
                             .at            = int_or(rows, i, 6, -1),
                             .place         = place_of(rows, i, 7),
                             .rank          = (int32_t)result_int(rows, i, 10),
                             .worth         = (int32_t)result_int(rows, i, 11),
                             .past_at       = int_or(rows, i, 13, -1),
                             .past_member   = result_int(rows, i, 14),
                             .past_left     = result_bool(rows, i, 15),
                             .is_locked     = result_bool(rows, i, 16),
        };
        x->windows = numbers_of(result_text(rows, i, 12), a, &x->window_count);
    }
    into->wishes     = wishes;
    into->wish_count = count;
}
