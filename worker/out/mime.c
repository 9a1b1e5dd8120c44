#include "out/mime.h"

#include <sodium.h>
#include <time.h>

enum {
    LINE       = 76,
    WORD_BYTES = 39
}; // 39 bytes are 52 of base64: "Subject: " and a word of 64 characters

static const char hex[] = "0123456789ABCDEF";

struct str mime_address(struct str from)
{
    size_t open = str_index(from, '<'), close = str_index(from, '>');
    return str_trim(open < close && close < from.len ? str_sub(from, open + 1, close - open - 1)
                                                     : from);
}

// --- headers
// ----------------------------------------------------------------------------------------

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < ' ' || text.at[i] > '~') {
            return false;
        }
    }
    return true;
}

static void add_base64(struct buf *out, struct str word)
{
    char text[sodium_base64_ENCODED_LEN(WORD_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(text, sizeof text, (const unsigned char *)word.at, word.len,
                      sodium_base64_VARIANT_ORIGINAL);
    buf_add(out, str_of(text));
}

// As it stands when it is plain and short, else as encoded words, none of which cuts a character.
static void add_words(struct buf *out, struct str text)
{
    if (is_plain(text) && text.len <= LINE - 12 && str_find(text, STR("=?")) == text.len) {
        buf_add(out, text);
        return;
    }
    for (size_t at = 0; at < text.len;) {
        size_t end = at + WORD_BYTES < text.len ? at + WORD_BYTES : text.len;
        while (end < text.len && end > at + 1 && ((unsigned char)text.at[end] & 0xc0) == 0x80) {
            end--;
        }
        char   piece[WORD_BYTES];
        size_t n = end - at;
        for (size_t i = 0; i < n; i++) {
            char c   = text.at[at + i];
            piece[i] = (unsigned char)c < ' ' || c == 127 ? ' ' : c;
        }
        buf_add(out, at ? STR("\r\n =?UTF-8?B?") : STR("=?UTF-8?B?"));
        add_base64(out, (struct str){ piece, n });
        buf_add(out, STR("?="));
        at = end;
    }
}

// An address, or a name for Message-ID: nothing but what such a thing is made of.
static void add_address(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c > ' ' && c <= '~' && c != '<' && c != '>') {
            buf_add_char(out, c);
        }
    }
}

static void add_from(struct buf *out, struct str from)
{
    struct str name = str_trim(str_sub(from, 0, str_index(from, '<')));
    buf_add(out, STR("From: "));
    if (name.len && name.len < from.len) {
        add_words(out, name);
        buf_add(out, STR("\r\n "));
    }
    buf_add_char(out, '<');
    add_address(out, mime_address(from));
    buf_add(out, STR(">\r\n"));
}

static void add_date(struct buf *out, int64_t at)
{
    static const char *const days[]   = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct tm                t        = { 0 };
    time_t                   when     = (time_t)at;
    gmtime_r(&when, &t);
    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[t.tm_wday], t.tm_mday,
               months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

// --- text
// -------------------------------------------------------------------------------------------

// Quoted-printable: a line is cut before it has more than 76 characters, a blank at its end is
// written as a number.
static void add_text(struct buf *out, struct str text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c       = (unsigned char)text.at[i];
        bool          is_last = i + 1 == text.len || text.at[i + 1] == '\n';
        if (c == '\r') {
            continue;
        }
        if (c == '\n') {
            buf_add(out, STR("\r\n"));
            width = 0;
            continue;
        }
        bool   is_itself = c == '\t' || c == ' ' ? !is_last : c > ' ' && c <= '~' && c != '=';
        size_t needs     = is_itself ? 1 : 3;
        if (width + needs > LINE - 1) {
            buf_add(out, STR("=\r\n"));
            width = 0;
        }
        if (is_itself) {
            buf_add_char(out, (char)c);
        } else {
            buf_add(out, (struct str){ (char[]){ '=', hex[c >> 4], hex[c & 15] }, 3 });
        }
        width += needs;
    }
    buf_add(out, width ? STR("\r\n") : STR(""));
}

void mime_write(const struct mime_mail *mail, struct buf *out)
{
    struct str sender = mime_address(mail->from),
               host   = str_sub(sender, str_index(sender, '@') + 1, sender.len);
    add_date(out, mail->at);
    add_from(out, mail->from);
    buf_add(out, STR("To: <"));
    add_address(out, mail->to);
    buf_add(out, STR(">\r\nSubject: "));
    add_words(out, mail->subject);
    buf_add(out, STR("\r\nMessage-ID: <"));
    add_address(out, mail->id);
    buf_add_char(out, '@');
    add_address(out, host.len ? host : STR("localhost"));
    buf_add(out, STR(">\r\n"));
    if (mail->stop.len) {
        buf_add(out, STR("List-Unsubscribe:\r\n <"));
        add_address(out, mail->stop);
        buf_add(out, STR(">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    }
    buf_add(
        out,
        STR("Auto-Submitted: auto-generated\r\nContent-Language: fr\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"));
    add_text(out, mail->text);
}
