// A workbook in the XML of Excel 2002 and 2003 ("Feuille de calcul XML", SpreadsheetML), which many
// programs write under the name of an .xls, as a grid.
//
// A cell gives what a person sees, like those of XLSX (xlsx.h). Hidden rows are read and counted,
// comments left aside. One thread.
#pragma once

#include "import/grid.h"

bool excel_xml_is(struct str bytes);

// Reads a sheet (from 0), or the first visible one that holds something (-1), hidden where all of
// them are. NULL with p filled.
struct grid *excel_xml_open(struct str bytes, int sheet, struct import_problem *p);
