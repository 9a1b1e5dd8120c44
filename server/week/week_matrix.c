#include "week/week_matrix.h"

#include <jansson.h>
#include <math.h>

static bool read_cell(const json_t *cell, int32_t otherwise, int32_t *ret)
{
    double value = json_is_number(cell) ? json_number_value(cell) : -1;
    if (json_is_null(cell)) {
        *ret = otherwise;
        return true;
    }
    if (!(value >= 0)) {
        return false;
    }
    *ret = value < (double)TOUR_TIME_MAX ? (int32_t)lround(value) : otherwise;
    return true;
}

static bool read_table(const json_t *table, int32_t rows, int32_t columns, int32_t otherwise,
                       int32_t *into)
{
    if (!json_is_array(table) || json_array_size(table) != (size_t)rows) {
        return false;
    }
    for (int32_t i = 0; i < rows; i++) {
        const json_t *row = json_array_get(table, (size_t)i);
        if (!json_is_array(row) || json_array_size(row) != (size_t)columns) {
            return false;
        }
        for (int32_t j = 0; j < columns; j++) {
            if (!read_cell(json_array_get(row, (size_t)j), otherwise, &into[i * columns + j])) {
                return false;
            }
        }
    }
    return true;
}

bool week_matrix_read(struct str json, int32_t rows, int32_t columns, struct week_matrix *into)
{
    json_error_t why;
    json_t      *root =
        json.len && json.len <= WEEK_MATRIX_BYTES ? json_loadb(json.at, json.len, 0, &why) : NULL;
    const char   *code      = json_string_value(json_object_get(root, "code"));
    const json_t *distances = json_object_get(root, "distances");
    bool          is_table =
        code && strcmp(code, "Ok") == 0 &&
        read_table(json_object_get(root, "durations"), rows, columns, TOUR_NEVER, into->seconds);
    memset(into->metres, 0, (size_t)rows * (size_t)columns * sizeof *into->metres);
    if (is_table && distances) {
        is_table = read_table(distances, rows, columns, 0, into->metres);
    }
    json_decref(root);
    return is_table;
}
