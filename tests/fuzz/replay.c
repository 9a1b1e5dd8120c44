// Runs a fuzz target over every file of the directories given.
#include <dirent.h>
#include <stdio.h>

#include "base/buf.h"
#include "fuzz.h"

static int replay(const char *path)
{
    struct buf data = buf_init(MIB(16));
    char       piece[4096];
    FILE      *file = fopen(path, "rb");
    if (!file) {
        return 0;
    }
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;) {
        buf_add(&data, (struct str){ piece, n });
    }
    fclose(file);
    // An exact copy on the heap, so that a sanitizer sees one byte too far.
    uint8_t *exact = memory_new(data.len);
    if (data.len) {
        memcpy(exact, data.at, data.len);
    }
    LLVMFuzzerTestOneInput(exact, data.len);
    free(exact);
    buf_done(&data);
    return 1;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *directory = opendir(argv[i]);
        for (struct dirent *e; directory && (e = readdir(directory));) {
            char path[1024];
            snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            count += e->d_name[0] != '.' && replay(path);
        }
        if (directory) {
            closedir(directory);
        }
    }
    printf("1..1\nok 1 - %d inputs\n", count);
    return 0;
}
