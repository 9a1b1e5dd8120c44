#include "http/cookie.h"

struct str cookie_find(struct str header, struct str name)
{
    struct str pair, key;
    while (str_cut(&header, ';', &pair)) {
        if (str_cut(&pair, '=', &key) && !str_is_absent(pair) && str_eq(str_trim(key), name)) {
            struct str value = str_trim(pair);
            if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"') {
                value = str_sub(value, 1, value.len - 2);
            }
            return value;
        }
    }
    return (struct str){ 0 };
}

bool header_accepts(struct str header, struct str token)
{
    struct str item, name;
    while (str_cut(&header, ',', &item)) {
        str_cut(&item, ';', &name);
        if (str_eq_case(str_trim(name), token)) {
            struct str weight = str_trim(item);
            double     q      = 1;
            if (str_starts(weight, STR("q="))) {
                weight = str_sub(weight, 2, weight.len);
                return str_double(weight, &q) && q > 0;
            }
            return true;
        }
    }
    return false;
}

bool header_names_tag(struct str header, struct str tag)
{
    struct str item;
    while (str_cut(&header, ',', &item)) {
        item = str_trim(item);
        if (str_starts(item, STR("W/"))) {
            item = str_sub(item, 2, item.len);
        }
        if (str_eq(item, tag) || str_eq(item, STR("*"))) {
            return true;
        }
    }
    return false;
}

struct str header_trace(struct str header)
{
    struct str version, trace, parent;
    if (!str_cut(&header, '-', &version) || !str_cut(&header, '-', &trace) ||
        !str_cut(&header, '-', &parent) || str_is_absent(header)) {
        return (struct str){ 0 };
    }
    bool is_zero = true;
    for (size_t i = 0; i < trace.len; i++) {
        char c = trace.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return (struct str){ 0 };
        }
        is_zero = is_zero && c == '0';
    }
    bool is_good = version.len == 2 && trace.len == 32 && parent.len == 16 && !is_zero;
    return is_good ? trace : (struct str){ 0 };
}

bool header_is_type(struct str header, struct str type)
{
    struct str name = { 0 };
    return str_cut(&header, ';', &name) && str_eq_case(str_trim(name), type);
}
