// The compound files of Office before 2007 (Microsoft, [MS-CFB]): a file system in a file, whose
// streams have names. Only the streams of its root are looked at.
//
// Whatever the bytes say, a chain of sectors is followed as many steps as there are sectors. The
// bytes must live as long as the file. One thread.
#pragma once

#include "import/problem.h"

struct ole;

// True when the bytes begin as such a file does.
bool ole_is(struct str bytes);

// Opens the file. NULL with p filled.
struct ole *ole_open(struct str bytes, struct import_problem *p);
void        ole_free(struct ole *o); // NULL is accepted

// True when the root has a stream of this name, which is ASCII; case counts.
bool ole_has(const struct ole *o, struct str name);

// A stream whole, in memory that the caller frees. NULL with p filled.
char *ole_stream(const struct ole *o, struct str name, size_t *ret_len, struct import_problem *p);
