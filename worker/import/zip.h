// A ZIP archive in memory: its entries found by name and inflated as streams, under limits.
//
// Understood: stored and deflated entries, ZIP64 sizes, data descriptors. Refused: encryption,
// several disks, other methods, entries outside of the archive. What comes out is counted: an entry
// may not give more than the archive's limit nor, beyond the first megabytes, more than
// ZIP_RATIO times its stored size (a decompression bomb). Checksums are verified at the end of an
// entry. The bytes must live as long as the archive. One thread. Source: PKWARE APPNOTE 6.3.10.
#pragma once

#include "import/problem.h"

#include <stdbool.h>
#include <sys/types.h>

enum { ZIP_RATIO = 300 };

struct zip;
struct zip_entry; // an entry being read

// Opens the archive; most: bytes that one entry may give. NULL with p filled.
struct zip *zip_open(struct str bytes, uint64_t most, struct import_problem *p);
void        zip_free(struct zip *zip); // NULL is accepted

// Its entries, in the order of its table of contents; names as they are written there.
size_t     zip_count(const struct zip *zip);
struct str zip_name(const struct zip *zip, size_t index);

// True when there is an entry of that name (ASCII case aside).
bool zip_has(const struct zip *zip, struct str name);

// Begins to read an entry; NULL with p filled when it is missing or cannot be read.
struct zip_entry *zip_entry_open(const struct zip *zip, struct str name, struct import_problem *p);
void              zip_entry_free(struct zip_entry *e); // NULL is accepted

// The next bytes: how many, 0 at the end, -1 with p filled.
ssize_t zip_read(struct zip_entry *e, char *into, size_t most, struct import_problem *p);

// Bytes given until now, and how many there will be by the archive's own account.
uint64_t zip_given(const struct zip_entry *e);
uint64_t zip_size(const struct zip_entry *e);
