// A file that was packed before it was sent: gzip, or a ZIP archive that holds one of its kind.
//
// What comes out is bounded like the parts of a workbook: ZIP_RATIO times what went in, and
// UNPACK_MOST bytes. One thread.
#pragma once

#include "import/zip.h"

enum { UNPACK_MOST = 256 * 1024 * 1024 };

bool unpack_is_gzip(struct str bytes);
// The unpacked bytes, in memory that the caller frees. NULL with p filled.
char *unpack_gzip(struct str bytes, size_t *ret_len, struct import_problem *p);

// How the names of tables end; of contours. The last one is NULL.
extern const char *const unpack_tables[], *const unpack_geojson[];

// The one entry of an archive whose name ends in one of these. NULL with p left alone when it holds
// none or several, NULL with p filled when it cannot be read.
char *unpack_zip(const struct zip *zip, const char *const endings[], size_t *ret_len,
                 struct import_problem *p);
