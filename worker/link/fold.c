#include "link/fold.h"

// Latin-1 supplement and Latin Extended-A, U+00C0..U+017F, as the letters they carry.
static const char latin[][3] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",  // C0
    "d", "n", "o",  "o",  "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "ss", // D0
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",  // E0
    "d", "n", "o",  "o",  "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "y",  // F0
    "a", "a", "a",  "a",  "a", "a", "c",  "c", "c", "c", "c", "c", "c", "c", "d",  "d",  // 100
    "d", "d", "e",  "e",  "e", "e", "e",  "e", "e", "e", "e", "e", "g", "g", "g",  "g",  // 110
    "g", "g", "g",  "g",  "h", "h", "h",  "h", "i", "i", "i", "i", "i", "i", "i",  "i",  // 120
    "i", "i", "ij", "ij", "j", "j", "k",  "k", "k", "l", "l", "l", "l", "l", "l",  "l",  // 130
    "l", "l", "l",  "n",  "n", "n", "n",  "n", "n", "n", "n", "n", "o", "o", "o",  "o",  // 140
    "o", "o", "oe", "oe", "r", "r", "r",  "r", "r", "r", "s", "s", "s", "s", "s",  "s",  // 150
    "s", "s", "t",  "t",  "t", "t", "t",  "t", "u", "u", "u", "u", "u", "u", "u",  "u",  // 160
    "u", "u", "u",  "u",  "w", "w", "y",  "y", "y", "z", "z", "z", "z", "z", "z",  "s",  // 170
};

// The code point at text.at[*i], which moves behind it; 0 for a byte that is not UTF-8.
static unsigned next(struct str text, size_t *i)
{
    unsigned char c = (unsigned char)text.at[*i];
    size_t   more   = c < 0x80 ? 0 : c < 0xC2 ? 9 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : c < 0xF5 ? 3 : 9;
    unsigned code   = more == 0 ? c : c & (0x3FU >> more);

    *i += 1;
    if (more == 9 || *i + more > text.len) {
        return 0;
    }
    for (size_t k = 0; k < more; k++) {
        unsigned char d = (unsigned char)text.at[*i + k];
        if ((d & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (d & 0x3F);
    }
    *i += more;
    return code;
}

// What a code point is folded to; a combining accent is nothing at all.
static const char *folded(unsigned code)
{
    if (code >= 0xC0 && code < 0xC0 + LENGTH(latin)) {
        return latin[code - 0xC0];
    }
    if ((code >= 0x300 && code < 0x370) || code == 0xAD || (code >= 0x200B && code <= 0x200D) ||
        code == 0xFEFF) {
        return "";
    }
    switch (code) {
    case 0xAA:
        return "a";
    case 0xBA:
        return "o";
    case 0x1E9E:
        return "ss";
    default:
        return " ";
    }
}

struct fold_state {
    char  *to;
    size_t len, room;
    bool   blank; // a blank is due before the next character
};

static bool put(struct fold_state *s, const char *part, size_t len)
{
    size_t gap = s->blank && s->len ? 1 : 0;

    if (s->len + gap + len > s->room) {
        return false;
    }
    if (gap) {
        s->to[s->len++] = ' ';
    }
    memcpy(s->to + s->len, part, len);
    s->len += len;
    s->blank = false;
    return true;
}

static bool put_ascii(struct fold_state *s, char c)
{
    if (c >= 'A' && c <= 'Z') {
        c = (char)(c | 0x20);
    }
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        return put(s, &c, 1);
    }
    if (c == '&' || c == '+') {
        s->blank  = true;
        bool fits = put(s, "et", 2);
        s->blank  = true;
        return fits;
    }
    s->blank = true;
    return true;
}

size_t fold(struct str text, char *ret, size_t room)
{
    struct fold_state s    = { .to = ret, .room = room };
    bool              fits = true;

    for (size_t i = 0; i < text.len && fits;) {
        if ((unsigned char)text.at[i] < 0x80) {
            fits = put_ascii(&s, text.at[i++]);
            continue;
        }
        const char *part = folded(next(text, &i));
        if (part[0] == ' ') {
            s.blank = true;
        } else if (part[0]) {
            fits = put(&s, part, strlen(part));
        }
    }
    return s.len;
}

struct str words_at(const struct words *w, size_t index)
{
    return index < w->count ? (struct str){ w->text + w->at[index], w->len[index] } : STR("");
}

bool word_is(struct str word, const char *known)
{
    // Without looking for the end of what is known: most words differ in their first letter.
    for (size_t i = 0; i < word.len; i++) {
        if (known[i] != word.at[i]) {
            return false;
        }
    }
    return known[word.len] == '\0';
}

bool words_add(struct words *w, struct str word)
{
    size_t gap = w->count ? 1 : 0;

    if (!word.len || w->count == WORDS_MAX || w->size + gap + word.len > WORDS_TEXT_MAX) {
        return false;
    }
    if (gap) {
        w->text[w->size++] = ' ';
    }
    w->at[w->count]    = w->size;
    w->len[w->count++] = (uint8_t)word.len;
    memcpy(w->text + w->size, word.at, word.len);
    w->size          = (uint8_t)(w->size + word.len);
    w->text[w->size] = '\0';
    return true;
}

// True when the dotted letter at i ("C." in "C.C.A.S") goes on with another letter.
static bool is_dotted(struct str text, size_t i)
{
    return i + 1 < text.len && text.at[i] == '.' && (text.at[i + 1] | 0x20) >= 'a' &&
           (text.at[i + 1] | 0x20) <= 'z' &&
           (i + 2 == text.len || text.at[i + 2] == '.' || text.at[i + 2] == ' ' ||
            text.at[i + 2] == ')' || text.at[i + 2] == ',');
}

static bool is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80;
}

void words_read(struct str text, struct words *ret)
{
    char   close[1024]; // the text without the dots of acronyms
    char   flat[WORDS_TEXT_MAX];
    size_t n = 0;

    ret->text[0] = '\0';
    ret->size = ret->count = 0;
    for (size_t i = 0; i < text.len && n < sizeof close; i++) {
        bool alone = i < 2 || !is_letter(text.at[i - 2]);
        if (i > 0 && alone && is_letter(text.at[i - 1]) && is_dotted(text, i)) {
            continue;
        }
        close[n++] = text.at[i];
    }
    struct str rest = { flat, fold((struct str){ close, n }, flat, sizeof flat) };
    for (struct str word; rest.len && str_cut(&rest, ' ', &word);) {
        if (!words_add(ret, word) && ret->count == WORDS_MAX) {
            return;
        }
    }
}
