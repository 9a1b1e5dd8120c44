#include "import/copyline.h"

void copy_begin(struct buf *b)
{
    if (b->len && b->at[b->len - 1] != '\n') {
        buf_add_char(b, '\t');
    }
}

void copy_piece(struct buf *b, struct str text)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        const char *escape = NULL;
        switch (text.at[i]) {
        case '\\':
            escape = "\\\\";
            break;
        case '\t':
            escape = "\\t";
            break;
        case '\n':
            escape = "\\n";
            break;
        case '\r':
            escape = "\\r";
            break;
        default:
            continue;
        }
        buf_add(b, (struct str){ text.at + from, i - from });
        buf_add(b, (struct str){ escape, 2 });
        from = i + 1;
    }
    buf_add(b, (struct str){ text.at + from, text.len - from });
}

void copy_null(struct buf *b)
{
    copy_begin(b);
    buf_add(b, STR("\\N"));
}

void copy_text(struct buf *b, struct str text)
{
    if (!text.len) {
        copy_null(b);
        return;
    }
    copy_begin(b);
    copy_piece(b, text);
}

void copy_int(struct buf *b, int64_t value)
{
    copy_begin(b);
    buf_add_int(b, value);
}

void copy_bool(struct buf *b, int value)
{
    if (value < 0) {
        copy_null(b);
        return;
    }
    copy_begin(b);
    buf_add_char(b, value ? 't' : 'f');
}

static void add_hex_double(struct buf *b, double value)
{
    char          text[16];
    unsigned char bytes[sizeof value];

    memcpy(bytes, &value, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        text[2 * i] = "0123456789ABCDEF"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789ABCDEF"[bytes[i] & 15];
    }
    buf_add(b, (struct str){ text, sizeof text });
}

void copy_point(struct buf *b, double lon, double lat)
{
    // Byte order of the machine, point with SRID, 4326.
    static const uint16_t probe = 1;
    bool                  is_little = *(const unsigned char *)&probe == 1;

    copy_begin(b);
    buf_add(b, is_little ? STR("0101000020E6100000") : STR("0020000001000010E6"));
    add_hex_double(b, lon);
    add_hex_double(b, lat);
}

void copy_end(struct buf *b)
{
    buf_add_char(b, '\n');
}
