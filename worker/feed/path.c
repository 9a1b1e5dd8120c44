#include "feed/path.h"

// --- cutting ----------------------------------------------------------------------------------------

static struct str without_blanks(struct str text)
{
    size_t at = 0;
    while (at < text.len && strchr(" \t\r\n", text.at[at]) && text.at[at]) {
        at++;
    }
    return str_sub(text, at, text.len);
}

// Behind the text between apostrophes that begins at `at`; `at` when there is none. One within it ends nothing: « Date d'effet ».
static size_t behind_quote(struct str text, size_t at)
{
    for (size_t i = at + 1; i < text.len; i++) {
        struct str rest = text.at[i] == '\'' ? without_blanks(str_sub(text, i + 1, text.len)) : text;
        if (text.at[i] == '\'' && (rest.len == 0 || strchr("+|],[", rest.at[0]))) {
            return i + 1;
        }
    }
    return at;
}

// A quote begins where a value may.
static bool may_quote(struct str before)
{
    size_t end = before.len;
    while (end > 0 && strchr(" \t\r\n", before.at[end - 1]) && before.at[end - 1]) {
        end--;
    }
    return end == 0 || strchr("+|=,[/", before.at[end - 1]);
}

// Behind what holds together at `at`: a quote, brackets, else one character.
static size_t behind(struct str text, size_t at)
{
    if (text.at[at] == '\'' && may_quote(str_sub(text, 0, at))) {
        size_t end = behind_quote(text, at);
        return end > at ? end : at + 1;
    }
    if (text.at[at] == '[') {
        for (size_t i = at + 1; i < text.len;) {
            if (text.at[i] == ']') {
                return i + 1;
            }
            size_t end = text.at[i] == '\'' && may_quote(str_sub(text, 0, i)) ? behind_quote(text, i) : i;
            i          = end > i ? end : i + 1;
        }
    }
    return str_starts(str_sub(text, at, 2), STR("++")) ? at + 2 : at + 1;
}

bool path_cut(struct str *rest, const char *mark, struct str *ret_part)
{
    size_t at = 0, width = strlen(mark);
    if (str_is_absent(*rest)) {
        return false;
    }
    for (size_t next; at < rest->len; at = next) {
        next = behind(*rest, at);
        if (next == at + width && str_starts(str_sub(*rest, at, width), str_of(mark))) {
            break;
        }
    }
    *ret_part = str_sub(*rest, 0, at);
    *rest     = at < rest->len ? str_sub(*rest, at + width, rest->len) : (struct str){ 0 };
    return true;
}

bool path_is_closed(struct str text)
{
    bool is_within = false;
    for (size_t at = 0; at < text.len;) {
        bool   is_quote = text.at[at] == '\'' && may_quote(str_sub(text, 0, at));
        size_t end      = is_quote ? behind_quote(text, at) : at + 1;
        if (end == at) {
            return false;
        }
        is_within = is_quote ? is_within : text.at[at] == '[' || (is_within && text.at[at] != ']');
        at        = end;
    }
    return !is_within;
}

bool path_quoted(struct str text, struct str *ret)
{
    bool is_quoted = text.len >= 2 && text.at[0] == '\'' && behind_quote(text, 0) == text.len;
    *ret           = is_quoted ? str_sub(text, 1, text.len - 2) : text;
    return is_quoted;
}

static bool is_condition(struct str inside)
{
    bool is_number = inside.len > 0 && inside.len < 6;
    for (size_t i = 0; i < inside.len && is_number; i++) {
        is_number = inside.at[i] >= '0' && inside.at[i] <= '9';
    }
    return is_number || str_index(inside, '=') < inside.len;
}

// Where the brackets begin that end a step; its length when it ends otherwise.
static size_t last_bracket(struct str step)
{
    for (size_t at = 0, next; at < step.len; at = next) {
        next = behind(step, at);
        if (step.at[at] == '[' && next == step.len && next > at + 1) {
            return at;
        }
    }
    return step.len;
}

bool path_parts(struct str path, struct str *ret_base, struct str *ret_parts)
{
    size_t bracket = last_bracket(path);
    if (bracket == path.len || is_condition(str_trim(str_sub(path, bracket + 1, path.len - bracket - 2)))) {
        return false;
    }
    *ret_base  = str_trim(str_sub(path, 0, bracket));
    *ret_parts = str_sub(path, bracket + 1, path.len - bracket - 2);
    return true;
}

