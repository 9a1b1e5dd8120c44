// Where we may call, and how we sign: addresses in and out of the public Internet, the vector of Standard Webhooks.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>

#include "base/url.h"
#include "out/get.h"
#include "out/sign.h"
#include "tap.h"

static bool is_public(const char *text)
{
    struct sockaddr_in  v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        return url_is_public((const struct sockaddr *)&v4);
    }
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) != 1) {
        DIE("not an address");
    }
    return url_is_public((const struct sockaddr *)&v6);
}

static void test_addresses(void)
{
    static const char *const public[]  = { "8.8.8.8", "1.0.0.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "198.17.255.255",
                                           "223.255.255.255", "11.0.0.0", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "2002:808:808::1" };
    static const char *const private[] = {
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "fe80::1",
        "fc00::1", "fd12:3456::1", "ff02::1", "64:ff9b::a00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::", "3fff::1", "5f00::1",
    };
    for (size_t i = 0; i < LENGTH(public); i++) {
        CHECK(is_public(public[i]));
    }
    for (size_t i = 0; i < LENGTH(private); i++) {
        if (is_public(private[i])) {
            printf("# public: %s\n", private[i]);
        }
        CHECK(!is_public(private[i]));
    }
}

static void test_urls(void)
{
    static const char *const fine[]  = { "https://exemple.fr", "https://exemple.fr:8443/a?b=c", "https://8.8.8.8/x", "https://[2606:4700::1]/x",
                                         "http://essai:8080/x", "https://essai/x", "http://ESSAI/x" };
    static const char *const wrong[] = {
        "", "exemple.fr", "ftp://exemple.fr", "file:///etc/passwd", "http://exemple.fr/", "https://", "https:///x", "https://127.0.0.1/", "https://[::1]/",
        "https://10.1.2.3:9000/", "https://localhost/", "https://db.localhost/", "https://metadata.google.internal/", "https://nom:mot@exemple.fr/",
        "https://essai@10.0.0.1/", "https://exemple.fr/a b", "https://exemple.fr\\@10.0.0.1/", "https://exemple.fr/\n", "http://essai@exemple.fr/",
    };
    url_init(STR("autre, essai"));
    for (size_t i = 0; i < LENGTH(fine); i++) {
        CHECK(!url_fault(str_of(fine[i])));
    }
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        if (!url_fault(str_of(wrong[i]))) {
            printf("# accepted: %s\n", wrong[i]);
        }
        CHECK(url_fault(str_of(wrong[i])) != NULL);
    }
    CHECK_STR(url_host(STR("https://nom@exemple.fr:1/x")), "exemple.fr");
    CHECK_STR(url_host(STR("https://[::1]:80/x")), "::1");
    CHECK(str_is_absent(url_host(STR("https://[::1"))));
    url_init((struct str){ 0 });
    CHECK(url_fault(STR("http://essai:8080/x")) != NULL);
    CHECK(!url_is_listed(STR("")));
}

// The example of the specification.
// The page that follows is on the same host, by the same protocol.
static void test_beside(void)
{
    static const struct {
        const char *from, *link, *wanted;
    } cases[] = {
        { "https://a.fr/o?p=1", "?p=2", "https://a.fr/o?p=2" },
        { "https://a.fr/v1/o?p=1", "/v2/o", "https://a.fr/v2/o" },
        { "https://a.fr/v1/o", "suite.json#x", "https://a.fr/v1/suite.json" },
        { "https://a.fr/o", "https://A.fr:443/o?p=2", "https://A.fr:443/o?p=2" },
        { "https://a.fr/o", "https://b.fr/o?p=2", "" },
        { "https://a.fr/o", "//b.fr/o?p=2", "" },
        { "https://a.fr/o", "http://a.fr/o?p=2", "" },
        { "https://a.fr/o", "https://a.fr:8443/o?p=2", "" },
        { "https://a.fr/o", "file:///etc/passwd", "" },
        { "https://a.fr/o", "https://a.fr@b.fr/", "" },
        { "nowhere", "?p=2", "" },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct str got = out_beside(a, str_of(cases[i].from), str_of(cases[i].link));
        CHECK_STR(got.at ? got : STR(""), cases[i].wanted);
    }
    arena_free(a);
}

static void test_signature(void)
{
    struct arena *a      = arena_new();
    struct str    secret = STR("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    CHECK(sodium_init() >= 0);
    CHECK_STR(sign_v1(a, secret, STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330, STR("{\"test\": 2432232314}")),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    CHECK(str_is_absent(sign_v1(a, STR("not base64!"), STR("m"), 1, STR("{}"))));
    CHECK(str_is_absent(sign_v1(a, (struct str){ 0 }, STR("m"), 1, STR("{}"))));
    arena_free(a);
}

int main(void)
{
    RUN(test_addresses);
    RUN(test_urls);
    RUN(test_beside);
    RUN(test_signature);
    return tap_done();
}
