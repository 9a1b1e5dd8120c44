// Personal data: the register of oppositions, and what a person may ask for (access, erasure).
//
// Managers and administrators answer for personal data; every partner reads the register.
#pragma once

#include "http/req.h"

// GET /api/oppositions?all=&subject=&after=: the register, newest first.
enum err opposition_list(struct req *r);
// GET /api/people?q=: contacts with exactly this phone number, e-mail address or name.
enum err person_list(struct req *r);
// GET /api/people/ending?days=&after=: contacts that the purge erases within so many days.
enum err person_ending(struct req *r);
// POST /api/contacts/{id}/erase: forgets a person; visits and counts stay.
enum err person_erase(struct req *r);
// POST /api/contacts/{id}/export and export.csv: what is known of the person, with a trace.
enum err person_export(struct req *r);
enum err person_export_csv(struct req *r);
