// Any workbook in the XML of Excel 2003: it is refused, or a text that the CSV reader reads with the
// rows and cells that it says. The first byte chooses the sheet.
#include "grids.h"

#include "import/excel_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct import_problem p     = { 0 };
    struct str            bytes = { size ? (const char *)data + 1 : "", size ? size - 1 : 0 };

    (void)excel_xml_is(bytes);
    fuzz_end_grid(excel_xml_open(bytes, size ? data[0] % 4 - 1 : -1, &p), &p);
    return 0;
}
