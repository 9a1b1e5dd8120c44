#include "check/words.h"

struct check_words check_words_of(struct str text)
{
    return (struct check_words){ .text = text, .line = 1 };
}

struct str check_word(struct check_words *w)
{
    size_t begin;

    while (w->at < w->text.len && (unsigned char)w->text.at[w->at] <= ' ') {
        w->line += w->text.at[w->at++] == '\n';
    }
    begin = w->at;
    while (w->at < w->text.len && (unsigned char)w->text.at[w->at] > ' ') {
        w->at++;
    }
    return begin == w->at ? (struct str){ 0 } : (struct str){ w->text.at + begin, w->at - begin };
}

int64_t check_number(struct check_words *w)
{
    struct str word  = check_word(w);
    int64_t    value = 0;
    size_t     sign  = word.len && word.at[0] == '-', first = sign;

    while (first + 1 < word.len && word.at[first] == '0') {
        first++;
    }
    if (word.len <= sign || word.len - first > 18) {
        w->bad = true;
        return 0;
    }
    for (size_t k = sign; k < word.len; k++) {
        if (word.at[k] < '0' || word.at[k] > '9') {
            w->bad = true;
            return 0;
        }
        value = 10 * value + (word.at[k] - '0');
    }
    return sign ? -value : value;
}

bool check_is(struct check_words *w, const char *word)
{
    struct check_words before = *w;

    if (str_eq(check_word(w), str_of(word))) {
        return true;
    }
    *w = before;
    return false;
}