bool path_words(struct str path, struct str *ret_base, struct str *ret_words, size_t *ret_piece)
{
    struct str rest = path, step = { 0 }, inside;
    int64_t    n    = 0;
    while (path_cut(&rest, "/", &step)) {
    }
    struct str last    = str_trim(step);
    size_t     bracket = last_bracket(last);
    struct str number  = bracket < last.len ? str_trim(str_sub(last, bracket + 1, last.len - bracket - 2)) : STR("0");
    size_t     before  = (size_t)(step.at - path.at);
    if (before == 0 || !path_quoted(str_trim(str_sub(last, 0, bracket)), &inside) || !inside.len || !str_int(number, &n) || n < 0) {
        return false;
    }
    *ret_base  = str_sub(path, 0, before - 1);
    *ret_words = inside;
    *ret_piece = (size_t)n;
    return true;
}

// --- steps ------------------------------------------------------------------------------------------

enum { CONDITIONS = 4 };

// A step: its whole text, which may be a name, and what it is without its conditions.
struct step {
    struct str whole, name;
    size_t     count;
    struct str conditions[CONDITIONS]; // the last one first
};

static struct step step_read(struct str text)
{
    struct step s = { .whole = text, .name = text };
    while (s.count < CONDITIONS) {
        size_t     bracket = last_bracket(s.name);
        struct str inside  = bracket < s.name.len ? str_trim(str_sub(s.name, bracket + 1, s.name.len - bracket - 2)) : (struct str){ 0 };
        if (bracket == s.name.len || !is_condition(inside)) {
            break;
        }
        s.conditions[s.count++] = inside;
        s.name                  = str_trim(str_sub(s.name, 0, bracket));
    }
    return s;
}

// The next character of a name as it is compared: what paths are written with is a blank, of several only one counts.
static char next_of(struct str name, size_t *at)
{
    bool is_blank = false;
    while (*at < name.len && strchr("/+|'[] \n\r", name.at[*at])) {
        is_blank = true;
        (*at)++;
    }
    return is_blank && *at < name.len ? ' ' : *at < name.len ? name.at[(*at)++] : '\0';
}

static bool is_alike(struct str a, struct str b)
{
    size_t i = 0, k = 0;
    char   c, d;
    do {
        c = next_of(a, &i);
        d = next_of(b, &k);
    } while (c == d && c);
    return c == d;
}

static bool is_named(const struct feed_node *node, struct str name)
{
    if (str_eq(node->name, name) || str_eq(name, STR("*"))) {
        return true;
    }
    bool is_loose = name.len && (str_index(name, ' ') < name.len || str_index(name, '\'') < name.len || str_index(name, ']') < name.len);
    return (node->prefix && str_eq((struct str){ node->name.at - node->prefix, node->name.len + node->prefix }, name)) ||
           (is_loose && is_alike(node->name, name));
}

static bool has_value(const struct feed_node *node, struct str path, struct str value, bool (*is_met)(struct str text, struct str value))
{
    struct str step;
    bool       has_more = str_cut(&path, '/', &step);
    if (!has_more) {
        return is_met(node->text, value);
    }
    step = str_trim(step);
    if (str_eq(step, STR("."))) {
        return has_value(node, path, value, is_met);
    }
    for (const struct feed_node *n = node->first; n; n = n->next) {
        if (is_named(n, step) && has_value(n, path, value, is_met)) {
            return true;
        }
    }
    return false;
}

static bool has_part(const struct feed_node *node, struct str path)
{
    struct str step;
    if (!str_cut(&path, '/', &step)) {
        return node->text.len > 0;
    }
    for (const struct feed_node *n = node->first; n; n = n->next) {
        if (is_named(n, str_trim(step)) && has_part(n, path)) {
            return true;
        }
    }
    return str_eq(str_trim(step), STR(".")) && has_part(node, path);
}

// "lang = 'fr'", "@kind != 'closed'", "postcode ^= '03'", "2"; `seen`: how many before it met what stands before this condition.
static bool meets(const struct feed_node *node, struct str condition, uint32_t seen)
{
    size_t     equals = str_index(condition, '=');
    char       sign   = equals && equals < condition.len ? condition.at[equals - 1] : ' ';
    bool       is_not = sign == '!', begins = sign == '^';
    struct str path   = str_trim(str_sub(condition, 0, equals - (is_not || begins))), value;
    int64_t    n;
    if (equals == condition.len) {
        return str_int(condition, &n) && n == (int64_t)seen + 1;
    }
    path_quoted(str_trim(str_sub(condition, equals + 1, condition.len)), &value);
    return (value.len ? has_value(node, path, value, begins ? str_starts : str_eq) : !has_part(node, path)) != is_not;
}

