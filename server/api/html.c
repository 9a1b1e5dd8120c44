#include "api/html.h"

// What stands for a byte in the text of a page; NULL when it stands for itself.
static const char *stands_for(char c, const char *line_break)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\n':
        return line_break;
    default:
        return (unsigned char)c >= ' ' || c == '\t' ? NULL : "";
    }
}

// What stands for itself is copied whole, from one byte that does not to the next: pages are mostly words.
static void add_text(struct buf *b, struct str text, const char *line_break)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *other = stands_for(text.at[i], line_break);
        if (other) {
            buf_add(b, str_sub(text, from, i - from));
            buf_add(b, str_of(other));
            from = i + 1;
        }
    }
    buf_add(b, str_sub(text, from, text.len));
}

void html_text(struct buf *b, struct str text)
{
    add_text(b, text, "\n");
}

void html_lines(struct buf *b, struct str text)
{
    add_text(b, text, "<br>\n");
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
