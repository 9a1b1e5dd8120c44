// Any bytes as a result of tours, and as its instance: the checker always comes to an end.
#include "check/tours.h"
#include "fuzz.h"

static const char instance[] =
    "{\"vehicles\":[{\"id\":1,\"start\":[3.1,46.2],\"end\":[3.1,46.2],\"time_window\":[0,30000],"
    "\"breaks\":[{\"id\":1,\"service\":60,\"time_windows\":[[900,9000]]}]}],\"jobs\":[{\"id\":1,"
    "\"location\":[3.2,46.3],\"service\":300},{\"id\":2,\"location\":[3.0,46.1],\"prize\":50}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str          text = { (const char *)data, size }, none = { 0 };
    struct check_report report = check_report_init();
    size_t              cut    = str_index(text, '\n');

    (void)check_is_tours(text);
    check_tours(str_of(instance), text, none, &report);
    check_tours(str_sub(text, 0, cut), str_sub(text, cut, size), text, &report);
    check_report_done(&report);
    return 0;
}
