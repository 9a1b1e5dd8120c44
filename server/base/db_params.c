#include "base/db_private.h"

static void put_big_endian(uint8_t *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    }
}

void db_encode(const struct param *params, int count, struct arena *a, struct encoded *ret_e)
{
    static const int widths[] = {
        [PARAM_INT2] = 2,   [PARAM_INT4] = 4,  [PARAM_INT8] = 8, [PARAM_BOOL] = 1,
        [PARAM_FLOAT8] = 8, [PARAM_BYTES] = 0, [PARAM_TEXT] = 0
    };
    for (int i = 0; i < count; i++) {
        const struct param *p = &params[i];
        uint64_t            bits;
        ret_e->lengths[i] = widths[p->kind];
        ret_e->formats[i] = p->kind != PARAM_TEXT;
        ret_e->values[i]  = NULL;
        if (p->is_null) {
            continue;
        }
        switch (p->kind) {
        case PARAM_BYTES: // text, bytea and json look the same on the wire as in memory
            ret_e->values[i]  = p->s.at ? p->s.at : "";
            ret_e->lengths[i] = (int)p->s.len;
            break;
        case PARAM_TEXT:
            ret_e->values[i] = arena_text(a, p->s);
            break;
        case PARAM_FLOAT8:
            memcpy(&bits, &p->d, sizeof bits);
            put_big_endian(ret_e->bytes[i], bits, 8);
            ret_e->values[i] = (const char *)ret_e->bytes[i];
            break;
        default:
            put_big_endian(ret_e->bytes[i], (uint64_t)p->i, widths[p->kind]);
            ret_e->values[i] = (const char *)ret_e->bytes[i];
        }
    }
}

// --- results ------------------------------------------------------------------------------------

void result_done(struct result *res)
{
    if (res && res->rows) {
        PQclear(res->rows);
        res->rows = NULL;
    }
}

enum err result_end(struct result res)
{
    enum err e = res.err;
    result_done(&res);
    return e;
}

int result_count(const struct result *res)
{
    return res->rows ? PQntuples(res->rows) : 0;
}

int result_columns(const struct result *res)
{
    return res->rows ? PQnfields(res->rows) : 0;
}

bool result_is_null(const struct result *res, int row, int column)
{
    return !res->rows || PQgetisnull(res->rows, row, column);
}

struct str result_text(const struct result *res, int row, int column)
{
    if (result_is_null(res, row, column)) {
        return (struct str){ 0 };
    }
    return (struct str){ PQgetvalue(res->rows, row, column),
                         (size_t)PQgetlength(res->rows, row, column) };
}

int64_t result_int(const struct result *res, int row, int column)
{
    int64_t value = 0;
    return str_int(result_text(res, row, column), &value) ? value : 0;
}

double result_double(const struct result *res, int row, int column)
{
    double value = 0;
    return str_double(result_text(res, row, column), &value) ? value : 0;
}

bool result_bool(const struct result *res, int row, int column)
{
    return str_eq(result_text(res, row, column), STR("t"));
}
