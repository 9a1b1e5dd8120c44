// Addresses that this program calls: where an organisation has things sent, where a feed is fetched.
//
// What people type must not lead into the house: only https to public addresses, on any port, without name and password. Hosts
// that the administrator lists (--private-hosts, comma separated names or addresses as they stand in URLs) may be private and
// plain http. The text is checked when it is typed; the address that a name leads to is checked when it is called, at the
// moment of the connection, so that a name which changes in between gains nothing. url_init comes before any thread;
// afterwards pure and thread-safe.
#pragma once

#include <sys/socket.h>

#include "base/str.h"

void url_init(struct str private_hosts);

// What is wrong with a URL, as a French sentence; NULL when it may be called.
const char *url_fault(struct str url);

// The host of a URL, without brackets around an IPv6 address; absent when there is none.
struct str url_host(struct str url);

// True when the administrator lists this host.
bool url_is_listed(struct str host);

// True for an address of the public Internet: not ours, not private, not reserved, not multicast. Sources: the special-purpose
// registries of IANA (RFC 6890 and what updates it).
bool url_is_public(const struct sockaddr *address);
