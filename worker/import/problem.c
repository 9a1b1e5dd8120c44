#include "import/problem.h"

#include <stdio.h>
#include <string.h>

#define NBSP "\xC2\xA0"

static const struct {
    const char *name;
    const char *sentence;
} codes[PROBLEM__COUNT] = {
#define PROBLEM(name, code, sentence) [PROBLEM_##name] = { code, sentence },
#include "import/problem.def"
#undef PROBLEM
};

const char *import_code_name(enum import_code code)
{
    return codes[code].name;
}

enum import_code import_code_of(struct str name)
{
    for (int i = 0; i < PROBLEM__COUNT; i++) {
        if (str_eq(name, str_of(codes[i].name))) {
            return (enum import_code)i;
        }
    }
    return PROBLEM_NONE;
}

const char *import_code_sentence(enum import_code code)
{
    return codes[code].sentence;
}

// Copies text cut on a character boundary, with an ellipsis when cut; the result is one line.
static void copy_short(char *into, size_t size, struct str text)
{
    static const char ellipsis[] = "…";
    size_t            len = text.len;

    if (len >= size) {
        len = size - sizeof ellipsis;
        while (len > 0 && ((unsigned char)text.at[len] & 0xC0) == 0x80) {
            len--;
        }
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        into[i] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
    }
    into[len] = '\0';
    if (len < text.len) {
        memcpy(into + len, ellipsis, sizeof ellipsis);
    }
}

void import_problem_set(struct import_problem *p, enum import_code code, uint64_t line,
                        struct str column, struct str value)
{
    p->code = code;
    p->line = line;
    copy_short(p->column, sizeof p->column, column);
    copy_short(p->value, sizeof p->value, value);
}

const char *import_problem_message(const struct import_problem *p, char *text, size_t size)
{
    if (p->value[0]) {
        snprintf(text, size, "%s («" NBSP "%s" NBSP "»)", import_code_sentence(p->code), p->value);
    } else {
        snprintf(text, size, "%s", import_code_sentence(p->code));
    }
    return text;
}

const char *import_problem_text(const struct import_problem *p, char *text, size_t size)
{
    char message[700];

    import_problem_message(p, message, sizeof message);
    if (p->line && p->column[0]) {
        snprintf(text, size, "ligne %llu, colonne %s" NBSP ": %s", (unsigned long long)p->line,
                 p->column, message);
    } else if (p->line) {
        snprintf(text, size, "ligne %llu" NBSP ": %s", (unsigned long long)p->line, message);
    } else {
        snprintf(text, size, "%s", message);
    }
    return text;
}
