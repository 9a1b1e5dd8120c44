#include "http/route.h"
#include "tap.h"

static enum err nothing(struct req *r)
{
    (void)r;
    return OK;
}

static void test_paths(void)
{
    struct path_match m;
    CHECK(path_matches("/api/a", STR("/api/a"), &m) && m.count == 0);
    CHECK(!path_matches("/api/a", STR("/api/a/"), &m) && !path_matches("/api/a", STR("/api"), &m));
    CHECK(path_matches("/api/a/{id}", STR("/api/a/42"), &m) && m.id[0] == 42);
    CHECK(!path_matches("/api/a/{id}", STR("/api/a/0"), &m));
    CHECK(!path_matches("/api/a/{id}", STR("/api/a/042"), &m));
    CHECK(!path_matches("/api/a/{id}", STR("/api/a/-1"), &m));
    CHECK(!path_matches("/api/a/{id}", STR("/api/a/+1"), &m));
    CHECK(!path_matches("/api/a/{id}", STR("/api/a/x"), &m));
    CHECK(!path_matches("/api/a/{id}", STR("/api/a/"), &m));
    CHECK(!path_matches("/api/a/{id}", STR("/api/a/99999999999999999999"), &m));
    CHECK(path_matches("/{siret}/b/{other_id}", STR("/0123/b/7"), &m));
    CHECK(m.count == 2 && str_eq(m.text[0], STR("0123")) && m.id[1] == 7);
    CHECK(!path_matches("/a/{name}", STR("/a/b/c"), &m));
}

static void test_find(void)
{
    static const struct route list[] = {
        { GET, "/a", nothing, .role = PUBLIC },
        { GET, "/a/counts", nothing, .role = PUBLIC },
        { GET, "/a/{id}", nothing, .role = PUBLIC },
        { PATCH, "/a/{id}", nothing, .role = ADVISER },
    };
    struct path_match m;
    unsigned          methods;
    CHECK(route_find(list, 4, PATCH, STR("/a/3"), &m, &methods) == &list[3] && m.id[0] == 3);
    CHECK(methods == (1u << GET | 1u << PATCH));
    CHECK(route_find(list, 4, GET, STR("/a/counts"), &m, &methods) == &list[1]);
    CHECK(!route_find(list, 4, DELETE, STR("/a"), &m, &methods) && methods == 1u << GET);
    CHECK(!route_find(list, 4, GET, STR("/b"), &m, &methods) && methods == 0);
}

static void test_methods(void)
{
    enum method m;
    CHECK(method_of(STR("DELETE"), &m) && m == DELETE);
    CHECK(!method_of(STR("TRACE"), &m) && !method_of(STR("get"), &m) && !method_of(STR(""), &m));
}

int main(void)
{
    RUN(test_paths);
    RUN(test_find);
    RUN(test_methods);
    return tap_done();
}
