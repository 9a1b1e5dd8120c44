// Linkage of the rows of partners' files that no SIRET placed.
#pragma once

#include "jobs.h"

// linkage.records: compares the waiting rows of one file with the establishments of its
// organisation's territory. What is certain is linked, what is doubtful goes to the review desk,
// what the list does not know comes into it; each with its evidence.
enum err linkage_records_run(struct job *job) MUST_USE;
// linkage.pairs: compares the establishments of a territory with each other.
enum err linkage_pairs_run(struct job *job) MUST_USE;
// linkage.night: asks for that where something was tied or came since the last time.
enum err linkage_night_run(struct job *job) MUST_USE;
// linkage.keys, every second: gives keys to what changed, as much as a second or two allow.
enum err linkage_keys_run(struct job *job) MUST_USE;
