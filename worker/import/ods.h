// A spreadsheet of LibreOffice or OpenOffice (OpenDocument 1.3, .ods, and .fods in one piece) as a
// grid.
//
// A cell gives what a person sees, numbers and dates apart: whole numbers in full (a SIRET shown as
// 4,18E+13 has all its digits here), dates as AAAA-MM-JJ. Repeated rows and cells are written out,
// comments and drawings left aside. Hidden rows are read and counted. One thread.
#pragma once

#include "import/grid.h"
#include "import/zip.h"

// True when the archive says that it is such a spreadsheet.
bool ods_is(const struct zip *zip);

// Reads a sheet (from 0), or the first visible one that holds something (-1), hidden where all
// of them are. NULL with p filled.
struct grid *ods_open(const struct zip *zip, int sheet, struct import_problem *p);

// The same of one in one piece (.fods), or of the XML of its content.
bool         ods_is_flat(struct str bytes);
struct grid *ods_read(struct str xml, int sheet, struct import_problem *p);
