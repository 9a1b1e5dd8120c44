// The table of routes itself: sorted, guarded, and the same as server/api/openapi.json.
#include <jansson.h>

#include "http/metrics.h"
#include "http/route.h"
#include "tap.h"

static void test_sorted_without_duplicate(void)
{
    for (size_t i = 1; i < routes_count; i++) {
        int  order     = strcmp(routes[i - 1].path, routes[i].path);
        bool is_sorted = order < 0 || (order == 0 && routes[i - 1].method < routes[i].method);
        if (!is_sorted) {
            printf("# out of order: %s\n", routes[i].path);
        }
        CHECK(is_sorted);
    }
    CHECK(routes_count <= METRICS_ROUTES);
}

static void test_guarded(void)
{
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *r        = &routes[i];
        bool                is_write = r->method != GET;
        bool                is_login = r->method == POST && strcmp(r->path, "/api/session") == 0;
        // Whoever has an employer's link is who it was given to: the token in the address is the
        // right. So with the link in a letter, which ends these letters and does nothing else.
        bool is_link = strcmp(r->path, "/employeur/{link}") == 0 || strcmp(r->path, "/courriel/{link}") == 0;
        CHECK(r->handle && r->role != 0);
        CHECK(r->role == PUBLIC || (r->role & ~ANYONE) == 0);
        CHECK(!is_write || is_login || is_link || r->role != PUBLIC);
        CHECK(is_write || r->body == 0); // a GET has no body
        CHECK(r->lane != INLINE || r->role == PUBLIC);
        CHECK(r->upload || r->body <= MIB(1));
    }
}

static json_t *load_openapi(void)
{
    json_error_t why;
    json_t      *root =
        json_load_file(SOURCE_DIR "/server/api/openapi.json", JSON_REJECT_DUPLICATES, &why);
    if (!root) {
        printf("# openapi.json:%d: %s\n", why.line, why.text);
    }
    return root;
}

static void test_every_route_is_described(void)
{
    json_t *root  = load_openapi();
    json_t *paths = json_object_get(root, "paths");
    for (size_t i = 0; i < routes_count; i++) {
        char       method[8] = { 0 };
        struct str name      = method_name(routes[i].method);
        for (size_t k = 0; k < name.len; k++) {
            method[k] = (char)(name.at[k] + 32);
        }
        json_t *path = json_object_get(paths, routes[i].path);
        if (!json_object_get(path, method)) {
            printf("# openapi.json lacks %s %s\n", method, routes[i].path);
        }
        CHECK(json_object_get(path, method));
    }
    json_decref(root);
}

// What a key needs is said in both places alike; only writers' rights open what writes.
static void test_scopes(void)
{
    static const struct {
        const char *name;
        int         scope;
    } scopes[] = {
        { "any", SCOPE_ANY },
        { "offers:read", SCOPE_OFFERS_READ },
        { "offers:write", SCOPE_OFFERS_WRITE },
        { "needs:read", SCOPE_NEEDS_READ },
        { "needs:write", SCOPE_NEEDS_WRITE },
        { "visits:read", SCOPE_VISITS_READ },
        { "visits:write", SCOPE_VISITS_WRITE },
        { "employers:read", SCOPE_EMPLOYERS_READ },
        { "referrals:read", SCOPE_REFERRALS_READ },
        { "referrals:write", SCOPE_REFERRALS_WRITE },
    };
    json_t *root  = load_openapi();
    json_t *paths = json_object_get(root, "paths");
    for (size_t i = 0; i < routes_count; i++) {
        char       method[8] = { 0 };
        struct str name      = method_name(routes[i].method);
        int        wanted    = 0;
        for (size_t k = 0; k < name.len; k++) {
            method[k] = (char)(name.at[k] + 32);
        }
        json_t     *operation = json_object_get(json_object_get(paths, routes[i].path), method);
        const char *said      = json_string_value(json_object_get(operation, "x-scope"));
        for (size_t k = 0; said && k < LENGTH(scopes); k++) {
            wanted = strcmp(said, scopes[k].name) == 0 ? scopes[k].scope : wanted;
        }
        if (wanted != routes[i].scope) {
            printf("# scope of %s %s differs\n", method, routes[i].path);
        }
        CHECK(wanted == routes[i].scope && !(said && !wanted));
        CHECK(!wanted ||
              (routes[i].role != PUBLIC && (routes[i].role & ADVISER) && routes[i].lane == LIGHT));
        bool is_writing = wanted & (SCOPE_OFFERS_WRITE | SCOPE_NEEDS_WRITE | SCOPE_VISITS_WRITE |
                                    SCOPE_REFERRALS_WRITE);
        CHECK(!wanted || (routes[i].method != GET) == is_writing);
    }
    json_decref(root);
}

static void test_every_description_is_a_route(void)
{
    json_t     *root = load_openapi();
    const char *path, *method;
    json_t     *operations, *operation;
    json_object_foreach(json_object_get(root, "paths"), path, operations)
    {
        json_object_foreach(operations, method, operation)
        {
            if (!json_is_object(operation)) {
                continue; // parameters shared by the operations
            }
            bool is_found = false;
            for (size_t i = 0; i < routes_count; i++) {
                is_found = is_found || (strcmp(routes[i].path, path) == 0 &&
                                        str_eq_case(method_name(routes[i].method), str_of(method)));
            }
            if (!is_found) {
                printf("# no route for %s %s\n", method, path);
            }
            CHECK(is_found);
        }
    }
    json_decref(root);
}

int main(void)
{
    RUN(test_sorted_without_duplicate);
    RUN(test_guarded);
    RUN(test_every_route_is_described);
    RUN(test_scopes);
    RUN(test_every_description_is_a_route);
    return tap_done();
}
