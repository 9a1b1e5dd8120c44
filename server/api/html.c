#include "api/html.h"

static void add_char(struct buf *b, char c, const char *line_break)
{
    switch (c) {
    case '&':
        html_add(b, "&amp;");
        break;
    case '<':
        html_add(b, "&lt;");
        break;
    case '>':
        html_add(b, "&gt;");
        break;
    case '"':
        html_add(b, "&quot;");
        break;
    case '\'':
        html_add(b, "&#39;");
        break;
    case '\n':
        buf_add(b, str_of(line_break));
        break;
    default:
        if ((unsigned char)c >= ' ' || c == '\t') {
            buf_add_char(b, c);
        }
    }
}

void html_text(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        add_char(b, text.at[i], "\n");
    }
}

void html_lines(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        add_char(b, text.at[i], "<br>\n");
    }
}

void html_query(struct buf *b, struct str value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        bool is_plain   = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain) {
            buf_add_char(b, (char)c);
        } else {
            buf_add_char(b, '%');
            buf_add_char(b, digits[c >> 4]);
            buf_add_char(b, digits[c & 15]);
        }
    }
}
