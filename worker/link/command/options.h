// What maillage-link was asked to do.
#pragma once

#include "base/str.h"

struct options {
    const char *type;  // etablissement, contact or the path of a mapping file
    char      **files; // CSV files, plain or gzip
    size_t      file_count;
    const char *output; // groups; NULL = standard output
    const char *review; // NULL = not wanted
    const char *redirects;
    const char *previous; // groups of an earlier run
    const char *decisions;
    const char *explain[2]; // record ids; NULL = not wanted
    bool        quiet, help;
};

// Reads the command line; false when it is wrong, after having said why on standard error.
bool options_read(int argc, char **argv, struct options *ret);

// What --help tells.
void options_usage(FILE *out);
