#include "out/call.h"

#include "base/url.h"
#include "out/post.h"

enum { CONNECT_MS = 5000 };

void out_init(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT)) {
        DIE("libcurl does not start");
    }
}

void out_done(void)
{
    curl_global_cleanup();
}

// libcurl asks for a socket when it knows the address: the moment to look at it.
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct out_guard *guard = context;
    (void)purpose;
    if (!guard->is_listed && !url_is_public(&address->addr)) {
        guard->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void out_set_up(CURL *c, const char *url, const char *protocols, long timeout_ms, struct out_guard *guard, char *why)
{
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "Maillage/1.0");
    if (guard) {
        curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, guard);
    }
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
}

struct str out_failure(struct arena *a, const struct out_guard *guard, CURLcode code, const char *why, int seconds)
{
    if (guard && guard->is_refused) {
        return STR("Adresse refusée\u202f: elle mène à un réseau privé.");
    }
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return arena_printf(a, "Pas de réponse dans le délai de %d secondes.", seconds);
    case CURLE_COULDNT_RESOLVE_HOST:
        return STR("Le nom du serveur est introuvable.");
    case CURLE_COULDNT_CONNECT:
        return STR("Le serveur refuse la connexion.");
    case CURLE_PEER_FAILED_VERIFICATION:
        return STR("Le certificat du serveur n’est pas valide.");
    default:
        return arena_str(a, str_of(*why ? why : curl_easy_strerror(code)));
    }
}
