// A table that was packed before it was sent: gzip, or a ZIP archive that holds one table.
//
// What comes out is bounded like the parts of a workbook: ZIP_RATIO times what went in, and
// UNPACK_MOST bytes. One thread.
#pragma once

#include "import/zip.h"

enum { UNPACK_MOST = 256 * 1024 * 1024 };

bool unpack_is_gzip(struct str bytes);
// The unpacked bytes, in memory that the caller frees. NULL with p filled.
char *unpack_gzip(struct str bytes, size_t *ret_len, struct import_problem *p);

// The one table of an archive that is no workbook. NULL with p left alone when it holds none or
// several, NULL with p filled when it cannot be read.
char *unpack_zip(const struct zip *zip, size_t *ret_len, struct import_problem *p);