// Whether there is a child of exactly this name: then it is not those that have it behind a prefix.
static bool has_plain(const struct feed_node *node, struct str name)
{
    for (const struct feed_node *n = node->first; n; n = n->next) {
        if (!n->prefix && str_eq(n->name, name)) {
            return true;
        }
    }
    return false;
}

static bool takes(const struct step *s, const struct feed_node *node, uint32_t seen[static CONDITIONS])
{
    if (s->count == 0 || !is_named(node, s->name)) {
        return is_named(node, s->whole);
    }
    for (size_t i = s->count; i-- > 0;) {
        if (!meets(node, s->conditions[i], seen[i]++)) {
            return is_named(node, s->whole);
        }
    }
    return true;
}

// --- walking ----------------------------------------------------------------------------------------

struct walk {
    const struct feed_node **nodes;
    size_t                   most, count;
    bool                     is_some;
};

static bool is_over(const struct walk *w)
{
    return w->is_some && w->count >= w->most;
}

static void found(struct walk *w, const struct feed_node *node)
{
    if (w->nodes && w->count < w->most) {
        w->nodes[w->count] = node;
    }
    w->count++;
}

static void down(struct walk *w, const struct feed_node *node, struct str path)
{
    struct str  text;
    uint32_t    seen[CONDITIONS] = { 0 };
    if (!path_cut(&path, "/", &text)) {
        found(w, node);
        return;
    }
    struct step step     = step_read(str_trim(text));
    bool        is_known = false, is_plain = false;
    for (const struct feed_node *n = node->first; n && !is_over(w); n = n->next) {
        if (n->prefix && str_eq(n->name, step.name)) {
            is_plain = is_known ? is_plain : has_plain(node, step.name);
            is_known = true;
            if (is_plain) {
                continue;
            }
        }
        if (takes(&step, n, seen)) {
            down(w, n, path);
        }
    }
}

const struct feed_node *path_turn(const struct feed_node *node, struct str *path)
{
    struct str rest, step;
    if (str_starts(*path, STR("/"))) {
        while (node->parent) {
            node = node->parent;
        }
        *path = str_sub(*path, 1, path->len);
    }
    for (rest = *path; node && path_cut(&rest, "/", &step); *path = rest) {
        step = str_trim(step);
        if (str_eq(step, STR(".."))) {
            node = node->parent;
        } else if (!str_eq(step, STR("."))) {
            break;
        }
    }
    return node;
}

bool path_is_up(struct str path)
{
    struct feed_node above = { 0 }, node = { .parent = &above };
    for (struct str one; path_cut(&path, "|", &one);) {
        one = str_trim(one);
        if (path_turn(&node, &one) != &node) {
            return true;
        }
    }
    return false;
}

// Up only at its beginning: so a path costs no more than what lies below where it turns.
static void walk(struct walk *w, const struct feed_node *node, struct str path)
{
    size_t before = w->count;
    node          = path.len ? path_turn(node, &path) : NULL;
    if (!node) {
        return;
    }
    down(w, node, path);
    if (w->count == before && str_index(path, '/') < path.len) { // the name of a column that has a slash
        for (const struct feed_node *n = node->first; n && !is_over(w); n = n->next) {
            if (!n->first && is_alike(n->name, path)) {
                found(w, n);
            }
        }
    }
}

static size_t find(const struct feed_node *node, struct str path, const struct feed_node **ret_nodes, size_t most, bool is_some)
{
    struct walk w = { ret_nodes, most, 0, is_some };
    for (struct str one; path_cut(&path, "|", &one) && !is_over(&w);) {
        walk(&w, node, str_trim(one));
    }
    return w.count;
}

size_t feed_find(const struct feed_node *node, struct str path, const struct feed_node **ret_nodes, size_t most)
{
    return find(node, path, ret_nodes, most, false);
}

size_t feed_find_some(const struct feed_node *node, struct str path, const struct feed_node **ret_nodes, size_t most)
{
    return find(node, path, ret_nodes, most, true);
}
