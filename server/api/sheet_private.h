// The inside of workbooks, shared by those that write one: opened, filled with libxlsxwriter,
// answered.
#pragma once

#include <xlsxwriter.h>

#include "http/req.h"

struct sheet_formats {
    lxw_format *head, *whole, *count, *percent, *decimal, *note;
};

// A workbook that grows in memory behind a descriptor.
struct sheet_book {
    lxw_workbook        *xlsx;
    int                  file;
    struct sheet_formats f;
};

// False when there is no memory for it; nothing is left to close then.
bool sheet_open(struct req *r, struct sheet_book *ret_book) MUST_USE;
// Closes it and answers with it under this file name.
enum err sheet_reply(struct req *r, const char *name, struct sheet_book *book) MUST_USE;
// What a sheet may bear as its name: 31 characters of UTF-8, and not these: []:*?/\.
const char *sheet_title(struct req *r, struct str title);
