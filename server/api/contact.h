// Contacts of an establishment, and oppositions.
#pragma once

#include "http/req.h"

// POST /api/establishments/{id}/contacts: adds a contact, confirmed today; 409 contact_opposed when
// the person is in the register of oppositions.
enum err contact_post(struct req *r);
// PATCH /api/contacts/{id}: changes what is given; If-Match required.
enum err contact_patch(struct req *r);
// POST /api/contacts/{id}/oppositions: the person refuses; binds every partner at once.
enum err contact_oppose(struct req *r);
// POST /api/establishments/{id}/oppositions: the employer refuses; binds every partner at once.
enum err opposition_post(struct req *r);
// POST /api/oppositions/{id}/lift: by the organisation that recorded it, with a reason.
enum err opposition_lift(struct req *r);
