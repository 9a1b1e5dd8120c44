#include "import/columns.h"

// The plain letter(s) of an accented character, by code point; NULL when it is none.
static const char *plain(unsigned code)
{
    static const struct {
        unsigned    from, to;
        const char *letters;
    } ranges[] = {
        { 0xC0, 0xC5, "a" },   { 0xC6, 0xC6, "ae" }, { 0xC7, 0xC7, "c" },  { 0xC8, 0xCB, "e" },
        { 0xCC, 0xCF, "i" },   { 0xD1, 0xD1, "n" },  { 0xD2, 0xD6, "o" },  { 0xD9, 0xDC, "u" },
        { 0xDD, 0xDD, "y" },   { 0xE0, 0xE5, "a" },  { 0xE6, 0xE6, "ae" }, { 0xE7, 0xE7, "c" },
        { 0xE8, 0xEB, "e" },   { 0xEC, 0xEF, "i" },  { 0xF1, 0xF1, "n" },  { 0xF2, 0xF6, "o" },
        { 0xF9, 0xFC, "u" },   { 0xFD, 0xFD, "y" },  { 0xFF, 0xFF, "y" },  { 0x152, 0x153, "oe" },
        { 0x178, 0x178, "y" },
    };
    for (size_t i = 0; i < LENGTH(ranges); i++) {
        if (code >= ranges[i].from && code <= ranges[i].to) {
            return ranges[i].letters;
        }
    }
    return NULL;
}

// Takes one character off text: its plain letters in two bytes of c, "" for anything else.
static void next_plain(struct str *text, char c[3])
{
    unsigned char b = (unsigned char)text->at[0];
    size_t        used = 1;

    c[0] = c[1] = c[2] = '\0';
    if (b >= 'A' && b <= 'Z') {
        c[0] = (char)(b - 'A' + 'a');
    } else if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9')) {
        c[0] = (char)b;
    } else if (b >= 0xC2 && b <= 0xDF && text->len >= 2) {
        const char *letters = plain(((b & 0x1FU) << 6) | ((unsigned char)text->at[1] & 0x3FU));
        used = 2;
        if (letters) {
            c[0] = letters[0];
            c[1] = letters[1];
        }
    } else if (b >= 0xE0) {
        used = b >= 0xF0 ? 4 : 3;
        used = used > text->len ? text->len : used;
    }
    text->at += used;
    text->len -= used;
}

void column_key(struct str text, char ret[KEY_MAX])
{
    size_t n = 0;

    while (text.len && n + 2 < KEY_MAX) {
        char c[3];
        next_plain(&text, c);
        for (size_t i = 0; c[i]; i++) {
            ret[n++] = c[i];
        }
    }
    ret[n] = '\0';
}

void words_key(struct str text, char *ret, size_t size)
{
    size_t n = 0;
    bool   is_word = false;

    while (text.len && n + 3 < size) {
        char c[3];
        next_plain(&text, c);
        if (!c[0]) {
            is_word = false;
            continue;
        }
        if (!is_word && n) {
            ret[n++] = ' ';
        }
        is_word = true;
        for (size_t i = 0; c[i]; i++) {
            ret[n++] = c[i];
        }
    }
    ret[n] = '\0';
}

// Finds header `name` from index `from` on; COLUMN_NONE when there is none.
static int find_header(const struct csv *csv, struct str name, size_t from)
{
    for (size_t i = from; i < csv_header_count(csv); i++) {
        char key[KEY_MAX];
        column_key(csv_header(csv, i), key);
        if (str_eq(name, (struct str){ key, strlen(key) })) {
            return (int)i;
        }
    }
    return COLUMN_NONE;
}

size_t columns_find(const struct csv *csv, const struct column_name *known, size_t count, int *ret)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        struct str rest = str_of(known[i].names);
        ret[i] = COLUMN_NONE;
        for (struct str name; ret[i] == COLUMN_NONE && str_cut(&rest, '|', &name);) {
            ret[i] = name.len ? find_header(csv, name, 0) : COLUMN_NONE;
        }
        found += ret[i] != COLUMN_NONE;
    }
    return found;
}

bool columns_check(const struct csv *csv, const struct column_name *known, size_t count,
                   const int *found, struct import_problem *p)
{
    char   missing[400];
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        if (found[i] == COLUMN_NONE) {
            if (known[i].required && n < sizeof missing - 1) {
                int wrote = snprintf(missing + n, sizeof missing - n, "%s%s", n ? ", " : "",
                                     known[i].label);
                n += wrote > 0 ? (size_t)wrote : 0;
            }
            continue;
        }
        struct str name = csv_header(csv, (size_t)found[i]);
        char       key[KEY_MAX];
        column_key(name, key);
        if (find_header(csv, (struct str){ key, strlen(key) }, (size_t)found[i] + 1) !=
            COLUMN_NONE) {
            import_problem_set(p, PROBLEM_TWICE, csv_line(csv), name, STR(""));
            return false;
        }
    }
    if (n) {
        n = n < sizeof missing ? n : sizeof missing - 1;
        import_problem_set(p, PROBLEM_MISSING, csv_line(csv), STR(""), (struct str){ missing, n });
        return false;
    }
    return true;
}
