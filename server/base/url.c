#include "base/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>

enum { HOST_MOST = 253 };

static struct str private_hosts;

void url_init(struct str hosts)
{
    private_hosts = hosts;
}

bool url_is_listed(struct str host)
{
    struct str rest = private_hosts;
    for (struct str name; str_cut(&rest, ',', &name);) {
        if (host.len && str_eq_case(str_trim(name), host)) {
            return true;
        }
    }
    return false;
}

// --- addresses ------------------------------------------------------------------------------------

// Blocks of IPv4 that are not the public Internet.
static const struct {
    uint32_t first;
    int      bits;
} reserved[] = {
    { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },  { 0xa9fe0000, 16 },
    { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 }, { 0xc0586300, 24 }, { 0xc0a80000, 16 },
    { 0xc6120000, 15 }, { 0xc6336400, 24 }, { 0xcb007100, 24 }, { 0xe0000000, 3 },
};

static bool is_public_v4(uint32_t address)
{
    for (size_t i = 0; i < LENGTH(reserved); i++) {
        if ((address ^ reserved[i].first) >> (32 - reserved[i].bits) == 0) {
            return false;
        }
    }
    return true;
}

static uint32_t number_of(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool is_public_v6(const uint8_t *b)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    if (memcmp(b, mapped, sizeof mapped) == 0) {
        return is_public_v4(number_of(b + 12));
    }
    if (b[0] >> 5 != 1) {
        return false; // only 2000::/3 is given out
    }
    uint32_t head = number_of(b);
    if (head >> 16 == 0x2002) {
        return is_public_v4(number_of(b + 2)); // 6to4 carries an address of IPv4
    }
    // 2001::/23 for protocols (Teredo among them), 2001:db8::/32 and 3fff::/20 for documentation.
    return head >> 9 != 0x20010000 >> 9 && head != 0x20010db8 && head >> 12 != 0x3fff0000 >> 12;
}

bool url_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return is_public_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return is_public_v6(v6.sin6_addr.s6_addr);
    }
    return false;
}

// --- the text ---------------------------------------------------------------------------------------

// What stands between :// and the path.
static struct str authority_of(struct str url)
{
    size_t     start = str_find(url, STR("://"));
    struct str rest  = start < url.len ? str_sub(url, start + 3, url.len) : (struct str){ 0 };
    size_t     end   = 0;
    while (end < rest.len && !strchr("/?#", rest.at[end])) {
        end++;
    }
    return str_sub(rest, 0, end);
}

struct str url_host(struct str url)
{
    struct str host = authority_of(url);
    size_t     at   = str_index(host, '@');
    host            = at < host.len ? str_sub(host, at + 1, host.len) : host;
    if (str_starts(host, STR("["))) {
        size_t close = str_index(host, ']');
        return close < host.len ? str_sub(host, 1, close - 1) : (struct str){ 0 };
    }
    host = str_sub(host, 0, str_index(host, ':'));
    return host.len ? host : (struct str){ 0 };
}

// An address written as digits must be public; names are looked up when they are called.
static bool is_private_literal(struct str host)
{
    char                text[INET6_ADDRSTRLEN];
    struct sockaddr_in  v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    if (host.len >= sizeof text) {
        return false;
    }
    memcpy(text, host.at, host.len);
    text[host.len] = '\0';
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        return !url_is_public((const struct sockaddr *)&v4);
    }
    return inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 && !url_is_public((const struct sockaddr *)&v6);
}

static bool has_odd_character(struct str url)
{
    for (size_t i = 0; i < url.len; i++) {
        if ((unsigned char)url.at[i] <= ' ' || url.at[i] == 0x7f || url.at[i] == '\\') {
            return true;
        }
    }
    return false;
}

const char *url_fault(struct str url)
{
    struct str host      = url_host(url);
    bool       is_https  = str_starts(url, STR("https://"));
    bool       is_listed = url_is_listed(host);
    if (!is_https && !str_starts(url, STR("http://"))) {
        return "L’adresse commence par https://.";
    }
    if (str_is_absent(host) || host.len > HOST_MOST || has_odd_character(url)) {
        return "Cette adresse est mal écrite.";
    }
    if (str_index(authority_of(url), '@') < authority_of(url).len) {
        return "L’adresse ne porte ni nom ni mot de passe.";
    }
    if (!is_https && !is_listed) {
        return "L’adresse commence par https://.";
    }
    bool is_local = str_eq_case(host, STR("localhost")) || str_ends(host, STR(".localhost")) ||
                    str_ends(host, STR(".local")) || str_ends(host, STR(".internal"));
    if (!is_listed && (is_local || is_private_literal(host))) {
        return "Cette adresse mène à un réseau privé\u202f; seul l’administrateur de Maillage peut l’autoriser.";
    }
    return NULL;
}
